//! The language that a request asks for.

use std::convert::Infallible;

use afpi_core::text::Locale;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE, request::Parts};

/// The first of `fr` and `en` in `Accept-Language` (RFC 9110 §12.5.4, by weight, then by order).
pub fn wanted(headers: &HeaderMap) -> Locale {
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

/// The language of a request's answer.
pub struct Language(pub Locale);

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Language(wanted(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_follows_weight_then_order() {
        let of = |v: &str| {
            let mut h = HeaderMap::new();
            h.insert(ACCEPT_LANGUAGE, v.parse().unwrap());
            wanted(&h)
        };
        assert_eq!(of("en-GB,en;q=0.9,fr;q=0.8"), Locale::En);
        assert_eq!(of("de, fr;q=0.3, en;q=0.7"), Locale::En);
        assert_eq!(of("de"), Locale::Fr);
        assert_eq!(wanted(&HeaderMap::new()), Locale::Fr);
    }
}
