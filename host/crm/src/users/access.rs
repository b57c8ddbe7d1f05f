//! `GET /api/users/{id}/access`: what somebody may do and how far he sees, with the reasons.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::access::{ActionAccess, Reason, verdict};
use afpi_core::error::internal;
use afpi_core::id::UserId;
use afpi_core::rights::{Action, Reach};
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::roles::{self, Held, RoleRef};
use afpi_platform::state::App;

/// A person's present rights.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserAccess {
    /// The role everything here comes from.
    pub role: RoleRef,
    /// Nothing is allowed to an account that is switched off.
    pub active: bool,
    pub reach: Reach,
    pub reach_reason: Reason,
    /// Where, unless he sees the whole network.
    pub localisations: Vec<LocalisationRef>,
    /// Every action there is.
    pub actions: Vec<ActionAccess>,
}

fn reach(role: &Held) -> Reason {
    let (reach, Text { fr, en }) = (role.access.reach(), &role.name);
    let message = match reach {
        Reach::Network => {
            text(format!("Le rôle « {fr} » voit tout le réseau."), format!("The role “{en}” sees the whole network."))
        }
        Reach::Sites => text(
            format!("Le rôle « {fr} » voit ce qui est dans les localisations de la personne."),
            format!("The role “{en}” sees what is at the person's localisations."),
        ),
        Reach::Own => text(
            format!(
                "Le rôle « {fr} » voit les dossiers de la personne, et ce qui n'appartient à personne dans ses localisations."
            ),
            format!(
                "The role “{en}” sees the person's own files, and what belongs to nobody at the person's localisations."
            ),
        ),
    };
    Reason { code: reach.id(), message }
}

/// The effective access of a person, or of oneself.
#[utoipa::path(get, path = "/{id}/access", operation_id = "getUserAccess", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserAccess), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<UserId>) -> ApiResult<Json<UserAccess>> {
    let scope = if id == caller.id { Scope::All } else { caller.scope() };
    if id != caller.id {
        caller.require(Action::UsersRead)?;
    }
    let mut conn = app.db.read().await?;
    let user = store::load(&mut conn, &scope, id).await?.into_inner();
    let gone = || internal(format!("user {id} has no role"));
    let role = roles::find(&mut conn, &user.role_id).await?.ok_or_else(gone)?;
    let decided = |action| {
        let decided = verdict(&role, action);
        if user.active {
            return decided;
        }
        let message = text("Ce compte est désactivé.", "This account is deactivated.");
        ActionAccess { allowed: false, reason: Reason { code: "inactive", message }, ..decided }
    };
    Ok(Json(UserAccess {
        role: role.short(),
        active: user.active,
        reach: role.access.reach(),
        reach_reason: reach(&role),
        localisations: user.localisations,
        actions: Action::every().map(decided).collect(),
    }))
}
