//! How numbers, days, hours and names are written, in French and in English. Templates receive texts and compute
//! nothing.

use afpi_sdk::calendar::{Date, Weekday};
use afpi_sdk::money;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Lang;

const NBSP: char = '\u{a0}';
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `1 234,56 €`, or `€1,234.56`. A negative amount has a true minus sign.
pub fn amount(lang: Lang, cents: i64) -> String {
    let text = match lang {
        Lang::Fr => money::french(cents),
        Lang::En => money::english(cents),
    };
    text.replacen('-', "−", 1)
}

/// A number of `scale`-ths without trailing zeros: `2,5` for 2500 thousandths.
pub fn number(lang: Lang, value: i64, scale: u32) -> String {
    let unit = 10_u64.pow(scale);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "−" } else { "" };
    let fraction = format!("{part:0width$}", width = scale as usize);
    let fraction = fraction.trim_end_matches('0');
    let point = if lang == Lang::Fr { ',' } else { '.' };
    if part == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}{point}{fraction}") }
}

/// `20 %`, from hundredths of a percent.
pub fn rate(lang: Lang, hundredths: i64) -> String {
    let number = number(lang, hundredths, 2);
    if lang == Lang::Fr { format!("{number}{NBSP}%") } else { format!("{number}%") }
}

/// Hours in hundredths, as OPCOs want them: `3,50 h`. Rounded half up.
pub fn hours(lang: Lang, minutes: i64) -> String {
    let hundredths = money::divide(i128::from(minutes) * 100, 60);
    let number = match lang {
        Lang::Fr => money::french(hundredths).trim_end_matches(['€', NBSP]).to_string(),
        Lang::En => money::english(hundredths).trim_start_matches('€').to_string(),
    };
    format!("{number}{NBSP}h")
}

/// `31/12/2026`, or `31 December 2026`: in English a day in figures is read in two ways.
pub fn day(lang: Lang, iso: &str) -> String {
    match (lang, iso.parse::<Date>()) {
        (Lang::Fr, Ok(date)) => date.french(),
        (Lang::En, Ok(date)) => spelled(lang, date),
        (_, Err(_)) => iso.into(),
    }
}

/// `lundi 2 novembre 2026`.
pub fn long_day(lang: Lang, iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.into(), |date: Date| format!("{} {}", weekday(lang, date), spelled(lang, date)))
}

/// `2 novembre 2026`.
pub fn plain_day(lang: Lang, iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.into(), |date| spelled(lang, date))
}

/// `2–6 novembre 2026`, `30 novembre – 2 décembre 2026`, or one day.
pub fn span(lang: Lang, from: &str, to: &str) -> String {
    let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>()) else {
        return format!("{from} – {to}");
    };
    let ((year, month, _), (last_year, last_month, _)) = (first.ymd(), last.ymd());
    if first == last {
        spelled(lang, first)
    } else if (year, month) == (last_year, last_month) {
        format!("{}–{}", ordinal(lang, first), spelled(lang, last))
    } else if year == last_year {
        format!("{}{NBSP}{} – {}", ordinal(lang, first), months(lang)[month as usize - 1], spelled(lang, last))
    } else {
        format!("{} – {}", spelled(lang, first), spelled(lang, last))
    }
}

/// `du 2 au 6 novembre 2026`, `du 30 novembre au 2 décembre 2026`, or `le 2 novembre 2026`.
pub fn from_to(lang: Lang, from: &str, to: &str) -> String {
    let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>()) else {
        return format!("{from} – {to}");
    };
    let (on, since, until) = if lang == Lang::Fr { ("le", "du", "au") } else { ("on", "from", "to") };
    if first == last {
        return format!("{on} {}", spelled(lang, first));
    }
    let ((year, month, _), (last_year, last_month, _)) = (first.ymd(), last.ymd());
    let start = match (year == last_year, month == last_month) {
        (true, true) => ordinal(lang, first),
        (true, false) => format!("{}{NBSP}{}", ordinal(lang, first), months(lang)[month as usize - 1]),
        (false, _) => spelled(lang, first),
    };
    format!("{since} {start} {until}{NBSP}{}", spelled(lang, last))
}

/// `8 h 30`, or `08:30`.
pub fn time(lang: Lang, clock: &str) -> String {
    let French(hour, minute) = match (lang, French::read(clock)) {
        (Lang::Fr, Some(time)) => time,
        _ => return clock.into(),
    };
    if minute == 0 { format!("{hour}{NBSP}h") } else { format!("{hour}{NBSP}h{NBSP}{minute:02}") }
}

/// `8 h 30 – 12 h`.
pub fn times(lang: Lang, start: Option<&str>, end: Option<&str>) -> Option<String> {
    Some(format!("{} – {}", time(lang, start?), time(lang, end?)))
}

struct French(u32, u32);

impl French {
    fn read(clock: &str) -> Option<French> {
        let (hour, minute) = clock.split_once(':')?;
        Some(French(hour.parse().ok()?, minute.get(..2)?.parse().ok()?))
    }
}

/// `lundi`.
pub fn weekday(lang: Lang, date: Date) -> &'static str {
    let (fr, en) = match date.weekday() {
        Weekday::Monday => ("lundi", "Monday"),
        Weekday::Tuesday => ("mardi", "Tuesday"),
        Weekday::Wednesday => ("mercredi", "Wednesday"),
        Weekday::Thursday => ("jeudi", "Thursday"),
        Weekday::Friday => ("vendredi", "Friday"),
        Weekday::Saturday => ("samedi", "Saturday"),
        Weekday::Sunday => ("dimanche", "Sunday"),
    };
    if lang == Lang::Fr { fr } else { en }
}

fn spelled(lang: Lang, date: Date) -> String {
    let (year, month, _) = date.ymd();
    format!("{}{NBSP}{} {year}", ordinal(lang, date), months(lang)[month as usize - 1])
}

fn ordinal(lang: Lang, date: Date) -> String {
    match (lang, date.ymd().2) {
        (Lang::Fr, 1) => "1er".into(),
        (_, day) => day.to_string(),
    }
}

fn months(lang: Lang) -> &'static [&'static str; 12] {
    if lang == Lang::Fr { &MONTHS_FR } else { &MONTHS_EN }
}

/// The text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// SIREN and SIRET in groups of three: `732 829 320 00074`.
pub fn siret(digits: &str) -> String {
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (siren, nic) = digits.split_at(digits.len().min(9));
    [grouped(siren, 3), nic.into()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\u{a0}")
}

/// `de Camille`, `d’Anne`, or `of Anne`.
pub fn of(lang: Lang, name: &str) -> String {
    let first = name.nfd().next().map(|letter| letter.to_ascii_lowercase());
    match (lang, first) {
        (Lang::En, _) => format!("of {name}"),
        (Lang::Fr, Some('a' | 'e' | 'i' | 'o' | 'u' | 'œ' | 'æ')) => format!("d’{name}"),
        (Lang::Fr, _) => format!("de {name}"),
    }
}

/// A phone number that no line break parts.
pub fn phone(number: &str) -> String {
    number.replace(' ', "\u{a0}")
}

/// An IBAN in groups of four.
pub fn iban(iban: &str) -> String {
    grouped(&iban.split_whitespace().collect::<String>(), 4)
}

fn grouped(text: &str, size: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(size).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}

/// A part of a file name: ASCII letters, digits and `-`, at most 60.
pub fn file_part(text: &str) -> String {
    let mut out = String::new();
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'œ' | 'Œ' => out.push_str("oe"),
            'æ' | 'Æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            letter if letter.is_ascii_alphanumeric() => out.push(letter),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let mut part: String = out.chars().take(60).collect();
    part.truncate(part.trim_end_matches('-').len());
    part
}

/// A file name of the parts that are there, joined with `_`.
pub fn file_name<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().map(file_part).filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_numbers_and_hours() {
        assert_eq!(amount(Lang::Fr, 168_048), "1\u{a0}680,48\u{a0}€");
        assert_eq!(amount(Lang::En, -168_048), "−€1,680.48");
        assert_eq!(amount(Lang::Fr, -31_850), "−318,50\u{a0}€");
        assert_eq!(
            [number(Lang::Fr, 2500, 3), number(Lang::Fr, 35_000, 3), number(Lang::En, 3330, 3)],
            ["2,5", "35", "3.33"]
        );
        assert_eq!(
            [rate(Lang::Fr, 2000), rate(Lang::Fr, 550), rate(Lang::En, 1215)],
            ["20\u{a0}%", "5,5\u{a0}%", "12.15%"]
        );
        assert_eq!(
            [hours(Lang::Fr, 210), hours(Lang::Fr, 200), hours(Lang::En, 2100)],
            ["3,50\u{a0}h", "3,33\u{a0}h", "35.00\u{a0}h"]
        );
        assert_eq!([hours(Lang::Fr, 756_000), hours(Lang::En, 756_000)], ["12\u{a0}600,00\u{a0}h", "12,600.00\u{a0}h"]);
    }

    #[test]
    fn days_and_spans() {
        assert_eq!(day(Lang::Fr, "2026-12-31"), "31/12/2026");
        assert_eq!(long_day(Lang::Fr, "2026-11-02"), "lundi 2\u{a0}novembre 2026");
        assert_eq!(plain_day(Lang::Fr, "2026-12-01"), "1er\u{a0}décembre 2026");
        assert_eq!(span(Lang::Fr, "2026-11-02", "2026-11-06"), "2–6\u{a0}novembre 2026");
        assert_eq!(span(Lang::Fr, "2026-11-30", "2026-12-02"), "30\u{a0}novembre – 2\u{a0}décembre 2026");
        assert_eq!(span(Lang::En, "2026-12-31", "2027-01-02"), "31\u{a0}December 2026 – 2\u{a0}January 2027");
        assert_eq!(from_to(Lang::Fr, "2026-11-02", "2026-11-02"), "le 2\u{a0}novembre 2026");
        assert_eq!(from_to(Lang::Fr, "2026-11-02", "2026-11-06"), "du 2 au\u{a0}6\u{a0}novembre 2026");
        assert_eq!(from_to(Lang::Fr, "2026-11-30", "2026-12-01"), "du 30\u{a0}novembre au\u{a0}1er\u{a0}décembre 2026");
        assert_eq!(
            from_to(Lang::En, "2026-12-31", "2027-01-02"),
            "from 31\u{a0}December 2026 to\u{a0}2\u{a0}January 2027"
        );
        assert_eq!(day(Lang::Fr, "bientôt"), "bientôt");
        assert_eq!(times(Lang::Fr, Some("08:30"), Some("12:00")).as_deref(), Some("8\u{a0}h\u{a0}30 – 12\u{a0}h"));
    }

    #[test]
    fn identifiers_and_file_names() {
        assert_eq!(siret("73282932000074"), "732\u{a0}829\u{a0}320\u{a0}00074");
        assert_eq!(siret("732829320"), "732\u{a0}829\u{a0}320");
        let named = ["AFPI", "Élise", "Camille", ""].map(|name| of(Lang::Fr, name));
        assert_eq!(named, ["d’AFPI", "d’Élise", "de Camille", "de "]);
        assert_eq!(iban("FR7630006000011234567890189").len(), 27 + 6 * 2);
        assert_eq!(file_name([Some("D2026-42-v2"), Some("L’Œuvre & Cie – Été")]), "D2026-42-v2_L-oeuvre-Cie-Ete");
        assert_eq!(file_name([Some("🙂"), Some("a"), None]), "a");
        assert!(file_part(&"é".repeat(500)).len() <= 60);
    }
}
