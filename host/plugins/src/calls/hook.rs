//! `afpi:plugin/hook`: is asked about changes before they are made, and told afterwards.

use super::handle;
use crate::bound::within;
use crate::contract::hook::{Event, Phase, Subscription, Verdict as Said};
use crate::contract::{Error, Text};
use crate::facets::Hook;
use crate::failure::PluginFailure;
use crate::state::CallContext;
use afpi_plugin_manifest::OnFailure;
use std::sync::Arc;

handle! {
    /// A hook of a site.
    HookPlugin
}

/// The most events that one hook may subscribe to.
const MOST_SUBSCRIPTIONS: usize = 64;

/// A hook's answer to a proposed change.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Allow,
    /// The reason, for the actor and for the record's history.
    Veto(Text),
}

impl HookPlugin {
    /// What happens to a change when this hook should have been asked and did not answer.
    pub fn on_failure(&self) -> OnFailure {
        self.0.seat.plugin.manifest().on_failure.unwrap_or_default()
    }

    /// Its subscriptions with its present settings. The plugin is asked once; the answer is kept until its settings or
    /// its version change. A failure is not kept.
    pub async fn subscriptions(&self, context: &CallContext) -> Result<Arc<[Subscription]>, PluginFailure> {
        if let Some(known) = self.0.seat.subscriptions.get() {
            return Ok(known.clone());
        }
        let mut call = self.0.open_limited::<Hook>("subscriptions", context, self.before_limits()).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_hook().call_subscriptions(store)).await;
        let answer = answer.map(|asked| match asked.len() {
            0..=MOST_SUBSCRIPTIONS => Ok(asked),
            many => Err(Error::Other(format!("{many} subscriptions, more than {MOST_SUBSCRIPTIONS}"))),
        });
        Ok(self.remember(call.end(answer)?))
    }

    /// Are the subscriptions known, so that [`HookPlugin::wants`] need not ask?
    pub fn is_known(&self) -> bool {
        self.0.seat.subscriptions.get().is_some()
    }

    /// Stores its subscriptions with these settings. Existing ones stay.
    pub fn remember(&self, said: impl Into<Arc<[Subscription]>>) -> Arc<[Subscription]> {
        self.0.seat.subscriptions.get_or_init(|| said.into()).clone()
    }

    /// Does it want this event in this phase, and at which position? Lower positions come first.
    pub async fn wants(&self, context: &CallContext, event: &str, phase: Phase) -> Result<Option<i32>, PluginFailure> {
        let asked = self.subscriptions(context).await?;
        let wanted = asked.iter().filter(|asked| asked.phase == phase && asked.event == event);
        Ok(wanted.map(|asked| asked.order).min())
    }

    /// May this change be made? The call has its own time limit, [`Policy::before_cpu`](crate::Policy::before_cpu). An
    /// error means that there is no answer: then [`HookPlugin::on_failure`] decides.
    pub async fn before(&self, context: &CallContext, event: &Event) -> Result<Verdict, PluginFailure> {
        let mut call = self.0.open_limited::<Hook>("before", context, self.before_limits()).await?;
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

    /// Tells it about a change that was made. [`Error::RateLimited`] in the failure asks to be told again after that
    /// wait.
    pub async fn after(&self, context: &CallContext, event: &Event) -> Result<(), PluginFailure> {
        let mut call = self.0.open::<Hook>("after", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_hook().call_after(store, event)).await;
        call.end_acting(answer).await
    }

    fn before_limits(&self) -> crate::policy::CallLimits {
        self.0.shared.policy.before_limits(self.0.seat.plugin.manifest())
    }
}
