//! `afpi:plugin/lifecycle`, the same for every kind. The plugin needs no seat.
//!
//! Each call gets a fresh instance without any grant, because settings are checked before anybody trusts the plugin.

use crate::bound::{Bound, Shared, within};
use crate::contract::FieldProblem;
use crate::failure::PluginFailure;
use crate::plugin::{Code, Plugin};
use crate::seat::{Binding, Seat, Site};
use crate::state::CallContext;
use crate::world::{Connector, Hook, Linked, Notifier, Objectives, Workflow, World};
use std::sync::Arc;

/// A plugin's answers about its settings.
#[derive(Clone)]
pub struct Lifecycle {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) shared: Arc<Shared>,
}

/// One lifecycle call on any world. `$answer` turns the export's result into an [`crate::bound::Answer`].
macro_rules! ask {
    ($self:ident, $context:ident, $name:literal, $function:ident($($argument:expr),*), $answer:expr) => {
        match &$self.plugin.code {
            Code::Workflow(pre) => ask!(@pure $self, Workflow, pre, $context, $name, $function($($argument),*), $answer),
            Code::Objectives(pre) => ask!(@pure $self, Objectives, pre, $context, $name, $function($($argument),*), $answer),
            Code::Notifier(pre) => ask!(@waiting $self, Notifier, pre, $context, $name, $function($($argument),*), $answer),
            Code::Connector(pre) => ask!(@waiting $self, Connector, pre, $context, $name, $function($($argument),*), $answer),
            Code::Hook(pre) => ask!(@waiting $self, Hook, pre, $context, $name, $function($($argument),*), $answer),
        }
    };
    (@pure $self:ident, $world:ty, $pre:ident, $context:ident, $name:literal, $function:ident($($argument:expr),*), $answer:expr) => {{
        let bound = $self.unseated::<$world>($pre);
        let mut call = bound.open($name, $context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_lifecycle().$function(store $(, $argument)*);
        call.end($answer(answer))
    }};
    (@waiting $self:ident, $world:ty, $pre:ident, $context:ident, $name:literal, $function:ident($($argument:expr),*), $answer:expr) => {{
        let bound = $self.unseated::<$world>($pre);
        let mut call = bound.open_waiting($name, $context).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_lifecycle().$function(store $(, $argument)*)).await;
        call.end($answer(answer))
    }};
}

impl Lifecycle {
    pub fn plugin(&self) -> &Arc<Plugin> {
        &self.plugin
    }

    /// JSON Schema of the settings on one site.
    pub async fn config_schema(&self, context: &CallContext) -> Result<String, PluginFailure> {
        ask!(self, context, "config-schema", call_config_schema(), |answer: wasmtime::Result<_>| answer.map(Ok))
    }

    /// Errors of settings that the schema cannot express. An empty list accepts them.
    pub async fn validate_config(
        &self,
        context: &CallContext,
        config: &str,
    ) -> Result<Vec<FieldProblem>, PluginFailure> {
        ask!(self, context, "validate-config", call_validate_config(&config.to_owned()), |answer: wasmtime::Result<
            _,
        >| answer.map(Ok))
    }

    /// Migrates settings of an older version to this one.
    pub async fn migrate_config(
        &self,
        context: &CallContext,
        from_version: &str,
        config: &str,
    ) -> Result<String, PluginFailure> {
        ask!(self, context, "migrate-config", call_migrate_config(from_version, &config.to_owned()), |answer| answer)
    }

    fn unseated<W: World>(&self, code: &Arc<Linked<W>>) -> Bound<W> {
        let seat =
            Seat::new(self.plugin.clone(), Site::network(), &Binding::default(), Arc::default(), &self.shared.policy);
        Bound::new(Arc::new(seat), self.shared.clone(), code.clone())
    }
}
