//! `afpi-typeset` sets documents with typst. The host starts it, see `afpi_documents::protocol`. It reads only stdin
//! and writes only stdout. It is no command for people.

mod diagnostics;
mod limits;
mod render;
mod world;

use afpi_documents::protocol::{
    FRAME_BYTES, Limits, Output, Reply, Request, Shelf, frame_length, read_frame, write_message,
};
use render::{Content, Made};
use serde::de::DeserializeOwned;
use std::io::{BufWriter, Error, ErrorKind, Read, Result, Write};
use std::process::ExitCode;
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use world::Package;

/// What was not used in this many jobs leaves typst's caches.
const CACHED_JOBS: usize = 3;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<()> {
    let mut from = std::io::stdin().lock();
    let mut to = BufWriter::new(std::io::stdout().lock());
    let Some(told) = message::<Limits>(&mut from)? else { return Ok(()) };
    limits::apply(&told)?;
    let library = LazyHash::new(Library::default());
    let mut packages = Shelf::default();
    while let Some(request) = message::<Request>(&mut from)? {
        limits::allow_cpu(told.cpu_seconds)?;
        let content = content(&mut from, &request, &mut packages)?;
        let package = packages.front().ok_or_else(|| Error::other("there is no package"))?;
        let made = render::render(&library, package, &request, content);
        answer(&mut to, made, told.output)?;
        comemo::evict(CACHED_JOBS);
    }
    Ok(())
}

fn message<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>> {
    Ok(read_frame(from, FRAME_BYTES)?.map(|frame| serde_json::from_slice(&frame)).transpose()?)
}

fn bytes(from: &mut impl Read) -> Result<Vec<u8>> {
    read_frame(from, FRAME_BYTES)?.ok_or_else(|| ErrorKind::UnexpectedEof.into())
}

/// Reads the frames of a request, and brings its package to the front.
fn content(from: &mut impl Read, request: &Request, packages: &mut Shelf<Package>) -> Result<Content> {
    let data = bytes(from)?;
    if let Some(paths) = &request.package_files {
        let files = paths.iter().map(|path| Ok((path.clone(), bytes(from)?))).collect::<Result<Vec<_>>>()?;
        packages.put(request.package, Package::new(files));
    } else if !packages.touch(&request.package) {
        return Err(Error::other("the package is not here"));
    }
    let files = request.files.iter().map(|_| bytes(from)).collect::<Result<_>>()?;
    let attachments = match &request.output {
        Output::Pdf { attachments, .. } => attachments.iter().map(|_| bytes(from)).collect::<Result<_>>()?,
        Output::Svg => Vec::new(),
    };
    Ok(Content { data, files, attachments })
}

fn answer(
    to: &mut impl Write,
    made: std::result::Result<Made, Vec<afpi_documents::Diagnostic>>,
    most: u64,
) -> Result<()> {
    let (reply, frames): (Reply, Vec<Vec<u8>>) = match made {
        Ok(Made::Pdf { pages, bytes }) => (Reply::Pdf { pages }, vec![bytes]),
        Ok(Made::Svg(pages)) => {
            let count = u32::try_from(pages.len()).map_err(Error::other)?;
            (Reply::Svg { pages: count }, pages.into_iter().map(String::into_bytes).collect())
        }
        Err(problems) => (Reply::Refused(problems), Vec::new()),
    };
    let size: u64 = frames.iter().map(|frame| frame.len() as u64).sum();
    let (reply, frames) = if size > most { (Reply::TooLarge, Vec::new()) } else { (reply, frames) };
    write_message(to, &reply)?;
    for frame in frames {
        to.write_all(&frame_length(&frame)?)?;
        to.write_all(&frame)?;
    }
    to.flush()
}
