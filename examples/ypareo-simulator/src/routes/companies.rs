//! Companies and the contacts of one company.

use super::{code, unknown};
use crate::container::object;
use crate::data::{companies as data, fixed};
use crate::guard::Call;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;

pub async fn all(Extension(call): Extension<Call>) -> Response {
    call.shape.list(data::all(&call.options))
}

pub async fn one(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let found = code(&wanted).and_then(|code| data::one(&call.options, code));
    found.map_or_else(|| unknown(&call), object)
}

pub async fn contacts(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let found = code(&wanted).and_then(|code| data::contacts(&call.options, code));
    found.map_or_else(|| unknown(&call), |records| call.shape.list(fixed(records)))
}
