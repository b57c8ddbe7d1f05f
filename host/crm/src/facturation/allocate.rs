//! How money that came in once is divided among the pieces that it pays.

use afpi_core::money::Money;

/// What each piece gets, and what is left over.
#[derive(Debug, PartialEq, Eq)]
pub struct Allocation {
    /// In the order of the balances.
    pub amounts: Vec<Money>,
    /// What no piece takes.
    pub rest: Money,
}

/// Fills one balance after the other. The caller sorts them: the oldest first.
pub fn oldest_first(amount: Money, balances: &[Money]) -> Allocation {
    let mut rest = amount;
    let amounts = balances
        .iter()
        .map(|balance| {
            let taken = rest.min(*balance).max(Money::ZERO);
            rest -= taken;
            taken
        })
        .collect();
    Allocation { amounts, rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(amounts: &[i64]) -> Vec<Money> {
        amounts.iter().copied().map(Money::from_cents).collect()
    }

    /// `documents.md` 2, case 20: the last piece keeps 2.40 open. Case 22: 19.52 are a credit of the customer.
    #[test]
    fn a_transfer_pays_the_oldest_first_and_tells_the_rest() {
        let paid = oldest_first(Money::from_cents(240_000), &cents(&[84_000, 105_000, 51_240]));
        assert_eq!(paid, Allocation { amounts: cents(&[84_000, 105_000, 51_000]), rest: Money::ZERO });
        let over = oldest_first(Money::from_cents(170_000), &cents(&[168_048]));
        assert_eq!(over, Allocation { amounts: cents(&[168_048]), rest: Money::from_cents(1_952) });
        let short = oldest_first(Money::from_cents(10), &cents(&[20, -5, 30]));
        assert_eq!(short, Allocation { amounts: cents(&[10, 0, 0]), rest: Money::ZERO });
    }
}
