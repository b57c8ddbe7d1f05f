//! Applies staged contacts. Their companies get a new version, so that nobody overwrites them with an older list of
//! contacts.

use std::collections::{HashMap, HashSet};

use afpi_db::Conn;
use serde_json::Value;

use super::{Person, company, load};
use crate::engine::apply::Batch;
use crate::engine::change::{Action, Entity, Fields, Staged};
use crate::engine::fields::differences;
use crate::engine::merge;
use afpi_core::clock::Instant;
use afpi_core::id::{ContactId, EntrepriseId};
use afpi_core::text::text;
use afpi_crm::entreprises::bulk::{self, NewContact};

/// Applies these changes (created, updated). A change that is no longer possible is refused in the batch.
pub async fn apply(tx: &mut Conn, batch: &mut Batch<'_>, changes: &[&Staged]) -> afpi_db::Result<()> {
    let companies = bulk::sites(tx, changes.iter().filter_map(|c| company(&c.after))).await?;
    let people = load(tx, changes.iter().map(|c| c.record.into()), companies.keys().copied()).await?;
    let mut touched = HashSet::new();
    let mut new = Vec::new();
    for change in changes {
        if batch.vetoed(change) {
            continue;
        }
        let place = company(&change.after);
        if place.is_some_and(|place| !companies.contains_key(&place)) {
            batch.refuse(
                change,
                text("son entreprise n'existe pas (plus) ici", "its company does not exist here (any more)"),
            );
        } else if let (Action::Created, Some(place)) = (change.action, place) {
            touched.insert(place);
            new.push((*change, place));
            batch.lines.contact(place, change.record.into(), &Fields::new(), &change.after);
        } else if let Some(person) = people.get(&ContactId::from(change.record)) {
            touched.extend(update(tx, batch, change, person).await?);
        } else {
            batch.refuse(change, text("le contact n'existe plus ici", "the contact no longer exists here"));
        }
    }
    insert(tx, &new, &people).await?;
    batch.news.contacts(touched.iter().copied());
    touch(tx, touched, batch.now).await
}

/// New contacts come after the existing ones. The first contact of a company without any is its main contact.
async fn insert(
    tx: &mut Conn,
    new: &[(&Staged, EntrepriseId)],
    people: &HashMap<ContactId, Person>,
) -> afpi_db::Result<()> {
    let mut next: HashMap<EntrepriseId, i64> = HashMap::new();
    for person in people.values() {
        let next = next.entry(person.company).or_default();
        *next = (*next).max(person.position + 1);
    }
    let contacts: Vec<NewContact> = new
        .iter()
        .map(|(change, company)| {
            let next = next.entry(*company).or_default();
            *next += 1;
            NewContact { id: change.record.into(), company: *company, fields: &change.after, position: *next - 1 }
        })
        .collect();
    bulk::insert_contacts(tx, &contacts).await
}

/// Returns the affected companies.
async fn update(
    tx: &mut Conn,
    batch: &mut Batch<'_>,
    change: &Staged,
    person: &Person,
) -> afpi_db::Result<Vec<EntrepriseId>> {
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

/// Sets fields of a contact (`null` clears). Returns the affected companies.
pub async fn set(tx: &mut Conn, person: &Person, values: &Fields) -> afpi_db::Result<Vec<EntrepriseId>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let place = company(values).unwrap_or(person.company);
    bulk::set_contact(tx, person.id, place, values).await?;
    Ok(vec![person.company, place])
}

/// Gives these companies a new version because their contacts changed.
pub async fn touch(tx: &mut Conn, companies: HashSet<EntrepriseId>, now: Instant) -> afpi_db::Result<()> {
    bulk::touch(tx, &companies.into_iter().collect::<Vec<_>>(), now).await
}
