//! What hooks hear of companies that a run has changed or taken back.

use afpi_db::Conn;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::change::Fields;
use afpi_core::error::Result;
use afpi_crm::entreprises::fields::nested;
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
