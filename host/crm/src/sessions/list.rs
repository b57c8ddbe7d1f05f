//! `GET /api/sessions` and `GET /api/sessions/export`.

use afpi_db::{Conn, Sql};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;

use super::description::{self, SESSIONS};
use super::input::Status;
use super::places;
use super::read::{COLUMNS, Item, JOINS, SessionRow, show};
use crate::exports::{self, Asked};
use crate::search::{Kind, Sought};
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId, SessionId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::paging::{Count, Key, ListMeta, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Format};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    /// Words of the number or the title.
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    status: Option<Status>,
    /// Sessions with a half-day from this day on.
    from: Option<NaiveDate>,
    /// Sessions with a half-day up to this day.
    to: Option<NaiveDate>,
    #[param(value_type = Option<Uuid>)]
    formateur_id: Option<FormateurId>,
    #[param(value_type = Option<Uuid>)]
    opportunite_id: Option<OpportuniteId>,
}

/// The filters of an export.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportFilters {
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    status: Option<Status>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

static SORTS: Sorts<SessionRow> = Sorts {
    default: "-firstDay",
    keys: &[
        description::FIRST_DAY.sort(|r| Key::Text(r.first_day.map(|day| day.to_string()).unwrap_or_default())),
        description::NUMERO.sort(|r| Key::Text(r.numero_norm.clone())),
        description::TITLE.sort(|r| Key::Bytes(r.title_key.clone())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &ExportFilters) {
    crate::search::matching(query, SESSIONS.search, f.q.as_deref());
    description::LOCALISATION.equals(query, f.localisation_id);
    description::STATUS.equals(query, f.status.map(Status::as_str));
    description::LAST_DAY.at_least(query, f.from.map(|day| day.to_string()));
    description::FIRST_DAY.at_most(query, f.to.map(|day| day.to_string()));
}

impl Filters {
    fn apply(&self, query: &mut Sql) {
        let Filters { q, localisation_id, status, from, to, .. } = self.clone();
        filter(query, &ExportFilters { q, localisation_id, status, from, to });
        if let Some(formateur) = self.formateur_id {
            query
                .push(" AND (EXISTS (SELECT 1 FROM session_plans s WHERE s.session_id = n.id AND s.formateur = ?)")
                .arg(formateur.to_string())
                .push(" OR EXISTS (SELECT 1 FROM session_rows s WHERE s.session_id = n.id AND s.formateur = ?))")
                .arg(formateur.to_string());
        }
        if let Some(opportunite) = self.opportunite_id {
            query
                .push(" AND EXISTS (SELECT 1 FROM session_opportunites x WHERE x.session_id = n.id AND x.opportunite_id = ?)")
                .arg(opportunite);
        }
    }
}

/// The sessions in scope with half-days between these days, without cancelled ones.
pub async fn between(conn: &mut Conn, scope: &Scope, from: Day, to: Day) -> Result<Vec<Item>> {
    let mut query = scope.sessions(COLUMNS, JOINS);
    query.push(" AND n.status <> ?").arg(Status::Annulee.as_str());
    description::LAST_DAY.at_least(&mut query, Some(from.to_string()));
    description::FIRST_DAY.at_most(&mut query, Some(to.to_string()));
    query.push(" ORDER BY n.first_day, n.id");
    let rows: Vec<SessionRow> = query.all(conn).await?;
    let mut names = places::names(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows
        .into_iter()
        .map(|row| (names.remove(&row.id).unwrap_or_default(), row))
        .map(|(n, row)| show(row, n))
        .collect())
}

/// List sessions.
#[utoipa::path(get, path = "/", operation_id = "listSessions", tag = "sessions", params(Filters),
    responses((status = 200, body = Page<Item>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Params(mut f): Params<Filters>,
) -> ApiResult<Json<Page<Item>>> {
    let bound = (&f.q, &f.localisation_id, &f.status, &f.from, &f.to, &f.formateur_id, &f.opportunite_id);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let q = f.q.take();
    let mut sought = Sought::new(&app, Kind::Session, &SESSIONS, q.as_deref()).await?;
    let select = |columns, joins, sought: &Sought| {
        let mut query = scope.sessions(columns, joins);
        f.apply(&mut query);
        sought.narrow(&mut query);
        query
    };
    let mut conn = reads.read().await?;
    let total = sought.total(&app, &mut conn, &page, |sought| select("1", "", sought)).await?;
    let mut query = select(COLUMNS, JOINS, &sought);
    page.apply(&mut query, "n.id");
    let rows: Vec<SessionRow> = query.all(&mut conn).await?;
    let mut names = places::names(&mut conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let Page { data, meta } = page.page(rows, total, |r: &SessionRow| r.id.uuid(), |row| row);
    let data = data.into_iter().map(|row| (names.remove(&row.id).unwrap_or_default(), row));
    let data = data.map(|(names, row)| show(row, names)).collect();
    let meta: ListMeta = meta;
    Ok(Json(Page { data, meta }))
}

/// Export sessions as a file. `Accept` chooses CSV or XLSX.
#[utoipa::path(get, path = "/export", operation_id = "exportSessions", tag = "sessions", params(ExportFilters),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(which): Params<ExportFilters>,
) -> ApiResult<Response> {
    caller.require(Action::StagiairesExport)?;
    let scope = caller.scope();
    let mut count = scope.sessions("COUNT(*)", "");
    filter(&mut count, &which);
    exports::tell(&app, &caller, "sessions", &asked, count).await?;
    Ok(exports::file(&SESSIONS, "sessions", format, locale, move |after: Option<SessionId>| {
        let mut query = scope.sessions(COLUMNS, JOINS);
        filter(&mut query, &which);
        if let Some(after) = after {
            query.push(" AND n.id > ?").arg(after);
        }
        query.push(" ORDER BY n.id").limit(sheet::BATCH);
        let db = app.db.clone();
        async move {
            let mut conn = db.read().await?;
            let rows: Vec<SessionRow> = query.all(&mut conn).await?;
            let mut names = places::names(&mut conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
            let item = |row: SessionRow| (row.id, names.remove(&row.id).unwrap_or_default(), row);
            let items = rows.into_iter().map(item).map(|(id, names, row)| (id, show(row, names)));
            Ok(items.collect())
        }
    })
    .await?)
}
