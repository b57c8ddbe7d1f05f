//! The pages in `docs/` list exactly the metrics, alerts and problem codes of the program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use afpi_core::error::ErrorKind;
use strum::IntoEnumIterator;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the repository").to_owned()
}

fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every word in back quotes in the tables of a page.
fn quoted_in_tables(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// Every string literal of a source that `wanted` accepts.
fn literals(source: &str, wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    source.split('"').skip(1).step_by(2).filter(|text| wanted(text)).map(str::to_owned).collect()
}

#[test]
fn monitoring_lists_every_metric() {
    let source = read("host/platform/src/ops/metrics.rs");
    let made = literals(&source, |text| text.starts_with("afpi_"));
    let listed: BTreeSet<String> =
        quoted_in_tables(&read("docs/MONITORING.md")).into_iter().filter(|word| word.starts_with("afpi_")).collect();
    assert!(made.len() > 20, "{made:?}");
    assert_eq!(listed, made);
}

#[test]
fn monitoring_has_a_runbook_for_every_alert() {
    let rules = read("deploy/prometheus/alerts.yml");
    let alerts: BTreeSet<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    let page = read("docs/MONITORING.md");
    let runbooks: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    assert_eq!(runbooks, alerts);
    for runbook in page.split("### ").skip(1) {
        for part in ["- Means: ", "- Look: ", "- Do: "] {
            assert!(runbook.contains(part), "{part}is missing: {runbook}");
        }
    }
}

#[test]
fn error_handling_lists_every_code_of_a_problem() {
    let made: BTreeSet<String> = ErrorKind::iter().map(|kind| kind.code().to_owned()).collect();
    let page = read("docs/ERROR_HANDLING.md");
    let rows = page.lines().filter(|line| line.starts_with("| 4") || line.starts_with("| 5"));
    let listed: BTreeSet<String> = rows
        .filter_map(|row| row.split('|').nth(2))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    assert!(made.len() > 50, "{made:?}");
    assert_eq!(listed, made);
}
