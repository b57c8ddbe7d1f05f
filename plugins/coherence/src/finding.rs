//! What the audit finds, and how it is told apart from day to day.

use afpi_sdk::Text;
use afpi_sdk::auditor::{self, Reference};
use afpi_sdk::calendar::Date;
use afpi_sdk::money::{divide, english, french};

use crate::rules::Regle;

/// A contradiction between records.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub rule: Regle,
    /// The record at fault first.
    pub subjects: Vec<Reference>,
    /// A JSON Pointer into the data of the first subject, or nothing.
    pub field: String,
    pub message: Text,
    /// At most 100 bytes; the same for the same fault tomorrow.
    pub key: String,
}

/// The longest key of the contract, in bytes.
const KEY: usize = 100;
/// The longest message, in bytes.
const MESSAGE: usize = 500;
/// The longest title inside a message, in letters: two of them fit into one.
const TITLE: usize = 90;

impl Finding {
    /// As the contract wants it.
    pub fn told(self) -> auditor::Finding {
        let Finding { rule, subjects, field, message, key } = self;
        let message = Text::new(line(&message.fr), line(&message.en));
        auditor::Finding { rule: rule.id().into(), subjects, field, message, key }
    }
}

/// One line, cut where it is too long.
fn line(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    if text.len() <= MESSAGE {
        return text;
    }
    let most = MESSAGE - '…'.len_utf8();
    let end = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(|end| *end <= most).last();
    format!("{}…", text.get(..end.unwrap_or_default()).unwrap_or_default())
}

/// A title, cut where it is too long for a message.
pub fn short(title: &str) -> String {
    match title.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title.to_owned(),
    }
}

/// The record of this kind and id.
pub fn subject(kind: &str, id: &str) -> Reference {
    Reference { kind: kind.to_owned(), id: id.to_owned() }
}

/// A key from ids, days and words. One that is too long, or has other letters than a key may have, becomes its FNV-1a
/// hash.
pub fn key(parts: &[&str]) -> String {
    let joined = parts.join(":");
    if joined.len() <= KEY && joined.bytes().all(|byte| byte.is_ascii_graphic()) {
        return joined;
    }
    let mixed = joined
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("fnv-{mixed:016x}")
}

/// `02/11/2026` and `2026-11-02`.
pub fn day(day: Date) -> (String, String) {
    (day.french(), day.to_string())
}

/// `31,50 h` and `31.50 h`, from hundredths of hours.
pub fn hours(hundredths: i64) -> (String, String) {
    let (fr, en) = (french(hundredths), english(hundredths));
    (format!("{} h", fr.trim_end_matches(['€', '\u{a0}', ' '])), format!("{} h", en.replacen('€', "", 1)))
}

/// Hundredths of hours, rounded half up, as documents print them.
pub fn hundredths(minutes: i64) -> i64 {
    divide(i128::from(minutes) * 100, 60)
}

/// `1 592,50 €` and `€1,592.50`.
pub fn euros(cents: i64) -> (String, String) {
    (french(cents), english(cents))
}

/// `08:30` from minutes after midnight.
pub fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_is_hashed_and_stays_the_same() {
        assert_eq!(key(&["a", "2026-11-02"]), "a:2026-11-02");
        let id = "0190a1b2-0000-7000-8000-000000000001";
        let long = key(&[id, id, id]);
        assert_eq!(long, key(&[id, id, id]));
        assert!(long.len() <= KEY && long != key(&[id, id, "0190a1b2-0000-7000-8000-000000000002"]));
    }

    #[test]
    fn a_key_has_no_blanks() {
        assert!(key(&["f", "habilitation électrique"]).starts_with("fnv-"));
    }

    #[test]
    fn a_message_is_one_line_of_at_most_500_bytes() {
        assert_eq!(line("a\nb"), "a b");
        let long = line(&"é".repeat(400));
        assert!(long.len() <= 500 && long.len() > 490 && long.ends_with("é…"));
        assert_eq!(short(&"é".repeat(200)).chars().count(), 91);
        assert_eq!(short("Soudage"), "Soudage");
    }

    #[test]
    fn hours_are_written_in_both_languages() {
        assert_eq!(hours(3150), ("31,50 h".into(), "31.50 h".into()));
        assert_eq!([hundredths(200), hundredths(210), hundredths(100)], [333, 350, 167]);
        assert_eq!(clock(510), "08:30");
    }
}
