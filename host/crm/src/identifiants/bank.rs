//! IBAN and BIC: their form, and the check digits of an IBAN (ISO 13616, ISO 9362).

use std::borrow::Cow;

use utoipa::openapi::schema::ObjectBuilder;

use super::{compact, refusal};
use afpi_http::texts::{Refusal, Rule, sized};

pub struct IbanRule;
pub struct BicRule;

/// Lengths of countries whose IBANs a French centre meets. Others have 15 to 34 characters.
const LENGTHS: [(&str, usize); 12] = [
    ("FR", 27),
    ("MC", 27),
    ("BE", 16),
    ("DE", 22),
    ("ES", 24),
    ("GB", 22),
    ("IE", 22),
    ("IT", 27),
    ("LU", 20),
    ("NL", 18),
    ("PT", 25),
    ("CH", 21),
];

impl Rule for IbanRule {
    fn name() -> Cow<'static, str> {
        "Iban".into()
    }

    fn tidy(sent: &str) -> String {
        compact(sent, &["IBAN"])
    }

    fn check(iban: &str) -> Result<(), Refusal> {
        let bytes = iban.as_bytes();
        let country = iban.get(..2).unwrap_or_default();
        let expected = LENGTHS.iter().find(|(known, _)| *known == country).map(|(_, length)| *length);
        let fits = expected.map_or((15..=34).contains(&bytes.len()), |length| bytes.len() == length)
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit);
        if !fits {
            return Err(refusal(
                "iban-format",
                "Un IBAN commence par le pays et deux chiffres ; en France il compte 27 caractères.",
                "An IBAN begins with its country and two digits; in France it has 27 characters.",
            ));
        }
        if remainder(iban) == 1 {
            return Ok(());
        }
        Err(refusal(
            "iban-checksum",
            "Cet IBAN n'existe pas : sa clé de contrôle est fausse.",
            "No such IBAN: its check digits are wrong.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(15, 60).description(Some("With its country; spaces are taken out."))
    }
}

/// Modulo 97 of the number that an IBAN means: its first four characters at the end, letters as 10 to 35.
fn remainder(iban: &str) -> u32 {
    let digits = iban[4..].chars().chain(iban[..4].chars()).filter_map(|c| c.to_digit(36));
    digits.fold(0, |rest, digit| (rest * if digit > 9 { 100 } else { 10 } + digit) % 97)
}

impl Rule for BicRule {
    fn name() -> Cow<'static, str> {
        "Bic".into()
    }

    fn tidy(sent: &str) -> String {
        compact(sent, &["BIC", "SWIFT"])
    }

    fn check(bic: &str) -> Result<(), Refusal> {
        let fits = bic.is_ascii()
            && matches!(bic.len(), 8 | 11)
            && bic.bytes().take(6).all(|byte| byte.is_ascii_uppercase())
            && bic.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits {
            return Ok(());
        }
        Err(refusal(
            "bic",
            "Un BIC compte 8 ou 11 caractères et commence par six lettres : AGRIFRPP.",
            "A BIC has 8 or 11 characters and begins with six letters: AGRIFRPP.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(8, 30).description(Some("8 or 11 characters; spaces are taken out."))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bic, Iban};

    #[test]
    fn published_ibans_in_whatever_spelling() {
        for (typed, stored) in [
            ("FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
            ("iban: fr14 2004 1010 0505 0001 3m02 606", "FR1420041010050500013M02606"),
            ("BE68 5390 0754 7034", "BE68539007547034"),
            ("DE89-3704-0044-0532-0130-00", "DE89370400440532013000"),
            ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
            ("SE45 5000 0000 0583 9825 7466", "SE4550000000058398257466"),
        ] {
            assert_eq!(Iban::read(typed).as_deref(), Ok(stored), "{typed}");
        }
        assert_eq!(Bic::read("agri fr pp").as_deref(), Ok("AGRIFRPP"));
        assert_eq!(Bic::read("BNPAFRPPXXX").as_deref(), Ok("BNPAFRPPXXX"));
    }

    #[test]
    fn what_is_none_is_refused() {
        for (code, typed) in [
            ("iban-checksum", "FR7630006000011234567890188"),
            ("iban-checksum", "FR7630006000011234567890198"),
            ("iban-format", "FR763000600001123456789018"),
            ("iban-format", "7630006000011234567890189"),
            ("iban-format", "FRAA30006000011234567890189"),
            ("iban-format", "F"),
            ("iban-format", "ÉR7630006000011234567890189"),
        ] {
            assert_eq!(Iban::read(typed).unwrap_err().code, code, "{typed}");
        }
        for typed in ["AGRIFRP", "AGRIFRPPX", "1GRIFRPP", "ÀGRIFRP"] {
            assert_eq!(Bic::read(typed).unwrap_err().code, "bic", "{typed}");
        }
    }
}
