//! The log of deliveries: what was sent, how it was answered; sent again, and tested.

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::fan_out::{New, enqueue, enter};
use super::{payload, store};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal, not_found};
use afpi_core::id::WebhookId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::{Id, NamedId};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use std::time::Duration;

/// The deliveries of a webhook that are listed.
const SHOWN: u32 = 100;
/// How long deliveries are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Rows per statement: short locks do not block others for long.
const BATCH: u32 = 1000;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = WebhookDeliveryState)]
pub enum DeliveryState {
    /// It will be sent, or sent again.
    Waiting,
    Delivered,
    /// It is not sent again by itself.
    Failed,
    /// The webhook was switched off before it was sent.
    Dropped,
}

/// A delivery, and its last attempt.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    pub id: Uuid,
    /// The event; `webhook.test` for the test.
    pub event: String,
    /// What was sent, as JSON.
    pub body: String,
    pub state: DeliveryState,
    pub attempts: i64,
    pub created_at: Instant,
    #[schema(required = true)]
    pub last_at: Option<Instant>,
    /// When it is sent again.
    #[schema(required = true)]
    pub next_at: Option<Instant>,
    /// The status of the answer. None without one.
    #[schema(required = true)]
    pub status: Option<i64>,
    #[schema(required = true)]
    pub duration_ms: Option<i64>,
    /// The beginning of the answer, or why there is none.
    #[schema(required = true)]
    pub answer: Option<String>,
}

afpi_db::row! {
    struct DeliveryRow {
        id: Uuid, event: String, body: String, state: String, attempts: i64, created_at: Instant, last_at: Option<Instant>,
        next_at: Option<Instant>, status: Option<i64>, duration_ms: Option<i64>, answer: Option<String>,
    }
}

fn show(row: DeliveryRow) -> Result<WebhookDelivery> {
    Ok(WebhookDelivery {
        state: row.state.parse().map_err(|_| internal(format!("{} is no state of a delivery", row.state)))?,
        id: row.id,
        event: row.event,
        body: row.body,
        attempts: row.attempts,
        created_at: row.created_at,
        last_at: row.last_at,
        next_at: row.next_at,
        status: row.status,
        duration_ms: row.duration_ms,
        answer: row.answer,
    })
}

async fn read(conn: &mut Conn, webhook: WebhookId, only: Option<Uuid>) -> Result<Vec<WebhookDelivery>> {
    let mut query =
        sql("SELECT id, event, body, state, attempts, created_at, last_at, next_at, status, duration_ms, answer \
         FROM webhook_deliveries WHERE webhook_id = ?")
        .bind(webhook);
    if let Some(id) = only {
        query.push(" AND id = ?").arg(id);
    }
    query.push(" ORDER BY created_at DESC, id DESC").limit(SHOWN);
    query.all::<DeliveryRow>(conn).await?.into_iter().map(show).collect()
}

async fn load(conn: &mut Conn, webhook: WebhookId, id: Uuid) -> Result<WebhookDelivery> {
    read(conn, webhook, Some(id)).await?.pop().ok_or_else(not_found)
}

/// List the last 100 deliveries of a webhook, the newest first. They are kept for 30 days.
#[utoipa::path(get, path = "/{id}/deliveries", operation_id = "listWebhookDeliveries", tag = "webhooks",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = All<WebhookDelivery>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<WebhookId>,
) -> ApiResult<Json<All<WebhookDelivery>>> {
    caller.require(Action::IntegrationsManage)?;
    let mut conn = app.db.read().await?;
    store::load(&mut conn, id).await?;
    Ok(Json(All { data: read(&mut conn, id, None).await? }))
}

/// Send an event `webhook.test`, also to a webhook that is off. It is sent once; the log of deliveries shows the answer.
#[utoipa::path(post, path = "/{id}/test", operation_id = "testWebhook", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 202, body = WebhookDelivery), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn test(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<WebhookId>,
) -> ApiResult<(StatusCode, Json<WebhookDelivery>)> {
    caller.require(Action::IntegrationsManage)?;
    let delivery = afpi_db::retry(|| async {
        let (mut tx, now) = (app.db.begin().await?, Instant::now());
        store::load(&mut tx, id).await?;
        let body = payload::of_test(&app.config.public_url, now);
        let new = New { webhook: id, event: Uuid::now_v7(), name: payload::TEST, body: &body };
        let entered = enter(&mut tx, &new, request.as_str(), now).await?;
        let entered = entered.ok_or_else(|| internal("a new delivery was there already"))?;
        let delivery = load(&mut tx, id, entered).await?;
        tx.commit().await?;
        Ok::<_, Error>(delivery)
    })
    .await?;
    app.jobs.wake();
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}

/// Send a delivery again, with the same id and body. 409 while it waits to be sent.
#[utoipa::path(post, path = "/{id}/deliveries/{delivery}/resend", operation_id = "resendWebhookDelivery", tag = "webhooks",
    params(("id" = Uuid, Path), ("delivery" = Uuid, Path)),
    responses((status = 202, body = WebhookDelivery), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn resend(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(webhook, delivery): NamedId,
) -> ApiResult<(StatusCode, Json<WebhookDelivery>)> {
    caller.require(Action::IntegrationsManage)?;
    let id: WebhookId = webhook.parse().map_err(|_| not_found())?;
    let delivery = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        load(&mut tx, id, delivery).await?;
        let again =
            sql("UPDATE webhook_deliveries SET state = 'waiting', next_at = NULL WHERE id = ? AND state <> 'waiting'");
        if again.bind(delivery).execute(&mut tx).await? == 0 {
            return Err(Error::new(
                ErrorKind::Conflict,
                text("Cet envoi est déjà en attente", "This delivery waits already"),
            ));
        }
        enqueue(&mut tx, delivery, request.as_str()).await?;
        let shown = load(&mut tx, id, delivery).await?;
        tx.commit().await?;
        Ok(shown)
    })
    .await?;
    app.jobs.wake();
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}

/// Deletes old deliveries.
pub async fn expire(app: &App, now: Instant) -> Result<()> {
    loop {
        let mut old = sql("SELECT id FROM webhook_deliveries WHERE created_at < ?").bind(now - KEPT);
        old.limit(BATCH);
        let old: Vec<(Uuid,)> = old.all(&mut app.db.read().await?).await?;
        if old.is_empty() {
            return Ok(());
        }
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            let mut query = sql("DELETE FROM webhook_deliveries WHERE id IN ");
            query.list(old.iter().map(|(id,)| *id));
            query.execute(&mut tx).await?;
            Ok::<(), Error>(tx.commit().await?)
        })
        .await?;
    }
}
