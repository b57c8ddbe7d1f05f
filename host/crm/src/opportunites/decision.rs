//! Checks a workflow's answer before anything of it is stored or shown: plugins are not trusted.

use std::collections::BTreeMap;

use afpi_plugins::contract::workflow::Decision;
use afpi_plugins::json;
use serde::de::IgnoredAny;

use super::perte::Told;
use super::stored::StoredOpportunite;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, field, invalid};
use afpi_core::money::Money;
use afpi_core::text::text;
use afpi_platform::plugins::failures::wrong_answer;
use afpi_platform::workflow::Definition;

/// Largest JSON of all documents together, and of the workflow's own notes, in bytes (`wit/types/types.wit`).
const MAX_JSON: usize = 256 * 1024;
/// Longest reason in the history, in characters.
const MAX_REASON: usize = 2_000;

/// Checks a decision against the contract and the workflow's own definition. Documents that are too large are the
/// user's fault (422). Everything else is the plugin's fault (502).
pub(super) fn check(decision: &Decision, definition: &Definition) -> Result<()> {
    documents(&decision.data, &decision.state)?;
    if !decision.section.is_empty() && definition.section(&decision.section).is_none() {
        return Err(wrong_answer(&format!("it decided for a section it does not have: {}", decision.section)));
    }
    if definition.status(&decision.status).is_none() {
        return Err(wrong_answer(&format!("it decided for a status it does not have: {}", decision.status)));
    }
    Ok(())
}

fn documents(data: &str, state: &str) -> Result<()> {
    if data.len() > MAX_JSON {
        return Err(invalid(vec![field(
            "",
            "too-large",
            text("Ces documents sont trop volumineux.", "These documents are too large."),
        )]));
    }
    if state.len() > MAX_JSON {
        return Err(wrong_answer("its own notes on a record are too large"));
    }
    if json::depth(data).max(json::depth(state)) > json::DEEPEST {
        return Err(wrong_answer("its documents are nested too deeply"));
    }
    if let Err(error) = serde_json::from_str::<BTreeMap<String, BTreeMap<String, IgnoredAny>>>(data) {
        return Err(wrong_answer(&format!("its documents are no objects by section: {error}")));
    }
    Ok(())
}

/// The record after a decision. `data` are its documents with their numbers, `told` what people said of a loss.
pub(super) fn after(
    before: StoredOpportunite,
    definition: &Definition,
    decision: &Decision,
    data: String,
    told: &Told,
    now: Instant,
) -> StoredOpportunite {
    let perte = told.after(&before, decision, now);
    StoredOpportunite {
        lost_at: perte.at,
        lost_reason: perte.reason,
        lost_remark: perte.remark,
        section: decision.section.clone(),
        status: decision.status.clone(),
        outcome: decision.outcome.as_str().into(),
        amount: Money::from_cents(decision.amount),
        data,
        state: decision.state.clone(),
        due_at: decision.due.map(Instant::from_millis),
        section_since: if decision.section == before.section { before.section_since } else { now },
        workflow_plugin: definition.workflow.id.clone(),
        workflow_version: definition.workflow.version.clone(),
        updated_at: now,
        version: before.version + 1,
        pieces_kept: true,
        creances_kept: true,
        ..before
    }
}

/// A reason, cut to a readable length.
pub(super) fn short(reason: &str) -> &str {
    reason.char_indices().nth(MAX_REASON).map_or(reason, |(end, _)| &reason[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_objects_of_a_bounded_size() {
        let code = |data: &str, state: &str| documents(data, state).err().map(|problem| problem.kind().code());
        assert_eq!(code("{}", ""), None);
        assert_eq!(code(r#"{"part":{"lignes":[1]}}"#, r#"{"x":1}"#), None);
        for broken in ["", "[]", "null", "{", r#"{"part":3}"#, r#""text""#] {
            assert_eq!(code(broken, ""), Some("plugin-failed"), "{broken}");
        }
        let deep = format!(r#"{{"part":{{"x":{}1{}}}}}"#, "[".repeat(500), "]".repeat(500));
        assert_eq!(code(&deep, ""), Some("plugin-failed"));
        let large = format!(r#"{{"part":{{"x":"{}"}}}}"#, "é".repeat(MAX_JSON / 2));
        assert_eq!(code(&large, ""), Some("validation"));
        assert_eq!(code("{}", &large), Some("plugin-failed"));
    }

    #[test]
    fn reasons_are_cut_between_characters() {
        assert_eq!(short("Dates"), "Dates");
        assert_eq!(short(&"é".repeat(9_000)).chars().count(), MAX_REASON);
    }
}
