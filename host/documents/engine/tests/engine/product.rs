//! The templates that come with the product, with the examples beside them and with data at its extremes. The PDFs stay
//! in the target folder, where `scripts/einvoice.sh pdfs` gives them to veraPDF.

use super::*;
use std::fs;
use std::path::Path;

const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../plugins/documents/templates");
/// A logo, as a legal entity has one.
const LOGO: &[u8] = include_bytes!("package/images/square.svg");
const LONG: &str = "Perfectionnement au soudage TIG en position sur aciers inoxydables austénitiques, avec préparation à la \
                    qualification ISO 9606-1 et contrôle non destructif des assemblages";

fn read(folder: &Path, under: &str, files: &mut BTreeMap<String, Bytes>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{under}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(&path).unwrap().into());
        }
    }
}

fn templates() -> Arc<Package> {
    let mut files = BTreeMap::new();
    read(Path::new(TEMPLATES), "", &mut files);
    Arc::new(Package::new(files).unwrap())
}

fn example(name: &str) -> Value {
    serde_json::from_slice(&fs::read(format!("{TEMPLATES}/examples/{name}.json")).unwrap()).unwrap()
}

/// The pages of an archived document, which is kept for veraPDF.
async fn pages(engine: &Engine, package: &Arc<Package>, template: &str, name: &str, data: Value) -> u32 {
    let title = data["doc"]["title"].as_str().unwrap().to_owned();
    let job = Job {
        data,
        files: BTreeMap::from([("/assets/logo".to_owned(), Bytes::from_static(LOGO))]),
        title,
        lang: "fr".into(),
        ..job(package.clone(), template, Output::Pdf { archival: true, attachments: Vec::new() })
    };
    let (bytes, pages) = pdf(engine.render(job).await);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.pdf")), bytes).unwrap();
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_archived() {
    let (engine, package) = (engine(), templates());
    let names = package.files().keys().filter_map(|path| path.strip_prefix("examples/")?.strip_suffix(".json"));
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert_eq!(names.len(), 11, "{names:?}");
    for name in names {
        let expected = match name.as_str() {
            "devis" | "facture" => 2,
            "convention" | "contrat" => 3,
            _ => 1,
        };
        assert_eq!(pages(&engine, &package, &format!("{name}.typ"), &name, example(&name)).await, expected, "{name}");
        let mut logo = example(&name);
        logo["doc"]["issuer"]["logo"] = json!("/assets/logo");
        logo["doc"]["issuer"]["logoAlt"] = json!("Logo");
        pages(&engine, &package, &format!("{name}.typ"), &format!("{name}-logo"), logo).await;
    }
}

/// `rows` copies of the elements of a list, in turn.
fn repeat(list: &mut Value, rows: usize) {
    let all = list.as_array().unwrap().clone();
    *list = all.iter().cycle().take(rows).cloned().collect();
}

#[tokio::test(flavor = "multi_thread")]
async fn long_and_empty_documents_are_archived() {
    let (engine, package) = (engine(), templates());
    let mut quote = example("devis");
    repeat(&mut quote["priced"]["lines"], 60);
    for line in quote["priced"]["lines"].as_array_mut().unwrap() {
        line["label"] = json!(LONG);
    }
    quote["addressee"]["name"] = json!(LONG);
    assert_eq!(pages(&engine, &package, "devis.typ", "devis-60", quote).await, 5);

    let mut sheet = example("emargement");
    repeat(&mut sheet["days"][0]["rows"], 25);
    sheet["days"][0]["rows"][0]["name"] = json!(LONG);
    sheet["days"][0]["trainers"] = json!(["Patrick Vasseur", "Anne Leroy"]);
    assert_eq!(pages(&engine, &package, "emargement.typ", "emargement-25", sheet).await, 3);

    let mut agreement = example("convention");
    repeat(&mut agreement["trainees"], 25);
    repeat(&mut agreement["planning"], 24);
    pages(&engine, &package, "convention.typ", "convention-25", agreement).await;

    let mut empty = example("devis");
    empty["doc"]["watermark"] = json!("PROJET");
    for (pointer, value) in [
        ("/priced/lines", json!([])),
        ("/priced/vat", json!([])),
        ("/action", json!([])),
        ("/facts", json!([])),
        ("/terms", json!([])),
        ("/doc/footer", json!([])),
        ("/doc/number", Value::Null),
        ("/addressee", json!({"name": "…", "lines": [], "ids": []})),
    ] {
        *empty.pointer_mut(pointer).unwrap() = value;
    }
    assert_eq!(pages(&engine, &package, "devis.typ", "devis-empty", empty).await, 1);
}
