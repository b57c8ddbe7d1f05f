//! Undoes changes of contacts where nobody has changed them since.

use std::collections::HashSet;

use afpi_db::Conn;
use serde_json::Value;

use super::apply::{set, touch};
use super::{Person, company, load};
use crate::engine::change::{Action, Entity, Fields, Staged};
use crate::engine::known;
use crate::engine::undo::Batch;
use afpi_core::id::{ContactId, EntrepriseId};
use afpi_core::text::text;
use afpi_crm::entreprises::bulk;

/// Undoes these changes, last ones first.
pub async fn undo(tx: &mut Conn, batch: &mut Batch<'_>, changes: &[&Staged]) -> afpi_db::Result<()> {
    let places = bulk::sites(tx, changes.iter().filter_map(|c| company(&c.before))).await?;
    let people = load(tx, changes.iter().map(|c| c.record.into()), std::iter::empty()).await?;
    let mut touched = HashSet::new();
    let mut removed = Vec::new();
    for change in changes {
        let Some(person) = people.get(&ContactId::from(change.record)) else {
            known::forget(tx, batch.rules.key(), Entity::Contact, &change.external_id, change.record).await?;
            continue;
        };
        if change.action != Action::Created {
            let gone = company(&change.before).is_some_and(|place| !places.contains_key(&place));
            touched.extend(restore(tx, batch, change, person, gone).await?);
        } else if here(person) == change.after {
            touched.insert(person.company);
            removed.push(person.id);
            batch.lines.contact(person.company, person.id, &here(person), &Fields::new());
            known::forget(tx, batch.rules.key(), Entity::Contact, &change.external_id, change.record).await?;
        } else {
            batch.keep(change, text("conservé : il a été modifié depuis", "kept: it was changed since"));
        }
    }
    bulk::remove_contacts(tx, &removed).await?;
    batch.news.contacts(touched.iter().copied());
    touch(tx, touched, batch.now).await
}

fn here(person: &Person) -> Fields {
    let mut here = person.fields.clone();
    here.insert("entreprise".into(), person.company.to_string().into());
    here
}

async fn restore(
    tx: &mut Conn,
    batch: &mut Batch<'_>,
    change: &Staged,
    person: &Person,
    old_company_gone: bool,
) -> afpi_db::Result<Vec<EntrepriseId>> {
    let here = here(person);
    let mut values = Fields::new();
    let mut kept = Vec::new();
    for (name, value) in change.after.iter().filter(|(name, _)| *name != "externalId") {
        if here.get(name) == Some(value) && !(name == "entreprise" && old_company_gone) {
            values.insert(name.clone(), change.before.get(name).cloned().unwrap_or(Value::Null));
        } else {
            kept.push(name.as_str());
        }
    }
    let touched = set(tx, person, &values).await?;
    let before = values.keys().map(|name| (name.clone(), here[name].clone())).collect();
    batch.lines.contact(company(&values).unwrap_or(person.company), person.id, &before, &values);
    if !kept.is_empty() {
        let names = kept.join(", ");
        batch.keep(
            change,
            text(
                format!("modifiés depuis, laissés tels quels : {names}"),
                format!("changed since, left as they are: {names}"),
            ),
        );
    }
    if change.after.contains_key("externalId") {
        known::forget(tx, batch.rules.key(), Entity::Contact, &change.external_id, change.record).await?;
    } else {
        known::doubt(tx, batch.rules.key(), Entity::Contact, &change.external_id, &values).await?;
    }
    Ok(touched)
}
