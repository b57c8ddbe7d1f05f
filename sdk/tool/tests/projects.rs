//! New projects: every template is filled in completely and gives a valid manifest.

use afpi_plugin_tool::cli::{LANGUAGES, NewArgs, ProjectArgs, VendorArgs, kinds};
use std::path::Path;

fn new(name: &str, kind: &str, lang: &str, dir: &Path) -> Result<String, String> {
    let args = NewArgs { name: name.into(), kind: kind.into(), lang: lang.into(), dir: Some(dir.to_owned()) };
    args.run().map(|report| report.text).map_err(|error| format!("{error:#}"))
}

fn texts(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in dir.read_dir().unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(texts(&path)),
            false => found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap())),
        }
    }
    found
}

#[test]
fn every_template_fills_in_and_describes_a_plugin_of_its_kind() {
    assert!(kinds("rust").contains("notifier"));
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    for lang in LANGUAGES {
        for kind in kinds(lang) {
            let scratch = tempfile::tempdir().unwrap();
            let dir = scratch.path().join("mon-essai");
            new("mon-essai", &kind, lang, &dir).unwrap_or_else(|error| panic!("{lang} {kind}: {error}"));
            let project = ProjectArgs { dir: Some(dir.clone()) }
                .open()
                .unwrap_or_else(|error| panic!("{lang} {kind}: {error:#}"));
            assert_eq!((project.manifest.id.as_str(), project.manifest.kind.as_str()), ("mon-essai", kind.as_str()));
            assert!(
                project.icon().unwrap().is_some_and(|icon| afpi_plugin_manifest::check_icon(&icon).is_ok()),
                "{lang} {kind}"
            );
            for (path, text) in texts(&dir) {
                assert!(
                    ["{{id}}", "{{crate}}", "{{Type}}", "{{title}}"].iter().all(|gap| !text.contains(gap)),
                    "{path} contains an unfilled placeholder"
                );
                assert!(!path.ends_with(".tmpl"), "{path}");
                // The project must also work on machines without the folder of this repository.
                assert!(
                    !text.contains(checkout.to_str().unwrap()),
                    "{path} contains the path of the folder where this program was built"
                );
            }
        }
    }
}

#[test]
fn a_projects_sdk_follows_the_program() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("essai");
    new("essai", "notifier", "rust", &dir).unwrap();
    let source = dir.join("vendor/afpi-sdk/src/lib.rs");
    let ours = std::fs::read(&source).unwrap();
    std::fs::write(&source, "// of another version").unwrap();
    let (left, own) = (dir.join("vendor/afpi-sdk/src/gone.rs"), dir.join("vendor/mine/src/lib.rs"));
    std::fs::write(&left, "").unwrap();
    std::fs::create_dir_all(own.parent().unwrap()).unwrap();
    std::fs::write(&own, "// of the author").unwrap();
    VendorArgs { project: ProjectArgs { dir: Some(dir.clone()) } }.run().unwrap();
    assert_eq!(std::fs::read(&source).unwrap(), ours);
    assert!(!left.exists() && own.exists(), "the SDK's old files are replaced, and the author's file stays");
}

#[test]
fn what_cannot_become_a_project_says_why() {
    let scratch = tempfile::tempdir().unwrap();
    for name in ["Essai", "1er", "é", "a_b", "a-", "", &"a".repeat(41)] {
        assert!(
            new(name, "notifier", "rust", &scratch.path().join("x")).unwrap_err().contains("is not a valid name"),
            "{name}"
        );
    }
    std::fs::write(scratch.path().join("there"), "").unwrap();
    assert!(new("essai", "notifier", "rust", scratch.path()).unwrap_err().contains("not empty"));
    let empty = ProjectArgs { dir: Some(scratch.path().into()) }
        .open()
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(empty.contains("afpi plugin new"), "{empty}");
}
