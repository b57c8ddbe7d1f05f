//! The three reminders of an unpaid invoice: a friendly one, a firm one, and the formal notice.

use afpi_sdk::calendar::Date;
use serde_json::json;

use super::Page;
use super::convocation::dated;
use crate::blocks::{self, Fact, fact};
use crate::dossier::{Piece, filled};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::money::penalty;
use crate::scene::{DOTS, Scene};
use crate::wording;

/// Days that the second and the third letter leave for an answer.
const DAYS_LEFT: i32 = 8;

/// What is still due of an invoice, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub open: i64,
    pub paid: i64,
    pub credited: i64,
    /// Days since the due day.
    pub late: i32,
    /// The penalty of today, if the legal entity has a rate.
    pub penalty: Option<i64>,
    /// The fee for a late business.
    pub fee: i64,
}

pub(crate) fn page(scene: &Scene, step: u8) -> Option<Page> {
    let piece = scene.dossier.piece.as_ref()?;
    let balance = balance(scene, piece);
    let number = filled(&piece.number);
    let name = piece.payer_name().unwrap_or_else(|| scene.customer());
    let company = blocks::payer(scene, piece);
    let heading = match step {
        1 => scene.t("relance-1"),
        2 => scene.t("relance-2"),
        _ if funder(piece) => scene.t("relance-3-financeur"),
        _ => scene.t("relance-3"),
    };
    // A letter names no numbers of the addressee.
    let addressee = blocks::Addressee { ids: Vec::new(), ..blocks::addressee(scene, Some(name), company) };
    let content = json!({
        "addressee": addressee,
        "sending": (step == 3 && !funder(piece)).then(|| scene.t("recommande")),
        "dated": dated(scene),
        "greeting": scene.t("madame-monsieur"),
        "closing": scene.t("salutations"),
        "subject": subject(scene, step, piece, &balance),
        "paragraphs": paragraphs(scene, step, piece, &balance),
        "rows": rows(scene, piece, &balance),
        "sums": sums(scene, step, &balance),
        "bank": bank(scene, number),
        "signature": blocks::own_signature(scene),
    });
    let prefix = format!("REL{step}");
    Some(Page {
        template: "relance",
        data: framed(scene, heading, number, content),
        file_name: file_name([Some(prefix.as_str()), number, Some(name)]),
        invoice: None,
    })
}

/// Whether a funder pays: it owes neither penalties nor the fee, and is asked which document it waits for.
fn funder(piece: &Piece) -> bool {
    !piece.paid_by_company() && !super::facture::person_pays(piece)
}

/// What the payer owes today.
pub fn balance(scene: &Scene, piece: &Piece) -> Balance {
    let of_piece = |payment: &&crate::dossier::Payment| payment.piece_id.is_some() && payment.piece_id == piece.id;
    let payments: Vec<(Option<Date>, i64)> = scene
        .dossier
        .payments
        .iter()
        .filter(of_piece)
        .map(|payment| (payment.paid_on.as_deref().and_then(|day| day.parse().ok()), payment.amount))
        .collect();
    let paid: i64 = payments.iter().map(|(_, amount)| amount).sum();
    let rows = &scene.dossier.opportunite.data.facturation.factures;
    let credits =
        rows.iter().filter(|row| row.emise_le.is_some() && row.corrige.is_some() && row.corrige == piece.number);
    let credited: i64 = credits.filter_map(|row| row.total_ttc).map(i64::abs).sum();
    let due: Option<Date> = filled(&piece.due_on).and_then(|day| day.parse().ok());
    let late = due.map_or(0, |due| (scene.day.days() - due.days()).max(0));
    let debt = piece.total - piece.deducted() - credited;
    let dated: Vec<(Date, i64)> = payments.iter().filter_map(|(day, amount)| Some(((*day)?, *amount))).collect();
    let rate = scene.dossier.entite.penalty_rate.filter(|_| piece.paid_by_company());
    Balance {
        open: debt - paid,
        paid,
        credited,
        late,
        penalty: rate.zip(due).map(|(rate, due)| penalty(debt, due, &dated, rate, scene.day)),
        fee: fee(scene, piece, late),
    }
}

fn fee(scene: &Scene, piece: &Piece, late: i32) -> i64 {
    let owed = late > 0 && piece.paid_by_company();
    wording::on(scene.day, "indemnite").and_then(|row| row.value).filter(|_| owed).unwrap_or_default()
}

/// The object of the letter, and of its mail.
pub(crate) fn subject(scene: &Scene, step: u8, piece: &Piece, balance: &Balance) -> String {
    let number = filled(&piece.number).unwrap_or(DOTS);
    match step {
        1 => scene.fill(
            "relance-objet-1",
            &[("numero", number), ("echeance", &scene.day(piece.due_on.as_deref().unwrap_or(DOTS)))],
        ),
        _ if step == 2 || funder(piece) => {
            scene.fill("relance-objet-2", &[("numero", number), ("solde", &scene.amount(balance.open))])
        }
        _ => scene.fill("relance-objet-3", &[("numero", number)]),
    }
}

/// The letter, a paragraph per text; also the body of its mail.
pub(crate) fn paragraphs(scene: &Scene, step: u8, piece: &Piece, balance: &Balance) -> Vec<String> {
    let values = [
        ("numero", filled(&piece.number).unwrap_or(DOTS).to_string()),
        ("date", scene.day(piece.issued_on.as_deref().unwrap_or(DOTS))),
        ("echeance", scene.day(piece.due_on.as_deref().unwrap_or(DOTS))),
        ("solde", scene.amount(balance.open)),
        ("jours", balance.late.to_string()),
        ("delai", scene.day(&scene.day.plus(DAYS_LEFT).to_string())),
        ("dossier", piece.reference("priseEnCharge").unwrap_or(DOTS).to_string()),
        ("taux", rate(scene)),
        ("indemnite", scene.amount(balance.fee)),
        ("total", scene.amount(balance.open + balance.penalty.unwrap_or_default() + balance.fee)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let person = super::facture::person_pays(piece);
    if funder(piece) {
        return vec![scene.fill("relance-financeur-a", &values), scene.fill("relance-financeur-b", &values)];
    }
    let texts = match (step, person) {
        (1, _) => vec![scene.fill("relance-1-a", &values), scene.fill("relance-1-b", &values)],
        (2, false) => vec![
            scene.fill("relance-2-a", &values),
            scene.fill("relance-2-b", &values),
            scene.fill("relance-2-c", &values),
        ],
        (2, true) => vec![scene.fill("relance-2-a", &values), scene.fill("relance-2-b", &values)],
        (_, false) => vec![scene.fill("relance-3-a", &values), scene.fill("relance-3-b", &values)],
        (_, true) => vec![scene.fill("relance-3-particulier", &values)],
    };
    let end = match step {
        3 => vec![scene.fill("relance-3-c", &values), scene.wording("mise-en-demeure").into()],
        _ => Vec::new(),
    };
    [texts, end].concat()
}

fn rate(scene: &Scene) -> String {
    let own = scene.dossier.entite.penalty_rate.map(|rate| format::rate(scene.lang, rate));
    own.unwrap_or_else(|| scene.wording("taux-penalites").into())
}

fn rows(scene: &Scene, piece: &Piece, balance: &Balance) -> Vec<serde_json::Value> {
    let row = json!({
        "number": filled(&piece.number).unwrap_or(DOTS),
        "issued": piece.issued_on.as_deref().map(|day| scene.day(day)).unwrap_or_default(),
        "due": piece.due_on.as_deref().map(|day| scene.day(day)).unwrap_or_default(),
        "days": balance.late.to_string(),
        "total": scene.amount(piece.total - piece.deducted()),
        "paid": scene.amount(balance.paid + balance.credited),
        "open": scene.amount(balance.open),
    });
    vec![row]
}

/// The formal notice adds penalties and the fee.
fn sums(scene: &Scene, step: u8, balance: &Balance) -> Vec<Fact> {
    if step < 3 {
        return Vec::new();
    }
    let total = balance.open + balance.penalty.unwrap_or_default() + balance.fee;
    [
        fact(scene.t("reste-du"), Some(scene.amount(balance.open))),
        fact(scene.t("penalites-retard"), balance.penalty.map(|cents| scene.amount(cents))),
        fact(scene.t("indemnite-recouvrement"), Some(scene.amount(balance.fee)).filter(|_| balance.fee > 0)),
        fact(scene.t("total-du"), Some(scene.amount(total))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn bank(scene: &Scene, number: Option<&str>) -> Vec<Fact> {
    let entity = &scene.dossier.entite;
    [
        fact("IBAN", filled(&entity.iban).map(format::iban)),
        fact("BIC", filled(&entity.bic)),
        fact(scene.t("a-rappeler"), number),
    ]
    .into_iter()
    .flatten()
    .collect()
}
