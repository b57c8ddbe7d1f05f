//! Which days a business date may have. A slip of the keyboard (`0026`, `1926`) is refused where it is made, with the
//! bounds in the message.

use afpi_sdk::calendar::Date;
use afpi_sdk::workflow::{Error, FieldProblem, Result};

use super::problem;

/// A year, in days.
const YEAR: i32 = 365;

/// The days from which the windows of one record are counted.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The day the record was entered. What has happened may have been up to a year before: some files are entered
    /// late.
    pub opened: Date,
    pub today: Date,
}

impl Window {
    fn earliest(self) -> Date {
        self.opened.min(self.today).plus(-YEAR)
    }

    /// A day that is planned or wished: up to five years ahead.
    pub fn planned(self, field: impl Into<String>, day: Option<Date>) -> Option<FieldProblem> {
        outside(field, day?, self.earliest(), self.today.plus(5 * YEAR))
    }

    /// A day on which something was done: not to come.
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

/// The day something happened, today when none was given: not before `first`, which `since` names, and not to come.
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

/// A day to come: from today, up to two years ahead.
pub fn ahead(field: &str, day: Option<Date>, today: Date) -> Option<FieldProblem> {
    outside(field, day?, today, today.plus(2 * YEAR))
}
