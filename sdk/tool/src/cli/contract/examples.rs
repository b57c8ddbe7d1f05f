//! The examples of the pages. They come from tested files: the documentation of the Rust SDK, `sdk/js/examples` for
//! TypeScript, and the templates of `new` for whole plugins.

use super::super::new;
use afpi_plugin_manifest::Kind;
use anyhow::{Context, Result};
use std::path::Path;

/// The name of an example plugin.
const NAME: &str = "my-plugin";

/// The use of an interface, in both languages.
pub(super) fn of_interface(package: &str, name: &str) -> Result<String> {
    let module = match (package, name) {
        ("afpi:types", "records") => "host/query".into(),
        ("afpi:types", _) => "types".into(),
        ("afpi:host", "http-client") => "host/http".into(),
        ("afpi:host", "records-read") => "host/records".into(),
        ("afpi:host", "records-query") => "host/query".into(),
        ("afpi:plugin", "lifecycle") => "config".into(),
        ("afpi:host", other) => format!("host/{other}"),
        ("afpi:plugin", "job-handler") => "job".into(),
        ("afpi:plugin", "data-migration") => "migration".into(),
        (_, other) => other.into(),
    };
    let rust = first_block(&read(&format!("rust/src/{module}.rs"))?)
        .with_context(|| format!("sdk/rust/src/{module}.rs has no example"))?;
    let typescript = read(&format!("js/examples/{}-{name}.ts", package.trim_start_matches("afpi:")))?;
    Ok(format!("\n## In Rust\n\n```rust\n{rust}\n```\n\n## In TypeScript\n\n```ts\n{typescript}```\n"))
}

/// A whole plugin of a kind: its manifest, and its source in both languages.
pub(super) fn of_kind(kind: Kind) -> Result<String> {
    let source = |language, file| {
        new::source(language, kind.as_str(), file, NAME).with_context(|| format!("no {file} for {kind} plugins"))
    };
    let (manifest, rust, typescript) =
        (source("rust", "plugin.toml")?, source("rust", "src/lib.rs")?, source("ts", "src/plugin.ts")?);
    Ok(format!(
        "\n## A whole one\n\nAs `afpi plugin new {NAME} --kind {kind}` writes it, with tests beside it. `plugin.toml`:\n\n```toml\n{manifest}```\n\n\
         In Rust, `src/lib.rs`:\n\n```rust\n{rust}```\n\nIn TypeScript (`--lang ts`), `src/plugin.ts`:\n\n```ts\n{typescript}```\n"
    ))
}

fn read(path: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// The first Rust block in a module's documentation, without the hidden lines.
fn first_block(source: &str) -> Option<String> {
    let docs = source.lines().filter_map(|line| line.strip_prefix("//!").or_else(|| line.strip_prefix("///")));
    let mut docs = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(language) = docs.find_map(|line| line.strip_prefix("```")) {
        let block: Vec<&str> = docs.by_ref().take_while(|line| !line.starts_with("```")).collect();
        // Blocks in other languages have a name.
        if language.is_empty() || language.starts_with("rust") {
            let code: Vec<&str> = block.into_iter().filter(|line| *line != "#" && !line.starts_with("# ")).collect();
            return Some(code.join("\n")).filter(|code| !code.is_empty());
        }
    }
    None
}
