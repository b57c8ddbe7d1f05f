//! Holds every answer of every test against the OpenAPI document: its status and its media type must be documented.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::Response;
use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(afpi::router::openapi()).expect("the document is JSON"));

/// Fails when the document does not know this answer of a documented operation.
pub fn check(method: &str, path: &str, response: &Response) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(operation) = operation(method, path) else { return };
    let status = response.status().as_u16();
    let documented = &operation["responses"][status.to_string()];
    assert!(documented.is_object(), "{method} {path} answered {status}, which is not documented");
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
    // A literal path comes before one with parameters, as in the router.
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.to_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(path).all(|(part, given)| part.starts_with('{') || *part == given)
}
