//! Checklists in a workflow's documents. With `x-checklist` a section's form declares which field lists the pieces that
//! are ticked by hand, and which one the host fills with the pieces that have a file. The host knows this keyword and no
//! word of the workflow. What it fills in is never stored: the files are the only truth.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::pieces::known;
use crate::schema::resolved;
use afpi_core::clock::Day;
use afpi_core::text::Text;

/// `x-checklist`: the meaning of the fields of a section's document.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChecklistForm {
    /// The field with the pieces ticked by hand.
    ticked: String,
    /// The field with the pieces that have a file.
    filed: String,
    follow: Option<FollowForm>,
    /// All pieces, in the order of the form.
    #[serde(skip)]
    pieces: Vec<(String, Text)>,
}

/// The field whose rows follow the pieces up, and the fields of a row.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FollowForm {
    rows: String,
    piece: String,
    /// Why the piece is ticked without a file.
    reason: String,
    /// From whom it is awaited, and until which ISO day.
    from: String,
    until: String,
}

/// What a document says about one piece of its checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub piece: String,
    pub label: Text,
    /// By hand, without a file.
    pub ticked: bool,
    pub reason: Option<String>,
    pub from: Option<String>,
    pub until: Option<Day>,
}

/// The pieces with a file: section and piece.
pub type Filed = BTreeSet<(String, String)>;

impl ChecklistForm {
    /// Reads a form's declaration.
    ///
    /// # Errors
    /// The fault of the declaration: its shape, or a field that the form does not have.
    pub fn read(form: &Value) -> Result<Option<ChecklistForm>, String> {
        let Some(declared) = form.get("x-checklist") else { return Ok(None) };
        let mut list = ChecklistForm::deserialize(declared).map_err(|error| format!("x-checklist: {error}"))?;
        known("x-checklist", form, [&list.ticked, &list.filed])?;
        if let Some(follow) = &list.follow {
            known("x-checklist", form, [&follow.rows])?;
            let row = items(form, &follow.rows);
            known("x-checklist", row, [&follow.piece, &follow.reason, &follow.from, &follow.until])?;
        }
        list.pieces = choices(items(form, &list.ticked));
        if list.pieces.is_empty() {
            return Err(format!("x-checklist names {}, which offers no choices", list.ticked));
        }
        Ok(Some(list))
    }

    /// Is this one of its pieces?
    pub fn knows(&self, piece: &str) -> bool {
        self.pieces.iter().any(|(known, _)| known == piece)
    }

    /// Sets the field with the pieces that have a file. Pieces that the form does not know are left out.
    pub fn fill(&self, document: &mut Map<String, Value>, filed: &dyn Fn(&str) -> bool) {
        let there = self.pieces.iter().filter(|(piece, _)| filed(piece));
        let there: Vec<Value> = there.map(|(piece, _)| Value::from(piece.as_str())).collect();
        if there.is_empty() {
            self.clear(document);
        } else {
            document.insert(self.filed.clone(), Value::Array(there));
        }
    }

    /// Removes it before the document is stored.
    pub fn clear(&self, document: &mut Map<String, Value>) {
        document.remove(&self.filed);
    }

    /// All pieces with what the document says about each.
    pub fn listed(&self, document: &Map<String, Value>) -> Vec<Listed> {
        let ticks = rows(document, &self.ticked);
        let row = |piece: &str| {
            let follow = self.follow.as_ref()?;
            let row = rows(document, &follow.rows).iter().find(|row| row[&follow.piece] == *piece)?;
            Some((follow, row))
        };
        let of = |(piece, label): &(String, Text)| {
            let said = |field: fn(&FollowForm) -> &String| {
                row(piece).and_then(|(follow, row)| row[field(follow)].as_str()).map(str::to_owned)
            };
            Listed {
                ticked: ticks.iter().any(|tick| tick == piece.as_str()),
                reason: said(|follow| &follow.reason),
                from: said(|follow| &follow.from),
                until: said(|follow| &follow.until).and_then(|day| day.parse().ok()),
                piece: piece.clone(),
                label: label.clone(),
            }
        };
        self.pieces.iter().map(of).collect()
    }
}

/// The schema of the rows of a field.
fn items<'a>(form: &'a Value, field: &str) -> &'a Value {
    let items = form.pointer(&format!("/properties/{field}/items")).unwrap_or(&Value::Null);
    resolved(form, items)
}

fn rows<'a>(document: &'a Map<String, Value>, field: &str) -> &'a [Value] {
    document.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The words of a choice with their labels.
fn choices(schema: &Value) -> Vec<(String, Text)> {
    let options = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let option = |option: &Value| {
        let word = option.get("const")?.as_str()?;
        let title = |key: &str| option.get(key).and_then(Value::as_str);
        let fr = title("title").unwrap_or(word);
        let en = title("x-title-en").unwrap_or(fr);
        Some((word.to_owned(), Text { fr: fr.to_owned(), en: en.to_owned() }))
    };
    options.filter_map(option).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Value {
        json!({
            "x-checklist": {"ticked": "ticks", "filed": "files",
                "follow": {"rows": "rows", "piece": "what", "reason": "why", "from": "who", "until": "when"}},
            "properties": {"ticks": {"items": {"$ref": "#/$defs/word"}}, "files": {"items": {"$ref": "#/$defs/word"}},
                "rows": {"items": {"$ref": "#/$defs/row"}}},
            "$defs": {
                "word": {"oneOf": [{"const": "a", "title": "Acte", "x-title-en": "Deed"}, {"const": "b"}]},
                "row": {"properties": {"what": {}, "why": {}, "who": {}, "when": {}}},
            },
        })
    }

    #[test]
    fn a_declaration_names_fields_of_the_form() {
        assert!(ChecklistForm::read(&json!({})).unwrap().is_none());
        assert!(ChecklistForm::read(&form()).unwrap().is_some());
        for (pointer, wrong) in [("/x-checklist/filed", "gone"), ("/x-checklist/follow/until", "gone")] {
            let mut form = form();
            *form.pointer_mut(pointer).unwrap() = json!(wrong);
            assert!(ChecklistForm::read(&form).unwrap_err().contains(wrong), "{pointer}");
        }
        let mut unchoosable = form();
        unchoosable["$defs"]["word"] = json!({"type": "string"});
        assert!(ChecklistForm::read(&unchoosable).unwrap_err().contains("no choices"));
    }

    #[test]
    fn known_pieces_with_a_file_are_filled_in_and_taken_out_again() {
        let list = ChecklistForm::read(&form()).unwrap().unwrap();
        let mut document = json!({"ticks": ["a"], "files": ["forged"]}).as_object().unwrap().clone();
        list.fill(&mut document, &|piece| piece == "b" || piece == "unknown");
        assert_eq!(document["files"], json!(["b"]));
        list.fill(&mut document, &|_| false);
        assert_eq!(Value::Object(document), json!({"ticks": ["a"]}));
    }

    #[test]
    fn a_document_says_what_it_knows_of_each_piece() {
        let list = ChecklistForm::read(&form()).unwrap().unwrap();
        let document = json!({"ticks": ["a"], "rows": [{"what": "a", "why": "paper"}, {"what": "b", "who": "X", "when": "2027-01-05"}]});
        let listed = list.listed(document.as_object().unwrap());
        let a = Listed {
            piece: "a".into(),
            label: Text { fr: "Acte".into(), en: "Deed".into() },
            ticked: true,
            reason: Some("paper".into()),
            from: None,
            until: None,
        };
        let b = Listed {
            piece: "b".into(),
            label: Text { fr: "b".into(), en: "b".into() },
            ticked: false,
            reason: None,
            from: Some("X".into()),
            until: Some("2027-01-05".parse().unwrap()),
        };
        assert_eq!(listed, [a, b]);
    }
}
