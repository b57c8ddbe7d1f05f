//! Describes the differences between two answers of a plugin. It knows answers only as JSON.

use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// A place where two answers differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// A JSON Pointer into the answer. It continues inside texts that contain JSON.
    pub at: String,
    /// Absent if the old answer has no value here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// All differences, ordered by place. The list is empty for equal answers.
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare("", old, new, &mut found);
    // Other crates of the build decide whether JSON objects keep their order, so the list is sorted.
    found.sort_by(|a, b| a.at.cmp(&b.at));
    found
}

fn compare(at: &str, old: &Value, new: &Value, found: &mut Vec<Change>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added) {
                both(
                    &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    before.get(key),
                    after.get(key),
                    found,
                );
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                both(&format!("{at}/{index}"), before.get(index), after.get(index), found);
            }
        }
        (Value::String(before), Value::String(after)) => match (inner(before), inner(after)) {
            (Some(before), Some(after)) => compare(at, &before, &after, found),
            _ => found.push(change(at, Some(old), Some(new))),
        },
        _ => found.push(change(at, Some(old), Some(new))),
    }
}

fn both(at: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Change>) {
    match (old, new) {
        (Some(old), Some(new)) => compare(at, old, new, found),
        _ => found.push(change(at, old, new)),
    }
}

fn change(at: &str, old: Option<&Value>, new: Option<&Value>) -> Change {
    Change { at: at.into(), old: old.cloned(), new: new.cloned() }
}

/// The object or list in a text that contains JSON, such as a document or a form.
fn inner(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|value: &Value| value.is_object() || value.is_array())
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { "the answer" } else { &self.at };
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "{at}: {} → {}", short(old), short(new)),
            (None, Some(new)) => write!(f, "{at}: now {}", short(new)),
            (Some(old), None) => write!(f, "{at}: no longer {}", short(old)),
            (None, None) => write!(f, "{at}"),
        }
    }
}

/// The beginning of a value, enough to recognise it.
fn short(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = value.to_string();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_are_named_down_to_the_field_of_a_document() {
        let old =
            json!({"Ok": {"status": "won", "amount": 5, "data": r#"{"devis":{"prix":1,"a/b":2}}"#, "steps": [1, 2]}});
        let new = json!({"Ok": {"status": "lost", "amount": 5, "data": r#"{"devis":{"prix":3}}"#, "steps": [1]}});
        let words: Vec<String> = changes(&old, &new).iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "/Ok/data/devis/a~1b: no longer 2",
                "/Ok/data/devis/prix: 1 → 3",
                "/Ok/status: \"won\" → \"lost\"",
                "/Ok/steps/1: no longer 2"
            ]
        );
        assert!(changes(&old, &old).is_empty());
    }

    #[test]
    fn documents_that_only_differ_in_spelling_say_the_same() {
        assert!(changes(&json!(r#"{"a":1,"b":2}"#), &json!(r#"{ "b": 2, "a": 1 }"#)).is_empty());
        assert_eq!(changes(&json!("1"), &json!("2")).len(), 1, "a plain text is compared as a text");
    }

    #[test]
    fn an_answer_that_became_a_refusal_shows_both() {
        let words: Vec<String> =
            changes(&json!({"Ok": 1}), &json!({"Err": {"Denied": "x"}})).iter().map(ToString::to_string).collect();
        assert_eq!(words, ["/Err: now {\"Denied\":\"x\"}", "/Ok: no longer 1"]);
    }
}
