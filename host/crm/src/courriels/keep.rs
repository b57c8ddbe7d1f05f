//! How long mails stay that nobody needs: in the mailbox, whose folders hold what the records have already, and in the lists
//! of those who did not say where they belong.

use std::time::Duration;

use afpi_db::sql;

use super::imap::Open;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::CourrielId;
use afpi_platform::state::App;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Mails that belong to no record.
const PENDING: Duration = Duration::from_secs(60 * 24 * 3600);
/// Mails in the folders of the mailbox.
const IN_MAILBOX: Duration = Duration::from_secs(30 * 24 * 3600);
/// Rows per step: short locks do not block others for long.
const BATCH: u32 = 500;

/// One round, as of this instant.
///
/// # Errors
/// The database does not answer. A mailbox that does not answer is tried again an hour later.
pub async fn keep(app: &App, now: Instant) -> Result<()> {
    pending(app, now - PENDING).await?;
    // A copy in the mailbox is gone before its key.
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM courriel_keys WHERE read_at < ?").bind(now - DAY * 400).execute(&mut tx).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    if let Some(mailbox) = &app.config.mailbox {
        let forgotten = async {
            let mut open = Open::open(mailbox).await?;
            let gone = open.forget(now - IN_MAILBOX).await?;
            open.close().await;
            Ok::<_, super::imap::Trouble>(gone)
        };
        match forgotten.await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "old mails were removed from the mailbox"),
            Err(trouble) => tracing::warn!(error.cause = %trouble, "old mails stay in the mailbox"),
        }
    }
    Ok(())
}

async fn pending(app: &App, before: Instant) -> Result<()> {
    loop {
        let mut old = sql("SELECT id FROM courriels WHERE record_id IS NULL AND received_at < ?").bind(before);
        old.limit(BATCH);
        let old: Vec<(CourrielId,)> = old.all(&mut app.db.read().await?).await?;
        if old.is_empty() {
            return Ok(());
        }
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            for text in ["DELETE FROM courriel_files WHERE courriel_id IN ", "DELETE FROM courriels WHERE id IN "] {
                let mut query = sql(text);
                query.list(old.iter().map(|(id,)| *id));
                query.execute(&mut tx).await?;
            }
            Ok::<_, Error>(tx.commit().await?)
        })
        .await?;
    }
}
