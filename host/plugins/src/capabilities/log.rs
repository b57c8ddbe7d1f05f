//! `log`: lines for the host's log, cut, escaped and rate-limited, so that a guest can neither flood nor forge it.

use crate::bindings::host::afpi::host::log::{Host, Level};
use crate::state::CallState;

/// Longest line in bytes; the rest is cut.
const LONGEST: usize = 4096;

impl Host for CallState {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.spend(1)?;
        let observer = &self.ports.observer;
        if self.seat.may_log() {
            observer.log(self.seat.who(), &self.context.call_id, level, &tame(&message));
        } else {
            observer.log_dropped(self.seat.who());
        }
        Ok(())
    }
}

/// One line without control characters (newlines, ANSI escapes, bidirectional overrides), at most [`LONGEST`] bytes.
fn tame(message: &str) -> String {
    let mut line = String::with_capacity(message.len().min(LONGEST));
    for c in message.chars() {
        let harmful = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let before = line.len();
        if harmful { line.extend(c.escape_default()) } else { line.push(c) }
        if line.len() > LONGEST - '…'.len_utf8() {
            line.truncate(before);
            line.push('…');
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_of_bounded_length() {
        assert_eq!(tame("Élève inscrit à 9 h"), "Élève inscrit à 9 h");
        assert_eq!(tame("ok\n2026-01-01 ERROR forged"), "ok\\n2026-01-01 ERROR forged");
        assert_eq!(tame("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(tame("a\u{202e}b"), "a\\u{202e}b");
        for filler in ["x", "é", "\u{1b}", "🎓"] {
            let line = tame(&filler.repeat(5_000));
            assert!(line.len() <= LONGEST && line.ends_with('…'), "{filler}: {}", line.len());
        }
    }
}
