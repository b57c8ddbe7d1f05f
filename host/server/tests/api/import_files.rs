//! Files as people have them: workbooks, numbers that a spreadsheet has spoilt, and the same columns every month.

use axum::body::to_bytes;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::imports::{act, changes, counts, path, records, send};
use crate::support::{Client, HOME, Reply, World, on_both};
use afpi_core::rights::Role;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn workbook(client: &Client, world: &World, content: Vec<u8>) -> Reply {
    let here = format!("/api/imports?localisationId={}&name=liste.xlsx", world.site(HOME));
    client.file(&here, content, &[("content-type", XLSX.to_owned())]).await
}

async fn text(client: &Client, world: &World, content: &str) -> Value {
    let here = format!("/api/imports?localisationId={}&name=liste.csv", world.site(HOME));
    send(client, &here, content.as_bytes()).await.expect(201)
}

async fn map(client: &Client, import: &Value, body: Value) -> Reply {
    client.put_at(&format!("{}/mapping", path(import)), &import["version"], body).await
}

#[tokio::test]
async fn a_workbook_is_imported_repaired_line_by_line_and_reverted() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let before = records(&world).await;
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_row(1, 0, ["Raison sociale", "SIRET", "Code postal", "Téléphone", "Nom du contact"]).unwrap();
        sheet.write_string(2, 0, "Fonderie Élan").unwrap();
        sheet.write_number(2, 1, 73_282_932_000_074_f64).unwrap();
        sheet.write_number(2, 2, 2100).unwrap();
        sheet.write_number(2, 3, 323_061_234).unwrap();
        sheet.write_string(2, 4, "Roy").unwrap();
        sheet.write_row(4, 0, ["Sirène", "7,33E+13", "75001"]).unwrap();
        let import = workbook(&manager, &world, book.save_to_buffer().unwrap()).await.expect(201);
        assert_eq!(import["total"], 2);
        assert_eq!(import["columns"][1]["samples"], json!(["73282932000074", "7,33E+13"]));

        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [3, 0, 0, 0, 0], "{:#?}", changes(&manager, &import, "").await);
        let told = changes(&manager, &import, "&remarked=true").await;
        let told: Vec<(i64, &str)> =
            told.iter().map(|c| (c["line"].as_i64().unwrap(), c["reason"]["fr"].as_str().unwrap())).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        let wanted = "réparé : Code postal (zéro de tête remis) ; réparé : Téléphone (zéro de tête remis)";
        assert_eq!(told[0], (3, wanted));
        assert!(told[1].0 == 5 && told[1].1.starts_with("laissé de côté : SIRET ("), "{told:?}");

        act(&manager, &world, &import, "apply").await;
        let found = manager.get("/api/entreprises?q=73282932000074").await.expect(200)["data"][0].clone();
        assert_eq!((&found["name"], &found["address"]["postcode"]), (&json!("Fonderie Élan"), &json!("02100")));
        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!((&reverted["state"], &reverted["kept"]), (&json!("reverted"), &Value::Null));
        assert_eq!(records(&world).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_export_that_comes_back_changes_nothing() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        for (name, siret) in [("Élan", "73282932000074"), ("Aciérie", "44306184100047")] {
            let body = json!({"name": name, "siret": siret, "address": {"postcode": "02100", "city": "Laon"}, "headcount": 12,
                "kind": "pme", "phone": "03 23 06 12 34"});
            manager.post("/api/entreprises", body).await.expect(201);
        }
        let headers = [("accept", XLSX.to_owned()), ("accept-language", "fr".to_owned())];
        let response = manager.raw("GET", "/api/entreprises/export", None, &headers).await;
        let content = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        let import = workbook(&manager, &world, content).await.expect(201);
        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [0, 0, 2, 0, 0], "{:#?}", changes(&manager, &import, "").await);
    })
    .await;
}

#[tokio::test]
async fn a_workbook_that_is_none_or_a_bomb_is_refused_with_the_reason() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        bomb.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::copy(&mut std::io::Read::take(std::io::repeat(b' '), 100 << 20), &mut bomb).unwrap();
        let bomb = bomb.finish().unwrap().into_inner();
        let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        for (content, wanted) in [(bomb, "trop volumineux"), (b"PK\x03\x04".to_vec(), "illisible"), (old, ".xls")] {
            let problem = workbook(&manager, &world, content).await.refused(422, "validation");
            let field = &problem["fields"][0];
            assert_eq!(field["code"], "workbook");
            assert!(field["message"].as_str().unwrap().contains(wanted), "{field}");
        }
        // The content decides, not its announced type.
        let import = workbook(&manager, &world, b"nom\nA\n".to_vec()).await.expect(201);
        assert_eq!(import["total"], 1);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_is_remembered_for_the_person_and_the_columns() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let import = text(&manager, &world, "Client;Lieu\nA;Laon\n").await;
        assert_eq!((&import["recalled"], &import["columns"][0]["field"]), (&json!(false), &Value::Null));
        let columns = json!([{"field": "name"}, {"field": "address.city"}]);
        let body = json!({"columns": columns, "defaults": [{"field": "kind", "value": "PME"}]});
        let mapped = map(&manager, &import, body).await.expect(200);
        assert_eq!(mapped["defaults"], json!({"kind": "pme"}));

        let next = text(&manager, &world, "CLIENT,lieu\nB,Lens\n").await;
        let fields: Vec<&Value> = next["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
        assert_eq!((&next["recalled"], json!(fields)), (&json!(true), json!(["name", "address.city"])));
        assert_eq!(next["defaults"], json!({"kind": "pme"}));
        let other = text(&manager, &world, "Lieu;Client\nLens;B\n").await;
        assert_eq!(other["recalled"], false, "other columns");
        let admin = world.as_role(Role::Admin).await;
        assert_eq!(text(&admin, &world, "Client;Lieu\nA;Laon\n").await["recalled"], false, "another person");

        // Everybody sees their own imports, newest first.
        let mine = manager.get("/api/imports?limit=2").await.expect(200);
        let ids: Vec<&Value> = mine["data"].as_array().unwrap().iter().map(|import| &import["id"]).collect();
        assert_eq!(ids, [&other["id"], &next["id"]]);
        assert_eq!((&mine["meta"]["total"], &mine["data"][0]["state"]), (&json!(3), &json!("uploaded")));
        let names = manager.get("/api/imports/fields").await.expect(200);
        let kind = names["data"].as_array().unwrap().iter().find(|field| field["name"] == "kind").unwrap().clone();
        assert_eq!((&kind["choices"][1]["value"], &kind["label"]["en"]), (&json!("pme"), &json!("Kind")));
    })
    .await;
}

#[tokio::test]
async fn default_values_fill_what_is_empty_and_replace_nothing() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let known = json!({"name": "Connue", "kind": "eti", "address": {"postcode": "02100"}});
        let known = manager.post("/api/entreprises", known).await.expect(201);
        let import =
            text(&manager, &world, "nom;cp;ville;nom du contact\nConnue;02100;;Roy\nNeuve;02100;Laon;\n").await;
        let wrong = |defaults: Value| json!({"columns": [{"field": "name"}, {}, {}, {}], "defaults": defaults});
        for (given, pointer) in [
            (json!([{"field": "siret", "value": "73282932000074"}]), "/defaults/0/field"),
            (json!([{"field": "rien", "value": "x"}]), "/defaults/0/field"),
            (json!([{"field": "opco", "value": "AKTO"}, {"field": "kind", "value": "énorme"}]), "/defaults/1/value"),
        ] {
            let problem = map(&manager, &import, wrong(given)).await.refused(422, "validation");
            assert_eq!(problem["fields"][0]["field"], pointer, "{problem:#}");
        }
        let columns = ["name", "address.postcode", "address.city", "contact.lastName"];
        let columns: Vec<Value> = columns.iter().map(|field| json!({"field": field})).collect();
        let defaults = json!([{"field": "kind", "value": "PME"}, {"field": "address.city", "value": "Saint-Quentin"},
            {"field": "contact.function", "value": "Directrice"}]);
        map(&manager, &import, json!({"columns": columns, "defaults": defaults})).await.expect(200);
        act(&manager, &world, &import, "preview").await;
        act(&manager, &world, &import, "apply").await;
        let read =
            async |id: &Value| manager.get(&format!("/api/entreprises/{}", id.as_str().unwrap())).await.expect(200);
        let known = read(&known["id"]).await;
        assert_eq!((&known["kind"], &known["address"]["city"]), (&json!("eti"), &json!("Saint-Quentin")));
        assert_eq!(known["contacts"][0]["function"], "Directrice");
        let new = manager.get("/api/entreprises?q=neuve").await.expect(200)["data"][0].clone();
        assert_eq!((&new["kind"], &new["address"]["city"]), (&json!("pme"), &json!("Laon")));
        assert_eq!(read(&new["id"]).await["contacts"], json!([]), "a default alone makes no contact");
    })
    .await;
}

#[tokio::test]
async fn what_a_revert_keeps_is_counted() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let import = text(&manager, &world, "nom;cp\nAlpha;02100\nBeta;02100\n").await;
        act(&manager, &world, &import, "preview").await;
        act(&manager, &world, &import, "apply").await;
        let beta = manager.get("/api/entreprises?q=beta").await.expect(200)["data"][0].clone();
        let beta_path = format!("/api/entreprises/{}", beta["id"].as_str().unwrap());
        manager.patch(&beta_path, &beta["version"], json!({"notes": "Rappeler."})).await.expect(200);
        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!((&reverted["state"], &reverted["kept"]), (&json!("reverted"), &json!(1)));
        let kept = changes(&manager, &import, "&remarked=true").await;
        assert_eq!((kept.len(), &kept[0]["label"]), (1, &json!("Beta")));
    })
    .await;
}
