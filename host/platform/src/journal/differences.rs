//! The fields that an act changed, from the record's API form before and after.

use std::collections::BTreeSet;

use afpi_db::Conn;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::chain::write;
use super::line::{Activity, Actor, Line, Subject};
use crate::auth::caller::Caller;
use afpi_core::clock::Instant;
use afpi_core::id::{LocalisationId, UserId};

/// Fields that are always different, repeat another field, or change by an act of their own.
const ASIDE: [&str; 9] = [
    "id",
    "version",
    "createdAt",
    "updatedAt",
    "lastLoginAt",
    "expiries",
    "invited",
    "invitationExpiresAt",
    "hasSecondFactor",
];
/// Fields that display the record which another field names.
const SHOWN: [(&str, &str); 3] = [("localisation", "localisationId"), ("role", "roleId"), ("roleName", "roleId")];

/// The actor and the correlation id.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    pub actor: Actor<'a>,
    pub correlation_id: &'a str,
}

impl<'a> Author<'a> {
    /// The caller of a request.
    pub fn of(caller: &Caller, correlation_id: &'a str) -> Author<'a> {
        Author { actor: Actor::Person(caller.id), correlation_id }
    }

    /// The actor, if it is a person.
    pub fn person(&self) -> Option<UserId> {
        if let Actor::Person(id) = self.actor { Some(id) } else { None }
    }

    /// An act on this record, now. `site` is its localisation; none means the network.
    pub fn on(self, subject: Subject, site: Option<LocalisationId>) -> Change<'a> {
        let site = site.filter(|site| !site.is_network());
        Change { subject, site, author: self, at: Instant::now(), beside: vec![] }
    }
}

/// An act that is one line.
pub struct Change<'a> {
    subject: Subject,
    site: Option<LocalisationId>,
    author: Author<'a>,
    at: Instant,
    /// Additional fields of the line.
    beside: Vec<Value>,
}

/// A changed field. Never use it for a secret: use [`secret`].
pub fn field(name: &str, from: impl Into<Value>, to: impl Into<Value>) -> Value {
    json!({"field": format!("/{name}"), "from": from.into(), "to": to.into()})
}

/// A secret that was set or removed: its name, never its value.
pub fn secret(name: &str, set: bool) -> Value {
    field(&format!("secrets/{name}"), Value::Null, if set { "set" } else { "removed" })
}

impl<'a> Change<'a> {
    /// An act of the caller, now.
    pub fn by(caller: &Caller, correlation_id: &'a str, subject: Subject, site: Option<LocalisationId>) -> Change<'a> {
        Author::of(caller, correlation_id).on(subject, site)
    }

    /// Adds these fields.
    pub fn beside(self, beside: Vec<Value>) -> Change<'a> {
        Change { beside, ..self }
    }

    /// Writes the line of a record that was created, changed or deleted. Writes nothing when there is no difference.
    pub async fn write<T: Serialize>(
        self,
        tx: &mut Conn,
        before: Option<&T>,
        after: Option<&T>,
    ) -> afpi_db::Result<()> {
        let activity = match (before, after) {
            (None, _) => Activity::Created,
            (_, None) => Activity::Deleted,
            _ => Activity::Edited,
        };
        let changes = differences(before, after);
        if activity == Activity::Edited && changes.is_empty() {
            return Ok(());
        }
        self.record(tx, activity, changes).await
    }

    /// Writes the line of an activity. Make `changes` with [`field`] and [`secret`].
    pub async fn record(self, tx: &mut Conn, activity: Activity, changes: Vec<Value>) -> afpi_db::Result<()> {
        let changes: Vec<Value> = changes.into_iter().chain(self.beside).collect();
        let changes = (!changes.is_empty()).then_some(Value::Array(changes));
        let line = Line { changes, ..Line::new(self.subject, self.site, self.author.actor, activity, self.at) };
        write(tx, vec![line], self.author.correlation_id).await
    }
}

/// `{field, from, to}` for each different field. Absent, null and empty are equal.
pub fn differences<T: Serialize>(before: Option<&T>, after: Option<&T>) -> Vec<Value> {
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
        .map(|(name, from, to)| field(name, from, to))
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
