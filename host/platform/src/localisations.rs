//! The sites as other records name them.

use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;

use afpi_core::error::{Result, field, forbidden, invalid};
use afpi_core::id::LocalisationId;
use afpi_core::scope::Scope;
use afpi_core::text::text;

/// The short form of a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LocalisationRef {
    #[schema(value_type = Uuid)]
    pub id: LocalisationId,
    /// E.g. `AFPI-02`.
    pub code: String,
    pub name: String,
}

/// The short form of every site, by code.
pub async fn all(conn: &mut Conn) -> Result<Vec<LocalisationRef>> {
    let rows = sql("SELECT id, code, name FROM localisations ORDER BY code")
        .all::<(LocalisationId, String, String)>(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, code, name)| LocalisationRef { id, code, name }).collect())
}

/// Checks a site for a write: it must exist (422 at `/localisationId`) and be in the caller's scope (403).
pub async fn writable(conn: &mut Conn, scope: &Scope, site: LocalisationId) -> Result<()> {
    if sql("SELECT 1 FROM localisations WHERE id = ?").bind(site).optional::<(i64,)>(conn).await?.is_none() {
        return Err(invalid(vec![field(
            "/localisationId",
            "unknown",
            text("Localisation inconnue.", "Unknown localisation."),
        )]));
    }
    if scope.covers_site(site) { Ok(()) } else { Err(forbidden()) }
}
