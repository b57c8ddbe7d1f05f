//! `secrets`: tells a guest whether a secret exists. Its value only goes into a header of the HTTP capability.

use crate::bindings::host::afpi::host::secrets::Host;
use crate::ports::{SecretStore, Space, StoreError};
use crate::seat::Seat;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;
use zeroize::Zeroizing;

impl Host for CallState {
    async fn has(&mut self, name: String) -> wasmtime::Result<bool> {
        if !self.admit(Capability::Secrets, 20)? {
            return Ok(false);
        }
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let found = self.outside(value(&seat, &*ports.secrets, &name)).await;
        Ok(matches!(found, Ok(Some(_))))
    }
}

/// The value of a declared secret of this plugin on this site. Only the host uses it. A guest never gets it.
pub(super) async fn value(
    seat: &Seat,
    store: &dyn SecretStore,
    name: &str,
) -> Result<Option<Zeroizing<String>>, StoreError> {
    let declared = &seat.plugin.manifest().capabilities.secrets;
    if !declared.iter().any(|secret| secret.name == name) {
        return Ok(None);
    }
    store.get(Space { plugin: seat.plugin.id(), site: &seat.site.id }, name).await
}
