//! The content of a guest's store: the owner of the call, its remaining limits, and its open handles.

use crate::capabilities::http_client::HttpGate;
use crate::engine::ticks;
use crate::failure::Stop;
use crate::limiter::{MemoryLimiter, Reserved};
use crate::policy::CallLimits;
use crate::ports::{Ambience, Effects, Ledger, Observer, RecordQueries, RecordStore, Recorder, SecretStore, Usage};
use crate::seat::Seat;
use afpi_plugin_manifest::Capability;
use afpi_text::Locale;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use wasmtime::UpdateDeadline;
use wasmtime::component::ResourceTable;

/// The caller's data for a call. The site is not part of it, because it comes from the plugin's seat.
#[derive(Clone, Debug, Default)]
pub struct CallContext {
    /// The language of the person who caused the call.
    pub locale: Locale,
    /// The correlation id.
    pub call_id: Arc<str>,
    /// The number of events and jobs of plugins that have led to this call. It is 0 for a call by a person or the host.
    /// Beyond [`Policy::max_depth`](crate::Policy::max_depth) no plugin is called, so that no plugin triggers itself
    /// for ever.
    pub depth: u8,
}

impl CallContext {
    pub fn new(locale: Locale, call_id: impl Into<Arc<str>>) -> Self {
        CallContext { locale, call_id: call_id.into(), depth: 0 }
    }

    /// The same context for a call that an event or job of this depth has caused.
    pub fn at_depth(self, depth: u8) -> Self {
        CallContext { depth, ..self }
    }
}

/// The host's ports, shared by all stores.
pub(crate) struct Ports {
    pub ledger: Arc<dyn Ledger>,
    pub secrets: Arc<dyn SecretStore>,
    pub records: Arc<dyn RecordStore>,
    pub queries: Arc<dyn RecordQueries>,
    pub observer: Arc<dyn Observer>,
    pub recorder: Option<Arc<dyn Recorder>>,
    pub ambience: Arc<dyn Ambience>,
    pub http: HttpGate,
    /// The permits for the ledger, secrets and records.
    pub turns: Semaphore,
}

impl Ports {
    /// Waits for a permit for the host's stores, then runs the work.
    pub async fn store<T>(&self, work: impl Future<Output = T>) -> T {
        let _turn = match self.turns.try_acquire() {
            Ok(turn) => turn,
            Err(_) => self.turns.acquire().await.expect("the semaphore is never closed"),
        };
        work.await
    }
}

pub(crate) struct CallState {
    pub seat: Arc<Seat>,
    pub ports: Arc<Ports>,
    pub context: CallContext,
    pub limits: CallLimits,
    pub memory: MemoryLimiter,
    pub handles: ResourceTable,
    pub cpu: CpuMeter,
    /// The effects of the guest that are not applied yet.
    pub effects: Effects,
    /// The size of the plugin's notes with these effects. `None` until it is needed.
    pub usage: Option<Usage>,
    /// The last error that the guest logged in this call. It explains a failure.
    pub last_words: Option<String>,
    host_budget: u32,
}

impl CallState {
    pub fn new(seat: Arc<Seat>, ports: Arc<Ports>, limits: CallLimits, reserved: Reserved) -> Self {
        let mut handles = ResourceTable::new();
        handles.set_max_capacity(64);
        CallState {
            memory: MemoryLimiter::new(limits.memory_mib, reserved),
            cpu: CpuMeter::new(limits.cpu, limits.wall, Instant::now()),
            host_budget: limits.host_budget,
            context: CallContext::default(),
            effects: Effects::default(),
            usage: None,
            last_words: None,
            seat,
            ports,
            limits,
            handles,
        }
    }

    /// Sets new limits for the next call.
    pub fn begin(&mut self, context: &CallContext, limits: CallLimits, now: Instant) {
        self.context.clone_from(context);
        self.limits = limits;
        self.host_budget = self.limits.host_budget;
        self.memory.take_refused();
        self.last_words = None;
        self.cpu.restart(self.limits.cpu, self.limits.wall, now);
    }

    /// Removes and returns the effects since the last call of this method.
    pub fn take_effects(&mut self) -> Effects {
        self.usage = None;
        std::mem::take(&mut self.effects)
    }

    /// Takes the cost of a host call. A guest without budget is stopped.
    pub fn spend(&mut self, cost: u32) -> wasmtime::Result<()> {
        match self.host_budget.checked_sub(cost) {
            Some(rest) => {
                self.host_budget = rest;
                Ok(())
            }
            None => Err(Stop::HostCalls.into()),
        }
    }

    /// Every capability calls this first. It takes the cost, then checks the grant. A refusal is counted.
    pub fn admit(&mut self, capability: Capability, cost: u32) -> wasmtime::Result<bool> {
        self.spend(cost)?;
        self.seat.health.used(capability);
        let granted = self.seat.grants.contains(capability) && self.limits.mode.admits(capability);
        if !granted {
            self.refused(capability);
        }
        Ok(granted)
    }

    /// Counts a use without the grant.
    pub fn refused(&self, capability: Capability) {
        self.seat.health.denied(capability);
        self.ports.observer.denied(self.seat.who(), capability);
    }

    /// The depth of this call's effects. `None` if the chain must end here.
    pub fn next_depth(&self) -> Option<u8> {
        self.context.depth.checked_add(1).filter(|depth| *depth <= self.limits.max_depth)
    }
}

impl CallState {
    /// Waits for one of the host's stores. During the wait, the guest's CPU time does not count.
    pub async fn outside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let ports = self.ports.clone();
        self.cpu.pause();
        let done = ports.store(work).await;
        self.cpu.resume();
        done
    }
}

/// The guest CPU of one call, by the clock of the thread. So the time of other threads on a busy machine does not
/// count.
///
/// It is read only at the epoch's deadline, every [`CpuMeter::SLICE`] of wall time, so that a quick call has no cost.
/// It is also read around waits in the host, which do not count for the guest.
pub(crate) struct CpuMeter {
    most: Duration,
    /// The latest end of the call, however little CPU it got.
    until: Instant,
    used: Duration,
    /// The thread's clock when the guest began to run. The task that wakes the guest after a yield shares it, perhaps
    /// on another thread. [`CpuMeter::UNKNOWN`] until it is read first.
    since: Arc<AtomicU64>,
}

impl CpuMeter {
    /// The time that a guest runs between two checks, and before other tasks of the thread run.
    pub const SLICE: Duration = Duration::from_millis(10);
    const UNKNOWN: u64 = u64::MAX;

    fn new(most: Duration, wall: Duration, now: Instant) -> Self {
        CpuMeter { most, until: now + wall, used: Duration::ZERO, since: Arc::new(AtomicU64::new(Self::UNKNOWN)) }
    }

    /// Sets a new limit.
    pub fn restart(&mut self, most: Duration, wall: Duration, now: Instant) {
        (self.most, self.until, self.used) = (most, now + wall, Duration::ZERO);
        self.since.store(Self::UNKNOWN, Relaxed);
    }

    /// The guest enters the host, where it may wait.
    pub fn pause(&mut self) {
        let since = self.since.load(Relaxed);
        if since != Self::UNKNOWN {
            self.used += Duration::from_nanos(thread_cpu().saturating_sub(since));
        }
    }

    /// The guest continues.
    pub fn resume(&mut self) {
        self.since.store(thread_cpu(), Relaxed);
    }

    /// Called at the epoch's deadline. Returns the ticks until the next one, or ends the call.
    fn slice(&mut self) -> wasmtime::Result<u64> {
        if self.since.load(Relaxed) == Self::UNKNOWN {
            // This is the first check, so the guest has run for one slice at most.
            self.used += Self::SLICE;
        }
        self.pause();
        self.resume();
        if self.used >= self.most || Instant::now() >= self.until {
            return Err(Stop::Cpu.into());
        }
        Ok(ticks((self.most - self.used).min(Self::SLICE)))
    }

    /// For calls that never wait: the guest continues.
    pub fn go_on(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.slice().map(UpdateDeadline::Continue)
    }

    /// For calls that may wait: other tasks run first.
    pub fn take_turns(&mut self) -> wasmtime::Result<UpdateDeadline> {
        let ticks = self.slice()?;
        let since = self.since.clone();
        Ok(UpdateDeadline::YieldCustom(
            ticks,
            Box::pin(async move {
                tokio::task::yield_now().await;
                since.store(thread_cpu(), Relaxed);
            }),
        ))
    }
}

/// The CPU time of this thread, in nanoseconds.
#[cfg(unix)]
fn thread_cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Other systems use wall time instead.
#[cfg(not(unix))]
fn thread_cpu() -> u64 {
    static ORIGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    ORIGIN.get_or_init(Instant::now).elapsed().as_nanos() as u64
}
