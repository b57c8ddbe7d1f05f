//! What is sent of views, and its rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use validator::Validate;

use super::ListName;
use afpi_core::error::{Result, field, invalid};
use afpi_core::id::LocalisationId;
use afpi_core::text::{Text, text};
use afpi_http::bounds::{Int, List};
use afpi_http::input::stated;
use afpi_http::texts::{Exact, Line};

/// The filters of a view.
pub type Query = List<VueParam, 20>;
/// The columns of a view.
pub type Columns = List<VueColumn, 60>;

/// A parameter of the list's address: a filter, the words searched for, or the sort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VueParam {
    /// Small letters, digits and hyphens.
    #[validate(nested)]
    pub name: Exact<1, 40>,
    /// Empty where that differs from the list's usual value.
    #[validate(nested)]
    pub value: Exact<0, 200>,
}

/// A column in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VueColumn {
    /// The field's name, or a name of the list's own.
    #[validate(nested)]
    pub id: Exact<1, 60>,
    /// In pixels; none: as wide as what stands in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub width: Option<Int<40, 1200>>,
}

/// How much room rows get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = VueDensity)]
pub enum Density {
    Compact,
    Comfortable,
}

/// Who sees a view beside its owner. Without role and site: everybody.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VueShare {
    #[serde(default)]
    #[validate(nested)]
    pub role_id: Option<Line<40>>,
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
}

/// A new view.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VueCreate {
    pub list: ListName,
    #[validate(nested)]
    pub name: Line<80>,
    #[serde(default)]
    #[validate(nested)]
    pub query: Query,
    /// Left out, the usual ones.
    #[serde(default)]
    #[validate(nested)]
    pub columns: Option<Columns>,
    /// Left out, as the person likes it.
    #[serde(default)]
    pub density: Option<Density>,
    #[serde(default)]
    pub pinned: bool,
    /// Left out, the view is its owner's alone.
    #[serde(default)]
    #[validate(nested)]
    pub shared_with: Option<VueShare>,
}

/// What changes.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VueUpdate {
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<Line<80>>,
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    pub query: Option<Query>,
    /// `null`: the usual ones.
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<Columns>)]
    pub columns: Option<Option<Columns>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<Density>)]
    pub density: Option<Option<Density>>,
    #[serde(default, deserialize_with = "stated")]
    pub pinned: Option<bool>,
    /// `null`: the view is its owner's alone.
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<VueShare>)]
    pub shared_with: Option<Option<VueShare>>,
}

/// 422 for a name that no address has, and for one that stands there twice.
pub(super) fn check(query: Option<&Query>, columns: Option<&Columns>) -> Result<()> {
    let mut wrong = Vec::new();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut names = BTreeSet::new();
    for (at, param) in query.into_iter().flatten().enumerate() {
        if !param.name.chars().all(fits) {
            let message = text("Lettres minuscules, chiffres et tirets.", "Small letters, digits and hyphens.");
            wrong.push(field(format!("/query/{at}/name"), "format", message));
        } else if !names.insert(param.name.as_str()) {
            wrong.push(field(format!("/query/{at}/name"), "duplicate", twice()));
        }
    }
    let mut ids = BTreeSet::new();
    for (at, column) in columns.into_iter().flatten().enumerate() {
        if !ids.insert(column.id.as_str()) {
            wrong.push(field(format!("/columns/{at}/id"), "duplicate", twice()));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(invalid(wrong)) }
}

fn twice() -> Text {
    text("Figure déjà dans la liste.", "Stands in the list already.")
}
