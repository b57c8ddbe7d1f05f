//! A PDF/A-3 of typst becomes a Factur-X file.

use afpi_einvoice::facturx::{Error, mark};

use crate::support::leave;

const PDF: &[u8] = include_bytes!("facture.pdf");

fn position(bytes: &[u8], what: &str) -> usize {
    bytes.windows(what.len()).position(|window| window == what.as_bytes()).expect("it is there")
}

#[test]
fn the_pdf_is_marked_and_nothing_else_changes() {
    let marked = mark(PDF).expect("it is a PDF/A-3 with an invoice");
    leave("pdf/facture.pdf", &marked);
    assert!(marked.starts_with(PDF), "what was there stays byte for byte");
    assert_eq!(marked, mark(PDF).expect("the same again"));

    let added = &marked[PDF.len()..];
    let packet = &added[position(added, "<?xpacket begin")..position(added, "endstream")];
    let packet = std::str::from_utf8(packet).expect("it is UTF-8");
    let xmp = roxmltree::Document::parse(packet.trim()).expect("it is well-formed");
    let value = |name: &str| {
        let namespace = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";
        xmp.descendants().find(|node| node.has_tag_name((namespace, name))).and_then(|node| node.text())
    };
    assert_eq!(value("DocumentType"), Some("INVOICE"));
    assert_eq!(value("DocumentFileName"), Some("factur-x.xml"));
    assert_eq!(value("Version"), Some("1.0"));
    assert_eq!(value("ConformanceLevel"), Some("EN 16931"));
}

#[test]
fn what_is_not_such_a_pdf_is_refused() {
    let marked = mark(PDF).expect("it is a PDF/A-3 with an invoice");
    assert_eq!(mark(&marked), Err(Error::Structure), "an updated file has two tables");
    assert_eq!(mark(b""), Err(Error::Structure));
    assert_eq!(mark(b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF"), Err(Error::Structure));
    assert_eq!(mark(&PDF[..PDF.len() / 2]), Err(Error::Structure));
    let with = |from: &str, to: &str| {
        let mut pdf = PDF.to_vec();
        let at = position(&pdf, from);
        let same_length = format!("{to:<width$}", width = from.len());
        pdf[at..at + from.len()].copy_from_slice(same_length.as_bytes());
        mark(&pdf)
    };
    assert_eq!(with("[(factur-x.xml)", "[(facture-.xml)"), Err(Error::NotAttached));
    assert_eq!(with("<pdfaid:part>3", "<pdfaid:part>2"), Err(Error::NotPdfA3));
    assert_eq!(with("/Type/Metadata/Subtype", "/Filter/FlateDecode"), Err(Error::Metadata));
    assert_eq!(with("http://ns.adobe.com/xap/1.0/mm/", "urn:factur-x:1p0"), Err(Error::Marked));
}

#[test]
fn no_damage_to_the_file_makes_it_panic() {
    for i in (0..PDF.len()).step_by(37) {
        let mut pdf = PDF.to_vec();
        pdf[i] ^= 0x15;
        let _ = mark(&pdf);
        let _ = mark(&PDF[..i]);
    }
    // The end holds the table and the trailer.
    for i in PDF.len() - 1_000..PDF.len() {
        for with in [b'0', b'9', b'<', b'>', b' '] {
            let mut pdf = PDF.to_vec();
            pdf[i] = with;
            let _ = mark(&pdf);
        }
    }
}
