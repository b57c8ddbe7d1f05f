//! The files for projects that this program contains: templates, and the SDK for a project's `vendor` folder.
//! `build.rs` generates them.

use super::Report;
use super::project::{Language, ProjectArgs, write};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::path::Path;

include!(concat!(env!("OUT_DIR"), "/carried.rs"));

/// The project's folder for the SDK.
pub(super) const VENDOR: &str = "vendor";

/// Every file of every template, by `<language>/<kind>/…`, and `<language>/common/…` for files of all kinds. Their
/// names end in `.tmpl`, so that no tool treats them as source files.
pub(super) fn templates() -> &'static [(&'static str, &'static str)] {
    TEMPLATE
}

#[derive(Args)]
pub struct VendorArgs {
    #[command(flatten)]
    pub project: ProjectArgs,
}

impl VendorArgs {
    pub fn run(self) -> Result<Report> {
        let project = self.project.open()?;
        let files = vendor(&project.dir, project.language)?;
        let folder = project.dir.join(VENDOR);
        Ok(Report::new(
            format!("{} contains the SDK of afpi {}", folder.display(), env!("CARGO_PKG_VERSION")),
            json!({ "folder": folder, "files": files }),
        ))
    }
}

/// The SDK for a language: paths below `vendor`, and their texts.
fn sdk(language: Language) -> Result<&'static [(&'static str, &'static str)]> {
    match language {
        Language::Rust => Ok(RUST),
        Language::TypeScript if TYPESCRIPT.is_empty() => bail!(
            "this program was built without the SDK for TypeScript; in its checkout: make sdk && cargo build -p afpi"
        ),
        Language::TypeScript => Ok(TYPESCRIPT),
    }
}

/// Writes the SDK into a project's `vendor` folder and replaces older files. Returns the number of files.
pub(super) fn vendor(dir: &Path, language: Language) -> Result<usize> {
    let files = sdk(language)?;
    let folder = dir.join(VENDOR);
    for package in packages(files) {
        let old = folder.join(package);
        if old.exists() {
            std::fs::remove_dir_all(&old).with_context(|| old.display().to_string())?;
        }
    }
    for (path, text) in files {
        write(&folder.join(path), text.as_bytes())?;
    }
    Ok(files.len())
}

/// Whether the project has the SDK of this program. `None` if the project has no SDK.
pub(super) fn is_current(dir: &Path, language: Language) -> Option<bool> {
    let files = sdk(language).ok()?;
    let folder = dir.join(VENDOR);
    packages(files).any(|package| folder.join(package).exists()).then(|| {
        files.iter().all(|(path, text)| std::fs::read(folder.join(path)).is_ok_and(|there| there == text.as_bytes()))
    })
}

fn packages(files: &'static [(&str, &str)]) -> impl Iterator<Item = &'static str> {
    let mut packages: Vec<&str> = files.iter().filter_map(|(path, _)| path.split('/').next()).collect();
    packages.dedup();
    packages.into_iter()
}
