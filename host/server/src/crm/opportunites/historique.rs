//! `GET /api/opportunites/{id}/historique`: everything that happened to it, newest first.

use afpi_db::{Json as JsonColumn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::item::UserRef;
use super::subject;
use crate::auth::caller::Caller;
use crate::clock::Instant;
use crate::http::input::Id;
use crate::http::problem::{ApiResult, ProblemBody};
use crate::state::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoriqueEntryList {
    data: Vec<HistoriqueEntry>,
}

/// One line: what, from, to, who, when, why, and which plugin decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoriqueEntry {
    id: Uuid,
    at: Instant,
    /// `created`, `moved`, `edited` or `assigned`.
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    transition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    actor: UserRef,
    plugin: PluginVersion,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FieldChange>>)]
    changes: Option<Value>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PluginVersion {
    id: String,
    version: String,
}

/// One field that changed.
#[derive(Serialize, ToSchema)]
pub struct FieldChange {
    field: String,
    from: Option<Value>,
    to: Option<Value>,
}

afpi_db::row! {
    struct Row {
        id: Uuid, at: i64, kind: String, transition: Option<String>, source: Option<String>, target: Option<String>,
        reason: Option<String>, actor_id: Uuid, actor_name: String, actor_role: String, plugin_id: String, plugin_version: String,
        changes: Option<JsonColumn<Value>>,
    }
}

/// The history of one opportunité (at most 500 lines).
#[utoipa::path(get, path = "/{id}/historique", operation_id = "getHistorique", tag = "opportunites", params(("id" = Uuid, Path)),
    responses((status = 200, body = HistoriqueEntryList), (status = 404, body = ProblemBody)))]
pub(super) async fn historique(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<HistoriqueEntryList>> {
    let mut conn = app.db.read().await?;
    subject::load(&mut conn, &caller.scope(), id).await?;
    let rows: Vec<Row> = sql(
        "SELECT h.id, h.at, h.kind, h.transition, h.source, h.target, h.reason, h.actor_id, u.name AS actor_name, u.role AS actor_role, \
         h.plugin_id, h.plugin_version, h.changes FROM historique h JOIN users u ON u.id = h.actor_id \
         WHERE h.opportunite_id = ? ORDER BY h.at DESC, h.id DESC LIMIT 500",
    )
    .bind(id)
    .all(&mut conn)
    .await?;
    let data = rows
        .into_iter()
        .map(|r| HistoriqueEntry {
            id: r.id,
            at: Instant(r.at),
            kind: r.kind,
            transition: r.transition,
            source: r.source,
            target: r.target,
            reason: r.reason,
            actor: UserRef { id: r.actor_id, name: r.actor_name, role: r.actor_role },
            plugin: PluginVersion { id: r.plugin_id, version: r.plugin_version },
            changes: r.changes.map(|c| c.0),
        })
        .collect();
    Ok(Json(HistoriqueEntryList { data }))
}
