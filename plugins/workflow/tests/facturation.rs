//! Section 6: splitting, issuing, crediting, paying and closing.

mod support;

use afpi_plugin_workflow::Config;
use afpi_sdk::serde_json::{Value, json};
use afpi_sdk::workflow::*;
use support::*;

/// A record that is ready to invoice. The OPCO pays `agreed` directly.
fn shared(agreed: i64) -> Desk {
    let mut desk = Desk::new();
    let line = json!({"payeur": "opco", "organisme": "OPCO 2i", "montantDemande": agreed, "deposeLe": "2026-11-02", "montantAccorde": agreed, "priseEnCharge": "PEC-1", "subrogation": true});
    desk.accepted().edit("assistante", "montage", json!({"financeurs": [line], "partEntreprise": 999_999 - agreed}));
    desk.take("assistante", "valider_financement", json!({}));
    desk.edit("planificateur", "planification", planification()).take("planificateur", "planifier", json!({}));
    let papers = and_ticked(&documents(), &["prise_en_charge", "subrogation"]);
    desk.edit("assistante", "documents", papers).take("assistante", "documents_prets", json!({}));
    desk
}

fn amounts(desk: &Desk) -> Vec<(Value, Value, Value, Value, Value)> {
    let rows = desk.at("/facturation/factures");
    let row = |row: &Value| {
        (
            row["payeur"].clone(),
            row["baseExoneree"].clone(),
            row["baseTaux20"].clone(),
            row["tva"].clone(),
            row["totalTtc"].clone(),
        )
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn drafts_follow_the_payers_and_bill_the_quote() {
    let desk = shared(600_000);
    assert_eq!(
        amounts(&desk),
        [
            (json!("opco"), json!(600_000), json!(0), json!(0), json!(600_000)),
            (json!("entreprise"), json!(200_000), json!(199_999), json!(40_000), json!(439_999)),
        ]
    );
    assert_eq!(desk.at("/facturation/factures/0/priseEnCharge"), "PEC-1");
    assert_eq!(desk.at("/facturation/factures/1/bonCommande"), "BC-7");
    assert_eq!(desk.at("/facturation/resteDu"), 1_039_999);
}

#[test]
fn a_funder_that_reaches_into_the_taxed_lines_gets_its_share_of_vat() {
    let desk = shared(900_001);
    assert_eq!(
        amounts(&desk),
        [
            (json!("opco"), json!(800_000), json!(100_001), json!(20_000), json!(920_001)),
            (json!("entreprise"), json!(0), json!(99_998), json!(20_000), json!(119_998)),
        ]
    );
}

#[test]
fn vat_adds_up_however_the_quote_is_split() {
    let mut desk = shared(600_000);
    // 1 999,99 € at 20 % are split into 61 uneven parts.
    let mut rows = vec![json!({"payeur": "entreprise", "baseExoneree": 800_000})];
    let mut left = 199_999;
    for part in 0..60 {
        let base = 3_001 + part;
        left -= base;
        rows.push(json!({"payeur": "entreprise", "baseTaux20": base}));
    }
    rows.push(json!({"payeur": "opco", "nom": "OPCO 2i", "baseTaux20": left}));
    desk.edit("facturation", "facturation", json!({"factures": rows}));
    let vat: i64 = amounts(&desk).iter().map(|row| row.3.as_i64().unwrap()).sum();
    assert_eq!(vat, 40_000);
    assert!(desk.blockers("facturation", "emettre_facture").is_empty());
}

#[test]
fn invoices_match_the_quote_or_say_why_they_are_less() {
    let mut desk = shared(600_000);
    let bill = |exempt: i64, taxed: i64, reason: &str| json!({"factures": [{"payeur": "entreprise", "baseExoneree": exempt, "baseTaux20": taxed}], "motifEcart": reason});
    for (document, blockers) in [
        (bill(800_000, 199_999, ""), vec![]),
        (bill(800_001, 199_999, "x"), vec![pair("/facturation/factures", "over-billed")]),
        // The total is the same, but the amounts of the VAT regimes are not.
        (bill(799_999, 200_000, "x"), vec![pair("/facturation/factures", "over-billed")]),
        (bill(700_000, 199_999, " "), vec![pair("/facturation/motifEcart", "under-billed")]),
        (bill(700_000, 199_999, "Un absent"), vec![]),
        (
            json!({"factures": []}),
            vec![pair("/facturation/factures", "required"), pair("/facturation/motifEcart", "under-billed")],
        ),
        (bill(0, 0, "x"), vec![pair("/facturation/factures/0/baseExoneree", "required")]),
    ] {
        desk.edit("facturation", "facturation", document);
        assert_eq!(desk.blockers("facturation", "emettre_facture"), blockers);
    }
}

#[test]
fn attendance_sheets_come_before_the_invoice_unless_the_site_says_otherwise() {
    let papers = but(&documents(), "feuilles_presence");
    let ready = |config: Config| {
        let mut desk = Desk::with(config);
        desk.planned().edit("assistante", "documents", papers.clone()).take("assistante", "documents_prets", json!({}));
        desk
    };
    let mut desk = ready(Config::default());
    assert_eq!(desk.blockers("facturation", "emettre_facture"), [pair("/documents/pieces", "missing-document")]);
    desk.edit("assistante", "documents", documents());
    assert!(desk.blockers("facturation", "emettre_facture").is_empty());
    assert!(
        ready(Config { pieces_avant_facture: vec![], ..Config::default() })
            .blockers("facturation", "emettre_facture")
            .is_empty()
    );
}

#[test]
fn issuing_takes_numbers_and_dates_and_tells_each_amount() {
    let mut desk = shared(600_000);
    desk.config.delai_paiement_jours = 45;
    desk.take("facturation", "emettre_facture", json!({}));
    assert_eq!(desk.record.status, "facture");
    assert_eq!(
        (desk.at("/facturation/factures/0/numero"), desk.at("/facturation/factures/1/numero")),
        (json!("F2026-00001"), json!("F2026-00002"))
    );
    assert_eq!(
        (desk.at("/facturation/factures/1/emiseLe"), desk.at("/facturation/factures/1/echeanceLe")),
        (json!("2026-11-02"), json!("2026-12-17"))
    );
    let told: Vec<(&str, i64)> =
        desk.facts_of("facture-emise").iter().map(|fact| (fact.key.as_str(), fact.amount)).collect();
    assert_eq!(told, [("opco", 600_000), ("entreprise", 399_999)]);
}

#[test]
fn one_draft_at_a_time() {
    let mut desk = shared(600_000);
    assert_eq!(
        problems(desk.try_take(&actor("facturation"), "emettre_facture", json!({"rang": 3})).unwrap_err()),
        [pair("/rang", "unknown")]
    );
    desk.take("facturation", "emettre_facture", json!({"rang": 2}));
    assert_eq!(desk.record.status, "en_cours_facturation");
    assert_eq!(
        (desk.at("/facturation/factures/0/numero"), desk.at("/facturation/factures/1/numero")),
        (json!(null), json!("F2026-00001"))
    );
    assert_eq!(
        problems(desk.try_take(&actor("facturation"), "emettre_facture", json!({"rang": 2})).unwrap_err()),
        [pair("/rang", "unknown")]
    );
    // An invoice may be paid before the other one is issued.
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "carte"}));
    assert_eq!(desk.record.status, "en_cours_facturation");
    desk.take("facturation", "emettre_facture", json!({})).take(
        "facturation",
        "enregistrer_paiement",
        json!({"mode": "opco"}),
    );
    assert_eq!(desk.record.status, "paye");
}

#[test]
fn an_issued_invoice_is_frozen() {
    let mut desk = shared(600_000);
    desk.take("facturation", "emettre_facture", json!({"rang": 1}));
    let mut rows = desk.at("/facturation");
    for (field, value) in [
        ("payeur", json!("cpf")),
        ("baseExoneree", json!(1)),
        ("nom", json!("Autre")),
        ("priseEnCharge", json!("PEC-2")),
    ] {
        let mut touched = rows.clone();
        touched["factures"][0][field] = value;
        assert_eq!(
            problems(desk.try_edit(&actor("admin"), "facturation", touched).unwrap_err()),
            [pair(&format!("/factures/0/{field}"), "frozen")]
        );
    }
    assert_eq!(
        problems(desk.try_edit(&actor("admin"), "facturation", json!({"factures": []})).unwrap_err()),
        [pair("/factures", "frozen")]
    );
    // The plugin ignores computed values in the input, and the draft stays editable.
    rows["factures"][0]["totalTtc"] = json!(1);
    rows["factures"][0]["numero"] = json!("F2026-09999");
    rows["factures"][1]["nom"] = json!("Forges, comptabilité");
    rows["factures"][1]["numero"] = json!("F2026-09999");
    rows["factures"][1]["emiseLe"] = json!("2026-01-01");
    desk.edit("facturation", "facturation", rows);
    assert_eq!(
        (desk.at("/facturation/factures/0/totalTtc"), desk.at("/facturation/factures/0/numero")),
        (json!(600_000), json!("F2026-00001"))
    );
    assert_eq!(desk.at("/facturation/factures/1/nom"), "Forges, comptabilité");
    assert!(
        desk.at("/facturation/factures/1/numero").is_null() && desk.at("/facturation/factures/1/emiseLe").is_null()
    );
    // After all invoices are issued, the document is closed.
    desk.take("facturation", "emettre_facture", json!({}));
    assert!(matches!(desk.try_edit(&actor("admin"), "facturation", json!({})), Err(Error::Denied(_))));
}

#[test]
fn a_credit_note_takes_an_invoice_back_and_leaves_a_draft() {
    let mut desk = shared(600_000);
    desk.take("facturation", "emettre_facture", json!({}));
    for (input, problem) in [
        (json!({"facture": "F2026-00002"}), pair("/motif", "required")),
        (json!({"facture": "F2026-00009", "motif": "Erreur"}), pair("/facture", "unknown")),
    ] {
        assert_eq!(problems(desk.try_take(&actor("facturation"), "emettre_avoir", input).unwrap_err()), [problem]);
    }
    desk.take("facturation", "emettre_avoir", json!({"facture": "F2026-00002", "motif": "Mauvais payeur"}));
    assert_eq!(desk.record.status, "en_cours_facturation");
    assert_eq!(desk.at("/facturation/factures/2/numero"), "A2026-00001");
    assert_eq!(desk.at("/facturation/factures/2/corrige"), "F2026-00002");
    assert_eq!(desk.at("/facturation/factures/2/totalTtc"), -439_999);
    assert_eq!(amounts(&desk)[3], (json!("entreprise"), json!(200_000), json!(199_999), json!(40_000), json!(439_999)));
    let credited = desk.facts_of("avoir-emis");
    assert_eq!((credited[0].amount, credited[0].key.as_str()), (399_999, "entreprise"));
    assert_eq!(desk.at("/facturation/resteDu"), 1_039_999);
    // An invoice cannot be credited twice.
    let again = json!({"facture": "F2026-00002", "motif": "Encore"});
    assert_eq!(
        problems(desk.try_take(&actor("admin"), "emettre_avoir", again).unwrap_err()),
        [pair("/facture", "unknown")]
    );
    desk.take("facturation", "emettre_facture", json!({}));
    assert_eq!(
        (desk.record.status.as_str(), desk.at("/facturation/factures/3/numero")),
        ("facture", json!("F2026-00003"))
    );
}

#[test]
fn a_credited_invoice_need_not_be_billed_again() {
    let mut desk = shared(600_000);
    desk.take("facturation", "emettre_facture", json!({})).take(
        "facturation",
        "emettre_avoir",
        json!({"facture": "F2026-00002", "motif": "Geste commercial"}),
    );
    let mut document = desk.at("/facturation");
    document["factures"].as_array_mut().unwrap().pop();
    document["motifEcart"] = json!("Geste commercial");
    desk.edit("facturation", "facturation", document).take("facturation", "emettre_facture", json!({}));
    assert_eq!(desk.record.status, "facture");
    assert_eq!(desk.facts_of("facture-emise").len(), 2, "no new invoice was issued");
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "opco"}));
    assert_eq!((desk.record.status.as_str(), desk.at("/facturation/resteDu")), ("paye", json!(0)));
}

#[test]
fn payments_in_parts_and_no_more_than_the_balance() {
    let mut desk = shared(600_000);
    assert_eq!(desk.blockers("facturation", "enregistrer_paiement"), [pair("/facturation/factures", "nothing-to-pay")]);
    desk.take("facturation", "emettre_facture", json!({}));
    let pay =
        |desk: &Desk, input| problems(desk.try_take(&actor("facturation"), "enregistrer_paiement", input).unwrap_err());
    assert_eq!(pay(&desk, json!({"mode": "carte"})), [pair("/facture", "required")], "two invoices are open");
    assert_eq!(pay(&desk, json!({"mode": "carte", "facture": "F2026-00003"})), [pair("/facture", "unknown")]);
    assert_eq!(pay(&desk, json!({"mode": "troc", "facture": "F2026-00001"})), [pair("", "malformed")]);
    for amount in [0, -1, 600_001] {
        assert_eq!(
            pay(&desk, json!({"mode": "carte", "facture": "F2026-00001", "montant": amount})),
            [pair("/montant", "out-of-range")],
            "{amount}"
        );
    }
    assert_eq!(
        pay(&desk, json!({"mode": "carte", "facture": "F2026-00001", "le": "2026-11-03"})),
        [pair("/le", "out-of-range")]
    );

    desk.take(
        "facturation",
        "enregistrer_paiement",
        json!({"mode": "opco", "facture": "F2026-00001", "montant": 250_000, "le": "2026-11-02"}),
    );
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "opco", "facture": "F2026-00001"}));
    assert_eq!(desk.at("/facturation/paiements/1/montant"), 350_000);
    assert_eq!((desk.record.status.as_str(), desk.at("/facturation/resteDu")), ("facture", json!(439_999)));
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "cheque", "reference": " 0012 "}));
    assert_eq!((desk.record.status.as_str(), desk.at("/facturation/resteDu")), ("paye", json!(0)));
    assert_eq!(desk.at("/facturation/paiements/2/reference"), "0012");
    let told: Vec<(&str, i64, &str)> =
        desk.facts_of("paiement").iter().map(|fact| (fact.day.as_str(), fact.amount, fact.key.as_str())).collect();
    assert_eq!(
        told,
        [("2026-11-02", 250_000, "opco"), ("2026-11-02", 350_000, "opco"), ("2026-11-02", 439_999, "cheque")]
    );
}

#[test]
fn payments_cannot_be_edited_into_the_document() {
    let mut desk = shared(600_000);
    let mut document = desk.at("/facturation");
    document["paiements"] =
        json!([{"facture": "F2026-00001", "le": "2026-11-02", "montant": 600_000, "mode": "carte"}]);
    desk.edit("facturation", "facturation", document);
    assert!(desk.at("/facturation/paiements").is_null());
}

#[test]
fn the_buyer_is_the_company_unless_another_payer_is_named() {
    let mut desk = shared(600_000);
    assert_eq!(desk.at("/facturation/factures/0/nom"), "OPCO 2i");
    assert_eq!(desk.at("/facturation/factures/1/nom"), "Forges du Nord");
    let bill = |payeur: &str, nom: &str| json!({"factures": [{"payeur": payeur, "nom": nom, "baseExoneree": 800_000, "baseTaux20": 199_999}]});
    desk.edit("facturation", "facturation", bill("entreprise", " "));
    assert_eq!(desk.at("/facturation/factures/0/nom"), "Forges du Nord", "a blank name becomes the company's name");
    desk.edit("facturation", "facturation", bill("entreprise", "Forges, comptabilité"));
    assert_eq!(desk.at("/facturation/factures/0/nom"), "Forges, comptabilité");
    for payer in ["opco", "region", "france_travail", "cpf", "transitions_pro", "etat", "autre"] {
        desk.edit("facturation", "facturation", bill(payer, " "));
        assert_eq!(
            desk.blockers("facturation", "emettre_facture"),
            [pair("/facturation/factures/0/nom", "required")],
            "{payer}"
        );
    }
    desk.edit("facturation", "facturation", bill("opco", "AKTO"));
    assert!(desk.blockers("facturation", "emettre_facture").is_empty());
}

#[test]
fn a_draft_of_before_buyers_were_named_is_issued_to_the_company() {
    let mut desk = shared(600_000);
    let mut data: Value = afpi_sdk::serde_json::from_str(&desk.record.data).unwrap();
    data["facturation"]["factures"][1].as_object_mut().unwrap().remove("nom");
    desk.record.data = data.to_string();
    desk.take("facturation", "emettre_facture", json!({}));
    assert_eq!(desk.at("/facturation/factures/1/nom"), "Forges du Nord");
}

#[test]
fn a_funder_that_pays_us_needs_a_name_before_its_funding_is_settled() {
    let mut desk = Desk::new();
    let line = json!({"payeur": "opco", "montantDemande": 999_999, "deposeLe": "2026-11-02", "montantAccorde": 999_999, "priseEnCharge": "P", "subrogation": true});
    desk.accepted().edit("assistante", "montage", json!({"financeurs": [line]}));
    assert_eq!(
        desk.blockers("assistante", "valider_financement"),
        [pair("/montage/financeurs/0/organisme", "required")]
    );
}

#[test]
fn nothing_is_issued_before_the_last_half_day_is_over_without_a_reason_that_stays() {
    let mut desk = Desk::new();
    desk.funded().edit("planificateur", "planification", planned_on("2026-11-02"));
    desk.take("planificateur", "planifier", json!({}));
    desk.edit("assistante", "documents", documents()).take("assistante", "documents_prets", json!({}));
    let refused = |desk: &Desk, input| problems(desk.try_take(&actor("admin"), "emettre_facture", input).unwrap_err());
    // At ten in the morning the training of the afternoon is not over.
    for input in [json!({}), json!({"motifAvance": "  "}), json!({"rang": 1})] {
        assert_eq!(refused(&desk, input), [pair("/motifAvance", "not-over")]);
    }
    let error = desk.try_take(&actor("admin"), "emettre_facture", json!({})).unwrap_err();
    assert!(error.text().fr.contains("02/11/2026 (après-midi)"), "{error:?}");
    let mut early = desk;
    let evening = early.now + 8 * 3_600_000;
    let data = early.record.clone();
    early.take("facturation", "emettre_facture", json!({"motifAvance": " Solde à la commande "}));
    assert_eq!(early.at("/facturation/factures/0/motifAvance"), "Solde à la commande");
    // At six in the evening no reason is needed, and the plugin does not keep a given one.
    (early.record, early.now) = (data, evening);
    early.take("facturation", "emettre_facture", json!({"motifAvance": "Solde à la commande"}));
    assert!(early.at("/facturation/factures/0/motifAvance").is_null());
}

#[test]
fn refusals_point_to_the_row_and_a_draft_before_an_issued_one_can_go() {
    let mut desk = shared(600_000);
    desk.take("facturation", "emettre_facture", json!({"rang": 2}));
    let document = desk.at("/facturation");
    // The company's invoice is issued, and the OPCO's draft before it is removed. The issued row moves up and does not
    // change.
    let mut dropped = document.clone();
    dropped["factures"].as_array_mut().unwrap().remove(0);
    dropped["motifEcart"] = json!("L’OPCO est facturé ailleurs");
    desk.edit("facturation", "facturation", dropped);
    assert_eq!(desk.at("/facturation/factures/0/numero"), "F2026-00001");
    assert_eq!(desk.at("/facturation/factures/0/totalTtc"), 439_999);

    desk.take("facturation", "emettre_avoir", json!({"facture": "F2026-00001", "motif": "Erreur"}));
    let document = desk.at("/facturation");
    assert_eq!(document["factures"].as_array().unwrap().len(), 3, "invoice, credit note, draft");
    for (row, field, value) in [
        (0, "baseTaux20", json!(1)),
        (1, "baseTaux20", json!(-1)),
        (1, "nom", json!("Autre")),
        (0, "bonCommande", json!("BC-9")),
    ] {
        let mut touched = document.clone();
        touched["factures"][row][field] = value;
        let error = desk.try_edit(&actor("facturation"), "facturation", touched).unwrap_err();
        assert!(error.text().fr.contains(if row == 0 { "F2026-00001" } else { "A2026-00001" }), "{error:?}");
        assert_eq!(problems(error), [pair(&format!("/factures/{row}/{field}"), "frozen")]);
    }
    let mut wrong = document.clone();
    wrong["factures"][2]["baseExoneree"] = json!(-1);
    assert_eq!(
        problems(desk.try_edit(&actor("facturation"), "facturation", wrong).unwrap_err()),
        [pair("/factures/2/baseExoneree", "out-of-range")]
    );
    // A copied number does not create a second issued row.
    let mut copied = document.clone();
    let twin = copied["factures"][0].clone();
    copied["factures"].as_array_mut().unwrap().push(twin);
    desk.edit("facturation", "facturation", copied);
    assert!(
        desk.at("/facturation/factures/3/numero").is_null() && desk.at("/facturation/factures/3/emiseLe").is_null()
    );
}
