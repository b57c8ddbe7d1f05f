//! The texts of other records that may name a person, and what is kept in spite of it.

use afpi_core::error::Result;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_db::{Conn, Sql, Value, sql};
use afpi_platform::feed::{Changed, noted};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::marks::Marks;

/// What a column holds.
enum Form {
    Plain,
    Json,
    /// The normal form for searches.
    Words,
}

/// A column of texts. `keys` columns stand before it in `select`, in the order of the marks of `update` after its first.
struct Column {
    label: (&'static str, &'static str),
    form: Form,
    name: &'static str,
    select: &'static str,
    keys: usize,
    update: &'static str,
    /// Its records are found by it.
    feed: Option<Changed>,
}

macro_rules! columns {
    ($($label:expr, $form:ident, $table:literal, $column:literal, [$key:literal $(, $more:literal)*], $feed:expr;)*) => {
        vec![$(Column {
            label: $label,
            form: Form::$form,
            name: $column,
            select: concat!("SELECT ", $key, $(", ", $more,)* ", ", $column, " FROM ", $table, " WHERE ("),
            keys: [$key $(, $more)*].len(),
            update: concat!("UPDATE ", $table, " SET ", $column, " = ? WHERE ", $key, " = ?" $(, " AND ", $more, " = ?")*),
            feed: $feed,
        }),*]
    };
}

/// The statements are put together here, so `tests/api/tidy.rs` does not see them: only who sees the whole network comes here.
/// Every column in which people or programs write about people, and that no law wants kept. `tests/api/effacement.rs` looks
/// through all tables for what is missing here.
fn columns() -> Vec<Column> {
    const NOTES: (&str, &str) = ("Notes", "Notes");
    const TASKS: (&str, &str) = ("Tâches", "Tasks");
    const MAILS: (&str, &str) = ("Courriels", "Mails");
    const FILES: (&str, &str) = ("Noms de fichiers", "Names of files");
    const OPPORTUNITES: (&str, &str) = ("Opportunités", "Opportunités");
    const COMPANIES: (&str, &str) = ("Entreprises", "Companies");
    const SESSIONS: (&str, &str) = ("Sessions", "Sessions");
    const TOLD: (&str, &str) = ("Notifications", "Notifications");
    const BIN: (&str, &str) = ("Corbeille", "Bin");
    const MERGES: (&str, &str) = ("Fusions", "Merges");
    const FINDINGS: (&str, &str) = ("Anomalies", "Findings");
    const RUNS: (&str, &str) = ("Imports et synchronisations", "Imports and synchronisations");
    columns! {
        NOTES, Plain, "notes", "text", ["id"], None;
        TASKS, Plain, "taches", "title", ["id"], None;
        MAILS, Plain, "courriels", "sender", ["id"], None;
        MAILS, Plain, "courriels", "recipients", ["id"], None;
        MAILS, Plain, "courriels", "subject", ["id"], None;
        MAILS, Plain, "courriels", "text", ["id"], None;
        FILES, Plain, "courriel_files", "name", ["courriel_id", "position"], None;
        FILES, Plain, "attachments", "name", ["id"], None;
        OPPORTUNITES, Plain, "opportunites", "title", ["id"], Some(Changed::Opportunite);
        OPPORTUNITES, Plain, "opportunites", "lost_remark", ["id"], Some(Changed::Opportunite);
        OPPORTUNITES, Json, "opportunites", "data", ["id"], Some(Changed::Opportunite);
        OPPORTUNITES, Words, "opportunites", "search", ["id"], None;
        COMPANIES, Plain, "entreprises", "notes", ["id"], None;
        SESSIONS, Plain, "sessions", "title", ["id"], Some(Changed::Session);
        SESSIONS, Plain, "session_plans", "formateur", ["session_id", "opportunite_id", "position"], None;
        TOLD, Plain, "notifications", "title_fr", ["id"], None;
        TOLD, Plain, "notifications", "title_en", ["id"], None;
        TOLD, Plain, "notifications", "body_fr", ["id"], None;
        TOLD, Plain, "notifications", "body_en", ["id"], None;
        FINDINGS, Plain, "anomalies", "message_fr", ["id"], None;
        FINDINGS, Plain, "anomalies", "message_en", ["id"], None;
        FINDINGS, Plain, "anomalies", "reason", ["id"], None;
        FINDINGS, Json, "anomalies", "subjects", ["id"], None;
        FINDINGS, Words, "anomalies", "search", ["id"], None;
        BIN, Plain, "corbeille", "label", ["record_id"], None;
        BIN, Json, "corbeille", "content", ["record_id"], None;
        MERGES, Json, "fusions", "content", ["id"], None;
        RUNS, Plain, "sync_changes", "label", ["run_id", "seq"], None;
        RUNS, Json, "sync_changes", "before_fields", ["run_id", "seq"], None;
        RUNS, Json, "sync_changes", "after_fields", ["run_id", "seq"], None;
        RUNS, Json, "sync_changes", "source_fields", ["run_id", "seq"], None;
        RUNS, Json, "imports", "samples", ["id"], None;
        RUNS, Plain, "sync_log", "message", ["run_id", "seq"], None;
    }
}

/// Rows of one place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffacementPlace)]
pub struct Place {
    /// What people call it.
    pub label: Text,
    pub rows: i64,
}

/// Adds rows to the place of this label.
pub fn count(places: &mut Vec<Place>, (fr, en): (&str, &str), rows: i64) {
    match places.iter_mut().find(|place| place.label.fr == fr) {
        Some(place) => place.rows += rows,
        None if rows > 0 => places.push(Place { label: text(fr, en), rows }),
        None => {}
    }
}

/// Takes the person out of these texts.
pub async fn sweep(tx: &mut Conn, marks: &Marks, places: &mut Vec<Place>) -> Result<()> {
    let patterns = marks.patterns();
    if patterns.is_empty() {
        return Ok(());
    }
    for column in columns() {
        let mut query = sql(column.select);
        for (at, pattern) in patterns.iter().enumerate() {
            query.push(if at > 0 { " OR " } else { "" }).push(column.name).push(" LIKE ? ESCAPE '!'").arg(pattern);
        }
        query.push(")");
        let mut found: Vec<(Vec<Value>, String)> = Vec::new();
        query
            .each(tx, |row| {
                let stored: String = row.at(column.keys)?;
                let clean = match column.form {
                    Form::Plain => marks.without(&stored),
                    Form::Json => marks.without_json(&stored),
                    Form::Words => marks.without_words(&stored),
                };
                if let Some(clean) = clean {
                    let keys: afpi_db::Result<Vec<Value>> = (0..column.keys).map(|at| row.at(at)).collect();
                    found.push((keys?, clean));
                }
                Ok(true)
            })
            .await?;
        if !matches!(column.form, Form::Words) {
            count(places, column.label, found.len() as i64);
        }
        for (keys, clean) in found {
            let id = keys.first().cloned();
            let mut update = sql(column.update).bind(clean);
            for key in keys {
                update = update.bind(key);
            }
            update.execute(tx).await?;
            if let (Some(feed), Some(Value::Bytes(id))) = (column.feed, id) {
                noted(tx, [(feed, Uuid::from_slice(&id).unwrap_or_default())]).await?;
            }
        }
    }
    // The answers of requests of the last day: a repeated request then hears that it was carried out.
    for pattern in &patterns {
        let answers = sql("UPDATE idempotency_keys SET answer = NULL WHERE answer LIKE ? ESCAPE '!'");
        answers.bind(pattern).execute(tx).await?;
    }
    Ok(())
}

/// What stays, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffacementKept)]
pub struct Kept {
    #[serde(flatten)]
    pub place: Place,
    pub reason: Text,
}

const ACCOUNTS: (&str, &str) = (
    "Pièces comptables : 10 ans après la clôture de l’exercice (Code de commerce, art. L123-22).",
    "Accounting pieces: 10 years after the end of the financial year (Code de commerce, art. L123-22).",
);
const PROOFS: (&str, &str) = (
    "Preuves de la formation et du contrat : 5 ans (Code civil, art. 2224 ; RGPD, art. 17.3.e).",
    "Evidence of the training and the contract: 5 years (Code civil, art. 2224; GDPR, art. 17.3.e).",
);
const JOURNAL: (&str, &str) = (
    "Le journal prouve qui a fait quoi : chaque ligne scelle la précédente et aucune ne peut être réécrite. 5 ans (Code civil, art. 2224 ; \
     RGPD, art. 17.3.e).",
    "The journal proves who did what: each line seals the one before, and none can be written again. 5 years (Code civil, art. 2224; \
     GDPR, art. 17.3.e).",
);
const IMPORTED: (&str, &str) =
    ("Fichiers importés : supprimés 30 jours après leur dépôt.", "Imported files: deleted 30 days after they came.");

/// French and English.
type Said = (&'static str, &'static str);

/// Questions whose answer is a number; conditions on these columns follow.
const KEPT: &[(Said, Said, &str, &[&str])] = &[
    (("Pièces émises", "Issued pieces"), ACCOUNTS, "SELECT COUNT(*) FROM pieces WHERE (", &["content", "payer_name"]),
    (("Encaissements", "Receipts"), ACCOUNTS, "SELECT COUNT(*) FROM encaissements WHERE (", &["payer_name"]),
    (("Écritures", "Entries"), ACCOUNTS, "SELECT COUNT(*) FROM ecritures WHERE (", &["content"]),
    (
        ("Documents", "Documents"),
        PROOFS,
        "SELECT COUNT(*) FROM documents WHERE (",
        &["composition", "title", "file_name"],
    ),
    (
        ("E-mails envoyés", "Mails sent"),
        PROOFS,
        "SELECT COUNT(*) FROM document_sendings WHERE (",
        &["recipients", "subject", "body"],
    ),
    (
        ("Exemplaires signés", "Signed copies"),
        PROOFS,
        "SELECT COUNT(*) FROM document_signed_copies WHERE (",
        &["signatory", "name"],
    ),
    (("Fichiers importés", "Imported files"), IMPORTED, "SELECT COUNT(*) FROM imports WHERE (", &["content"]),
];

/// What the law or its purpose keeps.
pub async fn kept(conn: &mut Conn, scope: &Scope, marks: &Marks) -> Result<Vec<Kept>> {
    let patterns = marks.patterns();
    let mut kept = Vec::new();
    if patterns.is_empty() {
        return Ok(kept);
    }
    let mut add = |(fr, en): (&str, &str), (why, reason): (&str, &str), rows: i64| {
        if rows > 0 {
            kept.push(Kept { place: Place { label: text(fr, en), rows }, reason: text(why, reason) });
        }
    };
    let any = |query: &mut Sql, columns: &[&'static str]| {
        let mut first = true;
        for pattern in &patterns {
            for column in columns {
                query.push(if first { "" } else { " OR " }).push(column).push(" LIKE ? ESCAPE '!'").arg(pattern);
                first = false;
            }
        }
        query.push(")");
    };
    for (label, reason, select, columns) in KEPT {
        let mut query = sql(select);
        any(&mut query, columns);
        add(*label, *reason, query.scalar(conn).await?);
    }
    let mut lines = scope.journal("COUNT(*)", "");
    lines.push(" AND (");
    any(&mut lines, &["j.changes", "j.reason"]);
    add(("Lignes du journal", "Lines of the journal"), JOURNAL, lines.scalar(conn).await?);
    Ok(kept)
}
