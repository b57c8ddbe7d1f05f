//! Identifiers of companies and people. Each has one stored form, however it was typed. The identifiers of one record
//! must agree ([`contradictions`]). The API, connectors and imports all use this module. It knows no record and no
//! table.

mod bank;
mod others;
mod pays;
mod siret;
mod tva;

pub use bank::{BicRule, IbanRule};
pub use others::{IdccRule, NafRule, PhoneRule, phone_key, postcode};
pub use pays::{CountryRule, FRANCE, french_post, name as country_name};
pub use siret::{SirenRule, SiretRule, is_siren, is_siret};
pub use tva::{VatRule, vat_number};

use afpi_core::text::text;
use afpi_http::texts::{Checked, Refusal};
use unicode_normalization::UnicodeNormalization;

/// Nine digits of a company (INSEE).
pub type Siren = Checked<SirenRule>;
/// Fourteen digits of an establishment: the SIREN and five more (INSEE).
pub type Siret = Checked<SiretRule>;
/// A VAT number with its country's prefix.
pub type VatNumber = Checked<VatRule>;
/// A code of the French nomenclature of activities: `25.62B`.
pub type NafCode = Checked<NafRule>;
/// Four digits of a collective agreement.
pub type Idcc = Checked<IdccRule>;
/// A country by its code: `FR`.
pub type Country = Checked<CountryRule>;
/// A bank account.
pub type Iban = Checked<IbanRule>;
/// A bank.
pub type Bic = Checked<BicRule>;
/// A telephone number.
pub type Phone = Checked<PhoneRule>;

/// Letters and digits only, in upper case and ASCII width, without a copied label in front.
fn compact(typed: &str, labels: &[&str]) -> String {
    let bare: String = typed.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    labels.iter().find_map(|label| bare.strip_prefix(label)).map(str::to_owned).unwrap_or(bare)
}

fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

fn zeros(text: &str) -> bool {
    text.bytes().all(|b| b == b'0')
}

fn refusal(code: &'static str, fr: &str, en: &str) -> Refusal {
    Refusal { code, message: text(fr, en) }
}

/// The SIREN that a SIRET begins with.
pub fn siren_of(siret: &str) -> Option<&str> {
    siret.get(..9)
}

/// The SIREN in a French VAT number. `None` for other countries and for Monaco, whose numbers contain no SIREN.
pub fn siren_in_vat(vat: &str) -> Option<&str> {
    vat.strip_prefix("FR")?.get(2..).filter(|siren| !siren.starts_with("000"))
}

/// Contradictions between the identifiers of one company, in their stored form: the API field that disagrees with the
/// one before it, and why.
pub fn contradictions(siret: Option<&str>, siren: Option<&str>, vat: Option<&str>) -> Vec<(&'static str, Refusal)> {
    let mut found = Vec::new();
    let of_siret = siret.and_then(siren_of);
    if let (Some(of_siret), Some(siren)) = (of_siret, siren)
        && of_siret != siren
    {
        found.push((
            "siren",
            refusal("siren-siret", "Ce SIREN n'est pas celui du SIRET.", "This SIREN is not the SIRET's."),
        ));
    }
    if let (Some(siren), Some(in_vat)) = (of_siret.or(siren), vat.and_then(siren_in_vat))
        && siren != in_vat
    {
        let said =
            refusal("vat-siren", "Ce numéro de TVA est celui d'un autre SIREN.", "This VAT number is another SIREN's.");
        found.push(("vatNumber", said));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_one_company_agree() {
        let of = |siret, siren, vat| -> Vec<&str> {
            contradictions(siret, siren, vat).into_iter().map(|(field, _)| field).collect()
        };
        let (siret, siren, vat) = (Some("73282932000074"), Some("732829320"), Some("FR44732829320"));
        assert!(of(siret, siren, vat).is_empty());
        assert!(of(siret, None, Some("BE0403170701")).is_empty());
        assert!(of(None, siren, Some("FR53000012345")).is_empty(), "Monaco");
        assert_eq!(of(siret, Some("443061841"), vat), ["siren"]);
        assert_eq!(of(siret, siren, Some("FR64443061841")), ["vatNumber"]);
        assert_eq!(of(None, Some("443061841"), vat), ["vatNumber"]);
        assert_eq!(of(siret, Some("443061841"), Some("FR64443061841")), ["siren", "vatNumber"]);
    }
}
