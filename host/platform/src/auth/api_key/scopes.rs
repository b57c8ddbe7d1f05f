//! What a key may use: areas of the API, each to read only or also to write. The areas are the tags of the OpenAPI
//! document, so a new part of the API is an area without being named here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use axum::http::Method;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidationErrors};

/// What no key reaches, whatever its role: accounts, sign-in, roles and keys, because a key could make itself another
/// way in; plugins, connectors and queues, which are the installation's own business; the data of a person as a whole;
/// and what belongs to somebody who sits before a screen. Backups are no part of the API.
pub const CLOSED: [&str; 12] = [
    "auth",
    "users",
    "roles",
    "api-keys",
    "webhooks",
    "plugins",
    "connecteurs",
    "jobs",
    "personnes",
    "calendriers",
    "notifications",
    "vues",
];

/// The name of an area's schema in the OpenAPI document, which lists the areas there are.
pub const AREA_SCHEMA: &str = "ApiKeyArea";

/// May keys reach operations with this tag?
pub fn is_open(tag: &str) -> bool {
    !CLOSED.contains(&tag)
}

/// A part of the API: a tag of the OpenAPI document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(pub String);

impl Validate for Area {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

impl PartialSchema for Area {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).into()
    }
}

impl ToSchema for Area {
    fn name() -> Cow<'static, str> {
        AREA_SCHEMA.into()
    }
}

/// How a key may use an area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = ApiKeyAccess)]
pub enum Access {
    /// `GET` only.
    Read,
    /// Every method.
    Write,
}

impl Access {
    /// What a request with this method needs.
    pub fn of(method: &Method) -> Access {
        if matches!(*method, Method::GET | Method::HEAD) { Access::Read } else { Access::Write }
    }
}

/// An area and how it may be used. Its text is `entreprises:read`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKeyScope)]
pub struct Scope {
    pub area: Area,
    pub access: Access,
}

impl Scope {
    /// Does it allow what the other one asks for?
    pub fn covers(&self, asked: &Scope) -> bool {
        self.area == asked.area && self.access >= asked.access
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.area.0, <&str>::from(self.access))
    }
}

/// The text is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoScope;

impl FromStr for Scope {
    type Err = NoScope;

    fn from_str(text: &str) -> Result<Scope, NoScope> {
        let (area, access) = text.rsplit_once(':').ok_or(NoScope)?;
        Ok(Scope { area: Area(area.to_owned()), access: access.parse().map_err(|_| NoScope)? })
    }
}

/// The stored form of scopes: texts with commas between.
pub fn stored(scopes: &[Scope]) -> String {
    scopes.iter().map(Scope::to_string).collect::<Vec<_>>().join(",")
}

/// The scopes of the stored form. What another version of the program wrote and this one cannot read counts for nothing.
pub fn read(stored: &str) -> Vec<Scope> {
    stored.split(',').filter_map(|text| text.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_write_is_also_to_read_and_one_area_is_no_other() {
        let scopes = read("entreprises:write,journal:read,journal:admin,nothing");
        assert_eq!(stored(&scopes), "entreprises:write,journal:read");
        let may = |text: &str| scopes.iter().any(|scope| scope.covers(&text.parse().unwrap()));
        assert!(may("entreprises:write") && may("entreprises:read") && may("journal:read"));
        assert!(!may("journal:write") && !may("opportunites:read"));
    }

    #[test]
    fn only_what_changes_nothing_is_read() {
        assert_eq!(Access::of(&Method::GET), Access::Read);
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            assert_eq!(Access::of(&method), Access::Write);
        }
    }
}
