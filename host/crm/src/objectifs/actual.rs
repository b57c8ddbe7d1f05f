//! Computes what targets have reached. The figure uses the holder's own scope, whoever reads it: everybody who may see
//! a target sees the same figure.

use std::collections::{BTreeSet, HashMap};

use afpi_db::sql;
use afpi_plugins::contract::objectives::{Figure, Grouping, Target};
use uuid::Uuid;

use super::Objectif;
use crate::figures::facts::{FactFilter, Facts};
use crate::figures::lens::{Known, Lens};
use crate::figures::period::Period;
use crate::figures::view::View;
use afpi_core::error::Result;
use afpi_core::scope::Scope;
use afpi_platform::state::App;

/// Figures by metric and holder.
type Figures = HashMap<(String, Uuid), Figure>;

/// Fills in the reached figures. Targets whose metric is unknown, or whose plugin does not answer, stay without.
pub async fn fill(app: &App, lens: &Lens, objectifs: &mut [Objectif]) -> Result<()> {
    let users: Vec<Uuid> = objectifs.iter().filter_map(|o| Some(o.user.as_ref()?.id)).collect();
    let sites: Vec<Uuid> = objectifs.iter().filter_map(|o| Some(o.localisation.as_ref()?.id.uuid())).collect();
    let homes = homes(app, users.iter().copied(), sites.iter().copied()).await?;
    let mut known: Vec<(&mut Objectif, &Known)> = Vec::new();
    for objectif in objectifs.iter_mut() {
        let at = homes.get(&holder(objectif)).cloned().unwrap_or_default();
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
    let facts = Facts::load(app, &Scope::All, &FactFilter::Holders { users, sites }, first, last).await?;
    let mut view = View::new(lens, &facts, lens.sites()).await?;
    // Targets of one period share a calculation. Targets on one metric share a call for their attainment.
    known.sort_by(|(a, _), (b, _)| {
        (a.period.first, a.period.last, &a.metric).cmp(&(b.period.first, b.period.last, &b.metric))
    });
    for members in known.chunk_by_mut(|(a, _), (b, _)| a.period == b.period) {
        let figures = figures(&mut view, &facts, members).await?;
        for members in members.chunk_by_mut(|(a, _), (b, _)| a.metric == b.metric) {
            let metric = members[0].1;
            let blank = |o: &Objectif| lens.blank(metric, o.period, homes.get(&holder(o)).unwrap_or(&BTreeSet::new()));
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
        actual: figures.get(&(objectif.metric.clone(), holder(objectif))).copied().unwrap_or(blank),
        first: first.to_string(),
        last: last.to_string(),
        today: lens.today.to_string(),
    }
}

fn holder(objectif: &Objectif) -> Uuid {
    objectif
        .user
        .as_ref()
        .map(|u| u.id)
        .or(objectif.localisation.as_ref().map(|l| l.id).map(Into::into))
        .unwrap_or_default()
}

/// The localisations of one holder.
pub(super) async fn home(app: &App, user: Option<Uuid>, site: Option<Uuid>) -> Result<BTreeSet<Uuid>> {
    let mut homes = homes(app, user.into_iter(), site.into_iter()).await?;
    Ok(user.or(site).and_then(|holder| homes.remove(&holder)).unwrap_or_default())
}

/// The localisations of each holder: a localisation has itself, a person has theirs.
async fn homes(
    app: &App,
    users: impl Iterator<Item = Uuid>,
    sites: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, BTreeSet<Uuid>>> {
    let mut homes: HashMap<Uuid, BTreeSet<Uuid>> = sites.map(|site| (site, BTreeSet::from([site]))).collect();
    let users: BTreeSet<Uuid> = users.collect();
    if !users.is_empty() {
        let mut query = sql("SELECT user_id, localisation_id FROM user_localisations WHERE user_id IN ");
        query.list(users);
        for (user, site) in query.all::<(Uuid, Uuid)>(&mut app.db.read().await?).await? {
            homes.entry(user).or_default().insert(site);
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
            if let Some(id) = facts.id_of(score.group).filter(|_| score.key.is_empty()) {
                figures.insert((score.metric, id), score.figure);
            }
        }
    }
    Ok(figures)
}
