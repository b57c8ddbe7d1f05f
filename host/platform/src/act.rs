//! What a person does through a request, as the functions below its handler get it.

use afpi_db::Conn;
use afpi_plugins::CallContext;
use serde_json::Value;

use crate::auth::caller::Caller;
use crate::events::{self, Event, Record};
use crate::journal::{Actor, Author, Change, Subject};
use crate::plugins::context;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::LocalisationId;

/// Who acts, under which correlation id, and when. All that one act writes bears its instant.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    pub app: &'a App,
    pub caller: &'a Caller,
    pub correlation_id: &'a str,
    /// The file that the person imports, if the act is one of its lines. The journal names the file.
    pub import: Option<&'a str>,
    pub now: Instant,
}

impl<'a> Act<'a> {
    /// An act of the caller that begins now.
    pub fn begin(app: &'a App, caller: &'a Caller, correlation_id: &'a str) -> Act<'a> {
        Act { app, caller, correlation_id, import: None, now: Instant::now() }
    }

    /// Who the journal names.
    pub fn author(&self) -> Author<'a> {
        let actor = self.import.map_or(Actor::Person(self.caller.id), Actor::Import);
        Author { actor, correlation_id: self.correlation_id }
    }

    /// A line of the journal about this record. `site` is its localisation; none means the network.
    pub fn on(&self, subject: Subject, site: Option<LocalisationId>) -> Change<'a> {
        self.author().on(subject, site)
    }

    /// The call context for plugins that this act calls.
    pub fn context(&self) -> CallContext {
        context(self.caller.locale, self.correlation_id)
    }

    /// Puts an event of this act into the outbox: its caller made the change, at its instant.
    pub async fn emit(
        &self,
        tx: &mut Conn,
        name: &str,
        site: LocalisationId,
        about: Option<Record>,
        data: Value,
    ) -> Result<()> {
        let event = Event {
            name: name.to_owned(),
            at: self.now,
            site_id: site,
            actor_id: Some(self.caller.id),
            about,
            data,
            depth: 0,
        };
        events::emit(tx, &event, self.correlation_id).await
    }
}
