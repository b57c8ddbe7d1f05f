//! Events: what happened. The outbox passes them to jobs, in the transaction of the change.

use afpi_db::{Conn, DbError};
use afpi_jobs::NewJob;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};
use afpi_core::id::{EntrepriseId, LocalisationId, OpportuniteId, UserId};

/// Queue and kind of the jobs that carry events.
pub const QUEUE: &str = "events";
pub const KIND: &str = "event";

/// A committed change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// E.g. `opportunite.moved`.
    pub name: String,
    #[serde(with = "afpi_core::clock::millis")]
    pub at: Instant,
    /// The site; [`LocalisationId::NETWORK`] for all of it.
    pub site_id: LocalisationId,
    pub actor_id: Option<UserId>,
    /// The changed record, if plugins know its kind.
    #[serde(default)]
    pub about: Option<Record>,
    pub data: Value,
    /// How many events and jobs of plugins led to it; 0 for a change by a person or the host.
    #[serde(default)]
    pub depth: u8,
}

impl Event {
    /// The event's site. `None` for the network: then all sites receive it.
    pub fn sites(&self) -> Option<Vec<LocalisationId>> {
        (!self.site_id.is_network()).then(|| vec![self.site_id])
    }
}

/// A record by its kind and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Record {
    Opportunite(OpportuniteId),
    Entreprise(EntrepriseId),
}

/// Puts an event into the outbox.
pub async fn emit(tx: &mut Conn, event: &Event, correlation_id: &str) -> Result<()> {
    let payload = serde_json::to_value(event).map_err(internal)?;
    let job = NewJob { correlation_id: Some(correlation_id.into()), ..NewJob::new(QUEUE, KIND, payload) };
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}
