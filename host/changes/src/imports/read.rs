//! `GET /api/imports/{id}`; the JSON form of an import.

use std::collections::HashMap;

use afpi_db::{Conn, Json as JsonColumn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::kind::Kind;
use super::mapping::Defaults;
use super::store::{self, ImportRow};
use super::{own, source};
use crate::engine::run::{Counts, State as RunState};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{ImportId, LocalisationId, RunId};
use afpi_core::text::{Text, text};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A file of records, and its state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    #[schema(value_type = Uuid)]
    pub id: ImportId,
    /// What its lines are.
    pub kind: Kind,
    pub name: String,
    /// The localisation whose companies it may change. New ones go there; other new records too, unless their line
    /// names another site.
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    /// `utf-8` or `windows-1252`. A workbook is kept as a table in UTF-8.
    pub encoding: String,
    pub delimiter: String,
    /// Lines of records.
    pub total: i64,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Values for fields that are empty in a line and in the record here, by field.
    #[schema(value_type = Object)]
    pub defaults: Defaults,
    /// Was this mapping that of the caller's last file with the same columns?
    pub recalled: bool,
    pub state: ImportState,
    /// How many lines were read, or changes applied or undone, and the total.
    pub progress: ImportProgress,
    /// The counts of the preview, or of the applied changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub counts: Option<Counts>,
    /// After a revert: how many of its changes stay, because somebody has changed the record since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub kept: Option<i64>,
    /// The reason of a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub error: Option<Text>,
    pub created_at: Instant,
    /// Version of the mapping, for `If-Match`.
    pub version: i64,
}

/// A column of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Column {
    /// Its name in the first line.
    pub name: String,
    /// The field it maps to, as in `GET /api/imports/fields`. `null`: it is left out.
    pub field: Option<String>,
    /// Its first different values, at most three.
    pub samples: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportState {
    /// Uploaded, without a preview.
    Uploaded,
    Previewing,
    /// A preview waits for a person.
    Previewed,
    Applying,
    Applied,
    Reverting,
    Reverted,
    Failed,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportProgress {
    pub done: i64,
    pub total: i64,
}

afpi_db::row! {
    struct Run {
        id: RunId, source: String, state: String, done: i64, total: i64, counts: JsonColumn<Counts>, message_fr: Option<String>, message_en: Option<String>,
    }
}

/// The imports in the API form, in the same order.
pub async fn show(conn: &mut Conn, rows: Vec<ImportRow>) -> Result<Vec<Import>> {
    let mut query =
        sql("SELECT id, source, state, done, total, counts, message_fr, message_en FROM sync_runs WHERE source IN ");
    query.list(rows.iter().map(|row| source::key(row.id))).push(" ORDER BY id");
    // The newest run of each import comes last and stays.
    let mut runs: HashMap<String, Run> =
        query.all::<Run>(conn).await?.into_iter().map(|run| (run.source.clone(), run)).collect();
    let reverted = runs.values().filter(|run| RunState::parse(&run.state) == RunState::Undone).map(|run| run.id);
    let kept = kept(conn, reverted.collect()).await?;
    Ok(rows.into_iter().map(|row| shown(runs.remove(&source::key(row.id)), &kept, row)).collect())
}

/// How many changes of these reverted runs are still applied.
async fn kept(conn: &mut Conn, reverted: Vec<RunId>) -> Result<HashMap<RunId, i64>> {
    let mut query = sql(
        "SELECT run_id, COUNT(*) FROM sync_changes WHERE applied_at IS NOT NULL AND action <> 'unchanged' AND run_id IN ",
    );
    query.list(reverted).push(" GROUP BY run_id");
    Ok(query.all::<(RunId, i64)>(conn).await?.into_iter().collect())
}

fn shown(run: Option<Run>, kept: &HashMap<RunId, i64>, row: ImportRow) -> Import {
    let state = run.as_ref().map_or(ImportState::Uploaded, |run| state(RunState::parse(&run.state)));
    let error = run
        .as_ref()
        .filter(|_| state == ImportState::Failed)
        .and_then(|run| run.message_fr.clone().zip(run.message_en.clone()))
        .map(|(fr, en)| text(fr, en));
    // Files from before there were examples have none.
    let samples = row.samples.map(|samples| samples.0).unwrap_or_default().into_iter();
    let columns = row.header.0.into_iter().zip(row.mapping.0).zip(samples.chain(std::iter::repeat(Vec::new())));
    Import {
        id: row.id,
        kind: row.kind,
        name: row.name,
        localisation_id: row.localisation_id,
        encoding: row.encoding,
        delimiter: row.delimiter,
        total: row.total,
        columns: columns.map(|((name, field), samples)| Column { name, field, samples }).collect(),
        defaults: row.defaults.map(|defaults| defaults.0).unwrap_or_default(),
        recalled: row.recalled,
        state,
        progress: run.as_ref().map(|run| ImportProgress { done: run.done, total: run.total }).unwrap_or_default(),
        kept: run.as_ref().and_then(|run| kept.get(&run.id).copied()),
        counts: run.map(|run| run.counts.0),
        error,
        created_at: row.created_at,
        version: row.version,
    }
}

fn state(run: RunState) -> ImportState {
    match run {
        RunState::Queued | RunState::Fetching => ImportState::Previewing,
        RunState::Staged | RunState::Held => ImportState::Previewed,
        RunState::Applying => ImportState::Applying,
        RunState::Done => ImportState::Applied,
        RunState::Undoing => ImportState::Reverting,
        RunState::Undone => ImportState::Reverted,
        RunState::Failed => ImportState::Failed,
    }
}

/// Read an import.
#[utoipa::path(get, path = "/{id}", operation_id = "getImport", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, body = Import), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<ImportId>) -> ApiResult<Json<Import>> {
    let mut conn = app.db.read().await?;
    own(&mut conn, &caller, id).await?;
    Ok(Json(now(&mut conn, id).await?))
}

/// The present state of the import. 404 when there is none.
pub async fn now(conn: &mut Conn, id: ImportId) -> Result<Import> {
    let row = store::find(conn, id).await?.ok_or_else(not_found)?;
    show(conn, vec![row]).await?.pop().ok_or_else(not_found)
}
