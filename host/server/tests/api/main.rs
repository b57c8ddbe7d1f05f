//! Tests of the HTTP API, one file per resource or rule. They form one program, because each program would take as long
//! to link.

#[path = "../../benches/fill.rs"]
mod fill;
#[path = "../support/mod.rs"]
mod support;

mod absences;
mod antivirus;
mod attachments;
mod auth;
mod authorisation;
mod backups;
mod batches;
mod book;
mod bus;
mod calendrier;
mod check;
mod checklist;
mod conservation;
mod corbeille;
mod demo;
mod devices;
mod documents;
mod effacement;
mod entites;
mod entreprises;
mod exports;
mod facturation;
mod figures;
mod formateurs;
mod fusions;
mod idempotency;
mod imports;
mod jobs;
mod journal;
mod limits;
mod links;
mod metrics;
mod notes;
mod notifications;
mod opportunites;
mod personnes;
mod pieces;
mod pilotage;
mod planning;
mod plans;
mod preuves;
mod produits;
mod relay;
mod roles;
mod salles;
mod search;
mod second_factor;
mod sendings;
mod series;
mod sessions;
mod settings;
mod signed;
mod stagiaires;
mod statements;
mod suivi;
mod taches;
mod texts;
mod tidy;
mod users;
mod vues;
