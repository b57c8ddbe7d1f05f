//! Pieces and payments in the database. Their rows are written once.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::payer::{self, Company, Parties};
use crate::opportunites::stored::StoredOpportunite;
use afpi_core::clock::Instant;
use afpi_core::id::{OpportuniteId, PieceId};
use afpi_platform::pieces::{Found, PaymentTerms, Terms};
use afpi_platform::plugins::hex;
use afpi_platform::workflow::Workflow;

/// A piece of an opportunité as it was frozen.
pub struct Kept {
    pub id: PieceId,
    pub section: String,
    pub series: String,
    pub terms: Terms,
}

/// The frozen pieces and payments of one opportunité.
#[derive(Default)]
pub struct Shelf {
    pub pieces: Vec<Kept>,
    /// In the order of recording.
    pub payments: Vec<PaymentTerms>,
}

impl Shelf {
    /// The frozen piece with this kind, number and version.
    pub fn find(&self, terms: &Terms) -> Option<&Kept> {
        let key = |terms: &Terms| (terms.kind.clone(), terms.number.clone(), terms.version);
        self.pieces.iter().find(|kept| key(&kept.terms) == key(terms))
    }
}

/// Reads the frozen pieces of an opportunité. The transaction must have written its row or hold it alone.
pub async fn load(tx: &mut Conn, opportunite: OpportuniteId) -> afpi_db::Result<Shelf> {
    let pieces = sql("SELECT id, section, series, terms FROM pieces WHERE opportunite_id = ? ORDER BY id")
        .bind(opportunite)
        .all::<(PieceId, String, String, afpi_db::Json<Terms>)>(tx)
        .await?;
    let payments = sql("SELECT terms FROM paiements WHERE opportunite_id = ? ORDER BY position")
        .bind(opportunite)
        .all::<(afpi_db::Json<PaymentTerms>,)>(tx)
        .await?;
    let kept =
        |(id, section, series, terms): (_, _, _, afpi_db::Json<Terms>)| Kept { id, section, series, terms: terms.0 };
    Ok(Shelf {
        pieces: pieces.into_iter().map(kept).collect(),
        payments: payments.into_iter().map(|(terms,)| terms.0).collect(),
    })
}

/// Who issues pieces, for whom and when.
pub struct Issue<'a> {
    pub of: &'a StoredOpportunite,
    pub workflow: &'a Workflow,
    /// The opportunité's company.
    pub company: Company,
    pub now: Instant,
}

/// Freezes pieces, each with the series of its number. A piece comes after the one that it corrects.
pub async fn add_pieces(
    tx: &mut Conn,
    issue: &Issue<'_>,
    shelf: &mut Shelf,
    new: Vec<(String, &Found)>,
) -> afpi_db::Result<()> {
    let Issue { of, workflow, company, now } = issue;
    for (series, found) in new {
        let id = PieceId::generate();
        let terms = &found.terms;
        let Parties { payer, buyer } = payer::of(tx, found, company).await?;
        let corrected = terms.corrects.as_deref().and_then(|number| {
            shelf.pieces.iter().find(|kept| kept.terms.number == number && kept.section == found.section)
        });
        let mut content = json!({"document": found.document, "payer": payer});
        if let Some(buyer) = buyer {
            content["buyer"] = json!(buyer);
        }
        let content = content.to_string();
        let mut query = sql(
            "INSERT INTO pieces (id, kind, number, version, series, entite_legale_id, localisation_id, opportunite_id, section, issued_on, \
             due_on, payer_name, net, vat, total, corrects_id, terms, content, sha256, workflow_plugin, workflow_version, issued_at, claims) VALUES ",
        );
        query.rows([[
            id.into(),
            terms.kind.as_str().into(),
            terms.number.as_str().into(),
            terms.version.into(),
            series.as_str().into(),
            of.legal_entity_id.into(),
            of.localisation_id.into(),
            of.id.into(),
            found.section.as_str().into(),
            terms.issued_on.as_str().into(),
            terms.due_on.clone().into(),
            payer.name.map(|name| cut(&name, 300)).into(),
            terms.net.into(),
            terms.vat.into(),
            terms.total.into(),
            corrected.map(|kept| kept.id).into(),
            afpi_db::Value::json(terms),
            content.as_str().into(),
            hex(&Sha256::digest(&content)).into(),
            workflow.id.as_str().into(),
            workflow.version.as_str().into(),
            now.into(),
            found.owed.into(),
        ]]);
        query.execute(tx).await?;
        details(tx, id, terms).await?;
        shelf.pieces.push(Kept { id, section: found.section.clone(), series, terms: terms.clone() });
    }
    Ok(())
}

async fn details(tx: &mut Conn, id: PieceId, terms: &Terms) -> afpi_db::Result<()> {
    if !terms.amounts.is_empty() {
        let mut query = sql("INSERT INTO piece_amounts (piece_id, rate, net, vat) VALUES ");
        query.rows(terms.amounts.iter().map(|a| [id.into(), a.rate.into(), a.net.into(), a.vat.into()]));
        query.execute(tx).await?;
    }
    if !terms.lines.is_empty() {
        let mut query =
            sql("INSERT INTO piece_lines (piece_id, position, label, quantity, unit_price, net, rate) VALUES ");
        query.rows(terms.lines.iter().enumerate().map(|(i, line)| {
            [
                id.into(),
                (i as i64 + 1).into(),
                line.label.as_str().into(),
                line.quantity.into(),
                line.unit_price.into(),
                line.net.into(),
                line.rate.into(),
            ]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}

/// Stores the new payments after the existing ones.
pub async fn add_payments(
    tx: &mut Conn,
    of: &StoredOpportunite,
    shelf: &mut Shelf,
    new: &[PaymentTerms],
    now: Instant,
) -> afpi_db::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let ids: HashMap<&str, PieceId> = shelf.pieces.iter().map(|kept| (kept.terms.number.as_str(), kept.id)).collect();
    let mut query = sql(
        "INSERT INTO paiements (opportunite_id, position, piece_id, localisation_id, paid_on, amount, mode, reference, reverses, reason, \
         terms, recorded_at) VALUES ",
    );
    query.rows(new.iter().enumerate().map(|(i, terms)| {
        [
            of.id.into(),
            ((shelf.payments.len() + i) as i64 + 1).into(),
            ids.get(terms.piece.as_str()).copied().into(),
            of.localisation_id.into(),
            terms.paid_on.as_str().into(),
            terms.amount.into(),
            terms.mode.clone().into(),
            terms.reference.as_deref().map(|text| cut(text, 200)).into(),
            terms.reverses.into(),
            terms.reason.clone().into(),
            afpi_db::Value::json(terms),
            now.into(),
        ]
    }));
    query.execute(tx).await?;
    shelf.payments.extend_from_slice(new);
    Ok(())
}

/// The first characters of a text, up to the column's width. The whole text is in `content`.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
