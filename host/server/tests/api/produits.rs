//! Training products: of the network or of a legal entity, with one code each.

use crate::support::{AWAY, HOME, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

fn path(product: &Value) -> String {
    format!("/api/produits/{}", product["id"].as_str().unwrap())
}

fn tig() -> Value {
    json!({
        "code": " SOUD-TIG-35 ", "title": "Soudage TIG", "category": "Soudage", "modality": "presentiel", "durationMinutes": 2100,
        "price": 4550, "priceUnit": "hour", "vatRate": 0, "objectives": "Souder à plat", "prerequisites": " ",
        "programme": "Sécurité\nPratique"
    })
}

#[tokio::test]
async fn a_product_is_made_found_changed_and_archived() {
    on_both(|w| async move {
        let chief = w.as_role(Role::ResponsableCommercial).await;
        let reply = chief.post("/api/produits", tig()).await;
        let location = reply.headers["location"].to_str().unwrap().to_owned();
        let made = reply.expect(201);
        assert_eq!(
            (&made["code"], &made["durationMinutes"], &made["price"], &made["priceUnit"], &made["vatRate"]),
            (&json!("SOUD-TIG-35"), &json!(2100), &json!(4550), &json!("hour"), &json!(0))
        );
        assert_eq!(
            (&made["prerequisites"], &made["legalEntity"], &made["active"], &made["version"]),
            (&Value::Null, &Value::Null, &json!(true), &json!(1))
        );
        assert_eq!(chief.get(&location).await.expect(200), made);
        for (query, found) in [
            ("q=tig%20soudage", 1),
            ("q=soud-tig", 1),
            ("q=usinage", 0),
            ("category=Soudage", 1),
            ("modality=mixte", 0),
            ("active=false", 0),
            (&format!("localisationId={}", w.site(AWAY)), 1),
        ] {
            assert_eq!(
                chief.get(&format!("/api/produits?{query}")).await.expect(200)["meta"]["total"],
                found,
                "{query}"
            );
        }
        let change = json!({"title": "Soudage MAG", "price": null, "category": null, "active": false, "vatRate": 2000});
        let changed = chief.patch(&path(&made), &json!(1), change).await.expect(200);
        assert_eq!(
            (&changed["title"], &changed["price"], &changed["category"], &changed["active"], &changed["vatRate"]),
            (&json!("Soudage MAG"), &Value::Null, &Value::Null, &json!(false), &json!(2000))
        );
        assert_eq!(changed["programme"], "Sécurité\nPratique");
        assert_eq!(chief.get("/api/produits?q=mag&active=false").await.expect(200)["meta"]["total"], 1);
        assert_eq!(chief.get("/api/produits?q=tig%20soudage").await.expect(200)["meta"]["total"], 1, "the code stays");
        let lost = json!({"title": "Autre", "active": false});
        let lost = chief.patch(&path(&made), &json!(1), lost).await.refused(412, "stale");
        assert_eq!((&lost["changed"], &lost["current"]["version"]), (&json!(["title"]), &json!(2)));
        let told = sql("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%\"produit.%'")
            .scalar::<i64>(&mut w.app.db.read().await.unwrap())
            .await;
        assert_eq!(told.unwrap(), 2, "one event each");
    })
    .await;
}

#[tokio::test]
async fn one_code_is_one_product_and_bad_fields_are_named() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        admin.post("/api/produits", tig()).await.expect(201);
        let with = |change: Value| {
            let mut body = tig();
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            body
        };
        for twin in ["soud-tig-35", "SOUD-TIG-35", "Soùd-Tig-35"] {
            let problem = admin.post("/api/produits", with(json!({"code": twin}))).await.refused(409, "duplicate");
            assert_eq!(problem["fields"][0]["field"], "/code", "{twin}");
        }
        let other = admin.post("/api/produits", with(json!({"code": "MAG"}))).await.expect(201);
        admin.patch(&path(&other), &json!(1), json!({"code": "soud-tig-35"})).await.refused(409, "duplicate");
        for (bad, field) in [
            (json!({"code": " - "}), "/code"),
            (json!({"code": "x".repeat(41)}), "/code"),
            (json!({"title": " "}), "/title"),
            (json!({"durationMinutes": 0}), "/durationMinutes"),
            (json!({"price": -1}), "/price"),
            (json!({"priceUnit": "week"}), "/priceUnit"),
            (json!({"vatRate": 10_001}), "/vatRate"),
            (json!({"modality": "telepathie"}), "/modality"),
            (json!({"legalEntityId": uuid::Uuid::nil()}), "/legalEntityId"),
        ] {
            let mut body = with(json!({"code": "N"}));
            body.as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
            let problem = admin.post("/api/produits", body).await;
            assert_eq!(problem.status, 422, "{bad}: {}", problem.body);
            assert_eq!(problem.body["fields"][0]["field"], field, "{bad}");
        }
    })
    .await;
}

/// Everybody reads the network's products and those of the own legal entity. A manager writes the latter only.
#[tokio::test]
async fn legal_entities_keep_their_products() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let entity = async |code: &str| {
            let place = admin.get(&format!("/api/localisations/{}", w.site(code))).await.expect(200);
            place["legalEntity"]["id"].clone()
        };
        let (home, away) = (entity(HOME).await, entity(AWAY).await);
        assert_ne!(home, away);
        let new = |code: &str, of: &Value| {
            json!({"code": code, "title": code, "priceUnit": "group", "vatRate": 0, "legalEntityId": of})
        };
        let network = admin.post("/api/produits", new("RESEAU", &Value::Null)).await.expect(201);
        let there = admin.post("/api/produits", new("LA-BAS", &away)).await.expect(201);
        let manager = w.as_role(Role::Manager).await;
        let mine = json!({"code": "ICI", "title": "Ici", "priceUnit": "day", "vatRate": 0});
        let mine = manager.post("/api/produits", mine).await.expect(201);
        assert_eq!(mine["legalEntityId"], home, "by default that of the first site");
        manager.patch(&path(&mine), &json!(1), json!({"price": 100})).await.expect(200);
        manager.patch(&path(&mine), &json!(2), json!({"legalEntityId": null})).await.refused(403, "forbidden");
        manager.patch(&path(&mine), &json!(2), json!({"legalEntityId": away})).await.refused(403, "forbidden");
        manager.post("/api/produits", new("VOISIN", &away)).await.refused(403, "forbidden");
        manager.patch(&path(&network), &json!(1), json!({"price": 1})).await.refused(403, "forbidden");
        manager.patch(&path(&there), &json!(1), json!({"price": 1})).await.refused(404, "not-found");
        for role in [Role::Commercial, Role::Assistante, Role::Planificateur, Role::Facturation] {
            let reader = w.as_role(role).await;
            assert_eq!(reader.get("/api/produits").await.expect(200)["meta"]["total"], 2, "{}", role.id());
            reader.get(&path(&network)).await.expect(200);
            reader.get(&path(&there)).await.refused(404, "not-found");
            reader.post("/api/produits", new("X", &home)).await.refused(403, "forbidden");
        }
        let at = |code: &str| format!("/api/produits?localisationId={}", w.site(code));
        assert_eq!(admin.get(&at(HOME)).await.expect(200)["meta"]["total"], 2);
        assert_eq!(admin.get("/api/produits").await.expect(200)["meta"]["total"], 3);
        w.nobody().get("/api/produits").await.refused(401, "unauthenticated");
    })
    .await;
}
