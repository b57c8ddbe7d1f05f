//! Gauges that have to be asked for: queues every few seconds, the business every minute.

use crate::state::App;

/// Depth and age of the queues.
pub async fn sample_queues(app: &App) {
    match app.queue.counts().await {
        Ok(queues) => {
            for q in queues {
                let states = [("waiting", q.waiting), ("delayed", q.delayed), ("active", q.active), ("completed", q.completed), ("dead", q.dead)];
                for (state, count) in states {
                    app.metrics.queue_depth.with_label_values(&[&q.queue, state]).set(count as i64);
                }
                app.metrics.queue_oldest.with_label_values(&[&q.queue]).set(q.oldest_waiting.map_or(0, |age| age.as_secs() as i64));
            }
        }
        Err(error) => tracing::warn!(error.cause = %error, "the queue does not answer"),
    }
    for seat in app.plugins.registry().seats() {
        let gauge = app.metrics.plugin_quarantined.with_label_values(&[seat.plugin.as_str(), &*seat.site.code]);
        gauge.set(seat.health.quarantined.is_some().into());
    }
}
