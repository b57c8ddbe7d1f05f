//! All commands of `afpi plugin`. This crate implements those that need the engine.

use crate::check::{check, handed_over, signature};
use crate::recordings;
use crate::serve::serve;
use crate::session::Session;
use afpi_plugin_tool::cli::{Findings, Language, ProjectArgs, Report, Types, finish};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `afpi plugin`.
#[derive(Args)]
pub struct PluginArgs {
    /// Print the result as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Author(afpi_plugin_tool::cli::Command),
    /// Check the plugin in this folder, or a packed one, and say how to fix each problem.
    Check {
        #[command(flatten)]
        project: ProjectArgs,
        /// A packed plugin to check instead of the one in this folder.
        plugin: Option<PathBuf>,
    },
    /// Run the tests of the plugin in this folder, with the component in the real runtime.
    Test {
        #[command(flatten)]
        project: ProjectArgs,
        /// Arguments for `cargo test` or `npm test`.
        #[arg(last = true)]
        more: Vec<String>,
    },
    /// Replay recorded calls. Every answer must be the same, byte for byte.
    Replay { plugin: PathBuf, recordings: PathBuf },
    /// Show which recorded calls a new version decides differently from an old one.
    Diff { old: PathBuf, new: PathBuf, recordings: PathBuf },
    /// Control a packed plugin by lines of JSON on standard input. Tests in any language use this.
    Harness { plugin: PathBuf },
}

impl PluginArgs {
    pub async fn run(self) -> ExitCode {
        let result = match self.command {
            Command::Author(command) => command.run().await,
            Command::Check { project, plugin } => check_command(&project, plugin.as_deref()).await,
            Command::Test { project, more } => test(&project, &more),
            Command::Replay { plugin, recordings } => replay(&plugin, &recordings).await,
            Command::Diff { old, new, recordings } => diff(&old, &new, &recordings).await,
            Command::Harness { plugin } => harness(&plugin).await,
        };
        finish(result, self.json)
    }
}

async fn check_command(project: &ProjectArgs, plugin: Option<&Path>) -> Result<Report> {
    let found = match plugin {
        Some(file) => {
            let (bytes, mut found) = look_at(file).await?;
            signature(&bytes, &mut found);
            found
        }
        None => {
            let project = project.open()?;
            let (_, mut found) = look_at(&project.build(Types::Checked)?).await?;
            handed_over(&project, &mut found);
            found
        }
    };
    Ok(found.report())
}

async fn look_at(file: &Path) -> Result<(Vec<u8>, Findings)> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let found = check(&bytes, cache(file).as_deref()).await;
    Ok((bytes, found))
}

/// Builds the plugin once. Then the test runner of the language uses the harness.
fn test(project: &ProjectArgs, more: &[String]) -> Result<Report> {
    let project = project.open()?;
    let packed = project.build(Types::Checked)?;
    // Compiles the plugin into the cache. Otherwise tests that start at the same time would each compile it within
    // their time limits.
    drop(load(&packed, cache(&packed))?);
    let mut command = match project.language {
        Language::Rust => {
            let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            command.arg("test");
            command
        }
        Language::TypeScript => {
            let mut command = std::process::Command::new("npm");
            command.args(["--silent", "test", "--"]);
            command
        }
    };
    let afpi = std::env::current_exe().context("the path of this program is unknown")?;
    command.args(more).current_dir(&project.dir).env("AFPI_BIN", afpi).env("AFPI_PLUGIN", packed);
    if !command
        .status()
        .context("the test runner cannot be started; `afpi plugin doctor` shows what is missing")?
        .success()
    {
        bail!("tests failed");
    }
    Ok(Report::new("", json!({ "ok": true })))
}

async fn replay(plugin: &Path, file: &Path) -> Result<Report> {
    let session = load(plugin, there(plugin))?;
    let calls = recordings::read(file)?;
    let sha256 = session.sha256();
    if let Some(other) = calls.iter().find(|call| call.sha256 != sha256) {
        bail!(
            "these calls were recorded with another file: {} {} (sha256 {})",
            other.plugin,
            other.version,
            other.sha256
        );
    }
    let played = recordings::play(&session, &calls).await?;
    let ok = played.iter().all(|one| one.identical);
    let text = if ok {
        format!("{} calls, all with the same answer, byte for byte", played.len())
    } else {
        recordings::summary(&played)
    };
    Ok(Report { text, json: json!({ "ok": ok, "calls": played }), ok })
}

/// The old version answers the calls again first. So the output shows what the new version changes, wherever the calls
/// were recorded.
async fn diff(old: &Path, new: &Path, file: &Path) -> Result<Report> {
    let mut calls = recordings::read(file)?;
    recordings::answer_anew(&load(old, there(old))?, &mut calls).await?;
    let played = recordings::play(&load(new, there(new))?, &calls).await?;
    Ok(Report::new(recordings::summary(&played), json!({ "calls": played })))
}

fn load(plugin: &Path, cache: Option<PathBuf>) -> Result<Session> {
    let file = std::fs::read(plugin).with_context(|| plugin.display().to_string())?;
    Session::new(&file, cache.as_deref()).with_context(|| plugin.display().to_string())
}

async fn harness(plugin: &Path) -> Result<Report> {
    serve(load(plugin, cache(plugin))?, std::io::stdin().lock(), std::io::stdout()).await?;
    Ok(Report::new("", json!(null)))
}

/// The folder for compiled code, beside the packed plugin. It makes later tests start at once.
fn cache(plugin: &Path) -> Option<PathBuf> {
    Some(plugin.parent()?.join(".compiled"))
}

/// The same folder, if it exists. These commands only read the file, so they create nothing beside it.
fn there(plugin: &Path) -> Option<PathBuf> {
    cache(plugin).filter(|folder| folder.is_dir())
}
