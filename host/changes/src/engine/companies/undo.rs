//! Undoes changes of companies: deletes those that the run created if nobody has used them since, and restores old
//! values where nobody has changed them since.

use std::collections::HashSet;

use afpi_db::{Conn, sql};
use serde_json::Value;

use super::apply::set;
use super::{Current, by_id, by_siret, word};
use crate::engine::change::{Action, Entity, Fields, Staged};
use crate::engine::known;
use crate::engine::sites::Sites;
use crate::engine::undo::Batch;
use afpi_core::id::EntrepriseId;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_crm::entreprises::bulk;
use afpi_platform::journal::Activity;

/// Undoes these changes, last ones first.
pub async fn undo(tx: &mut Conn, batch: &mut Batch<'_>, changes: &[&Staged], sites: &Sites) -> afpi_db::Result<()> {
    let current = by_id(tx, changes.iter().map(|c| c.record.into()), true).await?;
    let created = || changes.iter().filter(|c| c.action == Action::Created).map(|c| EntrepriseId::from(c.record));
    let used = used(tx, created()).await?;
    let (mut removed, mut changed) = (Vec::new(), Vec::new());
    for change in changes {
        let Some(current) = current.get(&EntrepriseId::from(change.record)) else {
            known::forget(tx, batch.rules.key(), Entity::Entreprise, &change.external_id, change.record).await?;
            continue;
        };
        if change.action != Action::Created {
            restore(tx, batch, change, current, sites).await?;
            changed.push(current.id);
        } else if used.contains(&current.id) {
            batch.keep(
                change,
                text("conservée : elle a des opportunités ou des contacts", "kept: it has opportunités or contacts"),
            );
        } else if !untouched(current, change, sites) {
            batch.keep(change, text("conservée : elle a été modifiée depuis", "kept: it was changed since"));
        } else {
            known::forget(tx, batch.rules.key(), Entity::Entreprise, &change.external_id, change.record).await?;
            batch.lines.company(current.id, current.site, Activity::Deleted, &current.fields, &Fields::new());
            removed.push(current);
        }
    }
    bulk::remove(tx, &removed).await?;
    bulk::found_by(tx, &changed).await
}

/// Those of these companies that other records refer to. Contacts of the run are already gone.
async fn used(
    tx: &mut Conn,
    ids: impl Iterator<Item = EntrepriseId> + Clone,
) -> afpi_db::Result<HashSet<EntrepriseId>> {
    let mut query = Scope::All.opportunites("o.entreprise_id", "");
    query.push(" AND o.entreprise_id IN ").list(ids.clone());
    let mut used: HashSet<EntrepriseId> = query.all::<(EntrepriseId,)>(tx).await?.into_iter().map(|(id,)| id).collect();
    let mut query = sql("SELECT entreprise_id FROM contacts WHERE entreprise_id IN ");
    query.list(ids);
    used.extend(query.all::<(EntrepriseId,)>(tx).await?.into_iter().map(|(id,)| id));
    Ok(used)
}

/// Is the company exactly as the run created it?
fn untouched(current: &Current, change: &Staged, sites: &Sites) -> bool {
    let mut created = change.after.clone();
    let active = created.remove("active");
    let site = created.remove("localisationCode");
    !current.enriched
        && current.fields == created
        && active == Some(current.active.into())
        && site.as_ref().and_then(Value::as_str) == Some(sites.code(current.site))
}

async fn restore(
    tx: &mut Conn,
    batch: &mut Batch<'_>,
    change: &Staged,
    current: &Loaded<Current>,
    sites: &Sites,
) -> afpi_db::Result<()> {
    let mut here = current.fields.clone();
    here.insert("active".into(), current.active.into());
    here.insert("localisationCode".into(), sites.code(current.site).into());
    let mut values = Fields::new();
    let mut kept = Vec::new();
    for (name, value) in change.after.iter().filter(|(name, _)| *name != "externalId") {
        if here.get(name) == Some(value) {
            values.insert(name.clone(), change.before.get(name).cloned().unwrap_or(Value::Null));
        } else {
            kept.push(name.as_str());
        }
    }
    // Another company may have its old SIRET by now.
    if let Some(siret) = word(&values, "siret").map(str::to_owned)
        && by_siret(tx, std::iter::once(siret.as_str())).await?.values().any(|owner| owner.id != current.id)
    {
        values.retain(|name, _| !matches!(name.as_str(), "siret" | "siren" | "vatNumber"));
        kept.push("siret");
    }
    let site = set(tx, current, &values, sites, batch.now).await?;
    batch.news.updated(current.id, site, &values);
    let before = values.keys().map(|name| (name.clone(), here[name].clone())).collect();
    batch.lines.company(current.id, site, Activity::Edited, &before, &values);
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
        known::forget(tx, batch.rules.key(), Entity::Entreprise, &change.external_id, change.record).await
    } else {
        known::doubt(tx, batch.rules.key(), Entity::Entreprise, &change.external_id, &values).await
    }
}
