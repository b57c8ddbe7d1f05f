//! The form in which texts are compared by people who do not mind accents, case and punctuation.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case without accents or punctuation.
pub fn fold(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    for c in input.chars() {
        folded(c, |c| {
            if c != ' ' || !out.ends_with(' ') {
                out.push(c);
            }
        });
    }
    out.trim().to_owned()
}

/// The folded characters of one: none for an accent of its own, two for a ligature, a space for punctuation.
pub fn folded(c: char, mut each: impl FnMut(char)) {
    if c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-') {
        return each(c.to_ascii_lowercase());
    }
    // Decomposed, so that « é » is found whether it was typed as one character or, as on some systems, as two.
    for c in c.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => ['o', 'e'].into_iter().for_each(&mut each),
            'æ' => ['a', 'e'].into_iter().for_each(&mut each),
            c if c.is_alphanumeric() || matches!(c, '@' | '.' | '-') => each(c),
            _ => each(' '),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgives_accents_case_and_punctuation() {
        assert_eq!(fold("  Mécanique d'Évry — Œuvre & Cie "), "mecanique d evry oeuvre cie");
        assert_eq!(fold("Me\u{301}canique a\u{300} Nogent-l'Abbesse ÇÑŸ"), "mecanique a nogent-l abbesse cny");
    }
}
