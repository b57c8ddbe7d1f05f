//! Taking staged contacts over. Their companies become new versions, so that nobody saves an older list of contacts
//! over them.

use std::collections::{HashMap, HashSet};

use afpi_db::{Conn, Value as Sql, sql};
use serde_json::Value;
use uuid::Uuid;

use super::{Person, company, load};
use crate::connecteurs::engine::apply::Batch;
use crate::connecteurs::engine::change::{Action, Entity, Fields, Staged};
use crate::connecteurs::engine::companies::apply::{present, touch};
use crate::connecteurs::engine::fields::{CONTACT, column, differences};
use crate::connecteurs::engine::merge;
use afpi_core::text::text;

/// Applies these changes (created, updated). What can no longer be done becomes a refusal in the batch.
pub async fn apply(tx: &mut Conn, batch: &mut Batch<'_>, changes: &[&Staged]) -> afpi_db::Result<()> {
    let companies = present(tx, changes.iter().filter_map(|c| company(&c.after))).await?;
    let people = load(tx, changes.iter().map(|c| c.record), companies.keys().copied()).await?;
    let mut touched = HashSet::new();
    let mut new = Vec::new();
    for change in changes {
        let place = company(&change.after);
        if place.is_some_and(|place| !companies.contains_key(&place)) {
            batch.refuse(
                change,
                text("son entreprise n'existe pas (plus) ici", "its company does not exist here (any more)"),
            );
        } else if let (Action::Created, Some(place)) = (change.action, place) {
            touched.insert(place);
            new.push((*change, place));
            batch.lines.contact(place, change.record, &Fields::new(), &change.after);
        } else if let Some(person) = people.get(&change.record) {
            touched.extend(update(tx, batch, change, person).await?);
        } else {
            batch.refuse(change, text("le contact n'existe plus ici", "the contact no longer exists here"));
        }
    }
    insert(tx, &new, &people).await?;
    if !touched.is_empty() {
        touch(tx, touched.into_iter(), batch.now).await?;
    }
    Ok(())
}

/// New contacts stand behind those a company has; the first one of a company without any is its main one.
async fn insert(tx: &mut Conn, new: &[(&Staged, Uuid)], people: &HashMap<Uuid, Person>) -> afpi_db::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut next: HashMap<Uuid, i64> = HashMap::new();
    for person in people.values() {
        let next = next.entry(person.company).or_default();
        *next = (*next).max(person.position + 1);
    }
    let mut query = sql(
        "INSERT INTO contacts (first_name, last_name, job, email, phone, id, entreprise_id, main, position) VALUES ",
    );
    query.rows(new.iter().map(|(change, place)| -> [Sql; 9] {
        let next = next.entry(*place).or_default();
        let position = *next;
        *next += 1;
        let [first, last, job, email, phone] = CONTACT.map(|field| column(change.after.get(field.name)));
        [first, last, job, email, phone, change.record.into(), (*place).into(), (position == 0).into(), position.into()]
    }));
    query.execute(tx).await?;
    Ok(())
}

/// The companies concerned.
async fn update(tx: &mut Conn, batch: &mut Batch<'_>, change: &Staged, person: &Person) -> afpi_db::Result<Vec<Uuid>> {
    let mut here = person.fields.clone();
    here.insert("entreprise".into(), person.company.to_string().into());
    let mut wanted = change.after.clone();
    let linking = wanted.remove("externalId");
    let overtaken = merge::overtaken(Entity::Contact, &here, &change.before, &mut wanted);
    let (mut before, mut after) = differences(&here, &wanted);
    let touched = set(tx, person, &after).await?;
    batch.lines.contact(company(&after).unwrap_or(person.company), person.id, &before, &after);
    if let Some(external_id) = linking {
        before.insert("externalId".into(), Value::Null);
        after.insert("externalId".into(), external_id);
    }
    batch.applied(tx, change, before, after, overtaken).await?;
    Ok(touched)
}

/// Sets fields of a contact (`null` clears); the companies concerned.
pub async fn set(tx: &mut Conn, person: &Person, values: &Fields) -> afpi_db::Result<Vec<Uuid>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let place = company(values).unwrap_or(person.company);
    let mut query = sql("UPDATE contacts SET entreprise_id = ?").bind(place);
    for field in &CONTACT {
        if let Some(value) = values.get(field.name) {
            query.push(", ").push(field.column).push(" = ?").arg(column(Some(value)));
        }
    }
    query.push(" WHERE id = ?").arg(person.id);
    query.execute(tx).await?;
    Ok(vec![person.company, place])
}
