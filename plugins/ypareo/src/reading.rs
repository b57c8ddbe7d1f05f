//! What reading one record comes to, and the log of values that had to be left out.

use crate::outside::Outside;
use crate::values::Flaw;
use afpi_sdk::Text;
use afpi_sdk::connector::{Item, Skipped};
use std::collections::BTreeMap;

/// A record that cannot be taken, with the reason an administrator sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub external_id: String,
    pub reason: Text,
}

impl Refusal {
    pub fn new(external_id: impl ToString, fr: &str, en: &str) -> Self {
        Refusal { external_id: external_id.to_string(), reason: Text::new(fr, en) }
    }

    /// The same code came before in this pass; the first one counts.
    pub fn twice(external_id: impl ToString) -> Self {
        Refusal::new(external_id, "le même code est venu deux fois", "the same code came twice")
    }

    pub fn skipped(self, entity: &str) -> Skipped {
        Skipped { entity: entity.into(), external_id: self.external_id, reason: self.reason }
    }
}

/// A record taken: the item, and the values of it that were left out.
#[derive(Debug)]
pub struct Taken {
    pub item: Item,
    pub flaws: Vec<Flaw>,
}

/// Runs `read` on a value; 0 stands for "none" here too, and a flawed one is left out (so the CRM's own value stays)
/// and remembered.
pub fn clean<T>(value: Option<&str>, flaws: &mut Vec<Flaw>, read: impl Fn(&str) -> Result<T, Flaw>) -> Option<T> {
    match read(value.filter(|value| *value != "0")?) {
        Ok(value) => Some(value),
        Err(flaw) => {
            flaws.push(flaw);
            None
        }
    }
}

/// Counts the left-out values by kind. The first few are named in the log by code (never by content), the rest counted.
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

    /// The summary at the end of a pass.
    pub fn close(&mut self, outside: &impl Outside) {
        for (what, count) in std::mem::take(&mut self.0) {
            if count > Self::NAMED {
                outside.warn(&format!("{what} : {count} valeurs laissées de côté en tout"));
            }
        }
    }
}
