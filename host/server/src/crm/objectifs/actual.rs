//! What targets have reached. The figure is the holder's own, whoever looks: who may see a target sees how far it is.

use std::collections::HashMap;

use afpi_plugins::contract::objectives::{Figure, Grouping, Target};
use uuid::Uuid;

use super::Objectif;
use crate::crm::figures::facts::{Facts, Which};
use crate::crm::figures::lens::Lens;
use crate::crm::figures::period::Period;
use crate::http::problem::ApiResult;
use crate::scope::Scope;
use crate::state::App;

/// Figures by metric and holder.
type Figures = HashMap<(String, Uuid), Figure>;

/// Fills in what is reached. Targets on metrics the plugin does not know stay without.
pub async fn fill(app: &App, lens: &Lens, objectifs: &mut [Objectif]) -> ApiResult<()> {
    let mut known: Vec<&mut Objectif> = objectifs.iter_mut().filter(|o| lens.metric(&o.metric).is_some()).collect();
    let (Some(first), Some(last)) =
        (known.iter().map(|o| o.period.first).min(), known.iter().map(|o| o.period.last).max())
    else {
        return Ok(());
    };
    let users: Vec<Uuid> = known.iter().filter_map(|o| o.user.as_ref().map(|u| u.id)).collect();
    let sites: Vec<Uuid> = known.iter().filter_map(|o| o.localisation.as_ref().map(|l| l.id)).collect();
    let facts = Facts::load(app, &Scope::All, &Which::Holders { users, sites }, first, last).await?;
    // Targets of one period share a calculation.
    known.sort_by_key(|o| (o.period.first, o.period.last));
    for members in known.chunk_by_mut(|a, b| a.period == b.period) {
        let figures = figures(lens, &facts, members).await?;
        let targets: Vec<Target> = members.iter().map(|o| target(lens, &figures, o)).collect();
        let attained = lens.attain(&targets).await?;
        for ((objectif, target), attained) in members.iter_mut().zip(&targets).zip(attained) {
            objectif.actual = Some(target.actual.into());
            objectif.attainment = Some(attained.into());
        }
    }
    Ok(())
}

fn target(lens: &Lens, figures: &Figures, objectif: &Objectif) -> Target {
    let Period { first, last, .. } = objectif.period;
    let actual = figures.get(&(objectif.metric.clone(), holder(objectif))).copied();
    Target {
        metric: objectif.metric.clone(),
        target: objectif.target,
        // A holder without any fact in the period has no group in the answer.
        actual: actual.unwrap_or_else(|| lens.blank(&objectif.metric, objectif.period)),
        first: first.to_string(),
        last: last.to_string(),
        today: lens.today.to_string(),
    }
}

fn holder(objectif: &Objectif) -> Uuid {
    objectif.user.as_ref().map(|u| u.id).or(objectif.localisation.as_ref().map(|l| l.id)).unwrap_or_default()
}

/// Figures of these targets' holders over their common period.
async fn figures(lens: &Lens, facts: &Facts, members: &[&mut Objectif]) -> ApiResult<Figures> {
    let mut metrics: Vec<String> = members.iter().map(|o| o.metric.clone()).collect();
    metrics.sort();
    metrics.dedup();
    let mut figures = Figures::new();
    let groupings = [
        (Grouping::User, members.iter().any(|o| o.user.is_some())),
        (Grouping::Site, members.iter().any(|o| o.localisation.is_some())),
    ];
    for (grouping, _) in groupings.into_iter().filter(|(_, wanted)| *wanted) {
        for score in lens.scores(facts, members[0].period, grouping, &metrics).await? {
            let id = facts.words().get(score.group as usize).and_then(|word| Uuid::parse_str(word).ok());
            if let Some(id) = id.filter(|_| score.key.is_empty()) {
                figures.insert((score.metric, id), score.figure);
            }
        }
    }
    Ok(figures)
}
