//! The operations of the OpenAPI document.

use std::sync::Arc;

use axum::http::Method;
use utoipa::openapi::{OpenApi, PathItem};

/// The methods of each documented path.
#[derive(Clone)]
pub struct Served(Arc<Vec<(Vec<String>, Vec<Method>)>>);

impl Served {
    pub fn of(document: &OpenApi) -> Served {
        let methods = |item: &PathItem| {
            let all = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            all.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method).collect()
        };
        let paths = document.paths.paths.iter();
        Served(Arc::new(paths.map(|(path, item)| (segments(path), methods(item))).collect()))
    }

    /// Does an operation exist for this? As in the router, a path without parameters wins over one with them.
    pub fn has(&self, method: &Method, path: &str) -> bool {
        let path = segments(path);
        let is_parameter = |part: &str| part.starts_with('{');
        let fits = |template: &[String]| {
            template.len() == path.len()
                && template.iter().zip(&path).all(|(part, is)| is_parameter(part) || part == is)
        };
        let fitting = self.0.iter().filter(|(template, _)| fits(template));
        let best = fitting.min_by_key(|(template, _)| template.iter().filter(|part| is_parameter(part)).count());
        best.is_some_and(|(_, methods)| methods.contains(method))
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}
