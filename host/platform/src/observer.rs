//! Observes plugins: turns their calls, refusals, log lines and figures into metrics and log events.

use std::sync::Arc;

use afpi_plugins::contract::Level;
use afpi_plugins::manifest::Capability;
use afpi_plugins::ports::{CallReport, Figure, Observer, Who};
use afpi_plugins::{Pause, PluginFailure};

use super::plugins::logs::Logs;
use super::plugins::quarantine::{Reporter, Word};
use super::secrets::site_id;
use crate::ops::metrics::Metrics;

/// The runtime's observer.
pub struct Watch {
    pub metrics: Arc<Metrics>,
    pub logs: Arc<Logs>,
    pub quarantines: Reporter,
}

impl Observer for Watch {
    fn call_ended(&self, report: &CallReport<'_>) {
        let Who { plugin, site_code, .. } = report.who;
        self.metrics
            .plugin_calls
            .with_label_values(&[plugin, site_code, report.function, report.outcome.as_str()])
            .inc();
        self.metrics
            .plugin_duration
            .with_label_values(&[plugin, site_code, report.outcome.as_str()])
            .observe(report.duration.as_secs_f64());
    }

    fn failed(&self, report: &CallReport<'_>, cause: &str) {
        tracing::warn!(plugin.id = report.who.plugin, plugin.version = %report.who.version, site = report.who.site_code,
            plugin.function = report.function, plugin.outcome = report.outcome.as_str(), correlation_id = report.call_id,
            error.cause = cause, "plugin call failed");
    }

    fn denied(&self, who: Who<'_>, capability: Capability) {
        self.metrics.plugin_denied.with_label_values(&[who.plugin, who.site_code, capability.as_str()]).inc();
    }

    fn log(&self, who: Who<'_>, call_id: &str, level: Level, message: &str) {
        self.metrics.plugin_log_lines.with_label_values(&[who.plugin, who.site_code, level.as_str()]).inc();
        self.logs.push(who.plugin, who.site, level.as_str(), message, call_id);
        crate::plugins::listen::heard(call_id, level, message);
        let (plugin, site) = (who.plugin, who.site_code);
        match level {
            Level::Debug => tracing::debug!(target: "plugin", plugin, site, correlation_id = call_id, "{message}"),
            Level::Info => tracing::info!(target: "plugin", plugin, site, correlation_id = call_id, "{message}"),
            Level::Warn => tracing::warn!(target: "plugin", plugin, site, correlation_id = call_id, "{message}"),
            Level::Error => tracing::error!(target: "plugin", plugin, site, correlation_id = call_id, "{message}"),
        }
    }

    fn quarantined(&self, who: Who<'_>, pause: Pause, failure: &PluginFailure) {
        if let Ok(site) = site_id(who.site) {
            self.quarantines.report(Word::Held { plugin: who.plugin.into(), site, pause, reason: failure.to_string() });
        }
    }

    fn recovered(&self, who: Who<'_>) {
        if let Ok(site) = site_id(who.site) {
            self.quarantines.report(Word::Recovered { plugin: who.plugin.into(), site });
        }
    }

    fn log_dropped(&self, who: Who<'_>) {
        self.metrics.plugin_log_lines.with_label_values(&[who.plugin, who.site_code, "dropped"]).inc();
    }

    fn figure(&self, who: Who<'_>, name: &str, figure: Figure) {
        let gauge = self.metrics.plugin_figures.with_label_values(&[who.plugin, who.site_code, name]);
        match figure {
            Figure::Add(value) => gauge.add(value as f64),
            Figure::Set(value) => gauge.set(value as f64),
        }
    }
}
