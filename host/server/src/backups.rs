//! Backups of this installation: what the commands do, and the daily backup that workers make.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use afpi_backup::{Archive, Manifest, Source, Target, Vault, ZipArchive};
use afpi_core::clock::Instant;
use afpi_db::{Db, catalogue};
use afpi_files::{Files, Folder, Place};
use afpi_platform::backups::{Claim, newest};
use afpi_platform::config::Config;
use afpi_platform::state::App;
use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;
use tokio_util::sync::CancellationToken;

/// How often a worker looks whether a backup is due.
const PERIOD: Duration = Duration::from_secs(60);
/// After a failure the next try waits.
const PAUSE: Duration = Duration::from_secs(15 * 60);

/// Makes the daily backup, until stopped: a backup that is being made then is dropped, and swept by the next one.
pub async fn run(app: App, stop: CancellationToken) {
    let Some(dir) = app.config.backup.dir.clone() else { return };
    let work = async {
        loop {
            tokio::time::sleep(match daily(&app, &dir).await {
                Ok(()) => PERIOD,
                Err(error) => {
                    tracing::error!(error.cause = format!("{error:#}"), "the backup could not be made");
                    PAUSE
                }
            })
            .await;
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

async fn daily(app: &App, dir: &str) -> Result<()> {
    let due = last_due(Utc::now(), app.config.backup.at);
    if newest(&app.db).await?.is_some_and(|made| made >= due) {
        return Ok(());
    }
    let Some(claim) = Claim::take(&app.db).await? else { return Ok(()) };
    // Another worker may have made it between the two.
    if newest(&app.db).await?.is_some_and(|made| made >= due) {
        return Ok(claim.end(None).await?);
    }
    let began = Instant::now();
    let made = claim.during(make(&app.config, &app.db, &app.files, dir)).await;
    claim.end(made.is_ok().then_some(began)).await?;
    let backup = made?;
    tracing::info!(backup = backup.id, tables = backup.tables.len(), files = backup.files.count, "backup made");
    Ok(())
}

/// The latest moment, not after now, at which a backup was due: each day at this time in Paris.
fn last_due(now: DateTime<Utc>, at: NaiveTime) -> Instant {
    let today = now.with_timezone(&Paris).date_naive();
    let moments = [today, today - chrono::Days::new(1)].into_iter().map(|day| {
        // An hour that a day does not have comes an hour later.
        let later = || Paris.from_local_datetime(&(day.and_time(at) + chrono::Duration::hours(1))).earliest();
        Paris.from_local_datetime(&day.and_time(at)).earliest().or_else(later)
    });
    let past = moments.flatten().find(|moment| *moment <= now);
    Instant(past.map_or(0, |moment| moment.timestamp_millis()))
}

/// `afpi backup`: makes a backup of what the database holds now.
pub async fn backup(config: &Config, db: &Db, files: &Files, to: Option<&str>) -> Result<Manifest> {
    let to = to.or(config.backup.dir.as_deref()).context("where to? Name a folder, a bucket or a .zip file")?;
    let tables = catalogue::tables(&mut db.read().await?).await?;
    if !tables.iter().any(|table| table.name == "backups") {
        // An older program's tables, before an upgrade.
        return make(config, db, files, to).await;
    }
    let claim =
        Claim::take(db).await?.context("another process makes a backup now; after a kill it takes five minutes")?;
    let began = Instant::now();
    let made = claim.during(make(config, db, files, to)).await;
    // One that lies elsewhere does not take the place of the daily one.
    let counts = made.is_ok() && config.backup.dir.as_deref().is_none_or(|dir| dir == to);
    claim.end(counts.then_some(began)).await?;
    made
}

/// Makes a backup, reads it back, and removes what is too old.
async fn make(config: &Config, db: &Db, files: &Files, to: &str) -> Result<Manifest> {
    let passphrase = passphrase(config);
    let installation = afpi_backup::installation(db).await?;
    let (secret, _) = marks(config);
    let source = Source { db, files, secret: &secret };
    if is_archive(to) {
        let archive = Arc::new(Archive::create(Path::new(to)).with_context(|| format!("{to} cannot be written"))?);
        let vault = Vault::for_backup(archive.clone(), passphrase, &installation).await?;
        let made = afpi_backup::backup(&vault, source).await?;
        archive.finish().with_context(|| format!("{to} cannot be written"))?;
        let (vault, made) = find(config, to, Some(&made.id)).await?;
        afpi_backup::verify(&vault, &made).await?;
        return Ok(made);
    }
    let vault = Vault::for_backup(place(config, to)?, passphrase, &installation).await?;
    afpi_backup::sweep(&vault).await?;
    let made = afpi_backup::backup(&vault, source).await?;
    afpi_backup::verify(&vault, &made).await?;
    afpi_backup::keep(&vault, config.backup.keep).await?;
    Ok(made)
}

/// The backup with this id, or the newest one.
pub async fn find(config: &Config, from: &str, id: Option<&str>) -> Result<(Vault, Manifest)> {
    let place: Arc<dyn Place> = match is_archive(from) {
        true => Arc::new(ZipArchive::open(Path::new(from)).with_context(|| format!("{from} cannot be read"))?),
        false => {
            ensure!(from.contains("://") || Path::new(from).is_dir(), "{from} is no folder");
            place(config, from)?
        }
    };
    let vault = Vault::open(place, passphrase(config)).await?;
    let found = afpi_backup::find(&vault, id).await?;
    Ok((vault, found))
}

/// `afpi restore`: brings a backup back. Then everything of it is held against its hash once more.
pub async fn restore(config: &Config, db: &Db, files: &Files, from: &(Vault, Manifest), replace: bool) -> Result<()> {
    let (vault, backup) = from;
    let done = afpi_backup::restore(vault, backup, Target { db, files, replace }).await;
    if let Err(afpi_backup::BackupError::NotEmpty) = done {
        bail!("the database is not empty: with --replace the backup takes the place of everything that is in it");
    }
    done?;
    afpi_platform::backups::release(db).await?;
    let (first, others) = marks(config);
    if backup.secret != first && !others.contains(&backup.secret) {
        tracing::warn!(
            "AFPI_SECRET is not that of the backup: people sign in again, and the secrets of plugins must be entered anew, \
             unless AFPI_SECRET_PREVIOUS names it"
        );
    }
    let (lines, broken) = afpi_platform::journal::verify(db).await?;
    ensure!(broken.is_empty(), "the journal was changed before the backup was made: see `afpi admin verify-journal`");
    let (count, broken) = afpi_crm::attachments::verify(db, files)
        .await
        .map_err(|problem| anyhow::anyhow!("the files could not be verified: {}", problem.kind().code()))?;
    println!("{lines} lines of the journal verified, {} of {count} files", count - broken.len());
    let lost = |hash: &String| backup.files.lost.iter().any(|lost| lost.sha256 == *hash);
    ensure!(broken.iter().all(lost), "files are missing: see `afpi admin verify-files`");
    Ok(())
}

fn passphrase(config: &Config) -> Option<&str> {
    config.backup.passphrase.as_ref().map(|passphrase| passphrase.as_str())
}

/// Is it a single file?
fn is_archive(place: &str) -> bool {
    !place.contains("://") && Path::new(place).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

fn place(config: &Config, text: &str) -> Result<Arc<dyn Place>> {
    let account = config.bucket_account.iter().map(|(name, value)| (*name, value.as_str()));
    let found: Result<Arc<dyn Place>> = match text.contains("://") {
        true => afpi_files::place(text, account),
        false => Folder::open(text.into()).map(|folder| Arc::new(folder) as _),
    };
    found.with_context(|| format!("{text} cannot be used"))
}

/// A mark of AFPI_SECRET, and those of the others that are accepted. Nobody learns a secret from its mark.
fn marks(config: &Config) -> (String, Vec<String>) {
    let mark = |key: &afpi_core::keys::Key| key[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (first, others) = config.secret.keys("mark in backups");
    (mark(&first), others.iter().map(mark).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_once_a_day_in_paris() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let two = NaiveTime::from_hms_opt(2, 0, 0).unwrap();
        for (now, due) in [
            ("2026-07-10T00:00:00Z", "2026-07-10T00:00:00Z"),
            ("2026-07-09T23:59:59Z", "2026-07-09T00:00:00Z"),
            ("2026-12-10T00:59:00Z", "2026-12-09T01:00:00Z"),
            ("2026-12-10T12:00:00Z", "2026-12-10T01:00:00Z"),
            // The night without an hour from 2 to 3, and the one that has it twice.
            ("2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-25T12:00:00Z", "2026-10-25T00:00:00Z"),
        ] {
            assert_eq!(last_due(at(now), two).0, at(due).timestamp_millis(), "{now}");
        }
    }
}
