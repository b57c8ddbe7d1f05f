//! Gives a trainer's future half-days to another trainer, in the documents of their files: wherever a document names
//! the trainer beside a day from today on. For each file this is an edit of its sections: the hooks of its site are
//! asked and told.

use std::collections::BTreeSet;

use afpi_db::Conn;
use serde_json::{Value, json};

use super::hooks::{self, Wish};
use super::patch::{Edit, history, write};
use super::stored::{self, StoredOpportunite};
use crate::webhooks;
use afpi_core::clock::Day;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::{FormateurId, OpportuniteId};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_platform::act::Act;
use afpi_platform::events::Record;
use afpi_platform::plugins::hooks::Asked;

/// Gives a trainer's half-days to another one, from a day on.
pub struct Rebooking<'a> {
    pub act: Act<'a>,
    pub from: FormateurId,
    pub to: FormateurId,
    /// Half-days before it stay.
    pub today: Day,
}

/// The files as they were read, and the answers of their hooks.
#[derive(Default)]
pub struct Rebooked {
    seen: BTreeSet<OpportuniteId>,
    files: Vec<Changed>,
}

/// A file whose documents name the trainer.
struct Changed {
    file: Loaded<StoredOpportunite>,
    data: String,
    asked: Vec<Asked>,
}

/// Before the transaction: computes the new documents of these files and asks their hooks. Returns the first refusal,
/// with the file's number before its reason.
pub async fn agree(files: BTreeSet<OpportuniteId>, rebooking: &Rebooking<'_>) -> Result<Rebooked> {
    let found = {
        let mut query = stored::select(&Scope::All);
        query.push(" AND o.id IN ").list(&files).push(" ORDER BY o.id");
        query.all_loaded::<StoredOpportunite>(&mut rebooking.act.app.db.read().await?).await?
    };
    let mut changed = Vec::new();
    for file in found {
        let mut after = Value::Object(file.documents()?);
        if !renamed(&mut after, &rebooking.from.to_string(), &rebooking.to.to_string(), rebooking.today) {
            continue;
        }
        let wish = Wish::Rebook(&after);
        let asked =
            hooks::ask(rebooking.act, &file, wish).await.map_err(|refusal| hooks::of_file(refusal, &file.numero))?;
        changed.push(Changed { data: after.to_string(), file, asked });
    }
    Ok(Rebooked { seen: files, files: changed })
}

/// In the transaction: writes documents, history and events. 409 when a file was added or changed since the hooks were
/// asked.
pub async fn apply(
    tx: &mut Conn,
    files: &BTreeSet<OpportuniteId>,
    agreed: &Rebooked,
    rebooking: &Rebooking<'_>,
) -> Result<()> {
    let act = rebooking.act;
    let moved = || Error::new(ErrorKind::Conflict, text("Dossier modifié entre-temps", "File changed meanwhile"));
    if !files.is_subset(&agreed.seen) {
        let detail = text("Un dossier vient de s'ajouter : réessayez.", "A file has just been added: try again.");
        return Err(moved().detail(detail));
    }
    for Changed { file, data, asked } in &agreed.files {
        if !write(tx, file, &[("data", data.as_str().into())], act.now).await? {
            let detail = text(
                format!("{} vient d'être modifié : réessayez.", file.numero),
                format!("{} has just been changed: try again.", file.numero),
            );
            return Err(moved().detail(detail));
        }
        let before = file.documents()?;
        let mut changes = Vec::new();
        for section in before.keys() {
            let here = super::moves::changes(&before, data, Some(section));
            if !here.is_empty() && webhooks::heard(act.app, tx, file.localisation_id).await? {
                tell(tx, act, file, section, &here).await?;
            }
            changes.extend(here);
        }
        history(tx, act, file, &Edit { changes: &changes, assigned: false, asked }).await?;
    }
    Ok(())
}

/// Tells the hooks about the edit of a section.
async fn tell(tx: &mut Conn, act: Act<'_>, file: &StoredOpportunite, section: &str, changes: &[Value]) -> Result<()> {
    act.emit(
        tx,
        "opportunite.edited",
        file.localisation_id,
        Some(Record::Opportunite(file.id)),
        json!({"section": section, "changes": changes}),
    )
    .await
}

/// Replaces one id with another wherever it stands beside a day from today on. Returns whether it did.
fn renamed(value: &mut Value, from: &str, to: &str, today: Day) -> bool {
    let mut any = false;
    match value {
        Value::Array(items) => {
            for item in items {
                any |= renamed(item, from, to, today);
            }
        }
        Value::Object(fields) => {
            let mut days = fields.values().filter_map(|field| field.as_str()?.parse::<Day>().ok());
            let ahead = days.any(|day| day >= today);
            for field in fields.values_mut() {
                if ahead && field.as_str() == Some(from) {
                    *field = json!(to);
                    any = true;
                } else {
                    any |= renamed(field, from, to, today);
                }
            }
        }
        _ => {}
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_ahead_change_hands() {
        let mut documents = json!({
            "a": {"rows": [{"day": "2026-03-01", "who": "x"}, {"day": "2026-03-02", "who": "x"}, {"day": "2026-03-03", "who": "y"}]},
            "b": {"who": "x"},
        });
        let today = "2026-03-02".parse().unwrap();
        assert!(renamed(&mut documents, "x", "z", today));
        let rows = documents["a"]["rows"].as_array().unwrap();
        let whos: Vec<&str> = rows.iter().map(|row| row["who"].as_str().unwrap()).collect();
        assert_eq!((whos, documents["b"]["who"].as_str()), (vec!["x", "z", "y"], Some("x")));
        assert!(!renamed(&mut documents, "x", "z", today));
    }
}
