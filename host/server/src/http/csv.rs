//! Lists as files for a spreadsheet: CSV (RFC 4180) in the dialect that Excel opens in the reader's language, read and sent in
//! batches, so that a file of any length costs a batch of memory.

use std::future::Future;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use csv::{Terminator, WriterBuilder};
use futures::{StreamExt, future, stream};
use uuid::Uuid;

use crate::clock;
use crate::http::problem::{ApiResult, internal};
use crate::text::{Locale, Text};

/// Rows read at a time.
pub const BATCH: u32 = 500;

/// What stands in a cell.
pub enum Cell {
    Text(String),
    Number(i64),
    /// Written as euros.
    Cents(i64),
    /// The day in Paris of an instant.
    Day(i64),
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

/// A row and its id: the next batch begins after the last one's.
pub type Line = (Uuid, Vec<Cell>);

/// A file `<name>-<today>.csv`. `batch` gives up to [`BATCH`] rows behind an id, in the order of ids; the first ones are read
/// before anything is answered, so that a database that is away is still a clear answer. What fails later breaks the transfer off.
pub async fn download<F, B>(locale: Locale, name: &str, head: &[Text], mut batch: F) -> ApiResult<Response>
where
    F: FnMut(Option<Uuid>) -> B + Send + 'static,
    B: Future<Output = ApiResult<Vec<Line>>> + Send,
{
    let first = batch(None).await?;
    let titles = head.iter().map(|title| Cell::Text(title.get(locale).to_owned())).collect();
    // The byte order mark: without it Excel takes UTF-8 for the code page of the machine.
    let mut start = "\u{feff}".as_bytes().to_vec();
    start.extend(write(locale, [&titles])?);
    start.extend(write(locale, first.iter().map(|(_, cells)| cells))?);
    let rest = stream::try_unfold((after(&first), batch), move |(after_id, mut batch)| async move {
        let Some(id) = after_id else { return Ok(None) };
        let lines = batch(Some(id)).await.map_err(broken)?;
        let bytes = write(locale, lines.iter().map(|(_, cells)| cells)).map_err(broken)?;
        Ok::<_, std::io::Error>(Some((bytes, (after(&lines), batch))))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{}.csv\"", clock::today())),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(stream::once(future::ready(Ok(start))).chain(rest))).into_response())
}

/// Where the next batch begins; `None` when there is none.
fn after(lines: &[Line]) -> Option<Uuid> {
    lines.last().filter(|_| lines.len() >= BATCH as usize).map(|(id, _)| *id)
}

fn broken(problem: crate::http::problem::Problem) -> std::io::Error {
    tracing::warn!(problem.code = problem.code(), "a download broke off");
    std::io::Error::other(problem.code())
}

fn write<'a>(locale: Locale, rows: impl IntoIterator<Item = &'a Vec<Cell>>) -> ApiResult<Vec<u8>> {
    let delimiter = if locale == Locale::Fr { b';' } else { b',' };
    let mut writer = WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| show(cell, locale))).map_err(internal)?;
    }
    writer.into_inner().map_err(|error| internal(error.to_string()))
}

fn show(cell: &Cell, locale: Locale) -> String {
    match cell {
        Cell::Text(text) => tame(text),
        Cell::Number(number) => number.to_string(),
        Cell::Cents(cents) => {
            let sign = if *cents < 0 { "-" } else { "" };
            let (euros, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
            let point = if locale == Locale::Fr { ',' } else { '.' };
            format!("{sign}{euros}{point}{rest:02}")
        }
        Cell::Day(instant) => clock::day_of(*instant),
        Cell::Flag(flag) => match (flag, locale) {
            (true, Locale::Fr) => "oui",
            (true, Locale::En) => "yes",
            (false, Locale::Fr) => "non",
            (false, Locale::En) => "no",
        }
        .to_owned(),
    }
}

/// A text that a spreadsheet would run as a formula begins with an apostrophe instead (OWASP, CSV injection). A telephone
/// number may keep its plus: nothing but digits cannot do harm.
fn tame(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number =
        text.strip_prefix('+').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '.'));
    if formula && !number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_a_spreadsheet_of_the_language_expects() {
        let row = |name: &str| {
            vec![Cell::Text(name.into()), Cell::Cents(-1_234_567), Cell::Flag(true), Cell::Day(1_798_758_000_000)]
        };
        let lines = |locale| String::from_utf8(write(locale, [&row("A; \"B\", C"), &row("D")]).unwrap()).unwrap();
        assert_eq!(lines(Locale::Fr), "\"A; \"\"B\"\", C\";-12345,67;oui;2027-01-01\r\nD;-12345,67;oui;2027-01-01\r\n");
        assert_eq!(lines(Locale::En), "\"A; \"\"B\"\", C\",-12345.67,yes,2027-01-01\r\nD,-12345.67,yes,2027-01-01\r\n");
    }

    #[tokio::test]
    async fn a_long_file_comes_in_batches_and_one_that_breaks_off_is_not_taken_for_whole() {
        let lines = |count: u32| {
            (0..count)
                .map(|n| (Uuid::from_u128(u128::from(n) + 1), vec![Cell::Number(i64::from(n))]))
                .collect::<Vec<_>>()
        };
        let asked = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
        let seen = asked.clone();
        let head = [crate::text::text("Rang", "Rank")];
        let file = download(Locale::Fr, "liste", &head, move |after| {
            let turn = seen.lock().unwrap().len();
            seen.lock().unwrap().push(after);
            async move { Ok(lines(if turn < 2 { BATCH } else { 3 })) }
        });
        let bytes = axum::body::to_bytes(file.await.unwrap().into_body(), usize::MAX).await.unwrap();
        let last = Some(Uuid::from_u128(u128::from(BATCH)));
        assert_eq!(*asked.lock().unwrap(), [None, last, last]);
        assert_eq!(String::from_utf8(bytes.to_vec()).unwrap().lines().count(), 1 + 2 * BATCH as usize + 3);

        let mut turn = 0;
        let file = download(Locale::Fr, "liste", &[], move |_| {
            turn += 1;
            let answer = if turn == 1 { Ok(lines(BATCH)) } else { Err(crate::http::problem::unavailable("database")) };
            async move { answer }
        });
        assert!(axum::body::to_bytes(file.await.unwrap().into_body(), usize::MAX).await.is_err());
        let file = download(Locale::Fr, "liste", &[], |_| async { Err(crate::http::problem::unavailable("database")) });
        assert_eq!(file.await.unwrap_err().code(), "unavailable");
    }

    #[test]
    fn formulas_are_tamed() {
        for (typed, shown) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
            ("Été", "Été"),
            ("", ""),
        ] {
            assert_eq!(tame(typed), shown);
        }
    }
}
