//! `afpi:plugin/lifecycle`, which is the same for every kind. The plugin needs no seat.
//!
//! Each call gets a new instance without any grant, because settings are checked before people trust the plugin.

use crate::bound::{Bound, Shared, within};
use crate::contract::FieldProblem;
use crate::facets::Lifecycle as Exports;
use crate::failure::PluginFailure;
use crate::plugin::Plugin;
use crate::seat::{Binding, Seat, Site};
use crate::state::CallContext;
use std::sync::Arc;

/// Asks a plugin about its settings.
#[derive(Clone)]
pub struct Lifecycle {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) shared: Arc<Shared>,
}

impl Lifecycle {
    pub fn plugin(&self) -> &Arc<Plugin> {
        &self.plugin
    }

    /// The JSON Schema of the settings on one site.
    pub async fn config_schema(&self, context: &CallContext) -> Result<String, PluginFailure> {
        let bound = self.unseated();
        let mut call = bound.open::<Exports>("config-schema", context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_lifecycle().call_config_schema(store)).await;
        call.end(answer.map(Ok))
    }

    /// The errors of settings that the schema cannot express. An empty list accepts the settings.
    pub async fn validate_config(
        &self,
        context: &CallContext,
        config: &str,
    ) -> Result<Vec<FieldProblem>, PluginFailure> {
        let bound = self.unseated();
        let mut call = bound.open::<Exports>("validate-config", context).await?;
        let (wall, config) = (call.wall(), config.to_owned());
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_lifecycle().call_validate_config(store, &config)).await;
        call.end(answer.map(Ok))
    }

    /// Migrates settings of an older version to this version.
    pub async fn migrate_config(
        &self,
        context: &CallContext,
        from_version: &str,
        config: &str,
    ) -> Result<String, PluginFailure> {
        let bound = self.unseated();
        let mut call = bound.open::<Exports>("migrate-config", context).await?;
        let (wall, config) = (call.wall(), config.to_owned());
        let (exports, store) = call.parts();
        let answer =
            within(wall, exports.afpi_plugin_lifecycle().call_migrate_config(store, from_version, &config)).await;
        call.end(answer)
    }

    fn unseated(&self) -> Bound {
        let seat =
            Seat::new(self.plugin.clone(), Site::network(), &Binding::default(), Arc::default(), &self.shared.policy);
        Bound::new(Arc::new(seat), self.shared.clone())
    }
}
