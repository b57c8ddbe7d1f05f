//! `logs`: the latest log lines of a plugin at its sites, and its last error.

use super::super::Report;
use super::table::table;
use super::{PluginArgs, list, word};
use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value, json};

#[derive(Args)]
pub struct LogsArgs {
    #[command(flatten)]
    plugin: PluginArgs,
    /// Only of this site, given by its code. Repeat the option for several sites.
    #[arg(long = "site", value_name = "CODE")]
    sites: Vec<String>,
}

impl LogsArgs {
    pub async fn run(self) -> Result<Report> {
        let path = ["api", "plugins", &self.plugin.id, "health"];
        let health = self.plugin.host.signed_in(async |host| host.get(&path).await).await?;
        let code = |site: &Value| word(&site["localisation"], "code").to_owned();
        let of = |wanted: &str| list(&health["data"]).any(|site| code(site).eq_ignore_ascii_case(wanted));
        if let Some(unknown) = self.sites.iter().find(|wanted| !of(wanted)) {
            let known: Vec<String> = list(&health["data"]).map(code).collect();
            bail!("{} has no site {unknown}; it has {}", self.plugin.id, known.join(", "));
        }
        let wanted = |site: &&Value| {
            self.sites.is_empty() || self.sites.iter().any(|wanted| code(site).eq_ignore_ascii_case(wanted))
        };
        let (mut lines, mut errors) = (Vec::new(), Vec::new());
        for site in list(&health["data"]).filter(wanted) {
            lines.extend(list(&site["logs"]).map(|line| with_site(line, &code(site))));
            if site["lastError"].is_object() {
                errors.push(with_site(&site["lastError"], &code(site)));
            }
        }
        lines.sort_by_key(|line| word(line, "at").to_owned());
        let mut rows: Vec<Vec<String>> = lines
            .iter()
            .map(|line| ["at", "site", "level", "message"].map(|name| word(line, name).to_owned()).to_vec())
            .collect();
        rows.extend(errors.iter().map(|error| {
            vec![
                word(error, "at").to_owned(),
                word(error, "site").to_owned(),
                "failed".into(),
                word(error, "message").to_owned(),
            ]
        }));
        let text = if rows.is_empty() { format!("{} has logged nothing yet.", self.plugin.id) } else { table(&rows) };
        Ok(Report::new(text, json!({ "id": self.plugin.id, "lines": lines, "lastErrors": errors })))
    }
}

fn with_site(line: &Value, code: &str) -> Value {
    let mut line = line.clone();
    line["site"] = code.into();
    line
}
