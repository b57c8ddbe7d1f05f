//! `GET /api/imports`: the caller's imports. `GET /api/imports/fields`: what a column can map to.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};

use super::mapping::{self, OF_CONTACT};
use super::read::{self, Import};
use super::store::{self, ImportRow};
use afpi_core::error::Result;
use afpi_core::rights::{Action, Reach};
use afpi_core::text::{Text, text};
use afpi_crm::description::Shape;
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

/// List the fields that a column can map to.
#[utoipa::path(get, path = "/fields", operation_id = "listImportFields", tag = "imports",
    responses((status = 200, body = ImportFieldList), (status = 403, body = ProblemBody)))]
pub(super) async fn fields(caller: Caller) -> ApiResult<Json<ImportFieldList>> {
    Ok(Json(known(&caller)?))
}

fn known(caller: &Caller) -> Result<ImportFieldList> {
    caller.require(Action::EntreprisesImport)?;
    let label = |(fr, en): (&str, &str)| text(fr, en);
    let data = mapping::known().map(|(name, field)| {
        let choices = match field.shape {
            Shape::Word(words) => words,
            _ => &[],
        };
        let choice = |(value, said): &(&str, _)| ImportChoice { value: (*value).to_owned(), label: label(*said) };
        ImportField {
            label: label(field.label),
            contact: name.starts_with(OF_CONTACT),
            default: mapping::has_default(&name),
            choices: choices.iter().map(choice).collect(),
            name,
        }
    });
    Ok(ImportFieldList { data: data.collect() })
}
