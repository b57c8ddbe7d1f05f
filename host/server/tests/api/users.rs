//! People: who sees and manages whom, and the immediate effects of removing rights.

use crate::support::{AWAY, HOME, PASSWORD, World, on_both, opportunite};
use afpi_core::rights::Role;
use serde_json::{Value, json};

fn fresh(w: &World, email: &str, role: &str, sites: &[&str]) -> Value {
    let ids: Vec<_> = sites.iter().map(|code| w.site(code)).collect();
    json!({"email": email, "name": "Marie Durand", "roleId": role, "localisationIds": ids, "password": "sept lampes bleues"})
}

#[tokio::test]
async fn an_account_is_made_read_changed_and_can_sign_in() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let made = admin.post("/api/users", fresh(&w, " Marie@Exemple.FR ", "commercial", &[HOME, AWAY])).await;
        let etag = made.headers["etag"].clone();
        let location = made.headers["location"].to_str().unwrap().to_owned();
        let user = made.expect(201);
        assert_eq!(
            (user["email"].as_str(), user["active"].as_bool(), etag.to_str().unwrap()),
            (Some("marie@exemple.fr"), Some(true), "\"1\"")
        );
        assert_eq!(user["localisations"].as_array().unwrap().len(), 2);
        assert_eq!(admin.get(&location).await.expect(200), user);
        admin.post("/api/users", fresh(&w, "MARIE@exemple.fr", "commercial", &[HOME])).await.refused(409, "duplicate");

        let session = w
            .nobody()
            .post("/api/auth/login", json!({"email": "Marie@exemple.fr", "password": "sept lampes bleues"}))
            .await
            .expect(200);
        assert_eq!(session["user"]["name"], "Marie Durand");

        let changed = admin
            .patch(
                &location,
                &user["version"],
                json!({"name": "Marie Martin", "localisationIds": [w.site(HOME)], "locale": "en"}),
            )
            .await
            .expect(200);
        assert_eq!(
            (changed["name"].as_str(), changed["locale"].as_str(), changed["version"].as_i64()),
            (Some("Marie Martin"), Some("en"), Some(2))
        );
        assert_eq!(changed["localisations"].as_array().unwrap().len(), 1);

        let lost = admin
            .patch(&location, &user["version"], json!({"name": "Marie Bernard", "locale": "en"}))
            .await
            .refused(412, "stale");
        assert_eq!((&lost["current"]["name"], &lost["changed"]), (&json!("Marie Martin"), &json!(["name"])));
        admin.send("PATCH", &location, Some(json!({})), &[]).await.refused(428, "version-required");
    })
    .await;
}

#[tokio::test]
async fn bad_input_names_its_fields_and_stores_nothing() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let before = admin.get("/api/users").await.expect(200)["meta"]["total"].clone();
        let body = json!({"email": "no address", "name": " ", "roleId": "commercial", "localisationIds": [], "password": "court"});
        let problem = admin.post("/api/users", body).await.refused(422, "validation");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["/password", "/email", "/name", "/localisationIds"]);
        let mut body = fresh(&w, "a@b.fr", "commercial", &[HOME]);
        body["localisationIds"] = json!([w.site(HOME), "018f0000-0000-7000-8000-000000000000"]);
        assert_eq!(admin.post("/api/users", body).await.refused(422, "validation")["fields"][0]["field"], "/localisationIds/1");
        let mut body = fresh(&w, "a@b.fr", "roi", &[HOME]);
        assert_eq!(admin.post("/api/users", body.clone()).await.refused(422, "validation")["fields"][0]["field"], "/roleId");
        body["roleId"] = json!("admin");
        body["boss"] = json!(true);
        assert_eq!(admin.post("/api/users", body).await.refused(422, "unknown-field")["fields"][0]["field"], "/boss");
        assert_eq!(admin.get("/api/users").await.expect(200)["meta"]["total"], before);
    })
    .await;
}

#[tokio::test]
async fn a_manager_manages_his_sites_below_himself_and_nobody_else() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let here = manager.post("/api/users", fresh(&w, "ici@afpi.test", "assistante", &[HOME])).await.expect(201);
        manager.post("/api/users", fresh(&w, "la@afpi.test", "assistante", &[AWAY])).await.refused(403, "forbidden");
        manager.post("/api/users", fresh(&w, "pair@afpi.test", "manager", &[HOME])).await.refused(403, "forbidden");
        manager.post("/api/users", fresh(&w, "chef@afpi.test", "admin", &[])).await.refused(403, "forbidden");

        let away = w.another(Role::Commercial, "loin", &[AWAY]).await;
        manager.get(&format!("/api/users/{away}")).await.refused(404, "not-found");
        manager.patch(&format!("/api/users/{away}"), &json!(1), json!({"name": "x"})).await.refused(404, "not-found");
        let seen: Vec<Value> =
            manager.get("/api/users?limit=200").await.expect(200)["data"].as_array().unwrap().to_vec();
        assert!(
            seen.iter().all(|u| u["localisations"].as_array().unwrap().iter().any(|l| l["code"] == HOME)),
            "{seen:#?}"
        );

        // A manager of one site may not set the password of a person who also works elsewhere: it would open the other
        // site.
        let both = w.another(Role::Commercial, "double", &[HOME, AWAY]).await;
        manager
            .patch(&format!("/api/users/{both}"), &json!(1), json!({"password": "neuf tables rouges"}))
            .await
            .refused(403, "forbidden");
        let path = format!("/api/users/{}", here["id"].as_str().unwrap());
        manager.patch(&path, &here["version"], json!({"roleId": "manager"})).await.refused(403, "forbidden");
        manager
            .patch(&path, &here["version"], json!({"localisationIds": [w.site(AWAY)]}))
            .await
            .refused(403, "forbidden");
        manager.patch(&path, &here["version"], json!({"roleId": "planificateur"})).await.expect(200);

        for role in [Role::Commercial, Role::Planificateur, Role::Assistante, Role::Facturation] {
            let client = w.as_role(role).await;
            client.get("/api/users").await.refused(403, "forbidden");
            client.get(&path).await.refused(403, "forbidden");
            client.post("/api/users", fresh(&w, "x@afpi.test", "commercial", &[HOME])).await.refused(403, "forbidden");
            client.patch(&path, &json!(2), json!({"name": "x"})).await.refused(403, "forbidden");
        }
        w.nobody().get("/api/users").await.refused(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn deactivation_demotion_and_a_new_password_end_every_session_at_once() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for change in
            [json!({"active": false}), json!({"roleId": "assistante"}), json!({"password": "neuf tables rouges"})]
        {
            let id = w.another(Role::Commercial, &format!("c{}", change.to_string().len()), &[HOME]).await;
            let session = w.as_user(id).await;
            session.get("/api/auth/me").await.expect(200);
            admin.patch(&format!("/api/users/{id}"), &json!(1), change).await.expect(200);
            session.get("/api/auth/me").await.refused(401, "unauthenticated");
        }
        // A change of name does not end a session.
        let id = w.another(Role::Commercial, "nom", &[HOME]).await;
        let session = w.as_user(id).await;
        admin.patch(&format!("/api/users/{id}"), &json!(1), json!({"name": "Autre"})).await.expect(200);
        assert_eq!(session.get("/api/auth/me").await.expect(200)["name"], "Autre");
        // A deactivated person cannot sign in.
        admin.patch(&format!("/api/users/{id}"), &json!(2), json!({"active": false})).await.expect(200);
        w.nobody()
            .post("/api/auth/login", json!({"email": "nom@afpi.test", "password": PASSWORD}))
            .await
            .refused(401, "bad-credentials");
    })
    .await;
}

#[tokio::test]
async fn nobody_locks_himself_or_everybody_out() {
    on_both(|w| async move {
        let (admin, me) = (w.as_role(Role::Admin).await, format!("/api/users/{}", w.person(Role::Admin)));
        admin.patch(&me, &json!(1), json!({"active": false})).await.refused(409, "conflict");
        admin.patch(&me, &json!(1), json!({"roleId": "manager"})).await.refused(409, "conflict");
        admin.patch(&me, &json!(1), json!({"password": "neuf tables rouges"})).await.refused(422, "validation");

        // Two administrators deactivate each other at the same time. Only one request succeeds, so one administrator
        // remains.
        let other = w.another(Role::Admin, "second", &[]).await;
        let second = w.as_user(other).await;
        let (his, version) = (format!("/api/users/{other}"), json!(1));
        let gone = json!({"active": false});
        let (a, b) = tokio::join!(admin.patch(&his, &version, gone.clone()), second.patch(&me, &version, gone.clone()));
        let mut outcomes = [a.status, b.status];
        outcomes.sort();
        assert!(matches!(outcomes, [200, 401 | 409]), "{outcomes:?}");
        // A person may change his own language, but not his name.
        let commercial = w.as_role(Role::Commercial).await;
        let mine = format!("/api/users/{}", w.person(Role::Commercial));
        assert_eq!(commercial.patch(&mine, &json!(1), json!({"locale": "en"})).await.expect(200)["locale"], "en");
        commercial.patch(&mine, &json!(2), json!({"name": "Moi"})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn the_list_filters_searches_and_pages() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for (i, name) in ["zoe", "eloise", "elodie"].iter().enumerate() {
            w.another(Role::Commercial, name, &[if i == 0 { AWAY } else { HOME }]).await;
        }
        let names = |v: Value| {
            v["data"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            names(admin.get("/api/users?q=%C3%89LO%20test&sort=-name").await.expect(200)),
            ["Test eloise", "Test elodie"]
        );
        assert_eq!(
            names(admin.get(&format!("/api/users?role=commercial&localisationId={}", w.site(AWAY))).await.expect(200)),
            ["Test zoe"]
        );
        assert!(names(admin.get("/api/users?active=false").await.expect(200)).is_empty());
        let mut found = Vec::new();
        let mut path = "/api/users?limit=4".to_owned();
        loop {
            let page = admin.get(&path).await.expect(200);
            assert_eq!(page["meta"]["total"], 10);
            let next = page["meta"]["next"].as_str().map(str::to_owned);
            found.extend(names(page));
            let Some(next) = next else { break };
            path = format!("/api/users?limit=4&cursor={next}");
        }
        let mut sorted = found.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((found.len(), &found), (10, &sorted));
        admin.get("/api/users?sort=password").await.refused(400, "bad-parameter");
        admin.get("/api/users?cursor=x").await.refused(400, "bad-cursor");
    })
    .await;
}

#[tokio::test]
async fn opportunites_can_be_given_to_those_who_sell() {
    on_both(|w| async move {
        w.another(Role::Commercial, "loin", &[AWAY]).await;
        let names = |v: Value| {
            v["data"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let commercial = w.as_role(Role::Commercial).await;
        assert_eq!(
            names(commercial.get("/api/users/commerciaux").await.expect(200)),
            ["Test commercial", "Test manager", "Test responsable_commercial"]
        );
        let admin = w.as_role(Role::Admin).await;
        let away = admin.get(&format!("/api/users/commerciaux?localisationId={}", w.site(AWAY))).await.expect(200);
        assert_eq!(names(away), ["Test loin", "Test responsable_commercial"]);
        w.nobody().get("/api/users/commerciaux").await.refused(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn an_easy_password_is_refused_wherever_it_is_set() {
    use afpi_crm::users::admin::set_password;
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let path = format!("/api/users/{}", w.another(Role::Commercial, "camille", &[HOME]).await);
        for easy in ["Azerty123456", "qwertyuiopas", "Bienvenue2026", "afpi2026crm!", "Motdepasse2026"] {
            let mut new = fresh(&w, "a@b.fr", "commercial", &[HOME]);
            new["password"] = json!(easy);
            let me = json!({"current": PASSWORD, "new": easy});
            for (reply, at) in [
                (admin.post("/api/users", new).await, "/password"),
                (admin.patch(&path, &json!(1), json!({"password": easy})).await, "/password"),
                (admin.post("/api/auth/password", me).await, "/new"),
            ] {
                let field = reply.refused(422, "validation")["fields"][0].clone();
                assert_eq!((&field["field"], &field["code"]), (&json!(at), &json!("password-weak")), "{easy}: {field}");
                assert!(field["message"].as_str().unwrap().contains("quatre mots"), "{field}");
            }
            assert!(set_password(&w.app.db, "camille@afpi.test", easy.into()).await.is_err(), "{easy}");
        }
        // The password must not contain a name that the same request sets.
        let both = json!({"name": "Ysolde Kerguelen", "password": "Kerguelen-2026!"});
        admin.patch(&path, &json!(1), both).await.refused(422, "validation");
        admin.patch(&path, &json!(1), json!({"password": "quatre mots de bon aloi"})).await.expect(200);
    })
    .await;
}

/// The password is set with « é » as one character and typed with « é » as two.
#[tokio::test]
async fn a_password_opens_whatever_system_it_is_typed_on() {
    on_both(|w| async move {
        let me = w.as_role(Role::Commercial).await;
        me.post("/api/auth/password", json!({"current": PASSWORD, "new": "sept lampes dorées"})).await.expect(204);
        let typed = json!({"email": "commercial@afpi.test", "password": "sept\u{a0}lampes dore\u{301}es"});
        w.nobody().post("/api/auth/login", typed).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_command_line_makes_lists_and_resets_accounts() {
    use afpi_crm::users::admin::{Account, create_user, list_users, set_password};
    on_both(|w| async move {
        let account = |email: &'static str, role: &'static str, password: &str| Account {
            email,
            name: "Chef",
            role,
            localisations: &[],
            password: password.into(),
        };
        create_user(&w.app.db, account("Chef@Exemple.fr", "admin", "sept lampes bleues")).await.unwrap();
        for (bad, why) in [
            (account("chef@exemple.fr", "admin", "sept lampes bleues"), "already there"),
            (account("autre@exemple.fr", "admin", "court"), "password"),
            (account("autre@exemple.fr", "commercial", "sept lampes bleues"), "localisationIds"),
            (account("autre@exemple.fr", "roi", "sept lampes bleues"), "unknown role"),
        ] {
            let error = create_user(&w.app.db, bad).await.unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        let users = list_users(&w.app.db).await.unwrap();
        assert_eq!(
            users
                .iter()
                .filter(|u| u.email == "chef@exemple.fr" && u.role == Role::Admin && u.role_id == "admin")
                .count(),
            1
        );
        let nobody = w.nobody();
        nobody
            .post("/api/auth/login", json!({"email": "chef@exemple.fr", "password": "sept lampes bleues"}))
            .await
            .expect(200);
        set_password(&w.app.db, "chef@exemple.fr", "neuf tables rouges".into()).await.unwrap();
        nobody
            .post("/api/auth/login", json!({"email": "chef@exemple.fr", "password": "sept lampes bleues"}))
            .await
            .refused(401, "bad-credentials");
        nobody
            .post("/api/auth/login", json!({"email": "chef@exemple.fr", "password": "neuf tables rouges"}))
            .await
            .expect(200);
        assert!(set_password(&w.app.db, "personne@exemple.fr", "neuf tables rouges".into()).await.is_err());
    })
    .await;
}

fn file(record: &Value) -> String {
    format!("/api/opportunites/{}", record["id"].as_str().unwrap())
}

#[tokio::test]
async fn who_leaves_with_open_files_needs_a_successor() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let (first, second) = (opportunite(&w, "Soudage").await, opportunite(&w, "Tournage").await);
        let leaver = format!("/api/users/{}", w.person(Role::Commercial));
        // Each change would leave the person's opportunités without an owner.
        for change in
            [json!({"active": false}), json!({"roleId": "assistante"}), json!({"localisationIds": [w.site(AWAY)]})]
        {
            let told = admin.patch(&leaver, &json!(1), change).await.refused(409, "successor-needed");
            let titles: Vec<_> =
                told["left"]["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
            assert_eq!((&told["left"]["total"], titles), (&json!(2), vec!["Soudage", "Tournage"]));
        }
        admin.patch(&leaver, &json!(1), json!({"localisationIds": [w.site(HOME), w.site(AWAY)]})).await.expect(200);
        let heir = w.another(Role::Commercial, "relais", &[HOME]).await;
        for unfit in [
            w.person(Role::Planificateur),
            w.person(Role::Commercial),
            w.another(Role::Commercial, "loin", &[AWAY]).await,
        ] {
            let told = admin
                .patch(&leaver, &json!(2), json!({"active": false, "successorId": unfit}))
                .await
                .refused(422, "validation");
            assert_eq!(told["fields"][0]["field"], "/successorId");
        }
        assert_eq!(admin.get(&leaver).await.expect(200)["active"], true);
        let gone = admin.patch(&leaver, &json!(2), json!({"active": false, "successorId": heir})).await.expect(200);
        assert_eq!(gone["active"], false);
        for record in [&first, &second] {
            let now = admin.get(&file(record)).await.expect(200)["opportunite"].clone();
            assert_eq!((&now["commercial"]["id"], &now["version"]), (&json!(heir), &json!(2)));
            let history = admin.get(&format!("{}/historique", file(record))).await.expect(200);
            let line = &history["data"][0];
            assert_eq!((&line["kind"], &line["actor"]["id"]), (&json!("assigned"), &json!(w.person(Role::Admin))));
            assert_eq!(line["changes"][0]["to"], json!(heir));
        }
        w.work().await;
        let heard = w.as_user(heir).await.get("/api/notifications").await.expect(200);
        assert!(heard["meta"]["total"].as_i64().unwrap() >= 2, "{heard:#}");
    })
    .await;
}

#[tokio::test]
async fn very_many_files_follow_in_a_job() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let many = afpi_crm::opportunites::handover::AT_ONCE + 3;
        let company = opportunite(&w, "Une").await["entreprise"]["id"].clone();
        let commercial = w.as_role(Role::Commercial).await;
        for n in 1..many {
            let body = json!({"entrepriseId": company, "title": format!("N {n}"), "budget": 1});
            commercial.post("/api/opportunites", body).await.expect(201);
        }
        let heir = w.another(Role::Commercial, "relais", &[HOME]).await;
        let leaver = format!("/api/users/{}", w.person(Role::Commercial));
        admin.patch(&leaver, &json!(1), json!({"active": false, "successorId": heir})).await.expect(200);
        let of = async |user: uuid::Uuid| {
            admin.get(&format!("/api/opportunites?commercialId={user}")).await.expect(200)["meta"]["total"]
                .as_i64()
                .unwrap()
        };
        assert_eq!(of(w.person(Role::Commercial)).await, 3);
        // Until the jobs have run, the opportunités are in the manager's inbox.
        let inbox = w.as_role(Role::Manager).await.get("/api/dashboard/inbox").await.expect(200);
        assert_eq!((&inbox["counts"]["unowned"], inbox["unowned"].as_array().map(Vec::len)), (&json!(3), Some(3)));
        w.work().await;
        assert_eq!((of(w.person(Role::Commercial)).await, of(heir).await), (0, i64::from(many)));
        assert_eq!(
            w.as_role(Role::Manager).await.get("/api/dashboard/inbox").await.expect(200)["counts"]["unowned"],
            0
        );
    })
    .await;
}

/// The owner was deactivated at a time when the program did not yet ask for a successor.
#[tokio::test]
async fn files_nobody_can_own_are_in_the_managers_inbox() {
    on_both(|w| async move {
        opportunite(&w, "Orpheline").await;
        let counts = async |role: Role| {
            w.as_role(role).await.get("/api/dashboard/inbox").await.expect(200)["counts"]["unowned"].clone()
        };
        assert_eq!(counts(Role::Manager).await, 0);
        let mut tx = w.app.db.begin().await.unwrap();
        afpi_db::sql("UPDATE users SET active = ? WHERE id = ?")
            .bind(false)
            .bind(w.person(Role::Commercial))
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (role, seen) in [(Role::Manager, 1), (Role::ResponsableCommercial, 1), (Role::Assistante, 0)] {
            assert_eq!(counts(role).await, seen, "{}", role.id());
        }
        let elsewhere = w.as_user(w.another(Role::Manager, "ailleurs", &[AWAY]).await).await;
        assert_eq!(elsewhere.get("/api/dashboard/inbox").await.expect(200)["counts"]["unowned"], 0);
        let inbox = w.as_role(Role::Manager).await.get("/api/dashboard/inbox").await.expect(200);
        assert_eq!(inbox["unowned"][0]["title"], "Orpheline");
    })
    .await;
}
