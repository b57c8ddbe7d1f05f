//! `GET /api/descriptions`: the fields of each kind of record, for programs that show, filter and choose columns.

use axum::Json;
use serde::Serialize;
use strum::VariantArray;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::description::{Description, Field, Kind, Shape, Shown};
use afpi_core::text::{Text, text};
use afpi_http::paging::All;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

impl Kind {
    /// The description of this kind of record.
    pub fn description(self) -> &'static Description {
        match self {
            Kind::Entreprise => &crate::entreprises::description::ENTREPRISES,
            Kind::Contact => &crate::entreprises::description::CONTACTS,
            Kind::Formateur => &crate::formateurs::description::FORMATEURS,
            Kind::Salle => &crate::salles::description::SALLES,
            Kind::Produit => &crate::produits::description::PRODUITS,
            Kind::Session => &crate::sessions::description::SESSIONS,
            Kind::Stagiaire => &crate::stagiaires::description::STAGIAIRES,
            Kind::Objectif => &crate::objectifs::description::OBJECTIFS,
            Kind::Opportunite => &crate::opportunites::description::OPPORTUNITES,
            Kind::Creance => &crate::facturation::description::CREANCES,
            Kind::User => &crate::users::description::USERS,
        }
    }
}

/// A kind of record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Description)]
pub struct Described {
    /// `entreprise`, `contact`, `formateur`, `salle`, `produit`, `session`, `stagiaire`, `objectif`, `opportunite`,
    /// `creance` or `user`.
    kind: &'static str,
    label: Text,
    fields: Vec<DescribedField>,
}

/// A field of a record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DescriptionField)]
pub struct DescribedField {
    /// Name in the API. Parts of an address are `address.city` and so on.
    name: &'static str,
    label: Text,
    /// `text`, `prose`, `email`, `phone`, `country`, `word`, `plugin_word`, `words`, `count`, `minutes`, `cents`, `flag`, `instant`,
    /// `day` or `reference`.
    shape: &'static str,
    /// Path of the displayed value in a list item.
    shows: &'static str,
    /// Can it be a column of the list?
    listed: bool,
    /// Is it a column of exported files?
    exported: bool,
    /// Sort of the list by this field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    sort: Option<&'static str>,
    /// Does `q` search it?
    searched: bool,
    /// Can imports and connectors set it?
    imported: bool,
    /// Is it personal data?
    personal: bool,
    /// The values it can hold, with their labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    words: Vec<DescribedWord>,
}

/// A value of a field.
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

/// The fields of each kind of record.
#[utoipa::path(get, path = "/", operation_id = "listDescriptions", tag = "descriptions",
    responses((status = 200, body = All<Described>)))]
async fn list(_caller: Caller) -> Json<All<Described>> {
    Json(All { data: Kind::VARIANTS.iter().map(|kind| kind.description().into()).collect() })
}

#[cfg(test)]
mod tests;
