//! What the connector needs from its environment, as two small traits. So its logic runs with scripted answers, with
//! the simulator over a socket, and with the host's capabilities (in `guest`).

use afpi_sdk::Text;

/// Why there is no answer, or why its body ends early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The host refused the call: the grant is missing, or the address is not declared.
    Denied(Text),
    /// There was no connection, no answer in time, or the body was cut.
    Away(String),
    /// The host asks to wait for this many milliseconds.
    Wait(u32),
}

/// The environment of the connector.
pub trait Outside {
    type Answer: Answer;

    /// Sends a GET with the token and `Accept: application/json`. The time limit covers the whole body.
    fn get(&mut self, url: &str, timeout_ms: u32) -> Result<Self::Answer, Trouble>;

    /// Milliseconds since 1970.
    fn now(&self) -> i64;

    /// Reads a note of an earlier pass. An unreadable note counts as missing. In the worst case something is read
    /// again.
    fn recall(&self, key: &str) -> Option<Vec<u8>>;

    /// Stores a note (at most 64 KiB) for later passes. False if that failed.
    fn remember(&mut self, key: &str, value: &[u8]) -> bool;

    /// Writes a line to the run's log. The line must never contain personal data or the body of an answer.
    fn warn(&self, line: &str);
}

/// An answer whose body is read piece by piece.
pub trait Answer {
    fn status(&self) -> u16;

    /// The first header of this name (in lower case).
    fn header(&self, name: &str) -> Option<String>;

    /// The next piece of the body, at most some tens of kilobytes. `None` only at the proper end of the body.
    fn read(&mut self) -> Result<Option<Vec<u8>>, Trouble>;
}
