//! The result of reading one record, and the log of left-out values.

use crate::outside::Outside;
use crate::values::Flaw;
use afpi_sdk::Text;
use afpi_sdk::connector::{Item, Skipped};
use std::collections::BTreeMap;

/// A refused record, with the reason for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub external_id: String,
    pub reason: Text,
}

impl Refusal {
    pub fn new(external_id: impl ToString, fr: &str, en: &str) -> Self {
        Refusal { external_id: external_id.to_string(), reason: Text::new(fr, en) }
    }

    /// The same code came earlier in this pass. The first record counts.
    pub fn twice(external_id: impl ToString) -> Self {
        Refusal::new(external_id, "le même code est venu deux fois", "the same code came twice")
    }

    pub fn skipped(self, entity: &str) -> Skipped {
        Skipped { entity: entity.into(), external_id: self.external_id, reason: self.reason }
    }
}

/// An accepted record: the item, and its left-out values.
#[derive(Debug)]
pub struct Taken {
    pub item: Item,
    pub flaws: Vec<Flaw>,
}

/// Runs `read` on a value. 0 means "none" here too. An invalid value is noted and left out, so the CRM keeps its own
/// value.
pub fn clean<T>(value: Option<&str>, flaws: &mut Vec<Flaw>, read: impl Fn(&str) -> Result<T, Flaw>) -> Option<T> {
    match read(value.filter(|value| *value != "0")?) {
        Ok(value) => Some(value),
        Err(flaw) => {
            flaws.push(flaw);
            None
        }
    }
}

/// Counts the left-out values by kind. The log names the first few by code (never by content) and counts the others.
#[derive(Debug, Default)]
pub struct Notes(BTreeMap<&'static str, u32>);

impl Notes {
    const NAMED: u32 = 20;

    pub fn add(&mut self, outside: &impl Outside, entity: &str, code: &str, flaws: &[Flaw]) {
        for Flaw(what) in flaws {
            let count = self.0.entry(what).or_default();
            *count += 1;
            if *count <= Self::NAMED {
                outside.warn(&format!("{entity} {code} : {what}, valeur laissée de côté"));
            }
        }
    }

    /// Logs the summary at the end of a pass.
    pub fn close(&mut self, outside: &impl Outside) {
        for (what, count) in std::mem::take(&mut self.0) {
            if count > Self::NAMED {
                outside.warn(&format!("{what} : {count} valeurs laissées de côté en tout"));
            }
        }
    }
}
