//! Gauges that are sampled: queues and plugins every few seconds, business figures every minute.

use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_db::sql;

use crate::backups;
use crate::state::App;

/// Somebody who does something renews the session every ten minutes, the life of an access token.
const ACTIVE: Duration = Duration::from_secs(15 * 60);

/// Depth and age of the queues and of the outbox. A queue that does not answer loses its samples: an old value would look
/// current.
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
                    .set(q.oldest_waiting.map_or(0.0, |age| age.as_secs_f64()));
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
            app.metrics.outbox_jobs.set(backlog.jobs as i64);
            app.metrics.outbox_oldest.set(backlog.oldest.map_or(0.0, |age| age.as_secs_f64()));
        }
        // It stays as it was: then nothing leaves it, and the part `database` is away.
        Err(error) => tracing::warn!(error.cause = %error, "the outbox cannot be read"),
    }
}

/// How many people are active: those who signed in or renewed their session lately. It is the same on every node.
pub async fn sample_people(app: &App) {
    let active = &app.metrics.active_users;
    let count = async {
        let since = Instant::now() - ACTIVE;
        let count = sql("SELECT COUNT(DISTINCT user_id) FROM refresh_tokens WHERE created_at >= ?").bind(since);
        count.scalar::<i64>(&mut app.db.read().await?).await
    };
    match count.await {
        Ok(people) => active.with_label_values::<&str>(&[]).set(people),
        Err(error) => {
            active.reset();
            tracing::warn!(error.cause = %error, "active people cannot be counted");
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

/// How old the newest backup is that was read back. Without one there is no sample.
pub async fn sample_backup(app: &App) {
    let age = &app.metrics.backup_age;
    match backups::newest(&app.db).await {
        Ok(Some(made)) => {
            age.with_label_values::<&str>(&[]).set(Instant::now().since(made).as_secs_f64());
        }
        Ok(None) => age.reset(),
        Err(error) => {
            age.reset();
            tracing::warn!(error.cause = %error, "when the newest backup was made cannot be read");
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
