//! What this process may use. The limits apply before it reads a job, and nothing takes them back.

use afpi_documents::protocol::Limits;
use nix::sys::resource::{Resource, setrlimit};
use nix::time::{ClockId, clock_gettime};
use std::io::{Error, Result};

/// Stdin, stdout and stderr.
const DESCRIPTORS: u64 = 3;

/// Closes what this process has inherited, and forbids to open anything: no file, no socket. Limits the memory. typst
/// gets one thread, because new threads would be new stacks.
pub fn apply(limits: &Limits) -> Result<()> {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    one.build_global().map_err(Error::other)?;
    close_inherited()?;
    setrlimit(Resource::RLIMIT_AS, limits.memory, limits.memory)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS)?;
    Ok(())
}

/// Lets one more job use `seconds` of CPU. The kernel ends the process afterwards.
pub fn allow_cpu(seconds: u64) -> Result<()> {
    let used = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.tv_sec().unsigned_abs();
    // The limit counts whole seconds, and the one that runs is not over.
    setrlimit(Resource::RLIMIT_CPU, used + 1 + seconds, u64::MAX)?;
    Ok(())
}

fn close_inherited() -> Result<()> {
    let open: Vec<i32> =
        std::fs::read_dir("/dev/fd")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    for descriptor in open {
        if u64::from(descriptor.unsigned_abs()) >= DESCRIPTORS {
            // One of them was the folder's own, which is closed already.
            let _ = nix::unistd::close(descriptor);
        }
    }
    Ok(())
}
