//! Lists as files for a spreadsheet: `Accept` chooses CSV or XLSX. Rows are read in batches, so a file of any length
//! needs the memory of one batch.

mod csv;
mod xlsx;

use std::future::Future;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, future, stream};
use uuid::Uuid;

use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, Result};
use afpi_core::money::Money;

use afpi_core::text::{Locale, Text};

/// Rows read at a time.
pub const BATCH: u32 = 500;

/// The content of a cell.
pub enum Cell {
    Text(String),
    Number(i64),
    /// Written as euros.
    Amount(Money),
    /// The day in Paris of an instant.
    Day(Instant),
    Flag(bool),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Cell {
        Cell::Text(text.unwrap_or_default())
    }
}

/// A row and its id. The next batch begins after the last id.
pub type Line = (Uuid, Vec<Cell>);

/// The requested format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For programs; the default.
    Csv,
    /// For people: typed cells, so that a postcode keeps its zero.
    Xlsx,
}

impl Format {
    fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => XLSX,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    fn of(headers: &HeaderMap) -> Format {
        let accepts = |value: &header::HeaderValue| value.to_str().is_ok_and(|value| value.contains(XLSX));
        if headers.get_all(header::ACCEPT).iter().any(accepts) { Format::Xlsx } else { Format::Csv }
    }
}

/// The media type of XLSX (ECMA-376).
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl<S: Send + Sync> FromRequestParts<S> for Format {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Format::of(&parts.headers))
    }
}

/// A short list as a whole CSV file.
pub fn csv(locale: Locale, head: &[Text], rows: &[Vec<Cell>]) -> Result<String> {
    let head = head.iter().map(|title| Cell::Text(title.get(locale).to_owned())).collect();
    let mut text = csv::START.to_owned();
    for part in [csv::write(locale, [&head])?, csv::write(locale, rows)?] {
        text.push_str(&String::from_utf8(part).map_err(afpi_core::error::internal)?);
    }
    Ok(text)
}

/// A file `<name>-<today>.<csv|xlsx>`. `batch` gives up to [`BATCH`] rows after an id, in the order of ids. The first
/// batch is read before the answer begins, so an unavailable database still gives a clear error. A CSV file is sent
/// while it is read; a later failure aborts the transfer. An XLSX file is complete before it is sent.
pub async fn download<F, B>(format: Format, locale: Locale, name: &str, head: &[Text], batch: F) -> Result<Response>
where
    F: FnMut(Option<Uuid>) -> B + Send + 'static,
    B: Future<Output = Result<Vec<Line>>> + Send + 'static,
{
    let titles: Vec<&str> = head.iter().map(|title| title.get(locale)).collect();
    let body = match format {
        Format::Csv => csv_body(locale, &titles, batch).await?,
        Format::Xlsx => xlsx_body(&titles, batch).await?,
    };
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-{}.{}\"", Day::today(), format.extension()),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::VARY, "accept, accept-language".to_owned()),
    ];
    Ok((headers, body).into_response())
}

async fn csv_body<F, B>(locale: Locale, titles: &[&str], mut batch: F) -> Result<Body>
where
    F: FnMut(Option<Uuid>) -> B + Send + 'static,
    B: Future<Output = Result<Vec<Line>>> + Send + 'static,
{
    let first = batch(None).await?;
    let mut start = csv::START.as_bytes().to_vec();
    start.extend(csv::write(locale, [&titles.iter().map(|title| Cell::Text((*title).to_owned())).collect()])?);
    start.extend(csv::write(locale, first.iter().map(|(_, cells)| cells))?);
    let rest = batches(after(&first), batch).map(move |lines| {
        let lines = lines.map_err(broken)?;
        csv::write(locale, lines.iter().map(|(_, cells)| cells)).map_err(broken)
    });
    Ok(Body::from_stream(stream::once(future::ready(Ok::<_, std::io::Error>(start))).chain(rest)))
}

async fn xlsx_body<F, B>(titles: &[&str], batch: F) -> Result<Body>
where
    F: FnMut(Option<Uuid>) -> B + Send + 'static,
    B: Future<Output = Result<Vec<Line>>> + Send + 'static,
{
    let mut file = xlsx::Xlsx::new(titles)?;
    let mut lines = Box::pin(batches(Some(None), batch));
    while let Some(batch) = lines.next().await {
        file.write(&batch?)?;
    }
    file.finish().await
}

/// The batches from here on. `None` when there are none, `Some(None)` for the first one.
fn batches<F, B>(from: Option<Option<Uuid>>, batch: F) -> impl Stream<Item = Result<Vec<Line>>> + Send
where
    F: FnMut(Option<Uuid>) -> B + Send + 'static,
    B: Future<Output = Result<Vec<Line>>> + Send + 'static,
{
    stream::try_unfold((from, batch), |(from, mut batch)| async move {
        let Some(from) = from else { return Ok(None) };
        let lines = batch(from).await?;
        let next = after(&lines);
        Ok(Some((lines, (next, batch))))
    })
}

/// The start of the next batch. `None` when there is none.
fn after(lines: &[Line]) -> Option<Option<Uuid>> {
    lines.last().filter(|_| lines.len() >= BATCH as usize).map(|(id, _)| Some(*id))
}

fn broken(problem: Error) -> std::io::Error {
    tracing::warn!(problem.code = problem.kind().code(), "a download broke off");
    std::io::Error::other(problem.kind().code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_file_comes_in_batches_and_one_that_breaks_off_is_not_taken_for_whole() {
        let lines = |count: u32| {
            (0..count)
                .map(|n| (Uuid::from_u128(u128::from(n) + 1), vec![Cell::Number(i64::from(n))]))
                .collect::<Vec<_>>()
        };
        let csv = Format::Csv;
        let asked = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
        let seen = asked.clone();
        let head = [afpi_core::text::text("Rang", "Rank")];
        let file = download(csv, Locale::Fr, "liste", &head, move |after| {
            let turn = seen.lock().unwrap().len();
            seen.lock().unwrap().push(after);
            async move { Ok(lines(if turn < 2 { BATCH } else { 3 })) }
        });
        let bytes = axum::body::to_bytes(file.await.unwrap().into_body(), usize::MAX).await.unwrap();
        let last = Some(Uuid::from_u128(u128::from(BATCH)));
        assert_eq!(*asked.lock().unwrap(), [None, last, last]);
        assert_eq!(String::from_utf8(bytes.to_vec()).unwrap().lines().count(), 1 + 2 * BATCH as usize + 3);

        for format in [Format::Csv, Format::Xlsx] {
            let mut turn = 0;
            let file = download(format, Locale::Fr, "liste", &[], move |_| {
                turn += 1;
                let answer = if turn == 1 { Ok(lines(BATCH)) } else { Err(afpi_core::error::unavailable("database")) };
                async move { answer }
            });
            match format {
                Format::Csv => {
                    assert!(axum::body::to_bytes(file.await.unwrap().into_body(), usize::MAX).await.is_err())
                }
                Format::Xlsx => assert_eq!(file.await.unwrap_err().kind(), afpi_core::error::ErrorKind::Unavailable),
            }
            let file = download(format, Locale::Fr, "liste", &[], |_| async {
                Err(afpi_core::error::unavailable("database"))
            });
            assert_eq!(file.await.unwrap_err().kind(), afpi_core::error::ErrorKind::Unavailable);
        }
    }

    #[test]
    fn the_file_is_what_accept_says() {
        let of = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            Format::of(&headers)
        };
        assert_eq!(of(XLSX), Format::Xlsx);
        assert_eq!(of(&format!("{XLSX};q=0.9, application/problem+json")), Format::Xlsx);
        assert_eq!(of("text/csv"), Format::Csv);
        assert_eq!(of("*/*"), Format::Csv);
        assert_eq!(Format::of(&HeaderMap::new()), Format::Csv);
    }
}
