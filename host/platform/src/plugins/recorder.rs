//! Records pure calls of a seat for the desk. A switch records the next calls into the database, bounded in number,
//! size and time. They are downloaded as JSON lines. Recordings contain customers' records, so only administrators can
//! read them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use afpi_db::{Conn, Db, dialect, sql};
use afpi_plugins::Recording;
use afpi_plugins::ports::{Recorder, Who};
use arc_swap::ArcSwap;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{seat_name, versions};
use crate::secrets::site_id;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, UserId};

/// Most calls per recorder, and the longest stored recording, in bytes.
pub const MOST_CALLS: i64 = 1_000;
const LONGEST: usize = 4 << 20;
/// Recordings that may wait to be written. More are dropped; the calls go on.
const WAITING: usize = 64;
/// How long a recording is kept, and how long a recorder waits for calls. It is a copy of customers' records.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// The most calls in a list.
const SHOWN: u32 = 200;

/// How many more calls of each seat (plugin, site) to record. Almost always empty: then a call pays one atomic load.
type Wanted = HashMap<(String, String), AtomicI64>;

/// The runtime's recorder.
pub struct CallRecorder {
    wanted: ArcSwap<Wanted>,
    out: mpsc::Sender<Recording>,
}

impl CallRecorder {
    /// A separate task writes recordings. It ends with the recorder.
    pub fn start(db: Db) -> Arc<CallRecorder> {
        let (out, mut recordings) = mpsc::channel::<Recording>(WAITING);
        tokio::spawn(async move {
            while let Some(recording) = recordings.recv().await {
                let (plugin, site) = (recording.plugin.clone(), recording.site.clone());
                if let Err(error) = afpi_db::retry(|| write(&db, &recording)).await {
                    tracing::warn!(plugin.id = plugin, site, error.cause = %error, "a recording could not be kept");
                }
            }
        });
        Arc::new(CallRecorder { wanted: ArcSwap::default(), out })
    }

    /// Follows the table: the wanted number minus the recorded one.
    pub(super) async fn mirror(&self, conn: &mut Conn) -> afpi_db::Result<()> {
        let rows = sql("SELECT r.plugin_id, r.localisation_id, r.wanted, (SELECT COUNT(*) FROM plugin_recordings k \
                        WHERE k.plugin_id = r.plugin_id AND k.localisation_id = r.localisation_id) FROM plugin_recorders r")
            .all::<(String, LocalisationId, i64, i64)>(conn).await?;
        let left = rows.into_iter().filter(|(_, _, wanted, kept)| wanted > kept);
        let wanted: Wanted = left
            .map(|(plugin, site, wanted, kept)| ((plugin, seat_name(site)), AtomicI64::new(wanted - kept)))
            .collect();
        self.wanted.store(Arc::new(wanted));
        Ok(())
    }
}

impl Recorder for CallRecorder {
    fn wants(&self, who: Who<'_>, _function: &'static str) -> bool {
        let wanted = self.wanted.load();
        if wanted.is_empty() {
            return false;
        }
        let seat = (who.plugin.to_owned(), who.site.to_owned());
        wanted.get(&seat).is_some_and(|left| left.fetch_update(Relaxed, Relaxed, |n| (n > 0).then(|| n - 1)).is_ok())
    }

    fn keep(&self, recording: Recording) {
        if self.out.try_send(recording).is_err() {
            tracing::warn!("more calls than can be recorded: one is left out");
        }
    }
}

/// Writes a recording, unless enough exist: several processes count separately.
async fn write(db: &Db, recording: &Recording) -> afpi_db::Result<()> {
    let Ok(site) = site_id(&recording.site) else { return Ok(()) };
    let line = serde_json::to_string(recording).unwrap_or_default();
    if line.is_empty() || line.len() > LONGEST {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let Some(wanted) = wanted(&mut tx, &recording.plugin, site).await? else { return Ok(()) };
    if kept(&mut tx, &recording.plugin, site).await? < wanted {
        let (refused, bytes) = (recording.result.get("Err").is_some(), line.len() as i64);
        sql("INSERT INTO plugin_recordings (id, plugin_id, localisation_id, called, refused, bytes, line) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(Uuid::now_v7()).bind(&recording.plugin).bind(site).bind(&recording.function).bind(refused).bind(bytes).bind(line).execute(&mut tx).await?;
    }
    tx.commit().await
}

/// How many recordings of a seat are wanted, if it has a recorder. The row stays locked until the end of the
/// transaction.
async fn wanted(tx: &mut Conn, plugin: &str, site: LocalisationId) -> afpi_db::Result<Option<i64>> {
    let mut query =
        sql("SELECT wanted FROM plugin_recorders WHERE plugin_id = ? AND localisation_id = ?").bind(plugin).bind(site);
    query.push(dialect::for_update(tx.backend()));
    Ok(query.optional::<(i64,)>(tx).await?.map(|(wanted,)| wanted))
}

/// The number of recordings of a seat.
async fn kept(conn: &mut Conn, plugin: &str, site: LocalisationId) -> afpi_db::Result<i64> {
    sql("SELECT COUNT(*) FROM plugin_recordings WHERE plugin_id = ? AND localisation_id = ?")
        .bind(plugin)
        .bind(site)
        .scalar(conn)
        .await
}

/// The state of a recorder.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginRecording)]
pub struct Status {
    /// Calls to record in total; 0 when it was never started or its recordings were deleted.
    pub wanted: i64,
    /// Calls recorded so far.
    pub kept: i64,
    /// Size of the recordings.
    pub bytes: i64,
    /// The time of its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub started_at: Option<Instant>,
    /// The name of the person who started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub started_by: Option<String>,
    /// When the oldest recording will be deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub deleted_at: Option<Instant>,
}

/// The state of a seat's recorder.
pub async fn status(conn: &mut Conn, plugin: &str, site: LocalisationId) -> Result<Status> {
    let started =
        sql("SELECT r.wanted, r.asked_at, u.name FROM plugin_recorders r LEFT JOIN users u ON u.id = r.asked_by \
                       WHERE r.plugin_id = ? AND r.localisation_id = ?")
        .bind(plugin)
        .bind(site)
        .optional::<(i64, Instant, Option<String>)>(conn)
        .await?;
    let mut figures = sql("SELECT COUNT(*), ");
    figures
        .append(dialect::sum("bytes"))
        .push(", MIN(id) FROM plugin_recordings WHERE plugin_id = ? AND localisation_id = ?")
        .arg(plugin)
        .arg(site);
    let (kept, bytes, oldest) = figures.one::<(i64, i64, Option<Uuid>)>(conn).await?;
    let (wanted, started_at, started_by) = started.map_or((0, None, None), |(wanted, at, by)| (wanted, Some(at), by));
    let deleted_at = oldest.map(|id| made_at(id) + KEPT);
    Ok(Status { wanted, kept, bytes, started_at, started_by, deleted_at })
}

/// A recorded call, without arguments and answer.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = RecordedCall)]
pub struct Call {
    pub at: Instant,
    /// The function of the contract, e.g. `decide`.
    pub function: String,
    /// Did it answer with an error of the contract?
    pub refused: bool,
    /// Size of its recording.
    pub bytes: i64,
}

/// The newest recorded calls, at most 200, newest first.
pub async fn calls(conn: &mut Conn, plugin: &str, site: LocalisationId) -> Result<Vec<Call>> {
    let mut rows = sql("SELECT id, called, refused, bytes FROM plugin_recordings WHERE plugin_id = ? AND localisation_id = ? ORDER BY id DESC").bind(plugin).bind(site);
    rows.limit(SHOWN);
    let rows = rows.all::<(Uuid, String, bool, i64)>(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(id, function, refused, bytes)| Call { at: made_at(id), function, refused, bytes })
        .collect())
}

/// The time of a recording, from its id.
fn made_at(id: Uuid) -> Instant {
    let milliseconds = id.get_timestamp().map_or(0, |at| {
        let (seconds, nanos) = at.to_unix();
        seconds as i64 * 1000 + i64::from(nanos / 1_000_000)
    });
    Instant::from_millis(milliseconds)
}

/// Deletes expired recordings, and switches off recorders that have waited as long.
pub async fn expire(app: &App) -> Result<()> {
    let end = Instant::now() - KEPT;
    let youngest = uuid::Builder::from_unix_timestamp_millis(end.millis().max(0) as u64, &[0; 10]).into_uuid();
    let mut tx = app.db.begin().await?;
    let deleted = sql("DELETE FROM plugin_recordings WHERE id < ?").bind(youngest).execute(&mut tx).await?;
    let ended = sql("DELETE FROM plugin_recorders WHERE asked_at < ?").bind(end).execute(&mut tx).await?;
    if ended > 0 {
        versions::touch(&mut tx).await?;
    }
    tx.commit().await?;
    if deleted + ended > 0 {
        tracing::info!(deleted, ended, "old recordings of plugins are deleted");
    }
    Ok(())
}

/// Records the next `calls`. Deletes earlier recordings.
pub async fn switch_on(tx: &mut Conn, plugin: &str, site: LocalisationId, calls: i64, by: UserId) -> Result<()> {
    clear(tx, plugin, site).await?;
    sql("INSERT INTO plugin_recorders (plugin_id, localisation_id, wanted, asked_at, asked_by) VALUES (?, ?, ?, ?, ?)")
        .bind(plugin)
        .bind(site)
        .bind(calls)
        .bind(Instant::now())
        .bind(by)
        .execute(tx)
        .await?;
    Ok(versions::touch(tx).await?)
}

/// Stops recording. Recordings stay.
pub async fn stop(tx: &mut Conn, plugin: &str, site: LocalisationId) -> Result<()> {
    if let Some(wanted) = wanted(tx, plugin, site).await? {
        let kept = kept(tx, plugin, site).await?.min(wanted);
        sql("UPDATE plugin_recorders SET wanted = ? WHERE plugin_id = ? AND localisation_id = ?")
            .bind(kept)
            .bind(plugin)
            .bind(site)
            .execute(tx)
            .await?;
    }
    Ok(versions::touch(tx).await?)
}

/// Stops recording and deletes the recordings.
pub async fn clear(tx: &mut Conn, plugin: &str, site: LocalisationId) -> Result<()> {
    for table in [
        sql("DELETE FROM plugin_recorders WHERE plugin_id = ? AND localisation_id = ?"),
        sql("DELETE FROM plugin_recordings WHERE plugin_id = ? AND localisation_id = ?"),
    ] {
        table.bind(plugin).bind(site).execute(tx).await?;
    }
    Ok(versions::touch(tx).await?)
}

/// The recordings, oldest first, each as a JSON text.
pub async fn lines(conn: &mut Conn, plugin: &str, site: LocalisationId) -> Result<Vec<String>> {
    let rows = sql("SELECT line FROM plugin_recordings WHERE plugin_id = ? AND localisation_id = ? ORDER BY id")
        .bind(plugin)
        .bind(site);
    Ok(rows.all::<(String,)>(conn).await?.into_iter().map(|(line,)| line).collect())
}
