//! What people may say about a company, and what is checked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::crm::siret;
use crate::http::input::{emptied, stated};

/// Size and legal nature of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = EntrepriseKind)]
pub enum Kind {
    Tpe,
    Pme,
    Eti,
    GrandeEntreprise,
    Association,
    OrganismePublic,
}

impl Kind {
    pub const ALL: [Kind; 6] =
        [Kind::Tpe, Kind::Pme, Kind::Eti, Kind::GrandeEntreprise, Kind::Association, Kind::OrganismePublic];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Tpe => "tpe",
            Kind::Pme => "pme",
            Kind::Eti => "eti",
            Kind::GrandeEntreprise => "grande-entreprise",
            Kind::Association => "association",
            Kind::OrganismePublic => "organisme-public",
        }
    }

    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

/// A postal address.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddressInput {
    #[validate(length(max = 200))]
    pub line1: Option<String>,
    #[validate(length(max = 200))]
    pub line2: Option<String>,
    #[validate(length(max = 10))]
    pub postcode: Option<String>,
    #[validate(length(max = 120))]
    pub city: Option<String>,
    /// Default `France`.
    #[validate(length(max = 60))]
    pub country: Option<String>,
}

/// A person at the company. With an `id` it is that contact, without one a new one.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactInput {
    pub id: Option<Uuid>,
    #[validate(length(max = 100))]
    pub first_name: Option<String>,
    #[validate(length(min = 1, max = 100))]
    pub last_name: String,
    #[validate(length(max = 120))]
    pub function: Option<String>,
    #[validate(email, length(max = 190))]
    pub email: Option<String>,
    #[validate(length(max = 40))]
    pub phone: Option<String>,
    #[serde(default)]
    pub main: bool,
}

/// A new company.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntrepriseCreate {
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    pub name: String,
    #[validate(custom(function = valid_siret))]
    pub siret: Option<String>,
    #[validate(custom(function = valid_siren))]
    pub siren: Option<String>,
    #[validate(length(max = 20))]
    pub vat_number: Option<String>,
    #[validate(length(max = 10))]
    pub naf_code: Option<String>,
    #[validate(length(max = 20))]
    pub naf_nomenclature: Option<String>,
    #[validate(length(max = 10))]
    pub idcc: Option<String>,
    #[validate(length(max = 60))]
    pub opco: Option<String>,
    pub kind: Option<Kind>,
    #[validate(range(min = 0, max = 10_000_000))]
    pub headcount: Option<i64>,
    #[validate(nested)]
    pub address: Option<AddressInput>,
    #[validate(length(max = 40))]
    pub phone: Option<String>,
    #[validate(email, length(max = 190))]
    pub email: Option<String>,
    #[validate(length(max = 250))]
    pub website: Option<String>,
    #[validate(length(max = 30), custom(function = plain_words))]
    pub tags: Option<Vec<String>>,
    #[validate(length(max = 10_000))]
    pub notes: Option<String>,
    pub active: Option<bool>,
    /// Default: the caller's first localisation.
    pub localisation_id: Option<Uuid>,
    #[validate(nested, length(max = 200))]
    pub contacts: Option<Vec<ContactInput>>,
}

impl EntrepriseCreate {
    /// The SIREN: of the SIRET if there is one, since it begins with it.
    pub(super) fn siren(&self) -> Option<String> {
        let of_siret = self.siret.as_deref().and_then(|siret| siret::digits(siret).get(..9).map(str::to_owned));
        of_siret.or_else(|| self.siren.as_deref().map(siret::digits))
    }

    /// With what follows from what was said: numbers without their spaces, the SIREN, the VAT number unless stated, the country.
    pub fn settled(mut self) -> EntrepriseCreate {
        self.name = self.name.trim().to_owned();
        self.siren = self.siren();
        self.siret = self.siret.as_deref().map(siret::digits);
        self.vat_number = self.vat_number.or_else(|| self.siren.as_deref().and_then(siret::vat_number));
        self.address.get_or_insert_default().country.get_or_insert_with(|| "France".into());
        self
    }
}

/// Changes to a company: absent = leave alone, `null` = clear.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EntrepriseUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    pub name: Option<String>,
    #[serde(deserialize_with = "stated")]
    #[validate(custom(function = valid_siret))]
    #[schema(value_type = Option<String>)]
    pub siret: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub siren: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub vat_number: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub naf_code: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub naf_nomenclature: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub idcc: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub opco: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Kind>)]
    pub kind: Option<Option<Kind>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<i64>)]
    pub headcount: Option<Option<i64>>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub address: Option<AddressInput>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub website: Option<Option<String>>,
    #[serde(deserialize_with = "emptied")]
    #[validate(length(max = 30), custom(function = plain_words))]
    pub tags: Option<Vec<String>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub notes: Option<Option<String>>,
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
    #[serde(deserialize_with = "stated")]
    pub localisation_id: Option<Uuid>,
    /// Replaces the contacts.
    #[serde(deserialize_with = "emptied")]
    #[validate(nested, length(max = 200))]
    pub contacts: Option<Vec<ContactInput>>,
}

fn not_blank(name: &str) -> Result<(), ValidationError> {
    if name.trim().is_empty() {
        Err(problem("required", "Ce champ est obligatoire.|This field is required."))
    } else {
        Ok(())
    }
}

fn plain_words(words: &[String]) -> Result<(), ValidationError> {
    if words.iter().all(|w| !w.trim().is_empty() && w.chars().count() <= 80) {
        return Ok(());
    }
    Err(problem("length", "Chaque étiquette compte 1 à 80 caractères.|Each tag has 1 to 80 characters."))
}

fn valid_siret(value: &str) -> Result<(), ValidationError> {
    let digits = siret::digits(value);
    if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(problem("siret-format", "Un SIRET compte 14 chiffres.|A SIRET has 14 digits."));
    }
    if siret::is_siret(&digits) {
        Ok(())
    } else {
        Err(problem(
            "siret-checksum",
            "Ce SIRET n'existe pas : la clé de contrôle est fausse.|No such SIRET: its check digit is wrong.",
        ))
    }
}

fn valid_siren(value: &str) -> Result<(), ValidationError> {
    if siret::is_siren(&siret::digits(value)) {
        Ok(())
    } else {
        Err(problem("siren", "Ce SIREN n'est pas valide.|This SIREN is not valid."))
    }
}

fn problem(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}
