//! What the connector needs from the world, as two small traits, so that its logic runs against scripted answers,
//! against the simulator over a socket, and against the host's capabilities (in `guest`) alike.

use afpi_sdk::Text;

/// Why there is no answer, or no more of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The host did not allow the call (no grant, or another host than the one settled).
    Denied(Text),
    /// No connection, no answer in time, or a body that was cut.
    Away(String),
    /// The host asks to wait so many milliseconds.
    Wait(u32),
}

/// Everything outside.
pub trait Outside {
    type Answer: Answer;

    /// Sends a GET with the token and `Accept: application/json`; the time limit holds up to the last byte of the body.
    fn get(&mut self, url: &str, timeout_ms: u32) -> Result<Self::Answer, Trouble>;

    /// Milliseconds since 1970.
    fn now(&self) -> i64;

    /// A note of an earlier pass. A note that cannot be read is no note: the worst is that something is read once more.
    fn recall(&self, key: &str) -> Option<Vec<u8>>;

    /// Keeps a note (at most 64 KiB) for later passes; false when it could not.
    fn remember(&mut self, key: &str, value: &[u8]) -> bool;

    /// A line for the run's log. It must never carry a person's data or the body of an answer.
    fn warn(&self, line: &str);
}

/// An answer whose body is read piece by piece.
pub trait Answer {
    fn status(&self) -> u16;

    /// The first header of this name (in lower case).
    fn header(&self, name: &str) -> Option<String>;

    /// The next piece of the body, some tens of kilobytes at most; `None` at its proper end only.
    fn read(&mut self) -> Result<Option<Vec<u8>>, Trouble>;
}
