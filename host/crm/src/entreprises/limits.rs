//! What the fields of a company and of its contacts can hold. Whatever brings companies keeps to it: the API,
//! connectors, imports.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use afpi_http::bounds::{Int, List};
use afpi_http::texts::{Line, Prose};

/// What the company is called (raison sociale).
pub type Name = Line<200>;
/// A line of an address.
pub type AddressLine = Line<200>;
/// A postcode as it is typed; `identifiants::postcode` gives the form in which it is stored.
pub type Postcode = Line<40>;
/// A city, with its CEDEX.
pub type City = Line<120>;
/// Which nomenclature a NAF code is of: `NAF rév. 2`.
pub type Nomenclature = Line<20>;
/// The OPCO that collects from the company.
pub type Opco = Line<60>;
/// The address of its web site.
pub type Website = Line<250>;
/// A word people sort companies by.
pub type Tag = Line<80>;
/// What people write down about it.
pub type Notes = Prose<10_000>;
/// A first or a last name.
pub type PersonName = Line<100>;
/// What somebody does there.
pub type Function = Line<120>;

/// The words of a company.
pub type Tags = List<Tag, 30>;
/// How many people work there.
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
