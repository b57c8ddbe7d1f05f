//! `records-query`, answered from the entries a test has set. Knows no grant: every field of an entry is seen.

use super::{Error, Result, with};
use crate::bindings::base::afpi::host::records_query::{Condition, Page, Query};
use crate::bindings::base::afpi::types::records::{Entry, Reference};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub fn describe(kind: &str) -> Result<String> {
    let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
    for entry in entries(kind) {
        shapes.extend(data(&entry).into_iter().map(|(name, value)| (name, shape(&value))));
    }
    let field = |(name, shape): (String, &str)| {
        json!({"name": name, "shape": shape, "label": {"fr": name, "en": name}, "sortable": shape != "words",
            "filterable": true, "personal": false})
    };
    Ok(json!({ "fields": shapes.into_iter().map(field).collect::<Vec<_>>() }).to_string())
}

pub fn select(query: &Query) -> Result<Page> {
    let mut found = entries(&query.kind);
    for condition in &query.conditions {
        let wanted: Value = serde_json::from_str(&condition.value)?;
        if !["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "empty"].contains(&condition.test.as_str()) {
            return Err(Error::invalid("/conditions", "unknown", "Test inconnu.", "Unknown test."));
        }
        found.retain(|entry| holds(condition, &wanted, &data(entry)));
    }
    let (field, descending) = query.order.strip_prefix('-').map_or((&*query.order, false), |field| (field, true));
    let value = |entry: &Entry| data(entry).get(field).cloned().unwrap_or_default();
    found.sort_by(|a, b| compare(&value(a), &value(b)));
    if descending {
        found.reverse();
    }
    // Here a cursor is the number of records handed over.
    let start = query.after.as_ref().map_or(Some(0), |after| after.parse().ok());
    let start: usize = start.ok_or_else(|| Error::invalid("/after", "unknown", "Page inconnue.", "Unknown page."))?;
    let end = start.saturating_add(query.limit as usize);
    let next = (end < found.len()).then(|| end.to_string());
    let items = found.into_iter().skip(start).take(query.limit as usize).map(|entry| shown(entry, &query.fields));
    Ok(Page { items: items.collect(), next })
}

pub fn fetch(references: &[Reference], fields: &[String]) -> Result<Vec<Entry>> {
    let found =
        references.iter().filter_map(|wanted| entries(&wanted.kind).into_iter().find(|one| one.id == wanted.id));
    Ok(found.map(|entry| shown(entry, fields)).collect())
}

fn entries(kind: &str) -> Vec<Entry> {
    with(|host| host.entries.iter().filter(|entry| entry.kind == kind).cloned().collect())
}

fn data(entry: &Entry) -> Map<String, Value> {
    serde_json::from_str(&entry.data).unwrap_or_default()
}

fn shown(entry: Entry, fields: &[String]) -> Entry {
    let mut data = data(&entry);
    data.retain(|name, value| !value.is_null() && (fields.is_empty() || fields.contains(name)));
    Entry { data: Value::Object(data).to_string(), ..entry }
}

fn shape(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "flag",
        Value::Number(_) => "count",
        Value::Array(_) => "words",
        _ => "text",
    }
}

fn holds(condition: &Condition, wanted: &Value, data: &Map<String, Value>) -> bool {
    let value = data.get(&condition.field).unwrap_or(&Value::Null);
    match condition.test.as_str() {
        "empty" => (value.is_null() || value == "") == (*wanted == true),
        "ne" => value != wanted,
        _ if value.is_null() => false,
        "eq" => value == wanted,
        "lt" => compare(value, wanted).is_lt(),
        "le" => compare(value, wanted).is_le(),
        "gt" => compare(value, wanted).is_gt(),
        "ge" => compare(value, wanted).is_ge(),
        "in" => wanted.as_array().is_some_and(|values| values.contains(value)),
        _ => match (value, wanted) {
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
