//! Values of a run that could not be taken over: one log line for each of the first ones, a count for the others. A
//! line names the record by its code and the field, never the value.

use std::collections::BTreeMap;

use super::change::{Action, Change};
use super::fields::Left;

/// The most lines for one field and reason.
const NAMED: u32 = 20;

/// The values left out so far.
#[derive(Default)]
pub struct LeftOut {
    counts: BTreeMap<(&'static str, String), u32>,
    lines: Vec<String>,
}

impl LeftOut {
    /// Notes the values of one record. A value that was already left out in the last run is not reported again.
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

    /// The lines since the last call.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// Counts of the lines that were not written, for the end of the run.
    pub fn summary(&self) -> Vec<String> {
        let many = self.counts.iter().filter(|(_, count)| **count > NAMED);
        many.map(|((field, why), count)| format!("{field} laissé de côté {count} fois en tout. {why}")).collect()
    }
}
