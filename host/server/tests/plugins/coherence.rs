//! `/api/anomalies`: sites are audited when something has changed, and findings are kept, shown in scope and accepted.

use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_crm::coherence;
use serde_json::{Value, json};

use crate::files::auditor;
use crate::support::{AWAY, Client, HOME, World, on_both, opportunite};

const PLUGIN: &str = "controle-essai";

/// Longer than acts wait for those that follow, and than a site rests after an audit.
const LATER: Duration = Duration::from_secs(3600);

/// Only the test auditor audits this site.
async fn seat(world: &World) {
    let admin = world.as_role(Role::Admin).await;
    let product = format!("/api/plugins/coherence/sites/{}", world.site(HOME));
    admin.put(&product, json!({"enabled": false})).await.expect(200);
    let staged = admin.upload("/api/plugins", auditor(PLUGIN)).await.expect(201);
    let activate = format!("/api/plugins/{PLUGIN}/versions/1.0.0/activate");
    admin.post(&activate, json!({"consent": staged["consent"]})).await.expect(200);
    switch(world, true).await;
}

async fn switch(world: &World, enabled: bool) {
    let admin = world.as_role(Role::Admin).await;
    let site = format!("/api/plugins/{PLUGIN}/sites/{}", world.site(HOME));
    admin.put(&site, json!({ "enabled": enabled })).await.expect(200);
}

async fn room(world: &World, name: &str) -> Value {
    let room = json!({"name": name, "localisationId": world.site(HOME)});
    world.as_role(Role::Admin).await.post("/api/salles", room).await.expect(201)
}

async fn rename(world: &World, room: &Value, name: &str) -> Value {
    let path = format!("/api/salles/{}", room["id"].as_str().unwrap());
    world.as_role(Role::Admin).await.patch(&path, &room["version"], json!({ "name": name })).await.expect(200)
}

/// Audits what is due at this instant.
async fn audit_at(world: &World, now: Instant) {
    coherence::look(&world.app, now).await.unwrap();
    world.work().await;
}

async fn audit(world: &World) {
    audit_at(world, Instant::now() + LATER).await;
}

async fn found(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/api/anomalies?{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

/// The labels of the records at fault.
fn labels(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|one| one["subjects"][0]["label"].as_str().unwrap()).collect()
}

/// The last audit of the site.
async fn checked_at(client: &Client, world: &World) -> Value {
    let rules = client.get("/api/anomalies/regles").await.expect(200);
    let home = world.site(HOME).to_string();
    let all = rules["controles"].as_array().unwrap();
    all.iter().find(|one| one["localisation"]["id"] == json!(home)).unwrap().clone()
}

#[tokio::test]
async fn findings_are_kept_while_they_are_found_and_shown_in_scope() {
    on_both(|world| async move {
        seat(&world).await;
        let file = opportunite(&world, "Soudage").await;
        let soudage = room(&world, "Soudage").await;
        audit(&world).await;

        let admin = world.as_role(Role::Admin).await;
        let all = found(&admin, "").await;
        let mut named = labels(&all);
        named.sort();
        assert_eq!(named, [file["numero"].as_str().unwrap(), "Soudage"]);
        let of_room = found(&admin, &format!("kind=salle&record={}", soudage["id"].as_str().unwrap())).await;
        assert_eq!(labels(&of_room), ["Soudage"]);
        let one = &of_room[0];
        assert_eq!(
            (&one["rule"], &one["severity"], &one["plugin"]),
            (&json!("label"), &json!("fault"), &json!(PLUGIN))
        );
        assert_eq!(
            (&one["label"]["fr"], &one["source"]["en"]),
            (&json!("Étiquette"), &json!("Code du travail, L6353-1"))
        );
        assert_eq!(labels(&found(&admin, "q=soudage&severity=fault").await), ["Soudage"]);
        assert!(found(&admin, "severity=notice").await.is_empty() && found(&admin, "rule=autre").await.is_empty());

        // Of the same site, who sees own files only, and of another site.
        assert_eq!(found(&world.as_role(Role::Manager).await, "").await.len(), 2);
        let own = found(&world.as_role(Role::Commercial).await, "").await;
        assert_eq!(labels(&own), [file["numero"].as_str().unwrap()]);
        for (role, sites) in [(Role::Commercial, HOME), (Role::Manager, AWAY)] {
            let other = world.as_user(world.another(role, &format!("autre-{}", role.id()), &[sites]).await).await;
            assert!(found(&other, "").await.is_empty(), "{}", role.id());
            let rules = other.get("/api/anomalies/regles").await.expect(200);
            let rules = rules["data"].as_array().unwrap();
            let rule = rules.iter().find(|rule| rule["plugin"] == PLUGIN).unwrap();
            assert_eq!((&rule["id"], &rule["open"]), (&json!("label"), &json!(0)));
        }
        world.as_role(Role::Planificateur).await.get("/api/anomalies").await.refused(403, "forbidden");
        admin.get("/api/anomalies?kind=salle").await.refused(400, "bad-parameter");

        // What was put right is gone at the next audit, and open again when it comes back.
        let clean = rename(&world, &soudage, "clean").await;
        audit(&world).await;
        assert_eq!(found(&admin, "").await.len(), 1);
        let gone = found(&admin, "state=gone").await;
        assert_eq!((labels(&gone), &gone[0]["id"]), (vec!["Soudage"], &one["id"]));
        assert!(gone[0]["goneAt"].is_string());
        rename(&world, &clean, "Levage").await;
        audit(&world).await;
        let back = found(&admin, &format!("kind=salle&record={}", soudage["id"].as_str().unwrap())).await;
        assert_eq!((labels(&back), &back[0]["id"]), (vec!["Levage"], &one["id"]));

        // Switched off, it says nothing any more.
        switch(&world, false).await;
        let home = world.site(HOME);
        coherence_of(&world, home).await;
        assert!(found(&admin, "").await.is_empty());
        let control = json!({ "localisationId": home });
        admin.post("/api/anomalies/controles", control).await.refused(409, "conflict");
    })
    .await;
}

/// Audits a site although nobody audits it any more, as a job that was enqueued before does.
async fn coherence_of(world: &World, site: uuid::Uuid) {
    let job = afpi_jobs::NewJob::new("plugins", coherence::KIND, json!({ "site": site }));
    let mut tx = world.app.db.begin().await.unwrap();
    afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();
    world.work().await;
}

#[tokio::test]
async fn a_finding_is_accepted_with_a_reason_and_stays_so() {
    on_both(|world| async move {
        seat(&world).await;
        let soudage = room(&world, "Soudage").await;
        audit(&world).await;
        let (admin, manager) = (world.as_role(Role::Admin).await, world.as_role(Role::Manager).await);
        let finding = found(&manager, "").await.remove(0);
        let path = format!("/api/anomalies/{}/acceptation", finding["id"].as_str().unwrap());
        for wrong in [json!({}), json!({"reason": " "}), json!({"reason": "a\nb"}), json!({"reason": "x".repeat(301)})]
        {
            manager.put(&path, wrong).await.refused(422, "validation");
        }
        world.as_role(Role::Assistante).await.put(&path, json!({"reason": "Voulu"})).await.refused(403, "forbidden");
        let away = world.as_user(world.another(Role::Manager, "ailleurs", &[AWAY]).await).await;
        away.put(&path, json!({"reason": "Voulu"})).await.refused(404, "not-found");

        let accepted = manager.put(&path, json!({"reason": "Salle prêtée"})).await.expect(200);
        assert_eq!(accepted["acceptance"]["reason"], "Salle prêtée");
        assert!(found(&admin, "").await.is_empty());
        rename(&world, &soudage, "Levage").await;
        audit(&world).await;
        assert!(found(&admin, "").await.is_empty(), "it is the same fault");
        let kept = found(&admin, "state=accepted").await;
        assert_eq!((labels(&kept), &kept[0]["id"]), (vec!["Levage"], &finding["id"]));

        let journal = format!("/api/journal?subjectKind=salle&subjectId={}", soudage["id"].as_str().unwrap());
        let lines = admin.get(&journal).await.expect(200);
        let told =
            lines["data"].as_array().unwrap().iter().find(|line| line["changes"][0]["field"] == "/anomalyAccepted");
        let told = told.expect("the journal of the room tells it");
        assert_eq!(
            (&told["changes"][1]["to"], &told["changes"][0]["label"]["en"]),
            (&json!("Salle prêtée"), &json!("Accepted finding"))
        );

        let open = manager.delete(&path).await.expect(200);
        assert_eq!(open["acceptance"], Value::Null);
        assert_eq!(found(&admin, "").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_site_is_audited_after_a_change_and_every_day() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let nothing = admin.get("/api/anomalies/regles").await.expect(200);
        assert_eq!(nothing["data"], json!([]));
        seat(&world).await;
        let soudage = room(&world, "Soudage").await;
        assert_eq!(checked_at(&admin, &world).await["checkedAt"], Value::Null);
        audit(&world).await;
        let first = checked_at(&admin, &world).await["checkedAt"].clone();
        assert!(first.is_string());

        // What has just happened waits for what follows.
        audit_at(&world, Instant::now()).await;
        assert_eq!(checked_at(&admin, &world).await["checkedAt"], first, "no act is old enough");
        let second = first;

        rename(&world, &soudage, "Levage").await;
        audit(&world).await;
        let third = checked_at(&admin, &world).await["checkedAt"].clone();
        assert_ne!(third, second);
        assert_eq!(labels(&found(&admin, "").await), ["Levage"]);

        // Asked for by a person.
        let manager = world.as_role(Role::Manager).await;
        let control = json!({"localisationId": world.site(HOME)});
        manager.post("/api/anomalies/controles", control).await.expect(202);
        world.work().await;
        assert_ne!(checked_at(&admin, &world).await["checkedAt"], third);
        let away = json!({"localisationId": world.site(AWAY)});
        manager.post("/api/anomalies/controles", away).await.refused(403, "forbidden");

        // A new day.
        let fourth = checked_at(&admin, &world).await["checkedAt"].clone();
        audit_at(&world, Instant::now() + Duration::from_secs(24 * 3600)).await;
        assert_ne!(checked_at(&admin, &world).await["checkedAt"], fourth);
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_fails_keeps_its_findings_and_is_named() {
    on_both(|world| async move {
        seat(&world).await;
        let soudage = room(&world, "Soudage").await;
        audit(&world).await;
        let admin = world.as_role(Role::Admin).await;
        for how in ["trap", "twice", "control"] {
            let now = admin.get(&format!("/api/salles/{}", soudage["id"].as_str().unwrap())).await.expect(200);
            rename(&world, &now, how).await;
            audit(&world).await;
            assert_eq!(labels(&found(&admin, "").await), ["Soudage"], "{how}");
            assert_eq!(checked_at(&admin, &world).await["failed"], PLUGIN, "{how}");
        }
        let now = admin.get(&format!("/api/salles/{}", soudage["id"].as_str().unwrap())).await.expect(200);
        rename(&world, &now, "clean").await;
        world.app.plugins.registry().release(&world.site(HOME).to_string(), PLUGIN);
        audit(&world).await;
        assert!(found(&admin, "").await.is_empty());
        assert_eq!(checked_at(&admin, &world).await["failed"], Value::Null);
    })
    .await;
}
