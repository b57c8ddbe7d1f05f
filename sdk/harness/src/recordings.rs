//! Recorded calls of pure plugins: read from files of JSON lines, replayed, and compared with another version.

use crate::difference::{Change, changes};
use crate::session::Session;
pub use afpi_plugins::Recording;
use afpi_plugins::ReplayError;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The result of a replayed call.
#[derive(Debug, Serialize)]
pub struct Played {
    /// A short description of the call.
    pub call: String,
    /// The differences of the answer. The list is empty if the answer is equal.
    pub changes: Vec<Change>,
    /// Whether the answer is identical, byte for byte.
    pub identical: bool,
}

/// Reads all recordings of a file, or of the `.jsonl` files of a folder in the order of their names.
pub fn read(path: &Path) -> Result<Vec<Recording>> {
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = path
            .read_dir()
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>());
        files = entries.with_context(|| path.display().to_string())?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
        files.sort();
    }
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            found.push(serde_json::from_str(line).with_context(|| format!("{}, line {}", file.display(), number + 1))?);
        }
    }
    if found.is_empty() {
        bail!("{} contains no recordings", path.display());
    }
    Ok(found)
}

/// Replays recordings on a plugin and compares the answers with the recorded ones.
pub async fn play(session: &Session, recordings: &[Recording]) -> Result<Vec<Played>> {
    let mut played = Vec::with_capacity(recordings.len());
    for recording in recordings {
        let answer = answer(session, recording).await?;
        // The comparison is byte for byte, which is stricter than a comparison of values.
        let (then, now) = (recording.result.to_string(), answer.to_string());
        played.push(Played {
            call: words(recording),
            changes: changes(&recording.result, &answer),
            identical: then == now,
        });
    }
    Ok(played)
}

/// Replaces the recorded answers with those of this plugin.
pub async fn answer_anew(session: &Session, recordings: &mut [Recording]) -> Result<()> {
    for recording in recordings {
        recording.result = answer(session, recording).await?;
    }
    Ok(())
}

/// The plugin's answer to a recorded call. A trap or a timeout counts as an answer.
async fn answer(session: &Session, recording: &Recording) -> Result<Value> {
    match session.runtime.replay(&session.plugin, recording).await {
        Ok(again) => Ok(again.result),
        Err(ReplayError::Failed(failure)) => {
            let kind = failure.outcome().as_str();
            Ok(json!({ "Err": { kind: failure.to_string() } }))
        }
        Err(other) => Err(other).with_context(|| words(recording)),
    }
}

/// Describes a call, for example `decide win on OPP-2026-00007, by commercial`.
fn words(recording: &Recording) -> String {
    let args = recording.args.as_array().map_or(&[][..], Vec::as_slice);
    let field = |name: &str| args.iter().find_map(|arg| arg[name].as_str()).filter(|word| !word.is_empty());
    let mut words = recording.function.clone();
    if let Some(word) = args.get(1).and_then(Value::as_str) {
        words.push_str(&format!(" {word}"));
    }
    if let Some(record) = field("numero").or_else(|| field("title")) {
        words.push_str(&format!(" on {record}"));
    }
    if let Some(role) = field("role") {
        words.push_str(&format!(", by {role}"));
    }
    words
}

/// A summary: for each place that differs, the number of calls and the first of them.
pub fn summary(played: &[Played]) -> String {
    let mut groups: BTreeMap<String, Vec<&Played>> = BTreeMap::new();
    for one in played.iter().filter(|one| !one.changes.is_empty()) {
        let places: Vec<&str> = one.changes.iter().map(|change| change.at.as_str()).collect();
        groups.entry(places.join(", ")).or_default().push(one);
    }
    let different: usize = groups.values().map(Vec::len).sum();
    let mut lines = vec![format!("{} calls, {different} answered differently", played.len())];
    for group in groups.values() {
        let more = if group.len() > 1 { format!(" (and {} more like it)", group.len() - 1) } else { String::new() };
        lines.push(format!("\n{}{more}", group[0].call));
        lines.extend(group[0].changes.iter().map(|change| format!("  {change}")));
    }
    lines.join("\n")
}
