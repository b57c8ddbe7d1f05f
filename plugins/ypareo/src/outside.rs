//! The connector's needs from the world as two small traits, so that its logic runs with scripted answers, with the
//! simulator over a socket, and with the host's capabilities (in `guest`).

use afpi_sdk::Text;

/// Why there is no answer, or no more of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The host refused the call (no grant, or another host than declared).
    Denied(Text),
    /// No connection, no answer in time, or a body that was cut.
    Away(String),
    /// The host asks to wait so many milliseconds.
    Wait(u32),
}

/// Everything outside.
pub trait Outside {
    type Answer: Answer;

    /// Sends a GET with the token and `Accept: application/json`. The time limit covers the whole body.
    fn get(&mut self, url: &str, timeout_ms: u32) -> Result<Self::Answer, Trouble>;

    /// Milliseconds since 1970.
    fn now(&self) -> i64;

    /// A note of an earlier pass. An unreadable note counts as missing: at worst something is read again.
    fn recall(&self, key: &str) -> Option<Vec<u8>>;

    /// Stores a note (at most 64 KiB) for later passes. False on failure.
    fn remember(&mut self, key: &str, value: &[u8]) -> bool;

    /// A line for the run's log. It must never carry a person's data or the body of an answer.
    fn warn(&self, line: &str);
}

/// An answer whose body is read piece by piece.
pub trait Answer {
    fn status(&self) -> u16;

    /// The first header of this name (in lower case).
    fn header(&self, name: &str) -> Option<String>;

    /// The next piece of the body, at most some tens of kilobytes. `None` only at its proper end.
    fn read(&mut self) -> Result<Option<Vec<u8>>, Trouble>;
}
