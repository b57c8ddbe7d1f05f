//! The memory that this process may use.

use std::path::Path;

/// The minimum for plugins on any machine. It is more than one instance of the largest size that a manifest may
/// request.
const LEAST: u64 = 384 << 20;
/// The assumed memory of a machine whose memory is unknown.
const UNKNOWN: u64 = 2 << 30;

/// A quarter of the machine's memory or of the process's control group, whichever is smaller, in bytes.
pub fn quarter_of_memory() -> u64 {
    let group = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limits = group.iter().filter_map(|file| read(Path::new(file)).and_then(|text| text.trim().parse::<u64>().ok()));
    let machine = read(Path::new("/proc/meminfo")).and_then(|text| total(&text));
    (limits.chain(machine).min().unwrap_or(UNKNOWN) / 4).max(LEAST)
}

fn read(file: &Path) -> Option<String> {
    std::fs::read_to_string(file).ok()
}

/// `MemTotal` of `/proc/meminfo`, which is in KiB there.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_says_how_much_it_has() {
        assert_eq!(total("MemTotal:       2048 kB\nMemFree: 1 kB\n"), Some(2 << 20));
        assert_eq!((total("MemFree: 1 kB"), total("MemTotal: much")), (None, None));
        assert!(quarter_of_memory() >= LEAST);
    }
}
