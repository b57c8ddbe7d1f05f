//! Texts for people in both languages, and which of the two a request wants.

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE, request::Parts};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use utoipa::ToSchema;

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

/// French first; English where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    #[default]
    Fr,
    En,
}

impl Locale {
    pub fn as_str(self) -> &'static str {
        match self {
            Locale::Fr => "fr",
            Locale::En => "en",
        }
    }

    pub fn parse(name: &str) -> Locale {
        if name.starts_with("en") { Locale::En } else { Locale::Fr }
    }

    /// The first of `fr` and `en` in `Accept-Language` (RFC 9110 §12.5.4, by weight, then by order).
    pub fn of(headers: &HeaderMap) -> Locale {
        let Some(value) = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()) else { return Locale::Fr };
        let mut best = (0.0, Locale::Fr);
        for part in value.split(',') {
            let mut pieces = part.trim().split(';');
            let locale = match pieces.next().unwrap_or("").split('-').next().unwrap_or("") {
                "fr" => Locale::Fr,
                "en" => Locale::En,
                _ => continue,
            };
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            if weight > best.0 {
                best = (weight, locale);
            }
        }
        best.1
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Locale {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Locale::of(&parts.headers))
    }
}

/// Lower case without accents or punctuation: what searching compares.
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
    fn language_follows_weight_then_order() {
        let of = |v: &str| {
            let mut h = HeaderMap::new();
            h.insert(ACCEPT_LANGUAGE, v.parse().unwrap());
            Locale::of(&h)
        };
        assert_eq!(of("en-GB,en;q=0.9,fr;q=0.8"), Locale::En);
        assert_eq!(of("de, fr;q=0.3, en;q=0.7"), Locale::En);
        assert_eq!(of("de"), Locale::Fr);
        assert_eq!(Locale::of(&HeaderMap::new()), Locale::Fr);
    }

    #[test]
    fn folding_forgives_accents_case_and_punctuation() {
        assert_eq!(fold("  Mécanique d'Évry — Œuvre & Cie "), "mecanique d evry oeuvre cie");
        assert_eq!(fold("Me\u{301}canique a\u{300} Nogent-l'Abbesse ÇÑŸ"), "mecanique a nogent-l abbesse cny");
    }
}
