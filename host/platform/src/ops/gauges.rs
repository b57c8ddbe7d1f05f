//! Gauges that are sampled: queues and plugins every few seconds, business figures every minute.

use crate::state::App;

/// Depth and age of the queues and of the outbox. A source that does not answer loses its samples: an old value would
/// look current.
pub async fn sample_queues(app: &App) {
    match app.queue.counts().await {
        Ok(queues) => {
            for q in queues {
                let states = [
                    ("waiting", q.waiting),
                    ("delayed", q.delayed),
                    ("active", q.active),
                    ("completed", q.completed),
                    ("dead", q.dead),
                ];
                for (state, count) in states {
                    app.metrics.queue_depth.with_label_values(&[&q.queue, state]).set(count as i64);
                }
                app.metrics
                    .queue_oldest
                    .with_label_values(&[&q.queue])
                    .set(q.oldest_waiting.map_or(0, |age| age.as_secs() as i64));
            }
        }
        Err(error) => {
            app.metrics.queue_depth.reset();
            app.metrics.queue_oldest.reset();
            tracing::warn!(error.cause = %error, "the queue does not answer");
        }
    }
    match app.jobs.backlog().await {
        Ok(backlog) => {
            app.metrics.outbox_jobs.with_label_values::<&str>(&[]).set(backlog.jobs as i64);
            app.metrics
                .outbox_oldest
                .with_label_values::<&str>(&[])
                .set(backlog.oldest.map_or(0, |age| age.as_secs() as i64));
        }
        Err(error) => {
            app.metrics.outbox_jobs.reset();
            app.metrics.outbox_oldest.reset();
            tracing::warn!(error.cause = %error, "the outbox cannot be read");
        }
    }
}

/// How far the replica is behind. While that cannot be measured, there is no sample.
pub async fn sample_replica(app: &App) {
    let lag = &app.metrics.replica_lag;
    match app.db.replica_lag().await {
        None => {}
        Some(Ok(behind)) => lag.with_label_values::<&str>(&[]).set(behind.as_secs_f64()),
        Some(Err(error)) => {
            lag.reset();
            tracing::warn!(error.cause = %error, "how far the replica is behind cannot be measured; the primary is read");
        }
    }
}

/// Which plugins are switched off. A removed seat loses its sample: otherwise it would stay in alarm.
pub fn sample_plugins(app: &App) {
    app.metrics.plugin_quarantined.reset();
    for seat in app.plugins.registry().seats() {
        let gauge = app.metrics.plugin_quarantined.with_label_values(&[seat.plugin.as_str(), &*seat.site.code]);
        gauge.set(seat.health.quarantined.is_some().into());
    }
}
