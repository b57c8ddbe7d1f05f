//! `log`: lines for the host's log. They are cut, escaped and rate-limited, so that a guest cannot flood or forge the
//! log.

use crate::bindings::host::afpi::host::log::{Host, Level};
use crate::state::CallState;
use crate::words::{LONGEST_CAUSE, tame};

/// The longest line in bytes. The rest is cut.
const LONGEST: usize = 4096;

impl Host for CallState {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.spend(1)?;
        if level == Level::Error {
            self.last_words = Some(tame(&message, LONGEST_CAUSE));
        }
        let observer = &self.ports.observer;
        if self.seat.may_log() {
            observer.log(self.seat.who(), &self.context.call_id, level, &tame(&message, LONGEST));
        } else {
            observer.log_dropped(self.seat.who());
        }
        Ok(())
    }
}
