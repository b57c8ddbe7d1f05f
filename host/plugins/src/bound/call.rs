//! A running call, and the ways in which it ends.

use std::future::Future;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use serde::Serialize;
use tracing::{Instrument, Span};
use wasmtime::{Store, Trap};

use super::{Bound, Place, Warm};
use crate::contract::Error;
use crate::facets::Facet;
use crate::failure::{Outcome, PluginFailure};
use crate::policy::CallLimits;
use crate::replay::Recording;
use crate::state::{CallContext, CallState};

/// A running call of a function of this interface.
pub(crate) struct Call<'a, F: Facet> {
    bound: &'a Bound,
    /// `end` takes the instance. If it is still here on drop, the caller went away.
    warm: Option<Warm>,
    place: Place<'a>,
    function: &'static str,
    context: &'a CallContext,
    limits: CallLimits,
    started: Instant,
    span: Span,
    /// The recorder's answer, after it was asked. Each yes uses up one of the calls that the recorder wants.
    recorded: Option<bool>,
    interface: PhantomData<fn() -> F>,
}

/// The wall-time limit of a call, and the span for its waiting.
pub(crate) struct Wall {
    limit: Duration,
    span: Span,
}

impl<F: Facet> Call<'_, F> {
    /// Ends a call with effects. All of them are applied if the guest answered without an error. If the call is dropped
    /// before that, nothing is applied.
    pub async fn end_acting<R>(mut self, answer: Answer<R>) -> Result<R, PluginFailure> {
        let answer = match answer {
            Ok(Ok(value)) => {
                let effects = self.parts().1.data_mut().take_effects();
                Ok(self.bound.apply(&effects).await.map(|()| value))
            }
            other => other,
        };
        self.end(answer)
    }
}

/// The result of a typed export: the engine's result contains the plugin's result.
pub(crate) type Answer<R> = wasmtime::Result<Result<R, Error>>;

impl<'a, F: Facet> Call<'a, F> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn new(
        bound: &'a Bound,
        warm: Warm,
        place: Place<'a>,
        function: &'static str,
        context: &'a CallContext,
        limits: CallLimits,
        started: Instant,
        span: Span,
    ) -> Self {
        let (warm, interface) = (Some(warm), PhantomData);
        Call { bound, warm, place, function, context, limits, started, span, recorded: None, interface }
    }

    /// The instance of the running call.
    pub fn parts(&mut self) -> (&F, &mut Store<CallState>) {
        let warm = self.warm.as_mut().expect("only `end` takes the instance, and it takes the call too");
        let exports = F::slot(&mut warm.loaded).as_ref().expect("`open` has loaded the interface");
        (exports, &mut warm.store)
    }

    /// The limit of this call's wall time, including waits.
    pub fn wall(&self) -> Wall {
        Wall { limit: self.limits.wall, span: self.span.clone() }
    }

    /// Separates two parts of a long pure call: a queued call may run first, and the next part gets a new time limit.
    pub async fn give_way(&mut self) {
        self.place.among_all = None;
        tokio::task::yield_now().await;
        self.place.among_all = self.bound.shared.places(self.bound.code.waits).acquire().await.ok();
        let (context, limits) = (self.context, self.limits);
        if let Some(warm) = &mut self.warm {
            warm.ready(context, limits, Instant::now());
        }
    }

    /// Ends the call and keeps the instance warm for the next one. The effects of the call are dropped.
    pub fn end<R>(self, answer: Answer<R>) -> Result<R, PluginFailure> {
        let (bound, started) = (self.bound, self.started);
        let (result, took, warm) = self.settle(answer);
        if let Some(mut warm) = warm {
            warm.take_effects();
            bound.put_back(warm, started + took);
        }
        result
    }

    /// Ends a pure call. If the recorder wants the call, it gets it.
    pub fn end_recorded<R: Serialize, A: Serialize>(
        mut self,
        answer: Answer<R>,
        arguments: impl FnOnce() -> A,
    ) -> Result<R, PluginFailure> {
        if let (Some(recorder), Ok(answered)) = (&self.bound.shared.ports.recorder, &answer)
            && self.is_recorded()
        {
            match Recording::of(&self.bound.seat, self.context, self.function, &arguments(), answered) {
                Ok(recording) => recorder.keep(recording),
                Err(error) => tracing::error!(%error, function = self.function, "a call could not be recorded"),
            }
        }
        self.end(answer)
    }

    /// Whether this call will be recorded. Calls that must keep their arguments for the recorder ask this first.
    pub fn is_recorded(&mut self) -> bool {
        let (bound, function) = (self.bound, self.function);
        let ask =
            || bound.shared.ports.recorder.as_ref().is_some_and(|recorder| recorder.wants(bound.seat.who(), function));
        *self.recorded.get_or_insert_with(ask)
    }

    /// Ends the call and gives the instance to the caller, if the instance can continue. The effects stay with the
    /// instance.
    pub fn end_keeping<R>(self, answer: Answer<R>) -> (Result<R, PluginFailure>, Option<Warm>) {
        let (result, _, warm) = self.settle(answer);
        (result, warm)
    }

    /// The verdict, which is counted and reported, the duration, and the instance if it can be reused.
    fn settle<R>(mut self, answer: Answer<R>) -> (Result<R, PluginFailure>, Duration, Option<Warm>) {
        let mut warm = self.warm.take();
        let took = self.started.elapsed();
        if let Some(warm) = &warm {
            let memory = &warm.store.data().memory;
            self.bound.seat.health.held(memory.used());
            self.bound.seat.plugin.wanted(memory.wanted());
        }
        match answer {
            Ok(Ok(value)) => {
                self.bound.answered(Outcome::Ok, took);
                self.bound.report(self.function, self.context, &self.span, Outcome::Ok, took);
                (Ok(value), took, warm)
            }
            Ok(Err(refusal)) => {
                self.bound.answered(Outcome::Error, took);
                let refusal = PluginFailure::Guest(refusal);
                self.bound.report_failure(self.function, self.context, &self.span, &refusal, took);
                (Err(refusal), took, warm)
            }
            Err(error) => {
                let warm = warm.as_mut().expect("only `settle` takes the instance");
                let failure = self.bound.verdict(warm.store.data_mut(), &error);
                (Err(self.bound.failed(self.function, self.context, &self.span, failure, took)), took, None)
            }
        }
    }
}

/// Limits the wall time of a call that may wait. The CPU time of the guest has its own limit.
pub(crate) async fn within<R>(wall: Wall, call: impl Future<Output = wasmtime::Result<R>>) -> wasmtime::Result<R> {
    match tokio::time::timeout(wall.limit, call.instrument(wall.span)).await {
        Ok(result) => result,
        Err(_) => Err(Trap::Interrupt.into()),
    }
}

impl<F: Facet> Drop for Call<'_, F> {
    fn drop(&mut self) {
        if self.warm.take().is_some() {
            self.bound.report(self.function, self.context, &self.span, Outcome::Cancelled, self.started.elapsed());
        }
    }
}
