//! Keyset paging: `{data, meta}` with an opaque cursor that is tied to sort and filters.

use afpi_db::{Conn, Sql, Value, sql};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;

use afpi_core::error::{Error, ErrorKind, Result, bad_parameter};

use afpi_core::text::text;

/// The most rows a page holds.
pub const MAX_LIMIT: u32 = 200;
/// The default number of rows.
const LIMIT: u32 = 50;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub meta: ListMeta,
}

/// A short list without pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct All<T> {
    pub data: Vec<T>,
}

/// Data about the page.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListMeta {
    /// Number of matching rows, over all pages.
    pub total: i64,
    /// False when more rows match than `total`, which is then 1 000. `count=exact` counts them all.
    pub exact: bool,
    pub limit: u32,
    /// Cursor of the next page. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub next: Option<String>,
}

/// Matching rows are counted up to this number.
pub const COUNTED: u32 = 1000;

/// How matching rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Count {
    /// All of them, however many there are. Without it, up to 1 000.
    Exact,
}

/// The number of matching rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    rows: i64,
    exact: bool,
}

impl Total {
    /// All of them are known.
    pub fn of(rows: usize) -> Total {
        Total { rows: i64::try_from(rows).unwrap_or(i64::MAX), exact: true }
    }

    pub fn is_none(self) -> bool {
        self.rows == 0
    }
}

impl ListMeta {
    /// Of a list that is shown whole: the number of its rows, and the most it may have.
    pub fn whole(rows: usize, limit: u32) -> ListMeta {
        let Total { rows: total, exact } = Total::of(rows);
        ListMeta { total, exact, limit, next: None }
    }

    /// Of a page of a list that nobody counts: the number of its rows, and the cursor of what follows.
    pub fn uncounted(rows: usize, limit: u32, next: Option<String>) -> ListMeta {
        ListMeta { exact: next.is_none(), next, ..ListMeta::whole(rows, limit) }
    }
}

/// The sorts of a list. The same table serves queries and the OpenAPI document.
pub struct Sorts<R: 'static> {
    /// The default sort: a name, with `-` before it for descending.
    pub default: &'static str,
    pub keys: &'static [SortKey<R>],
}

impl<R> Sorts<R> {
    /// Every name in both directions, for `#[param(schema_with = …)]`.
    pub fn schema(&self) -> Object {
        let both = |key: &SortKey<R>| [key.name.to_owned(), format!("-{}", key.name)];
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(self.keys.iter().flat_map(both)))
            .default(Some(self.default.into()))
            .description(Some("`-` before it for descending."))
            .build()
    }

    /// The key, and whether the order is descending. 400 for an unknown name.
    fn find(&self, wanted: &str) -> Result<(&'static SortKey<R>, bool)> {
        let (name, descending) = wanted.strip_prefix('-').map_or((wanted, false), |name| (name, true));
        let key = self.keys.iter().find(|key| key.name == name).ok_or_else(|| {
            let names = self.keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ");
            let message =
                text(format!("Tri inconnu ; possibles : {names}."), format!("Unknown sort; possible: {names}."));
            bad_parameter("sort", message)
        })?;
        Ok((key, descending))
    }
}

/// A sort of `R`: its API name, the SQL expression, and how to read the key from a row.
pub struct SortKey<R> {
    pub name: &'static str,
    pub column: &'static str,
    pub key: fn(&R) -> Key,
}

/// A sort key's value.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Key {
    Int(i64),
    Text(String),
    /// The sort key of a text, see [`afpi_core::collation`].
    Bytes(Vec<u8>),
}

impl From<Key> for Value {
    fn from(key: Key) -> Value {
        match key {
            Key::Int(v) => v.into(),
            Key::Text(v) => v.into(),
            Key::Bytes(v) => v.into(),
        }
    }
}

/// The requested number of rows. 400 for zero and for too many.
pub fn limit(wanted: Option<u32>) -> Result<u32> {
    let limit = wanted.unwrap_or(LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(limit);
    }
    let message =
        text(format!("limit doit être entre 1 et {MAX_LIMIT}."), format!("limit must be between 1 and {MAX_LIMIT}."));
    Err(bad_parameter("limit", message))
}

/// A requested page.
pub struct PageRequest<R: 'static> {
    limit: u32,
    sort: &'static SortKey<R>,
    descending: bool,
    after: Option<(Key, Uuid)>,
    count: Option<Count>,
    binding: String,
}

#[derive(Serialize, Deserialize)]
struct Cursor(String, Key, Uuid);

impl<R> PageRequest<R> {
    /// Reads `limit`, `sort`, `cursor` and `count`. `filters` is any value that identifies the filters.
    pub fn new(
        limit: Option<u32>,
        sort: Option<&str>,
        cursor: Option<&str>,
        count: Option<Count>,
        sorts: &Sorts<R>,
        filters: &impl std::fmt::Debug,
    ) -> Result<Self> {
        let limit = self::limit(limit)?;
        let wanted = sort.unwrap_or(sorts.default);
        let (sort, descending) = sorts.find(wanted)?;
        let digest = Sha256::digest(format!("{wanted}{filters:?}"));
        let binding = URL_SAFE_NO_PAD.encode(&digest[..9]);
        let after = cursor.map(|c| open_cursor(c, &binding)).transpose()?;
        Ok(PageRequest { limit, sort, descending, after, count, binding })
    }

    /// The number of rows of the page.
    pub fn limit(&self) -> usize {
        self.limit as usize
    }

    /// The row that the cursor stands for: its sort key and id. The page begins behind it.
    pub fn after(&self) -> Option<&(Key, Uuid)> {
        self.after.as_ref()
    }

    /// The cursor that stands for this row.
    pub fn cursor(&self, row: &R, id: Uuid) -> String {
        let cursor = Cursor(self.binding.clone(), (self.sort.key)(row), id);
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
    }

    /// Appends the cursor's condition, the order and the limit. `id` is the id column.
    pub fn apply(&self, query: &mut Sql, id: &'static str) {
        let column = self.sort.column;
        if let Some((key, last)) = &self.after {
            let beyond = if self.descending { " < ?" } else { " > ?" };
            query.push(" AND (").push(column).push(beyond).arg(key.clone());
            query.push(" OR (").push(column).push(" = ?").arg(key.clone());
            query.push(" AND ").push(id).push(beyond).push("))").arg(*last);
        }
        let direction = if self.descending { " DESC" } else { " ASC" };
        query.push(" ORDER BY ").push(column).push(direction).push(", ").push(id).push(direction);
        query.limit(self.limit + 1);
    }

    /// Counts the rows of `matching`, which selects one column of all of them.
    pub async fn total(&self, conn: &mut Conn, matching: impl Into<Sql>) -> afpi_db::Result<Total> {
        let mut matching = matching.into();
        if self.count.is_none() {
            matching.limit(COUNTED + 1);
        }
        let mut query = sql("SELECT COUNT(*) FROM (");
        query.append(matching).push(") counted");
        let rows: i64 = query.scalar(conn).await?;
        let most = i64::from(COUNTED);
        Ok(match self.count {
            None if rows > most => Total { rows: most, exact: false },
            _ => Total { rows, exact: true },
        })
    }

    /// Makes the page. The query has read one row more than requested.
    pub fn page<T>(self, mut rows: Vec<R>, total: Total, id: fn(&R) -> Uuid, show: impl FnMut(R) -> T) -> Page<T> {
        let more = rows.len() > self.limit as usize;
        rows.truncate(self.limit as usize);
        let next = rows.last().filter(|_| more).map(|row| self.cursor(row, id(row)));
        Page {
            data: rows.into_iter().map(show).collect(),
            meta: ListMeta { total: total.rows, exact: total.exact, limit: self.limit, next },
        }
    }
}

fn open_cursor(cursor: &str, binding: &str) -> Result<(Key, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    let Cursor(bound, key, id) = serde_json::from_slice(&bytes).map_err(|_| bad_cursor())?;
    (bound == binding).then_some((key, id)).ok_or_else(bad_cursor)
}

/// 400: the cursor is invalid, or belongs to another list.
pub fn bad_cursor() -> Error {
    let detail = text(
        "Ce curseur est illisible ou appartient à un autre tri ou à d'autres filtres.",
        "This cursor is unreadable or belongs to another sort or other filters.",
    );
    Error::new(ErrorKind::BadCursor, text("Curseur invalide", "Bad cursor")).detail(detail)
}
