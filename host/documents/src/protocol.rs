//! What the host and the program `afpi-typeset` say to each other over its stdin and stdout.
//!
//! A message is a JSON frame, followed by frames of bytes. A frame is its length (four bytes, little endian) and its
//! content. The host first says the [`Limits`], then one [`Request`] after the other, and waits for the [`Reply`] of
//! each. A closed stdin ends the program.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Result, Write};

/// Packages that a child keeps.
pub const KEPT_PACKAGES: usize = 4;

/// The largest frame that anybody accepts.
pub const FRAME_BYTES: usize = 256 << 20;

/// The most diagnostics of one job. The first ones tell the cause.
pub const DIAGNOSTICS: usize = 20;

/// What the child may use.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Address space in bytes.
    pub memory: u64,
    /// Seconds of CPU for one job.
    pub cpu_seconds: u64,
    /// Bytes of all frames of a reply.
    pub output: u64,
}

/// One job. Its byte frames follow in this order: the data (JSON), the files of the package if [`Request::package_files`]
/// names them, [`Request::files`], the attachments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// SHA-256 of the package.
    pub package: [u8; 32],
    /// The paths of its files. Absent if the child still has it, see [`Shelf`].
    pub package_files: Option<Vec<String>>,
    pub entry: String,
    /// Paths of further files of this job.
    pub files: Vec<String>,
    /// Seconds since the epoch.
    pub date: i64,
    pub title: String,
    pub identifier: String,
    pub lang: String,
    pub output: Output,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Output {
    Pdf { archival: bool, attachments: Vec<Attached> },
    Svg,
}

/// What an attachment is called. Its bytes are a frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attached {
    pub name: String,
    pub media_type: String,
    pub relationship: Relationship,
    pub description: String,
}

/// What an attached file is to its document (ISO 32000-2, 7.11.3, `AFRelationship`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relationship {
    /// The document was made from it.
    Source,
    /// The document shows a part of it.
    Data,
    /// It says the same as the document, e.g. the XML of a Factur-X invoice.
    Alternative,
    /// It adds something.
    Supplement,
}

/// The answer to a job. The frames of the result follow it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// One frame follows.
    Pdf {
        pages: u32,
    },
    /// One frame per page follows.
    Svg {
        pages: u32,
    },
    Refused(Vec<Diagnostic>),
    TooLarge,
}

/// A problem of a template. `line` counts from 1. It is 0 if the place is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub file: String,
    pub line: u32,
    pub message: String,
}

/// The packages that were used last, the newest first. The host and the child each have one, so that the host knows
/// what the child still holds.
#[derive(Debug)]
pub struct Shelf<T>(VecDeque<([u8; 32], T)>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Shelf(VecDeque::new())
    }
}

impl<T> Shelf<T> {
    /// Moves the package to the front. False: it is not here.
    pub fn touch(&mut self, package: &[u8; 32]) -> bool {
        let Some(at) = self.0.iter().position(|(name, _)| name == package) else { return false };
        if let Some(found) = self.0.remove(at) {
            self.0.push_front(found);
        }
        true
    }

    /// Puts a package in front. The oldest falls off.
    pub fn put(&mut self, package: [u8; 32], held: T) {
        self.0.push_front((package, held));
        self.0.truncate(KEPT_PACKAGES);
    }

    /// The package that was touched or put last.
    pub fn front(&self) -> Option<&T> {
        self.0.front().map(|(_, held)| held)
    }
}

/// Reads a frame. `None`: the other side is done.
pub fn read_frame(from: &mut impl Read, most: usize) -> Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1])? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..])?,
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > most {
        return Err(Error::new(ErrorKind::InvalidData, "the frame is too long"));
    }
    let mut content = Vec::with_capacity(length);
    if from.take(length as u64).read_to_end(&mut content)? < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(content))
}

/// The four bytes before a frame.
pub fn frame_length(content: &[u8]) -> Result<[u8; 4]> {
    let too_long = |_| Error::new(ErrorKind::InvalidData, "the frame is too long");
    Ok(u32::try_from(content.len()).map_err(too_long)?.to_le_bytes())
}

pub fn write_frame(to: &mut impl Write, content: &[u8]) -> Result<()> {
    to.write_all(&frame_length(content)?)?;
    to.write_all(content)
}

/// A JSON frame.
pub fn write_message(to: &mut impl Write, message: &impl Serialize) -> Result<()> {
    write_frame(to, &serde_json::to_vec(message)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_they_were_written() {
        let mut wire = Vec::new();
        write_frame(&mut wire, b"one").unwrap();
        write_frame(&mut wire, b"").unwrap();
        let mut from = &wire[..];
        assert_eq!(read_frame(&mut from, 3).unwrap().as_deref(), Some(&b"one"[..]));
        assert_eq!(read_frame(&mut from, 3).unwrap().as_deref(), Some(&b""[..]));
        assert_eq!(read_frame(&mut from, 3).unwrap(), None);
        assert_eq!(read_frame(&mut &wire[..], 2).unwrap_err().kind(), ErrorKind::InvalidData);
        assert_eq!(read_frame(&mut &wire[..5], 3).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn both_sides_forget_the_same_package() {
        let name = |n: usize| [u8::try_from(n).unwrap(); 32];
        let mut shelf = Shelf::default();
        for n in 0..KEPT_PACKAGES {
            shelf.put(name(n), n);
        }
        assert!(shelf.touch(&name(0)));
        assert_eq!(shelf.front(), Some(&0));
        shelf.put(name(9), 9);
        assert!(!shelf.touch(&name(1)), "it was the oldest");
        assert!(shelf.touch(&name(0)));
    }
}
