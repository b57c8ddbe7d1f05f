//! Traces, as a receiver of OpenTelemetry gets them: one request, what it asked of the database and of plugins, the way
//! of its event over the outbox and the queue, the jobs that it causes, and the mail at their end are one trace. A test
//! of its own, because the listener of spans is that of the process.

mod support;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use afpi_core::rights::Role;
use afpi_db::{Db, testing};
use afpi_jobs::Redis;
use afpi_platform::config::{Config, Traces};
use afpi_platform::ops::trace::Exporter;
use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::json;
use support::World;
use tracing_subscriber::layer::SubscriberExt;

/// What a receiver got: the spans, and the headers of the requests.
#[derive(Clone, Default)]
struct Receiver {
    spans: Arc<Mutex<Vec<Span>>>,
    keys: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// Listens as a collector does.
    async fn start() -> (Receiver, Traces) {
        let receiver = Receiver::default();
        let shared = receiver.clone();
        let take = move |headers: axum::http::HeaderMap, body: Bytes| async move {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            shared.keys.lock().unwrap().push(headers["x-key"].to_str().unwrap().to_owned());
            let request = ExportTraceServiceRequest::decode(body).expect("protobuf");
            for resource in request.resource_spans {
                let service = attributes(&resource.resource.expect("a resource").attributes);
                assert_eq!(service["service.name"], "afpi-test");
                shared.spans.lock().unwrap().extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
            StatusCode::OK
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(axum::serve(listener, Router::new().route("/v1/traces", post(take))).into_future());
        let headers = vec![("x-key".to_owned(), "s3cret".to_owned().into())];
        (receiver, Traces { endpoint, headers, service: "afpi-test".into() })
    }

    fn of(&self, trace: &str) -> Vec<Span> {
        let spans = self.spans.lock().unwrap();
        spans.iter().filter(|span| hex(&span.trace_id) == trace).cloned().collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attributes(list: &[opentelemetry_proto::tonic::common::v1::KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Any| match value {
        Any::StringValue(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let value = |one: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        one.value.as_ref().and_then(|value| value.value.as_ref()).map(text).unwrap_or_default()
    };
    list.iter().map(|one| (one.key.clone(), value(one))).collect()
}

/// A person submits an opportunité, which tells others by mail. The last request has this place in a trace.
async fn submit(w: &World, place: &str, correlation: &str) {
    let made = support::opportunite(w, "Soudage").await;
    let commercial = w.as_role(Role::Commercial).await;
    let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
    let document = json!({
        "contacts": [{"nom": "Camille Moreau", "decideur": true, "telephone": "03 20 00 00 00"}], "objectifs": "Souder en sécurité.",
        "participants": 6, "debutSouhaite": "2027-03-01", "finSouhaitee": "2027-03-05", "modalite": "entreprise", "prerequis": "Aucun."
    });
    let edited = commercial.put_at(&format!("{path}/sections/collecte"), &made["version"], document).await.expect(200);
    let headers = [
        ("if-match", format!("\"{}\"", edited["opportunite"]["version"])),
        ("traceparent", place.to_owned()),
        ("x-request-id", correlation.to_owned()),
    ];
    let moved = commercial.send("POST", &format!("{path}/transitions/soumettre"), Some(json!({})), &headers).await;
    moved.expect(200);
    w.work().await;
}

async fn walk(dir: &Path, db: Db, redis: Option<Redis>, number: u8, exporter: &Exporter, receiver: &Receiver) {
    let w = World::with(dir, db, |config: &mut Config| config.redis = redis).await;
    let (trace, caller) = (format!("4bf92f3577b34da6a3ce929d0e0e47{number:02x}"), "00f067aa0ba902b7");
    let correlation = format!("walk-{number}");
    submit(&w, &format!("00-{trace}-{caller}-01"), &correlation).await;
    exporter.flush().await;

    let spans = receiver.of(&trace);
    let by_id: HashMap<String, &Span> = spans.iter().map(|span| (hex(&span.span_id), span)).collect();
    let named = |name: &str| -> Vec<&Span> { spans.iter().filter(|span| span.name.starts_with(name)).collect() };
    let [request] = named("POST /api/opportunites/{id}/transitions/{name}")[..] else {
        panic!("{:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>())
    };
    assert_eq!(hex(&request.parent_span_id), caller, "the caller's trace goes on");
    for span in &spans {
        let parent = hex(&span.parent_span_id);
        assert!(parent == caller || by_id.contains_key(&parent), "{} hangs on nothing", span.name);
        assert!(span.events.is_empty(), "the log stays where it is");
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
        // The request's id is on what people look for.
        let of = attributes(&span.attributes);
        if ["POST", "job", "outbox", "plugin_call"].iter().any(|name| span.name.starts_with(name)) {
            assert_eq!(of.get("correlation_id"), Some(&correlation), "{}", span.name);
        }
        // Nothing personal: no address, no name, no text that somebody wrote.
        let all = format!("{} {of:?}", span.name);
        for word in ["@", "Test ", "Moreau", "Souder", "Soudage", "03 20", "127.", "Société"] {
            assert!(!all.contains(word), "{word} in {all}");
        }
    }
    // Who is above whom.
    let above = |span: &Span| {
        let mut names = Vec::new();
        let mut next = by_id.get(&hex(&span.parent_span_id));
        while let Some(span) = next {
            names.push(span.name.clone());
            next = by_id.get(&hex(&span.parent_span_id));
        }
        names
    };
    let queries = named("SELECT");
    assert!(queries.iter().any(|span| above(span) == [request.name.clone()]), "the request asks the database");
    let query = attributes(&queries[0].attributes);
    assert!(query["db.query.text"].starts_with("SELECT"), "{query:?}");
    assert!(named("plugin_call").iter().any(|span| above(span) == [request.name.clone()]), "and the workflow");
    assert!(named("COMMIT").iter().any(|span| above(span) == [request.name.clone()]));
    assert!(named("outbox").iter().any(|span| above(span) == [request.name.clone()]), "its event waits");
    let mails = named("mail");
    assert!(!mails.is_empty(), "somebody is told");
    for mail in mails {
        let above = above(mail);
        let jobs = above.iter().filter(|name| name.starts_with("job ")).count();
        assert!(jobs >= 2 && above.last() == Some(&request.name), "{above:?}");
    }

    // Nobody wants a trace of a probe, or of what the program does by itself.
    w.nobody().get("/readyz").await;
    afpi_platform::ops::gauges::sample_queues(&w.app).await;
    exporter.flush().await;
    let all = receiver.spans.lock().unwrap().clone();
    for span in all.iter().filter(|span| span.parent_span_id.is_empty()) {
        assert!(
            ["GET /api", "POST /api", "PUT /api", "job ", "plugin_call"].iter().any(|n| span.name.starts_with(n)),
            "{span:?}"
        );
    }

    // A caller that records nothing wants nothing recorded.
    let silent = format!("5bf92f3577b34da6a3ce929d0e0e47{number:02x}");
    submit(&w, &format!("00-{silent}-{caller}-00"), "silent").await;
    exporter.flush().await;
    assert_eq!(receiver.of(&silent).len(), 0);
    w.app.stopping.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_request_is_one_trace_to_its_last_mail_on_every_queue() {
    let (receiver, traces) = Receiver::start().await;
    let exporter = Exporter::open(&traces).unwrap();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(exporter.layer())).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    walk(dir.path(), db.clone(), None, 1, &exporter, &receiver).await;
    db.close().await;
    if let Some(server) = testing::mariadb_url() {
        let (dir, database) = (tempfile::tempdir().unwrap(), testing::MariaDb::create(&server).await);
        walk(dir.path(), database.db.clone(), None, 2, &exporter, &receiver).await;
        database.drop().await;
    }
    if let Some(url) = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty()) {
        let dir = tempfile::tempdir().unwrap();
        let db = testing::sqlite(&dir).await;
        walk(dir.path(), db.clone(), Some(Redis::single(&url).unwrap()), 3, &exporter, &receiver).await;
        db.close().await;
    }
    assert!(receiver.keys.lock().unwrap().iter().all(|key| key == "s3cret"));

    // Without a receiver the work goes on.
    let nowhere = Traces { endpoint: "http://127.0.0.1:1/v1/traces".parse().unwrap(), ..traces };
    Exporter::open(&nowhere).unwrap().flush().await;
    assert!(afpi_platform::ops::trace::inspect(&nowhere).await.is_err());
}
