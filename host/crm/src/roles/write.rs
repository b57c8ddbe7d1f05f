//! Making, changing and deleting roles.

use std::collections::BTreeSet;

use afpi_db::{Conn, DbError, sql};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{AppendHeaders, IntoResponse};
use serde_json::{Value, json};

use super::input::{Given, MAX_ID, RoleCreate, RoleUpdate, beyond, id};
use super::{Record, answer, load};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, field, invalid, stale};
use afpi_core::rights::{Action, Reach, Role};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::{Body, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::state::App;

/// What the journal tells of a role.
fn told(role: &Record) -> Value {
    let Record { name, stands_on, reach, actions, requires_second_factor, .. } = role;
    let required = requires_second_factor.then_some(true);
    json!({"name": name, "standsOn": stands_on, "reach": reach, "actions": actions, "requiresSecondFactor": required})
}

fn line<'a>(caller: &Caller, request: &'a RequestId, id: &str) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::Role(id.to_owned()), None)
}

/// A further role. It stands on a built-in one: that is what workflows and plugins see of its people, and what bounds
/// its actions and how far it sees.
#[utoipa::path(post, path = "/", operation_id = "createRole", tag = "roles", request_body = RoleCreate,
    responses((status = 201, body = Record), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(wanted): Body<RoleCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::RolesWrite)?;
    let id = id(wanted.id.as_deref(), &wanted.name.fr).ok_or_else(|| {
        let message = format!("{MAX_ID}");
        invalid(vec![field(
            "/id",
            "format",
            text(
                format!("De 1 à {message} lettres minuscules sans accent, chiffres ou _."),
                format!("1 to {message} small letters without accents, digits or _."),
            ),
        )])
    })?;
    let reach = wanted.reach.unwrap_or(wanted.stands_on.reach());
    let mut problems = beyond(wanted.stands_on, reach, &wanted.actions);
    if wanted.stands_on == Role::Admin {
        // It would be the administrator under another name: whoever has it may do everything.
        let message = text("Aucun rôle ne repose sur l'administrateur.", "No role stands on the administrator.");
        problems = vec![field("/standsOn", "not-grantable", message)];
    }
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let role = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("INSERT INTO roles (id, stands_on, name_fr, name_en, reach, updated_at, version) VALUES (?, ?, ?, ?, ?, ?, 1)")
            .bind(&id)
            .bind(wanted.stands_on.id())
            .bind(&wanted.name.fr)
            .bind(&wanted.name.en)
            .bind(reach.id())
            .bind(Instant::now())
            .execute(&mut tx)
            .await
            .map_err(|error| match error {
                DbError::Unique(_) => taken(),
                other => other.into(),
            })?;
        give(&mut tx, &id, wanted.actions.iter().map(|given| given.0).collect()).await?;
        let role = load(&mut tx, &id).await?;
        line(&caller, &request, &id).write(&mut tx, None, Some(&told(&role))).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/roles/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(role)
    })
    .await?;
    app.people.changed();
    tracing::info!(user.id = %caller.id, role = id, "role created");
    let location = AppendHeaders([(LOCATION, format!("/api/roles/{id}"))]);
    Ok((StatusCode::CREATED, location, answer(role)))
}

fn taken() -> Error {
    let message = text("Un rôle porte déjà cet identifiant.", "A role already has this id.");
    Error::new(ErrorKind::Duplicate, text("Rôle déjà existant", "Role already there")).fields(vec![field(
        "/id",
        "duplicate",
        message,
    )])
}

/// Change a role. It counts from the next request on. Who sees less far keeps his files; those of sites that he no
/// longer reaches are in the inbox of their managers as files that nobody can own. Actions that need a wider reach go
/// with it. The administrator keeps everything.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateRole", tag = "roles", request_body = RoleUpdate,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch,
    Body(change): Body<RoleUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::RolesWrite)?;
    let role = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        // First the row, so that nobody is given the role as it was while it is changed.
        let written = sql("UPDATE roles SET version = version + 1, updated_at = ? WHERE id = ? AND version = ?")
            .bind(Instant::now())
            .bind(&id)
            .bind(seen);
        let written = written.execute(&mut tx).await? == 1;
        let before = load(&mut tx, &id).await?;
        check(&before, &change)?;
        if !written {
            return Err(lost(before, &change));
        }
        if let Some(name) = &change.name {
            let named = sql("UPDATE roles SET name_fr = ?, name_en = ? WHERE id = ?").bind(&name.fr).bind(&name.en);
            named.bind(&id).execute(&mut tx).await?;
        }
        let reach = change.reach.unwrap_or(before.reach);
        if reach != before.reach {
            homeless(&mut tx, &before, reach).await?;
            sql("UPDATE roles SET reach = ? WHERE id = ?").bind(reach.id()).bind(&id).execute(&mut tx).await?;
        }
        if let Some(required) = change.requires_second_factor {
            let required = sql("UPDATE roles SET second_factor = ? WHERE id = ?").bind(required).bind(&id);
            required.execute(&mut tx).await?;
        }
        let kept = before.actions.iter().copied().filter(|action| before.stands_on.ceiling(reach, *action));
        let actions = change.actions.as_ref().map(|wanted| wanted.iter().map(|given| given.0).collect());
        if before.stands_on != Role::Admin {
            give(&mut tx, &id, actions.unwrap_or_else(|| kept.collect())).await?;
        }
        let after = load(&mut tx, &id).await?;
        line(&caller, &request, &id).write(&mut tx, Some(&told(&before)), Some(&told(&after))).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/roles/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    })
    .await?;
    app.people.changed();
    tracing::info!(user.id = %caller.id, role = id, "role changed");
    Ok(answer(role))
}

/// 409 for the administrator, who keeps everything; 422 for what the role cannot have.
fn check(role: &Record, change: &RoleUpdate) -> Result<()> {
    let rights = change.name.is_some() || change.actions.is_some() || change.reach.is_some();
    if role.stands_on == Role::Admin && rights {
        return Err(conflict(text("L'administrateur garde tous les droits", "The administrator keeps all rights")));
    }
    if change.name.is_some() && role.built_in {
        let message = text("Un rôle d'origine garde son nom.", "A built-in role keeps its name.");
        return Err(invalid(vec![field("/name", "built-in", message)]));
    }
    let actions: &[Given] = change.actions.as_deref().unwrap_or_default();
    let problems = beyond(role.stands_on, change.reach.unwrap_or(role.reach), actions);
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

/// 409 when people without a localisation would come to be tied to one: they would see nothing.
async fn homeless(conn: &mut Conn, role: &Record, reach: Reach) -> Result<()> {
    if reach == Reach::Network {
        return Ok(());
    }
    let mut query = Scope::All.users("COUNT(*)", "");
    query
        .push(" AND u.role_id = ? AND u.active = ?")
        .arg(&role.id)
        .arg(true)
        .push(" AND NOT EXISTS (SELECT 1 FROM user_localisations ul WHERE ul.user_id = u.id)");
    let count: i64 = query.scalar(conn).await?;
    if count == 0 {
        return Ok(());
    }
    let detail = text(
        format!("Personnes de ce rôle sans localisation : {count}. Donnez-leur d'abord une localisation."),
        format!("People of this role without a localisation: {count}. Give them one first."),
    );
    Err(conflict(text("Personnes sans localisation", "People without a localisation")).detail(detail))
}

/// Makes these the role's actions.
async fn give(tx: &mut Conn, id: &str, actions: BTreeSet<Action>) -> afpi_db::Result<()> {
    sql("DELETE FROM role_actions WHERE role_id = ?").bind(id).execute(tx).await?;
    if !actions.is_empty() {
        let mut query = sql("INSERT INTO role_actions (role_id, action) VALUES ");
        query.rows(actions.into_iter().map(|action| [id.into(), action.id().into()]));
        query.execute(tx).await?;
    }
    Ok(())
}

/// Delete a further role. 409 while anybody has it, and for the seven built-in ones.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteRole", tag = "roles", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    caller.require(Action::RolesWrite)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = load(&mut tx, &id).await?;
        if before.built_in {
            return Err(conflict(text("Un rôle d'origine reste", "A built-in role stays")));
        }
        if before.people > 0 {
            return Err(in_use());
        }
        line(&caller, &request, &id).write(&mut tx, Some(&told(&before)), None).await?;
        give(&mut tx, &id, BTreeSet::new()).await?;
        crate::vues::forget_role(&mut tx, &id).await?;
        sql("DELETE FROM roles WHERE id = ?").bind(&id).execute(&mut tx).await.map_err(|error| match error {
            // Somebody was given it in between.
            DbError::ForeignKey(_) => in_use(),
            other => other.into(),
        })?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.people.changed();
    tracing::info!(user.id = %caller.id, role = id, "role deleted");
    Ok(StatusCode::NO_CONTENT)
}

fn conflict(title: afpi_core::text::Text) -> Error {
    Error::new(ErrorKind::Conflict, title)
}

fn in_use() -> Error {
    let detail = text("Donnez d'abord un autre rôle à ces personnes.", "Give these people another role first.");
    conflict(text("Des personnes ont ce rôle", "People have this role")).detail(detail)
}

/// 412 with the role as it is now, and of what was to be changed what is not as wanted.
fn lost(current: Record, change: &RoleUpdate) -> Error {
    let wanted = |actions: &[Given]| actions.iter().map(|given| given.0).collect::<BTreeSet<_>>();
    let now: BTreeSet<Action> = current.actions.iter().copied().collect();
    let other = |name: &super::input::RoleName| *name.fr != *current.name.fr || *name.en != *current.name.en;
    let differs = [
        ("/name", change.name.as_ref().is_some_and(other)),
        ("/actions", change.actions.as_deref().is_some_and(|actions| wanted(actions) != now)),
        ("/reach", change.reach.is_some_and(|reach| reach != current.reach)),
        (
            "/requiresSecondFactor",
            change.requires_second_factor.is_some_and(|required| required != current.requires_second_factor),
        ),
    ];
    let changed = differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect();
    stale(current, changed)
}
