//! The words of a site in the mails that take documents to people.

mod support;

use afpi_plugin_documents::Lang;
use afpi_plugin_documents::catalogue::KINDS;
use afpi_plugin_documents::compose::owed;
use afpi_plugin_documents::config::Config;
use afpi_plugin_documents::mail::{self, NAMES};
use afpi_sdk::Text;
use serde_json::{Value, json};
use support::{DOCUMENTS, dossier, scene, several, trainee, whole};

fn config(mails: Value) -> Config {
    serde_json::from_value(json!({"courriels": mails})).unwrap()
}

#[test]
fn a_site_words_its_mails_itself() {
    let own = config(json!([{
        "document": "convocation", "langue": "fr", "objet": "À bientôt : {formation}",
        "texte": "Rendez-vous à {ville}.\n\nApportez vos chaussures de sécurité."
    }]));
    let words = own.mail("convocation", Lang::Fr).unwrap();
    assert!(own.mail("convocation", Lang::En).is_none() && own.mail("devis", Lang::Fr).is_none());
    let scene = scene("convocation", &trainee(whole(dossier())), "fr");
    let (given, mail) = (mail::of("convocation", &scene).unwrap(), mail::worded("convocation", &scene, words));
    assert!(mail.subject.starts_with("À bientôt") && !mail.subject.contains('{'), "{}", mail.subject);
    assert!(mail.body.contains("Apportez vos chaussures de sécurité."), "{}", mail.body);
    // Greeting and signature are those of the given text.
    let ends = |body: &str| (body.lines().next().unwrap().to_owned(), body.lines().last().unwrap().to_owned());
    assert_eq!(ends(&mail.body), ends(&given.body));
    assert_ne!(mail.body, given.body);
}

#[test]
fn every_named_word_is_filled_in() {
    let text: Vec<String> = NAMES.iter().map(|name| format!("{{{name}}}")).collect();
    for (_, kind, dossier_of) in DOCUMENTS {
        let scene = scene(kind, &dossier_of(dossier()), "fr");
        if mail::of(kind, &scene).is_none() {
            continue;
        }
        let own = config(json!([{"document": kind, "langue": "fr", "objet": "Objet", "texte": text.join(" ")}]));
        let mail = mail::worded(kind, &scene, own.mail(kind, Lang::Fr).unwrap());
        assert!(!mail.body.contains('{'), "{kind}: {}", mail.body);
    }
}

#[test]
fn a_reminder_of_several_invoices_names_them_all() {
    let scene = scene("relance-1", &several(dossier()), "fr");
    let numbers: Vec<String> = owed(&scene).into_iter().filter_map(|owed| owed.piece.number).collect();
    assert!(numbers.len() > 1, "{numbers:?}");
    let own = json!([{"document": "relance-1", "langue": "fr", "objet": "Relance", "texte": "Factures {numero}."}]);
    let mail = mail::worded("relance-1", &scene, config(own).mail("relance-1", Lang::Fr).unwrap());
    for number in numbers {
        assert!(mail.body.contains(&number), "{number}: {}", mail.body);
    }
}

/// The choices of the settings repeat the catalogue: a kind that is added there is found here.
#[test]
fn every_document_that_is_mailed_can_be_worded_under_its_own_name() {
    for (_, kind, dossier_of) in DOCUMENTS {
        if mail::of(kind, &scene(kind, &dossier_of(dossier()), "fr")).is_none() {
            continue;
        }
        let own = config(json!([{"document": kind, "langue": "fr", "objet": "Objet", "texte": "Texte"}]));
        let known = KINDS.iter().find(|known| known.id == kind).unwrap();
        assert_eq!(own.courriels[0].document.label(), Text::new(known.fr, known.en));
    }
}

#[test]
fn texts_that_cannot_be_sent_are_refused() {
    let mail = |document: &str, langue: &str, texte: &str| json!({"document": document, "langue": langue, "objet": "Objet", "texte": texte});
    let found = |mails: Value| -> Vec<(String, String)> {
        config(mails).problems().into_iter().map(|problem| (problem.field, problem.code)).collect()
    };
    let problem = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
    assert_eq!(
        found(json!([mail("devis", "fr", "Voici {numero}, {{ et } compris."), mail("devis", "en", "{total}")])),
        []
    );
    assert_eq!(found(json!([mail("devis", "fr", "Voici {montant}.")])), problem("/courriels/0/texte", "unknown-word"));
    assert_eq!(found(json!([mail("contrat", "en", "Here it is.")])), problem("/courriels/0/langue", "not-offered"));
    assert_eq!(
        found(json!([mail("devis", "fr", "Le premier."), mail("devis", "fr", "Le second.")])),
        problem("/courriels/1/document", "duplicate")
    );
}
