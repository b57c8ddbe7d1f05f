//! Makes the C library's allocator return memory to the system. Knows nothing else.

/// Blocks of this size and more are mapped and unmapped on their own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const OWN_MAPPING: libc::c_int = 256 << 10;

/// Heaps shared by the threads. The default is eight per core, each with its own fragmentation.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAPS: libc::c_int = 4;

/// Call it before the first thread starts. Otherwise glibc keeps large blocks after their first use: 19 MiB for every
/// thread that ever checked a password.
pub fn give_back_what_is_free() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: mallopt(3) takes plain numbers and may be called at any time; nothing else calls it.
        #[allow(unsafe_code)]
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_MAPPING);
            libc::mallopt(libc::M_ARENA_MAX, HEAPS);
        }
    }
}
