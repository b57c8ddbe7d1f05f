//! Saved views of lists: for their owner, shared with a role, a site, both or everybody, and seen by nobody else.

use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::rights::Role;
use serde_json::{Value, json};

fn at(vue: &Value) -> String {
    format!("/api/vues/{}", vue["id"].as_str().unwrap())
}

async fn delete(client: &Client, vue: &Value) -> crate::support::Reply {
    client.send("DELETE", &at(vue), None, &[("if-match", format!("\"{}\"", vue["version"]))]).await
}

/// The views of the list of opportunités, by name.
async fn listed(client: &Client) -> Vec<Value> {
    client.get("/api/vues?list=opportunites").await.expect(200)["data"].as_array().unwrap().clone()
}

async fn names(client: &Client) -> Vec<String> {
    listed(client).await.iter().map(|vue| vue["name"].as_str().unwrap().to_owned()).collect()
}

/// Those that are the caller's or shared with people like the caller.
async fn addressed(client: &Client) -> Vec<String> {
    let vues = listed(client).await;
    let addressed = vues.iter().filter(|vue| vue["addressed"] == true);
    addressed.map(|vue| vue["name"].as_str().unwrap().to_owned()).collect()
}

fn of_opportunites(name: &str) -> Value {
    json!({"list": "opportunites", "name": name, "query": [{"name": "issue", "value": "won"}]})
}

async fn shared(client: &Client, name: &str, with: Value) -> Value {
    let mut body = of_opportunites(name);
    body["sharedWith"] = with;
    client.post("/api/vues", body).await.expect(201)
}

#[tokio::test]
async fn a_view_is_saved_changed_and_deleted() {
    on_both(|w| async move {
        let seller = w.as_role(Role::Commercial).await;
        let body = json!({"list": "opportunites", "name": "  Gagnées de l'année ", "pinned": true, "density": "compact",
            "query": [{"name": "issue", "value": "won"}, {"name": "tri", "value": "-amount"}],
            "columns": [{"id": "amount", "width": 120}, {"id": "status"}]});
        let vue = seller.post("/api/vues", body).await.expect(201);
        assert_eq!(vue["name"], "Gagnées de l'année");
        assert_eq!(vue["query"], json!([{"name": "issue", "value": "won"}, {"name": "tri", "value": "-amount"}]));
        assert_eq!(vue["columns"], json!([{"id": "amount", "width": 120}, {"id": "status"}]));
        assert_eq!(
            (&vue["density"], &vue["pinned"], &vue["sharedWith"]),
            (&json!("compact"), &json!(true), &Value::Null)
        );
        assert_eq!((&vue["mine"], &vue["mayEdit"], &vue["isDefault"]), (&json!(true), &json!(true), &json!(false)));
        seller.post("/api/vues", of_opportunites("à suivre")).await.expect(201);
        seller.post("/api/vues", json!({"list": "entreprises", "name": "Autre liste"})).await.expect(201);
        assert_eq!(names(&seller).await, ["à suivre", "Gagnées de l'année"], "by name, of this list");
        assert_eq!(listed(&seller).await[1], vue);
        let changed = json!({"name": "Gagnées", "columns": null, "density": null, "query": [], "pinned": false});
        let changed = seller.patch(&at(&vue), &vue["version"], changed).await.expect(200);
        assert_eq!(
            (&changed["columns"], &changed["density"], &changed["pinned"]),
            (&Value::Null, &Value::Null, &json!(false))
        );
        assert_eq!((&changed["name"], &changed["query"]), (&json!("Gagnées"), &json!([])));
        let stale = seller.patch(&at(&vue), &vue["version"], json!({"pinned": true})).await.refused(412, "stale");
        assert_eq!(stale["current"]["name"], "Gagnées");
        delete(&seller, &vue).await.refused(412, "stale");
        delete(&seller, &changed).await.expect(204);
        assert_eq!(names(&seller).await, ["à suivre"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_or_touches_a_private_view_of_another_person() {
    on_both(|w| async move {
        let seller = w.as_role(Role::Commercial).await;
        let vue = seller.post("/api/vues", of_opportunites("À moi")).await.expect(201);
        for role in [Role::Admin, Role::Manager, Role::Assistante] {
            let other = w.as_role(role).await;
            assert!(names(&other).await.is_empty(), "{role:?}");
            other.patch(&at(&vue), &vue["version"], json!({"name": "Prise"})).await.refused(404, "not-found");
            delete(&other, &vue).await.refused(404, "not-found");
            other.put(&format!("{}/default", at(&vue)), Value::Null).await.refused(404, "not-found");
            other.delete(&format!("{}/default", at(&vue))).await.refused(404, "not-found");
        }
        assert_eq!(names(&seller).await, ["À moi"]);
    })
    .await;
}

#[tokio::test]
async fn a_shared_view_is_seen_by_whom_it_is_shared_with() {
    on_both(|w| async move {
        let [admin, manager] = [w.as_role(Role::Admin).await, w.as_role(Role::Manager).await];
        let [seller, assistant] = [w.as_role(Role::Commercial).await, w.as_role(Role::Assistante).await];
        let away = w.as_user(w.another(Role::Commercial, "loin", &[AWAY]).await).await;
        let (home, there) = (json!(w.site(HOME)), json!(w.site(AWAY)));
        shared(&admin, "Tous", json!({})).await;
        shared(&admin, "Commerciaux", json!({"roleId": "commercial"})).await;
        shared(&admin, "Loin", json!({"localisationId": there})).await;
        shared(&manager, "Ici", json!({"localisationId": home})).await;
        shared(&manager, "Commerciaux d'ici", json!({"localisationId": home, "roleId": "commercial"})).await;
        assert_eq!(names(&seller).await, ["Commerciaux", "Commerciaux d'ici", "Ici", "Tous"]);
        assert_eq!(names(&away).await, ["Commerciaux", "Loin", "Tous"]);
        assert_eq!(names(&assistant).await, ["Ici", "Tous"]);
        // Whoever manages people sees what is shared with them, apart from what is for people like him.
        assert_eq!(names(&manager).await, ["Commerciaux d'ici", "Ici", "Tous"]);
        assert_eq!(names(&admin).await, ["Commerciaux", "Commerciaux d'ici", "Ici", "Loin", "Tous"]);
        assert_eq!(addressed(&manager).await, ["Commerciaux d'ici", "Ici", "Tous"], "two are his own");
        assert_eq!(addressed(&admin).await, ["Commerciaux", "Loin", "Tous"], "two are his own");
        let of_role = &listed(&seller).await[1]["sharedWith"];
        assert_eq!((&of_role["role"]["name"]["fr"], &of_role["localisation"]["id"]), (&json!("Commercial"), &home));
        // Who leaves the site no longer sees its views.
        let mut conn = w.app.db.begin().await.unwrap();
        let moved = afpi_db::sql("UPDATE user_localisations SET localisation_id = ? WHERE user_id = ?");
        moved.bind(w.site(AWAY)).bind(w.person(Role::Commercial)).execute(&mut conn).await.unwrap();
        conn.commit().await.unwrap();
        assert_eq!(names(&seller).await, ["Commerciaux", "Loin", "Tous"]);
    })
    .await;
}

#[tokio::test]
async fn only_who_manages_people_shares_and_only_where() {
    on_both(|w| async move {
        let [admin, manager] = [w.as_role(Role::Admin).await, w.as_role(Role::Manager).await];
        let seller = w.as_role(Role::Commercial).await;
        let (home, there) = (w.site(HOME), w.site(AWAY));
        let with = |share: Value| {
            let mut body = of_opportunites("Partagée");
            body["sharedWith"] = share;
            body
        };
        seller.post("/api/vues", with(json!({"localisationId": home}))).await.refused(403, "forbidden");
        for beyond in [json!({}), json!({"roleId": "commercial"}), json!({"localisationId": there})] {
            manager.post("/api/vues", with(beyond)).await.refused(403, "forbidden");
        }
        for (unknown, field) in [
            (json!({"roleId": "nobody"}), "/sharedWith/roleId"),
            (json!({"localisationId": uuid::Uuid::nil()}), "/sharedWith/localisationId"),
        ] {
            let refused = admin.post("/api/vues", with(unknown)).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], field);
        }
        let vue = manager.post("/api/vues", with(json!({"localisationId": home}))).await.expect(201);
        let seen = &listed(&seller).await[0];
        assert_eq!((&seen["mayEdit"], &seen["mine"]), (&json!(false), &json!(false)));
        seller.patch(&at(&vue), &vue["version"], json!({"name": "Autre"})).await.refused(403, "forbidden");
        delete(&seller, &vue).await.refused(403, "forbidden");
        manager.patch(&at(&vue), &vue["version"], json!({"sharedWith": {}})).await.refused(403, "forbidden");
        // Another manager of the site may change it, also when its owner has left.
        let mut conn = w.app.db.begin().await.unwrap();
        let left = afpi_db::sql("UPDATE users SET active = ? WHERE id = ?").bind(false).bind(w.person(Role::Manager));
        left.execute(&mut conn).await.unwrap();
        conn.commit().await.unwrap();
        let next = w.as_user(w.another(Role::Manager, "suivante", &[HOME]).await).await;
        let renamed = next.patch(&at(&vue), &vue["version"], json!({"name": "Reprise"})).await.expect(200);
        assert_eq!((&renamed["name"], &renamed["mine"]), (&json!("Reprise"), &json!(false)));
        assert_eq!(names(&seller).await, ["Reprise"]);
        let stranger = w.as_user(w.another(Role::Manager, "ailleurs", &[AWAY]).await).await;
        stranger.patch(&at(&vue), &renamed["version"], json!({"name": "Non"})).await.refused(404, "not-found");
        // Given back to its owner, it is gone for everybody else.
        let back = next.patch(&at(&vue), &renamed["version"], json!({"sharedWith": null})).await.expect(200);
        assert_eq!((&back["sharedWith"], &back["mayEdit"]), (&Value::Null, &json!(false)));
        assert!(names(&next).await.is_empty() && names(&seller).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_may_not_share_any_more_can_only_take_the_view_back() {
    on_both(|w| async move {
        let [admin, manager] = [w.as_role(Role::Admin).await, w.as_role(Role::Manager).await];
        let vue = shared(&manager, "Équipe", json!({"localisationId": w.site(HOME)})).await;
        let role = admin.get("/api/roles/manager").await.expect(200);
        let actions = role["actions"].as_array().unwrap().iter().filter(|action| **action != "users:write");
        let actions: Vec<&Value> = actions.collect();
        admin.patch("/api/roles/manager", &role["version"], json!({"actions": actions})).await.expect(200);
        manager.patch(&at(&vue), &vue["version"], json!({"name": "Mienne"})).await.refused(403, "forbidden");
        let own =
            manager.patch(&at(&vue), &vue["version"], json!({"name": "Mienne", "sharedWith": null})).await.expect(200);
        manager.patch(&at(&vue), &own["version"], json!({"name": "À moi"})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_a_view_of_a_list_that_he_may_not_open() {
    on_both(|w| async move {
        let [admin, seller] = [w.as_role(Role::Admin).await, w.as_role(Role::Commercial).await];
        let body = json!({"list": "users", "name": "Invités", "sharedWith": {}});
        let vue = admin.post("/api/vues", body.clone()).await.expect(201);
        seller.get("/api/vues?list=users").await.refused(403, "forbidden");
        seller.post("/api/vues", json!({"list": "users", "name": "Invités"})).await.refused(403, "forbidden");
        seller.put(&format!("{}/default", at(&vue)), Value::Null).await.refused(404, "not-found");
        w.as_role(Role::Manager).await.put(&format!("{}/default", at(&vue)), Value::Null).await.expect(204);
        seller.get("/api/vues").await.refused(400, "bad-parameter");
        seller.get("/api/vues?list=elsewhere").await.refused(400, "bad-parameter");
    })
    .await;
}

#[tokio::test]
async fn a_list_opens_with_one_view_for_each_person() {
    on_both(|w| async move {
        let [admin, seller] = [w.as_role(Role::Admin).await, w.as_role(Role::Commercial).await];
        let all = shared(&admin, "Tous", json!({})).await;
        let own = seller.post("/api/vues", of_opportunites("À moi")).await.expect(201);
        let standard = |vue: &Value| format!("{}/default", at(vue));
        let defaults = |vues: Vec<Value>| -> Vec<String> {
            let defaults = vues.iter().filter(|vue| vue["isDefault"] == true);
            defaults.map(|vue| vue["name"].as_str().unwrap().to_owned()).collect()
        };
        seller.put(&standard(&own), Value::Null).await.expect(204);
        assert_eq!(defaults(listed(&seller).await), ["À moi"]);
        seller.put(&standard(&all), Value::Null).await.expect(204);
        seller.put(&standard(&all), Value::Null).await.expect(204);
        assert_eq!(defaults(listed(&seller).await), ["Tous"], "one, however often it is said");
        assert!(defaults(listed(&admin).await).is_empty(), "of the seller only");
        seller.delete(&standard(&own)).await.expect(204);
        assert_eq!(defaults(listed(&seller).await), ["Tous"], "another one was dropped");
        seller.delete(&standard(&all)).await.expect(204);
        assert!(defaults(listed(&seller).await).is_empty());
        // A deleted one is nobody's any more.
        seller.put(&standard(&all), Value::Null).await.expect(204);
        delete(&admin, &all).await.expect(204);
        assert_eq!(names(&seller).await, ["À moi"]);
        assert!(defaults(listed(&seller).await).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_view_has_its_limits() {
    on_both(|w| async move {
        let seller = w.as_role(Role::Commercial).await;
        let body = |query: Value, columns: Value| json!({"list": "opportunites", "name": "N", "query": query, "columns": columns});
        let param = |name: &str| json!({"name": name, "value": "x"});
        for (body, field) in [
            (body(json!([param("Issue")]), Value::Null), "/query/0/name"),
            (body(json!([param("a"), param("a&b")]), Value::Null), "/query/1/name"),
            (body(json!([param("a"), param("a")]), Value::Null), "/query/1/name"),
            (body(json!(vec![param("a"); 21]), Value::Null), "/query"),
            (body(json!([]), json!([{"id": "a"}, {"id": "a"}])), "/columns/1/id"),
            (body(json!([]), json!([{"id": "a", "width": 5000}])), "/columns/0/width"),
        ] {
            let refused = seller.post("/api/vues", body).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], field);
        }
        for n in 0..50 {
            seller.post("/api/vues", of_opportunites(&format!("Vue {n}"))).await.expect(201);
        }
        seller.post("/api/vues", of_opportunites("Une de trop")).await.refused(409, "conflict");
        seller.post("/api/vues", json!({"list": "entreprises", "name": "Autre liste"})).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn a_view_that_is_saved_twice_under_one_key_is_saved_once() {
    on_both(|w| async move {
        let seller = w.as_role(Role::Commercial).await;
        let key = [("idempotency-key", "vue-1".to_owned())];
        let first = seller.send("POST", "/api/vues", Some(of_opportunites("Une")), &key).await.expect(201);
        let again = seller.send("POST", "/api/vues", Some(of_opportunites("Une")), &key).await.expect(201);
        assert_eq!(first["id"], again["id"]);
        assert_eq!(names(&seller).await, ["Une"]);
    })
    .await;
}

#[tokio::test]
async fn views_of_a_role_that_is_deleted_go_back_to_their_owners() {
    on_both(|w: World| async move {
        let [admin, seller] = [w.as_role(Role::Admin).await, w.as_role(Role::Commercial).await];
        let role =
            json!({"id": "chef", "name": {"fr": "Chef", "en": "Chief"}, "standsOn": "commercial", "actions": []});
        admin.post("/api/roles", role).await.expect(201);
        shared(&admin, "Chefs", json!({"roleId": "chef", "localisationId": w.site(HOME)})).await;
        admin.delete("/api/roles/chef").await.expect(204);
        let vue = &listed(&admin).await[0];
        assert_eq!((&vue["name"], &vue["sharedWith"], &vue["version"]), (&json!("Chefs"), &Value::Null, &json!(2)));
        assert!(names(&seller).await.is_empty(), "not shared with the whole site instead");
    })
    .await;
}
