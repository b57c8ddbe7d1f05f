//! `events`: announcements with names that the manifest declares. The names always start with the plugin's own prefix.
//! Other plugins hear an event after the call that announced it has ended.

use super::{deep, denied, json, refusal, space};
use crate::bindings::host::afpi::host::events::{Event, Host};
use crate::contract::Error;
use crate::ports::NewEvent;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;

const COST: u32 = 100;

impl Host for CallState {
    async fn emit(&mut self, event: Event) -> wasmtime::Result<Result<(), Error>> {
        if !self.admit(Capability::Events, COST)? {
            return Ok(Err(refusal(self, Capability::Events)));
        }
        if !self.seat.plugin.manifest().capabilities.events.contains(&event.name) {
            self.refused(Capability::Events);
            return Ok(Err(denied(Capability::Events)));
        }
        let Some(depth) = self.next_depth() else { return Ok(Err(deep())) };
        if let Err(refusal) = json::check("/payload", &event.payload) {
            return Ok(Err(refusal));
        }
        if let Some(wait) = self.seat.announce() {
            return Ok(Err(Error::RateLimited(u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).max(1))));
        }
        if let Some(id) = &event.opportunite {
            let (ports, seat) = (self.ports.clone(), self.seat.clone());
            match self.outside(ports.records.opportunite(space(&seat), id)).await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(Err(Error::NotFound(id.chars().take(36).collect()))),
                Err(error) => return Ok(Err(Error::Unavailable(error.to_string()))),
            }
        }
        self.effects.events.push(NewEvent {
            name: format!("plugin.{}.{}", self.seat.plugin.id(), event.name),
            opportunite: event.opportunite,
            payload: event.payload,
            depth,
            call_id: self.context.call_id.to_string(),
        });
        Ok(Ok(()))
    }
}
