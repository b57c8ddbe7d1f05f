//! Rows of archives.

use std::time::Duration;

use afpi_db::{Conn, DbError, Json, sql};
use afpi_jobs::NewJob;
use serde_json::json;
use uuid::Uuid;

use super::plan::Plan;
use super::{ARCHIVE, Kind};
use crate::documents;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::{PreuveArchiveId, PreuveExportId, UserId};
use afpi_platform::state::App;

/// Archives are kept this long; they can be made again.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// An archive to be written.
pub struct NewArchive {
    pub kind: Kind,
    pub id: Uuid,
    pub label: String,
    pub percent: u32,
    pub plan: Plan,
}

afpi_db::row! {
    /// An archive of an export.
    pub struct ArchiveRow {
        pub id: PreuveArchiveId, pub record_kind: String, pub record_id: Uuid, pub label: String, pub percent: i64,
        pub sha256: Option<String>, pub size: Option<i64>, pub problem: Option<String>,
    }
}

/// Writes an export with its archives and enqueues the job.
pub async fn insert(
    tx: &mut Conn,
    user: UserId,
    archives: &[NewArchive],
    now: Instant,
    correlation_id: &str,
) -> Result<PreuveExportId> {
    let export = PreuveExportId::generate();
    let query = sql("INSERT INTO preuve_exports (id, user_id, created_at) VALUES (?, ?, ?)");
    query.bind(export).bind(user).bind(now).execute(tx).await?;
    for (position, archive) in (1_i64..).zip(archives) {
        let mut query = sql(
            "INSERT INTO preuve_archives (id, export_id, position, record_kind, record_id, label, percent, plan) VALUES ",
        );
        query.rows([[
            PreuveArchiveId::generate().into(),
            export.into(),
            position.into(),
            archive.kind.word().into(),
            archive.id.into(),
            archive.label.as_str().into(),
            i64::from(archive.percent).into(),
            afpi_db::Value::json(&archive.plan),
        ]]);
        query.execute(tx).await?;
    }
    let job =
        NewJob::new(documents::QUEUE, ARCHIVE, json!({"export": export})).correlation(correlation_id).max_attempts(8);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(export)
}

/// The archives of an export of this person, in order; empty when there is none.
pub async fn of(conn: &mut Conn, export: PreuveExportId, user: UserId) -> afpi_db::Result<Vec<ArchiveRow>> {
    sql("SELECT a.id, a.record_kind, a.record_id, a.label, a.percent, a.sha256, f.size, a.problem FROM preuve_archives a \
         JOIN preuve_exports e ON e.id = a.export_id LEFT JOIN files f ON f.sha256 = a.sha256 \
         WHERE a.export_id = ? AND e.user_id = ? ORDER BY a.position")
    .bind(export)
    .bind(user)
    .all(conn)
    .await
}

/// One written or unwritten archive of this person.
pub async fn one(conn: &mut Conn, id: PreuveArchiveId, user: UserId) -> afpi_db::Result<Option<ArchiveRow>> {
    sql("SELECT a.id, a.record_kind, a.record_id, a.label, a.percent, a.sha256, f.size, a.problem FROM preuve_archives a \
         JOIN preuve_exports e ON e.id = a.export_id LEFT JOIN files f ON f.sha256 = a.sha256 \
         WHERE a.id = ? AND e.user_id = ?")
    .bind(id)
    .bind(user)
    .optional(conn)
    .await
}

/// The next archive of the export that is neither written nor failed.
pub async fn next(conn: &mut Conn, export: PreuveExportId) -> afpi_db::Result<Option<(PreuveArchiveId, Json<Plan>)>> {
    let mut query =
        sql("SELECT id, plan FROM preuve_archives WHERE export_id = ? AND sha256 IS NULL AND problem IS NULL");
    query.arg(export).push(" ORDER BY position").limit(1);
    query.optional(conn).await
}

/// How many archives of the export are over, and how many it has.
pub async fn progress(conn: &mut Conn, export: PreuveExportId) -> afpi_db::Result<(i64, i64)> {
    sql("SELECT COUNT(CASE WHEN sha256 IS NOT NULL OR problem IS NOT NULL THEN 1 END), COUNT(*) FROM preuve_archives WHERE export_id = ?")
        .bind(export)
        .one(conn)
        .await
}

/// Says why an archive cannot be written.
pub async fn fail(tx: &mut Conn, id: PreuveArchiveId, problem: &str) -> afpi_db::Result<()> {
    let query = sql("UPDATE preuve_archives SET problem = ? WHERE id = ? AND sha256 IS NULL");
    query.bind(problem).bind(id).execute(tx).await.map(drop)
}

/// Removes exports that are older than a week. Their files are collected afterwards.
pub async fn expire(app: &App, now: Instant) -> Result<()> {
    let before = now - KEPT;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let archives =
            "DELETE FROM preuve_archives WHERE export_id IN (SELECT id FROM preuve_exports WHERE created_at < ?)";
        sql(archives).bind(before).execute(&mut tx).await?;
        sql("DELETE FROM preuve_exports WHERE created_at < ?").bind(before).execute(&mut tx).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}
