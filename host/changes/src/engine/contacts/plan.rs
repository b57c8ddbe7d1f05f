//! Compares a received contact with the known ones.

use serde_json::Value;
use uuid::Uuid;

use super::Person;
use crate::engine::change::{Action, Change, Entity, Fields, cut};
use crate::engine::known::{self, Link};
use crate::engine::merge::{self, Conflicts, Merged};
use crate::engine::owners::Owners;
use crate::engine::stage::Taken;
use afpi_core::id::EntrepriseId;
use afpi_core::text::text;

/// The known facts about a received contact.
#[derive(Default)]
pub struct Known<'a> {
    pub link: Option<&'a Link>,
    pub linked: Option<&'a Person>,
    /// The company of its parent's external id. Absent when that is unknown or was skipped.
    pub company: Option<EntrepriseId>,
    /// A person at that company with the same e-mail address and without a link.
    pub namesake: Option<&'a Person>,
    /// The source remembers no links.
    pub once: bool,
}

/// The change for a received contact.
pub fn plan(taken: &Taken, fields: Fields, known: Known, owners: &Owners) -> Change {
    let name = name(&fields);
    let skip = |fr: &str, en: &str| Change::skipped("contact", &taken.external_id, &name, text(fr, en));
    let Some(company) = known.company else {
        return skip("son entreprise est inconnue ou a été écartée", "its company is unknown or was left out");
    };
    let digest = known::digest(&taken.sent, &taken.parent, taken.archived);
    let base = Change {
        entity: "contact".into(),
        external_id: taken.external_id.clone(),
        parent: taken.parent.clone(),
        action: Action::Unchanged,
        label: cut(&name, 250),
        record: None,
        digest: Some(digest),
        before: None,
        after: None,
        reason: None,
        source: None,
        conflicts: Conflicts::new(),
    };
    let mut came = fields;
    came.insert("entreprise".into(), company.to_string().into());
    let same = |link: &&Link| link.digest == digest && (!link.missing || taken.archived);
    if let Some(link) = known.link.filter(same).filter(|_| !owners.source_owns(Entity::Contact) || taken.archived) {
        let source = link.seen.is_none().then_some(came);
        return Change { record: Some(link.record), source, ..base };
    }
    match (known.linked, known.namesake) {
        (Some(person), _) if taken.archived => Change {
            action: Action::Archived,
            record: Some(person.id.uuid()),
            reason: Some(text(
                "n'est plus utilisé là-bas ; le contact est conservé ici",
                "no longer used over there; the contact is kept here",
            )),
            ..base
        },
        (None, _) if taken.archived => skip("archivé là-bas et inconnu ici", "archived over there and unknown here"),
        (Some(person), _) | (None, Some(person)) => update(base, came, person, &known, owners),
        (None, None) if !came.contains_key("lastName") => skip("contact sans nom", "contact without a name"),
        (None, None) => {
            let source = Some(came.clone());
            Change { action: Action::Created, record: Some(Uuid::now_v7()), after: Some(came), source, ..base }
        }
    }
}

fn update(base: Change, there: Fields, person: &Person, known: &Known, owners: &Owners) -> Change {
    let link = known.linked.and(known.link);
    let mut here = person.fields.clone();
    here.insert("entreprise".into(), person.company.to_string().into());
    let last = link.and_then(|link| link.seen.as_ref());
    let Merged { mut before, mut after, conflicts, seen } = merge::merge(Entity::Contact, &here, &there, last, owners);
    let mut reason = None;
    if link.is_none() && !known.once {
        before.insert("externalId".into(), Value::Null);
        after.insert("externalId".into(), base.external_id.clone().into());
        reason = Some(text("rattaché par son adresse e-mail", "linked by its e-mail address"));
    }
    let action = match () {
        () if !conflicts.is_empty() => Action::Conflict,
        () if after.is_empty() => Action::Unchanged,
        () => Action::Updated,
    };
    let digest = if conflicts.is_empty() { base.digest } else { Some(known::doubtful(false)) };
    let (before, after) = (!after.is_empty()).then_some((before, after)).unzip();
    Change {
        action,
        record: Some(person.id.uuid()),
        digest,
        before,
        after,
        reason,
        source: Some(seen),
        conflicts,
        ..base
    }
}

/// First and last name.
pub fn name(fields: &Fields) -> String {
    let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{} {}", word("firstName"), word("lastName")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fields::{self, CONTACT};
    use serde_json::json;

    fn taken(sent: Value) -> Taken {
        Taken {
            external_id: "501".into(),
            parent: "12".into(),
            archived: false,
            sent: sent.as_object().cloned().unwrap(),
            remarks: vec![],
        }
    }

    fn person(sent: Value) -> Person {
        Person {
            id: Uuid::from_u128(5).into(),
            company: Uuid::from_u128(12).into(),
            fields: sent.as_object().cloned().unwrap(),
            position: 0,
            main: true,
        }
    }

    fn go(taken: &Taken, known: Known) -> Change {
        plan(taken, fields::read(&CONTACT, &taken.sent).0, known, &Owners::default())
    }

    fn company() -> Option<EntrepriseId> {
        Some(Uuid::from_u128(12).into())
    }

    #[test]
    fn a_contact_is_created_at_its_company_or_skipped() {
        let new = taken(json!({"lastName": "ROY", "firstName": "Ilona"}));
        let change = go(&new, Known { company: company(), ..Known::default() });
        assert_eq!((change.action, change.label.as_str()), (Action::Created, "Ilona ROY"));
        assert_eq!(super::super::company(&change.after.unwrap()), company());
        assert_eq!(go(&new, Known::default()).action, Action::Skipped);
        assert_eq!(
            go(&taken(json!({"email": "a@b.fr"})), Known { company: company(), ..Known::default() }).action,
            Action::Skipped
        );
        assert_eq!(
            go(&Taken { archived: true, ..new }, Known { company: company(), ..Known::default() }).action,
            Action::Skipped
        );
    }

    #[test]
    fn a_known_contact_follows_and_an_archived_one_stays() {
        let old = taken(json!({"lastName": "ROY"}));
        let here = person(json!({"lastName": "ROY", "phone": "01"}));
        let link = Link {
            record: here.id.uuid(),
            digest: known::digest(&old.sent, "12", false).to_vec(),
            missing: false,
            seen: json!({"lastName": "ROY", "phone": "01", "entreprise": here.company}).as_object().cloned(),
        };
        let known = || Known { link: Some(&link), linked: Some(&here), company: company(), ..Known::default() };
        assert_eq!(go(&old, known()).action, Action::Unchanged);
        let moved = go(
            &Taken { parent: "13".into(), ..old.clone() },
            Known { company: Some(Uuid::from_u128(13).into()), ..known() },
        );
        assert_eq!(
            (moved.action, super::super::company(&moved.after.unwrap())),
            (Action::Updated, Some(Uuid::from_u128(13).into()))
        );
        let gone = go(&Taken { archived: true, ..old }, known());
        assert_eq!((gone.action, gone.record, gone.after), (Action::Archived, Some(here.id.uuid()), None));
    }

    #[test]
    fn the_same_address_at_the_same_company_is_the_same_person() {
        let came = taken(json!({"lastName": "ROY", "email": "i.roy@acme.fr"}));
        let here = person(json!({"lastName": "Roy", "email": "i.roy@acme.fr"}));
        let change = go(&came, Known { company: company(), namesake: Some(&here), ..Known::default() });
        assert_eq!((change.action, change.record), (Action::Conflict, Some(here.id.uuid())), "how the name is written");
        assert_eq!(change.after.unwrap()["externalId"], "501");
        assert!(change.conflicts.contains_key("lastName"));

        let alike = person(json!({"lastName": "ROY", "email": "i.roy@acme.fr"}));
        let change = go(&came, Known { company: company(), namesake: Some(&alike), ..Known::default() });
        assert_eq!((change.action, change.record), (Action::Updated, Some(alike.id.uuid())));
    }
}
