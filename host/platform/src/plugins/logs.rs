//! The last log lines of each plugin on each site, for its health page. Bounded, in memory, of this process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use afpi_core::clock::Instant;

/// Lines kept per seat, and characters per line.
pub const LINES: usize = 50;
const LONGEST: usize = 500;

/// A log line. The runtime has already shortened, escaped and rate-limited it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginLogLine)]
pub struct Line {
    pub at: Instant,
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    pub message: String,
    /// The request or job that caused it.
    pub correlation_id: String,
}

type SeatKey = (String, String);

/// The lines of all seats.
#[derive(Default)]
pub struct Logs(Mutex<HashMap<SeatKey, VecDeque<Line>>>);

impl Logs {
    pub fn push(&self, plugin: &str, site: &str, level: &str, message: &str, correlation_id: &str) {
        let line = Line {
            at: Instant::now(),
            level: level.into(),
            message: message.chars().take(LONGEST).collect(),
            correlation_id: correlation_id.into(),
        };
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = seats.entry((plugin.into(), site.into())).or_default();
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The lines of a seat, newest first.
    pub fn of(&self, plugin: &str, site: &str) -> Vec<Line> {
        let seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seats
            .get(&(plugin.to_owned(), site.to_owned()))
            .map(|lines| lines.iter().rev().cloned().collect())
            .unwrap_or_default()
    }

    /// Deletes the lines of a removed plugin.
    pub fn forget(&self, plugin: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| of != plugin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_stay_and_seats_are_kept_apart() {
        let logs = Logs::default();
        for n in 0..LINES + 5 {
            logs.push("p", "a", "info", &format!("{n}"), "c");
        }
        logs.push("p", "b", "warn", &"x".repeat(10_000), "c");
        let lines = logs.of("p", "a");
        assert_eq!((lines.len(), lines[0].message.as_str(), lines[LINES - 1].message.as_str()), (LINES, "54", "5"));
        assert_eq!(logs.of("p", "b")[0].message.len(), LONGEST);
        logs.forget("p");
        assert!(logs.of("p", "a").is_empty());
    }
}
