//! `GET /api/opportunites/{id}/historique`: the history of a file, newest first.

use std::collections::HashMap;

use afpi_db::{Json as JsonColumn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::item::UserRef;
use super::stored;
use crate::journal::label;
use afpi_core::clock::Instant;
use afpi_core::id::{OpportuniteId, UserId};
use afpi_core::text::Text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::SubjectKind;
use afpi_platform::plugins::hooks::{Asked, Told};
use afpi_platform::plugins::labels::Labels;
use afpi_platform::state::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoriqueEntryList {
    data: Vec<HistoriqueEntry>,
}

/// One line: the operation, from, to, actor, time, reason, and the deciding plugin.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoriqueEntry {
    id: Uuid,
    at: Instant,
    /// `created`, `moved`, `edited`, `assigned`, or `refused`: a hook refused the change; then `transition` and
    /// `target` name the attempted move.
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
    /// The plugin's labels of these words, also after the plugin is gone.
    labels: HistoriqueLabels,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FieldChange>>)]
    changes: Option<Value>,
    /// The plugin that refused, and its reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    refusal: Option<Told>,
    /// The hooks that were asked, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    hooks: Vec<Asked>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct HistoriqueLabels {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    transition: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    source: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    target: Option<Text>,
}

impl HistoriqueLabels {
    /// The labels of a line's transition, source and target. An edit names a section, a move names a status.
    pub fn of(kind: &str, words: [&Option<String>; 3], kept: &Labels) -> HistoriqueLabels {
        let place = if kind == "edited" { "section" } else { "status" };
        let label = |kind: &str, word: &Option<String>| word.as_ref().and_then(|word| kept.get(kind, word)).cloned();
        let [transition, source, target] = words;
        HistoriqueLabels {
            transition: label("transition", transition),
            source: label(place, source),
            target: label(place, target),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.transition.is_none() && self.source.is_none() && self.target.is_none()
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PluginVersionRef)]
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
    /// What people call a field that no form of the workflow has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    label: Option<Text>,
}

/// The changes of a line, with the host's own words for its own fields.
fn labelled(mut changes: Value) -> Value {
    for change in changes.as_array_mut().into_iter().flatten() {
        let known = change["field"].as_str().and_then(|pointer| label(SubjectKind::Opportunite, pointer));
        if let (Some(known), Some(change)) = (known, change.as_object_mut()) {
            change.insert("label".into(), json!(known));
        }
    }
    changes
}

afpi_db::row! {
    struct Row {
        id: Uuid, at: Instant, kind: String, transition: Option<String>, source: Option<String>, target: Option<String>,
        reason: Option<String>, actor_id: UserId, actor_name: String, actor_role: String, plugin_id: String, plugin_version: String,
        changes: Option<JsonColumn<Value>>, hooks: Option<JsonColumn<Vec<Asked>>>,
    }
}

/// The plugin whose labels the line uses. A hook that refused has no labels of its own.
fn speaker<'a>(row: &'a Row, workflow: &'a str) -> &'a str {
    if row.kind == "refused" { workflow } else { &row.plugin_id }
}

/// Read the history of an opportunité (at most 500 lines).
#[utoipa::path(get, path = "/{id}/historique", operation_id = "getHistorique", tag = "opportunites", params(("id" = Uuid, Path)),
    responses((status = 200, body = HistoriqueEntryList), (status = 404, body = ProblemBody)))]
pub(super) async fn historique(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<OpportuniteId>,
) -> ApiResult<Json<HistoriqueEntryList>> {
    let mut conn = app.db.read().await?;
    let workflow = stored::load(&mut conn, &caller.scope(), id).await?.into_inner().workflow_plugin;
    let rows: Vec<Row> = sql(
        "SELECT j.id, j.at, j.act AS kind, j.transition, j.source, j.target, j.reason, j.actor_id, u.name AS actor_name, \
         u.role AS actor_role, j.plugin_id, j.plugin_version, j.changes, j.hooks FROM journal j JOIN users u ON u.id = j.actor_id \
         WHERE j.subject_kind = 'opportunite' AND j.subject_id = ? AND j.actor_kind = 'person' ORDER BY j.seq DESC LIMIT 500",
    )
    .bind(id)
    .all(&mut conn)
    .await?;
    let mut kept: HashMap<String, Labels> = HashMap::new();
    for row in &rows {
        let speaker = speaker(row, &workflow);
        if !kept.contains_key(speaker) {
            kept.insert(speaker.to_owned(), Labels::of(&mut conn, speaker).await?);
        }
    }
    let data = rows
        .into_iter()
        .map(|mut r| HistoriqueEntry {
            refusal: if r.kind == "refused" {
                r.changes.take().and_then(|c| serde_json::from_value(c.0).ok())
            } else {
                None
            },
            labels: kept
                .get(speaker(&r, &workflow))
                .map(|kept| HistoriqueLabels::of(&r.kind, [&r.transition, &r.source, &r.target], kept))
                .unwrap_or_default(),
            id: r.id,
            at: r.at,
            kind: r.kind,
            transition: r.transition,
            source: r.source,
            target: r.target,
            reason: r.reason,
            actor: UserRef { id: r.actor_id, name: r.actor_name, role: r.actor_role },
            plugin: PluginVersion { id: r.plugin_id, version: r.plugin_version },
            changes: r.changes.map(|c| labelled(c.0)),
            hooks: r.hooks.map(|hooks| hooks.0).unwrap_or_default(),
        })
        .collect();
    Ok(Json(HistoriqueEntryList { data }))
}
