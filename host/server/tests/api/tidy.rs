//! What the sources must not contain: access to scoped tables outside `scope.rs`, and names of the workflow plugin.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::{HOME, on_both};
use afpi_core::rights::Role;

/// Tables with access rules for their rows. Other code reads them only through `scope.rs`.
const SCOPED: [&str; 11] = [
    "opportunites",
    "entreprises",
    "formateurs",
    "salles",
    "produits",
    "sessions",
    "stagiaires",
    "objectifs",
    "faits",
    "journal",
    "attachments",
];

/// Places outside `scope.rs` where SQL names a scoped table for another purpose than to write a row whose id was read
/// in scope. Each has the reason why it does not bypass the scope. An entry that is no longer needed fails the test.
const READS: [(&str, &str, &str); 49] = [
    (
        "crm/src/personnes/conservation/due.rs",
        "FROM opportunites",
        "what keeps a record from being due, asked for by who sees the whole network",
    ),
    ("crm/src/personnes/conservation/due.rs", "JOIN sessions", "the same"),
    (
        "crm/src/bpf/read.rs",
        "JOIN stagiaires",
        "the trainees of sessions that were found in scope: counts and hours only",
    ),
    ("crm/src/bpf/read.rs", "FROM formateurs", "the kind of those who taught in sessions that were found in scope"),
    ("crm/src/personnes/erase.rs", "FROM attachments", "the files of a record that was loaded in scope"),
    ("crm/src/personnes/erase.rs", "JOIN attachments", "the same"),
    ("crm/src/coherence/due.rs", "FROM journal", "has anything been changed at this site? Yes or no, for its audit"),
    ("crm/src/opportunites/stored.rs", "FROM attachments", "says whether the record that is read in scope has files"),
    ("crm/src/opportunites/stored.rs", "FROM journal", "the end of the journal of the record that is read in scope"),
    ("crm/src/opportunites/moves.rs", "FROM journal", "the last line of an opportunité that was found in scope"),
    ("crm/src/opportunites/sent_back.rs", "FROM journal", "the same for those on a page of the list"),
    ("server/src/demo/relay.rs", "FROM journal", "rows that the demo itself wrote, before it serves requests"),
    ("platform/src/journal/chain.rs", "FROM journal", "where the chains end, to go on with them"),
    ("platform/src/journal/verify.rs", "FROM journal", "every line, for `afpi admin verify-journal`"),
    ("crm/src/opportunites/historique.rs", "FROM journal", "the lines of an opportunité that was found in scope"),
    ("crm/src/opportunites/stored.rs", "JOIN entreprises", "the company of an opportunité that was found in scope"),
    ("crm/src/opportunites/item.rs", "JOIN entreprises", "the same for lists, joined by Scope::opportunites"),
    (
        "crm/src/opportunites/bookings.rs",
        "JOIN opportunites",
        "the opportunité that holds the booking: its number only, at the caller's site, during the caller's move",
    ),
    ("crm/src/opportunites/bookings.rs", "JOIN sessions", "the same for a session"),
    (
        "crm/src/sessions/planning.rs",
        "JOIN opportunites",
        "the opportunité that holds the booking: its number only, at the site of the session",
    ),
    ("crm/src/sessions/planning.rs", "JOIN sessions", "the same for a session"),
    (
        "crm/src/opportunites/search.rs",
        "JOIN entreprises",
        "the search words of an opportunité: written, never returned",
    ),
    (
        "crm/src/sessions/follow.rs",
        "FROM sessions",
        "the sessions of the planning of an opportunité that was found in scope",
    ),
    (
        "crm/src/sessions/follow.rs",
        "JOIN opportunites",
        "the kinds of the opportunités of the same session: never returned",
    ),
    ("crm/src/sessions/follow.rs", "FROM stagiaires", "the trainees of an opportunité that was found in scope"),
    (
        "crm/src/sessions/read.rs",
        "JOIN entreprises",
        "the companies of opportunités in scope, joined by Scope::opportunites",
    ),
    ("crm/src/stagiaires/rights.rs", "JOIN entreprises", "the same"),
    ("crm/src/sessions/store.rs", "FROM sessions", "the session that a planning made"),
    ("crm/src/sessions/store.rs", "FROM stagiaires", "a trainee that was just written"),
    ("crm/src/sessions/store.rs", "FROM attachments", "whether the session that a planning made has files"),
    ("crm/src/attachments/describe.rs", "FROM attachments", "the files of a record that was found in scope"),
    (
        "crm/src/antivirus/quarantine.rs",
        "JOIN attachments",
        "the files of a content that is quarantined: nobody gets an answer",
    ),
    ("crm/src/attachments/collect.rs", "FROM entreprises", "whether a record still exists: nobody gets an answer"),
    ("crm/src/facturation/list.rs", "JOIN entreprises", "the company of an opportunité that was found in scope"),
    ("crm/src/documents/material.rs", "FROM entreprises", "the company of an opportunité that was found in scope"),
    (
        "crm/src/search/documents.rs",
        "JOIN entreprises",
        "the company of an opportunité, for the index: what it finds is read again in scope",
    ),
    ("crm/src/search/find.rs", "JOIN entreprises", "the company of an opportunité that was found in scope"),
    ("crm/src/pieces/payer.rs", "FROM entreprises", "the company of an opportunité that was found in scope"),
    ("crm/src/corbeille/parts.rs", "FROM attachments", "the files of a record that was loaded in scope"),
    ("crm/src/formateurs/store.rs", "FROM attachments", "whether a trainer who was loaded in scope has files"),
    (
        "crm/src/corbeille/blockers.rs",
        "FROM opportunites",
        "whether a company that was loaded in scope has any, of whatever site: never returned",
    ),
    ("crm/src/corbeille/blockers.rs", "JOIN stagiaires", "whether trainees of an opportunité in scope are in sessions"),
    ("crm/src/entreprises/fusion/relations.rs", "FROM attachments", "the files of a company that was loaded in scope"),
    ("crm/src/entreprises/read.rs", "FROM entreprises", "the notes of a company loaded in scope just before"),
    ("server/src/demo/companies.rs", "FROM entreprises", "rows that the demo itself wrote, before it serves requests"),
    ("server/src/demo/relay.rs", "FROM opportunites", "the same"),
    ("server/src/demo/trainees.rs", "FROM opportunites", "the same"),
    ("server/src/demo/trainees.rs", "FROM stagiaires", "the same"),
    ("server/src/demo/trainers.rs", "FROM formateurs", "the same"),
];

/// Folders and files that write rows by ids that were read in scope. `demo/` fills an empty database.
const WRITERS: [&str; 29] = [
    "platform/src/journal/chain.rs",
    "crm/src/attachments/collect.rs",
    "crm/src/attachments/store.rs",
    "crm/src/entreprises/bulk.rs",
    "crm/src/entreprises/fusion/",
    "crm/src/entreprises/search.rs",
    "crm/src/entreprises/store.rs",
    "crm/src/facturation/keep.rs",
    "crm/src/formateurs/search.rs",
    "crm/src/formateurs/store.rs",
    "crm/src/formateurs/write.rs",
    "crm/src/objectifs/store.rs",
    "crm/src/opportunites/apply.rs",
    "crm/src/opportunites/create.rs",
    "crm/src/opportunites/moves.rs",
    "crm/src/opportunites/patch.rs",
    "crm/src/opportunites/search.rs",
    "crm/src/personnes/erase.rs",
    "crm/src/pieces/adopt.rs",
    "crm/src/produits/store.rs",
    "crm/src/produits/write.rs",
    "crm/src/sessions/adopt.rs",
    "crm/src/sessions/store.rs",
    "crm/src/sessions/write.rs",
    "crm/src/stagiaires/store.rs",
    "crm/src/stagiaires/write.rs",
    "crm/src/salles/store.rs",
    "crm/src/salles/write.rs",
    "server/src/demo/",
];

/// Functions that change rows of a scoped table without a `Loaded` record, each with the reason why this does not
/// bypass the scope. An entry that is no longer needed fails the test.
const BARE: [(&str, &str, &str); 13] = [
    ("crm/src/attachments/collect.rs", "abandoned", "files of records that no longer exist"),
    (
        "crm/src/entreprises/bulk.rs",
        "touch",
        "runs work for the whole network, on companies whose contacts they changed",
    ),
    ("crm/src/entreprises/search.rs", "write", "the search words of a company, taken from its own row"),
    ("crm/src/formateurs/search.rs", "fill_some", "the same for trainers"),
    ("crm/src/sessions/store.rs", "rename", "the session of the planning of an opportunité that was loaded in scope"),
    ("crm/src/sessions/store.rs", "set_status", "the same"),
    ("crm/src/sessions/store.rs", "settle", "the same"),
    ("crm/src/sessions/store.rs", "remove_if_empty", "the same"),
    ("crm/src/opportunites/search.rs", "set", "the same for opportunités"),
    ("crm/src/opportunites/search.rs", "fill_documents", "the same"),
    ("platform/src/journal/chain.rs", "fill_one", "the hash of a line that was written before lines had one"),
    (
        "crm/src/pieces/adopt.rs",
        "into_shelf",
        "marks an opportunité after its issued documents are in the table of pieces",
    ),
    ("crm/src/facturation/keep.rs", "mark", "the same for the table of what payers owe"),
];

/// The Rust sources of a folder, without their unit tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()));
        }
    }
    found
}

fn host() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("host/").to_owned()
}

/// Every `VERB table` in the text, as whole words, e.g. `JOIN entreprises`. A statement may span several lines.
fn mentions(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let pairs = words
        .windows(2)
        .filter(|pair| ["FROM", "JOIN", "INTO", "UPDATE"].contains(&pair[0]) && SCOPED.contains(&pair[1]));
    let deletes = words.windows(3).filter(|three| three[..2] == ["DELETE", "FROM"] && SCOPED.contains(&three[2]));
    let writes: BTreeSet<String> = deletes.map(|three| three[2].to_owned()).collect();
    pairs
        .map(
            |pair| {
                if pair[0] == "FROM" && writes.contains(pair[1]) {
                    format!("DELETE {}", pair[1])
                } else {
                    pair.join(" ")
                }
            },
        )
        .collect()
}

#[test]
fn scoped_tables_are_read_through_the_scope() {
    let root = host();
    let (mut astray, mut needed) = (Vec::new(), BTreeSet::new());
    for (path, text) in sources(&root) {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        // Tests may write to all tables.
        if file == "core/src/scope.rs" || !file.contains("/src/") {
            continue;
        }
        for mention in mentions(&text) {
            let read = mention.starts_with("FROM") || mention.starts_with("JOIN");
            let known = if read {
                READS.iter().find(|(f, m, _)| *f == file && *m == mention).map(|(f, ..)| *f)
            } else {
                WRITERS.into_iter().find(|w| file.starts_with(w))
            };
            match known {
                Some(entry) => drop(needed.insert((read, entry))),
                None => astray.push(format!("{file}: {mention}")),
            }
        }
    }
    assert!(astray.is_empty(), "use core/src/scope.rs, or add an entry with a reason: {astray:#?}");
    let listed: BTreeSet<_> =
        READS.iter().map(|(f, ..)| (true, *f)).chain(WRITERS.into_iter().map(|w| (false, w))).collect();
    assert_eq!(listed.difference(&needed).collect::<Vec<_>>(), Vec::<&(bool, &str)>::new(), "no longer needed");
}

/// The functions that change or delete a row of a scoped table, with their signatures.
fn writers(text: &str) -> Vec<(&str, &str)> {
    let verbs = SCOPED.iter().flat_map(|table| [format!("UPDATE {table} "), format!("DELETE FROM {table} ")]);
    let found = verbs.flat_map(|verb| text.match_indices(&verb).map(|(at, _)| at).collect::<Vec<_>>());
    let function = |at: usize| {
        let begin = text[..at].rfind("fn ").expect("SQL stands in a function") + 3;
        let signature = text[begin..].split('{').next().unwrap_or_default();
        (signature.split(['(', '<']).next().unwrap_or_default(), signature)
    };
    found.map(function).collect()
}

#[test]
fn rows_are_changed_by_a_record_that_was_read_in_scope() {
    let root = host();
    let (mut astray, mut needed) = (BTreeSet::new(), BTreeSet::new());
    for (path, text) in sources(&root) {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        if !file.contains("/src/") || file.starts_with("server/src/demo/") {
            continue;
        }
        for (name, _) in writers(&text).into_iter().filter(|(_, signature)| !signature.contains("Loaded<")) {
            match BARE.iter().find(|(f, function, _)| *f == file && *function == name) {
                Some(entry) => drop(needed.insert(entry)),
                None => drop(astray.insert(format!("{file}: {name}"))),
            }
        }
    }
    assert!(astray.is_empty(), "take a `Loaded` record, or add an entry with a reason: {astray:#?}");
    assert_eq!(
        BARE.iter().filter(|entry| !needed.contains(entry)).collect::<Vec<_>>(),
        Vec::<&_>::new(),
        "no longer needed"
    );
}

#[test]
fn a_function_that_changes_rows_is_found_with_its_signature() {
    let text =
        "fn read() {}\nasync fn change<T>(tx: &mut Conn,\n id: Uuid) -> bool { sql(\"UPDATE salles SET x = 1\") }";
    assert_eq!(writers(text), [("change", "change<T>(tx: &mut Conn,\n id: Uuid) -> bool ")]);
}

#[test]
fn mentions_are_found_over_line_breaks_and_not_in_longer_names() {
    let text = "SELECT 1 FROM \\\n   entreprises e JOIN objectifs_x; DELETE FROM faits; UPDATE opportunites_vues";
    assert_eq!(mentions(text), ["DELETE faits", "FROM entreprises"].map(String::from).into());
}

#[tokio::test]
async fn the_host_knows_no_word_of_the_workflow() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let definition = admin.get(&format!("/api/workflow?localisationId={}", w.site(HOME))).await.expect(200);
        let words: BTreeSet<String> = ["sections", "statuses", "transitions"]
            .iter()
            .flat_map(|part| {
                definition[*part].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned())
            })
            // A section may have the same name as the role that owns it. Roles belong to the host.
            .filter(|word| afpi_core::rights::Role::parse(word).is_none())
            // The contract (`wit/plugin/workflow.wit`) uses the word documents for the content of all sections.
            .filter(|word| word != "documents")
            .collect();
        assert!(words.len() > 20, "{words:?}");
        let mut said = Vec::new();
        for part in ["core", "db", "jobs", "plugins", "http", "platform", "crm", "changes", "server"] {
            for (path, text) in sources(&host().join(part).join("src")) {
                if path.components().any(|c| c.as_os_str() == "demo") {
                    continue;
                }
                // Comments may mention these names as examples, so the test leaves comments out.
                let code: String =
                    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
                said.extend(
                    words
                        .iter()
                        .filter(|word| code.contains(&format!("\"{word}\"")))
                        .map(|word| format!("{}: {word}", path.display())),
                );
            }
        }
        assert!(said.is_empty(), "{said:#?}");
    })
    .await;
}

/// `deploy/README.md` tells people to create a `.env` with secrets at the root. No commit and no image may contain it.
#[test]
fn secrets_in_an_env_file_stay_on_the_machine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let says = |file: &str, line: &str| {
        let text = std::fs::read_to_string(root.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        text.lines().any(|known| known == line)
    };
    assert!(says(".gitignore", ".env"));
    assert!(says("deploy/Dockerfile.dockerignore", "**/.env"));
    // Docker uses the ignore file beside a Dockerfile only if the root of the build context has none.
    assert!(!root.join(".dockerignore").exists() && root.join("deploy/Dockerfile").exists());
    if root.join(".git").exists() {
        for path in [".env", "deploy/.env"] {
            let ignored = std::process::Command::new("git")
                .args(["check-ignore", "--quiet", "--no-index", path])
                .current_dir(&root)
                .status()
                .unwrap();
            assert!(ignored.success(), "{path}");
        }
    }
}

/// The crates that plugins use to build and test depend on the contract, not on the host. Only the harness depends on
/// the host's runtime, because it runs plugins in it.
#[test]
fn the_sdk_does_not_point_back_into_the_host() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let workspace = read(&root.join("Cargo.toml"));
    let of_host = workspace.lines().filter(|line| line.contains("path = \"host/"));
    let of_host: Vec<&str> = of_host.filter_map(|line| line.split([' ', '=']).next()).collect();
    assert!(of_host.contains(&"afpi-plugins") && of_host.len() > 5, "{of_host:?}");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root.join("sdk")).unwrap().map(|entry| entry.unwrap().path()) {
        let manifest = folder.join("Cargo.toml");
        if !manifest.exists() {
            continue;
        }
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = read(&manifest);
        let named = text.lines().filter_map(|line| line.split([' ', '.', '=']).next());
        found.extend(named.filter(|word| of_host.contains(word)).map(|word| format!("{name}: {word}")));
        assert!(!text.contains("../../host") && !text.contains("\"host/"), "{name} names a folder of the host");
    }
    assert_eq!(found, ["harness: afpi-plugins"]);
}

/// Tables whose rows the search finds.
const FOUND: [&str; 8] =
    ["entreprises", "contacts", "opportunites", "pieces", "sessions", "formateurs", "stagiaires", "users"];

/// Files that write to them and note no change for the search, each with the reason. An entry that is no longer needed
/// fails the test.
const UNNOTED: [(&str, &str); 12] = [
    ("crm/src/api_keys/store.rs", "the account of a key is no person: nothing finds it"),
    (
        "crm/src/entreprises/fusion/",
        "`search::write` and `opportunites::renamed` end each merge and each undo, and note them",
    ),
    ("crm/src/entreprises/store.rs", "`search::write` follows each of its writes, and notes it"),
    ("crm/src/formateurs/search.rs", "the column that SQL searches: the index reads the fields"),
    ("crm/src/facturation/keep.rs", "marks of pieces that are found already"),
    ("crm/src/pieces/store.rs", "the move that freezes a piece notes its opportunité, as does the upgrade"),
    ("crm/src/sessions/adopt.rs", "marks an opportunité after its sessions are made, which notes them"),
    ("crm/src/users/admin.rs", "a password"),
    ("platform/src/auth/link.rs", "a password"),
    ("platform/src/auth/login.rs", "the time of a sign-in"),
    ("platform/src/auth/me.rs", "a password"),
    ("server/src/demo/", "an empty database is filled before the index is built"),
];

#[test]
fn whoever_writes_what_the_search_finds_notes_it() {
    let root = host();
    let (mut silent, mut needed) = (Vec::new(), BTreeSet::new());
    for (path, text) in sources(&root) {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let words: Vec<&str> =
            text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
        let written = |verbs: &[&str]| {
            let length = verbs.len() + 1;
            words.windows(length).any(|some| some[..verbs.len()] == *verbs && FOUND.contains(&some[verbs.len()]))
        };
        let writes = written(&["INSERT", "INTO"]) || written(&["UPDATE"]) || written(&["DELETE", "FROM"]);
        if !file.contains("/src/") || !writes || text.contains("noted(") {
            continue;
        }
        match UNNOTED.iter().find(|(known, _)| file.starts_with(known)) {
            Some((known, _)) => drop(needed.insert(*known)),
            None => silent.push(file),
        }
    }
    assert!(silent.is_empty(), "these files write what the search finds without `noted`: {silent:#?}");
    let known: BTreeSet<&str> = UNNOTED.iter().map(|(file, _)| *file).collect();
    assert_eq!(known, needed, "exceptions that are no longer needed");
}
