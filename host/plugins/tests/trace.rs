//! Every call is one span with the target `plugin`, which closes with the outcome. This also holds for pure calls and
//! for calls that never reach the guest.

mod common;

use afpi_plugins::contract::notifier::Event;
use afpi_plugins::{Policy, Quarantine};
use common::{Bench, NOTIFIER_WISHES, actor, context, guest, moment, opportunite, site, toml};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::Waker;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

type Fields = BTreeMap<&'static str, String>;

/// The fields of every closed span `plugin_call`, in that order.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Fields>>>);

impl Spans {
    fn take(&self) -> Vec<Fields> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

struct Visitor<'a>(&'a mut Fields);

impl tracing::field::Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> tracing_subscriber::Layer<S> for Spans {
    fn on_new_span(&self, attributes: &tracing::span::Attributes<'_>, id: &tracing::Id, context: Context<'_, S>) {
        if (attributes.metadata().target(), attributes.metadata().name()) == ("plugin", "plugin_call") {
            let mut fields = Fields::new();
            attributes.record(&mut Visitor(&mut fields));
            context.span(id).unwrap().extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &tracing::Id, values: &tracing::span::Record<'_>, context: Context<'_, S>) {
        if let Some(fields) = context.span(id).unwrap().extensions_mut().get_mut::<Fields>() {
            values.record(&mut Visitor(fields));
        }
    }

    fn on_close(&self, id: tracing::Id, context: Context<'_, S>) {
        self.0.lock().unwrap().extend(context.span(&id).unwrap().extensions_mut().remove::<Fields>());
    }
}

/// Checks that there is one span, with this function and outcome.
#[track_caller]
fn is(spans: &Spans, function: &str, outcome: &str) {
    let seen = spans.take();
    let told: Vec<_> =
        seen.iter().map(|span| (span["function"].as_str(), span.get("outcome").map(String::as_str))).collect();
    assert_eq!(told, [(function, Some(outcome))]);
    let who = (seen[0]["site"].as_str(), seen[0]["correlation_id"].as_str());
    assert_eq!(who, ("AFPI-01", "call-1"));
}

fn event(name: &str) -> Event {
    Event { name: name.into(), at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() }
}

#[tokio::test]
async fn every_call_is_a_span_with_its_outcome() {
    let spans = Spans::default();
    let _listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let quarantine = Quarantine { faults: 2, ..Policy::default().quarantine };
    let bench = Bench::with(Policy { quarantine, ..Policy::default() });
    let registry = bench.runtime.registry();
    let deep = context().at_depth(u8::MAX);

    // Pure calls: an answer, a refusal by the guest, a refusal by the host, traps, and the quarantine after the traps.
    bench.seat("workflow", site(1), r#"{"mode":"trap"}"#);
    let workflow = registry.workflow("site-1").unwrap();
    workflow.editable(&context(), &opportunite(), &actor()).await.unwrap();
    let seen = spans.0.lock().unwrap().clone();
    assert_eq!((seen[0]["plugin.id"].as_str(), seen[0]["depth"].as_str()), ("workflow", "0"));
    is(&spans, "editable", "ok");
    workflow.decide(&context(), &opportunite(), "refuse", "{}", &actor(), &moment()).await.unwrap_err();
    is(&spans, "decide", "error");
    workflow.editable(&deep, &opportunite(), &actor()).await.unwrap_err();
    is(&spans, "editable", "depth");
    for outcome in ["trap", "trap", "quarantined"] {
        workflow.definition(&context()).await.unwrap_err();
        is(&spans, "definition", outcome);
    }

    // Calls that may wait: an answer, a refusal, and a caller that drops the call.
    bench.seat("notifier", site(1), "{}");
    let notifier = registry.notifiers("site-1").remove(0);
    notifier.notify(&context(), &event("clock")).await.unwrap();
    is(&spans, "notify", "ok");
    notifier.notify(&deep, &event("clock")).await.unwrap_err();
    is(&spans, "notify", "depth");
    {
        let (context, event) = (context(), event("spin"));
        let call = std::pin::pin!(notifier.notify(&context, &event));
        assert!(
            call.poll(&mut std::task::Context::from_waker(Waker::noop())).is_pending(),
            "the guest keeps running until the call is dropped"
        );
    }
    is(&spans, "notify", "cancelled");

    // Guests that fail when they are instantiated.
    for (kind, wishes) in [("workflow", ""), ("notifier", NOTIFIER_WISHES)] {
        let manifest = toml(kind, kind, "2.0.0", &format!("{wishes}[limits]\nmemory-mib = 1"));
        bench.install(&afpi_plugin_tool::pack(&guest(kind), &manifest).unwrap());
    }
    registry.workflow("site-1").unwrap().definition(&context()).await.unwrap_err();
    is(&spans, "definition", "memory");
    registry.notifiers("site-1")[0].notify(&context(), &event("clock")).await.unwrap_err();
    is(&spans, "notify", "memory");
}
