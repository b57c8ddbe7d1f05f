//! Sends deliveries, tries again with growing pauses, and switches off a webhook that has failed for long.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, sql};
use afpi_jobs::{Handler, JobContext, JobError};
use afpi_plugins::outside::{Answer, Outside};
use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use uuid::Uuid;

use super::{input, payload, sign};
use crate::notifications::notice::{Notice, tell};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::{UserId, WebhookId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_platform::bus::BusEvent;
use afpi_platform::journal::{Activity, Actor, Author, Subject};
use afpi_platform::secrets::webhook_place;
use afpi_platform::state::App;

/// Queue and kind of the jobs that send a delivery.
pub const QUEUE: &str = "webhooks";
pub const KIND: &str = "webhook";

/// The pauses after failed attempts, those that the Standard Webhooks specification proposes: the last attempt is three
/// days after the first.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(24 * 3600),
];
pub(super) const ATTEMPTS: u32 = PAUSES.len() as u32 + 1;
/// A webhook whose deliveries have all failed for so long is switched off.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 3600);
/// A receiver answers within this time, and works afterwards.
const TIME: Duration = Duration::from_secs(15);
/// Bytes of an answer that are kept, for people.
const KEPT: u32 = 1000;
/// The receiver says that it is gone for good (RFC 9110 §15.5.11).
const GONE: u16 = 410;

/// Runs jobs of kind [`KIND`].
pub struct DeliveryHandler {
    app: App,
    outside: Outside,
}

afpi_db::row! {
    struct Delivery {
        id: Uuid, webhook_id: WebhookId, event: String, body: String, url: String, sealed: Vec<u8>, active: bool,
    }
}

/// How an attempt ended.
struct Attempt {
    /// The answer, or why there is none.
    answer: Result<Answer, String>,
    took: Duration,
}

impl Attempt {
    fn delivered(&self) -> bool {
        self.answer.as_ref().is_ok_and(|answer| (200..300).contains(&answer.status))
    }

    fn gone(&self) -> bool {
        self.answer.as_ref().is_ok_and(|answer| answer.status == GONE)
    }
}

#[async_trait]
impl Handler for DeliveryHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let id = job.payload["delivery"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| JobError::fail("no delivery named"))?;
        let later = |error: Error| JobError::retry(error.kind().code());
        let Some(delivery) = self.load(id).await.map_err(later)? else { return Ok(()) };
        let test = delivery.event == payload::TEST;
        if !delivery.active && !test {
            return self.drop_it(&delivery).await.map_err(later);
        }
        let attempt = self.send(&delivery).await;
        // A test is for the person who waits for it.
        let last = test || job.last_attempt || attempt.gone();
        let pause = PAUSES[(job.attempt.max(1) as usize - 1).min(PAUSES.len() - 1)];
        let correlation = job.correlation_id.clone().unwrap_or_else(|| job.id.to_string());
        let goes_on = self.record(&delivery, &attempt, last, pause, &correlation).await.map_err(later)?;
        let outcome = match (attempt.delivered(), goes_on) {
            (true, _) => "delivered",
            (false, true) => "retried",
            (false, false) => "given_up",
        };
        self.app.metrics.webhook_deliveries.with_label_values(&[outcome]).inc();
        self.app.metrics.webhook_duration.observe(attempt.took.as_secs_f64());
        // That a receiver failed is in the log of deliveries. It is no fault of the queue.
        if goes_on { Err(JobError::retry_after("the receiver did not take it", pause)) } else { Ok(()) }
    }
}

impl DeliveryHandler {
    pub fn new(app: App) -> Arc<DeliveryHandler> {
        let policy = afpi_plugins::Policy::default().http;
        let outside = Outside::new(policy, app.config.webhook_private);
        Arc::new(DeliveryHandler { app, outside })
    }

    async fn load(&self, id: Uuid) -> Result<Option<Delivery>> {
        let query =
            sql("SELECT d.id, d.webhook_id, d.event, d.body, w.url, w.sealed, w.active FROM webhook_deliveries d \
             JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = ?");
        Ok(query.bind(id).optional(&mut self.app.db.read().await?).await?)
    }

    /// Sends it once.
    async fn send(&self, delivery: &Delivery) -> Attempt {
        let start = std::time::Instant::now();
        let answer = self.post(delivery).await;
        Attempt { answer, took: start.elapsed() }
    }

    async fn post(&self, delivery: &Delivery) -> Result<Answer, String> {
        let secret = self.app.secrets.unlock(&webhook_place(delivery.webhook_id), &delivery.sealed);
        let secret = secret.ok_or("the secret does not open: was AFPI_SECRET changed?")?;
        let url = input::read(&delivery.url, self.app.config.webhook_private).ok_or("the address is not allowed")?;
        let (id, timestamp) = (format!("msg_{}", delivery.id.simple()), Instant::now().millis() / 1000);
        let signature = sign::signature(&secret, &id, timestamp, &delivery.body).ok_or("the secret is none")?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in
            [("webhook-id", id), ("webhook-timestamp", timestamp.to_string()), ("webhook-signature", signature)]
        {
            let value = HeaderValue::from_str(&value).map_err(|_| "a header cannot be written")?;
            headers.insert(HeaderName::from_static(name), value);
        }
        self.outside.post(url, headers, delivery.body.clone().into_bytes(), TIME, KEPT).await
    }

    /// The webhook was switched off meanwhile.
    async fn drop_it(&self, delivery: &Delivery) -> Result<()> {
        afpi_db::retry(|| async {
            let mut tx = self.app.db.begin().await?;
            let query = sql("UPDATE webhook_deliveries SET state = 'dropped', next_at = NULL WHERE id = ?");
            query.bind(delivery.id).execute(&mut tx).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    /// Writes how the attempt ended. Returns whether there is another one.
    async fn record(
        &self,
        delivery: &Delivery,
        attempt: &Attempt,
        last: bool,
        pause: Duration,
        correlation: &str,
    ) -> Result<bool> {
        let test = delivery.event == payload::TEST;
        let (goes_on, told) = afpi_db::retry(|| async {
            let (mut tx, now) = (self.app.db.begin().await?, Instant::now());
            let off = if test { false } else { count(&mut tx, delivery.webhook_id, attempt, last, now).await? };
            let goes_on = !attempt.delivered() && !last && !off;
            note(&mut tx, delivery, attempt, goes_on.then_some(now + pause), now).await?;
            let told = if off { self.switch_off(&mut tx, delivery, correlation, now).await? } else { vec![] };
            tx.commit().await?;
            Ok::<_, Error>((goes_on, told))
        })
        .await?;
        told.into_iter().for_each(|user| self.app.bus.publish(BusEvent::Notified { user }));
        Ok(goes_on)
    }

    /// Switches the webhook off, with a line in the journal and a message to everybody who looks after webhooks.
    async fn switch_off(
        &self,
        tx: &mut Conn,
        delivery: &Delivery,
        correlation: &str,
        now: Instant,
    ) -> Result<Vec<UserId>> {
        let name: String =
            sql("SELECT name FROM webhooks WHERE id = ?").bind(delivery.webhook_id).scalar(&mut *tx).await?;
        let off = sql("UPDATE webhooks SET active = ?, switched_off_at = ?, version = version + 1 WHERE id = ?");
        off.bind(false).bind(now).bind(delivery.webhook_id).execute(&mut *tx).await?;
        let author = Author { actor: Actor::System, correlation_id: correlation };
        let line = author.on(Subject::Webhook(delivery.webhook_id), None);
        line.record(&mut *tx, Activity::SwitchedOff, vec![]).await?;
        let people = self.app.people.active(&self.app.db).await?;
        let who = people.iter().filter(|person| person.role.access.may(Action::IntegrationsManage));
        let mut told = Vec::new();
        for person in who {
            let notice = Notice {
                to: person.id,
                kind: "webhook",
                title: text(format!("Webhook désactivé : {name}"), format!("Webhook switched off: {name}")),
                body: text(
                    "Ses envois échouent depuis trop longtemps. Corrigez l'adresse, puis réactivez-le.",
                    "Its deliveries have failed for too long. Mend the address, then switch it on again.",
                ),
                link: "/integrations?vue=webhooks",
            };
            tell(&mut *tx, &notice, now).await?;
            told.push(person.id);
        }
        tracing::warn!(webhook.id = %delivery.webhook_id, "a webhook was switched off");
        Ok(told)
    }
}

/// Keeps since when the webhook fails. Returns whether it is to be switched off now.
async fn count(tx: &mut Conn, webhook: WebhookId, attempt: &Attempt, last: bool, now: Instant) -> Result<bool> {
    if attempt.delivered() {
        let query = sql("UPDATE webhooks SET failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL");
        query.bind(webhook).execute(tx).await?;
        return Ok(false);
    }
    sql("UPDATE webhooks SET failing_since = COALESCE(failing_since, ?) WHERE id = ?")
        .bind(now)
        .bind(webhook)
        .execute(&mut *tx)
        .await?;
    let (since, active) = sql("SELECT failing_since, active FROM webhooks WHERE id = ?")
        .bind(webhook)
        .one::<(Option<Instant>, bool)>(tx)
        .await?;
    let long = since.is_some_and(|since| since + PATIENCE <= now);
    Ok(active && (attempt.gone() || last || long))
}

/// Writes the attempt into the log of deliveries.
async fn note(
    tx: &mut Conn,
    delivery: &Delivery,
    attempt: &Attempt,
    next: Option<Instant>,
    now: Instant,
) -> Result<()> {
    let state = match (attempt.delivered(), next) {
        (true, _) => "delivered",
        (false, Some(_)) => "waiting",
        (false, None) => "failed",
    };
    let (status, beginning) = match &attempt.answer {
        Ok(answer) => (Some(i64::from(answer.status)), String::from_utf8_lossy(&answer.beginning).into_owned()),
        Err(reason) => (None, reason.clone()),
    };
    let said: String = beginning.chars().filter(|c| !c.is_control() || *c == '\n').take(KEPT as usize).collect();
    sql("UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, status = ?, duration_ms = ?, answer = ?, last_at = ?, \
         next_at = ? WHERE id = ?")
        .bind(state)
        .bind(status)
        .bind(i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX))
        .bind(said)
        .bind(now)
        .bind(next)
        .bind(delivery.id)
        .execute(tx)
        .await?;
    Ok(())
}
