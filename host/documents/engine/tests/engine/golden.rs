//! The same job makes the same bytes. A hash changes with a new version of typst: then look at the documents, and
//! write the new hash here.

use super::*;
use afpi_documents::{Attachment, Relationship};
use sha2::{Digest, Sha256};

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn with_attachments() -> Job {
    let attachment = |name: &str, media_type: &str, relationship, text: &'static str| Attachment {
        name: name.into(),
        media_type: media_type.into(),
        relationship,
        description: "Données".into(),
        bytes: Bytes::from_static(text.as_bytes()),
    };
    let attachments = vec![
        attachment("factur-x.xml", "text/xml", Relationship::Alternative, "<Invoice/>"),
        attachment("data.json", "application/json", Relationship::Supplement, "{\"net\": 120000}"),
    ];
    job(package(""), "devis.typ", Output::Pdf { archival: true, attachments })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_are_the_ones_of_yesterday() {
    let engine = engine();
    let draft = job(package(""), "devis.typ", Output::Pdf { archival: false, attachments: Vec::new() });
    let preview = job(package(""), "devis.typ", Output::Svg);
    let made = [
        ("archival", hex(&pdf(engine.render(archival("devis.typ")).await).0)),
        ("landscape", hex(&pdf(engine.render(archival("paysage.typ")).await).0)),
        ("attachments", hex(&pdf(engine.render(with_attachments()).await).0)),
        ("draft", hex(&pdf(engine.render(draft).await).0)),
        ("preview", hex(svg(engine.render(preview).await).concat().as_bytes())),
    ];
    let golden = include_str!("golden.txt").lines().filter_map(|line| line.split_once(' '));
    assert_eq!(made.iter().map(|(name, hash)| (*name, hash.as_str())).collect::<Vec<_>>(), golden.collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_process_makes_the_same_bytes() {
    let engine = engine();
    let first = pdf(engine.render(with_attachments()).await);
    // Another document in between fills the caches.
    svg(engine.render(preview("= Autre")).await);
    assert_eq!(pdf(engine.render(with_attachments()).await), first);
    assert_eq!(pdf(super::engine().render(with_attachments()).await), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_date_and_the_identifier_are_those_of_the_job() {
    let engine = engine();
    let (bytes, pages) = pdf(engine.render(archival("devis.typ")).await);
    assert_eq!(pages, 1);
    let text = String::from_utf8_lossy(&bytes);
    for mark in [
        "<xmp:CreateDate>2026-11-28T12:00:00+00:00</xmp:CreateDate>",
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<rdf:li xml:lang=\"x-default\">Devis D-2026-0042</rdf:li>",
        "<rdf:li>fr-FR</rdf:li>",
    ] {
        assert!(text.contains(mark), "{mark} in {}", &text[text.find("<x:xmpmeta").unwrap_or(0)..]);
    }
    let other = Job { identifier: "devis/42/2".into(), ..archival("devis.typ") };
    assert_ne!(pdf(engine.render(other).await).0, bytes);
    let later = Job { date: "2026-11-29T12:00:00Z".parse().unwrap(), ..archival("devis.typ") };
    assert_ne!(pdf(engine.render(later).await).0, bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_have_a_name_and_a_relationship() {
    let (bytes, pages) = pdf(engine().render(with_attachments()).await);
    assert_eq!(pages, 1, "an attachment takes no page");
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("(factur-x.xml)") && text.contains("/AFRelationship/Alternative"));
    assert!(text.contains("(data.json)") && text.contains("/AFRelationship/Supplement"));
    let mut twice = with_attachments();
    if let Output::Pdf { attachments, .. } = &mut twice.output {
        attachments[1].name = "factur-x.xml".into();
    }
    assert!(problem(engine().render(twice).await).message.contains("twice"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_has_a_picture_for_each_page() {
    let mut long = job(package(""), "paysage.typ", Output::Svg);
    long.data = rows(80);
    let pages = svg(engine().render(long).await);
    assert!(pages.len() > 2 && pages.iter().all(|page| page.starts_with("<svg")), "{}", pages.len());
}

/// What an archive needs is enforced, and the same template is free in a draft.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_without_words_is_no_archive() {
    let template = "#figure(image(\"images/square.svg\", width: 1cm))";
    let engine = engine();
    let archival = Output::Pdf { archival: true, attachments: Vec::new() };
    let told = problem(engine.render(job(package(template), "test.typ", archival)).await);
    assert!(told.message.contains("alt"), "{told:?}");
    assert_eq!((told.file.as_str(), told.line), ("test.typ", 1));
    let draft = Output::Pdf { archival: false, attachments: Vec::new() };
    pdf(engine.render(job(package(template), "test.typ", draft)).await);
}
