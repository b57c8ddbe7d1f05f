//! What a guest's store holds: whose call it is, what the call may still use, and the handles it has open.

use crate::capabilities::http_client::HttpGate;
use crate::failure::Stop;
use crate::limiter::MemoryLimiter;
use crate::policy::CallLimits;
use crate::ports::{KvStore, Observer, SecretStore};
use crate::seat::Seat;
use afpi_plugin_manifest::Capability;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::UpdateDeadline;
use wasmtime::component::ResourceTable;

/// Language of the person who caused a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    Fr,
    En,
}

impl Locale {
    pub fn as_str(self) -> &'static str {
        match self {
            Locale::Fr => "fr",
            Locale::En => "en",
        }
    }
}

/// What the caller says about a call. The site is not among it: it comes from where the plugin is seated.
#[derive(Clone, Debug, Default)]
pub struct CallContext {
    pub locale: Locale,
    /// Correlation id.
    pub call_id: Arc<str>,
}

impl CallContext {
    pub fn new(locale: Locale, call_id: impl Into<Arc<str>>) -> Self {
        CallContext { locale, call_id: call_id.into() }
    }
}

/// The outside world, shared by all stores.
pub(crate) struct Ports {
    pub kv: Arc<dyn KvStore>,
    pub secrets: Arc<dyn SecretStore>,
    pub observer: Arc<dyn Observer>,
    pub http: HttpGate,
}

pub(crate) struct CallState {
    pub seat: Arc<Seat>,
    pub ports: Arc<Ports>,
    pub context: CallContext,
    pub limits: CallLimits,
    pub memory: MemoryLimiter,
    pub handles: ResourceTable,
    pub cpu: CpuMeter,
    host_budget: u32,
}

impl CallState {
    pub fn new(seat: Arc<Seat>, ports: Arc<Ports>, limits: CallLimits) -> Self {
        let mut handles = ResourceTable::new();
        handles.set_max_capacity(64);
        CallState {
            memory: MemoryLimiter::new(limits.memory_mib),
            cpu: CpuMeter::new(limits.cpu),
            host_budget: limits.host_budget,
            context: CallContext::default(),
            seat,
            ports,
            limits,
            handles,
        }
    }

    /// Fresh allowances for the next call.
    pub fn begin(&mut self, context: &CallContext) {
        self.context.clone_from(context);
        self.host_budget = self.limits.host_budget;
        self.memory.take_refused();
        self.cpu = CpuMeter::new(self.limits.cpu);
    }

    /// Takes what a host call costs; a guest that has nothing left is stopped.
    pub fn spend(&mut self, cost: u32) -> wasmtime::Result<()> {
        match self.host_budget.checked_sub(cost) {
            Some(rest) => {
                self.host_budget = rest;
                Ok(())
            }
            None => Err(Stop::HostCalls.into()),
        }
    }

    /// The gate every capability passes first: takes the cost, then asks the grant. A refusal is counted.
    pub fn admit(&mut self, capability: Capability, cost: u32) -> wasmtime::Result<bool> {
        self.spend(cost)?;
        let granted = self.seat.grants.contains(capability);
        if !granted {
            self.seat.health.denied();
            self.ports.observer.denied(self.seat.who(), capability);
        }
        Ok(granted)
    }
}

/// Guest CPU of one call that may wait. Epochs tick on while a guest waits in the host, so waits are taken out here.
pub(crate) struct CpuMeter {
    most: Duration,
    used: Duration,
    since: Instant,
}

impl CpuMeter {
    /// How long a guest runs before it lets other tasks of the thread have their turn.
    pub const SLICE: Duration = Duration::from_millis(10);

    fn new(most: Duration) -> Self {
        CpuMeter { most, used: Duration::ZERO, since: Instant::now() }
    }

    /// The guest enters the host and may wait there.
    pub fn pause(&mut self) {
        self.used += self.since.elapsed();
    }

    /// The guest goes on.
    pub fn resume(&mut self) {
        self.since = Instant::now();
    }

    /// The epoch's deadline has come.
    pub fn slice(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.pause();
        self.resume();
        if self.used >= self.most {
            return Err(Stop::Cpu.into());
        }
        Ok(UpdateDeadline::Yield(crate::engine::ticks(Self::SLICE)))
    }
}
