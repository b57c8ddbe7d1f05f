//! The imports and exports of a component, compared with the world of its kind and the requests of its manifest.

use afpi_plugin_manifest::{Capability, Manifest};
use anyhow::{Context, Result, bail};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldItem, WorldKey};

/// The names of the interfaces that a component imports and exports, e.g. `afpi:host/log@1.1.0`.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

impl Shape {
    pub fn of(component: &[u8]) -> Result<Self> {
        let DecodedWasm::Component(resolve, world) =
            wit_component::decode(component).context("this is not a valid component")?
        else {
            bail!("this is a WIT package, not a component");
        };
        let world = &resolve.worlds[world];
        Ok(Shape { imports: names(&resolve, &world.imports)?, exports: names(&resolve, &world.exports)? })
    }

    /// Reports a component that cannot load, or that would get `denied` at run time.
    pub fn check(&self, manifest: &Manifest) -> Result<()> {
        for import in &self.imports {
            let interface = unversioned(import);
            let given = ["afpi:host/log", "afpi:host/context", "afpi:host/config"];
            if given.contains(&interface) || interface.starts_with("afpi:types/") {
                continue;
            }
            let Some(capability) =
                interface.strip_prefix("afpi:host/").and_then(|name| name.parse::<Capability>().ok())
            else {
                bail!(
                    "it imports `{import}`, which the host does not offer (no WASI: build for wasm32-unknown-unknown)"
                );
            };
            if !manifest.capabilities.wants(capability) {
                bail!("it imports `{import}`, but plugin.toml does not request `{capability}`");
            }
        }
        match manifest.exports().iter().find(|declared| !self.exports(declared.interface)) {
            Some(missing) => bail!("{}; it exports {:?}", missing.missing(), self.exports),
            None => Ok(()),
        }
    }

    fn exports(&self, interface: &str) -> bool {
        self.exports.iter().any(|name| unversioned(name).strip_prefix("afpi:plugin/") == Some(interface))
    }
}

fn unversioned(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

fn names<'a>(resolve: &Resolve, items: impl IntoIterator<Item = (&'a WorldKey, &'a WorldItem)>) -> Result<Vec<String>> {
    items.into_iter().map(|(key, _)| Ok(resolve.name_world_key(key))).collect()
}
