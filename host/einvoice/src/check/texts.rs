//! Texts: none is blank, none has a character that XML cannot hold, and the notes of the law are there once.

use serde_json::Value;

use super::Faults;
use crate::model::Invoice;

pub(super) fn check(invoice: &Invoice, faults: &mut Faults) {
    let value = serde_json::to_value(invoice).unwrap_or_default();
    walk(&value, &mut String::new(), faults);
    for (i, note) in invoice.notes.iter().enumerate() {
        let Some(subject) = note.subject.as_deref() else { continue };
        let pointer = format!("/notes/{i}/subject");
        faults.unless(
            !["PMT", "PMD", "AAB"].contains(&subject),
            "BR-FR-06",
            &pointer,
            [
                "Cette mention figure déjà parmi les mentions obligatoires.",
                "This note is already among the required mentions.",
            ],
        );
        faults.unless(
            subject != "BAR",
            "BR-FR-31",
            &pointer,
            ["Le traitement est donné par « treatment ».", "The treatment is given by `treatment`."],
        );
    }
}

/// Walks over every text of the invoice, with its pointer.
fn walk(value: &Value, pointer: &mut String, faults: &mut Faults) {
    let end = pointer.len();
    match value {
        Value::String(text) => {
            faults.unless(
                !text.trim().is_empty(),
                "PEPPOL-EN16931-R008",
                pointer.as_str(),
                ["Un texte présent n'est pas vide.", "A text that is present is not blank."],
            );
            faults.unless(
                text.chars().all(xml),
                "XML-Char",
                pointer.as_str(),
                [
                    "Un caractère de contrôle ne peut pas figurer dans un fichier XML.",
                    "An XML file cannot hold a control character.",
                ],
            );
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{i}"));
                walk(item, pointer, faults);
                pointer.truncate(end);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointer.push('/');
                pointer.push_str(name);
                walk(field, pointer, faults);
                pointer.truncate(end);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `Char` of XML 1.0, without the line ends that a reader would change.
fn xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..) && c != '\u{7f}'
}
