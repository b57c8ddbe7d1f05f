//! Traces over OTLP, for OpenTelemetry's receivers. Off unless one is configured. `host/trace` says what is exported, and
//! how a trace goes on over queues.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::config::Traces;

/// How long the receiver may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The exporter of this process. Spans are sent in batches, beside the work.
pub struct Exporter(SdkTracerProvider);

impl Exporter {
    /// Opens the exporter. The receiver may be away: then spans are lost, and nothing waits.
    pub fn open(traces: &Traces) -> Result<Exporter> {
        let client = Client::new()?;
        let headers = traces.headers.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(traces.endpoint.as_str())
            .with_headers(headers)
            .with_timeout(PATIENCE)
            .build()
            .context("traces cannot be exported")?;
        let resource = Resource::builder()
            .with_service_name(traces.service.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Exporter(provider))
    }

    /// What listens to spans. From now on traces are handed on.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        global::set_tracer_provider(self.0.clone());
        afpi_trace::turn_on();
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(afpi_trace::SCOPE))
            // Lines and threads of our code are of no use to who reads a trace.
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(afpi_trace::is_exported))
    }

    /// Sends what is left.
    pub async fn flush(&self) {
        let provider = self.0.clone();
        let flushed = tokio::task::spawn_blocking(move || provider.force_flush()).await;
        if !matches!(flushed, Ok(Ok(()))) {
            tracing::debug!("some traces could not be exported");
        }
    }
}

/// Asks the receiver whether it takes traces, with one that is empty.
///
/// # Errors
/// When it refuses them; the outer error when it does not answer.
pub async fn inspect(traces: &Traces) -> Result<Result<()>> {
    let mut request = Client::new()?
        .http
        .post(traces.endpoint.clone())
        .header("content-type", "application/x-protobuf")
        .timeout(PATIENCE)
        .body(Bytes::new());
    for (name, value) in &traces.headers {
        request = request.header(name, value.as_str());
    }
    let status = request.send().await.map_err(reqwest::Error::without_url)?.status();
    Ok(if status.is_success() { Ok(()) } else { Err(anyhow!("the receiver of traces answers {status}")) })
}

/// Sends over the HTTP client that the program has anyway. The exporter's own thread has no runtime, so requests run in
/// ours.
#[derive(Debug, Clone)]
struct Client {
    http: reqwest::Client,
    runtime: Handle,
    away: Arc<AtomicBool>,
}

impl Client {
    fn new() -> Result<Client> {
        // Another part of the process may have chosen the same one before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().build().context("the HTTP client for traces")?;
        Ok(Client { http, runtime: Handle::current(), away: Arc::default() })
    }

    async fn send(http: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut request = reqwest::Request::try_from(request)?;
        *request.timeout_mut() = Some(PATIENCE);
        let answer = http.execute(request).await?;
        let response = Response::builder().status(answer.status());
        Ok(response.body(answer.bytes().await?)?)
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.runtime.spawn(Client::send(self.http.clone(), request)).await?;
        let away = !answer.as_ref().is_ok_and(|answer| answer.status().is_success());
        if away && !self.away.swap(away, Ordering::Relaxed) {
            tracing::warn!("traces cannot be exported (OTEL_EXPORTER_OTLP_ENDPOINT); the work goes on without");
        } else if !away {
            self.away.store(false, Ordering::Relaxed);
        }
        answer
    }
}
