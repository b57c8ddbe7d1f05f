//! Pure calls as texts. They are recorded in production, replayed on a developer's machine, and compared byte for byte.
//!
//! A pure plugin sees only its arguments, its settings and the context of the call. A recording contains these and the
//! answer. Recordings contain records of customers: protect them like the database.

use crate::bound::{Bound, Shared};
use crate::calls::{ObjectivesPlugin, WorkflowPlugin};
use crate::contract::Error;
use crate::failure::PluginFailure;
use crate::plugin::Plugin;
use crate::ports::{NoObserver, SystemAmbience, Unavailable};
use crate::runtime::Runtime;
use crate::seat::{Binding, Seat, Site};
use crate::state::{CallContext, Ports};
use afpi_plugin_manifest::Kind;
use afpi_text::Locale;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// One answered pure call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Recording {
    pub plugin: String,
    pub version: String,
    /// The SHA-256 of the plugin's file, in hexadecimal.
    pub sha256: String,
    /// The name in `wit/`, e.g. `decide`. `calculate` is a whole calculation from the query to the scores.
    pub function: String,
    /// The id and the code of the localisation.
    pub site: String,
    pub site_code: String,
    pub locale: Locale,
    pub call_id: String,
    /// The plugin's settings on that site, as the text that the plugin got.
    pub config: String,
    /// The arguments, in order.
    pub args: Value,
    /// `{"Ok": …}`, or `{"Err": …}` for an error of the contract.
    pub result: Value,
}

/// Why a call could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("a {kind} plugin has no recorded function `{function}`")]
    UnknownFunction { kind: &'static str, function: String },
    #[error("the recorded arguments do not fit: {0}")]
    Arguments(#[from] serde_json::Error),
    /// The call was answered when it was recorded, but not now.
    #[error(transparent)]
    Failed(PluginFailure),
}

impl Recording {
    pub(crate) fn of<A: Serialize, R: Serialize>(
        seat: &Seat,
        context: &CallContext,
        function: &str,
        args: &A,
        result: &Result<R, Error>,
    ) -> serde_json::Result<Self> {
        let manifest = seat.plugin.manifest();
        Ok(Recording {
            plugin: manifest.id.clone(),
            version: manifest.version.to_string(),
            sha256: seat.plugin.sha256().iter().map(|byte| format!("{byte:02x}")).collect(),
            function: function.to_owned(),
            site: seat.site.id.to_string(),
            site_code: seat.site.code.to_string(),
            locale: context.locale,
            call_id: context.call_id.to_string(),
            config: seat.config.to_string(),
            args: serde_json::to_value(args)?,
            result: serde_json::to_value(result)?,
        })
    }
}

impl Runtime {
    /// Replays a recorded call with this plugin (the recorded version or another one). It uses a new instance, and no
    /// metric counts the call. The result is a recording too. If the decision has not changed, the answers are equal
    /// byte for byte (`version` and `sha256` name the plugin that answered).
    pub async fn replay(&self, plugin: &Arc<Plugin>, recording: &Recording) -> Result<Recording, ReplayError> {
        let context = CallContext::new(recording.locale, recording.call_id.as_str());
        let desk = self.desk(plugin, recording);
        let result = match plugin.manifest().kind {
            Kind::Workflow => replay_workflow(&WorkflowPlugin(desk), &context, recording).await?,
            Kind::Objectives => replay_objectives(&ObjectivesPlugin(desk), &context, recording).await?,
            _ => return Err(unknown(plugin.manifest().kind.as_str(), recording)),
        };
        Ok(Recording {
            plugin: plugin.id().to_owned(),
            version: plugin.manifest().version.to_string(),
            sha256: plugin.sha256().iter().map(|byte| format!("{byte:02x}")).collect(),
            result,
            ..recording.clone()
        })
    }

    /// A seat like the recorded one, without access to the host.
    fn desk(&self, plugin: &Arc<Plugin>, recording: &Recording) -> Arc<Bound> {
        let shared = &self.registry().shared;
        let nothing = Arc::new(Unavailable);
        let ports = Ports {
            ledger: nothing.clone(),
            secrets: nothing.clone(),
            records: nothing.clone(),
            queries: nothing.clone(),
            observer: Arc::new(NoObserver),
            recorder: None,
            ambience: Arc::new(SystemAmbience),
            http: shared.ports.http.clone(),
            turns: Semaphore::new(1),
        };
        let shared = Arc::new(Shared {
            engine: shared.engine.clone(),
            policy: shared.policy.clone(),
            ports: Arc::new(ports),
            memory: shared.memory.clone(),
            pure_places: Semaphore::new(1),
            waiting_places: Semaphore::new(1),
        });
        let site = Site::new(recording.site.as_str(), recording.site_code.as_str());
        let binding = Binding { config: recording.config.as_str().into(), ..Binding::default() };
        let seat = Seat::new(plugin.clone(), site, &binding, Arc::default(), &shared.policy);
        Arc::new(Bound::new(Arc::new(seat), shared))
    }
}

async fn replay_workflow(
    plugin: &WorkflowPlugin,
    context: &CallContext,
    recording: &Recording,
) -> Result<Value, ReplayError> {
    match recording.function.as_str() {
        "definition" => answered(plugin.definition(context).await),
        "start" => {
            let (subject, actor, moment) = args(recording)?;
            answered(plugin.start(context, &subject, &actor, &moment).await)
        }
        "decide" => {
            let (subject, transition, input, actor, moment): (_, String, String, _, _) = args(recording)?;
            answered(plugin.decide(context, &subject, &transition, &input, &actor, &moment).await)
        }
        "edit" => {
            let (subject, section, document, actor, moment): (_, String, String, _, _) = args(recording)?;
            answered(plugin.edit(context, &subject, &section, &document, &actor, &moment).await)
        }
        "offers" => {
            let (subject, actor, moment) = args(recording)?;
            answered(plugin.offers(context, &subject, &actor, &moment).await)
        }
        "editable" => {
            let (subject, actor) = args(recording)?;
            answered(plugin.editable(context, &subject, &actor).await)
        }
        "migrate" => {
            let (from, items): (String, Vec<_>) = args(recording)?;
            let migration = plugin.migration().ok_or_else(|| unknown("workflow", recording))?;
            answered(migration.migrate(context, &from, &items).await)
        }
        _ => Err(unknown("workflow", recording)),
    }
}

async fn replay_objectives(
    plugin: &ObjectivesPlugin,
    context: &CallContext,
    recording: &Recording,
) -> Result<Value, ReplayError> {
    match recording.function.as_str() {
        "metrics" => answered(plugin.metrics(context).await),
        "calculate" => {
            let (query, batches): (_, Vec<Vec<_>>) = args(recording)?;
            answered(plugin.calculate(context, &query, &batches).await)
        }
        "attain" => {
            let (targets,): (Vec<_>,) = args(recording)?;
            answered(plugin.attain(context, &targets).await)
        }
        _ => Err(unknown("objectives", recording)),
    }
}

fn args<A: DeserializeOwned>(recording: &Recording) -> Result<A, ReplayError> {
    Ok(A::deserialize(&recording.args)?)
}

fn answered<R: Serialize>(answer: Result<R, PluginFailure>) -> Result<Value, ReplayError> {
    let result: Result<R, Error> = match answer {
        Ok(value) => Ok(value),
        Err(PluginFailure::Guest(refusal)) => Err(refusal),
        Err(failure) => return Err(ReplayError::Failed(failure)),
    };
    Ok(serde_json::to_value(result)?)
}

fn unknown(kind: &'static str, recording: &Recording) -> ReplayError {
    ReplayError::UnknownFunction { kind, function: recording.function.clone() }
}
