//! The promise of `wit/README.md`: no version of the contract breaks an earlier one. (`sdk/harness/tests/golden.rs`
//! shows that components built with an earlier version still load and answer.)

use std::fs;
use std::path::{Path, PathBuf};
use wit_component::semver_check;
use wit_parser::{Resolve, SourceMap};

fn wit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

/// Reads `types`, `host` and `plugin` below a folder. `edit` changes the text of each file.
fn push(resolve: &mut Resolve, folder: &Path, edit: impl Fn(&str) -> String) -> wit_parser::PackageId {
    let mut last = None;
    for package in ["types", "host", "plugin"] {
        let mut files: Vec<_> = fs::read_dir(folder.join(package)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let mut sources = SourceMap::new();
        for file in files {
            sources.push_str(&file.display().to_string(), edit(&fs::read_to_string(&file).unwrap()));
        }
        let group = sources.parse().unwrap_or_else(|(_, error)| panic!("{package}: {error:?}"));
        last = Some(resolve.push_group(group).unwrap());
    }
    last.unwrap()
}

/// Tells whether the edited contract is a valid successor of the frozen version. The frozen one gets another version
/// number, because a `Resolve` cannot contain the same package twice.
fn follows(frozen: &Path, edit: impl Fn(&str) -> String) -> Result<(), String> {
    let mut resolve = Resolve::default();
    let version = frozen.file_name().unwrap().to_str().unwrap();
    let earlier = |text: &str| text.replace(&format!("@{version}"), "@0.0.1-earlier");
    let old = push(&mut resolve, frozen, earlier);
    let new = push(&mut resolve, &wit(), edit);
    let worlds = resolve.packages[old].worlds.clone();
    for (name, world) in worlds {
        let Some(now) = resolve.packages[new].worlds.get(&name) else {
            return Err(format!("the world `{name}` is gone"));
        };
        semver_check(resolve.clone(), world, *now).map_err(|error| format!("world `{name}`: {error:#}"))?;
    }
    Ok(())
}

fn frozen() -> Vec<PathBuf> {
    let mut versions: Vec<_> = fs::read_dir(wit().join("frozen")).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.retain(|path| path.is_dir());
    versions.sort();
    versions
}

#[test]
fn the_contract_breaks_no_earlier_version() {
    assert!(!frozen().is_empty());
    for version in frozen() {
        follows(&version, str::to_owned).unwrap_or_else(|why| panic!("{}: {why}", version.display()));
    }
}

#[test]
fn growth_is_allowed_and_a_break_is_noticed() {
    let first = frozen().remove(0);
    let swap = |from: &'static str, to: &'static str| move |text: &str| -> String { text.replace(from, to) };
    let fine = [
        (
            "a function of the host",
            "    emit: func(event: event)",
            "    emit-twice: func(event: event);\n    emit: func(event: event)",
        ),
        ("an interface for all", "world hook-plugin {", "world hook-plugin {\n    import afpi:types/types@1.1.0;"),
        ("a new world", "world job-handling {", "world more { export lifecycle; }\nworld job-handling {"),
    ];
    for (what, from, to) in fine {
        follows(&first, swap(from, to)).unwrap_or_else(|why| panic!("{what}: {why}"));
    }
    let broken = [
        (
            "an additional field in a record",
            "        data: json,\n        state: json,",
            "        data: json,\n        more: string,\n        state: json,",
        ),
        ("a field of another type", "type money = s64;", "type money = s32;"),
        ("a case more in a variant", "        rate-limited(u32),", "        rate-limited(u32),\n        tired,"),
        (
            "an additional value in an enum",
            "enum phase { before, after, other }",
            "enum phase { before, during, after, other }",
        ),
        ("a parameter more", "get: func(key: string)", "get: func(key: string, other: string)"),
        ("a function that is gone", "    has: func(name: string) -> bool;", "    had: func(name: string) -> bool;"),
        ("an import that is gone", "    import afpi:host/random@1.1.0;\n", ""),
        ("an export that must be new", "    export notifier;", "    export notifier;\n    export job-handler;"),
        (
            "a function that must be new",
            "    metrics: func() -> list<metric>;",
            "    metrics: func() -> list<metric>;\n    more: func();",
        ),
        ("a world that is gone", "world hook-plugin", "world hooks-plugin"),
    ];
    for (what, from, to) in broken {
        assert!(follows(&first, swap(from, to)).is_err(), "{what} went unnoticed");
    }
}

/// Freezes the current version. Run it once when a version is released, and never again for that version: `cargo test
/// -p afpi-plugins --test contract -- --ignored freeze`.
#[test]
#[ignore = "writes files; for releasing a version of the contract"]
fn freeze() {
    let version = "1.1.0";
    let frozen = wit().join("frozen").join(version);
    assert!(!frozen.exists(), "{version} is frozen already: give `wit/` its next version number");
    for package in ["types", "host", "plugin"] {
        fs::create_dir_all(frozen.join(package)).unwrap();
        for file in fs::read_dir(wit().join(package)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), frozen.join(package).join(file.file_name())).unwrap();
        }
    }
}
