//! Turns a guest's core module into a packed plugin: one component file that contains its manifest. Knows no engine.
//!
//! Kept apart from the host because it is built before it: `make plugins` needs it to make what the host embeds. The
//! feature `cli` adds what `afpi plugin` offers to authors.

#[cfg(feature = "cli")]
pub mod cli;
mod shape;

use afpi_plugin_manifest::{Manifest, Version, embed};
use anyhow::{Context, Result, bail};
use wit_component::ComponentEncoder;

pub use shape::Shape;

/// Reads `plugin.toml`. Sets `packed-by`, and refuses it when written by hand.
pub fn read_manifest(toml: &str) -> Result<Manifest> {
    let mut manifest: Manifest = toml::from_str(toml).context("plugin.toml cannot be read")?;
    if manifest.packed_by.is_some() {
        bail!("`packed-by` is written by the packing tool, not by hand");
    }
    manifest.packed_by = Some(Version::parse(env!("CARGO_PKG_VERSION"))?);
    manifest.validate()?;
    Ok(manifest)
}

/// Core module + `plugin.toml` → packed component, checked against the world of its kind and its own requests.
///
/// `core` is what `cargo build --target wasm32-unknown-unknown` leaves of a guest that uses `wit-bindgen`; a file that
/// is a component already (made by another language's tools) is taken as it is.
pub fn pack(core: &[u8], toml: &str) -> Result<Vec<u8>> {
    let manifest = read_manifest(toml)?;
    let mut component = if wasmparser::Parser::is_component(core) { core.to_vec() } else { encode(core)? };
    Shape::of(&component)?.check(&manifest)?;
    embed(&mut component, &manifest)?;
    Ok(component)
}

/// Core module → component, validated.
pub fn encode(core: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .validate(true)
        .module(core)
        .context("this module was not made with wit-bindgen")?
        .encode()
        .context("the module does not fit its world")
}
