//! `GET /api/formateurs`.

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;
use uuid::Uuid;

use super::input::Kind;
use super::read::{COLUMNS, Formateur, FormateurRow, JOINS, show};
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::paging::{Key, Page, PageRequest, SortKey, Sorts};
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
    q: Option<String>,
    localisation_id: Option<Uuid>,
    kind: Option<Kind>,
    active: Option<bool>,
    skill: Option<String>,
}

static SORTS: Sorts<FormateurRow> = Sorts {
    default: "name",
    keys: &[
        SortKey { name: "name", column: "f.name_key", key: |r| Key::Bytes(r.name_key.clone()) },
        SortKey { name: "createdAt", column: "f.created_at", key: |r| Key::Int(r.created_at) },
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters) {
    crate::search::matching(query, &["f.search"], f.q.as_deref());
    if let Some(site) = f.localisation_id {
        query.push(" AND f.localisation_id = ?").arg(site);
    }
    if let Some(kind) = f.kind {
        query.push(" AND f.kind = ?").arg(kind.as_str());
    }
    if let Some(active) = f.active {
        query.push(" AND f.active = ?").arg(active);
    }
    if let Some(skill) = &f.skill {
        // Skills are a JSON array of strings; the quotes keep `soudage` from finding `soudage TIG`.
        let quoted = serde_json::Value::from(skill.as_str())
            .to_string()
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        query.push(" AND f.skills LIKE ? ESCAPE '!'").arg(format!("%{quoted}%"));
    }
}

/// Trainers.
#[utoipa::path(get, path = "/", operation_id = "listFormateurs", tag = "formateurs", params(Filters),
    responses((status = 200, body = Page<Formateur>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Formateur>>> {
    caller.require(Action::FormateursRead)?;
    let bound = (&f.q, &f.localisation_id, &f.kind, &f.active, &f.skill);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), &SORTS, &bound)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut count = scope.formateurs("COUNT(*)", "");
    filter(&mut count, &f);
    let total = count.scalar(&mut conn).await?;
    let mut query = scope.formateurs(COLUMNS, JOINS);
    filter(&mut query, &f);
    page.apply(&mut query, "f.id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |r: &FormateurRow| r.id, show)))
}
