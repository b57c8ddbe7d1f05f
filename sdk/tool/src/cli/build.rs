//! Runs the compiler of a project's language and finds its output.

use super::project::{Language, Project};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The target of Rust guests: no WASI, the contract is the only import.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Options that compile Rust guests for delivery, small and fast. `build`, `check`, `test`, `dev` and `pack` all use
/// them. So no command compiles again what another one has compiled (above all dependencies), and the delivered code is
/// the tested code. The options are on cargo's command line, so a project needs no settings.
const PROFILE: &str = "guest";
const SETTINGS: [&str; 6] = [
    r#"inherits="release""#,
    r#"opt-level="s""#,
    "lto=true",
    "codegen-units=1",
    r#"panic="abort""#,
    r#"strip="debuginfo""#,
];

/// Whether the build waits for the type check. For Rust it always does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Types {
    Checked,
    Unchecked,
}

impl Project {
    /// Compiles the project. Returns the module or the component. Messages of the compiler go to standard error.
    pub fn compile(&self, types: Types) -> Result<Vec<u8>> {
        let made = match self.language {
            Language::Rust => cargo(&self.dir)?,
            Language::TypeScript => npm(&self.dir, types)?,
        };
        std::fs::read(&made).with_context(|| made.display().to_string())
    }
}

fn cargo(dir: &Path) -> Result<PathBuf> {
    let mut command = Command::new(cargo_program());
    command.current_dir(dir).args(["build", "--lib", "--target", WASM, "--profile", PROFILE]);
    command.args(["--message-format", "json-render-diagnostics"]);
    for setting in SETTINGS {
        command.args(["--config", &format!("profile.{PROFILE}.{setting}")]);
    }
    command.args(["--config", &format!("target.{WASM}.rustflags={}", serde_json::Value::from(nameless()))]);
    let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be started; is Rust installed?")?;
    if !output.status.success() {
        bail!("it does not compile (`afpi plugin doctor` shows what is missing on this machine)");
    }
    let manifest = dir.join("Cargo.toml");
    let messages = String::from_utf8_lossy(&output.stdout);
    let made =
        messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()).filter(|message| {
            message["reason"] == "compiler-artifact"
                && message["manifest_path"].as_str().is_some_and(|path| Path::new(path) == manifest)
        });
    let files = made.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default());
    let wasm = files
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|ext| ext == "wasm"));
    wasm.context("cargo wrote no .wasm file; Cargo.toml needs `[lib]` with `crate-type = [\"cdylib\", \"rlib\"]`")
}

/// Compiler options that remove local paths. Panics contain the path of their file. A delivered component must not
/// reveal the author's machine and must not differ between machines. Paths within the project are relative anyway.
fn nameless() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let registries = home.and_then(|home| home.join("registry/src").read_dir().ok());
    let places = registries.into_iter().flatten().flatten();
    places.map(|registry| format!("--remap-path-prefix={}=crates", registry.path().display())).collect()
}

fn npm(dir: &Path, types: Types) -> Result<PathBuf> {
    let mut command = Command::new("npm");
    command.current_dir(dir).args(["run", "--silent", "build"]).stdout(std::io::stderr());
    if types == Types::Unchecked {
        command.args(["--", "--no-types"]);
    }
    if !command.status().context("npm cannot be started; is Node installed?")?.success() {
        bail!("it does not compile (`afpi plugin doctor` shows what is missing on this machine)");
    }
    let made = dir.join("dist/component.wasm");
    if !made.exists() {
        bail!("`npm run build` succeeded but wrote no dist/component.wasm");
    }
    Ok(made)
}

/// Cargo gives its own path to the programs that it runs.
pub(crate) fn cargo_program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
