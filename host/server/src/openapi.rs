//! Adds what all operations of the OpenAPI document share: the problems of layers and extractors, the media type of
//! problems, the headers for versions and idempotency keys, and the limits of shared parameters. A handler declares
//! only what is specific to it.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use utoipa::Number;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema};

use afpi_http::input;
use afpi_http::paging::MAX_LIMIT;
use afpi_platform::auth::api_key::scopes::{AREA_SCHEMA, is_open};
use afpi_platform::idempotency::{self, MAX_KEY};
use afpi_platform::served::Served;

const JSON: &str = "application/json";
/// RFC 9457 §3.
const PROBLEM: &str = "application/problem+json";
const PROBLEM_SCHEMA: &str = "Problem";

/// Tags of operations that call plugins, which may fail: the site's workflow, hooks, figures, kinds of messages,
/// connectors.
const ASK_PLUGINS: [&str; 7] =
    ["opportunites", "entreprises", "dashboard", "objectifs", "notifications", "connecteurs", "plugins"];

/// Completes the operations of the document.
pub fn complete(document: &mut OpenApi) {
    name_areas(document);
    let paths = &mut document.paths.paths;
    // Records that carry their version as `ETag`: a change must name it.
    let versioned: BTreeSet<String> =
        paths.iter().filter(|(_, item)| has_version(item)).map(|(path, _)| path.clone()).collect();
    for (path, item) in paths {
        let changes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in changes.into_iter().flatten() {
            let also = common_to_changes(path, operation);
            complete_operation(operation, also);
            if needs_version(operation) {
                answers_with(operation, StatusCode::OK, ETAG);
            }
            answers_with(operation, StatusCode::CREATED, LOCATION);
        }
        if let Some(operation) = &mut item.get {
            complete_operation(operation, vec![]);
            if versioned.contains(path) {
                answers_with(operation, StatusCode::OK, ETAG);
            }
        }
        if let Some(operation) = &mut item.post
            && versioned.contains(&format!("{path}/{{id}}"))
        {
            answers_with(operation, StatusCode::CREATED, ETAG);
        }
    }
}

/// Lists the areas that keys of the API can be given: the tags of the operations that they reach.
fn name_areas(document: &mut OpenApi) {
    let served = Served::of(document);
    let areas: Vec<String> = served.tags().into_iter().filter(|tag| is_open(tag)).map(str::to_owned).collect();
    let schemas = document.components.as_mut().map(|components| &mut components.schemas);
    if let Some(RefOr::T(Schema::Object(area))) = schemas.and_then(|schemas| schemas.get_mut(AREA_SCHEMA)) {
        area.enum_values = Some(areas.into_iter().map(Into::into).collect());
    }
}

/// A header's name and description.
type HeaderWords = (&'static str, &'static str);

const IF_MATCH: &str = "If-Match";
const ETAG: HeaderWords = ("ETag", "The version of the record in quotes, for `If-Match`.");
const LOCATION: HeaderWords = ("Location", "Where it can be read.");
const REPLAYED: HeaderWords = ("Idempotency-Replayed", "`true` on an answer that was given before under this key.");

/// Documents a header of an answer that the operation has.
fn answers_with(operation: &mut Operation, status: StatusCode, (name, description): HeaderWords) {
    let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status.as_str()) else { return };
    let schema = ObjectBuilder::new().schema_type(Type::String);
    let header = HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build();
    response.headers.insert(name.to_owned(), RefOr::T(header));
}

fn has_version(item: &PathItem) -> bool {
    [&item.put, &item.patch, &item.delete].into_iter().flatten().any(needs_version)
}

fn needs_version(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().filter_map(known).any(|parameter| parameter.name == IF_MATCH)
}

/// Answers of the layers around a change: for a cookie used by another site's page, and for a request repeated under
/// its `Idempotency-Key`.
fn common_to_changes(path: &str, operation: &mut Operation) -> Vec<StatusCode> {
    if operation.security.is_some() {
        return vec![StatusCode::FORBIDDEN];
    }
    if !idempotency::honoured(path) {
        return vec![];
    }
    operation.parameters.get_or_insert_default().push(idempotency_key());
    for status in [StatusCode::OK, StatusCode::CREATED, StatusCode::ACCEPTED, StatusCode::NO_CONTENT] {
        answers_with(operation, status, REPLAYED);
    }
    let responses = &mut operation.responses.responses;
    for (status, description) in [(StatusCode::CONFLICT, UNDER_WAY), (StatusCode::UNPROCESSABLE_ENTITY, REUSED)] {
        let answer = responses.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(problem()));
        if let RefOr::T(answer) = answer {
            answer.description = format!("{} {description}", answer.description).trim().to_owned();
        }
    }
    vec![StatusCode::BAD_REQUEST]
}

const UNDER_WAY: &str = "`idempotency-in-progress`: the first request under this key is still under way; ask again. \
                         `already-done`: it succeeded, and its answer was not kept.";
const REUSED: &str = "`idempotency-key-reused`: this key was used for another request.";

/// The header of a request that must run only once.
fn idempotency_key() -> RefOr<Parameter> {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(MAX_KEY))
        .pattern(Some("^[!#-~]+$"));
    let parameter = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(schema))
        .description(Some(
            "A word of your own. A request that is sent again under it within a day is carried out once.",
        ));
    RefOr::T(parameter.build())
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
    // Operations without sign-in have an empty requirement.
    if operation.security.is_none() {
        // 403 at least for whoever must set up a second factor first; 429 for a key of the API that is used too often, and
        // for a person's concurrent expensive reads.
        all.extend([StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS]);
    }
    if operation.tags.iter().flatten().any(|tag| ASK_PLUGINS.contains(&tag.as_str())) {
        all.push(StatusCode::BAD_GATEWAY);
    }
    let parameters = || operation.parameters.iter().flatten().filter_map(known);
    if needs_version(operation) {
        all.extend([StatusCode::PRECONDITION_FAILED, StatusCode::PRECONDITION_REQUIRED]);
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        all.extend([StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE]);
        all.push(StatusCode::REQUEST_TIMEOUT);
        if body.content.contains_key(JSON) {
            all.push(StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    // An invalid id in a path answers 404. Every other invalid parameter answers 400.
    let in_path = |parameter: &Parameter| parameter.parameter_in == ParameterIn::Path;
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

/// Limits of parameters that many operations share.
fn shape(parameter: &mut Parameter) {
    let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { return };
    if parameter.parameter_in == ParameterIn::Query && is_free_text(schema) {
        schema.max_length = Some(input::longest(&parameter.name));
    }
    match parameter.name.as_str() {
        "limit" => {
            schema.minimum = Some(Number::UInt(1));
            schema.maximum = Some(Number::UInt(MAX_LIMIT as usize));
        }
        IF_MATCH => schema.pattern = Some("^\"[0-9]{1,18}\"$".to_owned()),
        _ => {}
    }
}

fn is_free_text(schema: &Object) -> bool {
    let text = matches!(schema.schema_type, SchemaType::Type(Type::String));
    text && schema.format.is_none() && schema.enum_values.is_none()
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

/// The standard text of a status without its own description.
fn reason(status: &str) -> String {
    StatusCode::from_bytes(status.as_bytes())
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Answer")
        .to_owned()
}
