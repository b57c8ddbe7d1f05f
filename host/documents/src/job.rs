//! What a document is made of, and what comes out.

use crate::package::Package;
use crate::protocol::{Diagnostic, Relationship};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document to make. The same job makes the same bytes.
#[derive(Clone, Debug)]
pub struct Job {
    pub package: Arc<Package>,
    /// The template's path in the package, e.g. `devis.typ`.
    pub entry: String,
    /// The template reads it with `json("/data.json")`.
    pub data: serde_json::Value,
    /// Further files of this job by absolute path, e.g. `/assets/logo.png`. They come before those of the package.
    pub files: BTreeMap<String, Bytes>,
    /// The document's date: in its metadata, and what `datetime.today()` answers, in UTC.
    pub date: DateTime<Utc>,
    /// The title in the metadata. A template can set another one.
    pub title: String,
    /// Names the document in the metadata, as a hash.
    pub identifier: String,
    /// A language and perhaps a region, e.g. `fr` or `fr-FR` (BCP 47).
    pub lang: String,
    pub output: Output,
}

#[derive(Clone, Debug)]
pub enum Output {
    /// `archival`: the document has to meet PDF/A-3a and PDF/UA-1, otherwise the job fails.
    Pdf { archival: bool, attachments: Vec<Attachment> },
    /// One picture per page.
    Svg,
}

/// A file inside the PDF.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Distinct in one document.
    pub name: String,
    pub media_type: String,
    pub relationship: Relationship,
    pub description: String,
    pub bytes: Bytes,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendered {
    Pdf {
        bytes: Vec<u8>,
        pages: u32,
    },
    /// The SVG of each page.
    Svg(Vec<String>),
}

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The template is wrong, or does not fit its data. There is at least one diagnostic.
    #[error("the template is wrong: {}", first(.0))]
    Template(Vec<Diagnostic>),
    #[error("the document took too long")]
    TimedOut,
    #[error("the document needs too much memory")]
    OutOfMemory,
    /// The document, or what it is made of.
    #[error("the document is too large")]
    TooLarge,
    /// The program ended in the middle of the job.
    #[error("the document's program crashed")]
    Crashed,
    /// Too many documents wait.
    #[error("too many documents are being made")]
    Busy,
    /// The program is not installed.
    #[error("documents cannot be made here")]
    Unavailable,
}

impl Error {
    /// One word for logs and metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Error::Template(_) => "template",
            Error::TimedOut => "timed_out",
            Error::OutOfMemory => "out_of_memory",
            Error::TooLarge => "too_large",
            Error::Crashed => "crashed",
            Error::Busy => "busy",
            Error::Unavailable => "unavailable",
        }
    }
}

fn first(problems: &[Diagnostic]) -> String {
    problems.first().map(|told| format!("{}:{}: {}", told.file, told.line, told.message)).unwrap_or_default()
}
