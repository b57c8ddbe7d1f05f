//! Plugin files for tests. They are made from the product's plugins, with other versions, requests and words, signed or
//! unsigned.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use afpi_plugins::manifest::{self, Manifest, PrivateKey};

pub const WORKFLOW: &str = "workflow-afpi";
pub const NOTIFIER: &str = "notifications-afpi";

/// The packed file of one of the product's plugins.
pub fn packed(id: &str) -> Vec<u8> {
    let path = format!("{}/../../dist/plugins/{id}.wasm", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}; make plugins"))
}

/// One of the product's plugins with a changed manifest.
pub fn variant(id: &str, edit: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    edited(packed(id), edit)
}

/// Like [`variant`], with a word of the code replaced everywhere. Both words have the same length.
pub fn respelt(id: &str, from: &str, to: &str, edit: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    edited(respell(packed(id), from, to), edit)
}

/// A file with a word replaced everywhere.
pub fn respell(mut file: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "{to}");
    let places: Vec<usize> =
        file.windows(from.len()).enumerate().filter(|(_, w)| *w == from.as_bytes()).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{from} is not in the file");
    for at in places {
        file[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    file
}

/// A file with a changed manifest. With a new id it gets a new name too, because the host refuses the name of a core
/// plugin.
pub fn edited(file: Vec<u8>, edit: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let mut manifest = manifest::extract(&file).unwrap();
    let (id, name) = (manifest.id.clone(), manifest.name.clone());
    edit(&mut manifest);
    if manifest.id != id && manifest.name == name {
        (manifest.name.fr, manifest.name.en) = (manifest.id.clone(), manifest.id.clone());
    }
    let mut bare = manifest::bare(&file).unwrap();
    manifest::embed(&mut bare, &manifest).unwrap();
    bare
}

/// One of the product's plugins with another version, and no other change.
pub fn numbered(id: &str, version: &str) -> Vec<u8> {
    variant(id, |m| m.version = version.parse().unwrap())
}

pub fn signed(mut file: Vec<u8>, key: &PrivateKey) -> Vec<u8> {
    manifest::sign(&mut file, key).unwrap();
    file
}

/// The test hook (`tests/guest`), packed with this id.
pub fn hook(id: &str) -> Vec<u8> {
    busy_hook(id, 5)
}

/// The test hook, with this many waiting jobs allowed.
pub fn busy_hook(id: &str, waiting: u32) -> Vec<u8> {
    let queried = QUERIED.map(|(kind, fields)| format!("{{ kind = \"{kind}\", fields = {fields:?} }}")).join(", ");
    let name = if id == "garde" { ("Garde", "Guard") } else { ("Vigile", "Watchman") };
    let wishes = format!(
        r#"
        kind = "hook"
        name = {{ fr = "{}", en = "{}" }}
        [capabilities]
        kv = {{}}
        records = ["opportunites"]
        records-query = [{queried}]
        events = ["echo"]
        jobs = {{ quota-waiting = {waiting} }}
        "#,
        name.0, name.1
    );
    guest("hook", id, &wishes)
}

/// What the test hook may query: some fields of every kind except one.
pub const QUERIED: [(&str, &[&str]); 6] = [
    ("entreprise", &["name", "address.city", "localisationId"]),
    ("contact", &["lastName", "email", "main"]),
    ("formateur", &["name", "skills"]),
    ("salle", &["name", "capacity", "createdAt"]),
    ("opportunite", &["title", "amount", "section"]),
    ("user", &["name", "role", "localisations"]),
];

/// The test workflow (`tests/guest`). It renames a field in version 2 and migrates its documents.
pub fn relay(version: &str) -> Vec<u8> {
    let wishes = "kind = \"workflow\"\nname = { fr = \"Relais\", en = \"Relay\" }\n[data-migration]";
    let file = edited(guest("workflow", "relais", wishes), |m| m.version = version.parse().unwrap());
    if version.starts_with("1.") {
        return file;
    }
    let (one, other, between) = ("participants", "participantz", "participant?");
    respell(respell(respell(file, one, between), other, one), between, other)
}

/// The test directory (`host/plugins/tests/guests`). What it is asked for says what it does.
pub fn directory(id: &str) -> Vec<u8> {
    let wishes = "kind = \"app\"\nname = { fr = \"Essai\", en = \"Trial\" }\n[lookup]\n[capabilities.http]\nhosts = [\"https://a.example.fr\"]";
    guest("lookup", id, wishes)
}

/// The test auditor (`host/plugins/tests/guests`). The label of a record says what it makes of it.
pub fn auditor(id: &str) -> Vec<u8> {
    guest("auditor", id, "kind = \"app\"\nname = { fr = \"Essai\", en = \"Trial\" }\n[auditor]")
}

/// A test guest, packed with this id as version 1.0.0.
fn guest(feature: &str, id: &str, wishes: &str) -> Vec<u8> {
    static BUILT: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap();
    let module = built.entry(feature.to_owned()).or_insert_with(|| build(feature));
    let manifest = format!(
        r#"
        id = "{id}"
        version = "1.0.0"
        description = {{ fr = "Pour les essais.", en = "For tests." }}
        {wishes}"#
    );
    afpi_plugin_tool::pack(module, &manifest).unwrap()
}

/// Builds the guest once per process. If nothing changed, cargo needs only milliseconds.
fn build(feature: &str) -> Vec<u8> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guest-{feature}"));
    std::fs::create_dir_all(&target).unwrap();
    let done = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--target",
            "wasm32-unknown-unknown",
            "--features",
            feature,
        ])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest"))
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .status()
        .unwrap();
    assert!(done.success(), "the test guest `{feature}` does not build");
    std::fs::read(target.join("wasm32-unknown-unknown/release/guest.wasm")).unwrap()
}
