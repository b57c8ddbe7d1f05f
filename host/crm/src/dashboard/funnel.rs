//! The funnel: open work by section.

use std::collections::HashMap;

use uuid::Uuid;

use super::wire::FunnelStep;
use crate::book::{self, UnderWay};
use crate::figures::facts::Narrowing;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::scope::Scope;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// Open work by section, in the order of the relay: undecided, or signed with a role that still has to act.
pub(super) async fn funnel(
    app: &App,
    scope: &Scope,
    sites: &[LocalisationRef],
    narrowing: Narrowing,
) -> Result<Vec<FunnelStep>> {
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
    let (site, commercial) = (of(narrowing.site.map(|id| id.uuid())), of(narrowing.commercial.map(|id| id.uuid())));
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
