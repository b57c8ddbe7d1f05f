//! `GET /api/salles/{id}/planning`: the booked half-days.

use axum::Json;
use axum::extract::State;

use super::read::load;
use crate::reservations::{PlanningSlot, Window, slots};
use afpi_core::id::SalleId;
use afpi_http::input::{Id, Params};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The kind of room bookings in the workflow contract.
pub const RESOURCE: &str = "salle";

/// Read the booked half-days of a room.
#[utoipa::path(get, path = "/{id}/planning", operation_id = "getSallePlanning", tag = "salles", params(("id" = Uuid, Path), Window),
    responses((status = 200, body = All<PlanningSlot>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn planning(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<SalleId>,
    Params(window): Params<Window>,
) -> ApiResult<Json<All<PlanningSlot>>> {
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    load(&mut conn, &scope, id).await?;
    Ok(Json(All { data: slots(&mut conn, &scope, RESOURCE, id, &window).await? }))
}
