//! Computes what targets have reached. The figure uses the holder's own scope, whoever reads it: everybody who may see
//! a target sees the same figure.

use std::collections::{BTreeSet, HashMap};

use afpi_db::sql;
use afpi_plugins::contract::objectives::{Figure, Grouping, Target};

use super::Objectif;
use super::store::Holder;
use crate::figures::facts::{FactFilter, Facts};
use crate::figures::lens::{Known, Lens};
use crate::figures::period::Period;
use crate::figures::view::View;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::scope::Scope;
use afpi_platform::state::App;

/// Figures by metric and holder.
type Figures = HashMap<(String, Holder), Figure>;

/// The localisations of each holder.
type Homes = HashMap<Holder, BTreeSet<LocalisationId>>;

/// Fills in the reached figures. Targets whose metric is unknown, or whose plugin does not answer, stay without.
pub async fn fill(app: &App, lens: &Lens, objectifs: &mut [Objectif]) -> Result<()> {
    let holders: Vec<Holder> = objectifs.iter().filter_map(holder).collect();
    let homes = homes(app, &holders).await?;
    let mut known: Vec<(&mut Objectif, &Known)> = Vec::new();
    for objectif in objectifs.iter_mut() {
        let at = holder(objectif).and_then(|holder| homes.get(&holder)).cloned().unwrap_or_default();
        if let Some(metric) = lens.resolve(&objectif.metric, &at) {
            objectif.metric.clone_from(&metric.id);
            known.push((objectif, metric));
        }
    }
    let (Some(first), Some(last)) =
        (known.iter().map(|(o, _)| o.period.first).min(), known.iter().map(|(o, _)| o.period.last).max())
    else {
        return Ok(());
    };
    let which = FactFilter::Holders {
        users: holders.iter().filter_map(|holder| holder.user()).collect(),
        sites: holders.iter().filter_map(|holder| holder.site()).collect(),
    };
    let facts = Facts::load(app, &Scope::All, &which, first, last).await?;
    let mut view = View::new(lens, &facts, lens.sites()).await?;
    // Targets of one period share a calculation. Targets on one metric share a call for their attainment.
    known.sort_by(|(a, _), (b, _)| {
        (a.period.first, a.period.last, &a.metric).cmp(&(b.period.first, b.period.last, &b.metric))
    });
    for members in known.chunk_by_mut(|(a, _), (b, _)| a.period == b.period) {
        let figures = figures(&mut view, &facts, members).await?;
        for members in members.chunk_by_mut(|(a, _), (b, _)| a.metric == b.metric) {
            let metric = members[0].1;
            let home = |o: &Objectif| homes.get(&holder(o)?);
            let blank = |o: &Objectif| lens.blank(metric, o.period, home(o).unwrap_or(&BTreeSet::new()));
            let targets: Vec<Target> = members.iter().map(|(o, _)| target(lens, &figures, o, blank(o))).collect();
            let Some(attained) = lens.attain(metric, targets.clone()).await? else { continue };
            for (((objectif, _), target), attained) in members.iter_mut().zip(&targets).zip(attained) {
                objectif.actual = Some(target.actual.into());
                objectif.attainment = Some(attained.into());
            }
        }
    }
    Ok(())
}

fn target(lens: &Lens, figures: &Figures, objectif: &Objectif, blank: Figure) -> Target {
    let Period { first, last, .. } = objectif.period;
    Target {
        metric: objectif.metric.clone(),
        target: objectif.target,
        // A holder without facts in the period has no group in the answer.
        actual: holder(objectif)
            .and_then(|holder| figures.get(&(objectif.metric.clone(), holder)).copied())
            .unwrap_or(blank),
        first: first.to_string(),
        last: last.to_string(),
        today: lens.today.to_string(),
    }
}

fn holder(objectif: &Objectif) -> Option<Holder> {
    let site = || objectif.localisation.as_ref().map(|site| Holder::Site(site.id));
    objectif.user.as_ref().map(|user| Holder::User(user.id)).or_else(site)
}

/// The localisations of one holder.
pub(super) async fn home(app: &App, holder: Option<Holder>) -> Result<BTreeSet<LocalisationId>> {
    let mut homes = homes(app, holder.as_slice()).await?;
    Ok(holder.and_then(|holder| homes.remove(&holder)).unwrap_or_default())
}

/// The localisations of each holder: a localisation has itself, a person has theirs.
async fn homes(app: &App, holders: &[Holder]) -> Result<Homes> {
    let sites = holders.iter().filter_map(|holder| holder.site());
    let mut homes: Homes = sites.map(|site| (Holder::Site(site), BTreeSet::from([site]))).collect();
    let users: BTreeSet<UserId> = holders.iter().filter_map(|holder| holder.user()).collect();
    if !users.is_empty() {
        let mut query = sql("SELECT user_id, localisation_id FROM user_localisations WHERE user_id IN ");
        query.list(users);
        for (user, site) in query.all::<(UserId, LocalisationId)>(&mut app.db.read().await?).await? {
            homes.entry(Holder::User(user)).or_default().insert(site);
        }
    }
    Ok(homes)
}

/// Figures of these targets' holders for their common period.
async fn figures(view: &mut View<'_>, facts: &Facts, members: &[(&mut Objectif, &Known)]) -> Result<Figures> {
    let mut metrics: Vec<&Known> = members.iter().map(|(_, metric)| *metric).collect();
    metrics.dedup_by(|a, b| a.id == b.id);
    let mut figures = Figures::new();
    let groupings = [
        (Grouping::User, members.iter().any(|(o, _)| o.user.is_some())),
        (Grouping::Site, members.iter().any(|(o, _)| o.localisation.is_some())),
    ];
    for (grouping, _) in groupings.into_iter().filter(|(_, wanted)| *wanted) {
        for score in view.scores(members[0].0.period, grouping, &metrics).await? {
            let Some(id) = facts.id_of(score.group).filter(|_| score.key.is_empty()) else { continue };
            let holder = if grouping == Grouping::User { Holder::User(id.into()) } else { Holder::Site(id.into()) };
            figures.insert((score.metric, holder), score.figure);
        }
    }
    Ok(figures)
}
