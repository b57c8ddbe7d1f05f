//! Roles as records: an administrator's change counts from the next request on, within the limits of the role.

mod support;

use afpi_core::rights::{Access, Role};
use afpi_db::sql;
use serde_json::{Value, json};
use support::{World, on_both};

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
        assert_eq!(me["permissions"], json!(["formateurs:read"]));
        let access = format!("/api/users/{}/access", me["id"].as_str().unwrap());
        assert_eq!(admin.get(&access).await.expect(200)["actions"], me["permissions"]);
        // Somebody was faster.
        let stale = admin.patch(path, &before["version"], taken).await.refused(412, "stale");
        assert_eq!(stale["current"]["version"], after["version"]);
        // Given more than it came with.
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
        // Whatever stands in the table, an administrator may set it right.
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
