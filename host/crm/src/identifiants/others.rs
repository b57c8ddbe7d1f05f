//! Identifiers without a check digit: NAF, IDCC, postcode, telephone.

use std::borrow::Cow;

use utoipa::openapi::schema::ObjectBuilder;

use super::{compact, digits, refusal, zeros};
use afpi_http::texts::{Refusal, Rule, sized};

pub struct NafRule;
pub struct IdccRule;
pub struct PhoneRule;

/// The longest stored telephone number, with its extension.
const MAX_PHONE: usize = 40;
/// The longest stored postcode of any country.
const MAX_POSTCODE: usize = 10;

impl Rule for NafRule {
    fn name() -> Cow<'static, str> {
        "NafCode".into()
    }

    /// The form that INSEE prints: `25.62B` (NAF rév. 2 and 2025), `74.1G` (rév. 1).
    fn tidy(sent: &str) -> String {
        let code = compact(sent, &["NAF", "APE"]);
        match (code.get(..2), code.get(2..)) {
            (Some(division), Some(rest)) if !rest.is_empty() => format!("{division}.{rest}"),
            _ => code,
        }
    }

    fn check(code: &str) -> Result<(), Refusal> {
        let shape = |b: u8| match b {
            b'0'..=b'9' => b'9',
            b'A'..=b'Z' => b'A',
            other => other,
        };
        let shape: Vec<u8> = code.bytes().map(shape).collect();
        if matches!(shape.as_slice(), b"99.99A" | b"99.9A") && !code.starts_with("00") {
            return Ok(());
        }
        Err(refusal(
            "naf",
            "Code NAF attendu : 4 chiffres et une lettre, comme 25.62B.",
            "NAF code expected: 4 digits and a letter, like 25.62B.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(4, 20).description(Some("Four digits and a letter, stored as `25.62B`."))
    }
}

impl Rule for IdccRule {
    fn name() -> Cow<'static, str> {
        "Idcc".into()
    }

    /// Four digits. People often leave out leading zeros.
    fn tidy(sent: &str) -> String {
        let number = compact(sent, &["IDCC"]);
        if number.is_empty() || number.len() > 4 { number } else { format!("{number:0>4}") }
    }

    fn check(number: &str) -> Result<(), Refusal> {
        if digits(number, 4) && !zeros(number) {
            return Ok(());
        }
        Err(refusal("idcc", "Un IDCC compte 1 à 4 chiffres.", "An IDCC has 1 to 4 digits."))
    }

    fn schema() -> ObjectBuilder {
        sized(1, 20).description(Some("One to four digits, stored as four."))
    }
}

impl Rule for PhoneRule {
    fn name() -> Cow<'static, str> {
        "Phone".into()
    }

    /// French numbers as `03 23 06 12 34`, also from `+33` and `0033`. Other numbers as typed, with single spaces.
    fn tidy(sent: &str) -> String {
        let line = afpi_text::line(sent);
        let line = line.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("tel:")).map_or(&*line, |_| &line[4..]);
        // Line breaks stay, so that they are refused.
        let gap = |c: char| c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
        let spaced = line.split(gap).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        match french(&spaced) {
            Some(number) => {
                let pairs: Vec<&str> = (0..5).map(|i| &number[2 * i..2 * i + 2]).collect();
                pairs.join(" ")
            }
            None => spaced,
        }
    }

    fn check(number: &str) -> Result<(), Refusal> {
        afpi_text::check_line(number, MAX_PHONE)?;
        if number.bytes().any(|b| b.is_ascii_digit()) {
            return Ok(());
        }
        Err(refusal("phone", "Un numéro de téléphone a des chiffres.", "A telephone number has digits."))
    }

    fn schema() -> ObjectBuilder {
        sized(1, MAX_PHONE).description(Some("French numbers are stored as `03 23 06 12 34`, others as typed."))
    }
}

/// The ten digits of a French number, if the text contains nothing else.
fn french(number: &str) -> Option<String> {
    if number.chars().any(|c| c.is_alphabetic() || c.is_control() || matches!(c, '#' | '*' | ',' | ';')) {
        return None;
    }
    let bare: String = number.chars().filter(char::is_ascii_digit).collect();
    let abroad = number.trim_start_matches(['(', ' ']).starts_with('+') || bare.starts_with("00");
    let national = match bare.trim_start_matches("00").strip_prefix("33") {
        Some(rest) if abroad => rest.trim_start_matches('0'),
        _ if abroad => return None,
        _ => bare.strip_prefix('0')?,
    };
    (national.len() == 9 && !national.starts_with('0')).then(|| format!("0{national}"))
}

/// A key that is the same for all spellings of a telephone number.
pub fn phone_key(number: &str) -> String {
    PhoneRule::tidy(number).chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// The stored postcode and city. A French code has five digits, and a `CEDEX` after it belongs to the city. Codes of
/// other countries stay as typed, in upper case.
pub fn postcode(code: &str, city: Option<&str>, french: bool) -> Result<(String, Option<String>), Refusal> {
    let typed = afpi_text::line(code).to_uppercase();
    if !french {
        let code = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        afpi_text::check_line(&code, MAX_POSTCODE)?;
        return Ok((code, city.map(str::to_owned)));
    }
    let (digits_typed, cedex) = match typed.find("CEDEX") {
        Some(at) => (&typed[..at], Some(typed[at..].trim())),
        None => (typed.as_str(), None),
    };
    let code = compact(digits_typed, &["F"]);
    if !digits(&code, 5) || code.starts_with("000") {
        return Err(refusal(
            "postcode",
            "Un code postal français compte 5 chiffres.",
            "A French postcode has 5 digits.",
        ));
    }
    let city = match (city, cedex) {
        (Some(city), Some(cedex)) if !city.to_uppercase().contains("CEDEX") => Some(format!("{city} {cedex}")),
        (None, Some(cedex)) => Some(cedex.to_owned()),
        (city, _) => city.map(str::to_owned),
    };
    Ok((code, city))
}

#[cfg(test)]
mod tests {
    use super::super::{Idcc, NafCode, Phone};
    use super::*;

    #[test]
    fn activities_and_agreements() {
        for typed in ["25.62B", "2562b", "25 62 B", "NAF 25.62B", "ape : 2562B"] {
            assert_eq!(NafCode::read(typed).as_deref(), Ok("25.62B"), "{typed}");
        }
        assert_eq!(NafCode::read("741G").as_deref(), Ok("74.1G"));
        for typed in ["2562", "B2562", "25625", "00.00Z", "25.62BB", "x"] {
            assert_eq!(NafCode::read(typed).unwrap_err().code, "naf", "{typed}");
        }
        for (typed, stored) in [("3248", "3248"), ("IDCC 16", "0016"), ("1 486", "1486")] {
            assert_eq!(Idcc::read(typed).as_deref(), Ok(stored), "{typed}");
        }
        for typed in ["0000", "32480", "ABCD"] {
            assert_eq!(Idcc::read(typed).unwrap_err().code, "idcc", "{typed}");
        }
    }

    #[test]
    fn telephones() {
        for (typed, stored) in [
            ("0323061234", "03 23 06 12 34"),
            ("03.23.06.12.34", "03 23 06 12 34"),
            ("03\u{a0}23\u{202f}06-12-34", "03 23 06 12 34"),
            ("+33 3 23 06 12 34", "03 23 06 12 34"),
            ("+33 (0)3 23 06 12 34", "03 23 06 12 34"),
            ("0033323061234", "03 23 06 12 34"),
            ("tel:+33323061234", "03 23 06 12 34"),
            ("+32 2  123 45 67", "+32 2 123 45 67"),
            ("03 23 06 12 34 poste 12", "03 23 06 12 34 poste 12"),
            ("3949", "3949"),
        ] {
            assert_eq!(Phone::read(typed).as_deref(), Ok(stored), "{typed}");
        }
        for typed in ["n.c.", "+", "01\n02"] {
            assert!(Phone::read(typed).is_err(), "{typed:?}");
        }
        assert_eq!(phone_key("+33 3 23 06 12 34"), phone_key("0323061234"));
    }

    #[test]
    fn postcodes_by_country() {
        let of = |code, city, french| postcode(code, city, french).map_err(|refusal| refusal.code);
        let pair = |code: &str, city: Option<&str>| Ok((code.to_owned(), city.map(str::to_owned)));
        assert_eq!(of("59 000", Some("Lille"), true), pair("59000", Some("Lille")));
        assert_eq!(of("59043 CEDEX 9", Some("LILLE"), true), pair("59043", Some("LILLE CEDEX 9")));
        assert_eq!(of("59043 cedex 9", Some("LILLE CEDEX 9"), true), pair("59043", Some("LILLE CEDEX 9")));
        assert_eq!(of("F-59043", None, true), pair("59043", None));
        for wrong in ["5904", "590433", "ABCDE", "00000"] {
            assert_eq!(of(wrong, None, true), Err("postcode"), "{wrong}");
        }
        assert_eq!(of("l-1234", Some("Luxembourg"), false), pair("L-1234", Some("Luxembourg")));
        assert_eq!(of("EC1A  1BB", None, false), pair("EC1A 1BB", None));
        assert_eq!(of("ABCDEFGHIJK", None, false), Err("too-long"));
    }
}
