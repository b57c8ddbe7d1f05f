//! Sessions: made and kept in step by plannings, shared by several opportunités, with trainees and attendance.

use crate::support::{Client, HOME, World, on_both, on_both_filled};
use afpi_core::clock::{Day, Instant};
use afpi_core::id::OpportuniteId;
use afpi_core::rights::Role;
use afpi_core::scope::Scope;
use afpi_crm::opportunites::stored;
use afpi_crm::sessions::{self, Followed};
use afpi_crm::stagiaires;
use afpi_platform::journal::{Actor, Author};
use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Value, json};

/// Creates an opportunité of this kind at [`HOME`].
async fn file(w: &World, title: &str, kind: &str) -> Value {
    let admin = w.as_role(Role::Admin).await;
    let site = w.site(HOME);
    let company = json!({"name": format!("Société {title}"), "localisationId": site});
    let company = admin.post("/api/entreprises", company).await.expect(201);
    let body =
        json!({"entrepriseId": company["id"], "title": title, "budget": 100, "kind": kind, "localisationId": site});
    admin.post("/api/opportunites", body).await.expect(201)["opportunite"].clone()
}

fn id(record: &Value) -> OpportuniteId {
    record["id"].as_str().unwrap().parse().unwrap()
}

/// What a workflow decides for the planning of the opportunité.
async fn planned(w: &World, file: &Value, number: &str, days: &[(&str, &str)], lost: bool) {
    let (_, definition) = w.app.plugins.workflow(w.site(HOME).into()).await.unwrap();
    let rows: Vec<Value> = days
        .iter()
        .map(|(day, half)| json!({"jour": day, "demi": half, "formateur": "Anne Durand", "salle": "B12"}))
        .collect();
    let data = json!({"planification": {"numeroSession": number, "sessions": rows}}).to_string();
    let mut tx = w.app.db.begin().await.unwrap();
    let of = stored::load(&mut tx, &Scope::All, id(file)).await.unwrap();
    let author = Author { actor: Actor::System, correlation_id: "test" };
    let followed = Followed {
        of: &of,
        definition: &definition,
        data: &data,
        lost,
        booked: false,
        joined: None,
        author,
        now: Instant::now(),
    };
    sessions::follow(&mut tx, &followed).await.unwrap();
    tx.commit().await.unwrap();
}

async fn list(client: &Client) -> Vec<Value> {
    client.get("/api/sessions?sort=numero").await.expect(200)["data"].as_array().unwrap().clone()
}

async fn whole(client: &Client, session: &Value) -> Value {
    client.get(&path(session, "")).await.expect(200)
}

fn path(session: &Value, rest: &str) -> String {
    format!("/api/sessions/{}{rest}", session["id"].as_str().unwrap())
}

const TUESDAY: &str = "2027-03-09";
const WEDNESDAY: &str = "2027-03-10";

#[tokio::test]
async fn a_session_follows_its_planning() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let one = file(&w, "Soudage", "intra-entreprise").await;
        let new = json!({"lastName": "Le Goff", "firstName": "Zoé"});
        admin.post(&format!("/api/opportunites/{}/stagiaires", id(&one)), new).await.expect(201);
        // Without a number there is no session yet.
        planned(&w, &one, "", &[(TUESDAY, "am")], false).await;
        assert!(list(&admin).await.is_empty());
        planned(&w, &one, "S-1", &[(WEDNESDAY, "am"), (TUESDAY, "am"), (TUESDAY, "pm"), (TUESDAY, "pm")], false).await;
        let found = list(&admin).await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&found[0]["numero"], &found[0]["title"], &found[0]["halfDays"], &found[0]["stagiaires"]),
            (&json!("S-1"), &json!("Soudage"), &json!(3), &json!(1))
        );
        assert_eq!((&found[0]["firstDay"], &found[0]["lastDay"]), (&json!(TUESDAY), &json!(WEDNESDAY)));
        let session = whole(&admin, &found[0]).await;
        assert_eq!(
            session["halfDays"][0],
            json!({"day": TUESDAY, "half": "am", "start": "08:30", "end": "12:00", "minutes": 210,
                "remote": false, "formateurs": ["Anne Durand"], "salles": ["B12"]})
        );
        // Another number renames it; its times and its trainees stay. Fewer half-days leave it shorter.
        let times =
            json!({"times": [{"day": TUESDAY, "half": "am", "start": "09:00", "end": "12:20"}], "capacityMax": 8});
        admin.patch(&path(&session, ""), &session["version"], times).await.expect(200);
        planned(&w, &one, "S-2", &[(TUESDAY, "am")], false).await;
        let after = whole(&admin, &session).await;
        assert_eq!((&after["numero"], &after["capacityMax"]), (&json!("S-2"), &json!(8)));
        assert_eq!(after["halfDays"].as_array().unwrap().len(), 1);
        assert_eq!((&after["halfDays"][0]["start"], &after["halfDays"][0]["minutes"]), (&json!("09:00"), &json!(200)));
        assert_eq!(after["stagiaires"][0]["takesPart"], true);
        // The same planning changes nothing.
        planned(&w, &one, "S-2", &[(TUESDAY, "am")], false).await;
        assert_eq!(whole(&admin, &session).await["version"], after["version"]);
        planned(&w, &one, "S-2", &[(TUESDAY, "am")], true).await;
        assert_eq!(whole(&admin, &session).await["status"], "annulee");
    })
    .await;
}

#[tokio::test]
async fn inter_entreprise_opportunites_share_a_session_and_others_do_not() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let (one, two) = (file(&w, "Un", "inter-entreprise").await, file(&w, "Deux", "inter-entreprise").await);
        let intra = file(&w, "Trois", "intra-entreprise").await;
        planned(&w, &one, "S-7", &[(TUESDAY, "am")], false).await;
        planned(&w, &two, "s-7", &[(TUESDAY, "am"), (TUESDAY, "pm")], false).await;
        planned(&w, &intra, "S-7", &[(WEDNESDAY, "am")], false).await;
        let found = list(&admin).await;
        let own = format!("S-7 ({})", intra["numero"].as_str().unwrap());
        let numbers: Vec<&Value> = found.iter().map(|session| &session["numero"]).collect();
        assert_eq!(json!(numbers), json!(["S-7", own]));
        let shared = whole(&admin, &found[0]).await;
        assert_eq!(
            (shared["opportunites"].as_array().unwrap().len(), shared["halfDays"].as_array().unwrap().len()),
            (2, 2)
        );
        // Who leaves takes the own half-days along. The session stays with the others.
        planned(&w, &two, "S-8", &[(TUESDAY, "am"), (TUESDAY, "pm")], false).await;
        let left = whole(&admin, &found[0]).await;
        assert_eq!(
            (left["opportunites"].as_array().unwrap().len(), left["halfDays"].as_array().unwrap().len()),
            (1, 1)
        );
        // The last one that leaves takes its record along, unless it joins another one.
        planned(&w, &one, "S-8", &[(TUESDAY, "am")], false).await;
        admin.get(&path(&found[0], "")).await.refused(404, "not-found");
        // A sales rep sees the session of the site, and of its opportunités only the own ones.
        let commercial = w.as_role(Role::Commercial).await;
        let seen = list(&commercial).await;
        let eight = seen.iter().find(|session| session["numero"] == "S-8").unwrap();
        let eight = whole(&commercial, eight).await;
        assert_eq!((eight["opportunites"].as_array().unwrap().len(), &eight["hidden"]), (0, &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn a_session_can_be_there_before_its_opportunites() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let body =
            json!({"numero": "S-12", "title": "TIG", "programme": "Jour 1", "capacityMin": 4, "capacityMax": 12});
        let made = planner.post("/api/sessions", body.clone()).await.expect(201);
        assert_eq!(
            planner.post("/api/sessions", body).await.refused(409, "duplicate")["fields"][0]["field"],
            "/numero"
        );
        let wrong = json!({"numero": "S-13", "title": "TIG", "capacityMin": 4, "capacityMax": 3});
        assert_eq!(
            planner.post("/api/sessions", wrong).await.refused(422, "validation")["fields"][0]["field"],
            "/capacityMax"
        );
        let one = file(&w, "Un", "inter-entreprise").await;
        planned(&w, &one, "S-12", &[(TUESDAY, "am")], false).await;
        let joined = whole(&planner, &made).await;
        assert_eq!((&joined["title"], joined["opportunites"].as_array().unwrap().len()), (&json!("TIG"), 1));
        // It stays when its planning goes elsewhere.
        planned(&w, &one, "S-13", &[(TUESDAY, "am")], false).await;
        assert_eq!(whole(&planner, &made).await["halfDays"], json!([]));
        let stale = planner.patch(&path(&made, ""), &json!(1), json!({"title": "MIG"})).await.refused(412, "stale");
        assert_eq!(stale["changed"], json!(["title"]));
        let now = whole(&planner, &made).await;
        let unknown = json!({"times": [{"day": TUESDAY, "half": "am", "start": "09:00", "end": "12:00"}]});
        let refused = planner.patch(&path(&made, ""), &now["version"], unknown).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/times/0/day");
        for (start, end) in [("12:00", "09:00"), ("9h00x", "12:00"), ("09:00", "25:00")] {
            let times = json!({"times": [{"day": TUESDAY, "half": "am", "start": start, "end": end}]});
            planner.patch(&path(&made, ""), &now["version"], times).await.refused(422, "validation");
        }
        w.as_role(Role::Assistante)
            .await
            .patch(&path(&made, ""), &now["version"], json!({"title": "X"}))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_person_plans_the_half_days_of_a_session() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let made = planner.post("/api/sessions", json!({"numero": "S-20", "title": "TIG"})).await.expect(201);
        assert_eq!(made["rows"], json!([]));
        let person = async |name: &str| {
            planner.post("/api/formateurs", json!({"name": name, "kind": "permanent"})).await.expect(201)
        };
        let (anne, paul) = (person("Anne").await, person("Paul").await);
        let room = planner.post("/api/salles", json!({"name": "B12"})).await.expect(201);
        let row = |half: &str, trainer: &Value| json!({"day": TUESDAY, "half": half, "formateurId": trainer["id"], "salleId": room["id"]});
        let rows = json!({"halfDays": [row("am", &anne), row("am", &paul), row("pm", &anne)]});
        let at = path(&made, "/half-days");
        let done = planner.put_at(&at, &made["version"], rows.clone()).await.expect(200);
        assert_eq!((done["halfDays"].as_array().unwrap().len(), &done["formateurs"]), (2, &json!(["Anne", "Paul"])));
        assert_eq!(done["halfDays"][0]["salles"], json!(["B12"]));
        planner.put_at(&at, &made["version"], rows.clone()).await.refused(412, "stale");

        // Another session does not get them, and learns at which row.
        let other = planner.post("/api/sessions", json!({"numero": "S-21", "title": "MIG"})).await.expect(201);
        let taken = json!({"halfDays": [{"day": WEDNESDAY, "half": "am", "formateurId": anne["id"]}, row("pm", &paul)]});
        let refused = planner.put_at(&path(&other, "/half-days"), &other["version"], taken).await.refused(409, "double-booking");
        assert_eq!(refused["fields"][0]["field"], "/halfDays/1/salleId");
        assert!(refused["fields"][0]["message"].as_str().unwrap().contains("S-20"), "{refused}");
        let absent = json!({"unavailability": [{"from": TUESDAY, "to": TUESDAY}]});
        let refused = planner.patch(&format!("/api/formateurs/{}", anne["id"].as_str().unwrap()), &anne["version"], absent).await;
        assert!(refused.refused(409, "double-booking")["existing"]["name"].as_str().unwrap().starts_with("S-20"));

        // A cancelled session gives them back. It gets them again as long as they are free.
        let cancelled = planner.patch(&path(&made, ""), &done["version"], json!({"status": "annulee"})).await.expect(200);
        let free = json!({"halfDays": [row("pm", &paul)]});
        let got = planner.put_at(&path(&other, "/half-days"), &other["version"], free).await.expect(200);
        planner.patch(&path(&made, ""), &cancelled["version"], json!({"status": "prevue"})).await.refused(409, "double-booking");
        planner.put_at(&path(&other, "/half-days"), &got["version"], json!({"halfDays": []})).await.expect(200);
        planner.patch(&path(&made, ""), &cancelled["version"], json!({"status": "prevue"})).await.expect(200);

        // Unknown ids, repeated trainers and implausible days are refused at their rows.
        let version = whole(&planner, &made).await["version"].clone();
        for (row, field) in [
            (json!({"day": TUESDAY, "half": "am", "formateurId": room["id"]}), "/halfDays/1/formateurId"),
            (json!({"day": TUESDAY, "half": "am", "salleId": anne["id"]}), "/halfDays/1/salleId"),
            (row("am", &anne), "/halfDays/1/formateurId"),
            (json!({"day": "1026-03-09", "half": "am"}), "/halfDays/1/day"),
        ] {
            let body = json!({"halfDays": [{"day": TUESDAY, "half": "am", "formateurId": anne["id"]}, row]});
            assert_eq!(planner.put_at(&at, &version, body).await.refused(422, "validation")["fields"][0]["field"], field);
        }
        // A session that a planning made has the planning's half-days.
        let one = file(&w, "Un", "intra-entreprise").await;
        planned(&w, &one, "S-22", &[(TUESDAY, "am")], false).await;
        let followed = planner.get("/api/sessions?q=S-22").await.expect(200)["data"][0].clone();
        planner.put_at(&path(&followed, "/half-days"), &followed["version"], rows).await.refused(409, "conflict");
    })
    .await;
}

#[tokio::test]
async fn attendance_is_noted_corrected_and_counted() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let one = file(&w, "Soudage", "intra-entreprise").await;
        planned(&w, &one, "S-1", &[(TUESDAY, "am"), (TUESDAY, "pm")], false).await;
        let people = format!("/api/opportunites/{}/stagiaires", id(&one));
        let mut made = Vec::new();
        for name in ["Ali", "Zoé"] {
            made.push(admin.post(&people, json!({"lastName": name, "firstName": "X"})).await.expect(201));
        }
        let session = list(&admin).await.remove(0);
        let to = path(&session, "/attendance");
        let cell = |person: &Value, half: &str, state: Value| json!({"stagiaireId": person["id"], "day": TUESDAY, "half": half, "state": state});
        let assistante = w.as_role(Role::Assistante).await;
        let mut late = cell(&made[1], "am", json!("late"));
        late["lateMinutes"] = json!(20);
        let cells = json!({"cells": [cell(&made[0], "am", json!("present")), cell(&made[0], "pm", json!("excused")), late]});
        let grid = assistante.put(&to, cells).await.expect(200);
        let rows = grid["stagiaires"].as_array().unwrap();
        assert_eq!((&rows[0]["minutesPlanned"], &rows[0]["minutesDone"]), (&json!(420), &json!(210)));
        assert_eq!((&rows[1]["minutesDone"], &rows[1]["cells"][0]["lateMinutes"]), (&json!(190), &json!(20)));
        assert_eq!(grid, assistante.get(&to).await.expect(200));
        // A correction is told, the same value again is not.
        let again = json!({"cells": [cell(&made[0], "am", json!("absent")), cell(&made[0], "pm", json!("excused"))]});
        assistante.put(&to, again).await.expect(200);
        let told = admin.get(&format!("/api/journal?subjectKind=stagiaire&subjectId={}", made[0]["id"].as_str().unwrap())).await.expect(200);
        let line = &told["data"][0]["changes"];
        assert_eq!(line.as_array().unwrap().len(), 1, "{line:#}");
        assert_eq!((&line[0]["from"], &line[0]["to"]), (&json!("present"), &json!("absent")));
        let opened = assistante.put(&to, json!({"cells": [cell(&made[0], "am", Value::Null)]})).await.expect(200);
        assert_eq!(opened["stagiaires"][0]["cells"].as_array().unwrap().len(), 1);

        // What is no cell is refused.
        let mut other = cell(&made[0], "am", json!("present"));
        other["day"] = json!(WEDNESDAY);
        let mut long = cell(&made[0], "am", json!("late"));
        long["lateMinutes"] = json!(210);
        let mut stranger = cell(&made[0], "am", json!("present"));
        stranger["stagiaireId"] = session["id"].clone();
        for (wrong, at) in [(other, "/cells/0/day"), (long, "/cells/0/lateMinutes"), (stranger, "/cells/0/stagiaireId")] {
            let refused = assistante.put(&to, json!({"cells": [wrong]})).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], at);
        }
        w.as_role(Role::Facturation).await.put(&to, json!({"cells": []})).await.refused(403, "forbidden");

        // Who was there stays: as a trainee, in the session, and with the half-day.
        let gone = admin.send("DELETE", &format!("/api/stagiaires/{}", made[1]["id"].as_str().unwrap()), None, &[("if-match", "\"1\"".into())]).await;
        gone.refused(409, "conflict");
        admin.put(&path(&session, "/stagiaires"), json!({"stagiaireIds": []})).await.refused(409, "conflict");
        planned(&w, &one, "S-1", &[(WEDNESDAY, "am")], false).await;
        assert_eq!(whole(&admin, &session).await["halfDays"].as_array().unwrap().len(), 3);

        let sheet = admin.raw("GET", &path(&session, "/attendance/export"), None, &[("accept-language", "fr".into())]).await;
        let bytes = axum::body::to_bytes(sheet.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains("Retard 20 min") && text.contains("3,17"), "{text}");

        // The dossier de preuve has the same sheet, and its archive is sound.
        let asked = json!({"subjects": [{"kind": "sessions", "id": session["id"]}]});
        let export = admin.post("/api/preuves", asked).await.expect(202);
        w.work().await;
        let export = admin.get(&format!("/api/preuves/exports/{}", export["id"].as_str().unwrap())).await.expect(200);
        let archive = format!("/api/preuves/archives/{}/content", export["archives"][0]["id"].as_str().unwrap());
        let archive = admin.raw("GET", &archive, None, &[]).await;
        let bytes = axum::body::to_bytes(archive.into_body(), usize::MAX).await.unwrap();
        let contains = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(contains(&text) && contains("presences-S-1.csv"));

        // Documents read the same.
        let mut conn = w.app.db.read().await.unwrap();
        let shown = json!(sessions::dossier(&mut conn, id(&one)).await.unwrap());
        assert_eq!(shown[0]["halfDays"][0]["trainer"], Value::Null, "a half-day that is no longer planned");
        let last = shown[0]["halfDays"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["trainer"], &last["room"], &last["start"]), (&json!("Anne Durand"), &json!("B12"), &json!("08:30")));
        assert_eq!(shown[0]["trainers"], json!([{"name": "Anne Durand", "titles": []}]));
        let people = json!(stagiaires::dossier(&mut conn, id(&one)).await.unwrap());
        assert_eq!(people[1]["attendance"], json!([{"day": TUESDAY, "half": "am", "state": "late", "minutes": 190}]));
        assert_eq!((&people[1]["minutesDone"], &people[1]["minutesPlanned"]), (&json!(190), &json!(630)));
        assert!(people[1].get("needs").is_none());
        let session_id = session["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(json!(stagiaires::dossier_of_session(&mut conn, session_id).await.unwrap()), people);
        drop(conn);

        // A half-day at a distance: its hours are told apart, planned and done. Its times stay.
        assert!(shown[0].get("remoteMinutes").is_none() && people[1].get("remoteMinutesDone").is_none());
        let now = whole(&admin, &session).await;
        let remote = json!({"times": [{"day": TUESDAY, "half": "am", "start": "08:30", "end": "12:00", "remote": true}]});
        let after = admin.patch(&path(&session, ""), &now["version"], remote).await.expect(200);
        assert_eq!((&after["halfDays"][0]["remote"], &after["halfDays"][0]["start"]), (&json!(true), &json!("08:30")));
        let mut conn = w.app.db.read().await.unwrap();
        let shown = json!(sessions::dossier(&mut conn, id(&one)).await.unwrap());
        assert_eq!(shown[0]["remoteMinutes"], 210);
        let people = json!(stagiaires::dossier(&mut conn, id(&one)).await.unwrap());
        assert_eq!((&people[1]["remoteMinutesDone"], &people[1]["minutesDone"]), (&json!(190), &json!(190)));
        drop(conn);
        let told = admin.get(&format!("/api/journal?subjectKind=session&subjectId={}", session["id"].as_str().unwrap())).await.expect(200);
        assert!(told.to_string().contains("remote/2027-03-09 am"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn who_takes_part_is_chosen_per_session() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let one = file(&w, "Soudage", "intra-entreprise").await;
        planned(&w, &one, "S-1", &[(TUESDAY, "am")], false).await;
        let people = format!("/api/opportunites/{}/stagiaires", id(&one));
        let made = admin.post(&people, json!({"lastName": "Ali", "firstName": "X"})).await.expect(201);
        let session = list(&admin).await.remove(0);
        let to = path(&session, "/stagiaires");
        let out = admin.put(&to, json!({"stagiaireIds": []})).await.expect(200);
        assert_eq!(out["stagiaires"][0]["takesPart"], false);
        let back = admin.put(&to, json!({"stagiaireIds": [made["id"]]})).await.expect(200);
        assert_eq!(back["stagiaires"][0]["takesPart"], true);
        let refused = admin.put(&to, json!({"stagiaireIds": [session["id"]]})).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/stagiaireIds/0");
    })
    .await;
}

/// A Tuesday of next March. A Tuesday in March is never a public holiday.
fn tuesday() -> String {
    let from = NaiveDate::from_ymd_opt(Day::today().year() + 1, 3, 8).unwrap();
    from.iter_days().find(|day| day.weekday() == Weekday::Tue).unwrap().to_string()
}

/// Through the real workflow: two inter-entreprise opportunités share a half-day, a third one does not get it.
#[tokio::test]
async fn a_half_day_of_one_session_is_booked_once_for_all_its_opportunites() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let ready = admin.get("/api/opportunites?section=planification&outcome=won&limit=100").await.expect(200);
        let ready = ready["data"].as_array().unwrap().clone();
        let site = ready[0]["localisation"]["id"].clone();
        let mine: Vec<&Value> = ready.iter().take(3).collect();
        // All of them are of one site.
        let mut tx = w.app.db.begin().await.unwrap();
        for file in &mine {
            afpi_db::sql("UPDATE opportunites SET localisation_id = ? WHERE id = ?")
                .bind(site.as_str().unwrap().parse::<uuid::Uuid>().unwrap())
                .bind(id(file))
                .execute(&mut tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let body = json!({"name": "Partagée", "kind": "permanent", "localisationId": site});
        let trainer = admin.post("/api/formateurs", body).await.expect(201);
        let at = |file: &Value, rest: &str| format!("/api/opportunites/{}{rest}", file["id"].as_str().unwrap());
        let half = std::cell::Cell::new("am");
        let plan = async |file: &Value, kind: &str, number: &str| {
            let now = admin.get(&at(file, "")).await.expect(200)["opportunite"].clone();
            let now =
                admin.patch(&at(file, ""), &now["version"], json!({"kind": kind})).await.expect(200)["opportunite"]
                    .clone();
            let document = json!({"numeroSession": number, "impressionsCommandees": true,
                "sessions": [{"jour": tuesday(), "demi": half.get(), "formateur": trainer["id"], "salle": "Commune"}]});
            let edited =
                admin.put_at(&at(file, "/sections/planification"), &now["version"], document).await.expect(200);
            admin.post_at(&at(file, "/transitions/planifier"), &edited["opportunite"]["version"], json!({})).await
        };
        plan(mine[0], "inter-entreprise", "S-COMMUNE").await.expect(200);
        let second = plan(mine[1], "inter-entreprise", "S-COMMUNE").await.expect(200);
        assert_eq!(second["opportunite"]["bookings"].as_array().unwrap().len(), 2);
        plan(mine[2], "intra-entreprise", "S-AUTRE").await.refused(409, "double-booking");
        let session = admin.get("/api/sessions?q=commune").await.expect(200)["data"][0].clone();
        assert_eq!(
            (&session["opportunites"], &session["status"], &session["formateurs"]),
            (&json!(2), &json!("confirmee"), &json!(["Partagée"]))
        );
        // A session that a person planned holds its half-days, and shares them with the opportunités that join it.
        half.set("pm");
        let body = json!({"numero": "S-OUVERTE", "title": "Ouverte", "localisationId": site});
        let open = admin.post("/api/sessions", body).await.expect(201);
        let rows = json!({"halfDays": [{"day": tuesday(), "half": "pm", "formateurId": trainer["id"]}]});
        let ours = admin.put_at(&path(&open, "/half-days"), &open["version"], rows).await.expect(200);
        plan(mine[2], "intra-entreprise", "S-AUTRE").await.refused(409, "double-booking");
        plan(mine[2], "inter-entreprise", "S-OUVERTE").await.expect(200);
        let slots = format!(
            "/api/formateurs/{}/planning?from={day}&to={day}",
            trainer["id"].as_str().unwrap(),
            day = tuesday()
        );
        let held = async || admin.get(&slots).await.expect(200)["data"][1].clone();
        assert_eq!(
            (&held().await["session"]["numero"], &held().await["opportunite"]),
            (&json!("S-OUVERTE"), &json!(null))
        );
        // When the session gives its half-days back, the opportunité that shares one keeps it.
        let version = whole(&admin, &ours).await["version"].clone();
        admin.put_at(&path(&open, "/half-days"), &version, json!({"halfDays": []})).await.expect(200);
        assert_eq!(held().await["opportunite"]["id"], mine[2]["id"]);
        // And the session takes what its opportunité has booked.
        let rows = json!({"halfDays": [{"day": tuesday(), "half": "pm", "formateurId": trainer["id"]}]});
        let version = whole(&admin, &ours).await["version"].clone();
        admin.put_at(&path(&open, "/half-days"), &version, rows).await.expect(200);
        assert_eq!(held().await["session"]["numero"], "S-OUVERTE");
        // A trainer who leaves hands over the half-days of all of them.
        let next = admin
            .post("/api/formateurs", json!({"name": "Suivante", "kind": "permanent", "localisationId": site}))
            .await
            .expect(201);
        let leave = json!({"active": false, "successorId": next["id"]});
        admin
            .patch(&format!("/api/formateurs/{}", trainer["id"].as_str().unwrap()), &json!(1), leave)
            .await
            .expect(200);
        for file in &mine[..2] {
            let now = admin.get(&at(file, "")).await.expect(200)["opportunite"].clone();
            let booked = now["bookings"].as_array().unwrap();
            assert!(booked.iter().any(|booking| booking["label"] == "Suivante"), "{booked:?}");
            assert_eq!(now["data"]["planification"]["sessions"][0]["formateur"], next["id"]);
        }
        for q in ["commune", "ouverte"] {
            let session = admin.get(&format!("/api/sessions?q={q}")).await.expect(200)["data"][0].clone();
            assert_eq!(session["formateurs"], json!(["Suivante"]), "{q}");
        }
        assert_eq!(whole(&admin, &open).await["rows"][0]["formateurId"], next["id"]);
        // Every planning of the demo is a session, also after the adoption at the next start.
        let before = admin.get("/api/sessions").await.expect(200)["meta"]["total"].clone();
        let mut tx = w.app.db.begin().await.unwrap();
        for emptied in [
            "DELETE FROM attendance",
            "UPDATE reservations SET session_id = NULL, reason = 'x' WHERE session_id IS NOT NULL",
            "DELETE FROM session_rows",
            "DELETE FROM session_plans",
            "DELETE FROM session_half_days",
            "DELETE FROM session_opportunites",
            "DELETE FROM session_stagiaires",
            "DELETE FROM sessions",
        ] {
            afpi_db::sql(emptied).execute(&mut tx).await.unwrap();
        }
        afpi_db::sql("UPDATE opportunites SET sessions_kept = ?").bind(false).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let (first, second) = tokio::join!(sessions::adopt(&w.app), sessions::adopt(&w.app));
        first.and(second).unwrap();
        assert_eq!(admin.get("/api/sessions").await.expect(200)["meta"]["total"], before);
    })
    .await;
}
