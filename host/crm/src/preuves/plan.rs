//! What an archive will contain: decided once, in the request, with the rights of who asked. The job only copies. The
//! same plan gives the same bytes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::dossier::{self, Preuve, PreuveState, Preuves};
use super::facts::{Facts, Opportunite};
use super::referentiel;
use afpi_core::clock::Instant;
use afpi_platform::schema::resolved;

/// The name of the list of all files.
pub const MANIFEST: &str = "manifest.json";
const PLAIN: &str = "text/plain";
/// The most characters of a name. Some systems take paths of 260 characters at most.
const LONGEST: usize = 100;

/// The content of an archive, in order. The last one is the manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub entries: Vec<Planned>,
    pub manifest: String,
}

/// A file of an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Planned {
    pub path: String,
    pub sha256: String,
    /// The content of a file that was made for the archive. The others are in the store of files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Plans the archive of a training.
pub fn plan(facts: &Facts, preuves: &Preuves, by: &str, now: Instant) -> Plan {
    let mut names = BTreeSet::new();
    let (mut entries, mut listed) = (Vec::new(), Vec::new());
    let mut add = |planned: Planned, row: Value| {
        listed.push(row);
        entries.push(planned);
    };
    let made = |path: &str, text: String, media_type: &str, item: Option<&Preuve>| {
        let sha256 = hash(text.as_bytes());
        let row = json!({
            "path": path, "sha256": sha256, "size": text.len(), "mediaType": media_type, "kind": item.map(|item| &item.id),
            "indicators": item.map(|item| &item.indicators), "funder": item.is_some_and(|item| item.funder), "madeAt": now,
            "madeBy": by,
        });
        (Planned { path: path.to_owned(), sha256, text: Some(text) }, row)
    };
    let path = free(&mut names, "", "00_sommaire.txt");
    let (planned, row) = made(&path, summary(facts, preuves), PLAIN, None);
    add(planned, row);
    for (item, weighed) in referentiel::data().item.iter().zip(&preuves.items) {
        if item.proof == Some(referentiel::Proof::FirstSection) {
            for file in &facts.opportunites {
                let path = free(&mut names, &item.folder, &format!("besoin-{}.txt", file.numero));
                let (planned, row) = made(&path, need(file), PLAIN, Some(weighed));
                add(planned, row);
            }
        }
        if item.proof == Some(referentiel::Proof::Attendance) {
            for (session, csv) in &facts.sheets {
                let path = free(&mut names, &item.folder, &format!("presences-{session}.csv"));
                let (planned, row) = made(&path, csv.clone(), "text/csv", Some(weighed));
                add(planned, row);
            }
        }
        for file in dossier::files(facts, item) {
            let path = free(&mut names, &item.folder, &file.name);
            let mut row = json!({
                "path": path, "sha256": file.sha256, "size": file.size, "mediaType": file.media_type, "kind": item.id,
                "indicators": weighed.indicators, "funder": weighed.funder, "madeAt": file.at, "madeBy": file.by,
            });
            if let Some((day, signatory)) = &file.signed {
                row["signedOn"] = json!(day);
                row["signatory"] = json!(signatory);
            }
            add(Planned { path, sha256: file.sha256.clone(), text: None }, row);
        }
    }
    let item = |item: &Preuve| {
        json!({
            "kind": item.id, "label": item.label.fr, "state": item.state, "done": item.done, "total": item.total,
            "indicators": item.indicators, "funder": item.funder, "reason": item.reason, "role": item.role, "who": item.who,
            "due": item.due,
        })
    };
    let manifest = json!({
        "format": 1,
        "about": {"kind": facts.kind, "id": facts.id, "number": facts.label, "title": facts.title},
        "reference": preuves.reference, "funder": preuves.funder, "percent": preuves.percent, "madeAt": now, "madeBy": by,
        "items": preuves.items.iter().map(item).collect::<Vec<_>>(),
        "files": listed,
    });
    Plan { entries, manifest: format!("{manifest:#}\n") }
}

/// What is there, and what is missing: who, by when.
fn summary(facts: &Facts, preuves: &Preuves) -> String {
    let mut text = format!(
        "Dossier de preuve {} — {}\nPrêt à {} %\n{} ({})\nFinanceurs : {}\n\n",
        facts.label, facts.title, preuves.percent, preuves.reference.label.fr, preuves.reference.source, preuves.funder
    );
    for item in &preuves.items {
        let state = match item.state {
            PreuveState::There => "présent",
            PreuveState::Partial => "incomplet",
            PreuveState::Missing => "manquant",
            PreuveState::None => "sans objet",
        };
        let indicators: Vec<String> = item.indicators.iter().map(u32::to_string).collect();
        text.push_str(&format!("[{state}] {} ({}/{})", item.label.fr, item.done, item.total));
        if !indicators.is_empty() {
            text.push_str(&format!(", indicateurs {}", indicators.join(", ")));
        }
        if let Some(reason) = &item.reason {
            text.push_str(&format!(", sans fichier : {reason}"));
        }
        if let Some(who) = item.who.as_ref().or(item.role.as_ref()) {
            text.push_str(&format!(", attendu de : {who}"));
        }
        if let Some(due) = item.due {
            text.push_str(&format!(", pour le {due}"));
        }
        text.push('\n');
    }
    text
}

/// The document of the first section as a text: the labels of its form, and the values.
fn need(file: &Opportunite) -> String {
    let (label, form, document) = &file.need;
    let mut text = format!("{label} — {}\n\n", file.numero);
    lines(form, form, document, "", &mut text);
    text
}

fn lines(root: &Value, schema: &Value, document: &Map<String, Value>, indent: &str, text: &mut String) {
    let fields = resolved(root, schema).get("properties").and_then(Value::as_object);
    for (name, field) in fields.into_iter().flatten() {
        let Some(value) = document.get(name).filter(|value| !value.is_null()) else { continue };
        let field = resolved(root, field);
        let label = field.get("title").and_then(Value::as_str).unwrap_or(name);
        let below = format!("{indent}  ");
        match value {
            Value::Object(inner) => {
                text.push_str(&format!("{indent}{label} :\n"));
                lines(root, field, inner, &below, text);
            }
            Value::Array(rows) => {
                text.push_str(&format!("{indent}{label} :\n"));
                let items = field.get("items").unwrap_or(&Value::Null);
                for row in rows {
                    match row {
                        Value::Object(inner) => {
                            text.push_str(&format!("{below}-\n"));
                            lines(root, items, inner, &format!("{below}  "), text);
                        }
                        plain => text.push_str(&format!("{below}- {}\n", word(resolved(root, items), plain))),
                    }
                }
            }
            plain => text.push_str(&format!("{indent}{label} : {}\n", word(field, plain))),
        }
    }
}

/// A value, or the label of a choice.
fn word(field: &Value, value: &Value) -> String {
    let options = field.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let chosen = options.into_iter().find(|option| option.get("const") == Some(value));
    let label = chosen.and_then(|option| option.get("title")).and_then(Value::as_str);
    let plain = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    label.map_or_else(plain, str::to_owned)
}

/// A path that no other file has, also where letters of both cases are equal.
fn free(taken: &mut BTreeSet<String>, folder: &str, name: &str) -> String {
    let name = ascii(name);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem.to_owned(), format!(".{ending}")),
        _ => (name.clone(), String::new()),
    };
    let stem: String = stem.chars().take(LONGEST).collect();
    let slash = if folder.is_empty() { "" } else { "/" };
    let numbered = (2..).map(|number| format!("{folder}{slash}{stem}-{number}{ending}"));
    let mut paths = std::iter::once(format!("{folder}{slash}{stem}{ending}")).chain(numbered);
    paths.find(|path| taken.insert(path.to_lowercase())).unwrap_or_default()
}

/// Plain letters, digits and a few marks.
fn ascii(name: &str) -> String {
    let plain = name.nfd().filter(|c| !is_combining_mark(*c));
    let kept = plain.map(|c| if c.is_ascii_alphanumeric() || "._-()".contains(c) { c } else { '-' });
    let name: String = kept.collect();
    let name = name.trim_matches(['.', '-']).to_owned();
    if name.is_empty() { "fichier".to_owned() } else { name }
}

/// SHA-256 in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_no_two_are_equal() {
        let mut taken = BTreeSet::new();
        let mut free = |name: &str| super::free(&mut taken, "03_contrat", name);
        assert_eq!(free("Convention signée n°1.pdf"), "03_contrat/Convention-signee-n-1.pdf");
        assert_eq!(free("CONVENTION signée n°1.PDF"), "03_contrat/CONVENTION-signee-n-1-2.PDF");
        assert_eq!(free("../../etc/passwd"), "03_contrat/etc-passwd");
        assert_eq!(free(&format!("{}.pdf", "x".repeat(300))).len(), "03_contrat/.pdf".len() + LONGEST);
    }

    #[test]
    fn a_form_becomes_lines_with_its_labels() {
        let form = json!({"properties": {
            "aim": {"title": "Objectif"}, "mode": {"title": "Mode", "oneOf": [{"const": "a", "title": "Sur site"}]},
            "people": {"title": "Personnes", "items": {"$ref": "#/$defs/person"}}, "none": {"title": "Rien"},
        }, "$defs": {"person": {"properties": {"name": {"title": "Nom"}}}}});
        let document = json!({"aim": "Souder", "mode": "a", "people": [{"name": "Anne"}]});
        let file = Opportunite {
            numero: "O-1".into(),
            commercial: String::new(),
            begun: true,
            need: ("Collecte".into(), form, document.as_object().unwrap().clone()),
            listed: Vec::new(),
        };
        assert_eq!(
            need(&file),
            "Collecte — O-1\n\nObjectif : Souder\nMode : Sur site\nPersonnes :\n  -\n    Nom : Anne\n"
        );
    }
}
