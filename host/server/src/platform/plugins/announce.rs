//! Events plugins announce: into the outbox like the product's own, heard by the hooks and notifiers of the same site.

use std::sync::Arc;

use afpi_db::{Db, retry};
use afpi_jobs::Relay;
use afpi_plugins::ports::{EventSink, NewEvent, Space, StoreError};
use async_trait::async_trait;
use uuid::Uuid;

use crate::http::problem::{ApiResult, Problem, not_found};
use crate::platform::events::{self, Event};
use crate::platform::secrets::site_id;
use crate::scope::Scope;

/// The sink the runtime is given.
pub struct PluginEvents {
    pub db: Db,
    pub relay: Arc<Relay>,
}

impl PluginEvents {
    async fn write(&self, site: Uuid, new: &NewEvent) -> ApiResult<()> {
        let mut tx = self.db.begin().await?;
        let opportunite_id = match &new.opportunite {
            None => None,
            Some(id) => {
                let id = Uuid::parse_str(id).map_err(|_| not_found())?;
                let scope = if site.is_nil() { Scope::All } else { Scope::Sites(vec![site]) };
                let mut query = scope.opportunites("o.id", "");
                query.push(" AND o.id = ?").arg(id);
                Some(query.optional::<(Uuid,)>(&mut tx).await?.ok_or_else(not_found)?.0)
            }
        };
        let data = serde_json::from_str(&new.payload).map_err(crate::http::problem::internal)?;
        let event = Event { name: new.name.clone(), at: crate::clock::now(), site_id: site, actor_id: None, opportunite_id, data, depth: new.depth };
        events::emit(&mut tx, &event, if new.call_id.is_empty() { "plugin" } else { &new.call_id }).await?;
        Ok(tx.commit().await?)
    }
}

#[async_trait]
impl EventSink for PluginEvents {
    async fn emit(&self, space: Space<'_>, event: NewEvent) -> Result<(), StoreError> {
        let site = site_id(space.site)?;
        let written = retry(|| self.write(site, &event)).await;
        self.relay.wake();
        written.map_err(|problem: Problem| match problem.code() {
            "not-found" => StoreError::NotFound,
            _ => StoreError::Unavailable(problem.to_string()),
        })
    }
}
