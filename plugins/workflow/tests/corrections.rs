//! Corrections in section 6: partial and full credit notes, reversed payments, and reopened opportunités.

mod support;

use afpi_sdk::serde_json::{Value, json};
use afpi_sdk::workflow::*;
use support::*;

fn refused(desk: &Desk, transition: &str, input: Value) -> Vec<(String, String)> {
    problems(desk.try_take(&actor("facturation"), transition, input).unwrap_err())
}

fn credit(desk: &mut Desk, more: Value) {
    let mut input = json!({"facture": "F2026-00001", "motif": "Heures non réalisées"});
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    desk.take("facturation", "emettre_avoir", input);
}

fn pay(desk: &mut Desk, amount: i64) {
    desk.take(
        "facturation",
        "enregistrer_paiement",
        json!({"facture": "F2026-00001", "mode": "cheque", "montant": amount}),
    );
}

#[test]
fn a_part_of_an_invoice_is_credited() {
    let mut desk = Desk::new();
    desk.invoiced();
    credit(&mut desk, json!({"baseExoneree": 31_850}));
    assert_eq!(desk.record.status, "facture", "the rest is not paid yet");
    let note = desk.at("/facturation/factures/1");
    assert_eq!(
        (&note["numero"], &note["corrige"], &note["baseExoneree"], &note["baseTaux20"], &note["totalTtc"]),
        (&json!("A2026-00001"), &json!("F2026-00001"), &json!(-31_850), &json!(0), &json!(-31_850))
    );
    assert_eq!(desk.at("/facturation/factures/0/netTtc"), 1_039_999 - 31_850);
    assert_eq!(desk.at("/facturation/resteDu"), 1_039_999 - 31_850);
    assert_eq!(desk.facts_of("avoir-emis")[0].amount, 31_850);
    assert_eq!(
        refused(&desk, "enregistrer_paiement", json!({"mode": "carte", "montant": 1_008_150})),
        [pair("/montant", "out-of-range")]
    );
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "carte"}));
    assert_eq!(desk.record.status, "paye");
    assert_eq!(desk.facts_of("paiement")[0].amount, 1_008_149);
}

#[test]
fn never_more_than_is_left_in_each_vat_regime() {
    let mut desk = Desk::new();
    desk.invoiced();
    for (input, at) in [
        (json!({"baseExoneree": 800_001}), "/baseExoneree"),
        (json!({"baseTaux20": 200_000}), "/baseTaux20"),
        (json!({"baseExoneree": -1, "baseTaux20": 1}), "/baseExoneree"),
    ] {
        let mut input = input;
        (input["facture"], input["motif"]) = (json!("F2026-00001"), json!("Erreur"));
        assert_eq!(refused(&desk, "emettre_avoir", input), [pair(at, "out-of-range")]);
    }
    let nothing = json!({"facture": "F2026-00001", "motif": "Erreur", "baseExoneree": 0});
    assert_eq!(refused(&desk, "emettre_avoir", nothing), [pair("/baseExoneree", "required")]);
    credit(&mut desk, json!({"baseExoneree": 800_000}));
    credit(&mut desk, json!({"baseTaux20": 199_998}));
    let over = json!({"facture": "F2026-00001", "motif": "Erreur", "baseTaux20": 2});
    assert_eq!(refused(&desk, "emettre_avoir", over), [pair("/baseTaux20", "out-of-range")]);
    credit(&mut desk, json!({"remplacement": "non"}));
    assert_eq!(desk.at("/facturation/factures/0/netTtc"), 0);
    assert_eq!(desk.record.status, "en_cours_facturation", "no amount is billed any more");
    assert_eq!(desk.blockers("facturation", "emettre_avoir"), [pair("/facturation/factures", "nothing-to-credit")]);
}

/// Nine lines of 12,42 € at 20 % are credited one by one. The last credit note takes the rest of the VAT.
#[test]
fn the_last_credit_note_takes_the_rest_of_the_vat() {
    let mut desk = Desk::new();
    let line = json!({"libelle": "Repas", "quantite": 9, "prixUnitaire": 1_242, "tva": "taux20"});
    desk.validated().edit("admin", "devis", json!({"lignes": [line]})).take("admin", "envoyer_devis", json!({}));
    desk.take("admin", "accepter_devis", json!({"signataire": "C"})).take("admin", "valider_financement", json!({}));
    desk.edit("admin", "planification", planification()).take("admin", "planifier", json!({}));
    desk.edit("admin", "documents", documents()).take("admin", "documents_prets", json!({}));
    desk.take("admin", "emettre_facture", json!({}));
    assert_eq!(desk.at("/facturation/factures/0/tva"), 2_236);
    for _ in 0..9 {
        credit(&mut desk, json!({"baseTaux20": 1_242, "remplacement": "non"}));
    }
    let vat: Vec<i64> =
        (1..10).map(|row| -desk.at(&format!("/facturation/factures/{row}/tva")).as_i64().unwrap()).collect();
    assert_eq!(vat, [248, 248, 248, 248, 248, 248, 248, 248, 252]);
    assert_eq!(desk.at("/facturation/factures/0/netTtc"), 0);
}

#[test]
fn an_invoice_that_is_paid_can_be_credited_and_the_overpaid_sum_shows() {
    let mut desk = Desk::new();
    desk.invoiced();
    pay(&mut desk, 1_039_999);
    assert_eq!(desk.record.status, "paye");
    credit(&mut desk, json!({"baseExoneree": 31_850}));
    assert_eq!(desk.record.status, "paye");
    assert_eq!((desk.at("/facturation/tropPercu"), desk.at("/facturation/resteDu")), (json!(31_850), json!(0)));
    assert_eq!(
        (desk.at("/facturation/factures/0/tropPercu"), desk.at("/facturation/factures/0/solde")),
        (json!(31_850), json!(0))
    );
    // The centre owes money to the customer, so the opportunité stays open until the money is refunded.
    assert_eq!(desk.blockers("facturation", "cloturer"), [pair("/facturation/tropPercu", "overpaid")]);
    let refund = json!({"reglement": 1, "montant": 31_850, "motif": "Trop-perçu remboursé"});
    desk.take("facturation", "contrepasser_reglement", refund);
    assert!(desk.at("/facturation/tropPercu").is_null());
    desk.take("facturation", "cloturer", json!({}));
}

#[test]
fn a_bounced_cheque_is_reversed_and_the_balance_is_due_again() {
    let mut desk = Desk::new();
    desk.invoiced();
    pay(&mut desk, 100_000);
    credit(&mut desk, json!({"baseExoneree": 31_850}));
    assert_eq!(desk.at("/facturation/resteDu"), 1_039_999 - 100_000 - 31_850);
    desk.wait_days(3);
    for (input, problem) in [
        (json!({"reglement": 1}), pair("/motif", "required")),
        (json!({"reglement": 2, "motif": "Impayé"}), pair("/reglement", "unknown")),
        (json!({"reglement": 0, "motif": "Impayé"}), pair("/reglement", "unknown")),
        (json!({"reglement": 1, "motif": "Impayé", "montant": 100_001}), pair("/montant", "out-of-range")),
        (json!({"reglement": 1, "motif": "Impayé", "le": "2026-11-01"}), pair("/le", "out-of-range")),
        (json!({"reglement": 1, "motif": "Impayé", "le": "2026-11-06"}), pair("/le", "out-of-range")),
    ] {
        assert_eq!(refused(&desk, "contrepasser_reglement", input), [problem]);
    }
    desk.take(
        "facturation",
        "contrepasser_reglement",
        json!({"reglement": 1, "motif": "Chèque impayé", "le": "2026-11-04"}),
    );
    assert_eq!(desk.record.status, "facture");
    assert_eq!(desk.at("/facturation/resteDu"), 1_039_999 - 31_850);
    assert_eq!(
        desk.at("/facturation/paiements/1"),
        json!({"facture": "F2026-00001", "le": "2026-11-04", "montant": -100_000, "mode": "cheque", "annule": 1, "motif": "Chèque impayé"})
    );
    let told: Vec<(&str, &str, i64)> = desk
        .facts
        .iter()
        .filter(|fact| fact.kind.starts_with("paiement"))
        .map(|fact| (fact.kind.as_str(), fact.day.as_str(), fact.amount))
        .collect();
    assert_eq!(told, [("paiement", "2026-11-02", 100_000), ("paiement-annule", "2026-11-04", 100_000)]);
    assert_eq!(
        desk.blockers("facturation", "contrepasser_reglement"),
        [pair("/facturation/paiements", "nothing-to-reverse")]
    );
    // A payment can be reversed only once, and the reversal itself is not a payment.
    pay(&mut desk, 500);
    for row in [1, 2] {
        let again = json!({"reglement": row, "motif": "Encore"});
        assert_eq!(refused(&desk, "contrepasser_reglement", again), [pair("/reglement", "unknown")]);
    }
}

#[test]
fn a_closed_file_is_reopened_with_a_reason_by_those_who_may() {
    let mut desk = Desk::new();
    desk.invoiced();
    pay(&mut desk, 1_039_999);
    desk.take("facturation", "cloturer", json!({}));
    assert_eq!(desk.outcome, Outcome::Done);
    assert_eq!(refused(&desk, "rouvrir", json!({"motif": " "})), [pair("/motif", "required")]);
    for role in ["commercial", "assistante", "planificateur"] {
        assert!(matches!(desk.try_take(&actor(role), "rouvrir", json!({"motif": "Impayé"})), Err(Error::Denied(_))));
    }
    desk.take("manager", "rouvrir", json!({"motif": "Chèque impayé"}));
    assert_eq!((desk.record.status.as_str(), desk.outcome), ("en_cours_facturation", Outcome::Won));
    desk.take("facturation", "contrepasser_reglement", json!({"reglement": 1, "motif": "Chèque impayé"}));
    assert_eq!(desk.record.status, "facture");
    pay(&mut desk, 1_039_999);
    // A reopened opportunité with nothing to bill is paid again at once.
    desk.take("facturation", "rouvrir", json!({"motif": "À vérifier"})).take(
        "facturation",
        "emettre_facture",
        json!({}),
    );
    assert_eq!(desk.record.status, "paye");
    desk.take("facturation", "cloturer", json!({}));
}

#[test]
fn what_was_paid_is_paid_back_before_a_file_is_cancelled() {
    let mut desk = Desk::new();
    desk.invoiced();
    pay(&mut desk, 500);
    credit(&mut desk, json!({}));
    assert_eq!(desk.blockers("manager", "annuler"), [pair("/facturation/tropPercu", "overpaid")]);
    desk.take("facturation", "contrepasser_reglement", json!({"reglement": 1, "motif": "Remboursé"}));
    desk.take("manager", "annuler", json!({"cause": "autre", "motif": "Formation annulée"}));
}

#[test]
fn an_invoice_is_replaced_when_it_is_asked_for() {
    for (more, drafts) in [
        (json!({}), 1),
        (json!({"remplacement": "non"}), 0),
        (json!({"baseExoneree": 100}), 0),
        (json!({"baseExoneree": 100, "remplacement": "oui"}), 1),
    ] {
        let mut desk = Desk::new();
        desk.invoiced();
        credit(&mut desk, more.clone());
        let rows = desk.at("/facturation/factures");
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.iter().filter(|row| row["emiseLe"].is_null()).count(), drafts, "{more}");
        assert!(rows.iter().all(|row| row["nom"] == "Forges du Nord"));
    }
}

/// An exempt draft never gets the rounding cent of another row.
#[test]
fn a_draft_without_taxed_lines_has_no_vat() {
    let mut desk = Desk::new();
    desk.invoiced();
    for base in [33_333, 33_333, 33_334] {
        credit(&mut desk, json!({"baseTaux20": base}));
    }
    credit(&mut desk, json!({"baseExoneree": 1_000, "remplacement": "oui"}));
    let draft = desk.at("/facturation/factures/5");
    assert_eq!((&draft["baseExoneree"], &draft["tva"], &draft["totalTtc"]), (&json!(1_000), &json!(0), &json!(1_000)));
}

#[test]
fn a_credit_note_explains_why_less_than_the_quote_is_billed() {
    let mut desk = Desk::new();
    desk.invoiced();
    credit(&mut desk, json!({"baseExoneree": 1_000}));
    pay(&mut desk, 1_038_999);
    desk.take("facturation", "rouvrir", json!({"motif": "À vérifier"}));
    assert!(desk.blockers("facturation", "emettre_facture").is_empty());
}
