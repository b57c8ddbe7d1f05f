//! Amounts in the form that people in France read and write. Money is integer cents; nothing here uses a float.

/// No-break space: between groups of three digits and before the euro sign. Many fonts draw the narrow one without
/// width.
const SPACE: char = '\u{a0}';

/// `1 234,56 €` with the proper no-break spaces.
///
/// ```
/// assert_eq!(afpi_sdk::money::french(123_456), "1\u{a0}234,56\u{a0}€");
/// assert_eq!(afpi_sdk::money::french(-5), "-0,05\u{a0}€");
/// ```
pub fn french(cents: i64) -> String {
    format!("{}{},{:02}{SPACE}€", sign(cents), grouped(cents.unsigned_abs() / 100, SPACE), cents.unsigned_abs() % 100)
}

/// `€1,234.56`, for the English texts.
///
/// ```
/// assert_eq!(afpi_sdk::money::english(123_456), "€1,234.56");
/// ```
pub fn english(cents: i64) -> String {
    format!("{}€{}.{:02}", sign(cents), grouped(cents.unsigned_abs() / 100, ','), cents.unsigned_abs() % 100)
}

/// `part` ÷ `whole`, rounded half away from zero; for prices and tax. `whole` must not be 0.
///
/// ```
/// use afpi_sdk::money::divide;
/// assert_eq!([divide(5, 2), divide(-5, 2), divide(7, 3)], [3, -3, 2]);
/// ```
pub fn divide(part: i128, whole: i128) -> i64 {
    let (part, whole) = if whole < 0 { (-part, -whole) } else { (part, whole) };
    let half = whole / 2;
    let rounded = if part < 0 { part.saturating_sub(half) / whole } else { part.saturating_add(half) / whole };
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

/// `total` split by weights, to the cent: each part is rounded towards zero, and the cents that are left go to the
/// largest remainders, on a tie to the earlier part. The parts add up to `total`, unless no weight is positive: then
/// they are 0. Negative weights count as 0.
///
/// ```
/// use afpi_sdk::money::split;
/// assert_eq!(split(100_000, &[1, 1, 1]), [33_334, 33_333, 33_333]);
/// assert_eq!(split(159_250, &[60, 25, 15]), [95_550, 39_813, 23_887]);
/// ```
pub fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let weights: Vec<i128> = weights.iter().map(|weight| i128::from((*weight).max(0))).collect();
    let whole: i128 = weights.iter().sum();
    if whole == 0 {
        return vec![0; weights.len()];
    }
    let cents = i128::from(total.unsigned_abs());
    let mut parts: Vec<i128> = weights.iter().map(|weight| cents * weight / whole).collect();
    let mut ranks: Vec<usize> = (0..parts.len()).collect();
    // A stable sort: on a tie the earlier part stays first.
    ranks.sort_by_key(|at| std::cmp::Reverse(cents * weights[*at] % whole));
    let left = cents - parts.iter().sum::<i128>();
    for at in ranks.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        parts[at] += 1;
    }
    let sign = if total < 0 { -1 } else { 1 };
    // No part is larger than `total`.
    parts.into_iter().map(|part| i64::try_from(part).unwrap_or(i64::MAX) * sign).collect()
}

fn sign(cents: i64) -> &'static str {
    if cents < 0 { "-" } else { "" }
}

fn grouped(euros: u64, separator: char) -> String {
    let digits = euros.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_every_size() {
        for (cents, expected) in [
            (0, "0,00\u{a0}€"),
            (99, "0,99\u{a0}€"),
            (100_000, "1\u{a0}000,00\u{a0}€"),
            (-123_456_789, "-1\u{a0}234\u{a0}567,89\u{a0}€"),
            (i64::MIN, "-92\u{a0}233\u{a0}720\u{a0}368\u{a0}547\u{a0}758,08\u{a0}€"),
        ] {
            assert_eq!(french(cents), expected);
        }
    }

    /// Cases 7, 8, 9 and 14 of the worked amounts.
    #[test]
    fn parts_add_up_and_the_cents_that_are_left_have_their_order() {
        assert_eq!(split(100_000, &[1, 1, 1]), [33_334, 33_333, 33_333]);
        assert_eq!(split(159_250, &[60, 25, 15]), [95_550, 39_813, 23_887]);
        assert_eq!(split(77_777, &[50, 30, 20]), [38_889, 23_333, 15_555]);
        assert_eq!(split(10_000, &[159_250, 20_000]), [8_884, 1_116]);
        assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split(5, &[0, -3]), [0, 0]);
        assert_eq!(split(i64::MAX, &[i64::MAX, 1]), [i64::MAX - 1, 1]);
        assert!(split(1, &[]).is_empty());
    }

    #[test]
    fn halves_go_away_from_zero_and_giants_stop_at_the_edge() {
        assert_eq!(divide(1, 2), 1);
        assert_eq!(divide(-1, 2), -1);
        assert_eq!(divide(1, 3), 0);
        assert_eq!(divide(2, -4), -1);
        assert_eq!(divide(i128::MAX, 2), i64::MAX);
    }
}
