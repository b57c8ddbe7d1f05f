//! The settings: only where the API is.

use afpi_sdk::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// Where the API is.
const API: &str = "https://recherche-entreprises.api.gouv.fr";

/// The settings on one site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(title = "Annuaire des entreprises", extend("x-title-en" = "Company directory"))]
pub struct Settings {
    #[schemars(
        title = "Adresse de l’API",
        description = "Vide : https://recherche-entreprises.api.gouv.fr. Sinon celle d’un relais de votre réseau.",
        extend(
            "x-title-en" = "Address of the API",
            "x-description-en" = "Empty: https://recherche-entreprises.api.gouv.fr. Otherwise that of a relay in your network."
        ),
        length(max = 300)
    )]
    pub base_url: String,
}

impl Settings {
    /// The address of the API without a slash at its end; `None` if what was entered is no web address.
    pub fn base(&self) -> Option<&str> {
        let base = match self.base_url.trim().trim_end_matches('/') {
            "" => API,
            entered => entered,
        };
        let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"))?;
        let odd = |c: char| matches!(c, '?' | '#' | '@') || c.is_whitespace() || c.is_control();
        (!rest.is_empty() && !rest.contains(odd)).then_some(base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_settings_the_public_api_is_asked() {
        let base = |entered: &str| Settings { base_url: entered.into() }.base().map(str::to_owned);
        assert_eq!(base("").as_deref(), Some("https://recherche-entreprises.api.gouv.fr"));
        assert_eq!(base(" http://127.0.0.1:8080/relais/ ").as_deref(), Some("http://127.0.0.1:8080/relais"));
        for wrong in ["recherche", "ftp://example.fr", "https://example.fr/?a=b", "https://", "https://a@b.fr"] {
            assert_eq!(base(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_form_speaks_two_languages() {
        let schema = afpi_sdk::schema::value::<Settings>();
        let field = &schema["properties"]["baseUrl"];
        for key in ["title", "x-title-en", "description", "x-description-en"] {
            assert!(field[key].is_string(), "{key}: {field}");
        }
    }
}
