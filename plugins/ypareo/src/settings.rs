//! The connector's settings: their JSON Schema, and rules that the schema cannot express. They know no HTTP.

mod address;
mod field_maps;

pub use address::{BadBase, base_address};
pub use field_maps::{ContactFields, EntrepriseFields};

use afpi_sdk::FieldProblem;
use afpi_sdk::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// The companies whose contacts are read. Ypareo has no list of all contacts, so each company costs one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Contacts {
    #[schemars(title = "Aucun", extend("x-title-en" = "None"))]
    Jamais,
    #[default]
    #[schemars(
        title = "Des entreprises nouvelles, modifiées ou lues depuis longtemps",
        extend("x-title-en" = "Of companies that are new, changed or read long ago")
    )]
    Nouvelles,
    #[schemars(title = "De toutes les entreprises, à chaque fois", extend("x-title-en" = "Of all companies, every time"))]
    Toutes,
}

/// The settings on one site (one Ypareo instance).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Ypareo", extend("x-title-en" = "Ypareo"))]
pub struct Settings {
    #[schemars(
        title = "Adresse du service web",
        description = "Par exemple https://monclient.ymag.cloud/index.php ; avec ou sans /r/v1 à la fin.",
        extend("x-title-en" = "Address of the web service", "x-description-en" = "E.g. https://client.ymag.cloud/index.php, with or without /r/v1 at the end."),
        length(min = 8, max = 300)
    )]
    pub base_url: String,

    #[serde(default)]
    #[schemars(title = "Contacts à lire", extend("x-title-en" = "Contacts to read"))]
    pub contacts: Contacts,

    #[serde(default = "two_thousand")]
    #[schemars(
        title = "Entreprises dont les contacts sont lus, par passage",
        description = "Vaut pour « nouvelles » ; les autres suivent au passage suivant.",
        extend("x-title-en" = "Companies whose contacts are read, per run", "x-description-en" = "For “nouvelles”; the others follow in the next run."),
        range(min = 1, max = 100_000)
    )]
    pub contacts_max: u32,

    #[serde(default = "thirty")]
    #[schemars(
        title = "Relire les contacts après (jours)",
        extend("x-title-en" = "Read contacts again after (days)"),
        range(min = 1, max = 3650)
    )]
    pub contacts_refresh_days: u32,

    #[serde(default)]
    #[schemars(
        title = "Sites Ypareo",
        description = "Seulement si l'abrégé du site n'est pas déjà le code AFPI.",
        extend("x-title-en" = "Ypareo sites", "x-description-en" = "Only where a site's short name is not the AFPI code already.", "x-widget" = "rows")
    )]
    pub sites: Vec<SiteRule>,

    /// Read by the host, which places the companies.
    #[serde(default)]
    #[schemars(
        title = "Localisation par défaut",
        description = "Code AFPI (AFPI-02) des entreprises que ni leur site ni leur code postal ne situe ; sans lui elles sont écartées.",
        extend("x-title-en" = "Default localisation", "x-description-en" = "AFPI code (AFPI-02) of companies that neither their site nor their postcode places; without it they are left out."),
        length(max = 20)
    )]
    pub default_localisation: String,

    #[serde(default = "thirty")]
    #[schemars(
        title = "Délai d'une requête (secondes)",
        extend("x-title-en" = "Time limit of a request (seconds)"),
        range(min = 1, max = 60)
    )]
    pub timeout_seconds: u32,

    #[serde(default = "two_minutes")]
    #[schemars(
        title = "Délai d'une liste entière (secondes)",
        extend("x-title-en" = "Time limit of a whole list (seconds)"),
        range(min = 1, max = 120)
    )]
    pub list_timeout_seconds: u32,

    #[serde(default = "two_hundred")]
    #[schemars(
        title = "Fiches transmises à la fois",
        extend("x-title-en" = "Records handed over at a time"),
        range(min = 1, max = 1000)
    )]
    pub page_size: u32,

    #[serde(default)]
    #[schemars(
        title = "Champs d'une entreprise",
        description = "Chemins dans la réponse, séparés par des virgules ; le premier rempli compte.",
        extend("x-title-en" = "Fields of a company", "x-description-en" = "Paths in the answer, separated by commas; the first one filled counts.")
    )]
    pub entreprise_fields: EntrepriseFields,

    #[serde(default)]
    #[schemars(title = "Champs d'un interlocuteur", extend("x-title-en" = "Fields of a contact"))]
    pub contact_fields: ContactFields,
}

impl Default for Settings {
    /// The defaults: no address, so nothing can be read.
    fn default() -> Self {
        Settings {
            base_url: String::new(),
            contacts: Contacts::default(),
            contacts_max: two_thousand(),
            contacts_refresh_days: thirty(),
            sites: Vec::new(),
            default_localisation: String::new(),
            timeout_seconds: thirty(),
            list_timeout_seconds: two_minutes(),
            page_size: two_hundred(),
            entreprise_fields: EntrepriseFields::default(),
            contact_fields: ContactFields::default(),
        }
    }
}

impl Settings {
    /// A rule beyond the schema: fields that identify a record must have a path.
    pub fn problems(&self) -> Vec<FieldProblem> {
        [
            ("/entrepriseFields/code", &self.entreprise_fields.code),
            ("/entrepriseFields/name", &self.entreprise_fields.name),
            ("/contactFields/code", &self.contact_fields.code),
            ("/contactFields/lastName", &self.contact_fields.last_name),
        ]
        .into_iter()
        .filter(|(_, paths)| paths.split(',').all(|path| path.trim().is_empty()))
        .map(|(field, _)| FieldProblem::required(field))
        .collect()
    }
}

/// The localisation of a Ypareo site, when its own record does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SiteRule {
    #[schemars(title = "codeSite", extend("x-title-en" = "codeSite"), range(min = 1))]
    pub code_site: u64,
    #[schemars(title = "Localisation", description = "AFPI-02, …", extend("x-title-en" = "Localisation"), length(min = 1, max = 20))]
    pub localisation: String,
    #[serde(default)]
    #[schemars(
        title = "Départements",
        description = "Entreprises attribuées par leur code postal : 22, 29, 35, 56",
        extend("x-title-en" = "Departments", "x-description-en" = "Companies given to it by their postcode: 22, 29, 35, 56")
    )]
    pub departments: String,
}

fn thirty() -> u32 {
    30
}
fn two_minutes() -> u32 {
    120
}
fn two_hundred() -> u32 {
    200
}
fn two_thousand() -> u32 {
    2000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_must_be_entered() {
        let settings: Settings = serde_json::from_str(r#"{"baseUrl": "https://x.fr"}"#).expect("defaults");
        assert_eq!(settings.contacts, Contacts::Nouvelles);
        assert_eq!(settings.entreprise_fields.name, "nomEntreprise, enseigneEntreprise, enseigne");
        assert!(serde_json::from_str::<Settings>(r#"{"baseUrl": "https://x.fr", "token": "secret"}"#).is_err());
        let partial = r#"{"baseUrl": "https://x.fr", "entrepriseFields": {"siret": "numeroSiret"}}"#;
        let settings: Settings = serde_json::from_str(partial).expect("one field changed");
        assert_eq!(
            (&*settings.entreprise_fields.siret, &*settings.entreprise_fields.code),
            ("numeroSiret", "codeEntreprise")
        );
    }

    #[test]
    fn the_form_speaks_two_languages_everywhere() {
        let schema = afpi_sdk::schema::value::<Settings>();
        assert_eq!(schema["required"], serde_json::json!(["baseUrl"]));
        let mut objects = vec![&schema];
        let mut labels = 0;
        while let Some(object) = objects.pop() {
            for (name, field) in object["properties"].as_object().expect("an object") {
                assert!(field["title"].is_string() && field["x-title-en"].is_string(), "{name}: {field}");
                let described = |key: &str| field.get(key).is_some_and(serde_json::Value::is_string);
                assert_eq!(described("description"), described("x-description-en"), "{name}: {field}");
                labels += 1;
                objects.extend([field, &field["items"]].into_iter().filter(|inner| inner["properties"].is_object()));
            }
        }
        assert_eq!(labels, 11 + 3 + 14 + 7);
        let choices = schema["properties"]["contacts"]["oneOf"].as_array().expect("choices");
        assert!(choices.iter().all(|choice| choice["title"].is_string() && choice["x-title-en"].is_string()));
    }
}
