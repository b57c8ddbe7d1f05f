//! `/api/entites-legales/{id}/logo`: a picture of the store of files.

use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::input::LogoSet;
use super::read::{EntiteLegale, answer, load};
use super::write::{finish, lost, update};
use crate::attachments::picture;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, not_found};
use afpi_core::id::{LegalEntityId, UploadId};
use afpi_core::rights::Action;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Show the logo.
#[utoipa::path(get, path = "/{id}/logo", operation_id = "getEntiteLegaleLogo", tag = "entites", params(("id" = Uuid, Path)),
    responses((status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, Id(id): Id<LegalEntityId>) -> ApiResult<Response> {
    caller.require(Action::EntitesRead)?;
    let entity = load(&mut app.db.read().await?, &caller.scope(), id).await?;
    let tag = [(ETAG, format!("\"{}\"", entity.version))];
    let picture = picture::show(&app, &caller, &entity.logo.ok_or_else(not_found)?).await?;
    Ok((AppendHeaders(tag), picture).into_response())
}

/// Set the logo: an upload of the caller, a PNG or JPEG picture of at most 1 MiB.
#[utoipa::path(put, path = "/{id}/logo", operation_id = "setEntiteLegaleLogo", tag = "entites", request_body = LogoSet,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = EntiteLegale), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LegalEntityId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<LogoSet>,
) -> ApiResult<impl IntoResponse> {
    Ok(answer(change(&app, &caller, &request, (id, seen), Some(input.upload_id)).await?))
}

/// Remove the logo.
#[utoipa::path(delete, path = "/{id}/logo", operation_id = "deleteEntiteLegaleLogo", tag = "entites",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = EntiteLegale), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LegalEntityId>,
    IfMatch(seen): IfMatch,
) -> ApiResult<impl IntoResponse> {
    Ok(answer(change(&app, &caller, &request, (id, seen), None).await?))
}

async fn change(
    app: &App,
    caller: &Caller,
    request: &RequestId,
    (id, seen): (LegalEntityId, i64),
    upload: Option<UploadId>,
) -> Result<EntiteLegale> {
    caller.require(Action::EntitesWrite)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = load(&mut tx, &caller.scope(), id).await?;
        let logo = match upload {
            _ if before.version != seen => return Err(lost(&before, &())),
            Some(upload) => Some(picture::take(&mut tx, caller, upload).await?),
            None => None,
        };
        if !update(&mut tx, "entites_legales", id, seen, vec![("logo_sha256", logo.into())]).await? {
            return Err(lost(&load(&mut tx, &caller.scope(), id).await?, &()));
        }
        if let Some(former) = &before.logo {
            picture::let_go(&mut tx, former, Instant::now()).await?;
        }
        let after = load(&mut tx, &caller.scope(), id).await?;
        finish(&mut tx, caller, request, &before, &after).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    })
    .await
}
