//! How many connections a process can hold.

/// Files and sockets that are not connections to us: database, queue, plugins, the standard streams.
const OTHER_FILES: u64 = 96;
/// More than this many people and tabs are for several processes.
const MOST: u64 = 4096;
/// Connections kept for what operations look at.
pub const RESERVED: u64 = 16;

/// How many connections this process can hold. The limit on open files is first raised as far as the system allows.
pub fn capacity() -> usize {
    #[cfg(unix)]
    let files = {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        let current = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
        current.unwrap_or(u64::MAX)
    };
    #[cfg(not(unix))]
    let files = u64::MAX;
    files.saturating_sub(OTHER_FILES + RESERVED).clamp(RESERVED, MOST) as usize
}
