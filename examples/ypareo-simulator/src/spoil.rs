//! Faulty answers: pages instead of data, cut bodies, another character set.

use axum::body::{Body, BodyDataStream};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use std::io;
use std::time::Duration;

/// An HTML page like NetYpareo's: windows-1252, so not even UTF-8.
pub fn page(status: StatusCode) -> Response {
    let text = format!(
        "<!DOCTYPE html>\n<html><head><title>NetYPareo</title></head><body><h1>{} - accès impossible, désolé</h1></body></html>",
        status.as_u16()
    );
    (status, [(CONTENT_TYPE, "text/html; charset=windows-1252")], to_windows_1252(&text)).into_response()
}

/// A refusal of the web service itself.
pub fn refusal(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], "Accès refusé").into_response()
}

/// Sends about `after` bytes (always less than all), then ends properly or breaks the connection.
pub fn cut(response: Response, after: usize, break_connection: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from_stream(cut_stream(body.into_data_stream(), after, break_connection)))
}

fn cut_stream(body: BodyDataStream, after: usize, broken: bool) -> impl Stream<Item = io::Result<Bytes>> {
    let broken = stream::iter(broken.then_some(())).then(|()| async {
        // The bytes must have left before the connection breaks, or nothing at all arrives.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "simulated cut"))
    });
    // Holds one piece back: if it is the last one, it loses its last byte.
    let kept = stream::unfold((body, None::<Bytes>, after), |(mut body, held, left)| async move {
        if left == 0 {
            return None;
        }
        let next = body.next().await.and_then(Result::ok);
        match (held, next) {
            (None, Some(piece)) => Some((Bytes::new(), (body, Some(piece), left))),
            (None, None) => None,
            (Some(held), next) => {
                let whole = held.len() - usize::from(next.is_none() && !held.is_empty());
                let size = whole.min(left);
                let left = if next.is_none() { 0 } else { left - size };
                Some((held.slice(..size), (body, next, left)))
            }
        }
    });
    kept.filter(|piece| std::future::ready(!piece.is_empty())).map(Ok).chain(broken)
}

/// Sends the same text in windows-1252 while the header still says UTF-8.
pub fn windows_1252(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    // The pieces of a list end at record ends, so each is a text of its own.
    let pieces = body
        .into_data_stream()
        .map(|piece| piece.map(|bytes| Bytes::from(to_windows_1252(&String::from_utf8_lossy(&bytes)))));
    Response::from_parts(parts, Body::from_stream(pieces))
}

fn to_windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}
