//! `trust`: the keys whose signatures a host accepts.

use super::super::Report;
use super::super::host::HostArgs;
use super::super::keys::read_public;
use super::table::table;
use super::{list, word};
use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum TrustCommand {
    /// Trust a public key. Plugins with its signature can be installed. A revoked key becomes trusted again.
    Add(AddArgs),
    /// List the trusted and the revoked keys.
    List(KeysArgs),
    /// Revoke a key. Its active plugins continue to run, but nothing else with its signature can be installed or
    /// activated.
    Revoke(RevokeArgs),
}

#[derive(Args)]
pub struct AddArgs {
    /// The public key (`.pub`) that `afpi plugin keygen` wrote.
    file: PathBuf,
    /// The owner of the key: a partner of the network, or this organisation itself.
    #[arg(long, value_parser = ["partner", "private"], default_value = "private")]
    level: String,
    #[command(flatten)]
    host: HostArgs,
}

#[derive(Args)]
pub struct KeysArgs {
    #[command(flatten)]
    host: HostArgs,
}

#[derive(Args)]
pub struct RevokeArgs {
    /// The key's id, as `list` shows it.
    key: String,
    #[command(flatten)]
    host: HostArgs,
}

impl TrustCommand {
    pub async fn run(self) -> Result<Report> {
        match self {
            TrustCommand::Add(AddArgs { file, level, host }) => {
                let key = read_public(&file)?.to_string();
                let body = json!({ "publicKey": key, "level": level });
                let added = host.signed_in(async |host| host.ask(Method::POST, &KEYS, Some(&body)).await).await?;
                let text = format!("{} ({}) is trusted as {level}.", word(&added, "name"), word(&added, "id"));
                Ok(Report::new(text, added))
            }
            TrustCommand::List(KeysArgs { host }) => {
                let keys = host.signed_in(async |host| host.get(&KEYS).await).await?;
                let rows: Vec<Vec<String>> = list(&keys["data"]).map(row).collect();
                let text = if rows.is_empty() { "No key is trusted.".into() } else { table(&rows) };
                Ok(Report::new(text, json!({ "keys": keys["data"] })))
            }
            TrustCommand::Revoke(RevokeArgs { key, host }) => {
                let path = [KEYS[0], KEYS[1], &key];
                host.signed_in(async |host| host.ask(Method::DELETE, &path, None).await).await?;
                Ok(Report::new(format!("{key} is no longer trusted."), json!({ "id": key, "revoked": true })))
            }
        }
    }
}

const KEYS: [&str; 2] = ["api", "plugin-keys"];

fn row(key: &Value) -> Vec<String> {
    let revoked = key["revokedAt"].as_str().map(|at| format!("revoked {at}")).unwrap_or_default();
    ["id", "level", "name"].map(|name| word(key, name).to_owned()).into_iter().chain([revoked]).collect()
}
