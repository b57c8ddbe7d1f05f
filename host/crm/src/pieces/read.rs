//! `GET /api/opportunites/{id}/pieces` and `GET /api/pieces/{id}`.

use std::collections::HashMap;

use afpi_db::{Conn, Json as JsonColumn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::payer::{Company, Payer};
use crate::opportunites::stored;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::pieces::{Amount, Line, Terms};
use afpi_platform::state::App;

/// The documents issued for an opportunité, and its payments.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pieces {
    /// In the order of issue.
    data: Vec<Piece>,
    /// In the order of recording.
    paiements: Vec<Paiement>,
}

/// An issued document. It never changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    #[schema(value_type = Uuid)]
    id: PieceId,
    /// The workflow's word, e.g. for an invoice or a credit note.
    kind: String,
    number: String,
    /// 1, or higher for a document that is issued again under the same number.
    version: i64,
    series: String,
    #[schema(value_type = Uuid)]
    opportunite_id: OpportuniteId,
    section: String,
    #[schema(value_type = String, format = Date)]
    issued_on: String,
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<String>,
    payer: Payer,
    /// Who buys, when another body pays in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    buyer: Option<Company>,
    /// Cents. Negative for a credit note.
    #[schema(value_type = i64)]
    net: Money,
    #[schema(value_type = i64)]
    vat: Money,
    #[schema(value_type = i64)]
    total: Money,
    amounts: Vec<Amount>,
    lines: Vec<Line>,
    /// The piece it corrects.
    #[schema(value_type = Option<Uuid>)]
    corrects: Option<PieceId>,
    reason: Option<String>,
    /// SHA-256 of the frozen content, in hexadecimal digits.
    sha256: String,
    issued_at: Instant,
}

/// A piece with the document as it was issued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PieceWithContent {
    #[serde(flatten)]
    piece: Piece,
    /// The text that `sha256` was computed from: a JSON object with `document`, `payer` and perhaps `buyer`.
    content: String,
}

/// A payment. A negative amount is the counter-entry that reverses one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paiement {
    /// From 1.
    position: i64,
    /// The piece that is paid.
    #[schema(value_type = Option<Uuid>)]
    piece_id: Option<PieceId>,
    #[schema(value_type = String, format = Date)]
    paid_on: Day,
    /// Cents.
    #[schema(value_type = i64)]
    amount: Money,
    mode: Option<String>,
    reference: Option<String>,
    /// The position of the payment that it reverses.
    reverses: Option<i64>,
    reason: Option<String>,
    recorded_at: Instant,
}

afpi_db::row! {
    struct Row {
        id: PieceId, series: String, opportunite_id: OpportuniteId, section: String, corrects_id: Option<PieceId>, terms: JsonColumn<Terms>,
        content: String, sha256: String, issued_at: Instant,
    }
}

afpi_db::row! {
    struct PaiementRow {
        position: i64, piece_id: Option<PieceId>, paid_on: Day, amount: Money, mode: Option<String>, reference: Option<String>,
        reverses: Option<i64>, reason: Option<String>, recorded_at: Instant,
    }
}

const COLUMNS: &str =
    "SELECT id, series, opportunite_id, section, corrects_id, terms, content, sha256, issued_at FROM pieces";

fn show(row: Row) -> PieceWithContent {
    let terms = row.terms.0;
    let frozen: HashMap<String, Value> = serde_json::from_str(&row.content).unwrap_or_default();
    let payer = frozen.get("payer").cloned().and_then(|payer| serde_json::from_value(payer).ok()).unwrap_or_default();
    let buyer = frozen.get("buyer").cloned().and_then(|buyer| serde_json::from_value(buyer).ok());
    let piece = Piece {
        id: row.id,
        kind: terms.kind,
        number: terms.number,
        version: terms.version,
        series: row.series,
        opportunite_id: row.opportunite_id,
        section: row.section,
        issued_on: terms.issued_on,
        due_on: terms.due_on,
        payer,
        buyer,
        net: terms.net,
        vat: terms.vat,
        total: terms.total,
        amounts: terms.amounts,
        lines: terms.lines,
        corrects: row.corrects_id,
        reason: terms.reason,
        sha256: row.sha256,
        issued_at: row.issued_at,
    };
    PieceWithContent { piece, content: row.content }
}

async fn payments(conn: &mut Conn, opportunite: OpportuniteId) -> Result<Vec<Paiement>> {
    let rows = sql("SELECT position, piece_id, paid_on, amount, mode, reference, reverses, reason, recorded_at FROM paiements WHERE opportunite_id = ? \
         ORDER BY position")
    .bind(opportunite)
    .all::<PaiementRow>(conn)
    .await?;
    let show = |row: PaiementRow| Paiement {
        position: row.position,
        piece_id: row.piece_id,
        paid_on: row.paid_on,
        amount: row.amount,
        mode: row.mode,
        reference: row.reference,
        reverses: row.reverses,
        reason: row.reason,
        recorded_at: row.recorded_at,
    };
    Ok(rows.into_iter().map(show).collect())
}

/// Every piece of an opportunité with its content, in the order of issue, and its payments.
pub async fn all(conn: &mut Conn, opportunite: OpportuniteId) -> Result<(Vec<PieceWithContent>, Vec<Paiement>)> {
    let mut query = sql(COLUMNS);
    query.push(" WHERE opportunite_id = ? ORDER BY id").arg(opportunite);
    let rows: Vec<Row> = query.all(conn).await?;
    let paiements = payments(conn, opportunite).await?;
    Ok((rows.into_iter().map(show).collect(), paiements))
}

/// These pieces with their content, in any order.
pub async fn some(conn: &mut Conn, ids: &[PieceId]) -> Result<Vec<PieceWithContent>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sql(COLUMNS);
    query.push(" WHERE id IN ").list(ids.iter().copied());
    let rows: Vec<Row> = query.all(conn).await?;
    Ok(rows.into_iter().map(show).collect())
}

impl PieceWithContent {
    pub fn id(&self) -> PieceId {
        self.piece.id
    }

    /// The workflow's word.
    pub fn kind(&self) -> &str {
        &self.piece.kind
    }

    pub fn number(&self) -> &str {
        &self.piece.number
    }

    /// What people call it: its number, and the version if it is not the first.
    pub fn name(&self) -> String {
        match self.piece.version {
            1 => self.piece.number.clone(),
            version => format!("{} v{version}", self.piece.number),
        }
    }

    /// ISO day.
    pub fn issued_on(&self) -> &str {
        &self.piece.issued_on
    }

    pub fn corrects(&self) -> Option<PieceId> {
        self.piece.corrects
    }

    /// The piece for those who compose documents: its fields, and `content` with the object as it was frozen.
    pub fn dossier(&self) -> Value {
        let mut value = serde_json::to_value(&self.piece).unwrap_or_default();
        let frozen: Value = serde_json::from_str(&self.content).unwrap_or_default();
        value["content"] = frozen["document"].clone();
        value
    }
}

/// List the documents issued for an opportunité, and its payments.
#[utoipa::path(get, path = "/{id}/pieces", operation_id = "listPieces", tag = "pieces", params(("id" = Uuid, Path)),
    responses((status = 200, body = Pieces), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Id(id): Id<OpportuniteId>) -> ApiResult<Json<Pieces>> {
    let mut conn = app.db.read().await?;
    stored::load(&mut conn, &caller.scope(), id).await?;
    Ok(Json(of_record(&mut conn, id).await?))
}

/// The pieces and payments of an opportunité that was found in scope.
pub async fn of_record(conn: &mut Conn, id: OpportuniteId) -> Result<Pieces> {
    let (pieces, paiements) = all(conn, id).await?;
    Ok(Pieces { data: pieces.into_iter().map(|piece| piece.piece).collect(), paiements })
}

/// Read a piece as it was issued.
#[utoipa::path(get, path = "/{id}", operation_id = "getPiece", tag = "pieces", params(("id" = Uuid, Path)),
    responses((status = 200, body = PieceWithContent), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PieceId>,
) -> ApiResult<Json<PieceWithContent>> {
    let mut conn = app.db.read().await?;
    let mut query = sql(COLUMNS);
    query.push(" WHERE id = ?").arg(id);
    let row = query.optional::<Row>(&mut conn).await?.ok_or_else(not_found)?;
    stored::load(&mut conn, &caller.scope(), row.opportunite_id).await?;
    Ok(Json(show(row)))
}
