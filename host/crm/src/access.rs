//! Why somebody sees a record and what he may do with it. The answers come from what decides: the conditions of
//! [`Scope`] and the verdicts of [`afpi_core::access::Access`]. Only the words are written here.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use afpi_core::access::Verdict;
use afpi_core::error::{Result, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::rights::{Action, Reach};
use afpi_core::scope::{Ground, Scoped};
use afpi_core::text::{Text, text};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::roles::{Held, RoleRef};
use afpi_platform::state::App;

/// Why something is so.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AccessReason)]
pub struct Reason {
    pub code: &'static str,
    pub message: Text,
}

/// Whether an action is allowed, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActionAccess {
    pub action: Action,
    pub allowed: bool,
    pub reason: Reason,
}

/// Why the caller sees a record, and what he may do with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordAccess {
    pub role: RoleRef,
    pub reach: Reach,
    /// Each is enough.
    pub reads: Vec<Reason>,
    pub actions: Vec<ActionAccess>,
}

/// Why a role may do it or not.
pub(crate) fn verdict(role: &Held, action: Action) -> ActionAccess {
    let verdict = role.access.verdict(action);
    let Text { fr, en } = &role.name;
    let message = match verdict {
        Verdict::Administrator => text("L'administrateur a tous les droits.", "The administrator has all rights."),
        Verdict::Given => {
            text(format!("Le rôle « {fr} » donne ce droit."), format!("The role “{en}” gives this right."))
        }
        Verdict::NotGiven => text(
            format!("Le rôle « {fr} » ne donne pas ce droit."),
            format!("The role “{en}” does not give this right."),
        ),
        Verdict::BeyondKind => text(
            format!("Le rôle « {fr} » ne peut pas recevoir ce droit."),
            format!("The role “{en}” cannot be given this right."),
        ),
    };
    ActionAccess { action, allowed: verdict.allows(), reason: Reason { code: verdict.into(), message } }
}

fn ground(ground: Ground, role: &Held, site: &str) -> Reason {
    let Text { fr, en } = &role.name;
    let message = match ground {
        Ground::Network => text(
            format!("Votre rôle « {fr} » voit tout le réseau."),
            format!("Your role “{en}” sees the whole network."),
        ),
        Ground::Site => text(
            format!("La fiche est à {site}, une de vos localisations."),
            format!("The record is at {site}, one of your localisations."),
        ),
        Ground::Own => text("Vous êtes le commercial de ce dossier.", "You are the sales rep of this file."),
        Ground::Absence => text(
            "Vous remplacez le commercial de ce dossier pendant son absence.",
            "You stand in for the sales rep of this file.",
        ),
        Ground::Dealings => text(
            "Une de vos localisations suit une opportunité avec cette entreprise.",
            "One of your localisations has an opportunité with this company.",
        ),
        Ground::Directory => text(
            format!("Votre rôle « {fr} » lit toutes les entreprises, pour éviter les doublons."),
            format!("Your role “{en}” reads all companies, to avoid duplicates."),
        ),
    };
    Reason { code: ground.into(), message }
}

/// The caller's access to this record; 404 when it is out of scope.
async fn record(app: &App, caller: &Caller, kind: Scoped, id: Uuid, actions: &[Action]) -> Result<RecordAccess> {
    let (joins, condition) = match kind {
        Scoped::Opportunite => ("JOIN localisations l ON l.id = o.localisation_id", " AND o.id = ?"),
        Scoped::Entreprise => ("JOIN localisations l ON l.id = e.localisation_id", " AND e.id = ?"),
        Scoped::Formateur => ("JOIN localisations l ON l.id = f.localisation_id", " AND f.id = ?"),
        Scoped::Salle => ("JOIN localisations l ON l.id = s.localisation_id", " AND s.id = ?"),
    };
    let (scope, role) = (caller.scope(), &caller.role);
    let mut conn = app.db.read().await?;
    let (mut reads, mut at) = (Vec::new(), None);
    for (why, mut query) in scope.explained(kind, "l.id, l.name", joins) {
        query.push(condition).arg(id);
        if let Some(site) = query.optional::<(LocalisationId, String)>(&mut conn).await? {
            reads.push(ground(why, role, &site.1));
            at = Some(site);
        }
    }
    let (site, name) = at.ok_or_else(not_found)?;
    let may = |action: &Action| {
        let decided = verdict(role, *action);
        if !decided.allowed || scope.changes(kind, site) {
            return decided;
        }
        let message = text(
            format!("La fiche est à {name}, qui n'est pas une de vos localisations."),
            format!("The record is at {name}, which is not one of your localisations."),
        );
        ActionAccess { allowed: false, reason: Reason { code: "elsewhere", message }, ..decided }
    };
    Ok(RecordAccess { role: role.short(), reach: caller.reach(), reads, actions: actions.iter().map(may).collect() })
}

/// Why I see this opportunité. What may be done in its sections is the workflow's to say.
#[utoipa::path(get, path = "/{id}/access", operation_id = "getOpportuniteAccess", tag = "opportunites", params(("id" = Uuid, Path)),
    responses((status = 200, body = RecordAccess), (status = 404, body = ProblemBody)))]
pub(crate) async fn opportunite(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<RecordAccess>> {
    Ok(Json(record(&app, &caller, Scoped::Opportunite, id, &[Action::OpportunitesEdit]).await?))
}

/// Why I see this company.
#[utoipa::path(get, path = "/{id}/access", operation_id = "getEntrepriseAccess", tag = "entreprises", params(("id" = Uuid, Path)),
    responses((status = 200, body = RecordAccess), (status = 404, body = ProblemBody)))]
pub(crate) async fn entreprise(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<RecordAccess>> {
    Ok(Json(record(&app, &caller, Scoped::Entreprise, id, &[Action::EntreprisesWrite]).await?))
}

/// Why I see this trainer.
#[utoipa::path(get, path = "/{id}/access", operation_id = "getFormateurAccess", tag = "formateurs", params(("id" = Uuid, Path)),
    responses((status = 200, body = RecordAccess), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn formateur(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<RecordAccess>> {
    caller.require(Action::FormateursRead)?;
    let actions = [Action::FormateursRead, Action::FormateursWrite];
    Ok(Json(record(&app, &caller, Scoped::Formateur, id, &actions).await?))
}

/// Why I see this room.
#[utoipa::path(get, path = "/{id}/access", operation_id = "getSalleAccess", tag = "salles", params(("id" = Uuid, Path)),
    responses((status = 200, body = RecordAccess), (status = 404, body = ProblemBody)))]
pub(crate) async fn salle(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<RecordAccess>> {
    Ok(Json(record(&app, &caller, Scoped::Salle, id, &[Action::SallesWrite]).await?))
}
