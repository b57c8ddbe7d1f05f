//! The journal: every act is a line that stays as it was written.

mod support;

use afpi_core::rights::Role;
use afpi_db::{Backend, sql};
use afpi_platform::journal::{self, Broken};
use serde_json::{Value, json};
use support::{World, on_both, on_both_filled, opportunite};

async fn run(w: &World, text: &'static str) -> afpi_db::Result<u64> {
    let mut tx = w.app.db.begin().await?;
    let rows = sql(text).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(rows)
}

#[tokio::test]
async fn a_move_tells_what_it_changed_in_every_section() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let found = admin.get("/api/opportunites?status=devis_envoye&limit=1").await.expect(200)["data"][0].clone();
        let path = format!("/api/opportunites/{}", found["id"].as_str().unwrap());
        let version = admin.get(&path).await.expect(200)["opportunite"]["version"].clone();
        let accepted = json!({"signataire": "La direction"});
        admin.post_at(&format!("{path}/transitions/accepter_devis"), &version, accepted).await.expect(200);
        let history = admin.get(&format!("{path}/historique")).await.expect(200);
        let lines = history["data"].as_array().unwrap();
        // Straight on into the next section: two lines, the first of which says what changed.
        let line = lines.iter().find(|line| line["transition"] == "accepter_devis").expect("the move");
        let fields: Vec<&str> =
            line["changes"].as_array().unwrap().iter().map(|c| c["field"].as_str().unwrap()).collect();
        assert!(fields.contains(&"/devis/accepteLe") && fields.contains(&"/devis/signataire"), "{fields:?}");
        let signed = line["changes"].as_array().unwrap().iter().find(|c| c["field"] == "/devis/signataire").unwrap();
        assert_eq!((&signed["from"], &signed["to"]), (&Value::Null, &json!("La direction")));
        assert!(lines[0]["changes"].is_null() || lines[0]["transition"] == "accepter_devis", "{}", lines[0]);
    })
    .await;
}

#[tokio::test]
async fn a_line_that_was_changed_or_removed_is_found() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let commercial = w.as_role(Role::Commercial).await;
        let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
        let mut version = file["version"].clone();
        for title in ["Soudage TIG", "Soudage MIG", "Soudage laser"] {
            version =
                commercial.patch(&path, &version, json!({"title": title})).await.expect(200)["opportunite"]["version"]
                    .clone();
        }
        let (lines, broken) = journal::verify(&w.app.db).await.unwrap();
        assert!(lines >= 4 && broken.is_empty(), "{lines} {broken:?}");

        if w.app.db.backend() == Backend::Sqlite {
            // The engine refuses it; who owns the file can take that away.
            assert!(run(&w, "UPDATE journal SET reason = 'x' WHERE seq = 2").await.is_err());
            assert!(run(&w, "DELETE FROM journal WHERE seq = 3").await.is_err());
            run(&w, "DROP TRIGGER journal_stays").await.unwrap();
            run(&w, "DROP TRIGGER journal_is_kept").await.unwrap();
        }
        let at = |seq: i64| {
            let id = uuid::Uuid::parse_str(file["id"].as_str().unwrap()).unwrap();
            let subject_id = id.simple().to_string();
            vec![Broken { subject_kind: "opportunite".into(), subject_id, seq }]
        };
        run(&w, "UPDATE journal SET reason = 'another' WHERE subject_kind = 'opportunite' AND seq = 2").await.unwrap();
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, at(2));
        run(&w, "UPDATE journal SET reason = NULL WHERE subject_kind = 'opportunite' AND seq = 2").await.unwrap();
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, []);
        run(&w, "DELETE FROM journal WHERE subject_kind = 'opportunite' AND seq = 3").await.unwrap();
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, at(4));
    })
    .await;
}

#[tokio::test]
async fn lines_from_before_are_chained_once() {
    on_both_filled(|w| async move {
        if w.app.db.backend() == Backend::Sqlite {
            run(&w, "DROP TRIGGER journal_stays").await.unwrap();
        }
        let chained = async || {
            let mut conn = w.app.db.read().await.unwrap();
            sql("SELECT hash FROM journal ORDER BY subject_kind, subject_id, seq")
                .all::<(String,)>(&mut conn)
                .await
                .unwrap()
        };
        let before = chained().await;
        run(&w, "UPDATE journal SET hash = ''").await.unwrap();
        let (one, two) = tokio::join!(journal::fill(&w.app.db), journal::fill(&w.app.db));
        one.expect("chained");
        two.expect("by two at once");
        assert_eq!(chained().await, before);
    })
    .await;
}
