//! “Reads these data of its site’s records.” Records of any kind, with the fields that the manifest names:
//!
//! ```toml
//! [[capabilities.records-query]]
//! kind = "contact"
//! fields = ["firstName", "lastName", "email"]
//! ```
//!
//! ```
//! use afpi_sdk::app::{Result, query};
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct Contact {
//!     last_name: String,
//!     email: Option<String>,
//! }
//!
//! fn without_email() -> Result<Vec<String>> {
//!     let mut names = Vec::new();
//!     query::of("contact").empty("email").each(|entry| {
//!         names.push(entry.read::<Contact>()?.last_name);
//!         Ok(())
//!     })?;
//!     Ok(names)
//! }
//! # use afpi_sdk::testing;
//! # testing::set_entries(vec![testing::entry("contact", r#"{"lastName":"Leroy"}"#), testing::entry("contact", r#"{"lastName":"Petit","email":"p@x.fr"}"#)]);
//! # assert_eq!(without_email().unwrap(), ["Leroy"]);
//! # let one: Contact = query::of("contact").contains("lastName", "eti").page().unwrap().items[0].read().unwrap();
//! # assert_eq!(one.email.as_deref(), Some("p@x.fr"));
//! ```

use crate::bindings::base::afpi::host::records_query as contract;
pub use crate::bindings::base::afpi::host::records_query::Page;
pub use crate::bindings::base::afpi::types::records::{Entry, Reference};
use crate::types::{Error, Result, Text};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The most records on one page, and of one `fetch`.
const MOST: u32 = 200;

/// Records of this kind: `entreprise`, `contact`, `formateur`, `salle`, `objectif`, `opportunite` or `user`. The example
/// stands [above](self).
pub fn of(kind: &str) -> Query {
    Query(contract::Query {
        kind: kind.into(),
        conditions: Vec::new(),
        fields: Vec::new(),
        order: String::new(),
        after: None,
        limit: MOST,
    })
}

/// A question for records; nothing is asked before [`Query::page`], [`Query::each`] or [`Query::count`]. At most 8
/// conditions; all of them hold. The example stands [above](self).
#[derive(Debug, Clone)]
#[must_use = "nothing is read before `page`, `each` or `count`"]
pub struct Query(contract::Query);

impl Query {
    fn with(mut self, field: &str, test: &str, value: impl Serialize) -> Query {
        let value = serde_json::to_string(&value).unwrap_or_else(|_| "null".into());
        self.0.conditions.push(contract::Condition { field: field.into(), test: test.into(), value });
        self
    }

    /// The field has this value.
    pub fn eq(self, field: &str, value: impl Serialize) -> Query {
        self.with(field, "eq", value)
    }

    /// The field has another value, or none.
    pub fn ne(self, field: &str, value: impl Serialize) -> Query {
        self.with(field, "ne", value)
    }

    /// The number, instant or day is below this one.
    pub fn lt(self, field: &str, value: impl Serialize) -> Query {
        self.with(field, "lt", value)
    }

    /// The number, instant or day is this one or below.
    pub fn le(self, field: &str, value: impl Serialize) -> Query {
        self.with(field, "le", value)
    }

    /// The number, instant or day is above this one.
    pub fn gt(self, field: &str, value: impl Serialize) -> Query {
        self.with(field, "gt", value)
    }

    /// The number, instant or day is this one or above.
    pub fn ge(self, field: &str, value: impl Serialize) -> Query {
        self.with(field, "ge", value)
    }

    /// The field has one of these values, at most 200.
    pub fn one_of<V: Serialize>(self, field: &str, values: impl IntoIterator<Item = V>) -> Query {
        let values: Vec<V> = values.into_iter().collect();
        self.with(field, "in", values)
    }

    /// The text has this part, as it is written, or the list has this element.
    pub fn contains(self, field: &str, value: &str) -> Query {
        self.with(field, "contains", value)
    }

    /// The field has no value.
    pub fn empty(self, field: &str) -> Query {
        self.with(field, "empty", true)
    }

    /// The field has a value.
    pub fn present(self, field: &str) -> Query {
        self.with(field, "empty", false)
    }

    /// Only these fields; all that were granted unless it is said.
    pub fn fields<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Query {
        self.0.fields = names.into_iter().map(Into::into).collect();
        self
    }

    /// By this sortable field, with `-` before it for descending order; in the order of creation unless it is said.
    pub fn order(mut self, field: &str) -> Query {
        self.0.order = field.into();
        self
    }

    /// At most so many on a page, 1 to 200; 200 unless it is said.
    pub fn limit(mut self, limit: u32) -> Query {
        self.0.limit = limit;
        self
    }

    /// What comes after a page: its `next`; `None` for the first one.
    pub fn after(mut self, next: Option<String>) -> Query {
        self.0.after = next;
        self
    }

    /// One page.
    ///
    /// # Errors
    /// `denied` for a kind or field outside the grant; `invalid` for a field, test, value or order that the kind does not
    /// have; `unavailable` when the host's store is away.
    pub fn page(&self) -> Result<Page> {
        super::side::records_query::select(&self.0)
    }

    /// Every record, page by page.
    ///
    /// # Errors
    /// As [`Query::page`], and whatever `visit` answers.
    pub fn each(mut self, mut visit: impl FnMut(&Entry) -> Result<()>) -> Result<()> {
        loop {
            let page = self.page()?;
            page.items.iter().try_for_each(&mut visit)?;
            if page.next.is_none() {
                return Ok(());
            }
            self.0.after = page.next;
        }
    }

    /// How many there are. They are read for it, so it costs as much as [`Query::each`].
    ///
    /// # Errors
    /// As [`Query::page`].
    pub fn count(self) -> Result<i64> {
        let mut count = 0;
        self.each(|_| {
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }
}

/// Records whose ids are known, at most 200, in the order asked; what is not there is left out. All granted fields when
/// none are named.
///
/// ```
/// use afpi_sdk::app::query;
///
/// # let entry = afpi_sdk::testing::entry("salle", r#"{"name":"A1"}"#);
/// # afpi_sdk::testing::set_entries(vec![entry.clone()]);
/// let room = query::Reference { kind: "salle".into(), id: "0195a000-0000-7000-8000-000000000000".into() };
/// # let room = query::Reference { id: entry.id, ..room };
/// assert_eq!(query::fetch(&[room], &["name"]).unwrap().len(), 1);
/// ```
///
/// # Errors
/// `denied` for a kind or field outside the grant, `invalid` for too many, `unavailable` when the store is away.
pub fn fetch(references: &[Reference], fields: &[&str]) -> Result<Vec<Entry>> {
    let fields: Vec<String> = fields.iter().map(|name| (*name).to_owned()).collect();
    super::side::records_query::fetch(references, &fields)
}

/// A field of a kind, as `describe` tells of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Field {
    /// As in the CRM's API, e.g. `address.city`.
    pub name: String,
    /// `text`, `email`, `cents`, `instant`, `day`, `flag`, `words`, … ; take a word you do not know for a text.
    pub shape: String,
    /// What people call it.
    pub label: Text,
    /// Can records be ordered by it?
    pub sortable: bool,
    /// Can conditions name it?
    pub filterable: bool,
    /// Does it say something about a person?
    pub personal: bool,
    /// The words it can hold, where it is one of a few.
    #[serde(default)]
    pub values: Vec<Choice>,
}

/// A word that a field can hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Choice {
    /// As it stands in the data.
    pub value: String,
    /// What people read.
    pub label: Text,
}

/// The granted fields of a kind.
///
/// ```
/// use afpi_sdk::app::query;
///
/// # afpi_sdk::testing::set_entries(vec![afpi_sdk::testing::entry("salle", r#"{"name":"A1","capacity":12}"#)]);
/// let names: Vec<String> = query::describe("salle").unwrap().into_iter().map(|field| field.name).collect();
/// assert_eq!(names, ["capacity", "name"]);
/// ```
///
/// # Errors
/// `denied` for a kind outside the grant.
pub fn describe(kind: &str) -> Result<Vec<Field>> {
    #[derive(Deserialize)]
    struct Described {
        fields: Vec<Field>,
    }
    let described: Described = serde_json::from_str(&super::side::records_query::describe(kind)?)?;
    Ok(described.fields)
}

impl Entry {
    /// Its fields as a `T`; a field without a value is absent.
    ///
    /// # Errors
    /// [`Error::Other`] when they do not have the shape of `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.data).map_err(Error::from)
    }
}
