//! The priced part of a quote, an invoice or a credit note: lines, VAT per rate, totals.

use serde::Serialize;

use crate::dossier::{Amount, Deposit, Line, filled, joined};
use crate::format;
use crate::scene::Scene;

/// A quote or piece, as far as money is concerned. Amounts are cents.
#[derive(Debug, Clone, Default)]
pub struct Priced {
    pub lines: Vec<Line>,
    pub amounts: Vec<Amount>,
    pub net: i64,
    pub vat: i64,
    pub total: i64,
}

/// How it is printed.
#[derive(Debug, Clone, Serialize)]
pub struct Printed {
    pub lines: Vec<PrintedLine>,
    pub vat: Vec<Regime>,
    pub totals: Vec<Total>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PrintedLine {
    pub label: String,
    pub quantity: String,
    pub unit: String,
    pub price: String,
    pub rate: String,
    pub net: String,
}

/// What one rate of VAT comes to.
#[derive(Debug, Clone, Serialize)]
pub struct Regime {
    pub regime: String,
    pub base: String,
    pub rate: String,
    pub vat: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Total {
    pub label: String,
    pub value: String,
    /// The one that counts.
    pub strong: bool,
}

impl Priced {
    /// The same with all signs turned: a credit note shows what it gives back as positive amounts.
    pub fn turned(mut self) -> Priced {
        for line in &mut self.lines {
            if line.net < 0 && line.unit_price < 0 || line.net > 0 {
                line.unit_price = -line.unit_price;
            } else {
                line.quantity = -line.quantity;
            }
            line.net = -line.net;
        }
        for amount in &mut self.amounts {
            (amount.net, amount.vat) = (-amount.net, -amount.vat);
        }
        Priced { net: -self.net, vat: -self.vat, total: -self.total, ..self }
    }

    pub fn printed(&self, scene: &Scene) -> Printed {
        Printed {
            lines: self.lines.iter().map(|line| printed_line(scene, line)).collect(),
            vat: self.amounts.iter().map(|amount| regime(scene, amount)).collect(),
            totals: self.totals(scene),
        }
    }

    /// The totals of an invoice, and what is left of it after the deposits.
    pub(crate) fn deducting(&self, scene: &Scene, deposits: &[Deposit]) -> Vec<Total> {
        let mut totals = self.totals(scene);
        if deposits.is_empty() {
            return totals;
        }
        totals.iter_mut().for_each(|total| total.strong = false);
        let day =
            |deposit: &Deposit| filled(&deposit.issued_on).map(|day| scene.fill("du", &[("date", &scene.day(day))]));
        let deducted = deposits.iter().map(|deposit| {
            let label = joined([Some(scene.t("acompte")), filled(&deposit.number), day(deposit).as_deref()], " ");
            Total { label: label.unwrap_or_default(), value: scene.amount(-deposit.total), strong: false }
        });
        totals.extend(deducted);
        let left = self.total - deposits.iter().map(|deposit| deposit.total).sum::<i64>();
        totals.push(Total { label: scene.t("net-a-payer").into(), value: scene.amount(left), strong: true });
        totals
    }

    fn totals(&self, scene: &Scene) -> Vec<Total> {
        let total =
            |label: &str, cents: i64, strong: bool| Total { label: label.into(), value: scene.amount(cents), strong };
        vec![
            total(scene.t("total-ht"), self.net, false),
            total(scene.t("tva"), self.vat, false),
            total(scene.t("total-ttc"), self.total, true),
        ]
    }
}

fn printed_line(scene: &Scene, line: &Line) -> PrintedLine {
    let plural = line.quantity.abs() > 1000;
    let unit = match line.unit.as_deref() {
        Some("heure") => scene.t("unite-heure"),
        Some("jour") if plural => scene.t("unite-jours"),
        Some("jour") => scene.t("unite-jour"),
        Some("stagiaire") if plural => scene.t("unite-stagiaires"),
        Some("stagiaire") => scene.t("unite-stagiaire"),
        Some("forfait") => scene.t("unite-forfait"),
        Some(other) => other,
        None => "",
    };
    PrintedLine {
        label: line.label.clone(),
        quantity: format::number(scene.lang, line.quantity, 3),
        unit: unit.into(),
        price: scene.amount(line.unit_price),
        rate: short_rate(scene, line.rate),
        net: scene.amount(line.net),
    }
}

fn short_rate(scene: &Scene, rate: i64) -> String {
    if rate == 0 { scene.t("exonere").into() } else { format::rate(scene.lang, rate) }
}

fn regime(scene: &Scene, amount: &Amount) -> Regime {
    // The rates of French law (CGI, art. 278 to 281 nonies).
    let regime = match amount.rate {
        0 => scene.wording("tva-exoneration"),
        210 => scene.t("regime-particulier"),
        550 => scene.t("regime-reduit"),
        1000 => scene.t("regime-intermediaire"),
        2000 => scene.t("regime-normal"),
        _ => scene.t("tva"),
    };
    Regime {
        regime: regime.into(),
        base: scene.amount(amount.net),
        rate: format::rate(scene.lang, amount.rate),
        vat: scene.amount(amount.vat),
    }
}
