//! `GET /api/formateurs`.

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;

use super::description::{self, FORMATEURS};
use super::expiries::Files;
use super::input::Kind;
use super::read::{COLUMNS, Formateur, FormateurRow, JOINS, show};
use crate::search::{self, Sought};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
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
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    kind: Option<Kind>,
    active: Option<bool>,
    skill: Option<String>,
}

static SORTS: Sorts<FormateurRow> = Sorts {
    default: "name",
    keys: &[
        description::NAME.sort(|r| Key::Bytes(r.name_key.clone())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters) {
    search::matching(query, FORMATEURS.search, f.q.as_deref());
    description::LOCALISATION.equals(query, f.localisation_id);
    description::KIND.equals(query, f.kind.map(Kind::as_str));
    description::ACTIVE.equals(query, f.active);
    description::SKILLS.has(query, f.skill.as_deref());
}

/// List trainers.
#[utoipa::path(get, path = "/", operation_id = "listFormateurs", tag = "formateurs", params(Filters),
    responses((status = 200, body = Page<Formateur>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Params(mut f): Params<Filters>,
) -> ApiResult<Json<Page<Formateur>>> {
    caller.require(Action::FormateursRead)?;
    let bound = (&f.q, &f.localisation_id, &f.kind, &f.active, &f.skill);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let q = f.q.take();
    let mut sought = Sought::new(&app, search::Kind::Formateur, &FORMATEURS, q.as_deref()).await?;
    let select = |columns, joins, sought: &Sought| {
        let mut query = scope.formateurs(columns, joins);
        filter(&mut query, &f);
        sought.narrow(&mut query);
        query
    };
    let mut conn = reads.read().await?;
    let total = sought.total(&app, &mut conn, &page, |sought| select("1", "", sought)).await?;
    let mut query = select(COLUMNS, JOINS, &sought);
    page.apply(&mut query, "f.id");
    let rows: Vec<FormateurRow> = query.all(&mut conn).await?;
    let mut files = Files::of(&mut conn, rows.iter().map(|row| row.id)).await?;
    Ok(Json(page.page(rows, total, |r: &FormateurRow| r.id.uuid(), |row| show(row, &mut files))))
}
