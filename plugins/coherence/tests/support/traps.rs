//! What looks wrong and is not. Each trap takes a session that no anomaly takes.

use afpi_sdk::calendar::instant_at;
use serde_json::{Value, json};

use super::{AGREED, Centre, OTHER_SITE, Plan, Record, date, id};

/// Changes plans before everything follows from them.
pub fn plan(plans: &mut [Plan]) {
    // One class of two sessions: one trainer, one room.
    (plans[81].trainer, plans[81].room) = (plans[80].trainer, plans[80].room);
    // A holiday, for a reason.
    plans[82].days[0] = date("2026-05-14");
    plans[82].reason = Some("Arrêt de maintenance de l’usine");

    // A trainer at a distance has those of the other session before the camera.
    plans[99].trainer = plans[98].trainer;
}

/// Changes records.
pub fn data(centre: &mut Centre, plans: &[Plan]) {
    // A person of both sessions of that class.
    let same = centre.session(80)["stagiaires"][0].clone();
    ["firstName", "lastName", "birthDate"]
        .iter()
        .for_each(|field| centre.session(81)["stagiaires"][0][*field] = same[*field].clone());

    let documents = |centre: &mut Centre, number: usize, new: Value| {
        centre.opportunite(number)["documents"].as_array_mut().unwrap().insert(0, new);
    };
    // A draft with another title, and one that does not say what it is.
    documents(
        centre,
        83,
        json!({"id": "x", "kind": "convention", "content": {"doc": {"watermark": "PROJET"}, "action": [{"label": "Intitulé", "value": "Essai"}]}}),
    );
    documents(
        centre,
        83,
        json!({"id": "y", "kind": "convention", "content": {"action": [{"label": "Intitulé", "value": "Essai"}]}}),
    );
    // The same title in another typography, in upper case.
    let title = plans[84].title.to_uppercase().replace('–', " - ").replace('’', "'");
    centre.opportunite(84)["documents"][0]["content"]["action"][0]["value"] = json!(title);
    // The trainer teaches elsewhere, before; and at a distance at the same time.
    let elsewhere = |day: Value, start: &str, end: &str, room: Value| json!({"elsewhere": true, "halfDays": [{"day": day, "half": "am", "start": start, "end": end, "minutes": 60, "formateur": id('f', plans[85].trainer), "salle": room}]});
    for (number, data) in [
        (2000, elsewhere(json!(plans[85].days[0]), "07:30", "08:30", json!("Lille 1"))),
        (2001, elsewhere(json!(plans[85].days[0].plus(20)), "08:30", "12:00", json!("Lille 1"))),
    ] {
        centre.records.push(Record {
            kind: "session",
            id: id('s', number),
            site: OTHER_SITE.into(),
            label: "AFPI Lille".into(),
            data,
        });
    }
    // Given up: a late quote, on a Sunday.
    let gone = centre.opportunite(86);
    gone["status"] = json!("annule");
    gone["data"]["devis"]["accepteLe"] = json!("2026-12-01");
    let cancelled = centre.session(86);
    cancelled["status"] = json!("annulee");
    cancelled["halfDays"][0]["day"] = json!("2026-03-15");
    // Invoices with a reason, or taken back.
    let pieces = centre.opportunite(87)["pieces"].as_array_mut().unwrap();
    let own = pieces
        .iter_mut()
        .find(|piece| piece["kind"] == "facture" && piece["content"]["payeur"] == "entreprise")
        .unwrap();
    own["content"]["motifPresence"] = json!("Dédit convenu pour l’absence");
    own["net"] = json!(own["net"].as_i64().unwrap() + 3_000);
    let pieces = centre.opportunite(88)["pieces"].as_array_mut().unwrap();
    let funded =
        pieces.iter_mut().find(|piece| piece["kind"] == "facture" && piece["content"]["payeur"] == "opco").unwrap();
    funded["issuedOn"] = json!(plans[88].first().plus(-2));
    funded["content"]["motifAvance"] = json!("Demande du financeur");
    let pieces = centre.opportunite(90)["pieces"].as_array_mut().unwrap();
    let mut early = json!({"id": "early", "kind": "facture", "number": "F-0", "issuedOn": plans[90].first().plus(-9), "net": AGREED, "total": AGREED, "content": {"payeur": "opco"}});
    pieces.push(early.clone());
    (early["id"], early["kind"], early["corrects"]) = (json!("back"), json!("avoir"), json!("early"));
    (early["net"], early["total"]) = (json!(-AGREED), json!(-AGREED));
    pieces.push(early);
    // Half-days without times, a trainer of whom nobody knows anything, a planning by names.
    for half in centre.session(89)["halfDays"].as_array_mut().unwrap() {
        (half["start"], half["end"], half["formateur"]) = (Value::Null, Value::Null, json!("Un vacataire"));
    }
    // A request that was refused anyway, and payers who may be asked later.
    let funders = centre.opportunite(91)["data"]["montage"]["financeurs"].as_array_mut().unwrap();
    for (payer, agreed) in [("region", json!(0)), ("cpf", Value::Null), ("autre", Value::Null)] {
        funders.push(
            json!({"payeur": payer, "montantDemande": 5_000, "montantAccorde": agreed, "deposeLe": "2026-12-10"}),
        );
    }
    // Certificates of every month.
    let monthly = centre.opportunite(92);
    monthly["data"]["montage"]["financeurs"] = json!([{"payeur": "transitions_pro", "deposeLe": "2026-01-02"}]);
    monthly["pieces"] = json!([]);
    for document in
        monthly["documents"].as_array_mut().unwrap().iter_mut().filter(|document| document["kind"] == "certificat")
    {
        document["dated"] = json!(plans[92].days[0]);
    }
    // An absence that was known before, a signature some minutes before.
    let absent = plans[93].absent.unwrap();
    let marks = centre.session(93)["stagiaires"][absent]["attendance"].as_array_mut().unwrap();
    marks.last_mut().unwrap()["markedAt"] = json!(instant_at(plans[93].days[0], 500));
    marks[0]["markedAt"] = json!(instant_at(plans[93].days[0], 8 * 60 + 10));
    // Exactly as many as there are places, and two minutes less than certified.
    centre.session(94)["capacityMax"] = json!(plans[94].people.len());
    centre.session(94)["stagiaires"][0]["attendance"][0]["minutes"] = json!(208);
    // A training that began on the day of everything.
    let same_day = centre.opportunite(95);
    let first = json!(plans[95].first());
    same_day["data"]["devis"]["accepteLe"] = first.clone();
    same_day["data"]["documents"]["conventionSigneeLe"] = first;
    // A session that two opportunités share; the other one has not been handed over.
    centre.session(96)["opportunites"].as_array_mut().unwrap().push(json!(id('o', 3000)));
    for half in centre.session(99)["halfDays"].as_array_mut().unwrap() {
        half["remote"] = json!(true);
    }
    // Titles of a course of two sessions, of which the agreement names one.
    centre.opportunite(97)["sessions"] = json!([id('s', 97), id('s', 2010)]);
    let mut second = centre.record("session", &id('s', 97)).clone();
    second.id = id('s', 2010);
    second.data["title"] = json!("Module 2");
    second.data["stagiaires"] = json!([]);
    second.data["halfDays"] = json!([]);
    centre.records.push(second);
}
