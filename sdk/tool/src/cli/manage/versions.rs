//! `rollback` and `uninstall`.

use super::super::Report;
use super::{PluginArgs, list, word};
use anyhow::Result;
use clap::Args;
use reqwest::Method;
use serde_json::json;

#[derive(Args)]
pub struct RollbackArgs {
    #[command(flatten)]
    plugin: PluginArgs,
}

#[derive(Args)]
pub struct UninstallArgs {
    #[command(flatten)]
    plugin: PluginArgs,
    /// Also delete its settings, secrets, notes and files. They cannot be restored.
    #[arg(long)]
    purge: bool,
}

impl RollbackArgs {
    pub async fn run(self) -> Result<Report> {
        let PluginArgs { id, host } = &self.plugin;
        let path = ["api", "plugins", id, "rollback"];
        let done = host.signed_in(async |host| host.ask(Method::POST, &path, None).await).await?;
        let from = done["from"].as_str().map(|from| format!(" instead of {from}")).unwrap_or_default();
        let mut lines = vec![format!("{id} {} is active{from}.", word(&done["version"], "version"))];
        lines.extend(
            list(&done["settings"]).map(|one| format!("  setting {}: {}", word(one, "name"), word(one, "change"))),
        );
        Ok(Report::new(lines.join("\n"), done))
    }
}

impl UninstallArgs {
    pub async fn run(self) -> Result<Report> {
        let PluginArgs { id, host } = &self.plugin;
        host.signed_in(async |host| host.remove_plugin(id, self.purge).await).await?;
        let text = if self.purge {
            format!("{id} was removed, and all its data was deleted.")
        } else {
            format!(
                "{id} was removed. Its settings, secrets and notes are kept until `afpi plugin uninstall {id} --purge`."
            )
        };
        Ok(Report::new(text, json!({ "id": id, "removed": true, "purged": self.purge })))
    }
}
