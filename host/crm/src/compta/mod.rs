//! Files for the accountant: sales and receipts of a period and a legal entity, in the 18 columns of the legal format
//! (`fichier des écritures comptables`, art. A47 A-1 LPF), for import into the accounting program. It is not the legal
//! file itself, which holds the whole ledger of a year.

mod comptes;
mod ecriture;
mod exports;
mod fichier;
mod sources;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_core::error::{Result, not_found};
use afpi_core::id::{LegalEntityId, LocalisationId};
use afpi_db::{Conn, sql};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// `/api/exports-comptables`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(exports::list, exports::create)).routes(routes!(exports::file))
}

/// `/api/comptes-comptables`.
pub fn comptes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(comptes::entities)).routes(routes!(comptes::list, comptes::put))
}

/// The sites of a legal entity that the caller sees. 404 when there are none.
pub async fn sites(conn: &mut Conn, caller: &Caller, entity: LegalEntityId) -> Result<Vec<LocalisationId>> {
    let scope = caller.scope();
    let all = sql("SELECT id FROM localisations WHERE entite_legale_id = ? ORDER BY id").bind(entity);
    let seen: Vec<LocalisationId> = all.all::<(LocalisationId,)>(conn).await?.into_iter().map(|(id,)| id).collect();
    let seen: Vec<LocalisationId> = seen.into_iter().filter(|site| scope.covers_site(*site)).collect();
    if seen.is_empty() { Err(not_found()) } else { Ok(seen) }
}
