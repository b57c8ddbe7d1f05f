//! What always holds of an opportunité's money, over random quotes, shares, absences, part payments, credit notes and
//! reversals. `books.rs` plays section 6 alone, with wrong moves too.

mod support;

use afpi_sdk::money::divide;
use afpi_sdk::serde_json::{Value, json};
use support::dice::Dice;
use support::*;

const RESPONSABLE: &str = "responsable_commercial";
const REGIMES: [(&str, i64); 2] = [("baseExoneree", 0), ("baseTaux20", 2_000)];

fn rows(desk: &Desk, pointer: &str) -> Vec<Value> {
    desk.at(pointer).as_array().cloned().unwrap_or_default()
}

fn cents(row: &Value, field: &str) -> i64 {
    row[field].as_i64().unwrap_or(0)
}

fn sum(rows: &[Value], field: &str) -> i64 {
    rows.iter().map(|row| cents(row, field)).sum()
}

/// A quote with a few lines, some with a discount on the whole. Each rate's VAT is computed once, on the sum of its
/// lines.
fn quoted(dice: &mut Dice, told: &str) -> Desk {
    let mut desk = Desk::new();
    let lines: Vec<Value> = (0..=dice.roll(6))
        .map(|_| {
            let quantity = (1 + dice.roll(4_000)) as f64 / 100.0;
            let regime = ["exonere", "taux20"][dice.roll(2) as usize];
            json!({"libelle": "L", "quantite": quantity, "unite": "heure", "prixUnitaire": 100 + dice.roll(50_000), "tva": regime})
        })
        .collect();
    desk.validated().edit(RESPONSABLE, "devis", json!({"lignes": lines}));
    let whole = desk.at("/devis/totalHt").as_i64().unwrap();
    if dice.roll(2) == 0 {
        let discount = dice.roll(whole as u64 / 2 + 1);
        desk.edit(RESPONSABLE, "devis", json!({"lignes": lines, "remise": discount}));
        assert_eq!(desk.at("/devis/totalHt"), json!(whole - discount as i64), "{told}");
    }
    for rate in rows(&desk, "/devis/ventilation") {
        let choice = if rate["taux"] == 0 { "exonere" } else { "taux20" };
        let of: Vec<Value> = rows(&desk, "/devis/lignes").into_iter().filter(|line| line["tva"] == choice).collect();
        let net = sum(&of, "montantHt");
        assert_eq!(cents(&rate, "baseHt"), net, "{told}");
        assert_eq!(cents(&rate, "tva"), divide(i128::from(net) * i128::from(cents(&rate, "taux")), 10_000), "{told}");
        assert!(net >= 0, "{told}");
    }
    desk.take(RESPONSABLE, "envoyer_devis", json!({}));
    desk.take(RESPONSABLE, "accepter_devis", json!({"signataire": "Camille Moreau"}));
    desk
}

/// Funders ask for shares in percent, and the company pays the rest: to the cent, or the funding is not settled.
fn funded(dice: &mut Dice, desk: &mut Desk, told: &str) {
    let quote = desk.at("/devis/totalHt").as_i64().unwrap();
    let mut left = 10_000;
    let shares: Vec<i64> = (0..dice.roll(4))
        .map(|_| {
            let share = 1 + dice.roll(4_000) as i64;
            left -= share.min(left);
            share
        })
        .collect();
    if left == 0 || shares.is_empty() {
        desk.take("assistante", "valider_financement", json!({}));
        return;
    }
    let funder = |at: usize, share: i64| {
        json!({"payeur": "opco", "organisme": format!("OPCO {at}"), "pourcentage": share as f64 / 100.0, "deposeLe": "2026-11-02",
            "priseEnCharge": format!("PEC-{at}"), "subrogation": true})
    };
    let mut funders: Vec<Value> = shares.iter().enumerate().map(|(at, share)| funder(at, *share)).collect();
    desk.edit("assistante", "montage", json!({"financeurs": funders}));
    let asked = rows(desk, "/montage/financeurs");
    assert!(
        sum(&asked, "montantDemande") <= quote && asked.iter().all(|row| cents(row, "montantDemande") >= 0),
        "{told}"
    );
    let mut agreed = 0;
    for (funder, row) in funders.iter_mut().zip(&asked) {
        let amount = (cents(row, "montantDemande") - dice.roll(3) as i64 * 100).max(0);
        funder["montantAccorde"] = json!(amount);
        agreed += amount;
    }
    for (share, code) in [(quote - agreed + 1, "over-covered"), (quote - agreed - 1, "not-covered")] {
        if share >= 0 && asked.iter().all(|row| cents(row, "montantDemande") > 0) {
            desk.edit("assistante", "montage", json!({"financeurs": funders, "partEntreprise": share}));
            let blocked = desk.blockers("assistante", "valider_financement");
            assert_eq!(blocked, [pair("/montage/partEntreprise", code)], "{told}");
        }
    }
    desk.edit("assistante", "montage", json!({"financeurs": funders, "partEntreprise": quote - agreed}));
    if desk.blockers("assistante", "valider_financement").is_empty() {
        desk.take("assistante", "valider_financement", json!({}));
    } else {
        // A share of a few cents is nothing to ask for: the company pays it all.
        desk.edit("assistante", "montage", json!({"financeurs": []}));
        desk.take("assistante", "valider_financement", json!({}));
    }
}

/// The drafts bill the quote, or the part of it that absences leave.
fn drafted(dice: &mut Dice, desk: &mut Desk, told: &str) {
    let (planned, done) = (3_500, dice.roll(3_600).min(3_500) as i64);
    let short = dice.roll(2) == 0;
    if short {
        let mut document = desk.at("/facturation");
        document["heuresPrevues"] = json!(planned as f64 / 100.0);
        document["heuresRealisees"] = json!(done as f64 / 100.0);
        desk.edit("facturation", "facturation", document);
    }
    let (part, whole) = if short { (done, planned) } else { (1, 1) };
    let drafts = rows(desk, "/facturation/factures");
    let rates = rows(desk, "/devis/ventilation");
    for (field, rate) in REGIMES {
        let of: Vec<Value> = rates.iter().filter(|row| row["taux"] == rate).cloned().collect();
        let expected = divide(i128::from(sum(&of, "baseHt")) * i128::from(part), i128::from(whole));
        assert_eq!(sum(&drafts, field), expected, "{told}: {field}");
        if rate > 0 && part == whole {
            assert_eq!(sum(&drafts, "tva"), sum(&of, "tva"), "{told}");
        }
    }
    for draft in &drafts {
        assert!(
            ["baseExoneree", "baseTaux20", "tva", "totalTtc"].iter().all(|field| cents(draft, field) >= 0),
            "{told}"
        );
    }
}

fn check(desk: &Desk, told: &str) {
    let all = rows(desk, "/facturation/factures");
    let issued: Vec<Value> = all.into_iter().filter(|row| row["emiseLe"].is_string()).collect();
    let payments = rows(desk, "/facturation/paiements");
    let rates = rows(desk, "/devis/ventilation");
    // What was invoiced and not credited is the quote at most, in each regime.
    for (field, rate) in REGIMES {
        let quote: i64 = rates.iter().filter(|row| row["taux"] == rate).map(|row| cents(row, "baseHt")).sum();
        assert!((0..=quote).contains(&sum(&issued, field)), "{told}: {field}");
    }
    for invoice in issued.iter().filter(|row| row["nature"] == "facture") {
        let number = &invoice["numero"];
        let credited: i64 =
            issued.iter().filter(|row| row["corrige"] == *number).map(|row| -cents(row, "totalTtc")).sum();
        let paid: i64 = payments.iter().filter(|row| row["facture"] == *number).map(|row| cents(row, "montant")).sum();
        let balance = cents(invoice, "totalTtc") - credited - paid;
        assert_eq!(cents(invoice, "solde") - cents(invoice, "tropPercu"), balance, "{told}: {invoice}");
        assert!(credited >= 0 && paid >= 0 && cents(invoice, "solde") >= 0, "{told}: {invoice}");
    }
    // Each series is unbroken, and no number has an earlier day than the one before it.
    for nature in ["facture", "avoir"] {
        let mut series: Vec<(&str, &str)> = issued
            .iter()
            .filter(|row| row["nature"] == nature)
            .filter_map(|row| Some((row["numero"].as_str()?, row["emiseLe"].as_str()?)))
            .collect();
        series.sort_unstable();
        for (at, (number, _)) in series.iter().enumerate() {
            assert!(number.ends_with(&format!("-{:05}", at + 1)), "{told}: {series:?}");
        }
        assert!(series.is_sorted_by_key(|(_, day)| *day), "{told}: {series:?}");
    }
}

#[test]
fn the_money_of_random_files_adds_up() {
    let (mut issued, mut credits, mut payments) = (0, 0, 0);
    for seed in 0..250 {
        let mut dice = Dice(seed);
        let told = format!("seed {seed}");
        let mut desk = quoted(&mut dice, &told);
        funded(&mut dice, &mut desk, &told);
        desk.edit("planificateur", "planification", planification()).take("planificateur", "planifier", json!({}));
        let papers = and_ticked(&documents(), &["prise_en_charge", "subrogation"]);
        desk.edit("assistante", "documents", papers).take("assistante", "documents_prets", json!({}));
        drafted(&mut dice, &mut desk, &told);
        for _ in 0..12 {
            let numbers: Vec<Value> = rows(&desk, "/facturation/factures")
                .iter()
                .filter(|row| row["solde"].is_i64())
                .map(|row| row["numero"].clone())
                .collect();
            let invoice = dice.pick(&numbers).cloned().unwrap_or_default();
            let amount = 1 + dice.roll(60_000);
            let (name, input) = match dice.roll(6) {
                0 | 1 => ("emettre_facture", json!({})),
                2 => ("emettre_avoir", json!({"facture": invoice, "baseExoneree": amount, "motif": "Heures en moins"})),
                3 => ("emettre_avoir", json!({"facture": invoice, "baseTaux20": amount, "motif": "Repas en moins"})),
                4 => ("enregistrer_paiement", json!({"facture": invoice, "montant": amount, "mode": "cheque"})),
                _ => ("contrepasser_reglement", json!({"reglement": 1 + dice.roll(3), "motif": "Chèque impayé"})),
            };
            if let Ok(decision) = desk.try_take(&actor("facturation"), name, input) {
                desk.apply(decision);
                match name {
                    "emettre_facture" => issued += 1,
                    "emettre_avoir" => credits += 1,
                    _ => payments += 1,
                }
            }
            check(&desk, &told);
            desk.wait_days(dice.roll(3) as i64);
        }
    }
    assert!(issued > 150 && credits > 50 && payments > 50, "{issued} issued, {credits} credited, {payments} paid");
}
