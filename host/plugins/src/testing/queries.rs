//! Records of any kind in memory, for `records-query`.

use super::lock;
use crate::contract::Text;
use crate::contract::query::Entry;
use crate::ports::{
    Order, QueryCondition, QueryField, QueryPage, QueryShape, QueryTest, QueryValue, RecordQueries, RecordQuery, Space,
    StoreError,
};
use async_trait::async_trait;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Entries in a list. Each site sees only its own entries. A kind has the fields that were named and those of its
/// entries. Every field can be a filter, and every field except lists can be an order.
#[derive(Default)]
pub struct MemoryQueries {
    entries: Mutex<Vec<Entry>>,
    /// The named fields, by kind.
    named: Mutex<BTreeMap<String, Vec<String>>>,
    leaky: bool,
}

impl MemoryQueries {
    /// Shows all entries to every site. It simulates a faulty store, to test the runtime.
    pub fn leaky() -> Self {
        MemoryQueries { leaky: true, ..MemoryQueries::default() }
    }

    /// Gives a kind these fields, whatever its entries have.
    pub fn name(&self, kind: &str, fields: impl IntoIterator<Item = impl Into<String>>) {
        lock(&self.named).insert(kind.into(), fields.into_iter().map(Into::into).collect());
    }

    /// Replaces the entries. They are in the order of their creation. Each entry belongs to its `site`.
    pub fn set_entries(&self, entries: Vec<Entry>) {
        *lock(&self.entries) = entries;
    }

    /// Adds one entry after the others.
    pub fn add(&self, entry: Entry) {
        lock(&self.entries).push(entry);
    }

    fn of(&self, space: Space<'_>, kind: &str) -> Vec<(usize, Entry)> {
        let shows =
            |entry: &Entry| self.leaky || space.site.is_empty() || entry.site.is_empty() || entry.site == space.site;
        let all = lock(&self.entries);
        let found = all.iter().enumerate().filter(|(_, entry)| entry.kind == kind && shows(entry));
        found.map(|(at, entry)| (at, entry.clone())).collect()
    }
}

#[async_trait]
impl RecordQueries for MemoryQueries {
    fn fields(&self, kind: &str) -> Option<Arc<[QueryField]>> {
        let mut shapes: BTreeMap<String, QueryShape> = BTreeMap::new();
        for name in lock(&self.named).get(kind)? {
            shapes.insert(name.clone(), QueryShape::Text);
        }
        for entry in lock(&self.entries).iter().filter(|entry| entry.kind == kind) {
            shapes.extend(data(entry).into_iter().map(|(name, value)| (name, shape(&value))));
        }
        Some(shapes.into_iter().map(|(name, shape)| field(name, shape)).collect())
    }

    async fn select(&self, space: Space<'_>, query: &RecordQuery) -> Result<QueryPage, StoreError> {
        let mut found = self.of(space, &query.kind);
        found.retain(|(_, entry)| query.conditions.iter().all(|condition| holds(condition, &data(entry))));
        sort(&mut found, &query.order);
        if let Some(after) = &query.after {
            let place = found.iter().position(|(at, _)| at.to_string() == *after).ok_or(StoreError::NoPage)?;
            found.drain(..=place);
        }
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found.last().filter(|_| more).map(|(at, _)| at.to_string());
        Ok(QueryPage { items: found.into_iter().map(|(_, entry)| shown(entry, &query.fields)).collect(), next })
    }

    async fn fetch(
        &self,
        space: Space<'_>,
        kind: &str,
        ids: &[String],
        fields: &[String],
    ) -> Result<Vec<Entry>, StoreError> {
        let found = self.of(space, kind).into_iter().filter(|(_, entry)| ids.contains(&entry.id));
        Ok(found.map(|(_, entry)| shown(entry, fields)).collect())
    }
}

fn data(entry: &Entry) -> Map<String, Value> {
    serde_json::from_str(&entry.data).unwrap_or_default()
}

fn shown(entry: Entry, fields: &[String]) -> Entry {
    let mut data = data(&entry);
    data.retain(|name, value| fields.contains(name) && !value.is_null());
    Entry { data: Value::Object(data).to_string(), ..entry }
}

fn shape(value: &Value) -> QueryShape {
    match value {
        Value::Bool(_) => QueryShape::Flag,
        Value::Number(_) => QueryShape::Number,
        Value::Array(_) => QueryShape::List,
        _ => QueryShape::Text,
    }
}

fn field(name: String, shape: QueryShape) -> QueryField {
    QueryField {
        label: Text { fr: name.clone(), en: name.clone() },
        name,
        shape,
        word: format!("{shape:?}").to_lowercase(),
        sortable: shape != QueryShape::List,
        filterable: true,
        personal: false,
        values: Vec::new(),
    }
}

fn json(value: &QueryValue) -> Value {
    match value {
        QueryValue::Text(text) => Value::from(text.as_str()),
        QueryValue::Number(number) => Value::from(*number),
        QueryValue::Flag(flag) => Value::from(*flag),
    }
}

fn holds(condition: &QueryCondition, data: &Map<String, Value>) -> bool {
    let value = data.get(&condition.field).unwrap_or(&Value::Null);
    let wanted: Vec<Value> = condition.values.iter().map(json).collect();
    let first = wanted.first().unwrap_or(&Value::Null);
    let compared = || compare(value, first);
    match condition.test {
        QueryTest::Empty => (value.is_null() || value.as_str() == Some("")) == (*first == Value::Bool(true)),
        QueryTest::Ne => value != first,
        _ if value.is_null() => false,
        QueryTest::Eq => value == first,
        QueryTest::Lt => compared() == Ordering::Less,
        QueryTest::Le => compared() != Ordering::Greater,
        QueryTest::Gt => compared() == Ordering::Greater,
        QueryTest::Ge => compared() != Ordering::Less,
        QueryTest::In => wanted.contains(value),
        QueryTest::Contains => match (value, first) {
            (Value::Array(elements), wanted) => elements.contains(wanted),
            (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
            _ => false,
        },
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_str().unwrap_or_default().cmp(b.as_str().unwrap_or_default()),
    }
}

fn sort(found: &mut [(usize, Entry)], order: &Order) {
    if let Some(field) = &order.field {
        let value = |entry: &Entry| data(entry).get(field).cloned().unwrap_or_default();
        found.sort_by(|(_, a), (_, b)| compare(&value(a), &value(b)));
    }
    if order.descending {
        found.reverse();
    }
}
