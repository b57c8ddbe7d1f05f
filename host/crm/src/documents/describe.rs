//! The JSON form of a document, and its rows.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::catalogue::Offered;
use super::sendings::{self, Sending};
use super::signed::{self, Acceptance, SignedCopy};
use super::subject::About;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{DocumentId, LocalisationId, OpportuniteId, PieceId, UserId};
use afpi_core::text::{Text, text};

/// A document of an opportunité.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    #[schema(value_type = Uuid)]
    pub id: DocumentId,
    #[schema(value_type = Uuid)]
    pub opportunite_id: OpportuniteId,
    /// E.g. `devis`.
    pub kind: String,
    pub label: Text,
    /// Section of the workflow; empty: none.
    pub section: String,
    #[schema(value_type = About)]
    pub about: String,
    pub about_id: Uuid,
    /// Of a reminder: the pieces that it is about.
    #[schema(value_type = Vec<Uuid>)]
    pub reminds: Vec<PieceId>,
    /// ISO day of a session.
    #[schema(value_type = Option<String>, format = Date)]
    pub about_day: Option<String>,
    /// From 1: how often this document was made.
    pub number: i64,
    /// Was none made after it?
    pub latest: bool,
    pub language: String,
    #[schema(value_type = String, format = Date)]
    pub dated: Day,
    pub title: String,
    pub file_name: String,
    /// `waiting`, `ready` or `failed`.
    pub state: String,
    /// Why it failed.
    pub problem: Option<Text>,
    /// Bytes.
    pub size: Option<i64>,
    pub pages: Option<i64>,
    /// In hexadecimal digits.
    pub sha256: Option<String>,
    /// Is there an electronic invoice in it?
    pub invoice: bool,
    pub created_at: Instant,
    /// Nobody: its piece was issued.
    pub created_by: Option<Maker>,
    pub made_at: Option<Instant>,
    /// The last mail that took it to somebody.
    pub last_sending: Option<Sending>,
    /// The last copy that came back signed.
    pub signed_copy: Option<SignedCopy>,
    /// The move that its signed copy allows. Only in the list of an opportunité.
    pub acceptance: Option<Acceptance>,
}

/// What hangs on documents, by document.
#[derive(Default)]
pub(super) struct Beside {
    sendings: HashMap<DocumentId, Sending>,
    copies: HashMap<DocumentId, SignedCopy>,
    reminds: HashMap<DocumentId, Vec<PieceId>>,
}

impl Beside {
    /// Of these documents.
    pub async fn of(conn: &mut Conn, documents: &[DocumentId]) -> Result<Beside> {
        let mut reminds: HashMap<DocumentId, Vec<PieceId>> = HashMap::new();
        if !documents.is_empty() {
            let mut query = sql("SELECT document_id, piece_id FROM document_relances WHERE document_id IN ");
            query.list(documents.iter().copied()).push(" ORDER BY document_id, piece_id");
            for (document, piece) in query.all::<(DocumentId, PieceId)>(conn).await? {
                reminds.entry(document).or_default().push(piece);
            }
        }
        Ok(Beside {
            reminds,
            sendings: sendings::latest(conn, documents).await?,
            copies: signed::latest(conn, documents).await?,
        })
    }
}

/// Who asked for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DocumentMaker)]
pub struct Maker {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
}

afpi_db::row! {
    pub(super) struct Row {
        pub id: DocumentId, pub opportunite_id: OpportuniteId, pub localisation_id: LocalisationId,
        pub kind: String, pub section: String, pub about: String, pub about_id: Uuid, pub about_day: String,
        pub number: i64, pub language: String, pub dated: Day, pub title: String, pub file_name: String, pub state: String, pub problem: Option<String>,
        pub sha256: Option<String>, pub invoice_sha256: Option<String>, pub pages: Option<i64>, pub created_at: Instant,
        pub created_by: Option<UserId>, pub made_at: Option<Instant>, pub size: Option<i64>, pub maker: Option<String>,
    }
}

const SELECT: &str = "SELECT d.id, d.opportunite_id, d.localisation_id, d.kind, d.section, d.about, d.about_id, d.about_day, d.number, d.language, d.dated, d.title, \
     d.file_name, d.state, d.problem, d.sha256, d.invoice_sha256, d.pages, d.created_at, d.created_by, d.made_at, f.size, u.name AS maker \
     FROM documents d LEFT JOIN files f ON f.sha256 = d.sha256 LEFT JOIN users u ON u.id = d.created_by";

/// The documents of an opportunité, the newest first, with the reminders that are about a piece of it beside others.
pub(super) async fn of(conn: &mut Conn, opportunite: OpportuniteId) -> Result<Vec<Row>> {
    let mut query = sql(SELECT);
    query
        .push(" WHERE d.opportunite_id = ? OR d.id IN (SELECT r.document_id FROM document_relances r")
        .arg(opportunite);
    query.push(" JOIN pieces p ON p.id = r.piece_id WHERE p.opportunite_id = ?) ORDER BY d.id DESC").arg(opportunite);
    Ok(query.all(conn).await?)
}

/// One document; 404 when there is none. The caller still has to read its opportunité in scope.
pub(super) async fn row(conn: &mut Conn, id: DocumentId) -> Result<Row> {
    let mut query = sql(SELECT);
    query.push(" WHERE d.id = ?").arg(id);
    query.optional(conn).await?.ok_or_else(not_found)
}

/// The rows of one opportunité, newest first, in their JSON form.
pub(super) fn show(rows: Vec<Row>, offered: &[Offered], beside: &mut Beside) -> Vec<Document> {
    let mut newest: HashMap<(String, Uuid, String, String), ()> = HashMap::new();
    rows.into_iter()
        .map(|row| {
            let key = (row.kind.clone(), row.about_id, row.about_day.clone(), row.language.clone());
            let latest = newest.insert(key, ()).is_none();
            one(row, latest, offered, beside)
        })
        .collect()
}

/// One row in its JSON form.
pub(super) fn one(row: Row, latest: bool, offered: &[Offered], beside: &mut Beside) -> Document {
    let known = offered.iter().find(|offered| offered.kind.id == row.kind);
    let label = known.map(|offered| Text { fr: offered.kind.label.fr.clone(), en: offered.kind.label.en.clone() });
    Document {
        id: row.id,
        opportunite_id: row.opportunite_id,
        label: label.unwrap_or_else(|| text(row.kind.as_str(), row.kind.as_str())),
        kind: row.kind,
        section: row.section,
        about: row.about,
        about_id: row.about_id,
        about_day: Some(row.about_day).filter(|day| !day.is_empty()),
        number: row.number,
        latest,
        language: row.language,
        dated: row.dated,
        title: row.title,
        file_name: row.file_name,
        problem: row.problem.as_deref().map(words),
        state: row.state,
        size: row.size,
        pages: row.pages,
        sha256: row.sha256,
        invoice: row.invoice_sha256.is_some(),
        created_at: row.created_at,
        created_by: row.created_by.map(|id| Maker { id, name: row.maker.unwrap_or_default() }),
        made_at: row.made_at,
        reminds: beside.reminds.remove(&row.id).unwrap_or_default(),
        last_sending: beside.sendings.remove(&row.id),
        signed_copy: beside.copies.remove(&row.id),
        acceptance: None,
    }
}

/// What people read for the reason why a document failed.
pub(super) fn words(problem: &str) -> Text {
    match problem {
        "template" => text(
            "Le modèle du document est en défaut : prévenez l'administrateur.",
            "The template of the document is wrong: tell the administrator.",
        ),
        "invoice" => text(
            "La facture électronique n'est pas conforme : complétez l'entité légale et le client.",
            "The electronic invoice breaks its rules: complete the legal entity and the customer.",
        ),
        "timed_out" | "out_of_memory" | "too_large" => {
            text("Le document est trop lourd pour être fait.", "The document is too heavy to be made.")
        }
        "unavailable" => {
            text("Les documents ne peuvent pas être faits sur ce serveur.", "Documents cannot be made on this server.")
        }
        _ => text("Le document n'a pas pu être fait.", "The document could not be made."),
    }
}
