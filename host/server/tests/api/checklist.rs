//! The checklist of a section: a piece is there because its file is there. The host tells the workflow, and stores
//! nothing of it.

use crate::support::{Client, HOME, Reply, World, on_both, opportunite};
use afpi_core::id::OpportuniteId;
use afpi_core::rights::Role;
use afpi_core::scope::Scope;
use afpi_core::text::Locale;
use afpi_crm::opportunites::{self, stored};
use afpi_db::sql;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::roles::Held;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// An opportunité in the section with the checklist.
async fn in_paperwork(world: &World, title: &str) -> OpportuniteId {
    let id: OpportuniteId = opportunite(world, title).await["id"].as_str().unwrap().parse().unwrap();
    let move_there = "UPDATE opportunites SET section = 'documents', status = 'en_cours_documents' WHERE id = ?";
    let mut tx = world.app.db.begin().await.unwrap();
    sql(move_there).bind(id).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn record(client: &Client, id: OpportuniteId) -> Value {
    client.get(&format!("/api/opportunites/{id}")).await.expect(200)["opportunite"].clone()
}

async fn drop_file(client: &Client, id: OpportuniteId, piece: &str) -> Value {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    let path = format!("/api/uploads?name={piece}.pdf");
    let upload = client.file(&path, b"%PDF-1.7\nx".to_vec(), &headers).await.expect(200);
    let body = json!({"uploadId": upload["id"], "section": "documents", "piece": piece});
    client.post(&format!("/api/attachments/opportunites/{id}"), body).await.expect(201)
}

async fn remove_file(client: &Client, id: OpportuniteId, file: &Value) {
    let path = format!("/api/attachments/opportunites/{id}/{}", file["id"].as_str().unwrap());
    let version = [("if-match", file["version"].to_string())];
    assert_eq!(client.send("DELETE", &path, None, &version).await.status, 204);
}

async fn put(client: &Client, id: OpportuniteId, document: Value) -> Reply {
    let seen = record(client, id).await["version"].clone();
    client.put_at(&format!("/api/opportunites/{id}/sections/documents"), &seen, document).await
}

/// What the move that needs all pieces still misses.
fn missing(record: &Value) -> Vec<&str> {
    let offers = record["offers"].as_array().unwrap();
    let offer = offers.iter().find(|offer| offer["transition"] == "documents_prets").unwrap();
    offer["blockers"].as_array().unwrap().iter().map(|blocker| blocker["message"]["en"].as_str().unwrap()).collect()
}

const NEEDED: [&str; 5] =
    ["fiche_programme", "planning", "evaluation_prealable", "convention", "bulletins_inscription"];

#[tokio::test]
async fn a_piece_is_there_because_its_file_is_there() {
    on_both(|world| async move {
        let id = in_paperwork(&world, "Pièces").await;
        let assistante = world.as_role(Role::Assistante).await;
        assert!(missing(&record(&assistante, id).await).contains(&"Missing: Training agreement"));
        let file = drop_file(&assistante, id, "convention").await;
        let seen = record(&assistante, id).await;
        assert_eq!(seen["data"]["documents"]["fichiers"], json!(["convention"]));
        assert!(!missing(&seen).contains(&"Missing: Training agreement"));
        // Nobody can claim a file, and nothing of it is stored.
        let claimed = json!({"fichiers": ["planning"], "pieces": ["convention"], "remarques": "x"});
        let put_back = put(&assistante, id, claimed).await.expect(200)["opportunite"].clone();
        assert_eq!(put_back["data"]["documents"], json!({"fichiers": ["convention"], "remarques": "x"}));
        let query = sql("SELECT data FROM opportunites WHERE id = ?").bind(id);
        let stored: String = query.scalar(&mut world.app.db.read().await.unwrap()).await.unwrap();
        assert!(stored.contains("remarques") && !stored.contains("fichiers"), "{stored}");
        remove_file(&assistante, id, &file).await;
        let seen = record(&assistante, id).await;
        assert_eq!(seen["data"]["documents"], json!({"remarques": "x"}));
        assert!(missing(&seen).contains(&"Missing: Training agreement"));

        // A file is of a piece that the form knows.
        let headers = [("content-type", "application/octet-stream".to_owned())];
        let upload = assistante.file("/api/uploads?name=a.pdf", b"%PDF-1.7\n".to_vec(), &headers).await.expect(200);
        let body = json!({"uploadId": upload["id"], "section": "documents", "piece": "lettre"});
        let refused =
            assistante.post(&format!("/api/attachments/opportunites/{id}"), body).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/piece");
    })
    .await;
}

#[tokio::test]
async fn a_tick_without_a_file_needs_a_reason_that_the_journal_keeps() {
    on_both(|world| async move {
        let id = in_paperwork(&world, "Motifs").await;
        let assistante = world.as_role(Role::Assistante).await;
        put(&assistante, id, json!({"pieces": ["planning"]})).await.refused(422, "validation");
        let reason = json!([{"piece": "planning", "motif": "Affiché en salle B12"}]);
        put(&assistante, id, json!({"pieces": ["planning"], "suivi": reason})).await.expect(200);
        for piece in NEEDED.iter().filter(|piece| **piece != "planning") {
            drop_file(&assistante, id, piece).await;
        }
        let ready = record(&assistante, id).await;
        assert_eq!(missing(&ready), [""; 0]);
        let manager = world.as_role(Role::Manager).await;
        let lines = manager.get(&format!("/api/journal?subjectKind=opportunite&subjectId={id}")).await.expect(200);
        assert!(lines.to_string().contains("Affiché en salle B12"), "{lines}");
        let path = format!("/api/opportunites/{id}/transitions/documents_prets");
        let moved = assistante.post_at(&path, &ready["version"], json!({})).await.expect(200);
        assert_eq!(moved["opportunite"]["section"], "facturation");
    })
    .await;
}

#[tokio::test]
async fn a_move_counts_on_no_file_that_is_gone_when_it_is_written() {
    on_both(|world| async move {
        let id = in_paperwork(&world, "Course").await;
        let assistante = world.as_role(Role::Assistante).await;
        let mut files = Vec::new();
        for piece in NEEDED {
            files.push(drop_file(&assistante, id, piece).await);
        }
        let app = &world.app;
        let caller = Caller {
            id: world.person(Role::Assistante).into(),
            name: "Test assistante".into(),
            email: String::new(),
            role: Held::built_in(Role::Assistante),
            sites: vec![world.site(HOME).into()],
            absent: vec![],
            locale: Locale::Fr,
            session: Uuid::nil(),
            must_set_up: false,
        };
        let act = Act::begin(app, &caller, "test");
        let before = stored::load(&mut app.db.read().await.unwrap(), &Scope::All, id).await.unwrap();
        let decided = opportunites::decide(act, before, "documents_prets", Map::new()).await.unwrap();
        remove_file(&assistante, id, &files[3]).await;
        let mut tx = app.db.begin().await.unwrap();
        assert!(!decided.write(&mut tx, act).await.unwrap());
    })
    .await;
}
