//! `afpi:plugin/auditor`: finds what cannot be right in the records of a site. It is pure, whatever the plugin may do
//! otherwise. One audit uses one instance, which gets the records in batches.

use std::collections::HashSet;

use super::handle;
use crate::bound::within;
use crate::contract::auditor::{Finding, Rule};
use crate::contract::query::Entry;
use crate::facets::Auditor as Exports;
use crate::failure::{PluginFailure, Stop};
use crate::state::CallContext;
use crate::words::is_word;

/// The largest number of rules of one plugin.
const MOST_RULES: usize = 200;
/// The largest number of findings of one audit, as in `wit/plugin/auditor.wit`.
const MOST_FINDINGS: usize = 1_000;
/// The largest number of records that one finding is about.
const MOST_SUBJECTS: usize = 10;
/// The longest message, in bytes.
const LONGEST_MESSAGE: usize = 500;
/// The longest key and the longest pointer, in bytes.
const LONGEST_KEY: usize = 100;

handle! {
    /// A plugin of a site that audits its records.
    AuditorPlugin
}

impl AuditorPlugin {
    /// The rules that are switched on. Their ids are proper and differ.
    pub async fn rules(&self, context: &CallContext) -> Result<Vec<Rule>, PluginFailure> {
        let limits = self.0.shared.policy.pure_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("rules", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_auditor().call_rules(store)).await;
        let answer = answer.and_then(|rules| match judge_rules(&rules) {
            Ok(()) => Ok(Ok(rules)),
            Err(wrong) => Err(Stop::WrongAnswer(wrong).into()),
        });
        call.end(answer)
    }

    /// Creates an audit, gives it every batch, and finishes it. The time limit applies to each batch, and other calls run
    /// between two batches, so that a large site blocks nobody. Findings are about records of the batches.
    pub async fn audit<B>(
        &self,
        context: &CallContext,
        today: &str,
        batches: impl IntoIterator<Item = B>,
    ) -> Result<Vec<Finding>, PluginFailure>
    where
        B: AsRef<[Entry]>,
    {
        let limits = self.0.shared.policy.pure_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("audit", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let audit = exports.afpi_plugin_auditor().audit();
        let audit = match within(wall, audit.call_constructor(store, &today.to_owned())).await {
            Ok(audit) => audit,
            Err(error) => return call.end(Err(error)),
        };
        let mut known = HashSet::new();
        for batch in batches {
            known.extend(batch.as_ref().iter().map(|entry| (entry.kind.clone(), entry.id.clone())));
            let wall = call.wall();
            let (exports, store) = call.parts();
            let audits = exports.afpi_plugin_auditor().audit();
            if let Err(error) = within(wall, audits.call_add(store, audit, batch.as_ref())).await {
                return call.end(Err(error));
            }
            call.give_way().await;
        }
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, async {
            let findings = exports.afpi_plugin_auditor().audit().call_finish(&mut *store, audit).await?;
            audit.resource_drop_async(store).await?;
            Ok(findings)
        });
        let answer = answer.await.and_then(|said| match said.as_deref().map(|findings| judge(findings, &known)) {
            Ok(Err(wrong)) => Err(Stop::WrongAnswer(wrong).into()),
            _ => Ok(said),
        });
        call.end(answer)
    }
}

fn judge_rules(rules: &[Rule]) -> Result<(), &'static str> {
    let mut ids = HashSet::new();
    if rules.len() > MOST_RULES {
        return Err("it has more than 200 rules");
    }
    if !rules.iter().all(|rule| is_word(&rule.id)) {
        return Err("a rule has no proper id");
    }
    if !rules.iter().all(|rule| ids.insert(&rule.id)) {
        return Err("two rules have one id");
    }
    let texts = rules.iter().flat_map(|rule| [&rule.label.fr, &rule.label.en, &rule.source.fr, &rule.source.en]);
    if !texts.into_iter().all(|text| is_line(text)) {
        return Err("a text of a rule is no line of at most 500 bytes");
    }
    Ok(())
}

fn judge(findings: &[Finding], known: &HashSet<(String, String)>) -> Result<(), &'static str> {
    let mut keys = HashSet::new();
    if findings.len() > MOST_FINDINGS {
        return Err("it found more than 1 000 faults");
    }
    for finding in findings {
        let key = &finding.key;
        if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the key of a finding is not 1 to 100 letters, digits and marks");
        }
        if !is_word(&finding.rule) || !keys.insert((&finding.rule, key)) {
            return Err("a finding names no proper rule, or two have one rule and one key");
        }
        if finding.field.len() > LONGEST_KEY || !is_line(&finding.message.fr) || !is_line(&finding.message.en) {
            return Err("the message of a finding is no line of at most 500 bytes, or its pointer is too long");
        }
        let subject = |reference: &crate::contract::query::Reference| {
            known.contains(&(reference.kind.clone(), reference.id.clone()))
        };
        if !(1..=MOST_SUBJECTS).contains(&finding.subjects.len()) || !finding.subjects.iter().all(subject) {
            return Err("a finding is not about 1 to 10 of the records that were audited");
        }
    }
    Ok(())
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_MESSAGE && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Text;
    use crate::contract::auditor::Severity;
    use crate::contract::query::Reference;

    fn text(words: &str) -> Text {
        Text { fr: words.into(), en: words.into() }
    }

    fn session(id: &str) -> Reference {
        Reference { kind: "session".into(), id: id.into() }
    }

    #[test]
    fn rules_have_ids_of_their_own_and_texts_of_one_line() {
        let rule = |id: &str, label: &str| Rule {
            id: id.into(),
            label: text(label),
            severity: Severity::Fault,
            source: text("Code du travail, L6353-1"),
        };
        assert_eq!(judge_rules(&[rule("places", "Places"), rule("dates", "Dates")]), Ok(()));
        for wrong in [vec![rule("", "A")], vec![rule("A b", "A")], vec![rule("a", "A\nB")], vec![rule("a", "A"); 2]] {
            assert!(judge_rules(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn findings_are_about_what_was_audited_and_have_keys_of_their_own() {
        let known = HashSet::from([("session".to_owned(), "s".to_owned())]);
        let finding = |key: &str| Finding {
            rule: "places".into(),
            subjects: vec![session("s")],
            field: "/halfDays/1".into(),
            message: text("12 stagiaires pour 10 places."),
            key: key.into(),
        };
        assert_eq!(judge(&[finding("s"), finding("t")], &known), Ok(()));
        for wrong in [
            vec![finding("s"), finding("s")],
            vec![finding("")],
            vec![finding("a b")],
            vec![finding(&"k".repeat(101))],
            vec![Finding { rule: "Two words".into(), ..finding("s") }],
            vec![Finding { subjects: Vec::new(), ..finding("s") }],
            vec![Finding { subjects: vec![session("s"); 11], ..finding("s") }],
            vec![Finding { subjects: vec![session("another")], ..finding("s") }],
            vec![Finding { message: text("a\u{7}"), ..finding("s") }],
            vec![Finding { message: text(&"é".repeat(251)), ..finding("s") }],
            (0..1_001).map(|number| finding(&number.to_string())).collect(),
        ] {
            assert!(judge(&wrong, &known).is_err(), "{:?}", wrong.first());
        }
    }
}
