//! `metrics`: counters and gauges with names that the manifest declares, so that the number of series is limited.

use crate::bindings::host::afpi::host::metrics::Host;
use crate::ports::Figure;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;

impl Host for CallState {
    fn add(&mut self, name: String, value: u64) -> wasmtime::Result<()> {
        self.publish(&name, Figure::Add(value))
    }

    fn set(&mut self, name: String, value: i64) -> wasmtime::Result<()> {
        self.publish(&name, Figure::Set(value))
    }
}

impl CallState {
    fn publish(&mut self, name: &str, figure: Figure) -> wasmtime::Result<()> {
        if !self.admit(Capability::Metrics, 1)? {
            return Ok(());
        }
        let declared = &self.seat.plugin.manifest().capabilities.metrics;
        if declared.iter().any(|known| known == name) {
            self.ports.observer.figure(self.seat.who(), name, figure);
        } else {
            self.refused(Capability::Metrics);
        }
        Ok(())
    }
}
