//! Finding what cannot be right in the records of a site: dates, hours, places, people. A facet of workflows and apps.
//!
//! The manifest declares it with a line `[auditor]`. The host audits a site every night and shortly after a change. It hands
//! over the records ([`Entry`]; their fields stand in `docs/auditors.md`), keeps the findings, and shows them to the people
//! who may read the records. A finding that is not found again closes by itself.
//!
//! ```
//! use afpi_sdk::auditor::{Audit, Auditor, Entry, Finding, Rule, Severity};
//! use afpi_sdk::{NoSettings, Plugin, Result, Text};
//!
//! struct Seats;
//!
//! impl Plugin for Seats {
//!     type Config = NoSettings;
//! }
//!
//! impl Auditor for Seats {
//!     type Audit = Crowded;
//!
//!     fn rules(_: &NoSettings) -> Vec<Rule> {
//!         let label = Text::new("Plus de stagiaires que de places", "More trainees than seats");
//!         vec![Rule::new("places", label, Severity::Warning, Text::new("Règlement intérieur", "House rules"))]
//!     }
//!
//!     fn audit(_: &NoSettings, _today: String) -> Crowded {
//!         Crowded(Vec::new())
//!     }
//! }
//!
//! struct Crowded(Vec<Finding>);
//!
//! impl Audit for Crowded {
//!     fn add(&mut self, entries: &[Entry]) {
//!         for session in entries.iter().filter(|entry| entry.kind == "session") {
//!             let Ok(data) = session.fields() else { continue };
//!             let trainees = data["stagiaires"].as_array().map_or(0, Vec::len) as u64;
//!             let Some(seats) = data["capacityMax"].as_u64().filter(|seats| trainees > *seats) else { continue };
//!             let fr = format!("{} : {trainees} stagiaires pour {seats} places.", session.label);
//!             let en = format!("{}: {trainees} trainees for {seats} seats.", session.label);
//!             self.0.push(Finding::new("places", session, Text::new(fr, en), &session.id).at("/stagiaires"));
//!         }
//!     }
//!
//!     fn finish(&mut self) -> Result<Vec<Finding>> {
//!         Ok(std::mem::take(&mut self.0))
//!     }
//! }
//!
//! afpi_sdk::app::export!(Seats);
//! afpi_sdk::auditor::export!(Seats);
//! # fn main() {}
//! ```

use std::cell::RefCell;

pub use crate::bindings::auditor::exports::afpi::plugin::auditor::{Finding, Rule, Severity};
pub use crate::bindings::base::afpi::types::records::{Entry, Reference};
pub use crate::export_auditor as export;

use crate::bindings::auditor::exports::afpi::plugin::auditor::{Guest, GuestAudit};
use crate::types::{Result, Text};
use crate::{Plugin, config};
use serde_json::Value;

/// Finds what cannot be right. A whole one stands [above](self). Pure: the same records give the same findings.
pub trait Auditor: Plugin {
    /// A running audit.
    type Audit: Audit;

    /// The rules that are switched on, in the order to show them.
    fn rules(config: &Self::Config) -> Vec<Rule>;

    /// Begins an audit on this ISO day.
    fn audit(config: &Self::Config, today: String) -> Self::Audit;
}

/// One audit: gets records in any number of batches and any order, finishes once.
pub trait Audit: 'static {
    /// Adds records. Their order and their division into batches must not matter.
    fn add(&mut self, entries: &[Entry]);

    /// What is wrong: at most 1 000 findings, each rule and key once.
    ///
    /// # Errors
    /// When the records cannot be judged at all. What was found before then stays as it is.
    fn finish(&mut self) -> Result<Vec<Finding>>;
}

impl Rule {
    /// A rule with the law, norm or contract it follows from.
    pub fn new(id: impl Into<String>, label: Text, severity: Severity, source: Text) -> Rule {
        Rule { id: id.into(), label, severity, source }
    }
}

impl Finding {
    /// That this record breaks a rule. `key` is the same for the same fault tomorrow: made of ids and days, without spaces.
    pub fn new(rule: impl Into<String>, subject: &Entry, message: Text, key: impl Into<String>) -> Finding {
        Finding {
            rule: rule.into(),
            subjects: vec![subject.reference()],
            field: String::new(),
            message,
            key: key.into(),
        }
    }

    /// Where in the record, as a pointer into its data.
    pub fn at(mut self, field: impl Into<String>) -> Finding {
        self.field = field.into();
        self
    }

    /// One more record that it is about.
    pub fn and(mut self, other: &Entry) -> Finding {
        self.subjects.push(other.reference());
        self
    }
}

impl Entry {
    /// Its kind and id.
    pub fn reference(&self) -> Reference {
        Reference { kind: self.kind.clone(), id: self.id.clone() }
    }

    /// Its data as JSON.
    ///
    /// # Errors
    /// [`Error::Other`](crate::Error::Other) when it is no JSON.
    pub fn fields(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.data)?)
    }
}

impl<A: Auditor> Guest for A {
    type Audit = Shared<A>;

    fn rules() -> Vec<Rule> {
        config::load().map(|config| A::rules(&config)).unwrap_or_default()
    }
}

/// The contract passes resources by shared reference. This gives the plugin its `&mut` back.
#[doc(hidden)]
pub struct Shared<A: Auditor>(RefCell<A::Audit>);

impl<A: Auditor> GuestAudit for Shared<A> {
    fn new(today: String) -> Self {
        Shared(RefCell::new(A::audit(&config::load_or_default(), today)))
    }

    fn add(&self, entries: Vec<Entry>) {
        self.0.borrow_mut().add(&entries);
    }

    fn finish(&self) -> Result<Vec<Finding>> {
        self.0.borrow_mut().finish()
    }
}

/// Makes a type that implements [`Auditor`](crate::auditor::Auditor) audit the component's site. Goes beside the line of its
/// kind, as in the [example](crate::auditor).
#[macro_export]
macro_rules! export_auditor {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::auditor::export_audits!($plugin with_types_in $crate::bindings::auditor);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::auditor::Auditor>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
