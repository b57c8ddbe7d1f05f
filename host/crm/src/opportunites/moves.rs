//! `POST …/transitions/{name}` and `PUT …/sections/{section}`: the workflow decides, the host applies.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use afpi_db::{Conn, sql};
use afpi_plugins::contract::workflow::Decision;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use super::apply::{self, Author, Operation};
use super::hooks::{self, Wish};
use super::item::ItemRow;
use super::numbers;
use super::perte::{self, Told};
use super::read::{self, Current, Known, OpportuniteAnswer, Whole};
use super::search;
use super::sent_back::{LastMove, SentBack};
use super::stored::{Beside, StoredOpportunite, moment};
use super::{decision, documents};
use crate::attachments;
use crate::pieces::{self, Decided};
use crate::sessions::{self, Followed};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, field, invalid, not_found, stale};
use afpi_core::id::OpportuniteId;
use afpi_core::scope::Loaded;
use afpi_core::text::text;
use afpi_http::input::{AnyBody, IdNamed, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::checklist::Filed;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal;
use afpi_platform::plugins::failure;
use afpi_platform::plugins::failures::wrong_answer;
use afpi_platform::plugins::hooks::Asked;
use afpi_platform::schema;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// Take a transition.
#[utoipa::path(post, path = "/{id}/transitions/{name}", operation_id = "transition", tag = "opportunites",
    params(("id" = Uuid, Path), ("name" = String, Path), ("If-Match" = String, Header, description = "The version seen")), request_body = Object,
    responses((status = 200, body = OpportuniteAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn transition(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    IdNamed(id, name): IdNamed<OpportuniteId>,
    IfMatch(seen): IfMatch,
    AnyBody(input): AnyBody<Map<String, Value>>,
) -> ApiResult<impl IntoResponse> {
    let act = Act::begin(&app, &caller, request.as_str());
    let written = moved(act, id, seen, &name, input).await?;
    let (headers, answer) = read::present(act, written.whole, written.known).await?;
    Ok((headers, Json(answer)))
}

/// Replace a section's document.
#[utoipa::path(put, path = "/{id}/sections/{section}", operation_id = "putSection", tag = "opportunites",
    params(("id" = Uuid, Path), ("section" = String, Path), ("If-Match" = String, Header, description = "The version seen")), request_body = Object,
    responses((status = 200, body = OpportuniteAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn put_section(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    IdNamed(id, section): IdNamed<OpportuniteId>,
    IfMatch(seen): IfMatch,
    AnyBody(document): AnyBody<Map<String, Value>>,
) -> ApiResult<impl IntoResponse> {
    let act = Act::begin(&app, &caller, request.as_str());
    let written = edited(act, id, seen, &section, document).await?;
    let (headers, answer) = read::present(act, written.whole, written.known).await?;
    Ok((headers, Json(answer)))
}

/// Takes a transition in the caller's name.
pub async fn take(act: Act<'_>, id: OpportuniteId, seen: i64, name: &str, input: Map<String, Value>) -> Result<()> {
    moved(act, id, seen, name, input).await.map(drop)
}

/// Replaces a section's document in the caller's name.
pub async fn edit(
    act: Act<'_>,
    id: OpportuniteId,
    seen: i64,
    section: &str,
    document: Map<String, Value>,
) -> Result<()> {
    edited(act, id, seen, section, document).await.map(drop)
}

/// A record after a change, and what the change has left known for its answer.
struct Written {
    whole: Whole,
    known: Known,
}

async fn moved(act: Act<'_>, id: OpportuniteId, seen: i64, name: &str, input: Map<String, Value>) -> Result<Written> {
    let (before, shown, beside) = apart(as_seen(act, id, seen).await?);
    let filed = beside.no_files();
    let decided = decide_with(act, before, filed, name, input).await?;
    let written = commit(act, &decided.before, shown, &beside, &decided.agreed()).await?;
    decided.count(act);
    Ok(written)
}

/// What plugins see of a record, what lists show of it, and what stands beside it.
fn apart(current: Loaded<Current>) -> (Loaded<StoredOpportunite>, ItemRow, Beside) {
    let (shown, beside) = (current.whole.shown.clone(), current.beside.clone());
    (current.map(|current| current.whole.stored), shown, beside)
}

/// A transition that the workflow and the hooks have agreed to, and that is not written yet.
pub struct DecidedMove {
    pub before: Loaded<StoredOpportunite>,
    definition: Arc<Definition>,
    decision: Decision,
    /// What was said of a loss.
    told: Told,
    /// The files that it counted on.
    filed: Filed,
    asked: Vec<Asked>,
    name: String,
}

/// Asks the workflow, then the hooks.
pub async fn decide(
    act: Act<'_>,
    before: Loaded<StoredOpportunite>,
    name: &str,
    input: Map<String, Value>,
) -> Result<DecidedMove> {
    decide_with(act, before, None, name, input).await
}

/// `filed` are the pieces that have a file, where they are known.
async fn decide_with(
    act: Act<'_>,
    before: Loaded<StoredOpportunite>,
    filed: Option<Filed>,
    name: &str,
    input: Map<String, Value>,
) -> Result<DecidedMove> {
    let Act { app, caller, now, .. } = act;
    let (plugin, definition) = app.plugins.workflow(before.localisation_id).await?;
    let context = act.context();
    let carried = documents::carried((*before).clone(), &plugin, &definition, &context).await?;
    let before = before.map(|_| carried);
    let known = definition.transition(name).ok_or_else(not_found)?;
    let name = known.id.clone();
    let input = Value::Object(input);
    let problems = match definition.transition_form(&name) {
        Some(form) => schema::problems(form, &input),
        None => input.as_object().into_iter().flatten().map(|(k, _)| unexpected(k)).collect(),
    };
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let (shown, filed) = documents::with_files(app, &definition, (*before).clone(), filed).await?;
    let mut decision = plugin
        .decide(
            &context,
            &shown.for_workflow(),
            &name,
            &input.to_string(),
            &caller.actor(before.commercial_id),
            &moment(now),
        )
        .await
        .map_err(failure)?;
    decision.data = documents::merge(&before.documents()?, &decision.data, &definition)?;
    decision::check(&decision, &definition)?;
    let told = Told::of(&definition, &name, &input, &decision.data);
    let asked = hooks::ask(act, &before, Wish::Move { transition: &name, decision: &decision }).await?;
    Ok(DecidedMove { before, definition, decision, told, filed, asked, name })
}

impl DecidedMove {
    fn agreed(&self) -> Agreed<'_> {
        let DecidedMove { definition, decision, told, filed, asked, .. } = self;
        Agreed { definition, decision, told, filed, asked, edited: None }
    }

    /// Writes it. Returns whether the record was still as the workflow saw it; otherwise nothing is written.
    pub async fn write(&self, tx: &mut Conn, act: Act<'_>) -> Result<bool> {
        Ok(write(tx, act, &self.before, None, &self.agreed()).await?.is_some())
    }

    /// The record as it will be, for a further move in the same transaction.
    ///
    /// # Errors
    /// 502 when the move takes a number of a series: the documents have it only once it is written.
    pub fn after(&self, now: Instant) -> Result<Loaded<StoredOpportunite>> {
        if !self.decision.numberings.is_empty() {
            return Err(wrong_answer("it numbers a document in a move that records a payment"));
        }
        let data = self.decision.data.clone();
        Ok(self
            .before
            .clone()
            .map(|before| decision::after(before, &self.definition, &self.decision, data, &self.told, now)))
    }

    /// Counts it, after the commit.
    pub fn count(&self, act: Act<'_>) {
        let site = act.app.plugins.site_code(self.before.localisation_id);
        act.app.metrics.opportunites_moved.with_label_values(&[&site, &self.name]).inc();
    }
}

async fn edited(
    act: Act<'_>,
    id: OpportuniteId,
    seen: i64,
    section: &str,
    document: Map<String, Value>,
) -> Result<Written> {
    let Act { app, caller, now, .. } = act;
    let (before, shown_before, beside) = apart(as_seen(act, id, seen).await?);
    let (plugin, definition) = app.plugins.workflow(before.localisation_id).await?;
    let context = act.context();
    let carried = documents::carried((*before).clone(), &plugin, &definition, &context).await?;
    let before = before.map(|_| carried);
    let form = definition.section_form(section).ok_or_else(not_found)?;
    let (shown, filed) = documents::with_files(app, &definition, (*before).clone(), beside.no_files()).await?;
    let mut document = document;
    if let Some(list) = definition.section(section).and_then(|section| section.checklist.as_ref()) {
        list.fill(&mut document, &|piece| filed.contains(&(section.to_owned(), piece.to_owned())));
    }
    let document = Value::Object(document);
    let problems = schema::problems(form, &document);
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let text_form = document.to_string();
    let mut decision = plugin
        .edit(&context, &shown.for_workflow(), section, &text_form, &caller.actor(before.commercial_id), &moment(now))
        .await
        .map_err(failure)?;
    decision.data = documents::merge(&before.documents()?, &decision.data, &definition)?;
    decision::check(&decision, &definition)?;
    let asked = hooks::ask(act, &before, Wish::Edit(&decision)).await?;
    let (edited, told) = (Some(section), Told::default());
    let agreed =
        Agreed { definition: &definition, decision: &decision, told: &told, filed: &filed, asked: &asked, edited };
    commit(act, &before, shown_before, &beside, &agreed).await
}

fn unexpected(name: &str) -> afpi_core::error::FieldProblem {
    field(format!("/{name}"), "unknown-field", text("Rien n'est demandé ici.", "Nothing is asked here."))
}

/// The record in the version that the caller saw, otherwise 412 with its present state.
pub(super) async fn as_seen(act: Act<'_>, id: OpportuniteId, seen: i64) -> Result<Loaded<Current>> {
    let current = read::current(&mut act.app.db.read().await?, &act.caller.scope(), id).await?;
    if current.whole.stored.version == seen { Ok(current) } else { Err(lost_race(act, id, seen).await?) }
}

/// 412: the present record, and the parts that changed after the caller's version.
pub(super) async fn lost_race(act: Act<'_>, id: OpportuniteId, seen: i64) -> Result<Error> {
    let (_, answer) = read::answer(act, id).await?;
    let changed = {
        let mut conn = act.app.db.read().await?;
        // Every version after the first is one operation; the newest ones are those the caller has not seen. One
        // operation may have several lines, for example a move with several steps. They share the instant.
        let unseen = (answer.opportunite.item.version - seen).clamp(1, 50) as usize;
        let mut query = sql(
            "SELECT at, act, changes FROM journal WHERE subject_kind = 'opportunite' AND subject_id = ? AND act <> 'refused'",
        );
        query.arg(id).push(" ORDER BY seq DESC").limit(500);
        let lines = query.all::<(Instant, String, Option<String>)>(&mut conn).await?;
        read::changed_parts(lines.chunk_by(|a, b| a.0 == b.0).take(unseen).flatten())
    };
    Ok(stale(answer.opportunite, changed))
}

/// A checked decision that the hooks have accepted.
struct Agreed<'a> {
    definition: &'a Definition,
    decision: &'a Decision,
    told: &'a Told,
    /// The files that it counted on.
    filed: &'a Filed,
    /// The hooks that were asked.
    asked: &'a [Asked],
    /// The section whose document was replaced. `None` for a transition.
    edited: Option<&'a str>,
}

/// Writes it in a transaction of its own.
async fn commit(
    act: Act<'_>,
    before: &Loaded<StoredOpportunite>,
    shown: ItemRow,
    beside: &Beside,
    agreed: &Agreed<'_>,
) -> Result<Written> {
    let app = act.app;
    // After a collision, what stands beside the row is read again.
    let beside_once = AtomicBool::new(true);
    let written = afpi_db::retry(|| async {
        let beside = beside_once.swap(false, Ordering::Relaxed).then_some(beside);
        let mut tx = app.db.begin().await?;
        let Some(data) = write(&mut tx, act, before, beside, agreed).await? else { return Ok(None) };
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/opportunites/{}", before.id))).await?;
        tx.commit().await?;
        Ok::<_, Error>(Some(data))
    })
    .await?;
    let Some(data) = written else {
        return Err(lost_race(act, before.id, before.version).await?);
    };
    app.jobs.wake();
    Ok(agreed.written(act, before, shown, beside, data))
}

impl Agreed<'_> {
    /// Does it book half-days?
    fn books(&self) -> bool {
        self.decision.bookings.as_ref().is_some_and(|bookings| !bookings.is_empty())
    }

    /// The record as it was written.
    fn written(
        &self,
        act: Act<'_>,
        before: &StoredOpportunite,
        shown: ItemRow,
        beside: &Beside,
        data: String,
    ) -> Written {
        let Agreed { definition, decision, told, filed, edited, .. } = *self;
        let stored = decision::after(before.clone(), definition, decision, data, told, act.now);
        let last = decision.steps.last().filter(|_| edited.is_none()).map(|step| LastMove {
            transition: step.transition.clone(),
            told: SentBack {
                at: act.now,
                by: act.caller.name.clone(),
                reason: decision::short(&step.reason).to_owned(),
            },
        });
        let shown = ItemRow {
            section: stored.section.clone(),
            status: stored.status.clone(),
            outcome: stored.outcome.clone(),
            amount: stored.amount,
            due_at: stored.due_at,
            section_since: stored.section_since,
            updated_at: stored.updated_at,
            workflow_plugin: stored.workflow_plugin.clone(),
            version: stored.version,
            lost_at: stored.lost_at,
            lost_reason: stored.lost_reason.clone(),
            lost_remark: stored.lost_remark.clone(),
            ..shown
        };
        let known = Known {
            filed: Some(filed.clone()),
            bookings: (!self.books() && !beside.booked).then(Vec::new),
            last_move: last,
            unmoved: false,
        };
        Written { whole: Whole { stored, shown }, known }
    }
}

/// The parts of a decision that concern sessions. `data` are the documents with their numbers.
fn followed<'a>(
    act: Act<'a>,
    before: &'a StoredOpportunite,
    beside: Option<&Beside>,
    agreed: &Agreed<'a>,
    data: &'a str,
) -> Followed<'a> {
    Followed {
        of: before,
        definition: agreed.definition,
        data,
        lost: agreed.decision.outcome.as_str() == sessions::LOST,
        booked: agreed.books(),
        joined: beside.map(|beside| beside.joined),
        author: journal::Author::of(act.caller, act.correlation_id),
        now: act.now,
    }
}

/// Writes the row, if it is still as the plugin saw it, and everything beside it. Returns the documents with their
/// numbers, or `None` when nothing was written.
async fn write(
    tx: &mut Conn,
    act: Act<'_>,
    before: &Loaded<StoredOpportunite>,
    beside: Option<&Beside>,
    agreed: &Agreed<'_>,
) -> Result<Option<String>> {
    let Act { app, now, .. } = act;
    let Agreed { definition, decision, told, filed, asked, edited } = *agreed;
    let scope = act.caller.scope();
    let data = numbers::take(tx, before.legal_entity_id, &decision.data, &decision.numberings, now).await?;
    if !update(tx, before, agreed, &data, now).await? {
        return Ok(None);
    }
    if !filed.is_empty() && !filed.is_subset(&attachments::filed(tx, before.id).await?) {
        return Ok(None);
    }
    let issued = Decided { before, definition, data: &data, numberings: &decision.numberings, now };
    pieces::freeze(app, tx, &issued).await?;
    sessions::follow(tx, &followed(act, before, beside, agreed, &data)).await?;
    let operation = match edited {
        Some(section) => Operation::Edited { section, changes: changes(&before.documents()?, &data, Some(section)) },
        None => {
            let mut changes = changes(&before.documents()?, &data, None);
            changes.extend(perte::change(&before.perte(), &told.after(before, decision, now)));
            Operation::Moved { changes }
        }
    };
    let author = Author { act, scope: &scope, definition, asked };
    apply::record(tx, before, beside, decision, operation, &author).await?;
    Ok(Some(data))
}

/// Sets the row. `data` are the documents with their numbers. Returns whether the version still matched.
async fn update(
    tx: &mut Conn,
    before: &Loaded<StoredOpportunite>,
    agreed: &Agreed<'_>,
    data: &str,
    now: Instant,
) -> Result<bool> {
    let Agreed { definition, decision, told, .. } = *agreed;
    let perte = told.after(before, decision, now);
    let since = if decision.section == before.section { before.section_since } else { now };
    let rows = sql(
        "UPDATE opportunites SET section = ?, status = ?, outcome = ?, amount = ?, data = ?, search_data = ?, state = ?, due_at = ?, section_since = ?, \
         workflow_plugin = ?, workflow_version = ?, updated_at = ?, lost_at = ?, lost_reason = ?, lost_remark = ?, version = version + 1 WHERE id = ? AND version = ?",
    )
    .bind(&decision.section)
    .bind(&decision.status)
    .bind(decision.outcome.as_str())
    .bind(decision.amount)
    .bind(data)
    .bind(search::documents(definition, &serde_json::from_str(data).unwrap_or_default()))
    .bind(&decision.state)
    .bind(decision.due)
    .bind(since)
    .bind(&definition.workflow.id)
    .bind(&definition.workflow.version)
    .bind(now)
    .bind(perte.at)
    .bind(perte.reason)
    .bind(perte.remark)
    .bind(before.id)
    .bind(before.version)
    .execute(tx)
    .await?;
    noted(tx, [(Changed::Opportunite, before.id.uuid())]).await?;
    Ok(rows == 1)
}

/// The fields that differ in a section's document, or in all sections: `{field, from, to}` each.
pub(super) fn changes(before: &Map<String, Value>, after: &str, section: Option<&str>) -> Vec<Value> {
    let after: Map<String, Value> = serde_json::from_str(after).unwrap_or_default();
    let sections: BTreeSet<&str> = match section {
        Some(section) => BTreeSet::from([section]),
        None => before.keys().chain(after.keys()).map(String::as_str).collect(),
    };
    let empty = Map::new();
    let mut found = Vec::new();
    for section in sections {
        let old = before.get(section).and_then(Value::as_object).unwrap_or(&empty);
        let new = after.get(section).and_then(Value::as_object).unwrap_or(&empty);
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names.into_iter().filter(|name| old.get(*name) != new.get(*name)) {
            found.push(json!({"field": format!("/{section}/{name}"), "from": old.get(name), "to": new.get(name)}));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_name_the_fields_that_differ() {
        let before: Map<String, Value> = serde_json::from_str(r#"{"a": {"x": 1, "y": 2}, "b": {"z": 3}}"#).unwrap();
        let found = changes(&before, r#"{"a": {"x": 1, "y": 5, "w": true}, "b": {"z": 4}}"#, Some("a"));
        assert_eq!(
            found,
            [json!({"field": "/a/w", "from": null, "to": true}), json!({"field": "/a/y", "from": 2, "to": 5})]
        );
        let of_all = changes(&before, r#"{"a": {"x": 1, "y": 2}, "b": {"z": 4}, "c": {"v": 1}}"#, None);
        assert_eq!(
            of_all,
            [json!({"field": "/b/z", "from": 3, "to": 4}), json!({"field": "/c/v", "from": null, "to": 1})]
        );
    }
}
