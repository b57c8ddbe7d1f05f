//! The records of the CRM, a folder or file per resource. The workflow plugin holds the rules of the relay; this crate
//! holds records, scopes, versions and transactions.

use std::sync::Arc;

use afpi_db::Db;
use afpi_platform::config::Config;
use afpi_platform::plugins::Compile;
use afpi_platform::state::App;

pub mod access;
pub mod antivirus;
pub mod api_keys;
pub mod attachments;
pub mod book;
pub mod bpf;
pub mod calendrier;
mod changed;
pub mod coherence;
pub mod compta;
mod content;
pub mod corbeille;
pub mod courriels;
pub mod dashboard;
pub mod description;
pub mod descriptions;
pub mod documents;
pub mod entites;
pub mod entreprises;
pub mod events;
pub mod exports;
pub mod facturation;
pub mod figures;
pub mod formateurs;
pub mod identifiants;
pub mod journal;
pub mod mailer;
pub mod notes;
pub mod notifications;
pub mod objectifs;
pub mod opportunites;
pub mod personnes;
pub mod pieces;
pub mod planning;
pub mod preuves;
pub mod produits;
mod queries;
pub mod records;
pub mod reservations;
pub mod roles;
pub mod salles;
pub mod search;
pub mod sessions;
pub mod stagiaires;
pub mod suivi;
pub mod taches;
pub mod users;
pub mod vues;
pub mod webhooks;

/// The running application on this database, with the records of the CRM for its plugins.
pub async fn assemble(config: Config, db: Db, compile: Compile) -> anyhow::Result<App> {
    let records = Arc::new(records::Records { db: db.clone() });
    App::assemble(config, db, compile, records).await
}

/// Writes the search words that a migration has emptied. Several processes may do so at once. A killed process loses
/// nothing.
pub async fn fill_search(db: &Db) -> afpi_db::Result<()> {
    entreprises::search::fill(db).await?;
    opportunites::search::fill(db).await?;
    formateurs::search::fill(db).await
}
