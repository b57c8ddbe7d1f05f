//! The commands of `afpi plugin` that need the engine, and all of them together.

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

/// `afpi plugin`.
#[derive(Args)]
pub struct PluginArgs {
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Author(afpi_plugin_tool::cli::Command),
    /// Say what is wrong with the plugin in this folder, or with a packed one, and how to mend it.
    Check {
        #[command(flatten)]
        project: ProjectArgs,
        /// A packed plugin, instead of the one in this folder.
        plugin: Option<PathBuf>,
    },
    /// Run the tests of the plugin in this folder, on the component in the real runtime.
    Test {
        #[command(flatten)]
        project: ProjectArgs,
        /// Handed on to `cargo test` or `npm test`.
        #[arg(last = true)]
        more: Vec<String>,
    },
    /// Play recorded calls again; each must be answered as it was, byte for byte.
    Replay { plugin: PathBuf, recordings: PathBuf },
    /// Say what a new version decides differently from an old one, over recorded calls.
    Diff { old: PathBuf, new: PathBuf, recordings: PathBuf },
    /// Drive a packed plugin by lines of JSON on standard input; tests in any language do.
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

/// Builds once, then the language's own test runner uses the harness.
fn test(project: &ProjectArgs, more: &[String]) -> Result<Report> {
    let project = project.open()?;
    let packed = project.build(Types::Checked)?;
    // Compiled here once, into the cache. Tests that start at the same time would each compile it, within their time
    // limits.
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
    let afpi = std::env::current_exe().context("this program does not know where it is")?;
    command.args(more).current_dir(&project.dir).env("AFPI_BIN", afpi).env("AFPI_PLUGIN", packed);
    if !command
        .status()
        .context("the test runner cannot be started; `afpi plugin doctor` looks for what is missing")?
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
            "these calls were recorded with {} {} (sha256 {}), which is not this file",
            other.plugin,
            other.version,
            other.sha256
        );
    }
    let played = recordings::play(&session, &calls).await?;
    let ok = played.iter().all(|one| one.identical);
    let text = if ok {
        format!("{} calls, each answered as it was, byte for byte", played.len())
    } else {
        recordings::summary(&played)
    };
    Ok(Report { text, json: json!({ "ok": ok, "calls": played }), ok })
}

/// The old version answers first, so the output shows what the new one changes, wherever the calls were recorded.
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

/// Compiled code is kept beside the packed plugin, so that later tests start at once.
fn cache(plugin: &Path) -> Option<PathBuf> {
    Some(plugin.parent()?.join(".compiled"))
}

/// The same if it exists already: beside a file that is only read, nothing new is written.
fn there(plugin: &Path) -> Option<PathBuf> {
    cache(plugin).filter(|folder| folder.is_dir())
}
