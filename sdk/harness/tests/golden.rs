//! The promise of `wit/README.md` to authors: a plugin that an SDK has built once is still loaded, and still gives the
//! same answers.
//!
//! `golden/asks/<kind>.jsonl` calls every function of a plugin of that kind, in lines of the harness's protocol.
//! `golden/<version>/<language>/` contains the component that this version's SDK built from the template of every kind,
//! and the answers that it gave then.

use afpi_plugin_harness::{Session, serve};
use afpi_plugin_tool::Shape;
use afpi_plugin_tool::cli::{NewArgs, ProjectArgs, Types};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const KINDS: [&str; 5] = ["connector", "hook", "notifier", "objectives", "workflow"];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

async fn answers(kind: &str, component: &[u8]) -> String {
    let asks = fs::read(golden().join("asks").join(kind).with_extension("jsonl")).unwrap();
    let mut said = Vec::new();
    serve(Session::new(component, None).unwrap(), asks.as_slice(), &mut said).await.unwrap();
    String::from_utf8(said).unwrap()
}

fn folders(under: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> =
        fs::read_dir(under).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[tokio::test]
async fn what_every_released_sdk_made_answers_as_it_did() {
    let versions = folders(&golden()).into_iter().filter(|folder| !folder.ends_with("asks"));
    let sdks: Vec<_> = versions.flat_map(|version| folders(&version)).collect();
    assert!(!sdks.is_empty());
    for sdk in sdks {
        for kind in KINDS {
            let made = sdk.join(kind).with_extension("wasm");
            let Ok(component) = fs::read(&made) else { panic!("{} is missing", made.display()) };
            let version = sdk.parent().and_then(Path::file_name).unwrap().to_string_lossy();
            let shape = Shape::of(&component).unwrap();
            let mut names = shape.imports.iter().chain(&shape.exports).filter(|name| name.starts_with("afpi:"));
            assert!(names.all(|name| name.ends_with(&format!("@{version}"))), "{}: {shape:?}", made.display());
            let then = fs::read_to_string(made.with_extension("jsonl")).unwrap();
            let now = answers(kind, &component).await;
            for (line, (then, now)) in then.lines().zip(now.lines()).enumerate() {
                // Compares the lines as data, because the order of the fields in an object is not part of an answer.
                let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
                assert_eq!(read(then), read(now), "{}, line {}", made.display(), line + 1);
            }
            assert_eq!(then.lines().count(), now.lines().count(), "{}", made.display());
        }
    }
}

/// Writes the golden components of the current SDKs that do not exist yet. Run it once when a version is released:
/// `cargo test -p afpi-plugin-harness --test golden -- --ignored freeze`. It needs `make sdk`.
#[tokio::test]
#[ignore = "writes files; for releasing a version of the SDKs"]
async fn freeze() {
    for (language, lang) in [("rust", "rust"), ("typescript", "ts")] {
        let folder = golden().join("1.1.0").join(language);
        fs::create_dir_all(&folder).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        for kind in KINDS {
            let made = folder.join(kind).with_extension("wasm");
            if made.exists() {
                continue;
            }
            let (name, project) = (format!("golden-{kind}"), scratch.path().join(kind));
            NewArgs { name, kind: kind.to_string(), lang: lang.into(), dir: Some(project.clone()) }.run().unwrap();
            if lang == "ts" {
                let install = Command::new("npm")
                    .args(["install", "--prefer-offline", "--no-audit", "--no-fund"])
                    .current_dir(&project)
                    .status();
                assert!(install.unwrap().success());
            } else {
                // The project uses the versions that this repository is tested with.
                fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock"), project.join("Cargo.lock"))
                    .unwrap();
            }
            let component =
                fs::read(ProjectArgs { dir: Some(project) }.open().unwrap().build(Types::Checked).unwrap()).unwrap();
            fs::write(&made, &component).unwrap();
            fs::write(made.with_extension("jsonl"), answers(kind, &component).await).unwrap();
        }
    }
}
