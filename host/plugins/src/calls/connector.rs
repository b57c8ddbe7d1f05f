//! `afpi:plugin/connector`: passes over another system. A pass owns its instance until it ends or is dropped. The
//! effects of a pass are applied together with its records, so a preview has no effects.

use super::handle;
use crate::bound::{Bound, Warm, within};
use crate::contract::Error;
use crate::contract::connector::{Batch, Probe};
use crate::facets::Connector;
use crate::failure::PluginFailure;
use crate::ports::Effects;
use crate::state::CallContext;
use std::sync::Arc;
use wasmtime::component::ResourceAny;

handle! {
    /// A connector plugin.
    ConnectorPlugin
}

impl ConnectorPlugin {
    /// Tests the settings.
    pub async fn check(&self, context: &CallContext) -> Result<Vec<Probe>, PluginFailure> {
        let mut call = self.0.open::<Connector>("check", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_connector().call_check(store)).await;
        call.end(answer.map(Ok))
    }

    /// Begins a pass. `entities` are the kinds to read. An empty list means all kinds that the settings name.
    pub async fn open(&self, context: &CallContext, entities: &[String]) -> Result<Pass, PluginFailure> {
        let mut call = self.0.open::<Connector>("pass.open", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_connector().pass().call_open(store, entities)).await;
        let (result, warm) = call.end_keeping(answer);
        let resource = result?;
        let live = warm.map(|warm| (warm, resource));
        Ok(Pass { bound: self.0.clone(), context: context.clone(), live, effects: Effects::default() })
    }
}

/// One pass. Dropping it drops its instance, with all open streams and effects.
pub struct Pass {
    bound: Arc<Bound>,
    context: CallContext,
    /// `None` after an error or the last batch.
    live: Option<(Warm, ResourceAny)>,
    /// The effects of a finished pass.
    effects: Effects,
}

impl Pass {
    /// Returns up to `max` items. Time limits apply to each call. After `rate-limited`, call again after that wait. Any
    /// other error ends the pass, and so does a batch with `finished`. Then every call returns
    /// [`PluginFailure::Ended`].
    pub async fn next(&mut self, max: u32) -> Result<Batch, PluginFailure> {
        let (warm, resource) = self.live.take().ok_or(PluginFailure::Ended)?;
        let mut call = self.bound.resume::<Connector>(warm, "pass.next", &self.context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_connector().pass().call_next(store, resource, max)).await;
        let (result, warm) = call.end_keeping(answer);
        let goes_on = match &result {
            Ok(batch) => !batch.finished,
            Err(failure) => matches!(failure, PluginFailure::Guest(Error::RateLimited(_))),
        };
        match warm {
            Some(warm) if goes_on => self.live = Some((warm, resource)),
            Some(mut warm) if result.is_ok() => self.effects = warm.take_effects(),
            _ => {}
        }
        result
    }

    /// The notes, jobs and events of the whole pass, after its last batch. Apply them together with its records, with
    /// [`Ledger::apply`](crate::ports::Ledger::apply).
    pub fn take_effects(&mut self) -> Effects {
        std::mem::take(&mut self.effects)
    }
}
