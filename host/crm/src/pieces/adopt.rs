//! Copies documents into the table of pieces that were issued before this table existed. Until then they stood only in
//! the documents of opportunités. The payer's address of that day is unknown, so today's is used. For earlier versions
//! of a quote only the total is known. Then fills the table of what payers owe.

use afpi_db::{Conn, sql};
use uuid::Uuid;

use super::payer;
use super::store::{self, Issue, Shelf};
use crate::facturation;
use crate::opportunites::stored::{self, StoredOpportunite};
use afpi_core::error::{Result, internal};
use afpi_core::id::OpportuniteId;
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::pieces::Found;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// Opportunités per batch.
const BATCH: u32 = 200;

/// Copies the issued documents of every opportunité whose site has a workflow. Several processes may do so at once.
/// Each opportunité is a transaction, so a killed process loses nothing.
pub async fn adopt(app: &App) -> Result<()> {
    let mut last = OpportuniteId::from(Uuid::nil());
    loop {
        let mut query = stored::select(&Scope::All);
        query.push(" AND (o.pieces_kept = ?").arg(false).push(" OR o.creances_kept = ?)").arg(false);
        query.push(" AND o.id > ?").arg(last);
        query.push(" ORDER BY o.id").limit(BATCH);
        let subjects: Vec<StoredOpportunite> = query.all(&mut app.db.read().await?).await?;
        let Some(end) = subjects.last().map(|subject| subject.id) else { return Ok(()) };
        last = end;
        for found in subjects {
            let Ok((_, definition)) = app.plugins.workflow(found.localisation_id).await else { continue };
            afpi_db::retry(|| async {
                let mut tx = app.db.begin().await?;
                into_shelf(&mut tx, &found, &definition).await?;
                facturation::adopt(&mut tx, &found, &definition).await?;
                tx.commit().await?;
                Ok::<(), afpi_core::error::Error>(())
            })
            .await?;
        }
    }
}

/// Freezes what the documents of this opportunité contain. A second call does nothing. No document is made of these
/// pieces: they were sent long ago, and the legal entity's data may be others today.
///
/// # Errors
/// 500 when the written sums differ from those of the documents; then nothing is written.
pub(super) async fn into_shelf(tx: &mut Conn, of: &StoredOpportunite, definition: &Definition) -> Result<Shelf> {
    let first = sql("UPDATE opportunites SET pieces_kept = ? WHERE id = ? AND pieces_kept = ?")
        .bind(true)
        .bind(of.id)
        .bind(false)
        .execute(tx)
        .await?;
    if first == 0 {
        return Ok(store::load(tx, of.id).await?);
    }
    noted(tx, [(Changed::Opportunite, of.id.uuid())]).await?;
    let told = definition.issued(&of.documents()?);
    let mut shelf = Shelf::default();
    let mut pieces: Vec<(String, &Found)> = Vec::new();
    for piece in &told.pieces {
        let known = pieces.iter().any(|(_, other)| {
            (&other.terms.kind, &other.terms.number, other.terms.version)
                == (&piece.terms.kind, &piece.terms.number, piece.terms.version)
        });
        if !known {
            pieces.push((piece.terms.kind.clone(), piece));
        }
    }
    let expected: Money = pieces.iter().map(|(_, piece)| piece.terms.total).sum();
    if !pieces.is_empty() {
        let company = payer::company(tx, of.entreprise_id).await?;
        let issue = Issue { of, workflow: &definition.workflow, company, now: of.updated_at };
        store::add_pieces(tx, &issue, &mut shelf, pieces).await?;
    }
    store::add_payments(tx, of, &mut shelf, &told.payments, of.updated_at).await?;
    let sum = |table: &'static str, column: &'static str| {
        let mut query = sql("SELECT ");
        query
            .append(afpi_db::dialect::sum(column))
            .push(" FROM ")
            .push(table)
            .push(" WHERE opportunite_id = ?")
            .arg(of.id);
        query
    };
    let kept = sum("pieces", "total").scalar::<Money>(tx).await?;
    let paid = sum("paiements", "amount").scalar::<Money>(tx).await?;
    if kept != expected || paid != told.payments.iter().map(|payment| payment.amount).sum::<Money>() {
        return Err(internal(format!("pieces of {} do not add up to its documents: {kept}, {paid}", of.numero)));
    }
    Ok(shelf)
}
