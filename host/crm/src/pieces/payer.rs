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
    /// Identifiers and address of the opportunité's company when it pays, otherwise of the company with the payer's SIRET.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub company: Option<Company>,
    /// Does another body than the opportunité's company pay? Older pieces do not say so; then `company` is absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub third: bool,
}

impl Payer {
    /// Does the opportunité's company pay?
    pub fn is_the_company(&self) -> bool {
        self.company.is_some() && !self.third
    }
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

/// The company of this SIRET in the directory.
async fn by_siret(tx: &mut Conn, siret: &str) -> afpi_db::Result<Option<Company>> {
    sql("SELECT name, siren, siret, vat_number, line1, line2, postcode, city, country FROM entreprises WHERE siret = ?")
        .bind(siret)
        .optional(tx)
        .await
}

/// Who pays a piece, and who buys when another one pays in its place.
pub struct Parties {
    pub payer: Payer,
    pub buyer: Option<Company>,
}

/// The parties of a piece. `company` is the opportunité's company. Of anybody else the directory knows the address by the
/// SIRET; without it the name is all that is known.
pub async fn of(tx: &mut Conn, piece: &Found, company: &Company) -> afpi_db::Result<Parties> {
    let terms = &piece.terms;
    let other = match (&terms.payer_siret, piece.company_pays) {
        (Some(siret), false) => by_siret(tx, siret).await?,
        _ => None,
    };
    let buyer = other.as_ref().filter(|_| piece.in_place).map(|_| company.clone());
    let name = terms.payer_name.clone().or_else(|| other.as_ref().map(|other| other.name.clone()));
    let payer = Payer {
        kind: terms.payer_kind.clone(),
        name: name.or_else(|| piece.company_pays.then(|| company.name.clone())),
        third: !piece.company_pays,
        company: if piece.company_pays { Some(company.clone()) } else { other },
    };
    Ok(Parties { payer, buyer })
}
