//! Section documents between the versions of a workflow. Before a decision, documents that another version wrote are
//! carried over by the plugin itself, if it can. After it, what the forms of the running version do not declare stays as
//! it was: rolling a workflow back and forward again loses nothing. The host adds which pieces have a file.

use afpi_core::error::{Error, Result};
use afpi_core::text::text;
use afpi_platform::checklist::Filed;
use afpi_platform::plugins::failures::{failure, plugin_failed, wrong_answer};
use afpi_platform::schema::resolved;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;
use afpi_plugins::contract::migration::Stored;
use afpi_plugins::{CallContext, PluginFailure, WorkflowPlugin};
use serde_json::{Map, Value};

use super::stored::StoredOpportunite;
use crate::attachments;

/// The record as the running version of its workflow reads it. No connection is held meanwhile.
pub(super) async fn carried(
    mut record: StoredOpportunite,
    plugin: &WorkflowPlugin,
    definition: &Definition,
    context: &CallContext,
) -> Result<StoredOpportunite> {
    let running = &definition.workflow;
    if record.workflow_plugin != running.id || record.workflow_version == running.version {
        return Ok(record);
    }
    let Some(migration) = plugin.migration() else { return Ok(record) };
    let asked = Stored {
        id: record.id.to_string(),
        section: record.section.clone(),
        status: record.status.clone(),
        data: record.data.clone(),
        state: record.state.clone(),
    };
    let answered = migration.migrate(context, &record.workflow_version, &[asked]).await;
    let answered = answered.map_err(|error| {
        // Nobody who wants a change has anything to do with it.
        let error = if let PluginFailure::Guest(_) = error { plugin_failed() } else { failure(error) };
        not_carried(error, &record, &running.version)
    })?;
    if let Some(Stored { data, state, .. }) = answered.into_iter().next() {
        record.data = merge(&record.documents()?, &data, definition)?;
        record.state = state;
    }
    Ok(record)
}

/// The record stays as it is.
fn not_carried(error: Error, record: &StoredOpportunite, running: &str) -> Error {
    let written = &record.workflow_version;
    error.detail(text(
        format!("Les documents de ce dossier, écrits par la version {written} du processus, n'ont pas pu être convertis pour la version {running}."),
        format!("The documents of this file, which version {written} of the workflow wrote, could not be converted for version {running}."),
    ))
}

/// The decided documents (JSON), completed by what their workflow does not know of those before. A section whose known
/// fields stay as they were is kept as it is, to the byte.
pub(super) fn merge(before: &Map<String, Value>, decided: &str, definition: &Definition) -> Result<String> {
    let mut merged: Map<String, Value> =
        serde_json::from_str(decided).map_err(|e| wrong_answer(&format!("its documents are no objects: {e}")))?;
    for (id, old) in before {
        let form = definition.section(id).map(|section| &section.form);
        match (merged.get_mut(id), form) {
            (Some(new), Some(form)) => carry(form, form, old, new),
            (Some(_), None) => {}
            (None, Some(form)) => {
                // The workflow emptied the section; what it does not know is not its to throw away.
                let mut rest = Value::Object(Map::new());
                carry(form, form, old, &mut rest);
                if rest.as_object().is_some_and(|rest| !rest.is_empty()) {
                    merged.insert(id.clone(), rest);
                }
            }
            (None, None) => drop(merged.insert(id.clone(), old.clone())),
        }
    }
    // Which pieces have a file is known from the files alone.
    definition.clear(&mut merged);
    Ok(Value::Object(merged).to_string())
}

/// The record as its workflow reads it: its documents say which pieces of their checklists have a file. `filed` are
/// those pieces, where they are known.
pub(super) async fn with_files(
    app: &App,
    definition: &Definition,
    mut record: StoredOpportunite,
    filed: Option<Filed>,
) -> Result<(StoredOpportunite, Filed)> {
    if definition.checklists().next().is_none() {
        return Ok((record, Filed::new()));
    }
    let filed = match filed {
        Some(filed) => filed,
        None => attachments::filed(&mut app.db.read().await?, record.id).await?,
    };
    let mut documents = record.documents()?;
    definition.fill(&mut documents, &filed);
    record.data = Value::Object(documents).to_string();
    Ok((record, filed))
}

/// Takes into `new` what `schema` does not declare of `old`.
fn carry(root: &Value, schema: &Value, old: &Value, new: &mut Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let Some(declared) = properties(root, schema) else { return };
            for (name, old) in old {
                match (declared.get(name), new.get_mut(name)) {
                    (Some(field), Some(new)) => carry(root, field, old, new),
                    (None, None) => drop(new.insert(name.clone(), old.clone())),
                    _ => {}
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let Some(items) = resolved(root, schema).get("items") else { return };
            let known: Vec<Value> = old.iter().map(|row| projection(root, items, row)).collect();
            let same_length = old.len() == new.len();
            let mut taken = vec![false; old.len()];
            for (at, row) in new.iter_mut().enumerate() {
                let shown = projection(root, items, row);
                // The same row, wherever it stands now; else the one in its place, where none came or went and
                // something of it is as it was.
                let same = (0..old.len()).find(|i| !taken[*i] && known[*i] == shown);
                let edited = || same_length && !taken[at] && agree(&known[at], &shown);
                if let Some(i) = same.or_else(|| edited().then_some(at)) {
                    taken[i] = true;
                    carry(root, items, &old[i], row);
                }
            }
        }
        _ => {}
    }
}

/// Is any field the same in both?
fn agree(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return false };
    one.iter().any(|(name, value)| other.get(name) == Some(value))
}

/// The fields that a schema declares, with the schema of each; `None` where it declares none and anything may stand.
fn properties<'a>(root: &'a Value, schema: &'a Value) -> Option<Map<String, Value>> {
    let schema = resolved(root, schema);
    let mut found = schema.get("properties").and_then(Value::as_object).cloned();
    for part in ["allOf", "anyOf", "oneOf"] {
        for branch in schema.get(part).and_then(Value::as_array).into_iter().flatten() {
            if let Some(more) = properties(root, branch) {
                found.get_or_insert_default().extend(more);
            }
        }
    }
    found
}

/// What of a value the schema declares, without what is empty.
fn projection(root: &Value, schema: &Value, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let Some(declared) = properties(root, schema) else { return value.clone() };
            let shown = fields
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), projection(root, declared.get(name)?, value))));
            Value::Object(shown.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(rows) => match resolved(root, schema).get("items") {
            Some(items) => rows.iter().map(|row| projection(root, items, row)).collect(),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn carried(schema: Value, old: Value, mut new: Value) -> Value {
        carry(&schema, &schema, &old, &mut new);
        new
    }

    fn form() -> Value {
        json!({
            "properties": {
                "title": {"type": "string"},
                "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}},
                "payer": {"anyOf": [{"$ref": "#/$defs/payer"}, {"type": "null"}]},
            },
            "$defs": {
                "row": {"properties": {"label": {}, "price": {}}},
                "payer": {"properties": {"name": {}}},
            },
        })
    }

    #[test]
    fn what_a_form_does_not_declare_stays() {
        let old = json!({"title": "A", "margin": 12, "payer": {"name": "X", "iban": "FR76"}});
        let new = json!({"title": "B", "payer": {"name": "Y"}});
        assert_eq!(
            carried(form(), old, new),
            json!({"title": "B", "margin": 12, "payer": {"name": "Y", "iban": "FR76"}})
        );
    }

    #[test]
    fn what_a_form_declares_is_the_workflows_to_empty() {
        let old = json!({"title": "A", "payer": {"name": "X"}});
        assert_eq!(carried(form(), old, json!({})), json!({}));
    }

    #[test]
    fn rows_are_found_again_by_what_the_form_knows_of_them() {
        let old = json!({"rows": [
            {"label": "a", "price": 1, "vat": "5.5"}, {"label": "b", "price": 2, "vat": "20"},
        ]});
        // One row before the others, one gone.
        let new = json!({"rows": [{"label": "c", "price": 3}, {"label": "b", "price": 2}]});
        assert_eq!(
            carried(form(), old.clone(), new),
            json!({"rows": [{"label": "c", "price": 3}, {"label": "b", "price": 2, "vat": "20"}]})
        );
        let edited = json!({"rows": [{"label": "a", "price": 9}, {"label": "b", "price": 2}]});
        assert_eq!(
            carried(form(), old.clone(), edited),
            json!({"rows": [{"label": "a", "price": 9, "vat": "5.5"}, {"label": "b", "price": 2, "vat": "20"}]})
        );
        let longer =
            json!({"rows": [{"label": "n"}, {"label": "a", "price": 1}, {"label": "b", "price": 2, "note": null}]});
        assert_eq!(
            carried(form(), old, longer),
            json!({"rows": [
                {"label": "n"}, {"label": "a", "price": 1, "vat": "5.5"}, {"label": "b", "price": 2, "vat": "20", "note": null},
            ]})
        );
    }

    #[test]
    fn where_anything_may_stand_nothing_is_carried() {
        assert_eq!(carried(json!({}), json!({"a": 1}), json!({"b": 2})), json!({"b": 2}));
    }
}
