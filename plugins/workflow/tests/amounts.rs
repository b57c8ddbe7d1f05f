//! Worked amounts of invoicing, and random quotes that funders split: the invoices always bill the quote to the cent.

mod support;

use afpi_sdk::serde_json::{Value, json};
use support::dice::Dice;
use support::*;

/// A record ready to invoice this quote. An OPCO pays `agreed` directly.
fn billed(lines: Value, agreed: i64, company: i64) -> Desk {
    let mut desk = Desk::new();
    let responsable = "responsable_commercial";
    desk.validated().edit(responsable, "devis", json!({"lignes": lines}));
    desk.take(responsable, "envoyer_devis", json!({}));
    desk.take(responsable, "accepter_devis", json!({"signataire": "Camille Moreau"}));
    let mut papers = documents();
    if agreed > 0 {
        let line = json!({"payeur": "opco", "organisme": "OPCO 2i", "montantDemande": agreed, "deposeLe": "2026-11-02",
            "montantAccorde": agreed, "priseEnCharge": "PEC-1", "subrogation": true});
        desk.edit("assistante", "montage", json!({"financeurs": [line], "partEntreprise": company}));
        papers = and_ticked(&papers, &["prise_en_charge", "subrogation"]);
    }
    desk.take("assistante", "valider_financement", json!({}));
    desk.edit("planificateur", "planification", planification()).take("planificateur", "planifier", json!({}));
    desk.edit("assistante", "documents", papers).take("assistante", "documents_prets", json!({}));
    desk
}

fn line(quantity: f64, price: i64, regime: &str) -> Value {
    json!({"libelle": "L", "quantite": quantity, "unite": "heure", "prixUnitaire": price, "tva": regime})
}

/// Cases 2 and 19: 35 h × 45.50 exempt, and meals at 20 %.
fn soudage() -> Value {
    json!([line(35.0, 4_550, "exonere"), line(3.0, 1_667, "taux20"), line(7.0, 333, "taux20")])
}

fn rows(desk: &Desk) -> Vec<Value> {
    desk.at("/facturation/factures").as_array().cloned().unwrap_or_default()
}

fn cents(row: &Value, field: &str) -> i64 {
    row[field].as_i64().unwrap_or(0)
}

/// Case 10: 30.00 an hour for 35 h with subrogation.
#[test]
fn a_capped_funder_and_the_company_share_the_quote() {
    let desk = billed(json!([line(35.0, 4_550, "exonere")]), 105_000, 54_250);
    let totals: Vec<i64> = rows(&desk).iter().map(|row| cents(row, "totalTtc")).collect();
    assert_eq!(totals, [105_000, 54_250]);
}

/// Case 11: as case 10, and 3.5 of the 35 hours were missed. What is left may be a dédit, and no funder pays it.
#[test]
fn absences_shrink_the_share_of_each_payer() {
    let mut desk = billed(json!([line(35.0, 4_550, "exonere")]), 105_000, 54_250);
    let mut document = desk.at("/facturation");
    document["heuresPrevues"] = json!(35);
    document["heuresRealisees"] = json!(31.5);
    desk.edit("facturation", "facturation", document);
    let totals: Vec<i64> = rows(&desk).iter().map(|row| cents(row, "totalTtc")).collect();
    assert_eq!(totals, [94_500, 48_825]);
    assert_eq!(desk.at("/facturation/deditMaximum"), json!(15_925));
    assert_eq!(desk.at("/facturation/motifEcart"), json!("31,50 h réalisées sur 35,00 h"));
    // The hours explain what is missing of the quote.
    desk.take("facturation", "emettre_facture", json!({"rang": 1}));
    let mut late = desk.at("/facturation");
    late["heuresRealisees"] = json!(30);
    desk.edit("facturation", "facturation", late);
    let after: Vec<i64> = rows(&desk).iter().map(|row| cents(row, "totalTtc")).collect();
    assert_eq!(after, [94_500, 48_825], "what is issued stays");
}

#[test]
fn more_hours_than_planned_are_refused() {
    let desk = billed(json!([line(35.0, 4_550, "exonere")]), 0, 159_250);
    for (planned, done) in [(json!(35), json!(35.5)), (Value::Null, json!(3))] {
        let mut document = desk.at("/facturation");
        document["heuresPrevues"] = planned;
        document["heuresRealisees"] = done;
        let refused = desk.try_edit(&actor("facturation"), "facturation", document).unwrap_err();
        assert_eq!(problems(refused), [pair("/heuresRealisees", "out-of-range")]);
    }
}

/// Cases 8 and 9: shares in percent. The parts and the company's rest are the quote to the cent.
#[test]
fn funders_ask_for_shares_in_percent() {
    for (price, percents, asked) in [
        (159_250, [60.0, 25.0, 15.0], [95_550, 39_813, 23_887]),
        (77_777, [50.0, 30.0, 20.0], [38_889, 23_333, 15_555]),
        (159_250, [60.0, 25.0, 0.0], [95_550, 39_813, 0]),
    ] {
        let mut desk = Desk::new();
        desk.validated().edit("responsable_commercial", "devis", json!({"lignes": [line(1.0, price, "exonere")]}));
        desk.take("responsable_commercial", "envoyer_devis", json!({}));
        desk.take("responsable_commercial", "accepter_devis", json!({"signataire": "Camille Moreau"}));
        let funders: Vec<Value> =
            percents.iter().map(|percent| json!({"payeur": "opco", "pourcentage": percent})).collect();
        desk.edit("assistante", "montage", json!({"financeurs": funders}));
        let rows = desk.at("/montage/financeurs").as_array().cloned().unwrap();
        let amounts: Vec<i64> = rows.iter().map(|row| cents(row, "montantDemande")).collect();
        assert_eq!(amounts, asked);
        let too_much =
            json!({"financeurs": [{"payeur": "opco", "pourcentage": 60}, {"payeur": "region", "pourcentage": 40.01}]});
        let refused = desk.try_edit(&actor("assistante"), "montage", too_much).unwrap_err();
        assert_eq!(problems(refused), [pair("/financeurs/1/pourcentage", "out-of-range")]);
    }
}

/// Case 14: 100.00 off the whole, in proportion: 88.84 of the exempt lines and 11.16 of those at 20 %.
#[test]
fn a_discount_on_the_whole_is_spread_over_the_regimes() {
    let mut desk = Desk::new();
    let lines = json!([line(35.0, 4_550, "exonere"), line(1.0, 20_000, "taux20")]);
    desk.validated().edit("responsable_commercial", "devis", json!({"lignes": lines, "remise": 10_000}));
    let rates = desk.at("/devis/ventilation").as_array().cloned().unwrap();
    let bases: Vec<i64> = rates.iter().map(|row| cents(row, "baseHt")).collect();
    assert_eq!((bases, cents(&rates[1], "tva")), (vec![150_366, 18_884], 3_777));
    assert_eq!(desk.at("/devis/totalTtc"), json!(173_027));
    // Saved again, it is the same discount; without it, its lines go.
    let document = desk.at("/devis");
    desk.edit("responsable_commercial", "devis", document);
    assert_eq!(desk.at("/devis/totalTtc"), json!(173_027));
    let mut document = desk.at("/devis");
    document["remise"] = Value::Null;
    desk.edit("responsable_commercial", "devis", document);
    assert_eq!(desk.at("/devis/lignes").as_array().map(Vec::len), Some(2));
}

/// Case 12: seven hours of case 1 are credited.
#[test]
fn hours_that_were_not_given_are_credited() {
    let mut desk = billed(json!([line(35.0, 4_550, "exonere")]), 0, 159_250);
    desk.take("facturation", "emettre_facture", json!({}));
    let number = rows(&desk)[0]["numero"].clone();
    let credit = json!({"facture": number, "baseExoneree": 31_850, "motif": "7 h non réalisées"});
    desk.take("facturation", "emettre_avoir", credit);
    assert_eq!(cents(&rows(&desk)[1], "totalTtc"), -31_850);
    assert_eq!((cents(&rows(&desk)[0], "netTtc"), cents(&rows(&desk)[0], "solde")), (127_400, 127_400));
}

/// Case 15: 30 % of 1 900.00 at 20 %. The final invoice has the whole amounts, and 1 596.00 are due.
#[test]
fn a_final_invoice_deducts_the_deposit() {
    let mut desk = billed(json!([line(2.0, 95_000, "taux20")]), 0, 190_000);
    desk.take("facturation", "emettre_acompte", json!({"pourcentage": 30}));
    let deposit = rows(&desk).remove(1);
    let amounts = ["baseTaux20", "tva", "totalTtc", "solde"].map(|field| cents(&deposit, field));
    assert_eq!((&deposit["nature"], amounts), (&json!("acompte"), [57_000, 11_400, 68_400, 68_400]));
    assert_eq!(desk.record.status, "en_cours_facturation");
    let pay = json!({"facture": deposit["numero"], "montant": 68_400, "mode": "virement"});
    desk.take("facturation", "enregistrer_paiement", pay);
    assert_eq!(desk.record.status, "en_cours_facturation", "the final invoice is still to come");
    desk.take("facturation", "emettre_facture", json!({}));
    let last = rows(&desk).remove(0);
    let amounts = ["baseTaux20", "tva", "totalTtc", "deduit", "solde"].map(|field| cents(&last, field));
    assert_eq!(amounts, [190_000, 38_000, 228_000, 68_400, 159_600]);
    let deducted = json!([{"numero": deposit["numero"], "emiseLe": deposit["emiseLe"], "totalHt": 57_000, "tva": 11_400, "totalTtc": 68_400}]);
    assert_eq!(last["acomptes"], deducted);
    // What was deducted cannot be credited on its own, and the facts count it once.
    let credit = json!({"facture": deposit["numero"], "motif": "Erreur de saisie"});
    let refused = desk.try_take(&actor("facturation"), "emettre_avoir", credit).unwrap_err();
    assert_eq!(problems(refused), [pair("/facture", "unknown")]);
    assert_eq!(desk.facts_of("facture-emise").iter().map(|fact| fact.amount).sum::<i64>(), 190_000);
    desk.take("facturation", "enregistrer_paiement", json!({"facture": last["numero"], "mode": "virement"}));
    assert_eq!(desk.record.status, "paye");
}

/// A funder advances 30 % at most (R6332-25), all deposits together. A person pays nothing within ten days, and then 30 %
/// at most: case 16.
#[test]
fn deposits_have_their_limits() {
    let mut desk = billed(json!([line(35.0, 4_550, "exonere")]), 105_000, 54_250);
    let ask = |rank: u32, percent: u32| json!({"rang": rank, "pourcentage": percent});
    let out = [pair("/pourcentage", "out-of-range")];
    let refused = desk.try_take(&actor("facturation"), "emettre_acompte", ask(1, 31)).unwrap_err();
    assert_eq!(problems(refused), out);
    desk.take("facturation", "emettre_acompte", ask(1, 20));
    let refused = desk.try_take(&actor("facturation"), "emettre_acompte", ask(1, 11)).unwrap_err();
    assert_eq!(problems(refused), out);
    desk.take("facturation", "emettre_acompte", ask(1, 10)).take("facturation", "emettre_acompte", ask(2, 100));
    let deposits: Vec<i64> = rows(&desk)[2..].iter().map(|row| cents(row, "totalTtc")).collect();
    assert_eq!(deposits, [21_000, 10_500, 54_250]);

    let mut desk = billed(json!([line(35.0, 4_550, "exonere")]), 0, 159_250);
    desk.record.kind = "individuelle".into();
    let refused = desk.try_take(&actor("facturation"), "emettre_acompte", ask(1, 30)).unwrap_err();
    assert_eq!(problems(refused), [pair("/pourcentage", "too-early")]);
    desk.wait_days(11);
    let refused = desk.try_take(&actor("facturation"), "emettre_acompte", ask(1, 31)).unwrap_err();
    assert_eq!(problems(refused), out);
    desk.take("facturation", "emettre_acompte", ask(1, 30));
    assert_eq!(cents(&rows(&desk)[1], "totalTtc"), 47_775);
}

/// Case 19: 1 000.00 are paid, 318.50 credited, and the cheque bounces.
#[test]
fn a_part_payment_a_credit_and_a_bounced_cheque() {
    let mut desk = billed(soudage(), 0, 166_582);
    desk.take("facturation", "emettre_facture", json!({}));
    let number = rows(&desk)[0]["numero"].clone();
    assert_eq!(cents(&rows(&desk)[0], "totalTtc"), 168_048);
    let balance = |desk: &Desk| cents(&rows(desk)[0], "solde");
    let pay = json!({"facture": number, "montant": 100_000, "mode": "cheque", "reference": "CHQ-1"});
    desk.take("facturation", "enregistrer_paiement", pay);
    assert_eq!(balance(&desk), 68_048);
    let credit = json!({"facture": number, "baseExoneree": 31_850, "motif": "7 h non réalisées"});
    desk.take("facturation", "emettre_avoir", credit);
    assert_eq!(balance(&desk), 36_198);
    desk.take("facturation", "contrepasser_reglement", json!({"reglement": 1, "motif": "Chèque impayé"}));
    assert_eq!(balance(&desk), 136_198);
}

/// Case 22: an invoice takes no more than its balance. The rest is the host's to keep as a credit of the customer.
#[test]
fn a_payment_beyond_the_balance_is_refused() {
    let mut desk = billed(soudage(), 0, 166_582);
    desk.take("facturation", "emettre_facture", json!({}));
    let number = rows(&desk)[0]["numero"].clone();
    let pay = json!({"facture": number, "montant": 170_000, "mode": "virement"});
    let refused = desk.try_take(&actor("facturation"), "enregistrer_paiement", pay).unwrap_err();
    assert_eq!(problems(refused), [pair("/montant", "out-of-range")]);
}

/// The funder's share and the company's are the quote. The invoices bill each regime and the VAT of the quote to the
/// cent, whatever the lines and the split.
#[test]
fn invoices_bill_random_quotes_to_the_cent() {
    let mut dice = Dice(26_11);
    for turn in 0..400 {
        let count = 1 + dice.roll(8);
        let lines: Vec<Value> = (0..count)
            .map(|_| {
                let quantity = (1 + dice.roll(4_000)) as f64 / 100.0;
                let regime = ["exonere", "taux20"][dice.roll(2) as usize];
                line(quantity, 100 + dice.roll(50_000) as i64, regime)
            })
            .collect();
        let told = format!("turn {turn}: {lines:?}");
        // The total of the quote, before it can be split.
        let total = {
            let mut desk = Desk::new();
            desk.validated().edit("responsable_commercial", "devis", json!({"lignes": lines}));
            desk.at("/devis/totalHt").as_i64().unwrap()
        };
        let agreed = if dice.roll(3) == 0 { 0 } else { 1 + dice.roll(total as u64) as i64 };
        let desk = billed(json!(lines), agreed, total - agreed);
        let rates = desk.at("/devis/ventilation").as_array().cloned().unwrap_or_default();
        let quoted = |rate: i64, field: &str| -> i64 {
            rates.iter().filter(|row| row["taux"] == rate).map(|row| cents(row, field)).sum()
        };
        let drafts = rows(&desk);
        let sum = |field: &str| drafts.iter().map(|row| cents(row, field)).sum::<i64>();
        assert_eq!(sum("baseExoneree"), quoted(0, "baseHt"), "{told}");
        assert_eq!(sum("baseTaux20"), quoted(2_000, "baseHt"), "{told}");
        assert_eq!(sum("tva"), quoted(2_000, "tva"), "{told}");
        assert_eq!(sum("totalTtc"), desk.at("/devis/totalTtc").as_i64().unwrap(), "{told}");
        if agreed > 0 {
            let funder = &drafts[0];
            assert_eq!(cents(funder, "baseExoneree") + cents(funder, "baseTaux20"), agreed, "{told}");
        }
        for draft in &drafts {
            let amounts = ["baseExoneree", "baseTaux20", "tva", "totalTtc"].map(|field| cents(draft, field));
            assert!(amounts.iter().all(|amount| *amount >= 0) && amounts[3] > 0, "{told}: {draft}");
        }
    }
}

/// The payer of a deposit is known by what it pays, not by its name.
#[test]
fn a_deposit_is_deducted_after_its_payer_was_renamed() {
    let mut desk = billed(json!([line(35.0, 4_550, "exonere")]), 105_000, 54_250);
    let ask = |rank: u32, percent: u32| json!({"rang": rank, "pourcentage": percent});
    desk.take("facturation", "emettre_acompte", ask(1, 20)).take("facturation", "emettre_acompte", ask(2, 10));
    let mut document = desk.at("/facturation");
    document["factures"][0]["nom"] = json!("OPCO 2i, section Hauts-de-France");
    document["factures"][0]["siret"] = json!("443 061 841 00047");
    document["factures"][1]["nom"] = json!("Le service formation");
    desk.edit("facturation", "facturation", document);
    assert_eq!(rows(&desk)[0]["siret"], "44306184100047");
    desk.take("facturation", "emettre_facture", json!({"rang": 1}));
    desk.take("facturation", "emettre_facture", json!({"rang": 2}));
    assert_eq!([0, 1].map(|row| cents(&rows(&desk)[row], "deduit")), [21_000, 5_425]);
}

/// Two funders with one name are two payers, and a SIRET has fourteen digits.
#[test]
fn a_deposit_of_another_body_is_not_deducted() {
    let mut desk = billed(json!([line(35.0, 4_550, "exonere")]), 105_000, 54_250);
    let mut document = desk.at("/facturation");
    document["factures"][0]["siret"] = json!("44306184100047");
    let mut other = document["factures"][0].clone();
    (other["siret"], other["part"], other["baseExoneree"]) = (json!("35600000000048"), Value::Null, json!(5_000));
    document["factures"][0]["baseExoneree"] = json!(100_000);
    document["factures"].as_array_mut().unwrap().push(other);
    desk.edit("facturation", "facturation", document);
    desk.take("facturation", "emettre_acompte", json!({"rang": 1, "pourcentage": 20}));
    desk.take("facturation", "emettre_facture", json!({"rang": 3}));
    assert_eq!(cents(&rows(&desk)[2], "deduit"), 0);
    let mut document = desk.at("/facturation");
    document["factures"][1]["siret"] = json!("12");
    let refused = desk.try_edit(&actor("facturation"), "facturation", document).unwrap_err();
    assert_eq!(problems(refused), [pair("/factures/1/siret", "siret-format")]);
}
