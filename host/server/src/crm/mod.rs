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
pub mod salles;
pub mod users;
