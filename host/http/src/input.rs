//! Reads requests strictly: refuses bodies and parameters with unknown, mistyped or missing parts. A pointer names each
//! error.

use std::collections::HashSet;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::body::too_slow;
use crate::problem::Problem;
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, bad_parameter, field, invalid, not_found, too_late};
use afpi_core::text::{Text, text};

/// A JSON body of exactly this shape that passes its validation.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Validate> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let AnyBody(value) = AnyBody::<T>::from_request(request, state).await?;
        value.validate().map_err(|errors| invalid(problems_of(&errors)))?;
        Ok(Body(value))
    }
}

/// A JSON body of exactly this shape. Something else (a plugin's schema) checks its values.
pub struct AnyBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for AnyBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Error::new(
                ErrorKind::UnsupportedMediaType,
                text(
                    "Le corps doit être du JSON (Content-Type: application/json)",
                    "The body must be JSON (Content-Type: application/json)",
                ),
            )
            .into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => afpi_core::error::too_large(),
            _ if too_slow(&rejection) => too_late(),
            _ => malformed(text("Le corps n'a pas pu être lu.", "The body could not be read.")),
        })?;
        // serde would accept an array as a struct with its fields in order. A body must be an object.
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            parse::<serde::de::IgnoredAny>(&bytes)?;
            return Err(wrong_type(String::new(), "expected a map").into());
        }
        // Typed fields refuse duplicates themselves. In a free object the last duplicate would win unnoticed.
        parse::<Distinct>(&bytes)?;
        Ok(AnyBody(parse(&bytes)?))
    }
}

/// A value of this shape that passes its validation, from JSON that is no request: a line of a file. Errors as for a
/// body.
pub fn checked<T: DeserializeOwned + Validate>(value: &serde_json::Value) -> Result<T> {
    let read: T = parse(value.to_string().as_bytes())?;
    read.validate().map_err(|errors| invalid(problems_of(&errors)))?;
    Ok(read)
}

/// JSON in which no object has a key twice.
struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctVisitor)
    }
}

struct DistinctVisitor;

macro_rules! scalars {
    ($($visit:ident: $type:ty),*) => { $(fn $visit<E>(self, _: $type) -> Result<Distinct, E> { Ok(Distinct) })* };
}

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    scalars!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Distinct, A::Error> {
        while items.next_element::<Distinct>()?.is_some() {}
        Ok(Distinct)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Distinct, A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            fields.next_value::<Distinct>()?;
            if let Some(name) = seen.replace(name) {
                return Err(serde::de::Error::custom(format_args!("duplicate field `{name}`")));
            }
        }
        Ok(Distinct)
    }
}

/// Reads a JSON text into `T`. Errors point at the place.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.inner();
        if !inner.is_data() {
            return unreadable(inner);
        }
        let message = inner.to_string();
        let quoted = message.split('`').nth(1).unwrap_or_default();
        if message.starts_with("unknown field") {
            let at = if pointer.ends_with(quoted) { pointer } else { format!("{pointer}/{quoted}") };
            let message =
                text(format!("Le champ « {quoted} » n'existe pas."), format!("There is no field “{quoted}”."));
            return refused(
                ErrorKind::UnknownField,
                text("Champ inconnu", "Unknown field"),
                vec![field(at, "unknown-field", message)],
            );
        }
        if message.starts_with("missing field") {
            return invalid(vec![required(&format!("{pointer}/{quoted}"))]);
        }
        if message.starts_with("duplicate field") {
            return malformed(text(
                format!("Le champ « {quoted} » figure deux fois."),
                format!("The field “{quoted}” stands there twice."),
            ));
        }
        wrong_type(pointer, &message)
    })?;
    reader.end().map_err(|error| unreadable(&error))?;
    Ok(value)
}

/// A required field that is missing or empty.
pub fn required(pointer: &str) -> FieldProblem {
    field(pointer, "required", text("Ce champ est obligatoire.", "This field is required."))
}

/// `error` is serde's text: `invalid type: string "x", expected u32`, `unknown variant `x`, expected one of `a`, `b``.
fn wrong_type(pointer: String, error: &str) -> Error {
    let message = match wanted(error) {
        Some(Text { fr, en }) => text(format!("Valeur attendue : {fr}."), format!("Expected: {en}.")),
        None => text("Type ou valeur incorrecte.", "Wrong type or value."),
    };
    refused(
        ErrorKind::WrongType,
        text("Valeur du mauvais type", "Value of the wrong type"),
        vec![field(pointer, "wrong-type", message)],
    )
}

fn refused(kind: ErrorKind, title: Text, fields: Vec<FieldProblem>) -> Error {
    Error::new(kind, title).fields(fields)
}

/// The expected type of serde's text, for people.
fn wanted(error: &str) -> Option<Text> {
    if error.contains("UUID") {
        return Some(text("un identifiant (UUID)", "an id (UUID)"));
    }
    let expected = error.split_once("expected ")?.1.split(" at line").next().unwrap_or_default();
    let named: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    if !named.is_empty() {
        return Some(text(format!("l'une de {}", named.join(", ")), format!("one of {}", named.join(", "))));
    }
    Some(
        match expected
            .split([' ', ','])
            .find(|word| !matches!(*word, "a" | "an" | "struct" | "tuple"))
            .unwrap_or_default()
        {
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "integer" => {
                text("un nombre entier", "a whole number")
            }
            "f32" | "f64" => text("un nombre", "a number"),
            "string" | "borrowed" => text("un texte", "a text"),
            "boolean" => text("vrai ou faux", "true or false"),
            "sequence" => text("une liste", "a list"),
            "map" => text("un objet", "an object"),
            name if expected.starts_with("struct") && !name.is_empty() => text("un objet", "an object"),
            _ => return None,
        },
    )
}

fn unreadable(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    malformed(text(format!("Ligne {line}, colonne {column}."), format!("Line {line}, column {column}.")))
}

fn malformed(why: Text) -> Error {
    Error::new(ErrorKind::MalformedJson, text("JSON illisible", "Malformed JSON")).detail(why)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json")
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment as S;
    path.iter()
        .filter_map(|segment| match segment {
            S::Seq { index } => Some(format!("/{index}")),
            S::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            S::Enum { .. } | S::Unknown => None,
        })
        .collect()
}

/// The errors of a `validator` result. The codes are the validators'. A message may have both languages as `fr|en`.
pub fn problems_of(errors: &ValidationErrors) -> Vec<FieldProblem> {
    fn walk(errors: &ValidationErrors, prefix: &str, out: &mut Vec<FieldProblem>) {
        for (name, kind) in errors.errors() {
            // An error of a whole (a text, a range of days) points to the whole.
            let at = if name == "__all__" { prefix.to_owned() } else { format!("{prefix}/{}", camel(name)) };
            match kind {
                ValidationErrorsKind::Field(problems) => {
                    for problem in problems {
                        let message =
                            problem.message.as_ref().map(|m| both(m)).unwrap_or_else(|| default_message(&problem.code));
                        out.push(field(at.clone(), problem.code.to_string(), message));
                    }
                }
                ValidationErrorsKind::Struct(inner) => walk(inner, &at, out),
                ValidationErrorsKind::List(items) => {
                    items.iter().for_each(|(i, inner)| walk(inner, &format!("{at}/{i}"), out))
                }
            }
        }
    }
    let mut out = Vec::new();
    walk(errors, "", &mut out);
    out.sort_by(|a, b| a.field.cmp(&b.field));
    out
}

fn both(message: &str) -> Text {
    let (fr, en) = message.split_once('|').unwrap_or((message, message));
    text(fr, en)
}

fn default_message(code: &str) -> Text {
    match code {
        "length" => text("Longueur non admise.", "Length not allowed."),
        "range" => text("Valeur hors limites.", "Value out of range."),
        "email" => text("Adresse e-mail invalide.", "Not an e-mail address."),
        "url" => text("Adresse web invalide.", "Not a web address."),
        other => text(format!("Valeur refusée ({other})."), format!("Value refused ({other}).")),
    }
}

/// `vat_number` → `vatNumber`.
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else {
            out.push(if upper { c.to_ascii_uppercase() } else { c });
            upper = false;
        }
    }
    out
}

/// The longest text in a parameter.
pub const MAX_PARAMETER: usize = 500;
/// The longest cursor: it carries the sort key of the last row, 255 bytes as JSON numbers in base64.
pub const MAX_CURSOR: usize = 2_000;

/// The longest query parameter of this name, in characters.
pub fn longest(name: &str) -> usize {
    if matches!(name, "cursor" | "records") { MAX_CURSOR } else { MAX_PARAMETER }
}

/// Query parameters. Unknown, mistyped and overlong ones are refused.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let sent = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|query| query.0);
        for (name, value) in sent.unwrap_or_default() {
            let most = longest(&name);
            if value.chars().count() > most {
                let message = text(format!("Au plus {most} caractères."), format!("At most {most} characters."));
                return Err(bad_parameter(&name, message).into());
            }
        }
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Params(params)),
            Err(rejection) => {
                let (name, message) = parameter(&rejection.body_text());
                Err(bad_parameter(&name, message).into())
            }
        }
    }
}

/// The wrong parameter and the reason, from axum's text: `Failed to deserialize query string: limit: invalid digit
/// found in string`, or, when serde names the parameter itself, `…: unknown field `x`, expected one of …`, with or
/// without the name before it.
fn parameter(said: &str) -> (String, Text) {
    let said = said.split_once(": ").map_or(said, |(_, rest)| rest);
    let (path, error) = match said.split_once(": ") {
        Some((path, error)) if !path.contains([' ', '`']) => (path, error),
        _ => ("query", said),
    };
    let quoted = || error.split('`').nth(1).unwrap_or(path).to_owned();
    if error.starts_with("unknown field") {
        return (quoted(), text("Ce paramètre n'existe pas.", "There is no such parameter."));
    }
    if error.starts_with("missing field") {
        return (quoted(), text("Ce paramètre est obligatoire.", "This parameter is required."));
    }
    if error.starts_with("duplicate field") {
        return (quoted(), text("Ce paramètre figure deux fois.", "This parameter stands there twice."));
    }
    let number = ["digit", "number too", "integer"].iter().any(|word| error.contains(word));
    let wanted = match wanted(error) {
        Some(wanted) => wanted,
        None if number => text("un nombre entier", "a whole number"),
        None if error.contains("`true` or `false`") => text("vrai ou faux (true, false)", "true or false"),
        None => return (path.to_owned(), text("Valeur illisible.", "Unreadable value.")),
    };
    (path.to_owned(), text(format!("Valeur attendue : {}.", wanted.fr), format!("Expected: {}.", wanted.en)))
}

/// An id in the path. An invalid id answers 404.
pub struct Id<I = Uuid>(pub I);

impl<S: Send + Sync, I: From<Uuid>> FromRequestParts<S> for Id<I> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        Uuid::parse_str(&id).map(|id| Id(id.into())).map_err(|_| not_found().into())
    }
}

/// A name and an id in the path, e.g. `/{plugin}/runs/{id}`. An invalid id answers 404.
pub struct NamedId<T = Uuid>(pub String, pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for NamedId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((name, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        id.parse().map(|id| NamedId(name, id)).map_err(|_| not_found().into())
    }
}

/// An id and a name in the path, e.g. `/{id}/transitions/{name}`. An invalid id answers 404.
pub struct IdNamed<T = Uuid>(pub T, pub String);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for IdNamed<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((id, name)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        id.parse().map(|id| IdNamed(id, name)).map_err(|_| not_found().into())
    }
}

/// `If-Match: "<version>"`: the version of the record that the caller has seen.
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Error::new(
                ErrorKind::VersionRequired,
                text(
                    "En-tête If-Match requis : version de l'enregistrement lu",
                    "If-Match header required: the version you have read",
                ),
            )
            .into());
        };
        let version = value.to_str().ok().and_then(|v| v.trim().trim_matches('"').parse().ok());
        version
            .map(IfMatch)
            .ok_or_else(|| bad_parameter("If-Match", text("Version illisible.", "Unreadable version.")).into())
    }
}

/// For `PATCH` fields, beside `#[serde(default)]`. Absent gives `None` (leave alone). A present value is read as it is,
/// so `null` clears an `Option<Option<_>>` and is refused where a value is required.
pub fn stated<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// The same for fields that can be empty: `null` empties them.
pub fn emptied<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(|value| Some(value.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Size {
        Small,
        Large,
    }

    #[allow(dead_code)] // only read from JSON
    #[derive(Debug, serde::Deserialize)]
    struct Thing {
        count: u32,
        name: Option<String>,
        tags: Option<Vec<String>>,
        on: Option<bool>,
        id: Option<Uuid>,
        size: Option<Size>,
        inner: Option<Box<Thing>>,
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_parameter_is_said_in_french_under_its_name() {
        #[allow(dead_code)] // only read from queries
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Asked {
            limit: Option<u32>,
            late: Option<bool>,
            site: Option<Uuid>,
            size: Option<Size>,
            from: String,
        }
        for (query, name, message) in [
            ("from=a&limit=x", "limit", "Valeur attendue : un nombre entier."),
            ("from=a&limit=-1", "limit", "Valeur attendue : un nombre entier."),
            ("from=a&limit=", "limit", "Valeur attendue : un nombre entier."),
            ("from=a&limit=99999999999", "limit", "Valeur attendue : un nombre entier."),
            ("from=a&late=ja", "late", "Valeur attendue : vrai ou faux (true, false)."),
            ("from=a&site=x", "site", "Valeur attendue : un identifiant (UUID)."),
            ("from=a&size=huge", "size", "Valeur attendue : l'une de small, large."),
            ("from=a&from=b", "from", "Ce paramètre figure deux fois."),
            ("from=a&color=red", "color", "Ce paramètre n'existe pas."),
            ("limit=1", "from", "Ce paramètre est obligatoire."),
        ] {
            let (mut parts, ()) =
                axum::http::Request::get(format!("/?{query}")).body(()).map(|r| r.into_parts()).unwrap();
            let problem = Params::<Asked>::from_request_parts(&mut parts, &()).await.err().expect(query);
            let field = problem.0.into_fields().pop().expect(query);
            assert_eq!((field.field.as_str(), field.message.fr.as_str()), (name, message), "{query}");
        }
    }

    #[test]
    fn what_was_expected_is_said_in_french_and_names_no_type_of_the_program() {
        let said = |json: &str| {
            let problem = parse::<Thing>(json.as_bytes()).unwrap_err();
            let reason = problem.reason().fr;
            problem.into_fields().pop().map_or(reason, |field| format!("{} {}", field.field, field.message.fr))
        };
        for (json, message) in [
            (r#"{"count": "3"}"#, "/count Valeur attendue : un nombre entier."),
            (r#"{"count": -3}"#, "/count Valeur attendue : un nombre entier."),
            (r#"{"count": 1, "name": 7}"#, "/name Valeur attendue : un texte."),
            (r#"{"count": 1, "tags": "a"}"#, "/tags Valeur attendue : une liste."),
            (r#"{"count": 1, "on": 1}"#, "/on Valeur attendue : vrai ou faux."),
            (r#"{"count": 1, "id": 1}"#, "/id Valeur attendue : un identifiant (UUID)."),
            (r#"{"count": 1, "id": "x"}"#, "/id Valeur attendue : un identifiant (UUID)."),
            (r#"{"count": 1, "inner": 1}"#, "/inner Valeur attendue : un objet."),
            (r#"{"count": 1, "size": "huge"}"#, "/size Valeur attendue : l'une de small, large."),
            (r#"{"count": 1,"#, "Ligne 1, colonne 12."),
        ] {
            assert_eq!(said(json), message, "{json}");
        }
    }
}
