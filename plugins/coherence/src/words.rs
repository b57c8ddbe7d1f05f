//! Reads texts that people or documents wrote. What does not read for certain reads as nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters and digits in lower case without accents, with one space between words: two texts that differ in nothing
/// else say the same. `+` and `#` stay, because they tell `C` from `C++`.
pub fn fold(text: &str) -> String {
    let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let plain = plain.map(|letter| if letter.is_alphanumeric() || matches!(letter, '+' | '#') { letter } else { ' ' });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Does the folded `text` have the words of the folded `part`, one after the other?
pub fn contains(text: &str, part: &str) -> bool {
    !part.is_empty() && format!(" {text} ").contains(&format!(" {part} "))
}

/// The first number of a text, as hundredths of hours: `pour une durée de 1 231,50 h, dont …`, or `1,231.50 h`. Documents
/// print two decimals; any other form is not read.
pub fn hours(text: &str) -> Option<i64> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ',' | '.') || blank(letter)))?;
    let (number, unit) = rest.split_at(end);
    let mut after = unit.chars();
    if after.next() != Some('h') || after.next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let number = number.trim_end_matches(blank);
    let (whole, decimals) = number.rsplit_once([',', '.'])?;
    let point = number.as_bytes()[whole.len()];
    let grouping = |letter: char| blank(letter) || (letter == ',' && point == b'.');
    let groups: Vec<&str> = whole.split(grouping).collect();
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.iter().enumerate().all(|(at, group)| digits(group) && (at == 0 || group.len() == 3));
    let first = groups.first().is_some_and(|group| groups.len() == 1 || group.len() <= 3);
    if !grouped || !first || decimals.len() != 2 || !digits(&decimals) {
        return None;
    }
    format!("{}{decimals}", groups.concat()).parse().ok().filter(|hundredths| *hundredths < 100_000_000)
}

fn blank(letter: char) -> bool {
    matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// Minutes after midnight of `08:30`.
pub fn clock(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str, below: i64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| digits && *number < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_differ_by_their_words_only() {
        assert_eq!(fold("Soudage TIG\u{a0}– Perfectionnement"), fold("soudage  tig - perfectionnement"));
        assert_eq!(fold("L’été à l'œuvre"), "l ete a l œuvre");
        assert_ne!(fold("Programmer en C"), fold("Programmer en C++"));
        assert_eq!(fold("…………"), "");
        assert!(contains("recyclage caces r489 categorie 3", "caces r489"));
        assert!(!contains("soudage tigre", "tig") && !contains("tout", ""));
    }

    #[test]
    fn hours_of_documents_are_read_in_both_languages() {
        for (text, hundredths) in [
            ("pour une durée de 31,50\u{a0}h", 3150),
            ("for a duration of 31.50\u{a0}h", 3150),
            ("pour une durée de 12\u{a0}600,00\u{a0}h", 1_260_000),
            ("for a duration of 12,600.00 h", 1_260_000),
            ("35,00\u{a0}h, dont 28,00\u{a0}h en présentiel et 7,00\u{a0}h à distance", 3500),
            ("3,33 h", 333),
        ] {
            assert_eq!(hours(text), Some(hundredths), "{text}");
        }
    }

    #[test]
    fn what_is_not_for_certain_hours_is_not_read() {
        for text in [
            "",
            "…………",
            "35 h",
            "35,0 h",
            "35,000 h",
            "35,00",
            "35,00 heures",
            "35,00 €",
            "35:00 h",
            "1 2,00 h",
            "12 60,00 h",
            "1.234.00 h",
            "7 h 30",
            "du 2 au 6 novembre, 35,00 h",
            "é",
            "9999999999999999999999,00 h",
        ] {
            assert_eq!(hours(text), None, "{text}");
        }
    }

    #[test]
    fn clocks_have_four_digits() {
        assert_eq!(
            [clock("08:30"), clock("23:59"), clock("24:00"), clock("8:30"), clock("é8:30")].map(|c| c.unwrap_or(-1)),
            [510, 1439, -1, -1, -1]
        );
    }
}
