//! French company identifiers: SIREN, SIRET (Luhn, and the La Poste exception) and VAT number.

/// Digits only, without the spaces people type.
pub fn digits(input: &str) -> String {
    input.chars().filter(|c| !c.is_whitespace() && *c != '.' && *c != '-').collect()
}

fn all_digits(input: &str, length: usize) -> bool {
    input.len() == length && input.bytes().all(|b| b.is_ascii_digit())
}

fn luhn(input: &str) -> bool {
    let sum: u32 = input
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

/// 9 digits that pass Luhn.
pub fn is_siren(siren: &str) -> bool {
    all_digits(siren, 9) && luhn(siren)
}

/// 14 digits that pass Luhn; for La Poste (SIREN 356000000) a digit sum divisible by 5 is also valid (INSEE).
pub fn is_siret(siret: &str) -> bool {
    all_digits(siret, 14)
        && is_siren(&siret[..9])
        && (luhn(siret)
            || (siret.starts_with("356000000") && siret.bytes().map(|b| u32::from(b - b'0')).sum::<u32>() % 5 == 0))
}

/// The French VAT number of a SIREN: `FR`, key, SIREN, with key = (12 + 3 × (SIREN mod 97)) mod 97.
pub fn vat_number(siren: &str) -> Option<String> {
    let number: u64 = siren.parse().ok().filter(|_| is_siren(siren))?;
    Some(format!("FR{:02}{siren}", (12 + 3 * (number % 97)) % 97))
}

#[cfg(test)]
mod tests {
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
        assert_eq!(vat_number("314979337").as_deref(), Some("FR10314979337"));
        assert_eq!(vat_number("314979338"), None);
        assert_eq!(digits(" 732 829 320 00074 "), "73282932000074");
    }
}
