//! `PATCH /api/opportunites/{id}`: changes fields outside the sections, above all the owner.

use afpi_db::{Conn, Value as Sql, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::create::assignable;
use super::hooks::{self, Wish};
use super::input::{LostReason, OpportuniteUpdate, Origine};
use super::moves::{as_seen, lost_race};
use super::read::{self, OpportuniteAnswer};
use super::search;
use super::stored::StoredOpportunite;
use crate::sessions::LOST;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, Result, field, forbidden, invalid};
use afpi_core::id::{OpportuniteId, UserId};
use afpi_core::rights::{Action, Reach};
use afpi_core::scope::Loaded;
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::events::Record;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Actor, Line};
use afpi_platform::plugins::hooks::{Asked, stored};
use afpi_platform::state::App;

/// Change some fields of an opportunité.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateOpportunite", tag = "opportunites", request_body = OpportuniteUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = OpportuniteAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<OpportuniteUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::OpportunitesEdit)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let before = as_seen(act, id, seen).await?.map(|current| current.whole.stored);
    let workflow = app.plugins.definition(before.localisation_id).await;
    let begins = workflow.as_ref().is_some_and(|w| w.begins(&before.section));
    let (values, changes) = differences(&before, &change, begins);
    let assigned = change.commercial_id.filter(|c| *c != before.commercial_id);
    let ended = workflow.is_some_and(|w| w.ends(&before.status));
    check(act, &before, &changes, assigned, ended).await?;
    let asked = match assigned {
        Some(commercial) => hooks::ask(act, &before, Wish::Assign { commercial }).await?,
        None => vec![],
    };
    if !values.is_empty() {
        let written = afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            if !write(&mut tx, &before, &values, act.now).await? {
                return Ok(false);
            }
            let edit = Edit { changes: &changes, assigned: assigned.is_some(), asked: &asked };
            history(&mut tx, act, &before, &edit).await?;
            if let Some(commercial) = assigned {
                self::assigned(&mut tx, act, &before, commercial).await?;
            }
            idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/opportunites/{id}"))).await?;
            tx.commit().await?;
            Ok::<bool, Error>(true)
        })
        .await?;
        if !written {
            return Err(lost_race(act, id, seen).await?.into());
        }
        app.jobs.wake();
    }
    let (headers, answer) = read::answer(act, id).await?;
    Ok((headers, Json(answer)))
}

/// What people may still say of an opportunité that is closed.
const AFTERWARDS: [&str; 4] = ["/commercialId", "/origine", "/lostReason", "/lostRemark"];
/// What only a lost one has.
const OF_A_LOSS: [&str; 2] = ["/lostReason", "/lostRemark"];

/// Refuses changes that the caller may not make, or that are invalid for everybody.
async fn check(
    act: Act<'_>,
    before: &StoredOpportunite,
    changes: &[Value],
    assigned: Option<UserId>,
    ended: bool,
) -> Result<()> {
    if ended && changes.iter().any(|change| !AFTERWARDS.iter().any(|field| change["field"] == *field)) {
        let message = text(
            "Elle est close : seuls son commercial, sa source et la raison de sa perte peuvent encore changer.",
            "It is closed: only its sales rep, its source and the reason of its loss can still change.",
        );
        return Err(Error::new(ErrorKind::Conflict, text("Opportunité close", "Closed opportunité")).detail(message));
    }
    if before.outcome != LOST {
        let told = changes.iter().filter_map(|change| change["field"].as_str()).filter(|name| OF_A_LOSS.contains(name));
        let message = text("Cette opportunité n'est pas perdue.", "This opportunité is not lost.");
        let problems: Vec<_> = told.map(|name| field(name, "not-lost", message.clone())).collect();
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
    }
    if let Some(commercial) = assigned {
        if act.caller.reach() == Reach::Own {
            return Err(forbidden());
        }
        if let Some(problem) = assignable(&mut act.app.db.read().await?, commercial, before.localisation_id).await? {
            return Err(invalid(vec![problem]));
        }
    }
    Ok(())
}

/// Columns to set, and the same changes for the history. `begins`: the file is still in the workflow's first section.
fn differences(
    before: &StoredOpportunite,
    change: &OpportuniteUpdate,
    begins: bool,
) -> (Vec<(&'static str, Sql)>, Vec<Value>) {
    let mut values: Vec<(&'static str, Sql)> = Vec::new();
    let mut changes = Vec::new();
    let mut note = |name: &str, column: &'static str, from: Value, to: Value, value: Sql| {
        if from != to {
            changes.push(json!({"field": format!("/{name}"), "from": from, "to": to}));
            values.push((column, value));
        }
    };
    if let Some(title) = &change.title {
        note("title", "title", json!(before.title), json!(title), title.into());
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
    if let Some(origine) = change.origine {
        let word = origine.map(Origine::as_str);
        note("origine", "origine", json!(before.origine), json!(word), word.into());
    }
    if let Some(reason) = change.lost_reason {
        let word = reason.map(LostReason::as_str);
        note("lostReason", "lost_reason", json!(before.lost_reason), json!(word), word.into());
    }
    if let Some(remark) = &change.lost_remark {
        let said = remark.as_ref().map(|remark| remark.as_str());
        note("lostRemark", "lost_remark", json!(before.lost_remark), json!(said), said.into());
    }
    // In the first section the amount is the budget. Later the workflow sets the amount, with its next decision.
    if let Some(budget) = change.budget
        && begins
        && before.amount == before.budget
        && budget.get() != before.budget.cents()
    {
        values.push(("amount", budget.into()));
    }
    if let Some(title) = &change.title {
        values.push(("title_key", collation::key(title.trim()).into()));
        values.push(("search", search::words(&before.numero, title.trim(), &before.entreprise_name).into()));
    }
    if changes.is_empty() { (vec![], vec![]) } else { (values, changes) }
}

/// Sets the columns if the version still matches. Returns whether it did.
pub(super) async fn write(
    tx: &mut Conn,
    before: &Loaded<StoredOpportunite>,
    values: &[(&'static str, Sql)],
    now: Instant,
) -> Result<bool> {
    let mut query = sql("UPDATE opportunites SET updated_at = ?").bind(now);
    for (column, value) in values {
        query.push(", ").push(column).push(" = ?").arg(value.clone());
    }
    query.push(", version = version + 1 WHERE id = ?").arg(before.id);
    query.push(" AND version = ?").arg(before.version);
    noted(tx, [(Changed::Opportunite, before.id.uuid())]).await?;
    Ok(query.execute(tx).await? == 1)
}

/// Emits the event about the new owner.
pub(super) async fn assigned(
    tx: &mut Conn,
    act: Act<'_>,
    before: &StoredOpportunite,
    commercial: UserId,
) -> Result<()> {
    act.emit(
        tx,
        "opportunite.assigned",
        before.localisation_id,
        Some(Record::Opportunite(before.id)),
        json!({"from": before.commercial_id, "to": commercial}),
    )
    .await
}

/// An edit of an opportunité, for the journal.
pub(super) struct Edit<'a> {
    /// `{field, from, to}` each.
    pub changes: &'a [Value],
    /// Does it give the file to somebody else?
    pub assigned: bool,
    /// The hooks that were asked.
    pub asked: &'a [Asked],
}

/// A line of the journal: assigned to somebody, or edited.
pub(super) async fn history(tx: &mut Conn, act: Act<'_>, before: &StoredOpportunite, edit: &Edit<'_>) -> Result<()> {
    let Edit { changes, assigned, asked } = *edit;
    let subject = journal::Subject::Opportunite(before.id);
    let done = if assigned { journal::Activity::Assigned } else { journal::Activity::Edited };
    let line = Line {
        changes: Some(Value::Array(changes.to_vec())),
        hooks: stored(asked),
        plugin: (&before.workflow_plugin, &before.workflow_version),
        ..Line::new(subject, Some(before.localisation_id), Actor::Person(act.caller.id), done, act.now)
    };
    Ok(journal::write(tx, vec![line], act.correlation_id).await?)
}
