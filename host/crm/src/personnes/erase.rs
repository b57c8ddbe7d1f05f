//! Erases the records of a person: what their descriptions call personal, and what hangs on them.

use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::Result;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{Text, text};
use afpi_db::{Conn, Sql, Value, sql};
use afpi_platform::feed::{Changed, noted};
use serde::Serialize;
use utoipa::ToSchema;

use super::Kind;
use super::marks::ERASED;
use super::record::Record;
use super::texts::{Place, count};
use crate::entreprises;
use crate::search::index;

/// Why a record cannot be erased yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffacementBlocker)]
pub struct Blocker {
    pub code: &'static str,
    pub message: Text,
}

/// What has to be done first.
pub async fn blockers(conn: &mut Conn, people: &[Loaded<Record>], now: Instant) -> Result<Vec<Blocker>> {
    let mut found: Vec<Blocker> = Vec::new();
    for person in people {
        let (code, rows, fr, en) = match person.kind {
            Kind::User => (
                "account",
                1,
                "Un compte d’utilisateur ne s’efface pas : le journal dit qui a agi. Désactivez-le, et effacez les autres fiches.",
                "A user's account is not erased: the journal tells who acted. Deactivate it, and erase the other records.",
            ),
            Kind::Contact => {
                let linked = sql(
                    "SELECT COUNT(*) FROM external_ids WHERE entity = 'contact' AND missing_since IS NULL AND record_id = ?",
                );
                (
                    "connector",
                    linked.bind(person.id).scalar::<i64>(conn).await?,
                    "Un connecteur tient ce contact à jour et le recréerait : effacez-le d’abord dans l’autre logiciel.",
                    "A connector keeps this contact up to date and would create it again: erase it in the other program first.",
                )
            }
            Kind::Stagiaire => {
                let mut under_way = Scope::All.sessions("COUNT(*)", "JOIN session_stagiaires x ON x.session_id = n.id");
                under_way.push(" AND x.stagiaire_id = ?").arg(person.id).push(" AND n.last_day >= ?").arg(now.day());
                (
                    "session",
                    under_way.scalar::<i64>(conn).await?,
                    "La formation n’est pas terminée : ses preuves restent à établir.",
                    "The training is not over: its evidence is still to be made.",
                )
            }
            Kind::Formateur => {
                let mut active = Scope::All.formateurs("COUNT(*)", "");
                active.push(" AND f.id = ?").arg(person.id).push(" AND f.active = ?").arg(true);
                (
                    "active",
                    active.scalar::<i64>(conn).await?,
                    "Le formateur est actif : rendez d’abord sa fiche inactive, ses demi-journées passent à son successeur.",
                    "The trainer is active: make the record inactive first, its half-days go to a successor.",
                )
            }
        };
        if rows > 0 && !found.iter().any(|known| known.code == code) {
            found.push(Blocker { code, message: text(fr, en) });
        }
    }
    Ok(found)
}

/// `, column = ?` for each personal field of the record's description: a field that becomes personal is erased from then on.
fn set(query: &mut Sql, kind: Kind) {
    for field in kind.described().personal() {
        let value = match field.name {
            "name" | "lastName" => ERASED.into(),
            "firstName" => "".into(),
            _ => Value::Null,
        };
        query.push(", ").push(field.stored()).push(" = ?").arg(value);
    }
}

/// Erases a record. A contact goes as a whole: nothing but its company refers to it.
pub async fn erase(tx: &mut Conn, person: &Loaded<Record>, now: Instant) -> Result<()> {
    let key: Vec<u8> = collation::key(ERASED);
    match person.kind {
        Kind::Contact => {
            sql("DELETE FROM external_ids WHERE entity = 'contact' AND record_id = ?")
                .bind(person.id)
                .execute(tx)
                .await?;
            sql("DELETE FROM contacts WHERE id = ?").bind(person.id).execute(tx).await?;
            sql("UPDATE entreprises SET version = version + 1, updated_at = ? WHERE id = ?")
                .bind(now)
                .bind(person.opens)
                .execute(tx)
                .await?;
            entreprises::search::write(tx, &[person.opens.into()]).await?;
        }
        Kind::Stagiaire => {
            let mut query = sql("UPDATE stagiaires SET version = version + 1, updated_at = ?").bind(now);
            set(&mut query, person.kind);
            query
                .push(", name_key = ?, search = ? WHERE id = ?")
                .arg(key.as_slice())
                .arg(index([ERASED], 600))
                .arg(person.id);
            query.execute(tx).await?;
            noted(tx, [(Changed::Opportunite, person.opens)]).await?;
        }
        Kind::Formateur => {
            let mut query = sql("UPDATE formateurs SET version = version + 1, updated_at = ?").bind(now);
            set(&mut query, person.kind);
            query.push(", certifications = '[]', unavailability = '[]', shared = ?").arg(false);
            query
                .push(", name_key = ?, search = ? WHERE id = ?")
                .arg(key.as_slice())
                .arg(index([ERASED], 600))
                .arg(person.id);
            query.execute(tx).await?;
            noted(tx, [(Changed::Formateur, person.id)]).await?;
        }
        Kind::User => {}
    }
    Ok(())
}

/// Notes, tasks, mails and files on the records of the person go. The contents of files follow (`attachments::collect`).
pub async fn belongings(tx: &mut Conn, person: &Loaded<Record>, now: Instant, places: &mut Vec<Place>) -> Result<()> {
    let kind = match person.kind {
        Kind::Contact => "contacts",
        Kind::Formateur => "formateurs",
        Kind::Stagiaire | Kind::User => return Ok(()),
    };
    for (label, query) in [
        (("Notes", "Notes"), "SELECT COUNT(*) FROM notes WHERE record_kind = ? AND record_id = ?"),
        (("Tâches", "Tasks"), "SELECT COUNT(*) FROM taches WHERE record_kind = ? AND record_id = ?"),
        (("Courriels", "Mails"), "SELECT COUNT(*) FROM courriels WHERE record_kind = ? AND record_id = ?"),
        (("Fichiers", "Files"), "SELECT COUNT(*) FROM attachments WHERE record_kind = ? AND record_id = ?"),
    ] {
        count(places, label, sql(query).bind(kind).bind(person.id).scalar::<i64>(tx).await?);
    }
    let seen = "UPDATE files SET seen_at = ? WHERE sha256 IN (SELECT v.sha256 FROM attachment_versions v \
         JOIN attachments a ON a.id = v.attachment_id WHERE a.record_kind = ? AND a.record_id = ?)";
    sql(seen).bind(now).bind(kind).bind(person.id).execute(tx).await?;
    for query in [
        "DELETE FROM note_mentions WHERE note_id IN (SELECT id FROM notes WHERE record_kind = ? AND record_id = ?)",
        "DELETE FROM notes WHERE record_kind = ? AND record_id = ?",
        "DELETE FROM taches WHERE record_kind = ? AND record_id = ?",
        "DELETE FROM courriel_files WHERE courriel_id IN (SELECT id FROM courriels WHERE record_kind = ? AND record_id = ?)",
        "DELETE FROM courriels WHERE record_kind = ? AND record_id = ?",
        "DELETE FROM attachment_versions WHERE attachment_id IN (SELECT id FROM attachments WHERE record_kind = ? AND record_id = ?)",
        "DELETE FROM attachments WHERE record_kind = ? AND record_id = ?",
    ] {
        sql(query).bind(kind).bind(person.id).execute(tx).await?;
    }
    Ok(())
}
