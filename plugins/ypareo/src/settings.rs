//! The connector's settings: what an administrator enters, its JSON Schema, and what the schema cannot say.
//!
//! Knows no HTTP. The two field maps exist because no public source shows the body of an `entreprise` or of an
//! `interlocuteur`: the defaults follow the shapes of Ypareo's other objects, and each instance may differ.

use afpi_sdk::FieldProblem;
use afpi_sdk::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

/// Which companies' contacts are read; Ypareo has no list of all contacts, so each company costs one request.
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
    /// What holds before anybody has entered anything: no address, so nothing can be read.
    fn default() -> Self {
        Settings {
            base_url: String::new(),
            contacts: Contacts::default(),
            contacts_max: two_thousand(),
            contacts_refresh_days: thirty(),
            sites: Vec::new(),
            timeout_seconds: thirty(),
            list_timeout_seconds: two_minutes(),
            page_size: two_hundred(),
            entreprise_fields: EntrepriseFields::default(),
            contact_fields: ContactFields::default(),
        }
    }
}

impl Settings {
    /// What the schema cannot say: fields without which no record can be recognised must have a path.
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

/// Which localisation a Ypareo site is, when its own record does not tell.
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

/// Declares a map of fields: its name in the CRM, its default paths. An empty path list means "never read".
macro_rules! field_map {
    ($(#[$doc:meta])* $name:ident { $($field:ident = $paths:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct $name {
            $(#[schemars(length(max = 300))] pub $field: String,)*
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $paths.into(),)* }
            }
        }
    };
}

field_map! {
    /// Where the parts of a company stand in a record of `/entreprises`.
    EntrepriseFields {
        code = "codeEntreprise",
        name = "nomEntreprise, enseigneEntreprise, enseigne",
        siret = "siret",
        naf = "naf, codeNaf",
        headcount = "effectif",
        // All of these in order, not the first one filled.
        address_lines = "adresse.adr1, adresse.adr2, adresse.adr3, adresse.adr4",
        postcode = "adresse.cp, adresse.commune.codePostal",
        city = "adresse.ville, adresse.commune.nomCommune",
        country = "adresse.pays.nomPays",
        phone = "adresse.tel1, adresse.tel2",
        email = "adresse.email",
        site = "codeSite",
        modified = "dateModification",
        archived = "plusUtilise",
    }
}

field_map! {
    /// Where the parts of a contact stand in a record of `/entreprises/{code}/interlocuteurs`.
    ContactFields {
        code = "codeInterlocuteur, code",
        last_name = "nomInterlocuteur, nom",
        first_name = "prenomInterlocuteur, prenom",
        function = "fonctionInterlocuteur, nomFonction, fonction",
        email = "email, adresse.email",
        phone = "tel1, portable, tel2, adresse.tel1, adresse.tel2",
        archived = "plusUtilise",
    }
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

/// Why an address cannot be the base of the web service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadBase {
    NotHttp,
    /// A user name, a query or a fragment stands in it.
    Extra,
    NoHost,
}

/// The address that routes hang below, `https://host/index.php/r/v1`, from what a person typed: with or without
/// `/r/v1` (even twice, which really happened), with or without a slash at the end.
pub fn base_address(typed: &str) -> Result<String, BadBase> {
    let typed = typed.trim();
    let (scheme, rest) = typed.split_once("://").ok_or(BadBase::NotHttp)?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err(BadBase::NotHttp);
    }
    if rest.contains(['@', '?', '#', ' ', '\\']) {
        return Err(BadBase::Extra);
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || host.starts_with(':') {
        return Err(BadBase::NoHost);
    }
    let mut path = path.trim_end_matches('/');
    loop {
        let bare = path.strip_suffix("r/v1").filter(|p| p.is_empty() || p.ends_with('/'));
        let Some(bare) = bare else { break };
        path = bare.trim_end_matches('/');
    }
    let host = host.to_ascii_lowercase();
    Ok(if path.is_empty() { format!("{scheme}://{host}/r/v1") } else { format!("{scheme}://{host}/{path}/r/v1") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_type_them() {
        let expected = "https://demo.ymag.cloud/index.php/r/v1";
        for typed in [
            "https://demo.ymag.cloud/index.php",
            "https://demo.ymag.cloud/index.php/",
            "https://demo.ymag.cloud/index.php/r/v1",
            " https://demo.ymag.cloud/index.php/r/v1/ ",
            "https://demo.ymag.cloud/index.php/r/v1/r/v1//",
            "HTTPS://Demo.ymag.cloud/index.php",
        ] {
            assert_eq!(base_address(typed).as_deref(), Ok(expected), "{typed}");
        }
        assert_eq!(base_address("http://127.0.0.1:9000").as_deref(), Ok("http://127.0.0.1:9000/r/v1"));
        assert_eq!(base_address("http://127.0.0.1:9000/r/v1").as_deref(), Ok("http://127.0.0.1:9000/r/v1"));
        let own = "https://cfa.fr/net-ypareo/index.php/r/v1";
        assert_eq!(base_address("https://cfa.fr/net-ypareo/index.php").as_deref(), Ok(own));
        assert_eq!(base_address("https://cfa.fr/xr/v1").as_deref(), Ok("https://cfa.fr/xr/v1/r/v1"));
    }

    #[test]
    fn other_addresses_are_refused() {
        for (typed, why) in [
            ("demo.ymag.cloud/index.php", BadBase::NotHttp),
            ("ftp://demo.ymag.cloud", BadBase::NotHttp),
            ("https://jeton@demo.ymag.cloud/", BadBase::Extra),
            ("https://demo.ymag.cloud/index.php?token=x", BadBase::Extra),
            ("https://demo.ymag.cloud/#x", BadBase::Extra),
            ("https:///index.php", BadBase::NoHost),
            ("https://:443/", BadBase::NoHost),
        ] {
            assert_eq!(base_address(typed), Err(why), "{typed}");
        }
    }

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
}
