//! The three reminders of what a payer owes: a friendly one, a firm one, and the formal notice. One letter is about one
//! invoice or several.

use afpi_sdk::calendar::Date;
use serde_json::json;

use super::Page;
use super::convocation::dated;
use super::facture::person_pays;
use crate::blocks::{self, Fact, fact};
use crate::dossier::{Payment, Piece, filled};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::money::penalty;
use crate::scene::{DOTS, Scene};
use crate::wording;

/// Days that the second and the third letter leave for an answer.
const DAYS_LEFT: i32 = 8;

/// What is still due, and since when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

impl Balance {
    /// With penalty and fee.
    fn total(&self) -> i64 {
        self.open + self.penalty.unwrap_or_default() + self.fee
    }

    /// Of several invoices: the sums, and the days of the oldest one.
    fn with(self, other: &Balance) -> Balance {
        Balance {
            open: self.open + other.open,
            paid: self.paid + other.paid,
            credited: self.credited + other.credited,
            late: self.late.max(other.late),
            penalty: [self.penalty, other.penalty].into_iter().flatten().reduce(|sum, more| sum + more),
            fee: self.fee + other.fee,
        }
    }
}

/// An invoice that its payer is reminded of.
#[derive(Debug, Clone)]
pub struct Owed {
    pub piece: Piece,
    pub balance: Balance,
}

/// The invoices of the reminder: those that the host names, otherwise the piece of the document.
pub fn owed(scene: &Scene) -> Vec<Owed> {
    let claims = &scene.dossier.relance;
    if claims.is_empty() {
        return scene.dossier.piece.iter().map(|piece| alone(scene, piece)).collect();
    }
    let weighed = |claim: &crate::dossier::Claim| Owed {
        balance: weigh(scene, &claim.piece, claim.payments.iter(), claim.credited),
        piece: claim.piece.clone(),
    };
    claims.iter().map(weighed).collect()
}

/// The piece of the document, with the payments and credit notes of its opportunité.
fn alone(scene: &Scene, piece: &Piece) -> Owed {
    let of_piece = |payment: &&Payment| payment.piece_id.is_some() && payment.piece_id == piece.id;
    let rows = &scene.dossier.opportunite.data.facturation.factures;
    let credits =
        rows.iter().filter(|row| row.emise_le.is_some() && row.corrige.is_some() && row.corrige == piece.number);
    let credited: i64 = credits.filter_map(|row| row.total_ttc).map(i64::abs).sum();
    let balance = weigh(scene, piece, scene.dossier.payments.iter().filter(of_piece), credited);
    Owed { piece: piece.clone(), balance }
}

fn weigh<'a>(
    scene: &Scene,
    piece: &Piece,
    payments: impl Iterator<Item = &'a Payment> + Clone,
    credited: i64,
) -> Balance {
    let paid: i64 = payments.clone().map(|payment| payment.amount).sum();
    let due: Option<Date> = filled(&piece.due_on).and_then(|day| day.parse().ok());
    let late = due.map_or(0, |due| (scene.day.days() - due.days()).max(0));
    let debt = piece.total - piece.deducted() - credited;
    let day = |payment: &Payment| payment.paid_on.as_deref().and_then(|day| day.parse().ok());
    let dated: Vec<(Date, i64)> = payments.filter_map(|payment| Some((day(payment)?, payment.amount))).collect();
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

/// The fee of each late invoice of a business.
fn fee(scene: &Scene, piece: &Piece, late: i32) -> i64 {
    let owed = late > 0 && piece.paid_by_company();
    wording::on(scene.day, "indemnite").and_then(|row| row.value).filter(|_| owed).unwrap_or_default()
}

fn sum(owed: &[Owed]) -> Balance {
    owed.iter().fold(Balance::default(), |sum, one| sum.with(&one.balance))
}

pub(crate) fn page(scene: &Scene, step: u8) -> Option<Page> {
    let owed = owed(scene);
    let first = owed.first()?;
    let piece = &first.piece;
    let name = piece.payer_name().unwrap_or_else(|| scene.customer());
    // It goes to who pays, also when another one buys.
    let third = piece.buyer.as_ref().map(|_| piece.payer.as_ref().and_then(|payer| payer.company.as_ref()));
    let company = third.unwrap_or_else(|| blocks::payer(scene, piece));
    let heading = match step {
        1 => scene.t("relance-1"),
        2 => scene.t("relance-2"),
        _ if funder(piece) => scene.t("relance-3-financeur"),
        _ => scene.t("relance-3"),
    };
    // A letter names no numbers of the addressee.
    let addressee = blocks::Addressee { ids: Vec::new(), ..blocks::addressee(scene, Some(name), company) };
    let notice = step == 3 && !funder(piece);
    let content = json!({
        "addressee": addressee,
        "sending": notice.then(|| scene.t("recommande")),
        "dated": dated(scene),
        "greeting": scene.t("madame-monsieur"),
        "closing": scene.t("salutations"),
        "subject": subject(scene, step, &owed),
        "paragraphs": paragraphs(scene, step, &owed, Medium::Letter),
        "rows": rows(scene, step, &owed),
        "sums": sums(scene, step, &owed),
        "bank": bank(scene, &owed),
        "signature": blocks::own_signature(scene),
    });
    let named = filled(&piece.number).map(|number| match owed.len() {
        1 => number.to_string(),
        2 => scene.fill("relance-et-autre", &[("numero", number)]),
        all => scene.fill("relance-et-autres", &[("numero", number), ("nombre", &(all - 1).to_string())]),
    });
    let prefix = format!("REL{step}");
    Some(Page {
        template: "relance",
        data: framed(scene, heading, named.as_deref(), content),
        file_name: file_name([Some(prefix.as_str()), named.as_deref(), Some(name)]),
        invoice: None,
    })
}

/// Whether a funder pays: it owes neither penalties nor the fee, and is asked which document it waits for.
fn funder(piece: &Piece) -> bool {
    !piece.paid_by_company() && !person_pays(piece)
}

/// The object of the letter, and of its mail.
pub(crate) fn subject(scene: &Scene, step: u8, owed: &[Owed]) -> String {
    let Some(Owed { piece, .. }) = owed.first() else { return String::new() };
    let (solde, count) = (scene.amount(sum(owed).open), owed.len().to_string());
    let echeance = scene.day(piece.due_on.as_deref().unwrap_or(DOTS));
    let values = [
        ("numero", filled(&piece.number).unwrap_or(DOTS)),
        ("nombre", &count),
        ("solde", &solde),
        ("echeance", &echeance),
    ];
    let several = owed.len() > 1;
    let key = match step {
        1 if several => "relance-objet-1-n",
        1 => "relance-objet-1",
        _ if step == 2 || funder(piece) => {
            if several {
                "relance-objet-2-n"
            } else {
                "relance-objet-2"
            }
        }
        _ if several => "relance-objet-3-n",
        _ => "relance-objet-3",
    };
    scene.fill(key, &values)
}

/// Where the paragraphs of a reminder stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    Letter,
    /// The letter hangs on it.
    Mail,
}

/// A paragraph per text.
pub(crate) fn paragraphs(scene: &Scene, step: u8, owed: &[Owed], medium: Medium) -> Vec<String> {
    let Some(Owed { piece, .. }) = owed.first() else { return Vec::new() };
    let sum = sum(owed);
    let one_fee = owed.iter().map(|one| one.balance.fee).max().unwrap_or_default();
    let values = [
        ("numero", filled(&piece.number).unwrap_or(DOTS).to_string()),
        ("nombre", owed.len().to_string()),
        ("date", scene.day(piece.issued_on.as_deref().unwrap_or(DOTS))),
        ("echeance", scene.day(piece.due_on.as_deref().unwrap_or(DOTS))),
        ("solde", scene.amount(sum.open)),
        ("jours", sum.late.to_string()),
        ("delai", scene.day(&scene.day.plus(DAYS_LEFT).to_string())),
        ("dossier", piece.reference("priseEnCharge").unwrap_or(DOTS).to_string()),
        ("taux", rate(scene)),
        ("indemnite", scene.amount(one_fee)),
        ("total", scene.amount(sum.total())),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let says =
        |one: &'static str, several: &'static str| scene.fill(if owed.len() > 1 { several } else { one }, &values);
    let enclosed = match medium {
        Medium::Letter => Vec::new(),
        Medium::Mail => vec![says("mail-relance-joint", "mail-relance-joint-n")],
    };
    let texts = match (step, person_pays(piece)) {
        _ if funder(piece) => vec![
            says("relance-financeur-a", "relance-financeur-a-n"),
            says("relance-financeur-b", "relance-financeur-b-n"),
        ],
        (1, _) => vec![says("relance-1-a", "relance-1-a-n"), scene.t("relance-1-b").into()],
        (2, person) => {
            let warning = (!person).then(|| says("relance-2-c", "relance-2-c-n"));
            let texts = [says("relance-2-a", "relance-2-a-n"), scene.fill("relance-2-b", &values)];
            texts.into_iter().chain(warning).collect()
        }
        (_, person) => {
            let claim = match person {
                true => vec![says("relance-3-particulier", "relance-3-particulier-n")],
                false => vec![says("relance-3-a", "relance-3-a-n"), says("relance-3-b", "relance-3-b-n")],
            };
            [claim, vec![scene.t("relance-3-c").into(), scene.wording("mise-en-demeure").into()]].concat()
        }
    };
    [texts, enclosed].concat()
}

fn rate(scene: &Scene) -> String {
    let own = scene.dossier.entite.penalty_rate.map(|rate| format::rate(scene.lang, rate));
    own.unwrap_or_else(|| scene.wording("taux-penalites").into())
}

/// The statement, the oldest first. The formal notice shows penalty and fee of each invoice, a letter to a funder its
/// files.
fn rows(scene: &Scene, step: u8, owed: &[Owed]) -> Vec<serde_json::Value> {
    let shown = |cents: i64, wanted: bool| if wanted { scene.amount(cents) } else { String::new() };
    let notice = step >= 3 && sum(owed).total() > sum(owed).open;
    let row = |one: &Owed| {
        let Owed { piece, balance } = one;
        json!({
            "number": filled(&piece.number).unwrap_or(DOTS),
            "file": piece.reference("priseEnCharge").filter(|_| funder(piece)).unwrap_or_default(),
            "issued": piece.issued_on.as_deref().map(|day| scene.day(day)).unwrap_or_default(),
            "due": piece.due_on.as_deref().map(|day| scene.day(day)).unwrap_or_default(),
            "days": balance.late.to_string(),
            "total": scene.amount(piece.total - piece.deducted()),
            "paid": scene.amount(balance.paid + balance.credited),
            "open": scene.amount(balance.open),
            "penalty": shown(balance.penalty.unwrap_or_default(), notice),
            "fee": shown(balance.fee, notice),
            "claimed": shown(balance.total(), notice),
        })
    };
    let mut sorted: Vec<&Owed> = owed.iter().collect();
    sorted.sort_by_key(|one| one.piece.due_on.clone());
    sorted.into_iter().map(row).collect()
}

/// The formal notice adds penalties and the fee. Several invoices have a sum in every letter.
fn sums(scene: &Scene, step: u8, owed: &[Owed]) -> Vec<Fact> {
    let sum = sum(owed);
    if step < 3 {
        let total = fact(scene.t("total-du"), Some(scene.amount(sum.open)));
        return total.into_iter().filter(|_| owed.len() > 1).collect();
    }
    [
        fact(scene.t("reste-du"), Some(scene.amount(sum.open))),
        fact(scene.t("penalites-retard"), sum.penalty.map(|cents| scene.amount(cents))),
        fact(scene.t("indemnite-recouvrement"), Some(scene.amount(sum.fee)).filter(|_| sum.fee > 0)),
        fact(scene.t("total-du"), Some(scene.amount(sum.total()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn bank(scene: &Scene, owed: &[Owed]) -> Vec<Fact> {
    let entity = &scene.dossier.entite;
    let numbers: Vec<&str> = owed.iter().filter_map(|one| filled(&one.piece.number)).collect();
    [
        fact("IBAN", filled(&entity.iban).map(format::iban)),
        fact("BIC", filled(&entity.bic)),
        fact(scene.t("a-rappeler"), Some(numbers.join(", ")).filter(|numbers| !numbers.is_empty())),
    ]
    .into_iter()
    .flatten()
    .collect()
}
