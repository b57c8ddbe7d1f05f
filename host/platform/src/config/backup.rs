//! Settings of backups.

use anyhow::{Context, Result, ensure};
use chrono::NaiveTime;
use zeroize::Zeroizing;

use super::Vars;

/// Where and when backups are made.
pub struct Backup {
    /// `AFPI_BACKUP_DIR`: a folder, `file:///folder` or `s3://bucket/prefix`. Workers make a backup there each day.
    pub dir: Option<String>,
    /// `AFPI_BACKUP_AT` (`HH:MM` in Paris, default 02:00).
    pub at: NaiveTime,
    /// `AFPI_BACKUP_KEEP` (default 14): how many backups stay.
    pub keep: usize,
    /// `AFPI_BACKUP_PASSPHRASE`: encrypts backups. Without it whoever has them can read them.
    pub passphrase: Option<Zeroizing<String>>,
}

impl Default for Backup {
    fn default() -> Self {
        Backup {
            dir: None,
            at: NaiveTime::from_hms_opt(2, 0, 0).expect("an hour of the day"),
            keep: 14,
            passphrase: None,
        }
    }
}

/// A shorter passphrase is guessed.
const SHORTEST: usize = 12;

pub(super) fn dir(vars: &Vars) -> Result<Option<String>> {
    let dir = vars.get("AFPI_BACKUP_DIR");
    ensure!(
        !dir.as_deref().is_some_and(|dir| dir.ends_with(".zip")),
        "AFPI_BACKUP_DIR must be a folder or a bucket: several backups share it"
    );
    Ok(dir)
}

pub(super) fn at(vars: &Vars) -> Result<NaiveTime> {
    let Some(text) = vars.get("AFPI_BACKUP_AT") else { return Ok(Backup::default().at) };
    let at = NaiveTime::parse_from_str(&text, "%H:%M").ok();
    at.with_context(|| format!("AFPI_BACKUP_AT must be a time of the day, e.g. 02:00, not {text}"))
}

pub(super) fn keep(vars: &Vars) -> Result<usize> {
    let keep = vars.parsed("AFPI_BACKUP_KEEP")?.unwrap_or(Backup::default().keep);
    ensure!((1..=1000).contains(&keep), "AFPI_BACKUP_KEEP must be between 1 and 1000");
    Ok(keep)
}

pub(super) fn passphrase(vars: &Vars) -> Result<Option<Zeroizing<String>>> {
    let passphrase = vars.get("AFPI_BACKUP_PASSPHRASE").map(Zeroizing::new);
    let short = passphrase.as_ref().is_some_and(|passphrase| passphrase.chars().count() < SHORTEST);
    ensure!(!short, "AFPI_BACKUP_PASSPHRASE is too short: {SHORTEST} characters or more are needed");
    Ok(passphrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(name: &str, value: &str) -> Vars {
        Vars::of([(name.to_owned(), value.to_owned())].into_iter())
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (text, right) in [("02:00", true), ("23:59", true), ("24:00", false), ("2", false), ("night", false)] {
            assert_eq!(at(&vars("AFPI_BACKUP_AT", text)).is_ok(), right, "{text}");
        }
        for (text, right) in [("1", true), ("1000", true), ("0", false), ("1001", false), ("-1", false)] {
            assert_eq!(keep(&vars("AFPI_BACKUP_KEEP", text)).is_ok(), right, "{text}");
        }
        assert!(dir(&vars("AFPI_BACKUP_DIR", "/srv/backups.zip")).is_err());
        assert_eq!(dir(&vars("AFPI_BACKUP_DIR", "s3://a/b")).unwrap().as_deref(), Some("s3://a/b"));
        let short = passphrase(&vars("AFPI_BACKUP_PASSPHRASE", "petit secret")).unwrap();
        assert_eq!(short.unwrap().as_str(), "petit secret");
        let said = passphrase(&vars("AFPI_BACKUP_PASSPHRASE", "secret")).unwrap_err().to_string();
        assert!(said.starts_with("AFPI_BACKUP_PASSPHRASE") && !said.contains("secret"), "{said}");
    }
}
