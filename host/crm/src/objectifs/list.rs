//! `GET /api/objectifs` and `/api/objectifs/metrics`.

use std::collections::BTreeSet;

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;

use super::store::{COLUMNS, JOINS, ObjectifRow};
use super::{Objectif, actual, description};
use crate::figures::facts::Narrowing;
use crate::figures::lens::Lens;
use crate::figures::period::Period;
use crate::figures::wire::Metric;
use afpi_core::error::{Error, Result, bad_parameter};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::paging::{All, Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations;
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
    metric: Option<String>,
    /// `2026`, `2026-2027` (a school year), `2026-S2`, `2026-Q4` or `2026-11`: targets for this period and for periods within it.
    period: Option<String>,
    #[param(value_type = Option<Uuid>)]
    user_id: Option<UserId>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

static SORTS: Sorts<ObjectifRow> = Sorts {
    default: "-period",
    keys: &[
        description::FIRST_DAY.sort(|r| Key::Text(r.first_day.to_string())),
        description::METRIC.sort(|r| Key::Text(r.metric.clone())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

/// Parses a period parameter; 400 when it is invalid.
pub(crate) fn period_of(text: &str) -> Result<Period> {
    Period::parse(text).ok_or_else(|| bad_parameter("period", Period::expected()))
}

fn filter(query: &mut Sql, f: &Filters, period: Option<Period>) {
    if let Some(metric) = &f.metric {
        // A target stores the bare id while its holder's sites have only one metric with it.
        let word = metric.split_once(':').map_or(metric.as_str(), |(_, word)| word);
        query.push(" AND j.metric IN ").list([metric.as_str(), word]);
    }
    description::FIRST_DAY.at_least(query, period.map(|period| period.first));
    description::LAST_DAY.at_most(query, period.map(|period| period.last));
    description::USER.equals(query, f.user_id);
    description::LOCALISATION.equals(query, f.localisation_id);
}

/// List targets with what they have reached.
#[utoipa::path(get, path = "/", operation_id = "listObjectifs", tag = "objectifs", params(Filters),
    responses((status = 200, body = Page<Objectif>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    id: RequestId,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Objectif>>> {
    caller.require(Action::ObjectifsRead)?;
    let period = f.period.as_deref().map(period_of).transpose()?;
    let bound = (&f.metric, &f.period, &f.user_id, &f.localisation_id);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut matching = scope.objectifs("1", "");
    filter(&mut matching, &f, period);
    let total = page.total(&mut conn, matching).await?;
    let mut query = scope.objectifs(COLUMNS, JOINS);
    filter(&mut query, &f, period);
    page.apply(&mut query, "j.id");
    let rows = query.all(&mut conn).await?;
    drop(conn);
    let Page { data, meta } = page.page(rows, total, |r: &ObjectifRow| r.id.uuid(), |row| row);
    let mut data = data.into_iter().map(ObjectifRow::show).collect::<Result<Vec<_>>>()?;
    filled(&app, Lens::of(&app, locale, id.as_str()).await, &mut data).await;
    Ok(Json(Page { data, meta }))
}

/// Fills in the reached figures if a plugin answers. Targets are shown without them as well.
pub(super) async fn filled(app: &App, lens: Result<Option<Lens>>, objectifs: &mut [Objectif]) {
    let told = match lens {
        Ok(Some(lens)) => actual::fill(app, &lens, objectifs).await,
        Ok(None) => Ok(()),
        Err(problem) => Err(problem),
    };
    if let Err(problem) = told {
        tracing::warn!(problem.code = problem.kind().code(), "targets shown without what is reached");
    }
}

/// Targets for exactly this period in scope, optionally of one localisation and one commercial; at most 100.
pub async fn of_period(
    app: &App,
    scope: &Scope,
    lens: &Lens,
    period: Period,
    narrowing: Narrowing,
) -> Result<Vec<Objectif>> {
    let mut query = scope.objectifs(COLUMNS, JOINS);
    query.push(" AND j.first_day = ?").arg(period.first).push(" AND j.last_day = ?").arg(period.last);
    if let Some(user) = narrowing.commercial {
        query.push(" AND j.user_id = ?").arg(user);
    }
    if let Some(site) = narrowing.site {
        query.push(" AND (j.localisation_id = ? OR j.user_id IN (SELECT x.user_id FROM user_localisations x WHERE x.localisation_id = ?))");
        query.arg(site).arg(site);
    }
    // Targets of localisations come before those of people.
    query
        .push(" ORDER BY CASE WHEN j.user_id IS NULL THEN 0 ELSE 1 END, j.metric, l.code, u.name_key, j.id")
        .limit(100);
    let rows = query.all::<ObjectifRow>(&mut app.db.read().await?).await?;
    let mut objectifs = rows.into_iter().map(ObjectifRow::show).collect::<Result<Vec<_>>>()?;
    actual::fill(app, lens, &mut objectifs).await?;
    Ok(objectifs)
}

/// List the metrics of the localisations in scope.
#[utoipa::path(get, path = "/metrics", operation_id = "listMetrics", tag = "objectifs",
    responses((status = 200, body = All<Metric>), (status = 401, body = ProblemBody)))]
pub(super) async fn metrics(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    id: RequestId,
) -> ApiResult<Json<All<Metric>>> {
    let mut conn = app.db.read().await?;
    let sites = localisations::all(&mut conn).await?;
    drop(conn);
    let scope = caller.scope();
    let mine: BTreeSet<_> = sites.into_iter().map(|l| l.id).filter(|site| scope.covers_site(*site)).collect();
    let lens = Lens::of(&app, locale, id.as_str()).await?;
    Ok(Json(All { data: lens.iter().flat_map(|lens| lens.metrics_at(&mine)).map(Metric::from).collect() }))
}

/// 503 when a figure is needed and no objectives plugin is enabled.
pub(super) fn no_plugin() -> Error {
    afpi_core::error::unavailable("plugins")
        .detail(text("Aucune extension d'objectifs n'est activée.", "No objectives plugin is enabled."))
}
