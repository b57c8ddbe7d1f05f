//! The journal: every act leaves a line that never changes.

use crate::support::{AWAY, Client, HOME, PASSWORD, World, on_both, on_both_filled, opportunite};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::{Backend, sql};
use afpi_platform::journal::{self, Broken};
use serde_json::{Value, json};

async fn run(w: &World, text: &'static str) -> afpi_db::Result<u64> {
    let mut tx = w.app.db.begin().await?;
    let rows = sql(text).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(rows)
}

#[tokio::test]
async fn a_move_tells_what_it_changed_in_every_section() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let found = admin.get("/api/opportunites?status=devis_envoye&limit=1").await.expect(200)["data"][0].clone();
        let path = format!("/api/opportunites/{}", found["id"].as_str().unwrap());
        let version = admin.get(&path).await.expect(200)["opportunite"]["version"].clone();
        let accepted = json!({"signataire": "La direction"});
        admin.post_at(&format!("{path}/transitions/accepter_devis"), &version, accepted).await.expect(200);
        let history = admin.get(&format!("{path}/historique")).await.expect(200);
        let lines = history["data"].as_array().unwrap();
        // The move also enters the next section, so there are two lines. The first one contains the changes.
        let line = lines.iter().find(|line| line["transition"] == "accepter_devis").expect("the move");
        let fields: Vec<&str> =
            line["changes"].as_array().unwrap().iter().map(|c| c["field"].as_str().unwrap()).collect();
        assert!(fields.contains(&"/devis/accepteLe") && fields.contains(&"/devis/signataire"), "{fields:?}");
        let signed = line["changes"].as_array().unwrap().iter().find(|c| c["field"] == "/devis/signataire").unwrap();
        assert_eq!((&signed["from"], &signed["to"]), (&Value::Null, &json!("La direction")));
        assert!(lines[0]["changes"].is_null() || lines[0]["transition"] == "accepter_devis", "{}", lines[0]);
        // The journal uses the field names of the section's form.
        let query = format!("subjectKind=opportunite&act=moved&subjectId={}", found["id"].as_str().unwrap());
        let moves = self::lines(&admin, &query).await;
        let signed = moves.iter().map(|line| told(line, "/devis/signataire")).find(|change| !change.is_null());
        let line = moves.iter().find(|line| line["transition"] == "accepter_devis").expect("the move");
        let labels = json!({
            "transition": {"fr": "Devis accepté", "en": "Quote accepted"},
            "source": {"fr": "Devis envoyé", "en": "Quote sent"},
            "target": {"fr": "Devis accepté", "en": "Quote accepted"},
        });
        assert_eq!(line["labels"], labels);
        let label = &signed.expect("the move")["label"];
        assert_eq!(*label, json!({"fr": "Devis : Signataire", "en": "Quote: Signed by"}));
    })
    .await;
}

#[tokio::test]
async fn a_line_that_was_changed_or_removed_is_found() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let commercial = w.as_role(Role::Commercial).await;
        let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
        let mut version = file["version"].clone();
        for title in ["Soudage TIG", "Soudage MIG", "Soudage laser"] {
            version =
                commercial.patch(&path, &version, json!({"title": title})).await.expect(200)["opportunite"]["version"]
                    .clone();
        }
        let (lines, broken) = journal::verify(&w.app.db).await.unwrap();
        assert!(lines >= 4 && broken.is_empty(), "{lines} {broken:?}");

        if w.app.db.backend() == Backend::Sqlite {
            // The database refuses the change. The owner of the file can remove that protection.
            assert!(run(&w, "UPDATE journal SET reason = 'x' WHERE seq = 2").await.is_err());
            assert!(run(&w, "DELETE FROM journal WHERE seq = 3").await.is_err());
            run(&w, "DROP TRIGGER journal_stays").await.unwrap();
            run(&w, "DROP TRIGGER journal_is_kept").await.unwrap();
        }
        let at = |seq: i64| {
            let id = uuid::Uuid::parse_str(file["id"].as_str().unwrap()).unwrap();
            let subject_id = id.simple().to_string();
            vec![Broken { subject_kind: "opportunite".into(), subject_id, seq }]
        };
        run(&w, "UPDATE journal SET reason = 'another' WHERE subject_kind = 'opportunite' AND seq = 2").await.unwrap();
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, at(2));
        run(&w, "UPDATE journal SET reason = NULL WHERE subject_kind = 'opportunite' AND seq = 2").await.unwrap();
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, []);
        run(&w, "DELETE FROM journal WHERE subject_kind = 'opportunite' AND seq = 3").await.unwrap();
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, at(4));
    })
    .await;
}

#[tokio::test]
async fn lines_from_before_are_chained_once() {
    on_both_filled(|w| async move {
        if w.app.db.backend() == Backend::Sqlite {
            run(&w, "DROP TRIGGER journal_stays").await.unwrap();
        }
        let chained = async || {
            let mut conn = w.app.db.read().await.unwrap();
            sql("SELECT hash FROM journal ORDER BY subject_kind, subject_id, seq")
                .all::<(String,)>(&mut conn)
                .await
                .unwrap()
        };
        let before = chained().await;
        run(&w, "UPDATE journal SET hash = ''").await.unwrap();
        let (one, two) = tokio::join!(journal::fill(&w.app.db), journal::fill(&w.app.db));
        one.expect("chained");
        two.expect("the second of two parallel runs succeeds");
        assert_eq!(chained().await, before);
    })
    .await;
}

/// The lines that match a query, newest first.
async fn lines(admin: &Client, query: &str) -> Vec<Value> {
    let page = admin.get(&format!("/api/journal?{query}")).await.expect(200);
    let data = page["data"].as_array().unwrap().clone();
    assert_eq!(page["meta"]["total"], data.len(), "{query}");
    data
}

/// The only line that matches a query. Its actor is of this kind.
async fn only(admin: &Client, query: &str, actor: &str) -> Value {
    let mut found = lines(admin, query).await;
    assert_eq!(found.len(), 1, "{query}: {found:#?}");
    let line = found.remove(0);
    assert_eq!(line["actor"]["kind"], actor, "{query}: {line:#}");
    line
}

fn told<'a>(line: &'a Value, field: &str) -> &'a Value {
    line["changes"].as_array().unwrap().iter().find(|change| change["field"] == field).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn signing_in_and_out_and_a_new_password_are_one_line_each() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let sign_in = async |email: &str, password: &str| {
            w.nobody().post("/api/auth/login", json!({"email": email, "password": password})).await
        };
        sign_in("commercial@afpi.test", "un mauvais mot de passe").await.refused(401, "bad-credentials");
        for guess in ["personne@afpi.test", "quelquun@afpi.test", "personne@afpi.test"] {
            sign_in(guess, "un mauvais mot de passe").await.refused(401, "bad-credentials");
        }
        let refused = only(&admin, "subjectKind=user&act=sign_in_refused", "system").await;
        assert_eq!(
            (&refused["subject"]["name"]["fr"], &told(&refused, "/address")["to"]),
            (&json!("Test commercial"), &json!(w.address.to_string()))
        );

        // Failed sign-ins of unknown accounts from one address leave one line, however many there are. The line
        // contains no e-mail address.
        let stranger = w.nobody().at([198, 51, 100, 7]);
        for guess in ["personne@afpi.test", "quelquun@afpi.test", "personne@afpi.test"] {
            stranger
                .post("/api/auth/login", json!({"email": guess, "password": "faux"}))
                .await
                .refused(401, "bad-credentials");
        }
        let unknown = only(&admin, "subjectKind=sign_in", "system").await;
        assert_eq!(told(&unknown, "/address")["to"], "198.51.100.7");
        assert!(!unknown.to_string().contains('@'), "{unknown:#}");

        let session = sign_in("commercial@afpi.test", PASSWORD).await.expect(200);
        only(&admin, "subjectKind=user&act=signed_in", "person").await;
        let commercial = w.nobody().with_token(session["token"].as_str().unwrap());
        const NEW: &str = "quatre chats verts sur un toit";
        commercial.post("/api/auth/password", json!({"current": PASSWORD, "new": NEW})).await.expect(204);
        let set = only(&admin, "subjectKind=user&act=password_set", "person").await;
        assert_eq!(set["changes"], json!([]));
        for _ in 0..2 {
            commercial.post("/api/auth/logout", json!({})).await.expect(204);
        }
        only(&admin, "subjectKind=user&act=signed_out", "person").await;

        afpi_crm::users::admin::set_password(
            &w.app.db,
            "commercial@afpi.test",
            "quatre chiens bleus dans un pré".into(),
        )
        .await
        .unwrap();
        only(&admin, "subjectKind=user&act=password_set&actorKind=cli", "cli").await;
        holds_and_keeps_secrets(&w, &[PASSWORD, NEW, "quatre chiens", "un mauvais mot de passe"]).await;
    })
    .await;
}

#[tokio::test]
async fn plugins_connectors_and_queues_are_told() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let site = format!("/api/plugins/notifications-afpi/sites/{}", w.site(HOME));
        let plugin = "subjectKind=plugin&subjectId=notifications-afpi";
        only(&admin, &format!("{plugin}&act=activated"), "system").await;
        admin.put(&site, json!({"enabled": false})).await.expect(200);
        let off = only(&admin, &format!("{plugin}&act=switched_off"), "person").await;
        assert_eq!((&off["localisation"]["code"], &off["actor"]["name"]), (&json!(HOME), &json!("Test admin")));
        admin.put(&site, json!({"enabled": true, "order": 7})).await.expect(200);
        let on = only(&admin, &format!("{plugin}&act=switched_on"), "person").await;
        assert_eq!(told(&on, "/order")["to"], 7);
        let now = admin.get(&format!("{site}/config")).await.expect(200);
        admin.put_at(&format!("{site}/config"), &now["version"], json!({"config": now["config"]})).await.expect(200);
        only(&admin, &format!("{plugin}&act=edited"), "person").await;
        // A manager reads only the lines of his sites.
        let manager = w.as_role(Role::Manager).await;
        assert_eq!(lines(&manager, &format!("{plugin}&act=switched_on")).await.len(), 1);
        assert_eq!(lines(&manager, &format!("{plugin}&act=activated")).await.len(), 0);

        let recording = format!("/api/plugins/workflow-afpi/sites/{}/recording", w.site(HOME));
        admin.put(&recording, json!({"calls": 3})).await.expect(200);
        admin.post(&format!("{recording}/stop"), json!({})).await.expect(200);
        admin.delete(&recording).await.expect(204);
        for act in ["recording_started", "recording_stopped", "recording_deleted"] {
            only(&admin, &format!("subjectKind=plugin&act={act}"), "person").await;
        }
        run(
            &w,
            "INSERT INTO plugin_quarantines (plugin_id, localisation_id, reason, since_at, until_at, relapses) \
                 SELECT 'notifications-afpi', id, 'trap', 1, 2, 1 FROM localisations WHERE code = 'AFPI-02'",
        )
        .await
        .unwrap();
        let released = format!("/api/plugins/notifications-afpi/sites/{}/release", w.site("AFPI-02"));
        admin.post(&released, json!({})).await.expect(200);
        only(&admin, &format!("{plugin}&act=released"), "person").await;

        const TOKEN: &str = "un-jeton-tout-a-fait-secret";
        let config = json!({"baseUrl": "https://demo.exemple.invalid/index.php"});
        let version = admin.get("/api/connecteurs/ypareo/config").await.expect(200)["version"].clone();
        let body =
            json!({"config": config, "secrets": {"token": TOKEN}, "schedule": {"cron": "0 3 * * *", "enabled": false}});
        admin.put_at("/api/connecteurs/ypareo/config", &version, body).await.expect(200);
        let edited = only(&admin, "subjectKind=connecteur&subjectId=ypareo&act=edited", "person").await;
        assert_eq!(told(&edited, "/config/baseUrl")["to"], config["baseUrl"]);
        let secret = told(&edited, "/secrets/token");
        assert_eq!((&secret["from"], &secret["to"]), (&Value::Null, &json!("set")));
        assert_eq!(secret["label"], json!({"fr": "Secret token", "en": "Secret token"}));
        assert_eq!(told(&edited, "/schedule")["to"]["cron"], "0 3 * * *");
        let started = admin.post("/api/connecteurs/ypareo/sync", json!({"mode": "preview"})).await.expect(202);
        let id = started["run"]["id"].as_str().unwrap();
        admin.post(&format!("/api/connecteurs/ypareo/runs/{id}/cancel"), json!({})).await.expect(202);
        for act in ["run_started", "run_cancelled"] {
            let line = only(&admin, &format!("subjectKind=connecteur&act={act}"), "person").await;
            assert_eq!(told(&line, "/run")["to"], id);
        }

        admin.post("/api/jobs/queues/mail/pause", json!({})).await.expect(204);
        admin.post("/api/jobs/queues/mail/resume", json!({})).await.expect(204);
        for act in ["paused", "resumed"] {
            only(&admin, &format!("subjectKind=queue&subjectId=mail&act={act}"), "person").await;
        }

        let key = afpi_plugins::manifest::PrivateKey::generate("Atelier").unwrap().public().to_string();
        let key = admin.post("/api/plugin-keys", json!({"publicKey": key, "level": "private"})).await.expect(201);
        let path = format!("/api/plugin-keys/{}", key["id"].as_str().unwrap());
        for _ in 0..2 {
            admin.delete(&path).await.expect(204);
        }
        only(&admin, "subjectKind=plugin_key&act=trusted", "person").await;
        only(&admin, "subjectKind=plugin_key&act=revoked", "person").await;
        admin.delete("/api/plugins/ypareo?purge=true").await.expect(204);
        only(&admin, "subjectKind=plugin&subjectId=ypareo&act=removed", "person").await;
        holds_and_keeps_secrets(&w, &[TOKEN]).await;
    })
    .await;
}

#[tokio::test]
async fn who_takes_a_list_as_a_file_is_told_with_its_filters() {
    on_both(|w| async move {
        opportunite(&w, "Soudage").await;
        let (admin, manager) = (w.as_role(Role::Admin).await, w.as_role(Role::Manager).await);
        manager.get("/api/entreprises/export?q=soudage&active=true").await;
        let line = only(&admin, "subjectKind=export&act=exported", "person").await;
        assert_eq!((&line["subject"]["id"], &told(&line, "/rows")["to"]), (&json!("entreprises"), &json!(1)));
        assert_eq!(told(&line, "/filters/q")["to"], "soudage");
        w.as_role(Role::Commercial).await.get("/api/entreprises/export").await.refused(403, "forbidden");
        only(&admin, "subjectKind=export", "person").await;
        holds_and_keeps_secrets(&w, &[]).await;
    })
    .await;
}

#[tokio::test]
async fn the_journal_is_read_page_by_page_and_refuses_what_it_cannot_read() {
    on_both(|w| async move {
        for title in ["Soudage", "Usinage", "Fraisage"] {
            opportunite(&w, title).await;
        }
        let admin = w.as_role(Role::Admin).await;
        let first = admin.get("/api/journal?limit=2&subjectKind=opportunite").await.expect(200);
        let next = first["meta"]["next"].as_str().unwrap();
        let second =
            admin.get(&format!("/api/journal?limit=2&subjectKind=opportunite&cursor={next}")).await.expect(200);
        assert_eq!((first["data"].as_array().unwrap().len(), second["data"].as_array().unwrap().len()), (2, 1));
        let day = Day::today();
        assert_eq!(lines(&admin, &format!("from={day}&to={day}&subjectKind=opportunite")).await.len(), 3);
        assert_eq!(lines(&admin, "to=2020-01-01").await.len(), 0);
        for wrong in [
            "subjectId=x",
            "subjectKind=opportunite&subjectId=x",
            "from=demain",
            "from=2026-3-1",
            "act=danced",
            "subjectKind=tree",
            "sort=actor",
        ] {
            assert_eq!(admin.get(&format!("/api/journal?{wrong}")).await.status, 400, "{wrong}");
        }
        for role in [Role::Commercial, Role::Planificateur, Role::Assistante, Role::Facturation] {
            w.as_role(role).await.get("/api/journal").await.refused(403, "forbidden");
        }
    })
    .await;
}

/// Every chain is valid, and no line contains any of these texts.
async fn holds_and_keeps_secrets(w: &World, secrets: &[&str]) {
    assert_eq!(journal::verify(&w.app.db).await.unwrap().1, []);
    let mut conn = w.app.db.read().await.unwrap();
    let told = sql("SELECT changes FROM journal WHERE changes IS NOT NULL").all::<(String,)>(&mut conn).await.unwrap();
    for secret in secrets {
        assert!(!told.iter().any(|(line,)| line.contains(secret)), "a line contains {secret}");
    }
}

/// One act: the request, and the single line that it must leave.
struct Step {
    method: &'static str,
    path: String,
    version: Value,
    body: Value,
    /// The kind of the line's subject.
    kind: &'static str,
    act: &'static str,
    /// A field that the line reports, with its values before and after.
    told: (&'static str, Value, Value),
}

/// Sends the request as this person. Exactly one new line must appear, about this record and by this person.
async fn one_line(w: &World, admin: &Client, (who, client): (&str, &Client), step: Step) -> Value {
    let Step { method, path, version, body, kind, act, told: (field, from, to) } = step;
    let count = async || {
        let mut conn = w.app.db.read().await.unwrap();
        sql("SELECT COUNT(*) FROM journal").scalar::<i64>(&mut conn).await.unwrap()
    };
    let before = count().await;
    let headers = [("if-match", format!("\"{version}\""))];
    let body = (method != "DELETE").then_some(body);
    let reply = client.send(method, &path, body, if version.is_null() { &[] } else { &headers }).await;
    assert!(matches!(reply.status, 200..=204), "{method} {path}: {} {:#}", reply.status, reply.body);
    assert_eq!(count().await - before, 1, "{method} {path}");
    let page = admin.get("/api/journal?limit=1").await.expect(200);
    let line = &page["data"][0];
    let id = [&reply.body["id"], &reply.body["opportunite"]["id"]].into_iter().find_map(Value::as_str);
    let id = id.unwrap_or_else(|| path.split('/').nth(3).unwrap()).to_owned();
    let seen = (&line["subject"]["kind"], &line["subject"]["id"], &line["act"], &line["actor"]["name"]);
    assert_eq!(seen, (&json!(kind), &json!(id), &json!(act), &json!(who)), "{method} {path}: {line:#}");
    let change = told(line, field);
    assert_eq!((&change["from"], &change["to"]), (&from, &to), "{method} {path}: {line:#}");
    reply.body
}

#[tokio::test]
async fn every_act_on_a_record_is_one_line_with_what_it_changed() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let commercial = w.as_role(Role::Commercial).await;
        let home = w.site(HOME);
        let rep = ("Test commercial", &commercial);
        let chief = ("Test admin", &admin);
        let post = |path: &str, body: Value, kind, told: (&'static str, Value)| Step {
            method: "POST",
            path: path.into(),
            version: Value::Null,
            body,
            kind,
            act: "created",
            told: (told.0, Value::Null, told.1),
        };
        let patch = |path: String, version: &Value, body: Value, kind, told| Step {
            method: "PATCH",
            path,
            version: version.clone(),
            body,
            kind,
            act: "edited",
            told,
        };
        let delete = |path: String, kind, told: (&'static str, Value)| Step {
            method: "DELETE",
            path,
            version: Value::Null,
            body: Value::Null,
            kind,
            act: "deleted",
            told: (told.0, told.1, Value::Null),
        };
        let at = |resource: &str, record: &Value| format!("/api/{resource}/{}", record["id"].as_str().unwrap());

        let body = json!({"name": "Forges", "contacts": [{"lastName": "Durand"}]});
        let company = one_line(&w, &admin, rep, post("/api/entreprises", body, "entreprise", ("/name", json!("Forges")))).await;
        let told = ("/name", json!("Forges"), json!("Forges de l'Aisne"));
        let change = patch(at("entreprises", &company), &company["version"], json!({"name": told.2}), "entreprise", told);
        let company = one_line(&w, &admin, rep, change).await;
        let body = json!({"contacts": []});
        let change = patch(at("entreprises", &company), &company["version"], body, "entreprise", ("/contacts", company["contacts"].clone(), json!([])));
        let company = one_line(&w, &admin, rep, change).await;

        let body = json!({"entrepriseId": company["id"], "title": "Soudage", "budget": 100});
        // A creation is not listed field by field: the record itself contains the values.
        let made = one_line(&w, &admin, rep, post("/api/opportunites", body, "opportunite", ("/title", Value::Null))).await;
        let file = made["opportunite"].clone();
        let told = ("/title", json!("Soudage"), json!("Soudage TIG"));
        let change = patch(at("opportunites", &file), &file["version"], json!({"title": told.2}), "opportunite", told);
        let file = one_line(&w, &admin, rep, change).await["opportunite"].clone();
        let section = Step {
            method: "PUT",
            path: format!("{}/sections/collecte", at("opportunites", &file)),
            version: file["version"].clone(),
            body: json!({"participants": 6}),
            kind: "opportunite",
            act: "edited",
            told: ("/collecte/participants", Value::Null, json!(6)),
        };
        let file = one_line(&w, &admin, rep, section).await["opportunite"].clone();
        let cancel = Step {
            method: "POST",
            path: format!("{}/transitions/annuler", at("opportunites", &file)),
            version: file["version"].clone(),
            body: json!({"cause": "prix", "motif": "Budget"}),
            kind: "opportunite",
            act: "moved",
            told: ("/lostReason", Value::Null, json!("prix")),
        };
        one_line(&w, &admin, rep, cancel).await;

        let body = json!({"name": "Paul", "kind": "permanent", "localisationId": home});
        let trainer = one_line(&w, &admin, chief, post("/api/formateurs", body, "formateur", ("/name", json!("Paul")))).await;
        let told = ("/shared", json!(false), json!(true));
        one_line(&w, &admin, chief, patch(at("formateurs", &trainer), &trainer["version"], json!({"shared": true}), "formateur", told)).await;
        let body = json!({"name": "A1", "localisationId": home});
        let room = one_line(&w, &admin, chief, post("/api/salles", body, "salle", ("/name", json!("A1")))).await;
        let told = ("/active", json!(true), json!(false));
        one_line(&w, &admin, chief, patch(at("salles", &room), &room["version"], json!({"active": false}), "salle", told)).await;
        let body = json!({"code": "TIG-35", "title": "Soudage TIG", "priceUnit": "group", "vatRate": 0});
        let product = one_line(&w, &admin, chief, post("/api/produits", body, "produit", ("/code", json!("TIG-35")))).await;
        let told = ("/active", json!(true), json!(false));
        one_line(&w, &admin, chief, patch(at("produits", &product), &product["version"], json!({"active": false}), "produit", told)).await;
        let body = json!({"metric": "ca_signe", "period": "2027", "target": 100, "localisationId": home});
        let target = one_line(&w, &admin, chief, post("/api/objectifs", body, "objectif", ("/target", json!(100)))).await;
        let told = ("/target", json!(100), json!(200));
        one_line(&w, &admin, chief, patch(at("objectifs", &target), &target["version"], json!({"target": 200}), "objectif", told)).await;
        one_line(&w, &admin, chief, delete(at("objectifs", &target), "objectif", ("/target", json!(200)))).await;

        let body = json!({"name": {"fr": "Second", "en": "Deputy"}, "standsOn": "manager", "actions": ["users:read", "users:write"]});
        let role = one_line(&w, &admin, chief, post("/api/roles", body, "role", ("/reach", json!("sites")))).await;
        let told = ("/reach", json!("sites"), json!("own"));
        let role = one_line(&w, &admin, chief, patch(at("roles", &role), &role["version"], json!({"reach": "own"}), "role", told)).await;
        let told = ("/actions", role["actions"].clone(), json!(["users:read"]));
        one_line(&w, &admin, chief, patch(at("roles", &role), &role["version"], json!({"actions": ["users:read"]}), "role", told)).await;
        let body = json!({"email": "louise@afpi.test", "name": "Louise", "roleId": "second", "localisationIds": [home], "password": PASSWORD});
        let user = one_line(&w, &admin, chief, post("/api/users", body, "user", ("/roleId", json!("second")))).await;
        let told = ("/roleId", json!("second"), json!("assistante"));
        one_line(&w, &admin, chief, patch(at("users", &user), &user["version"], json!({"roleId": "assistante"}), "user", told)).await;
        one_line(&w, &admin, chief, delete(at("roles", &role), "role", ("/reach", json!("own")))).await;

        let import = format!("/api/imports?localisationId={home}");
        let headers = [("content-type", "text/csv".to_owned())];
        let import = admin.file(&import, b"nom\nACME\n".to_vec(), &headers).await.expect(201);
        let line = only(&admin, "subjectKind=import&act=created", "person").await;
        assert_eq!(line["subject"]["id"], import["id"]);
        holds_and_keeps_secrets(&w, &[PASSWORD]).await;
    })
    .await;
}

/// Two administrators act at the same time on one chain. Both acts succeed, and both leave a line.
#[tokio::test]
async fn two_administrators_at_the_same_plugin_are_both_told() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let other = w.as_user(w.another(Role::Admin, "autre", &[]).await).await;
        let sites = [w.site(HOME), w.site(AWAY)].map(|site| format!("/api/plugins/notifications-afpi/sites/{site}"));
        let recordings =
            [HOME, AWAY].map(|code| format!("/api/plugins/workflow-afpi/sites/{}/recording", w.site(code)));
        for round in 0..6 {
            let switch = json!({"enabled": round % 2 == 1, "order": round});
            let (one, two) = tokio::join!(admin.put(&sites[0], switch.clone()), other.put(&sites[1], switch));
            assert_eq!((one.status, two.status), (200, 200), "switched: {:#} {:#}", one.body, two.body);
            let set = async |client: &Client, site: &str| {
                let now = client.get(&format!("{site}/config")).await.expect(200);
                client.put_at(&format!("{site}/config"), &now["version"], json!({"config": now["config"]})).await
            };
            let (one, two) = tokio::join!(set(&admin, &sites[0]), set(&other, &sites[1]));
            assert_eq!((one.status, two.status), (200, 200), "set: {:#} {:#}", one.body, two.body);
            let calls = json!({"calls": 3});
            let (one, two) = tokio::join!(admin.put(&recordings[0], calls.clone()), other.put(&recordings[1], calls));
            assert_eq!((one.status, two.status), (200, 200), "recorded: {:#} {:#}", one.body, two.body);
            let (one, two) = tokio::join!(admin.delete(&recordings[0]), other.delete(&recordings[1]));
            assert_eq!((one.status, two.status), (204, 204), "deleted: {:#} {:#}", one.body, two.body);
        }
        for (plugin, act, lines) in [
            ("notifications-afpi", "edited", 12),
            ("workflow-afpi", "recording_started", 12),
            ("workflow-afpi", "recording_deleted", 12),
        ] {
            let found =
                admin.get(&format!("/api/journal?subjectKind=plugin&subjectId={plugin}&act={act}")).await.expect(200);
            let total = found["meta"]["total"].as_i64().unwrap();
            assert!(total >= lines, "{plugin} {act}: {total}");
        }
        holds_and_keeps_secrets(&w, &[]).await;
    })
    .await;
}
