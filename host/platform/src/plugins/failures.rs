//! The context that plugins get with a call, and the HTTP errors for their answers and failures.

use afpi_plugins::contract::Error as GuestError;
use afpi_plugins::{CallContext, LoadError, PluginFailure};

use afpi_core::error::{Error, ErrorKind, FieldProblem, field, forbidden, invalid, not_found, unavailable};

use afpi_core::text::{Locale, Text, text};

/// The call context of a request.
pub fn context(locale: Locale, correlation_id: &str) -> CallContext {
    CallContext::new(locale, correlation_id)
}

/// A text of the contract as a text of the host.
pub fn both(text: afpi_plugins::contract::Text) -> Text {
    Text { fr: text.fr, en: text.en }
}

/// Field problems of the contract as field problems of the host.
pub fn fields(problems: Vec<afpi_plugins::contract::FieldProblem>) -> Vec<FieldProblem> {
    problems.into_iter().map(|p| field(p.field, p.code, both(p.message))).collect()
}

/// A failed call as an error. The plugin's own refusals are the caller's concern; everything else is the plugin's
/// fault.
pub fn failure(failure: PluginFailure) -> Error {
    match failure {
        PluginFailure::Guest(error) => match error {
            GuestError::Invalid(problems) => invalid(fields(problems)),
            GuestError::Denied(message) => forbidden().detail(both(message)),
            GuestError::NotFound(_) => not_found(),
            GuestError::Conflict(message) => Error::new(
                ErrorKind::MoveRefused,
                text("Action impossible dans l'état actuel", "Not possible in the present state"),
            )
            .detail(both(message)),
            GuestError::RateLimited(ms) => unavailable("plugin").retry_after(u64::from(ms / 1000 + 1)),
            GuestError::Unavailable(_) | GuestError::Other(_) => plugin_failed(),
        },
        PluginFailure::Busy => unavailable("plugin").retry_after(1),
        PluginFailure::NoRoom => unavailable("plugin-memory").retry_after(2),
        PluginFailure::Quarantined(rest) => plugin_failed().retry_after(rest.as_secs().max(1)),
        _ => plugin_failed(),
    }
}

/// An answer that violates the contract: logs it with a line of the plugin's text, and returns the caller's error.
pub fn wrong_answer(cause: &str) -> Error {
    let cause: String = cause.chars().take(400).collect();
    tracing::warn!(error.cause = ?cause, "a plugin answered what its contract does not allow");
    plugin_failed()
}

/// A plugin did not answer. The runtime has already logged the reason, with limited frequency.
pub fn plugin_failed() -> Error {
    let title = text("Une extension n'a pas répondu correctement", "A plugin did not answer properly");
    Error::new(ErrorKind::PluginFailed, title)
}

/// A refused plugin file, and the reason.
pub fn unloadable(error: &LoadError) -> Error {
    let title = text("Ce fichier n'est pas une extension utilisable", "This file is not a usable plugin");
    Error::new(ErrorKind::PluginRefused, title).detail(text(format!("Motif : {error}."), format!("Reason: {error}.")))
}
