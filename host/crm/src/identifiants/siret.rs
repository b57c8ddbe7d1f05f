//! SIREN and SIRET: their form, the Luhn check, and La Poste's exception.

use std::borrow::Cow;

use utoipa::openapi::schema::ObjectBuilder;

use super::{compact, digits, refusal, zeros};
use afpi_http::texts::{Refusal, Rule, sized};

pub struct SirenRule;
pub struct SiretRule;

impl Rule for SirenRule {
    fn name() -> Cow<'static, str> {
        "Siren".into()
    }

    fn tidy(sent: &str) -> String {
        compact(sent, &["SIREN"])
    }

    fn check(siren: &str) -> Result<(), Refusal> {
        if !digits(siren, 9) {
            return Err(refusal("siren-format", "Un SIREN compte 9 chiffres.", "A SIREN has 9 digits."));
        }
        if is_siren(siren) {
            return Ok(());
        }
        Err(refusal(
            "siren-checksum",
            "Ce SIREN n'existe pas : la clé de contrôle est fausse.",
            "No such SIREN: its check digit is wrong.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(9, 40).description(Some("Nine digits; spaces, dots and dashes are taken out."))
    }
}

impl Rule for SiretRule {
    fn name() -> Cow<'static, str> {
        "Siret".into()
    }

    fn tidy(sent: &str) -> String {
        compact(sent, &["SIRET"])
    }

    fn check(siret: &str) -> Result<(), Refusal> {
        if !digits(siret, 14) {
            return Err(refusal("siret-format", "Un SIRET compte 14 chiffres.", "A SIRET has 14 digits."));
        }
        if is_siret(siret) {
            return Ok(());
        }
        Err(refusal(
            "siret-checksum",
            "Ce SIRET n'existe pas : la clé de contrôle est fausse.",
            "No such SIRET: its check digit is wrong.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(14, 40).description(Some("Fourteen digits; spaces, dots and dashes are taken out."))
    }
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// 9 digits that pass Luhn, and not all of them zeros.
pub fn is_siren(siren: &str) -> bool {
    digits(siren, 9) && !zeros(siren) && luhn(siren)
}

/// 14 digits that pass Luhn; for La Poste (SIREN 356000000) a digit sum divisible by 5 is also valid (INSEE).
pub fn is_siret(siret: &str) -> bool {
    digits(siret, 14)
        && is_siren(&siret[..9])
        && (luhn(siret)
            || (siret.starts_with("356000000") && siret.bytes().map(|b| u32::from(b - b'0')).sum::<u32>() % 5 == 0))
}

#[cfg(test)]
mod tests {
    use super::super::{Siren, Siret};
    use super::*;

    #[test]
    fn published_numbers() {
        assert!(is_siren("732829320") && is_siren("356000000"));
        for valid in ["73282932000074", "44306184100047", "35600000000048", "35600000049837"] {
            assert!(is_siret(valid), "{valid}");
        }
        for invalid in ["73282932000075", "7328293200007", "732829320000745", "7328293200007A", "", "35600000049838"] {
            assert!(!is_siret(invalid), "{invalid}");
        }
    }

    #[test]
    fn whatever_is_pasted_is_one_number() {
        for typed in [
            " 732 829 320 00074 ",
            "732\u{a0}829\u{202f}320\u{2009}00074",
            "732.829.320-00074",
            "732–829–320—00074",
            "Siret : 732 829 320 00074",
            "７３２８２９３２０００07４",
            "\u{feff}73282932000074\u{200b}",
        ] {
            assert_eq!(Siret::read(typed).as_deref(), Ok("73282932000074"), "{typed:?}");
        }
        assert_eq!(Siren::read("siren 732 829 320").as_deref(), Ok("732829320"));
    }

    #[test]
    fn zeros_and_wrong_keys_are_refused() {
        for (code, typed) in [
            ("siret-format", "000"),
            ("siret-checksum", "00000000000000"),
            ("siret-checksum", "73282932000075"),
            ("siret-checksum", "11122233344455"),
            ("siret-format", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"),
        ] {
            assert_eq!(Siret::read(typed).unwrap_err().code, code, "{typed}");
        }
        assert_eq!(Siren::read("000 000 000").unwrap_err().code, "siren-checksum");
        assert_eq!(Siren::read("12345678").unwrap_err().code, "siren-format");
    }
}
