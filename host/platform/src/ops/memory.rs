//! Tells the C library's allocator to give memory back. Knows nothing else.

/// Blocks from this size on are mapped and unmapped by themselves.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const OWN_MAPPING: libc::c_int = 256 << 10;

/// Heaps that threads share; left alone there are eight per core, each with its own holes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAPS: libc::c_int = 4;

/// To be called before the first thread starts. Otherwise glibc keeps large blocks after their first use: 19 MiB for
/// every thread that ever checked a password.
pub fn give_back_what_is_free() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: mallopt(3) takes plain numbers and may be called at any time; nobody else calls it.
        #[allow(unsafe_code)]
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_MAPPING);
            libc::mallopt(libc::M_ARENA_MAX, HEAPS);
        }
    }
}
