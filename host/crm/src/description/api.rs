//! `GET /api/descriptions`: what records are made of, for programs that show, filter and choose columns.

use axum::Json;
use serde::Serialize;
use strum::VariantArray;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Description, Field, Kind, Shape, Shown};
use afpi_core::text::{Text, text};
use afpi_http::paging::All;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A kind of record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Description)]
pub struct Described {
    /// `entreprise`, `contact`, `formateur`, `salle`, `objectif`, `opportunite` or `user`.
    kind: &'static str,
    label: Text,
    fields: Vec<DescribedField>,
}

/// A field of a record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DescriptionField)]
pub struct DescribedField {
    /// Its name in the API; parts of an address are `address.city` and so on.
    name: &'static str,
    label: Text,
    /// `text`, `prose`, `email`, `phone`, `country`, `word`, `plugin_word`, `words`, `count`, `cents`, `flag`, `instant`,
    /// `day` or `reference`.
    shape: &'static str,
    /// Where the value that people read stands in an item of the list.
    shows: &'static str,
    /// Can it be a column of the list?
    listed: bool,
    /// Is it a column of exported files?
    exported: bool,
    /// The list's sort by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    sort: Option<&'static str>,
    /// Is it among what `q` looks in?
    searched: bool,
    /// Do imports and connectors bring it?
    imported: bool,
    /// Does it say something about a person?
    personal: bool,
    /// The words it can hold, with what people read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    words: Vec<DescribedWord>,
}

/// A word of a field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DescriptionWord)]
pub struct DescribedWord {
    word: &'static str,
    label: Text,
}

impl From<&Field> for DescribedField {
    fn from(field: &Field) -> Self {
        let words = if let Shape::Word(words) = field.shape { words } else { &[] };
        DescribedField {
            name: field.name,
            label: field.text(),
            shape: field.shape.into(),
            shows: field.shows,
            listed: field.shown != Shown::Nowhere,
            exported: field.shown == Shown::Everywhere,
            sort: field.sort.map(|sort| sort.name),
            searched: field.searched,
            imported: field.brought,
            personal: field.personal,
            words: words.iter().map(|(word, label)| DescribedWord { word, label: text(label.0, label.1) }).collect(),
        }
    }
}

impl From<&'static Description> for Described {
    fn from(description: &'static Description) -> Self {
        Described {
            kind: description.kind.into(),
            label: text(description.label.0, description.label.1),
            fields: description.fields.iter().map(DescribedField::from).collect(),
        }
    }
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What records are made of.
#[utoipa::path(get, path = "/", operation_id = "listDescriptions", tag = "descriptions",
    responses((status = 200, body = All<Described>)))]
async fn list(_caller: Caller) -> Json<All<Described>> {
    Json(All { data: Kind::VARIANTS.iter().map(|kind| kind.description().into()).collect() })
}
