//! The messages and audiences of each event.

use afpi_plugin_notifications::{Config, Notifications};
use afpi_sdk::notifier::*;
use afpi_sdk::serde_json::{Value, json};

fn subject() -> Opportunite {
    Opportunite {
        id: "o-1".into(),
        numero: "OPP-2026-00007".into(),
        title: "Soudure TIG".into(),
        kind: "intra-entreprise".into(),
        section: "devis".into(),
        status: "en_cours_devis".into(),
        amount: 123_456,
        budget: 123_456,
        entreprise: "e-1".into(),
        entreprise_name: "Forges du Nord".into(),
        commercial: "u-9".into(),
        localisation: "l-1".into(),
        created_at: 0,
        section_since: 0,
        data: "{}".into(),
        state: "{}".into(),
    }
}

fn event(name: &str, data: Value) -> Event {
    let actor = Actor { id: "u-1".into(), name: "Paul".into(), role: "manager".into(), owner: false };
    Event {
        name: name.into(),
        at: 1_800_000_000_000,
        site: "l-1".into(),
        actor: Some(actor),
        subject: Some(subject()),
        data: data.to_string(),
    }
}

fn by(role: &str, event: Event) -> Event {
    Event { actor: event.actor.map(|actor| Actor { role: role.into(), ..actor }), ..event }
}

fn step(transition: &str, target: (&str, &str), waits_for: &[&str], reason: &str, section_changed: bool) -> Value {
    json!({
        "transition": transition, "source": "x", "target": target.0,
        "sourceLabel": {"fr": "X", "en": "X"}, "targetLabel": {"fr": target.1, "en": target.1},
        "sectionLabel": {"fr": "Devis", "en": "Quote"},
        "reason": if reason.is_empty() { Value::Null } else { json!(reason) },
        "waitsFor": waits_for, "sectionChanged": section_changed,
    })
}

fn told(event: &Event) -> Vec<Message> {
    Notifications::notify(&Config::default(), event).unwrap()
}

/// `kind → audience` of every message, as short texts to compare.
fn routes(messages: &[Message]) -> Vec<String> {
    let name = |audience: &Audience| match audience {
        Audience::Owner => "owner".to_owned(),
        Audience::Role(role) => role.clone(),
        Audience::User(id) | Audience::Other(id) => format!("?{id}"),
    };
    messages
        .iter()
        .map(|message| format!("{} → {}", message.kind, message.to.iter().map(name).collect::<Vec<_>>().join(", ")))
        .collect()
}

#[test]
fn the_relay_reaches_the_right_people() {
    for (what, expected) in [
        (
            step(
                "soumettre",
                ("en_attente_validation_resp", "En attente"),
                &["manager", "responsable_commercial"],
                "",
                false,
            ),
            vec!["a-traiter → manager, responsable_commercial"],
        ),
        (
            step("valider", ("en_cours_devis", "Devis en cours"), &["responsable_commercial"], "", true),
            vec!["a-traiter → responsable_commercial", "mes-dossiers → owner"],
        ),
        // A rejection: the commercial must act again, and gets one message.
        (
            step("rejeter", ("en_cours_collecte", "Collecte"), &["commercial"], "Incomplet", false),
            vec!["a-traiter → owner"],
        ),
        (
            step("accepter_devis", ("en_cours_montage", "Montage"), &["assistante"], "", true),
            vec!["a-traiter → assistante", "mes-dossiers → owner"],
        ),
        (
            step("refuser_devis", ("devis_refuse", "Devis refusé"), &["responsable_commercial"], "Trop cher", false),
            vec!["a-traiter → responsable_commercial", "mes-dossiers-retours → owner"],
        ),
        (
            step("retourner", ("en_cours_montage", "Montage"), &["assistante"], "Dates", true),
            vec!["a-traiter → assistante", "mes-dossiers-retours → owner"],
        ),
        (
            step("enregistrer_paiement", ("paye", "Payé"), &["facturation"], "", false),
            vec!["a-traiter → facturation", "mes-dossiers → owner"],
        ),
        (step("cloturer", ("termine", "Terminé"), &[], "", false), vec!["mes-dossiers → owner"]),
        (
            step("suspendre", ("en_attente", "En attente"), &[], "Rentrée", true),
            vec!["mes-dossiers-retours → owner", "arrets → manager, responsable_commercial"],
        ),
        (
            step("annuler", ("annule", "Annulé"), &[], "Abandon", true),
            vec!["mes-dossiers-retours → owner", "arrets → manager, responsable_commercial"],
        ),
        (
            step("classer_perdu", ("annule", "Annulé"), &["manager"], "Perdu", true),
            vec!["a-traiter → manager", "mes-dossiers-retours → owner", "arrets → responsable_commercial"],
        ),
    ] {
        assert_eq!(routes(&told(&event("opportunite.moved", what.clone()))), expected, "{what}");
    }
}

#[test]
fn a_ball_that_stays_where_it_is_is_no_news() {
    let sent = event(
        "opportunite.moved",
        step("envoyer_devis", ("devis_envoye", "Devis envoyé"), &["responsable_commercial"], "", false),
    );
    assert_eq!(routes(&told(&by("responsable_commercial", sent.clone()))), [""; 0]);
    assert_eq!(routes(&told(&by("admin", sent))), ["a-traiter → responsable_commercial"]);
    let entered =
        event("opportunite.moved", step("valider", ("en_cours_devis", "Devis"), &["responsable_commercial"], "", true));
    assert_eq!(routes(&told(&by("responsable_commercial", entered)))[0], "a-traiter → responsable_commercial");
}

#[test]
fn texts_name_the_record_in_both_languages() {
    let messages = told(&event(
        "opportunite.moved",
        step("refuser_devis", ("devis_refuse", "Devis refusé"), &[], "Trop cher", false),
    ));
    let message = &messages[0];
    assert_eq!(message.title, Text::new("OPP-2026-00007 : Devis refusé", "OPP-2026-00007: Devis refusé"));
    assert_eq!(message.body.fr, "Forges du Nord · Soudure TIG · 1\u{a0}234,56\u{a0}€\nMotif : Trop cher");
    assert_eq!(message.body.en, "Forges du Nord · Soudure TIG · €1,234.56\nReason: Trop cher");
    assert_eq!(message.link, "/opportunites/o-1");
}

#[test]
fn settings_change_who_hears_and_what_is_shown() {
    let config =
        Config { informer_commercial: vec![], signaler_responsables: vec!["envoyer_devis".into()], montants: false };
    let tell = |step: Value| Notifications::notify(&config, &event("opportunite.moved", step)).unwrap();
    assert!(tell(step("cloturer", ("termine", "Terminé"), &[], "", false)).is_empty());
    let messages = tell(step("envoyer_devis", ("devis_envoye", "Devis envoyé"), &[], "", false));
    assert_eq!(routes(&messages), ["arrets → manager, responsable_commercial"]);
    let created = Notifications::notify(&config, &event("opportunite.created", json!({}))).unwrap();
    let assigned = Notifications::notify(&config, &event("opportunite.assigned", json!({}))).unwrap();
    assert_eq!((created.len(), assigned.len()), (1, 1));
    for message in messages.iter().chain(&created).chain(&assigned) {
        assert!(!message.body.fr.contains('€') && !message.body.en.contains('€'), "{}", message.body.fr);
    }
}

#[test]
fn creation_and_assignment_are_told_to_the_commercial() {
    for name in ["opportunite.created", "opportunite.assigned"] {
        let messages = told(&event(name, json!({})));
        assert_eq!(routes(&messages), ["attribution → owner"]);
        assert!(messages[0].title.fr.contains("OPP-2026-00007"));
    }
    let nobody = Event { subject: None, ..event("opportunite.created", json!({})) };
    assert!(told(&nobody).is_empty());
}

#[test]
fn a_retry_repeats_the_keys_and_another_move_has_others() {
    let first =
        event("opportunite.moved", step("retourner", ("en_cours_montage", "M"), &["assistante"], "Dates", true));
    let later = Event { at: first.at + 1, ..first.clone() };
    let keys = |event: &Event| told(event).into_iter().map(|message| message.dedupe_key).collect::<Vec<_>>();
    assert_eq!(keys(&first), keys(&first));
    assert!(keys(&first).iter().all(|key| !keys(&later).contains(key)));
    let all = keys(&first);
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
}

#[test]
fn administrators_hear_of_runs_that_failed_or_wait() {
    let run = |state: &str| {
        json!({"id": "r-1", "plugin": "ypareo", "name": {"fr": "Ypareo", "en": "Ypareo"}, "state": state,
               "error": {"fr": "Jeton refusé", "en": "Token refused"}, "heldReason": {"fr": "Liste trop courte", "en": "List too short"}})
    };
    for (state, title, body) in [
        ("failed", "Synchronisation Ypareo en échec", "Jeton refusé"),
        ("held", "Synchronisation Ypareo retenue", "Liste trop courte"),
    ] {
        let messages = told(&Event { subject: None, ..event("connecteur.run", run(state)) });
        assert_eq!(routes(&messages), ["synchronisation → admin"]);
        assert_eq!(
            (messages[0].title.fr.as_str(), messages[0].body.fr.as_str(), messages[0].link.as_str()),
            (title, body, "/connecteurs/ypareo")
        );
    }
    assert!(told(&event("connecteur.run", run("done"))).is_empty());
}

#[test]
fn administrators_hear_of_plugins_switched_off_and_on() {
    for (state, count) in [("quarantined", 1), ("disabled", 1), ("active", 1), ("installed", 0)] {
        let data = json!({"plugin": "workflow-afpi", "state": state, "siteCode": "AFPI-59", "error": "trap"});
        let messages = told(&event("plugin.state", data));
        assert_eq!(messages.len(), count, "{state}");
        assert!(
            messages.iter().all(
                |message| message.title.fr.contains("workflow-afpi (AFPI-59)") && message.body.en == "Reason: trap"
            )
        );
        assert!(messages.iter().all(|message| message.link.starts_with("/plugins/workflow-afpi")
            && message.link.ends_with("sante") == (state == "quarantined")));
    }
}

#[test]
fn a_note_tells_whom_it_mentions_and_a_task_whom_it_concerns() {
    let note = |mentions: Value| {
        json!({"note": "n-1", "author": "Paul", "text": "Vu ?", "mentions": mentions, "kind": "contacts", "id": "c-1",
            "opens": "e-1", "label": "Moreau"})
    };
    let messages = told(&event("note.written", note(json!(["u-2", "u-3"]))));
    assert_eq!(routes(&messages), ["mentions → ?u-2, ?u-3"]);
    assert_eq!(
        (messages[0].title.fr.as_str(), messages[0].body.fr.as_str(), messages[0].link.as_str()),
        ("Paul vous mentionne : Moreau", "Vu ?", "/entreprises/e-1")
    );
    assert!(told(&event("note.changed", note(json!([])))).is_empty());
    assert!(told(&event("note.deleted", note(json!(["u-2"])))).is_empty());

    let task = json!({"task": "t-1", "title": "Relancer", "owner": "u-2", "createdBy": "u-1", "dueOn": "2027-03-01",
        "kind": "opportunites", "id": "o-1", "opens": "o-1", "label": "OPP-1"});
    for (name, to, title, body) in [
        ("tache.given", "?u-2", "Tâche confiée : Relancer", "OPP-1 · pour le 2027-03-01"),
        ("tache.due", "?u-2", "À faire aujourd’hui : Relancer", "OPP-1"),
        ("tache.done", "?u-1", "Tâche faite : Relancer", "OPP-1"),
    ] {
        let messages = told(&event(name, task.clone()));
        assert_eq!(routes(&messages), [format!("taches → {to}")]);
        assert_eq!((messages[0].title.fr.as_str(), messages[0].body.fr.as_str()), (title, body));
        assert_eq!(messages[0].link, "/opportunites/o-1");
    }
    let alone =
        told(&event("tache.given", json!({"task": "t-2", "title": "Ranger", "owner": "u-2", "createdBy": "u-1"})));
    assert_eq!((alone[0].link.as_str(), alone[0].body.fr.as_str()), ("/", ""));
    assert!(told(&event("tache.changed", task)).is_empty());
}

#[test]
fn unknown_events_are_ignored_and_broken_ones_are_errors() {
    assert!(told(&event("facture.lue", json!({}))).is_empty());
    for name in ["opportunite.moved", "note.written", "tache.given", "connecteur.run", "plugin.state"] {
        let broken = Event { data: "{\"state\":3}".into(), ..event(name, json!({})) };
        let answer = Notifications::notify(&Config::default(), &broken);
        assert!(answer.is_err() || !matches!(name, "connecteur.run" | "plugin.state"), "{name}");
        let garbage = Event { data: "nope".into(), ..event(name, json!({})) };
        assert!(matches!(Notifications::notify(&Config::default(), &garbage), Err(Error::Other(_))), "{name}");
    }
}

#[test]
fn every_message_has_a_known_kind_and_every_kind_two_labels() {
    let kinds = Notifications::kinds(&Config::default());
    assert!(
        kinds.iter().all(|kind| !kind.label.fr.is_empty()
            && !kind.label.en.is_empty()
            && kind.channels.contains(&"app".into()))
    );
    let known: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
    for transition in ["soumettre", "suspendre", "cloturer"] {
        for message in told(&event("opportunite.moved", step(transition, ("t", "T"), &["assistante"], "R", true))) {
            assert!(known.contains(&message.kind.as_str()));
        }
    }
}
