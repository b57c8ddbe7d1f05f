//! The words of documents in both languages. They stand in `templates/texts.toml`, which the templates read too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Lang;

static TEXTS: LazyLock<BTreeMap<String, Both>> =
    LazyLock::new(|| toml::from_str(include_str!("../templates/texts.toml")).expect("templates/texts.toml: tested"));

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    pub fr: String,
    pub en: String,
}

impl Both {
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// The text of `key`, or the key itself if there is none, which tests find.
pub fn text(lang: Lang, key: &'static str) -> &'static str {
    debug_assert!(TEXTS.contains_key(key), "no text {key}");
    TEXTS.get(key).map_or(key, |both| both.get(lang))
}

/// The text of `key` with its `{names}` replaced.
pub fn fill(lang: Lang, key: &'static str, values: &[(&str, &str)]) -> String {
    replaced(text(lang, key), values)
}

/// `template` with its `{names}` replaced.
pub fn replaced(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_string(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &str) -> String {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
        let sources = files.filter(|path| path.extension().is_some_and(|end| end == "rs" || end == "typ"));
        sources.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    #[test]
    fn every_text_is_used_and_every_key_has_one() {
        let (rust, templates) = (folder("src") + &folder("src/compose") + &folder("src/invoice"), folder("templates"));
        let unused: Vec<_> =
            TEXTS.keys().filter(|key| !(rust.clone() + &templates).contains(&format!("\"{key}\""))).collect();
        assert!(unused.is_empty(), "{unused:?}");
        let calls = ["scene.t(\"", "scene.fill(\"", "self.t(\"", "self.fill(\"", "#t(\"", " t(\"", "(t(\"", "[t(\""];
        let source = rust + &templates;
        let named = calls.iter().flat_map(|call| source.split(call).skip(1)).filter_map(|rest| rest.split_once('"'));
        let unknown: Vec<_> = named.map(|(key, _)| key).filter(|key| !TEXTS.contains_key(*key)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn names_are_replaced() {
        assert_eq!(replaced("{n} of {n}, {m}", &[("n", "1"), ("m", "2")]), "1 of 1, 2");
    }
}
