//! Who is calling and for how long.

pub use crate::bindings::base::afpi::host::context::CallContext;

/// The facts of the running call: site, language of the person behind it, correlation id, time left at its start.
pub fn current() -> CallContext {
    super::side::context::current()
}
