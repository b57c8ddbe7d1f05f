//! What all operations of the OpenAPI document have in common, added in one place: the problems that the layers and extractors
//! answer, the media type of problems, and the shape of shared parameters. A handler names only what is its own.

use axum::http::StatusCode;
use utoipa::Number;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, Schema};

use super::paging::MAX_LIMIT;

const JSON: &str = "application/json";
/// RFC 9457 §3.
const PROBLEM: &str = "application/problem+json";
const PROBLEM_SCHEMA: &str = "Problem";

/// Tags of operations that ask plugins, which may fail: the site's workflow, hooks, figures, kinds of messages, connectors.
const ASK_PLUGINS: [&str; 7] =
    ["opportunites", "entreprises", "dashboard", "objectifs", "notifications", "connecteurs", "plugins"];

/// Completes the operations of the document.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let changes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in changes.into_iter().flatten() {
            let also = common_to_changes(operation);
            complete_operation(operation, also);
        }
        if let Some(operation) = &mut item.get {
            let also = common_to_reads(path, operation);
            complete_operation(operation, also);
        }
    }
}

/// What the layers around a change answer: another page's cookie, or a request that is sent again under its `Idempotency-Key`.
fn common_to_changes(operation: &Operation) -> Vec<StatusCode> {
    if operation.security.is_some() {
        return vec![StatusCode::FORBIDDEN];
    }
    vec![StatusCode::BAD_REQUEST, StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY]
}

/// What the layers around a read answer: one person may read so much at a time of what costs.
fn common_to_reads(path: &str, operation: &Operation) -> Vec<StatusCode> {
    let searches = operation.parameters.iter().flatten().filter_map(known).any(|parameter| parameter.name == "q");
    let costs = searches || path.ends_with("/export") || path == "/api/dashboard";
    if costs { vec![StatusCode::TOO_MANY_REQUESTS] } else { vec![] }
}

fn complete_operation(operation: &mut Operation, also: Vec<StatusCode>) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            shape(parameter);
        }
    }
    for status in common_problems(operation).into_iter().chain(also) {
        let responses = &mut operation.responses.responses;
        responses.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(problem()));
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            response.description = reason(status);
        }
        if is_problem(response)
            && let Some(content) = response.content.shift_remove(JSON)
        {
            response.content.insert(PROBLEM.to_owned(), content);
        }
    }
}

/// The problems that an operation answers before its handler runs, or when a part is away.
fn common_problems(operation: &Operation) -> Vec<StatusCode> {
    let mut all = vec![StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE];
    // Operations without a sign-in say so with an empty requirement.
    if operation.security.is_none() {
        all.push(StatusCode::UNAUTHORIZED);
    }
    if operation.tags.iter().flatten().any(|tag| ASK_PLUGINS.contains(&tag.as_str())) {
        all.push(StatusCode::BAD_GATEWAY);
    }
    let parameters = || operation.parameters.iter().flatten().filter_map(known);
    if parameters().any(|parameter| parameter.name == "If-Match") {
        all.extend([StatusCode::PRECONDITION_FAILED, StatusCode::PRECONDITION_REQUIRED]);
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        all.extend([StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE]);
        all.push(StatusCode::REQUEST_TIMEOUT);
        if body.content.contains_key(JSON) {
            all.push(StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    // An unreadable id in a path answers 404; every other unreadable parameter answers 400.
    let in_path = |parameter: &Parameter| parameter.parameter_in == utoipa::openapi::path::ParameterIn::Path;
    if parameters().any(in_path) {
        all.push(StatusCode::NOT_FOUND);
    }
    if parameters().any(|parameter| !in_path(parameter)) {
        all.push(StatusCode::BAD_REQUEST);
    }
    all
}

fn known(parameter: &RefOr<Parameter>) -> Option<&Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

/// Bounds of the parameters that many operations share.
fn shape(parameter: &mut Parameter) {
    let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { return };
    match parameter.name.as_str() {
        "limit" => {
            schema.minimum = Some(Number::UInt(1));
            schema.maximum = Some(Number::UInt(MAX_LIMIT as usize));
        }
        "If-Match" => schema.pattern = Some("^\"[0-9]{1,18}\"$".to_owned()),
        _ => {}
    }
}

fn problem() -> Response {
    let mut response = Response::default();
    let schema = Ref::from_schema_name(PROBLEM_SCHEMA);
    response.content.insert(PROBLEM.to_owned(), ContentBuilder::new().schema(Some(schema)).build().into());
    response
}

fn is_problem(response: &Response) -> bool {
    let Some(RefOr::T(content)) = response.content.get(JSON) else { return false };
    matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location.ends_with("/Problem"))
}

/// The standard words for a status, where nobody has written a description.
fn reason(status: &str) -> String {
    StatusCode::from_bytes(status.as_bytes())
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Answer")
        .to_owned()
}
