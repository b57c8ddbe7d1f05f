//! What hooks hear of companies that a run changes or takes back. They are told, not asked: the other system has
//! decided.

use afpi_db::Conn;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::change::Fields;
use afpi_core::error::Result;
use afpi_platform::events::{self, Event, Record};
use afpi_platform::state::App;

/// Of one transaction.
#[derive(Default)]
pub struct News(Vec<Item>);

struct Item {
    name: &'static str,
    id: Uuid,
    site: Uuid,
    data: Map<String, Value>,
}

impl News {
    pub fn created(&mut self, id: Uuid, site: Uuid) {
        self.0.push(Item { name: "entreprise.created", id, site, data: Map::new() });
    }

    /// With these new values.
    pub fn updated(&mut self, id: Uuid, site: Uuid, values: &Fields) {
        if !values.is_empty() {
            self.0.push(Item { name: "entreprise.updated", id, site, data: nested(values) });
        }
    }

    /// Into the outbox, where a site has a hook.
    pub async fn emit(self, tx: &mut Conn, app: &App, run: Uuid, now: i64) -> Result<()> {
        for Item { name, id, site, data } in self.0 {
            if app.plugins.hooked(site) {
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
}

/// As the API has them: `address.city` is `city` within `address`, and the site goes by its id, which the event bears.
fn nested(values: &Fields) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in values.iter().filter(|(name, _)| !matches!(name.as_str(), "externalId" | "localisationCode")) {
        match name.split_once('.') {
            Some((outer, inner)) => {
                let within = fields.entry(outer).or_insert_with(|| Map::new().into());
                within[inner] = value.clone();
            }
            None => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    fields
}
