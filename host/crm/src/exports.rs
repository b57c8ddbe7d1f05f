//! Lists as files. The record's description gives the columns. Each export writes a line to the journal: the list, its
//! filters, and the number of rows.

use std::future::Future;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::description::{Description, Field, Shown};
use afpi_core::error::{Error, Result, internal};
use afpi_core::scope::ScopedSql;
use afpi_core::text::{Locale, Text};
use afpi_http::request_id::RequestId;
use afpi_http::sheet::{self, Format, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;

/// The query parameters of an export, as sent.
pub struct Asked {
    filters: Vec<(String, String)>,
    request: RequestId,
}

impl FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Self::Rejection> {
        let request = RequestId::from_request_parts(parts, app).await?;
        // The typed filters refuse what cannot be read.
        let filters = Query::try_from_uri(&parts.uri).map(|Query(filters)| filters).unwrap_or_default();
        Ok(Asked { filters, request })
    }
}

/// The columns of a file.
fn columns(description: &'static Description) -> impl Iterator<Item = &'static Field> {
    description.fields.iter().filter(|field| field.shown == Shown::Everywhere)
}

/// A file of these records, named after their list. `batch` gives the list items after an id, in the order of ids, as
/// [`sheet::download`] needs them.
pub async fn file<I, T, F, B>(
    description: &'static Description,
    name: &str,
    format: Format,
    locale: Locale,
    mut batch: F,
) -> Result<Response>
where
    I: From<Uuid> + Into<Uuid>,
    T: Serialize,
    F: FnMut(Option<I>) -> B + Send + 'static,
    B: Future<Output = Result<Vec<(I, T)>>> + Send + 'static,
{
    let head: Vec<Text> = columns(description).map(Field::text).collect();
    sheet::download(format, locale, name, &head, move |after| {
        let items = batch(after.map(I::from));
        async move { items.await?.into_iter().map(|(id, item)| line(description, id.into(), &item, locale)).collect() }
    })
    .await
}

fn line(description: &'static Description, id: Uuid, item: &impl Serialize, locale: Locale) -> Result<Line> {
    let item = serde_json::to_value(item).map_err(internal)?;
    Ok((id, columns(description).map(|field| field.cell(&item, locale)).collect()))
}

/// Writes the line before the first row is sent. `count` counts the rows. When the caller has one site, the line
/// belongs to that site.
pub async fn tell(app: &App, caller: &Caller, list: &str, asked: &Asked, count: ScopedSql) -> Result<()> {
    let rows: i64 = count.scalar(&mut app.db.read().await?).await?;
    tell_rows(app, caller, list, asked, rows).await
}

/// The same for a file whose rows are known.
pub async fn tell_rows(app: &App, caller: &Caller, list: &str, asked: &Asked, rows: i64) -> Result<()> {
    let filters =
        asked.filters.iter().map(|(name, value)| field(&format!("filters/{name}"), Value::Null, value.as_str()));
    let told: Vec<Value> = std::iter::once(field("rows", Value::Null, rows)).chain(filters).collect();
    let site = if let [site] = caller.sites[..] { Some(site) } else { None };
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let change = Change::by(caller, asked.request.as_str(), Subject::Export(list.into()), site);
        change.record(&mut tx, Activity::Exported, told.clone()).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}
