//! The two requests of the relay, on opportunités in every status. The server refuses malformed, mistyped, unknown, too
//! large, stale, forbidden and untimely requests, each with its own code, and changes nothing. Two opportunités never
//! get the same half-day of a trainer or room.

use crate::support;
use crate::support::{Client, World, on_both_filled};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Value, json};
use uuid::Uuid;

/// The first opportunité in this status that this client sees.
async fn standing(client: &Client, status: &str) -> Value {
    let found = client.get(&format!("/api/opportunites?status={status}&limit=1")).await.expect(200);
    let id = found["data"][0]["id"].as_str().unwrap_or_else(|| panic!("a file in {status}: {found:#}")).to_owned();
    client.get(&format!("/api/opportunites/{id}")).await.expect(200)["opportunite"].clone()
}

fn path(file: &Value, rest: &str) -> String {
    format!("/api/opportunites/{}{rest}", file["id"].as_str().unwrap())
}

/// Checks that the opportunité is unchanged.
async fn untouched(w: &World, file: &Value) {
    let now = w.as_role(Role::Admin).await.get(&path(file, "")).await.expect(200)["opportunite"].clone();
    assert_eq!((&now["version"], &now["status"], &now["data"]), (&file["version"], &file["status"], &file["data"]));
}

#[tokio::test]
async fn a_bad_section_is_refused_with_its_own_code_and_changes_nothing() {
    on_both_filled(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let file = standing(&commercial, "en_cours_collecte").await;
        let section = path(&file, "/sections/collecte");
        let seen = &file["version"];
        for (body, status, code) in [
            ("{", 400, "malformed-json"),
            ("", 400, "malformed-json"),
            (r#"{"participants": 3, "participants": 4}"#, 400, "malformed-json"),
            (r#"{"contacts": [{"nom": "A", "nom": "B"}]}"#, 400, "malformed-json"),
            ("[]", 422, "wrong-type"),
            ("3", 422, "wrong-type"),
        ] {
            commercial.text("PUT", &section, body).await.refused(status, code);
        }
        for body in [json!({"participants": "trois"}), json!({"inconnu": 1}), json!({"contacts": [{"nom": 3}]})] {
            let problem = commercial.put_at(&section, seen, body).await.refused(422, "validation");
            assert!(!problem["fields"].as_array().unwrap().is_empty(), "{problem:#}");
        }
        let large = json!({"remarques": "x".repeat(1_100_000)});
        commercial.put_at(&section, seen, large).await.refused(413, "too-large");
        let unknown = commercial.put_at(&path(&file, "/sections/inconnue"), seen, json!({})).await;
        unknown.refused(404, "not-found");
        commercial.put(&section, json!({})).await.refused(428, "version-required");
        let stale =
            commercial.put_at(&section, &json!(seen.as_i64().unwrap() + 7), json!({})).await.refused(412, "stale");
        assert_eq!(stale["current"]["version"], *seen);
        // The server refuses a role that does not own the section, a section whose turn it is not, and a person of
        // another site.
        w.as_role(Role::Facturation).await.put_at(&section, seen, json!({})).await.refused(403, "forbidden");
        commercial.put_at(&path(&file, "/sections/facturation"), seen, json!({})).await.refused(403, "forbidden");
        let away = w.as_user(w.another(Role::Manager, "loin", &[support::AWAY]).await).await;
        away.put_at(&section, seen, json!({})).await.refused(404, "not-found");
        untouched(&w, &file).await;
    })
    .await;
}

/// What a cancellation asks.
fn cancelled() -> Value {
    json!({"cause": "besoin", "motif": "Le client renonce."})
}

#[tokio::test]
async fn a_move_that_cannot_be_is_refused_with_its_own_code_and_changes_nothing() {
    on_both_filled(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let file = standing(&commercial, "en_cours_collecte").await;
        let moved = |name: &str| path(&file, &format!("/transitions/{name}"));
        let seen = &file["version"];
        for (body, status, code) in [
            ("{", 400, "malformed-json"),
            (r#"{"motif": "a", "motif": "b"}"#, 400, "malformed-json"),
            ("[]", 422, "wrong-type"),
        ] {
            commercial.text("POST", &moved("annuler"), body).await.refused(status, code);
        }
        for body in [json!({"inconnu": 1}), json!({"motif": 3}), json!({})] {
            commercial.post_at(&moved("annuler"), seen, body).await.refused(422, "validation");
        }
        commercial.post_at(&moved("inconnu"), seen, json!({})).await.refused(404, "not-found");
        commercial.post(&moved("annuler"), cancelled()).await.refused(428, "version-required");
        commercial.post_at(&moved("annuler"), &json!(99), cancelled()).await.refused(412, "stale");
        // The server refuses a move of another role, a move from another status, and a person of another site.
        w.as_role(Role::Facturation)
            .await
            .post_at(&moved("annuler"), seen, cancelled())
            .await
            .refused(403, "forbidden");
        w.as_role(Role::Admin).await.post_at(&moved("reprendre"), seen, json!({})).await.refused(409, "move-refused");
        let away = w.as_user(w.another(Role::Manager, "loin", &[support::AWAY]).await).await;
        away.post_at(&moved("annuler"), seen, cancelled()).await.refused(404, "not-found");
        untouched(&w, &file).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_closed_stands_as_it_ended_but_for_who_looks_after_it() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for status in ["termine", "annule"] {
            let file = standing(&admin, status).await;
            for change in [
                json!({"budget": 1}),
                json!({"title": "Autre"}),
                json!({"kind": "alternance", "commercialId": w.person(Role::Commercial)}),
            ] {
                admin.patch(&path(&file, ""), &file["version"], change).await.refused(409, "conflict");
            }
            untouched(&w, &file).await;
            let heir = w
                .another(
                    Role::Commercial,
                    &format!("suite-{status}"),
                    &[file["localisation"]["code"].as_str().unwrap()],
                )
                .await;
            let changed =
                admin.patch(&path(&file, ""), &file["version"], json!({"commercialId": heir})).await.expect(200);
            assert_eq!(changed["opportunite"]["commercial"]["id"], json!(heir));
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_behind_is_told_all_that_changed_also_by_a_move_of_several_steps() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let file = standing(&admin, "devis_envoye").await;
        let edited = admin.patch(&path(&file, ""), &file["version"], json!({"title": "Autre"})).await.expect(200);
        let version = &edited["opportunite"]["version"];
        let accepted = json!({"signataire": "Anne Leroy"});
        let moved = admin.post_at(&path(&file, "/transitions/accepter_devis"), version, accepted).await.expect(200);
        assert_eq!(moved["opportunite"]["version"].as_i64(), version.as_i64().map(|v| v + 1));
        let history = admin.get(&path(&file, "/historique")).await.expect(200);
        let steps = history["data"].as_array().unwrap().iter().take(2).all(|line| line["kind"] == "moved");
        assert!(steps, "one move, two lines: {history:#}");
        let behind = |seen: Value| {
            let (admin, to) = (admin.clone(), path(&file, ""));
            async move { admin.patch(&to, &seen, json!({"title": "x"})).await.refused(412, "stale")["changed"].clone() }
        };
        let by_the_move =
            ["/devis/accepteLe", "/devis/enAttenteDe", "/devis/signataire", "/montage/resteACouvrir", "/status"];
        assert_eq!(behind(version.clone()).await, json!(by_the_move));
        let by_both: Vec<&str> = by_the_move.into_iter().chain(["/title"]).collect();
        assert_eq!(behind(file["version"].clone()).await, json!(by_both));
    })
    .await;
}

#[tokio::test]
async fn a_quote_is_worth_what_it_says_whatever_the_budget_becomes() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let worth = async |status: &str| {
            let file = standing(&admin, status).await;
            assert_eq!(file["amount"], file["budget"], "{status}: here the amount equals the budget");
            let changed = admin.patch(&path(&file, ""), &file["version"], json!({"budget": 4_200})).await.expect(200);
            assert_eq!(changed["opportunite"]["budget"], 4_200);
            (file["amount"].clone(), changed["opportunite"]["amount"].clone())
        };
        assert_eq!(worth("en_cours_collecte").await.1, 4_200, "before there is a quote");
        let (before, after) = worth("devis_envoye").await;
        assert_eq!(before, after);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_sent_back_says_by_whom_and_why_until_it_goes_on() {
    on_both_filled(|w| async move {
        let (admin, commercial) = (w.as_role(Role::Admin).await, w.as_role(Role::Commercial).await);
        let file = standing(&commercial, "en_cours_collecte").await;
        let document = json!({"contacts": [{"nom": "Anne Leroy", "email": "a.leroy@exemple.fr"}], "objectifs": "Souder",
            "participants": 3, "debutSouhaite": tuesday()});
        let filled =
            commercial.put_at(&path(&file, "/sections/collecte"), &file["version"], document).await.expect(200);
        let submitted = json!({});
        let version = &filled["opportunite"]["version"];
        let file = commercial.post_at(&path(&file, "/transitions/soumettre"), version, submitted).await.expect(200)
            ["opportunite"]
            .clone();
        let read = async |client: &Client| client.get(&path(&file, "")).await.expect(200)["opportunite"].clone();
        let told = async |client: &Client| {
            let inbox = client.get("/api/dashboard/inbox").await.expect(200);
            let waiting = inbox["waiting"].as_array().unwrap().clone();
            waiting.into_iter().find(|item| item["id"] == file["id"]).map(|item| item["sentBack"].clone())
        };
        assert!(file["sentBack"].is_null() && told(&commercial).await.is_none());
        let motif = json!({"motif": "Précisez le lieu."});
        let moved = admin.post_at(&path(&file, "/transitions/rejeter"), &file["version"], motif).await.expect(200);
        let back = &moved["opportunite"]["sentBack"];
        assert_eq!((&back["by"], &back["reason"]), (&json!("Administrateur Démo"), &json!("Précisez le lieu.")));
        assert_eq!(told(&commercial).await.as_ref(), Some(back));

        // The commercial submits again and takes the submission back himself, so nobody has sent the opportunité back.
        let now = read(&commercial).await;
        let again =
            commercial.post_at(&path(&file, "/transitions/soumettre"), &now["version"], json!({})).await.expect(200);
        assert!(again["opportunite"]["sentBack"].is_null());
        let version = &again["opportunite"]["version"];
        let taken =
            commercial.post_at(&path(&file, "/transitions/reprendre_saisie"), version, json!({})).await.expect(200);
        assert_eq!(taken["opportunite"]["status"], "en_cours_collecte");
        assert!(taken["opportunite"]["sentBack"].is_null());
        assert_eq!(told(&commercial).await, Some(Value::Null));
    })
    .await;
}

#[tokio::test]
async fn a_closed_file_is_reopened_and_its_payment_taken_back() {
    on_both_filled(|w| async move {
        let facturation = w.as_role(Role::Facturation).await;
        let file = standing(&facturation, "termine").await;
        let take = async |name: &str, version: &Value, input: Value| {
            let to = path(&file, &format!("/transitions/{name}"));
            facturation.post_at(&to, version, input).await.expect(200)["opportunite"].clone()
        };
        let year = Day::today().year();
        let received = async || {
            let path = format!("/api/dashboard?period={year}");
            let shown = w.as_role(Role::Admin).await.get(&path).await.expect(200);
            let metrics = shown["metrics"].as_array().unwrap().clone();
            metrics.iter().find(|m| m["id"] == "ca_encaisse").unwrap()["figure"]["value"].as_i64().unwrap()
        };
        let reopened = take("rouvrir", &file["version"], json!({"motif": "Chèque impayé"})).await;
        assert_eq!(reopened["outcome"], "won");
        let amount = file["data"]["facturation"]["paiements"][0]["montant"].clone();
        let before = received().await;
        let back = json!({"reglement": 1, "motif": "Chèque impayé"});
        let due = take("contrepasser_reglement", &reopened["version"], back).await;
        assert_eq!((&due["status"], &due["data"]["facturation"]["resteDu"]), (&json!("facture"), &amount));
        assert_eq!(due["data"]["facturation"]["enAttenteDe"], "OPCO 2i");
        assert_eq!(received().await, before - amount.as_i64().unwrap());
        // Other roles may not do this.
        for role in [Role::Commercial, Role::Assistante, Role::Planificateur] {
            let other = w.as_role(role).await;
            let reply = other
                .post_at(
                    &path(&file, "/transitions/emettre_avoir"),
                    &due["version"],
                    json!({"facture": "F", "motif": "abc"}),
                )
                .await;
            assert!([403, 404].contains(&reply.status), "{role:?}: {}", reply.status);
        }
    })
    .await;
}

#[tokio::test]
async fn work_under_way_includes_what_is_signed() {
    on_both_filled(|w| async move {
        let assistante = w.as_role(Role::Assistante).await;
        let inbox = assistante.get("/api/dashboard/inbox").await.expect(200);
        let signed =
            assistante.get("/api/opportunites?outcome=won").await.expect(200)["meta"]["total"].as_i64().unwrap();
        let open =
            assistante.get("/api/opportunites?outcome=open").await.expect(200)["meta"]["total"].as_i64().unwrap();
        let suspended =
            assistante.get("/api/opportunites?outcome=suspended").await.expect(200)["meta"]["total"].as_i64().unwrap();
        let mine = inbox["counts"]["mine"].as_i64().unwrap();
        assert!(
            signed > 0 && mine > open + suspended,
            "{mine} under way, {open} open, {suspended} suspended, {signed} signed"
        );
        assert!(mine >= inbox["counts"]["waiting"].as_i64().unwrap());
    })
    .await;
}

/// A Tuesday of next March. A Tuesday in March is never a public holiday.
fn tuesday() -> String {
    let year = Day::today().year();
    let from = NaiveDate::from_ymd_opt(year + 1, 3, 8).unwrap();
    let day = from.iter_days().find(|day| day.weekday() == Weekday::Tue).unwrap();
    day.to_string()
}

/// Fills in the planning section with one half-day, in the morning. The next step confirms it.
async fn drafted(admin: &Client, file: &Value, trainer: &Value, room: &str) -> Value {
    let document = json!({
        "numeroSession": format!("S-{}", file["numero"].as_str().unwrap()), "impressionsCommandees": true,
        "sessions": [{"jour": tuesday(), "demi": "am", "formateur": trainer["id"], "salle": room}],
    });
    let now = admin.get(&path(file, "")).await.expect(200)["opportunite"].clone();
    let edited = admin.put_at(&path(file, "/sections/planification"), &now["version"], document).await.expect(200);
    edited["opportunite"].clone()
}

/// Plans the opportunité with this trainer in this room.
async fn plan(admin: &Client, file: &Value, trainer: &Value, room: &str) -> support::Reply {
    let edited = drafted(admin, file, trainer, room).await;
    admin.post_at(&path(file, "/transitions/planifier"), &edited["version"], json!({})).await
}

#[tokio::test]
async fn a_trainer_is_one_person_everywhere_and_a_room_belongs_to_its_site() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let files = admin.get("/api/opportunites?section=planification&limit=100").await.expect(200)["data"]
            .as_array()
            .unwrap()
            .clone();
        let ready: Vec<&Value> = files.iter().filter(|file| file["outcome"] == "won").collect();
        let site = |file: &Value| file["localisation"]["id"].as_str().unwrap().to_owned();
        let first = ready[0];
        let elsewhere = ready.iter().find(|file| site(file) != site(first)).expect("files of two sites");
        let third =
            ready.iter().find(|file| file["id"] != first["id"] && file["id"] != elsewhere["id"]).expect("three files");
        let trainers = admin.get("/api/formateurs?limit=100").await.expect(200)["data"].as_array().unwrap().clone();

        let planned = plan(&admin, first, &trainers[0], "Salle 1").await.expect(200);
        let booked = &planned["opportunite"]["bookings"];
        assert!(
            booked
                .as_array()
                .unwrap()
                .iter()
                .any(|b| (&b["kind"], &b["label"]) == (&json!("salle"), &json!("Salle 1"))),
            "{booked:#}"
        );
        // The other site gets an error for the same trainer, which does not name the opportunité that has the booking.
        // Its room of the same name is another room.
        let taken = plan(&admin, elsewhere, &trainers[0], "Salle 1").await.refused(409, "double-booking");
        let message = format!(
            "{} : déjà pris le {}, matin.",
            trainers[0]["name"].as_str().unwrap(),
            afpi_core::clock::long_day(&tuesday()).fr
        );
        assert_eq!(
            taken["fields"],
            json!([{"field": "/planification/sessions/0/formateur", "code": "double-booking", "message": message}])
        );
        plan(&admin, elsewhere, &trainers[1], "Salle 1").await.expect(200);
        // Within a site, all spellings of a room's name mean the same room. To show this, the test moves the first
        // opportunité's booking to this site.
        let here = site(third);
        let made = admin.post("/api/salles", json!({"name": "Salle 1", "localisationId": here})).await;
        assert!([201, 409].contains(&made.status), "{:#}", made.body);
        let rooms = admin.get(&format!("/api/salles?localisationId={here}&q=salle%201")).await.expect(200);
        let room = rooms["data"][0]["id"].as_str().unwrap().to_owned();
        let mut tx = w.app.db.begin().await.unwrap();
        afpi_db::sql(
            "UPDATE reservations SET localisation_id = ?, resource_id = ? WHERE kind = 'salle' AND opportunite_id = ?",
        )
        .bind(here.parse::<uuid::Uuid>().unwrap())
        .bind(&room)
        .bind(first["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap())
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for spelling in ["salle  1", "SALLE 1", &room] {
            let taken = plan(&admin, third, &trainers[2], spelling).await.refused(409, "double-booking");
            let message = format!(
                "Salle 1 : déjà pris le {}, matin ({}).",
                afpi_core::clock::long_day(&tuesday()).fr,
                first["numero"].as_str().unwrap()
            );
            assert_eq!(
                taken["fields"],
                json!([{"field": "/planification/sessions/0/salle", "code": "double-booking", "message": message}])
            );
        }
        plan(&admin, third, &trainers[2], "Salle 2").await.expect(200);
    })
    .await;
}

/// The signed opportunités that need planning.
async fn to_plan(admin: &Client) -> Vec<Value> {
    let files = admin.get("/api/opportunites?section=planification&outcome=won&limit=100").await.expect(200);
    files["data"].as_array().unwrap().clone()
}

/// The trainer is free again however the opportunité ends without success.
#[tokio::test]
async fn an_opportunite_that_is_lost_or_cancelled_gives_its_half_days_back() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let files = to_plan(&admin).await;
        let trainers = admin.get("/api/formateurs?limit=100").await.expect(200)["data"].as_array().unwrap().clone();
        let moved = async |file: &Value, name: &str, input: Value| {
            let now = admin.get(&path(file, "")).await.expect(200)["opportunite"].clone();
            let at = path(file, &format!("/transitions/{name}"));
            admin.post_at(&at, &now["version"], input).await.expect(200)["opportunite"].clone()
        };
        let slots = async || {
            let at = format!(
                "/api/formateurs/{}/planning?from={day}&to={day}",
                trainers[0]["id"].as_str().unwrap(),
                day = tuesday()
            );
            admin.get(&at).await.expect(200)["data"].as_array().unwrap().len()
        };
        let reason = || json!({"motif": "Le client renonce."});
        let (withdrawn, lost, last) = (&files[0], &files[1], &files[2]);
        plan(&admin, withdrawn, &trainers[0], "Salle 1").await.expect(200);
        assert_eq!(slots().await, 1);
        moved(withdrawn, "annuler", cancelled()).await;
        assert_eq!(slots().await, 0);

        // Sent back from the planning to the quote it keeps them, until the customer refuses.
        plan(&admin, lost, &trainers[0], "Salle 1").await.expect(200);
        for _ in 0..3 {
            moved(lost, "retourner", reason()).await;
        }
        assert_eq!(slots().await, 1);
        moved(lost, "envoyer_devis", json!({})).await;
        moved(lost, "refuser_devis", json!({"cause": "prix", "motif": "Trop cher"})).await;
        let end = moved(lost, "classer_perdu", json!({})).await;
        assert_eq!((&end["outcome"], &end["bookings"]), (&json!("lost"), &json!([])));
        assert_eq!(slots().await, 0);

        // Those that were lost before are brought over at the start.
        plan(&admin, last, &trainers[0], "Salle 1").await.expect(200);
        let mut tx = w.app.db.begin().await.unwrap();
        let id: Uuid = last["id"].as_str().unwrap().parse().unwrap();
        sql("UPDATE opportunites SET outcome = 'lost' WHERE id = ?").bind(id).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(slots().await, 1);
        afpi_crm::opportunites::free_lost(&w.app.db).await.unwrap();
        assert_eq!(slots().await, 0);
    })
    .await;
}

/// The loser of a race for a half-day gets the same message as a later request would.
#[tokio::test]
async fn two_at_once_want_one_half_day_and_the_loser_is_told_who_has_it() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let ready = to_plan(&admin).await;
        let made = |name: &'static str| {
            let (admin, site) = (admin.clone(), ready[0]["localisation"]["id"].clone());
            async move {
                let body = json!({"name": name, "kind": "permanent", "localisationId": site});
                admin.post("/api/formateurs", body).await.expect(201)
            }
        };
        let (trainer, away) = (made("Convoitée").await, made("Absente").await);
        let message = format!("Convoitée : déjà pris le {}, matin", afpi_core::clock::long_day(&tuesday()).fr);
        let (mut files, mut seen) = (Vec::new(), Vec::new());
        for (file, room) in ready.iter().zip(["Salle 31", "Salle 32", "Salle 33"]) {
            let drafted = drafted(&admin, file, &trainer, room).await;
            seen.push(drafted["version"].clone());
            files.push(drafted);
        }
        let confirm = |at: usize| {
            let (admin, path, version) = (admin.clone(), path(&files[at], "/transitions/planifier"), seen[at].clone());
            async move { admin.post_at(&path, &version, json!({})).await }
        };
        let (first, second) = tokio::join!(confirm(0), confirm(1));
        let (won, lost): (Vec<_>, Vec<_>) = [first, second].into_iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1, "{lost:?}");
        for lost in lost {
            let lost = lost.refused(409, "double-booking");
            assert!(lost["fields"][0]["message"].as_str().unwrap().starts_with(&message), "{lost:#}");
        }

        // Another transaction books the half-day and is still open when the move reads it. The move waits, and gets the
        // same message.
        let resource = away["id"].as_str().unwrap().to_owned();
        let site = files[2]["localisation"]["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
        let last = drafted(&admin, &files[2], &away, "Salle 34").await;
        let mut tx = w.app.db.begin().await.unwrap();
        afpi_db::sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, reason) VALUES ('formateur', ?, ?, 'am', ?, 'Congés')")
            .bind(&resource)
            .bind(tuesday())
            .bind(site)
            .execute(&mut tx)
            .await
            .unwrap();
        let move_it = tokio::spawn({
            let (admin, path, version) = (admin.clone(), path(&last, "/transitions/planifier"), last["version"].clone());
            async move { admin.post_at(&path, &version, json!({})).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        tx.commit().await.unwrap();
        let lost = move_it.await.unwrap().refused(409, "double-booking");
        let message = format!("Absente : déjà pris le {}, matin (Congés).", afpi_core::clock::long_day(&tuesday()).fr);
        assert_eq!(
            lost["fields"],
            json!([{"field": "/planification/sessions/0/formateur", "code": "double-booking", "message": message}])
        );
        let english = [("if-match", format!("\"{}\"", last["version"])), ("accept-language", "en".to_owned())];
        let said = admin.send("POST", &path(&last, "/transitions/planifier"), Some(json!({})), &english).await;
        let said = said.refused(409, "double-booking");
        let message = format!("Absente: already taken on {}, morning (Congés).", afpi_core::clock::long_day(&tuesday()).en);
        assert_eq!(said["fields"][0]["message"], message);
        untouched(&w, &last).await;

        // A planned half-day also blocks a later period of unavailability.
        let taken = made("Reprise").await;
        let third = drafted(&admin, &last, &taken, "Salle 35").await;
        admin.post_at(&path(&third, "/transitions/planifier"), &third["version"], json!({})).await.expect(200);
        let off = json!({"unavailability": [{"from": tuesday(), "to": tuesday()}]});
        let record = format!("/api/formateurs/{}", taken["id"].as_str().unwrap());
        let refused = admin.patch(&record, &json!(1), off).await.refused(409, "double-booking");
        let message = format!(
            "Reprise : déjà pris le {}, matin ({}).",
            afpi_core::clock::long_day(&tuesday()).fr,
            third["numero"].as_str().unwrap()
        );
        assert_eq!(refused["fields"][0]["message"], message);
    })
    .await;
}

/// Lists and the record name the same people who must act: the commercial of the opportunité, the people of the site
/// or an outsider.
#[tokio::test]
async fn who_has_the_ball_is_named() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let submitted = standing(&admin, "en_attente_validation_resp").await;
        w.another(Role::Manager, "valide", &[submitted["localisation"]["code"].as_str().unwrap()]).await;
        let files = admin.get("/api/opportunites?limit=200").await.expect(200)["data"].as_array().unwrap().clone();
        let people =
            admin.get("/api/users?active=true&limit=200").await.expect(200)["data"].as_array().unwrap().clone();
        let mut kinds = std::collections::BTreeSet::new();
        for file in &files {
            let record = admin.get(&path(file, "")).await.expect(200)["opportunite"].clone();
            assert_eq!(file["waitsOn"], record["waitsOn"], "{}", file["numero"]);
            let on = file["waitsOn"].as_array().unwrap();
            let (outside, inside): (Vec<_>, Vec<_>) = on.iter().partition(|one| one.get("role").is_none());
            let roles: Vec<_> = inside.iter().map(|one| one["role"].clone()).collect();
            assert_eq!(json!(roles), file["waitsFor"]);
            if let Some(outside) = outside.first() {
                let section = file["section"].as_str().unwrap();
                assert_eq!(outside["names"], json!([record["data"][section]["enAttenteDe"]]));
                kinds.insert("outside".to_owned());
            }
            for one in inside {
                let role = one["role"].as_str().unwrap();
                let site = &file["localisation"]["id"];
                let works = |p: &&Value| {
                    p["role"] == role
                        && (role == "responsable_commercial"
                            || role == "admin"
                            || p["localisations"].as_array().unwrap().iter().any(|l| l["id"] == *site))
                };
                let mut expected: Vec<_> = people.iter().filter(works).map(|p| p["name"].as_str().unwrap()).collect();
                if role == "commercial" {
                    expected = vec![file["commercial"]["name"].as_str().unwrap()];
                }
                expected.sort_unstable();
                let mut names: Vec<_> = one["names"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
                names.sort_unstable();
                assert_eq!(names, expected, "{role} of {}", file["numero"]);
                if !names.is_empty() {
                    kinds.insert(role.to_owned());
                }
            }
        }
        for kind in ["outside", "commercial", "manager", "assistante", "planificateur", "facturation"] {
            assert!(kinds.contains(kind), "{kinds:?}");
        }
    })
    .await;
}

/// A booking by id would reveal the trainer's name. So a planner may book only trainers of his own sites and trainers
/// who are shared with the network.
#[tokio::test]
async fn a_trainer_of_another_site_is_booked_only_if_he_is_shared() {
    on_both_filled(|w| async move {
        let (admin, planner) = (w.as_role(Role::Admin).await, w.as_role(Role::Planificateur).await);
        let files = planner.get("/api/opportunites?section=planification&limit=100").await.expect(200);
        let file =
            files["data"].as_array().unwrap().iter().find(|file| file["outcome"] == "won").expect("a file to plan");
        let trainers = admin.get("/api/formateurs?limit=100").await.expect(200)["data"].as_array().unwrap().clone();
        let stranger = trainers.iter().find(|t| t["localisation"]["code"] == "AFPI-35").expect("a trainer far away");
        let record = format!("/api/formateurs/{}", stranger["id"].as_str().unwrap());
        planner.get(&record).await.refused(404, "not-found");

        let offered = async || {
            let at =
                format!("/api/formateurs/bookable?localisationId={}", file["localisation"]["id"].as_str().unwrap());
            planner.get(&at).await.expect(200)["data"].as_array().unwrap().clone()
        };
        assert!(offered().await.iter().all(|t| t["localisation"]["id"] == file["localisation"]["id"]));
        let unknown =
            plan(&planner, file, &json!({"id": uuid::Uuid::now_v7()}), "Salle 7").await.refused(422, "validation");
        let refused = plan(&planner, file, stranger, "Salle 7").await.refused(422, "validation");
        assert_eq!(refused["fields"], unknown["fields"], "the same error as for an unknown trainer");
        assert!(!refused.to_string().contains(stranger["name"].as_str().unwrap()));

        // Each trainer is shared individually. Other sites read the trainer's name and skills, and nothing else.
        admin.patch(&record, &json!(1), json!({"shared": true})).await.expect(200);
        let seen = offered().await.into_iter().find(|t| t["id"] == stranger["id"]).expect("offered");
        assert_eq!((&seen["name"], &seen["shared"]), (&stranger["name"], &json!(true)));
        assert_eq!((seen.get("hourlyRate"), seen.get("phone"), seen.get("email")), (None, None, None));
        planner.get(&record).await.refused(404, "not-found");
        let planned = plan(&planner, file, stranger, "Salle 7").await.expect(200);
        let label =
            |file: &Value| file["opportunite"]["bookings"].to_string().contains(stranger["name"].as_str().unwrap());
        assert!(label(&planned), "{planned:#}");

        // The trainer is no longer shared: existing bookings still show the name, and the list no longer offers the
        // trainer.
        admin.patch(&record, &json!(2), json!({"shared": false})).await.expect(200);
        assert!(label(&planner.get(&path(file, "")).await.expect(200)));
        assert!(offered().await.iter().all(|t| t["id"] != stranger["id"]));
    })
    .await;
}

#[tokio::test]
async fn a_trainer_who_leaves_hands_over_the_half_days_to_come() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let files = admin.get("/api/opportunites?section=planification&limit=100").await.expect(200);
        let file =
            files["data"].as_array().unwrap().iter().find(|file| file["outcome"] == "won").expect("a file to plan");
        let body =
            |name: &str| json!({"name": name, "kind": "permanent", "localisationId": file["localisation"]["id"]});
        let mut trainers = Vec::new();
        for name in ["Partante", "Occupée", "Repreneuse"] {
            trainers.push(admin.post("/api/formateurs", body(name)).await.expect(201));
        }
        let record = |trainer: &Value| format!("/api/formateurs/{}", trainer["id"].as_str().unwrap());
        let away = json!({"unavailability": [{"from": tuesday(), "to": tuesday()}]});
        admin.patch(&record(&trainers[1]), &json!(1), away).await.expect(200);
        plan(&admin, file, &trainers[0], "Salle 9").await.expect(200);

        let leaves = |successor: Value| {
            let (admin, path) = (admin.clone(), record(&trainers[0]));
            async move { admin.patch(&path, &json!(1), json!({"active": false, "successorId": successor})).await }
        };
        let told = admin
            .patch(&record(&trainers[0]), &json!(1), json!({"active": false}))
            .await
            .refused(409, "successor-needed");
        let named = &told["left"]["items"][0];
        assert_eq!(
            (&told["left"]["total"], &named["numero"], &named["first"]),
            (&json!(1), &file["numero"], &json!(tuesday()))
        );
        assert_eq!(
            leaves(trainers[0]["id"].clone()).await.refused(422, "validation")["fields"][0]["field"],
            "/successorId"
        );
        let taken = leaves(trainers[1]["id"].clone()).await.refused(409, "double-booking");
        let message = format!("Occupée : déjà pris le {}, matin.", afpi_core::clock::long_day(&tuesday()).fr);
        assert_eq!(taken["fields"], json!([{"field": "/successorId", "code": "double-booking", "message": message}]));
        assert_eq!(admin.get(&record(&trainers[0])).await.expect(200)["active"], true);

        assert_eq!(leaves(trainers[2]["id"].clone()).await.expect(200)["active"], false);
        let now = admin.get(&path(file, "")).await.expect(200)["opportunite"].clone();
        assert!(now["bookings"].as_array().unwrap().iter().any(|b| b["label"] == "Repreneuse"), "{now:#}");
        let documents = now["data"].to_string();
        assert!(documents.contains(trainers[2]["id"].as_str().unwrap()), "{documents}");
        assert!(!documents.contains(trainers[0]["id"].as_str().unwrap()), "{documents}");
        let line = admin.get(&path(file, "/historique")).await.expect(200)["data"][0].clone();
        assert_eq!(
            (&line["kind"], &line["changes"][0]["field"]),
            (&json!("edited"), &json!("/planification/sessions"))
        );
        let planning = admin
            .get(&format!("{}/planning?from={}&to={}", record(&trainers[2]), tuesday(), tuesday()))
            .await
            .expect(200);
        assert_eq!(planning["data"][0]["opportunite"]["numero"], file["numero"]);
    })
    .await;
}
