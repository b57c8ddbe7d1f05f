//! `GET /api/formateurs/{id}/planning`: the booked half-days.

use axum::Json;
use axum::extract::State;

use super::store::RESOURCE;
use crate::reservations::{PlanningSlot, Window, slots};
use afpi_core::error::not_found;
use afpi_core::id::{FormateurId, LocalisationId};
use afpi_core::rights::Action;
use afpi_http::input::{Id, Params};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Read the booked half-days of a trainer. The trainer belongs to one of the caller's sites or to the network. For a
/// trainer of another site the reason of an absence is left out.
#[utoipa::path(get, path = "/{id}/planning", operation_id = "getPlanning", tag = "formateurs", params(("id" = Uuid, Path), Window),
    responses((status = 200, body = All<PlanningSlot>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn planning(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<FormateurId>,
    Params(window): Params<Window>,
) -> ApiResult<Json<All<PlanningSlot>>> {
    caller.require(Action::FormateursRead)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut query = scope.bookable_formateurs("f.localisation_id", "");
    query.push(" AND f.id = ?").arg(id);
    let site = query.optional::<(LocalisationId,)>(&mut conn).await?.ok_or_else(not_found)?.0;
    let mut data = slots(&mut conn, &scope, RESOURCE, id, &window).await?;
    if !scope.covers_site(site) {
        data.iter_mut().for_each(|slot| slot.reason = None);
    }
    Ok(Json(All { data }))
}
