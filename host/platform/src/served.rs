//! The operations of the OpenAPI document.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::Method;
use utoipa::openapi::path::Operation as Documented;
use utoipa::openapi::{OpenApi, PathItem};

/// The operations of each documented path.
#[derive(Clone)]
pub struct Served(Arc<Vec<(Vec<String>, Vec<Operation>)>>);

/// What is known of an operation.
pub struct Operation {
    method: Method,
    /// The part of the API that it belongs to.
    pub tag: String,
    /// Whether it needs no sign-in.
    pub public: bool,
}

impl Served {
    pub fn of(document: &OpenApi) -> Served {
        let operations = |item: &PathItem| {
            let all = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            all.into_iter().filter_map(|(method, operation)| Some(known(method, operation.as_ref()?))).collect()
        };
        let paths = document.paths.paths.iter();
        Served(Arc::new(paths.map(|(path, item)| (segments(path), operations(item))).collect()))
    }

    /// The operation that answers this. As in the router, a path without parameters wins over one with them.
    pub fn find(&self, method: &Method, path: &str) -> Option<&Operation> {
        let path = segments(path);
        let is_parameter = |part: &str| part.starts_with('{');
        let fits = |template: &[String]| {
            template.len() == path.len()
                && template.iter().zip(&path).all(|(part, is)| is_parameter(part) || part == is)
        };
        let fitting = self.0.iter().filter(|(template, _)| fits(template));
        let (_, operations) =
            fitting.min_by_key(|(template, _)| template.iter().filter(|part| is_parameter(part)).count())?;
        operations.iter().find(|operation| operation.method == method)
    }

    /// The tags of all operations, sorted.
    pub fn tags(&self) -> BTreeSet<&str> {
        self.0.iter().flat_map(|(_, operations)| operations).map(|operation| operation.tag.as_str()).collect()
    }
}

fn known(method: Method, operation: &Documented) -> Operation {
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    Operation { method, tag, public: operation.security.is_some() }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}
