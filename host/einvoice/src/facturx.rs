//! Factur-X: marks a PDF/A-3 that carries `factur-x.xml` as an invoice. The writer of the PDF cannot put own properties
//! into its XMP metadata, so an incremental update replaces that one object: everything before stays byte for byte.
//!
//! It reads what typst writes (a classic cross-reference table, metadata without a filter) and refuses anything else.

const SCHEMA: &str = include_str!("facturx/schema.xml");
const PROPERTIES: &str = include_str!("facturx/properties.xml");

/// The name that the attached invoice must have.
pub const FILE_NAME: &str = "factur-x.xml";

/// Why a file cannot be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("not a PDF with a classic cross-reference table")]
    Structure,
    #[error("the metadata is missing, or compressed")]
    Metadata,
    #[error("not a PDF/A-3 with extension schemas")]
    NotPdfA3,
    #[error("factur-x.xml is not attached")]
    NotAttached,
    #[error("already marked as Factur-X")]
    Marked,
}

/// The same PDF with the four Factur-X properties and their schema in its metadata. Same bytes in, same bytes out.
///
/// # Errors
/// When the file is not a PDF/A-3 as typst writes it, with the invoice attached and not yet marked.
pub fn mark(pdf: &[u8]) -> Result<Vec<u8>, Error> {
    let file = File::read(pdf).ok_or(Error::Structure)?;
    let catalogue = file.dictionary(file.root).ok_or(Error::Structure)?;
    if !contains(catalogue, format!("({FILE_NAME})").as_bytes()) {
        return Err(Error::NotAttached);
    }
    let id = reference(catalogue, b"/Metadata").ok_or(Error::Metadata)?;
    let metadata = patch(file.stream(id).ok_or(Error::Metadata)?)?;

    let mut out = pdf.to_vec();
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    let object = out.len();
    let length = metadata.len();
    let mut append = |text: &str| out.extend_from_slice(text.as_bytes());
    append(&format!("{id} 0 obj\n<</Length {length}/Type/Metadata/Subtype/XML>>\nstream\n"));
    append(&metadata);
    append("\nendstream\nendobj\n");
    let xref = out.len();
    let (trailer, previous) = (file.trailer, file.xref);
    out.extend_from_slice(format!("xref\n{id} 1\n{object:010} 00000 n \ntrailer\n<<").as_bytes());
    out.extend_from_slice(trailer);
    out.extend_from_slice(format!("/Prev {previous}>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    Ok(out)
}

/// Adds schema and properties to an XMP packet.
fn patch(metadata: &[u8]) -> Result<String, Error> {
    let metadata = std::str::from_utf8(metadata).map_err(|_| Error::Metadata)?;
    if metadata.contains("urn:factur-x:") {
        return Err(Error::Marked);
    }
    if !metadata.contains("<pdfaid:part>3</pdfaid:part>") {
        return Err(Error::NotPdfA3);
    }
    let (before, after) = metadata.split_once("</rdf:Bag></pdfaExtension:schemas>").ok_or(Error::NotPdfA3)?;
    let (middle, end) = after.split_once("</rdf:RDF>").ok_or(Error::NotPdfA3)?;
    Ok(format!("{before}{SCHEMA}</rdf:Bag></pdfaExtension:schemas>{middle}{PROPERTIES}</rdf:RDF>{end}"))
}

/// What an incremental update needs to know of a PDF.
struct File<'a> {
    bytes: &'a [u8],
    /// Where the cross-reference table begins.
    xref: usize,
    /// The trailer's dictionary without its brackets.
    trailer: &'a [u8],
    root: usize,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<File<'a>> {
        if !bytes.starts_with(b"%PDF-") {
            return None;
        }
        let start = rfind(bytes, b"startxref")?;
        let (xref, _) = number(&bytes[start + 9..])?;
        if !bytes.get(xref..start)?.starts_with(b"xref") {
            return None;
        }
        let table = &bytes[xref..start];
        let trailer = &table[find(table, b"trailer")? + 7..];
        let trailer = trailer.get(find(trailer, b"<<")? + 2..rfind(trailer, b">>")?)?;
        // A second update would need the tables before it.
        if contains(trailer, b"/Prev") {
            return None;
        }
        Some(File { bytes, xref, trailer, root: reference(trailer, b"/Root")? })
    }

    /// An object's bytes, from its table entry to the end of the file. The table is one section that begins at 0.
    fn object(&self, id: usize) -> Option<&'a [u8]> {
        let (first, rest) = number(self.bytes.get(self.xref + 4..)?)?;
        let (count, entries) = number(rest)?;
        let entries = &entries[find(entries, b"0")?..];
        if first != 0 || id >= count {
            return None;
        }
        let entry = entries.get(id.checked_mul(20)?..)?.get(..20)?;
        let object = self.bytes.get(number(entry)?.0..)?;
        let (found, rest) = number(object)?;
        (found == id && entry[17] == b'n').then_some(rest)
    }

    /// The dictionary an object begins with, to the end of the object.
    fn dictionary(&self, id: usize) -> Option<&'a [u8]> {
        let object = self.object(id)?;
        Some(&object[..find(object, b"endobj")?])
    }

    /// The content of a stream that has no filter.
    fn stream(&self, id: usize) -> Option<&'a [u8]> {
        let object = self.object(id)?;
        let begin = find(object, b"stream")?;
        let dictionary = &object[..begin];
        if contains(dictionary, b"/Filter") {
            return None;
        }
        let (length, rest) = number(&dictionary[find(dictionary, b"/Length")? + 7..])?;
        // A length that is a reference has a second number behind it.
        if number(rest).is_some_and(|_| rest.trim_ascii_start().starts_with(b"0 R")) {
            return None;
        }
        let content = &object[begin + 6..];
        let content = content.strip_prefix(b"\r\n").or_else(|| content.strip_prefix(b"\n"))?;
        content.get(..length)
    }
}

/// The number of the object that a key refers to.
fn reference(dictionary: &[u8], key: &[u8]) -> Option<usize> {
    let (id, rest) = number(&dictionary[find(dictionary, key)? + key.len()..])?;
    rest.trim_ascii_start().starts_with(b"0 R").then_some(id)
}

/// A number after spaces, and what follows.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let bytes = bytes.trim_ascii_start();
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let digits = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((digits.parse().ok()?, &bytes[end..]))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    find(bytes, what).is_some()
}
