//! What a letter of reminder says of its pieces, which may be of several opportunités.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde_json::{Value, json};

use crate::pieces;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, OpportuniteId, PieceId};
use afpi_core::money::Money;

/// A piece that its payer is reminded of.
pub struct Claim {
    pub piece: PieceId,
    pub opportunite: OpportuniteId,
    pub site: LocalisationId,
    pub number: String,
    /// For those who compose the letter: the piece with its payments and what was credited.
    pub dossier: Value,
}

/// These pieces as far as they are still owed and undisputed, in this order. They were found in scope.
pub async fn owed(conn: &mut Conn, ids: &[PieceId]) -> Result<Vec<Claim>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sql(
        "SELECT c.piece_id, c.opportunite_id, p.localisation_id, c.credited FROM creances c JOIN pieces p ON p.id = c.piece_id \
         LEFT JOIN litiges t ON t.piece_id = c.piece_id WHERE c.balance > 0 AND t.piece_id IS NULL AND c.piece_id IN ",
    );
    query.list(ids.iter().copied());
    let rows: Vec<(PieceId, OpportuniteId, LocalisationId, Money)> = query.all(conn).await?;
    let rows: HashMap<PieceId, _> = rows.into_iter().map(|row| (row.0, row)).collect();
    let mut payments: HashMap<PieceId, Vec<Value>> = HashMap::new();
    let mut query = sql("SELECT piece_id, paid_on, amount FROM paiements WHERE piece_id IN ");
    query.list(ids.iter().copied()).push(" ORDER BY opportunite_id, position");
    for (piece, paid_on, amount) in query.all::<(PieceId, Day, Money)>(conn).await? {
        payments.entry(piece).or_default().push(json!({"paidOn": paid_on, "amount": amount}));
    }
    let frozen: HashMap<PieceId, Value> =
        pieces::some(conn, ids).await?.into_iter().map(|piece| (piece.id(), piece.dossier())).collect();
    let claim = |id: &PieceId| {
        let &(piece, opportunite, site, credited) = rows.get(id)?;
        let mut dossier = frozen.get(id)?.clone();
        dossier["credited"] = json!(credited);
        dossier["payments"] = payments.get(id).cloned().unwrap_or_default().into();
        let number = dossier["number"].as_str().unwrap_or_default().to_owned();
        Some(Claim { piece, opportunite, site, number, dossier })
    };
    Ok(ids.iter().filter_map(claim).collect())
}
