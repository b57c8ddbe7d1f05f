//! Amounts of money.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::text::{Text, text};

/// An amount in euro cents, negative when money goes back. A whole number in JSON and in SQL.
///
/// Amounts of the CRM stay far below the limits of the type; sums that a guest hands over are checked before they get
/// here.
#[derive(
    Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = i64, example = 125_000)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Money = Money(0);

    pub const fn from_cents(cents: i64) -> Money {
        Money(cents)
    }

    pub const fn cents(self) -> i64 {
        self.0
    }

    /// For people: `1 234,56 €` with no-break spaces, and `€1,234.56`.
    pub fn words(self) -> Text {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (euros, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let grouped = |between: &str| {
            let digits = euros.to_string();
            let groups: Vec<&str> =
                digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
            groups.join(between)
        };
        text(format!("{sign}{},{cents:02}\u{a0}€", grouped("\u{202f}")), format!("{sign}€{}.{cents:02}", grouped(",")))
    }
}

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Money;

    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}

impl Neg for Money {
    type Output = Money;

    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

/// Euros with two decimals and a point, as machines read them: `-1250.00`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl afpi_db::Newtype for Money {
    type Inner = i64;

    fn wrap(cents: i64) -> Result<Self, afpi_db::Unreadable> {
        Ok(Money(cents))
    }
}

impl From<Money> for afpi_db::Value {
    fn from(amount: Money) -> Self {
        amount.0.into()
    }
}

impl From<&Money> for afpi_db::Value {
    fn from(amount: &Money) -> Self {
        amount.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn amounts_add_up_and_are_written_in_euros() {
        let amounts = [Money::from_cents(125_005), Money::from_cents(-25_000)];
        assert_eq!(amounts.into_iter().sum::<Money>(), Money::from_cents(100_005));
        assert_eq!(Money::from_cents(125_005).to_string(), "1250.05");
        assert_eq!((-Money::from_cents(7)).to_string(), "-0.07");
        let words = Money::from_cents(-123_456_705).words();
        assert_eq!((&*words.fr, &*words.en), ("-1\u{202f}234\u{202f}567,05\u{a0}€", "-€1,234,567.05"));
        assert_eq!(Money::from_cents(99_900).words().fr, "999,00\u{a0}€");
        assert_eq!(serde_json::to_string(&Money::from_cents(-7)).unwrap(), "-7");
    }
}
