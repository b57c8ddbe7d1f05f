//! Makes every text printable: what the fonts of the templates do not have is left out or replaced, because a missing
//! glyph is an error in an archived document. French texts get their no-break spaces.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::Lang;

/// The characters that all faces in `templates/fonts` have, as ranges. `templates/fonts/README.md` says how they are
/// made.
#[rustfmt::skip]
pub const COVERAGE: &[(u32, u32)] = &[
    (0x20, 0x7e), (0xa0, 0x181), (0x186, 0x186), (0x18a, 0x18a), (0x18d, 0x190), (0x192, 0x194), (0x196, 0x197),
    (0x19a, 0x19b), (0x19e, 0x19e), (0x1a0, 0x1a1), (0x1af, 0x1b1), (0x1b7, 0x1b7), (0x1bf, 0x1c3), (0x1cd, 0x1dd),
    (0x1e2, 0x1e7), (0x1ea, 0x1eb), (0x1ee, 0x1f0), (0x1f4, 0x1f5), (0x1f7, 0x201), (0x204, 0x205), (0x208, 0x209),
    (0x20c, 0x20d), (0x218, 0x220), (0x222, 0x223), (0x226, 0x227), (0x237, 0x237), (0x23a, 0x23e), (0x241, 0x245),
    (0x248, 0x249), (0x2b0, 0x2b4), (0x2b7, 0x2b9), (0x2bb, 0x2c1), (0x2c6, 0x2cc), (0x2d0, 0x2de), (0x2e0, 0x2e4),
    (0x2ed, 0x2ed), (0x300, 0x304), (0x306, 0x30c), (0x323, 0x328), (0x374, 0x375), (0x37a, 0x37a), (0x37e, 0x37e),
    (0x384, 0x38a), (0x38c, 0x38c), (0x38e, 0x3a1), (0x3a3, 0x3d1), (0x3d5, 0x3d5), (0x3d7, 0x3d7), (0x3d9, 0x3d9),
    (0x3db, 0x3db), (0x3dd, 0x3dd), (0x3e1, 0x3e1), (0x3f4, 0x3f4), (0x3f7, 0x3f8), (0x400, 0x45f), (0x490, 0x491),
    (0x1e02, 0x1e03), (0x1e06, 0x1e07), (0x1e0a, 0x1e11), (0x1e16, 0x1e17), (0x1e1e, 0x1e2b), (0x1e32, 0x1e3b),
    (0x1e3e, 0x1e49), (0x1e52, 0x1e53), (0x1e56, 0x1e63), (0x1e66, 0x1e67), (0x1e6a, 0x1e6f), (0x1e72, 0x1e73),
    (0x1e7e, 0x1e85), (0x1e8e, 0x1e97), (0x1e9e, 0x1ef9), (0x2010, 0x201e), (0x2020, 0x2023), (0x2026, 0x2026),
    (0x202f, 0x2033), (0x2035, 0x2035), (0x2039, 0x203a), (0x2070, 0x2071), (0x2074, 0x208e), (0x20ac, 0x20ac),
    (0x2105, 0x2105), (0x2113, 0x2113), (0x2116, 0x2117), (0x211e, 0x211e), (0x2120, 0x2120), (0x2122, 0x2122),
    (0x2150, 0x215e), (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2261), (0x2264, 0x2265),
    (0x25a0, 0x25a1), (0x25aa, 0x25ac), (0x25b2, 0x25ba), (0x25bc, 0x25c4), (0x25c6, 0x25c6), (0x25c9, 0x25cc),
    (0x25cf, 0x25cf), (0x2610, 0x2611), (0x2713, 0x2714), (0x2717, 0x2717),
];

/// Cleans all texts of `value`.
pub fn clean(lang: Lang, value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(lang, text),
        Value::Array(items) => items.iter_mut().for_each(|item| clean(lang, item)),
        Value::Object(fields) => fields.values_mut().for_each(|field| clean(lang, field)),
        _ => {}
    }
}

/// The text as the fonts can show it. Letters of other scripts become `?`; emoji and control characters vanish.
pub fn printable(lang: Lang, text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' => Some('\n'),
        '\t' | '\r' => Some(' '),
        letter if covered(letter) => Some(letter),
        letter if letter.is_alphanumeric() => Some('?'),
        letter if letter.is_whitespace() => Some(' '),
        _ => None,
    };
    let text: String = text.nfc().filter_map(shown).collect();
    if lang == Lang::Fr { spaced(&text) } else { text }
}

fn covered(letter: char) -> bool {
    let code = u32::from(letter);
    let at = COVERAGE.partition_point(|(_, last)| *last < code);
    COVERAGE.get(at).is_some_and(|(first, _)| *first <= code)
}

/// Puts no-break spaces where French typography wants them, in place of plain ones.
fn spaced(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let kept = |at: usize| {
        let (before, after) = (at.checked_sub(1).map(|at| letters[at]), letters.get(at + 1).copied());
        matches!(after, Some(':' | ';' | '?' | '!' | '»' | '%' | '€')) || matches!(before, Some('«' | '°'))
    };
    let space = |(at, letter): (usize, &char)| if *letter == ' ' && kept(at) { '\u{a0}' } else { *letter };
    letters.iter().enumerate().map(space).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_sorted_and_what_documents_need_is_there() {
        assert!(COVERAGE.windows(2).all(|pair| pair[0].1 < pair[1].0));
        for letter in "€☐☑✓œŒÉçŁşțĐЖΩộ→·–—’«»−…\u{a0}\u{202f}".chars() {
            assert!(covered(letter), "{letter}");
        }
    }

    #[test]
    fn texts_of_any_origin() {
        assert_eq!(
            printable(Lang::Fr, "« Soudage » : 20 % ? n° 3"),
            "«\u{a0}Soudage\u{a0}»\u{a0}: 20\u{a0}%\u{a0}? n°\u{a0}3"
        );
        assert_eq!(printable(Lang::En, "Welding : 20 %"), "Welding : 20 %");
        assert_eq!(printable(Lang::Fr, "Chef 🙂 李 e\u{301}\u{7}"), "Chef \u{a0}? é");
        assert_eq!(printable(Lang::Fr, "a\r\nb\tc"), "a \nb c");
    }
}
