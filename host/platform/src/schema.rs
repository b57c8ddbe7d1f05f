//! JSON Schemas of plugins (draft 2020-12): compiled once. Their errors become field problems in both languages.

use afpi_plugins::json;
use afpi_text::Fault;
use jsonschema::error::{TypeKind, ValidationErrorKind as K};
use jsonschema::{Keyword, PatternOptions, ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use afpi_core::error::{FieldProblem, field};
use afpi_core::text::{Text, text};
use afpi_http::input::required;

/// Longest schema text, in bytes (`wit/types/types.wit`).
const LONGEST: usize = 256 << 10;
/// The most parts of a schema, with references expanded. The product's own schemas have a few hundred.
const HEAVIEST: usize = 20_000;
/// The deepest nesting of a schema, with references followed.
const DEEPEST: usize = 64;

/// Reads a plugin's schema, within the limits of the contract's `json`.
pub fn read<T: DeserializeOwned>(schema: &str) -> Result<T, String> {
    if schema.len() > LONGEST || json::depth(schema) > json::DEEPEST {
        return Err("it is larger than 256 KiB or nested deeper than 32 levels".into());
    }
    serde_json::from_str(schema).map_err(|error| error.to_string())
}

/// Compiles a schema. It comes from a plugin, and the host evaluates it outside the sandbox for every document. So it
/// must be small with its references expanded, references stay in the document and are never circular, and patterns
/// match in linear time.
pub fn compile(schema: &Value) -> Result<Validator, String> {
    Weight { root: schema, left: HEAVIEST }.add(schema, 0)?;
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_format("uri", is_web_address)
        .with_pattern_options(PatternOptions::regex())
        .with_keyword(LINES, |_, many, _| Ok(Box::new(Lines { many: *many == true })))
        .build(&with_lines(schema))
        .map_err(|e| e.to_string())
}

/// `http://` or `https://` and a host: an address that a plugin can call, or a web address of a company.
pub fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && text.trim() == text && text.contains("://")
    })
}

/// The host's keyword on every text of a schema: `true` when it may have several lines.
const LINES: &str = "x-afpi-lines";

/// Adds [`LINES`] to every text of the schema: a field shown as a text area (`x-widget`) has several lines, every other
/// one has one.
fn with_lines(schema: &Value) -> Value {
    match schema {
        Value::Array(parts) => parts.iter().map(with_lines).collect(),
        Value::Object(parts) => {
            let mut marked: Map<String, Value> = parts
                .iter()
                .map(|(name, part)| match name.as_str() {
                    // These hold values, not schemas.
                    "const" | "enum" | "default" | "examples" => (name.clone(), part.clone()),
                    _ => (name.clone(), with_lines(part)),
                })
                .collect();
            let text = |kind: &Value| {
                kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&"string".into()))
            };
            if marked.get("type").is_some_and(text) {
                let many = marked.get("x-widget").is_some_and(|widget| widget == "textarea");
                marked.insert(LINES.into(), many.into());
            }
            Value::Object(marked)
        }
        other => other.clone(),
    }
}

/// Checks a text with the rules of `afpi_text`. The schema limits its length.
struct Lines {
    many: bool,
}

impl Lines {
    fn fault(&self, instance: &Value) -> Option<Fault> {
        let text = instance.as_str()?;
        let check = if self.many { afpi_text::check_lines } else { afpi_text::check_line };
        check(text, usize::MAX).err().filter(|fault| *fault != Fault::Empty)
    }
}

impl<'i> Keyword<'i> for Lines {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.fault(instance).map_or(Ok(()), |fault| Err(ValidationError::custom(fault.code())))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.fault(instance).is_none()
    }
}

/// A schema behind its reference. The host has refused circular references.
pub fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str).and_then(|to| root.pointer(to.trim_start_matches('#'))) {
        Some(target) => resolved(root, target),
        None => schema,
    }
}

struct Weight<'a> {
    root: &'a Value,
    left: usize,
}

impl Weight<'_> {
    fn add(&mut self, part: &Value, depth: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(1).ok_or("the schema is too large with its references followed")?;
        // Circular references get here too.
        if depth > DEEPEST {
            return Err("the schema is nested too deeply, or refers to itself".into());
        }
        match part {
            Value::Array(parts) => parts.iter().try_for_each(|part| self.add(part, depth + 1)),
            Value::Object(parts) => parts.iter().try_for_each(|(name, part)| match (name.as_str(), part) {
                ("$ref", Value::String(to)) => {
                    let target = to.strip_prefix('#').and_then(|path| self.root.pointer(path));
                    self.add(target.ok_or_else(|| format!("`{to}` is not in the schema"))?, depth + 1)
                }
                ("$dynamicRef" | "$recursiveRef", _) => Err(format!("`{name}` is not supported")),
                _ => self.add(part, depth + 1),
            }),
            _ => Ok(()),
        }
    }
}

/// The errors of a document; empty when it is valid. At most 50.
pub fn problems(validator: &Validator, document: &Value) -> Vec<FieldProblem> {
    validator.iter_errors(document).take(50).flat_map(|error| problem(&error)).collect()
}

fn problem(error: &ValidationError) -> Vec<FieldProblem> {
    let at = error.instance_path().to_string();
    let one = |code: &str, message: Text| vec![field(at.clone(), code, message)];
    match error.kind() {
        K::Required { property } => vec![required(&format!("{at}/{}", property.as_str().unwrap_or_default()))],
        K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                field(
                    format!("{at}/{name}"),
                    "unknown-field",
                    text(format!("Le champ « {name} » n'existe pas."), format!("There is no field “{name}”.")),
                )
            })
            .collect(),
        K::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(one) => one.to_string(),
                TypeKind::Multiple(many) => many.into_iter().map(|t| t.to_string()).collect::<Vec<_>>().join(" / "),
            };
            one(
                "wrong-type",
                text(format!("Type incorrect ({wanted} attendu)."), format!("Wrong type ({wanted} expected).")),
            )
        }
        K::MinLength { limit: 1 } => vec![required(&at)],
        K::MinLength { limit } => {
            one("too-short", text(format!("Au moins {limit} caractères."), format!("At least {limit} characters.")))
        }
        K::MaxLength { limit } => {
            one("too-long", text(format!("Au plus {limit} caractères."), format!("At most {limit} characters.")))
        }
        K::Minimum { limit } => one("out-of-range", text(format!("Au moins {limit}."), format!("At least {limit}."))),
        K::Maximum { limit } => one("out-of-range", text(format!("Au plus {limit}."), format!("At most {limit}."))),
        K::ExclusiveMinimum { limit } => {
            one("out-of-range", text(format!("Plus de {limit}."), format!("More than {limit}.")))
        }
        K::ExclusiveMaximum { limit } => {
            one("out-of-range", text(format!("Moins de {limit}."), format!("Less than {limit}.")))
        }
        K::MinItems { limit } => {
            let s = if *limit > 1 { "s" } else { "" };
            one("too-few", text(format!("Au moins {limit} ligne{s}."), format!("At least {limit} row{s}.")))
        }
        K::MaxItems { limit } => {
            one("too-many", text(format!("Au plus {limit} lignes."), format!("At most {limit} rows.")))
        }
        K::Format { format } if format == "date" => {
            one("date", text("Date attendue (AAAA-MM-JJ).", "Date expected (YYYY-MM-DD)."))
        }
        K::Format { format } if format == "email" => {
            one("email", text("Adresse e-mail invalide.", "Not an e-mail address."))
        }
        K::Format { format } if format == "uri" => one("uri", text("Adresse web invalide.", "Not a web address.")),
        K::Enum { .. } | K::Constant { .. } | K::OneOfNotValid { .. } | K::AnyOf { .. } => {
            one("not-allowed", text("Cette valeur n'est pas dans la liste.", "This value is not in the list."))
        }
        K::Custom { message, .. } => {
            let faults = [Fault::Control, Fault::Hidden];
            let fault = faults.into_iter().find(|fault| fault.code() == message).unwrap_or(Fault::Control);
            one(fault.code(), text(fault.fr(), fault.en()))
        }
        other => {
            let code = other.keyword().to_owned();
            one(&code, text(format!("Valeur refusée ({code})."), format!("Value refused ({code}).")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_that_would_keep_the_host_busy_is_refused() {
        let refused = |schema: Value| compile(&schema).err().unwrap_or_default();
        // Fifteen lines make a quarter of a billion paths.
        let mut branching = serde_json::Map::from_iter([("d14".to_owned(), json!(false))]);
        for n in 0..14 {
            let next = json!({"$ref": format!("#/$defs/d{}", n + 1)});
            branching.insert(format!("d{n}"), json!({"allOf": [next, next, next, next]}));
        }
        assert!(refused(json!({"$defs": branching, "$ref": "#/$defs/d0"})).contains("too large"));
        assert!(refused(json!({"enum": vec![0; HEAVIEST]})).contains("too large"));
        assert!(refused(json!({"properties": {"a": {"$ref": "#"}}})).contains("refers to itself"));
        let each_other = json!({"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}});
        assert!(refused(json!({"$defs": each_other})).contains("refers to itself"));
        let mut deep = json!({});
        (0..=DEEPEST).for_each(|_| deep = json!({"items": deep}));
        assert!(refused(deep).contains("nested too deeply"));
        for elsewhere in ["https://example.fr/schema.json", "other.json#/a", "#/$defs/none", "#anchor"] {
            assert!(refused(json!({"$ref": elsewhere})).contains("not in the schema"), "{elsewhere}");
        }
        let nested = format!("{}{}", r#"{"items":"#.repeat(33), "}".repeat(33));
        for text in [nested, format!(r#"{{"title":"{}"}}"#, "x".repeat(LONGEST))] {
            assert!(read::<Value>(&text).unwrap_err().contains("256 KiB"));
        }
        assert!(refused(json!({"$dynamicRef": "#x"})).contains("not supported"));
        // Lookahead and lookbehind are what take exponential time.
        assert!(!refused(json!({"pattern": "(?=a)b"})).is_empty());
        let patient = compile(&json!({"pattern": "^(a+)+$"})).unwrap();
        assert_eq!(problems(&patient, &json!(format!("{}b", "a".repeat(50_000)))).len(), 1);
        assert!(
            compile(&json!({"$defs": {"x": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/x"}}})).is_ok()
        );
    }

    #[test]
    fn a_web_address_has_a_scheme_and_a_host() {
        let validator = compile(&json!({"properties": {"webhook": {"type": "string", "format": "uri"}}})).unwrap();
        let refused = |address: &str| !problems(&validator, &json!({"webhook": address})).is_empty();
        for fine in ["https://chat.exemple.fr/hooks/1", "http://10.0.0.7:8065", "https://é.exemple.fr/à?b=c"] {
            assert!(!refused(fine), "{fine}");
        }
        for nonsense in [
            "",
            "nonsense",
            "chat.exemple.fr/hooks",
            "https://",
            "https:/x",
            "ftp://a.fr",
            "javascript:alert(1)",
            " https://a.fr",
            "https://a b",
        ] {
            assert!(refused(nonsense), "{nonsense:?}");
        }
    }

    #[test]
    fn every_fault_names_its_place() {
        let schema = json!({
            "type": "object", "required": ["title"], "additionalProperties": false,
            "properties": {
                "title": {"type": "string", "minLength": 1},
                "day": {"type": "string", "format": "date"},
                "rows": {"type": "array", "items": {"type": "object", "properties": {"quantity": {"type": "integer", "minimum": 1}}}},
                "mode": {"oneOf": [{"const": "a"}, {"const": "b"}]}
            }
        });
        let validator = compile(&schema).unwrap();
        let of = |document: Value| {
            let mut found: Vec<_> = problems(&validator, &document).into_iter().map(|p| (p.field, p.code)).collect();
            found.sort();
            found
        };
        assert!(of(json!({"title": "x", "day": "2026-11-22", "rows": [{"quantity": 2}], "mode": "b"})).is_empty());
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of(json!({})), [pair("/title", "required")]);
        assert_eq!(
            of(
                json!({"title": "", "day": "2026-02-30", "rows": [{"quantity": 0}, {"quantity": "2"}], "mode": "c", "more": 1})
            ),
            [
                pair("/day", "date"),
                pair("/mode", "not-allowed"),
                pair("/more", "unknown-field"),
                pair("/rows/0/quantity", "out-of-range"),
                pair("/rows/1/quantity", "wrong-type"),
                pair("/title", "required")
            ]
        );
    }

    #[test]
    fn texts_have_one_line_unless_they_are_drawn_with_several() {
        let schema = json!({
            "$defs": {"name": {"type": "string"}},
            "properties": {
                "title": {"type": ["string", "null"]}, "name": {"$ref": "#/$defs/name"},
                "rows": {"items": {"properties": {"label": {"type": "string"}}}},
                "notes": {"type": "string", "x-widget": "textarea"},
                "type": {"type": "string", "enum": ["a\nb"]}
            }
        });
        let validator = compile(&schema).unwrap();
        let of = |document: Value| -> Vec<_> {
            let found = problems(&validator, &document).into_iter();
            found.map(|p| (p.field, p.code)).collect()
        };
        let good = json!({"title": null, "name": "", "notes": "a\nb\tc", "rows": [{"label": "Évry"}]});
        assert!(of(good).is_empty());
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        for (bad, code) in
            [("a\nb", "control-character"), ("a\u{0}b", "control-character"), ("a\u{202e}b", "hidden-character")]
        {
            let mut found = of(json!({"title": bad, "name": bad, "rows": [{"label": bad}]}));
            found.sort();
            assert_eq!(found, [pair("/name", code), pair("/rows/0/label", code), pair("/title", code)], "{bad:?}");
        }
        assert_eq!(of(json!({"notes": "a\u{0}b"})), [pair("/notes", "control-character")]);
    }
}
