//! `GET /api/dashboard`: reads the facts once and computes the figures through the objectives plugins of each site.

use std::collections::HashMap;

use afpi_plugins::contract::objectives::Grouping;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::funnel::funnel;
use super::shares;
use super::wire::*;
use crate::figures::facts::{FactFilter, Facts, Narrowing};
use crate::figures::lens::Lens;
use crate::figures::period::{Kind, Period};
use crate::figures::view::{Found, View};
use crate::figures::wire::{Better, Figure, Score};
use crate::objectifs;
use crate::sessions;
use crate::users::UserRef;
use afpi_core::clock::Day;
use afpi_core::error::{Result, internal, not_found};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::Locale;
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::{self, LocalisationRef};
use afpi_platform::state::App;

/// Selects the figures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// `2026`, `2026-2027` (a school year), `2026-S2`, `2026-Q4` or `2026-11`. Default: the present quarter.
    period: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    #[param(value_type = Option<Uuid>)]
    commercial_id: Option<UserId>,
}

const MONTHS: u32 = 12;
const USERS: usize = 50;

/// Read the figures of a period.
#[utoipa::path(get, path = "/", operation_id = "getDashboard", tag = "dashboard", params(Wanted),
    responses((status = 200, body = Dashboard), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody), (status = 502, body = ProblemBody)))]
pub(super) async fn dashboard(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    request: RequestId,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Json<Dashboard>> {
    Ok(Json(read(&app, &caller, locale, request.as_str(), &wanted).await?))
}

/// The figures that this caller may see.
pub(super) async fn read(
    app: &App,
    caller: &Caller,
    locale: Locale,
    request: &str,
    wanted: &Wanted,
) -> Result<Dashboard> {
    let period = period(wanted.period.as_deref())?;
    let scope = caller.scope();
    let sites = sites(app, &scope, wanted.localisation_id).await?;
    let narrowing = Narrowing { site: wanted.localisation_id, commercial: wanted.commercial_id };
    let year = period.year_before(Day::today()).ok_or_else(|| internal("no year before"))?;
    let (lost_reasons, origines) = shares::of(app, &scope, period, narrowing).await?;
    let mut dashboard = Dashboard {
        period: DashboardPeriod {
            first: period.first,
            last: period.last,
            label: period.label(locale),
            year_before: Compared { first: year.first, last: year.last, label: year.label(locale) },
        },
        funnel: funnel(app, &scope, &sites, narrowing).await?,
        scope: DashboardScope { kind: kind_of(&scope), localisations: sites },
        metrics: vec![],
        by_site: vec![],
        by_user: vec![],
        series: vec![],
        objectifs: vec![],
        lost_reasons,
        origines,
        sessions_at_risk: sessions::at_risk(app, &scope, wanted.localisation_id).await?,
        failed: vec![],
    };
    let Some(lens) = Lens::of(app, locale, request).await? else { return Ok(dashboard) };
    let months = period.months_back(MONTHS);
    let previous = period.previous().ok_or_else(|| internal("no period before"))?;
    let first = months.first().map_or(previous.first, |month| month.first.min(previous.first)).min(year.first);
    let facts = Facts::load(app, &scope, &FactFilter::Of(narrowing), first, period.last).await?;

    let sites = &dashboard.scope.localisations;
    let mut view = View::new(&lens, &facts, sites.iter().map(|l| l.id).collect()).await?;
    let times = Times { period, previous, year };
    dashboard.metrics = metrics(&lens, &mut view, sites, times).await?;
    dashboard.by_site = by_site(&mut view, &facts, times, &scope, sites).await?;
    for month in months {
        let scores = view.scores(month, Grouping::Total, &[]).await?;
        dashboard.series.push(MonthScores { month: month.id(), scores: plain(&scores) });
    }
    // Callers who may read targets may also compare people. Others see the figures of their sites only.
    if caller.may(Action::ObjectifsRead) {
        dashboard.by_user = by_user(app, &mut view, &facts, times).await?;
        dashboard.objectifs = objectifs::of_period(app, &scope, &lens, period, narrowing).await?;
    }
    dashboard.failed = view.failed();
    Ok(dashboard)
}

/// A period, and those it is compared with.
#[derive(Clone, Copy)]
struct Times {
    period: Period,
    previous: Period,
    year: Period,
}

/// The requested period. Default: the present quarter.
fn period(wanted: Option<&str>) -> Result<Period> {
    match wanted {
        Some(wanted) => objectifs::period_of(wanted),
        None => Period::containing(Kind::Quarter, Day::today()).ok_or_else(|| internal("today has no quarter")),
    }
}

fn kind_of(scope: &Scope) -> &'static str {
    match scope {
        Scope::All => "all",
        Scope::Sites(_) => "sites",
        Scope::Own { .. } => "own",
    }
}

/// The localisations in scope, or the requested one. One outside the scope answers 404.
async fn sites(app: &App, scope: &Scope, wanted: Option<LocalisationId>) -> Result<Vec<LocalisationRef>> {
    let mut conn = app.db.read().await?;
    let mut sites = localisations::all(&mut conn).await?;
    sites.retain(|site| scope.covers_site(site.id) && wanted.is_none_or(|wanted| wanted == site.id));
    if wanted.is_some() && sites.is_empty() { Err(not_found()) } else { Ok(sites) }
}

async fn metrics(
    lens: &Lens,
    view: &mut View<'_>,
    sites: &[LocalisationRef],
    Times { period, previous, year }: Times,
) -> Result<Vec<MetricFigure>> {
    let now = view.scores(period, Grouping::Total, &[]).await?;
    let before = view.scores(previous, Grouping::Total, &[]).await?;
    let year = view.scores(year, Grouping::Total, &[]).await?;
    let figure = |scores: &[Found], of: &Found| {
        let found = scores.iter().find(|score| (&score.metric, &score.key) == (&of.metric, &of.key));
        found.map(|score| Figure::from(score.figure))
    };
    let show = |score: &Found| {
        let metric = lens.metrics.iter().find(|metric| metric.id == score.metric)?;
        let left_out = view.left_out(metric, &score.key).into_iter().filter_map(|(id, reason)| {
            Some(LeftOut { localisation: sites.iter().find(|site| site.id == id)?.clone(), reason })
        });
        Some(MetricFigure {
            id: metric.id.clone(),
            label: metric.label.clone(),
            unit: metric.unit.as_str(),
            better: Better::of(metric.unit, metric.targetable),
            figure: score.figure.into(),
            key: Some(score.key.clone()).filter(|key| !key.is_empty()),
            previous: figure(&before, score),
            year_before: figure(&year, score),
            left_out: left_out.collect(),
        })
    };
    Ok(now.iter().filter_map(show).collect())
}

/// Scores without a key.
fn plain(scores: &[Found]) -> Vec<Score> {
    scores.iter().filter(|s| s.key.is_empty()).map(Score::from).collect()
}

/// Scores by the id of their group.
fn grouped(facts: &Facts, scores: Vec<Found>) -> HashMap<Uuid, Vec<Found>> {
    let mut groups: HashMap<Uuid, Vec<Found>> = HashMap::new();
    for score in scores {
        if let Some(id) = facts.id_of(score.group) {
            groups.entry(id).or_default().push(score);
        }
    }
    groups
}

/// Scores by localisation. Callers of sites or of the network see every localisation in scope, also those with zeros.
/// Callers who see only their own records see the localisations with figures.
async fn by_site(
    view: &mut View<'_>,
    facts: &Facts,
    Times { period, year, .. }: Times,
    scope: &Scope,
    sites: &[LocalisationRef],
) -> Result<Vec<SiteScores>> {
    let mut groups = grouped(facts, view.scores(period, Grouping::Site, &[]).await?);
    let before = grouped(facts, view.scores(year, Grouping::Site, &[]).await?);
    let row = |site: &LocalisationRef| {
        let mut scores = groups.remove(&site.id.uuid()).unwrap_or_default();
        if scores.is_empty() && matches!(scope, Scope::Own { .. }) {
            return None;
        }
        scores.extend(view.blanks(site.id, period, &scores));
        let year_before = before.get(&site.id.uuid()).map(|scores| plain(scores)).unwrap_or_default();
        Some(SiteScores { localisation: site.clone(), scores: plain(&scores), year_before })
    };
    Ok(sites.iter().filter_map(row).collect())
}

/// People with figures, highest value of the first metric first.
async fn by_user(
    app: &App,
    view: &mut View<'_>,
    facts: &Facts,
    Times { period, year, .. }: Times,
) -> Result<Vec<UserScores>> {
    let groups = grouped(facts, view.scores(period, Grouping::User, &[]).await?);
    let before = grouped(facts, view.scores(year, Grouping::User, &[]).await?);
    let mut query = Scope::All.users("u.id, u.name, u.role", "");
    query.push(" AND u.id IN ").list(groups.keys());
    let mut conn = app.db.read().await?;
    let users: Vec<UserRef> = query.all(&mut conn).await?;
    drop(conn);
    let of = |groups: &HashMap<Uuid, Vec<Found>>, user: &UserRef| groups.get(&user.id.uuid()).map(|all| plain(all));
    let row = |user: UserRef| {
        let year_before = of(&before, &user).unwrap_or_default();
        Some(UserScores { scores: of(&groups, &user)?, year_before, user })
    };
    let mut rows: Vec<UserScores> = users.into_iter().filter_map(row).collect();
    let most = |row: &UserScores| row.scores.first().and_then(|score| score.figure.value).unwrap_or(i64::MIN);
    rows.sort_by(|a, b| most(b).cmp(&most(a)).then_with(|| a.user.name.cmp(&b.user.name)));
    rows.truncate(USERS);
    Ok(rows)
}
