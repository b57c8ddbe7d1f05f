//! Values of a run that could not be taken over: a line in its log for each of the first ones, a count for the others.
//! A line names the record by its code and the field, never what stood there.

use std::collections::BTreeMap;

use super::change::{Action, Change};
use super::fields::Left;

/// So many lines for one field and reason.
const NAMED: u32 = 20;

/// What was left out so far.
#[derive(Default)]
pub struct LeftOut {
    counts: BTreeMap<(&'static str, String), u32>,
    lines: Vec<String>,
}

impl LeftOut {
    /// Of one record. What came before as it comes now has been said before.
    pub fn note(&mut self, change: &Change, left: &[Left]) {
        if change.action == Action::Unchanged {
            return;
        }
        for Left { field, reason } in left {
            let count = self.counts.entry((field, reason.fr.clone())).or_default();
            *count += 1;
            if *count <= NAMED {
                let (entity, code, why) = (&change.entity, &change.external_id, &reason.fr);
                self.lines.push(format!("{entity} {code} : {field} laissé de côté. {why}"));
            }
        }
    }

    /// The lines since the last look.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// What there was too much of, for the end of the run.
    pub fn summary(&self) -> Vec<String> {
        let many = self.counts.iter().filter(|(_, count)| **count > NAMED);
        many.map(|((field, why), count)| format!("{field} laissé de côté {count} fois en tout. {why}")).collect()
    }
}
