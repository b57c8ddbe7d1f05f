//! `PATCH /api/users/{id}`. The loss of a right takes effect at once: sessions end where they must.

use std::collections::BTreeSet;

use afpi_db::{Conn, Sql, Tx, dialect, sql};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::User;
use super::create::{may_manage, needs_site};
use super::input::{Language, UserUpdate, Wanted};
use super::leaving;
use super::read::answer;
use super::store;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, Result, field, forbidden, invalid, stale};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::{Action, Role};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::auth::weak::Owner;
use afpi_platform::auth::{letters, links, password, session};
use afpi_platform::bus::BusEvent;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject};
use afpi_platform::state::App;

/// How often a change is retried when its files change in between.
const TRIES: usize = 3;

/// Change a person. A person who can no longer own their open files (deactivated, another role, fewer sites) needs a
/// successor: without one the answer is 409 `successor-needed` with the files in `left`.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateUser", tag = "users", request_body = UserUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = User), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<UserUpdate>,
) -> ApiResult<impl IntoResponse> {
    let own_language = id == caller.id && change.only_language();
    if !own_language {
        caller.require(Action::UsersWrite)?;
    }
    // Hashing is slow, so it runs before the transaction.
    let hash = match &change.password {
        Some(password) => Some(password::hash(password.clone().into()).await?),
        None => None,
    };
    let scope = if own_language { Scope::All } else { caller.scope() };
    let awaited = app.plugins.statuses_awaited().await;
    let change = Wanted::of(&mut app.db.read().await?, change).await?;
    for _ in 0..TRIES {
        let act = act::Act::begin(&app, &caller, request.as_str());
        let asked = leaving::Asked { act, wanted: &change, awaited: &awaited };
        let handing = leaving::prepare(asked, &scope, (id, seen)).await?;
        let written = async {
            let mut tx = app.db.begin().await?;
            let current = store::load(&mut tx, &scope, id).await?;
            if !own_language {
                allowed(&caller, &current, &change)?;
            }
            consistent(&current, &change)?;
            if current.version != seen {
                return Err(lost(&current, &change));
            }
            keep_an_admin(&mut tx, &current, &change).await?;
            if !leaving::hand_over(&mut tx, asked, &current, handing).await? {
                return Ok(None);
            }
            if !update(&mut tx, &current, &change, hash.clone()).await? {
                let now = store::load(&mut tx, &scope, id).await?;
                return Err(lost(&now, &change));
            }
            let user = store::load(&mut tx, &Scope::All, id).await?;
            let told = || Change::by(&caller, request.as_str(), Subject::User(id), None);
            told().write(&mut tx, Some(&current), Some(&user)).await?;
            if change.password.is_some() {
                told().record(&mut tx, Activity::PasswordSet, vec![]).await?;
                let (what, now) = (Activity::PasswordSet, Instant::now());
                letters::notice(&mut tx, &app.config, id, what, now, request.as_str()).await?;
            }
            idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/users/{id}"))).await?;
            tx.commit().await?;
            Ok::<_, Error>(Some(user))
        };
        let user = match written.await {
            Ok(Some(user)) => user,
            // His files have changed meanwhile, or he has signed in at this moment.
            Ok(None) => continue,
            Err(error) if error.kind() == ErrorKind::Contention => continue,
            Err(error) => return Err(error.into()),
        };
        app.people.changed();
        app.jobs.wake();
        app.bus.publish(BusEvent::Account { user: id });
        tracing::info!(user.id = %caller.id, changed.id = %id, "account changed");
        return Ok(answer(user));
    }
    let detail = text(
        "Ses dossiers changent en ce moment même : réessayez.",
        "Files of this person are being changed at this moment: try again.",
    );
    Err(Error::new(ErrorKind::Conflict, text("Dossiers en mouvement", "Files on the move")).detail(detail).into())
}

/// May the caller make this change to this person? A manager of some sites may change only people who work nowhere
/// else: with a new password the manager could enter the account and reach the other localisation.
pub(super) fn allowed(caller: &Caller, current: &User, change: &Wanted) -> Result<()> {
    let me = caller.id == current.id;
    if me && (change.active == Some(false) || change.other_role(current).is_some()) {
        let message = text(
            "Vous ne pouvez ni désactiver votre compte ni changer votre rôle.",
            "You cannot deactivate your account or change your role.",
        );
        return Err(Error::new(
            ErrorKind::Conflict,
            text("Impossible sur votre propre compte", "Not on your own account"),
        )
        .detail(message));
    }
    if me && change.password.is_some() {
        let message =
            text("Changez votre mot de passe depuis votre profil.", "Change your own password from your profile.");
        return Err(invalid(vec![field("/password", "own-password", message)]));
    }
    if me && change.localisation_ids.is_some() && !caller.role.access.network_wide() {
        return Err(forbidden());
    }
    let sites = current.localisations.iter().map(|l| l.id);
    may_manage(caller, &current.access, sites)?;
    may_manage(caller, change.access(current), change.sites().into_iter().flatten())
}

/// Is the person still valid after the change?
pub(super) fn consistent(current: &User, change: &Wanted) -> Result<()> {
    let mut problems = Vec::new();
    if let Some(password) = &change.password {
        let name = change.name.as_deref().unwrap_or(&current.name);
        problems.extend(password::check_new(password, Owner { email: &current.email, name }, "/password"));
    }
    let sites = change.localisation_ids.as_ref().map_or(current.localisations.len(), |sites| sites.len());
    if sites == 0 && !change.access(current).network_wide() {
        problems.push(needs_site());
    }
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

/// Refuses a change that leaves no administrator. Locks the administrators, so that two of them cannot remove each
/// other at once.
async fn keep_an_admin(tx: &mut Tx, current: &User, change: &Wanted) -> Result<()> {
    let goes = change.active == Some(false) || change.access(current).kind() != Role::Admin;
    if current.role != Role::Admin || !current.active || !goes {
        return Ok(());
    }
    let mut query = sql("SELECT id FROM users WHERE role = ? AND active = ?").bind(Role::Admin.id()).bind(true);
    query.push(dialect::for_update(tx.backend()));
    let others = query.all::<(UserId,)>(tx).await?.into_iter().filter(|(id,)| *id != current.id).count();
    if others > 0 {
        return Ok(());
    }
    let message = text("Il faut au moins un administrateur actif.", "There must be at least one active administrator.");
    Err(Error::new(ErrorKind::Conflict, text("Dernier administrateur", "Last administrator")).detail(message))
}

/// Writes the changes if the version still matches. Returns whether it did.
async fn update(tx: &mut Tx, current: &Loaded<User>, change: &Wanted, hash: Option<String>) -> Result<bool> {
    let now = Instant::now();
    let links_end = hash.is_some() || change.active == Some(false);
    let cut_off = hash.is_some() || change.active == Some(false) || change.other_role(current).is_some();
    let mut query = sql("UPDATE users SET version = version + 1");
    if let Some(name) = &change.name {
        query.push(", name = ?, name_key = ?").arg(name).arg(collation::key(name));
    }
    if let Some(role) = change.other_role(current) {
        query.push(", role_id = ?, role = ?").arg(&role.id).arg(role.kind().id());
    }
    if let Some(active) = change.active {
        query.push(", active = ?").arg(active);
    }
    if let Some(locale) = change.locale {
        query.push(", locale = ?").arg(if locale == Language::Fr { "fr" } else { "en" });
    }
    if let Some(hash) = hash {
        query.push(", password_hash = ?").arg(hash);
    }
    if cut_off {
        query.push(", tokens_from = ?").arg(now);
    }
    if !versioned(tx, query, current).await? {
        return Ok(false);
    }
    if let Some(sites) = change.sites() {
        store::replace_sites(tx, current.id, &sites).await?;
    }
    if cut_off {
        session::end_all(tx, current.id, None).await?;
    }
    if links_end {
        links::end_all(tx, current.id, now).await?;
    }
    Ok(true)
}

async fn versioned(tx: &mut Conn, mut query: Sql, current: &Loaded<User>) -> Result<bool> {
    query.push(" WHERE id = ?").arg(current.id).push(" AND version = ?").arg(current.version);
    noted(tx, [(Changed::User, current.id.uuid())]).await?;
    Ok(query.execute(tx).await? == 1)
}

/// 412 with the person as they are now, and the requested fields whose current value differs from the wanted one.
pub(super) fn lost(current: &User, change: &Wanted) -> Error {
    let sites = |ids: Vec<LocalisationId>| {
        ids.iter().collect::<BTreeSet<_>>() != current.localisations.iter().map(|l| &l.id).collect()
    };
    let differs = [
        ("name", change.name.as_ref().is_some_and(|v| **v != *current.name)),
        ("roleId", change.other_role(current).is_some()),
        ("localisationIds", change.sites().is_some_and(sites)),
        ("active", change.active.is_some_and(|v| v != current.active)),
        ("locale", change.locale.is_some_and(|v| (v == Language::Fr) != (current.locale == "fr"))),
    ];
    stale(current, differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect())
}
