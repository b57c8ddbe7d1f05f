//! The same components on wasmtime with the same settings and without our guards: the baseline.

use afpi_plugins::contract::objectives::Query;
use afpi_plugins::contract::{Actor, Opportunite};
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, Store};

mod workflow {
    wasmtime::component::bindgen!({
        path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
        world: "afpi:plugin/workflow-plugin",
    });
}

mod objectives {
    wasmtime::component::bindgen!({
        path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
        world: "afpi:plugin/objectives-plugin",
        with: { "afpi:types": crate::bare::workflow::afpi::types, "afpi:host": crate::bare::workflow::afpi::host },
    });
}

use objectives::ObjectivesPluginPre;
use objectives::exports::afpi::plugin::objectives as figures;
use workflow::WorkflowPluginPre;
use workflow::afpi::{host, types::types};

pub use objectives::ObjectivesPlugin;
pub use workflow::WorkflowPlugin;

/// Host functions that return nothing: the benchmarked exports do not call them.
pub struct Nobody;

impl types::Host for Nobody {}

impl host::log::Host for Nobody {
    fn write(&mut self, _: host::log::Level, _: String) {}
}

impl host::config::Host for Nobody {
    fn get(&mut self) -> String {
        String::new()
    }
}

impl host::context::Host for Nobody {
    fn current(&mut self) -> host::context::CallContext {
        unreachable!("the benched exports do not ask")
    }
}

/// A component, ready to be instantiated.
pub struct Bare {
    engine: Engine,
    pre: InstancePre<Nobody>,
}

impl Bare {
    pub fn new(file: &[u8]) -> Self {
        let mut config = Config::new();
        config.concurrency_support(false).epoch_interruption(true);
        config.allocation_strategy(InstanceAllocationStrategy::pooling());
        let engine = Engine::new(&config).unwrap();
        let component = Component::from_binary(&engine, file).unwrap();
        let mut linker = Linker::new(&engine);
        types::add_to_linker::<_, HasSelf<Nobody>>(&mut linker, |nobody| nobody).unwrap();
        host::log::add_to_linker::<_, HasSelf<Nobody>>(&mut linker, |nobody| nobody).unwrap();
        host::context::add_to_linker::<_, HasSelf<Nobody>>(&mut linker, |nobody| nobody).unwrap();
        host::config::add_to_linker::<_, HasSelf<Nobody>>(&mut linker, |nobody| nobody).unwrap();
        let pre = linker.instantiate_pre(&component).unwrap();
        Bare { engine, pre }
    }

    /// Nothing advances this engine's epoch, so the deadline never comes.
    fn store(&self) -> Store<Nobody> {
        let mut store = Store::new(&self.engine, Nobody);
        store.set_epoch_deadline(1_000_000);
        store
    }

    pub fn workflow(&self) -> (Store<Nobody>, WorkflowPlugin) {
        let pre = WorkflowPluginPre::new(self.pre.clone()).unwrap();
        let mut store = self.store();
        let plugin = pre.instantiate(&mut store).unwrap();
        (store, plugin)
    }

    pub fn objectives(&self) -> (Store<Nobody>, ObjectivesPlugin) {
        let pre = ObjectivesPluginPre::new(self.pre.clone()).unwrap();
        let mut store = self.store();
        let plugin = pre.instantiate(&mut store).unwrap();
        (store, plugin)
    }
}

pub fn subject(ours: Opportunite) -> types::Opportunite {
    types::Opportunite {
        id: ours.id,
        numero: ours.numero,
        title: ours.title,
        kind: ours.kind,
        section: ours.section,
        status: ours.status,
        amount: ours.amount,
        budget: ours.budget,
        entreprise: ours.entreprise,
        entreprise_name: ours.entreprise_name,
        commercial: ours.commercial,
        localisation: ours.localisation,
        created_at: ours.created_at,
        section_since: ours.section_since,
        data: ours.data,
        state: ours.state,
    }
}

pub fn actor(ours: Actor) -> types::Actor {
    types::Actor { id: ours.id, name: ours.name, role: ours.role, owner: ours.owner }
}

pub fn query(ours: Query) -> figures::Query {
    figures::Query {
        first: ours.first,
        last: ours.last,
        today: ours.today,
        metrics: ours.metrics,
        grouping: figures::Grouping::Total,
        words: ours.words,
    }
}

pub fn fact() -> figures::Fact {
    figures::Fact { kind: 0, key: 1, user: 2, site: 3, subject: 4, start: 5, end: 6, amount: 7, weight: 8 }
}
