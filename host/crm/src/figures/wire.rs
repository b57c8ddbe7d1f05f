//! Figures as JSON.

use afpi_plugins::contract::objectives::{self as contract, Unit};
use serde::Serialize;
use utoipa::ToSchema;

use super::lens::Known;
use super::view::Found;
use afpi_core::text::{Text, text};

/// A metric that can be shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Metric {
    /// The plugin's id of the metric, or `plugin:id` where several plugins use the same id.
    pub id: String,
    /// Contains the plugin's name when the id does.
    pub label: Text,
    /// `money`, `count`, `percent`, `hours` or `other`.
    pub unit: &'static str,
    /// Can a target be set on it?
    pub targetable: bool,
}

/// Whether a higher or a lower value is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    Higher,
    Lower,
}

impl Better {
    /// The contract does not declare this. A target is a lower bound, so a higher value of a metric with targets is
    /// better. Hours without a target are a delay, so a lower value is better. For the others it is unknown.
    pub fn of(unit: Unit, targetable: bool) -> Option<Better> {
        match (unit == Unit::Hours, targetable) {
            (false, true) => Some(Better::Higher),
            (true, false) => Some(Better::Lower),
            _ => None,
        }
    }
}

/// What kind of number a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FigureKind {
    /// No value, because of a division by zero or missing data. This is not zero.
    None,
    /// Cents.
    Money,
    Count,
    /// Numerator and denominator.
    Ratio,
    Minutes,
    Other,
}

/// A number with its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figure {
    pub kind: FigureKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<i64>,
}

/// A figure of a metric.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Score {
    pub metric: String,
    pub figure: Figure,
}

impl Figure {
    pub const NONE: Figure = Figure { kind: FigureKind::None, value: None, numerator: None, denominator: None };
}

impl From<contract::Figure> for Figure {
    fn from(figure: contract::Figure) -> Figure {
        use contract::Figure as F;
        let (kind, value) = match figure {
            F::None => return Figure::NONE,
            F::Ratio((numerator, denominator)) => {
                return Figure {
                    kind: FigureKind::Ratio,
                    value: None,
                    numerator: Some(numerator),
                    denominator: Some(denominator),
                };
            }
            F::Money(value) => (FigureKind::Money, value),
            F::Count(value) => (FigureKind::Count, value),
            F::Minutes(value) => (FigureKind::Minutes, value),
            F::Other(value) => (FigureKind::Other, value),
        };
        Figure { kind, value: Some(value), numerator: None, denominator: None }
    }
}

impl From<&Known> for Metric {
    fn from(metric: &Known) -> Metric {
        Metric {
            id: metric.id.clone(),
            label: metric.label.clone(),
            unit: metric.unit.as_str(),
            targetable: metric.targetable,
        }
    }
}

impl From<&Found> for Score {
    fn from(found: &Found) -> Score {
        Score { metric: found.metric.clone(), figure: found.figure.into() }
    }
}

/// Why a figure over several sites does not cover one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOutReason {
    /// No plugin enabled there has this metric.
    NotMeasured,
    /// The site uses other settings, and the sites' figures cannot be added up.
    OtherSettings,
    /// The plugin did not answer.
    Failed,
}

/// The short form of a plugin.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PluginName {
    pub id: String,
    pub name: Text,
}

/// A text of the contract as a text of the host.
pub fn label(label: &afpi_plugins::contract::Text) -> Text {
    text(&label.fr, &label.en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_reached_from_below_and_a_delay_is_no_target() {
        assert_eq!(Better::of(Unit::Money, true), Some(Better::Higher));
        assert_eq!(Better::of(Unit::Hours, false), Some(Better::Lower));
        assert_eq!(Better::of(Unit::Hours, true), None);
        assert_eq!(Better::of(Unit::Count, false), None);
    }
}
