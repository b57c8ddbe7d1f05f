//! Collects the lines that a plugin logs during a pass, for the run's log. The runtime's observer receives the lines of
//! all plugins, by call.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use afpi_plugins::contract::Level;

/// Lines kept per call between two reads.
const MOST: usize = 1_000;

type Lines = Vec<(&'static str, String)>;

/// By call id. The observer is created before the application, so this cannot be part of either.
static HEARD: LazyLock<Mutex<HashMap<String, Lines>>> = LazyLock::new(Mutex::default);

/// Collects a call's lines until dropped.
pub struct Listening(String);

/// Starts to collect the lines of calls with this id.
pub fn to(call_id: &str) -> Listening {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).insert(call_id.to_owned(), Lines::new());
    Listening(call_id.to_owned())
}

impl Listening {
    /// The lines since the last call.
    pub fn take(&self) -> Lines {
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&self.0).map(std::mem::take).unwrap_or_default()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Receives a plugin's line. Runs during plugin calls: cheap when nobody listens.
pub fn heard(call_id: &str, level: Level, message: &str) {
    if !call_id.starts_with("sync-") {
        return;
    }
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lines) = heard.get_mut(call_id).filter(|lines| lines.len() < MOST) {
        lines.push((level.as_str(), message.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_of_the_call_one_listens_to() {
        let listening = to("sync-1");
        heard("sync-1", Level::Warn, "one");
        heard("sync-2", Level::Warn, "two");
        assert_eq!(listening.take(), [("warn", "one".to_owned())]);
        assert!(listening.take().is_empty());
        drop(listening);
        heard("sync-1", Level::Info, "late");
        assert!(to("sync-1").take().is_empty());
    }
}
