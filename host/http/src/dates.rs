//! Plausible days for a business date. A typing error (`0026`, `1926`) is refused, and the message names the limits.

use chrono::{Months, NaiveDate};
use validator::ValidationError;

use afpi_core::clock::Day;
use afpi_core::text::{Text, text};

/// The days from `back` years ago to `ahead` years ahead, both included.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Window {
    /// Around today.
    pub fn around_today(years_back: u32, years_ahead: u32) -> Window {
        Window::around(Day::today().date(), years_back, years_ahead)
    }

    fn around(today: NaiveDate, years_back: u32, years_ahead: u32) -> Window {
        Window {
            first: today.checked_sub_months(Months::new(12 * years_back)).unwrap_or(NaiveDate::MIN),
            last: today.checked_add_months(Months::new(12 * years_ahead)).unwrap_or(NaiveDate::MAX),
        }
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The expected days, for people.
    pub fn expected(self) -> Text {
        text(
            format!("Date attendue entre le {} et le {}.", french(self.first), french(self.last)),
            format!("A date between {} and {} is expected.", self.first, self.last),
        )
    }

    /// For `#[validate(custom)]`.
    ///
    /// # Errors
    /// `out-of-range` for a day outside of the window.
    pub fn check(self, day: NaiveDate) -> Result<(), ValidationError> {
        if self.contains(day) {
            return Ok(());
        }
        let expected = self.expected();
        Err(ValidationError::new("out-of-range").with_message(format!("{}|{}", expected.fr, expected.en).into()))
    }
}

/// The form in French texts: `31/12/2026`.
pub fn french(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_both_its_ends_and_says_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let window = Window::around(day("2028-02-29"), 10, 5);
        for (inside, outside) in [("2018-02-28", "2018-02-27"), ("2033-02-28", "2033-03-01")] {
            assert!(window.check(day(inside)).is_ok() && window.check(day(outside)).is_err(), "{inside}");
        }
        for slip in ["0026-11-28", "1926-11-28", "9999-12-31"] {
            assert!(window.check(day(slip)).is_err(), "{slip}");
        }
        assert_eq!(window.expected().fr, "Date attendue entre le 28/02/2018 et le 28/02/2033.");
        assert_eq!(window.expected().en, "A date between 2018-02-28 and 2033-02-28 is expected.");
    }
}
