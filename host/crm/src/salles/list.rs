//! `GET /api/salles`.

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;

use super::description;
use super::read::{COLUMNS, JOINS, Salle, SalleRow, show};
use afpi_core::id::LocalisationId;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    /// Words of the name or the equipment.
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    active: Option<bool>,
    /// Rooms for at least this many people.
    min_capacity: Option<i64>,
}

static SORTS: Sorts<SalleRow> = Sorts {
    default: "name",
    keys: &[
        description::NAME.sort(|r| Key::Bytes(r.name_key.clone())),
        description::CAPACITY.sort(|r| Key::Int(r.capacity.unwrap_or_default())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters) {
    crate::search::matching(query, description::SALLES.search, f.q.as_deref());
    description::LOCALISATION.equals(query, f.localisation_id);
    description::ACTIVE.equals(query, f.active);
    description::CAPACITY.at_least(query, f.min_capacity);
}

/// List rooms.
#[utoipa::path(get, path = "/", operation_id = "listSalles", tag = "salles", params(Filters),
    responses((status = 200, body = Page<Salle>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Salle>>> {
    let bound = (&f.q, &f.localisation_id, &f.active, &f.min_capacity);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut matching = scope.salles("1", "");
    filter(&mut matching, &f);
    let total = page.total(&mut conn, matching).await?;
    let mut query = scope.salles(COLUMNS, JOINS);
    filter(&mut query, &f);
    page.apply(&mut query, "s.id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |r: &SalleRow| r.id.uuid(), show)))
}
