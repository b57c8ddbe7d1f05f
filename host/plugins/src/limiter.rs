//! Memory of one instance: linear memories and tables summed, where wasmtime's own limits are per memory.

use wasmtime::ResourceLimiter;

/// Counts what a store's instances hold and refuses growth beyond the limit. The guest sees a failed `memory.grow`;
/// that it was refused is remembered, so that the trap that usually follows is called by its name.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    used: usize,
    most: usize,
    refused: bool,
}

impl MemoryLimiter {
    pub fn new(mib: u32) -> Self {
        MemoryLimiter { used: 0, most: (mib as usize) << 20, refused: false }
    }

    /// Was growth refused since the last call of this?
    pub fn take_refused(&mut self) -> bool {
        std::mem::take(&mut self.refused)
    }

    /// Bytes held now.
    pub fn used(&self) -> usize {
        self.used
    }

    fn grow(&mut self, more: usize) -> bool {
        match self.used.checked_add(more) {
            Some(total) if total <= self.most => {
                self.used = total;
                true
            }
            _ => {
                self.refused = true;
                false
            }
        }
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(size_of::<usize>())))
    }

    fn instances(&self) -> usize {
        32
    }

    fn tables(&self) -> usize {
        8
    }

    fn memories(&self) -> usize {
        4
    }
}
