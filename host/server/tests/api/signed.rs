//! A document comes back signed: its copies are kept beside it, and one of a quote offers to accept it.

use crate::sendings::quoted;
use crate::support::{AWAY, Client, HOME, on_both_filled};
use afpi_core::rights::Role;
use serde_json::{Value, json};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

/// Uploads a file; its id.
async fn upload(client: &Client, name: &str, content: &[u8]) -> Value {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    client.file(&format!("/api/uploads?name={name}"), content.to_vec(), &headers).await.expect(200)["id"].clone()
}

async fn content(client: &Client, path: &str) -> (String, Vec<u8>) {
    let answer = client.raw("GET", path, None, &[]).await;
    assert_eq!(answer.status(), 200, "{path}");
    let media = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    (media, axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec())
}

#[tokio::test]
async fn a_signed_copy_is_kept_and_accepts_the_quote() {
    on_both_filled(|world| async move {
        let boss = world.as_role(Role::Admin).await;
        let (file, subject) = quoted(&boss).await;
        let of = format!("/api/opportunites/{file}");
        let made = boss.post(&format!("{of}/documents"), json!({"kind": "devis", "subjects": [{"id": subject}]})).await;
        let document = format!("/api/documents/{}", made.expect(202)["data"][0]["id"].as_str().unwrap());
        let copies = format!("{document}/signed-copies");
        let record = boss.get(&of).await.expect(200);
        let today = record["opportunite"]["data"]["devis"]["envoyeLe"].clone();
        let copy = |upload: Value| json!({"uploadId": upload, "signedOn": today, "signatory": "Léa Roy"});
        let first = upload(&boss, "signe.pdf", PDF).await;
        boss.post(&copies, copy(first.clone())).await.refused(409, "conflict");
        world.work().await;

        let kept = boss.post(&copies, copy(first.clone())).await.expect(201);
        assert_eq!(
            (&kept["number"], &kept["name"], &kept["signatory"]),
            (&json!(1), &json!("signe.pdf"), &json!("Léa Roy"))
        );
        // An upload is taken once; only a PDF or a picture is a copy; nobody signs tomorrow.
        boss.post(&copies, copy(first)).await.refused(422, "validation");
        let text = upload(&boss, "signe.txt", b"Bon pour accord").await;
        boss.post(&copies, copy(text)).await.refused(422, "validation");
        let next = upload(&boss, "plus-tard.pdf", PDF).await;
        let tomorrow = json!({"uploadId": next, "signedOn": "2999-01-01", "signatory": "Léa Roy"});
        assert_eq!(boss.post(&copies, tomorrow).await.refused(422, "validation")["fields"][0]["field"], "/signedOn");

        let second = [PDF, b"%v2\n"].concat();
        let again = upload(&boss, "signe-2.pdf", &second).await;
        assert_eq!(boss.post(&copies, copy(again)).await.expect(201)["number"], 2);
        let all = boss.get(&copies).await.expect(200);
        let names: Vec<&str> =
            all["data"].as_array().unwrap().iter().map(|copy| copy["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["signe-2.pdf", "signe.pdf"]);
        assert_eq!(
            content(&boss, &format!("{copies}/1/content")).await,
            ("application/octet-stream".into(), PDF.to_vec())
        );
        assert_eq!(content(&boss, &format!("{copies}/2/preview")).await, ("application/pdf".into(), second));
        assert_eq!(boss.get(&format!("{copies}/1")).await.expect(200), kept);
        boss.get(&format!("{copies}/3/content")).await.refused(404, "not-found");

        // What nothing else refers to stays while a copy does.
        let later = afpi_core::clock::Instant::now() + std::time::Duration::from_secs(7 * 24 * 3600);
        afpi_crm::attachments::collect(&world.app, later).await.unwrap();
        assert_eq!(content(&boss, &format!("{copies}/1/content")).await.1, PDF);

        let site = record["opportunite"]["localisation"]["code"].as_str().unwrap().to_owned();
        let other = if site == AWAY { HOME } else { AWAY };
        let stranger = world.as_user(world.another(Role::Assistante, "Ailleurs", &[other]).await).await;
        for path in ["", "/1/content", "/1/preview"] {
            stranger.get(&format!("{copies}{path}")).await.refused(404, "not-found");
        }
        let told = boss.get(&format!("{of}/historique")).await.expect(200);
        assert_eq!(told["data"][0]["changes"][0]["label"]["fr"], "Exemplaire signé", "{told}");

        // The copy offers the move of the workflow, with what its form asks for.
        let listed = boss.get(&format!("{of}/documents")).await.expect(200);
        let shown =
            listed["data"].as_array().unwrap().iter().find(|one| document.ends_with(one["id"].as_str().unwrap()));
        let acceptance = shown.unwrap()["acceptance"].clone();
        assert_eq!(
            acceptance,
            json!({"transition": "accepter_devis", "input": {"le": today, "signataire": "Léa Roy"}})
        );
        // The dossier de preuve has the quote and its signed copies.
        let evidence = boss.get(&format!("/api/preuves/opportunites/{file}")).await.expect(200);
        let quote = evidence["items"].as_array().unwrap().iter().find(|item| item["id"] == "devis").unwrap();
        let files = quote["files"].as_array().unwrap();
        let origins: Vec<&str> = files.iter().map(|one| one["origin"].as_str().unwrap()).collect();
        assert_eq!(origins, ["document", "signed", "signed"], "{quote:#}");
        assert!(files[1]["name"].as_str().unwrap().ends_with(" - exemplaire signé.pdf"), "{quote:#}");
        let asked = json!({"subjects": [{"kind": "opportunites", "id": file}]});
        let export = boss.post("/api/preuves", asked).await.expect(202);
        world.work().await;
        let export = boss.get(&format!("/api/preuves/exports/{}", export["id"].as_str().unwrap())).await.expect(200);
        let archive = format!("/api/preuves/archives/{}/content", export["archives"][0]["id"].as_str().unwrap());
        let archive = boss.raw("GET", &archive, None, &[]).await;
        let bytes = axum::body::to_bytes(archive.into_body(), usize::MAX).await.unwrap();
        let contains = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(contains("exemplaire-signe.pdf") && contains("exemplaire-signe-2.pdf"));
        assert!(contains(std::str::from_utf8(PDF).unwrap()) && contains("\"signatory\": \"Léa Roy\""));

        let version = &boss.get(&of).await.expect(200)["opportunite"]["version"];
        let moved =
            boss.post_at(&format!("{of}/transitions/accepter_devis"), version, acceptance["input"].clone()).await;
        let accepted = moved.expect(200)["opportunite"]["data"]["devis"].clone();
        assert_eq!((&accepted["accepteLe"], &accepted["signataire"]), (&today, &json!("Léa Roy")));
    })
    .await;
}

#[tokio::test]
async fn what_nobody_signs_takes_no_copy() {
    on_both_filled(|world| async move {
        let boss = world.as_role(Role::Admin).await;
        world.work().await;
        let found = boss.get("/api/opportunites?limit=100").await.expect(200);
        let mut invoice = None;
        for file in found["data"].as_array().unwrap() {
            let path = format!("/api/opportunites/{}/documents", file["id"].as_str().unwrap());
            let listed = boss.get(&path).await.expect(200);
            let ready = |one: &&Value| one["kind"] == "facture" && one["state"] == "ready";
            invoice = listed["data"].as_array().unwrap().iter().find(ready).cloned();
            if invoice.is_some() {
                break;
            }
        }
        let path = format!("/api/documents/{}/signed-copies", invoice.expect("an invoice")["id"].as_str().unwrap());
        let copy = json!({"uploadId": upload(&boss, "a.pdf", PDF).await, "signedOn": "2026-01-05", "signatory": "X"});
        boss.post(&path, copy).await.refused(409, "conflict");
    })
    .await;
}
