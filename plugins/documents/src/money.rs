//! Amounts that documents compute themselves: penalties and instalments. Cents, rounded half up.

use afpi_sdk::calendar::Date;
use afpi_sdk::money::divide;

/// The penalty for a debt that was due on `due` and is still open on `until`, at `rate` hundredths of a percent a year
/// of 365 days. `paid` are payments with their days. Each stretch between payments is rounded on its own.
pub fn penalty(debt: i64, due: Date, paid: &[(Date, i64)], rate: i64, until: Date) -> i64 {
    let mut payments: Vec<(Date, i64)> = paid.iter().copied().filter(|(day, _)| *day < until).collect();
    payments.sort();
    let (mut open, mut since, mut sum) = (debt, due, 0);
    for (day, amount) in payments.into_iter().chain([(until, 0)]) {
        let days = (day.days() - since.days()).max(0);
        sum += divide(i128::from(open.max(0)) * i128::from(rate) * i128::from(days), 365 * 10_000);
        since = since.max(day);
        open -= amount;
    }
    sum
}

/// What a person who pays alone owes after the days of withdrawal (at most 30 %, L6353-6), and the instalments of the
/// rest.
pub fn instalments(total: i64, parts: usize) -> (i64, Vec<i64>) {
    let deposit = total.max(0) * 30 / 100;
    (deposit, shares(total - deposit, parts))
}

/// `total` in equal parts. The first ones take the cents that are left over.
pub fn shares(total: i64, parts: usize) -> Vec<i64> {
    let count = i64::try_from(parts.max(1)).unwrap_or(1);
    (0..count).map(|rank| total / count + i64::from(rank < total % count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Date {
        iso.parse().unwrap()
    }

    #[test]
    fn penalties_with_and_without_a_payment_meanwhile() {
        let (due, until) = (day("2026-12-28"), day("2026-12-28").plus(34));
        assert_eq!(penalty(168_048, due, &[], 1215, until), 1902);
        assert_eq!(penalty(168_048, due, &[(due.plus(10), 100_000)], 1215, until), 559 + 544);
        assert_eq!(
            penalty(168_048, due, &[(due.plus(-5), 100_000)], 1215, until),
            penalty(68_048, due, &[], 1215, until)
        );
        assert_eq!(penalty(168_048, due, &[], 1215, due), 0);
        assert_eq!(penalty(168_048, due, &[(due, 200_000)], 1215, until), 0);
    }

    #[test]
    fn a_person_pays_at_most_thirty_percent_first() {
        assert_eq!(instalments(159_250, 3), (47_775, vec![37_159, 37_158, 37_158]));
        assert_eq!(instalments(99_999, 1), (29_999, vec![70_000]));
    }

    #[test]
    fn equal_payers_share_every_cent() {
        assert_eq!(shares(100_000, 3), [33_334, 33_333, 33_333]);
        assert_eq!(shares(5, 0), [5]);
    }
}
