//! Texts for people in both languages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use afpi_text::{Locale, fold};

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
