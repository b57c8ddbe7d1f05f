//! Texts for people in both languages.

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use utoipa::ToSchema;

pub use afpi_text::Locale;

/// A text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    pub fr: String,
    pub en: String,
}

/// A text from its two languages.
pub fn text(fr: impl Into<String>, en: impl Into<String>) -> Text {
    Text { fr: fr.into(), en: en.into() }
}

impl Text {
    /// The text in this language.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::Fr => &self.fr,
            Locale::En => &self.en,
        }
    }
}

/// Lower case without accents or punctuation: the form that searches compare.
pub fn fold(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    // Decomposed, so that « é » is found whether it was typed as one character or, as on some systems, as two.
    for c in input.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            c if c.is_alphanumeric() || c == '@' || c == '.' || c == '-' => out.push(c),
            _ if !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.trim().to_owned()
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
