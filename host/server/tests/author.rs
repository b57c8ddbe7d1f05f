//! Runs `afpi plugin …` as an author would: new projects pass their tests, the tutorial works, packed files are signed,
//! and errors name the mistake.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

fn afpi(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afpi"));
    run(dir, command.arg("plugin").args(args))
}

/// All projects share one target folder, so that they share compiled dependencies.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors")
}

fn run(dir: &Path, command: &mut Command) -> Output {
    // Only one command runs at a time. A command that compiles would replace files that another command still reads
    // between its tests and its doc tests.
    static COMPILING: Mutex<()> = Mutex::new(());
    let _alone = COMPILING.lock().unwrap_or_else(PoisonError::into_inner);
    command.current_dir(dir);
    for name in ["AFPI_SIGNING_KEY", "AFPI_EMAIL", "AFPI_PASSWORD", "AFPI_TOKEN", "RUSTFLAGS"] {
        command.env_remove(name);
    }
    // The environment of the person who runs the test may name other folders.
    command.env_remove("CARGO_BUILD_BUILD_DIR").env("CARGO_TARGET_DIR", target());
    command.env("AFPI_URL", "http://127.0.0.1:9").output().unwrap()
}

/// Runs a command that must succeed. Returns its standard output.
fn done(dir: &Path, args: &[&str]) -> String {
    well(afpi(dir, args), &args.join(" "))
}

fn well(output: Output, what: &str) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what}\n{out}\n{err}");
    out.into_owned()
}

fn refused(dir: &Path, args: &[&str]) -> String {
    let output = afpi(dir, args);
    assert_eq!(output.status.code(), Some(1), "afpi plugin {}", args.join(" "));
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn project(scratch: &Path, name: &str, kind: &str) -> PathBuf {
    done(scratch, &["new", name, "--kind", kind, "--lang", "rust"]);
    let dir = scratch.join(name);
    lock(&dir);
    dir
}

/// Copies the lock file of this repository, so that the test needs no newer versions.
fn lock(dir: &Path) {
    std::fs::copy(checkout().join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
}

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The check reports only that the plugin is not signed.
fn is_sound(dir: &Path) {
    let said: Value = serde_json::from_str(&done(dir, &["--json", "check"])).unwrap();
    assert_eq!(said["ok"], true, "{said}");
    let findings = said["findings"].as_array().unwrap();
    let warnings: Vec<_> =
        findings.iter().filter(|finding| finding["level"] != "ok").map(|finding| &finding["what"]).collect();
    assert!(
        warnings.iter().all(|what| what.as_str().unwrap().contains("not signed")),
        "{}: {warnings:?}",
        dir.display()
    );
}

#[test]
fn a_new_project_of_every_kind_passes_its_tests_and_its_check() {
    let scratch = tempfile::tempdir().unwrap();
    for kind in ["workflow", "objectives", "notifier", "connector", "hook"] {
        let dir = project(scratch.path(), &format!("essai-{kind}"), kind);
        done(&dir, &["test"]);
        is_sound(&dir);
    }
}

/// A project is complete: it builds and passes its tests without access to this repository, and with the program at
/// another path.
#[test]
fn a_project_needs_nothing_but_cargo_and_the_program() {
    let scratch = tempfile::tempdir().unwrap();
    let program = scratch.path().join("afpi");
    std::fs::copy(env!("CARGO_BIN_EXE_afpi"), &program).unwrap();
    let typed = |dir: &Path, args: &[&str]| well(run(dir, Command::new(&program).arg("plugin").args(args)), args[0]);
    typed(scratch.path(), &["new", "essai-seul", "--kind", "hook"]);
    let (dir, elsewhere) = (scratch.path().join("essai-seul"), scratch.path().join("bin"));
    lock(&dir);
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::rename(&program, elsewhere.join("afpi")).unwrap();
    let program = elsewhere.join("afpi");

    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version", "1", "--filter-platform", "wasm32-unknown-unknown"])
        .current_dir(&dir)
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_str(&well(metadata, "cargo metadata")).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let local: Vec<&str> = packages
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| package["manifest_path"].as_str().unwrap())
        .collect();
    let real = dir.canonicalize().unwrap();
    assert!(local.len() == 3 && local.iter().all(|path| Path::new(path).starts_with(&real)), "{local:?}");

    // Where the machine allows it, a private mount hides this repository. The compiled files stay readable.
    let own_mounts = Command::new("unshare").args(["-rm", "true"]).output().is_ok_and(|ended| ended.status.success());
    if cfg!(target_os = "linux") && own_mounts {
        let (seen, checkout) = (scratch.path().join("target"), checkout().canonicalize().unwrap());
        std::fs::create_dir_all(target()).unwrap();
        std::fs::create_dir(&seen).unwrap();
        let script = r#"
            mount --bind "$0" "$1" && mount -t tmpfs none "$2" && [ ! -e "$2/Cargo.toml" ] || exit 99
            export CARGO_TARGET_DIR="$1"
            "$3" plugin test && "$3" plugin check && "$3" plugin new essai-cache --kind notifier --dir "$1/../essai-cache""#;
        let mut hidden = Command::new("unshare");
        hidden.args(["-rm", "sh", "-c", script]).arg(target()).arg(&seen).arg(&checkout).arg(&program);
        well(run(&dir, &mut hidden), "without the repository");
    } else {
        well(run(&dir, Command::new(&program).args(["plugin", "test"])), "afpi plugin test");
    }
    // The packed file does not contain the path of the folder where it was built.
    let packed = std::fs::read(dir.join("dist/unsigned/essai-seul.wasm")).unwrap();
    for place in [&real, &checkout().canonicalize().unwrap()] {
        let place = place.to_str().unwrap().as_bytes();
        assert!(!packed.windows(place.len()).any(|bytes| bytes == place), "the file names a folder of this machine");
    }
}

/// `cargo package` works for the crates that plugins use, and packs the bindings of the contract.
#[test]
fn the_crates_for_authors_can_be_packaged() {
    let scratch = tempfile::tempdir().unwrap();
    let package = |args: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["package", "--no-verify", "--allow-dirty", "--offline"]).args(args);
        cargo.current_dir(checkout()).env_remove("CARGO_BUILD_BUILD_DIR").env("CARGO_TARGET_DIR", scratch.path());
        well(cargo.output().unwrap(), "cargo package")
    };
    package(&["-p", "afpi-sdk", "-p", "afpi-plugin-testing"]);
    let held = package(&["-p", "afpi-sdk", "--list"]);
    for file in ["src/bindings/base.rs", "src/bindings/workflow.rs", "src/bindings/worlds.wit"] {
        assert!(held.lines().any(|line| line == file), "{file} is not in\n{held}");
    }
}

/// A trap has no message of its own, so the log contains the text and the place of the panic before the trap.
#[test]
fn the_last_words_of_a_plugin_are_heard() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = project(scratch.path(), "essai-panique", "hook");
    let source = dir.join("src/lib.rs");
    let sound = std::fs::read_to_string(&source).unwrap();
    let rule = "match event.opportunite() {";
    let panics =
        format!("assert!(settings.smallest > 0, \"no smallest budget: {{}}\", settings.smallest);\n        {rule}");
    assert!(sound.contains(rule));
    std::fs::write(&source, sound.replace(rule, &panics)).unwrap();
    let test = r#"
        use afpi_plugin_testing::{Plugin, json};
        use afpi_sdk::hook::{Event, Subject, Verdict};
        use afpi_sdk::testing;

        #[test]
        fn it_says_why_it_ends() {
            let mut plugin = Plugin::here();
            plugin.config(&json!({ "smallest": 0 }));
            let subject = Subject::Opportunite(testing::opportunite());
            let name = "opportunite.created".into();
            let event = Event { name, at: 0, site: "s".into(), actor: None, subject, data: "{}".into() };
            let ended = plugin.call::<Verdict>("before", (event,)).unwrap_err();
            assert!(ended.message.contains("unreachable"), "{}", ended.message);
            let said: Vec<String> = plugin.seen().lines.into_iter().map(|line| line.message).collect();
            let why = |line: &String| line.starts_with("panicked at src/lib.rs:") && line.ends_with(": no smallest budget: 0");
            assert!(said.iter().any(why), "{said:?}");
        }
    "#;
    std::fs::write(dir.join("tests/plugin.rs"), test).unwrap();
    done(&dir, &["test"]);
}

/// Every Rust step of the tutorial works as written, file by file and line by line. The test leaves out steps that need
/// a browser or a host.
#[test]
fn the_tutorial_does_what_it_says() {
    let page = std::fs::read_to_string(checkout().join("docs/tutorial.md")).unwrap();
    let (page, _) = page.split_once("\n## The same in TypeScript").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let (home, mut dir) = (format!("{}/", scratch.path().display()), scratch.path().to_owned());
    let program = Path::new(env!("CARGO_BIN_EXE_afpi")).parent().unwrap();
    let path = std::env::join_paths(
        [program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let (mut written, mut typed) = (Vec::new(), 0);
    let parts: Vec<&str> = page.split("\n```").collect();
    for part in parts.chunks_exact(2) {
        let (prose, (language, text)) = (part[0], part[1].split_once('\n').unwrap());
        if !language.is_empty() {
            let file = prose.split('`').rev().nth(1).unwrap();
            std::fs::write(dir.join(file), format!("{text}\n")).unwrap();
            written.push(file);
        }
        for line in text.lines().filter(|_| language.is_empty()) {
            if let Some(folder) = line.strip_prefix("cd ") {
                dir.push(folder);
                lock(&dir);
            } else if line.starts_with("afpi plugin")
                && !["dev", "install", "enable", "config", "logs", "trust"]
                    .iter()
                    .any(|asks| line.split(' ').nth(2) == Some(asks))
            {
                well(run(&dir, Command::new("sh").args(["-c", &line.replace("~/", &home)]).env("PATH", &path)), line);
                typed += 1;
            }
        }
    }
    assert_eq!(written, ["plugin.toml", "src/lib.rs", "tests/plugin.rs"]);
    assert!(typed >= 8, "only {typed} lines were found to type");
    is_sound(&dir);
}

#[test]
fn a_packed_plugin_is_signed_with_a_key_only_its_owner_can_read() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = project(scratch.path(), "essai-signe", "notifier");
    done(&dir, &["keygen", "my.key", "--name", "Organisme Exemple"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        assert_eq!(std::fs::metadata(dir.join("my.key")).unwrap().mode() & 0o777, 0o600);
    }
    assert!(refused(&dir, &["keygen", "my.key", "--name", "Autre"]).contains("exists"), "a key is never overwritten");
    done(&dir, &["pack", "--key", "my.key"]);
    let packed = dir.join("dist/essai-signe.wasm");
    assert!(done(&dir, &["verify", "dist/essai-signe.wasm", "--key", "my.key.pub"]).contains("Organisme Exemple"));
    assert!(
        refused(&dir, &["verify", "dist/essai-signe.wasm", "--key", "my.key"])
            .contains("private key where a public one")
    );

    done(&dir, &["keygen", "other.key", "--name", "Autre"]);
    assert!(
        refused(&dir, &["verify", "dist/essai-signe.wasm", "--key", "other.key.pub"]).contains("not among the trusted")
    );
    done(&dir, &["sign", "dist/essai-signe.wasm", "--key", "other.key"]);
    done(&dir, &["verify", "dist/essai-signe.wasm", "--key", "other.key.pub"]);

    // The next commands build again but do not sign. They keep the signed file and say so.
    let handed_over = std::fs::read(&packed).unwrap();
    for args in [&["build"][..], &["check"], &["test"]] {
        done(&dir, args);
        assert_eq!(std::fs::read(&packed).unwrap(), handed_over, "{args:?} changed the signed file");
    }
    assert!(done(&dir, &["check"]).contains("dist/essai-signe.wasm is signed with the key"));
    let said = refused(&dir, &["pack"]);
    assert!(said.contains("--key FILE") && said.contains("--unsigned"), "{said}");
    assert_eq!(std::fs::read(&packed).unwrap(), handed_over);
    done(&dir, &["sign", "dist/unsigned/essai-signe.wasm", "--key", "my.key"]);
    done(&dir, &["verify", "dist/essai-signe.wasm", "--key", "my.key.pub"]);
    assert!(done(&dir, &["verify", "dist/unsigned/essai-signe.wasm"]).contains("is not signed"));
    done(&dir, &["sign", "dist/essai-signe.wasm", "--key", "other.key"]);

    let mut bytes = std::fs::read(&packed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&packed, bytes).unwrap();
    assert!(
        refused(&dir, &["verify", "dist/essai-signe.wasm", "--key", "other.key.pub"])
            .contains("changed after it was signed")
    );
}

#[test]
fn what_is_wrong_is_said_with_what_mends_it() {
    let scratch = tempfile::tempdir().unwrap();
    assert!(refused(scratch.path(), &["build"]).contains("afpi plugin new"));
    assert!(refused(scratch.path(), &["install", "nothing.wasm"]).contains("nothing.wasm"));
    let dir = project(scratch.path(), "essai-faute", "notifier");
    assert!(refused(scratch.path(), &["new", "essai-faute", "--kind", "notifier"]).contains("not empty"));

    // No host answers at the port given above. `doctor` prints a warning, and commands that need the host fail.
    let said: Value = serde_json::from_str(&done(&dir, &["--json", "doctor"])).unwrap();
    let findings = said["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding["level"] == "warning" && finding["mend"].as_str().unwrap().contains("make run")),
        "{said}"
    );
    let toml = std::fs::read_to_string(dir.join("plugin.toml")).unwrap();
    std::fs::write(dir.join("plugin.toml"), toml.replace("kind =", "kinds =")).unwrap();
    let said = refused(&dir, &["doctor"]);
    assert!(said.contains("unknown field `kinds`") && said.contains("edit"), "{said}");
    assert_eq!(afpi(&dir, &["fly"]).status.code(), Some(2));
}
