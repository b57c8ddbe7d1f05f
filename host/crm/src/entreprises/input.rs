//! Request bodies for companies, and their checks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::limits::{
    AddressLine, City, Function, Headcount, Kind, Name, Nomenclature, Notes, Opco, PersonName, Postcode, Tags, Website,
};
use super::settle::{Fault, Numbers, Place, Stated, place};
use crate::identifiants::{Country, FRANCE, Idcc, NafCode, Phone, Siren, Siret, VatNumber};
use afpi_core::error::{FieldProblem, field};
use afpi_core::id::{ContactId, LocalisationId};
use afpi_http::bounds::List;
use afpi_http::input::{emptied, stated};
use afpi_http::texts::{Email, filled, refilled};

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
    /// Five digits in France. A `CEDEX` after them moves to the city.
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

/// A person at the company. An `id` names an existing contact; without one the contact is new.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactInput {
    #[schema(value_type = Option<Uuid>)]
    pub id: Option<ContactId>,
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

/// A new company. Identifiers are normalised and must agree with one another. Missing ones are filled in where they
/// follow from another.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntrepriseCreate {
    #[validate(nested)]
    pub name: Name,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub siret: Option<Siret>,
    /// Default: derived from the SIRET.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub siren: Option<Siren>,
    /// Default: derived from the SIREN.
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
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
    #[validate(nested)]
    pub contacts: Option<Contacts>,
}

impl EntrepriseCreate {
    /// The new company with the derived values filled in, and its contradictions.
    pub fn settled(self) -> (EntrepriseCreate, Vec<FieldProblem>) {
        let stated = Stated {
            siret: Some(self.siret.clone().map(Into::into)),
            siren: Some(self.siren.clone().map(Into::into)),
            vat_number: Some(self.vat_number.clone().map(Into::into)),
        };
        self.settled_over(Numbers::default(), stated)
    }

    /// The same for a company that has the numbers `here`. `stated` says how the request changes them.
    pub(super) fn settled_over(mut self, here: Numbers, stated: Stated) -> (EntrepriseCreate, Vec<FieldProblem>) {
        let (numbers, faults) = here.settle(stated);
        let mut problems: Vec<FieldProblem> = faults.into_iter().map(|fault| problem("", fault)).collect();
        self.siret = numbers.siret.map(Siret::stored);
        self.siren = numbers.siren.map(Siren::stored);
        self.vat_number = numbers.vat_number.map(VatNumber::stored);
        problems.extend(self.address.get_or_insert_default().settle().err());
        (self, problems)
    }
}

impl AddressInput {
    /// Fills in the country and normalises the postcode.
    fn settle(&mut self) -> Result<(), FieldProblem> {
        let found = place(self.postcode.as_deref(), self.city.as_deref(), self.country.as_deref())
            .map_err(|fault| problem("/address", fault));
        let Place { postcode, city, country } = match found {
            Ok(found) => found,
            Err(problem) => {
                self.country.get_or_insert_with(|| FRANCE.into());
                return Err(problem);
            }
        };
        self.postcode = postcode.map(Postcode::stored);
        self.city = city.map(City::stored);
        self.country = Some(Country::stored(country));
        Ok(())
    }
}

fn problem(within: &str, (name, refusal): Fault) -> FieldProblem {
    field(format!("{within}/{name}"), refusal.code, refusal.message)
}

/// Changes to a company. An absent field stays, `null` clears it.
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
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
    /// Replaces the contacts.
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub contacts: Option<Contacts>,
}
