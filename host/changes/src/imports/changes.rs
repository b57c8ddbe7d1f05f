//! `GET /api/imports/{id}/changes`: what a preview found, line by line, and what became of it.

use std::collections::BTreeMap;

use afpi_db::{Json as JsonColumn, Sql, sql};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{own, store};
use crate::engine::change::{Action, Entity};
use crate::engine::merge::Conflict;
use afpi_core::text::{Text, text};
use afpi_http::input::{Id, Params};
use afpi_http::paging::{Key, Page, PageRequest, SortKey, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// What a line of the file means for a record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportChange {
    /// The line of the file, from 1; a record over several lines goes by its first one.
    pub line: i64,
    /// `entreprise` or `contact`.
    pub entity: String,
    pub action: Action,
    /// A name to recognise it by.
    pub label: String,
    /// The record here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub record_id: Option<Uuid>,
    /// The fields that change, with their old values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Object>)]
    pub before: Option<Map<String, Value>>,
    /// The fields that change, with their new values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Object>)]
    pub after: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reason: Option<Text>,
    /// Fields that a person changed between preview and apply, by name: they are left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub conflicts: Option<BTreeMap<String, Conflict>>,
}

afpi_db::row! {
    struct Row {
        run_id: Uuid, seq: i64, entity: String, external_id: String, action: String, label: String, record_id: Option<Uuid>,
        before_fields: Option<JsonColumn<Map<String, Value>>>, after_fields: Option<JsonColumn<Map<String, Value>>>,
        reason_fr: Option<String>, reason_en: Option<String>, conflicts: Option<JsonColumn<BTreeMap<String, Conflict>>>,
    }
}

fn show(row: Row) -> ImportChange {
    let action = Action::parse(&row.action).unwrap_or(Action::Skipped);
    ImportChange {
        line: row.external_id.parse().unwrap_or_default(),
        entity: row.entity,
        action,
        label: row.label,
        // A record that is to be created has its id already, but is not there to be looked at before it is.
        record_id: row.record_id,
        before: row.before_fields.map(|f| f.0),
        after: row.after_fields.map(|f| f.0),
        reason: row.reason_fr.zip(row.reason_en).map(|(fr, en)| text(fr, en)),
        conflicts: row.conflicts.map(|c| c.0),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    action: Option<Action>,
    entity: Option<Entity>,
}

static SORTS: Sorts<Row> =
    Sorts { default: "seq", keys: &[SortKey { name: "seq", column: "c.seq", key: |r| Key::Int(r.seq) }] };

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters) {
    if let Some(action) = f.action {
        query.push(" AND c.action = ?").arg(action.as_str());
    }
    if let Some(entity) = f.entity {
        query.push(" AND c.entity = ?").arg(entity.as_str());
    }
}

/// What the newest preview found, or what became of it, in the order of the file but for companies before their
/// contacts.
#[utoipa::path(get, path = "/{id}/changes", operation_id = "listImportChanges", tag = "imports",
    params(("id" = Uuid, Path), Filters),
    responses((status = 200, body = Page<ImportChange>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<ImportChange>>> {
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), &SORTS, &(id, f.action, f.entity))?;
    let mut conn = app.db.read().await?;
    own(&mut conn, &caller, id).await?;
    let run = store::last_run(&mut conn, id).await?.map(|(run, ..)| run).unwrap_or_default();
    let mut count = sql("SELECT COUNT(*) FROM sync_changes c WHERE c.run_id = ?").bind(run);
    filter(&mut count, &f);
    let total = count.scalar(&mut conn).await?;
    let mut query = sql("SELECT c.run_id, c.seq, c.entity, c.external_id, c.action, c.label, c.record_id, c.before_fields, c.after_fields, \
                         c.reason_fr, c.reason_en, c.conflicts FROM sync_changes c WHERE c.run_id = ?").bind(run);
    filter(&mut query, &f);
    // The sequence is unique within the run, so the run's own id can stand where paging wants a second key.
    page.apply(&mut query, "c.run_id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |row: &Row| row.run_id, show)))
}
