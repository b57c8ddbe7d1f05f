//! Packing. The tests generate their modules from the worlds.

use afpi_plugin_manifest::extract;
use afpi_plugin_manifest::templates as templates_of;
use afpi_plugin_tool::{Shape, embed_folder, pack, read_manifest};
use std::path::Path;
use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

/// A core module with every import and export of these worlds, like a guest that uses all of them.
fn module(worlds: &str) -> Vec<u8> {
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    let mut resolve = Resolve::default();
    for package in ["types", "host", "plugin"] {
        resolve.push_path(wit.join(package)).unwrap();
    }
    let included: String = worlds.split(' ').map(|world| format!("include afpi:plugin/{world}@1.1.0;")).collect();
    let package = resolve.push_str("all.wit", &format!("package test:all; world all {{ {included} }}")).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    module
}

fn toml(kind: &str, more: &str) -> String {
    format!(
        r#"
        id = "essai"
        kind = "{kind}"
        version = "0.1.0"
        name = {{ fr = "Essai", en = "Trial" }}
        description = {{ fr = "Un essai.", en = "A trial." }}
        {more}"#
    )
}

const EVERYTHING: &str = r#"
    [capabilities]
    clock = true
    random = true
    metrics = ["pages"]
    kv = {}
    secrets = [{ name = "token", label = { fr = "Jeton", en = "Token" } }]
    http = { hosts = ["https://example.fr"] }
    records = ["opportunites", "entreprises"]
    records-query = [{ kind = "contact", fields = ["email"] }]
    jobs = {}
    events = ["late"]
"#;

#[test]
fn every_world_packs_and_says_what_it_is() {
    for (kind, world, more) in [
        ("workflow", "workflow-plugin", ""),
        ("workflow", "workflow-plugin data-migration-facet", "[data-migration]"),
        ("workflow", "workflow-plugin documents-facet", "[documents]"),
        ("objectives", "objectives-plugin", ""),
        ("notifier", "notifier-plugin job-handling", EVERYTHING),
        ("connector", "connector-plugin job-handling", EVERYTHING),
        ("hook", "hook-plugin job-handling", EVERYTHING),
        ("app", "app-plugin job-handler-facet", EVERYTHING),
        ("app", "app-plugin job-handler-facet lookup-facet", &format!("[lookup]\n{EVERYTHING}")),
        ("app", "app-plugin job-handler-facet auditor-facet", &format!("[auditor]\n{EVERYTHING}")),
    ] {
        let packed = pack(&module(world), &toml(kind, more)).unwrap_or_else(|error| panic!("{kind}: {error:#}"));
        let manifest = extract(&packed).unwrap();
        assert_eq!((manifest.kind.as_str(), manifest.id.as_str()), (kind, "essai"));
        assert_eq!(manifest.packed_by.as_ref().unwrap().to_string(), env!("CARGO_PKG_VERSION"));
        let shape = Shape::of(&packed).unwrap();
        assert!(shape.imports.iter().all(|name| name.starts_with("afpi:")), "no WASI in {:?}", shape.imports);
        for declared in manifest.exports() {
            assert!(shape.exports.contains(&format!("afpi:plugin/{}@1.1.0", declared.interface)));
        }
    }
}

#[test]
fn a_plugin_that_could_not_run_is_refused_with_the_reason() {
    let refused = |module: &[u8], toml: &str| format!("{:#}", pack(module, toml).unwrap_err());
    assert!(
        refused(&module("workflow-plugin"), &toml("objectives", "")).contains("must export `afpi:plugin/objectives`")
    );
    let shy = EVERYTHING.replace("kv = {}", "");
    assert!(
        refused(&module("connector-plugin job-handling"), &toml("connector", &shy)).contains("does not request `kv`")
    );
    assert!(
        refused(&module("hook-plugin"), &toml("hook", EVERYTHING)).contains("must export `afpi:plugin/job-handler`")
    );
    assert!(
        refused(&module("workflow-plugin"), &toml("workflow", "[data-migration]"))
            .contains("must export `afpi:plugin/data-migration`, because it declares `data-migration`")
    );
    assert!(refused(b"\0asm\x01\0\0\0", &toml("workflow", "")).contains("must export"));
    assert!(refused(b"not wasm", &toml("workflow", "")).contains("wit-bindgen"));
    assert!(refused(&module("workflow-plugin"), "id = 3").contains("plugin.toml"));
    let forged = format!("packed-by = \"9.9.9\"\n{}", toml("workflow", ""));
    assert!(read_manifest(&forged).unwrap_err().to_string().contains("packed-by"));
}

#[test]
fn templates_travel_with_the_plugin_that_declares_documents() {
    let project = tempfile::tempdir().unwrap();
    let declared = toml("workflow", "[documents]");
    let pack = || -> anyhow::Result<Vec<u8>> {
        let mut packed = pack(&module("workflow-plugin documents-facet"), &declared)?;
        embed_folder(&mut packed, &read_manifest(&declared)?, project.path())?;
        Ok(packed)
    };
    assert!(pack().unwrap_err().to_string().contains("a folder templates/"));
    let templates = project.path().join("templates");
    std::fs::create_dir_all(templates.join("fonts")).unwrap();
    std::fs::write(templates.join("devis.typ"), "= Devis").unwrap();
    std::fs::write(templates.join("fonts/a.otf"), "font").unwrap();
    std::fs::write(templates.join(".hidden"), "no").unwrap();
    let packed = pack().unwrap();
    let archive = templates_of(&packed).unwrap().expect("an archive");
    let mut read = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let names: Vec<_> = (0..read.len()).map(|at| read.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    assert_eq!(names, ["devis.typ", "fonts/a.otf"]);
    assert_eq!(packed, pack().unwrap(), "the same files give the same bytes");

    let other = toml("objectives", "");
    let refused = embed_folder(&mut Vec::new(), &read_manifest(&other).unwrap(), project.path());
    assert!(refused.unwrap_err().to_string().contains("no `[documents]`"));
    let mut twice = packed.clone();
    let again = embed_folder(&mut twice, &read_manifest(&declared).unwrap(), project.path());
    assert!(again.unwrap_err().to_string().contains("more than one"));
}
