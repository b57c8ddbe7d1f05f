//! `GET /api/formateurs/{id}/planning`: the half-days that are taken.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::read::load;
use super::store::RESOURCE;
use crate::auth::caller::Caller;
use crate::http::input::{Id, Params};
use crate::http::paging::All;
use crate::http::problem::{ApiResult, ProblemBody, bad_parameter};
use crate::rights::Action;
use crate::state::App;
use crate::text::text;

/// From when to when, both included: by default eight weeks from today, at most 400 days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Window {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

const DEFAULT_DAYS: u64 = 56;
const MAX_DAYS: i64 = 400;

/// A half-day that is taken: by an opportunité (named when the caller may see it), or for a reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanningSlot {
    pub day: String,
    /// `am` or `pm`.
    pub half: String,
    pub opportunite: Option<OpportuniteRef>,
    pub reason: Option<String>,
}

/// The short form of an opportunité.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportuniteRef {
    pub id: Uuid,
    pub numero: String,
    pub title: String,
}

afpi_db::row! {
    struct SlotRow { day: String, half: String, opportunite_id: Option<Uuid>, reason: Option<String> }
}

/// The half-days on which a trainer is taken.
#[utoipa::path(get, path = "/{id}/planning", operation_id = "getPlanning", tag = "formateurs", params(("id" = Uuid, Path), Window),
    responses((status = 200, body = All<PlanningSlot>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn planning(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(window): Params<Window>,
) -> ApiResult<Json<All<PlanningSlot>>> {
    caller.require(Action::FormateursRead)?;
    let (from, to) = days(&window)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    load(&mut conn, &scope, id).await?;
    let rows = afpi_db::sql("SELECT day, half, opportunite_id, reason FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ? AND day <= ? ORDER BY day, half")
        .bind(RESOURCE)
        .bind(id.to_string())
        .bind(from.to_string())
        .bind(to.to_string())
        .all::<SlotRow>(&mut conn)
        .await?;
    let mut query = scope.opportunites("o.id, o.numero, o.title", "");
    query.push(" AND o.id IN ").list(rows.iter().filter_map(|r| r.opportunite_id));
    let seen: HashMap<Uuid, OpportuniteRef> = query
        .all::<(Uuid, String, String)>(&mut conn)
        .await?
        .into_iter()
        .map(|(id, numero, title)| (id, OpportuniteRef { id, numero, title }))
        .collect();
    let slot = |r: SlotRow| PlanningSlot {
        opportunite: r.opportunite_id.and_then(|id| seen.get(&id).cloned()),
        day: r.day,
        half: r.half,
        reason: r.reason,
    };
    Ok(Json(All { data: rows.into_iter().map(slot).collect() }))
}

fn days(window: &Window) -> ApiResult<(NaiveDate, NaiveDate)> {
    let from = match window.from {
        Some(from) => from,
        None => crate::clock::today().parse().map_err(crate::http::problem::internal)?,
    };
    let to = window.to.or_else(|| from.checked_add_days(Days::new(DEFAULT_DAYS))).unwrap_or(from);
    if (0..=MAX_DAYS).contains(&(to - from).num_days()) {
        return Ok((from, to));
    }
    Err(bad_parameter(
        "to",
        text(
            "La fin doit suivre le début, de 400 jours au plus.",
            "The end must follow the start by at most 400 days.",
        ),
    ))
}
