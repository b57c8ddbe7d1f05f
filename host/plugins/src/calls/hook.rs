//! `afpi:plugin/hook`: the host asks hooks before a change, and tells them about it afterwards.

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

/// The largest number of events that one hook may subscribe to.
const MOST_SUBSCRIPTIONS: usize = 64;

/// A hook's answer to a proposed change.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Allow,
    /// The reason is for the actor and for the history of the record.
    Veto(Text),
}

impl HookPlugin {
    /// What happens to a change if the host had to ask this hook and got no answer.
    pub fn on_failure(&self) -> OnFailure {
        self.0.seat.plugin.manifest().on_failure.unwrap_or_default()
    }

    /// The hook's subscriptions with its current settings. The plugin is asked once, and the answer is kept until its
    /// settings or its version change. A failure is not kept.
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

    /// Whether the subscriptions are known, so that [`HookPlugin::wants`] need not ask the plugin.
    pub fn is_known(&self) -> bool {
        self.0.seat.subscriptions.get().is_some()
    }

    /// Stores the hook's subscriptions with these settings, unless there are some already.
    pub fn remember(&self, said: impl Into<Arc<[Subscription]>>) -> Arc<[Subscription]> {
        self.0.seat.subscriptions.get_or_init(|| said.into()).clone()
    }

    /// The hook's position for this event in this phase, if it wants the event. Lower positions come first.
    pub async fn wants(&self, context: &CallContext, event: &str, phase: Phase) -> Result<Option<i32>, PluginFailure> {
        let asked = self.subscriptions(context).await?;
        let wanted = asked.iter().filter(|asked| asked.phase == phase && asked.event == event);
        Ok(wanted.map(|asked| asked.order).min())
    }

    /// Asks whether the change may be made. The call has its own time limit,
    /// [`Policy::before_cpu`](crate::Policy::before_cpu). An error means that there is no answer. Then
    /// [`HookPlugin::on_failure`] decides.
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

    /// Tells the hook about a change. If the failure contains [`Error::RateLimited`], the hook asks to be told again
    /// after that wait.
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
