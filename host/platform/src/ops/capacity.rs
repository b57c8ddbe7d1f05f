//! The number of connections that a process can hold.

/// Files and sockets other than incoming connections: database, queue, plugins, the standard streams.
const OTHER_FILES: u64 = 96;
/// More connections need several processes.
const MOST: u64 = 4096;
/// Connections reserved for monitoring.
pub const RESERVED: u64 = 16;

/// The number of connections for this process. First raises the limit on open files as far as the system allows.
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
