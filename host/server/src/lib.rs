//! The host: keeps records, rights, transactions, jobs and metrics, and asks plugins for every rule of the business.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod collation;
pub mod config;
pub mod crm;
pub mod demo;
pub mod email;
pub mod http;
pub mod ops;
pub mod platform;
pub mod rights;
pub mod router;
pub mod run;
pub mod scope;
pub mod state;
pub mod text;
