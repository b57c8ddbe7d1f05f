//! Plausible days for a business date. A typing error (`0026`, `1926`) is refused where it is made, and the message
//! names the limits.

use afpi_sdk::calendar::Date;
use afpi_sdk::workflow::{Error, FieldProblem, Result};

use super::problem;

/// A year, in days.
const YEAR: i32 = 365;

/// The base days of one record's windows.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The day of creation. Events may lie up to a year before it: some files are entered late.
    pub opened: Date,
    pub today: Date,
}

impl Window {
    fn earliest(self) -> Date {
        self.opened.min(self.today).plus(-YEAR)
    }

    /// A planned or wished day: up to five years ahead.
    pub fn planned(self, field: impl Into<String>, day: Option<Date>) -> Option<FieldProblem> {
        outside(field, day?, self.earliest(), self.today.plus(5 * YEAR))
    }

    /// A day in the past or today.
    pub fn done(self, field: impl Into<String>, day: Option<Date>) -> Option<FieldProblem> {
        outside(field, day?, self.earliest(), self.today)
    }

    /// The last day of an offer: up to two years ahead.
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

/// The day of an event; default today. Not before `first`, which `since` names, and not in the future.
///
/// # Errors
/// [`Error::Invalid`] at `/le`, with the bound that was passed.
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

/// A future day: from today, up to two years ahead.
pub fn ahead(field: &str, day: Option<Date>, today: Date) -> Option<FieldProblem> {
    outside(field, day?, today, today.plus(2 * YEAR))
}
