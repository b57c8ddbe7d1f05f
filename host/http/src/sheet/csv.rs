//! The CSV form of a list (RFC 4180), in the dialect that Excel opens in the reader's language. Values are unchanged,
//! also those with leading zeros, so that a program can read them back. For spreadsheets people should choose
//! [`super::xlsx`].

use csv::{Terminator, WriterBuilder};
use unicode_normalization::UnicodeNormalization;

use super::Cell;
use afpi_core::error::{Result, internal};
use afpi_core::text::Locale;

/// The start of a file. Without the byte order mark Excel reads UTF-8 in the machine's code page.
pub(super) const START: &str = "\u{feff}";

/// These rows as lines of the file.
pub(super) fn write<'a>(locale: Locale, rows: impl IntoIterator<Item = &'a Vec<Cell>>) -> Result<Vec<u8>> {
    let delimiter = if locale == Locale::Fr { b';' } else { b',' };
    let mut writer = WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| show(cell, locale))).map_err(internal)?;
    }
    writer.into_inner().map_err(|error| internal(error.to_string()))
}

fn show(cell: &Cell, locale: Locale) -> String {
    match cell {
        Cell::Text(text) => tame(text),
        Cell::Number(number) => number.to_string(),
        Cell::Amount(amount) => match locale {
            Locale::Fr => amount.to_string().replace('.', ","),
            Locale::En => amount.to_string(),
        },
        Cell::Day(instant) => instant.day().to_string(),
        Cell::Flag(flag) => match (flag, locale) {
            (true, Locale::Fr) => "oui",
            (true, Locale::En) => "yes",
            (false, Locale::Fr) => "non",
            (false, Locale::En) => "no",
        }
        .to_owned(),
    }
}

/// Puts an apostrophe before a text that a spreadsheet would run as a formula (OWASP, CSV injection). Spreadsheets skip
/// white space and invisible characters before a formula, and read full-width signs as plain ones. A telephone number
/// keeps its plus, because digits alone are harmless.
fn tame(text: &str) -> String {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || invisible(c));
    let formula = start.nfkc().next().is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\u{2212}'));
    let number =
        text.strip_prefix('+').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '.'));
    let moved = start.len() < text.len() && text.starts_with(['\t', '\r', '\n']);
    if (formula && !number) || moved { format!("'{text}") } else { text.to_owned() }
}

/// Invisible format characters: zero-width spaces and joiners, direction marks, the byte order mark.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_core::clock::Instant;
    use afpi_core::money::Money;

    #[test]
    fn cells_read_as_a_spreadsheet_of_the_language_expects() {
        let row = |name: &str| {
            vec![
                Cell::Text(name.into()),
                Cell::Amount(Money::from_cents(-1_234_567)),
                Cell::Flag(true),
                Cell::Day(Instant::from_millis(1_798_758_000_000)),
            ]
        };
        let lines = |locale| String::from_utf8(write(locale, [&row("A; \"B\", C"), &row("D")]).unwrap()).unwrap();
        assert_eq!(lines(Locale::Fr), "\"A; \"\"B\"\", C\";-12345,67;oui;2027-01-01\r\nD;-12345,67;oui;2027-01-01\r\n");
        assert_eq!(lines(Locale::En), "\"A; \"\"B\"\", C\",-12345.67,yes,2027-01-01\r\nD,-12345.67,yes,2027-01-01\r\n");
    }

    #[test]
    fn formulas_are_tamed() {
        for (typed, shown) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            (" =1+1", "' =1+1"),
            ("\n=1+1", "'\n=1+1"),
            ("\u{a0}\u{200b}=1+1", "'\u{a0}\u{200b}=1+1"),
            ("\u{feff}@SUM(A1)", "'\u{feff}@SUM(A1)"),
            ("\u{ff1d}1+1", "'\u{ff1d}1+1"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff20}SUM(A1)", "'\u{ff20}SUM(A1)"),
            ("\u{fe63}1", "'\u{fe63}1"),
            ("\tA", "'\tA"),
            ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
            (" Été", " Été"),
            ("02100", "02100"),
            ("Été", "Été"),
            ("", ""),
        ] {
            assert_eq!(tame(typed), shown, "{typed:?}");
        }
    }
}
