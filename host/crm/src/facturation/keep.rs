//! The table of what payers owe: one row per draft, invoice and credit note. The rows of an opportunité are written
//! again in each transaction that changes its documents, so they always agree with its pieces and payments.

use std::collections::HashMap;

use afpi_db::{Conn, Json, dialect, sql};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::State;
use crate::opportunites::stored::StoredOpportunite;
use crate::search;
use afpi_core::collation;
use afpi_core::id::{CreanceId, LegalEntityId, OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_core::text::fold;
use afpi_platform::pieces::{Found, Terms, Told};
use afpi_platform::workflow::Definition;

/// Characters of the search words.
const SEARCHED: usize = 700;
/// Characters of a payer's name, as in the table of pieces.
const NAME: usize = 300;

afpi_db::row! {
    struct PieceRow {
        id: PieceId, entite_legale_id: LegalEntityId, payer_name: Option<String>, corrects_id: Option<PieceId>, terms: Json<Terms>,
        content: Json<Frozen>,
    }
}

/// The part of a frozen piece that says who pays.
#[derive(serde::Deserialize)]
struct Frozen {
    payer: crate::pieces::Payer,
}

/// A row, before the payments are known.
struct Owed {
    id: CreanceId,
    entity: LegalEntityId,
    piece: Option<PieceId>,
    corrects: Option<PieceId>,
    company_pays: bool,
    payer_name: String,
    terms: Terms,
}

/// Marks the owed pieces of an opportunité that were frozen before there was a mark.
pub async fn mark(tx: &mut Conn, of: &StoredOpportunite, told: &Told) -> afpi_db::Result<()> {
    for piece in told.pieces.iter().filter(|piece| piece.owed) {
        sql("UPDATE pieces SET claims = ? WHERE opportunite_id = ? AND kind = ? AND number = ? AND version = ?")
            .bind(true)
            .bind(of.id)
            .bind(&piece.terms.kind)
            .bind(&piece.terms.number)
            .bind(piece.terms.version)
            .execute(tx)
            .await?;
    }
    sql("UPDATE opportunites SET creances_kept = ? WHERE id = ?").bind(true).bind(of.id).execute(tx).await?;
    Ok(())
}

/// Writes the rows of an opportunité that has none yet. Its pieces must be frozen.
pub async fn adopt(tx: &mut Conn, of: &StoredOpportunite, definition: &Definition) -> afpi_core::error::Result<()> {
    let told = definition.issued(&of.documents()?);
    mark(tx, of, &told).await?;
    Ok(keep(tx, of, &told.drafts).await?)
}

/// Writes the rows of this opportunité: from its frozen pieces and payments, and from the drafts in its documents.
pub async fn keep(tx: &mut Conn, of: &StoredOpportunite, drafts: &[Found]) -> afpi_db::Result<()> {
    let pieces = sql("SELECT id, entite_legale_id, payer_name, corrects_id, terms, content FROM pieces WHERE opportunite_id = ? AND claims = ? \
         ORDER BY id")
    .bind(of.id)
    .bind(true)
    .all::<PieceRow>(tx)
    .await?;
    let paid = paid(tx, of.id).await?;
    let numbers: HashMap<String, PieceId> =
        pieces.iter().map(|piece| (piece.terms.0.number.clone(), piece.id)).collect();
    let mut credited: HashMap<PieceId, Money> = HashMap::new();
    for piece in &pieces {
        if let Some(corrected) = piece.corrects_id.filter(|_| takes_back(&piece.terms.0)) {
            *credited.entry(corrected).or_default() -= piece.terms.0.total;
        }
    }
    let issued = pieces.into_iter().map(|piece| Owed {
        id: piece.id.uuid().into(),
        entity: piece.entite_legale_id,
        piece: Some(piece.id),
        corrects: piece.corrects_id,
        company_pays: piece.content.0.payer.is_the_company(),
        payer_name: piece.payer_name.unwrap_or_default(),
        terms: piece.terms.0,
    });
    let drafted = drafts.iter().map(|draft| Owed {
        id: draft_id(of.id, &draft.pointer),
        entity: of.legal_entity_id,
        piece: None,
        corrects: draft.terms.corrects.as_ref().and_then(|number| numbers.get(number)).copied(),
        company_pays: draft.company_pays,
        payer_name: draft
            .terms
            .payer_name
            .clone()
            .or_else(|| draft.company_pays.then(|| of.entreprise_name.clone()))
            .unwrap_or_default()
            .chars()
            .take(NAME)
            .collect(),
        terms: draft.terms.clone(),
    });
    let rows: Vec<Owed> = issued.chain(drafted).collect();
    sql("DELETE FROM creances WHERE opportunite_id = ?").bind(of.id).execute(tx).await?;
    insert(tx, of, &rows, &credited, &paid).await
}

async fn insert(
    tx: &mut Conn,
    of: &StoredOpportunite,
    rows: &[Owed],
    credited: &HashMap<PieceId, Money>,
    paid: &HashMap<PieceId, Money>,
) -> afpi_db::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let of_piece = |sums: &HashMap<PieceId, Money>, row: &Owed| {
        row.piece.and_then(|piece| sums.get(&piece)).copied().unwrap_or_default()
    };
    let mut query = sql(
        "INSERT INTO creances (id, opportunite_id, entite_legale_id, piece_id, state, kind, number, issued_on, due_on, payer_key, payer_kind, \
         payer_name, payer_name_key, search, net, vat, total, credited, paid, balance, corrects_id) VALUES ",
    );
    query.rows(rows.iter().map(|row| {
        let terms = &row.terms;
        // A final invoice counts without the deposits, which are rows of their own.
        let deducted = terms.deducted.unwrap_or_default();
        let total = terms.total - deducted.total;
        let (credited, paid) = (of_piece(credited, row), of_piece(paid, row));
        let (state, balance) = state(row.piece, terms, total - credited - paid);
        [
            row.id.into(),
            of.id.into(),
            row.entity.into(),
            row.piece.into(),
            state.id().into(),
            terms.kind.as_str().into(),
            terms.number.as_str().into(),
            terms.issued_on.as_str().into(),
            terms.due_on.clone().unwrap_or_default().into(),
            payer_key(of, row).into(),
            terms.payer_kind.clone().into(),
            row.payer_name.as_str().into(),
            collation::key(&row.payer_name).into(),
            search::index([terms.number.as_str(), row.payer_name.as_str()], SEARCHED).into(),
            (terms.net - deducted.net).into(),
            (terms.vat - deducted.vat).into(),
            total.into(),
            credited.into(),
            paid.into(),
            balance.into(),
            row.corrects.into(),
        ]
    }));
    query.execute(tx).await?;
    Ok(())
}

/// The sum of the payments of each piece.
async fn paid(tx: &mut Conn, opportunite: OpportuniteId) -> afpi_db::Result<HashMap<PieceId, Money>> {
    let mut query = sql("SELECT piece_id, ");
    query.append(dialect::sum("amount"));
    query.push(" FROM paiements WHERE piece_id IS NOT NULL AND opportunite_id = ?").arg(opportunite);
    query.push(" GROUP BY piece_id");
    Ok(query.all::<(PieceId, Money)>(tx).await?.into_iter().collect())
}

fn takes_back(terms: &Terms) -> bool {
    terms.total < Money::ZERO
}

/// The state of a row, and what is owed on it.
fn state(piece: Option<PieceId>, terms: &Terms, left: Money) -> (State, Money) {
    match () {
        () if piece.is_none() => (State::Draft, Money::ZERO),
        () if takes_back(terms) => (State::Credit, Money::ZERO),
        () if left > Money::ZERO => (State::Open, left),
        () if left < Money::ZERO => (State::Overpaid, left),
        () => (State::Settled, left),
    }
}

/// One key is one payer: the company of the opportunité by its id, anybody else by the SIRET, or else by kind and name.
fn payer_key(of: &StoredOpportunite, row: &Owed) -> String {
    if row.company_pays {
        return format!("company:{}", of.entreprise_id);
    }
    if let Some(siret) = &row.terms.payer_siret {
        return format!("siret:{siret}");
    }
    format!("{}:{}", row.terms.payer_kind.as_deref().unwrap_or_default(), fold(&row.payer_name))
}

/// The id of a draft follows from its place, so that it stays while the opportunité changes.
fn draft_id(of: OpportuniteId, pointer: &str) -> CreanceId {
    let digest = Sha256::new().chain_update(of.uuid().as_bytes()).chain_update(pointer).finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(id).into()
}
