//! What an act changed in a record, from the record as the API shows it before and after.

use std::collections::BTreeSet;

use afpi_db::Conn;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::chain::write;
use super::line::{Act, Actor, Line, Subject};
use crate::auth::caller::Caller;

/// Fields that tell when and how often, or repeat another field.
const ASIDE: [&str; 5] = ["id", "version", "createdAt", "updatedAt", "lastLoginAt"];
/// Fields that show what another field names.
const SHOWN: [(&str, &str); 1] = [("localisation", "localisationId")];

/// A person's act on a record that lists and pages show.
pub struct Change<'a> {
    pub subject: Subject,
    pub site: Option<Uuid>,
    /// The person.
    pub by: Uuid,
    /// Epoch milliseconds.
    pub at: i64,
    pub correlation_id: &'a str,
}

impl<'a> Change<'a> {
    /// An act of the caller, now.
    pub fn by(caller: &Caller, correlation_id: &'a str, subject: Subject, site: Option<Uuid>) -> Change<'a> {
        Change { subject, site, by: caller.id, at: afpi_core::clock::now(), correlation_id }
    }

    /// Writes the line of a record that was created, changed or deleted. Nothing is written when nothing differs.
    pub async fn write<T: Serialize>(
        self,
        tx: &mut Conn,
        before: Option<&T>,
        after: Option<&T>,
    ) -> afpi_db::Result<()> {
        let act = match (before, after) {
            (None, _) => Act::Created,
            (_, None) => Act::Deleted,
            _ => Act::Edited,
        };
        let changes = differences(before, after);
        if act == Act::Edited && changes.is_empty() {
            return Ok(());
        }
        self.act(tx, act, Some(Value::Array(changes))).await
    }

    /// Writes the line of an act that is no change of fields.
    pub async fn act(self, tx: &mut Conn, act: Act, changes: Option<Value>) -> afpi_db::Result<()> {
        let line = Line { changes, ..Line::new(self.subject, self.site, Actor::Person(self.by), act, self.at) };
        write(tx, vec![line], self.correlation_id).await
    }
}

/// `{field, from, to}` for each field that differs; absent, null and empty are the same.
fn differences<T: Serialize>(before: Option<&T>, after: Option<&T>) -> Vec<Value> {
    let fields = |record: Option<&T>| match record.map(serde_json::to_value) {
        Some(Ok(Value::Object(fields))) => fields,
        _ => Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let names_it = |field: &str| before.contains_key(field) || after.contains_key(field);
    let value = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    names
        .into_iter()
        .filter(|name| !ASIDE.contains(&name.as_str()))
        .filter(|name| !SHOWN.iter().any(|(shown, by)| shown == name && names_it(by)))
        .map(|name| (name, value(&before, name), value(&after, name)))
        .filter(|(_, from, to)| from != to && !(empty(from) && empty(to)))
        .map(|(name, from, to)| json!({"field": format!("/{name}"), "from": from, "to": to}))
        .collect()
}

fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Object(fields) => fields.values().all(empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_differ_are_told_and_nothing_else() {
        let before = json!({"id": 1, "name": "A", "tags": [], "phone": null, "version": 1});
        let after = json!({"id": 1, "name": "B", "tags": null, "email": "", "version": 2});
        assert_eq!(differences(Some(&before), Some(&after)), [json!({"field": "/name", "from": "A", "to": "B"})]);
        let created = differences(None, Some(&before));
        assert_eq!(created, [json!({"field": "/name", "from": null, "to": "A"})]);
    }
}
