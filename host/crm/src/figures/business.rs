//! The business figures of the current month by localisation, for Prometheus.

use afpi_plugins::contract::objectives::{Figure, Grouping};

use super::facts::{FactFilter, Facts};
use super::lens::Lens;
use super::period::{Kind, Period};
use super::view::View;
use afpi_core::error::{Result, internal};
use afpi_core::scope::Scope;
use afpi_core::text::Locale;
use afpi_platform::localisations;
use afpi_platform::ops::metrics::Unit;
use afpi_platform::state::App;

/// Computes all metrics by site for the current month into the gauges `afpi_business_…`. A metric id that several plugins
/// use becomes `plugin:id`.
pub async fn refresh_business_metrics(app: &App) -> Result<()> {
    let sites = localisations::all(&mut app.db.read().await?).await?;
    let Some(lens) = Lens::of(app, Locale::Fr, "business-metrics").await? else {
        app.metrics.reset_business();
        return Ok(());
    };
    let month = Period::containing(Kind::Month, lens.today).ok_or_else(|| internal("today has no month"))?;
    let facts = Facts::load(app, &Scope::All, &FactFilter::ALL, month.first, month.last).await?;
    let mut view = View::new(&lens, &facts, sites.iter().map(|site| site.id).collect()).await?;
    let mut values = Vec::new();
    for score in view.scores(month, Grouping::Site, &[]).await?.into_iter().filter(|score| score.key.is_empty()) {
        let site = facts.id_of(score.group).and_then(|id| sites.iter().find(|site| site.id == id.into()));
        if let (Some(site), Some(value)) = (site, number(&score.figure)) {
            values.push((score.metric, site.code.as_str(), value));
        }
    }
    // A metric without a value, or no longer measured, has no sample.
    app.metrics.reset_business();
    for (metric, site, (unit, value)) in values {
        app.metrics.business(unit).with_label_values(&[metric.as_str(), site]).set(value);
    }
    Ok(())
}

/// The number in its base unit.
fn number(figure: &Figure) -> Option<(Unit, f64)> {
    Some(match *figure {
        Figure::None | Figure::Ratio((_, 0)) => return None,
        Figure::Money(cents) => (Unit::Euros, cents as f64 / 100.0),
        Figure::Count(value) => (Unit::Items, value as f64),
        Figure::Other(value) => (Unit::Other, value as f64),
        Figure::Ratio((part, whole)) => (Unit::Ratio, part as f64 / whole as f64),
        Figure::Minutes(minutes) => (Unit::Seconds, minutes as f64 * 60.0),
    })
}
