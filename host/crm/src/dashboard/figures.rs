//! `GET /api/dashboard`: reads the facts once and computes the figures through the objectives plugins of each site.

use std::collections::HashMap;

use afpi_plugins::contract::objectives::Grouping;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::wire::*;
use crate::book::{self, UnderWay};
use crate::figures::facts::{FactFilter, Facts, Narrowing};
use crate::figures::lens::Lens;
use crate::figures::period::{Kind, Period};
use crate::figures::view::{Found, View};
use crate::figures::wire::{Better, Figure, Score};
use crate::objectifs;
use crate::users::UserRef;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, bad_parameter, internal, not_found};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::text;
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
    /// `2026`, `2026-Q4` or `2026-11`. Default: the present quarter.
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
    let period = period(wanted.period.as_deref())?;
    let scope = caller.scope();
    let sites = sites(&app, &scope, wanted.localisation_id).await?;
    let mut dashboard = Dashboard {
        period: DashboardPeriod { first: period.first, last: period.last, label: period.label(locale) },
        funnel: funnel(&app, &scope, &sites, &wanted).await?,
        scope: DashboardScope { kind: kind_of(&scope), localisations: sites },
        metrics: vec![],
        by_site: vec![],
        by_user: vec![],
        series: vec![],
        objectifs: vec![],
        failed: vec![],
    };
    let Some(lens) = Lens::of(&app, locale, request.as_str()).await? else { return Ok(Json(dashboard)) };
    let months = period.months_back(MONTHS);
    let previous = period.previous().ok_or_else(|| internal("no period before"))?;
    let first = months.first().map_or(previous.first, |month| month.first.min(previous.first));
    let narrowing = Narrowing { site: wanted.localisation_id, commercial: wanted.commercial_id };
    let facts = Facts::load(&app, &scope, &FactFilter::Of(narrowing), first, period.last).await?;

    let sites = &dashboard.scope.localisations;
    let mut view = View::new(&lens, &facts, sites.iter().map(|l| l.id).collect()).await?;
    dashboard.metrics = metrics(&lens, &mut view, sites, period, previous).await?;
    dashboard.by_site = by_site(&mut view, &facts, period, &scope, sites).await?;
    for month in months {
        let scores = view.scores(month, Grouping::Total, &[]).await?;
        dashboard.series.push(MonthScores { month: month.id(), scores: plain(&scores) });
    }
    // Callers who may read targets may also compare people. Others see the figures of their sites only.
    if caller.may(Action::ObjectifsRead) {
        dashboard.by_user = by_user(&app, &mut view, &facts, period).await?;
        dashboard.objectifs = objectifs::of_period(&app, &scope, &lens, period, narrowing).await?;
    }
    dashboard.failed = view.failed();
    Ok(Json(dashboard))
}

/// The requested period. Default: the present quarter.
fn period(wanted: Option<&str>) -> Result<Period> {
    match wanted {
        Some(wanted) => Period::parse(wanted).ok_or_else(|| {
            bad_parameter(
                "period",
                text("Période attendue : 2026, 2026-Q4 ou 2026-11.", "Period expected: 2026, 2026-Q4 or 2026-11."),
            )
        }),
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
    period: Period,
    previous: Period,
) -> Result<Vec<MetricFigure>> {
    let now = view.scores(period, Grouping::Total, &[]).await?;
    let before = view.scores(previous, Grouping::Total, &[]).await?;
    let before: HashMap<(&str, &str), Figure> =
        before.iter().map(|s| ((s.metric.as_str(), s.key.as_str()), s.figure.into())).collect();
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
            previous: before.get(&(score.metric.as_str(), score.key.as_str())).copied(),
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
    period: Period,
    scope: &Scope,
    sites: &[LocalisationRef],
) -> Result<Vec<SiteScores>> {
    let mut groups = grouped(facts, view.scores(period, Grouping::Site, &[]).await?);
    let row = |site: &LocalisationRef| {
        let mut scores = groups.remove(&site.id.uuid()).unwrap_or_default();
        if scores.is_empty() && matches!(scope, Scope::Own { .. }) {
            return None;
        }
        scores.extend(view.blanks(site.id, period, &scores));
        Some(SiteScores { localisation: site.clone(), scores: plain(&scores) })
    };
    Ok(sites.iter().filter_map(row).collect())
}

/// People with figures, highest value of the first metric first.
async fn by_user(app: &App, view: &mut View<'_>, facts: &Facts, period: Period) -> Result<Vec<UserScores>> {
    let groups = grouped(facts, view.scores(period, Grouping::User, &[]).await?);
    let mut query = Scope::All.users("u.id, u.name, u.role", "");
    query.push(" AND u.id IN ").list(groups.keys());
    let mut conn = app.db.read().await?;
    let users: Vec<UserRef> = query.all(&mut conn).await?;
    drop(conn);
    let row = |user: UserRef| groups.get(&user.id.uuid()).map(|scores| UserScores { scores: plain(scores), user });
    let mut rows: Vec<UserScores> = users.into_iter().filter_map(row).collect();
    let most = |row: &UserScores| row.scores.first().and_then(|score| score.figure.value).unwrap_or(i64::MIN);
    rows.sort_by(|a, b| most(b).cmp(&most(a)).then_with(|| a.user.name.cmp(&b.user.name)));
    rows.truncate(USERS);
    Ok(rows)
}

/// Open work by section, in the order of the relay: undecided, or signed with a role that still has to act.
async fn funnel(app: &App, scope: &Scope, sites: &[LocalisationRef], wanted: &Wanted) -> Result<Vec<FunnelStep>> {
    let mut order: Vec<String> = Vec::new();
    for site in sites {
        let Some(definition) = app.plugins.definition(site.id).await else { continue };
        for section in &definition.workflow.sections {
            if !order.contains(&section.id) {
                order.push(section.id.clone());
            }
        }
    }
    let awaited = app.plugins.statuses_awaited().await;
    let book = book::read(app).await?;
    let of = |id: Option<Uuid>| id.map(|id| book.words().find_id(id));
    let (site, commercial) =
        (of(wanted.localisation_id.map(|id| id.uuid())), of(wanted.commercial_id.map(|id| id.uuid())));
    let (under_way, now) = (UnderWay::new(&book, &awaited), Instant::now());
    let mut steps: HashMap<u32, FunnelStep> = HashMap::new();
    for (_, row) in book.rows(scope) {
        let asked = site.is_none_or(|site| site == Some(row.site))
            && commercial.is_none_or(|person| person == Some(row.commercial));
        if asked && under_way.holds(row) {
            let step = steps.entry(row.section).or_default();
            step.count += 1;
            step.amount += row.amount;
            step.late += i64::from(row.is_late(now));
        }
    }
    let step = |section: String| {
        let found = book.words().find(&section).and_then(|section| steps.remove(&section)).unwrap_or_default();
        FunnelStep { section, ..found }
    };
    Ok(order.into_iter().map(step).collect())
}
