//! An answer whose body is returned in pieces, within a limit of bytes and a deadline.

use super::headers::Header;
use super::transport::Incoming;
use crate::contract::Error;
use crate::policy::HttpPolicy;
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use std::time::Instant;

/// The longest piece that a guest gets at once.
const LONGEST_PIECE: usize = 1 << 20;

/// A response to which a guest holds a handle. Dropping it drops the connection.
pub struct Response {
    answer: Incoming,
    host: String,
    deadline: Instant,
    most_headers: usize,
    /// The number of bytes that the body may still have, after decompression.
    allowance: u64,
    /// Bytes that were received but not yet returned.
    rest: Bytes,
    /// How the body ended. `None` while it has not ended.
    end: Option<Result<(), String>>,
}

impl Response {
    pub(super) fn new(answer: Incoming, host: String, deadline: Instant, policy: &HttpPolicy) -> Self {
        Response {
            answer,
            host,
            deadline,
            most_headers: policy.response_headers,
            allowance: policy.response_bytes,
            rest: Bytes::new(),
            end: None,
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.answer.status
    }

    /// The headers. It leaves out values that are not text, and cookies, because a guest cannot use a session.
    pub(super) fn headers(&self) -> Vec<Header> {
        self.answer
            .headers
            .iter()
            .filter(|(name, _)| *name != reqwest::header::SET_COOKIE)
            .filter_map(|(name, value)| Some(Header { name: name.to_string(), value: value.to_str().ok()?.to_owned() }))
            .take(self.most_headers)
            .collect()
    }

    /// Waits for the next bytes and adds those that are already there, so that a guest needs few calls.
    pub(crate) async fn read(&mut self, max: u32) -> Result<Option<Vec<u8>>, Error> {
        let max = (max as usize).clamp(1, LONGEST_PIECE);
        if self.rest.is_empty() && self.end.is_none() {
            match tokio::time::timeout_at(self.deadline.into(), self.answer.body.next()).await {
                Ok(chunk) => self.take_in(chunk),
                Err(_) => self.end = Some(Err(format!("{}: the body did not end in time", self.host))),
            }
        }
        let mut piece = Vec::with_capacity(max.min(64 << 10));
        loop {
            let take = self.rest.len().min(max - piece.len());
            piece.extend_from_slice(&self.rest.split_to(take));
            if piece.len() == max || self.end.is_some() {
                break;
            }
            match self.answer.body.next().now_or_never() {
                Some(chunk) => self.take_in(chunk),
                None => break,
            }
        }
        match &self.end {
            _ if !piece.is_empty() => Ok(Some(piece)),
            Some(Ok(())) => Ok(None),
            Some(Err(reason)) => Err(Error::Unavailable(reason.clone())),
            // Only empty frames have arrived so far.
            None => Ok(Some(piece)),
        }
    }

    /// Counts a chunk. The end of a body is stored: an incomplete body must never look complete, even if it is read
    /// again.
    fn take_in(&mut self, chunk: Option<Result<Bytes, String>>) {
        match chunk {
            Some(Ok(bytes)) => match self.allowance.checked_sub(bytes.len() as u64) {
                Some(left) => {
                    self.allowance = left;
                    self.rest = bytes;
                }
                None => self.end = Some(Err(format!("{}: the body is larger than allowed", self.host))),
            },
            None => self.end = Some(Ok(())),
            Some(Err(reason)) => self.end = Some(Err(reason)),
        }
    }
}
