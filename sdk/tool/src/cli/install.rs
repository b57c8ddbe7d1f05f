//! `install`: uploads a packed plugin to a host. The host does not run it before an administrator has consented to what
//! it requests.

use super::Report;
use super::host::{Host, HostArgs};
use super::manage::enable;
use afpi_plugin_manifest::Manifest;
use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Args)]
pub struct InstallArgs {
    /// A packed plugin (`afpi plugin pack`).
    plugin: PathBuf,
    #[command(flatten)]
    host: HostArgs,
    /// Consent at once to everything that the plugin requests. Without this option an administrator consents in the web
    /// application.
    #[arg(long)]
    consent: bool,
    /// Switch it on at this localisation, given by its code. Repeat the option for several. It needs --consent.
    #[arg(long = "site", value_name = "CODE", requires = "consent")]
    sites: Vec<String>,
}

impl InstallArgs {
    pub async fn run(self) -> Result<Report> {
        let file = std::fs::read(&self.plugin).with_context(|| self.plugin.display().to_string())?;
        // The command reports an invalid file itself, without asking the host.
        let manifest = afpi_plugin_manifest::extract(&file).with_context(|| self.plugin.display().to_string())?;
        self.host.signed_in(async |host| self.hand_in(host, file, &manifest).await).await
    }

    async fn hand_in(&self, host: &Host, file: Vec<u8>, manifest: &Manifest) -> Result<Report> {
        let version = host.hand_in(file).await?;
        let mut lines = vec![format!("{} {} was uploaded to {}.", manifest.id, manifest.version, host.url())];
        lines.extend(introduction(&version));
        if self.consent {
            host.consent(&version).await?;
            lines.push("Consent given: the version is active.".into());
            if !self.sites.is_empty() {
                enable(host, &manifest.id, &self.sites).await?;
                lines.push(format!("Switched on at {}.", self.sites.join(", ")));
            }
        } else {
            lines.push(format!("It runs after an administrator has consented: {}/plugins/{}", host.url(), manifest.id));
        }
        Ok(Report::new(lines.join("\n"), json!({ "version": version, "consented": self.consent, "sites": self.sites })))
    }
}

/// The signer, and the sentences that an administrator reads.
pub(super) fn introduction(version: &Value) -> Vec<String> {
    let level = version["level"].as_str().unwrap_or("unknown");
    let key = version["key"]["name"].as_str().map(|name| format!(" by {name}")).unwrap_or_default();
    let mut lines = vec![format!("Signature: {level}{key}")];
    for wish in version["capabilities"].as_array().into_iter().flatten() {
        let params: Vec<&str> = wish["params"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let about = if params.is_empty() { String::new() } else { format!(" ({})", params.join(", ")) };
        lines.push(format!("  - {}{about}", wish["sentence"]["en"].as_str().unwrap_or_default()));
    }
    if lines.len() == 1 {
        lines.push("  - It requests nothing.".into());
    }
    lines
}
