//! `afpi:plugin/hook`: a say in changes before they are made, and word of them afterwards.

use super::handle;
use crate::bound::within;
use crate::contract::hook::{Event, Phase, Subscription, Verdict as Said};
use crate::contract::{Error, Text};
use crate::failure::PluginFailure;
use crate::state::CallContext;
use crate::world::Hook;
use afpi_plugin_manifest::OnFailure;
use std::sync::Arc;

handle! {
    /// A hook of a site.
    HookPlugin, Hook
}

/// The most events one hook may ask for.
const MOST_SUBSCRIPTIONS: usize = 64;

/// A hook's say on a proposed change.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Allow,
    /// Why not, for the actor and for the record's history.
    Veto(Text),
}

impl HookPlugin {
    /// What becomes of a change this hook should have judged and could not.
    pub fn on_failure(&self) -> OnFailure {
        self.0.seat.plugin.manifest().on_failure.unwrap_or_default()
    }

    /// What it wants to hear with its present settings. The plugin is asked once; what it said is remembered until its
    /// settings or its version change. A failure is not remembered.
    pub async fn subscriptions(&self, context: &CallContext) -> Result<Arc<[Subscription]>, PluginFailure> {
        if let Some(known) = self.0.seat.subscriptions.get() {
            return Ok(known.clone());
        }
        let mut call = self.0.open_limited("subscriptions", context, self.before_limits()).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_hook().call_subscriptions(store)).await;
        let answer = answer.map(|asked| match asked.len() {
            0..=MOST_SUBSCRIPTIONS => Ok(asked),
            many => Err(Error::Other(format!("{many} subscriptions, more than {MOST_SUBSCRIPTIONS}"))),
        });
        Ok(self.remember(call.end(answer)?))
    }

    /// Is it known what it wants to hear, so that [`HookPlugin::wants`] need not ask?
    pub fn is_known(&self) -> bool {
        self.0.seat.subscriptions.get().is_some()
    }

    /// Remembers what it said it wants to hear, with these settings; what was remembered before stays.
    pub fn remember(&self, said: impl Into<Arc<[Subscription]>>) -> Arc<[Subscription]> {
        self.0.seat.subscriptions.get_or_init(|| said.into()).clone()
    }

    /// Does it want this event in this phase, and if so in which place? Lower ones first.
    pub async fn wants(&self, context: &CallContext, event: &str, phase: Phase) -> Result<Option<i32>, PluginFailure> {
        let asked = self.subscriptions(context).await?;
        let wanted = asked.iter().filter(|asked| asked.phase == phase && asked.event == event);
        Ok(wanted.map(|asked| asked.order).min())
    }

    /// May this change be made? It has [`Policy::before_cpu`](crate::Policy::before_cpu) of its own time. An error
    /// means there is no answer: then [`HookPlugin::on_failure`] decides.
    pub async fn before(&self, context: &CallContext, event: &Event) -> Result<Verdict, PluginFailure> {
        let mut call = self.0.open_limited("before", context, self.before_limits()).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_hook().call_before(store, event)).await;
        call.end_acting(answer.map(|said| {
            said.and_then(|said| match said {
                Said::Allow => Ok(Verdict::Allow),
                Said::Veto(reason) => Ok(Verdict::Veto(reason)),
                Said::Other(word) => Err(Error::Other(word)),
            })
        }))
        .await
    }

    /// Tells it of a change that was made. [`Error::RateLimited`] in the failure asks to be told again after that wait.
    pub async fn after(&self, context: &CallContext, event: &Event) -> Result<(), PluginFailure> {
        let mut call = self.0.open_waiting("after", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_hook().call_after(store, event)).await;
        call.end_acting(answer).await
    }

    fn before_limits(&self) -> crate::policy::CallLimits {
        self.0.shared.policy.before_limits(self.0.seat.plugin.manifest())
    }
}
