//! Repairs what spreadsheets do to numbers: they drop leading zeros, add decimals, write `7,33E+13`. Each repair is
//! told with its line. Reasons never name the value: it may be a person's telephone number.

use afpi_core::text::{Text, text};
use afpi_crm::identifiants::{Siren, Siret};

/// A value of a cell after the repair.
#[derive(Debug, PartialEq, Eq)]
pub enum Mended {
    /// Nothing to repair.
    Same,
    Repaired(String, Text),
    /// The value cannot be had back. It is left out.
    Lost(Text),
}

/// Digits of a SIRET and of a SIREN.
const SIRET: usize = 14;
const SIREN: usize = 9;
/// At most so many leading zeros are put back: numbers of INSEE with more do not exist.
const ZEROS: usize = 3;

/// What spreadsheets write for a formula that failed, in both languages.
const FAILED: [&str; 11] =
    ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#NUM!", "#NOMBRE!", "#NULL!", "#NUL!"];

/// Repairs a value of this field. `french`: the line names no other country.
pub fn mend(field: &str, value: &str, french: bool) -> Mended {
    let value = value.trim();
    if FAILED.contains(&value) {
        return Mended::Lost(text("erreur de formule du tableur", "an error of a spreadsheet's formula"));
    }
    let number = Number::of(value);
    match field.rsplit('.').next().unwrap_or_default() {
        "siret" => identifier(value, number, SIRET, |sent| Siret::read(sent).is_ok()),
        "siren" => identifier(value, number, SIREN, |sent| Siren::read(sent).is_ok()),
        "postcode" => padded(value, number, french, |digits| (digits.len() == 4).then(|| format!("0{digits}"))),
        "phone" => padded(value, number, french, |digits| match digits.len() {
            9 if !digits.starts_with('0') => Some(format!("0{digits}")),
            11 if digits.starts_with("33") => Some(format!("+{digits}")),
            _ => None,
        }),
        "headcount" | "idcc" => padded(value, number, false, |_| None),
        _ => Mended::Same,
    }
}

/// A number that INSEE gives out: its check digit tells whether a repair is right.
fn identifier(value: &str, number: Number, length: usize, valid: impl Fn(&str) -> bool) -> Mended {
    let digits = match number {
        Number::None => return Mended::Same,
        Number::Rounded => return lost(),
        Number::Whole(digits) => digits,
    };
    let full = format!("{digits:0>length$}");
    if digits.len() + ZEROS < length || !valid(&full) {
        return Mended::Same;
    }
    if digits.len() < length {
        Mended::Repaired(full, zeros())
    } else if Number::plain(value) {
        Mended::Same
    } else {
        Mended::Repaired(full, written_out())
    }
}

/// Any other number of digits: `zero` puts back what is missing in a French one.
fn padded(value: &str, number: Number, french: bool, zero: impl Fn(&str) -> Option<String>) -> Mended {
    match number {
        Number::None => Mended::Same,
        Number::Rounded => lost(),
        Number::Whole(digits) => match zero(&digits).filter(|_| french) {
            Some(full) => Mended::Repaired(full, zeros()),
            None if Number::plain(value) => Mended::Same,
            None => Mended::Repaired(digits, written_out()),
        },
    }
}

fn zeros() -> Text {
    text("zéro de tête remis", "leading zero put back")
}

fn written_out() -> Text {
    text("chiffres rétablis", "digits written out")
}

fn lost() -> Mended {
    Mended::Lost(text(
        "le tableur l'a arrondi et des chiffres sont perdus ; mettez la colonne au format texte",
        "the spreadsheet has rounded it and digits are lost; format the column as text",
    ))
}

/// A value that consists of a number.
enum Number {
    None,
    /// All its digits are known.
    Whole(String),
    /// An exponent with fewer digits than the number has.
    Rounded,
}

impl Number {
    /// Only digits and spaces?
    fn plain(value: &str) -> bool {
        value.chars().all(|c| c.is_ascii_digit() || c.is_whitespace())
    }

    fn of(value: &str) -> Number {
        let bare: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => match exponent.trim_start_matches('+').parse::<usize>() {
                Ok(exponent) => (mantissa, exponent),
                Err(_) => return Number::None,
            },
            None => (bare.as_str(), 0),
        };
        let (whole, decimals) = mantissa.split_once([',', '.']).unwrap_or((mantissa, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || exponent > 2 * SIRET {
            return Number::None;
        }
        let significant = decimals.trim_end_matches('0');
        if significant.len() > exponent {
            return Number::None;
        }
        // A program leaves out one final zero of ten numbers. More of them are rather a rounded number.
        if exponent > decimals.len() + 1 {
            return Number::Rounded;
        }
        Number::Whole(format!("{whole}{significant:0<exponent$}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(field: &str, value: &str, french: bool) -> Option<String> {
        match mend(field, value, french) {
            Mended::Repaired(value, _) => Some(value),
            Mended::Same => Some(format!("= {value}")),
            Mended::Lost(_) => None,
        }
    }

    #[test]
    fn what_a_spreadsheet_has_done_to_a_number_is_undone() {
        for (field, value, wanted) in [
            ("siret", "732 829 320 00074", "= 732 829 320 00074"),
            ("siret", "73282932000074.0", "73282932000074"),
            ("siret", "7,3282932000074E+13", "73282932000074"),
            // A valid SIRET of a SIREN that begins with 00.
            ("siret", "552013500012", "00552013500012"),
            ("siren", "5520135", "005520135"),
            ("siren", "732829320,00", "732829320"),
            ("address.postcode", "2100", "02100"),
            ("address.postcode", "2100.0", "02100"),
            ("address.postcode", "59000", "= 59000"),
            ("phone", "323061234", "0323061234"),
            ("contact.phone", "3,23061234E+08", "0323061234"),
            ("phone", "33323061234", "+33323061234"),
            ("phone", "+32 2 123 45 67", "= +32 2 123 45 67"),
            ("headcount", "12,0", "12"),
            ("headcount", "1 200", "= 1 200"),
            ("headcount", "12,5", "= 12,5"),
            ("name", "2100", "= 2100"),
            ("name", "7,33E+13", "= 7,33E+13"),
        ] {
            assert_eq!(repaired(field, value, true).as_deref(), Some(wanted), "{field} {value}");
        }
    }

    #[test]
    fn what_cannot_be_had_back_is_left_out_and_never_guessed() {
        for (field, value) in
            [("siret", "7,33E+13"), ("siret", "7.32829320E13"), ("phone", "3,23E+08"), ("name", "#N/A")]
        {
            assert_eq!(repaired(field, value, true), None, "{field} {value}");
        }
        // A check digit that does not fit stays as it is, so that it is refused with its own reason.
        assert_eq!(repaired("siret", "7328293200007", true).as_deref(), Some("= 7328293200007"));
        // Postcodes of other countries have four digits.
        assert_eq!(repaired("address.postcode", "1000", false).as_deref(), Some("= 1000"));
        assert_eq!(repaired("phone", "212345678", false).as_deref(), Some("= 212345678"));
    }
}
