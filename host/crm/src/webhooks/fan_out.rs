//! An event becomes a delivery for each webhook that wants it, and each delivery a job.

use afpi_db::{Conn, DbError, dialect, sql};
use afpi_jobs::NewJob;
use serde_json::json;
use uuid::Uuid;

use super::deliver::{ATTEMPTS, KIND, QUEUE};
use super::{payload, store};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::WebhookId;
use afpi_platform::events::{Event, Kind};
use afpi_platform::state::App;

/// A new delivery.
pub(super) struct New<'a> {
    pub webhook: WebhookId,
    /// One webhook gets one delivery of an event, however often its job runs.
    pub event: Uuid,
    pub name: &'a str,
    pub body: &'a str,
}

/// Enters the deliveries of an event, whose id is `event_id`. A webhook that is tied to sites is told of these only, and
/// of nothing that concerns the whole network.
pub(crate) async fn fan_out(app: &App, event: &Event, event_id: Uuid, correlation_id: &str) -> Result<()> {
    // What plugins say to one another stays between them.
    let Ok(kind) = event.name.parse::<Kind>() else { return Ok(()) };
    let mut query = sql("SELECT w.id, w.events FROM webhooks w WHERE w.active = ? AND (NOT EXISTS \
         (SELECT 1 FROM webhook_localisations a WHERE a.webhook_id = w.id) OR EXISTS \
         (SELECT 1 FROM webhook_localisations b WHERE b.webhook_id = w.id AND b.localisation_id = ?))");
    query.arg(true).arg(event.site_id);
    let webhooks: Vec<(WebhookId, String)> = query.all(&mut app.db.read().await?).await?;
    let wanting: Vec<WebhookId> =
        webhooks.into_iter().filter(|(_, events)| store::events(events).contains(&kind)).map(|(id, _)| id).collect();
    if wanting.is_empty() {
        return Ok(());
    }
    let body = payload::of_event(event, &app.config.public_url);
    afpi_db::retry(|| async {
        let (mut tx, now) = (app.db.begin().await?, Instant::now());
        for webhook in &wanting {
            let new = New { webhook: *webhook, event: event_id, name: &event.name, body: &body };
            enter(&mut tx, &new, correlation_id, now).await?;
        }
        Ok::<_, afpi_core::error::Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(())
}

/// Writes a delivery with its job, unless it is there. Returns its id if it is new.
pub(super) async fn enter(tx: &mut Conn, new: &New<'_>, correlation_id: &str, now: Instant) -> Result<Option<Uuid>> {
    let id = Uuid::now_v7();
    let mut insert = dialect::insert_or_ignore(tx.backend());
    insert.push(
        " INTO webhook_deliveries (id, webhook_id, event_uuid, event, body, state, attempts, created_at) VALUES ",
    );
    insert.rows([[
        id.into(),
        new.webhook.into(),
        new.event.into(),
        new.name.into(),
        new.body.into(),
        "waiting".into(),
        0i64.into(),
        now.into(),
    ]]);
    if insert.execute(tx).await? == 0 {
        return Ok(None);
    }
    enqueue(tx, id, correlation_id).await?;
    Ok(Some(id))
}

/// Has a delivery sent.
pub(super) async fn enqueue(tx: &mut Conn, delivery: Uuid, correlation_id: &str) -> Result<()> {
    let job =
        NewJob::new(QUEUE, KIND, json!({"delivery": delivery})).max_attempts(ATTEMPTS).correlation(correlation_id);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}
