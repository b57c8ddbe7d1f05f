//! The platform under the CRM: the running application ([`state::App`]), authentication ([`auth`]), the installed
//! plugins and their sites ([`plugins`]), the journal, events, secrets and metrics. Knows no record of the CRM.

pub mod absence;
pub mod act;
pub mod address;
pub mod auth;
pub mod backups;
pub mod bus;
pub mod checklist;
pub mod config;
pub mod contacts;
pub mod digest;
pub mod events;
pub mod feed;
pub mod idempotency;
pub mod journal;
pub mod kept;
pub mod localisations;
pub mod numeros;
pub mod observer;
pub mod ops;
pub mod people;
pub mod permits;
pub mod pieces;
pub mod plugins;
pub mod quiet;
pub mod reads;
pub mod roles;
pub mod schema;
pub mod search;
pub mod secrets;
pub mod served;
pub mod sessions;
pub mod settings;
pub mod state;
pub mod workflow;
