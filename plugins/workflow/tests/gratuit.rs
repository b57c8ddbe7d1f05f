//! A free training: from the quote of 0 € to the closed opportunité without an invoice.

mod support;

use afpi_sdk::serde_json::json;
use afpi_sdk::workflow::*;
use support::*;

fn given() -> Desk {
    let mut desk = Desk::new();
    let line = json!({"libelle": "Journée offerte", "quantite": 1, "unite": "jour", "prixUnitaire": 0});
    desk.validated().edit("admin", "devis", json!({"lignes": [line]}));
    assert_eq!(desk.record.amount, 1_000_000, "the training is not marked as free, so the amount is the budget");
    assert_eq!(desk.blockers("admin", "envoyer_devis"), [pair("/devis/motifGratuite", "required")]);
    desk.edit("admin", "devis", json!({"lignes": [line], "motifGratuite": "Partenariat avec le lycée"}));
    assert_eq!(desk.record.amount, 0);
    desk.take("admin", "envoyer_devis", json!({})).take("admin", "accepter_devis", json!({"signataire": "C. Moreau"}));
    desk
}

#[test]
fn it_goes_through_the_whole_chain_and_closes_without_an_invoice() {
    let mut desk = given();
    assert_eq!((desk.outcome, desk.facts_of("devis-accepte")[0].amount), (Outcome::Won, 0));
    assert_eq!(desk.at("/montage/resteACouvrir"), 0);
    assert!(desk.blockers("assistante", "valider_financement").is_empty());
    desk.take("assistante", "valider_financement", json!({}));
    desk.edit("planificateur", "planification", planification()).take("planificateur", "planifier", json!({}));
    assert_eq!(desk.bookings.len(), 4);
    desk.edit("assistante", "documents", documents()).take("assistante", "documents_prets", json!({}));
    assert!(desk.at("/facturation/factures").is_null(), "there is no draft invoice");
    let blocked = desk.offer("facturation", "emettre_facture").unwrap();
    assert!(blocked.blockers[0].message.fr.contains("gratuit"), "{blocked:?}");
    desk.take("facturation", "cloturer_sans_facture", json!({}));
    assert_eq!((desk.record.status.as_str(), desk.outcome), ("termine", Outcome::Done));
    assert_eq!(desk.history.last().unwrap().reason, "Partenariat avec le lycée");
    assert!(desk.facts_of("facture-emise").is_empty());
}

#[test]
fn it_closes_when_the_training_is_over_and_its_papers_are_there() {
    let mut desk = given();
    desk.take("assistante", "valider_financement", json!({}));
    desk.edit("planificateur", "planification", planned_on("2026-11-10")).take("planificateur", "planifier", json!({}));
    let papers = but(&documents(), "feuilles_presence");
    desk.edit("assistante", "documents", papers).take("assistante", "documents_prets", json!({}));
    assert_eq!(desk.blockers("facturation", "cloturer_sans_facture"), [pair("/documents/pieces", "missing-document")]);
    desk.edit("assistante", "documents", documents());
    let early = desk.try_take(&actor("facturation"), "cloturer_sans_facture", json!({}));
    assert_eq!(problems(early.unwrap_err()), [pair("/motif", "not-over")]);
    desk.wait_days(9);
    desk.take("facturation", "cloturer_sans_facture", json!({}));
}

#[test]
fn what_has_a_price_is_billed_or_credited_first_and_needs_a_reason() {
    let mut desk = Desk::new();
    desk.ready();
    assert_eq!(desk.blockers("facturation", "cloturer_sans_facture"), [pair("/facturation/factures", "to-issue")]);
    desk.take("facturation", "emettre_facture", json!({}));
    let credit = json!({"facture": "F2026-00001", "motif": "Geste commercial", "remplacement": "non"});
    desk.take("facturation", "emettre_avoir", credit);
    let silent = desk.try_take(&actor("facturation"), "cloturer_sans_facture", json!({}));
    assert_eq!(problems(silent.unwrap_err()), [pair("/motif", "required")]);
    desk.take("facturation", "cloturer_sans_facture", json!({"motif": "Geste commercial"}));
    assert_eq!(desk.record.status, "termine");
}
