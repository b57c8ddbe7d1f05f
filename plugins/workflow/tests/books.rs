//! The accounts of an opportunité under random moves: thousands of moves in section 6. The invariants are checked after
//! each move.

mod support;

use std::collections::BTreeMap;

use afpi_sdk::serde_json::{Value, json};
use support::dice::Dice;
use support::*;

fn some_cents(dice: &mut Dice) -> i64 {
    let most = *dice.pick(&[3, 1_000, 50_000, 1_100_000]).unwrap_or(&1);
    dice.roll(most) as i64
}

fn rows(desk: &Desk, list: &str) -> Vec<Value> {
    desk.at(&format!("/facturation/{list}")).as_array().cloned().unwrap_or_default()
}

fn cents(row: &Value, field: &str) -> i64 {
    row[field].as_i64().unwrap_or(0)
}

const MOVES: [&str; 7] = [
    "emettre_facture",
    "emettre_avoir",
    "enregistrer_paiement",
    "contrepasser_reglement",
    "cloturer",
    "cloturer_sans_facture",
    "rouvrir",
];

/// A random move and its input. The input is often wrong on purpose.
fn gamble(dice: &mut Dice, desk: &Desk) -> (&'static str, Value) {
    let numbers: Vec<Value> = rows(desk, "factures")
        .iter()
        .filter(|row| row["numero"].is_string())
        .map(|row| row["numero"].clone())
        .collect();
    let invoice = dice.pick(&numbers).cloned().unwrap_or(json!("F2026-00001"));
    let mut input = json!({"motif": "Parce que", "mode": "virement", "facture": invoice});
    let maybe = |dice: &mut Dice, input: &mut Value, field: &str| {
        if dice.roll(2) == 0 {
            input[field] = json!(some_cents(dice));
        }
    };
    // Most of the moves are offered ones, but sometimes the test takes any move.
    let open: Vec<String> =
        desk.offers("facturation").into_iter().filter(|offer| offer.allowed).map(|o| o.transition).collect();
    let offered: Vec<&'static str> = MOVES.into_iter().filter(|known| open.iter().any(|open| open == known)).collect();
    let from = if dice.roll(8) == 0 { &MOVES[..] } else { &offered[..] };
    let transition = dice.pick(from).copied().unwrap_or(MOVES[0]);
    match transition {
        "emettre_avoir" => {
            maybe(dice, &mut input, "baseExoneree");
            maybe(dice, &mut input, "baseTaux20");
            if dice.roll(2) == 0 {
                input["remplacement"] = json!(["oui", "non"][dice.roll(2) as usize]);
            }
        }
        "enregistrer_paiement" => maybe(dice, &mut input, "montant"),
        "contrepasser_reglement" => {
            input["reglement"] = json!(dice.roll(rows(desk, "paiements").len() as u64 + 2));
            maybe(dice, &mut input, "montant");
        }
        "emettre_facture" if dice.roll(3) == 0 => input["rang"] = json!(dice.roll(6) + 1),
        _ => {}
    }
    (transition, input)
}

/// Edits draft rows as people do. A refused edit changes nothing.
fn scribble(dice: &mut Dice, desk: &mut Desk) {
    let mut document = desk.at("/facturation");
    if document.is_null() {
        return;
    }
    let Some(list) = document["factures"].as_array_mut() else { return };
    match dice.roll(8) {
        0..3 => list.retain(|row| row["emiseLe"].is_string()),
        3 => list.push(json!({"payeur": "entreprise", "baseExoneree": 10_000, "baseTaux20": 5_000})),
        4 => {
            list.push(json!({"payeur": "entreprise", "baseExoneree": some_cents(dice), "baseTaux20": some_cents(dice)}))
        }
        5 if !list.is_empty() => drop(list.remove(dice.roll(list.len() as u64) as usize)),
        6 if list.len() > 1 => list.swap(0, 1),
        _ => {
            if let Some(row) = list.last_mut() {
                row["baseExoneree"] = json!(some_cents(dice));
            }
        }
    }
    document["motifEcart"] = json!("Heures non réalisées");
    if let Ok(decision) = desk.try_edit(&actor("facturation"), "facturation", document) {
        desk.apply(decision);
    }
}

fn check(desk: &Desk, told: &str) {
    let (list, payments) = (rows(desk, "factures"), rows(desk, "paiements"));
    let issued: Vec<&Value> = list.iter().filter(|row| row["emiseLe"].is_string()).collect();
    let drafts: i64 = list.iter().filter(|row| row["emiseLe"].is_null()).map(|row| cents(row, "totalTtc")).sum();
    let (mut owed, mut over) = (0, 0);
    for invoice in issued.iter().filter(|row| row["nature"] == "facture") {
        let credits: Vec<&&Value> = issued.iter().filter(|row| row["corrige"] == invoice["numero"]).collect();
        for regime in ["baseExoneree", "baseTaux20", "tva"] {
            let credited: i64 = credits.iter().map(|row| -cents(row, regime)).sum();
            assert!((0..=cents(invoice, regime)).contains(&credited), "{told}: {credited} of {regime} of {invoice}");
        }
        let paid: i64 =
            payments.iter().filter(|row| row["facture"] == invoice["numero"]).map(|row| cents(row, "montant")).sum();
        assert!(paid >= 0, "{told}: {paid} paid of {invoice}");
        let credited: i64 = credits.iter().map(|row| -cents(row, "totalTtc")).sum();
        let balance = cents(invoice, "totalTtc") - credited - paid;
        assert_eq!(
            (cents(invoice, "solde"), cents(invoice, "tropPercu")),
            (balance.max(0), (-balance).max(0)),
            "{told}"
        );
        (owed, over) = (owed + balance.max(0), over + (-balance).max(0));
        assert!(cents(invoice, "totalTtc") > 0 && invoice["nom"].is_string(), "{told}: {invoice}");
    }
    assert!(drafts >= 0, "{told}");
    assert_eq!(
        (
            desk.at("/facturation/resteDu").as_i64().unwrap_or(0),
            desk.at("/facturation/tropPercu").as_i64().unwrap_or(0)
        ),
        (owed + drafts, over),
        "{told}"
    );
    for (row, payment) in payments.iter().enumerate().filter(|(_, row)| row["annule"].is_null()) {
        let back: i64 =
            payments.iter().filter(|other| other["annule"] == row + 1).map(|other| cents(other, "montant")).sum();
        assert!(payment["montant"].as_i64() > Some(0) && cents(payment, "montant") + back >= 0, "{told}: {payment}");
    }
    match desk.record.status.as_str() {
        "facture" => assert!(owed > 0 && drafts == 0, "{told}"),
        "paye" => assert!(owed == 0 && drafts == 0 && !issued.is_empty(), "{told}"),
        "termine" => assert!(owed == 0 && over == 0 && drafts == 0, "{told}"),
        _ => {}
    }
    // The series have no gap, and the figures match the documents.
    for (letter, nature) in [('F', "facture"), ('A', "avoir")] {
        let mut numbers: Vec<&str> =
            issued.iter().filter(|row| row["nature"] == nature).filter_map(|row| row["numero"].as_str()).collect();
        numbers.sort_unstable();
        let expected: Vec<String> = (1..=numbers.len()).map(|n| format!("{letter}2026-{n:05}")).collect();
        assert_eq!(numbers, expected, "{told}");
    }
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for fact in &desk.facts {
        *sums.entry(fact.kind.as_str()).or_default() += fact.amount;
        assert!(fact.amount >= 0, "{told}: {fact:?}");
    }
    let told_of = |kind: &str| sums.get(kind).copied().unwrap_or(0);
    let net: i64 = issued.iter().map(|row| cents(row, "baseExoneree") + cents(row, "baseTaux20")).sum();
    assert_eq!(told_of("facture-emise") - told_of("avoir-emis"), net, "{told}");
    let received: i64 = payments.iter().map(|row| cents(row, "montant")).sum();
    assert_eq!(told_of("paiement") - told_of("paiement-annule"), received, "{told}");
}

#[test]
fn the_books_hold_under_any_moves() {
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut desk = Desk::new();
        desk.ready();
        for step in 0..50 {
            let before = rows(&desk, "factures");
            if dice.roll(6) == 0 {
                scribble(&mut dice, &mut desk);
            } else {
                let (transition, input) = gamble(&mut dice, &desk);
                if let Ok(decision) = desk.try_take(&actor("facturation"), transition, input) {
                    desk.apply(decision);
                    *taken.entry(transition).or_default() += 1;
                }
            }
            // An issued row never changes, except its computed values.
            let fixed = |row: &Value| {
                let mut row = row.clone();
                ["netTtc", "solde", "tropPercu"]
                    .iter()
                    .for_each(|field| drop(row.as_object_mut().unwrap().remove(*field)));
                row
            };
            let after: Vec<Value> = rows(&desk, "factures").iter().map(fixed).collect();
            for row in before.iter().filter(|row| row["emiseLe"].is_string()).map(fixed) {
                assert!(after.contains(&row), "seed {seed}, step {step}: {row} changed");
            }
            check(&desk, &format!("seed {seed}, step {step}, {}", desk.record.status));
            if dice.roll(8) == 0 {
                desk.wait_days(1);
            }
        }
    }
    for transition in MOVES {
        assert!(taken.get(transition).is_some_and(|times| *times > 10), "{transition} was tried too rarely: {taken:?}");
    }
}
