//! When and why an opportunité is lost. The reason is a word of the host's list, so that sites with different workflows
//! compare; the remark is free. The workflow's forms mark where people say both: `"x-lost": "reason"` and `"x-lost":
//! "remark"` on a field of what a move asks, or of a section's document.

use afpi_plugins::contract::workflow::Decision;
use serde_json::{Value, json};

use super::decision;
use super::input::LostReason;
use super::stored::StoredOpportunite;
use crate::sessions::LOST;
use afpi_core::clock::Instant;
use afpi_platform::workflow::Definition;

/// What is known of a loss. Nothing of it while the opportunité is not lost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Perte {
    pub at: Option<Instant>,
    pub reason: Option<String>,
    pub remark: Option<String>,
}

/// What people say when an opportunité is lost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    reason: Option<LostReason>,
    remark: Option<String>,
}

impl Told {
    /// What this move asks and what the documents keep, in this order.
    pub fn of(definition: &Definition, transition: &str, input: &Value, data: &str) -> Told {
        let documents: Value = serde_json::from_str(data).unwrap_or_default();
        let asked = definition.transition(transition).and_then(|known| known.form.as_ref());
        let kept = definition.workflow.sections.iter().map(|section| (&section.form, &documents[&section.id]));
        let places: Vec<(&Value, &Value)> = asked.map(|form| (form, input)).into_iter().chain(kept).collect();
        let said = |what| places.iter().find_map(|(form, values)| marked(form, values, what));
        Told {
            // A word that only this workflow knows is another reason.
            reason: said("reason").map(|word| word.parse().unwrap_or(LostReason::Autre)),
            remark: said("remark").map(|remark| decision::short(remark).to_owned()),
        }
    }

    /// The loss after this decision. One that was lost before keeps its own.
    pub fn after(&self, before: &StoredOpportunite, decision: &Decision, now: Instant) -> Perte {
        if decision.outcome.as_str() != LOST {
            Perte::default()
        } else if before.outcome == LOST {
            before.perte()
        } else {
            let reason = self.reason.map(|reason| reason.as_str().to_owned());
            Perte { at: Some(now), reason, remark: self.remark.clone() }
        }
    }
}

/// The text of the field that a form marks.
fn marked<'a>(form: &Value, values: &'a Value, what: &str) -> Option<&'a str> {
    let fields = form.get("properties")?.as_object()?;
    let mut marked = fields.iter().filter(|(_, field)| field.get("x-lost").is_some_and(|mark| mark == what));
    marked.find_map(|(name, _)| values.get(name)?.as_str().filter(|text| !text.trim().is_empty()))
}

/// The change of the reason, for the history. The remark stands there as the reason of the move.
pub fn change(before: &Perte, after: &Perte) -> Option<Value> {
    let (from, to) = (&before.reason, &after.reason);
    (from != to).then(|| json!({"field": "/lostReason", "from": from, "to": to}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marked_field_is_read_and_a_blank_one_is_none() {
        let form = json!({"properties": {
            "cause": {"type": "string", "x-lost": "reason"}, "motif": {"type": "string", "x-lost": "remark"},
            "note": {"type": "string"},
        }});
        let said = |values: Value, what: &str| marked(&form, &values, what).map(str::to_owned);
        assert_eq!(said(json!({"cause": "prix", "note": "x"}), "reason").as_deref(), Some("prix"));
        assert_eq!(said(json!({"motif": "  "}), "remark"), None);
        assert_eq!(said(json!({"cause": 3}), "reason"), None);
        assert_eq!(said(Value::Null, "reason"), None);
    }
}
