//! `build` and `pack`: from sources to one file.

use super::Report;
use super::build::Profile;
use super::keys;
use super::project::{Project, ProjectArgs, write};
use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct BuildArgs {
    #[command(flatten)]
    project: ProjectArgs,
    /// Compile quickly rather than small.
    #[arg(long)]
    dev: bool,
}

#[derive(Args)]
pub struct PackArgs {
    #[command(flatten)]
    project: ProjectArgs,
    /// A component or core module compiled by other means, instead of compiling the project.
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
    /// Sign with this private key (`afpi plugin keygen`).
    #[arg(long, env = "AFPI_SIGNING_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
    /// Where the file goes; dist/<id>.wasm by default.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl BuildArgs {
    pub fn run(self) -> Result<Report> {
        let project = self.project.open()?;
        let output = project.build(if self.dev { Profile::Dev } else { Profile::Guest })?;
        let packed = std::fs::read(&output).with_context(|| output.display().to_string())?;
        Ok(report(&output, &packed, false))
    }
}

impl PackArgs {
    pub fn run(self) -> Result<Report> {
        let project = self.project.open()?;
        let compiled = match &self.component {
            Some(file) => std::fs::read(file).with_context(|| file.display().to_string())?,
            None => project.compile(Profile::Guest)?,
        };
        let mut packed = pack(&project, &compiled)?;
        if let Some(key) = &self.key {
            afpi_plugin_manifest::sign(&mut packed, &keys::read_private(key)?)?;
        }
        let output = self.output.unwrap_or_else(|| project.packed());
        write(&output, &packed)?;
        Ok(report(&output, &packed, self.key.is_some()))
    }
}

impl Project {
    /// Compiles and packs, unsigned, into the project's `dist` folder; answers the file.
    pub fn build(&self, profile: Profile) -> Result<PathBuf> {
        let output = self.packed();
        write(&output, &pack(self, &self.compile(profile)?)?)?;
        Ok(output)
    }
}

/// Component, manifest and icon, unsigned.
pub(super) fn pack(project: &Project, compiled: &[u8]) -> Result<Vec<u8>> {
    let mut packed = crate::pack(compiled, &project.toml)?;
    if let Some(icon) = project.icon()? {
        afpi_plugin_manifest::embed_icon(&mut packed, &icon).context("icon.svg")?;
    }
    Ok(packed)
}

fn report(output: &Path, packed: &[u8], signed: bool) -> Report {
    let words = if signed { "signed" } else { "unsigned" };
    Report::new(
        format!("{} ({} KB, {words})", output.display(), packed.len().div_ceil(1024)),
        json!({ "file": output, "size": packed.len(), "signed": signed }),
    )
}
