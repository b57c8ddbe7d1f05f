//! The program: its commands, routes, workers and demo, on top of the other crates.

pub mod admin;
pub mod backups;
pub mod check;
pub mod cli;
mod commands;
pub mod demo;
pub mod health;
pub mod housekeeping;
pub mod openapi;
pub mod origin;
pub mod router;
pub mod run;
pub mod serve;
pub mod web;
pub mod workers;
