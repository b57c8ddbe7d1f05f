//! Everything an objectives plugin needs: facts, figures and the trait that turns one into the other. Pure.
//!
//! ```
//! use afpi_sdk::{NoSettings, Plugin, objectives::*};
//!
//! struct Counter;
//!
//! impl Plugin for Counter {
//!     type Config = NoSettings;
//! }
//!
//! impl Objectives for Counter {
//!     type Calculation = Count;
//!
//!     fn metrics(_: &NoSettings) -> Vec<Metric> {
//!         vec![Metric { id: "facts".into(), label: Text::new("Faits", "Facts"), unit: Unit::Count, targetable: false }]
//!     }
//!
//!     fn calculation(_: &NoSettings, _: Query) -> Count {
//!         Count(0)
//!     }
//!
//!     fn attain(_: &NoSettings, _: &[Target]) -> Vec<Attainment> {
//!         Vec::new()
//!     }
//! }
//!
//! struct Count(i64);
//!
//! impl Calculation for Count {
//!     fn add(&mut self, facts: &[Fact]) {
//!         self.0 += facts.len() as i64;
//!     }
//!
//!     fn finish(&mut self) -> Result<Vec<Score>> {
//!         Ok(vec![Score { metric: "facts".into(), group: NONE, figure: Figure::Count(self.0), key: String::new() }])
//!     }
//! }
//!
//! afpi_sdk::objectives::export!(Counter);
//! # fn main() {}
//! ```

use std::cell::RefCell;

pub use crate::bindings::objectives::exports::afpi::plugin::objectives::{
    Attainment, Fact, Figure, Grouping, Metric, Query, Score, Target, Unit,
};
pub use crate::export_objectives as export;
pub use crate::host::{context, log};
pub use crate::types::*;

use crate::bindings::objectives::exports::afpi::plugin::objectives::{Guest, GuestCalculation};
use crate::{Plugin, config};

/// The index that means “no word” in a [`Fact`], and “the total” in a [`Score`].
///
/// ```
/// use afpi_sdk::objectives::{Fact, NONE, Query};
///
/// /// Whose fact it is.
/// fn user<'a>(query: &'a Query, fact: &Fact) -> Option<&'a str> {
///     if fact.user == NONE { None } else { query.words.get(fact.user as usize).map(String::as_str) }
/// }
/// # let query = Query {
/// #     first: "2026-01-01".into(), last: "2026-12-31".into(), today: "2026-06-01".into(), metrics: vec![],
/// #     grouping: afpi_sdk::objectives::Grouping::User, words: vec!["u-1".into()],
/// # };
/// # let fact = Fact { kind: 0, key: NONE, user: 0, site: NONE, subject: 0, start: 0, end: 0, amount: 0, weight: 0 };
/// # assert_eq!(user(&query, &fact), Some("u-1"));
/// # assert_eq!(user(&query, &Fact { user: NONE, ..fact }), None);
/// ```
pub const NONE: u32 = u32::MAX;

/// Figures over facts. A whole plugin is [above](self).
pub trait Objectives: Plugin {
    /// A running calculation.
    type Calculation: Calculation;

    /// The metrics it can compute.
    fn metrics(config: &Self::Config) -> Vec<Metric>;

    /// Begins a calculation: `query` has the period, the wanted metrics (none means all) and the grouping.
    fn calculation(config: &Self::Config, query: Query) -> Self::Calculation;

    /// The attainment of targets: one answer per target, in their order. Percents are × 100, run rates in the metric's
    /// unit.
    fn attain(config: &Self::Config, targets: &[Target]) -> Vec<Attainment>;
}

/// One calculation: gets facts in any number of batches, finishes once. `Count` in the [example](self).
pub trait Calculation: 'static {
    /// Adds facts. Their division into batches must not matter.
    fn add(&mut self, facts: &[Fact]);

    /// The figures.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the question cannot be answered, e.g. a period that ends before it begins.
    fn finish(&mut self) -> Result<Vec<Score>>;
}

impl<O: Objectives> Guest for O {
    type Calculation = Shared<O>;

    fn metrics() -> Vec<Metric> {
        O::metrics(&config::load_or_default())
    }

    fn attain(targets: Vec<Target>) -> Vec<Attainment> {
        O::attain(&config::load_or_default(), &targets)
    }
}

/// The contract passes resources by shared reference. This gives the plugin its `&mut` back.
#[doc(hidden)]
pub struct Shared<O: Objectives>(RefCell<O::Calculation>);

impl<O: Objectives> GuestCalculation for Shared<O> {
    fn new(query: Query) -> Self {
        Shared(RefCell::new(O::calculation(&config::load_or_default(), query)))
    }

    fn add(&self, facts: Vec<Fact>) {
        self.0.borrow_mut().add(&facts);
    }

    fn finish(&self) -> Result<Vec<Score>> {
        self.0.borrow_mut().finish()
    }
}

/// Makes a type that implements [`Objectives`](crate::objectives::Objectives) the component's objectives plugin, once
/// per plugin: the last line of the [example](crate::objectives).
#[macro_export]
macro_rules! export_objectives {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::objectives::export_kind!($plugin with_types_in $crate::bindings::objectives);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::objectives::Objectives>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
