//! What people may say about a company, and what is checked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::limits::{
    AddressLine, City, Function, Headcount, Kind, Name, Nomenclature, Notes, Opco, PersonName, Postcode, Tags, Website,
};
use crate::identifiants::{self, Country, FRANCE, Idcc, NafCode, Phone, Siren, Siret, VatNumber};
use afpi_core::error::{FieldProblem, field};
use afpi_http::bounds::List;
use afpi_http::input::{emptied, stated};
use afpi_http::texts::{Email, Refusal, filled, refilled};

/// A postal address.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AddressInput {
    #[serde(deserialize_with = "filled")]
    #[validate(nested)]
    pub line1: Option<AddressLine>,
    #[serde(deserialize_with = "filled")]
    #[validate(nested)]
    pub line2: Option<AddressLine>,
    /// In France five digits; `CEDEX` behind them goes to the city.
    #[serde(deserialize_with = "filled")]
    #[validate(nested)]
    pub postcode: Option<Postcode>,
    #[serde(deserialize_with = "filled")]
    #[validate(nested)]
    pub city: Option<City>,
    /// Default `FR`.
    #[serde(deserialize_with = "filled")]
    #[validate(nested)]
    pub country: Option<Country>,
}

/// A person at the company. With an `id` it is that contact, without one a new one.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactInput {
    pub id: Option<Uuid>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub first_name: Option<PersonName>,
    #[validate(nested)]
    pub last_name: PersonName,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub function: Option<Function>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub email: Option<Email>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub phone: Option<Phone>,
    #[serde(default)]
    pub main: bool,
}

/// The contacts of a company.
pub type Contacts = List<ContactInput, 200>;

/// A new company. Identifiers are normalised and held against one another; what follows from them is filled in.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntrepriseCreate {
    #[validate(nested)]
    pub name: Name,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub siret: Option<Siret>,
    /// Default: the SIRET's.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub siren: Option<Siren>,
    /// Default: the SIREN's.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub vat_number: Option<VatNumber>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub naf_code: Option<NafCode>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub naf_nomenclature: Option<Nomenclature>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub idcc: Option<Idcc>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub opco: Option<Opco>,
    pub kind: Option<Kind>,
    #[validate(nested)]
    pub headcount: Option<Headcount>,
    #[validate(nested)]
    pub address: Option<AddressInput>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub phone: Option<Phone>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub email: Option<Email>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub website: Option<Website>,
    #[validate(nested)]
    pub tags: Option<Tags>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub notes: Option<Notes>,
    pub active: Option<bool>,
    /// Default: the caller's first localisation.
    pub localisation_id: Option<Uuid>,
    #[validate(nested)]
    pub contacts: Option<Contacts>,
}

impl EntrepriseCreate {
    /// With what follows from what was said (the SIREN, the VAT number unless stated, the country), and what does not
    /// fit together.
    pub fn settled(mut self) -> (EntrepriseCreate, Vec<FieldProblem>) {
        let word = |text: &str| -> Option<Siren> { identifiants::siren_of(text).map(Into::into) };
        self.siren = self.siren.or_else(|| self.siret.as_deref().and_then(word));
        let (siret, siren, vat) = (self.siret.as_deref(), self.siren.as_deref(), self.vat_number.as_deref());
        let mut problems: Vec<FieldProblem> = identifiants::contradictions(siret, siren, vat)
            .into_iter()
            .map(|(name, refusal)| field(format!("/{name}"), refusal.code, refusal.message))
            .collect();
        // After the check: a number that follows from one of two SIREN is not the fault of whoever typed them.
        self.vat_number =
            self.vat_number.or_else(|| self.siren.as_deref().and_then(identifiants::vat_number).map(Into::into));
        problems.extend(self.address.get_or_insert_default().settle().err());
        (self, problems)
    }
}

impl AddressInput {
    /// Fills in the country and puts the postcode into its form.
    fn settle(&mut self) -> Result<(), FieldProblem> {
        let french = identifiants::french_post(self.country.get_or_insert_with(|| FRANCE.into()));
        let Some(code) = self.postcode.as_deref() else { return Ok(()) };
        let at = |name: &'static str| {
            move |refusal: Refusal| field(format!("/address/{name}"), refusal.code, refusal.message)
        };
        let (code, city) = identifiants::postcode(code, self.city.as_deref(), french).map_err(at("postcode"))?;
        self.city = city.map(|city| City::read(&city).map(City::stored)).transpose().map_err(at("city"))?;
        self.postcode = Some(Postcode::stored(code));
        Ok(())
    }
}

/// Changes to a company: absent = leave alone, `null` = clear.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EntrepriseUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<Name>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Siret>)]
    pub siret: Option<Option<Siret>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Siren>)]
    pub siren: Option<Option<Siren>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<VatNumber>)]
    pub vat_number: Option<Option<VatNumber>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<NafCode>)]
    pub naf_code: Option<Option<NafCode>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Nomenclature>)]
    pub naf_nomenclature: Option<Option<Nomenclature>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Idcc>)]
    pub idcc: Option<Option<Idcc>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Opco>)]
    pub opco: Option<Option<Opco>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Kind>)]
    pub kind: Option<Option<Kind>>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<Headcount>)]
    pub headcount: Option<Option<Headcount>>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub address: Option<AddressInput>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<Email>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Website>)]
    pub website: Option<Option<Website>>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub tags: Option<Tags>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Notes>)]
    pub notes: Option<Option<Notes>>,
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
    #[serde(deserialize_with = "stated")]
    pub localisation_id: Option<Uuid>,
    /// Replaces the contacts.
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub contacts: Option<Contacts>,
}
