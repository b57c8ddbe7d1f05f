//! Anomalies, each put into a session of a clean centre, with the one finding that it must give.

use afpi_plugin_coherence::rules::Regle;
use afpi_sdk::calendar::instant_at;
use serde_json::{Value, json};

use super::{AGREED, Centre, OTHER_SITE, Plan, Record, SITE, date, id};

/// An anomaly.
pub struct Seed {
    pub rule: Regle,
    /// The kind of the record at fault: `s`ession, `o`pportunité, trainer (`f`).
    pub on: char,
    /// Which plans it fits. A pair takes both sessions of a week.
    pub pair: bool,
    pub fits: fn(&Plan) -> bool,
    pub plan: fn(&mut Plan),
    pub data: fn(&mut Centre, usize, &Plan),
}

fn over(plan: &Plan) -> bool {
    plan.number < 80
}

fn whole(plan: &Plan) -> bool {
    over(plan) && plan.absent.is_none()
}

fn opco(plan: &Plan) -> bool {
    over(plan) && plan.opco
}

fn deposit(plan: &Plan) -> bool {
    opco(plan) && plan.number.is_multiple_of(2)
}

fn coming(plan: &Plan) -> bool {
    plan.number >= 100
}

fn electric(plan: &Plan) -> bool {
    over(plan) && plan.title.contains("B1V")
}

/// A seed that changes the records.
fn seed(rule: Regle, on: char, fits: fn(&Plan) -> bool, data: fn(&mut Centre, usize, &Plan)) -> Seed {
    Seed { rule, on, pair: false, fits, plan: |_| {}, data }
}

/// A seed over both sessions of a week.
fn pair(rule: Regle, fits: fn(&Plan) -> bool, data: fn(&mut Centre, usize, &Plan)) -> Seed {
    Seed { pair: true, ..seed(rule, 's', fits, data) }
}

/// A seed that changes the plan, from which everything else follows.
fn planned(rule: Regle, fits: fn(&Plan) -> bool, plan: fn(&mut Plan)) -> Seed {
    Seed { plan, ..seed(rule, 's', fits, |_, _, _| {}) }
}

/// The document of this kind, and the place of the first one.
fn document<'a>(centre: &'a mut Centre, number: usize, kind: &str) -> &'a mut Value {
    let all = centre.opportunite(number)["documents"].as_array_mut().unwrap();
    all.iter_mut().find(|document| document["kind"] == kind).unwrap()
}

fn piece<'a>(centre: &'a mut Centre, number: usize, kind: &str, payer: &str) -> &'a mut Value {
    let all = centre.opportunite(number)["pieces"].as_array_mut().unwrap();
    all.iter_mut().find(|piece| piece["kind"] == kind && piece["content"]["payeur"] == payer).unwrap()
}

fn cents(value: &mut Value, by: i64) {
    *value = json!(value.as_i64().unwrap() + by);
}

/// The first person of the first session, under another id, in the second session of the week.
fn namesake(centre: &mut Centre, number: usize, fields: &[&str]) {
    let first = centre.session(number)["stagiaires"][0].clone();
    let second = &mut centre.session(number + 1)["stagiaires"][0];
    fields.iter().for_each(|field| second[*field] = first[*field].clone());
}

fn room(centre: &mut Centre, number: usize, capacity: usize) -> String {
    let id = id('r', 100 + number);
    let data = json!({"capacity": capacity, "active": true});
    centre.records.push(Record {
        kind: "salle",
        id: id.clone(),
        site: SITE.into(),
        label: format!("Box {number}"),
        data,
    });
    id
}

/// A trainer with this certification teaches the whole session.
fn trainer(centre: &mut Centre, number: usize, certification: Value) {
    let id = id('f', 100 + number);
    let data = json!({"certifications": [certification], "active": true});
    centre.records.push(Record {
        kind: "formateur",
        id: id.clone(),
        site: SITE.into(),
        label: format!("Luc Perrin {number}"),
        data,
    });
    for half in centre.session(number)["halfDays"].as_array_mut().unwrap() {
        half["formateur"] = json!(id);
    }
}

fn marks(centre: &mut Centre, number: usize, rank: usize) -> &mut Vec<Value> {
    centre.session(number)["stagiaires"][rank]["attendance"].as_array_mut().unwrap()
}

fn funder(centre: &mut Centre, number: usize, payer: &str, filed: String) {
    let line = json!({"payeur": payer, "organisme": format!("Organisme {payer}"), "montantDemande": 10_000, "deposeLe": filed});
    centre.opportunite(number)["data"]["montage"]["financeurs"].as_array_mut().unwrap().push(line);
}

pub fn all() -> Vec<Seed> {
    use Regle::*;
    vec![
        // A trainer in two places.
        pair(FormateurDeuxLieux, over, |centre, n, _| {
            let trainer = centre.session(n)["halfDays"][0]["formateur"].clone();
            centre.session(n + 1)["halfDays"][0]["formateur"] = trainer;
        }),
        pair(FormateurDeuxLieux, over, |centre, n, _| {
            let trainer = centre.session(n)["halfDays"][2]["formateur"].clone();
            centre.session(n + 1)["halfDays"][2]["formateur"] = trainer.clone();
            centre.session(n + 1)["halfDays"][3]["formateur"] = trainer;
        }),
        // A morning that lasts into the afternoon of the other session.
        pair(FormateurDeuxLieux, over, |centre, n, _| {
            let trainer = centre.session(n)["halfDays"][0]["formateur"].clone();
            centre.session(n)["halfDays"][0]["end"] = json!("14:00");
            centre.session(n + 1)["halfDays"][1]["formateur"] = trainer;
        }),
        seed(FormateurDeuxLieux, 's', over, |centre, n, plan| {
            let half = json!({"day": plan.days[1], "half": "pm", "start": "14:00", "end": "16:00", "minutes": 120, "formateur": id('f', plan.trainer), "salle": id('r', 900)});
            let data = json!({"elsewhere": true, "halfDays": [half]});
            centre.records.push(Record {
                kind: "session",
                id: id('s', 1000 + n),
                site: OTHER_SITE.into(),
                label: "AFPI Lille".into(),
                data,
            });
        }),
        // A trainee in two places.
        pair(StagiaireDeuxLieux, over, |centre, n, _| namesake(centre, n, &["firstName", "lastName", "birthDate"])),
        pair(StagiaireDeuxLieux, over, |centre, n, _| {
            namesake(centre, n, &["firstName", "lastName", "email"]);
            centre.session(n + 1)["stagiaires"][0]["birthDate"] = Value::Null;
        }),
        pair(StagiaireDeuxLieux, over, |centre, n, _| {
            namesake(centre, n, &["firstName", "lastName", "birthDate"]);
            let name = centre.session(n)["stagiaires"][0]["lastName"].as_str().unwrap().to_uppercase();
            centre.session(n + 1)["stagiaires"][0]["lastName"] = json!(name.replace(' ', "-"));
        }),
        pair(StagiaireDeuxLieux, over, |centre, n, _| {
            let same = centre.session(n)["stagiaires"][0].clone();
            centre.session(n + 1)["stagiaires"].as_array_mut().unwrap().push(same);
        }),
        pair(StagiaireDoubleInscription, coming, |centre, n, _| {
            namesake(centre, n, &["firstName", "lastName", "birthDate"])
        }),
        pair(StagiaireDoubleInscription, coming, |centre, n, _| {
            namesake(centre, n, &["firstName", "lastName", "birthDate", "email"])
        }),
        // Days.
        planned(
            JourFerie,
            |plan| over(plan) && plan.first() > date("2026-01-10"),
            |plan| plan.days[0] = date("2026-01-01"),
        ),
        planned(
            JourFerie,
            |plan| over(plan) && plan.first() > date("2026-04-10"),
            |plan| plan.days[0] = date("2026-04-06"),
        ),
        planned(
            JourFerie,
            |plan| over(plan) && plan.first() > date("2026-05-30"),
            |plan| plan.days[0] = date("2026-05-25"),
        ),
        planned(
            Dimanche,
            |plan| over(plan) && plan.first() > date("2026-02-10"),
            |plan| plan.days[0] = date("2026-02-08"),
        ),
        planned(
            Dimanche,
            |plan| over(plan) && plan.first() > date("2026-03-20"),
            |plan| plan.days[0] = date("2026-03-15"),
        ),
        // Attendance.
        seed(EmargementAnticipe, 's', over, |centre, n, plan| {
            (0..plan.people.len())
                .for_each(|rank| marks(centre, n, rank)[0]["markedAt"] = json!(instant_at(plan.days[0], 390)));
        }),
        seed(EmargementAnticipe, 's', over, |centre, n, plan| {
            marks(centre, n, 2)[3]["markedAt"] = json!(instant_at(plan.days[1], 13 * 60 + 30 - 31));
        }),
        seed(EmargementAnticipe, 's', coming, |centre, n, plan| {
            let mark = json!({"day": plan.days[0], "half": "am", "state": "present", "minutes": 210, "markedAt": null});
            marks(centre, n, 0).push(mark);
        }),
        seed(PresenceHorsSession, 's', over, |centre, n, plan| {
            let day = plan.days[2].plus(1);
            marks(centre, n, 0).push(
                json!({"day": day, "half": "am", "state": "present", "minutes": 210, "markedAt": instant_at(day, 720)}),
            );
        }),
        seed(PresenceHorsSession, 's', over, |centre, n, plan| {
            let day = plan.days[2].plus(2);
            for rank in 0..3 {
                marks(centre, n, rank).push(json!({"day": day, "half": "pm", "state": "late", "minutes": 100, "markedAt": instant_at(day, 1020)}));
            }
        }),
        seed(PresenceHorsSession, 's', over, |centre, n, plan| {
            // The session lost a half-day on which nobody counts any more.
            let day = plan.days[0].plus(-7);
            marks(centre, n, 3).insert(0, json!({"day": day, "half": "pm", "state": "present", "minutes": 210, "markedAt": instant_at(day, 1020)}));
        }),
        // Seats.
        seed(SalleTropPetite, 's', over, |centre, n, _| {
            let room = room(centre, n, 2);
            centre.session(n)["halfDays"][4]["salle"] = json!(room);
        }),
        seed(SalleTropPetite, 's', over, |centre, n, plan| {
            let room = room(centre, n, plan.people.len() - 1);
            centre.session(n)["halfDays"]
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|half| half["salle"] = json!(room));
        }),
        seed(SalleTropPetite, 's', over, |centre, n, _| {
            let room = room(centre, n, 1);
            let mut row = centre.session(n)["halfDays"][1].clone();
            (row["salle"], row["formateur"]) = (json!(room), json!(id('f', 7)));
            centre.session(n)["halfDays"][1] = row;
        }),
        seed(SessionTropPleine, 's', over, |centre, n, _| centre.session(n)["capacityMax"] = json!(3)),
        seed(SessionTropPleine, 's', coming, |centre, n, _| centre.session(n)["capacityMax"] = json!(1)),
        // Trainers.
        seed(HabilitationPerimee, 'f', electric, |centre, n, plan| {
            trainer(centre, n, json!({"name": "Habilitation électrique B1V", "expiresOn": plan.first().plus(-20)}));
        }),
        seed(HabilitationPerimee, 'f', electric, |centre, n, plan| {
            trainer(centre, n, json!({"name": "HABILITATION ELECTRIQUE", "expiresOn": plan.last().plus(-1)}));
        }),
        seed(HabilitationPerimee, 'f', over, |centre, n, plan| {
            trainer(centre, n, json!({"name": "CACES R489 (2020)", "expiresOn": plan.first().plus(-1)}));
            centre.session(n)["programme"] = json!({"modules": [{"title": "Conduite, CACES® R489"}]});
        }),
        seed(HabilitationAVerifier, 'f', over, |centre, n, plan| {
            trainer(centre, n, json!({"name": "CACES R486", "expiresOn": plan.first().plus(-1)}));
        }),
        seed(HabilitationAVerifier, 'f', over, |centre, n, plan| {
            trainer(centre, n, json!({"name": "Formateur SST", "expiresOn": plan.first()}));
        }),
        // Titles.
        seed(IntituleConvention, 'o', over, |centre, n, _| {
            document(centre, n, "convention")["content"]["action"][0]["value"] = json!("Soudage MIG");
        }),
        seed(IntituleConvention, 'o', over, |centre, n, _| centre.session(n)["title"] = json!("Soudage à l’arc")),
        seed(IntituleConvention, 'o', over, |centre, n, plan| {
            let action = json!([{"label": "Title", "value": format!("{} (level 2)", plan.title)}]);
            let contract = json!({"id": "c", "kind": "contrat", "about": "stagiaire", "aboutId": plan.people[0].id, "number": "CTR-1", "content": {"doc": {}, "action": action}});
            centre.opportunite(n)["documents"].as_array_mut().unwrap().push(contract);
        }),
        seed(IntituleCertificat, 'o', over, |centre, n, _| {
            document(centre, n, "certificat")["content"]["followed"] = json!("Autre formation");
        }),
        seed(IntituleCertificat, 'o', over, |centre, n, plan| {
            document(centre, n, "certificat")["content"]["followed"] = json!(format!("{} niveau 2", plan.title));
        }),
        // Hours.
        seed(HeuresConvention, 'o', over, |centre, n, _| {
            document(centre, n, "convention")["content"]["action"][1]["value"] =
                json!("28,00\u{a0}h par stagiaire, en 8 demi-journées");
        }),
        seed(HeuresConvention, 'o', over, |centre, n, _| {
            document(centre, n, "convention")["content"]["action"][1] =
                json!({"label": "Duration", "value": "21.25 h per trainee, in 6 half-days"});
        }),
        seed(HeuresCertifiees, 'o', over, |centre, n, _| {
            document(centre, n, "certificat")["content"]["lasted"] = json!("pour une durée de 21,50\u{a0}h");
        }),
        seed(HeuresCertifiees, 'o', over, |centre, n, _| {
            document(centre, n, "certificat")["content"]["lasted"] = json!("for a duration of 1,021.00\u{a0}h");
        }),
        seed(HeuresCertifiees, 'o', over, |centre, n, _| {
            let lasted = "pour une durée de 35,00\u{a0}h, dont 14,00\u{a0}h en présentiel et 21,00\u{a0}h à distance";
            document(centre, n, "certificat")["content"]["lasted"] = json!(lasted);
        }),
        seed(HeuresCertifiees, 'o', over, |centre, n, _| {
            document(centre, n, "attestation")["content"]["sums"][1]["value"] = json!("24,50\u{a0}h");
        }),
        seed(CertificatAnticipe, 'o', over, |centre, n, plan| {
            document(centre, n, "certificat")["dated"] = json!(plan.first())
        }),
        seed(CertificatAnticipe, 'o', over, |centre, n, plan| {
            document(centre, n, "certificat")["dated"] = json!(plan.first().plus(-3))
        }),
        seed(HeuresFacturees, 'o', over, |centre, n, _| {
            document(centre, n, "facture")["content"]["training"][0]["value"] = json!("512,00\u{a0}h");
        }),
        seed(HeuresFacturees, 'o', over, |centre, n, _| {
            centre.opportunite(n)["data"]["facturation"]["heuresRealisees"] = json!(500.0)
        }),
        seed(HeuresFacturees, 'o', over, |centre, n, _| {
            let piece = piece(centre, n, "facture", "entreprise");
            cents(&mut piece["net"], 20_000);
            cents(&mut piece["total"], 20_000);
        }),
        seed(HeuresFacturees, 'o', whole, |centre, n, _| {
            // An absence that was noted after invoicing; the proofs were made anew.
            let mark = &mut marks(centre, n, 0)[0];
            (mark["state"], mark["minutes"]) = (json!("excused"), json!(0));
            document(centre, n, "certificat")["content"]["lasted"] = json!("pour une durée de 17,50\u{a0}h");
            document(centre, n, "attestation")["content"]["sums"][1]["value"] = json!("17,50\u{a0}h");
        }),
        // What comes first.
        seed(DevisTardif, 'o', over, |centre, n, plan| {
            centre.opportunite(n)["data"]["devis"]["accepteLe"] = json!(plan.first().plus(1))
        }),
        seed(DevisTardif, 'o', over, |centre, n, plan| {
            centre.opportunite(n)["data"]["devis"]["accepteLe"] = json!(plan.last().plus(30))
        }),
        seed(ConventionTardive, 'o', over, |centre, n, plan| {
            centre.opportunite(n)["data"]["documents"]["conventionSigneeLe"] = json!(plan.first().plus(2));
        }),
        seed(ConventionTardive, 'o', over, |centre, n, plan| {
            centre.opportunite(n)["data"]["documents"]["conventionSigneeLe"] = Value::Null;
            document(centre, n, "convention")["signedOn"] = json!(plan.first().plus(1));
        }),
        seed(FinancementTardif, 'o', opco, |centre, n, plan| {
            centre.opportunite(n)["data"]["montage"]["financeurs"][0]["deposeLe"] = json!(plan.first().plus(1));
        }),
        seed(FinancementTardif, 'o', over, |centre, n, plan| funder(centre, n, "region", plan.last().to_string())),
        seed(FinancementTardif, 'o', over, |centre, n, plan| {
            funder(centre, n, "france_travail", plan.first().plus(9).to_string())
        }),
        // Invoices.
        seed(FactureAnticipee, 'o', opco, |centre, n, plan| {
            piece(centre, n, "facture", "opco")["issuedOn"] = json!(plan.first().plus(-1))
        }),
        seed(FactureAnticipee, 'o', opco, |centre, n, plan| {
            piece(centre, n, "facture", "opco")["issuedOn"] = json!(plan.first().plus(-40))
        }),
        seed(AcompteExcessif, 'o', deposit, |centre, n, _| {
            piece(centre, n, "acompte", "opco")["net"] = json!(AGREED * 31 / 100)
        }),
        seed(AcompteExcessif, 'o', deposit, |centre, n, _| {
            let mut second = piece(centre, n, "acompte", "opco").clone();
            (second["id"], second["net"]) = (json!(id('p', 5000 + n)), json!(10_000));
            centre.opportunite(n)["pieces"].as_array_mut().unwrap().push(second);
        }),
        seed(
            FactureAuDelaAccord,
            'o',
            |plan| whole(plan) && plan.opco,
            |centre, n, _| {
                cents(&mut piece(centre, n, "facture", "opco")["net"], 1);
                cents(&mut piece(centre, n, "facture", "entreprise")["net"], -1);
            },
        ),
        seed(
            FactureAuDelaAccord,
            'o',
            |plan| whole(plan) && plan.opco,
            |centre, n, _| {
                cents(&mut piece(centre, n, "facture", "opco")["net"], 5_000);
                cents(&mut piece(centre, n, "facture", "entreprise")["net"], -5_000);
            },
        ),
    ]
}
