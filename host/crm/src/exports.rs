//! Lists as files: their columns are those of the record's description. Who takes one leaves a line in the journal:
//! which list, with which filters, how many rows.

use std::future::Future;

use afpi_db::Sql;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::description::{Description, Field, Shown};
use afpi_core::error::{Error, Result, internal};
use afpi_core::text::{Locale, Text};
use afpi_http::request_id::RequestId;
use afpi_http::sheet::{self, Format, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Act, Change, Subject, field};
use afpi_platform::state::App;

/// What a request for a file asks, word by word.
pub struct Asked {
    filters: Vec<(String, String)>,
    request: RequestId,
}

impl FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Self::Rejection> {
        let request = RequestId::from_request_parts(parts, app).await?;
        // What cannot be read is refused by the typed filters.
        let filters = Query::try_from_uri(&parts.uri).map(|Query(filters)| filters).unwrap_or_default();
        Ok(Asked { filters, request })
    }
}

/// The columns of a file.
fn columns(description: &'static Description) -> impl Iterator<Item = &'static Field> {
    description.fields.iter().filter(|field| field.shown == Shown::Everywhere)
}

/// A file of these records, named after their list. `batch` gives the items of the list behind an id, in the order of
/// ids, as [`sheet::download`] wants them.
pub async fn file<T, F, B>(
    description: &'static Description,
    name: &str,
    format: Format,
    locale: Locale,
    mut batch: F,
) -> Result<Response>
where
    T: Serialize,
    F: FnMut(Option<Uuid>) -> B + Send + 'static,
    B: Future<Output = Result<Vec<(Uuid, T)>>> + Send + 'static,
{
    let head: Vec<Text> = columns(description).map(Field::text).collect();
    sheet::download(format, locale, name, &head, move |after| {
        let items = batch(after);
        async move { items.await?.into_iter().map(|(id, item)| line(description, id, &item, locale)).collect() }
    })
    .await
}

fn line(description: &'static Description, id: Uuid, item: &impl Serialize, locale: Locale) -> Result<Line> {
    let item = serde_json::to_value(item).map_err(internal)?;
    Ok((id, columns(description).map(|field| field.cell(&item, locale)).collect()))
}

/// Writes the line before the first row leaves; `count` counts the rows. A person with one site takes the list of that
/// site.
pub async fn tell(app: &App, caller: &Caller, list: &str, asked: &Asked, count: Sql) -> Result<()> {
    let rows: i64 = count.scalar(&mut app.db.read().await?).await?;
    let filters =
        asked.filters.iter().map(|(name, value)| field(&format!("filters/{name}"), Value::Null, value.as_str()));
    let told: Vec<Value> = std::iter::once(field("rows", Value::Null, rows)).chain(filters).collect();
    let site = if let [site] = caller.sites[..] { Some(site) } else { None };
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let change = Change::by(caller, asked.request.as_str(), Subject::Export(list.into()), site);
        change.act(&mut tx, Act::Exported, told.clone()).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}
