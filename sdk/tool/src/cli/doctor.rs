//! `doctor`: reports problems of this machine, this project or the host, with the command that fixes each problem.

use super::build::{WASM, cargo_program};
use super::carried::is_current;
use super::finding::Findings;
use super::host::HostArgs;
use super::project::{Language, ProjectArgs};
use super::{Report, keys};
use afpi_plugin_manifest::{Manifest, extract};
use anyhow::Result;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    project: ProjectArgs,
    #[command(flatten)]
    host: HostArgs,
    /// The private key for signing.
    #[arg(long, env = "AFPI_SIGNING_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
}

/// The oldest supported compilers and runtimes.
const RUST: (u32, u32) = (1, 95);
const NODE: (u32, u32) = (20, 19);

impl DoctorArgs {
    pub async fn run(self) -> Result<Report> {
        let mut found = Findings::default();
        found.ok(format!("afpi {}, contract afpi:plugin@1.1.0", env!("CARGO_PKG_VERSION")));
        let folder = self.project.find().ok();
        let typescript =
            folder.as_ref().is_some_and(|dir| dir.join("package.json").exists() && !dir.join("Cargo.toml").exists());
        if typescript {
            tool(&mut found, "node", &["--version"], NODE, "install Node 20.19 or newer");
        } else {
            rust(&mut found);
        }
        match folder {
            Some(folder) => project(&mut found, &self.project, &folder),
            None => found.warn("there is no plugin.toml here or above", "afpi plugin new NAME --kind notifier"),
        }
        if let Some(key) = &self.key {
            signing_key(&mut found, key);
        }
        match self.host.reach().await {
            Ok(()) => found.ok(format!("a host answers at {}", self.host.url)),
            Err(error) => found.warn(error.to_string(), "make run (in the checkout), or --url ADDRESS"),
        }
        Ok(found.report())
    }
}

fn rust(found: &mut Findings) {
    if !tool(found, &cargo_program().to_string_lossy(), &["--version"], RUST, "rustup update stable") {
        return;
    }
    let sysroot = run("rustc", &["--print", "sysroot"]).unwrap_or_default();
    let target = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib");
    if target.exists() {
        found.ok(format!("the target {WASM} is installed"));
    } else {
        found.error(format!("the target {WASM} is not installed"), format!("rustup target add {WASM}"));
    }
}

/// Tells whether the program is installed and new enough. Reports the result.
fn tool(found: &mut Findings, program: &str, args: &[&str], least: (u32, u32), mend: &str) -> bool {
    let Some(said) = run(program, args) else {
        found.error(format!("{program} cannot be started"), mend);
        return false;
    };
    let version = version(&said);
    match version {
        Some(version) if version >= least => {
            found.ok(said.trim().to_owned());
            true
        }
        _ => {
            found.error(format!("{} is too old; {}.{} is needed", said.trim(), least.0, least.1), mend);
            false
        }
    }
}

fn run(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The first `major.minor` in a line such as `cargo 1.95.0 (…)` or `v22.3.0`.
fn version(said: &str) -> Option<(u32, u32)> {
    let start = said.find(|c: char| c.is_ascii_digit())?;
    let mut parts = said[start..].split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn project(found: &mut Findings, args: &ProjectArgs, folder: &Path) {
    let project = match args.open() {
        Ok(project) => project,
        Err(error) => {
            return found.error(format!("{error:#}"), format!("edit {}", folder.join("plugin.toml").display()));
        }
    };
    let manifest = &project.manifest;
    found.ok(format!("{} {}, a {} plugin", manifest.id, manifest.version, manifest.kind));
    match is_current(folder, project.language) {
        Some(true) => found.ok("the SDK in vendor/ is the one of this program"),
        Some(false) => found.warn("the SDK in vendor/ is not the one of this program", "afpi plugin vendor"),
        None => {}
    }
    if project.language == Language::Rust {
        let cargo = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        match toml::from_str::<toml::Table>(&cargo) {
            Err(error) => found.error(format!("Cargo.toml cannot be read: {error}"), "edit Cargo.toml"),
            Ok(table) if !makes_cdylib(&table) => found.error(
                "Cargo.toml does not make a WebAssembly module",
                "add `[lib]` with `crate-type = [\"cdylib\", \"rlib\"]`",
            ),
            Ok(_) => found.ok("Cargo.toml makes a WebAssembly module"),
        }
    } else if !folder.join("node_modules").exists() {
        found.error("the npm packages are not installed", "npm install");
    }
    let work = built(found, &project.unsigned(), manifest, "afpi plugin build");
    let handed_over = built(found, &project.packed(), manifest, "afpi plugin pack --key FILE");
    if !work && !handed_over {
        found.warn("the plugin is not built yet", "afpi plugin build");
    }
}

/// Reports whether a packed file has the version of the manifest. Returns whether the file exists.
fn built(found: &mut Findings, path: &Path, manifest: &Manifest, mend: &str) -> bool {
    let Ok(file) = std::fs::read(path) else { return false };
    let path = path.display();
    match extract(&file) {
        Ok(packed) if packed.version != manifest.version => {
            found.warn(format!("{path} is version {}, plugin.toml says {}", packed.version, manifest.version), mend);
        }
        Ok(_) => found.ok(format!("{path} is built")),
        Err(error) => found.error(format!("{path}: {error}"), mend),
    }
    true
}

fn makes_cdylib(cargo: &toml::Table) -> bool {
    let kinds = cargo.get("lib").and_then(|lib| lib.get("crate-type")).and_then(|kinds| kinds.as_array());
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == Some("cdylib")))
}

fn signing_key(found: &mut Findings, path: &Path) {
    match keys::read_private(path) {
        Ok(key) => found.ok(format!("{} signs as {} ({})", path.display(), key.public().name(), key.public().id())),
        Err(error) => found.error(format!("{error:#}"), "afpi plugin keygen FILE --name NAME"),
    }
    #[cfg(unix)]
    if let Ok(metadata) = std::fs::metadata(path)
        && std::os::unix::fs::MetadataExt::mode(&metadata) & 0o077 != 0
    {
        found.error(format!("others can read {}", path.display()), format!("chmod 600 {}", path.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        assert_eq!(version("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n"), Some((1, 95)));
        assert_eq!(version("v22.3.1\n"), Some((22, 3)));
        assert_eq!(version("none"), None);
    }
}
