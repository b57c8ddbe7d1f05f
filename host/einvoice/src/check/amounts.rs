//! Lines, discounts, VAT and totals: each amount is what the one before gives.

use std::collections::BTreeSet;

use super::Faults;
use crate::model::{Category, Invoice, Line, Profile, Vat, VatBreakdown};
use crate::{codes, totals};

/// The largest amount, quantity and price that French rules let through with their decimals (19 digits in all).
const LARGEST: i64 = 999_999_999_999_999_999;

pub(super) fn check(invoice: &Invoice, faults: &mut Faults) {
    faults.unless(
        !invoice.lines.is_empty(),
        "BR-16",
        "/lines",
        ["Une facture a au moins une ligne.", "An invoice has at least one line."],
    );
    let mut ids = BTreeSet::new();
    for (i, line) in invoice.lines.iter().enumerate() {
        faults.unless(
            ids.insert(line.id.as_str()),
            "BR-21",
            format!("/lines/{i}/id"),
            ["Deux lignes n'ont pas le même identifiant.", "Two lines do not have the same id."],
        );
        self::line(line, &format!("/lines/{i}"), faults);
    }
    for (i, allowance) in invoice.allowances.iter().enumerate() {
        let at = format!("/allowances/{i}");
        discount(allowance.amount, &at, faults);
        rate(allowance.vat, "06", &at, faults);
    }
    breakdown(invoice, faults);
    sums(invoice, faults);
}

fn line(line: &Line, at: &str, faults: &mut Faults) {
    faults.unless(line.quantity.abs() <= LARGEST, "BR-FR-DEC-02", format!("{at}/quantity"), TOO_LARGE);
    faults.unless(
        (0..=LARGEST).contains(&line.price),
        "BR-FR-DEC-03",
        format!("{at}/price"),
        ["Un prix n'est pas négatif.", "A price is not negative."],
    );
    for (i, allowance) in line.allowances.iter().enumerate() {
        discount(allowance.amount, &format!("{at}/allowances/{i}"), faults);
    }
    faults.unless(
        i128::from(line.net) == totals::net(line),
        "BT-131",
        format!("{at}/net"),
        [
            "Le net d'une ligne est quantité × prix, arrondi au centime, moins les remises.",
            "The net of a line is quantity × price, rounded to the cent, less the discounts.",
        ],
    );
    rate(line.vat, "05", at, faults);
}

const TOO_LARGE: [&str; 2] = ["Ce nombre est trop grand.", "This number is too large."];

fn discount(amount: i64, at: &str, faults: &mut Faults) {
    faults.unless(
        (1..=LARGEST).contains(&amount),
        "BR-FR-DEC-01",
        format!("{at}/amount"),
        ["Une remise est positive.", "A discount is positive."],
    );
}

/// Only what is taxed has a rate. `rule` is the number of the rule: 05 on a line, 06 on a discount.
fn rate(vat: Vat, rule: &str, at: &str, faults: &mut Faults) {
    let fits = (vat.rate > 0) == (vat.category == Category::S);
    faults.unless(
        fits,
        format!("BR-{}-{rule}", vat.category.code()),
        format!("{at}/vat/rate"),
        ["Seule la catégorie S a un taux, et il n'est pas nul.", "Only the category S has a rate, and it is not zero."],
    );
    faults.unless(
        codes::rate(vat.rate),
        "BR-FR-16",
        format!("{at}/vat/rate"),
        ["Ce taux de TVA n'existe pas en France.", "This rate of VAT does not exist in France."],
    );
}

fn breakdown(invoice: &Invoice, faults: &mut Faults) {
    faults.unless(
        !invoice.vat.is_empty(),
        "BR-CO-18",
        "/vat",
        ["Une facture a au moins un groupe de TVA.", "An invoice has at least one VAT group."],
    );
    let expected = invoice.sums();
    for vat in expected.shares.keys() {
        let parts = invoice.vat.iter().filter(|part| part.vat == *vat).count();
        faults.unless(
            parts == 1,
            format!("BR-{}-01", vat.category.code()),
            "/vat",
            [
                "Chaque catégorie et taux des lignes a un groupe de TVA, et un seul.",
                "Each category and rate of the lines has one VAT group, and only one.",
            ],
        );
    }
    for (i, part) in invoice.vat.iter().enumerate() {
        let at = format!("/vat/{i}");
        let share = expected.shares.get(&part.vat).copied().unwrap_or_default();
        let of = part.vat.category.code();
        faults.unless(
            i128::from(part.base) == share.base,
            format!("BR-{of}-08"),
            format!("{at}/base"),
            [
                "La base est la somme des nets de cette catégorie et de ce taux, moins les remises.",
                "The base is the sum of the nets of this category and rate, less the discounts.",
            ],
        );
        let due = totals::vat(i128::from(part.base), part.vat.rate);
        let rule = if part.vat.category == Category::S { "BR-CO-17".into() } else { format!("BR-{of}-09") };
        faults.unless(
            i128::from(part.amount) == due,
            rule,
            format!("{at}/amount"),
            ["La TVA est base × taux, arrondie une fois.", "VAT is base × rate, rounded once."],
        );
        reason(part, &at, faults);
    }
    let outside = invoice.vat.iter().filter(|part| part.vat.category == Category::O).count();
    faults.unless(
        invoice.profile == Profile::ExtendedCtcFr || outside == 0 || outside == invoice.vat.len(),
        "BR-O-11",
        "/vat",
        [
            "Seul le profil EXTENDED-CTC-FR mêle le hors-champ aux autres catégories.",
            "Only the profile EXTENDED-CTC-FR mixes what is outside VAT with other categories.",
        ],
    );
}

/// What is not taxed says why.
fn reason(part: &VatBreakdown, at: &str, faults: &mut Faults) {
    let given = part.reason.is_some() || part.reason_code.is_some();
    let of = part.vat.category.code();
    faults.unless(
        given != (part.vat.category == Category::S),
        format!("BR-{of}-10"),
        format!("{at}/reason"),
        [
            "Sans TVA, la facture dit pourquoi ; avec TVA, elle ne donne pas de motif.",
            "Without VAT, the invoice says why; with VAT, it gives no reason.",
        ],
    );
    if let Some(code) = &part.reason_code {
        faults.unless(
            codes::exemption(code),
            "BR-CL-22",
            format!("{at}/reasonCode"),
            ["Ce code d'exonération n'existe pas.", "This code of exemption does not exist."],
        );
    }
}

fn sums(invoice: &Invoice, faults: &mut Faults) {
    let stated = invoice.totals;
    let expected = invoice.sums();
    let wide = i128::from;
    let mut equal = |stated: i64, expected: i128, rule: &str, field: &str, texts| {
        faults.unless(wide(stated) == expected, rule, format!("/totals/{field}"), texts);
        faults.unless(
            stated.unsigned_abs() <= LARGEST.unsigned_abs(),
            "BR-FR-DEC-01",
            format!("/totals/{field}"),
            TOO_LARGE,
        );
    };
    equal(
        stated.lines,
        expected.lines,
        "BR-CO-10",
        "lines",
        ["Le total des lignes est la somme de leurs nets.", "The total of the lines is the sum of their nets."],
    );
    equal(
        stated.allowances,
        expected.allowances,
        "BR-CO-11",
        "allowances",
        ["Le total des remises est leur somme.", "The total of the discounts is their sum."],
    );
    equal(
        stated.net,
        wide(stated.lines) - wide(stated.allowances),
        "BR-CO-13",
        "net",
        [
            "Le total HT est celui des lignes moins les remises.",
            "The total without VAT is that of the lines less the discounts.",
        ],
    );
    let vat = invoice.vat.iter().map(|part| wide(part.amount)).sum();
    equal(
        stated.vat,
        vat,
        "BR-CO-14",
        "vat",
        ["La TVA totale est la somme des groupes.", "The total VAT is the sum of the groups."],
    );
    equal(
        stated.total,
        wide(stated.net) + wide(stated.vat),
        "BR-CO-15",
        "total",
        ["Le total TTC est le total HT plus la TVA.", "The total with VAT is the total without VAT plus VAT."],
    );
    equal(
        stated.due,
        wide(stated.total) - wide(stated.prepaid),
        "BR-CO-16",
        "due",
        [
            "Le net à payer est le total TTC moins ce qui est payé.",
            "The amount due is the total with VAT less what is paid.",
        ],
    );
}
