//! What targets have reached. The figure is the holder's own, whoever looks: who may see a target sees how far it is.

use std::collections::{BTreeMap, HashMap};

use afpi_plugins::contract::objectives::{Figure, Grouping, Target};
use uuid::Uuid;

use super::Objectif;
use crate::crm::figures::facts::{Facts, Which};
use crate::crm::figures::lens::Lens;
use crate::crm::figures::period::Period;
use crate::http::problem::ApiResult;
use crate::scope::Scope;
use crate::state::App;

/// Fills in what is reached. Targets on metrics the plugin does not know stay without.
pub async fn fill(app: &App, lens: &Lens, objectifs: &mut [Objectif]) -> ApiResult<()> {
    let mut periods: BTreeMap<(chrono::NaiveDate, chrono::NaiveDate), Vec<usize>> = BTreeMap::new();
    for (i, objectif) in objectifs.iter().enumerate().filter(|(_, o)| lens.metric(&o.metric).is_some()) {
        periods.entry((objectif.period.first, objectif.period.last)).or_default().push(i);
    }
    for members in periods.into_values() {
        let figures = figures(app, lens, members.iter().map(|i| &objectifs[*i])).await?;
        let target = |i: &usize| {
            let o = &objectifs[*i];
            let actual = figures.get(&(o.metric.as_str(), holder(o))).copied();
            // A holder without any fact in the period has no group in the answer.
            let actual = actual.unwrap_or_else(|| lens.blank(&o.metric, o.period));
            Target {
                metric: o.metric.clone(),
                target: o.target,
                actual,
                first: o.period.first.to_string(),
                last: o.period.last.to_string(),
                today: lens.today.to_string(),
            }
        };
        let targets: Vec<Target> = members.iter().map(target).collect();
        let attained = lens.attain(&targets).await?;
        for ((i, target), attained) in members.into_iter().zip(&targets).zip(attained) {
            objectifs[i].actual = Some(target.actual.into());
            objectifs[i].attainment = Some(attained.into());
        }
    }
    Ok(())
}

fn holder(objectif: &Objectif) -> Uuid {
    objectif.user.as_ref().map(|u| u.id).or(objectif.localisation.as_ref().map(|l| l.id)).unwrap_or_default()
}

/// Figures of these targets' holders over their common period, by metric and holder.
async fn figures<'a>(app: &App, lens: &Lens, objectifs: impl Iterator<Item = &'a Objectif>) -> ApiResult<HashMap<(&'a str, Uuid), Figure>> {
    let objectifs: Vec<&Objectif> = objectifs.collect();
    let Some(Period { first, last, .. }) = objectifs.first().map(|o| o.period) else { return Ok(HashMap::new()) };
    let users: Vec<Uuid> = objectifs.iter().filter_map(|o| o.user.as_ref().map(|u| u.id)).collect();
    let sites: Vec<Uuid> = objectifs.iter().filter_map(|o| o.localisation.as_ref().map(|l| l.id)).collect();
    let mut metrics: Vec<String> = objectifs.iter().map(|o| o.metric.clone()).collect();
    metrics.sort();
    metrics.dedup();
    let groupings = [(Grouping::User, !users.is_empty()), (Grouping::Site, !sites.is_empty())];
    let facts = Facts::load(app, &Scope::All, &Which::Holders { users, sites }, first, last).await?;
    let mut figures = HashMap::new();
    for (grouping, _) in groupings.into_iter().filter(|(_, wanted)| *wanted) {
        for score in lens.scores(&facts, objectifs[0].period, grouping, &metrics).await? {
            let id = facts.words().get(score.group as usize).and_then(|word| Uuid::parse_str(word).ok());
            let metric = objectifs.iter().map(|o| o.metric.as_str()).find(|m| *m == score.metric);
            if let (Some(id), Some(metric), true) = (id, metric, score.key.is_empty()) {
                figures.insert((metric, id), score.figure);
            }
        }
    }
    Ok(figures)
}
