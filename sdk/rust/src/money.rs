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

    #[test]
    fn halves_go_away_from_zero_and_giants_stop_at_the_edge() {
        assert_eq!(divide(1, 2), 1);
        assert_eq!(divide(-1, 2), -1);
        assert_eq!(divide(1, 3), 0);
        assert_eq!(divide(2, -4), -1);
        assert_eq!(divide(i128::MAX, 2), i64::MAX);
    }
}
