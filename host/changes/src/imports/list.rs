//! `GET /api/imports`: the caller's imports. `GET /api/imports/kinds` and `/fields`: what a file can bring, and what its
//! columns can map to.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};

use super::kind::Kind;
use super::mapping;
use super::read::{self, Import};
use super::store::{self, ImportRow};
use crate::engine::tabular::Shown;
use afpi_core::error::{Result, forbidden};
use afpi_core::rights::{Action, Reach};
use afpi_core::text::{Text, text};
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, SortKey, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
}

static SORTS: Sorts<ImportRow> = Sorts {
    default: "-createdAt",
    keys: &[SortKey { name: "createdAt", column: "i.created_at", key: |row| Key::Int(row.created_at.millis()) }],
};

fn sorts() -> Object {
    SORTS.schema()
}

/// List the caller's own imports of the last 30 days, newest first.
#[utoipa::path(get, path = "/", operation_id = "listImports", tag = "imports", params(Filters),
    responses((status = 200, body = Page<Import>), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Import>>> {
    caller.require(Action::EntreprisesImport)?;
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &caller.id)?;
    let mut conn = app.db.read().await?;
    let mine = |select: &'static str| {
        let mut query = sql(select);
        query.push("i.user_id = ?").arg(caller.id);
        // A person may have left a site since.
        if caller.reach() != Reach::Network {
            query.push(" AND i.localisation_id IN ").list(caller.sites.iter().copied());
        }
        query
    };
    let total = page.total(&mut conn, mine("SELECT 1 FROM imports i WHERE ")).await?;
    let mut query = mine(store::SELECT);
    page.apply(&mut query, "i.id");
    let rows = query.all::<ImportRow>(&mut conn).await?;
    let page = page.page(rows, total, |row: &ImportRow| row.id.uuid(), |row| row);
    let data = read::show(&mut conn, page.data).await?;
    Ok(Json(Page { data, meta: page.meta }))
}

/// A field that a column of a file can map to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportField {
    /// Its name in a mapping: `name`, `address.city`, `contact.lastName`, …
    pub name: String,
    pub label: Text,
    /// Is it a field of the company's contact?
    pub contact: bool,
    /// May it have a default value?
    pub default: bool,
    /// `euros` are cents in a change, `hours` minutes, `percent` hundredths of a percent.
    pub shape: Shown,
    /// Its possible values; empty when it is free.
    pub choices: Vec<ImportChoice>,
}

/// A possible value of a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportChoice {
    pub value: String,
    pub label: Text,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFieldList {
    pub data: Vec<ImportField>,
}

/// Whose fields or template.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfKind {
    /// What the lines are. Default: companies and contacts.
    #[serde(default)]
    #[param(required = false)]
    pub kind: Kind,
}

/// List the fields that a column can map to.
#[utoipa::path(get, path = "/fields", operation_id = "listImportFields", tag = "imports", params(OfKind),
    responses((status = 200, body = ImportFieldList), (status = 403, body = ProblemBody)))]
pub(super) async fn fields(caller: Caller, Params(of): Params<OfKind>) -> ApiResult<Json<ImportFieldList>> {
    Ok(Json(known(&caller, of.kind)?))
}

/// A kind of files.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportKindItem)]
pub struct KindItem {
    pub kind: Kind,
    pub label: Text,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportKindList {
    pub data: Vec<KindItem>,
}

/// List the kinds of files that the caller may import.
#[utoipa::path(get, path = "/kinds", operation_id = "listImportKinds", tag = "imports",
    responses((status = 200, body = ImportKindList), (status = 403, body = ProblemBody)))]
pub(super) async fn kinds(caller: Caller) -> ApiResult<Json<ImportKindList>> {
    caller.require(Action::EntreprisesImport)?;
    let open = Kind::VARIANTS.iter().copied().filter(|kind| kind.open_to(&caller));
    Ok(Json(ImportKindList { data: open.map(|kind| KindItem { kind, label: kind.label() }).collect() }))
}

fn known(caller: &Caller, kind: Kind) -> Result<ImportFieldList> {
    caller.require(Action::EntreprisesImport)?;
    if !kind.open_to(caller) {
        return Err(forbidden());
    }
    let label = |(fr, en): (&str, &str)| text(fr, en);
    let data = mapping::known(kind).map(|field| ImportField {
        label: label(field.label),
        contact: field.contact,
        default: field.default,
        shape: field.shape,
        choices: field
            .choices
            .iter()
            .map(|(value, said)| ImportChoice { value: (*value).to_owned(), label: label(*said) })
            .collect(),
        name: field.name,
    });
    Ok(ImportFieldList { data: data.collect() })
}
