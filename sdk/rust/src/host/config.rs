//! The plugin's settings as the host hands them over. Plugins get them parsed, as the first argument of every function.

/// The settings on this site as JSON text.
pub(crate) fn get() -> String {
    super::side::config::get()
}
