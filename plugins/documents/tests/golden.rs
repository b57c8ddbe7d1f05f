//! Every document in every language, set by the real program: the same bytes as those of the hashes in `golden.txt`, and
//! what is long or empty is set too. A hash changes with a template, a font, a wording or the engine: look at the
//! documents, which stay in the target folder for veraPDF, then write the new hashes with `AFPI_WRITE=1`.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use afpi_documents::{Attachment, Config, Engine, Job, Output, Package, Relationship, Rendered};
use afpi_plugin_documents::catalogue::find;
use afpi_plugin_documents::{Composition, Lang, Scene, compose, read};
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{DOCUMENTS, dossier, scene};

/// A logo, as a legal entity has one.
const LOGO: &[u8] = include_bytes!("../../../host/documents/engine/tests/engine/package/images/square.svg");

/// The program, where cargo or `AFPI_TYPESET` puts it. `make test` builds it before it runs the tests.
fn engine() -> Engine {
    let beside = || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug").join("afpi-typeset");
    let program = std::env::var_os("AFPI_TYPESET").map_or_else(beside, PathBuf::from);
    assert!(program.exists(), "{} is missing: `make typeset` builds it", program.display());
    // The program that tests use is not optimised.
    Engine::new(Config { time: Duration::from_secs(120), ..Config::new(program) })
}

fn templates() -> Arc<Package> {
    let mut files = BTreeMap::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")), "", &mut files);
    Arc::new(Package::new(files).unwrap())
}

fn collect(folder: &Path, under: &str, files: &mut BTreeMap<String, Bytes>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{under}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(&path).unwrap().into());
        }
    }
}

/// The archival PDF of a composition with its data, and with its electronic invoice if it has one, as the host makes it.
async fn made(
    engine: &Engine,
    package: &Arc<Package>,
    name: &str,
    scene: &Scene,
    composed: Composition,
) -> (Vec<u8>, u32) {
    let attached = |name: &str, media_type: &str, relationship, bytes: Vec<u8>| Attachment {
        name: name.into(),
        media_type: media_type.into(),
        relationship,
        description: "Données".into(),
        bytes: bytes.into(),
    };
    // Of a third party that pays only the XML says it: that profile is no Factur-X.
    let embedded = composed.invoice.filter(|invoice| invoice["profile"] == "en16931");
    let xml = embedded.map(|invoice| {
        let invoice = serde_json::from_value(invoice).unwrap();
        afpi_einvoice::issue(&invoice).unwrap_or_else(|faults| panic!("{name}: {faults:?}"))
    });
    let is_invoice = xml.is_some();
    let xml = xml.map(|xml| attached("factur-x.xml", "text/xml", Relationship::Alternative, xml));
    let logo = scene.dossier.entite.logo.then(|| ("/assets/logo".to_owned(), Bytes::from_static(LOGO)));
    let data = composed.data.to_string().into_bytes();
    let data = attached("data.json", "application/json", Relationship::Supplement, data);
    let job = Job {
        package: package.clone(),
        entry: composed.template,
        data: composed.data,
        files: logo.into_iter().collect(),
        date: format!("{}T00:00:00Z", scene.day).parse().unwrap(),
        title: composed.title,
        identifier: name.into(),
        lang: if scene.lang == Lang::Fr { "fr" } else { "en" }.into(),
        output: Output::Pdf { archival: true, attachments: xml.into_iter().chain([data]).collect() },
    };
    let (mut bytes, pages) = match engine.render(job).await {
        Ok(Rendered::Pdf { bytes, pages }) => (bytes, pages),
        other => panic!("{name}: {other:?}"),
    };
    if is_invoice {
        bytes = afpi_einvoice::facturx::mark(&bytes).unwrap();
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(if is_invoice { "einvoice/pdf" } else { "documents" });
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.pdf")), &bytes).unwrap();
    (bytes, pages)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_are_the_ones_of_yesterday() {
    let (engine, other, package) = (engine(), engine(), templates());
    let mut hashes = String::new();
    for (name, kind, patch) in DOCUMENTS {
        for language in find(kind).unwrap().languages {
            let scene = scene(kind, &patch(dossier()), language);
            let name = format!("{name}-{language}");
            let composed = || compose(kind, &scene).unwrap();
            let (bytes, pages) = made(&engine, &package, &name, &scene, composed()).await;
            // In another process.
            assert_eq!(made(&other, &package, &name, &scene, composed()).await.0, bytes, "{name}");
            hashes += &format!("{name} {pages} {}\n", hex(&bytes));
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.txt");
    if std::env::var_os("AFPI_WRITE").is_some() {
        fs::write(path, &hashes).unwrap();
    }
    let golden = fs::read_to_string(path).unwrap_or_default();
    for (known, made) in golden.lines().zip(hashes.lines()) {
        assert_eq!(known, made, "look at the documents in the target folder, then run with AFPI_WRITE=1");
    }
    assert_eq!(golden, hashes, "run with AFPI_WRITE=1");
}

const LONG: &str = "Perfectionnement au soudage TIG en position sur aciers inoxydables austénitiques, avec préparation à la \
                    qualification ISO 9606-1 et contrôle non destructif des assemblages";
const COMPANY: &str =
    "Société d’exploitation des établissements de chaudronnerie industrielle du Beauvaisis et du pays de Bray";

/// Sixty trainees with long names, a long programme over a month, long names of everybody.
fn long(mut dossier: Value) -> Value {
    dossier["opportunite"]["title"] = json!(LONG);
    let session = &mut dossier["sessions"][0];
    session["title"] = json!(LONG);
    session["programme"]["title"] = json!(LONG);
    session["programme"]["aims"] = (1..=14).map(|n| json!(format!("{n}. {LONG}"))).collect();
    let module = |n: usize| {
        let content: Vec<_> = (0..4 + n % 9).map(|_| LONG).collect();
        json!({"title": format!("{n}. {LONG}"), "content": content, "minutes": 420, "evaluation": "Mise en situation"})
    };
    session["programme"]["modules"] = (1..=24).map(module).collect();
    let half = |n: usize| {
        let half = if n.is_multiple_of(2) { "am" } else { "pm" };
        let (start, end) = if n.is_multiple_of(2) { ("08:30", "12:00") } else { ("13:00", "16:30") };
        json!({
            "day": format!("2026-10-{:02}", n / 2 + 1), "half": half, "start": start, "end": end, "minutes": 210,
            "room": "Atelier de chaudronnerie et de soudage, bâtiment B, rez-de-chaussée", "module": LONG,
            "trainer": "Patrick Vasseur, Marie-Antoinette de La Rochefoucauld-Montbazon",
        })
    };
    session["halfDays"] = (0..60).map(half).collect();
    let trainee = |n: usize| {
        json!({
            "firstName": format!("Marie-Antoinette {n}"), "lastName": "Nom-très-composé-de-La-Rochefoucauld",
            "company": COMPANY, "function": "Responsable d’atelier de chaudronnerie et de tuyauterie",
            "minutesDone": 12_600, "minutesPlanned": 12_600,
            "attendance": [{"day": "2026-10-01", "half": "am", "state": "excused"}],
        })
    };
    dossier["stagiaires"] = (1..=60).map(trainee).collect();
    dossier["entreprise"]["name"] = json!(COMPANY);
    dossier["entite"]["name"] =
        json!("Association pour la formation professionnelle dans l’industrie des Hauts-de-France");
    dossier["entite"]["footer"] = json!("Membre du réseau des pôles formation de l’industrie. Certification qualité.");
    dossier["entite"]["signatoryName"] = json!("Marie-Antoinette de La Rochefoucauld-Montbazon");
    dossier["entite"]["signatoryQuality"] =
        json!("directrice générale déléguée aux formations continues et à l’alternance");
    dossier
}

/// The same with two hundred lines at five rates.
fn priced(mut dossier: Value) -> Value {
    let rates = [0, 210, 550, 1000, 2000];
    let line = |n: usize| {
        let label = if n.is_multiple_of(7) { LONG } else { "Accompagnement individuel en atelier" };
        let unit = ["heure", "jour", "stagiaire", "forfait"][n % 4];
        json!({
            "label": format!("{label} ({n})"), "quantity": 2500, "unit": unit, "unitPrice": 123_456, "net": 308_640,
            "rate": rates[n % 5],
        })
    };
    let piece = &mut dossier["piece"];
    piece["lines"] = (0..200).map(line).collect();
    let vat = |rate: i64| (40 * 308_640 * rate + 5_000) / 10_000;
    let amount = |rate: &i64| json!({"rate": rate, "net": 40 * 308_640, "vat": vat(*rate)});
    piece["amounts"] = rates.iter().map(amount).collect();
    piece["net"] = json!(200 * 308_640);
    let vat: i64 = rates.iter().map(|rate| vat(*rate)).sum();
    piece["vat"] = json!(vat);
    piece["total"] = json!(200 * 308_640 + vat);
    piece["payer"]["company"]["name"] = json!(COMPANY);
    dossier
}

#[tokio::test(flavor = "multi_thread")]
async fn long_documents_are_set() {
    let (engine, package) = (engine(), templates());
    for (name, kind, patch) in DOCUMENTS {
        let mut long = patch(long(dossier()));
        if matches!(name, "devis" | "facture") {
            long = priced(long);
        }
        if kind == "emargement" {
            long["day"] = json!("2026-10-01");
        }
        let scene = scene(kind, &long, "fr");
        made(&engine, &package, &format!("{name}-long"), &scene, compose(kind, &scene).unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_which_nothing_is_known_are_set() {
    let (engine, package) = (engine(), templates());
    for (name, kind, _) in DOCUMENTS {
        for language in find(kind).unwrap().languages {
            let day = "2026-11-28".parse().unwrap();
            let scene = Scene { dossier: read("{}").unwrap(), lang: Lang::of(language), draft: true, day };
            let Some(composed) = compose(kind, &scene) else { continue };
            made(&engine, &package, &format!("{name}-{language}-empty"), &scene, composed).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_with_a_logo_are_set() {
    let (engine, package) = (engine(), templates());
    for (name, kind, patch) in DOCUMENTS {
        let mut dossier = patch(dossier());
        dossier["entite"]["logo"] = json!(true);
        let scene = scene(kind, &dossier, "fr");
        let (_, pages) = made(&engine, &package, &format!("{name}-logo"), &scene, compose(kind, &scene).unwrap()).await;
        assert!(pages <= 3, "{name}: {pages} pages");
    }
}
