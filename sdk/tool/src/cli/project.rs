//! The folder of a plugin: its path, its manifest and its language.

use crate::read_manifest;
use afpi_plugin_manifest::Manifest;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// The folder in `dist` for unsigned files.
pub(super) const UNSIGNED: &str = "unsigned";

/// The project of a command.
#[derive(Args, Clone, Default)]
pub struct ProjectArgs {
    /// The plugin's folder. The default is this folder, or the nearest one above it with a plugin.toml.
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

/// The language of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The project has a Cargo.toml.
    Rust,
    /// The project has a package.json. `npm run build` must write a component to `dist/component.wasm`.
    TypeScript,
}

/// A folder with a `plugin.toml`.
pub struct Project {
    pub dir: PathBuf,
    pub toml: String,
    pub manifest: Manifest,
    pub language: Language,
}

impl ProjectArgs {
    pub fn open(&self) -> Result<Project> {
        let dir = self.find()?;
        let path = dir.join("plugin.toml");
        let toml = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let manifest = read_manifest(&toml).with_context(|| path.display().to_string())?;
        let language = match (dir.join("Cargo.toml").exists(), dir.join("package.json").exists()) {
            (true, _) => Language::Rust,
            (false, true) => Language::TypeScript,
            (false, false) => bail!("{} has neither a Cargo.toml nor a package.json beside plugin.toml", dir.display()),
        };
        Ok(Project { dir, toml, manifest, language })
    }

    /// Finds the folder, even if its content is invalid.
    pub fn find(&self) -> Result<PathBuf> {
        let start = match &self.dir {
            Some(dir) => dir.canonicalize().with_context(|| dir.display().to_string())?,
            None => std::env::current_dir()?,
        };
        let found = start.ancestors().find(|dir| dir.join("plugin.toml").exists());
        match found {
            Some(dir) => Ok(dir.to_owned()),
            None => {
                bail!("there is no plugin.toml in {} or above it; `afpi plugin new` creates a project", start.display())
            }
        }
    }
}

impl Project {
    /// The file for delivery. Only `pack` and `sign` write it.
    pub fn packed(&self) -> PathBuf {
        self.dir.join("dist").join(self.file_name())
    }

    /// The file under development: packed and never signed. `build`, `check`, `test` and `dev` write it.
    pub fn unsigned(&self) -> PathBuf {
        self.dir.join("dist").join(UNSIGNED).join(self.file_name())
    }

    fn file_name(&self) -> String {
        format!("{}.wasm", self.manifest.id)
    }

    /// The icon, if there is one.
    pub fn icon(&self) -> Result<Option<Vec<u8>>> {
        let path = self.dir.join("icon.svg");
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(std::fs::read(&path).with_context(|| path.display().to_string())?))
    }
}

/// Writes a temporary file and renames it. A program that watches the folder never sees an incomplete file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes).with_context(|| beside.display().to_string())?;
    std::fs::rename(&beside, path).with_context(|| path.display().to_string())
}
