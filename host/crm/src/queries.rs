//! Records of any kind for plugins that query them, read by their descriptions and through the scope. Knows no kind: what
//! a description gains can be queried at once, but for fields that are internal.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use afpi_core::id::LocalisationId;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_db::{Row, Sql, Value as Bound};
use afpi_http::paging::Key;
use afpi_platform::secrets::{away, site_id};
use afpi_plugins::contract::Text;
use afpi_plugins::contract::query::Entry;
use afpi_plugins::ports::{
    QueryCondition, QueryField, QueryPage, QueryShape, QueryTest, QueryValue, RecordQueries, RecordQuery, Space,
    StoreError,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::description::{Description, Field, Kind, Shape, SortKind};
use crate::records::Records;

/// What plugins may know of each kind.
static FIELDS: LazyLock<HashMap<&'static str, Arc<[QueryField]>>> = LazyLock::new(|| {
    let known = |kind: Kind| (<&str>::from(kind), open(kind.description()).map(described).collect());
    Kind::queried().map(known).collect()
});

#[async_trait]
impl RecordQueries for Records {
    fn fields(&self, kind: &str) -> Option<Arc<[QueryField]>> {
        FIELDS.get(kind).cloned()
    }

    async fn select(&self, space: Space<'_>, query: &RecordQuery) -> Result<QueryPage, StoreError> {
        let Ok(kind) = Kind::from_str(&query.kind) else { return Err(StoreError::NotFound) };
        let (description, site) = (kind.description(), site_id(space.site)?);
        let sort = Sort::of(description, query);
        let fields = named(description, &query.fields);
        let mut asked = of_site(kind, site, &sort, &fields);
        for condition in &query.conditions {
            if let Some(field) = description.field(&condition.field) {
                narrow(&mut asked, field, condition);
            }
        }
        if let Some(after) = &query.after {
            let place = Cursor::read(after, query).ok_or(StoreError::NoPage)?;
            sort.behind(&mut asked, description, place);
        }
        sort.push(&mut asked, description);
        // One more than asked for tells whether there is a next page.
        asked.limit(query.limit as u32 + 1);
        let mut found = self.entries(asked, kind, &sort, &fields).await?;
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found.last().filter(|_| more).map(|(id, key, _)| Cursor::of(query, key.clone(), *id));
        Ok(QueryPage { items: found.into_iter().map(|(.., entry)| entry).collect(), next })
    }

    async fn fetch(
        &self,
        space: Space<'_>,
        kind: &str,
        ids: &[String],
        fields: &[String],
    ) -> Result<Vec<Entry>, StoreError> {
        let Ok(kind) = Kind::from_str(kind) else { return Err(StoreError::NotFound) };
        let (description, site) = (kind.description(), site_id(space.site)?);
        let (sort, fields) = (Sort::CREATION, named(description, fields));
        let mut asked = of_site(kind, site, &sort, &fields);
        let ids = ids.iter().filter_map(|id| Uuid::parse_str(id).ok());
        asked.push(" AND ").push(description.columns.id).push(" IN ").list(ids);
        let found = self.entries(asked, kind, &sort, &fields).await?;
        Ok(found.into_iter().map(|(.., entry)| entry).collect())
    }
}

/// The fields of a kind that plugins may know: what is read from a column and is not internal.
fn open(description: &'static Description) -> impl Iterator<Item = &'static Field> {
    description.fields.iter().filter(|field| !field.internal && field.stored_somewhere())
}

fn named(description: &'static Description, names: &[String]) -> Vec<&'static Field> {
    names.iter().filter_map(|name| open(description).find(|field| field.name == name)).collect()
}

fn described(field: &'static Field) -> QueryField {
    let text = |(fr, en): (&str, &str)| Text { fr: fr.into(), en: en.into() };
    let words = if let Shape::Word(words) = field.shape { words } else { &[] };
    QueryField {
        name: field.name.into(),
        label: text(field.label),
        shape: shape(field.shape),
        word: <&str>::from(field.shape).into(),
        sortable: field.sort.is_some(),
        filterable: true,
        personal: field.personal,
        values: words.iter().map(|(word, label)| ((*word).into(), text(*label))).collect(),
    }
}

fn shape(shape: Shape) -> QueryShape {
    match shape {
        Shape::Text
        | Shape::Prose
        | Shape::Email
        | Shape::Phone
        | Shape::Country
        | Shape::Word(_)
        | Shape::PluginWord => QueryShape::Text,
        Shape::Words => QueryShape::List,
        Shape::Count | Shape::Minutes | Shape::Cents | Shape::Instant => QueryShape::Number,
        Shape::Flag => QueryShape::Flag,
        Shape::Day => QueryShape::Day,
        Shape::Reference => QueryShape::Id,
    }
}

/// Records of the site, or of all for the network. Companies, and the contacts they have, are those at home there: the
/// scope alone would also show those the site works for.
fn of_site(kind: Kind, site: LocalisationId, sort: &Sort, fields: &[&'static Field]) -> ScopedSql {
    let description = kind.description();
    let own = &description.columns;
    let mut columns = vec![own.id, own.site, own.version, own.label, own.updated_at, sort.column(description)];
    columns.extend(fields.iter().map(|field| field.column));
    let scope = if site.is_network() { Scope::All } else { Scope::Sites(vec![site]) };
    let mut query = (description.select)(&scope, &columns);
    if !site.is_network() && matches!(kind, Kind::Entreprise | Kind::Contact) {
        query.push(" AND ").push(own.site).push(" = ?").arg(site);
    }
    query
}

impl Records {
    /// The rows of [`of_site`], each with its id and its place in the order.
    async fn entries(
        &self,
        query: ScopedSql,
        kind: Kind,
        sort: &Sort,
        fields: &[&'static Field],
    ) -> Result<Vec<(Uuid, Key, Entry)>, StoreError> {
        let mut conn = self.db.read().await.map_err(away)?;
        let mut found = Vec::new();
        let read = query.each(&mut conn, |row| {
            let id: Uuid = row.at(0)?;
            let site: Option<LocalisationId> = row.at(1)?;
            let mut data = Map::new();
            for (at, field) in fields.iter().enumerate() {
                let value = value(&row, at + 6, field.shape)?;
                if !value.is_null() {
                    data.insert(field.name.to_owned(), value);
                }
            }
            let entry = Entry {
                kind: <&str>::from(kind).to_owned(),
                id: id.to_string(),
                site: site.map_or_else(String::new, |site| site.to_string()),
                version: row.at::<i64>(2)?.unsigned_abs(),
                label: row.at(3)?,
                updated_at: row.at(4)?,
                data: Value::Object(data).to_string(),
            };
            found.push((id, sort.key(&row)?, entry));
            Ok(true)
        });
        read.await.map_err(away)?;
        Ok(found)
    }
}

/// A field as plugins see it: instants are epoch ms, money is cents; what is empty is null.
fn value(row: &Row, at: usize, of: Shape) -> afpi_db::Result<Value> {
    Ok(match shape(of) {
        QueryShape::Text | QueryShape::Day => {
            row.at::<Option<String>>(at)?.filter(|text| !text.is_empty()).map_or(Value::Null, Value::from)
        }
        QueryShape::Number => row.at::<Option<i64>>(at)?.map_or(Value::Null, Value::from),
        QueryShape::Flag => row.at::<Option<bool>>(at)?.map_or(Value::Null, Value::from),
        QueryShape::Id => row.at::<Option<Uuid>>(at)?.map_or(Value::Null, |id| Value::from(id.to_string())),
        QueryShape::List => {
            let list = row.at::<Option<String>>(at)?.and_then(|text| serde_json::from_str::<Vec<String>>(&text).ok());
            list.filter(|list| !list.is_empty()).map_or(Value::Null, Value::from)
        }
    })
}

/// Appends a condition. A field without a value fits [`QueryTest::Empty`] and [`QueryTest::Ne`] only.
fn narrow(query: &mut Sql, field: &Field, condition: &QueryCondition) {
    let column = field.column;
    let values: Vec<Bound> = condition.values.iter().filter_map(|value| bound(field, condition.test, value)).collect();
    let value = values.first().cloned();
    let compared = match condition.test {
        QueryTest::Empty => return empty(query, field, condition.values.first() == Some(&QueryValue::Flag(true))),
        QueryTest::In => {
            query.push(" AND ").push(column).push(" IN ").list(values);
            return;
        }
        QueryTest::Ne => {
            query.push(" AND (").push(column).push(" IS NULL");
            // What cannot be a value of the field is no value of any record.
            query.push(if value.is_some() { " OR " } else { " OR 1 = 1)" });
            if let Some(value) = value {
                query.push(column).push(" <> ?)").arg(value);
            }
            return;
        }
        QueryTest::Contains => {
            query.push(" AND INSTR(").push(column).push(", ?) > 0").arg(value);
            return;
        }
        QueryTest::Eq => " = ?",
        QueryTest::Lt => " < ?",
        QueryTest::Le => " <= ?",
        QueryTest::Gt => " > ?",
        QueryTest::Ge => " >= ?",
    };
    query.push(" AND ").push(column).push(compared).arg(value);
}

fn empty(query: &mut Sql, field: &Field, wanted: bool) {
    let column = field.column;
    query.push(if wanted { " AND (" } else { " AND NOT (" }).push(column).push(" IS NULL");
    match shape(field.shape) {
        QueryShape::Text | QueryShape::Day => query.push(" OR ").push(column).push(" = ''"),
        QueryShape::List => query.push(" OR ").push(column).push(" IN ('', '[]')"),
        QueryShape::Number | QueryShape::Flag | QueryShape::Id => query,
    };
    query.push(")");
}

/// The value as its column holds it; `None` for what cannot be one.
fn bound(field: &Field, test: QueryTest, value: &QueryValue) -> Option<Bound> {
    match (shape(field.shape), value) {
        (QueryShape::Id, QueryValue::Text(id)) => Some(Uuid::parse_str(id).ok()?.into()),
        // The quotes of the stored JSON keep `indus` from finding `industrie`.
        (QueryShape::List, QueryValue::Text(word)) if test == QueryTest::Contains => {
            Some(Value::from(word.as_str()).to_string().into())
        }
        (_, QueryValue::Text(text)) => Some(text.into()),
        (_, QueryValue::Number(number)) => Some((*number).into()),
        (_, QueryValue::Flag(flag)) => Some((*flag).into()),
    }
}

/// The order of a query. Records that are equal come in the order of their ids.
struct Sort {
    /// The field's column; `None` for the moment of creation.
    by: Option<(&'static str, SortKind)>,
    descending: bool,
}

impl Sort {
    const CREATION: Sort = Sort { by: None, descending: false };

    fn of(description: &'static Description, query: &RecordQuery) -> Sort {
        let field = query.order.field.as_deref().and_then(|name| description.field(name));
        let by = field.and_then(|field| field.sort).map(|sort| (sort.column, sort.kind));
        Sort { by, descending: query.order.descending }
    }

    fn column(&self, description: &'static Description) -> &'static str {
        self.by.map_or(description.columns.created_at, |(column, _)| column)
    }

    /// The place of a row of [`of_site`].
    fn key(&self, row: &Row) -> afpi_db::Result<Key> {
        Ok(match self.by.map_or(SortKind::Int, |(_, kind)| kind) {
            SortKind::Int => Key::Int(row.at(5)?),
            SortKind::Text => Key::Text(row.at(5)?),
            SortKind::Bytes => Key::Bytes(row.at(5)?),
        })
    }

    fn behind(&self, query: &mut Sql, description: &'static Description, Cursor(_, key, id): Cursor) {
        let (column, beyond) = (self.column(description), if self.descending { " < ?" } else { " > ?" });
        query.push(" AND (").push(column).push(beyond).arg(key.clone());
        query.push(" OR (").push(column).push(" = ? AND ").arg(key);
        query.push(description.columns.id).push(beyond).push("))").arg(id);
    }

    fn push(&self, query: &mut Sql, description: &'static Description) {
        let direction = if self.descending { " DESC" } else { "" };
        query.push(" ORDER BY ").push(self.column(description)).push(direction);
        query.push(", ").push(description.columns.id).push(direction);
    }
}

/// Where a page ended: of which query, at which place in the order.
#[derive(Serialize, Deserialize)]
struct Cursor(String, Key, Uuid);

impl Cursor {
    /// What else may be asked than how many and which fields would be another walk.
    fn binding(query: &RecordQuery) -> String {
        let walk = format!("{} {:?} {:?}", query.kind, query.conditions, query.order);
        Sha256::digest(walk).iter().take(9).map(|byte| format!("{byte:02x}")).collect()
    }

    fn of(query: &RecordQuery, key: Key, id: Uuid) -> String {
        serde_json::to_string(&Cursor(Cursor::binding(query), key, id)).expect("plain data serialises")
    }

    fn read(text: &str, query: &RecordQuery) -> Option<Cursor> {
        serde_json::from_str::<Cursor>(text).ok().filter(|Cursor(binding, ..)| *binding == Cursor::binding(query))
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use afpi_plugins::manifest::QueryKind;

    #[test]
    fn what_can_be_granted_can_be_queried() {
        for kind in QueryKind::VARIANTS {
            let fields = FIELDS.get(kind.as_str()).unwrap_or_else(|| panic!("{}", kind.as_str()));
            assert!(!fields.is_empty(), "{}", kind.as_str());
        }
        assert_eq!(QueryKind::VARIANTS.len(), Kind::queried().count());
        let public: Vec<_> = FIELDS["user"].iter().map(|field| &*field.name).collect();
        assert_eq!(public, ["name", "role", "localisations", "active", "createdAt"]);
    }
}
