//! `list`: the installed plugins, and the sites where they are on.

use super::super::Report;
use super::super::host::HostArgs;
use super::table::table;
use super::{list, word};
use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

#[derive(Args)]
pub struct ListArgs {
    #[command(flatten)]
    host: HostArgs,
}

impl ListArgs {
    pub async fn run(self) -> Result<Report> {
        let plugins = self.host.signed_in(async |host| host.get(&["api", "plugins"]).await).await?;
        let rows: Vec<Vec<String>> = list(&plugins["data"]).map(row).collect();
        let text = if rows.is_empty() { "No plugin is installed.".into() } else { table(&rows) };
        Ok(Report::new(text, json!({ "plugins": plugins["data"] })))
    }
}

fn row(plugin: &Value) -> Vec<String> {
    ["id", "version", "kind", "level"]
        .map(|name| word(plugin, name).to_owned())
        .into_iter()
        .chain([standing(plugin)])
        .collect()
}

/// The sites where the plugin is on, and why it does not run.
fn standing(plugin: &Value) -> String {
    let mut words = vec![match word(plugin, "state") {
        "active" => {
            let on: Vec<&str> = list(&plugin["sites"])
                .filter(|site| site["enabled"] == true)
                .map(|site| word(&site["localisation"], "code"))
                .collect();
            if on.is_empty() { "off".into() } else { format!("on at {}", on.join(", ")) }
        }
        "staged" => "waits for consent".into(),
        other => other.to_owned(),
    }];
    let quarantined = list(&plugin["sites"]).filter(|site| site["state"] == "quarantined");
    let quarantined: Vec<&str> = quarantined.map(|site| word(&site["localisation"], "code")).collect();
    if let Some(trouble) = plugin["trouble"]["en"].as_str() {
        words.push(trouble.into());
    } else if !quarantined.is_empty() {
        words.push(format!("in quarantine at {}", quarantined.join(", ")));
    }
    words.extend(
        list(&plugin["staged"]).filter_map(Value::as_str).map(|version| format!("{version} waits for consent")),
    );
    words.join("; ")
}
