//! Checks every answer of every test against the OpenAPI document. The document must contain the status, the media type
//! and the headers that clients use.

use axum::http::header;
use axum::response::Response;
use serde_json::Value;

use super::document::DOCUMENT;

/// An answer must have these headers if the document lists them, and otherwise must not.
const ALWAYS: [&str; 2] = ["ETag", "Location"];
/// An answer may have these headers only if the document lists them.
const SOMETIMES: [&str; 1] = ["Idempotency-Replayed"];

/// Fails if the operation is documented and this answer is not.
pub fn check(method: &str, path: &str, response: &Response) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(operation) = operation(method, path) else { return };
    let status = response.status().as_u16();
    let documented = &operation["responses"][status.to_string()];
    assert!(documented.is_object(), "{method} {path} answered {status}, which is not documented");
    for name in ALWAYS {
        let (is, said) = (response.headers().contains_key(name), documented["headers"].get(name).is_some());
        assert_eq!(
            is, said,
            "{method} {path} answered {status}: {name} is in the answer or in the document, but not in both"
        );
    }
    for name in SOMETIMES.into_iter().filter(|name| response.headers().contains_key(*name)) {
        assert!(documented["headers"].get(name).is_some(), "{method} {path} answered {status} with {name}");
    }
    let media_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let Some(media_type) = media_type.and_then(|value| value.split(';').next()) else { return };
    assert!(
        documented["content"].get(media_type).is_some(),
        "{method} {path} answered {status} as {media_type}, which is not documented"
    );
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let fitting = paths.iter().filter(|(template, _)| fits(template, path));
    // A literal path comes before a path with parameters, as in the router.
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.to_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(path).all(|(part, given)| part.starts_with('{') || *part == given)
}
