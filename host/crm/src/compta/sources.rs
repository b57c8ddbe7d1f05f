//! What can be booked: frozen pieces, payments that were recorded alone, and money that paid several pieces at once.

use std::collections::BTreeMap;

use afpi_db::{Conn, Json, sql};
use serde::Deserialize;
use uuid::Uuid;

use super::comptes::Comptes;
use super::ecriture::{Ecriture, Reglement, Tiers, Vente};
use crate::pieces::Payer;
use afpi_core::clock::Day;
use afpi_core::error::{Result, internal};
use afpi_core::id::{EncaissementId, LegalEntityId, LocalisationId, OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_platform::pieces::Terms;

/// Where an entry comes from: `source_kind`, `source_id` and `source_position`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    pub kind: &'static str,
    pub id: Uuid,
    pub position: i64,
}

/// Which entries.
pub struct Period {
    pub entity: LegalEntityId,
    pub from: Day,
    pub to: Day,
}

#[derive(Deserialize)]
struct Frozen {
    payer: Payer,
}

impl Frozen {
    fn siren(&self) -> Option<String> {
        self.payer.company.as_ref().and_then(|company| company.siren.clone())
    }
}

afpi_db::row! {
    struct PieceRow {
        id: PieceId, terms: Json<Terms>, content: Json<Frozen>, title: String, payer_key: String, payer_name: String,
    }
}

afpi_db::row! {
    struct PaymentRow {
        opportunite_id: OpportuniteId, position: i64, paid_on: Day, amount: Money, mode: Option<String>, reference: Option<String>,
        encaissement_id: Option<EncaissementId>, number: Option<String>, content: Option<Json<Frozen>>, payer_key: Option<String>,
        payer_name: Option<String>, numero: String,
    }
}

impl PaymentRow {
    fn tiers(&self) -> Tiers {
        Tiers {
            key: self.payer_key.clone().unwrap_or_else(|| self.opportunite_id.to_string()),
            name: self.payer_name.clone().unwrap_or_else(|| self.numero.clone()),
            siren: self.content.as_ref().and_then(|content| content.0.siren()),
        }
    }
}

afpi_db::row! {
    struct ReceiptRow {
        id: EncaissementId, payer_key: String, payer_name: String, paid_on: Day, mode: String, reference: Option<String>, rest: Money,
    }
}

/// Every entry of the period, within the scope and at these sites, in the order of days.
///
/// # Errors
/// 500 for a piece whose amounts do not add up to its total.
pub async fn entries(
    conn: &mut Conn,
    scope: &Scope,
    sites: &[LocalisationId],
    period: &Period,
    comptes: &Comptes,
) -> Result<Vec<(Source, Ecriture)>> {
    let mut found = sales(conn, scope, period, comptes).await?;
    found.extend(payments(conn, scope, period, comptes).await?);
    found.extend(receipts(conn, sites, period, comptes).await?);
    if let Some((source, entry)) = found.iter().find(|(_, entry)| !entry.balanced()) {
        return Err(internal(format!("the entry of {} {} is not balanced: {entry:?}", source.kind, source.id)));
    }
    found.sort_by(|(a, first), (b, second)| (&first.day, a).cmp(&(&second.day, b)));
    Ok(found)
}

async fn sales(conn: &mut Conn, scope: &Scope, period: &Period, comptes: &Comptes) -> Result<Vec<(Source, Ecriture)>> {
    let mut query = scope.opportunites(
        "p.id, p.terms, p.content, o.title, c.payer_key, c.payer_name",
        "JOIN pieces p ON p.opportunite_id = o.id JOIN creances c ON c.piece_id = p.id",
    );
    query.push(" AND p.entite_legale_id = ?").arg(period.entity).push(" AND p.total <> 0");
    query.push(" AND p.issued_on >= ?").arg(period.from).push(" AND p.issued_on <= ?").arg(period.to);
    let rows: Vec<PieceRow> = query.all(conn).await?;
    let book = |row: PieceRow| {
        let terms = &row.terms.0;
        let tiers = Tiers { key: row.payer_key, name: row.payer_name, siren: row.content.0.siren() };
        let sale = Vente {
            number: &terms.number,
            day: &terms.issued_on,
            title: &row.title,
            tiers: &tiers,
            total: terms.total,
            amounts: &terms.amounts,
            advance: terms.advance,
            deducted: terms.deducted,
        };
        (Source { kind: "piece", id: row.id.uuid(), position: 0 }, sale.book(comptes))
    };
    Ok(rows.into_iter().map(book).collect())
}

const PAYMENT: &str = "r.opportunite_id, r.position, r.paid_on, r.amount, r.mode, r.reference, r.encaissement_id, p.number, p.content, \
     c.payer_key, c.payer_name, o.numero";
const OF_PAYMENT: &str = "JOIN paiements r ON r.opportunite_id = o.id JOIN localisations l ON l.id = o.localisation_id \
     LEFT JOIN pieces p ON p.id = r.piece_id LEFT JOIN creances c ON c.piece_id = r.piece_id";

async fn payments(
    conn: &mut Conn,
    scope: &Scope,
    period: &Period,
    comptes: &Comptes,
) -> Result<Vec<(Source, Ecriture)>> {
    let mut query = scope.opportunites(PAYMENT, OF_PAYMENT);
    query.push(" AND COALESCE(p.entite_legale_id, l.entite_legale_id) = ?").arg(period.entity);
    query.push(" AND r.encaissement_id IS NULL AND r.amount <> 0");
    query.push(" AND r.paid_on >= ?").arg(period.from).push(" AND r.paid_on <= ?").arg(period.to);
    let rows: Vec<PaymentRow> = query.all(conn).await?;
    let book = |row: PaymentRow| {
        let (tiers, day) = (row.tiers(), row.paid_on.to_string());
        let payment = Reglement {
            day: &day,
            mode: row.mode.as_deref(),
            reference: row.reference.as_deref().or(row.number.as_deref()).unwrap_or(&row.numero),
            shares: vec![(&tiers, row.amount)],
        };
        let source = Source { kind: "paiement", id: row.opportunite_id.uuid(), position: row.position };
        (source, payment.book(comptes))
    };
    Ok(rows.into_iter().map(book).collect())
}

/// Money that paid several pieces is one entry, also where some of its pieces are of other sites of the legal entity.
async fn receipts(
    conn: &mut Conn,
    sites: &[LocalisationId],
    period: &Period,
    comptes: &Comptes,
) -> Result<Vec<(Source, Ecriture)>> {
    let mut query = sql(
        "SELECT id, payer_key, payer_name, paid_on, mode, reference, rest FROM encaissements WHERE entite_legale_id = ?",
    );
    query.arg(period.entity).push(" AND localisation_id IN ").list(sites.iter().copied());
    query.push(" AND paid_on >= ?").arg(period.from).push(" AND paid_on <= ?").arg(period.to).push(" ORDER BY id");
    let receipts: Vec<ReceiptRow> = query.all(conn).await?;
    if receipts.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Scope::All.opportunites(PAYMENT, OF_PAYMENT);
    query.push(" AND r.encaissement_id IN ").list(receipts.iter().map(|receipt| receipt.id));
    query.push(" ORDER BY r.opportunite_id, r.position");
    let mut paid: BTreeMap<Uuid, Vec<PaymentRow>> = BTreeMap::new();
    for row in query.all::<PaymentRow>(conn).await? {
        if let Some(receipt) = row.encaissement_id {
            paid.entry(receipt.uuid()).or_default().push(row);
        }
    }
    let book = |receipt: ReceiptRow| {
        let rows = paid.remove(&receipt.id.uuid()).unwrap_or_default();
        let payers: Vec<(Tiers, Money)> = rows.iter().map(|row| (row.tiers(), row.amount)).collect();
        let siren = payers.iter().find(|(tiers, _)| tiers.key == receipt.payer_key).and_then(|(t, _)| t.siren.clone());
        let payer = Tiers { key: receipt.payer_key, name: receipt.payer_name, siren };
        let mut shares: Vec<(&Tiers, Money)> = payers.iter().map(|(tiers, amount)| (tiers, *amount)).collect();
        if receipt.rest > Money::ZERO {
            shares.push((&payer, receipt.rest));
        }
        let day = receipt.paid_on.to_string();
        let number = rows.first().and_then(|row| row.number.as_deref()).unwrap_or_default();
        let payment = Reglement {
            day: &day,
            mode: Some(&receipt.mode),
            reference: receipt.reference.as_deref().unwrap_or(number),
            shares,
        };
        (Source { kind: "encaissement", id: receipt.id.uuid(), position: 0 }, payment.book(comptes))
    };
    Ok(receipts.into_iter().map(book).collect())
}
