//! `afpi:plugin/objectives`: figures over facts. One calculation uses one instance, which gets the facts in batches.

use super::handle;
use crate::contract::objectives::{Attainment, Fact, Metric, Query, Score, Target};
use crate::facets::Objectives;
use crate::failure::PluginFailure;
use crate::state::CallContext;

handle! {
    /// An objectives plugin of a site.
    ObjectivesPlugin
}

impl ObjectivesPlugin {
    pub async fn metrics(&self, context: &CallContext) -> Result<Vec<Metric>, PluginFailure> {
        let mut call = self.0.open::<Objectives>("metrics", context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_objectives().call_metrics(store);
        call.end_recorded(answer.map(Ok), || ())
    }

    /// Creates a calculation, gives it every batch, and finishes it. The time limit applies to each batch, and other
    /// calls run between two batches. So a calculation over a year of the whole network may take long and blocks no
    /// other call. Use batches of a few thousand facts.
    pub async fn calculate<B>(
        &self,
        context: &CallContext,
        query: &Query,
        batches: impl IntoIterator<Item = B>,
    ) -> Result<Vec<Score>, PluginFailure>
    where
        B: AsRef<[Fact]>,
    {
        let mut call = self.0.open::<Objectives>("calculate", context).await?;
        let (exports, store) = call.parts();
        let calculation = match exports.afpi_plugin_objectives().calculation().call_constructor(store, query) {
            Ok(calculation) => calculation,
            Err(error) => return call.end(Err(error)),
        };
        let mut kept = call.is_recorded().then(Vec::new);
        for batch in batches {
            if let Some(kept) = &mut kept {
                kept.push(batch.as_ref().to_vec());
            }
            let (exports, store) = call.parts();
            let added = exports.afpi_plugin_objectives().calculation().call_add(store, calculation, batch.as_ref());
            if let Err(error) = added {
                return call.end(Err(error));
            }
            call.give_way().await;
        }
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_objectives().calculation().call_finish(&mut *store, calculation);
        let dropped = calculation.resource_drop(store);
        call.end_recorded(answer.and_then(|scores| dropped.map(|()| scores)), || (query, kept.unwrap_or_default()))
    }

    pub async fn attain(&self, context: &CallContext, targets: &[Target]) -> Result<Vec<Attainment>, PluginFailure> {
        let mut call = self.0.open::<Objectives>("attain", context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_objectives().call_attain(store, targets);
        call.end_recorded(answer.map(Ok), || (targets,))
    }
}
