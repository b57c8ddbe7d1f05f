//! The plausible days of business dates. A typing error (`0026`, `1926`) is refused in its form, and the message names
//! the limits.

use afpi_sdk::calendar::Date;
use afpi_sdk::workflow::{Error, FieldProblem, Result};

use super::problem;

/// A year, in days.
const YEAR: i32 = 365;

/// The days from which the limits of a record are computed.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The day of creation. Events may be up to a year older, because people enter some opportunités late.
    pub opened: Date,
    pub today: Date,
}

impl Window {
    fn earliest(self) -> Date {
        self.opened.min(self.today).plus(-YEAR)
    }

    /// Checks a planned or wished day: up to five years in the future.
    pub fn planned(self, field: impl Into<String>, day: Option<Date>) -> Option<FieldProblem> {
        outside(field, day?, self.earliest(), self.today.plus(5 * YEAR))
    }

    /// Checks a day that must not be in the future.
    pub fn done(self, field: impl Into<String>, day: Option<Date>) -> Option<FieldProblem> {
        outside(field, day?, self.earliest(), self.today)
    }

    /// Checks the last day of an offer: up to two years in the future.
    pub fn deadline(self, field: impl Into<String>, day: Option<Date>) -> Option<FieldProblem> {
        outside(field, day?, self.earliest(), self.today.plus(2 * YEAR))
    }
}

fn outside(field: impl Into<String>, day: Date, first: Date, last: Date) -> Option<FieldProblem> {
    let (fr, en) = (
        format!("Date attendue entre le {} et le {}", first.french(), last.french()),
        format!("A date between {first} and {last} is expected"),
    );
    (!(first..=last).contains(&day)).then(|| problem(field, "out-of-range", fr, en))
}

/// The day of an event. The default is today. The day must not be before `first` (`since` describes that limit) and not
/// in the future.
///
/// # Errors
/// [`Error::Invalid`] at `/le`, with the limit.
pub fn happened(day: Option<Date>, today: Date, first: Date, since: (&str, &str)) -> Result<Date> {
    let day = day.unwrap_or(today);
    let (fr, en) = if day > today {
        (
            format!("Cette date est à venir : au plus tard aujourd’hui, le {}", today.french()),
            format!("This day has not come yet: no later than today, {today}"),
        )
    } else if day < first {
        (format!("Au plus tôt le {}, {}", first.french(), since.0), format!("No earlier than {first}, {}", since.1))
    } else {
        return Ok(day);
    };
    Err(Error::invalid("/le", "out-of-range", &fr, &en))
}

/// Checks a future day: from today up to two years ahead.
pub fn ahead(field: &str, day: Option<Date>, today: Date) -> Option<FieldProblem> {
    outside(field, day?, today, today.plus(2 * YEAR))
}
