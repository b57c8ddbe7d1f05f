//! Legal entities and sites: read, changed, refused, their logo kept and collected, and what documents are told of them.

use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::clock::Instant;
use afpi_core::network;
use afpi_core::rights::Role;
use afpi_crm::attachments::{collect, collect::GRACE};
use afpi_crm::entites;
use afpi_db::sql;
use axum::body::to_bytes;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

async fn entity(world: &World, client: &Client, code: &str) -> Value {
    let site = client.get(&format!("/api/localisations/{}", world.site(code))).await.expect(200);
    let id = site["legalEntity"]["id"].as_str().unwrap().to_owned();
    world.as_role(Role::Admin).await.get(&format!("/api/entites-legales/{id}")).await.expect(200)
}

fn path(entity: &Value) -> String {
    format!("/api/entites-legales/{}", entity["id"].as_str().unwrap())
}

async fn upload(client: &Client, name: &str, content: &[u8]) -> Value {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    client.file(&format!("/api/uploads?name={name}"), content.to_vec(), &headers).await.expect(200)
}

#[tokio::test]
async fn an_administrator_completes_a_legal_entity_and_the_journal_tells_it() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let before = entity(&world, &admin, HOME).await;
        assert_eq!((&before["version"], &before["siret"], &before["logo"]), (&json!(1), &Value::Null, &Value::Null));
        assert!(before["localisations"].as_array().unwrap().iter().any(|site| site["code"] == HOME));
        let change = json!({
            "legalForm": "Association loi 1901", "capital": 150_000, "siret": "314 979 337 00008",
            "vatNumber": "fr 10 314 979 337", "nda": "32 60 00001 60", "ndaRegion": "Hauts-de-France",
            "line1": "12 rue de l'Atelier", "postcode": "60000", "city": "Beauvais",
            "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "agrifrpp", "bank": "Banque",
            "signatoryName": "La direction", "signatoryQuality": "Directrice générale", "email": "contact@afpi.example",
            "phone": "03 44 00 00 00", "website": "www.afpi.example", "colour": "#1f4e79",
            "footer": "Association déclarée.\nSiège : Beauvais.", "paymentTerms": "Virement à 30 jours",
            "paymentDays": 30, "penaltyRate": 1215, "rcs": " ", "mediator": "Médiateur de la consommation",
        });
        let after = admin.patch(&path(&before), &json!(1), change).await.expect(200);
        for (field, value) in [
            ("siret", json!("31497933700008")),
            ("siren", json!("314979337")),
            ("vatNumber", json!("FR10314979337")),
            ("iban", json!("FR7630006000011234567890189")),
            ("bic", json!("AGRIFRPP")),
            ("colour", json!("#1F4E79")),
            ("capital", json!(150_000)),
            ("penaltyRate", json!(1215)),
            ("rcs", Value::Null),
            ("name", before["name"].clone()),
            ("version", json!(2)),
        ] {
            assert_eq!(after[field], value, "{field}");
        }
        assert_eq!(admin.get(&path(&before)).await.expect(200), after);
        let cleared = admin.patch(&path(&before), &json!(2), json!({"iban": null, "bank": ""})).await.expect(200);
        assert_eq!((&cleared["iban"], &cleared["bank"], &cleared["bic"]), (&Value::Null, &Value::Null, &after["bic"]));

        let journal = admin.get("/api/journal?subjectKind=entite_legale").await.expect(200);
        let line = &journal["data"][0];
        assert_eq!((&line["subject"]["name"]["fr"], &line["act"]), (&before["name"], &json!("edited")));
        let iban = line["changes"].as_array().unwrap().iter().find(|change| change["field"] == "/iban").unwrap();
        assert_eq!((&iban["from"], &iban["to"]), (&after["iban"], &Value::Null));
        assert_eq!(iban["label"]["fr"], "IBAN");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_field() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let before = entity(&world, &admin, HOME).await;
        for (change, field, code) in [
            (json!({"siret": "31497933700011"}), "/siret", "siret-checksum"),
            (json!({"vatNumber": "FR11314979337"}), "/vatNumber", "vat-checksum"),
            (json!({"siret": "73282932000074", "vatNumber": "FR10314979337"}), "/vatNumber", "vat-siren"),
            (json!({"iban": "FR7630006000011234567890188"}), "/iban", "iban-checksum"),
            (json!({"iban": "FR763000600001123456789018"}), "/iban", "iban-format"),
            (json!({"bic": "AGRI"}), "/bic", "bic"),
            (json!({"colour": "bleu"}), "/colour", "colour"),
            (json!({"colour": "#12345G"}), "/colour", "colour"),
            (json!({"paymentDays": 61}), "/paymentDays", "range"),
            (json!({"penaltyRate": -1}), "/penaltyRate", "range"),
            (json!({"name": ""}), "/name", "required"),
            (json!({"email": "contact"}), "/email", "email"),
        ] {
            let problem = admin.patch(&path(&before), &json!(1), change.clone()).await.refused(422, "validation");
            let found = (&problem["fields"][0]["field"], &problem["fields"][0]["code"]);
            assert_eq!(found, (&json!(field), &json!(code)), "{change}");
        }
        admin.patch(&path(&before), &json!(1), json!({"siren": "314979337"})).await.refused(422, "unknown-field");
        // What was there contradicts what comes.
        admin.patch(&path(&before), &json!(1), json!({"siret": "73282932000074"})).await.expect(200);
        let problem = admin.patch(&path(&before), &json!(2), json!({"vatNumber": "FR10314979337"})).await;
        assert_eq!(problem.refused(422, "validation")["fields"][0]["code"], "vat-siren");
        // The loser of a race learns what differs.
        let wanted = json!({"city": "Creil", "siret": "73282932000074"});
        let lost = admin.patch(&path(&before), &json!(1), wanted).await.refused(412, "stale");
        assert_eq!((&lost["changed"], &lost["current"]["version"]), (&json!(["city"]), &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn who_is_tied_to_sites_reads_the_entities_of_those() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let (here, there) = (entity(&world, &admin, HOME).await, entity(&world, &admin, AWAY).await);
        assert_ne!(here["id"], there["id"]);
        for role in [Role::Manager, Role::Facturation] {
            let client = world.as_role(role).await;
            let seen = client.get("/api/entites-legales").await.expect(200);
            let ids: Vec<&Value> = seen["data"].as_array().unwrap().iter().map(|entity| &entity["id"]).collect();
            assert_eq!(ids, [&here["id"]]);
            client.get(&path(&here)).await.expect(200);
            client.get(&path(&there)).await.refused(404, "not-found");
            client.patch(&path(&here), &json!(1), json!({"iban": null})).await.refused(403, "forbidden");
        }
        let everything = world.as_role(Role::ResponsableCommercial).await.get("/api/entites-legales").await.expect(200);
        assert_eq!(everything["data"].as_array().unwrap().len(), 3);
        world.as_role(Role::Commercial).await.get("/api/entites-legales").await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_logo_is_shown_replaced_kept_and_collected() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let before = entity(&world, &admin, HOME).await;
        let logo = format!("{}/logo", path(&before));
        admin.get(&logo).await.refused(404, "not-found");
        let pdf = upload(&admin, "logo.pdf", b"%PDF-1.7\nLogo").await;
        let problem = admin.put_at(&logo, &json!(1), json!({"uploadId": pdf["id"]})).await.refused(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "/uploadId");
        let mut large = PNG.to_vec();
        large.resize((1 << 20) + 1, 0);
        let large = upload(&admin, "logo.png", &large).await;
        admin.put_at(&logo, &json!(1), json!({"uploadId": large["id"]})).await.refused(422, "validation");

        let picture = upload(&admin, "logo.png", PNG).await;
        let after = admin.put_at(&logo, &json!(1), json!({"uploadId": picture["id"]})).await.expect(200);
        assert_eq!((&after["logo"], &after["version"]), (&picture["sha256"], &json!(2)));
        // An upload is used once, and an old version sets nothing.
        admin.put_at(&logo, &json!(2), json!({"uploadId": picture["id"]})).await.refused(422, "validation");
        admin.put_at(&logo, &json!(1), json!({"uploadId": picture["id"]})).await.refused(412, "stale");

        // Nothing else refers to it, and it stays.
        collect(&world.app, Instant::now() + GRACE + GRACE).await.unwrap();
        let response = world.as_role(Role::Facturation).await.raw("GET", &logo, None, &[]).await;
        let headers = response.headers().clone();
        assert_eq!((response.status().as_u16(), headers["content-type"].to_str().unwrap()), (200, "image/png"));
        assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(to_bytes(response.into_body(), usize::MAX).await.unwrap(), PNG);
        let (kind, bytes) = entites::logo(&world.app, world.site(HOME).into()).await.unwrap().expect("a logo");
        assert_eq!((kind.as_str(), &*bytes), ("image/png", PNG));
        assert!(entites::logo(&world.app, world.site(AWAY).into()).await.unwrap().is_none());

        let version = [("if-match", "\"2\"".to_owned())];
        let gone = admin.send("DELETE", &logo, None, &version).await.expect(200);
        assert_eq!((&gone["logo"], &gone["version"]), (&Value::Null, &json!(3)));
        admin.get(&logo).await.refused(404, "not-found");
        let kept = async || {
            let query = sql("SELECT COUNT(*) FROM files WHERE sha256 = ?").bind(picture["sha256"].as_str().unwrap());
            query.scalar::<i64>(&mut world.app.db.read().await.unwrap()).await.unwrap()
        };
        collect(&world.app, Instant::now()).await.unwrap();
        assert_eq!(kept().await, 1, "it stays for a day");
        collect(&world.app, Instant::now() + GRACE + GRACE).await.unwrap();
        assert_eq!(kept().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_site_says_how_to_come_and_documents_are_told() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let site = world.site(HOME);
        let path = format!("/api/localisations/{site}");
        let change = json!({
            "address": "12 rue de l'Atelier", "access": "Bus 5, arrêt Atelier.\nParking gratuit.",
            "phone": "03 44 00 00 01", "referentName": "Référente handicap", "referentEmail": "handicap@afpi.example",
            "rulesVersion": "2026-09",
        });
        world.as_role(Role::Manager).await.patch(&path, &json!(1), change.clone()).await.refused(403, "forbidden");
        let after = admin.patch(&path, &json!(1), change).await.expect(200);
        assert_eq!((&after["version"], &after["rulesVersion"]), (&json!(2), &json!("2026-09")));
        admin.patch(&path, &json!(1), json!({"city": "Creil"})).await.refused(412, "stale");
        admin.patch(&path, &json!(2), json!({"name": null})).await.refused(422, "wrong-type");
        let entity = entity(&world, &admin, HOME).await;
        let change = json!({"siret": "31497933700008", "colour": "#1F4E79"});
        admin.patch(&self::path(&entity), &json!(1), change).await.expect(200);

        let told = entites::dossier(&mut world.app.db.read().await.unwrap(), site.into()).await.unwrap();
        let told = serde_json::to_value(told).unwrap();
        let name = &entity["name"];
        assert_eq!(
            told["entite"],
            json!({"name": name, "siret": "31497933700008", "siren": "314979337", "colour": "#1F4E79", "logo": false})
        );
        assert_eq!(
            told["site"]["disabilityReferent"],
            json!({"name": "Référente handicap", "email": "handicap@afpi.example"})
        );
        assert_eq!(told["site"]["line1"], "12 rue de l'Atelier");
        assert!(told["site"].get("email").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_legal_entity_that_is_renamed_does_not_come_back_under_its_old_name() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let before = entity(&world, &admin, HOME).await;
        admin.patch(&path(&before), &json!(1), json!({"name": "AFPI Nord"})).await.expect(200);
        let mut tx = world.app.db.begin().await.unwrap();
        network::fill(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let all = admin.get("/api/entites-legales").await.expect(200);
        let names: Vec<&str> =
            all["data"].as_array().unwrap().iter().map(|entity| entity["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names.contains(&"AFPI Nord"));
    })
    .await;
}
