//! Files of records: uploaded, attached, renamed, replaced, removed, downloaded; refused where they must be, and
//! collected when nothing refers to them.

use std::time::Duration;

use crate::support::{AWAY, Client, HOME, Reply, World, on_both, opportunite};
use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_crm::attachments::{collect, collect::GRACE, collect::strays, verify};
use afpi_db::sql;
use axum::body::to_bytes;
use futures::future::join;
use serde_json::{Value, json};

const PDF: &[u8] = b"%PDF-1.7\nDevis";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

async fn upload(client: &Client, name: &str, content: &[u8]) -> Reply {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    client.file(&format!("/api/uploads?name={name}"), content.to_vec(), &headers).await
}

/// Uploads a file and attaches it to this record.
pub async fn attach(client: &Client, record: &str, name: &str, content: &[u8]) -> Value {
    let upload = upload(client, name, content).await.expect(200);
    client.post(record, json!({"uploadId": upload["id"]})).await.expect(201)
}

pub fn of(record: &Value, kind: &str) -> String {
    format!("/api/attachments/{kind}/{}", record["id"].as_str().unwrap())
}

pub fn path(record: &str, attachment: &Value) -> String {
    format!("{record}/{}", attachment["id"].as_str().unwrap())
}

/// Status, headers as text, and the bytes of an answer.
pub async fn download(client: &Client, path: &str) -> (u16, axum::http::HeaderMap, Vec<u8>) {
    let response = client.raw("GET", path, None, &[]).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn number(world: &World, query: &'static str) -> i64 {
    sql(query).scalar(&mut world.app.db.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_file_is_attached_renamed_replaced_read_and_removed() {
    on_both(|world| async move {
        let file = opportunite(&world, "Caces").await;
        let record = of(&file, "opportunites");
        let assistante = world.as_role(Role::Assistante).await;
        let sent = upload(&assistante, "..%2FDevis%20sign%C3%A9.pdf", PDF).await.expect(200);
        assert_eq!(
            (&sent["name"], &sent["mediaType"], &sent["size"]),
            (&json!("Devis signé.pdf"), &json!("application/pdf"), &json!(PDF.len()))
        );
        let body = json!({"uploadId": sent["id"], "section": "devis"});
        let made = assistante.post(&record, body.clone()).await.expect(201);
        assert_eq!(
            (&made["section"], &made["versions"][0]["createdBy"]["name"]),
            (&json!("devis"), &json!("Test assistante"))
        );
        // An upload is attached once.
        assistante.post(&record, body).await.refused(422, "validation");

        let at = path(&record, &made);
        let (status, headers, content) = download(&assistante, &format!("{at}/content")).await;
        assert_eq!((status, content.as_slice()), (200, PDF));
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/octet-stream");
        assert_eq!(
            header("content-disposition"),
            "attachment; filename=\"Devis sign_.pdf\"; filename*=UTF-8''Devis%20sign%C3%A9.pdf"
        );
        assert!(header("content-security-policy").contains("sandbox") && header("x-content-type-options") == "nosniff");

        let renamed =
            assistante.patch(&at, &made["version"], json!({"name": "Devis v2.pdf", "section": null})).await.expect(200);
        assert_eq!((&renamed["name"], &renamed["section"]), (&json!("Devis v2.pdf"), &Value::Null));
        // Who saw the first version loses.
        let lost = assistante.patch(&at, &made["version"], json!({"name": "x.pdf"})).await.refused(412, "stale");
        assert_eq!(lost["current"]["name"], "Devis v2.pdf");
        let sent = upload(&assistante, "autre.pdf", b"%PDF-1.7\nSuite").await.expect(200);
        let replaced = assistante
            .post_at(&format!("{at}/versions"), &renamed["version"], json!({"uploadId": sent["id"]}))
            .await
            .expect(200);
        assert_eq!((&replaced["name"], replaced["versions"].as_array().unwrap().len()), (&json!("Devis v2.pdf"), 2));
        assert_eq!(download(&assistante, &format!("{at}/preview")).await.2, b"%PDF-1.7\nSuite");
        assert_eq!(download(&assistante, &format!("{at}/preview?number=1")).await.2, PDF);
        assert_eq!(download(&assistante, &format!("{at}/content?number=3")).await.0, 404);

        let version = [("if-match", replaced["version"].to_string())];
        assert_eq!(assistante.send("DELETE", &at, None, &version).await.status, 204);
        assistante.get(&at).await.refused(404, "not-found");
        assert_eq!(assistante.get(&record).await.expect(200)["data"], json!([]));

        // Each act is a line of the journal and an event.
        let manager = world.as_role(Role::Manager).await;
        let lines = manager
            .get(&format!("/api/journal?subjectKind=opportunite&subjectId={}", file["id"].as_str().unwrap()))
            .await
            .expect(200);
        let told: Vec<String> = lines["data"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|line| line["changes"].as_array().cloned().unwrap_or_default())
            .filter(|change| change["field"] == "/attachment")
            .map(|change| format!("{} -> {}", change["from"], change["to"]))
            .collect();
        assert_eq!(
            told,
            [
                "\"Devis v2.pdf\" -> null",
                "\"Devis v2.pdf\" -> \"Devis v2.pdf\"",
                "\"Devis signé.pdf\" -> \"Devis v2.pdf\"",
                "null -> \"Devis signé.pdf\""
            ]
        );
        assert_eq!(number(&world, "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%\"attachment.%'").await, 4);
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_record_has_files_within_its_rights_and_scope() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let company =
            |site| json!({"name": "Fonderie", "localisationId": world.site(site), "contacts": [{"lastName": "Roy"}]});
        let here = admin.post("/api/entreprises", company(HOME)).await.expect(201);
        let there = admin.post("/api/entreprises", company(AWAY)).await.expect(201);
        let trainer = json!({"name": "Paul", "kind": "permanent", "localisationId": world.site(HOME)});
        let trainer = admin.post("/api/formateurs", trainer).await.expect(201);
        let (manager, commercial) = (world.as_role(Role::Manager).await, world.as_role(Role::Commercial).await);
        for record in [of(&here, "entreprises"), of(&here["contacts"][0], "contacts"), of(&trainer, "formateurs")] {
            let made = attach(&manager, &record, "cv.pdf", PDF).await;
            assert_eq!(manager.get(&path(&record, &made)).await.expect(200)["name"], "cv.pdf");
            let section = json!({"section": "devis"});
            manager.patch(&path(&record, &made), &made["version"], section).await.refused(422, "validation");
        }
        // A company of another site: a commercial reads it and changes nothing; a manager does not know it.
        let away = of(&there, "entreprises");
        let made = attach(&admin, &away, "kbis.pdf", PDF).await;
        let at = path(&away, &made);
        let version = [("if-match", "\"1\"".to_owned())];
        assert_eq!(download(&commercial, &format!("{at}/content")).await.0, 200);
        commercial.patch(&at, &json!(1), json!({"name": "a.pdf"})).await.refused(403, "forbidden");
        commercial.send("DELETE", &at, None, &version).await.refused(403, "forbidden");
        for (method, path) in [
            ("GET", away.clone()),
            ("GET", at.clone()),
            ("GET", format!("{at}/content")),
            ("GET", format!("{at}/preview")),
            ("GET", format!("{away}/export")),
            ("DELETE", at.clone()),
        ] {
            manager.send(method, &path, None, &version).await.refused(404, "not-found");
        }
        // Not through another record of one's own either.
        let through = path(&of(&here, "entreprises"), &made);
        manager.get(&format!("{through}/content")).await.refused(404, "not-found");
        // Trainers are not for commercials.
        commercial.get(&of(&trainer, "formateurs")).await.refused(403, "forbidden");
        let sent = upload(&commercial, "a.pdf", PDF).await.expect(200);
        commercial.post(&of(&trainer, "formateurs"), json!({"uploadId": sent["id"]})).await.refused(403, "forbidden");
        // What somebody else uploaded is not his, even if he knows its id.
        manager.post(&of(&here, "entreprises"), json!({"uploadId": sent["id"]})).await.refused(422, "validation");
        for unknown in ["salles", "Opportunites", "users"] {
            admin
                .get(&format!("/api/attachments/{unknown}/{}", here["id"].as_str().unwrap()))
                .await
                .refused(404, "not-found");
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_what_it_says_is_refused_and_nothing_stays() {
    on_both(|world| async move {
        let client = world.as_role(Role::Commercial).await;
        for (name, content, status, code) in [
            ("vide.pdf", &b""[..], 422, "validation"),
            ("photo.png", PDF, 422, "validation"),
            ("devis.pdf.exe", PDF, 422, "validation"),
            ("devis.pdf", b"MZ\x90\0\x03", 415, "unsupported-media-type"),
            ("page.txt", b"<!DOCTYPE html><script>alert(1)</script>", 415, "unsupported-media-type"),
            ("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 415, "unsupported-media-type"),
            ("long.txt", &vec![b'a'; (5 << 20) + 1], 413, "too-large"),
        ] {
            upload(&client, name, content).await.refused(status, code);
        }
        client.file("/api/uploads", PDF.to_vec(), &[]).await.refused(400, "bad-parameter");
        assert_eq!(number(&world, "SELECT COUNT(*) FROM files").await, 0);
        let record = of(&opportunite(&world, "Caces").await, "opportunites");
        let made = attach(&client, &record, "devis.pdf", PDF).await;
        for name in ["devis.html", "../devis.pdf", "a/b.pdf", "CON", ".pdf"] {
            client
                .patch(&path(&record, &made), &made["version"], json!({"name": name}))
                .await
                .refused(422, "validation");
        }
        let sent = upload(&client, "photo.png", PNG).await.expect(200);
        let other = json!({"uploadId": sent["id"]});
        client
            .post_at(&format!("{}/versions", path(&record, &made)), &made["version"], other)
            .await
            .refused(422, "validation");
        let unknown = json!({"uploadId": sent["id"], "section": "inconnue"});
        client.post(&record, unknown).await.refused(422, "validation");
        // The upload is still there: a refusal takes nothing.
        client.post(&record, json!({"uploadId": sent["id"]})).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn a_preview_only_shows_what_cannot_run() {
    on_both(|world| async move {
        let client = world.as_role(Role::Commercial).await;
        let record = of(&opportunite(&world, "Caces").await, "opportunites");
        let picture = attach(&client, &record, "plan.png", PNG).await;
        let (status, headers, content) = download(&client, &format!("{}/preview", path(&record, &picture))).await;
        assert_eq!((status, content.as_slice(), headers["content-type"].to_str().unwrap()), (200, PNG, "image/png"));
        assert_eq!(headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        let text = attach(&client, &record, "note.txt", b"bonjour").await;
        assert_eq!(text["preview"], false);
        client.get(&format!("{}/preview", path(&record, &text))).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_dossier_is_one_archive() {
    on_both(|world| async move {
        let client = world.as_role(Role::Commercial).await;
        let record = of(&opportunite(&world, "Caces").await, "opportunites");
        for content in [PDF, b"%PDF-1.7\nSuite"] {
            attach(&client, &record, "devis.pdf", content).await;
        }
        let (status, headers, content) = download(&client, &format!("{record}/export")).await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "application/zip"));
        assert!(headers["content-disposition"].to_str().unwrap().ends_with(".zip"));
        let named = |name: &str| content.windows(name.len()).any(|window| window == name.as_bytes());
        assert!(content.starts_with(b"PK") && named("devis.pdf") && named("devis (2).pdf"));
        assert_eq!(number(&world, "SELECT COUNT(*) FROM journal WHERE act = 'exported'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_person_does_not_take_all_transfers() {
    on_both(|world| async move {
        let client = world.as_role(Role::Commercial).await;
        let person = world.person(Role::Commercial).into();
        let held: Vec<_> = std::iter::from_fn(|| world.app.transfers.take(person).ok()).collect();
        assert!(!held.is_empty());
        upload(&client, "a.pdf", PDF).await.refused(429, "too-many-requests");
        upload(&world.as_role(Role::Manager).await, "a.pdf", PDF).await.expect(200);
        drop(held);
        upload(&client, "a.pdf", PDF).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_file_without_a_reference_is_collected_and_others_stay() {
    on_both(|world| async move {
        let client = world.as_role(Role::Commercial).await;
        let record = of(&opportunite(&world, "Caces").await, "opportunites");
        let kept = attach(&client, &record, "devis.pdf", PDF).await;
        upload(&client, "same.pdf", PDF).await.expect(200);
        upload(&client, "other.png", PNG).await.expect(200);
        assert_eq!(number(&world, "SELECT COUNT(*) FROM files").await, 2);
        collect(&world.app, Instant::now()).await.unwrap();
        assert_eq!(number(&world, "SELECT COUNT(*) FROM uploads").await, 2, "they are young");
        // In the first minute in which uploads count as old.
        let later = Instant::now() + GRACE + Duration::from_millis(1);
        collect(&world.app, later).await.unwrap();
        assert_eq!(
            (number(&world, "SELECT COUNT(*) FROM uploads").await, number(&world, "SELECT COUNT(*) FROM files").await),
            (0, 1)
        );
        assert_eq!(download(&client, &format!("{}/content", path(&record, &kept))).await.2, PDF);
        assert_eq!(verify(&world.app.db, &world.app.files).await.unwrap(), (1, vec![]));

        // An object whose process was killed before the commit, and a file that somebody changed on the disk.
        let received = world
            .app
            .files
            .receive("x.png", futures::stream::iter([Ok::<_, String>(axum::body::Bytes::from_static(PNG))]))
            .await;
        let stray = world.app.files.keep(&received.unwrap()).await.unwrap();
        strays(&world.app, Duration::ZERO).await.unwrap();
        assert!(world.app.files.read(&stray).await.is_err());
        let hash = kept["sha256"].as_str().unwrap().to_owned();
        let folder = world.app.config.data_dir.join("files/sha256").join(&hash[..2]);
        let object = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains(&hash))
            .unwrap();
        std::fs::write(object, b"changed").unwrap();
        assert_eq!(verify(&world.app.db, &world.app.files).await.unwrap(), (1, vec![hash]));

        let version = [("if-match", kept["version"].to_string())];
        assert_eq!(client.send("DELETE", &path(&record, &kept), None, &version).await.status, 204);
        collect(&world.app, later).await.unwrap();
        assert_eq!(number(&world, "SELECT COUNT(*) FROM files").await, 1, "a copy of the database may refer to it");
        collect(&world.app, Instant::now() + GRACE + Duration::from_secs(1)).await.unwrap();
        assert_eq!(number(&world, "SELECT COUNT(*) FROM files").await, 0);
    })
    .await;
}

/// The file is uploaded again at the moment when it is collected: whoever gets an attachment can read it.
#[tokio::test]
async fn a_file_that_comes_back_while_it_is_collected_is_whole() {
    on_both(|world| async move {
        let client = world.as_role(Role::Commercial).await;
        let record = of(&opportunite(&world, "Caces").await, "opportunites");
        let mut attached = 0;
        for round in 0..12 {
            upload(&client, "devis.pdf", PDF).await.expect(200);
            forget_uploads(&world).await;
            // Later than the upload before, and not later than the one that comes.
            let now = Instant::now() + GRACE;
            let (_, sent) = join(collect(&world.app, now), upload(&client, "devis.pdf", PDF)).await;
            let sent = sent.expect(200);
            let reply = client.post(&record, json!({"uploadId": sent["id"]})).await;
            if reply.status != 201 {
                // The upload itself was forgotten in this round, as if it were a day old.
                continue;
            }
            attached += 1;
            let made = reply.body;
            assert_eq!(download(&client, &format!("{}/content", path(&record, &made))).await.2, PDF, "round {round}");
            let version = [("if-match", made["version"].to_string())];
            assert_eq!(client.send("DELETE", &path(&record, &made), None, &version).await.status, 204);
        }
        assert!(attached > 0);
    })
    .await;
}

/// Nothing refers to the uploaded files any more.
async fn forget_uploads(world: &World) {
    let mut tx = world.app.db.begin().await.unwrap();
    sql("DELETE FROM uploads").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}
