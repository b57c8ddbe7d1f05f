//! “Reads opportunités and companies.” Records of the plugin's site, of the kinds that its manifest declares.
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

use crate::bindings::base::afpi::host::records_read::PageRequest;
pub use crate::bindings::base::afpi::host::records_read::{Criterion, EntreprisePage, OpportunitePage};
use crate::types::{Entreprise, Opportunite, Result};

/// The most records on one page.
const MOST: u32 = 200;

/// One opportunité.
///
/// ```
/// use afpi_sdk::hook::{Result, records};
///
/// fn city_of_the_customer(opportunite: &str) -> Result<String> {
///     let subject = records::opportunite(opportunite)?;
///     Ok(records::entreprise(&subject.entreprise)?.city)
/// }
/// # use afpi_sdk::testing;
/// # testing::set_opportunites(vec![testing::opportunite()]);
/// # testing::set_entreprises(vec![testing::entreprise()]);
/// # assert_eq!(city_of_the_customer(&testing::opportunite().id).unwrap(), "Amiens");
/// ```
///
/// # Errors
/// `denied` without the grant; `not-found` when there is none with this id on this site; `unavailable` when the host's
/// store is away.
pub fn opportunite(id: &str) -> Result<Opportunite> {
    super::side::records_read::get_opportunite(id)
}

/// One entreprise; see [`opportunite`].
///
/// # Errors
/// As [`opportunite`].
pub fn entreprise(id: &str) -> Result<Entreprise> {
    super::side::records_read::get_entreprise(id)
}

/// Opportunités, oldest first, a page at a time. Criteria: `section`, `status`, `entreprise`, `commercial`,
/// `created-since`. See the example [above](self).
pub fn opportunites() -> Query<OpportunitePage> {
    Query::new()
}

/// Entreprises, a page at a time. Criteria: `siret`, `active`, `updated-since`. See the example of [`Query`].
pub fn entreprises() -> Query<EntreprisePage> {
    Query::new()
}

/// A query for a page of records. Nothing is read before [`Query::page`].
///
/// ```
/// use afpi_sdk::connector::records;
///
/// # afpi_sdk::testing::set_entreprises(vec![afpi_sdk::testing::entreprise()]);
/// let page = records::entreprises().with("active", true).with("updated-since", 1_767_600_000_000_i64).limit(50).page().unwrap();
/// assert_eq!((page.items.len(), page.next), (1, None));
/// ```
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

    /// Only records whose `field` is `value`; at most 8 criteria, each field once. Instants are epoch milliseconds in
    /// decimal.
    pub fn with(mut self, field: &str, value: impl ToString) -> Query<P> {
        self.request.criteria.push(Criterion { field: field.into(), value: value.to_string() });
        self
    }

    /// At most this many, 1 to 200. Default: 200.
    pub fn limit(mut self, limit: u32) -> Query<P> {
        self.request.limit = limit;
        self
    }

    /// The records after a page: pass its `next`; `None` for the first page.
    pub fn after(mut self, next: Option<String>) -> Query<P> {
        self.request.after = next;
        self
    }
}

impl Query<OpportunitePage> {
    /// Reads the page.
    ///
    /// # Errors
    /// `denied` without the grant, `invalid` for an unknown criterion, a limit out of range and an invalid `next`,
    /// `unavailable` when the store is away.
    pub fn page(self) -> Result<OpportunitePage> {
        super::side::records_read::list_opportunites(&self.request)
    }
}

impl Query<EntreprisePage> {
    /// Reads the page.
    ///
    /// # Errors
    /// As for opportunités.
    pub fn page(self) -> Result<EntreprisePage> {
        super::side::records_read::list_entreprises(&self.request)
    }
}
