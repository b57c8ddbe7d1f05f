//! Derives values of a company from others, for requests, connectors and imports alike. The SIRET gives the SIREN, the
//! SIREN gives the VAT number, and the country gives the form of the postcode.

use super::limits::City;
use crate::identifiants::{self, FRANCE, siren_in_vat, siren_of, vat_number};
use afpi_http::texts::Refusal;

/// The identifiers of one company, in their stored form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    pub siret: Option<String>,
    pub siren: Option<String>,
    pub vat_number: Option<String>,
}

/// The values that a request gives: each is absent, cleared or set.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    pub siret: Option<Option<String>>,
    pub siren: Option<Option<String>>,
    pub vat_number: Option<Option<String>>,
}

/// The API field at fault, and the reason.
pub type Fault = (&'static str, Refusal);

impl Numbers {
    /// The resulting identifiers, and each one that contradicts the identifier before it. A new SIRET sets its SIREN. A
    /// SIREN sets its VAT number unless there is one. A new SIREN replaces the VAT number of another French SIREN.
    pub fn settle(self, stated: Stated) -> (Numbers, Vec<Fault>) {
        let new_siret = matches!(stated.siret, Some(Some(_)));
        let new_siren = stated.siren.is_some();
        let siret = stated.siret.unwrap_or(self.siret);
        let siren = match stated.siren {
            Some(siren) => siren,
            None if new_siret => None,
            None => self.siren.clone(),
        };
        let siren = siren.or_else(|| siret.as_deref().and_then(siren_of).map(str::to_owned));
        let moved = new_siret || new_siren && siren != self.siren;
        let here = self.vat_number.filter(|vat| !(moved && siren_in_vat(vat).is_some()));
        let vat = stated.vat_number.unwrap_or(here);
        let faults = identifiants::contradictions(siret.as_deref(), siren.as_deref(), vat.as_deref());
        // Derived after the check: when two SIREN contradict, the user did not type this number.
        let vat_number = vat.or_else(|| siren.as_deref().and_then(vat_number));
        (Numbers { siret, siren, vat_number }, faults)
    }
}

/// The address of a company, in its stored form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub postcode: Option<String>,
    pub city: Option<String>,
    /// Default: France.
    pub country: String,
}

/// Normalises the postcode for its country. A `CEDEX` after it moves to the city.
pub fn place(postcode: Option<&str>, city: Option<&str>, country: Option<&str>) -> Result<Place, Fault> {
    let country = country.unwrap_or(FRANCE).to_owned();
    let Some(code) = postcode else {
        return Ok(Place { postcode: None, city: city.map(str::to_owned), country });
    };
    let french = identifiants::french_post(&country);
    let (code, city) = identifiants::postcode(code, city, french).map_err(|refusal| ("postcode", refusal))?;
    let city = city.map(|city| City::read(&city)).transpose().map_err(|refusal| ("city", refusal))?;
    Ok(Place { postcode: Some(code), city, country })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIRET: &str = "73282932000074";

    fn numbers(siret: &str, siren: &str, vat: &str) -> Numbers {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Numbers { siret: text(siret), siren: text(siren), vat_number: text(vat) }
    }

    fn said(text: &str) -> Option<Option<String>> {
        Some((!text.is_empty()).then(|| text.to_owned()))
    }

    /// The resulting numbers, and the fields at fault.
    fn settle(here: Numbers, stated: Stated) -> (Numbers, Vec<&'static str>) {
        let (numbers, faults) = here.settle(stated);
        (numbers, faults.into_iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn a_number_brings_those_that_follow_from_it() {
        let new = |stated| settle(Numbers::default(), stated);
        let whole = numbers(SIRET, "732829320", "FR44732829320");
        assert_eq!(new(Stated { siret: said(SIRET), ..Stated::default() }), (whole.clone(), vec![]));
        let of_siren = new(Stated { siren: said("732829320"), ..Stated::default() });
        assert_eq!(of_siren, (numbers("", "732829320", "FR44732829320"), vec![]));
        let belgian = new(Stated { siret: said(SIRET), vat_number: said("BE0403170701"), ..Stated::default() });
        assert_eq!(belgian, (numbers(SIRET, "732829320", "BE0403170701"), vec![]));
        assert_eq!(new(Stated::default()), (Numbers::default(), vec![]));
        let wrong = Stated { siret: said(SIRET), siren: said("443061841"), vat_number: said("FR64443061841") };
        assert_eq!(new(wrong).1, ["siren", "vatNumber"]);
    }

    #[test]
    fn another_siren_takes_the_place_of_a_french_vat_number_only() {
        let moves = || Stated { siret: said("44306184100047"), ..Stated::default() };
        let french = numbers(SIRET, "732829320", "FR44732829320");
        let moved = numbers("44306184100047", "443061841", "FR64443061841");
        assert_eq!(settle(french.clone(), moves()), (moved, vec![]));
        let belgian = numbers(SIRET, "732829320", "BE0403170701");
        let moved = numbers("44306184100047", "443061841", "BE0403170701");
        assert_eq!(settle(belgian, moves()), (moved, vec![]));
        assert_eq!(settle(french.clone(), Stated { siren: said("443061841"), ..Stated::default() }).1, ["siren"]);
        // A cleared number that follows from another one comes back.
        assert_eq!(settle(french.clone(), Stated { vat_number: said(""), ..Stated::default() }), (french, vec![]));
        // A stored value that is older than a rule stays until a request sets it.
        let old = numbers(SIRET, "", "FR64443061841");
        let kept = numbers(SIRET, "732829320", "FR64443061841");
        assert_eq!(settle(old, Stated::default()), (kept, vec!["vatNumber"]));
    }

    #[test]
    fn the_country_gives_the_form_of_the_postcode() {
        let found = |postcode: &str, city, country| {
            let place = place(Some(postcode), city, country).map_err(|(name, _)| name)?;
            Ok((place.postcode.unwrap(), place.city, place.country))
        };
        let lille = Ok(("59043".into(), Some("Lille CEDEX 9".into()), "FR".into()));
        assert_eq!(found("59043 cedex 9", Some("Lille"), None), lille);
        assert_eq!(found("1000", None, Some("BE")), Ok(("1000".into(), None, "BE".into())));
        assert_eq!(found("1000", None, None), Err("postcode"));
        assert_eq!(found("59043 cedex 9", Some(&"x".repeat(118)), None), Err("city"));
        assert_eq!(place(None, None, None).unwrap().country, "FR");
    }
}
