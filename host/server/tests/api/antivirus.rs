//! The virus scanner: nobody reads a file before it was scanned, and nobody ever reads one in which something was found.

use crate::sendings::{hurry, quoted};
use crate::support::clamd::{Mode, Scanner};
use crate::support::{Client, Reply, World, on_both, on_both_filled, on_both_with, opportunite};
use afpi_core::rights::Role;
use afpi_crm::antivirus;
use afpi_files::Clamd;
use afpi_platform::config::Config;
use axum::body::to_bytes;
use serde_json::{Value, json};

const CLEAN: &[u8] = b"%PDF-1.7\nConvention";
const BAD: &[u8] = b"%PDF-1.7\nVIRUS";

async fn upload(client: &Client, name: &str, content: &[u8]) -> Reply {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    client.file(&format!("/api/uploads?name={name}"), content.to_vec(), &headers).await
}

/// Uploads a file and attaches it to this record.
async fn attach(client: &Client, record: &str, name: &str, content: &[u8], place: Value) -> Value {
    let mut body = place;
    body["uploadId"] = upload(client, name, content).await.expect(200)["id"].clone();
    client.post(record, body).await.expect(201)
}

async fn bytes(client: &Client, path: &str) -> (u16, Vec<u8>) {
    let response = client.raw("GET", path, None, &[]).await;
    (response.status().as_u16(), to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

/// Does an archive, whose files are stored as they are, contain this text?
fn contains(archive: &[u8], text: &str) -> bool {
    archive.windows(text.len()).any(|part| part == text.as_bytes())
}

async fn scanned(config: &mut Config) -> Scanner {
    let scanner = Scanner::start().await;
    config.clamd = Some(scanner.address.clone());
    scanner
}

fn scans(world: &World, outcome: &str) -> u64 {
    world.app.metrics.file_scans.with_label_values(&[outcome]).get()
}

#[tokio::test]
async fn nobody_reads_a_file_before_it_was_scanned() {
    on_both_with(scanned, |world, scanner| async move {
        let file = opportunite(&world, "Analyse").await;
        let record = format!("/api/attachments/opportunites/{}", id(&file));
        let assistante = world.as_role(Role::Assistante).await;
        let made = attach(
            &assistante,
            &record,
            "convention.pdf",
            CLEAN,
            json!({"section": "documents", "piece": "convention"}),
        )
        .await;
        assert_eq!((&made["state"], &made["preview"]), (&json!("waiting"), &json!(false)));
        let at = format!("{record}/{}", id(&made));
        for path in ["content", "preview"] {
            let refused = assistante.get(&format!("{at}/{path}")).await.refused(409, "conflict");
            assert!(refused["detail"].as_str().unwrap().contains("antivirus"), "{refused}");
        }
        let archive = bytes(&assistante, &format!("{record}/export")).await.1;
        assert!(
            contains(&archive, "fichiers-absents.txt") && contains(&archive, "convention.pdf : attend l'antivirus\n")
        );
        assert!(!contains(&archive, "%PDF"));
        // The piece is there: its scan takes a moment.
        let seen = assistante.get(&format!("/api/opportunites/{}", id(&file))).await.expect(200);
        assert_eq!(seen["opportunite"]["data"]["documents"]["fichiers"], json!(["convention"]));
        antivirus::sample(&world.app).await.unwrap();
        assert_eq!(world.app.metrics.files_withheld.with_label_values(&["waiting"]).get(), 1);

        world.work().await;
        assert_eq!(scanner.seen(), [CLEAN]);
        assert_eq!(bytes(&assistante, &format!("{at}/content")).await, (200, CLEAN.to_vec()));
        let now = assistante.get(&at).await.expect(200);
        assert_eq!(
            (&now["state"], &now["preview"], &now["version"]),
            (&json!("ready"), &json!(true), &made["version"])
        );
        let archive = bytes(&assistante, &format!("{record}/export")).await.1;
        assert!(contains(&archive, "documents/convention.pdf") && !contains(&archive, "fichiers-absents.txt"));
        // The same content again was scanned already. Larger files go there in pieces, and arrive whole.
        attach(&assistante, &record, "copie.pdf", CLEAN, json!({})).await;
        let large = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 3 << 20]].concat();
        attach(&assistante, &record, "grand.pdf", &large, json!({})).await;
        world.work().await;
        assert!(scanner.seen() == [CLEAN, &large]);
        assert_eq!((scans(&world, "clean"), scans(&world, "found")), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn what_the_scanner_finds_is_quarantined_for_everybody() {
    on_both_with(scanned, |world, scanner| async move {
        let file = opportunite(&world, "Quarantaine").await;
        let record = format!("/api/attachments/opportunites/{}", id(&file));
        let (assistante, admin) = (world.as_role(Role::Assistante).await, world.as_role(Role::Admin).await);
        let place = json!({"section": "documents", "piece": "convention"});
        let made = attach(&assistante, &record, "convention.pdf", BAD, place.clone()).await;
        let other = attach(&assistante, &record, "sain.pdf", CLEAN, json!({"piece": "evaluations"})).await;
        world.work().await;

        let at = format!("{record}/{}", id(&made));
        let seen = assistante.get(&at).await.expect(200);
        assert_eq!((&seen["state"], &seen["versions"][0]["state"]), (&json!("quarantined"), &json!("quarantined")));
        for client in [&assistante, &admin] {
            for path in ["content", "preview", "content?number=1"] {
                client.get(&format!("{at}/{path}")).await.refused(409, "conflict");
            }
        }
        let archive = bytes(&assistante, &format!("{record}/export")).await.1;
        assert!(contains(&archive, "convention.pdf : en quarantaine\n") && contains(&archive, "sain.pdf"));
        assert!(!contains(&archive, "VIRUS"));
        // The tick goes, as when the file is removed, and it proves nothing any more.
        let seen = assistante.get(&format!("/api/opportunites/{}", id(&file))).await.expect(200);
        assert_eq!(seen["opportunite"]["data"]["documents"]["fichiers"], Value::Null);
        let evidence = assistante.get(&format!("/api/preuves/opportunites/{}", id(&file))).await.expect(200);
        assert!(!evidence.to_string().contains("convention.pdf"), "{evidence:#}");
        assert!(evidence.to_string().contains("sain.pdf"), "{evidence:#}");

        // Who brought it is told, and nobody else.
        let told = assistante.get("/api/notifications").await.expect(200);
        let notice = &told["data"][0];
        assert_eq!(notice["title"]["fr"], "Fichier en quarantaine : convention.pdf");
        assert!(notice["body"]["en"].as_str().unwrap().contains("AFPI.Test"), "{notice}");
        assert_eq!(notice["link"], format!("/opportunites/{}", id(&file)));
        assert_eq!(admin.get("/api/notifications").await.expect(200)["meta"]["total"], 0);
        let path = format!("/api/journal?subjectKind=opportunite&subjectId={}", id(&file));
        let lines = admin.get(&path).await.expect(200);
        let line = lines["data"].as_array().unwrap().iter().find(|line| line["act"] == "quarantined").unwrap();
        assert_eq!(line["actor"]["kind"], "system", "{line}");
        assert!(
            line["changes"].to_string().contains("convention.pdf") && line["changes"].to_string().contains("AFPI.Test")
        );

        // The same content is not taken again: nobody can bring it back under another name.
        let again = upload(&assistante, "autre.pdf", BAD).await.expect(200);
        let body = json!({"uploadId": again["id"]});
        let refused = assistante.post(&record, body).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["code"], "quarantined");
        world.work().await;
        assert_eq!(scans(&world, "found"), 2);
        assert_eq!(assistante.get("/api/notifications").await.expect(200)["meta"]["total"], 1);
        // A clean file in its place counts, and the former version stays in quarantine.
        let clean = upload(&assistante, "propre.pdf", b"%PDF-1.7\nPropre").await.expect(200);
        let replaced = assistante
            .post_at(&format!("{at}/versions"), &made["version"], json!({"uploadId": clean["id"]}))
            .await
            .expect(200);
        world.work().await;
        assert_eq!(replaced["versions"][1]["state"], "quarantined");
        assert_eq!(bytes(&assistante, &format!("{at}/content")).await.0, 200);
        assistante.get(&format!("{at}/content?number=1")).await.refused(409, "conflict");
        let seen = assistante.get(&format!("/api/opportunites/{}", id(&file))).await.expect(200);
        assert_eq!(seen["opportunite"]["data"]["documents"]["fichiers"], json!(["convention"]));
        antivirus::sample(&world.app).await.unwrap();
        assert_eq!(world.app.metrics.files_withheld.with_label_values(&["quarantined"]).get(), 1);
        assert_eq!(bytes(&assistante, &format!("{record}/{}/content", id(&other))).await.0, 200);
        drop(scanner);
    })
    .await;
}

#[tokio::test]
async fn a_scanner_that_is_away_keeps_files_waiting_and_nothing_else() {
    on_both_with(scanned, |world, scanner| async move {
        scanner.set(Mode::Away);
        let file = opportunite(&world, "Absence").await;
        let record = format!("/api/attachments/opportunites/{}", id(&file));
        let (assistante, admin) = (world.as_role(Role::Assistante).await, world.as_role(Role::Admin).await);
        let made = attach(&assistante, &record, "convention.pdf", CLEAN, json!({})).await;
        let at = format!("{record}/{}/content", id(&made));
        for (mode, outcome, words) in [
            (Mode::Away, "away", "clamd does not answer"),
            (Mode::Garbage, "failed", "clamd answers: 220 mail.example.fr"),
            (Mode::Limit(5), "too_large", "raise its StreamMaxLength"),
        ] {
            scanner.set(mode);
            hurry(&world).await;
            world.work().await;
            assert_eq!(scans(&world, outcome), 1, "{mode:?}");
            let jobs = admin.get("/api/jobs?queue=files").await.expect(200);
            let error = jobs["data"][0]["error"].as_str().unwrap();
            assert!(error.contains(words), "{mode:?}: {error}");
            assistante.get(&at).await.refused(409, "conflict");
        }
        let ready = async || {
            let ready = world.nobody().get("/readyz").await.expect(200);
            (ready["status"].clone(), ready["antivirus"].clone())
        };
        scanner.set(Mode::Away);
        assert_eq!(ready().await, (json!("degraded"), json!("unavailable")));
        scanner.set(Mode::Scan);
        // The check is kept for a second.
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        assert_eq!(ready().await.1, "ok");
        hurry(&world).await;
        world.work().await;
        assert_eq!(bytes(&assistante, &at).await, (200, CLEAN.to_vec()));

        // Without the setting nothing waits for a scanner.
        scanner.set(Mode::Away);
        let late = attach(&assistante, &record, "suite.pdf", b"%PDF-1.7\nSuite", json!({})).await;
        let at = format!("{record}/{}/content", id(&late));
        assistante.get(&at).await.refused(409, "conflict");
        let without = crate::support::process(&world.app.config.data_dir, world.app.db.clone()).await;
        antivirus::keep(&without).await.unwrap();
        assert_eq!(bytes(&assistante, &at).await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn what_was_stored_before_is_scanned_and_what_was_made_of_it_goes() {
    on_both(|world| async move {
        let file = opportunite(&world, "Avant").await;
        let record = format!("/api/attachments/opportunites/{}", id(&file));
        let assistante = world.as_role(Role::Assistante).await;
        let made = attach(&assistante, &record, "evaluation.pdf", BAD, json!({"piece": "evaluations"})).await;
        for number in 0..110 {
            attach(&assistante, &record, "a.txt", format!("Texte {number}").as_bytes(), json!({})).await;
        }
        let subjects = json!([{"kind": "opportunites", "id": file["id"]}]);
        let export = assistante.post("/api/preuves", json!({"subjects": subjects})).await.expect(202);
        world.work().await;
        let archive =
            assistante.get(&format!("/api/preuves/exports/{}", id(&export))).await.expect(200)["archives"][0].clone();
        let archive = format!("/api/preuves/archives/{}/content", id(&archive));
        assert_eq!(bytes(&assistante, &archive).await.0, 200);
        let boss = world.as_role(Role::Admin).await;
        let entity = boss.get("/api/entites-legales").await.expect(200)["data"][0].clone();
        let picture = upload(&boss, "logo.png", b"\x89PNG\r\n\x1a\nVIRUS").await.expect(200);
        let logo = format!("/api/entites-legales/{}/logo", id(&entity));
        boss.put_at(&logo, &entity["version"], json!({"uploadId": picture["id"]})).await.expect(200);

        // The next process has a scanner.
        let scanner = Scanner::start().await;
        let world = world.scanned_by(&scanner).await;
        let assistante = world.as_role(Role::Assistante).await;
        let at = format!("{record}/{}", id(&made));
        assert_eq!(bytes(&assistante, &format!("{at}/content")).await.0, 200);
        antivirus::keep(&world.app).await.unwrap();
        world.work().await;
        // Two batches; the archive, which the program made, is not among them.
        assert_eq!((scanner.seen().len(), scans(&world, "found")), (112, 2));
        assistante.get(&format!("{at}/content")).await.refused(409, "conflict");
        assistante.get(&archive).await.refused(404, "not-found");
        let export = assistante.get(&format!("/api/preuves/exports/{}", id(&export))).await.expect(200);
        assert_eq!(export["archives"][0]["state"], "failed");
        let boss = world.as_role(Role::Admin).await;
        boss.get(&logo).await.refused(404, "not-found");
        // Nothing is scanned twice, but for what is quarantined and comes again. The scanner has learnt meanwhile.
        antivirus::keep(&world.app).await.unwrap();
        world.work().await;
        assert_eq!(scanner.seen().len(), 112);
        scanner.set(Mode::Clean);
        upload(&assistante, "encore.pdf", BAD).await.expect(200);
        world.work().await;
        assert_eq!(bytes(&assistante, &format!("{at}/content")).await, (200, BAD.to_vec()));
    })
    .await;
}

#[tokio::test]
async fn a_signed_copy_in_quarantine_accepts_nothing() {
    on_both_filled(|world| async move {
        let scanner = Scanner::start().await;
        let world = world.scanned_by(&scanner).await;
        let boss = world.as_role(Role::Admin).await;
        let (file, subject) = quoted(&boss).await;
        let of = format!("/api/opportunites/{file}");
        let made = boss.post(&format!("{of}/documents"), json!({"kind": "devis", "subjects": [{"id": subject}]})).await;
        let document = format!("/api/documents/{}", id(&made.expect(202)["data"][0]));
        world.work().await;
        let today = boss.get(&of).await.expect(200)["opportunite"]["data"]["devis"]["envoyeLe"].clone();
        let sent = upload(&boss, "signe.pdf", BAD).await.expect(200);
        let copy = json!({"uploadId": sent["id"], "signedOn": today, "signatory": "Léa Roy"});
        let copies = format!("{document}/signed-copies");
        assert_eq!(boss.post(&copies, copy).await.expect(201)["state"], "waiting");
        world.work().await;
        assert_eq!(boss.get(&copies).await.expect(200)["data"][0]["state"], "quarantined");
        for path in ["content", "preview"] {
            boss.get(&format!("{copies}/1/{path}")).await.refused(409, "conflict");
        }
        let listed = boss.get(&format!("{of}/documents")).await.expect(200);
        let shown = listed["data"].as_array().unwrap().iter().find(|one| document.ends_with(id(one))).unwrap();
        assert_eq!((&shown["signedCopy"], &shown["acceptance"]), (&Value::Null, &Value::Null));
        let told = boss.get("/api/notifications").await.expect(200);
        assert_eq!(told["data"][0]["title"]["fr"], "Fichier en quarantaine : signe.pdf");
    })
    .await;
}

/// With Debian's clamd, when `scripts/services.sh` has started one.
#[tokio::test]
async fn the_real_scanner_finds_its_signature() {
    let Ok(address) = std::env::var("AFPI_TEST_CLAMD") else {
        eprintln!("skipped: AFPI_TEST_CLAMD names no clamd");
        return;
    };
    let real = async |config: &mut Config| config.clamd = Some(Clamd::read(&address).unwrap());
    on_both_with(real, |world, ()| async move {
        let file = opportunite(&world, "Clamd").await;
        let record = format!("/api/attachments/opportunites/{}", id(&file));
        let assistante = world.as_role(Role::Assistante).await;
        let mut states = Vec::new();
        // The last one is larger than this clamd takes.
        let large = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 4 << 20]].concat();
        for content in [CLEAN, b"%PDF-1.7\nAFPI-TEST-VIRUS", &large] {
            let made = attach(&assistante, &record, "a.pdf", content, json!({})).await;
            world.work().await;
            states.push(assistante.get(&format!("{record}/{}", id(&made))).await.expect(200)["state"].clone());
        }
        assert_eq!(states, ["ready", "quarantined", "waiting"]);
        let outcomes = ["clean", "found", "too_large", "away", "failed"].map(|outcome| scans(&world, outcome));
        assert_eq!(outcomes, [1, 1, 1, 0, 0]);
    })
    .await;
}
