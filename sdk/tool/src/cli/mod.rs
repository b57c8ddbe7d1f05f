//! `afpi plugin …`: the commands for plugin authors, from an empty folder to a plugin that runs on a host. They need no
//! engine.
//!
//! Every command returns a [`Report`]: a text for people, or the same as JSON (`--json`). It exits with 0 on success,
//! with 1 if the plugin or its environment has a fault, and with 2 for wrong arguments.

mod build;
mod carried;
mod contract;
mod dev;
mod doctor;
mod finding;
mod host;
mod install;
mod keys;
mod manage;
mod new;
mod pack;
mod project;
mod refused;
mod typescript;

use anyhow::Result;
use clap::Subcommand;
use serde_json::Value;
use std::process::ExitCode;

pub use build::Types;
pub use carried::VendorArgs;
pub use contract::pages as contract_pages;
pub use finding::{Finding, Findings, Level};
pub use host::HostArgs;
pub use new::{LANGUAGES, NewArgs, kinds};
pub use project::{Language, Project, ProjectArgs};
pub use typescript::types as contract_types;

/// The commands that need no engine.
#[derive(Subcommand)]
pub enum Command {
    /// Create a project. It builds, and its tests pass.
    New(new::NewArgs),
    /// Write the SDK of this program into the vendor folder of the project in this folder.
    Vendor(carried::VendorArgs),
    /// Compile the plugin in this folder into dist/unsigned/<id>.wasm. Signed files do not change.
    Build(pack::BuildArgs),
    /// Compile, add the icon and the manifest, and sign. The result is one file for delivery: dist/<id>.wasm.
    Pack(pack::PackArgs),
    /// Create a pair of keys for signing plugins.
    Keygen(keys::KeygenArgs),
    /// Sign a packed plugin. A plugin in dist/unsigned is written to dist.
    Sign(keys::SignArgs),
    /// Show who signed a packed plugin, and whether the signature is valid.
    Verify(keys::VerifyArgs),
    /// Upload a packed plugin to a host. An administrator must consent to it there.
    Install(install::InstallArgs),
    /// List the plugins of a host.
    List(manage::ListArgs),
    /// Show the latest log lines of a plugin, and its last error.
    Logs(manage::LogsArgs),
    /// Show or change a plugin's settings at a site.
    #[command(subcommand)]
    Config(manage::ConfigCommand),
    /// Set or remove a plugin's secrets at a site.
    #[command(subcommand)]
    Secret(manage::SecretCommand),
    /// Switch a plugin on at sites.
    Enable(manage::EnableArgs),
    /// Switch a plugin off at sites.
    Disable(manage::DisableArgs),
    /// Return to the previous version, with its settings and grants.
    Rollback(manage::RollbackArgs),
    /// Remove a plugin from a host.
    Uninstall(manage::UninstallArgs),
    /// Manage the keys whose signatures a host accepts.
    #[command(subcommand)]
    Trust(manage::TrustCommand),
    /// Record real calls of a workflow or objectives plugin, for `replay` and `diff`.
    #[command(subcommand)]
    Record(manage::RecordCommand),
    /// Build the plugin and reload it into a running demo host whenever a file is saved.
    Dev(dev::DevArgs),
    /// Find problems of this machine or this plugin, with the command that fixes each problem.
    Doctor(doctor::DoctorArgs),
    /// Write the documentation of the contract, with one page per interface and world.
    Docs(contract::DocsArgs),
    /// Write the contract as TypeScript. The SDK for TypeScript uses it.
    Types(typescript::TypesArgs),
}

impl Command {
    pub async fn run(self) -> Result<Report> {
        match self {
            Command::New(args) => args.run(),
            Command::Vendor(args) => args.run(),
            Command::Build(args) => args.run(),
            Command::Pack(args) => args.run(),
            Command::Keygen(args) => args.run(),
            Command::Sign(args) => args.run(),
            Command::Verify(args) => args.run(),
            Command::Install(args) => args.run().await,
            Command::List(args) => args.run().await,
            Command::Logs(args) => args.run().await,
            Command::Config(command) => command.run().await,
            Command::Secret(command) => command.run().await,
            Command::Enable(args) => args.run().await,
            Command::Disable(args) => args.run().await,
            Command::Rollback(args) => args.run().await,
            Command::Uninstall(args) => args.run().await,
            Command::Trust(command) => command.run().await,
            Command::Record(command) => command.run().await,
            Command::Dev(args) => args.run().await,
            Command::Doctor(args) => args.run().await,
            Command::Docs(args) => args.run(),
            Command::Types(args) => args.run(),
        }
    }
}

/// The result of a command.
pub struct Report {
    /// The text for people: several lines, without the last line break.
    pub text: String,
    /// The same for programs.
    pub json: Value,
    /// If false, the command exits with 1: it ran and found problems.
    pub ok: bool,
}

impl Report {
    pub fn new(text: impl Into<String>, json: Value) -> Self {
        Report { text: text.into(), json, ok: true }
    }
}

/// Prints the result on standard output, or the error on standard error. With `--json`, the error goes to standard
/// output as JSON.
pub fn finish(result: Result<Report>, json: bool) -> ExitCode {
    match result {
        Ok(report) => {
            if json {
                println!("{:#}", report.json);
            } else if !report.text.is_empty() {
                println!("{}", harmless(&report.text));
            }
            if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            if json {
                let mut said = serde_json::json!({ "error": format!("{error:#}") });
                if let Some(refused) = error.downcast_ref::<refused::Refused>() {
                    said["refused"] = refused.json();
                }
                println!("{said:#}");
            } else {
                eprintln!("afpi plugin: {}", harmless(&format!("{error:#}")));
            }
            ExitCode::FAILURE
        }
    }
}

/// Makes names and lines of plugins safe for a terminal: it removes escape sequences and direction marks.
fn harmless(text: &str) -> String {
    let safe = |c: char| {
        c == '\n'
            || c == '\t'
            || !(c.is_control()
                || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    text.chars().map(|c| if safe(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_terminal_gets_no_orders_from_a_plugin() {
        assert_eq!(super::harmless("a\u{1b}[2Jb\u{202e}c\r\nd\té"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}\nd\té");
    }
}
