//! The types of files that are taken, told by their content. A name is only compared with the content, except where
//! one container holds several types (old Office documents, plain text).

/// Types with the same limit and the same treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Pdf,
    /// Pictures of pixels. A drawing (SVG) can hold scripts and is not taken.
    Picture,
    /// Documents of office programs.
    Office,
    /// Plain text and CSV.
    Text,
    /// Files that the program packed. Nobody hands one in.
    Archive,
}

impl Family {
    /// The largest file of this family, in bytes. A scanned dossier of 200 pages has about 40 MiB.
    pub fn limit(self) -> u64 {
        match self {
            Family::Pdf => crate::MAX_FILE,
            Family::Picture | Family::Office => 25 << 20,
            Family::Text => 5 << 20,
            Family::Archive => 2 << 30,
        }
    }
}

/// A type of files.
#[derive(Debug, PartialEq, Eq)]
pub struct MediaType {
    /// As in `Content-Type`.
    pub mime: &'static str,
    /// Endings of names, in lower case and without the dot. The first one is the usual one.
    pub extensions: &'static [&'static str],
    pub family: Family,
    /// Can a browser show it without running anything of it?
    pub preview: bool,
}

const fn shown(mime: &'static str, extensions: &'static [&'static str], family: Family) -> MediaType {
    MediaType { mime, extensions, family, preview: true }
}

const fn kept(mime: &'static str, extensions: &'static [&'static str], family: Family) -> MediaType {
    MediaType { mime, extensions, family, preview: false }
}

/// Every type that is taken.
pub static TYPES: [MediaType; 20] = [
    shown("application/pdf", &["pdf"], Family::Pdf),
    shown("image/png", &["png"], Family::Picture),
    shown("image/jpeg", &["jpg", "jpeg"], Family::Picture),
    shown("image/webp", &["webp"], Family::Picture),
    shown("image/gif", &["gif"], Family::Picture),
    kept("image/tiff", &["tif", "tiff"], Family::Picture),
    kept("image/heif", &["heic", "heif"], Family::Picture),
    kept("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"], Family::Office),
    kept("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"], Family::Office),
    kept("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"], Family::Office),
    kept("application/vnd.oasis.opendocument.text", &["odt"], Family::Office),
    kept("application/vnd.oasis.opendocument.spreadsheet", &["ods"], Family::Office),
    kept("application/vnd.oasis.opendocument.presentation", &["odp"], Family::Office),
    kept("application/msword", &["doc"], Family::Office),
    kept("application/vnd.ms-excel", &["xls"], Family::Office),
    kept("application/vnd.ms-powerpoint", &["ppt"], Family::Office),
    kept("application/vnd.ms-outlook", &["msg"], Family::Office),
    // Electronic invoices.
    kept(XML, &["xml"], Family::Text),
    kept("text/csv", &["csv"], Family::Text),
    kept("text/plain", &["txt"], Family::Text),
];

/// An archive that the program made.
pub static ARCHIVE: MediaType = kept("application/zip", &["zip"], Family::Archive);

/// Bytes from the beginning of a file that [`detect`] looks at.
pub const HEAD: usize = 8192;

/// The beginning of a compound file: the container of old Office documents and of mails kept by Outlook.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const ZIP: [u8; 4] = [b'P', b'K', 3, 4];
/// The type of a compound file and of Office documents in ZIP is told by the name among these.
const COMPOUNDS: [&str; 4] = ["doc", "xls", "ppt", "msg"];
const OPEN_XML: [&str; 3] = ["docx", "xlsx", "pptx"];
const XML: &str = "text/xml";
const TEXTS: [&str; 2] = ["csv", "txt"];

impl MediaType {
    /// The stored type with this name.
    pub fn of(mime: &str) -> Option<&'static MediaType> {
        TYPES.iter().find(|known| known.mime == mime)
    }

    /// Does a name contradict the type? A name without an ending does not.
    pub fn contradicts(&self, name: &str) -> bool {
        extension(name).is_some_and(|ending| !self.extensions.contains(&ending.as_str()))
    }
}

/// The ending of a name in lower case, without the dot.
fn extension(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let word = (1..=5).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric());
    (word && !stem.is_empty()).then(|| ending.to_ascii_lowercase())
}

fn by_extension(ending: &str) -> Option<&'static MediaType> {
    TYPES.iter().find(|known| known.extensions.contains(&ending))
}

/// The type of a file that begins with `head`. `whole`: the head is the whole file. `None`: no type that is taken.
pub fn detect(head: &[u8], whole: bool, name: &str) -> Option<&'static MediaType> {
    let ending = extension(name);
    let named = |among: &[&str]| ending.as_deref().filter(|e| among.contains(e)).and_then(by_extension);
    if head.starts_with(&COMPOUND) {
        return named(&COMPOUNDS);
    }
    if let Some(found) = infer::get(head) {
        // Pages and drawings can be XML, too: only what is called so is taken.
        if found.mime_type() == XML {
            return named(&["xml"]);
        }
        if let Some(known) = MediaType::of(found.mime_type()) {
            // A document with macros (`docm`, `xlsm`) has the same container; only its name differs.
            return Some(known);
        }
        // Writers order the parts differently, so the kind of document may come after the head.
        let office = head.starts_with(&ZIP) && contains(head, b"[Content_Types].xml");
        return if office { named(&OPEN_XML) } else { None };
    }
    is_text(head, whole).then(|| named(&TEXTS)).flatten()
}

fn contains(head: &[u8], part: &[u8]) -> bool {
    head.windows(part.len()).any(|window| window == part)
}

/// Text in UTF-8, or in one of the Windows code pages: no control characters but tabs and line ends.
fn is_text(head: &[u8], whole: bool) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    if head.iter().any(control) {
        return false;
    }
    match std::str::from_utf8(head) {
        Ok(_) => true,
        // A letter may be cut at the end of the head.
        Err(error) if !whole && error.error_len().is_none() => true,
        // No letter of a Windows code page is in the range of C1 controls that it leaves free.
        Err(_) => !head.iter().any(|byte| matches!(byte, 0x7F | 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(head: &[u8], name: &str) -> Option<&'static str> {
        detect(head, true, name).map(|found| found.mime)
    }

    #[test]
    fn content_tells_the_type_whatever_the_name_says() {
        assert_eq!(told(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", "convention.pdf"), Some("application/pdf"));
        assert_eq!(told(b"%PDF-1.7\n", "photo.png"), Some("application/pdf"));
        assert_eq!(told(b"\x89PNG\r\n\x1a\n", "image.png"), Some("image/png"));
        assert_eq!(told(b"\xFF\xD8\xFF\xE0\0\x10JFIF", "scan"), Some("image/jpeg"));
        assert_eq!(told(&COMPOUND, "cv.doc"), Some("application/msword"));
        assert_eq!(told("Élève;Présence\n".as_bytes(), "liste.csv"), Some("text/csv"));
        assert_eq!(told(b"\xC9l\xE8ve;Pr\xE9sence\n", "liste.csv"), Some("text/csv"));
        assert_eq!(told(b"<?xml version=\"1.0\"?><rsm:CrossIndustryInvoice/>", "facture.xml"), Some("text/xml"));
    }

    #[test]
    fn what_can_run_is_not_taken() {
        for (head, name) in [
            (&b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"[..], "logo.svg"),
            (b"<?xml version=\"1.0\"?><svg/>", "logo.png"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "page.html"),
            (b"<html>", "note.txt"),
            (b"MZ\x90\0\x03\0\0\0", "setup.pdf"),
            (b"\x7FELF\x02\x01\x01", "x"),
            (b"#!/bin/sh\nrm -rf /", "note.txt"),
            (b"PK\x03\x04\x14\0\0\0", "archive.zip"),
            (b"PK\x03\x04\x14\0\0\0 AndroidManifest.xml", "app.docx"),
            (&COMPOUND, "setup.msi"),
            (b"alert(1)", "script.js"),
            (b"a\0b", "note.txt"),
        ] {
            assert_eq!(told(head, name), None, "{name}");
        }
    }

    #[test]
    fn a_name_may_not_say_something_else() {
        let pdf = MediaType::of("application/pdf").unwrap();
        assert!(!pdf.contradicts("Convention signée.PDF") && !pdf.contradicts("Convention n° 12. Signée"));
        assert!(pdf.contradicts("convention.exe") && pdf.contradicts("convention.pdf.html"));
        let docx = MediaType::of(TYPES[7].mime).unwrap();
        assert!(docx.contradicts("macro.docm"));
    }

    #[test]
    fn a_letter_may_be_cut_at_the_end_of_the_head() {
        let text = "é".repeat(HEAD);
        assert!(detect(&text.as_bytes()[..HEAD - 1], false, "a.txt").is_some());
        assert!(detect(&text.as_bytes()[..HEAD - 1], true, "a.txt").is_some(), "as windows-1252");
        assert!(detect(b"\xC3\x81\x81\x8D", true, "a.txt").is_none());
    }

    #[test]
    fn types_are_distinct_and_within_the_limit() {
        let mut endings: Vec<_> = TYPES.iter().flat_map(|known| known.extensions).collect();
        let all = endings.len();
        endings.sort();
        endings.dedup();
        assert_eq!(endings.len(), all);
        assert!(TYPES.iter().all(|known| known.family.limit() <= crate::MAX_FILE));
    }
}
