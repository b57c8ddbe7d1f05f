//! From a job to a PDF or to pages. What typst only warns of is an error here: an unknown font, a layout that does not
//! settle. So is a character without a glyph, and in a PDF a table without a header.

use crate::diagnostics;
use crate::world::{JobWorld, Package, id};
use afpi_documents::protocol::{Attached, Diagnostic, Output, Request};
use serde::Serialize;
use std::collections::BTreeSet;
use typst::Library;
use typst::diag::{SourceDiagnostic, error};
use typst::foundations::{Datetime, NativeElement, Smart};
use typst::introspection::Introspector;
use typst::layout::{Frame, FrameItem};
use typst::model::{TableChild, TableElem};
use typst::syntax::FileId;
use typst::text::{TextItem, is_default_ignorable};
use typst::utils::LazyHash;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// The template around every template. It reads a [`Settings`].
const AROUND: &str = include_str!("job.typ");

/// What a job made.
pub enum Made {
    Pdf { pages: u32, bytes: Vec<u8> },
    Svg(Vec<String>),
}

/// The bytes that came with a request.
pub struct Content {
    pub data: Vec<u8>,
    pub files: Vec<Vec<u8>>,
    pub attachments: Vec<Vec<u8>>,
}

/// What `job.typ` reads.
#[derive(Serialize)]
struct Settings<'a> {
    title: &'a str,
    entry: &'a str,
    lang: &'a str,
    region: Option<&'a str>,
    fonts: Vec<&'a str>,
    attachments: &'a [Attached],
}

/// Renders a job.
pub fn render(
    library: &LazyHash<Library>,
    package: &Package,
    request: &Request,
    content: Content,
) -> Result<Made, Vec<Diagnostic>> {
    let refused = |message: &str| vec![diagnostics::of_job(&request.entry, message)];
    let fonts = package.families();
    if fonts.is_empty() {
        return Err(refused("the package has no font"));
    }
    let date = time::OffsetDateTime::from_unix_timestamp(request.date).map_err(|_| refused("the date is unknown"))?;
    let attachments: &[Attached] = match &request.output {
        Output::Pdf { attachments, .. } => attachments,
        Output::Svg => &[],
    };
    let (lang, region) = match request.lang.split_once('-') {
        Some((lang, region)) => (lang, Some(region)),
        None => (&request.lang[..], None),
    };
    let entry = request.entry.trim_start_matches('/');
    let settings = Settings { title: &request.title, entry, lang, region, fonts, attachments };
    let settings = serde_json::to_vec(&settings).map_err(|error| refused(&error.to_string()))?;

    let mut files: Vec<(FileId, Vec<u8>)> = Vec::new();
    let mut add = |path: &str, bytes| match id(path) {
        Some(id) => {
            files.push((id, bytes));
            Ok(())
        }
        None => Err(refused(&format!("the path {path} is outside of the package"))),
    };
    for (path, bytes) in request.files.iter().zip(content.files) {
        add(path, bytes)?;
    }
    add("/data.json", content.data)?;
    for (at, bytes) in content.attachments.into_iter().enumerate() {
        add(&format!("/.afpi/{at}"), bytes)?;
    }
    add("/.afpi/job.json", settings)?;
    let main = "/.afpi/job.typ";
    add(main, AROUND.into())?;
    let main = id(main).ok_or_else(|| refused("the path of the job is unknown"))?;
    let world = JobWorld::new(library, package, main, files, date);

    let told = |problems: &[SourceDiagnostic]| diagnostics::of_template(&world, &request.entry, problems);
    let compiled = typst::compile::<PagedDocument>(&world);
    let mut problems: Vec<SourceDiagnostic> = compiled.warnings.into_iter().collect();
    let document = match compiled.output {
        Ok(document) => document,
        Err(errors) => {
            problems.splice(..0, errors);
            return Err(told(&problems));
        }
    };
    for page in document.pages() {
        missing_glyphs(&page.frame, &mut problems);
    }
    if let Output::Pdf { .. } = request.output {
        tables_without_header(&document, &mut problems);
    }
    if !problems.is_empty() {
        return Err(told(&problems));
    }
    match request.output {
        Output::Pdf { archival, .. } => {
            let options = pdf_options(request, date, archival).ok_or_else(|| refused("the standards do not fit"))?;
            let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors))?;
            Ok(Made::Pdf { pages: u32::try_from(document.pages().len()).unwrap_or(u32::MAX), bytes })
        }
        Output::Svg => {
            let options = typst_svg::SvgOptions { render_bleed: false, pretty: false };
            Ok(Made::Svg(document.pages().iter().map(|page| typst_svg::svg(page, &options)).collect()))
        }
    }
}

/// An identifier and a date, so that the same job makes the same bytes.
fn pdf_options(request: &Request, date: time::OffsetDateTime, archival: bool) -> Option<PdfOptions> {
    let datetime = Datetime::from_ymd_hms(
        date.year(),
        date.month().into(),
        date.day(),
        date.hour(),
        date.minute(),
        date.second(),
    )?;
    let standards: &[PdfStandard] = if archival { &[PdfStandard::A_3a, PdfStandard::Ua_1] } else { &[] };
    Some(PdfOptions {
        ident: Smart::Custom(request.identifier.clone()),
        creator: Smart::Custom(Some("AFPI CRM".into())),
        timestamp: Some(Timestamp::new_utc(datetime)),
        standards: if standards.is_empty() { PdfStandards::default() } else { PdfStandards::new(standards).ok()? },
        ..PdfOptions::default()
    })
}

/// Each missing character is told once.
fn missing_glyphs(frame: &Frame, problems: &mut Vec<SourceDiagnostic>) {
    fn walk(frame: &Frame, seen: &mut BTreeSet<char>, problems: &mut Vec<SourceDiagnostic>) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => walk(&group.frame, seen, problems),
                FrameItem::Text(text) => missing_in(text, seen, problems),
                _ => {}
            }
        }
    }
    walk(frame, &mut BTreeSet::new(), problems);
}

fn missing_in(text: &TextItem, seen: &mut BTreeSet<char>, problems: &mut Vec<SourceDiagnostic>) {
    for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
        let missing = text.text.get(glyph.range()).and_then(|cluster| cluster.chars().next()).unwrap_or_default();
        if missing.is_whitespace() || is_default_ignorable(missing) || !seen.insert(missing) {
            continue;
        }
        let font = &text.font.font().info().family;
        let code = u32::from(missing);
        problems.push(error!(glyph.span.0, "the font {font} lacks the character {missing} (U+{code:04X})"));
    }
}

/// A screen reader tells the cells of a table by its header (PDF/UA-1, 7.5).
fn tables_without_header(document: &PagedDocument, problems: &mut Vec<SourceDiagnostic>) {
    for content in document.introspector().query(&TableElem::ELEM.select()) {
        let Some(table) = content.to_packed::<TableElem>() else { continue };
        if !table.children.iter().any(|child| matches!(child, TableChild::Header(_))) {
            problems.push(error!(table.span(), "a table needs `table.header`; use `grid` for a layout"));
        }
    }
}
