//! JSON texts from guests. Their length and depth are checked before any other code parses them.

use super::invalid;
use crate::contract::Error;

const LONGEST: usize = 64 << 10;
/// The longest JSON text of a plugin in bytes, where no smaller limit applies (`wit/types/types.wit`).
const LONGEST_EVER: usize = 256 << 10;
/// The largest depth of a JSON text of a plugin (`wit/types/types.wit`).
pub const DEEPEST: usize = 32;

/// Checks that this is a JSON text of at most 64 KiB and 32 levels. `field` is its place in the guest's argument.
pub(super) fn check(field: &str, text: &str) -> Result<(), Error> {
    if text.len() > LONGEST {
        return Err(invalid(field, "out-of-range", "Au plus 64 Kio.", "At most 64 KiB."));
    }
    if !is_sound(text) {
        return Err(invalid(
            field,
            "malformed",
            "Pas un texte JSON d’au plus 32 niveaux.",
            "Not a JSON text of at most 32 levels.",
        ));
    }
    Ok(())
}

/// Whether this is a JSON text of at most 256 KiB and 32 levels.
pub fn is_sound(text: &str) -> bool {
    text.len() <= LONGEST_EVER && depth(text) <= DEEPEST && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The deepest nesting of brackets outside strings. For a text that is not JSON, the number has no meaning.
pub fn depth(text: &str) -> usize {
    let (mut deepest, mut now, mut quoted, mut escaped) = (0usize, 0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_depth_and_syntax_are_bounded() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        for good in ["{}", "null", "3", r#"{"a":"\"[[[[{{{{"}"#, &nested(32), &format!("\"{}\"", "[".repeat(60_000))] {
            assert!(check("/x", good).is_ok(), "{}", &good[..good.len().min(40)]);
        }
        for bad in
            ["", "{", "nul", "{} {}", "[1,]", &nested(33), &nested(30_000), &format!("\"{}\"", "x".repeat(LONGEST))]
        {
            assert!(
                matches!(check("/x", bad), Err(Error::Invalid(p)) if p[0].field == "/x"),
                "{}",
                &bad[..bad.len().min(40)]
            );
        }
    }
}
