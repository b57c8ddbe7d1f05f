//! Asks the site's hooks before a change to an opportunité, and writes a refusal into the history.

use afpi_db::Conn;
use afpi_plugins::contract::Opportunite;
use afpi_plugins::contract::hook::Subject as About;
use afpi_plugins::contract::workflow::Decision;
use serde_json::{Value, json};

use super::decision;
use super::stored::StoredOpportunite;
use afpi_core::error::{Error, Result, internal};
use afpi_core::id::UserId;
use afpi_core::text::text;
use afpi_platform::act::Act;
use afpi_platform::journal::{self, Actor, Line};
use afpi_platform::plugins::hooks::{Asked, Proposal, Refusal, stored};

/// The requested change.
pub enum Wish<'a> {
    Create(&'a Decision),
    Move {
        transition: &'a str,
        decision: &'a Decision,
    },
    Edit(&'a Decision),
    /// Another trainer in the documents.
    Rebook(&'a Value),
    Assign {
        commercial: UserId,
    },
}

impl Wish<'_> {
    fn name(&self) -> &'static str {
        match self {
            Wish::Create(_) => "opportunite.created",
            Wish::Move { .. } => "opportunite.moved",
            Wish::Edit(_) | Wish::Rebook(_) => "opportunite.edited",
            Wish::Assign { .. } => "opportunite.assigned",
        }
    }

    /// The data that `wit/plugin/hook.wit` describes for each name.
    fn data(&self, before: &StoredOpportunite) -> Result<Value> {
        let documents = |d: &Decision| {
            serde_json::from_str::<Value>(&d.data)
                .map_err(|e| internal(format!("decision without readable documents: {e}")))
        };
        Ok(match self {
            Wish::Create(_) => json!({}),
            Wish::Assign { commercial } => json!({"commercial": commercial}),
            Wish::Rebook(documents) => {
                json!({"section": before.section, "amount": before.amount, "documents": documents})
            }
            Wish::Edit(d) => json!({"section": d.section, "amount": d.amount, "documents": documents(d)?}),
            Wish::Move { transition, decision: d } => json!({
                "transition": transition, "source": before.status, "target": d.status, "section": d.section, "amount": d.amount,
                "reason": d.steps.iter().map(|s| s.reason.as_str()).find(|r| !r.is_empty()), "documents": documents(d)?,
            }),
        })
    }

    /// The record that hooks see: as it is, or a new one as it would be.
    fn subject(&self, before: &StoredOpportunite) -> Opportunite {
        let shown = before.shown();
        match self {
            Wish::Create(d) => Opportunite {
                section: d.section.clone(),
                status: d.status.clone(),
                amount: d.amount,
                data: d.data.clone(),
                ..shown
            },
            _ => shown,
        }
    }

    /// Transition and target status, for the history.
    fn steps(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Wish::Move { transition, decision } => (Some(transition), Some(&decision.status)),
            _ => (None, None),
        }
    }
}

/// Asks the hooks of the site. Returns the hooks that were asked, for the history. A refusal is written into the
/// record's history (if the record exists) and returned as the error.
pub async fn ask(act: Act<'_>, before: &StoredOpportunite, wish: Wish<'_>) -> Result<Vec<Asked>> {
    let Act { app, caller, .. } = act;
    if !app.plugins.hooked(before.localisation_id) {
        return Ok(vec![]);
    }
    let (who, subject) = (caller.actor(before.commercial_id), About::Opportunite(wish.subject(before)));
    let proposal = Proposal {
        name: wish.name(),
        at: act.now,
        site: before.localisation_id,
        actor: Some(&who),
        subject,
        data: wish.data(before)?,
    };
    let refusal = match app.plugins.ask(&proposal, &act.context()).await {
        Ok(asked) => return Ok(asked),
        Err(refusal) => refusal,
    };
    if !matches!(wish, Wish::Create(_)) {
        // The record's row is not locked here: another line may come first.
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            write_down(&mut tx, act, before, &wish, &refusal).await?;
            Ok::<(), Error>(tx.commit().await?)
        })
        .await?;
    }
    tracing::info!(plugin.id = refusal.plugin, event = proposal.name, opportunite = %before.id, failed = refusal.told.failed, "a hook refused a change");
    Err(refusal.problem())
}

/// A refusal for one of several files: its reason begins with the file's number.
pub fn of_file(refusal: Error, numero: &str) -> Error {
    let reason = refusal.reason();
    refusal.detail(text(format!("{numero} : {}", reason.fr), format!("{numero}: {}", reason.en)))
}

/// Writes a line of the history for a refusal. The record and its version do not change.
async fn write_down(
    tx: &mut Conn,
    act: Act<'_>,
    before: &StoredOpportunite,
    wish: &Wish<'_>,
    refusal: &Refusal,
) -> Result<()> {
    let (transition, target) = wish.steps();
    let subject = journal::Subject::Opportunite(before.id);
    let line = Line {
        transition,
        source: Some(&before.status),
        target,
        reason: Some(decision::short(&refusal.told.reason.fr)),
        changes: Some(serde_json::to_value(&refusal.told).map_err(internal)?),
        hooks: stored(&refusal.asked),
        plugin: (&refusal.plugin, &refusal.version),
        ..Line::new(
            subject,
            Some(before.localisation_id),
            Actor::Person(act.caller.id),
            journal::Activity::Refused,
            act.now,
        )
    };
    Ok(journal::write(tx, vec![line], act.correlation_id).await?)
}
