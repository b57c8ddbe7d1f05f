//! The matrix of actions: the tests try every move and every document with every role.

mod support;

use afpi_plugin_workflow::{Config, Relay};
use afpi_sdk::serde_json::json;
use afpi_sdk::workflow::*;
use support::*;

const A: &[&str] = &["admin", "responsable_commercial", "manager", "commercial"];
const V: &[&str] = &["admin", "responsable_commercial", "manager"];
const S2: &[&str] = &["admin", "responsable_commercial"];
const S3: &[&str] = &["admin", "responsable_commercial", "manager", "assistante"];
const S4: &[&str] = &["admin", "responsable_commercial", "manager", "planificateur"];
const S6: &[&str] = &["admin", "responsable_commercial", "manager", "facturation"];

/// Each move with its source status and its roles. `commercial` means the commercial of the record.
const MATRIX: &[(&str, &str, &[&str])] = &[
    ("soumettre", "en_cours_collecte", A),
    ("valider", "en_attente_validation_resp", V),
    ("rejeter", "en_attente_validation_resp", V),
    ("reprendre_saisie", "en_attente_validation_resp", A),
    ("envoyer_devis", "en_cours_devis", S2),
    ("accepter_devis", "devis_envoye", S2),
    ("refuser_devis", "devis_envoye", S2),
    ("reprendre_devis", "devis_envoye", S2),
    ("reprendre_devis", "devis_refuse", S2),
    ("classer_perdu", "devis_refuse", S2),
    ("ouvrir_montage", "devis_accepte", S2),
    ("deposer_financement", "en_cours_montage", S3),
    ("valider_financement", "en_cours_montage", S3),
    ("valider_financement", "en_attente_financement", S3),
    ("ouvrir_planification", "financement_valide", S3),
    ("planifier", "en_cours_planification", S4),
    ("ouvrir_documents", "planifie", S4),
    ("documents_prets", "en_cours_documents", S3),
    ("ouvrir_facturation", "pret_formation", S3),
    ("emettre_acompte", "en_cours_facturation", S6),
    ("emettre_facture", "en_cours_facturation", S6),
    ("emettre_avoir", "facture", S6),
    ("emettre_avoir", "paye", S6),
    ("contrepasser_reglement", "facture", S6),
    ("contrepasser_reglement", "paye", S6),
    ("cloturer_sans_facture", "en_cours_facturation", S6),
    ("rouvrir", "paye", S6),
    ("rouvrir", "termine", S6),
    ("enregistrer_paiement", "facture", S6),
    ("cloturer", "paye", S6),
    ("retourner", "en_cours_devis", S2),
    ("retourner", "en_cours_montage", S3),
    ("retourner", "en_attente_financement", S3),
    ("retourner", "en_cours_planification", S4),
    ("retourner", "en_cours_documents", S3),
    ("retourner", "en_cours_facturation", S6),
    ("suspendre", "en_cours_collecte", A),
    ("suspendre", "en_attente_validation_resp", A),
    ("suspendre", "en_cours_devis", V),
    ("suspendre", "en_cours_montage", V),
    ("suspendre", "facture", V),
    ("annuler", "en_cours_collecte", A),
    ("annuler", "en_cours_devis", V),
    ("annuler", "devis_refuse", V),
    ("annuler", "en_cours_facturation", V),
];

fn standing_at(status: &str) -> Desk {
    let mut desk = Desk::new();
    desk.record.status = status.into();
    desk.record.section = afpi_plugin_workflow::statuses::section_of(status).into();
    desk
}

#[test]
fn every_move_by_every_role() {
    for (transition, status, allowed) in MATRIX {
        let desk = standing_at(status);
        for role in ROLES {
            let offered = desk.offer(role, transition).is_some();
            assert_eq!(offered, allowed.contains(&role), "offer {transition} from {status} to {role}");
            let denied = matches!(desk.try_take(&actor(role), transition, json!({})), Err(Error::Denied(_)));
            assert_eq!(denied, !allowed.contains(&role), "decide {transition} from {status} by {role}");
        }
    }
}

#[test]
fn the_matrix_names_every_move() {
    let definition = Relay::definition(&Config::default());
    let named: Vec<&str> = MATRIX.iter().map(|(transition, ..)| *transition).chain(["reprendre"]).collect();
    for transition in &definition.transitions {
        assert!(named.contains(&transition.id.as_str()), "{} is not in the matrix", transition.id);
    }
}

#[test]
fn roles_of_a_transition_are_those_who_can_ever_take_it() {
    let definition = Relay::definition(&Config::default());
    for transition in &definition.transitions {
        for source in &transition.sources {
            let desk = standing_at(source);
            for role in ROLES {
                if desk.offer(role, &transition.id).is_some() {
                    assert!(transition.roles.iter().any(|known| known == role), "{} by {role}", transition.id);
                }
            }
        }
    }
}

#[test]
fn creating_is_for_those_who_sell() {
    let desk = Desk::new();
    let fresh = Opportunite {
        status: String::new(),
        section: String::new(),
        data: String::new(),
        state: String::new(),
        ..desk.record.clone()
    };
    for role in ROLES {
        let answer = Relay::start(&desk.config, &fresh, &actor(role), &desk.moment());
        assert_eq!(answer.is_ok(), A.contains(&role), "{role}");
        assert!(answer.is_ok() || matches!(answer, Err(Error::Denied(_))));
    }
}

#[test]
fn another_commercial_may_do_nothing_at_all() {
    for status in ["en_cours_collecte", "en_attente_validation_resp", "en_cours_devis", "facture"] {
        let desk = standing_at(status);
        assert!(Relay::offers(&desk.config, &desk.record, &stranger(), &desk.moment()).is_empty(), "{status}");
        assert!(Relay::editable(&desk.config, &desk.record, &stranger()).is_empty(), "{status}");
        assert!(matches!(
            desk.try_take(&stranger(), "annuler", json!({"cause": "autre", "motif": "Parce que"})),
            Err(Error::Denied(_))
        ));
    }
}

#[test]
fn a_commercial_resumes_only_what_was_suspended_in_the_first_section() {
    let mut first = Desk::new();
    first.take("commercial", "suspendre", json!({"motif": "Le client rappelle"}));
    assert!(first.offer("commercial", "reprendre").is_some());
    first.take("commercial", "reprendre", json!({}));

    let mut later = Desk::new();
    later.validated().take("manager", "suspendre", json!({"motif": "Budget gelé"}));
    assert!(later.offer("commercial", "reprendre").is_none());
    assert!(matches!(later.try_take(&actor("commercial"), "reprendre", json!({})), Err(Error::Denied(_))));
    for role in V {
        assert!(later.offer(role, "reprendre").is_some(), "{role}");
    }
    for role in ["assistante", "planificateur", "facturation"] {
        assert!(later.offer(role, "reprendre").is_none(), "{role}");
    }
}

/// A document and the roles that may edit it.
type Open = (&'static str, &'static [&'static str]);

/// The editable documents of each status, and the roles that may edit them.
#[test]
fn every_document_by_every_role() {
    let table: &[(&str, &[Open])] = &[
        ("en_cours_collecte", &[("collecte", A)]),
        ("en_attente_validation_resp", &[("collecte", V)]),
        ("en_cours_devis", &[("devis", S2)]),
        ("devis_envoye", &[]),
        ("devis_refuse", &[]),
        ("en_cours_montage", &[("montage", S3)]),
        ("en_attente_financement", &[("montage", S3)]),
        ("en_cours_planification", &[("planification", S4)]),
        ("en_cours_documents", &[("documents", S3)]),
        ("en_cours_facturation", &[("documents", S3), ("facturation", S6)]),
        ("facture", &[("documents", S3)]),
        ("paye", &[("documents", S3)]),
        ("termine", &[]),
        ("en_attente", &[]),
        ("annule", &[]),
    ];
    for (status, open) in table {
        let desk = standing_at(status);
        for role in ROLES {
            let expected: Vec<&str> =
                open.iter().filter(|(_, roles)| roles.contains(&role)).map(|(section, _)| *section).collect();
            assert_eq!(Relay::editable(&desk.config, &desk.record, &actor(role)), expected, "{status} for {role}");
            for section in afpi_plugin_workflow::words::section::ALL {
                let answer = desk.try_edit(&actor(role), section, json!({}));
                assert_eq!(
                    matches!(answer, Err(Error::Denied(_))),
                    !expected.contains(&section),
                    "{section} in {status} by {role}"
                );
            }
        }
    }
}

#[test]
fn nobody_outside_the_seven_roles_gets_anywhere() {
    let desk = Desk::new();
    let visitor = Actor { owner: true, ..actor("visiteur") };
    assert!(Relay::offers(&desk.config, &desk.record, &visitor, &desk.moment()).is_empty());
    assert!(matches!(desk.try_take(&visitor, "soumettre", json!({})), Err(Error::Denied(_))));
}
