//! The four worlds behind one trait each for what differs: pure ones run at once, the others may wait.

use crate::bindings;
use crate::state::CallState;
use std::future::Future;
use wasmtime::Store;
use wasmtime::component::InstancePre;

/// The exports of an instance, typed.
pub(crate) trait World: Sized + Send + Sync + 'static {
    /// Linked and type-checked code, cheap to instantiate.
    type Pre: Clone + Send + Sync + 'static;
    fn prepare(pre: InstancePre<CallState>) -> wasmtime::Result<Self::Pre>;
}

/// A world whose calls never wait: no fiber, no await.
pub(crate) trait PureWorld: World {
    fn instantiate(pre: &Self::Pre, store: &mut Store<CallState>) -> wasmtime::Result<Self>;
}

/// A world whose calls may wait in a host call.
pub(crate) trait WaitingWorld: World {
    fn instantiate(pre: &Self::Pre, store: &mut Store<CallState>) -> impl Future<Output = wasmtime::Result<Self>> + Send;
}

pub(crate) use bindings::connector::ConnectorPlugin as Connector;
pub(crate) use bindings::notifier::NotifierPlugin as Notifier;
pub(crate) use bindings::objectives::ObjectivesPlugin as Objectives;
pub(crate) use bindings::workflow::WorkflowPlugin as Workflow;

macro_rules! world {
    ($world:ty, $pre:ty) => {
        impl World for $world {
            type Pre = $pre;
            fn prepare(pre: InstancePre<CallState>) -> wasmtime::Result<Self::Pre> {
                <$pre>::new(pre)
            }
        }
    };
}

macro_rules! pure {
    ($world:ty, $pre:ty) => {
        world!($world, $pre);
        impl PureWorld for $world {
            fn instantiate(pre: &Self::Pre, store: &mut Store<CallState>) -> wasmtime::Result<Self> {
                pre.instantiate(store)
            }
        }
    };
}

macro_rules! waiting {
    ($world:ty, $pre:ty) => {
        world!($world, $pre);
        impl WaitingWorld for $world {
            async fn instantiate(pre: &Self::Pre, store: &mut Store<CallState>) -> wasmtime::Result<Self> {
                pre.instantiate_async(store).await
            }
        }
    };
}

pure!(Workflow, bindings::workflow::WorkflowPluginPre<CallState>);
pure!(Objectives, bindings::objectives::ObjectivesPluginPre<CallState>);
waiting!(Notifier, bindings::notifier::NotifierPluginPre<CallState>);
waiting!(Connector, bindings::connector::ConnectorPluginPre<CallState>);
