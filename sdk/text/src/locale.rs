use serde::{Deserialize, Serialize};

/// The language a person reads. French is the default; English on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Locale {
    #[default]
    Fr,
    En,
}

impl Locale {
    /// `fr` or `en`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// English for every tag that begins with `en`, such as `en-GB`; French for all others.
    pub fn parse(tag: &str) -> Locale {
        if tag.starts_with("en") { Locale::En } else { Locale::Fr }
    }
}
