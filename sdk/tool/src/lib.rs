//! Turns a guest's core module into a packed plugin: one component file that contains its manifest. This crate uses no
//! engine.
//!
//! It is separate from the host because it is built first: `make plugins` needs it to build the plugins that the host
//! embeds. The feature `cli` adds the commands of `afpi plugin` for authors.

#[cfg(feature = "cli")]
pub mod cli;
mod shape;
mod templates;

use afpi_plugin_manifest::{Manifest, Version, embed};
use anyhow::{Context, Result, bail};
use wit_component::ComponentEncoder;

pub use shape::Shape;
pub use templates::embed_folder;

/// Reads `plugin.toml`. Sets `packed-by`, and refuses a manifest that contains it.
pub fn read_manifest(toml: &str) -> Result<Manifest> {
    let mut manifest: Manifest = toml::from_str(toml).context("plugin.toml cannot be read")?;
    if manifest.packed_by.is_some() {
        bail!("`packed-by` is written by the packing tool, not by hand");
    }
    manifest.packed_by = Some(Version::parse(env!("CARGO_PKG_VERSION"))?);
    manifest.validate()?;
    Ok(manifest)
}

/// Packs a core module and its `plugin.toml`. Checks the component against the world of its kind and its own requests.
///
/// `core` is the output of `cargo build --target wasm32-unknown-unknown` for a guest that uses `wit-bindgen`. A file
/// that is already a component (from the tools of another language) is used unchanged.
pub fn pack(core: &[u8], toml: &str) -> Result<Vec<u8>> {
    let manifest = read_manifest(toml)?;
    let mut component = if wasmparser::Parser::is_component(core) { core.to_vec() } else { encode(core)? };
    Shape::of(&component)?.check(&manifest)?;
    embed(&mut component, &manifest)?;
    Ok(component)
}

/// Converts a core module to a component and validates it.
pub fn encode(core: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .validate(true)
        .module(core)
        .context("this module was not built with wit-bindgen")?
        .encode()
        .context("the module does not fit its world")
}
