//! Making, changing and deleting webhooks.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use uuid::Uuid;

use super::input::{WebhookCreate, WebhookUpdate, faults};
use super::{WebhookSecret, answer, heard, sign, store};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, invalid, stale};
use afpi_core::id::WebhookId;
use afpi_core::rights::Action;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, Subject};
use afpi_platform::secrets::webhook_place;
use afpi_platform::state::App;

fn line<'a>(caller: &Caller, request: &'a RequestId, id: WebhookId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::Webhook(id), None)
}

/// Make a webhook. The answer contains the secret of its signatures, which nobody can read again.
#[utoipa::path(post, path = "/", operation_id = "createWebhook", tag = "webhooks", request_body = WebhookCreate,
    responses((status = 201, body = WebhookSecret), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<WebhookCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::IntegrationsManage)?;
    let problems = faults(Some(&input.url), Some(&input.events), app.config.webhook_private);
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let (id, secret, now) = (WebhookId::generate(), sign::secret(), Instant::now());
    let sealed = app.secrets.lock(&webhook_place(id), &secret);
    let sites: Vec<Uuid> = input.localisation_ids.iter().map(|site| site.0).collect();
    let webhook = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("INSERT INTO webhooks (id, name, url, events, sealed, active, created_at, created_by, version) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)")
        .bind(id)
        .bind(&input.name)
        .bind(input.url.trim())
        .bind(store::stored(input.events.iter().map(|event| event.0)))
        .bind(sealed.clone())
        .bind(true)
        .bind(now)
        .bind(caller.id)
        .execute(&mut tx)
        .await?;
        store::replace_sites(&mut tx, id, &sites).await?;
        let webhook = store::load(&mut tx, id).await?;
        line(&caller, &request, id).write(&mut tx, None, Some(&store::told(&webhook))).await?;
        tx.commit().await?;
        Ok::<_, Error>(webhook)
    })
    .await?;
    heard::changed(&app);
    tracing::info!(webhook.id = %id, user.id = %caller.id, "webhook made");
    let headers = [(LOCATION, format!("/api/webhooks/{id}")), (ETAG, format!("\"{}\"", webhook.version))];
    let made = WebhookSecret { webhook, secret: secret.to_string() };
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(made)))
}

/// Change a webhook, switch it off, or on again.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateWebhook", tag = "webhooks", request_body = WebhookUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = super::Webhook), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<WebhookId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<WebhookUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::IntegrationsManage)?;
    let problems = faults(input.url.as_deref(), input.events.as_ref(), app.config.webhook_private);
    let after = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = store::load(&mut tx, id).await?;
        if !problems.is_empty() {
            return Err(invalid(problems.clone()));
        }
        let mut update = sql("UPDATE webhooks SET version = version + 1");
        if let Some(name) = &input.name {
            update.push(", name = ?").arg(name);
        }
        if let Some(url) = &input.url {
            update.push(", url = ?").arg(url.trim());
        }
        if let Some(events) = &input.events {
            update.push(", events = ?").arg(store::stored(events.iter().map(|event| event.0)));
        }
        if let Some(active) = input.active {
            update.push(", active = ?, failing_since = NULL, switched_off_at = NULL").arg(active);
        }
        update.push(" WHERE id = ? AND version = ?").arg(id).arg(seen);
        if update.execute(&mut tx).await? != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        if let Some(sites) = &input.localisation_ids {
            let sites: Vec<Uuid> = sites.iter().map(|site| site.0).collect();
            store::replace_sites(&mut tx, id, &sites).await?;
        }
        let after = store::load(&mut tx, id).await?;
        line(&caller, &request, id).write(&mut tx, Some(&store::told(&before)), Some(&store::told(&after))).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    })
    .await?;
    heard::changed(&app);
    Ok(answer(after))
}

/// Give a webhook another secret. The one before ends at once.
#[utoipa::path(post, path = "/{id}/renewal", operation_id = "renewWebhook", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = WebhookSecret), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn renew(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<WebhookId>,
) -> ApiResult<Json<WebhookSecret>> {
    caller.require(Action::IntegrationsManage)?;
    let secret = sign::secret();
    let sealed = app.secrets.lock(&webhook_place(id), &secret);
    let webhook = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        store::load(&mut tx, id).await?;
        let query = sql("UPDATE webhooks SET sealed = ?, version = version + 1 WHERE id = ?");
        query.bind(sealed.clone()).bind(id).execute(&mut tx).await?;
        line(&caller, &request, id).record(&mut tx, Activity::SecretRenewed, vec![]).await?;
        let webhook = store::load(&mut tx, id).await?;
        tx.commit().await?;
        Ok::<_, Error>(webhook)
    })
    .await?;
    Ok(Json(WebhookSecret { webhook, secret: secret.to_string() }))
}

/// Delete a webhook with the log of its deliveries. What waits is not sent any more.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteWebhook", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<WebhookId>,
) -> ApiResult<StatusCode> {
    caller.require(Action::IntegrationsManage)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = store::load(&mut tx, id).await?;
        line(&caller, &request, id).write(&mut tx, Some(&store::told(&before)), None).await?;
        for table in [
            "DELETE FROM webhook_deliveries WHERE webhook_id = ?",
            "DELETE FROM webhook_localisations WHERE webhook_id = ?",
            "DELETE FROM webhooks WHERE id = ?",
        ] {
            sql(table).bind(id).execute(&mut tx).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    tracing::info!(webhook.id = %id, user.id = %caller.id, "webhook deleted");
    Ok(StatusCode::NO_CONTENT)
}
