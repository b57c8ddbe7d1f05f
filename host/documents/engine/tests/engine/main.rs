//! The program with the pool in front of it, as the host uses it.

mod golden;
mod limits;
mod walls;

use afpi_documents::{Config, Diagnostic, Engine, Error, Job, Output, Package, Rendered};
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Files of `package/`, in which the golden documents are.
const FILES: [(&str, &[u8]); 5] = [
    ("base.typ", include_bytes!("package/base.typ")),
    ("devis.typ", include_bytes!("package/devis.typ")),
    ("paysage.typ", include_bytes!("package/paysage.typ")),
    ("images/square.svg", include_bytes!("package/images/square.svg")),
    // Tuffy by Thatcher Ulrich is in the public domain.
    ("fonts/Tuffy.ttf", include_bytes!("package/fonts/Tuffy.ttf")),
];

fn config() -> Config {
    Config::new(PathBuf::from(env!("CARGO_BIN_EXE_afpi-typeset")))
}

fn engine() -> Engine {
    Engine::new(config())
}

/// The package with one more template, `test.typ`.
fn package(template: &str) -> Arc<Package> {
    let mut files: BTreeMap<String, Bytes> =
        FILES.iter().map(|(path, content)| ((*path).to_owned(), Bytes::from_static(content))).collect();
    files.insert("test.typ".into(), Bytes::from(template.to_owned()));
    Arc::new(Package::new(files).unwrap())
}

fn rows(count: usize) -> Value {
    let row = |n| json!({"label": format!("Formation n° {n}"), "quantity": "14", "amount": "1 200,00 €"});
    json!({"company": "Ets Dupont & Fils", "subject": "L’accueil", "rows": (1..=count).map(row).collect::<Vec<_>>()})
}

/// A preview of a template.
fn preview(template: &str) -> Job {
    job(package(template), "test.typ", Output::Svg)
}

fn job(package: Arc<Package>, entry: &str, output: Output) -> Job {
    Job {
        package,
        entry: entry.into(),
        data: rows(12),
        files: BTreeMap::new(),
        date: "2026-11-28T12:00:00Z".parse().unwrap(),
        title: "Devis D-2026-0042".into(),
        identifier: "devis/42/1".into(),
        lang: "fr-FR".into(),
        output,
    }
}

fn archival(entry: &str) -> Job {
    job(package(""), entry, Output::Pdf { archival: true, attachments: Vec::new() })
}

fn pdf(made: Result<Rendered, Error>) -> (Vec<u8>, u32) {
    match made {
        Ok(Rendered::Pdf { bytes, pages }) => (bytes, pages),
        other => panic!("no PDF: {other:?}"),
    }
}

fn svg(made: Result<Rendered, Error>) -> Vec<String> {
    match made {
        Ok(Rendered::Svg(pages)) => pages,
        other => panic!("no pages: {other:?}"),
    }
}

/// The only problem of a template.
fn problem(made: Result<Rendered, Error>) -> Diagnostic {
    match made {
        Err(Error::Template(mut problems)) if problems.len() == 1 => problems.remove(0),
        other => panic!("not one problem: {other:?}"),
    }
}
