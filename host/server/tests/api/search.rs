//! Results of `?q=`: names and numbers in any spelling, contacts, and the numbers of documents.

use crate::support::{AWAY, Client, HOME, on_both, on_both_filled};
use afpi_core::rights::Role;
use serde_json::{Value, json};

/// One field of every record that the search finds.
async fn found(client: &Client, path: &str, q: &str, field: &str) -> Vec<String> {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let list = client.get(&format!("{path}?q={q}&limit=50")).await.expect(200);
    list["data"].as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn companies_are_found_by_their_numbers_and_their_people() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({
            "name": "Chaudronnerie du Nord", "siret": "44306184100047", "phone": "+33 3 20 55 44 33", "localisationId": w.site(HOME),
            "contacts": [{"firstName": "Zoé", "lastName": "Lefèvre", "email": "zoe.lefevre@nord.example", "phone": "06.11.22.33.44"}],
        });
        let company = admin.post("/api/entreprises", body).await.expect(201);
        let one = ["Chaudronnerie du Nord".to_owned()];
        for q in [
            "chaudronerie",
            "0320554433",
            "03 20 55 44 33",
            "0033 3 20 55 44 33",
            "443 061 841",
            "44306184100047",
            "Lefevre",
            "zoé lefèvre",
            "zoe.lefevre@nord",
            "+33 6 11 22 33 44",
            "nord 0611223344",
        ] {
            assert_eq!(found(&admin, "/api/entreprises", q, "name").await, one, "{q}");
        }
        let id = company["id"].as_str().unwrap();
        let changed = json!({"contacts": [{"lastName": "Marchand"}], "phone": null});
        admin.patch(&format!("/api/entreprises/{id}"), &company["version"], changed).await.expect(200);
        assert_eq!(found(&admin, "/api/entreprises", "marchand", "name").await, one);
        let now = admin.get(&format!("/api/entreprises/{id}")).await.expect(200);
        let again = json!({"id": now["contacts"][0]["id"], "lastName": "Marchand"});
        let twice = admin.patch(&format!("/api/entreprises/{id}"), &now["version"], json!({"contacts": [again, again]})).await;
        assert_eq!(twice.refused(422, "validation")["fields"][0]["field"], "/contacts/1/id");
        for gone in ["lefevre", "0320554433"] {
            assert!(found(&admin, "/api/entreprises", gone, "name").await.is_empty(), "{gone}");
        }
    })
    .await;
}

#[tokio::test]
async fn trainers_are_found_by_telephone_and_misspelt_skills() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({"name": "Hélène Bataille", "phone": "03 44 00 11 22", "kind": "permanent",
            "skills": ["Électrotechnique"], "localisationId": w.site(HOME)});
        admin.post("/api/formateurs", body).await.expect(201);
        for q in ["electrotecnique", "+33 3 44 00 11 22", "helene"] {
            assert_eq!(found(&admin, "/api/formateurs", q, "name").await, ["Hélène Bataille"], "{q}");
        }
    })
    .await;
}

#[tokio::test]
async fn files_are_found_by_the_numbers_of_their_documents_within_the_scope() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let mut tried = 0;
        let list = admin.get("/api/opportunites?limit=100").await.expect(200);
        for row in list["data"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap();
            let data = admin.get(&format!("/api/opportunites/{id}")).await.expect(200)["opportunite"]["data"].clone();
            for number in numbers(&data) {
                let numero = row["numero"].as_str().unwrap().to_owned();
                let hits = found(&admin, "/api/opportunites", &number, "numero").await;
                assert!(hits.contains(&numero), "{numero} is not found by {number}: {hits:?}");
                tried += 1;
            }
        }
        assert!(tried > 5, "the demo has quotes and invoices: {tried}");
        // A person of another site does not find this number.
        let elsewhere = w.another(Role::Manager, "ailleurs", &[AWAY]).await;
        let elsewhere = w.as_user(elsewhere).await;
        for row in elsewhere.get("/api/opportunites?q=D20&limit=100").await.expect(200)["data"].as_array().unwrap() {
            assert_eq!(row["localisation"]["code"], AWAY);
        }
    })
    .await;
}

/// The numbers of quotes and invoices in a record's documents: the texts under `numero`.
fn numbers(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(number) if name == "numero" => vec![number.clone()],
                other => numbers(other),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}
