//! `PATCH /api/opportunites/{id}`: what stands outside the sections, above all who owns it.

use afpi_db::{Conn, Value as Sql, sql};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use uuid::Uuid;

use super::create::{assignable, search_text};
use super::hooks::{self, Wish};
use super::input::{OpportuniteUpdate, day};
use super::moves::{as_seen, lost_race};
use super::read::{self, OpportuniteAnswer};
use super::subject::Subject;
use crate::auth::caller::Caller;
use crate::http::input::{Body, Id, IfMatch};
use crate::http::problem::{ApiResult, Problem, ProblemBody, field, forbidden, invalid};
use crate::http::request_id::RequestId;
use crate::platform::events::{self, Event, Record};
use crate::platform::plugins::hooks::{Asked, stored};
use crate::rights::{Action, Role};
use crate::state::App;
use crate::text::text;

/// Change some fields.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateOpportunite", tag = "opportunites", request_body = OpportuniteUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = OpportuniteAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id,
    IfMatch(seen): IfMatch,
    Body(change): Body<OpportuniteUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::OpportunitesEdit)?;
    let now = crate::clock::now();
    let before = as_seen(&app, &caller, request.as_str(), id, seen).await?;
    let (values, changes) = differences(&before, &change);
    let assigned = change.commercial_id.filter(|c| *c != before.commercial_id);
    check(&app, &caller, &before, &change, assigned).await?;
    let asked = match assigned {
        Some(commercial) => hooks::ask(&app, &caller, request.as_str(), &before, Wish::Assign { commercial }, now).await?,
        None => vec![],
    };
    if !values.is_empty() {
        let written = afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            if !write(&mut tx, &before, &values, now).await? {
                return Ok(false);
            }
            history(&mut tx, &before, &caller, &changes, assigned.is_some(), &asked, now).await?;
            if let Some(commercial) = assigned {
                let data = json!({"from": before.commercial_id, "to": commercial});
                let event = Event { name: "opportunite.assigned".into(), at: now, site_id: before.localisation_id, actor_id: Some(caller.id), about: Some(Record::Opportunite(id)), data, depth: 0 };
                events::emit(&mut tx, &event, request.as_str()).await?;
            }
            tx.commit().await?;
            Ok::<bool, Problem>(true)
        })
        .await?;
        if !written {
            return Err(lost_race(&app, &caller, request.as_str(), id, seen).await?);
        }
        app.jobs.wake();
    }
    let (headers, answer) = read::answer(&app, &caller, request.as_str(), id).await?;
    Ok((headers, Json(answer)))
}

/// What the caller may not ask for, or nobody can have.
async fn check(app: &App, caller: &Caller, before: &Subject, change: &OpportuniteUpdate, assigned: Option<Uuid>) -> ApiResult<()> {
    if let Some(commercial) = assigned {
        if caller.role == Role::Commercial {
            return Err(forbidden());
        }
        if let Some(problem) = assignable(&mut app.db.read().await?, commercial, before.localisation_id).await? {
            return Err(invalid(vec![problem]));
        }
    }
    if let Some(Some(wished)) = &change.wished_start
        && day(wished).is_err()
    {
        return Err(invalid(vec![field("/wishedStart", "date", text("Date attendue (AAAA-MM-JJ).", "Date expected (YYYY-MM-DD)."))]));
    }
    if change.participants.flatten().is_some_and(|n| !(1..=10_000).contains(&n)) {
        return Err(invalid(vec![field("/participants", "range", text("Entre 1 et 10 000.", "Between 1 and 10,000."))]));
    }
    Ok(())
}

/// Columns to set, and the same for the history.
fn differences(before: &Subject, change: &OpportuniteUpdate) -> (Vec<(&'static str, Sql)>, Vec<Value>) {
    let mut values: Vec<(&'static str, Sql)> = Vec::new();
    let mut changes = Vec::new();
    let mut note = |name: &str, column: &'static str, from: Value, to: Value, value: Sql| {
        if from != to {
            changes.push(json!({"field": format!("/{name}"), "from": from, "to": to}));
            values.push((column, value));
        }
    };
    if let Some(title) = &change.title {
        note("title", "title", json!(before.title), json!(title.trim()), title.trim().into());
    }
    if let Some(budget) = change.budget {
        note("budget", "budget", json!(before.budget), json!(budget), budget.into());
    }
    if let Some(kind) = change.kind {
        note("kind", "kind", json!(before.kind), json!(kind.as_str()), kind.as_str().into());
    }
    if let Some(commercial) = change.commercial_id {
        note("commercialId", "commercial_id", json!(before.commercial_id), json!(commercial), commercial.into());
    }
    if let Some(participants) = change.participants {
        note("participants", "participants", json!(before.participants), json!(participants), participants.into());
    }
    if let Some(wished) = &change.wished_start {
        note("wishedStart", "wished_start", json!(before.wished_start), json!(wished), wished.into());
    }
    // Until there is a quote the budget is what the opportunité is worth.
    if let Some(budget) = change.budget
        && before.amount == before.budget
        && budget != before.budget
    {
        values.push(("amount", budget.into()));
    }
    if let Some(title) = &change.title {
        values.push(("search", search_text(&before.numero, title, &before.entreprise_name).into()));
    }
    if changes.is_empty() { (vec![], vec![]) } else { (values, changes) }
}

/// Sets the columns if the version is still the one read; whether it was.
async fn write(tx: &mut Conn, before: &Subject, values: &[(&'static str, Sql)], now: i64) -> ApiResult<bool> {
    let mut query = sql("UPDATE opportunites SET updated_at = ?").bind(now);
    for (column, value) in values {
        query.push(", ").push(column).push(" = ?").arg(value.clone());
    }
    query.push(", version = version + 1 WHERE id = ?").arg(before.id);
    query.push(" AND version = ?").arg(before.version);
    Ok(query.execute(tx).await? == 1)
}

async fn history(tx: &mut Conn, before: &Subject, caller: &Caller, changes: &[Value], assigned: bool, asked: &[Asked], now: i64) -> ApiResult<()> {
    let kind = if assigned { "assigned" } else { "edited" };
    sql("INSERT INTO historique (id, opportunite_id, at, kind, actor_id, plugin_id, plugin_version, changes, hooks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(Uuid::now_v7())
        .bind(before.id)
        .bind(now)
        .bind(kind)
        .bind(caller.id)
        .bind(&before.workflow_plugin)
        .bind(&before.workflow_version)
        .bind(Value::Array(changes.to_vec()).to_string())
        .bind(stored(asked))
        .execute(tx)
        .await?;
    Ok(())
}
