//! The OpenAPI document for tests: its operations, the content of requests, and requests with one error.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// The OpenAPI document.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(afpi::router::openapi()).expect("the document is JSON"));

/// One operation of the document.
pub struct Operation {
    /// The method: `GET`, `POST`, ….
    pub method: String,
    /// The path with its parameters: `/api/users/{id}`.
    pub template: &'static str,
    pub body: &'static Value,
}

/// All operations.
pub fn operations() -> impl Iterator<Item = Operation> {
    let paths = DOCUMENT["paths"].as_object().expect("paths").iter();
    paths.flat_map(|(template, item)| {
        item.as_object().expect("a path").iter().map(move |(method, body)| Operation {
            method: method.to_uppercase(),
            template,
            body,
        })
    })
}

impl Operation {
    /// A path of the operation. Its ids belong to no record. The plugin in it is installed.
    pub fn path(&self) -> String {
        let fill = |part: &str| match part {
            "{plugin}" => "ypareo".to_owned(),
            "{kind}" => "opportunites".to_owned(),
            part if part.starts_with('{') => uuid::Uuid::nil().to_string(),
            part => part.to_owned(),
        };
        self.template.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// The parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&'static Value> {
        self.body["parameters"].as_array().into_iter().flatten().find(|parameter| parameter["name"] == name)
    }

    /// The component of the JSON body.
    pub fn request(&self) -> Option<String> {
        resolve(&self.body["requestBody"]["content"]["application/json"]["schema"]).0
    }
}

/// Follows references and choices between a value and null. Returns the name of the component and the schema.
pub fn resolve(schema: &'static Value) -> (Option<String>, &'static Value) {
    if let Some(name) = schema["$ref"].as_str().and_then(|to| to.strip_prefix("#/components/schemas/")) {
        let (inner, resolved) = resolve(&DOCUMENT["components"]["schemas"][name]);
        return (inner.or_else(|| Some(name.to_owned())), resolved);
    }
    let parts = ["oneOf", "allOf"].into_iter().flat_map(|of| schema[of].as_array().into_iter().flatten());
    match parts
        .into_iter()
        .find(|part| part["type"] != "null" && (part.get("$ref").is_some() || part["type"] != "object"))
    {
        Some(part) => resolve(part),
        None => (None, schema),
    }
}

/// Tells whether the schema allows values of this type.
pub fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
}

/// The fields of a component.
pub fn properties(name: &str) -> impl Iterator<Item = (&'static String, &'static Value)> {
    DOCUMENT["components"]["schemas"][name]["properties"].as_object().into_iter().flatten()
}

/// The component names of all objects in requests.
pub fn requested() -> BTreeSet<String> {
    let mut left: Vec<String> = operations().filter_map(|operation| operation.request()).collect();
    let mut all = BTreeSet::new();
    while let Some(name) = left.pop() {
        for (_, schema) in properties(&name) {
            let (of, schema) = resolve(schema);
            let inner = if is(schema, "array") { resolve(&schema["items"]).0 } else { of };
            left.extend(inner.filter(|inner| properties(inner).next().is_some() && !all.contains(inner)));
        }
        all.insert(name);
    }
    all
}

/// A request with one wrong value.
pub struct Sample {
    /// The place of the wrong value.
    pub at: String,
    /// The component of the object that contains it.
    pub object: String,
    pub body: Map<String, Value>,
}

/// For each field of an object and of the objects within it: one request for each wrong value. `wrong` gets the
/// component and the schema of the field.
pub fn samples(object: &str, wrong: &dyn Fn(&str, &'static Value) -> Vec<Value>) -> Vec<Sample> {
    let mut found = Vec::new();
    for (field, schema) in properties(object) {
        let (of, schema) = resolve(schema);
        let mut add = |at: String, of: Option<String>, schema: &'static Value, put: &dyn Fn(Value) -> Value| {
            let of = of.unwrap_or_default();
            let whole = |value| {
                let mut body = least(object);
                body.insert(field.clone(), put(value));
                body
            };
            for value in wrong(&of, schema) {
                found.push(Sample { at: at.clone(), object: object.to_owned(), body: whole(value) });
            }
            for inner in if is(schema, "object") { samples(&of, wrong) } else { vec![] } {
                let body = whole(inner.body.into());
                found.push(Sample { at: format!("{at}{}", inner.at), body, ..inner });
            }
        };
        add(format!("/{field}"), of, schema, &|value| value);
        if is(schema, "array") {
            let (of, item) = resolve(&schema["items"]);
            add(format!("/{field}/0"), of, item, &|value| json!([value]));
        }
    }
    found
}

/// The required fields of an object, with valid values.
fn least(object: &str) -> Map<String, Value> {
    let schema = &DOCUMENT["components"]["schemas"][object];
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required.map(|field| (field.to_owned(), good(&schema["properties"][field]))).collect()
}

/// A valid value for the schema.
pub fn good(schema: &'static Value) -> Value {
    let (of, schema) = resolve(schema);
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    match schema["format"].as_str() {
        Some("date") => return json!("2027-03-01"),
        Some("uuid") => return json!(uuid::Uuid::nil()),
        Some("idn-email") => return json!("a@afpi.test"),
        Some("password") => return json!(super::PASSWORD),
        _ => {}
    }
    match &schema["type"] {
        kind if kind == "integer" => schema["minimum"].clone(),
        kind if kind == "boolean" => json!(true),
        kind if kind == "array" => json!([]),
        _ if is(schema, "object") => Value::Object(of.map(|of| least(&of)).unwrap_or_default()),
        _ => json!("A".repeat(schema["minLength"].as_u64().unwrap_or(1).max(1) as usize)),
    }
}
