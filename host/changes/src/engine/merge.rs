//! Finds who changed a field: compares the received value with the last received one and with the value here. Changed
//! only there: it is taken over. Changed only here: it stays. Changed on both sides: it waits for a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::change::{Entity, Fields};
use super::fields::same;
use crate::engine::owners::{Owner, Owners};

/// A field that both sides changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RunConflict)]
pub struct Conflict {
    /// The other system's value at the last run. Absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub before: Option<Value>,
    /// The value here; `null` for none.
    pub here: Value,
    /// The received value.
    pub there: Value,
    /// The person's choice. Absent while the conflict is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub chosen: Option<Side>,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = RunConflictSide)]
pub enum Side {
    /// The value here.
    Crm,
    /// The received value.
    Source,
}

/// Conflicts of one record by field.
pub type Conflicts = BTreeMap<String, Conflict>;

/// Is a conflict open?
pub fn open(conflicts: &Conflicts) -> bool {
    conflicts.values().any(|conflict| conflict.chosen.is_none())
}

/// The changes here.
#[derive(Debug, Default)]
pub struct Merged {
    /// The fields that change: their present values (null when empty), and their new ones.
    pub before: Fields,
    pub after: Fields,
    pub conflicts: Conflicts,
    /// The values to remember as seen. A field in conflict keeps the earlier value, so that the next run asks again.
    pub seen: Fields,
}

/// Compares the received values with those here and those seen last. A field that was not received stays.
pub fn merge(entity: Entity, here: &Fields, there: &Fields, last: Option<&Fields>, owners: &Owners) -> Merged {
    let mut merged = Merged { seen: there.clone(), ..Merged::default() };
    for (name, value) in there {
        let stands = here.get(name);
        if stands.is_some_and(|stands| same(entity, name, stands, value)) {
            continue;
        }
        let known = last.and_then(|last| last.get(name));
        let like = |one: Option<&Value>, other: &Value| one.is_some_and(|one| same(entity, name, one, other));
        let untouched_here = match (stands, known) {
            (None, None) => true,
            (Some(stands), known) => like(known, stands),
            (None, Some(_)) => false,
        };
        match owners.of(entity, name) {
            Owner::Crm => {}
            Owner::Source => take(&mut merged, name, stands, value),
            Owner::Both if like(known, value) => {}
            Owner::Both if untouched_here => take(&mut merged, name, stands, value),
            Owner::Both => {
                match known {
                    Some(known) => merged.seen.insert(name.clone(), known.clone()),
                    None => merged.seen.remove(name),
                };
                let here = stands.cloned().unwrap_or(Value::Null);
                let conflict = Conflict { before: known.cloned(), here, there: value.clone(), chosen: None };
                merged.conflicts.insert(name.clone(), conflict);
            }
        }
    }
    merged
}

fn take(merged: &mut Merged, name: &str, stands: Option<&Value>, value: &Value) {
    merged.before.insert(name.to_owned(), stands.cloned().unwrap_or(Value::Null));
    merged.after.insert(name.to_owned(), value.clone());
}

/// The fields of a staged change that a person has changed here since. They leave `after` and wait for a person.
pub fn overtaken(entity: Entity, here: &Fields, before: &Fields, after: &mut Fields) -> Conflicts {
    let nothing = Value::Null;
    let mut conflicts = Conflicts::new();
    after.retain(|name, value| {
        let (was, stands) = (before.get(name).unwrap_or(&nothing), here.get(name).unwrap_or(&nothing));
        if same(entity, name, stands, was) || same(entity, name, stands, value) {
            return true;
        }
        let before = Some(was.clone()).filter(|was| !was.is_null());
        let conflict = Conflict { before, here: stands.clone(), there: value.clone(), chosen: None };
        conflicts.insert(name.clone(), conflict);
        false
    });
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        value.as_object().cloned().unwrap()
    }

    fn of(here: Value, there: Value, last: Option<Value>, owners: &Owners) -> Merged {
        merge(Entity::Entreprise, &fields(here), &fields(there), last.map(fields).as_ref(), owners)
    }

    fn both(here: Value, there: Value, last: Value) -> Merged {
        of(here, there, Some(last), &Owners::default())
    }

    #[test]
    fn who_changed_a_field_decides() {
        let changed_there = both(json!({"name": "A"}), json!({"name": "B"}), json!({"name": "A"}));
        assert_eq!((changed_there.after, changed_there.conflicts.len()), (fields(json!({"name": "B"})), 0));

        // A person corrected the name; then only the phone changed over there.
        let corrected = both(
            json!({"name": "Bon nom", "phone": "01 02 03 04 05"}),
            json!({"name": "Mauvais nom", "phone": "01 02 03 04 06"}),
            json!({"name": "Mauvais nom", "phone": "01 02 03 04 05"}),
        );
        assert_eq!(corrected.after, fields(json!({"phone": "01 02 03 04 06"})));
        assert_eq!(corrected.seen["name"], "Mauvais nom");

        let conflict = both(json!({"name": "Ici"}), json!({"name": "Là-bas"}), json!({"name": "Avant"}));
        let wanted =
            Conflict { before: Some(json!("Avant")), here: json!("Ici"), there: json!("Là-bas"), chosen: None };
        assert_eq!(
            (conflict.after.len(), &conflict.conflicts["name"], &conflict.seen["name"]),
            (0, &wanted, &json!("Avant"))
        );

        // Both sides made the same change, perhaps in another spelling.
        let agreed =
            both(json!({"phone": "03 20 55 44 33"}), json!({"phone": "03 20 55 44 33"}), json!({"phone": "1"}));
        assert!(agreed.after.is_empty() && agreed.conflicts.is_empty());
        let spelt = both(json!({"phone": "+33320554433"}), json!({"phone": "03 20 55 44 33"}), json!({"phone": "1"}));
        assert!(spelt.after.is_empty() && spelt.conflicts.is_empty());
    }

    #[test]
    fn what_was_cleared_or_is_not_known_is_not_filled_behind_anybodys_back() {
        let filled = both(json!({}), json!({"email": "a@b.fr"}), json!({}));
        assert_eq!(filled.after, fields(json!({"email": "a@b.fr"})));
        let cleared = both(json!({}), json!({"email": "a@b.fr"}), json!({"email": "a@b.fr"}));
        assert!(cleared.after.is_empty() && cleared.conflicts.is_empty(), "cleared here, the same over there");
        let both_sides = both(json!({}), json!({"email": "new@b.fr"}), json!({"email": "a@b.fr"}));
        assert_eq!((both_sides.after.len(), &both_sides.conflicts["email"].here), (0, &Value::Null));
        let unknown = of(json!({"name": "A"}), json!({"name": "B", "email": "a@b.fr"}), None, &Owners::default());
        assert_eq!((unknown.after, unknown.conflicts.len()), (fields(json!({"email": "a@b.fr"})), 1));
        assert!(!unknown.seen.contains_key("name"));
    }

    #[test]
    fn an_owner_is_asked_by_nobody() {
        let owned = |owner| Owners::of_one("entreprise.name", owner);
        let (here, there, last) = (json!({"name": "Ici"}), json!({"name": "Là-bas"}), Some(json!({"name": "Avant"})));
        let crm = of(here.clone(), there.clone(), last.clone(), &owned(Owner::Crm));
        assert!(crm.after.is_empty() && crm.conflicts.is_empty());
        let source = of(here, there.clone(), last, &owned(Owner::Source));
        assert_eq!((source.after, source.conflicts.len()), (fields(there.clone()), 0));
        // Also when nothing has changed there.
        let reverted = of(json!({"name": "Ici"}), there.clone(), Some(there.clone()), &owned(Owner::Source));
        assert_eq!(reverted.after, fields(there));
    }

    #[test]
    fn what_a_person_changed_after_a_preview_waits_too() {
        let mut after = fields(json!({"name": "B", "phone": "2"}));
        let before = fields(json!({"name": "A", "phone": "1"}));
        let conflicts =
            overtaken(Entity::Entreprise, &fields(json!({"name": "Ici", "phone": "1"})), &before, &mut after);
        assert_eq!((after, conflicts.len()), (fields(json!({"phone": "2"})), 1));
        assert_eq!((&conflicts["name"].here, &conflicts["name"].there), (&json!("Ici"), &json!("B")));
    }
}
