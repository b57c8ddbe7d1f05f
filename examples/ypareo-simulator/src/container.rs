//! Sends a list in the instance's container format, record by record, so that twenty thousand companies never exist at
//! once.

use crate::data::Records;
use crate::options::{Container, Empty, How, Options};
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use serde_json::Value;
use std::convert::Infallible;

/// Bytes gathered before they are sent.
const PIECE: usize = 32 * 1024;

/// The format for this request. The guard adds it to the request.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    container: Container,
    empty: Empty,
    at_most: usize,
}

impl Shape {
    pub fn new(options: &Options, misbehaviours: &[How]) -> Self {
        let mut shape =
            Shape { container: options.profile.container, empty: options.profile.empty, at_most: usize::MAX };
        for how in misbehaviours {
            match how {
                How::EmptyList => shape.at_most = 0,
                How::FarShorter(keep) => shape.at_most = *keep,
                How::ContainerFlip if shape.container == Container::Array => shape.container = Container::ByPosition,
                How::ContainerFlip => shape.container = Container::Array,
                _ => {}
            }
        }
        shape
    }

    pub fn list(self, records: Records) -> Response {
        let mut records = records.take(self.at_most).enumerate().peekable();
        if records.peek().is_none() {
            return json_response(match self.empty {
                Empty::List => "[]",
                Empty::Object => "{}",
            });
        }
        let (open, close) = if self.container == Container::Array { (b'[', b']') } else { (b'{', b'}') };
        let mut open = Some(open);
        let mut ended = false;
        let pieces = std::iter::from_fn(move || {
            if ended {
                return None;
            }
            let mut piece: Vec<u8> = open.take().into_iter().collect();
            while piece.len() < PIECE {
                let Some((position, (code, record))) = records.next() else {
                    piece.push(close);
                    ended = true;
                    break;
                };
                if position > 0 {
                    piece.push(b',');
                }
                match self.container {
                    Container::ByPosition => piece.extend_from_slice(format!("\"{position}\":").as_bytes()),
                    Container::ByCode => piece.extend_from_slice(format!("\"{code}\":").as_bytes()),
                    Container::Array => {}
                }
                piece.extend_from_slice(record.to_string().as_bytes());
            }
            Some(Ok::<Bytes, Infallible>(piece.into()))
        });
        json_response(Body::from_stream(stream::iter(pieces)))
    }
}

/// One resource by code: a plain object.
pub fn object(record: Value) -> Response {
    json_response(record.to_string())
}

fn json_response(body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], body.into()).into_response()
}
