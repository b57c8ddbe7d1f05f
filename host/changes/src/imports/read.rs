//! `GET /api/imports/{id}`; the JSON form of an import.

use afpi_db::{Conn, Json as JsonColumn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, ImportRow};
use super::{own, source};
use crate::engine::run::{Counts, State as RunState};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{ImportId, LocalisationId};
use afpi_core::text::{Text, text};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A file of companies and contacts, and its state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    #[schema(value_type = Uuid)]
    pub id: ImportId,
    pub name: String,
    /// The localisation whose companies it may change. New ones go there.
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    /// `utf-8` or `windows-1252`.
    pub encoding: String,
    pub delimiter: String,
    /// Lines of records.
    pub total: i64,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    pub state: ImportState,
    /// How many lines were read, or changes applied or undone, and the total.
    pub progress: ImportProgress,
    /// The counts of the preview, or of the applied changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub counts: Option<Counts>,
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
    /// The field it maps to, of a company (`name`, `siret`, `address.city`, …) or of its contact (`contact.lastName`,
    /// …). `null`: it is left out.
    pub field: Option<String>,
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
        state: String, done: i64, total: i64, counts: JsonColumn<Counts>, message_fr: Option<String>, message_en: Option<String>,
    }
}

/// The import in the API form. 404 when there is none.
pub async fn show(conn: &mut Conn, row: Option<ImportRow>) -> Result<Import> {
    let row = row.ok_or_else(not_found)?;
    let run = sql("SELECT state, done, total, counts, message_fr, message_en FROM sync_runs WHERE source = ? ORDER BY id DESC LIMIT 1")
        .bind(source::key(row.id))
        .optional::<Run>(conn)
        .await?;
    let state = run.as_ref().map_or(ImportState::Uploaded, |run| state(RunState::parse(&run.state)));
    let error = run
        .as_ref()
        .filter(|_| state == ImportState::Failed)
        .and_then(|run| run.message_fr.clone().zip(run.message_en.clone()))
        .map(|(fr, en)| text(fr, en));
    let columns = row.header.0.into_iter().zip(row.mapping.0).map(|(name, field)| Column { name, field });
    Ok(Import {
        id: row.id,
        name: row.name,
        localisation_id: row.localisation_id,
        encoding: row.encoding,
        delimiter: row.delimiter,
        total: row.total,
        columns: columns.collect(),
        state,
        progress: run.as_ref().map(|run| ImportProgress { done: run.done, total: run.total }).unwrap_or_default(),
        counts: run.map(|run| run.counts.0),
        error,
        created_at: row.created_at,
        version: row.version,
    })
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
    let row = own(&mut conn, &caller, id).await?;
    Ok(Json(show(&mut conn, Some(row)).await?))
}

/// The present state of the import.
pub async fn now(conn: &mut Conn, id: ImportId) -> Result<Import> {
    let row = store::find(conn, id).await?;
    show(conn, row).await
}
