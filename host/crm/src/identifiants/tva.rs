//! VAT numbers: French ones with their check key, those of other countries by their shape (European Commission, VIES,
//! question 11).

use std::borrow::Cow;

use utoipa::openapi::schema::ObjectBuilder;

use super::siret::is_siren;
use super::{compact, refusal, zeros};
use afpi_http::texts::{Refusal, Rule, sized};

pub struct VatRule;

/// Shapes of the part after the prefix: `9` is a digit, `A` a letter, `X` either; other characters stand for
/// themselves. Northern Ireland uses `XI`, Greece `EL`, and Monaco uses French numbers. Countries that are not listed
/// have 2 to 15 letters and digits.
const SHAPES: [(&str, &[&str]); 32] = [
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CHE", &["999999999", "999999999MWST", "999999999TVA", "999999999IVA"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["X9999999X"]),
    ("FI", &["99999999"]),
    ("FR", &["XX999999999"]),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9X99999A", "9999999AA", "9999999A"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MC", &[]),
    ("MT", &["99999999"]),
    ("NL", &["XXXXXXXXXXXX"]),
    ("NO", &["999999999", "999999999MVA"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];

impl Rule for VatRule {
    fn name() -> Cow<'static, str> {
        "VatNumber".into()
    }

    fn tidy(sent: &str) -> String {
        let number = compact(sent, &["TVA", "VAT"]);
        // A Greek number begins with EL, although the country code is GR.
        number.strip_prefix("GR").map_or(number.clone(), |rest| format!("EL{rest}"))
    }

    fn check(number: &str) -> Result<(), Refusal> {
        let shape = || {
            refusal(
                "vat-format",
                "Un numéro de TVA commence par le code du pays ; en France : FR, 2 caractères, 9 chiffres.",
                "A VAT number begins with its country's code; in France: FR, 2 characters, 9 digits.",
            )
        };
        if !number.is_ascii() || number.len() > 20 || !number.bytes().take(2).all(|b| b.is_ascii_uppercase()) {
            return Err(shape());
        }
        let known = SHAPES.iter().find_map(|(country, shapes)| Some((shapes, number.strip_prefix(country)?)));
        let fits = match known {
            Some((shapes, rest)) => shapes.iter().any(|shape| matches(shape, rest)),
            None => (4..=17).contains(&number.len()) && number.bytes().any(|b| b.is_ascii_digit()),
        };
        let rest = number.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        if !fits || (!rest.is_empty() && zeros(rest)) {
            return Err(shape());
        }
        if number.strip_prefix("FR").is_none_or(key_fits) {
            return Ok(());
        }
        Err(refusal(
            "vat-checksum",
            "Ce numéro de TVA n'existe pas : sa clé ou son SIREN est faux.",
            "No such VAT number: its key or its SIREN is wrong.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(4, 40).description(Some("With the country's prefix; spaces, dots and dashes are taken out."))
    }
}

fn matches(shape: &str, rest: &str) -> bool {
    shape.len() == rest.len()
        && shape.bytes().zip(rest.bytes()).all(|(wanted, b)| match wanted {
            b'9' => b.is_ascii_digit(),
            b'A' => b.is_ascii_uppercase(),
            b'X' => b.is_ascii_alphanumeric(),
            other => other == b,
        })
}

/// Checks the key and the number after `FR`. The number is a SIREN, or belongs to a company in Monaco (it begins with
/// 000). A key of two digits is computed from the number. A key with letters, on newer numbers, is checked together
/// with the number (BOI-TVA-DECLA-20-10-20).
fn key_fits(rest: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (Some(key), Some(number)) = (rest.get(..2), rest.get(2..)) else { return false };
    let Ok(value) = number.parse::<u64>() else { return false };
    if !(is_siren(number) || (number.starts_with("000") && !zeros(number))) {
        return false;
    }
    if let Ok(key) = key.parse::<u64>() {
        return key == numeric_key(value);
    }
    let mut at = key.chars().map(|c| ALPHABET.find(c).map(|at| at as u64));
    let (Some(Some(first)), Some(Some(second))) = (at.next(), at.next()) else { return false };
    let sum = if first < 10 { first * 24 + second - 10 } else { first * 34 + second - 100 };
    (value + 1 + sum / 11) % 11 == sum % 11
}

fn numeric_key(siren: u64) -> u64 {
    (12 + 3 * (siren % 97)) % 97
}

/// The French VAT number of a SIREN: `FR`, key, SIREN, with key = (12 + 3 × (SIREN mod 97)) mod 97.
pub fn vat_number(siren: &str) -> Option<String> {
    let number = siren.parse().ok().filter(|_| is_siren(siren))?;
    Some(format!("FR{:02}{siren}", numeric_key(number)))
}

#[cfg(test)]
mod tests {
    use super::super::VatNumber;
    use super::*;

    #[test]
    fn the_number_follows_from_the_siren() {
        assert_eq!(vat_number("314979337").as_deref(), Some("FR10314979337"));
        assert_eq!(vat_number("314979338"), None);
    }

    #[test]
    fn numbers_of_europe_in_whatever_spelling() {
        for (typed, stored) in [
            ("FR 44 732 829 320", "FR44732829320"),
            ("fr44\u{a0}732829320", "FR44732829320"),
            ("TVA : FR44-732.829.320", "FR44732829320"),
            ("FRK7399859412", "FRK7399859412"),
            ("BE 0403.170.701", "BE0403170701"),
            ("LU 150 274 42", "LU15027442"),
            ("CHE-107.787.577 IVA", "CHE107787577IVA"),
            ("GR 094259216", "EL094259216"),
            ("NL004495445B01", "NL004495445B01"),
            ("ATU13585627", "ATU13585627"),
            ("GB 980 7806 84", "GB980780684"),
            ("MA1234567", "MA1234567"),
        ] {
            assert_eq!(VatNumber::read(typed).as_deref(), Ok(stored), "{typed}");
        }
        let monaco = format!("FR{:02}000012345", numeric_key(12_345));
        assert_eq!(VatNumber::read(&monaco).as_deref(), Ok(monaco.as_str()));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for (code, typed) in [
            ("vat-format", "FR_9128370925"),
            ("vat-format", "732829320"),
            ("vat-format", "BE403170701"),
            ("vat-format", "DE12345678"),
            ("vat-format", "DE000000000"),
            ("vat-format", "MC44732829320"),
            ("vat-format", "FR"),
            ("vat-checksum", "FR45732829320"),
            ("vat-checksum", "FR44732829321"),
            ("vat-checksum", "FR12000000000"),
            ("vat-checksum", "FRK8399859412"),
        ] {
            assert_eq!(VatNumber::read(typed).unwrap_err().code, code, "{typed}");
        }
    }
}
