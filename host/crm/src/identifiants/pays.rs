//! Countries. Stored as ISO 3166-1 alpha-2 codes. French and English names (CLDR) are accepted because other systems
//! send names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use utoipa::openapi::schema::ObjectBuilder;

use super::refusal;
use afpi_core::text::{Locale, fold};
use afpi_http::texts::{Refusal, Rule, sized};

/// The default country.
pub const FRANCE: &str = "FR";

/// One line per country: its code, its French name and its English name.
const NAMES: &str = include_str!("pays.txt");
/// Other names that occur.
const ALSO: [(&str, &str); 11] = [
    ("angleterre", "GB"),
    ("etats unis d amerique", "US"),
    ("france metropolitaine", "FR"),
    ("grande bretagne", "GB"),
    ("hollande", "NL"),
    ("principaute de monaco", "MC"),
    ("republique francaise", "FR"),
    ("republique tcheque", "CZ"),
    ("rfa", "DE"),
    ("uk", "GB"),
    ("usa", "US"),
];
/// Where French five-digit postcodes apply: France, its departments and territories, Monaco.
const FRENCH_POST: [&str; 13] = ["FR", "BL", "GF", "GP", "MC", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"];

static CODES: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
    let named = NAMES.lines().flat_map(|line| {
        let mut parts = line.split('|');
        let code = parts.next().unwrap_or_default();
        std::iter::once(code).chain(parts).map(move |name| (key(name), code))
    });
    named.chain(ALSO.map(|(name, code)| (name.to_owned(), code))).collect()
});

fn key(name: &str) -> String {
    fold(name).replace(['-', '.'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

pub struct CountryRule;

impl Rule for CountryRule {
    fn name() -> Cow<'static, str> {
        "Country".into()
    }

    /// The code for a code or a name. Other texts stay as they are.
    fn tidy(sent: &str) -> String {
        let line = afpi_text::line(sent);
        CODES.get(&key(&line)).map_or(line, |code| (*code).to_owned())
    }

    fn check(code: &str) -> Result<(), Refusal> {
        if CODES.get(&key(code)).is_some_and(|known| *known == code) {
            return Ok(());
        }
        Err(refusal(
            "country",
            "Pays inconnu : code ISO à deux lettres attendu.",
            "Unknown country: two-letter ISO code expected.",
        ))
    }

    fn schema() -> ObjectBuilder {
        sized(2, 60)
            .description(Some("ISO 3166-1 alpha-2; French and English names are understood and stored as the code."))
    }
}

/// Does this country use French postcodes?
pub fn french_post(country: &str) -> bool {
    FRENCH_POST.contains(&country)
}

/// The name of a country. An unknown code (older rows may hold names) is returned as it is.
pub fn name(code: &str, locale: Locale) -> &str {
    let at = if locale == Locale::Fr { 1 } else { 2 };
    let line = NAMES.lines().find(|line| line.split('|').next() == Some(code));
    line.and_then(|line| line.split('|').nth(at)).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::super::Country;
    use super::*;

    #[test]
    fn codes_and_names_of_both_languages_are_one_code() {
        for (typed, code) in [
            ("FR", "FR"),
            ("fr", "FR"),
            (" FRANCE ", "FR"),
            ("Belgique", "BE"),
            ("BELGIUM", "BE"),
            ("MONACO", "MC"),
            ("Pays-Bas", "NL"),
            ("PAYS BAS", "NL"),
            ("COTE D'IVOIRE", "CI"),
            ("États-Unis", "US"),
            ("Royaume-Uni", "GB"),
        ] {
            assert_eq!(Country::read(typed).as_deref(), Ok(code), "{typed}");
        }
        for typed in ["XX", "Atlantide", "F", "FRA\nNCE"] {
            assert_eq!(Country::read(typed).unwrap_err().code, "country", "{typed:?}");
        }
        assert_eq!(
            (name("BE", Locale::Fr), name("BE", Locale::En), name("Atlantide", Locale::Fr)),
            ("Belgique", "Belgium", "Atlantide")
        );
        assert!(french_post("FR") && french_post("MC") && !french_post("BE"));
    }
}
