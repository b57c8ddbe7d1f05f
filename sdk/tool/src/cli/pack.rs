//! `build` and `pack`: from sources to one file. Only `pack` writes the file for delivery. It replaces a signed file
//! with an unsigned one only with `--unsigned`.

use super::Report;
use super::build::Types;
use super::keys;
use super::project::{Project, ProjectArgs, write};
use afpi_plugin_manifest::Signed;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct BuildArgs {
    #[command(flatten)]
    project: ProjectArgs,
    /// Do not wait for the type check of TypeScript.
    #[arg(long)]
    no_types: bool,
}

#[derive(Args)]
pub struct PackArgs {
    #[command(flatten)]
    project: ProjectArgs,
    /// A component or core module that another tool has compiled. It replaces the compilation of the project.
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
    /// Sign with this private key (`afpi plugin keygen`).
    #[arg(long, env = "AFPI_SIGNING_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
    /// Leave the plugin unsigned, even if it replaces a signed file.
    #[arg(long, conflicts_with = "key")]
    unsigned: bool,
    /// The path for the file. The default is dist/<id>.wasm.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl BuildArgs {
    pub fn run(self) -> Result<Report> {
        let project = self.project.open()?;
        let output = project.build(if self.no_types { Types::Unchecked } else { Types::Checked })?;
        let packed = std::fs::read(&output).with_context(|| output.display().to_string())?;
        Ok(report(&output, &packed, false))
    }
}

impl PackArgs {
    pub fn run(self) -> Result<Report> {
        let project = self.project.open()?;
        let output = self.output.unwrap_or_else(|| project.packed());
        let key = self.key.as_deref().map(keys::read_private).transpose()?;
        if key.is_none() && !self.unsigned {
            keep_signed(&output)?;
        }
        let compiled = match &self.component {
            Some(file) => std::fs::read(file).with_context(|| file.display().to_string())?,
            None => project.compile(Types::Checked)?,
        };
        let mut packed = pack(&project, &compiled)?;
        if let Some(key) = &key {
            afpi_plugin_manifest::sign(&mut packed, key)?;
        }
        write(&output, &packed)?;
        Ok(report(&output, &packed, key.is_some()))
    }
}

impl Project {
    /// Compiles and packs into [`Project::unsigned`]. Returns the path.
    pub fn build(&self, types: Types) -> Result<PathBuf> {
        let output = self.unsigned();
        write(&output, &pack(self, &self.compile(types)?)?)?;
        Ok(output)
    }
}

/// Refuses to overwrite a signed file.
fn keep_signed(output: &Path) -> Result<()> {
    let file = std::fs::read(output).unwrap_or_default();
    if let Ok(Some(signed)) = Signed::read(&file) {
        bail!(
            "{} is signed with the key {}; use --key FILE (or AFPI_SIGNING_KEY) to sign the new file too, or --unsigned to replace it with an unsigned one",
            output.display(),
            signed.key
        );
    }
    Ok(())
}

/// Packs the component, the manifest, the icon and the templates, without a signature.
pub(super) fn pack(project: &Project, compiled: &[u8]) -> Result<Vec<u8>> {
    let mut packed = crate::pack(compiled, &project.toml)?;
    if let Some(icon) = project.icon()? {
        afpi_plugin_manifest::embed_icon(&mut packed, &icon).context("icon.svg")?;
    }
    crate::embed_folder(&mut packed, &project.manifest, &project.dir)?;
    Ok(packed)
}

fn report(output: &Path, packed: &[u8], signed: bool) -> Report {
    let words = if signed { "signed" } else { "unsigned" };
    Report::new(
        format!("{} ({} KB, {words})", output.display(), packed.len().div_ceil(1024)),
        json!({ "file": output, "size": packed.len(), "signed": signed }),
    )
}
