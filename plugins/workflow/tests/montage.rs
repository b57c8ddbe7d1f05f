//! Sections 3 to 5: funding, scheduling and paperwork.

mod support;

use afpi_plugin_workflow::Config;
use afpi_plugin_workflow::forms::documents::Piece;
use afpi_sdk::serde_json::{Value, json};
use afpi_sdk::workflow::*;
use support::*;

fn funder(asked: i64, agreed: Option<i64>, number: Option<&str>) -> Value {
    let mut line = json!({"payeur": "opco", "organisme": "OPCO 2i", "montantDemande": asked, "deposeLe": "2026-11-02"});
    if let Some(agreed) = agreed {
        line["montantAccorde"] = json!(agreed);
    }
    if let Some(number) = number {
        line["priseEnCharge"] = json!(number);
    }
    line
}

#[test]
fn without_a_funder_the_company_pays_and_it_goes_straight_through() {
    let mut desk = Desk::new();
    desk.accepted();
    assert_eq!(desk.at("/montage/resteACouvrir"), 999_999);
    assert!(desk.blockers("assistante", "valider_financement").is_empty());
    assert_eq!(desk.blockers("assistante", "deposer_financement"), [pair("/montage/financeurs", "required")]);
    desk.take("assistante", "valider_financement", json!({}));
    assert_eq!(desk.record.status, "en_cours_planification");
    assert_eq!((desk.at("/montage/partEntreprise"), desk.at("/montage/resteACouvrir")), (json!(999_999), json!(0)));
}

#[test]
fn filing_needs_amounts_and_dates() {
    let mut desk = Desk::new();
    desk.accepted().edit(
        "assistante",
        "montage",
        json!({"financeurs": [funder(500_000, None, None), {"payeur": "region", "montantDemande": 0}]}),
    );
    assert_eq!(
        desk.blockers("assistante", "deposer_financement"),
        [pair("/montage/financeurs/1/montantDemande", "required"), pair("/montage/financeurs/1/deposeLe", "required"),]
    );
    desk.edit("assistante", "montage", json!({"financeurs": [funder(500_000, None, None)]})).take(
        "assistante",
        "deposer_financement",
        json!({}),
    );
    assert_eq!(desk.record.status, "en_attente_financement");
}

#[test]
fn agreed_amounts_and_the_companys_share_cover_the_quote_to_the_cent() {
    let mut desk = Desk::new();
    desk.accepted();
    let blockers = |desk: &mut Desk, lines: Value, share: i64| {
        desk.edit("assistante", "montage", json!({"financeurs": lines, "partEntreprise": share}));
        desk.blockers("assistante", "valider_financement")
    };
    let line = |agreed, number| funder(600_000, agreed, number);
    assert_eq!(
        blockers(&mut desk, json!([line(None, None)]), 0),
        [pair("/montage/financeurs/0/montantAccorde", "required")]
    );
    assert_eq!(
        blockers(&mut desk, json!([line(Some(600_000), None)]), 399_999),
        [pair("/montage/financeurs/0/priseEnCharge", "required")]
    );
    assert_eq!(
        blockers(&mut desk, json!([line(Some(600_000), Some("P1"))]), 399_998),
        [pair("/montage/partEntreprise", "not-covered")]
    );
    assert_eq!(desk.at("/montage/resteACouvrir"), 1);
    assert_eq!(
        blockers(&mut desk, json!([line(Some(600_000), Some("P1"))]), 400_000),
        [pair("/montage/partEntreprise", "over-covered")]
    );
    assert_eq!(blockers(&mut desk, json!([line(Some(600_000), Some("P1"))]), 399_999), []);
    // The funder refuses: the agreed amount is 0, no number is needed, and the company pays everything.
    assert_eq!(blockers(&mut desk, json!([line(Some(0), None)]), 999_999), []);
}

#[test]
fn the_missing_sum_is_told_in_french_money() {
    let mut desk = Desk::new();
    desk.accepted().edit("assistante", "montage", json!({"financeurs": [funder(1, Some(1), Some("P"))]}));
    let offer = desk.offer("assistante", "valider_financement").unwrap();
    assert_eq!(offer.blockers[0].message, Text::new("Il manque 9\u{a0}999,98\u{a0}€", "Still missing: €9,999.98"));
}

#[test]
fn negative_amounts_are_refused() {
    let mut desk = Desk::new();
    desk.accepted();
    let refused = desk.try_edit(
        &actor("assistante"),
        "montage",
        json!({"partEntreprise": -1, "financeurs": [funder(-5, Some(-5), None)]}),
    );
    assert_eq!(
        problems(refused.unwrap_err()),
        [
            pair("/partEntreprise", "out-of-range"),
            pair("/financeurs/0/montantDemande", "out-of-range"),
            pair("/financeurs/0/montantAccorde", "out-of-range"),
        ]
    );
}

fn sessions(rows: Value) -> Value {
    json!({"numeroSession": "S-1", "sessions": rows})
}

#[test]
fn a_schedule_needs_a_number_days_and_trainers() {
    let mut desk = Desk::new();
    desk.funded();
    assert_eq!(
        desk.blockers("planificateur", "planifier"),
        [pair("/planification/numeroSession", "required"), pair("/planification/sessions", "required")]
    );
    desk.edit("planificateur", "planification", sessions(json!([{"jour": "2026-12-01", "demi": "am"}])));
    assert_eq!(desk.blockers("planificateur", "planifier"), [pair("/planification/sessions/0/formateur", "required")]);
}

#[test]
fn legal_holidays_need_a_reason() {
    let mut desk = Desk::new();
    desk.funded();
    for holiday in ["2026-12-25", "2027-01-01", "2027-03-29", "2027-05-06", "2027-05-17", "2027-07-14", "2027-11-11"] {
        desk.edit(
            "planificateur",
            "planification",
            sessions(json!([{"jour": holiday, "demi": "am", "formateur": "f-1"}])),
        );
        assert_eq!(
            desk.blockers("planificateur", "planifier"),
            [pair("/planification/sessions/0/motifFerie", "holiday")],
            "{holiday}"
        );
    }
    desk.edit(
        "planificateur",
        "planification",
        sessions(json!([{"jour": "2026-12-25", "demi": "am", "formateur": "f-1", "motifFerie": "Arrêt d’usine"}])),
    );
    assert!(desk.blockers("planificateur", "planifier").is_empty());
}

#[test]
fn a_trainer_is_not_in_two_rows_at_once() {
    let mut desk = Desk::new();
    desk.funded();
    let row = |half: &str, trainer: &str| json!({"jour": "2026-12-01", "demi": half, "formateur": trainer});
    let refused = desk.try_edit(
        &actor("planificateur"),
        "planification",
        sessions(json!([row("am", "f-1"), row("pm", "f-1"), row("am", "f-2"), row("am", "f-1")])),
    );
    assert_eq!(problems(refused.unwrap_err()), [pair("/sessions/3/formateur", "double-booking")]);
}

#[test]
fn confirming_books_trainers_and_rooms_once() {
    let mut desk = Desk::new();
    desk.funded();
    let row = |half: &str, trainer: &str, room: &str| json!({"jour": "2026-12-01", "demi": half, "formateur": trainer, "salle": room});
    desk.edit(
        "planificateur",
        "planification",
        sessions(json!([row("am", "f-1", "B12"), row("am", "f-2", " B12 "), row("pm", "f-1", "")])),
    );
    desk.take("planificateur", "planifier", json!({}));
    let booked: Vec<(&str, &str, &str)> =
        desk.bookings.iter().map(|b| (b.kind.as_str(), b.resource_id.as_str(), b.half.as_str())).collect();
    assert_eq!(
        booked,
        [("formateur", "f-1", "am"), ("salle", "B12", "am"), ("formateur", "f-2", "am"), ("formateur", "f-1", "pm")]
    );
}

#[test]
fn mandatory_papers_depend_on_the_funding_and_the_settings() {
    let mut desk =
        Desk::with(Config { pieces_avant_formation: vec![Piece::Convention, Piece::Convention], ..Config::default() });
    let mut line = funder(999_999, Some(999_999), Some("P1"));
    line["subrogation"] = json!(true);
    line["payeur"] = json!("region");
    desk.accepted().edit("assistante", "montage", json!({"financeurs": [line]})).take(
        "assistante",
        "valider_financement",
        json!({}),
    );
    desk.edit("planificateur", "planification", planification()).take("planificateur", "planifier", json!({}));

    let messages: Vec<String> = desk
        .offer("assistante", "documents_prets")
        .unwrap()
        .blockers
        .into_iter()
        .map(|problem| problem.message.fr)
        .collect();
    assert_eq!(
        messages,
        [
            "Pièce manquante : Convention de formation",
            "Pièce manquante : Accord de prise en charge",
            "Pièce manquante : Subrogation",
            "Pièce manquante : Demande de subvention",
        ]
    );
    desk.edit(
        "assistante",
        "documents",
        ticked(&["convention", "prise_en_charge", "subrogation", "demande_subvention"]),
    );
    assert!(desk.blockers("assistante", "documents_prets").is_empty());
}

#[test]
fn a_convention_is_signed_before_the_training_starts() {
    let mut desk = Desk::new();
    let mut papers = documents();
    papers["conventionSigneeLe"] = json!("2026-10-30");
    desk.planned().edit("assistante", "documents", papers.clone());
    assert_eq!(desk.blockers("assistante", "documents_prets"), [pair("/documents/conventionSigneeLe", "out-of-range")]);
    papers["conventionSigneeLe"] = json!("2026-10-29");
    desk.edit("assistante", "documents", papers);
    assert!(desk.blockers("assistante", "documents_prets").is_empty());
}

#[test]
fn unknown_sections_moves_and_fields_are_named() {
    let mut desk = Desk::new();
    desk.accepted();
    assert!(matches!(desk.try_edit(&actor("admin"), "cuisine", json!({})), Err(Error::NotFound(_))));
    assert!(matches!(desk.try_take(&actor("admin"), "cuisiner", json!({})), Err(Error::NotFound(_))));
    assert!(matches!(desk.try_take(&actor("admin"), "planifier", json!({})), Err(Error::Conflict(_))));
    let refused = desk.try_edit(&actor("admin"), "montage", json!({"financeurs": "aucun"}));
    assert_eq!(problems(refused.unwrap_err()), [pair("", "malformed")]);
}
