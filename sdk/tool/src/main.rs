//! `afpi-plugin-tool`: packs a plugin into one file, and shows the content of a packed file.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};

#[derive(Parser)]
#[command(version, about = "Packs AFPI CRM plugins")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Pack a core module (or component) and its plugin.toml.
    Pack {
        module: PathBuf,
        #[arg(long, value_name = "plugin.toml")]
        manifest: PathBuf,
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Print the manifest, imports and exports of a packed plugin as JSON.
    Show { plugin: PathBuf },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Pack { module, manifest, output } => {
            let core = std::fs::read(&module).with_context(|| module.display().to_string())?;
            let toml = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
            let mut packed = afpi_plugin_tool::pack(&core, &toml).with_context(|| module.display().to_string())?;
            let folder = manifest.parent().unwrap_or(Path::new("."));
            afpi_plugin_tool::embed_folder(&mut packed, &afpi_plugin_tool::read_manifest(&toml)?, folder)?;
            if let Some(folder) = output.parent() {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            // Writes a temporary file and renames it. A host that watches the folder never sees an incomplete file.
            let beside = output.with_extension("part");
            std::fs::write(&beside, &packed).with_context(|| beside.display().to_string())?;
            std::fs::rename(&beside, &output).with_context(|| output.display().to_string())?;
            println!("{} ({} KB)", output.display(), packed.len().div_ceil(1024));
        }
        Command::Show { plugin } => {
            let bytes = std::fs::read(&plugin).with_context(|| plugin.display().to_string())?;
            let shape = afpi_plugin_tool::Shape::of(&bytes)?;
            let shown = serde_json::json!({
                "manifest": afpi_plugin_manifest::extract(&bytes)?,
                "imports": shape.imports,
                "exports": shape.exports,
                "size": bytes.len(),
            });
            println!("{shown:#}");
        }
    }
    Ok(())
}
