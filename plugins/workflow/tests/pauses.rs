//! Sending back, suspending, resuming and cancelling, and when an opportunité counts as late.

mod support;

use afpi_plugin_workflow::{Config, Relay};
use afpi_sdk::calendar::{instant_at, working_due};
use afpi_sdk::serde_json::json;
use afpi_sdk::workflow::*;
use support::*;

fn because() -> afpi_sdk::serde_json::Value {
    json!({"cause": "besoin", "motif": "Parce que"})
}

#[test]
fn each_owner_sends_back_to_the_section_before() {
    for (status, role, target) in [
        ("en_cours_devis", "responsable_commercial", "en_cours_collecte"),
        ("en_cours_montage", "assistante", "en_cours_devis"),
        ("en_attente_financement", "assistante", "en_cours_devis"),
        ("en_cours_planification", "planificateur", "en_cours_montage"),
        ("en_cours_documents", "assistante", "en_cours_planification"),
        ("en_cours_facturation", "facturation", "en_cours_documents"),
    ] {
        let mut desk = Desk::new();
        desk.ready();
        desk.record.status = status.into();
        desk.record.section = afpi_plugin_workflow::statuses::section_of(status).into();
        assert_eq!(
            problems(desk.try_take(&actor(role), "retourner", json!({})).unwrap_err()),
            [pair("/motif", "required")]
        );
        desk.take(role, "retourner", because());
        assert_eq!(desk.record.status, target, "from {status}");
        assert_eq!(desk.history.last().unwrap().reason, "Parce que");
    }
}

#[test]
fn a_signed_quote_sent_back_is_no_longer_signed_and_becomes_a_new_version() {
    let mut desk = Desk::new();
    desk.accepted().take("assistante", "retourner", because());
    assert_eq!(desk.outcome, Outcome::Open);
    assert_eq!(desk.facts_of("acceptation-annulee")[0].amount, 999_999);
    assert_eq!(
        (desk.at("/devis/version"), desk.at("/devis/accepteLe"), desk.at("/devis/signataire")),
        (json!(2), json!(null), json!(null))
    );
    desk.take("admin", "envoyer_devis", json!({})).take("admin", "accepter_devis", json!({"signataire": "C"}));
    assert_eq!(desk.facts_of("devis-accepte").len(), 2);
}

#[test]
fn drafts_are_made_anew_after_a_return_and_issued_invoices_bar_the_way() {
    let mut desk = Desk::new();
    desk.ready().take("facturation", "retourner", because());
    assert!(desk.at("/facturation").is_null());
    desk.take("assistante", "documents_prets", json!({}));
    assert_eq!(desk.at("/facturation/factures/0/totalTtc"), 1_039_999);

    desk.take("facturation", "emettre_facture", json!({})).take(
        "facturation",
        "emettre_avoir",
        json!({"facture": "F2026-00001", "motif": "Erreur"}),
    );
    assert_eq!(desk.blockers("facturation", "retourner"), [pair("/facturation/factures", "issued")]);
}

#[test]
fn a_suspended_record_returns_to_where_it_was() {
    for (prepare, status) in [
        (Desk::collected as fn(&mut Desk) -> &mut Desk, "en_cours_collecte"),
        (Desk::sent, "devis_envoye"),
        (Desk::accepted, "en_cours_montage"),
        (Desk::planned, "en_cours_documents"),
        (Desk::invoiced, "facture"),
    ] {
        let mut desk = Desk::new();
        prepare(&mut desk);
        let (data, bookings) = (desk.at(""), desk.bookings.clone());
        desk.take("manager", "suspendre", because());
        assert_eq!(
            (desk.record.status.as_str(), desk.record.section.as_str(), desk.outcome),
            ("en_attente", "", Outcome::Suspended)
        );
        let offered: Vec<String> = desk.offers("manager").into_iter().map(|offer| offer.transition).collect();
        assert_eq!(offered, ["reprendre", "annuler"]);
        desk.take("manager", "reprendre", json!({}));
        assert_eq!(desk.record.status, status);
        assert_eq!((desk.at(""), desk.bookings), (data, bookings), "no document and no booking was lost");
    }
}

#[test]
fn cancelling_frees_the_trainers_and_counts_as_lost() {
    let mut desk = Desk::new();
    desk.planned();
    assert!(!desk.bookings.is_empty());
    desk.take("manager", "annuler", because());
    assert!(desk.bookings.is_empty());
    assert_eq!((desk.record.status.as_str(), desk.outcome), ("annule", Outcome::Lost));
    let told: Vec<(&str, i64, &str)> =
        desk.facts[2..].iter().map(|fact| (fact.kind.as_str(), fact.amount, fact.key.as_str())).collect();
    assert_eq!(told, [("acceptation-annulee", 999_999, ""), ("annule", 999_999, "documents")]);
    assert!(ROLES.iter().all(|role| desk.offers(role).is_empty()));
}

#[test]
fn before_the_signature_there_is_nothing_to_withdraw() {
    let mut desk = Desk::new();
    desk.take("commercial", "annuler", because());
    let told: Vec<(&str, i64, &str)> =
        desk.facts.iter().map(|fact| (fact.kind.as_str(), fact.amount, fact.key.as_str())).collect();
    assert_eq!(told, [("annule", 1_000_000, "collecte")]);
}

#[test]
fn what_is_invoiced_is_credited_before_it_is_cancelled() {
    let mut desk = Desk::new();
    desk.invoiced();
    assert_eq!(desk.blockers("manager", "annuler"), [pair("/facturation/factures", "issued")]);
    desk.take("facturation", "emettre_avoir", json!({"facture": "F2026-00001", "motif": "Annulation"})).take(
        "manager",
        "annuler",
        because(),
    );
    assert_eq!(desk.record.status, "annule");
}

#[test]
fn a_suspended_record_can_be_cancelled_and_tells_where_it_stood() {
    let mut desk = Desk::new();
    desk.validated().take("manager", "suspendre", because()).take("manager", "annuler", because());
    assert_eq!(desk.facts_of("annule")[0].key, "devis");
}

#[test]
fn the_time_limit_runs_in_working_hours_from_the_entry_into_the_section() {
    let mut desk = Desk::new();
    let start = desk.now;
    assert_eq!(desk.due, Some(working_due(start, 72 * 60)));
    desk.wait_days(2);
    desk.collected().take("commercial", "soumettre", json!({}));
    assert_eq!(desk.due, Some(working_due(start, 72 * 60)), "in the same section the limit stays");
    desk.wait_days(1);
    desk.take("manager", "valider", json!({}));
    assert_eq!(desk.due, Some(working_due(desk.now, 48 * 60)), "a new section has a new limit");
    let entered = desk.now;
    desk.wait_days(1);
    desk.edit("admin", "devis", devis());
    assert_eq!(desk.due, Some(working_due(entered, 48 * 60)), "an edit does not change the limit");
}

#[test]
fn while_others_have_the_ball_their_date_counts() {
    let evening = |day: &str| Some(instant_at(day.parse().unwrap(), 18 * 60));
    let mut desk = Desk::new();
    desk.sent();
    assert_eq!(desk.due, evening("2026-12-02"), "the limit is the end of the quote's validity");
    desk.wait_days(5);
    desk.take("admin", "refuser_devis", json!({"cause": "prix", "motif": "Trop cher"}));
    assert_eq!(desk.due, Some(working_due(desk.now, 48 * 60)), "the centre must act again");

    let mut desk = Desk::new();
    desk.invoiced();
    assert_eq!(desk.due, evening("2026-12-02"), "the limit is the due date of the invoice");
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "virement"}));
    assert_eq!(desk.due, Some(working_due(desk.now, 48 * 60)));
    desk.take("facturation", "cloturer", json!({}));
    assert_eq!(desk.due, None);
}

#[test]
fn a_suspension_is_late_after_its_follow_up_day() {
    let mut desk = Desk::new();
    let past = json!({"motif": "Plus tard", "relance": "2026-11-01"});
    assert_eq!(
        problems(desk.try_take(&actor("admin"), "suspendre", past).unwrap_err()),
        [pair("/relance", "out-of-range")]
    );
    desk.take("admin", "suspendre", json!({"motif": "Plus tard", "relance": "2026-12-15"}));
    assert_eq!(desk.due, Some(instant_at("2026-12-15".parse().unwrap(), 18 * 60)));
    desk.take("admin", "reprendre", json!({}));
    assert_eq!(desk.due, Some(working_due(desk.now, 72 * 60)));
    desk.take("admin", "suspendre", because());
    assert_eq!(desk.due, None);
}

#[test]
fn without_a_limit_nothing_is_ever_late() {
    let config: Config = afpi_sdk::serde_json::from_value(json!({"delais": {"collecte": 0}})).unwrap();
    assert_eq!(Desk::with(config).due, None);
}

#[test]
fn a_record_of_another_relay_is_an_error_and_offers_nothing() {
    let mut desk = Desk::new();
    desk.record.status = "etrange".into();
    assert!(matches!(desk.try_take(&actor("admin"), "soumettre", json!({})), Err(Error::Other(_))));
    assert!(desk.offers("admin").is_empty());
    assert!(Relay::editable(&desk.config, &desk.record, &actor("admin")).is_empty());
    desk.record.status = "en_cours_collecte".into();
    desk.record.data = json!({"devis": 3}).to_string();
    assert!(matches!(desk.try_take(&actor("admin"), "soumettre", json!({})), Err(Error::Other(_))));
}

#[test]
fn documents_of_other_sections_survive() {
    let mut desk = Desk::new();
    let mut data: afpi_sdk::serde_json::Value = afpi_sdk::serde_json::from_str(&desk.record.data).unwrap();
    data["qualite"] = json!({"note": 5});
    desk.record.data = data.to_string();
    desk.collected();
    assert_eq!(desk.at("/qualite/note"), 5);
}
