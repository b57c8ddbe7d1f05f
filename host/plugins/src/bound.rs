//! One guarded call: admission, a warm or a new instance, deadlines, and the verdict on how it ended.
//!
//! Every call goes through `open`, the typed export and [`Call::end`]. If a call is dropped in between because its
//! caller went away, its instance is dropped too.

mod call;

use crate::contract::{Error, Text};
use crate::engine::ticks;
use crate::facets::{Facet, Loaded};
use crate::failure::{Outcome, PluginFailure, Stop};
use crate::limiter::{MemoryBudget, NoGrowth, Reserved};
use crate::plugin::Code;
use crate::policy::{CallLimits, Policy};
use crate::ports::{CallReport, Effects, Quota, Space, StoreError};
use crate::seat::Seat;
use crate::state::{CallContext, CallState, CpuMeter, Ports};
use crate::words::{LONGEST_CAUSE, tame};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};
use tracing::Span;
use wasmtime::component::Instance;
use wasmtime::{Engine, Store, Trap};

pub(crate) use call::{Call, within};

/// The assumed memory of an instance, in bytes, before the plugin has had an instance.
const SMALLEST: u64 = 2 << 20;

/// The parts that all seats share.
pub(crate) struct Shared {
    pub engine: Engine,
    pub policy: Policy,
    pub ports: Arc<Ports>,
    pub pure_places: Semaphore,
    pub waiting_places: Semaphore,
    pub memory: Arc<MemoryBudget>,
}

impl Shared {
    fn places(&self, waits: bool) -> &Semaphore {
        if waits { &self.waiting_places } else { &self.pure_places }
    }
}

/// An instance with its store.
pub(crate) struct Warm {
    store: Store<CallState>,
    instance: Instance,
    /// It is boxed, because the typed exports take some hundred bytes each.
    loaded: Box<Loaded>,
    calls: u32,
    idle_since: Instant,
}

impl Warm {
    /// The effects of the calls on this instance.
    pub fn take_effects(&mut self) -> Effects {
        self.store.data_mut().take_effects()
    }

    fn ready(&mut self, context: &CallContext, limits: CallLimits, now: Instant) {
        self.store.data_mut().begin(context, limits, now);
        self.store.set_epoch_deadline(ticks(CpuMeter::SLICE));
    }

    /// Loads the typed functions of an interface at its first call.
    fn load<F: Facet>(&mut self, code: &Code) -> wasmtime::Result<()> {
        let slot = F::slot(&mut self.loaded);
        if slot.is_none() {
            let indices = F::indices(&code.facets);
            let indices =
                indices.ok_or_else(|| wasmtime::format_err!("its manifest does not declare this interface"))?;
            *slot = Some(F::load(indices, &mut self.store, &self.instance)?);
        }
        Ok(())
    }
}

/// A seat with its code and its idle instances. An instance never leaves its seat, so no state crosses sites.
pub(crate) struct Bound {
    pub seat: Arc<Seat>,
    pub shared: Arc<Shared>,
    limits: CallLimits,
    code: Arc<Code>,
    idle: Mutex<Vec<Warm>>,
    /// The seat's share of the places, and of the queue for them.
    share: Semaphore,
    queue: Semaphore,
}

/// A place among the seat's own calls, and one among all calls.
struct Place<'a> {
    _own: SemaphorePermit<'a>,
    /// `None` while a long call lets others run.
    among_all: Option<SemaphorePermit<'a>>,
}

impl Bound {
    pub fn new(seat: Arc<Seat>, shared: Arc<Shared>) -> Self {
        let limits = shared.policy.limits(seat.plugin.manifest());
        let code = seat.plugin.code.clone();
        let places = if code.waits { shared.policy.waiting_parallel } else { shared.policy.pure_parallel };
        let (share, queue) = (Semaphore::new(Policy::seat_share(places)), Semaphore::new(shared.policy.seat_queue));
        Bound { seat, shared, limits, code, idle: Mutex::default(), share, queue }
    }

    /// Whether the plugin has this interface and its manifest declares it.
    pub fn has<F: Facet>(&self) -> bool {
        self.code.facets.has::<F>()
    }

    /// Drops instances that have been idle for too long.
    pub fn sweep(&self) {
        let longest = self.shared.policy.warm_idle;
        let old: Vec<_> = {
            let mut idle = self.idle();
            idle.extract_if(.., |warm| warm.idle_since.elapsed() > longest).collect()
        };
        drop(old); // outside the lock, because unmapping takes a while
    }

    pub fn idle_instances(&self) -> usize {
        self.idle().len()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Warm>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the longest idle instance if it has been idle since before this time. Returns its size in bytes.
    pub fn let_go(&self, before: Instant) -> Option<usize> {
        let warm = {
            let mut idle = self.idle();
            let oldest = idle.iter().enumerate().min_by_key(|(_, warm)| warm.idle_since)?;
            let at = Some(oldest.0).filter(|_| oldest.1.idle_since <= before)?;
            idle.swap_remove(at)
        };
        Some(warm.store.data().memory.used())
    }

    /// The instant at which the seat's longest idle instance became idle.
    pub fn oldest_idle(&self) -> Option<Instant> {
        self.idle().iter().map(|warm| warm.idle_since).min()
    }

    /// Reserves memory for a new instance if there is no warm one: as much as the plugin's largest instance has used.
    /// It waits for memory as long as for a place. It does so before it takes a place, so that no call keeps a place
    /// from others while it waits for memory.
    async fn room(&self) -> Result<Reserved, PluginFailure> {
        if self.idle_instances() > 0 {
            return Ok(Reserved::none(&self.shared.memory));
        }
        self.in_service()?;
        let need = self.seat.plugin.most_memory().max(SMALLEST);
        let reserved = self.shared.memory.reserve(need, self.shared.policy.queue).await;
        reserved.ok_or(PluginFailure::NoRoom)
    }

    /// Keeps the instance for reuse, unless it has served enough calls or the guest still holds a host resource such as
    /// a connection. Those end with the call.
    fn put_back(&self, mut warm: Warm, now: Instant) {
        warm.calls += 1;
        if warm.calls >= self.shared.policy.warm_calls || !warm.store.data().handles.is_empty() {
            return;
        }
        warm.store.data_mut().memory.settle();
        // The last instance of a seat stays warm until others need its memory.
        if self.shared.memory.is_tight() && self.idle_instances() > 0 {
            return;
        }
        let mut idle = self.idle();
        if idle.len() < self.shared.policy.warm {
            warm.idle_since = now;
            idle.push(warm);
        }
    }

    fn store(&self, context: &CallContext, limits: CallLimits, now: Instant, reserved: Reserved) -> Store<CallState> {
        let mut state = CallState::new(self.seat.clone(), self.shared.ports.clone(), limits, reserved);
        state.begin(context, limits, now);
        let mut store = Store::new(&self.shared.engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(self.shared.policy.hostcall_bytes);
        store.set_max_component_handles(4_096);
        store.set_epoch_deadline(ticks(CpuMeter::SLICE));
        store
    }

    /// Waits first in the queue of this seat, then in the queue of all seats. So a busy plugin waits for its own calls,
    /// and other plugins wait for only one of them.
    async fn place(
        &self,
        function: &'static str,
        context: &CallContext,
        span: &Span,
    ) -> Result<Place<'_>, PluginFailure> {
        self.admit(context).await.map_err(|failure| self.turned_away(function, context, span, failure))
    }

    async fn admit(&self, context: &CallContext) -> Result<Place<'_>, PluginFailure> {
        if context.depth > self.shared.policy.max_depth {
            return Err(PluginFailure::TooDeep(context.depth));
        }
        self.in_service()?;
        let places = self.shared.places(self.code.waits);
        if let (Ok(own), Ok(place)) = (self.share.try_acquire(), places.try_acquire()) {
            return Ok(Place { _own: own, among_all: Some(place) });
        }
        let _queueing = self.queue.try_acquire().map_err(|_| PluginFailure::Busy)?;
        let both = async { Ok::<_, AcquireError>((self.share.acquire().await?, places.acquire().await?)) };
        match tokio::time::timeout(self.shared.policy.queue, both).await {
            Ok(Ok((own, place))) => self.in_service().map(|()| Place { _own: own, among_all: Some(place) }),
            _ => Err(PluginFailure::Busy),
        }
    }

    fn in_service(&self) -> Result<(), PluginFailure> {
        self.seat.health.quarantined().map_or(Ok(()), |rest| Err(PluginFailure::Quarantined(rest)))
    }

    /// Ends a call before the guest was entered. The observer counts it, but it does not count against the plugin.
    fn turned_away(
        &self,
        function: &'static str,
        context: &CallContext,
        span: &Span,
        failure: PluginFailure,
    ) -> PluginFailure {
        self.report_failure(function, context, span, &failure, Duration::ZERO);
        failure
    }

    /// One trace span per call with the target `plugin`. It covers the time from before the admission to the outcome,
    /// even if the guest is never entered. It costs nothing if no subscriber wants it.
    fn span(&self, function: &'static str, context: &CallContext) -> Span {
        tracing::debug_span!(
            target: "plugin",
            "plugin_call",
            plugin.id = self.seat.plugin.id(),
            site = &*self.seat.site.code,
            function,
            correlation_id = &*context.call_id,
            depth = context.depth,
            outcome = tracing::field::Empty,
        )
    }

    fn report(&self, function: &'static str, context: &CallContext, span: &Span, outcome: Outcome, duration: Duration) {
        span.record("outcome", outcome.as_str());
        let (who, call_id) = (self.seat.who(), &context.call_id);
        span.in_scope(|| {
            self.shared.ports.observer.call_ended(&CallReport { who, function, call_id, outcome, duration })
        });
    }

    fn report_failure(
        &self,
        function: &'static str,
        context: &CallContext,
        span: &Span,
        failure: &PluginFailure,
        duration: Duration,
    ) {
        let outcome = failure.outcome();
        self.report(function, context, span, outcome, duration);
        if failure.is_news() && self.seat.may_tell() {
            let report = CallReport { who: self.seat.who(), function, call_id: &context.call_id, outcome, duration };
            span.in_scope(|| self.shared.ports.observer.failed(&report, &failure.to_string()));
        }
    }

    /// Counts an answered call.
    fn answered(&self, outcome: Outcome, took: Duration) {
        if self.seat.health.answered(outcome, took) {
            self.shared.ports.observer.recovered(self.seat.who());
        }
    }

    /// Counts a failed call and formats its message.
    fn failed(
        &self,
        function: &'static str,
        context: &CallContext,
        span: &Span,
        failure: PluginFailure,
        took: Duration,
    ) -> PluginFailure {
        if let Some(pause) = self.seat.health.failed(&failure, took, &self.shared.policy.quarantine) {
            self.shared.ports.observer.quarantined(self.seat.who(), pause, &failure);
        }
        self.report_failure(function, context, span, &failure, took);
        failure
    }

    /// Maps an error of the engine to a failure.
    fn verdict(&self, state: &mut CallState, error: &wasmtime::Error) -> PluginFailure {
        let limits = state.limits;
        match error.downcast_ref::<Stop>() {
            Some(Stop::Cpu) => return PluginFailure::Timeout(limits.cpu),
            Some(Stop::HostCalls) => return PluginFailure::HostBudget("too many calls"),
            Some(Stop::WrongAnswer(what)) => return PluginFailure::WrongAnswer(what),
            None => {}
        }
        match state.memory.take_refused() {
            Some(NoGrowth::Own) => return PluginFailure::Memory(limits.memory_mib),
            Some(NoGrowth::All) => {
                // The next call reserves this much memory before it begins.
                self.seat.plugin.wanted(state.memory.wanted());
                return PluginFailure::NoRoom;
            }
            None => {}
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => PluginFailure::Timeout(limits.wall),
            _ if error.is::<wasmtime::PoolConcurrencyLimitError>() => PluginFailure::Busy,
            // Wasmtime does not export the type of this error.
            _ if error.root_cause().to_string().contains("fuel allocated for hostcalls") => {
                PluginFailure::HostBudget("too much data at once")
            }
            _ => PluginFailure::Trap(match state.last_words.take() {
                Some(said) => tame(&format!("{}: {said}", words(error)), LONGEST_CAUSE),
                None => words(error),
            }),
        }
    }
}

impl Bound {
    /// Admits a call of this interface and provides an instance. If calls do not wait, the caller must not await before
    /// `end`. Otherwise the caller runs the export [`within`] the wall time of the call.
    pub async fn open<'a, F: Facet>(
        &'a self,
        function: &'static str,
        context: &'a CallContext,
    ) -> Result<Call<'a, F>, PluginFailure> {
        self.open_limited(function, context, self.limits).await
    }

    /// Like [`Bound::open`], with limits for this call.
    pub async fn open_limited<'a, F: Facet>(
        &'a self,
        function: &'static str,
        context: &'a CallContext,
        limits: CallLimits,
    ) -> Result<Call<'a, F>, PluginFailure> {
        let span = self.span(function, context);
        let reserved = self.room().await.map_err(|failure| self.turned_away(function, context, &span, failure))?;
        let place = self.place(function, context, &span).await?;
        let started = Instant::now();
        let idle = self.idle().pop();
        let mut warm = match idle {
            Some(mut warm) => {
                warm.ready(context, limits, started);
                warm
            }
            None => {
                let mut store = self.store(context, limits, started, reserved);
                let made = self.instantiate(&mut store, limits.wall).await.map_err(|error| {
                    let failure = self.verdict(store.data_mut(), &error);
                    self.failed(function, context, &span, failure, started.elapsed())
                })?;
                Warm { store, instance: made, loaded: Box::default(), calls: 0, idle_since: started }
            }
        };
        if let Err(error) = warm.load::<F>(&self.code) {
            let failure = self.verdict(warm.store.data_mut(), &error);
            return Err(self.failed(function, context, &span, failure, started.elapsed()));
        }
        Ok(Call::new(self, warm, place, function, context, limits, started, span))
    }

    /// Creates a new instance. If calls may wait, other tasks run in between, and the wall clock limits it.
    async fn instantiate(&self, store: &mut Store<CallState>, wall: Duration) -> wasmtime::Result<Instance> {
        if !self.code.waits {
            store.epoch_deadline_callback(|mut store| store.data_mut().cpu.go_on());
            return self.code.instantiate(store).await;
        }
        store.epoch_deadline_callback(|mut store| store.data_mut().cpu.take_turns());
        let made = tokio::time::timeout(wall, self.code.instantiate(store)).await;
        made.unwrap_or_else(|_| Err(Trap::Interrupt.into()))
    }

    /// Begins the next call on an instance that the caller has kept. If the call is not admitted, the instance is lost.
    pub async fn resume<'a, F: Facet>(
        &'a self,
        mut warm: Warm,
        function: &'static str,
        context: &'a CallContext,
    ) -> Result<Call<'a, F>, PluginFailure> {
        let span = self.span(function, context);
        let place = self.place(function, context, &span).await?;
        let (started, limits) = (Instant::now(), self.limits);
        warm.ready(context, limits, started);
        Ok(Call::new(self, warm, place, function, context, limits, started, span))
    }

    /// Applies the effects of a call. After an error none of them is applied.
    pub async fn apply(&self, effects: &Effects) -> Result<(), Error> {
        if effects.is_empty() {
            return Ok(());
        }
        let quota = Quota::from(&self.seat.plugin.manifest().capabilities);
        let space = Space { plugin: self.seat.plugin.id(), site: &self.seat.site.id };
        let ports = &self.shared.ports;
        ports.store(ports.ledger.apply(space, effects, quota)).await.map_err(|error| match error {
            StoreError::Full => Error::Conflict(Text {
                fr: "Les notes ou les traitements de cette extension ont atteint leur limite pendant l’appel.".into(),
                en: "This plugin's notes or jobs reached their quota during the call.".into(),
            }),
            StoreError::NotFound => Error::NotFound("opportunite".into()),
            other => Error::Unavailable(other.to_string()),
        })
    }
}

/// The trap's message and the innermost guest function. The guest chose the name of that function.
fn words(error: &wasmtime::Error) -> String {
    let mut text = error.root_cause().to_string();
    if let Some(frame) = error
        .downcast_ref::<wasmtime::WasmBacktrace>()
        .and_then(|trace| trace.frames().iter().find_map(|frame| frame.func_name().map(str::to_owned)))
    {
        text = format!("{text} in {frame}");
    }
    tame(&text, LONGEST_CAUSE)
}
