//! Records of any kind, as `records-query` asks for them: what a kind is made of, and pages of it. What arrives here is
//! within the grant and fits the fields.

use super::{Space, StoreError};
use crate::contract::Text;
use crate::contract::query::Entry;
use async_trait::async_trait;
use std::sync::Arc;

/// What can be asked about a field, and what its values look like in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryShape {
    Text,
    /// A whole number: a count, cents, epoch ms.
    Number,
    Flag,
    /// `YYYY-MM-DD`.
    Day,
    /// The id of another record.
    Id,
    /// A list of texts.
    List,
}

/// A field of a kind of record.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryField {
    /// As in the CRM's API, e.g. `address.city`.
    pub name: String,
    pub label: Text,
    pub shape: QueryShape,
    /// The finer word for people who write plugins: `email`, `cents`, `instant`, …
    pub word: String,
    pub sortable: bool,
    pub filterable: bool,
    /// Does it say something about a person?
    pub personal: bool,
    /// The words it can hold, where it is one of a few.
    pub values: Vec<(String, Text)>,
}

/// How a field is held against a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryTest {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    Contains,
    /// The one value is a flag.
    Empty,
}

/// A value to hold a field against.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryValue {
    Text(String),
    Number(i64),
    Flag(bool),
}

/// One condition; its values fit its field's shape. More than one value for [`QueryTest::In`] only, which may have
/// none.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryCondition {
    pub field: String,
    pub test: QueryTest,
    pub values: Vec<QueryValue>,
}

/// In which order records come; those that are equal by moment of creation and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// A sortable field; `None` for the moment of creation.
    pub field: Option<String>,
    pub descending: bool,
}

/// A question for a page of records.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordQuery {
    pub kind: String,
    /// All of them hold.
    pub conditions: Vec<QueryCondition>,
    /// What of each record is answered.
    pub fields: Vec<String>,
    pub order: Order,
    /// The `next` of a page of the same query.
    pub after: Option<String>,
    pub limit: usize,
}

/// A page of records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryPage {
    pub items: Vec<Entry>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<String>,
}

/// Records of the CRM for `records-query`. Whatever is asked, only records of the space's site may come back (all of
/// them for the network as a whole). Records that are written meanwhile move no other one: pages repeat and lose none
/// that keeps its place.
#[async_trait]
pub trait RecordQueries: Send + Sync {
    /// What records of this kind are made of; `None` when there is no such kind.
    fn fields(&self, kind: &str) -> Option<Arc<[QueryField]>>;
    /// [`StoreError::NoPage`] for an `after` it did not give for this query.
    async fn select(&self, space: Space<'_>, query: &RecordQuery) -> Result<QueryPage, StoreError>;
    /// Those of these ids that exist on this site, in any order. Ids come from guests: one that is none finds nothing.
    async fn fetch(
        &self,
        space: Space<'_>,
        kind: &str,
        ids: &[String],
        fields: &[String],
    ) -> Result<Vec<Entry>, StoreError>;
}
