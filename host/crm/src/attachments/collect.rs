//! Removes files that nothing refers to, some time after they were uploaded last. An upload of the same content at the
//! same moment either finds the row fresh, or makes a new object under another name.

use std::time::Duration;

use afpi_db::sql;
use futures::TryStreamExt;

use crate::content::lost;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::AttachmentId;
use afpi_files::Key;
use afpi_platform::state::App;

/// An upload that is not attached is forgotten after this time, and a file without a reference is removed.
pub const GRACE: Duration = Duration::from_secs(24 * 3600);
/// Rows per step: short locks do not block others for long.
const BATCH: u32 = 500;

/// One round, as of this instant.
pub async fn collect(app: &App, now: Instant) -> Result<()> {
    let before = now - GRACE;
    abandoned(app).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM uploads WHERE created_at < ?").bind(before).execute(&mut tx).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    unreferenced(app, before).await?;
    app.files.sweep(GRACE).await.map_err(lost)?;
    Ok(())
}

/// A condition on `files f`.
const UNREFERENCED: &str = " seen_at < ? AND NOT EXISTS (SELECT 1 FROM uploads p WHERE p.sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM attachment_versions v WHERE v.sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM courriel_files m WHERE m.sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM corbeille_files c WHERE c.sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM preuve_archives a WHERE a.sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM entites_legales e WHERE e.logo_sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM document_signed_copies s WHERE s.sha256 = files.sha256) \
     AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = files.sha256 OR d.invoice_sha256 = files.sha256)";

async fn unreferenced(app: &App, before: Instant) -> Result<()> {
    loop {
        let mut query = sql("SELECT sha256, object_key FROM files WHERE");
        query.push(UNREFERENCED).arg(before).limit(BATCH);
        let found = query.all::<(String, String)>(&mut app.db.read().await?).await?;
        if found.is_empty() {
            return Ok(());
        }
        for (hash, key) in found {
            let gone = afpi_db::retry(|| async {
                let mut tx = app.db.begin().await?;
                let mut query = sql("DELETE FROM files WHERE sha256 = ? AND").bind(&hash);
                query.push(UNREFERENCED).arg(before);
                let gone = query.execute(&mut tx).await?;
                tx.commit().await?;
                Ok::<_, Error>(gone == 1)
            });
            if gone.await?
                && let Some(key) = Key::read(&key)
            {
                app.files.remove(&key).await.map_err(lost)?;
                app.metrics.files_collected.with_label_values(&["file"]).inc();
            }
        }
    }
}

/// Files of contacts and companies that were removed with their record.
async fn abandoned(app: &App) -> Result<()> {
    let mut query = sql(
        "SELECT a.id FROM attachments a WHERE (a.record_kind = 'contacts' AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.id = a.record_id)) \
         OR (a.record_kind = 'entreprises' AND NOT EXISTS (SELECT 1 FROM entreprises e WHERE e.id = a.record_id))",
    );
    query.limit(BATCH);
    let gone = query.all::<(AttachmentId,)>(&mut app.db.read().await?).await?;
    if gone.is_empty() {
        return Ok(());
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        for query in ["DELETE FROM attachment_versions WHERE attachment_id IN ", "DELETE FROM attachments WHERE id IN "]
        {
            let mut query = sql(query);
            query.list(gone.iter().map(|(id,)| *id));
            query.execute(&mut tx).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}

/// Removes kept objects without a row that are older than this: of uploads whose process was killed before the commit.
/// Reads the whole store.
pub async fn strays(app: &App, age: Duration) -> Result<()> {
    let mut pages = app.files.kept(age);
    while let Some(page) = pages.try_next().await.map_err(lost)? {
        let mut query = sql("SELECT object_key FROM files WHERE object_key IN ");
        query.list(page.iter().map(Key::as_str));
        let known = query.all::<(String,)>(&mut app.db.read().await?).await?;
        for key in page.iter().filter(|key| !known.iter().any(|(known,)| known == key.as_str())) {
            app.files.remove(key).await.map_err(lost)?;
            app.metrics.files_collected.with_label_values(&["stray"]).inc();
        }
    }
    Ok(())
}
