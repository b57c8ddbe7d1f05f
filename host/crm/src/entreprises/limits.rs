//! Limits of the fields of companies and contacts. The API, connectors and imports use the same ones.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use afpi_http::bounds::{Int, List};
use afpi_http::texts::{Line, Prose};

/// The company's name (raison sociale).
pub type Name = Line<200>;
/// A line of an address.
pub type AddressLine = Line<200>;
/// A postcode as typed. `identifiants::postcode` gives the stored form.
pub type Postcode = Line<40>;
/// A city, with its CEDEX.
pub type City = Line<120>;
/// The version of the nomenclature of a NAF code: `NAF rév. 2`.
pub type Nomenclature = Line<20>;
/// The OPCO that collects from the company.
pub type Opco = Line<60>;
/// The address of its website.
pub type Website = Line<250>;
/// A label that people give to companies.
pub type Tag = Line<80>;
/// Notes about the company.
pub type Notes = Prose<10_000>;
/// A first or a last name.
pub type PersonName = Line<100>;
/// The person's job at the company.
pub type Function = Line<120>;

/// The labels of a company.
pub type Tags = List<Tag, 30>;
/// The number of employees.
pub type Headcount = Int<0, 10_000_000>;

/// Size and legal nature of a company.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[schema(as = EntrepriseKind)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    Tpe,
    Pme,
    Eti,
    GrandeEntreprise,
    Association,
    OrganismePublic,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
