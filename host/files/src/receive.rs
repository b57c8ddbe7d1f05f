//! Receives a file: checks and hashes it while it is written to a temporary object. Nothing of a file that is refused,
//! too long or cut short stays. What the program made itself is only hashed and counted.

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::media::{self, Family, MediaType};
use crate::place::{Lost, Writer};
use crate::store::{Files, INCOMING};

/// A complete file that waits in a temporary object. [`Files::keep`] gives it its place, [`Files::discard`] drops it.
#[derive(Debug)]
pub struct Received {
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    pub media: &'static MediaType,
    pub(crate) path: String,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal<E> {
    #[error("the file is empty")]
    Empty,
    /// The limit in bytes.
    #[error("the file has more than {0} bytes")]
    TooLarge(u64),
    #[error("files of this type are not taken")]
    Type,
    /// What the content is.
    #[error("the content is {0}, the name says something else")]
    Name(&'static str),
    /// The sender broke off.
    #[error("the file did not come to its end")]
    Broken(E),
    #[error(transparent)]
    Lost(#[from] Lost),
}

impl Files {
    /// Reads a file to its end. `name` is what the sender calls it.
    pub async fn receive<E>(
        &self,
        name: &str,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Received, Refusal<E>> {
        let mut head = BytesMut::new();
        let mut ended = false;
        while head.len() < media::HEAD && !ended {
            match body.next().await {
                Some(Ok(bytes)) => head.extend_from_slice(&bytes),
                Some(Err(error)) => return Err(Refusal::Broken(error)),
                None => ended = true,
            }
        }
        if head.is_empty() {
            return Err(Refusal::Empty);
        }
        let looked = &head[..head.len().min(media::HEAD)];
        let media = media::detect(looked, ended && looked.len() == head.len(), name).ok_or(Refusal::Type)?;
        if media.contradicts(name) {
            return Err(Refusal::Name(media.mime));
        }
        self.take(media, head.freeze(), body).await
    }

    /// Reads a file that the program made itself, of a type that it knows.
    pub async fn receive_made<E>(
        &self,
        media: &'static MediaType,
        body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Received, Refusal<E>> {
        self.take(media, Bytes::new(), body).await
    }

    async fn take<E>(
        &self,
        media: &'static MediaType,
        head: Bytes,
        body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Received, Refusal<E>> {
        let path = format!("{INCOMING}/{}", Uuid::now_v7());
        let mut writing = Writing { hash: Sha256::new(), size: 0, media, to: self.write(&path).await? };
        match writing.all(head, body).await {
            Ok(()) => Ok(Received { sha256: hex(&writing.hash.finalize()), size: writing.size, media, path }),
            Err(refusal) => {
                writing.to.abort().await;
                Err(refusal)
            }
        }
    }
}

/// A file that is being written.
struct Writing {
    hash: Sha256,
    size: u64,
    media: &'static MediaType,
    to: Box<dyn Writer>,
}

impl Writing {
    async fn all<E>(
        &mut self,
        head: Bytes,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<(), Refusal<E>> {
        self.one(head).await?;
        while let Some(bytes) = body.next().await {
            self.one(bytes.map_err(Refusal::Broken)?).await?;
        }
        Ok(self.to.finish().await?)
    }

    async fn one<E>(&mut self, bytes: Bytes) -> Result<(), Refusal<E>> {
        self.size += bytes.len() as u64;
        if self.size > self.media.family.limit() {
            return Err(Refusal::TooLarge(self.media.family.limit()));
        }
        if self.media.family == Family::Text && bytes.contains(&0) {
            return Err(Refusal::Type);
        }
        self.hash.update(&bytes);
        Ok(self.to.put(bytes).await?)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
