//! `/metrics`: what Prometheus reads. What is cheap to ask is asked at that moment.

use axum::extract::State;
use prometheus::{Encoder, TextEncoder};

use super::metrics::Metrics;
use crate::state::App;

impl Metrics {
    async fn text(&self, app: &App) -> Vec<u8> {
        for (part, up) in app.readiness.up(app).await {
            self.component_up.with_label_values(&[part]).set(up.into());
        }
        let pool = app.db.stats();
        for (state, value) in [("idle", pool.idle), ("used", pool.open.saturating_sub(pool.idle))] {
            self.db_connections.with_label_values(&[state]).set(value.into());
        }
        self.db_connections_limit.set(pool.max.into());
        let (used, most) = app.plugins.registry().memory();
        for (gauge, bytes) in [(&self.plugin_memory, used), (&self.plugin_memory_limit, most)] {
            gauge.set(i64::try_from(bytes).unwrap_or(i64::MAX));
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

/// `GET /metrics`.
pub async fn serve(State(app): State<App>) -> ([(&'static str, &'static str); 1], Vec<u8>) {
    ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text(&app).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus::proto::MetricType;

    #[test]
    fn names_and_units_are_as_prometheus_wants_them() {
        let metrics = Metrics::new();
        let ours = metrics.registry.gather().into_iter().filter(|family| family.name().starts_with("afpi_"));
        for family in ours {
            let name = family.name();
            match family.get_field_type() {
                MetricType::COUNTER => assert!(name.ends_with("_total"), "{name}"),
                MetricType::HISTOGRAM => assert!(name.ends_with("_seconds"), "{name}"),
                _ => assert!(!name.ends_with("_total") && !name.ends_with("_count"), "{name}"),
            }
            for scaled in ["_ms", "milli", "minute", "hour", "percent", "kib", "mib"] {
                assert!(!name.contains(scaled), "{name} is not in a base unit");
            }
        }
    }

    #[test]
    fn what_can_be_known_before_it_happens_begins_at_zero() {
        let metrics = Metrics::new();
        let mut text = Vec::new();
        TextEncoder::new().encode(&metrics.registry.gather(), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        for line in [
            "afpi_logins_total{outcome=\"ok\"} 0",
            "afpi_logins_total{outcome=\"refused\"} 0",
            "afpi_mails_total{outcome=\"failed\"} 0",
            "afpi_file_scans_total{outcome=\"found\"} 0",
            "afpi_documents_total{result=\"crashed\"} 0",
            "afpi_outbox_jobs 0",
            "afpi_outbox_oldest_seconds 0",
            concat!("afpi_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
