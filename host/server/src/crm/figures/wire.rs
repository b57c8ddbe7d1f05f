//! Figures on the wire.

use afpi_plugins::contract::objectives as contract;
use serde::Serialize;
use utoipa::ToSchema;

use crate::text::{Text, text};

/// A metric that can be shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Metric {
    pub id: String,
    pub label: Text,
    /// `money`, `count`, `percent`, `hours` or `other`.
    pub unit: &'static str,
    /// Can a target be set on it?
    pub targetable: bool,
}

/// What kind of number a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FigureKind {
    /// Nothing to divide by, or nothing to tell: no value, which is not zero.
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

impl From<&contract::Metric> for Metric {
    fn from(metric: &contract::Metric) -> Metric {
        Metric {
            id: metric.id.clone(),
            label: label(&metric.label),
            unit: metric.unit.as_str(),
            targetable: metric.targetable,
        }
    }
}

/// A text of the contract as ours.
pub fn label(label: &afpi_plugins::contract::Text) -> Text {
    text(&label.fr, &label.en)
}
