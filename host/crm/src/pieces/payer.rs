//! The payer of a piece as known on the day of issue.

use afpi_db::{Conn, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use afpi_core::id::EntrepriseId;
use afpi_platform::pieces::Found;

/// The payer at that time. Later changes to the company's record do not change an invoice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = PiecePayer)]
pub struct Payer {
    /// The workflow's word for the kind of payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<String>,
    /// Identifiers and address, when the opportunité's company pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub company: Option<Company>,
}

afpi_db::row! {
    /// A company's identifiers and address.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    #[schema(as = PieceCompany)]
    pub struct Company {
        pub name: String, pub siren: Option<String>, pub siret: Option<String>, pub vat_number: Option<String>,
        pub line1: Option<String>, pub line2: Option<String>, pub postcode: Option<String>, pub city: Option<String>,
        pub country: String,
    }
}

/// The present data of an opportunité's company.
pub async fn company(tx: &mut Conn, entreprise: EntrepriseId) -> afpi_db::Result<Company> {
    sql("SELECT name, siren, siret, vat_number, line1, line2, postcode, city, country FROM entreprises WHERE id = ?")
        .bind(entreprise)
        .one(tx)
        .await
}

/// The payer of a piece. `company` is the opportunité's company.
pub fn of(piece: &Found, company: &Company) -> Payer {
    Payer {
        kind: piece.terms.payer_kind.clone(),
        name: piece.terms.payer_name.clone().or_else(|| piece.company_pays.then(|| company.name.clone())),
        company: piece.company_pays.then(|| company.clone()),
    }
}
