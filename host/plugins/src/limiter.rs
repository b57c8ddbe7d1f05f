//! The memory of plugins: of one instance (linear memories and tables together), and of all instances of the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Notify;
use wasmtime::ResourceLimiter;

/// The memory of all instances of the process, including warm ones.
pub(crate) struct MemoryBudget {
    most: u64,
    used: AtomicU64,
    freed: Notify,
    /// Drops warm instances until this many bytes are free or no warm instance is left.
    trim: Box<dyn Fn(u64) + Send + Sync>,
}

/// Reserved bytes of the budget. Dropping this value returns them.
pub(crate) struct Reserved {
    budget: Arc<MemoryBudget>,
    bytes: u64,
}

impl MemoryBudget {
    pub fn new(most: u64, trim: impl Fn(u64) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(MemoryBudget { most, used: AtomicU64::new(0), freed: Notify::new(), trim: Box::new(trim) })
    }

    /// The number of bytes in use, and the limit.
    pub fn view(&self) -> (u64, u64) {
        (self.used.load(Relaxed), self.most)
    }

    /// Whether memory is so scarce that an unused instance should be dropped.
    pub fn is_tight(&self) -> bool {
        self.used.load(Relaxed) > self.most / 4 * 3
    }

    fn try_take(&self, bytes: u64) -> bool {
        let taken = |used: u64| used.checked_add(bytes).filter(|used| *used <= self.most);
        self.used.fetch_update(Relaxed, Relaxed, taken).is_ok()
    }

    /// Reserves this many bytes. It drops warm instances if necessary.
    fn take(&self, bytes: u64) -> bool {
        if self.try_take(bytes) {
            return true;
        }
        (self.trim)(bytes.saturating_sub(self.most.saturating_sub(self.used.load(Relaxed))));
        self.try_take(bytes)
    }

    fn give(&self, bytes: u64) {
        if bytes > 0 {
            self.used.fetch_sub(bytes, Relaxed);
            self.freed.notify_waiters();
        }
    }

    /// Waits for this many bytes, for this time at most. It never reserves more than the limit.
    pub async fn reserve(self: &Arc<Self>, bytes: u64, longest: Duration) -> Option<Reserved> {
        let bytes = bytes.min(self.most);
        let taken = async {
            loop {
                let freed = self.freed.notified();
                tokio::pin!(freed);
                // Subscribes before the check. So memory that is freed in between is noticed.
                freed.as_mut().enable();
                if self.take(bytes) {
                    return;
                }
                freed.await;
            }
        };
        tokio::time::timeout(longest, taken).await.ok()?;
        Some(Reserved { budget: self.clone(), bytes })
    }
}

impl Reserved {
    /// A reservation of no bytes.
    pub fn none(budget: &Arc<MemoryBudget>) -> Reserved {
        Reserved { budget: budget.clone(), bytes: 0 }
    }

    /// Increases the reservation to this many bytes. Returns whether there was enough memory.
    fn grow_to(&mut self, bytes: u64) -> bool {
        let more = bytes.saturating_sub(self.bytes);
        let taken = more == 0 || self.budget.take(more);
        if taken {
            self.bytes = self.bytes.max(bytes);
        }
        taken
    }

    fn shrink_to(&mut self, bytes: u64) {
        self.budget.give(self.bytes.saturating_sub(bytes));
        self.bytes = self.bytes.min(bytes);
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.budget.give(self.bytes);
    }
}

/// Why an instance could not grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoGrowth {
    /// The instance's own limit.
    Own,
    /// The limit of all instances together.
    All,
}

/// Counts the memory of a store's instances and refuses growth beyond the limits. The guest sees a failed
/// `memory.grow`. The refusal is stored, because a trap usually follows and must get the right name.
pub(crate) struct MemoryLimiter {
    used: usize,
    most: usize,
    /// The most memory that it had or asked for.
    wanted: usize,
    reserved: Reserved,
    refused: Option<NoGrowth>,
}

impl MemoryLimiter {
    pub fn new(mib: u32, reserved: Reserved) -> Self {
        MemoryLimiter { used: 0, most: (mib as usize) << 20, wanted: 0, reserved, refused: None }
    }

    /// Why growth was refused since the last call of this method. `None` if it was not.
    pub fn take_refused(&mut self) -> Option<NoGrowth> {
        self.refused.take()
    }

    /// The most memory that it had, or asked for and did not get because of the limit of all instances.
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// The number of bytes in use.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Returns the reserved bytes that were not used.
    pub fn settle(&mut self) {
        self.reserved.shrink_to(self.used as u64);
    }

    fn grow(&mut self, more: usize) -> bool {
        let refused = match self.used.checked_add(more) {
            Some(total) if total <= self.most => {
                self.wanted = self.wanted.max(total);
                if self.reserved.grow_to(total as u64) {
                    self.used = total;
                    return true;
                }
                NoGrowth::All
            }
            _ => NoGrowth::Own,
        };
        self.refused = Some(refused);
        false
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_does_not_fit_waits_for_what_is_given_back() {
        let budget = MemoryBudget::new(100, |_| {});
        let mut first = budget.reserve(80, Duration::ZERO).await.unwrap();
        assert!(budget.reserve(30, Duration::from_millis(5)).await.is_none());
        assert!(!first.grow_to(101) && first.grow_to(90) && budget.is_tight());
        let (waiting, ()) = tokio::join!(budget.reserve(30, Duration::from_secs(5)), async { first.shrink_to(70) });
        assert_eq!((waiting.is_some(), budget.view()), (true, (100, 100)));
        drop((first, waiting));
        assert_eq!(budget.view(), (0, 100));
        // A request for more than the limit gets the limit.
        assert_eq!(budget.reserve(1_000, Duration::ZERO).await.map(|all| all.bytes), Some(100));
    }

    #[tokio::test]
    async fn an_instance_is_told_which_limit_it_met() {
        let budget = MemoryBudget::new(3 << 20, |_| {});
        let mut one = MemoryLimiter::new(2, Reserved::none(&budget));
        assert!(one.grow(2 << 20) && !one.grow(1));
        assert_eq!((one.take_refused(), one.take_refused()), (Some(NoGrowth::Own), None));
        let mut other = MemoryLimiter::new(2, Reserved::none(&budget));
        assert!(!other.grow(2 << 20));
        assert_eq!((other.take_refused(), other.used(), other.wanted()), (Some(NoGrowth::All), 0, 2 << 20));
    }
}
