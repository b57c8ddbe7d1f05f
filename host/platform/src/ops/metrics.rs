//! Metrics for Prometheus. All names are defined in this file.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use prometheus::core::{Collector, MetricVec, MetricVecBuilder};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
    process_collector::ProcessCollector,
};

use crate::state::App;
use afpi_core::id::UserId;

/// How long a person counts as active after a request.
const ACTIVE: Duration = Duration::from_secs(15 * 60);

/// All metrics of the host.
pub struct Metrics {
    registry: Registry,
    http_requests: IntCounterVec,
    http_duration: HistogramVec,
    logins: IntCounterVec,
    active_users: IntGauge,
    seen: Mutex<HashMap<UserId, Instant>>,
    db_pool: IntGaugeVec,
    component_up: IntGaugeVec,
    /// Without labels, as the outbox below.
    pub replica_lag: prometheus::GaugeVec,
    pub opportunites_created: IntCounterVec,
    pub opportunites_moved: IntCounterVec,
    /// The objectives plugins' figures for the current month, by metric and localisation.
    pub business: prometheus::GaugeVec,
    pub plugin_calls: IntCounterVec,
    pub plugin_wrong_decisions: IntCounterVec,
    pub plugin_duration: HistogramVec,
    pub plugin_denied: IntCounterVec,
    pub plugin_log_lines: IntCounterVec,
    pub plugin_figures: prometheus::GaugeVec,
    pub plugin_quarantined: IntGaugeVec,
    plugin_memory: IntGaugeVec,
    pub jobs: IntCounterVec,
    pub job_duration: HistogramVec,
    pub job_wait: HistogramVec,
    pub queue_depth: IntGaugeVec,
    pub queue_oldest: IntGaugeVec,
    /// Without labels. They are vectors, so that a value that cannot be sampled disappears instead of staying.
    pub outbox_jobs: IntGaugeVec,
    pub outbox_oldest: IntGaugeVec,
    pub mails: IntCounterVec,
    pub sync_changes: IntCounterVec,
    /// Uploaded files by what became of them.
    pub uploads: IntCounterVec,
    pub file_bytes: IntCounterVec,
    /// Files without a reference that were removed.
    pub files_collected: IntCounterVec,
    /// Scans of files for viruses by outcome.
    pub file_scans: IntCounterVec,
    /// Files that nobody can read, by the reason.
    pub files_withheld: IntGaugeVec,
    documents: IntCounterVec,
    document_duration: HistogramVec,
    document_processes: IntGauge,
    documents_waiting: IntGaugeVec,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    pub fn new() -> Metrics {
        let registry = Registry::new();
        macro_rules! add {
            ($made:expr) => {{
                let metric = $made.expect("names and labels below are well-formed");
                registry.register(Box::new(metric.clone())).expect("names below are distinct");
                metric
            }};
        }
        let counter = |name: &str, help: &str, labels: &[&str]| IntCounterVec::new(Opts::new(name, help), labels);
        let gauges = |name: &str, help: &str, labels: &[&str]| IntGaugeVec::new(Opts::new(name, help), labels);
        let seconds = |name: &str, help: &str, buckets: &[f64], labels: &[&str]| {
            HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels)
        };
        const HTTP: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];
        const CALL: [f64; 9] = [2e-6, 5e-6, 1e-5, 5e-5, 2e-4, 1e-3, 1e-2, 0.1, 1.0];
        const DOCUMENT: [f64; 7] = [0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 10.0];
        const JOB: [f64; 7] = [0.005, 0.025, 0.1, 0.5, 2.5, 15.0, 120.0];
        registry.register(Box::new(ProcessCollector::for_self())).expect("process metrics register once");
        Metrics {
            http_requests: add!(counter(
                "afpi_http_requests_total",
                "HTTP requests by route and status",
                &["method", "route", "status"]
            )),
            http_duration: add!(seconds(
                "afpi_http_request_duration_seconds",
                "Time to answer by route",
                &HTTP,
                &["method", "route"]
            )),
            logins: add!(counter("afpi_logins_total", "Sign-ins by outcome", &["outcome"])),
            active_users: add!(IntGauge::new(
                "afpi_active_users",
                "People seen in the last 15 minutes by this process"
            )),
            seen: Mutex::default(),
            db_pool: add!(gauges("afpi_db_connections", "Database connections by state", &["state"])),
            component_up: add!(gauges(
                "afpi_component_up",
                "1 while a part works that this process uses",
                &["component"]
            )),
            replica_lag: add!(prometheus::GaugeVec::new(
                Opts::new("afpi_db_replica_lag_seconds", "How far the database's replica is behind"),
                &[]
            )),
            opportunites_created: add!(counter(
                "afpi_opportunites_created_total",
                "Opportunités created",
                &["localisation"]
            )),
            opportunites_moved: add!(counter(
                "afpi_opportunites_moved_total",
                "Moves applied",
                &["localisation", "transition"]
            )),
            business: add!(prometheus::GaugeVec::new(
                Opts::new(
                    "afpi_business",
                    "Figures of the objectives plugin for the current month (euros, counts, ratios, hours)"
                ),
                &["metric", "localisation"],
            )),
            plugin_calls: add!(counter(
                "afpi_plugin_calls_total",
                "Plugin calls",
                &["plugin", "site", "function", "outcome"]
            )),
            plugin_wrong_decisions: add!(counter(
                "afpi_plugin_wrong_decisions_total",
                "Decisions refused because they contradict what was issued",
                &["plugin", "site"]
            )),
            plugin_duration: add!(seconds(
                "afpi_plugin_call_duration_seconds",
                "Time in plugin calls",
                &CALL,
                &["plugin", "site", "outcome"]
            )),
            plugin_denied: add!(counter(
                "afpi_plugin_denied_total",
                "Uses of a capability that is not granted",
                &["plugin", "site", "capability"]
            )),
            plugin_log_lines: add!(counter(
                "afpi_plugin_log_lines_total",
                "Log lines of plugins; level `dropped` for those over the limit",
                &["plugin", "site", "level"]
            )),
            plugin_figures: add!(prometheus::GaugeVec::new(
                Opts::new("afpi_plugin_figure", "Figures plugins publish under names they declare"),
                &["plugin", "site", "name"],
            )),
            plugin_memory: add!(gauges(
                "afpi_plugin_memory_bytes",
                "Memory of all plugin instances, warm ones among them, and the most it may be",
                &["state"]
            )),
            plugin_quarantined: add!(gauges(
                "afpi_plugin_quarantined",
                "1 while a plugin is switched off after failures",
                &["plugin", "site"]
            )),
            jobs: add!(counter("afpi_jobs_total", "Jobs by kind and outcome", &["kind", "outcome"])),
            job_duration: add!(seconds("afpi_job_duration_seconds", "Time in job handlers", &JOB, &["kind"])),
            job_wait: add!(seconds(
                "afpi_job_wait_seconds",
                "Time jobs stood in line after falling due",
                &JOB,
                &["kind"]
            )),
            queue_depth: add!(gauges("afpi_queue_jobs", "Jobs by queue and state", &["queue", "state"])),
            queue_oldest: add!(gauges("afpi_queue_oldest_seconds", "Age of the oldest waiting job", &["queue"])),
            outbox_jobs: add!(gauges("afpi_outbox_jobs", "Committed jobs not yet brought to the queue", &[])),
            outbox_oldest: add!(gauges(
                "afpi_outbox_oldest_seconds",
                "Age of the oldest job not yet brought to the queue",
                &[]
            )),
            mails: add!(counter("afpi_mails_total", "Mails by outcome", &["outcome"])),
            sync_changes: add!(counter(
                "afpi_sync_changes_total",
                "Changes applied by connectors",
                &["connector", "action"]
            )),
            uploads: add!(counter("afpi_file_uploads_total", "Uploaded files by outcome", &["outcome"])),
            file_bytes: add!(counter("afpi_file_bytes_total", "Bytes of files by direction", &["direction"])),
            files_collected: add!(counter(
                "afpi_files_collected_total",
                "Files that nothing refers to and that were removed",
                &["what"]
            )),
            file_scans: add!(counter("afpi_file_scans_total", "Scans of files for viruses by outcome", &["outcome"])),
            files_withheld: add!(gauges(
                "afpi_files_withheld",
                "Files that nobody can read: they wait for the virus scanner, or are quarantined",
                &["state"]
            )),
            documents: add!(counter("afpi_documents_total", "Documents and previews by result", &["result"])),
            document_duration: add!(seconds(
                "afpi_document_duration_seconds",
                "Time to make a document or a preview, with the wait for a process",
                &DOCUMENT,
                &[]
            )),
            document_processes: add!(IntGauge::new(
                "afpi_document_processes",
                "Processes of this host that make documents"
            )),
            documents_waiting: add!(gauges(
                "afpi_documents_waiting",
                "Documents and previews that wait for a process",
                &["lane"]
            )),
            registry,
        }
    }

    /// Notes a document or a preview, with its result in one word.
    pub fn document(&self, result: &str, time: Duration) {
        self.documents.with_label_values(&[result]).inc();
        self.document_duration.with_label_values::<&str>(&[]).observe(time.as_secs_f64());
    }

    /// Notes a request of this person.
    pub fn seen(&self, user: UserId) {
        if let Ok(mut seen) = self.seen.lock() {
            seen.insert(user, Instant::now());
        }
    }

    pub fn login(&self, ok: bool) {
        self.logins.with_label_values(&[if ok { "ok" } else { "refused" }]).inc();
    }

    /// Drops the series of a removed plugin.
    pub fn forget_plugin(&self, plugin: &str) {
        forget(&self.plugin_calls, plugin);
        forget(&self.plugin_duration, plugin);
        forget(&self.plugin_denied, plugin);
        forget(&self.plugin_wrong_decisions, plugin);
        forget(&self.plugin_log_lines, plugin);
        forget(&self.plugin_figures, plugin);
        forget(&self.plugin_quarantined, plugin);
    }

    async fn text(&self, app: &App) -> Vec<u8> {
        for (part, up) in app.readiness.up(app).await {
            self.component_up.with_label_values(&[part]).set(up.into());
        }
        if let Ok(mut seen) = self.seen.lock() {
            seen.retain(|_, at| at.elapsed() < ACTIVE);
            self.active_users.set(seen.len() as i64);
        }
        let pool = app.db.stats();
        for (state, value) in [("open", pool.open), ("idle", pool.idle), ("max", pool.max)] {
            self.db_pool.with_label_values(&[state]).set(value.into());
        }
        let (used, most) = app.plugins.registry().memory();
        for (state, bytes) in [("used", used), ("max", most)] {
            self.plugin_memory.with_label_values(&[state]).set(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        let documents = app.documents.figures();
        self.document_processes.set(documents.children as i64);
        for (lane, waiting) in [("interactive", documents.interactive), ("batch", documents.batch)] {
            self.documents_waiting.with_label_values(&[lane]).set(waiting as i64);
        }
        let mut out = Vec::new();
        // Only writing to the buffer could fail, and a Vec accepts everything.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut out);
        out
    }
}

fn forget<T: MetricVecBuilder>(series: &MetricVec<T>, plugin: &str) {
    for metric in series.collect().iter().flat_map(|family| family.get_metric()) {
        let labels: HashMap<&str, &str> =
            metric.get_label().iter().map(|label| (label.name(), label.value())).collect();
        if labels.get("plugin") == Some(&plugin) {
            // Another thread may have removed it first.
            let _ = series.remove(&labels);
        }
    }
}

/// `GET /metrics`.
pub async fn serve(State(app): State<App>) -> ([(&'static str, &'static str); 1], Vec<u8>) {
    ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text(&app).await)
}

/// HTTP accepts any word as a method, and each one would become a permanent series.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts and times every request by its route; unknown paths share one label.
pub async fn track(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |p| p.as_str().to_owned());
    let method = method(request.method());
    let start = Instant::now();
    let mut response = next.run(request).await;
    let elapsed = start.elapsed();
    app.metrics.http_requests.with_label_values(&[method, &route, response.status().as_str()]).inc();
    app.metrics.http_duration.with_label_values(&[method, &route]).observe(elapsed.as_secs_f64());
    response.extensions_mut().insert(super::access::Route(route));
    response
}
