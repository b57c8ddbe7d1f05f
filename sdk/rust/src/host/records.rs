//! “Reads opportunités and companies.” Those of the site the plugin runs for, of the kinds its manifest declares.
//!
//! ```
//! use afpi_sdk::hook::{Result, records};
//!
//! fn open_deals_of(entreprise: &str) -> Result<usize> {
//!     let (mut count, mut after) = (0, None);
//!     loop {
//!         let page = records::opportunites().with("entreprise", entreprise).after(after).page()?;
//!         count += page.items.len();
//!         after = page.next;
//!         if after.is_none() {
//!             return Ok(count);
//!         }
//!     }
//! }
//! # afpi_sdk::testing::set_opportunites(vec![afpi_sdk::testing::opportunite()]);
//! # assert_eq!(open_deals_of(&afpi_sdk::testing::opportunite().entreprise), Ok(1));
//! ```

use std::marker::PhantomData;

pub use crate::bindings::base::afpi::host::records_read::{Criterion, EntreprisePage, OpportunitePage};
use crate::bindings::base::afpi::host::records_read::PageRequest;
use crate::types::{Entreprise, Opportunite, Result};

/// The most records on one page.
const MOST: u32 = 200;

/// One opportunité.
///
/// # Errors
/// `denied` without the grant; `not-found` when there is none with this id on this site.
pub fn opportunite(id: &str) -> Result<Opportunite> {
    super::side::records_read::get_opportunite(id)
}

/// One entreprise.
///
/// # Errors
/// As [`opportunite`].
pub fn entreprise(id: &str) -> Result<Entreprise> {
    super::side::records_read::get_entreprise(id)
}

/// Opportunités, oldest first, a page at a time. Criteria: `section`, `status`, `entreprise`, `commercial`, `created-since`.
pub fn opportunites() -> Query<OpportunitePage> {
    Query::new()
}

/// Entreprises, a page at a time. Criteria: `siret`, `active`, `updated-since`.
pub fn entreprises() -> Query<EntreprisePage> {
    Query::new()
}

/// A question for a page of records; nothing is asked before [`Query::page`].
#[derive(Debug, Clone)]
#[must_use = "nothing is read before `page`"]
pub struct Query<P> {
    request: PageRequest,
    page: PhantomData<P>,
}

impl<P> Query<P> {
    fn new() -> Query<P> {
        Query { request: PageRequest { criteria: Vec::new(), after: None, limit: MOST }, page: PhantomData }
    }

    /// Only those whose `field` is `value`; at most 8 times. Instants are epoch milliseconds in decimal.
    pub fn with(mut self, field: &str, value: impl ToString) -> Query<P> {
        self.request.criteria.push(Criterion { field: field.into(), value: value.to_string() });
        self
    }

    /// At most so many, 1 to 200.
    pub fn limit(mut self, limit: u32) -> Query<P> {
        self.request.limit = limit;
        self
    }

    /// What comes after a page: its `next`.
    pub fn after(mut self, next: Option<String>) -> Query<P> {
        self.request.after = next;
        self
    }
}

impl Query<OpportunitePage> {
    /// Asks for the page.
    ///
    /// # Errors
    /// `denied` without the grant, `invalid` for a criterion the host does not know, `unavailable` when the store is away.
    pub fn page(self) -> Result<OpportunitePage> {
        super::side::records_read::list_opportunites(&self.request)
    }
}

impl Query<EntreprisePage> {
    /// Asks for the page.
    ///
    /// # Errors
    /// As for opportunités.
    pub fn page(self) -> Result<EntreprisePage> {
        super::side::records_read::list_entreprises(&self.request)
    }
}
