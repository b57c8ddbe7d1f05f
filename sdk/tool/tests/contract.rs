//! The committed pages about the contract match `wit/`.

use std::path::Path;

use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::{Resolve, WorldItem};
use wit_bindgen_rust::{Opts, WithOption};

#[test]
fn the_pages_about_the_contract_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pages = afpi_plugin_tool::cli::contract_pages(&root.join("wit")).unwrap();
    let folder = root.join("docs/contract");
    for (name, text) in &pages {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == *text, "docs/contract/{name} is not what wit/ says: run `make docs`");
    }
    for entry in folder.read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(pages.contains_key(&name), "docs/contract/{name} has no interface any more");
    }
    assert!(
        pages["host-kv.md"].contains("Keeps notes of its own, per site."),
        "the page contains the sentence for administrators"
    );
    assert!(pages["plugin-notifier.md"].contains("notify: func(event: event) -> result<list<message>, error>;"));
    for (name, page) in pages.iter().filter(|(name, _)| *name != "README.md") {
        assert!(
            page.contains("```rust\n") && page.contains("```ts\n"),
            "{name} has no example in one of the languages"
        );
    }
    for entry in root.join("sdk/js/examples").read_dir().unwrap() {
        let page = entry.unwrap().path().with_extension("md").file_name().unwrap().to_str().unwrap().to_owned();
        assert!(pages.contains_key(&page), "sdk/js/examples has an example for {page}, which does not exist");
    }
    let hook = &pages["world-hook-plugin.md"];
    assert!(
        hook.contains("before: func(event: event) -> result<verdict, error>;")
            && hook.contains("“Keeps notes of its own, per site.”")
    );
    assert!(!pages.values().any(|page| page.contains("{{")), "a page contains an unfilled placeholder");
}

#[test]
fn the_typescript_of_the_contract_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = afpi_plugin_tool::cli::contract_types(&root.join("wit")).unwrap();
    let folder = root.join("sdk/js/src/contract");
    for (name, text) in &files {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == *text, "sdk/js/src/contract/{name} is not what wit/ says: run `make docs`");
    }
    for entry in folder.read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(files.contains_key(&name), "sdk/js/src/contract/{name} has no interface any more");
    }
    assert!(files["notifier.ts"].contains("notify(event: Event): Message[];"));
    assert!(files["types.ts"].contains("| { tag: 'rate-limited'; val: number }"));
}

/// Checks the bindings of `sdk/rust`. If `AFPI_WRITE_BINDINGS` is set, the test writes them instead (`make docs`).
#[test]
fn the_rust_of_the_contract_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("sdk/rust/src/bindings");
    let mut contract = Resolve::default();
    for package in ["types", "host", "plugin"] {
        contract.push_dir(root.join("wit").join(package)).unwrap();
    }
    let guest = contract.push_file(folder.join("worlds.wit")).unwrap();
    let types = contract.packages.iter().find(|(_, package)| package.name.name == "types").unwrap().1;
    let version = types.name.version.as_ref().unwrap();
    // One Rust type for each of the shared types, whichever interface uses it.
    let shared = ["types", "records"].map(|interface| {
        let path = format!("crate::bindings::base::afpi::types::{interface}");
        (format!("afpi:types/{interface}@{version}"), WithOption::Path(path))
    });
    for (name, world) in contract.packages[guest].worlds.clone() {
        let module = name.replace('-', "_");
        let base = name == "base";
        let imports = contract.worlds[world].imports.values();
        let used: Vec<String> = imports
            .filter_map(|item| match item {
                WorldItem::Interface { id, .. } => contract.id_of(*id),
                _ => None,
            })
            .collect();
        let macro_name = match module.as_str() {
            "base" => "export_base",
            "job_handler" => "export_jobs",
            "data_migration" => "export_documents",
            "documents" => "export_composer",
            "lookup" => "export_directory",
            "auditor" => "export_audits",
            _ => "export_kind",
        };
        let opts = Opts {
            format: true,
            with: if base { vec![] } else { shared.iter().filter(|(path, _)| used.contains(path)).cloned().collect() },
            additional_derive_attributes: ["PartialEq", "Eq", "serde::Serialize", "serde::Deserialize"]
                .map(str::to_owned)
                .into(),
            generate_all: true,
            generate_unused_types: base,
            pub_export_macro: true,
            export_macro_name: Some(macro_name.into()),
            ..Opts::default()
        };
        let mut files = Files::default();
        wit_bindgen_core::WorldGenerator::generate(&mut opts.build(), &mut contract.clone(), world, &mut files)
            .unwrap();
        let (_, text) = files.iter().next().unwrap();
        let path = folder.join(format!("{module}.rs"));
        if std::env::var_os("AFPI_WRITE_BINDINGS").is_some() {
            std::fs::write(&path, text).unwrap();
        }
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(committed == text, "sdk/rust/src/bindings/{module}.rs is not what wit/ says: run `make docs`");
    }
}
