//! An objectives plugin's metrics with its settings. Asked when they become active, and stored. `Plugins::measures`
//! reads them.

use afpi_core::clock::{Day, Instant};
use std::collections::{BTreeSet, HashMap};

use afpi_plugins::contract::objectives::{Fact, Figure, Grouping, Metric, Query};
use afpi_plugins::{CallContext, ObjectivesPlugin, PluginFailure};
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Measures {
    pub metrics: Vec<Metric>,
    /// The figure of each metric without any facts.
    pub blank: HashMap<String, Figure>,
    /// Metrics of the present state, not of a period.
    pub standing: BTreeSet<String>,
}

impl Measures {
    /// Asks for the metrics, for the figures without facts, and for the figures that change with a single open record.
    pub async fn ask(plugin: &ObjectivesPlugin, context: &CallContext) -> Result<Measures, PluginFailure> {
        let metrics = plugin.metrics(context).await?;
        let mut measures = Measures { metrics, ..Measures::default() };
        measures.blank = measures.of(plugin, context, &[], vec![]).await?;
        let probed = measures.of(plugin, context, &["ouvert".to_owned()], vec![probe()]).await?;
        let moved = probed.into_iter().filter(|(word, figure)| measures.blank.get(word) != Some(figure));
        measures.standing = moved.map(|(word, _)| word).collect();
        Ok(measures)
    }

    pub fn knows(&self, word: &str) -> bool {
        self.metrics.iter().any(|metric| metric.id == word)
    }

    /// The totals for a few made-up facts.
    async fn of(
        &self,
        plugin: &ObjectivesPlugin,
        context: &CallContext,
        words: &[String],
        open: Vec<Fact>,
    ) -> Result<HashMap<String, Figure>, PluginFailure> {
        let today = Day::today().to_string();
        let query = Query {
            first: today.clone(),
            last: today.clone(),
            today,
            metrics: vec![],
            grouping: Grouping::Total,
            words: words.to_vec(),
        };
        let scores = plugin.calculate(context, &query, [open.as_slice()]).await?;
        let totals = scores.into_iter().filter(|score| score.key.is_empty() && self.knows(&score.metric));
        Ok(totals.map(|score| (score.metric, score.figure)).collect())
    }
}

/// A made-up open record worth 1 € for sure. It shows which figures describe the present state. Its kind is the first
/// word of the query.
fn probe() -> Fact {
    const NONE: u32 = u32::MAX;
    let now = Instant::now().millis();
    Fact { kind: 0, key: NONE, user: NONE, site: NONE, subject: 0, start: now, end: now, amount: 100, weight: 100 }
}
