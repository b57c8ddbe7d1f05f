//! `GET /api/salles/{id}/planning`: the half-days that are taken.

use axum::Json;
use axum::extract::State;

use super::read::load;
use crate::auth::caller::Caller;
use crate::crm::reservations::{PlanningSlot, Window, slots};
use crate::http::input::{Id, Params};
use crate::http::paging::All;
use crate::http::problem::{ApiResult, ProblemBody};
use crate::state::App;

/// The kind of the bookings of rooms, as the workflow contract names it.
pub const RESOURCE: &str = "salle";

/// When a room is taken.
#[utoipa::path(get, path = "/{id}/planning", operation_id = "getSallePlanning", tag = "salles", params(("id" = Uuid, Path), Window),
    responses((status = 200, body = All<PlanningSlot>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn planning(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(window): Params<Window>,
) -> ApiResult<Json<All<PlanningSlot>>> {
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    load(&mut conn, &scope, id).await?;
    Ok(Json(All { data: slots(&mut conn, &scope, RESOURCE, id, &window).await? }))
}
