//! The interfaces that components export. Each one is found and typed separately. The host does not look for an
//! interface that the manifest does not declare, so nothing can call it.

use crate::bindings;
use crate::failure::LoadError;
use crate::state::CallState;
use afpi_plugin_manifest::Manifest;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

/// An exported interface of an instance, with typed functions.
pub(crate) trait Facet: Sized + Send + 'static {
    /// The positions of its functions in a component.
    type Indices;
    fn load(indices: &Self::Indices, store: &mut Store<CallState>, instance: &Instance) -> wasmtime::Result<Self>;
    fn indices(facets: &Facets) -> Option<&Self::Indices>;
    fn slot(loaded: &mut Loaded) -> &mut Option<Self>;
}

macro_rules! facets {
    ($($field:ident: $facet:ident = $interface:literal;)+) => {
        $(pub(crate) use bindings::$field::Exported as $facet;)+

        /// The declared interfaces of a component.
        pub(crate) struct Facets {
            $($field: Option<bindings::$field::ExportedIndices>,)+
        }

        /// The interfaces of an instance that have been called.
        #[derive(Default)]
        pub(crate) struct Loaded {
            $($field: Option<$facet>,)+
        }

        impl Facets {
            /// Finds the interfaces that the manifest declares. The error says what is missing or has another shape.
            pub fn probe(manifest: &Manifest, pre: &InstancePre<CallState>) -> Result<Facets, LoadError> {
                Ok(Facets {
                    $($field: find(manifest, $interface, pre, bindings::$field::ExportedIndices::new)?,)+
                })
            }
        }

        $(impl Facet for $facet {
            type Indices = bindings::$field::ExportedIndices;

            fn load(
                indices: &Self::Indices,
                store: &mut Store<CallState>,
                instance: &Instance,
            ) -> wasmtime::Result<Self> {
                indices.load(store, instance)
            }

            fn indices(facets: &Facets) -> Option<&Self::Indices> {
                facets.$field.as_ref()
            }

            fn slot(loaded: &mut Loaded) -> &mut Option<Self> {
                &mut loaded.$field
            }
        })+

        /// Every interface that the host can call.
        #[cfg(test)]
        const CALLED: &[&str] = &[$($interface),+];
    };
}

facets! {
    lifecycle: Lifecycle = "lifecycle";
    workflow: Workflow = "workflow";
    objectives: Objectives = "objectives";
    notifier: Notifier = "notifier";
    connector: Connector = "connector";
    hook: Hook = "hook";
    job_handler: JobHandler = "job-handler";
    data_migration: DataMigration = "data-migration";
    documents: Documents = "documents";
    lookup: Lookup = "lookup";
    auditor: Auditor = "auditor";
}

impl Facets {
    pub fn has<F: Facet>(&self) -> bool {
        F::indices(self).is_some()
    }
}

fn find<I>(
    manifest: &Manifest,
    interface: &str,
    pre: &InstancePre<CallState>,
    new: impl Fn(&InstancePre<CallState>) -> wasmtime::Result<I>,
) -> Result<Option<I>, LoadError> {
    let Some(declared) = manifest.exports().into_iter().find(|export| export.interface == interface) else {
        return Ok(None);
    };
    let component = pre.component();
    let is_it =
        |name: &str| name.strip_prefix("afpi:plugin/").and_then(|name| name.split('@').next()) == Some(interface);
    if !component.component_type().exports(component.engine()).any(|(name, _)| is_it(name)) {
        return Err(LoadError::Contract(declared.missing()));
    }
    let found = new(pre).map_err(|error| LoadError::Contract(format!("`afpi:plugin/{interface}`: {error:#}")))?;
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_plugin_manifest::{Facet as Declared, Kind};
    use strum::VariantArray as _;

    #[test]
    fn whatever_a_manifest_can_declare_is_looked_for() {
        let facets = Declared::VARIANTS.iter().map(|facet| facet.interface());
        for interface in facets.chain(Kind::VARIANTS.iter().filter_map(|kind| kind.interface())) {
            assert!(CALLED.contains(&interface), "{interface}");
        }
    }
}
