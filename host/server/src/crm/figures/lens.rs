//! The objectives plugin through which a caller looks at figures.

use std::collections::{BTreeSet, HashMap};

use afpi_plugins::contract::objectives::{Attainment, Figure, Grouping, Metric, Query, Score, Target};
use afpi_plugins::{CallContext, ObjectivesPlugin};
use chrono::NaiveDate;
use uuid::Uuid;

use super::facts::Facts;
use super::period::Period;
use super::wire;
use crate::http::problem::{ApiResult, internal};
use crate::platform::plugins::{context, failure};
use crate::state::App;
use crate::text::Locale;

/// An objectives plugin, its metrics, and today.
pub struct Lens {
    plugin: ObjectivesPlugin,
    context: CallContext,
    pub metrics: Vec<Metric>,
    /// What each metric says of nothing at all.
    blank: HashMap<String, Figure>,
    /// Metrics that tell the state of today rather than what happened in a period.
    standing: BTreeSet<String>,
    pub today: NaiveDate,
}

impl Lens {
    /// The plugin of the first of these sites that has one: figures over several sites are worked out by one formula. `None`
    /// when no site has one.
    pub async fn of(
        app: &App,
        sites: impl IntoIterator<Item = Uuid>,
        locale: Locale,
        correlation_id: &str,
    ) -> ApiResult<Option<Lens>> {
        let Some(plugin) = sites.into_iter().find_map(|site| app.plugins.registry().objectives(&site.to_string()))
        else {
            return Ok(None);
        };
        let context = context(locale, correlation_id);
        let metrics = plugin.metrics(&context).await.map_err(failure)?;
        let today = crate::clock::today().parse().map_err(internal)?;
        let mut lens = Lens { plugin, context, metrics, blank: HashMap::new(), standing: BTreeSet::new(), today };
        lens.blank = lens.total_of(&Facts::default()).await?;
        // Which figures change when one open record is all there is?
        let probed = lens.total_of(&Facts::probe()).await?;
        lens.standing = probed
            .into_iter()
            .filter(|(id, figure)| lens.blank.get(id).is_none_or(|blank| !same(blank, figure)))
            .map(|(id, _)| id)
            .collect();
        Ok(Some(lens))
    }

    async fn total_of(&self, facts: &Facts) -> ApiResult<HashMap<String, Figure>> {
        let scores = self.calculate(facts, self.today, self.today, true, Grouping::Total, &[]).await?;
        Ok(scores.into_iter().filter(|score| score.key.is_empty()).map(|score| (score.metric, score.figure)).collect())
    }

    /// What a metric says of somebody of whom there are no facts in this period.
    pub fn blank(&self, metric: &str, period: Period) -> Figure {
        if self.standing.contains(metric) && !period.contains(self.today) {
            return Figure::None;
        }
        self.blank.get(metric).copied().unwrap_or(Figure::None)
    }

    /// What all metrics say of somebody of whom there are no facts in this period.
    pub fn blanks(&self, period: Period) -> Vec<wire::Score> {
        let score = |metric: &Metric| {
            let known = self.blank.contains_key(&metric.id);
            known.then(|| wire::Score { metric: metric.id.clone(), figure: self.blank(&metric.id, period).into() })
        };
        self.metrics.iter().filter_map(score).collect()
    }

    /// The scores of a period. Metrics of the present state only have one in the period that holds today.
    pub async fn scores(
        &self,
        facts: &Facts,
        period: Period,
        grouping: Grouping,
        metrics: &[String],
    ) -> ApiResult<Vec<Score>> {
        let current = period.contains(self.today);
        let mut scores = self.calculate(facts, period.first, period.last, current, grouping, metrics).await?;
        scores.retain(|score| current || !self.standing.contains(&score.metric));
        Ok(scores)
    }

    async fn calculate(
        &self,
        facts: &Facts,
        first: NaiveDate,
        last: NaiveDate,
        open: bool,
        grouping: Grouping,
        metrics: &[String],
    ) -> ApiResult<Vec<Score>> {
        let query = Query {
            first: first.to_string(),
            last: last.to_string(),
            today: self.today.to_string(),
            metrics: metrics.to_vec(),
            grouping,
            words: facts.words().to_vec(),
        };
        self.plugin.calculate(&self.context, &query, facts.batches(first, last, open)?).await.map_err(failure)
    }

    /// How far targets are reached, in their order.
    pub async fn attain(&self, targets: &[Target]) -> ApiResult<Vec<Attainment>> {
        let attained = self.plugin.attain(&self.context, targets).await.map_err(failure)?;
        if attained.len() != targets.len() {
            return Err(internal(format!(
                "{} answered {} attainments for {} targets",
                self.plugin.plugin().id(),
                attained.len(),
                targets.len()
            )));
        }
        Ok(attained)
    }

    pub fn metric(&self, id: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.id == id)
    }
}

fn same(a: &Figure, b: &Figure) -> bool {
    match (*a, *b) {
        (Figure::None, Figure::None) => true,
        (Figure::Money(a), Figure::Money(b)) | (Figure::Count(a), Figure::Count(b)) => a == b,
        (Figure::Minutes(a), Figure::Minutes(b)) | (Figure::Other(a), Figure::Other(b)) => a == b,
        (Figure::Ratio(a), Figure::Ratio(b)) => a == b,
        _ => false,
    }
}
