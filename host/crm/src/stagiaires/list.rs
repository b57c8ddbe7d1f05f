//! `GET /api/stagiaires`, `GET /api/stagiaires/export` and `GET /api/opportunites/{id}/stagiaires`.

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};

use super::description::{self, STAGIAIRES};
use super::duplicates::{self, Marks};
use super::input::Status;
use super::read::{COLUMNS, Item, JOINS, StagiaireRow, show_all};
use super::rights;
use crate::exports::{self, Asked};
use crate::search::{Kind, Sought};
use afpi_core::id::{LocalisationId, OpportuniteId, SessionId, StagiaireId};
use afpi_core::rights::Action;
use afpi_http::input::{Id, Params};
use afpi_http::language::Language;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Format};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The filters of an export.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Words of the name, the company or the e-mail address.
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    #[param(value_type = Option<Uuid>)]
    session_id: Option<SessionId>,
    #[param(value_type = Option<Uuid>)]
    opportunite_id: Option<OpportuniteId>,
    status: Option<Status>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    /// Words of the name, the company or the e-mail address.
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    #[param(value_type = Option<Uuid>)]
    session_id: Option<SessionId>,
    #[param(value_type = Option<Uuid>)]
    opportunite_id: Option<OpportuniteId>,
    status: Option<Status>,
}

static SORTS: Sorts<StagiaireRow> = Sorts {
    default: "name",
    keys: &[
        description::NAME.sort(|r| Key::Bytes(r.name_key.clone())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

impl Which {
    fn apply(&self, query: &mut Sql) {
        crate::search::matching(query, STAGIAIRES.search, self.q.as_deref());
        description::STATUS.equals(query, self.status.map(Status::as_str));
        description::OPPORTUNITE.equals(query, self.opportunite_id);
        if let Some(site) = self.localisation_id {
            query.push(" AND o.localisation_id = ?").arg(site);
        }
        if let Some(session) = self.session_id {
            query
                .push(
                    " AND EXISTS (SELECT 1 FROM session_stagiaires p WHERE p.stagiaire_id = t.id AND p.session_id = ?)",
                )
                .arg(session);
        }
    }
}

/// List trainees.
#[utoipa::path(get, path = "/", operation_id = "listStagiaires", tag = "stagiaires", params(Filters),
    responses((status = 200, body = Page<Item>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Item>>> {
    let Filters { q, localisation_id, session_id, opportunite_id, status, .. } = f;
    let mut which = Which { q, localisation_id, session_id, opportunite_id, status };
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &which)?;
    let scope = caller.scope();
    let q = which.q.take();
    let mut sought = Sought::new(&app, Kind::Stagiaire, &STAGIAIRES, q.as_deref()).await?;
    let select = |columns, joins, sought: &Sought| {
        let mut query = scope.stagiaires(columns, joins);
        which.apply(&mut query);
        sought.narrow(&mut query);
        query
    };
    let mut conn = app.db.read().await?;
    let total = sought.total(&app, &mut conn, &page, |sought| select("1", "", sought)).await?;
    let mut query = select(COLUMNS, JOINS, &sought);
    page.apply(&mut query, "t.id");
    let rows: Vec<StagiaireRow> = query.all(&mut conn).await?;
    let Page { data, meta } = page.page(rows, total, |r: &StagiaireRow| r.id.uuid(), |row| row);
    Ok(Json(Page { data: show_all(&mut conn, data).await?, meta }))
}

/// Export trainees as a file. `Accept` chooses CSV or XLSX.
#[utoipa::path(get, path = "/export", operation_id = "exportStagiaires", tag = "stagiaires", params(Which),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(which): Params<Which>,
) -> ApiResult<Response> {
    caller.require(Action::StagiairesExport)?;
    let scope = caller.scope();
    let mut count = scope.stagiaires("COUNT(*)", "");
    which.apply(&mut count);
    exports::tell(&app, &caller, "stagiaires", &asked, count).await?;
    Ok(exports::file(&STAGIAIRES, "stagiaires", format, locale, move |after: Option<StagiaireId>| {
        let mut query = scope.stagiaires(COLUMNS, JOINS);
        which.apply(&mut query);
        if let Some(after) = after {
            query.push(" AND t.id > ?").arg(after);
        }
        query.push(" ORDER BY t.id").limit(sheet::BATCH);
        let db = app.db.clone();
        async move {
            let mut conn = db.read().await?;
            let rows: Vec<StagiaireRow> = query.all(&mut conn).await?;
            Ok(show_all(&mut conn, rows).await?.into_iter().map(|item| (item.id, item)).collect())
        }
    })
    .await?)
}

/// The trainees of an opportunité.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagiairesOfOpportunite {
    /// In the order in which they were entered.
    data: Vec<StagiaireOfOpportunite>,
    /// May the caller edit them?
    editable: bool,
    /// The company that new trainees get.
    company: String,
}

/// A trainee among those of the opportunité.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagiaireOfOpportunite {
    #[serde(flatten)]
    item: Item,
    /// An earlier trainee of the opportunité who looks like the same person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>, required = false)]
    duplicate_of: Option<StagiaireId>,
}

pub(super) fn marks(row: &StagiaireRow) -> Marks {
    Marks::of(&row.first_name, &row.last_name, row.birth_date, row.email.as_deref())
}

/// List the trainees of an opportunité.
#[utoipa::path(get, path = "/{id}/stagiaires", operation_id = "listOpportuniteStagiaires", tag = "stagiaires", params(("id" = Uuid, Path)),
    responses((status = 200, body = StagiairesOfOpportunite), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn of_opportunite(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<OpportuniteId>,
) -> ApiResult<Json<StagiairesOfOpportunite>> {
    let scope = caller.scope();
    let file = rights::load(&mut app.db.read().await?, &scope, id).await?;
    let editable = rights::may_edit(&app, &caller, &file).await;
    let mut conn = app.db.read().await?;
    let rows = super::store::of(&mut conn, &scope, id).await?;
    let earlier = duplicates::earlier(&rows.iter().map(marks).collect::<Vec<_>>());
    let ids: Vec<StagiaireId> = rows.iter().map(|row| row.id).collect();
    let items = show_all(&mut conn, rows).await?;
    let data = items.into_iter().zip(earlier).map(|(item, earlier)| StagiaireOfOpportunite {
        item,
        duplicate_of: earlier.and_then(|at| ids.get(at).copied()),
    });
    Ok(Json(StagiairesOfOpportunite { data: data.collect(), editable, company: file.entreprise.clone() }))
}
