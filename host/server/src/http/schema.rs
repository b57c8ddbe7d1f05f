//! JSON Schemas of plugins (draft 2020-12): compiled once, their errors turned into field problems in both languages.

use jsonschema::error::{TypeKind, ValidationErrorKind as K};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::http::input::required;
use crate::http::problem::{FieldProblem, field};
use crate::text::{Text, text};

/// Compiles a schema. References leave the document nowhere: there is no resolver.
pub fn compile(schema: &Value) -> Result<Validator, String> {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).map_err(|e| e.to_string())
}

/// What is wrong with a document; empty when it fits. At most 50 problems.
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
            one("too-few", text(format!("Au moins {limit} ligne(s)."), format!("At least {limit} row(s).")))
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
}
