//! What a panic says reaches the host's log: the trap that follows it carries no words.

/// From the first call on, a panic logs where it happened and what it said before it ends the call.
pub(crate) fn are_logged() {
    #[cfg(target_arch = "wasm32")]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            std::panic::set_hook(Box::new(|panic| {
                let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
                let words = panic.payload_as_str().unwrap_or("it said nothing");
                crate::host::log::error(&format!("panicked{place}: {words}"));
            }));
        });
    }
}
