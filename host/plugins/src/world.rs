//! The worlds, with a trait for their differences: calls of pure worlds run at once; the others may wait and may handle
//! jobs.

use crate::bindings;
use crate::state::CallState;
use std::sync::Arc;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

/// The exports of an instance, typed.
pub(crate) trait World: Sized + Send + Sync + 'static {
    /// The positions of the exports in a component.
    type Indices: Send + Sync + 'static;
    /// May its calls wait in a host call?
    const WAITS: bool;
    fn indices(pre: &InstancePre<CallState>) -> wasmtime::Result<Self::Indices>;
    fn load(indices: &Self::Indices, store: &mut Store<CallState>, instance: &Instance) -> wasmtime::Result<Self>;
}

/// A world whose calls never wait: no fiber, no await.
pub(crate) trait PureWorld: World {}

/// A world whose calls may wait in a host call.
pub(crate) trait WaitingWorld: World {}

/// A component linked and checked for its world: cheap to instantiate, shared by all its seats.
pub(crate) struct Linked<W: World> {
    pre: InstancePre<CallState>,
    indices: W::Indices,
    /// Acting kinds may export job handling as well.
    jobs: Option<JobHandlingIndices>,
}

impl<W: World> Linked<W> {
    pub fn new(pre: InstancePre<CallState>) -> wasmtime::Result<Arc<Self>> {
        let (indices, jobs) = (W::indices(&pre)?, JobHandlingIndices::new(&pre).ok());
        Ok(Arc::new(Linked { pre, indices, jobs }))
    }

    pub fn handles_jobs(&self) -> bool {
        self.jobs.is_some()
    }
}

impl<W: PureWorld> Linked<W> {
    pub fn instantiate(&self, store: &mut Store<CallState>) -> wasmtime::Result<(Instance, W)> {
        let instance = self.pre.instantiate(&mut *store)?;
        Ok((instance, W::load(&self.indices, store, &instance)?))
    }
}

impl<W: WaitingWorld> Linked<W> {
    pub async fn instantiate_waiting(&self, store: &mut Store<CallState>) -> wasmtime::Result<(Instance, W)> {
        let instance = self.pre.instantiate_async(&mut *store).await?;
        Ok((instance, W::load(&self.indices, store, &instance)?))
    }

    /// The job exports of an instance. Looked up per job: jobs are few, and most instances never run one.
    pub fn jobs(&self, store: &mut Store<CallState>, instance: &Instance) -> wasmtime::Result<JobHandling> {
        let indices =
            self.jobs.as_ref().ok_or_else(|| wasmtime::format_err!("it does not export `afpi:plugin/job-handler`"))?;
        indices.load(store, instance)
    }
}

pub(crate) use bindings::connector::ConnectorPlugin as Connector;
pub(crate) use bindings::hook::HookPlugin as Hook;
pub(crate) use bindings::job_handling::{JobHandling, JobHandlingIndices};
pub(crate) use bindings::notifier::NotifierPlugin as Notifier;
pub(crate) use bindings::objectives::ObjectivesPlugin as Objectives;
pub(crate) use bindings::workflow::WorkflowPlugin as Workflow;

macro_rules! world {
    ($world:ty, $indices:ty, $manner:ident, $waits:literal) => {
        impl $manner for $world {}
        impl World for $world {
            type Indices = $indices;
            const WAITS: bool = $waits;
            fn indices(pre: &InstancePre<CallState>) -> wasmtime::Result<Self::Indices> {
                <$indices>::new(pre)
            }
            fn load(
                indices: &Self::Indices,
                store: &mut Store<CallState>,
                instance: &Instance,
            ) -> wasmtime::Result<Self> {
                indices.load(store, instance)
            }
        }
    };
}

world!(Workflow, bindings::workflow::WorkflowPluginIndices, PureWorld, false);
world!(Objectives, bindings::objectives::ObjectivesPluginIndices, PureWorld, false);
world!(Notifier, bindings::notifier::NotifierPluginIndices, WaitingWorld, true);
world!(Connector, bindings::connector::ConnectorPluginIndices, WaitingWorld, true);
world!(Hook, bindings::hook::HookPluginIndices, WaitingWorld, true);
