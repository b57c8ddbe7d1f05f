//! Taking staged companies over: new ones in one statement, changed ones field by field, against what stands there now.

use std::collections::HashMap;

use afpi_db::{Conn, Value as Sql, sql};
use serde_json::Value;
use uuid::Uuid;

use super::{Current, by_id, by_siret, word};
use crate::connecteurs::engine::apply::Batch;
use crate::connecteurs::engine::change::{Action, Entity, Fields, Staged};
use crate::connecteurs::engine::fields::{ENTREPRISE, column, differences};
use crate::connecteurs::engine::merge;
use crate::connecteurs::engine::sites::Sites;
use afpi_core::collation;
use afpi_core::text::{Text, text};
use afpi_crm::entreprises::search;
use afpi_crm::opportunites;
use afpi_platform::journal::Act;

/// Applies these changes (created, updated, archived). What can no longer be done becomes a refusal in the batch.
pub async fn apply(tx: &mut Conn, batch: &mut Batch<'_>, changes: &[&Staged], sites: &Sites) -> afpi_db::Result<()> {
    let current = by_id(tx, changes.iter().filter(|c| c.action != Action::Created).map(|c| c.record), true).await?;
    let owners = by_siret(tx, changes.iter().filter_map(|c| word(&c.after, "siret"))).await?;
    let mut new = Vec::new();
    for change in changes {
        // Between staging and now, a person may have given the SIRET to another company, or a run been undone.
        if word(&change.after, "siret")
            .and_then(|siret| owners.get(siret))
            .is_some_and(|owner| owner.id != change.record)
        {
            batch.refuse(
                change,
                text(
                    "à vérifier : ce SIRET est déjà celui d'une autre entreprise",
                    "to be checked: this SIRET is already another company's",
                ),
            );
        } else if change.action == Action::Created {
            new.push(*change);
        } else if let Some(current) = current.get(&change.record) {
            update(tx, batch, change, current, sites).await?;
        } else {
            batch.refuse(change, gone());
        }
    }
    insert(tx, batch, &new, sites).await
}

fn gone() -> Text {
    text("l'entreprise n'existe plus ici", "the company no longer exists here")
}

async fn insert(tx: &mut Conn, batch: &mut Batch<'_>, new: &[&Staged], sites: &Sites) -> afpi_db::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut query = sql("INSERT INTO entreprises (");
    for field in &ENTREPRISE {
        query.push(field.column).push(", ");
    }
    query.push("id, name_key, city_key, search, tags, active, localisation_id, origin, created_at, updated_at, version) VALUES ");
    query.rows(new.iter().map(|change| row(change, batch, sites)));
    query.execute(tx).await?;
    search::write(tx, &new.iter().map(|change| change.record).collect::<Vec<_>>()).await?;
    for change in new {
        let site = word(&change.after, "localisationCode").and_then(|code| sites.of_code(code));
        batch.news.created(change.record, site.unwrap_or_default());
        batch.lines.company(change.record, site.unwrap_or_default(), Act::Created, &Fields::new(), &change.after);
    }
    Ok(())
}

const WIDTH: usize = ENTREPRISE.len() + 11;

fn row(change: &Staged, batch: &Batch<'_>, sites: &Sites) -> [Sql; WIDTH] {
    let mut values: Vec<Sql> = ENTREPRISE.iter().map(|field| column(change.after.get(field.name))).collect();
    let site = word(&change.after, "localisationCode").and_then(|code| sites.of_code(code));
    values.extend([
        change.record.into(),
        sort_key(&change.after, "name"),
        sort_key(&change.after, "address.city"),
        "".into(),
        "[]".into(),
        true.into(),
        site.into(),
        batch.source.into(),
        batch.now.into(),
        batch.now.into(),
        1i64.into(),
    ]);
    values.try_into().expect("as many values as columns: both come from the same list")
}

/// What a list sorted by this text goes by.
fn sort_key(values: &Fields, name: &str) -> Sql {
    collation::key(word(values, name).unwrap_or_default()).into()
}

async fn update(
    tx: &mut Conn,
    batch: &mut Batch<'_>,
    change: &Staged,
    current: &Current,
    sites: &Sites,
) -> afpi_db::Result<()> {
    let mut here = current.fields.clone();
    here.insert("active".into(), current.active.into());
    here.insert("localisationCode".into(), sites.code(current.site).into());
    let mut wanted = change.after.clone();
    let linking = wanted.remove("externalId");
    let overtaken = merge::overtaken(Entity::Entreprise, &here, &change.before, &mut wanted);
    let (mut before, mut after) = differences(&here, &wanted);
    let site = set(tx, current, &after, sites, batch.now).await?;
    batch.news.updated(current.id, site, &after);
    batch.lines.company(current.id, site, Act::Edited, &before, &after);
    if let Some(external_id) = linking {
        before.insert("externalId".into(), Value::Null);
        after.insert("externalId".into(), external_id);
    }
    batch.applied(tx, change, before, after, overtaken).await
}

/// Sets fields of a company (`null` clears); what it is found and sorted by is kept in step. Answers with the site it
/// is on afterwards.
pub async fn set(tx: &mut Conn, current: &Current, values: &Fields, sites: &Sites, now: i64) -> afpi_db::Result<Uuid> {
    if values.is_empty() {
        return Ok(current.site);
    }
    let mut whole = current.fields.clone();
    let mut query = sql("UPDATE entreprises SET updated_at = ?, version = version + 1").bind(now);
    for field in &ENTREPRISE {
        if let Some(value) = values.get(field.name) {
            query.push(", ").push(field.column).push(" = ?").arg(column(Some(value)));
            whole.insert(field.name.into(), value.clone());
        }
    }
    if let Some(active) = values.get("active") {
        query.push(", active = ?").arg(column(Some(active)));
    }
    let site = word(values, "localisationCode").and_then(|code| sites.of_code(code));
    if let Some(site) = site {
        query.push(", localisation_id = ?").arg(site);
    }
    query.push(", name_key = ?").arg(sort_key(&whole, "name"));
    query.push(", city_key = ?").arg(sort_key(&whole, "address.city"));
    query.push(" WHERE id = ?").arg(current.id);
    query.execute(tx).await?;
    search::write(tx, &[current.id]).await?;
    if let Some(name) = word(values, "name") {
        opportunites::renamed(tx, current.id, name).await?;
    }
    Ok(site.unwrap_or(current.site))
}

/// Contacts of these companies changed: each is another version than before, and found by other words.
pub async fn touch(tx: &mut Conn, companies: impl Iterator<Item = Uuid>, now: i64) -> afpi_db::Result<()> {
    let companies: Vec<Uuid> = companies.collect();
    let mut query = sql("UPDATE entreprises SET updated_at = ?, version = version + 1 WHERE id IN ").bind(now);
    query.list(&companies);
    query.execute(tx).await?;
    search::write(tx, &companies).await
}

/// Which of these companies are here.
pub async fn present(tx: &mut Conn, ids: impl Iterator<Item = Uuid>) -> afpi_db::Result<HashMap<Uuid, ()>> {
    let mut query = afpi_core::scope::Scope::All.entreprises("e.id", "");
    query.push(" AND e.id IN ").list(ids);
    Ok(query.all::<(Uuid,)>(tx).await?.into_iter().map(|(id,)| (id, ())).collect())
}
