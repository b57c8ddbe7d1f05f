//! `record`: real calls of a pure plugin, which the host keeps for `afpi plugin replay` and `diff`. They contain copies
//! of records.

use super::super::Report;
use super::super::keys::write_secret;
use super::table::table;
use super::{PluginArgs, SeatArgs, list, word};
use anyhow::Result;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum RecordCommand {
    /// Record the next calls at a site. Earlier recordings of the site are deleted.
    Start(StartArgs),
    /// Show how many calls are recorded at each site.
    Status(StatusArgs),
    /// Download the recordings of a site, for `replay` and `diff`.
    Get(GetArgs),
    /// Stop recording, and keep the recordings.
    Stop(StopArgs),
    /// Stop recording, and delete the recordings.
    Delete(DeleteArgs),
}

#[derive(Args)]
pub struct StartArgs {
    #[command(flatten)]
    seat: SeatArgs,
    /// The number of calls, at most 1000.
    #[arg(long, default_value_t = 200)]
    calls: u32,
}

#[derive(Args)]
pub struct StatusArgs {
    #[command(flatten)]
    plugin: PluginArgs,
}

#[derive(Args)]
pub struct GetArgs {
    #[command(flatten)]
    seat: SeatArgs,
    /// The path for the recordings. The command creates a new file that only its owner can read. The default is
    /// <id>-<site>.jsonl.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args)]
pub struct StopArgs {
    #[command(flatten)]
    seat: SeatArgs,
}

#[derive(Args)]
pub struct DeleteArgs {
    #[command(flatten)]
    seat: SeatArgs,
}

impl RecordCommand {
    pub async fn run(self) -> Result<Report> {
        match self {
            RecordCommand::Start(StartArgs { seat, calls }) => {
                told(&seat, Method::PUT, &["recording"], Some(json!({ "calls": calls })), "is recorded").await
            }
            RecordCommand::Stop(StopArgs { seat }) => {
                told(&seat, Method::POST, &["recording", "stop"], None, "is no longer recorded").await
            }
            RecordCommand::Delete(DeleteArgs { seat }) => {
                told(
                    &seat,
                    Method::DELETE,
                    &["recording"],
                    None,
                    "is no longer recorded, and the recordings are deleted",
                )
                .await
            }
            RecordCommand::Status(StatusArgs { plugin: PluginArgs { id, host } }) => {
                let path = ["api", "plugins", &id, "recordings"];
                let sites = host.signed_in(async |host| host.get(&path).await).await?;
                let rows: Vec<Vec<String>> = list(&sites["data"]).map(row).collect();
                Ok(Report::new(table(&rows), json!({ "id": id, "sites": sites["data"] })))
            }
            RecordCommand::Get(args) => args.run().await,
        }
    }
}

impl GetArgs {
    async fn run(self) -> Result<Report> {
        let (lines, code) = self
            .seat
            .at(async |host, seat| Ok((host.download(&self.seat.path(seat, &["recording"])).await?, seat.code.clone())))
            .await?;
        let calls = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
        let output = self.output.unwrap_or_else(|| format!("{}-{code}.jsonl", self.seat.plugin.id).into());
        write_secret(&output, &lines)?;
        Ok(Report::new(
            format!("{}: {calls} calls. The file contains copies of records; delete it after use", output.display()),
            json!({ "file": output, "calls": calls }),
        ))
    }
}

/// Controls the recorder of a seat.
async fn told(args: &SeatArgs, method: Method, what: &[&str], body: Option<Value>, words: &str) -> Result<Report> {
    args.at(async |host, seat| {
        let status = host.ask(method, &args.path(seat, what), body.as_ref()).await?;
        let kept =
            status["kept"].as_i64().map(|kept| format!(": {kept} of {} calls", status["wanted"])).unwrap_or_default();
        Ok(Report::new(
            format!("{} {words} at {}{kept}", args.plugin.id, seat.code),
            json!({ "id": args.plugin.id, "site": seat.code, "recording": status }),
        ))
    })
    .await
}

fn row(site: &Value) -> Vec<String> {
    let deleted = site["deletedAt"].as_str().map(|at| format!("deleted {at}")).unwrap_or_default();
    vec![
        word(&site["localisation"], "code").to_owned(),
        format!("{} of {}", site["kept"], site["wanted"]),
        format!("{} bytes", site["bytes"]),
        deleted,
    ]
}
