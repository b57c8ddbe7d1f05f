//! Traces: how one piece of work hands its place in a trace on to the next, over processes and queues, in the form of
//! W3C's `traceparent`. This crate has no exporter (`host/platform/src/ops/trace.rs`): until one is there, nothing here
//! does anything.
//!
//! Exported are the spans that [`span!`] makes, and the few of the log that [`is_exported`] names. Their fields become
//! attributes, so they hold no data of people: ids, kinds, routes and texts of queries without their values.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer,
};
use opentelemetry::{Context, KeyValue, global};
use tracing::Metadata;

#[doc(hidden)]
pub use tracing;

/// The target of spans that are only for traces.
pub const TARGET: &str = "afpi::trace";

/// Spans of the log that are part of a trace: target and name.
const OF_THE_LOG: [(&str, &str); 3] =
    [("afpi_http::request_id", "request"), ("afpi_jobs::worker::run", "job"), ("plugin", "plugin_call")];

/// The name of the instrumentation.
pub const SCOPE: &str = "afpi";

static ON: AtomicBool = AtomicBool::new(false);

/// A span that is only for traces: `span!("mail", otel.kind = "client")`.
#[macro_export]
macro_rules! span {
    ($name:literal $(, $($fields:tt)*)?) => {
        $crate::tracing::trace_span!(target: $crate::TARGET, $name $(, $($fields)*)?)
    };
}

/// Says that an exporter is there. It stays until the process ends.
pub fn turn_on() {
    ON.store(true, Ordering::Relaxed);
}

/// Is an exporter there?
pub fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Is this span, or event, part of a trace? Events are not: their texts are for the log.
pub fn is_exported(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && (metadata.target() == TARGET || OF_THE_LOG.contains(&(metadata.target(), metadata.name())))
}

/// Is the running work part of a trace that is recorded? What runs by itself, such as a look at the queue, is not.
pub fn is_within() -> bool {
    is_on() && Context::map_current(|context| context.has_active_span() && context.span().span_context().is_sampled())
}

/// The place of the running work in its trace. `None` outside of one.
pub fn current() -> Option<String> {
    if !is_on() {
        return None;
    }
    Context::map_current(|context| {
        let span = context.span();
        let place = span.span_context();
        place
            .is_valid()
            .then(|| format!("00-{}-{}-{:02x}", place.trace_id(), place.span_id(), place.trace_flags().to_u8()))
    })
}

/// Gives the running work a better name, now that more is known of it. The field `otel.name` only counts before a span is
/// entered.
pub fn rename(name: String) {
    if is_on() {
        Context::map_current(|context| context.span().update_name(name));
    }
}

/// Makes a span that continues the trace at this place. Without a readable place it begins a trace.
pub fn within<T>(place: Option<&str>, make: impl FnOnce() -> T) -> T {
    match place.filter(|_| is_on()).and_then(read) {
        Some(place) => {
            let _guard = Context::new().with_remote_span_context(place).attach();
            make()
        }
        None => make(),
    }
}

/// Exports work without code of its own, such as a wait, that began at this instant (epoch ms) and ends now.
pub fn waited<const N: usize>(
    name: &'static str,
    place: Option<&str>,
    since: i64,
    attributes: [(&'static str, &str); N],
) {
    let Some(place) = place.filter(|_| is_on()).and_then(read) else { return };
    let tracer = global::tracer(SCOPE);
    let began = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(since).unwrap_or(0));
    let span = tracer
        .span_builder(name)
        .with_kind(SpanKind::Producer)
        .with_start_time(began)
        .with_attributes(attributes.map(|(name, value)| KeyValue::new(name, value.to_owned())));
    tracer.build_with_context(span, &Context::new().with_remote_span_context(place)).end();
}

/// Reads `<version>-<trace>-<span>-<flags>` (W3C Trace Context, § 3.2): a later version may have more parts.
fn read(text: &str) -> Option<SpanContext> {
    let mut parts = text.trim().split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let whole = digits(version, 2) && digits(trace, 32) && digits(span, 16) && digits(flags, 2);
    if !whole || version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let place = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        flags,
        true,
        TraceState::default(),
    );
    place.is_valid().then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_the_standard_writes_it() {
        let place = read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        assert_eq!(place.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(place.span_id().to_string(), "00f067aa0ba902b7");
        assert!(place.is_sampled() && place.is_remote());
        assert!(!read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").unwrap().is_sampled());
        assert!(read("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more").unwrap().is_sampled());
        for wrong in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47366-00f067aa0ba902b7-01",
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn without_an_exporter_nothing_is_continued() {
        let place = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(within(Some(place), current), None);
    }
}
