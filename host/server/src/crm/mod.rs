//! The records of the CRM, a folder or file a resource. Rules of the relay are the workflow plugin's; here are records,
//! scopes, versions and transactions.

pub mod dashboard;
pub mod entreprises;
pub mod figures;
pub mod formateurs;
pub mod identifiants;
pub mod localisations;
pub mod network;
pub mod notifications;
pub mod objectifs;
pub mod opportunites;
pub mod pieces;
pub mod reservations;
pub mod salles;
pub mod search;
pub mod users;

/// Writes what records are found by where a migration has emptied it. Several processes may do so at once, and one that
/// is killed has lost nothing.
pub async fn fill_search(db: &afpi_db::Db) -> afpi_db::Result<()> {
    entreprises::search::fill(db).await?;
    opportunites::search::fill(db).await?;
    formateurs::search::fill(db).await
}
