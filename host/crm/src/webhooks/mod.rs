//! `/api/webhooks`: addresses of other programs that are told what happens. An event becomes a delivery per webhook that
//! wants it ([`fan_out`]), and each delivery is a job of its own ([`deliver`]), so a receiver that is away keeps nobody
//! else waiting.
//!
//! A payload is thin: it names the event and the record, and says no more. Personal data then leaves only through the
//! API, with a key whose rights and sites count and whose calls are in the journal; what is erased stays nowhere else;
//! and it does not matter in which order deliveries arrive, because the receiver reads the present state.

mod deliver;
mod deliveries;
mod fan_out;
mod heard;
mod input;
mod payload;
mod sign;
mod store;
mod write;

use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use deliver::{DeliveryHandler, KIND, QUEUE};
pub use deliveries::expire;
pub(crate) use fan_out::fan_out;
pub use heard::heard;

use afpi_core::clock::Instant;
use afpi_core::id::WebhookId;
use afpi_core::rights::Action;
use afpi_http::input::Id;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::events::Kind;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// An address that is told what happens.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    #[schema(value_type = Uuid)]
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub events: Vec<Kind>,
    /// Only what happens at these sites is told. Empty: everything in the network.
    pub localisations: Vec<LocalisationRef>,
    pub active: bool,
    /// Since when every delivery has failed.
    #[schema(required = true)]
    pub failing_since: Option<Instant>,
    /// When it was switched off because deliveries failed for too long.
    #[schema(required = true)]
    pub switched_off_at: Option<Instant>,
    pub created_at: Instant,
    /// The name of the person who made it.
    pub created_by: String,
    pub version: i64,
}

/// A webhook with the secret of its signatures, which is shown this one time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSecret {
    pub webhook: Webhook,
    /// `whsec_` and Base64.
    pub secret: String,
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, write::create))
        .routes(routes!(get, write::patch, write::delete))
        .routes(routes!(write::renew))
        .routes(routes!(deliveries::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::resend))
}

/// List the webhooks, the newest first.
#[utoipa::path(get, path = "/", operation_id = "listWebhooks", tag = "webhooks",
    responses((status = 200, body = All<Webhook>), (status = 403, body = ProblemBody)))]
async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<Webhook>>> {
    caller.require(Action::IntegrationsManage)?;
    Ok(Json(All { data: store::all(&mut app.db.read().await?).await? }))
}

/// Read a webhook.
#[utoipa::path(get, path = "/{id}", operation_id = "getWebhook", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = Webhook), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn get(State(app): State<App>, caller: Caller, Id(id): Id<WebhookId>) -> ApiResult<impl IntoResponse> {
    caller.require(Action::IntegrationsManage)?;
    Ok(answer(store::load(&mut app.db.read().await?, id).await?))
}

fn answer(webhook: Webhook) -> impl IntoResponse {
    (AppendHeaders([(ETAG, format!("\"{}\"", webhook.version))]), Json(webhook))
}
