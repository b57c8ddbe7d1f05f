//! Texts of guests: proper ids, and what is safe for logs (one line, no control characters, a limited length).

/// The longest cause of a failure, in bytes. Logs, health records and notifications contain it.
pub(crate) const LONGEST_CAUSE: usize = 400;

/// Is this a proper id of something that a plugin names: `[a-z][a-z0-9-]*`, at most 40 characters?
pub(crate) fn is_word(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 40
        && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Returns one line of at most `longest` bytes, without control characters (newlines, ANSI escapes, bidirectional
/// overrides).
pub(crate) fn tame(words: &str, longest: usize) -> String {
    let mut line = String::with_capacity(words.len().min(longest));
    for c in words.chars() {
        let harmful =
            c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let before = line.len();
        if harmful {
            line.extend(c.escape_default())
        } else {
            line.push(c)
        }
        if line.len() > longest - '…'.len_utf8() {
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
        let tame = |words: &str| tame(words, LONGEST_CAUSE);
        assert_eq!(tame("Élève inscrit à 9 h"), "Élève inscrit à 9 h");
        assert_eq!(tame("ok\n2026-01-01 ERROR forged"), "ok\\n2026-01-01 ERROR forged");
        assert_eq!(tame("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(tame("a\u{202e}b"), "a\\u{202e}b");
        for filler in ["x", "é", "\u{1b}", "🎓"] {
            let line = tame(&filler.repeat(5_000));
            assert!(line.len() <= LONGEST_CAUSE && line.ends_with('…'), "{filler}: {}", line.len());
        }
    }
}
