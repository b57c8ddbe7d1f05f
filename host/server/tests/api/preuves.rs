//! The dossier de preuve: what is there, what is missing, and the archive that anybody can verify without the program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant as Clock;

use crate::support::{AWAY, Client, HOME, World, on_both, opportunite};
use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_crm::preuves;
use afpi_db::sql;
use axum::body::to_bytes;
use serde_json::{Value, json};

async fn attach(client: &Client, record: &str, name: &str, content: &[u8], place: Value) -> Value {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    let upload = client.file(&format!("/api/uploads?name={name}"), content.to_vec(), &headers).await.expect(200);
    let mut body = place;
    body["uploadId"] = upload["id"].clone();
    client.post(&format!("/api/attachments/{record}"), body).await.expect(201)
}

async fn evidence(client: &Client, record: &str) -> Value {
    client.get(&format!("/api/preuves/{record}")).await.expect(200)
}

fn item<'a>(evidence: &'a Value, id: &str) -> &'a Value {
    evidence["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap()
}

async fn content(client: &Client, path: &str) -> (u16, Vec<u8>) {
    let response = client.raw("GET", path, None, &[]).await;
    (response.status().as_u16(), to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

/// Asks for these archives and lets the job write them. Returns the export.
async fn written(world: &World, client: &Client, subjects: Value) -> Value {
    let export = client.post("/api/preuves", json!({"subjects": subjects})).await.expect(202);
    world.work().await;
    client.get(&format!("/api/preuves/exports/{}", export["id"].as_str().unwrap())).await.expect(200)
}

/// What the script says about an archive.
fn verify(archive: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/verify-dossier.py");
    let output = Command::new("python3").arg(script).arg(archive).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Another archive, made of one by a line of Python over `old` and `new`.
fn tampered(archive: &Path, name: &str, line: &str) -> PathBuf {
    let path = archive.with_file_name(name);
    let program = format!(
        "import sys, zipfile\nold = zipfile.ZipFile(sys.argv[1])\nnew = zipfile.ZipFile(sys.argv[2], 'w')\n{line}\nnew.close()"
    );
    let done = Command::new("python3").arg("-c").arg(program).arg(archive).arg(&path).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    path
}

#[tokio::test]
async fn evidence_says_what_is_there_and_who_owes_what() {
    on_both(|world| async move {
        let id = opportunite(&world, "Preuves").await["id"].as_str().unwrap().to_owned();
        let record = format!("opportunites/{id}");
        let assistante = world.as_role(Role::Assistante).await;
        let before = evidence(&assistante, &record).await;
        assert_eq!((&before["percent"], &before["reference"]["indicators"]), (&json!(0), &json!(33)));
        let need = item(&before, "besoin");
        assert_eq!(
            (&need["state"], &need["role"], &need["who"], &need["indicators"]),
            (&json!("missing"), &json!("commercial"), &json!("Test commercial"), &json!([4]))
        );
        let complaints = item(&before, "reclamations");
        assert_eq!((&complaints["state"], &complaints["role"]), (&json!("none"), &Value::Null));

        let place = json!({"section": "documents", "piece": "convention"});
        attach(&assistante, &record, "convention.pdf", b"%PDF-1.7\nConvention", place).await;
        attach(&assistante, &record, "avis.pdf", b"%PDF-1.7\nAvis", json!({"piece": "evaluations"})).await;
        let after = evidence(&assistante, &record).await;
        let agreement = item(&after, "convention");
        assert_eq!((&agreement["state"], &agreement["funder"]), (&json!("there"), &json!(true)));
        assert_eq!(agreement["files"][0]["name"], "convention.pdf");
        assert_eq!(item(&after, "evaluations")["state"], "there");
        // Two of eleven items that are not optional.
        assert_eq!(after["percent"], 18);

        let unknown = json!({"uploadId": uuid::Uuid::nil(), "piece": "autre"});
        assistante.post(&format!("/api/attachments/{record}"), unknown).await.refused(422, "validation");
        let elsewhere = world.another(Role::Assistante, "ailleurs", &[AWAY]).await;
        world.as_user(elsewhere).await.get(&format!("/api/preuves/{record}")).await.refused(404, "not-found");
        assistante.get(&format!("/api/preuves/formateurs/{id}")).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn an_archive_is_verified_without_the_program_and_any_change_is_found() {
    on_both(|world| async move {
        let id = opportunite(&world, "Archive").await["id"].as_str().unwrap().to_owned();
        let record = format!("opportunites/{id}");
        let assistante = world.as_role(Role::Assistante).await;
        let place = json!({"section": "documents", "piece": "convention"});
        attach(&assistante, &record, "Convention%20sign%C3%A9e.pdf", b"%PDF-1.7\nConvention", place).await;
        let export = written(&world, &assistante, json!([{"kind": "opportunites", "id": id}])).await;
        assert_eq!((&export["done"], &export["archives"][0]["state"]), (&json!(1), &json!("ready")));
        let path = format!("/api/preuves/archives/{}/content", export["archives"][0]["id"].as_str().unwrap());
        let (status, bytes) = content(&assistante, &path).await;
        assert_eq!(status, 200);
        // Nobody else reads what somebody asked for.
        let manager = world.as_role(Role::Manager).await;
        manager.get(&path).await.refused(404, "not-found");
        manager
            .get(&format!("/api/preuves/exports/{}", export["id"].as_str().unwrap()))
            .await
            .refused(404, "not-found");

        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("good.zip");
        std::fs::write(&archive, &bytes).unwrap();
        let (good, said) = verify(&archive);
        assert!(good, "{said}");
        assert!(said.contains("3 file(s)"), "{said}");
        let copy = "[new.writestr(name, old.read(name)) for name in old.namelist()";
        let pdf = "'03_contrat/Convention-signee.pdf'";
        let changed = format!(
            "[new.writestr(name, old.read(name).replace(b'Conv', b'Cony') if name == {pdf} else old.read(name)) \
             for name in old.namelist()]"
        );
        for (name, line, fault) in [
            ("same.zip", format!("{copy}]"), None),
            ("changed.zip", changed, Some("Convention-signee.pdf: changed")),
            ("missing.zip", format!("{copy} if name != {pdf}]"), Some("Convention-signee.pdf: missing")),
            ("extra.zip", format!("{copy}]\nnew.writestr('12_plus/x.txt', 'x')"), Some("x.txt: not in the manifest")),
            ("unlisted.zip", format!("{copy} if name != 'manifest.json']"), Some("manifest.json: missing")),
        ] {
            let (good, said) = verify(&tampered(&archive, name, &line));
            assert_eq!(good, fault.is_none(), "{name}: {said}");
            assert!(said.contains(fault.unwrap_or("as the manifest says")), "{name}: {said}");
        }
        // One byte of the archive itself.
        let mut broken = bytes.clone();
        let at = broken.windows(10).position(|window| window == b"Convention").unwrap();
        broken[at] ^= 1;
        std::fs::write(dir.path().join("byte.zip"), broken).unwrap();
        assert!(!verify(&dir.path().join("byte.zip")).0);

        // The same plan gives the same bytes; after a week an archive is gone.
        let again = "UPDATE preuve_archives SET sha256 = NULL";
        let mut tx = world.app.db.begin().await.unwrap();
        sql(again).execute(&mut tx).await.unwrap();
        let job = afpi_jobs::NewJob::new(afpi_crm::documents::QUEUE, preuves::ARCHIVE, json!({"export": export["id"]}));
        afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        world.work().await;
        let path_of = format!("/api/preuves/exports/{}", export["id"].as_str().unwrap());
        assert_eq!(
            assistante.get(&path_of).await.expect(200)["archives"][0]["sha256"],
            export["archives"][0]["sha256"]
        );
        let later = Instant::from_millis(Instant::now().millis() + 8 * 24 * 3_600_000);
        preuves::expire(&world.app, later).await.unwrap();
        assistante.get(&path_of).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_was_stopped_continues_with_the_first_archive_that_is_not_written() {
    on_both(|world| async move {
        let assistante = world.as_role(Role::Assistante).await;
        let mut subjects = Vec::new();
        for number in 0..10 {
            let id = opportunite(&world, &format!("Lot {number}")).await["id"].as_str().unwrap().to_owned();
            let place = json!({"piece": "evaluations"});
            let content = [b"%PDF-1.7\n".as_slice(), &vec![number; 1 << 20]].concat();
            attach(&assistante, &format!("opportunites/{id}"), "avis.pdf", &content, place).await;
            subjects.push(json!({"kind": "opportunites", "id": id}));
        }
        let begun = Clock::now();
        let asked = assistante.post("/api/preuves", json!({"subjects": subjects})).await.expect(202);
        let path = format!("/api/preuves/exports/{}", asked["id"].as_str().unwrap());
        let all = format!("{path}/content");
        assistante.get(&all).await.refused(409, "conflict");
        world.work().await;
        let export = assistante.get(&path).await.expect(200);
        println!("10 dossiers of 1 MiB in {:?}", begun.elapsed());
        assert_eq!((&export["done"], &export["total"]), (&json!(10), &json!(10)));
        // As after a kill: the first four are there, the others are not.
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE preuve_archives SET sha256 = NULL WHERE position > 4").execute(&mut tx).await.unwrap();
        // And a file of the sixth is gone for good.
        let gone = "UPDATE preuve_archives SET plan = REPLACE(plan, ?, ?) WHERE position = 6";
        let sha256 =
            sql("SELECT plan FROM preuve_archives WHERE position = 6").scalar::<String>(&mut tx).await.unwrap();
        let plan: Value = serde_json::from_str(&sha256).unwrap();
        let file = plan["entries"].as_array().unwrap().iter().find(|entry| entry["text"].is_null()).unwrap();
        sql(gone).bind(file["sha256"].as_str().unwrap()).bind("0".repeat(64)).execute(&mut tx).await.unwrap();
        let job = afpi_jobs::NewJob::new(afpi_crm::documents::QUEUE, preuves::ARCHIVE, json!({"export": export["id"]}));
        afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        world.work().await;
        let after = assistante.get(&path).await.expect(200);
        let states: Vec<&str> =
            after["archives"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        assert_eq!(states.iter().filter(|state| **state == "ready").count(), 9, "{states:?}");
        assert_eq!(states[5], "failed");
        assert_eq!(after["archives"][9]["sha256"], export["archives"][9]["sha256"]);
        assert_eq!(after["done"], 10);

        // All of them in one, which is verified as a whole; nobody else reads it.
        let (status, bytes) = content(&assistante, &all).await;
        assert_eq!(status, 200);
        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("all.zip");
        std::fs::write(&archive, &bytes).unwrap();
        let (good, said) = verify(&archive);
        assert!(good && said.contains("27 file(s)"), "{said}");
        let changed = "[new.writestr(name, old.read(name).replace(b'PDF', b'PDG', 1)) for name in old.namelist()]";
        let (good, said) = verify(&tampered(&archive, "changed.zip", changed));
        assert!(!good && said.contains("preuves-") && said.contains("avis.pdf: "), "{said}");
        world.as_role(Role::Manager).await.get(&all).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_session_has_its_own_evidence_and_files() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let body = json!({"numero": "S-77", "title": "Soudage", "localisationId": world.site(HOME)});
        let session = admin.post("/api/sessions", body).await.expect(201);
        let record = format!("sessions/{}", session["id"].as_str().unwrap());
        let planificateur = world.as_role(Role::Planificateur).await;
        attach(&planificateur, &record, "avis.pdf", b"%PDF-1.7\nAvis", json!({"piece": "evaluations"})).await;
        let seen = evidence(&planificateur, &record).await;
        assert_eq!(item(&seen, "evaluations")["state"], "there");
        let facturation = world.as_role(Role::Facturation).await;
        let refused = json!({"uploadId": uuid::Uuid::nil()});
        facturation.post(&format!("/api/attachments/{record}"), refused).await.refused(403, "forbidden");
        let export = written(&world, &planificateur, json!([{"kind": "sessions", "id": session["id"]}])).await;
        assert_eq!(export["archives"][0]["label"], "S-77");
        assert_eq!(export["archives"][0]["state"], "ready");
    })
    .await;
}
