//! The plugin platform over HTTP: visibility, upload, activation, rollback and removal of plugins.

#[path = "../support/mod.rs"]
mod support;

mod annuaire;
#[path = "../connecteurs/bench.rs"]
#[allow(dead_code)] // these tests use only a part of it
mod bench;
mod coherence;
mod commands;
mod connection;
mod documents;
mod facts;
mod files;
mod health;
mod hooks;
mod icon;
mod kill;
mod kpi;
mod load;
mod migration;
mod quarantine;
mod queries;
mod recording;
mod records;
mod remove;
mod schedules;
mod shown;
mod trust;
mod versions;
