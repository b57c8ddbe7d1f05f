//! Metrics for Prometheus. All names are defined in this file.

use std::collections::HashMap;
use std::time::Duration;

use prometheus::core::{Collector, MetricVec, MetricVecBuilder};
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    process_collector::ProcessCollector,
};

/// The unit of a business figure. There is a metric for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Euros,
    Ratio,
    Seconds,
    /// Countable things.
    Items,
    /// A unit of the plugin's own.
    Other,
}

/// All metrics of the host.
pub struct Metrics {
    pub(super) registry: Registry,
    pub(super) http_requests: IntCounterVec,
    pub(super) http_duration: HistogramVec,
    logins: IntCounterVec,
    /// Calls through keys of the API, by area and by what became of them.
    pub api_key_calls: IntCounterVec,
    /// Without labels: a vector, so that a value that cannot be sampled disappears instead of staying.
    pub active_users: IntGaugeVec,
    pub(super) db_connections: IntGaugeVec,
    pub(super) db_connections_limit: IntGauge,
    pub(super) component_up: IntGaugeVec,
    /// Without labels, as the active users.
    pub replica_lag: GaugeVec,
    /// Without labels, as the active users.
    pub backup_age: GaugeVec,
    pub opportunites_created: IntCounterVec,
    pub opportunites_moved: IntCounterVec,
    /// The objectives plugins' figures for the current month, by metric and localisation.
    business: [(Unit, GaugeVec); 5],
    pub plugin_calls: IntCounterVec,
    pub plugin_wrong_decisions: IntCounterVec,
    pub plugin_duration: HistogramVec,
    pub plugin_denied: IntCounterVec,
    pub plugin_log_lines: IntCounterVec,
    pub plugin_figures: GaugeVec,
    pub plugin_quarantined: IntGaugeVec,
    pub(super) plugin_memory: IntGauge,
    pub(super) plugin_memory_limit: IntGauge,
    pub jobs: IntCounterVec,
    pub job_duration: HistogramVec,
    pub job_wait: HistogramVec,
    pub queue_depth: IntGaugeVec,
    pub queue_oldest: GaugeVec,
    pub outbox_jobs: IntGauge,
    pub outbox_oldest: Gauge,
    pub mails: IntCounterVec,
    /// Readings of the drop box's mailbox by outcome, and its mails by what became of them.
    pub mailbox_reads: IntCounterVec,
    pub courriels: IntCounterVec,
    /// Attempts to deliver to webhooks by outcome, and how long receivers took.
    pub webhook_deliveries: IntCounterVec,
    pub webhook_duration: Histogram,
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
    pub(super) document_processes: IntGauge,
    pub(super) documents_waiting: IntGaugeVec,
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
        // From 0 on, with every value of its label: otherwise its first event would be no increase.
        let born = |name: &str, help: &str, label: &str, values: &[&str]| {
            let metric = IntCounterVec::new(Opts::new(name, help), &[label])?;
            values.iter().for_each(|value| drop(metric.with_label_values(&[value])));
            Ok::<_, prometheus::Error>(metric)
        };
        let floats = |name: &str, help: &str, labels: &[&str]| GaugeVec::new(Opts::new(name, help), labels);
        let business = |name: &str, help: &str| floats(name, help, &["metric", "localisation"]);
        // Most answers take less than 10 ms.
        const HTTP: [f64; 17] =
            [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        const CALL: [f64; 9] = [2e-6, 5e-6, 1e-5, 5e-5, 2e-4, 1e-3, 1e-2, 0.1, 1.0];
        const DOCUMENT: [f64; 7] = [0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 10.0];
        const WEBHOOK: [f64; 6] = [0.05, 0.25, 1.0, 2.5, 5.0, 15.0];
        const JOB: [f64; 9] = [0.001, 0.0025, 0.005, 0.025, 0.1, 0.5, 2.5, 15.0, 120.0];
        registry.register(Box::new(ProcessCollector::for_self())).expect("process metrics register once");
        add!(gauges("afpi_build_info", "1, with the version of the program", &["version"]))
            .with_label_values(&[env!("CARGO_PKG_VERSION")])
            .set(1);
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
            logins: add!(born("afpi_logins_total", "Sign-ins by outcome", "outcome", &["ok", "refused"])),
            api_key_calls: add!(counter(
                "afpi_api_key_calls_total",
                "Calls through API keys by area and outcome",
                &["area", "outcome"]
            )),
            active_users: add!(gauges(
                "afpi_active_users",
                "People who signed in or renewed their session in the last 15 minutes, on any node",
                &[]
            )),
            db_connections: add!(gauges("afpi_db_connections", "Open database connections by state", &["state"])),
            db_connections_limit: add!(IntGauge::new("afpi_db_connections_limit", "The most there may be")),
            component_up: add!(gauges(
                "afpi_component_up",
                "1 while a part works that this process uses",
                &["component"]
            )),
            replica_lag: add!(floats("afpi_db_replica_lag_seconds", "How far the database's replica is behind", &[])),
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
            business: [
                (Unit::Euros, add!(business("afpi_business_euros", "Amounts of the current month"))),
                (Unit::Ratio, add!(business("afpi_business_ratio", "Shares of the current month, 1 is all"))),
                (Unit::Seconds, add!(business("afpi_business_seconds", "Durations of the current month"))),
                (Unit::Items, add!(business("afpi_business_items", "Counts of the current month"))),
                (Unit::Other, add!(business("afpi_business_other", "Figures in a unit of their plugin"))),
            ],
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
            plugin_figures: add!(floats(
                "afpi_plugin_figure",
                "Figures plugins publish under names they declare",
                &["plugin", "site", "name"]
            )),
            plugin_memory: add!(IntGauge::new(
                "afpi_plugin_memory_bytes",
                "Memory of all plugin instances, warm ones among them"
            )),
            plugin_memory_limit: add!(IntGauge::new("afpi_plugin_memory_limit_bytes", "The most it may be")),
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
            queue_oldest: add!(floats("afpi_queue_oldest_seconds", "Age of the oldest waiting job", &["queue"])),
            backup_age: add!(floats("afpi_backup_age_seconds", "Age of the newest backup that was read back", &[])),
            outbox_jobs: add!(IntGauge::new("afpi_outbox_jobs", "Committed jobs not yet brought to the queue")),
            outbox_oldest: add!(Gauge::new(
                "afpi_outbox_oldest_seconds",
                "Age of the oldest job not yet brought to the queue; 0 without one"
            )),
            webhook_deliveries: add!(born(
                "afpi_webhook_deliveries_total",
                "Attempts to deliver to webhooks by outcome",
                "outcome",
                &["delivered", "retried", "given_up"]
            )),
            webhook_duration: add!(Histogram::with_opts(
                HistogramOpts::new("afpi_webhook_duration_seconds", "Time that receivers of webhooks take to answer")
                    .buckets(WEBHOOK.to_vec())
            )),
            mails: add!(born("afpi_mails_total", "Mails by outcome", "outcome", &["sent", "failed"])),
            mailbox_reads: add!(born(
                "afpi_mailbox_reads_total",
                "Readings of the drop box's mailbox by outcome",
                "outcome",
                &["ok", "failed"]
            )),
            courriels: add!(born(
                "afpi_courriels_total",
                "Mails of the drop box by what became of them",
                "outcome",
                &["filed", "pending", "known", "refused", "unreadable"]
            )),
            sync_changes: add!(counter(
                "afpi_sync_changes_total",
                "Changes applied by connectors",
                &["connector", "action"]
            )),
            uploads: add!(born(
                "afpi_file_uploads_total",
                "Uploaded files by outcome",
                "outcome",
                &["taken", "refused"]
            )),
            file_bytes: add!(born("afpi_file_bytes_total", "Bytes of files by direction", "direction", &["in", "out"])),
            files_collected: add!(born(
                "afpi_files_collected_total",
                "Files that nothing refers to and that were removed",
                "what",
                &["file", "stray"]
            )),
            file_scans: add!(born(
                "afpi_file_scans_total",
                "Scans of files for viruses by outcome",
                "outcome",
                &["clean", "found", "too_large", "away", "failed"]
            )),
            files_withheld: add!(gauges(
                "afpi_files_withheld",
                "Files that nobody can read: they wait for the virus scanner, or are quarantined",
                &["state"]
            )),
            documents: add!(born(
                "afpi_documents_total",
                "Documents and previews by result",
                "result",
                &["made", "template", "timed_out", "out_of_memory", "too_large", "crashed", "busy", "unavailable"]
            )),
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

    /// Business figures of this unit.
    pub fn business(&self, unit: Unit) -> &GaugeVec {
        let of_unit = self.business.iter().find(|(known, _)| *known == unit);
        &of_unit.expect("each unit has a metric").1
    }

    /// Forgets all business figures.
    pub fn reset_business(&self) {
        self.business.iter().for_each(|(_, metric)| metric.reset());
    }

    /// Lets the counters of a kind of job begin at 0.
    pub fn expect_jobs(&self, kind: &str, outcomes: &[&str]) {
        outcomes.iter().for_each(|outcome| drop(self.jobs.with_label_values(&[kind, outcome])));
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
