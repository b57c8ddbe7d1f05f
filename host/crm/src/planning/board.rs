//! `GET /api/planning`: the trainers and rooms of a stretch of days, the sessions that are planned then, and whatever
//! else has taken them. It asks a handful of statements, however many trainers there are.

use axum::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::half_days::{self, PlanningHalfDay, PlanningTaken, Shown};
use crate::formateurs::{self, FormateurRef};
use crate::salles::{self, Salle};
use crate::sessions::{self, Item};
use afpi_core::clock::Day;
use afpi_core::error::{Result, bad_parameter};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;

/// A quarter: more than a board shows at once.
const MOST_DAYS: i64 = 92;
/// A week from its first day.
const USUAL_DAYS: i64 = 6;

/// First and last day, both included. Default: seven days from today; at most 93 days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Stretch {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// Only the trainers and rooms of this site, and the trainers of the network.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// Who teaches what where. Sessions of other sites are not named: what they have taken is only taken.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanningBoard {
    /// The active trainers, by name. Empty for a reader who may not see trainers.
    pub formateurs: Vec<FormateurRef>,
    /// The active rooms, by name.
    pub salles: Vec<Salle>,
    /// The sessions of these half-days. Cancelled ones are left out.
    pub sessions: Vec<Item>,
    pub half_days: Vec<PlanningHalfDay>,
    /// What takes these trainers and rooms beside `halfDays`: absences, opportunités without a session, and what the
    /// caller may not see.
    pub taken: Vec<PlanningTaken>,
}

/// Read the planning of trainers and rooms.
#[utoipa::path(get, path = "/", operation_id = "getPlanningBoard", tag = "planning", params(Stretch),
    responses((status = 200, body = PlanningBoard), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn read(
    Reads(reads): Reads,
    caller: Caller,
    Params(stretch): Params<Stretch>,
) -> ApiResult<Json<PlanningBoard>> {
    let (from, to) = days(&stretch)?;
    let site = stretch.localisation_id;
    let scope = caller.scope();
    let mut conn = reads.read().await?;
    let formateurs = match caller.may(Action::FormateursRead) {
        true => formateurs::choosable(&mut conn, &scope, site).await?,
        false => Vec::new(),
    };
    let salles = salles::choosable(&mut conn, &scope, site).await?;
    let mut sessions = sessions::between(&mut conn, &scope, from, to).await?;
    let shown = Shown::new(&formateurs, &salles, &sessions, site);
    let half_days = half_days::of_sessions(&mut conn, &shown, from, to).await?;
    let taken = half_days::taken(&mut conn, &scope, &shown, &half_days, from, to).await?;
    sessions.retain(|session| half_days.iter().any(|half_day| half_day.session_id == session.id));
    Ok(Json(PlanningBoard { formateurs, salles, sessions, half_days, taken }))
}

fn days(stretch: &Stretch) -> Result<(Day, Day)> {
    let from = stretch.from.map_or_else(Day::today, Day::from);
    let to = stretch.to.map_or_else(|| from.plus(USUAL_DAYS), Day::from);
    if (0..=MOST_DAYS).contains(&(to.date() - from.date()).num_days()) {
        return Ok((from, to));
    }
    let message =
        text("La fin doit suivre le début, de 92 jours au plus.", "The end must follow the start by at most 92 days.");
    Err(bad_parameter("to", message))
}
