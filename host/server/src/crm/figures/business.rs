//! The business figures of the current month by localisation, for Prometheus.

use std::collections::HashMap;

use afpi_plugins::contract::objectives::{Figure, Grouping};
use uuid::Uuid;

use super::facts::{Facts, Which};
use super::lens::Lens;
use super::period::{Kind, Period};
use crate::crm::localisations;
use crate::http::problem::{ApiResult, internal};
use crate::scope::Scope;
use crate::state::App;
use crate::text::Locale;

/// Works out all metrics by site for the current month into the gauge `afpi_business`.
pub async fn refresh_business_metrics(app: &App) -> ApiResult<()> {
    let mut conn = app.db.read().await?;
    let sites = localisations::all(&mut conn).await?;
    drop(conn);
    let Some(lens) = Lens::of(app, sites.iter().map(|l| l.id), Locale::Fr, "business-metrics").await? else {
        return Ok(());
    };
    let month = Period::containing(Kind::Month, lens.today).ok_or_else(|| internal("today has no month"))?;
    let facts = Facts::load(app, &Scope::All, &Which::ALL, month.first, month.last).await?;
    let scores = lens.scores(&facts, month, Grouping::Site, &[]).await?;
    let mut values: HashMap<(&str, Uuid), f64> = HashMap::new();
    for score in scores.iter().filter(|score| score.key.is_empty()) {
        let site = facts.words().get(score.group as usize).and_then(|word| Uuid::parse_str(word).ok());
        if let (Some(site), Some(value)) = (site, number(&score.figure)) {
            values.insert((&score.metric, site), value);
        }
    }
    for metric in &lens.metrics {
        for site in &sites {
            let labels = [metric.id.as_str(), site.code.as_str()];
            match values.get(&(metric.id.as_str(), site.id)) {
                Some(value) => app.metrics.business.with_label_values(&labels).set(*value),
                // No value is no sample; that there never was one is as good.
                None => drop(app.metrics.business.remove_label_values(&labels)),
            }
        }
    }
    Ok(())
}

/// In euros, counts, ratios and hours.
fn number(figure: &Figure) -> Option<f64> {
    Some(match *figure {
        Figure::None | Figure::Ratio((_, 0)) => return None,
        Figure::Money(cents) => cents as f64 / 100.0,
        Figure::Count(value) | Figure::Other(value) => value as f64,
        Figure::Ratio((part, whole)) => part as f64 / whole as f64,
        Figure::Minutes(minutes) => minutes as f64 / 60.0,
    })
}
