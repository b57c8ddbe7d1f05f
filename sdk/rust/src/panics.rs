//! Logs the message of a panic: the trap that follows has no message.

/// After the first call of this function, a panic logs its place and message before it ends the call.
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
