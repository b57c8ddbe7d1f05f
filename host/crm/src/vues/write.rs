//! Saves, changes and deletes views, and says with which one a person's list opens.

use afpi_db::{Conn, Value, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};

use super::input::{VueCreate, VueShare, VueUpdate, check};
use super::read::{self, Vue};
use super::{MOST, may_share};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, field, forbidden, invalid, stale};
use afpi_core::id::VueId;
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::state::App;

/// Save a view. A person has at most 50 of one list. 403 for a list that the caller may not open, and for people with
/// whom he may not share.
#[utoipa::path(post, path = "/", operation_id = "createVue", tag = "vues", request_body = VueCreate,
    responses((status = 201, body = Vue), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(input): Body<VueCreate>,
) -> ApiResult<impl IntoResponse> {
    input.list.require(&caller)?;
    check(Some(&input.query), input.columns.as_ref())?;
    let now = Instant::now();
    let made = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let share = input.shared_with.as_ref();
        if let Some(share) = share {
            shareable(&mut tx, &caller, share).await?;
        }
        let count = sql("SELECT COUNT(*) FROM vues WHERE owner_id = ? AND list = ?").bind(caller.id);
        if count.bind(input.list.word()).scalar::<i64>(&mut tx).await? >= i64::from(MOST) {
            return Err(Error::new(ErrorKind::Conflict, text("Limite atteinte", "Limit reached")).detail(text(
                "Une personne a au plus 50 vues d'une liste.",
                "A person has at most 50 views of a list.",
            )));
        }
        let id = VueId::generate();
        let mut insert = sql(
            "INSERT INTO vues (id, list, name, owner_id, shared, role_id, localisation_id, query, columns, density, pinned, \
             created_at, updated_at, version) VALUES ",
        );
        insert.rows([[
            id.into(),
            input.list.word().into(),
            input.name.as_str().into(),
            caller.id.into(),
            share.is_some().into(),
            share.and_then(|share| share.role_id.as_ref()).into(),
            share.and_then(|share| share.localisation_id).into(),
            Value::json(&input.query),
            input.columns.as_ref().map(Value::json).into(),
            input.density.map(<&str>::from).into(),
            input.pinned.into(),
            now.into(),
            now.into(),
            1i64.into(),
        ]]);
        insert.execute(&mut tx).await?;
        let vue = read::one(&mut tx, &caller, id).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(vue)
    });
    let vue = made.await?;
    let headers = [(LOCATION, format!("/api/vues/{}", vue.id)), (ETAG, format!("\"{}\"", vue.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(vue)))
}

/// Change a view. Its owner may; of a shared one, whoever may share with the same people. Who may not share any more can
/// only make his shared view his own again.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateVue", tag = "vues", request_body = VueUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = Vue), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<VueId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<VueUpdate>,
) -> ApiResult<impl IntoResponse> {
    check(input.query.as_ref(), input.columns.as_ref().and_then(Option::as_ref))?;
    let changed = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = editable(&mut tx, &caller, id).await?;
        match &input.shared_with {
            Some(Some(share)) => shareable(&mut tx, &caller, share).await?,
            None if before.shared_with.is_some() && !may_share(&caller, before.site()) => return Err(forbidden()),
            _ => {}
        }
        let mut update = sql("UPDATE vues SET version = version + 1, updated_at = ?").bind(Instant::now());
        if let Some(name) = &input.name {
            update.push(", name = ?").arg(name.as_str());
        }
        if let Some(query) = &input.query {
            update.push(", query = ?").arg(Value::json(query));
        }
        if let Some(columns) = &input.columns {
            update.push(", columns = ?").arg(columns.as_ref().map(Value::json));
        }
        if let Some(density) = input.density {
            update.push(", density = ?").arg(density.map(<&str>::from));
        }
        if let Some(pinned) = input.pinned {
            update.push(", pinned = ?").arg(pinned);
        }
        if let Some(share) = &input.shared_with {
            let share = share.as_ref();
            update.push(", shared = ?").arg(share.is_some());
            update.push(", role_id = ?").arg(share.and_then(|share| share.role_id.as_ref()));
            update.push(", localisation_id = ?").arg(share.and_then(|share| share.localisation_id));
        }
        update.push(" WHERE id = ? AND version = ?").arg(id).arg(seen);
        if before.version != seen || update.execute(&mut tx).await? != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        let after = read::written(&mut tx, &caller, id).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    });
    let vue = changed.await?;
    Ok((AppendHeaders([(ETAG, format!("\"{}\"", vue.version))]), Json(vue)))
}

/// Delete a view, for everybody whom it is shared with. Who may change it may.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteVue", tag = "vues",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 412, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<VueId>,
    IfMatch(seen): IfMatch,
) -> ApiResult<StatusCode> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = editable(&mut tx, &caller, id).await?;
        sql("DELETE FROM vue_defaults WHERE vue_id = ?").bind(id).execute(&mut tx).await?;
        let gone = sql("DELETE FROM vues WHERE id = ? AND version = ?").bind(id).bind(seen).execute(&mut tx).await?;
        if gone != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open the list with this view from now on. A person has one such view for each list.
#[utoipa::path(put, path = "/{id}/default", operation_id = "makeDefaultVue", tag = "vues", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn make_default(State(app): State<App>, caller: Caller, Id(id): Id<VueId>) -> ApiResult<StatusCode> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let vue = read::one(&mut tx, &caller, id).await?;
        sql("DELETE FROM vue_defaults WHERE user_id = ? AND list = ?")
            .bind(caller.id)
            .bind(vue.list.word())
            .execute(&mut tx)
            .await?;
        let mut insert = sql("INSERT INTO vue_defaults (user_id, list, vue_id) VALUES ");
        insert.rows([[caller.id.into(), vue.list.word().into(), id.into()]]);
        insert.execute(&mut tx).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open the list without a view again, if it opened with this one.
#[utoipa::path(delete, path = "/{id}/default", operation_id = "dropDefaultVue", tag = "vues", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn drop_default(State(app): State<App>, caller: Caller, Id(id): Id<VueId>) -> ApiResult<StatusCode> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        read::one(&mut tx, &caller, id).await?;
        let gone = sql("DELETE FROM vue_defaults WHERE user_id = ? AND vue_id = ?").bind(caller.id).bind(id);
        gone.execute(&mut tx).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A view that the caller may change: 404 for one that he does not see, 403 for one that he only sees.
async fn editable(tx: &mut Conn, caller: &Caller, id: VueId) -> Result<Vue> {
    let vue = read::one(tx, caller, id).await?;
    if vue.may_edit { Ok(vue) } else { Err(forbidden()) }
}

/// 403 for people with whom the caller may not share, 422 for a role or a site that does not exist.
async fn shareable(tx: &mut Conn, caller: &Caller, share: &VueShare) -> Result<()> {
    if !may_share(caller, share.localisation_id) {
        return Err(forbidden());
    }
    let unknown = |at: &str, message| invalid(vec![field(format!("/sharedWith/{at}"), "unknown", message)]);
    if let Some(role) = &share.role_id
        && sql("SELECT COUNT(*) FROM roles WHERE id = ?").bind(role).scalar::<i64>(tx).await? == 0
    {
        return Err(unknown("roleId", text("Ce rôle n'existe pas.", "This role does not exist.")));
    }
    if let Some(site) = share.localisation_id
        && sql("SELECT COUNT(*) FROM localisations WHERE id = ?").bind(site).scalar::<i64>(tx).await? == 0
    {
        return Err(unknown(
            "localisationId",
            text("Cette localisation n'existe pas.", "This localisation does not exist."),
        ));
    }
    Ok(())
}
