//! Sections 1 and 2: submitting, and all moves of a quote.

mod support;

use afpi_plugin_workflow::forms::Facturation;
use afpi_plugin_workflow::forms::devis::{Devis, Ligne, Tva, Unite};
use afpi_plugin_workflow::forms::facturation::Left;
use afpi_plugin_workflow::{Config, Relay};
use afpi_sdk::serde_json::{self, json};
use afpi_sdk::workflow::*;
use support::*;

#[test]
fn a_new_record_needs_a_title_and_no_negative_budget() {
    let desk = Desk::new();
    let blank = Opportunite {
        title: "  ".into(),
        budget: -1,
        status: String::new(),
        section: String::new(),
        data: String::new(),
        ..desk.record.clone()
    };
    let answer = Relay::start(&desk.config, &blank, &actor("commercial"), &desk.moment());
    assert_eq!(problems(answer.unwrap_err()), [pair("/title", "required"), pair("/budget", "out-of-range")]);
}

#[test]
fn documents_given_at_creation_are_kept_for_section_1_only() {
    let desk = Desk::new();
    let data = json!({"collecte": {"objectifs": "Souder"}, "devis": {"accepteLe": "2026-01-01", "lignes": []}, "facturation": {"motifEcart": "x"}});
    let fresh =
        Opportunite { status: String::new(), section: String::new(), data: data.to_string(), ..desk.record.clone() };
    let decision = Relay::start(&desk.config, &fresh, &actor("manager"), &desk.moment()).unwrap();
    assert_eq!(
        afpi_sdk::serde_json::from_str::<afpi_sdk::serde_json::Value>(&decision.data).unwrap(),
        json!({"collecte": {"objectifs": "Souder"}})
    );
    assert_eq!(decision.amount, 1_000_000);
    let wrong = Opportunite {
        data: json!({"collecte": {"debutSouhaite": "2026-12-02", "finSouhaitee": "2026-12-01"}}).to_string(),
        ..fresh
    };
    let error = Relay::start(&desk.config, &wrong, &actor("manager"), &desk.moment()).unwrap_err();
    assert_eq!(problems(error), [pair("/data/collecte/finSouhaitee", "out-of-range")]);
}

#[test]
fn submitting_names_what_is_missing() {
    let mut desk = Desk::new();
    let missing = [
        pair("/collecte/contacts", "required"),
        pair("/collecte/objectifs", "required"),
        pair("/collecte/participants", "required"),
        pair("/collecte/debutSouhaite", "required"),
    ];
    assert_eq!(desk.blockers("commercial", "soumettre"), missing);
    assert_eq!(problems(desk.try_take(&actor("commercial"), "soumettre", json!({})).unwrap_err()), missing);
    desk.edit("commercial", "collecte", json!({"contacts": [{"nom": "Sans adresse"}], "objectifs": " ", "participants": 3, "debutSouhaite": "2026-12-01"}));
    assert_eq!(
        desk.blockers("commercial", "soumettre"),
        [pair("/collecte/contacts", "required"), pair("/collecte/objectifs", "required")]
    );
    desk.collected();
    assert!(desk.blockers("commercial", "soumettre").is_empty());
}

#[test]
fn contradictions_are_refused_at_once() {
    let desk = Desk::new();
    let document = json!({
        "contacts": [{"nom": "A", "email": "a@b.fr"}, {"nom": "B", "email": "b@"}, {"nom": "C", "email": "c d@e.fr"}, {"nom": "D", "email": "d@e..fr"}],
        "debutSouhaite": "2026-12-02", "finSouhaitee": "2026-12-01"
    });
    let refused = problems(desk.try_edit(&actor("commercial"), "collecte", document).unwrap_err());
    assert_eq!(
        refused,
        [
            pair("/finSouhaitee", "out-of-range"),
            pair("/contacts/1/email", "format"),
            pair("/contacts/2/email", "format"),
            pair("/contacts/3/email", "format"),
        ]
    );
}

#[test]
fn a_rejection_carries_its_reason_and_returns_the_file() {
    let mut desk = Desk::new();
    desk.collected().take("commercial", "soumettre", json!({}));
    for (input, expected) in [
        (json!({}), pair("/motif", "required")),
        (json!({"motif": "   "}), pair("/motif", "required")),
        (json!({"motif": 3}), pair("", "malformed")),
    ] {
        assert_eq!(problems(desk.try_take(&actor("manager"), "rejeter", input).unwrap_err()), [expected]);
    }
    desk.take("manager", "rejeter", json!({"motif": " Lieu à préciser "}));
    assert_eq!(desk.record.status, "en_cours_collecte");
    assert_eq!(desk.history.last().unwrap().reason, "Lieu à préciser");
}

fn line(quantite: f64, prix_unitaire: i64, tva: Tva) -> Ligne {
    Ligne {
        libelle: "L".into(),
        heures: None,
        remise: false,
        quantite,
        unite: Unite::Jour,
        prix_unitaire,
        tva,
        montant_ht: None,
    }
}

fn added_up(lignes: Vec<Ligne>) -> Devis {
    let mut quote = Devis { lignes, ..Devis::default() };
    quote.add_up();
    quote
}

#[test]
fn lines_are_rounded_one_by_one() {
    for (quantite, price, ht) in [
        (1.0, 100, 100),
        (0.33, 100, 33),
        (1.5, 333, 500), // 499.5 → 500
        (2.5, -333, -833),
        (0.01, 49, 0),
        (3.33, 4_550, 15_152), // 3 h 20 printed as 3,33 h: the printed quantity counts
    ] {
        assert_eq!(line(quantite, price, Tva::Exonere).ht(), ht, "{quantite} × {price}");
    }
}

/// Line nets are rounded, VAT is computed once per rate on their sum (EN 16931, BR-CO-17).
#[test]
fn vat_is_computed_once_per_rate() {
    let course = || line(35.0, 4_550, Tva::Exonere);
    for (lines, ht, vat, ttc) in [
        (vec![course()], 159_250, 0, 159_250),
        (vec![course(), line(3.0, 1_667, Tva::Taux20), line(7.0, 333, Tva::Taux20)], 166_582, 1_466, 168_048),
        (vec![line(1.0, 1_242, Tva::Taux20); 9], 11_178, 2_236, 13_414), // line by line: 2 232
        (vec![line(1.0, 1_003, Tva::Taux20); 7], 7_021, 1_404, 8_425),   // line by line: 1 407
        (vec![line(2.0, 1, Tva::Taux20); 3], 6, 1, 7),                   // line by line: 0
        (vec![line(1.0, 1_000, Tva::Taux20), line(1.0, -250, Tva::Taux20)], 750, 150, 900),
    ] {
        let quote = added_up(lines);
        assert_eq!((quote.total_ht, quote.total_tva, quote.total_ttc), (Some(ht), Some(vat), Some(ttc)));
        assert_eq!(quote.ventilation.iter().map(|rate| rate.tva).sum::<i64>(), vat);
        assert_eq!(quote.ventilation.iter().map(|rate| rate.base_ht).sum::<i64>(), ht);
    }
}

/// A quote that was sent when VAT was rounded line by line is invoiced with the VAT it says.
#[test]
fn a_sent_quote_keeps_its_vat() {
    let mut quote = added_up(vec![line(1.0, 1_242, Tva::Taux20); 9]);
    quote.total_tva = Some(2_232);
    assert_eq!(quote.vat(), 2_232);
    let draft = serde_json::from_value(json!({"payeur": "entreprise", "baseTaux20": 11_178})).unwrap();
    let mut billing = Facturation { factures: vec![draft], ..Facturation::default() };
    billing.compute(&quote);
    assert_eq!(billing.factures[0].tva, Some(2_232));
}

/// Nine credit notes over nine equal lines give back the VAT of the invoice: the last one takes the remainder.
#[test]
fn credit_notes_line_by_line_give_back_the_whole_vat() {
    let mut left = Left { exonere: 0, taux20: 11_178, tva: 2_236 };
    let credited: Vec<i64> = (0..9)
        .map(|_| {
            let vat = left.vat_of(1_242);
            left = Left { taux20: left.taux20 - 1_242, tva: left.tva - vat, ..left };
            vat
        })
        .collect();
    assert_eq!(credited, [248, 248, 248, 248, 248, 248, 248, 248, 252]);
    assert_eq!(left.ttc(), 0);
}

#[test]
fn totals_are_computed_and_cannot_be_entered() {
    let mut desk = Desk::new();
    desk.validated();
    let mut entered = devis();
    for (field, value) in [
        ("totalHt", json!(1)),
        ("numero", json!("D2026-99999")),
        ("accepteLe", json!("2026-01-01")),
        ("version", json!(9)),
        ("signataire", json!("Moi")),
    ] {
        entered[field] = value;
    }
    entered["lignes"][0]["montantHt"] = json!(1);
    desk.edit("responsable_commercial", "devis", entered);
    assert_eq!(desk.at("/devis/totalHt"), 999_999);
    assert_eq!(desk.at("/devis/totalTva"), 40_000);
    assert_eq!(desk.at("/devis/totalTtc"), 1_039_999);
    assert_eq!(desk.at("/devis/lignes/0/montantHt"), 800_000);
    for field in ["numero", "accepteLe", "version", "signataire"] {
        assert!(desk.at(&format!("/devis/{field}")).is_null(), "{field}");
    }
}

#[test]
fn impossible_lines_are_refused() {
    let mut desk = Desk::new();
    desk.validated();
    let row = |quantite: f64, prix: i64, libelle: &str| json!({"libelle": libelle, "quantite": quantite, "prixUnitaire": prix});
    let document = json!({"lignes": [row(0.0, 1, "a"), row(-1.0, 1, "a"), row(1.001, 1, "a"), row(100_000.0, 100_000_000, "a"), row(1.0, 1, " "), row(1.25, 1, "ok")]});
    assert_eq!(
        problems(desk.try_edit(&actor("admin"), "devis", document).unwrap_err()),
        [
            pair("/lignes/0/quantite", "out-of-range"),
            pair("/lignes/1/quantite", "out-of-range"),
            pair("/lignes/2/quantite", "precision"),
            pair("/lignes/3/prixUnitaire", "out-of-range"),
            pair("/lignes/4/libelle", "required"),
        ]
    );
    let huge = json!({"lignes": [row(1e308, i64::MAX, "a")]});
    assert!(desk.try_edit(&actor("admin"), "devis", huge).is_err());
}

#[test]
fn a_quote_without_a_positive_total_does_not_go_out() {
    let mut desk = Desk::new();
    desk.validated();
    assert_eq!(desk.blockers("admin", "envoyer_devis"), [pair("/devis/lignes", "required")]);
    let row = |prix: i64, tva: &str| json!({"libelle": "L", "quantite": 1, "prixUnitaire": prix, "tva": tva});
    desk.edit("admin", "devis", json!({"lignes": [row(100, "exonere"), row(-100, "exonere")]}));
    assert_eq!(desk.blockers("admin", "envoyer_devis"), [pair("/devis/motifGratuite", "required")]);
    desk.edit("admin", "devis", json!({"lignes": [row(100, "exonere"), row(-101, "exonere")]}));
    assert_eq!(desk.blockers("admin", "envoyer_devis"), [pair("/devis/lignes", "out-of-range")]);
    desk.edit("admin", "devis", json!({"lignes": [row(1_000, "exonere"), row(-100, "taux20")]}));
    assert_eq!(desk.blockers("admin", "envoyer_devis"), [pair("/devis/lignes", "out-of-range")]);
    desk.edit(
        "admin",
        "devis",
        json!({"lignes": [row(1_000, "exonere"), row(-100, "exonere")], "validiteJusquau": "2026-11-01"}),
    );
    assert_eq!(desk.blockers("admin", "envoyer_devis"), [pair("/devis/validiteJusquau", "out-of-range")]);
}

#[test]
fn sending_dates_numbers_and_versions_it() {
    let config = Config { validite_devis_jours: 10, ..Config::default() };
    let mut desk = Desk::with(config);
    desk.sent();
    assert_eq!(desk.at("/devis/numero"), "D2026-00001");
    assert_eq!(desk.at("/devis/version"), 1);
    assert_eq!(desk.at("/devis/envoyeLe"), "2026-11-02");
    assert_eq!(desk.at("/devis/validiteJusquau"), "2026-11-12");
    let sent = desk.facts_of("devis-envoye");
    assert_eq!(
        (sent.len(), sent[0].amount, sent[0].key.as_str(), sent[0].day.as_str()),
        (1, 999_999, "v1", "2026-11-02")
    );
}

#[test]
fn acceptance_needs_a_signature_within_the_validity() {
    let mut desk = Desk::new();
    desk.sent();
    desk.wait_days(40);
    let accept = |desk: &Desk, input| problems(desk.try_take(&actor("admin"), "accepter_devis", input).unwrap_err());
    assert_eq!(accept(&desk, json!({"le": "2026-11-10"})), [pair("/signataire", "required")]);
    assert_eq!(accept(&desk, json!({"le": "2026-11-10", "signataire": " "})), [pair("/signataire", "required")]);
    assert_eq!(
        accept(&desk, json!({"signataire": "C"})),
        [pair("/le", "out-of-range")],
        "the quote is no longer valid today"
    );
    assert_eq!(
        accept(&desk, json!({"signataire": "C", "le": "2026-11-01"})),
        [pair("/le", "out-of-range")],
        "before it was sent"
    );
    assert_eq!(
        accept(&desk, json!({"signataire": "C", "le": "2027-01-01"})),
        [pair("/le", "out-of-range")],
        "in the future"
    );
    desk.take("admin", "accepter_devis", json!({"signataire": "C. Moreau", "le": "2026-11-10", "bonCommande": "BC-1"}));
    assert_eq!(desk.record.status, "en_cours_montage");
    let accepted = desk.facts_of("devis-accepte");
    assert_eq!((accepted.len(), accepted[0].day.as_str(), accepted[0].amount), (1, "2026-11-10", 999_999));
    assert_eq!(desk.outcome, Outcome::Won);
}

#[test]
fn a_refused_quote_is_reworked_as_a_new_version_with_the_same_number() {
    let mut desk = Desk::new();
    desk.sent().take("admin", "refuser_devis", json!({"cause": "prix", "motif": "Trop cher"}));
    assert_eq!(desk.record.status, "devis_refuse");
    assert_eq!((desk.outcome, desk.facts_of("devis-refuse")[0].key.as_str()), (Outcome::Open, "prix"));

    desk.take("admin", "reprendre_devis", json!({}));
    assert_eq!(desk.record.status, "en_cours_devis");
    assert_eq!(
        desk.at("/devis/versions/0"),
        json!({"version": 1, "totalHt": 999_999, "envoyeLe": "2026-11-02", "refuseLe": "2026-11-02", "motif": "Trop cher"})
    );
    assert_eq!((desk.at("/devis/version"), desk.at("/devis/motifRefus")), (json!(2), json!(null)));

    desk.take("admin", "envoyer_devis", json!({}));
    assert_eq!(desk.at("/devis/numero"), "D2026-00001");
    assert_eq!(desk.facts_of("devis-envoye")[1].key, "v2");
}

#[test]
fn a_refused_quote_given_up_is_lost() {
    let mut desk = Desk::new();
    desk.sent().take("admin", "refuser_devis", json!({"cause": "concurrent", "motif": "Un autre"})).take(
        "admin",
        "classer_perdu",
        json!({}),
    );
    assert_eq!(
        (desk.record.status.as_str(), desk.record.section.as_str(), desk.outcome),
        ("annule", "", Outcome::Lost)
    );
    let lost = desk.facts_of("cloture-perdue");
    assert_eq!((lost[0].amount, lost[0].key.as_str()), (999_999, "concurrent"));
    assert_eq!(desk.history.last().unwrap().reason, "Un autre");
    assert!(desk.offers("admin").is_empty());
}

#[test]
fn who_submitted_takes_it_back_until_it_is_judged() {
    let mut desk = Desk::new();
    desk.collected().take("commercial", "soumettre", json!({}));
    assert!(desk.offer("assistante", "reprendre_saisie").is_none());
    assert!(matches!(desk.try_take(&stranger(), "reprendre_saisie", json!({})), Err(Error::Denied(_))));
    desk.take("commercial", "reprendre_saisie", json!({}));
    assert_eq!(desk.record.status, "en_cours_collecte");
    desk.collected().take("commercial", "soumettre", json!({})).take("manager", "valider", json!({}));
    assert!(matches!(desk.try_take(&actor("commercial"), "reprendre_saisie", json!({})), Err(Error::Conflict(_))));
}

#[test]
fn a_refusal_names_its_cause() {
    let mut desk = Desk::new();
    desk.sent();
    let refuse = |input| problems(desk.try_take(&actor("admin"), "refuser_devis", input).unwrap_err());
    assert_eq!(refuse(json!({"motif": "Trop cher"})), [pair("/cause", "required")]);
    assert_eq!(refuse(json!({"cause": "prix"})), [pair("/motif", "required")]);
    assert_eq!(refuse(json!({"cause": "humeur", "motif": "Non"})), [pair("", "malformed")]);
}
