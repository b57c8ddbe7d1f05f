//! Compares results with targets: the percentage, the expected final value, and a level.

use afpi_sdk::calendar::{Date, working_days};
use afpi_sdk::money::divide;
use afpi_sdk::objectives::{Attainment, Figure, Target, Text};

use crate::metrics::grows;

/// One percent in the unit of attainments, which is a hundredth of a percent.
const PERCENT: i64 = 100;

/// The lowest percentage of each level, from high to low.
const LEVELS: [(i64, &str, &str, &str); 5] = [
    (100 * PERCENT, "reached", "Atteint", "Reached"),
    (75 * PERCENT, "good", "En bonne voie", "On track"),
    (50 * PERCENT, "under-way", "En cours", "Under way"),
    (25 * PERCENT, "slow", "Lent", "Slow"),
    (i64::MIN, "attention", "À surveiller", "Needs attention"),
];

/// The attainment of one target.
pub fn attain(target: &Target) -> Attainment {
    let actual = in_target_unit(&target.actual);
    let percent = actual
        .filter(|_| target.target > 0)
        .map(|actual| divide(i128::from(actual) * i128::from(100 * PERCENT), i128::from(target.target)));
    let (_, level, fr, en) = match percent {
        None => (0, "none", "Pas de valeur", "No value"),
        Some(percent) => *LEVELS.iter().find(|(from, ..)| percent >= *from).unwrap_or(&LEVELS[4]),
    };
    Attainment {
        percent,
        run_rate: actual.and_then(|actual| run_rate(target, actual)),
        level: level.into(),
        label: Text::new(fr, en),
    }
}

/// A ratio is compared in hundredths of a percent.
fn in_target_unit(figure: &Figure) -> Option<i64> {
    match *figure {
        Figure::None => None,
        Figure::Money(value) | Figure::Count(value) | Figure::Minutes(value) | Figure::Other(value) => Some(value),
        Figure::Ratio((_, 0)) => None,
        Figure::Ratio((part, whole)) => Some(divide(i128::from(part) * i128::from(100 * PERCENT), i128::from(whole))),
    }
}

/// The expected final value: actual ÷ elapsed working days (including today) × all working days of the period. It
/// exists only for metrics that grow day by day.
fn run_rate(target: &Target, actual: i64) -> Option<i64> {
    let day = |text: &str| text.parse::<Date>().ok();
    let (first, last, today) = (day(&target.first)?, day(&target.last)?, day(&target.today)?);
    let elapsed = working_days(first, today.min(last));
    (grows(&target.metric) && elapsed > 0)
        .then(|| divide(i128::from(actual) * i128::from(working_days(first, last)), i128::from(elapsed)))
}
