//! Applies staged companies: new ones in one statement, changed ones field by field, compared with the present values.

use afpi_db::Conn;
use serde_json::Value;

use super::{Current, by_id, by_siret, word};
use crate::engine::apply::Batch;
use crate::engine::change::{Action, Entity, Fields, Staged};
use crate::engine::fields::differences;
use crate::engine::merge;
use crate::engine::sites::Sites;
use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::scope::Loaded;
use afpi_core::text::{Text, text};
use afpi_crm::entreprises::bulk::{self, NewCompany};
use afpi_platform::journal::Activity;

/// Applies these changes (created, updated, archived). A change that is no longer possible is refused in the batch.
pub async fn apply(tx: &mut Conn, batch: &mut Batch<'_>, changes: &[&Staged], sites: &Sites) -> afpi_db::Result<()> {
    let current =
        by_id(tx, changes.iter().filter(|c| c.action != Action::Created).map(|c| c.record.into()), true).await?;
    let owners = by_siret(tx, changes.iter().filter_map(|c| word(&c.after, "siret"))).await?;
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for change in changes {
        if batch.vetoed(change) {
            continue;
        }
        // Since staging, a person may have given the SIRET to another company, or a run may have been undone.
        if word(&change.after, "siret")
            .and_then(|siret| owners.get(siret))
            .is_some_and(|owner| owner.id.uuid() != change.record)
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
        } else if let Some(current) = current.get(&EntrepriseId::from(change.record)) {
            update(tx, batch, change, current, sites).await?;
            changed.push(current.id);
        } else {
            batch.refuse(change, gone());
        }
    }
    bulk::found_by(tx, &changed).await?;
    insert(tx, batch, &new, sites).await
}

fn gone() -> Text {
    text("l'entreprise n'existe plus ici", "the company no longer exists here")
}

async fn insert(tx: &mut Conn, batch: &mut Batch<'_>, new: &[&Staged], sites: &Sites) -> afpi_db::Result<()> {
    let place = |change: &Staged| word(&change.after, "localisationCode").and_then(|code| sites.of_code(code));
    // A site whose code has changed since is not found: the company waits for a new run.
    let (found, lost): (Vec<&Staged>, Vec<&Staged>) = new.iter().partition(|change| place(change).is_some());
    for change in lost {
        batch.refuse(change, text("sa localisation n'existe plus", "its localisation no longer exists"));
    }
    let companies: Vec<NewCompany> = found
        .iter()
        .filter_map(|change| {
            Some(NewCompany { id: change.record.into(), fields: &change.after, localisation: place(change)? })
        })
        .collect();
    bulk::insert(tx, &companies, &batch.rules.origin, batch.now).await?;
    for company in companies {
        batch.news.created(company.id, company.localisation);
        batch.lines.company(company.id, company.localisation, Activity::Created, &Fields::new(), company.fields);
    }
    Ok(())
}

async fn update(
    tx: &mut Conn,
    batch: &mut Batch<'_>,
    change: &Staged,
    current: &Loaded<Current>,
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
    batch.lines.company(current.id, site, Activity::Edited, &before, &after);
    if let Some(external_id) = linking {
        before.insert("externalId".into(), Value::Null);
        after.insert("externalId".into(), external_id);
    }
    batch.applied(tx, change, before, after, overtaken).await
}

/// Sets fields of a company (`null` clears). Returns its site afterwards. The caller updates the search words, for many
/// companies at once.
pub async fn set(
    tx: &mut Conn,
    current: &Loaded<Current>,
    values: &Fields,
    sites: &Sites,
    now: Instant,
) -> afpi_db::Result<LocalisationId> {
    if values.is_empty() {
        return Ok(current.site);
    }
    let site = word(values, "localisationCode").and_then(|code| sites.of_code(code));
    bulk::set(tx, current, values, site, now).await?;
    Ok(site.unwrap_or(current.site))
}
