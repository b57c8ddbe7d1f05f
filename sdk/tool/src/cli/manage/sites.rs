//! `enable` and `disable`: switch a plugin on or off at sites.

use super::super::Report;
use super::super::host::Host;
use super::{PluginArgs, Seat, all_seats, seats, word};
use anyhow::Result;
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

#[derive(Args)]
pub struct EnableArgs {
    #[command(flatten)]
    sites: SitesArgs,
}

#[derive(Args)]
pub struct DisableArgs {
    #[command(flatten)]
    sites: SitesArgs,
}

#[derive(Args)]
struct SitesArgs {
    #[command(flatten)]
    plugin: PluginArgs,
    /// The code of the site. Repeat the option for several sites. It may be omitted if the plugin has only one seat,
    /// like a connector.
    #[arg(long = "site", value_name = "CODE")]
    sites: Vec<String>,
    /// Use every site of the plugin.
    #[arg(long, conflicts_with = "sites")]
    all_sites: bool,
}

impl EnableArgs {
    pub async fn run(self) -> Result<Report> {
        self.sites.switch(true).await
    }
}

impl DisableArgs {
    pub async fn run(self) -> Result<Report> {
        self.sites.switch(false).await
    }
}

impl SitesArgs {
    async fn switch(self, enabled: bool) -> Result<Report> {
        let id = &self.plugin.id;
        let work = async |host: &Host| {
            let seats = if self.all_sites { all_seats(host, id).await? } else { seats(host, id, &self.sites).await? };
            let mut states = Vec::new();
            for seat in &seats {
                states.push(switch(host, id, seat, enabled).await?);
            }
            anyhow::Ok(states)
        };
        let states = self.plugin.host.signed_in(work).await?;
        let line = |state: &Value| {
            let (code, state) = (word(&state["localisation"], "code"), word(state, "state"));
            format!(
                "{id} is {} at {code}{}",
                if enabled { "on" } else { "off" },
                if state == "quarantined" { ", but in quarantine" } else { "" }
            )
        };
        Ok(Report::new(states.iter().map(line).collect::<Vec<_>>().join("\n"), json!({ "id": id, "sites": states })))
    }
}

/// Switches a plugin on or off at one site. Returns its state there.
pub(super) async fn switch(host: &Host, plugin: &str, seat: &Seat, enabled: bool) -> Result<Value> {
    host.ask(Method::PUT, &["api", "plugins", plugin, "sites", &seat.id], Some(&json!({ "enabled": enabled }))).await
}

/// Switches a plugin on at these sites, by their codes.
pub async fn enable(host: &Host, plugin: &str, codes: &[String]) -> Result<()> {
    for seat in seats(host, plugin, codes).await? {
        switch(host, plugin, &seat, true).await?;
    }
    Ok(())
}
