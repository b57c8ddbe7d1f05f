//! Roles are records. An administrator's change takes effect at the next request, within the limits of the role.

use crate::support;
use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::access::Access;
use afpi_core::rights::{Action, Role};
use afpi_db::{DbError, sql};
use serde_json::{Value, json};
use uuid::Uuid;

fn without(role: &Value, action: &str) -> Value {
    let kept = role["actions"].as_array().unwrap().iter().filter(|word| *word != action);
    json!({"actions": kept.collect::<Vec<_>>()})
}

async fn role(w: &World, id: &str) -> Value {
    w.as_role(Role::Admin).await.get(&format!("/api/roles/{id}")).await.expect(200)
}

#[tokio::test]
async fn the_roles_in_the_database_are_those_the_product_comes_with() {
    on_both(|w| async move {
        let roles = w.as_role(Role::Facturation).await.get("/api/roles").await.expect(200);
        let roles = roles["data"].as_array().unwrap();
        assert_eq!(roles.len(), Role::ALL.len());
        for (stored, role) in roles.iter().zip(Role::ALL) {
            let actions: Vec<&str> = Access::built_in(role).actions().map(|action| action.id()).collect();
            assert_eq!((&stored["id"], &stored["actions"]), (&json!(role.id()), &json!(actions)));
            let mut conn = w.app.db.read().await.unwrap();
            let reach = sql("SELECT reach FROM roles WHERE id = ?").bind(role.id()).scalar::<String>(&mut conn).await;
            assert_eq!(stored["reach"], reach.unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_at_the_next_request() {
    on_both(|w| async move {
        let (admin, assistant) = (w.as_role(Role::Admin).await, w.as_role(Role::Assistante).await);
        assistant.post("/api/entreprises", json!({"name": "Avant"})).await.expect(201);
        let before = role(&w, "assistante").await;
        let path = "/api/roles/assistante";
        let taken = without(&before, "entreprises:write");
        let after = admin.patch(path, &before["version"], taken.clone()).await.expect(200);
        assistant.post("/api/entreprises", json!({"name": "Après"})).await.refused(403, "forbidden");
        let me = assistant.get("/api/auth/me").await.expect(200);
        assert_eq!(
            me["permissions"],
            json!([
                "opportunites:attach",
                "entreprises:merge",
                "formateurs:read",
                "stagiaires:write",
                "creances:read",
                "anomalies:read"
            ])
        );
        let access = format!("/api/users/{}/access", me["id"].as_str().unwrap());
        // The access page shows the same to the administrator and to the person.
        let effective = admin.get(&access).await.expect(200);
        assert_eq!(assistant.get(&access).await.expect(200), effective);
        let actions = effective["actions"].as_array().unwrap();
        let allowed: Vec<&Value> =
            actions.iter().filter(|one| one["allowed"] == true).map(|one| &one["action"]).collect();
        assert_eq!((json!(allowed), actions.len()), (me["permissions"].clone(), Action::every().count()));
        // A change with an old version is refused.
        let stale = admin.patch(path, &before["version"], taken).await.refused(412, "stale");
        assert_eq!(stale["current"]["version"], after["version"]);
        // The role gets actions that it does not have by default.
        let more = json!({"actions": ["formateurs:read", "entreprises:write", "opportunites:export"]});
        admin.patch(path, &after["version"], more).await.expect(200);
        assistant.get("/api/opportunites/export").await;
        assistant.post("/api/entreprises", json!({"name": "Encore"})).await.expect(201);
        let lines = admin.get("/api/journal?subjectKind=role&subjectId=assistante").await.expect(200);
        assert_eq!(lines["meta"]["total"], 2);
        let told = lines["data"][1]["changes"].as_array().unwrap();
        assert_eq!((told.len(), &told[0]["field"], &told[0]["from"]), (1, &json!("/actions"), &before["actions"]));
        assert_eq!(afpi_platform::journal::verify(&w.app.db).await.unwrap().1, []);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_given_more_than_a_role_can_have_and_nobody_is_locked_out() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let commercial = role(&w, "commercial").await;
        for action in ["plugins:install", "roles:write", "users:write", "jobs:read"] {
            let body = json!({"actions": ["objectifs:read", action]});
            let refused = admin.patch("/api/roles/commercial", &commercial["version"], body).await;
            assert_eq!(refused.refused(422, "validation")["fields"][0]["field"], "/actions/1", "{action}");
        }
        let unknown = json!({"actions": ["danse"]});
        assert_eq!(admin.patch("/api/roles/commercial", &commercial["version"], unknown).await.status, 422);
        let version = role(&w, "admin").await["version"].clone();
        admin.patch("/api/roles/admin", &version, json!({"actions": []})).await.refused(409, "conflict");
        admin.patch("/api/roles/directeur", &json!(1), json!({"actions": []})).await.refused(404, "not-found");
        // Even if `role_actions` is empty, an administrator can restore the rights.
        let mut tx = w.app.db.begin().await.unwrap();
        sql("DELETE FROM role_actions").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        w.as_role(Role::Manager).await.get("/api/users").await.refused(403, "forbidden");
        admin
            .patch("/api/roles/commercial", &commercial["version"], json!({"actions": ["objectifs:read"]}))
            .await
            .expect(200);
    })
    .await;
}

#[tokio::test]
async fn who_may_no_longer_create_files_can_no_longer_be_given_one() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let file = support::opportunite(&w, "Soudage").await;
        let manager = w.person(Role::Manager);
        let body = json!({"commercialId": manager});
        let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
        let before = role(&w, "manager").await;
        admin
            .patch("/api/roles/manager", &before["version"], without(&before, "opportunites:create"))
            .await
            .expect(200);
        let refused = admin.patch(&path, &file["version"], body).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["code"], "not-assignable");
        let offered = admin.get("/api/users/commerciaux").await.expect(200);
        let offered: Vec<&Value> = offered["data"].as_array().unwrap().iter().map(|person| &person["id"]).collect();
        assert!(
            !offered.contains(&&json!(manager)) && offered.contains(&&json!(w.person(Role::Commercial))),
            "{offered:?}"
        );
    })
    .await;
}

/// Creates a further role that stands on this one, and a person with that role at home.
async fn further(w: &World, id: &str, stands_on: &str, reach: &str, actions: &[&str]) -> (Value, Client) {
    let admin = w.as_role(Role::Admin).await;
    let name = json!({"fr": format!("Rôle {id}"), "en": format!("Role {id}")});
    let body = json!({"id": id, "name": name, "standsOn": stands_on, "reach": reach, "actions": actions});
    let role = admin.post("/api/roles", body).await.expect(201);
    let person = json!({"email": format!("{id}@afpi.test"), "name": id, "roleId": id,
        "localisationIds": [w.site(HOME)], "password": "quatre chats verts ici"});
    let person = admin.post("/api/users", person).await.expect(201);
    assert_eq!(
        (&person["role"], &person["roleId"], &person["roleName"]),
        (&json!(stands_on), &json!(id), &role["name"])
    );
    let person = Uuid::parse_str(person["id"].as_str().unwrap()).unwrap();
    (role, w.as_user(person).await)
}

#[tokio::test]
async fn a_further_role_is_made_given_renamed_and_deleted() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let name = json!({"fr": "Chargé de clientèle", "en": "Account manager"});
        let body = json!({"name": name, "standsOn": "commercial", "actions": ["opportunites:create"]});
        let key = [("idempotency-key", "one".to_owned())];
        let made = admin.send("POST", "/api/roles", Some(body.clone()), &key).await;
        assert_eq!(made.headers["location"], "/api/roles/charge_de_clientele");
        let made = made.expect(201);
        assert_eq!(admin.send("POST", "/api/roles", Some(body.clone()), &key).await.expect(201), made);
        admin.post("/api/roles", body).await.refused(409, "duplicate");
        assert_eq!((&made["reach"], &made["builtIn"], &made["people"]), (&json!("own"), &json!(false), &json!(0)));
        let path = "/api/roles/charge_de_clientele";
        assert_eq!(admin.get(path).await.expect(200), made);
        // The list shows the role after the one it stands on.
        let all = admin.get("/api/roles").await.expect(200);
        let ids: Vec<&str> = all["data"].as_array().unwrap().iter().map(|role| role["id"].as_str().unwrap()).collect();
        assert_eq!(ids[3..5], ["commercial", "charge_de_clientele"]);

        let user = w.another(Role::Commercial, "louise", &[HOME]).await;
        let given =
            admin.patch(&format!("/api/users/{user}"), &json!(1), json!({"roleId": "charge_de_clientele"})).await;
        assert_eq!(given.expect(200)["role"], "commercial");
        let me = w.as_user(user).await.get("/api/auth/me").await.expect(200);
        assert_eq!((&me["role"], &me["roleName"], &me["reach"]), (&json!("commercial"), &name, &json!("own")));
        assert_eq!(me["permissions"], json!(["opportunites:create"]));
        let found = admin.get("/api/users?roleId=charge_de_clientele").await.expect(200);
        assert_eq!((&found["meta"]["total"], &found["data"][0]["id"]), (&json!(1), &json!(user)));

        let renamed = json!({"name": {"fr": "Conseiller", "en": "Adviser"}});
        let after = admin.patch(path, &made["version"], renamed.clone()).await.expect(200);
        assert_eq!((&after["name"], &after["actions"]), (&renamed["name"], &made["actions"]));
        admin.patch("/api/roles/commercial", &json!(1), renamed).await.refused(422, "validation");
        admin.delete(path).await.refused(409, "conflict");
        admin.patch(&format!("/api/users/{user}"), &json!(2), json!({"roleId": "assistante"})).await.expect(200);
        admin.delete(path).await.expect(204);
        admin.delete(path).await.refused(404, "not-found");
        for built_in in ["admin", "facturation"] {
            admin.delete(&format!("/api/roles/{built_in}")).await.refused(409, "conflict");
        }
        let lines = admin.get("/api/journal?subjectKind=role&subjectId=charge_de_clientele").await.expect(200);
        let acts: Vec<&Value> = lines["data"].as_array().unwrap().iter().map(|line| &line["act"]).collect();
        assert_eq!(json!(acts), json!(["deleted", "edited", "created"]));
        assert_eq!(
            lines["data"][1]["changes"],
            json!([{"field": "/name", "label": {"fr": "Nom", "en": "Name"}, "from": name, "to": after["name"]}])
        );
        assert_eq!(afpi_platform::journal::verify(&w.app.db).await.unwrap().1, []);
    })
    .await;
}

#[tokio::test]
async fn a_further_role_stays_within_the_one_it_stands_on() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = |stands_on: &str, reach: &str, actions: Value| {
            json!({"id": "essai", "name": {"fr": "Essai", "en": "Trial"}, "standsOn": stands_on, "reach": reach, "actions": actions})
        };
        for (wrong, field) in [
            (body("commercial", "sites", json!([])), "/reach"),
            (body("manager", "network", json!([])), "/reach"),
            (body("facturation", "own", json!([])), "/reach"),
            (body("commercial", "own", json!(["users:read"])), "/actions/0"),
            // Jobs belong to the whole network.
            (body("responsable_commercial", "sites", json!(["jobs:read"])), "/actions/0"),
            (body("admin", "network", json!([])), "/standsOn"),
            (json!({"id": "É", "name": {"fr": "É", "en": "E"}, "standsOn": "manager", "actions": []}), "/id"),
            (json!({"name": {"fr": "売上", "en": "E"}, "standsOn": "manager", "actions": []}), "/id"),
        ] {
            let refused = admin.post("/api/roles", wrong.clone()).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], field, "{wrong}");
        }
        admin.post("/api/roles", json!({"name": {"fr": "x", "en": "x"}, "standsOn": "essai", "actions": []})).await;
        let unknown = json!({"email": "x@afpi.test", "name": "X", "roleId": "essai", "localisationIds": [w.site(HOME)], "password": "quatre chats verts ici"});
        let refused = admin.post("/api/users", unknown).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/roleId");
        w.as_role(Role::ResponsableCommercial).await.post("/api/roles", body("manager", "own", json!([]))).await.refused(403, "forbidden");
        // The database keeps a person's role and built-in role consistent.
        let mut tx = w.app.db.begin().await.unwrap();
        for wrong in ["UPDATE users SET role = 'admin' WHERE role = 'assistante'", "UPDATE users SET role_id = 'essai'"] {
            let refused = sql(wrong).execute(&mut tx).await;
            assert!(matches!(refused, Err(DbError::ForeignKey(_))), "{wrong}: {refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn how_far_a_role_sees_is_decided_at_every_request() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let actions = ["users:read", "users:write", "jobs:read", "opportunites:create"];
        let (role, client) = further(&w, "adjoint", "responsable_commercial", "network", &actions).await;
        let company = admin.post("/api/entreprises", json!({"name": "Loin", "localisationId": w.site(AWAY)})).await.expect(201);
        let body = json!({"entrepriseId": company["id"], "title": "Loin", "budget": 1, "localisationId": w.site(AWAY)});
        let far = admin.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
        let near = support::opportunite(&w, "Près").await;
        let sees = async || {
            let list = client.get("/api/opportunites").await.expect(200);
            let mut titles: Vec<String> =
                list["data"].as_array().unwrap().iter().map(|file| file["title"].as_str().unwrap().to_owned()).collect();
            titles.sort();
            titles
        };
        assert_eq!(sees().await, ["Loin", "Près"]);
        client.get("/api/jobs").await.expect(200);
        let path = "/api/roles/adjoint";
        let tied = admin.patch(path, &role["version"], json!({"reach": "sites"})).await.expect(200);
        assert_eq!(sees().await, ["Près"]);
        // The change of reach also removes the actions that need the whole network.
        assert_eq!(tied["actions"], json!(["opportunites:create", "users:read", "users:write"]));
        client.get("/api/jobs").await.refused(403, "forbidden");
        client.get(&format!("/api/opportunites/{}", far["id"].as_str().unwrap())).await.refused(404, "not-found");
        // A person cannot give a reach or a right that he does not have.
        let wider = w.person(Role::ResponsableCommercial);
        client.patch(&format!("/api/users/{wider}"), &json!(1), json!({"password": "neuf tables rouges"})).await;
        for (role, status) in [("responsable_commercial", 403), ("manager", 403), ("adjoint", 201)] {
            let body = json!({"email": format!("{role}2@afpi.test"), "name": "N", "roleId": role, "localisationIds": [w.site(HOME)], "password": "quatre chats verts ici"});
            assert_eq!(client.post("/api/users", body).await.status, status, "{role}");
        }
        let own = admin.patch(path, &tied["version"], json!({"reach": "own"})).await.expect(200);
        assert_eq!(sees().await, Vec::<String>::new());
        client.patch(&format!("/api/opportunites/{}", near["id"].as_str().unwrap()), &near["version"], json!({"title": "x"})).await.refused(403, "forbidden");
        admin.patch(path, &own["version"], json!({"reach": "network"})).await.expect(200);
        // A person without a localisation would see nothing, so the change is refused.
        let roaming = json!({"email": "partout@afpi.test", "name": "N", "roleId": "adjoint", "localisationIds": [], "password": "quatre chats verts ici"});
        admin.post("/api/users", roaming).await.expect(201);
        admin.patch(path, &json!(4), json!({"reach": "sites"})).await.refused(409, "conflict");
    })
    .await;
}

#[tokio::test]
async fn why_a_record_is_seen_is_said_by_what_decides() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let away = w.site(AWAY);
        let company =
            admin.post("/api/entreprises", json!({"name": "Ailleurs", "localisationId": away})).await.expect(201);
        let file = support::opportunite(&w, "Soudage").await;
        let body = json!({"entrepriseId": company["id"], "title": "Ici", "budget": 1, "localisationId": w.site(HOME)});
        admin.post("/api/opportunites", body).await.expect(201);
        let trainer = json!({"name": "Paul", "kind": "permanent", "localisationId": w.site(HOME)});
        let trainer = admin.post("/api/formateurs", trainer).await.expect(201);
        let room = admin.post("/api/salles", json!({"name": "A1", "localisationId": w.site(HOME)})).await.expect(201);
        let path = |resource: &str, record: &Value| format!("/api/{resource}/{}", record["id"].as_str().unwrap());
        let (file, company) = (path("opportunites", &file), path("entreprises", &company));
        let (trainer, room) = (path("formateurs", &trainer), path("salles", &room));
        for (role, record, grounds, action) in [
            (Role::ResponsableCommercial, &file, vec!["network"], ("opportunites:edit", true, "given")),
            (Role::Manager, &file, vec!["site"], ("opportunites:edit", true, "given")),
            (Role::Commercial, &file, vec!["own"], ("opportunites:edit", true, "given")),
            (Role::Assistante, &file, vec!["site"], ("opportunites:edit", false, "not_given")),
            (Role::Admin, &company, vec!["network"], ("entreprises:write", true, "administrator")),
            (Role::Manager, &company, vec!["dealings"], ("entreprises:write", false, "elsewhere")),
            (Role::Commercial, &company, vec!["directory"], ("entreprises:write", false, "elsewhere")),
            (Role::Planificateur, &company, vec!["dealings"], ("entreprises:write", false, "not_given")),
            (Role::Planificateur, &trainer, vec!["site"], ("formateurs:write", true, "given")),
            (Role::Assistante, &trainer, vec!["site"], ("formateurs:write", false, "not_given")),
            (Role::Commercial, &room, vec!["site"], ("salles:write", false, "not_given")),
        ] {
            let client = w.as_role(role).await;
            let said = client.get(&format!("{record}/access")).await.expect(200);
            let codes: Vec<&str> =
                said["reads"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
            let told = said["actions"].as_array().unwrap().last().unwrap();
            let told =
                (told["action"].as_str().unwrap(), told["allowed"] == true, told["reason"]["code"].as_str().unwrap());
            assert_eq!((codes, told), (grounds, action), "{role:?} {record}");
            for message in said["reads"].as_array().unwrap().iter().map(|one| &one["message"]) {
                assert!(
                    message["fr"] != message["en"] && message["fr"].as_str().is_some_and(|text| text.ends_with('.'))
                );
            }
            // The access page predicts what the requests answer.
            client.get(record).await.expect(200);
            let version = client.get(record).await.headers["etag"].to_str().unwrap().trim_matches('"').to_owned();
            let change =
                if record == &file { json!({"title": "Autre"}) } else { json!({"name": format!("Autre {role:?}")}) };
            let changed = client.patch(record, &version.parse::<i64>().unwrap().into(), change).await.status;
            assert_eq!(changed == 200, action.1, "{role:?} {record}: {changed}");
        }
        w.as_role(Role::Facturation).await.get(&format!("{trainer}/access")).await.refused(403, "forbidden");
        let there = support::opportunite(&w, "A lui").await;
        let (_, other) = further(&w, "autre", "manager", "own", &["opportunites:edit"]).await;
        other.get(&format!("{}/access", path("opportunites", &there))).await.refused(404, "not-found");
        // Everybody reads his own access. Reading that of others needs the right to see people.
        let me = w.person(Role::Commercial);
        let commercial = w.as_role(Role::Commercial).await;
        let mine = commercial.get(&format!("/api/users/{me}/access")).await.expect(200);
        assert_eq!((&mine["reach"], &mine["reachReason"]["code"]), (&json!("own"), &json!("own")));
        commercial.get(&format!("/api/users/{}/access", w.person(Role::Manager))).await.refused(403, "forbidden");
    })
    .await;
}
