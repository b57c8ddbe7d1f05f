//! Tells hooks about companies that a run has changed or undone: per transaction each company once, with its fields and
//! contacts, as after a person's request.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::Conn;
use serde_json::{Map, Value};

use super::change::Fields;
use super::contacts;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{EntrepriseId, LocalisationId, RunId};
use afpi_crm::entreprises::bulk;
use afpi_crm::entreprises::fields::nested;
use afpi_crm::webhooks;
use afpi_platform::events::{self, Event, Record};
use afpi_platform::state::App;

/// The news of one transaction.
#[derive(Default)]
pub struct News {
    items: BTreeMap<EntrepriseId, Item>,
    /// Companies whose contacts changed.
    contacts: BTreeSet<EntrepriseId>,
}

struct Item {
    name: &'static str,
    site: LocalisationId,
    data: Map<String, Value>,
}

impl News {
    pub fn created(&mut self, id: EntrepriseId, site: LocalisationId) {
        self.items.insert(id, Item { name: "entreprise.created", site, data: Map::new() });
    }

    /// With these new values.
    pub fn updated(&mut self, id: EntrepriseId, site: LocalisationId, values: &Fields) {
        if !values.is_empty() {
            self.items.insert(id, Item { name: "entreprise.updated", site, data: nested(values) });
        }
    }

    /// Notes that contacts of these companies were written.
    pub fn contacts(&mut self, companies: impl Iterator<Item = EntrepriseId>) {
        self.contacts.extend(companies);
    }

    /// Puts the events into the outbox, for sites where somebody hears them.
    pub async fn emit(mut self, tx: &mut Conn, app: &App, run: RunId, now: Instant) -> Result<()> {
        self.add_contacts(tx, app).await?;
        for (id, Item { name, site, data }) in self.items {
            if webhooks::heard(app, tx, site).await? {
                let about = Some(Record::Entreprise(id));
                let event = Event {
                    name: name.into(),
                    at: now,
                    site_id: site,
                    actor_id: None,
                    about,
                    data: data.into(),
                    depth: 0,
                };
                events::emit(tx, &event, &run.to_string()).await?;
            }
        }
        Ok(())
    }

    /// Adds the present contacts. The contacts of a new company belong to its creation.
    async fn add_contacts(&mut self, tx: &mut Conn, app: &App) -> Result<()> {
        let items = &self.items;
        self.contacts.retain(|company| items.get(company).is_none_or(|item| item.name != "entreprise.created"));
        let sites = bulk::sites(tx, self.contacts.iter().copied()).await?;
        let mut heard = BTreeMap::new();
        for (company, site) in sites {
            if webhooks::heard(app, tx, site).await? {
                heard.insert(company, site);
            }
        }
        let sites = heard;
        if sites.is_empty() {
            return Ok(());
        }
        let mut people = BTreeMap::<EntrepriseId, Vec<_>>::new();
        for person in contacts::load(tx, std::iter::empty(), sites.keys().copied()).await?.into_values() {
            people.entry(person.company).or_default().push(person);
        }
        for (company, site) in sites {
            let item = Item { name: "entreprise.updated", site, data: Map::new() };
            let listed = contacts::listed(people.remove(&company).unwrap_or_default());
            self.items.entry(company).or_insert(item).data.insert("contacts".into(), listed);
        }
        Ok(())
    }
}
