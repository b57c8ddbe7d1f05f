//! Applies a workflow plugin's decision: all of it in the caller's transaction, or nothing.

use afpi_db::{Conn, Value, dialect, sql};
use afpi_plugins::contract::workflow::Decision;
use serde_json::json;
use uuid::Uuid;

use super::stored::{Beside, StoredOpportunite};
use super::{bookings, decision};
use crate::webhooks;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::OpportuniteId;
use afpi_core::scope::Scope;
use afpi_platform::act::Act;
use afpi_platform::events::Record;
use afpi_platform::journal::{self, Actor, Line};
use afpi_platform::plugins::hooks::{Asked, stored};
use afpi_platform::workflow::{Definition, Direction};

/// The deciding plugin and the acting person.
pub struct Author<'a> {
    pub act: Act<'a>,
    /// The actor's scope: it limits the trainers whom the actor may book.
    pub scope: &'a Scope,
    pub definition: &'a Definition,
    /// The hooks that were asked.
    pub asked: &'a [Asked],
}

/// The caller's operation, for the history.
pub enum Operation<'a> {
    Created,
    /// Took a transition, which also changed fields of the documents.
    Moved {
        changes: Vec<serde_json::Value>,
    },
    /// Changed fields of a section's document.
    Edited {
        section: &'a str,
        changes: Vec<serde_json::Value>,
    },
}

/// Writes everything beside the row: journal, stay, facts, bookings, event. `before` is the row as the plugin saw it,
/// and `beside` what stood beside it, if that was read with it.
pub(super) async fn record(
    tx: &mut Conn,
    before: &StoredOpportunite,
    beside: Option<&Beside>,
    decision: &Decision,
    operation: Operation<'_>,
    author: &Author<'_>,
) -> Result<()> {
    history(tx, before, beside, decision, &operation, author).await?;
    if decision.section != before.section {
        stay(tx, before, beside, decision, author).await?;
    }
    facts(tx, before, decision, author.act.now).await?;
    bookings::replace(tx, before, decision, author).await?;
    event(tx, before, decision, &operation, author).await
}

/// Lines of the journal: one for the operation, and one for each step of a move. The first line holds the changed
/// fields.
async fn history(
    tx: &mut Conn,
    before: &StoredOpportunite,
    beside: Option<&Beside>,
    decision: &Decision,
    operation: &Operation<'_>,
    author: &Author<'_>,
) -> Result<()> {
    let workflow = &author.definition.workflow;
    let subject = journal::Subject::Opportunite(before.id);
    let line = |act| Line {
        plugin: (&workflow.id, &workflow.version),
        ..Line::new(
            subject.clone(),
            Some(before.localisation_id),
            Actor::Person(author.act.caller.id),
            act,
            author.act.now,
        )
    };
    let steps = decision.steps.iter().map(|step| Line {
        transition: Some(&step.transition),
        source: Some(&step.source),
        target: Some(&step.target),
        reason: Some(decision::short(&step.reason)),
        ..line(journal::Activity::Moved)
    });
    let first = match operation {
        Operation::Created => Some(Line { target: Some(&decision.status), ..line(journal::Activity::Created) }),
        Operation::Edited { section, .. } => Some(Line { source: Some(section), ..line(journal::Activity::Edited) }),
        Operation::Moved { .. } => None,
    };
    let mut lines: Vec<Line> = first.into_iter().chain(steps).collect();
    if let Some(first) = lines.first_mut() {
        first.hooks = stored(author.asked);
        if let Operation::Edited { changes, .. } | Operation::Moved { changes } = operation {
            first.changes = (!changes.is_empty()).then(|| serde_json::Value::Array(changes.clone()));
        }
    }
    let correlation = author.act.correlation_id;
    let written = match beside.and_then(Beside::journal_end) {
        Some(end) => journal::write_after(tx, end, lines, correlation).await,
        None => journal::write(tx, lines, correlation).await,
    };
    Ok(written?)
}

/// Ends the stay in the section before and begins the next one, in one statement.
async fn stay(
    tx: &mut Conn,
    before: &StoredOpportunite,
    beside: Option<&Beside>,
    decision: &Decision,
    author: &Author<'_>,
) -> Result<()> {
    let back = decision
        .steps
        .iter()
        .any(|s| author.definition.transition(&s.transition).is_some_and(|t| t.direction == Direction::Back));
    // A new record has no previous section.
    let open = match beside {
        _ if before.section.is_empty() => None,
        Some(beside) => beside.stay,
        None => open_stay(tx, before.id).await?,
    };
    let (id, now) = (before.id, author.act.now);
    let ended: Option<[Value; 6]> = open.map(|stay| {
        [stay.into(), id.into(), before.section.as_str().into(), before.section_since.into(), now.into(), back.into()]
    });
    let begun: Option<[Value; 6]> = (!decision.section.is_empty()).then(|| {
        let section = decision.section.as_str().into();
        [Uuid::now_v7().into(), id.into(), section, now.into(), Value::Null, false.into()]
    });
    let rows: Vec<_> = ended.into_iter().chain(begun).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = sql("INSERT INTO sejours (id, opportunite_id, section, started_at, ended_at, returned) VALUES ");
    query.rows(rows);
    dialect::upsert(&mut query, tx.backend(), &["id"], &["ended_at", "returned"]);
    query.execute(tx).await?;
    Ok(())
}

async fn open_stay(tx: &mut Conn, id: OpportuniteId) -> afpi_db::Result<Option<Uuid>> {
    let query = sql("SELECT id FROM sejours WHERE opportunite_id = ? AND ended_at IS NULL").bind(id);
    Ok(query.optional::<(Uuid,)>(tx).await?.map(|(stay,)| stay))
}

async fn facts(tx: &mut Conn, before: &StoredOpportunite, decision: &Decision, now: Instant) -> Result<()> {
    if decision.facts.is_empty() {
        return Ok(());
    }
    let mut query = sql(
        "INSERT INTO faits (id, opportunite_id, kind, day, amount, label, commercial_id, localisation_id, at) VALUES ",
    );
    query.rows(decision.facts.iter().map(|f| {
        [
            Uuid::now_v7().into(),
            before.id.into(),
            f.kind.as_str().into(),
            f.day.as_str().into(),
            f.amount.into(),
            f.key.as_str().into(),
            before.commercial_id.into(),
            before.localisation_id.into(),
            now.into(),
        ]
    }));
    query.execute(tx).await?;
    Ok(())
}

/// Puts the event into the outbox; its job runs after the commit.
async fn event(
    tx: &mut Conn,
    before: &StoredOpportunite,
    decision: &Decision,
    operation: &Operation<'_>,
    author: &Author<'_>,
) -> Result<()> {
    let definition = author.definition;
    // Edits are frequent: they are told only where somebody hears them.
    if matches!(operation, Operation::Edited { .. })
        && !webhooks::heard(author.act.app, tx, before.localisation_id).await?
    {
        return Ok(());
    }
    let (name, data) = match operation {
        Operation::Created => ("opportunite.created", json!({})),
        Operation::Edited { section, changes } => {
            ("opportunite.edited", json!({"section": section, "changes": changes}))
        }
        Operation::Moved { .. } => {
            let label = |status: &str| definition.status(status).map(|s| json!(s.label));
            let target = definition.status(&decision.status);
            (
                "opportunite.moved",
                json!({
                    "transition": decision.steps.first().map(|s| s.transition.as_str()),
                    "source": before.status, "sourceLabel": label(&before.status),
                    "target": decision.status, "targetLabel": label(&decision.status),
                    "sectionLabel": definition.section(&decision.section).map(|s| &s.label),
                    "reason": decision.steps.iter().map(|s| s.reason.as_str()).find(|r| !r.is_empty()),
                    "waitsFor": target.map(|s| s.waits_for.as_slice()).unwrap_or_default(),
                    "sectionChanged": before.section != decision.section,
                }),
            )
        }
    };
    author.act.emit(tx, name, before.localisation_id, Some(Record::Opportunite(before.id)), data).await
}
