//! Lines of the journal for what a run writes into companies and their contacts.

use std::collections::HashMap;

use afpi_db::Conn;
use serde_json::Value;

use super::change::Fields;
use afpi_core::clock::Instant;
use afpi_core::id::{ContactId, EntrepriseId, LocalisationId};
use afpi_core::scope::Scope;
use afpi_platform::journal::{self, Activity, Author, Line, Subject, field};

/// Lines to be written at the end of a transaction.
#[derive(Default)]
pub struct Lines(Vec<(EntrepriseId, Option<LocalisationId>, Activity, Vec<Value>)>);

impl Lines {
    /// A company on this site was created, changed or deleted.
    pub fn company(
        &mut self,
        id: EntrepriseId,
        site: LocalisationId,
        activity: Activity,
        before: &Fields,
        after: &Fields,
    ) {
        self.0.push((id, Some(site), activity, changes("", before, after)));
    }

    /// A contact of this company was written.
    pub fn contact(&mut self, company: EntrepriseId, id: ContactId, before: &Fields, after: &Fields) {
        self.0.push((company, None, Activity::Edited, changes(&format!("contacts/{id}/"), before, after)));
    }

    pub async fn write(self, tx: &mut Conn, author: Author<'_>, at: Instant) -> afpi_db::Result<()> {
        let told: Vec<_> = self
            .0
            .into_iter()
            .filter(|(.., activity, told)| *activity != Activity::Edited || !told.is_empty())
            .collect();
        let mut query = Scope::All.entreprises("e.id, e.localisation_id", "");
        query.push(" AND e.id IN ").list(told.iter().filter(|(_, site, ..)| site.is_none()).map(|(id, ..)| *id));
        let sites: HashMap<_, _> = query.all::<(EntrepriseId, LocalisationId)>(tx).await?.into_iter().collect();
        let line = |(id, site, activity, told): (EntrepriseId, Option<LocalisationId>, Activity, Vec<Value>)| {
            let site = site.or_else(|| sites.get(&id).copied()).filter(|site| !site.is_network());
            let changes = (!told.is_empty()).then_some(Value::Array(told));
            Line { changes, ..Line::new(Subject::Entreprise(id), site, author.actor, activity, at) }
        };
        journal::write(tx, told.into_iter().map(line).collect(), author.correlation_id).await
    }
}

fn changes(prefix: &str, before: &Fields, after: &Fields) -> Vec<Value> {
    let of = |fields: &Fields, name: &String| fields.get(name).cloned().unwrap_or(Value::Null);
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    names
        .map(|name| (name, of(before, name), of(after, name)))
        .filter(|(name, from, to)| *name != "externalId" && from != to)
        .map(|(name, from, to)| field(&format!("{prefix}{name}"), from, to))
        .collect()
}
