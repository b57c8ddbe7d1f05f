//! `afpi:plugin/notifier`: turns events into messages. A notifier may send requests, so its calls may wait.

use super::handle;
use crate::bound::within;
use crate::contract::notifier::{Event, Kind, Message};
use crate::facets::Notifier;
use crate::failure::PluginFailure;
use crate::state::CallContext;

handle! {
    /// A notifier plugin of a site.
    NotifierPlugin
}

impl NotifierPlugin {
    pub async fn kinds(&self, context: &CallContext) -> Result<Vec<Kind>, PluginFailure> {
        let mut call = self.0.open::<Notifier>("kinds", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_notifier().call_kinds(store)).await;
        call.end(answer.map(Ok))
    }

    pub async fn notify(&self, context: &CallContext, event: &Event) -> Result<Vec<Message>, PluginFailure> {
        let mut call = self.0.open::<Notifier>("notify", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_notifier().call_notify(store, event)).await;
        call.end_acting(answer).await
    }
}
