//! The committed pages about the contract match `wit/`.

use std::path::Path;

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
        assert!(pages.contains_key(&name), "docs/contract/{name} belongs to nothing any more");
    }
    assert!(pages["host-kv.md"].contains("Keeps notes of its own, per site."), "the sentence an administrator reads");
    assert!(pages["plugin-notifier.md"].contains("notify: func(event: event) -> result<list<message>, error>;"));
    for (name, page) in pages.iter().filter(|(name, _)| *name != "README.md") {
        assert!(
            page.contains("```rust\n") && page.contains("```ts\n"),
            "{name} has no example in one of the languages"
        );
    }
    for entry in root.join("sdk/js/examples").read_dir().unwrap() {
        let page = entry.unwrap().path().with_extension("md").file_name().unwrap().to_str().unwrap().to_owned();
        assert!(pages.contains_key(&page), "sdk/js/examples has an example for {page}, which is no page");
    }
    let hook = &pages["world-hook-plugin.md"];
    assert!(
        hook.contains("before: func(event: event) -> result<verdict, error>;")
            && hook.contains("“Keeps notes of its own, per site.”")
    );
    assert!(!pages.values().any(|page| page.contains("{{")), "a gap of a template was left open");
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
        assert!(files.contains_key(&name), "sdk/js/src/contract/{name} belongs to nothing any more");
    }
    assert!(files["notifier.ts"].contains("notify(event: Event): Message[];"));
    assert!(files["types.ts"].contains("| { tag: 'rate-limited'; val: number }"));
}
