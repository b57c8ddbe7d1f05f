//! Records of any kind for `records-query`: the fields of a kind, and pages of its records. Queries here are within the
//! grant and fit the fields.

use super::{Space, StoreError};
use crate::contract::Text;
use crate::contract::query::Entry;
use async_trait::async_trait;
use std::sync::Arc;

/// Which conditions a field allows, and the JSON form of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryShape {
    Text,
    /// A whole number, for example a count, cents or epoch ms.
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
    /// The name in the CRM's API, e.g. `address.city`.
    pub name: String,
    pub label: Text,
    pub shape: QueryShape,
    /// The more exact type, for authors of plugins: `email`, `cents`, `instant`, …
    pub word: String,
    pub sortable: bool,
    pub filterable: bool,
    /// Whether it contains personal data.
    pub personal: bool,
    /// The possible values, if there are only a few.
    pub values: Vec<(String, Text)>,
}

/// How a field is compared with a value.
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
    /// The single value is a flag.
    Empty,
}

/// A value that a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryValue {
    Text(String),
    Number(i64),
    Flag(bool),
}

/// One condition. Its values fit the shape of its field. Only [`QueryTest::In`] may have more than one value, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryCondition {
    pub field: String,
    pub test: QueryTest,
    pub values: Vec<QueryValue>,
}

/// The order of the records. Equal records are ordered by the instant of creation and the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// A sortable field. `None` means the instant of creation.
    pub field: Option<String>,
    pub descending: bool,
}

/// A query for a page of records.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordQuery {
    pub kind: String,
    /// All conditions must hold.
    pub conditions: Vec<QueryCondition>,
    /// The fields that are returned of each record.
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
    /// The position of the next page. `None` on the last page.
    pub next: Option<String>,
}

/// Records of the CRM for `records-query`. Only records of the space's site may be returned, whatever is asked. For the
/// whole network, all records may be returned. Writes between two pages do not move other records: pages repeat none
/// and lose none whose position has not changed.
#[async_trait]
pub trait RecordQueries: Send + Sync {
    /// The fields of this kind. `None` if the kind does not exist.
    fn fields(&self, kind: &str) -> Option<Arc<[QueryField]>>;
    /// [`StoreError::NoPage`] for an `after` that this query has not returned.
    async fn select(&self, space: Space<'_>, query: &RecordQuery) -> Result<QueryPage, StoreError>;
    /// The records with these ids that exist on this site, in any order. Ids come from guests: an invalid id finds
    /// nothing.
    async fn fetch(
        &self,
        space: Space<'_>,
        kind: &str,
        ids: &[String],
        fields: &[String],
    ) -> Result<Vec<Entry>, StoreError>;
}
