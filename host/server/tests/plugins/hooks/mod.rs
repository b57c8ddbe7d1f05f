//! Hooks before a change: the veto, its text in the history, the order of hooks, and a missing answer. Hooks after a
//! change: jobs, events and records of their site.

mod changes;
mod delivery;
mod handover;

use afpi_core::rights::Role;
use serde_json::{Value, json};

use crate::files::hook;
use crate::support::{AWAY, Client, HOME, World, on_both, opportunite};

/// Installs a hook with this id, with consent and these settings, and switches it on at [`HOME`].
pub async fn seated(world: &World, id: &str, config: Value) {
    seat(world, id, hook(id), config).await;
}

/// The same with this file.
pub async fn seat(world: &World, id: &str, file: Vec<u8>, config: Value) {
    let admin = world.as_role(Role::Admin).await;
    let staged = admin.upload("/api/plugins", file).await.expect(201);
    assert_eq!(staged["kind"], "hook");
    admin
        .post(&format!("/api/plugins/{id}/versions/1.0.0/activate"), json!({"consent": staged["consent"]}))
        .await
        .expect(200);
    settings(world, id, config).await;
    admin.put(&site(world, id), json!({"enabled": true})).await.expect(200);
}

pub async fn settings(world: &World, id: &str, config: Value) {
    let admin = world.as_role(Role::Admin).await;
    let path = format!("{}/config", site(world, id));
    let now = admin.get(&path).await.expect(200);
    admin.put_at(&path, &now["version"], json!({"config": config})).await.expect(200);
}

fn site(world: &World, id: &str) -> String {
    format!("/api/plugins/{id}/sites/{}", world.site(HOME))
}

/// Tries to cancel the opportunité.
pub async fn move_on(client: &Client, record: &Value) -> crate::support::Reply {
    let path = format!("/api/opportunites/{}", record["id"].as_str().unwrap());
    let now = client.get(&path).await.expect(200)["opportunite"].clone();
    client
        .post_at(
            &format!("{path}/transitions/annuler"),
            &now["version"],
            json!({"cause": "besoin", "motif": "Le client renonce."}),
        )
        .await
}

async fn history(client: &Client, record: &Value) -> Vec<Value> {
    let path = format!("/api/opportunites/{}/historique", record["id"].as_str().unwrap());
    client.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
}

pub async fn lines(world: &World, id: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        world.app.plugins.logs().of(id, &world.site(HOME).to_string()).into_iter().map(|l| l.message).collect();
    lines.reverse();
    lines
}

#[tokio::test]
async fn a_veto_names_the_plugin_and_stands_in_the_history() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"veto": "annuler"})).await;
        let record = opportunite(&world, "Soudage").await;
        let commercial = world.as_role(Role::Commercial).await;
        let refused = move_on(&commercial, &record).await.refused(409, "hook-veto");
        assert_eq!(
            (&refused["title"], &refused["detail"], &refused["plugin"]),
            (&json!("Refusé par l'extension « Garde »"), &json!("Pas de commercial ici."), &json!("garde"))
        );
        let path = format!("/api/opportunites/{}", record["id"].as_str().unwrap());
        let now = commercial.get(&path).await.expect(200)["opportunite"].clone();
        assert_eq!((&now["status"], &now["version"]), (&record["status"], &record["version"]), "nothing has changed");
        let line = history(&commercial, &record).await[0].clone();
        assert_eq!(
            (&line["kind"], &line["transition"], &line["plugin"]["id"], &line["plugin"]["version"]),
            (&json!("refused"), &json!("annuler"), &json!("garde"), &json!("1.0.0"))
        );
        assert_eq!(
            (&line["refusal"]["plugin"]["en"], &line["refusal"]["reason"]["en"], &line["refusal"]["failed"]),
            (&json!("Guard"), &json!("No commercial here."), &json!(false))
        );
        assert!(line["labels"]["source"]["fr"].is_string() && line.get("changes").is_none(), "{line:#}");
        // The error of a lost update does not count history lines of vetoes.
        commercial.patch(&path, &record["version"], json!({"title": "Soudage TIG"})).await.expect(200);
        move_on(&commercial, &record).await.refused(409, "hook-veto");
        let stale = commercial.patch(&path, &record["version"], json!({"title": "Autre"})).await.refused(412, "stale");
        assert_eq!(stale["changed"], json!(["/title"]));

        // The veto also applies to creations and assignments. A refused creation leaves nothing.
        settings(&world, "garde", json!({"veto": "opportunite.created"})).await;
        let body = json!({"entrepriseId": record["entreprise"]["id"], "title": "Deux", "budget": 1});
        commercial.post("/api/opportunites", body).await.refused(409, "hook-veto");
        assert_eq!(commercial.get("/api/opportunites").await.expect(200)["meta"]["total"], 1);
        settings(&world, "garde", json!({"veto": "opportunite.assigned"})).await;
        let other = world.another(Role::Commercial, "autre", &[HOME]).await;
        let manager = world.as_role(Role::Manager).await;
        let now = manager.get(&path).await.expect(200)["opportunite"].clone();
        // The host refuses an invalid change before it asks hooks.
        let asked = history(&manager, &record).await.len();
        let away = world.another(Role::Commercial, "ailleurs", &[AWAY]).await;
        for impossible in [json!({"commercialId": away}), json!({"commercialId": other, "budget": -1})] {
            manager.patch(&path, &now["version"], impossible).await.refused(422, "validation");
        }
        assert_eq!(history(&manager, &record).await.len(), asked);
        manager.patch(&path, &now["version"], json!({"commercialId": other})).await.refused(409, "hook-veto");
        assert_eq!(history(&manager, &record).await[0]["refusal"]["reason"]["fr"], "Pas de manager ici.");
        // The hook has no effect at another site.
        let admin = world.as_role(Role::Admin).await;
        let company = admin
            .post("/api/entreprises", json!({"name": "Ailleurs", "localisationId": world.site(AWAY)}))
            .await
            .expect(201);
        settings(&world, "garde", json!({"veto": "opportunite.created"})).await;
        admin
            .post(
                "/api/opportunites",
                json!({"entrepriseId": company["id"], "title": "Là", "budget": 1, "localisationId": world.site(AWAY)}),
            )
            .await
            .expect(201);
    })
    .await;
}

#[tokio::test]
async fn the_first_veto_wins_in_the_order_an_administrator_gave() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"veto": "annuler"})).await;
        seated(&world, "vigile", json!({"veto": "annuler"})).await;
        let admin = world.as_role(Role::Admin).await;
        let record = opportunite(&world, "Ordre").await;
        let who = async || move_on(&admin, &record).await.refused(409, "hook-veto")["plugin"].clone();
        assert_eq!(who().await, "garde", "with equal orders, the id decides");
        settings(&world, "garde", json!({"veto": "annuler", "late": true})).await;
        assert_eq!(who().await, "vigile", "the order in the manifests decides");
        assert_eq!(admin.put(&site(&world, "vigile"), json!({"order": 5})).await.expect(200)["order"], 5);
        assert_eq!(who().await, "garde", "the administrator's order comes first");
        assert_eq!(
            history(&admin, &record).await[0]["hooks"],
            json!([{"plugin": {"fr": "Garde", "en": "Guard"}, "answer": "refused"}])
        );
        settings(&world, "garde", json!({"veto": "nothing", "late": true})).await;
        assert_eq!(who().await, "vigile");
        let asked = |hooks: &[(&str, &str, &str)]| {
            hooks
                .iter()
                .map(|(fr, en, answer)| json!({"plugin": {"fr": fr, "en": en}, "answer": answer}))
                .collect::<Value>()
        };
        assert_eq!(
            history(&admin, &record).await[0]["hooks"],
            asked(&[("Garde", "Guard", "allowed"), ("Vigile", "Watchman", "refused")])
        );
        // The history also names a hook that gave no answer and was set to be ignored in that case.
        settings(&world, "garde", json!({"trap": true})).await;
        settings(&world, "vigile", json!({})).await;
        admin.put(&site(&world, "garde"), json!({"onFailure": "open"})).await.expect(200);
        let other = opportunite(&world, "Suite").await;
        move_on(&admin, &other).await.expect(200);
        let lines = history(&admin, &other).await;
        let both = asked(&[("Garde", "Guard", "silent"), ("Vigile", "Watchman", "allowed")]);
        assert_eq!(
            (&lines[0]["kind"], &lines[0]["hooks"], &lines[1]["kind"], &lines[1]["hooks"]),
            (&json!("moved"), &both, &json!("created"), &both)
        );
        admin.put(&site(&world, "garde"), json!({"enabled": false})).await.expect(200);
        settings(&world, "vigile", json!({"veto": "annuler"})).await;
        assert_eq!(who().await, "vigile");
        admin.put(&site(&world, "garde"), json!({"order": 5000})).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn silence_means_what_the_manifest_or_the_administrator_says() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let company = admin
            .post("/api/entreprises", json!({"name": "Silence", "localisationId": world.site(HOME)}))
            .await
            .expect(201);
        seated(&world, "garde", json!({"trap": true})).await;
        // The hook also guards creations. Without an answer, the manifest's rule refuses the change.
        let body =
            json!({"entrepriseId": company["id"], "title": "Silence", "budget": 1, "localisationId": world.site(HOME)});
        let refused = admin.post("/api/opportunites", body.clone()).await.refused(409, "hook-failed");
        assert_eq!(refused["plugin"], "garde");
        assert_eq!(
            admin.put(&site(&world, "garde"), json!({"onFailure": "open"})).await.expect(200)["onFailure"],
            "open"
        );
        let record = admin.post("/api/opportunites", body.clone()).await.expect(201)["opportunite"].clone();
        admin.put(&site(&world, "garde"), json!({"onFailure": null})).await.expect(200);
        move_on(&admin, &record).await.refused(409, "hook-failed");
        assert_eq!(history(&admin, &record).await[0]["refusal"]["failed"], true);
        // The refusal also holds while the plugin is in quarantine.
        for _ in 0..6 {
            move_on(&admin, &record).await.refused(409, "hook-failed");
        }
        let health = world.app.plugins.registry().health(&world.site(HOME).to_string(), "garde").unwrap().health;
        assert!(health.quarantined.is_some());
        admin.put(&site(&world, "garde"), json!({"onFailure": "maybe"})).await.refused(422, "wrong-type");
    })
    .await;
}

#[tokio::test]
async fn hooks_hear_afterwards_work_later_and_read_their_site_only() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"work": true})).await;
        let admin = world.as_role(Role::Admin).await;
        let company = admin.post("/api/entreprises", json!({"name": "Loin", "localisationId": world.site(AWAY)})).await.expect(201);
        admin.post("/api/opportunites", json!({"entrepriseId": company["id"], "title": "Loin", "budget": 1, "localisationId": world.site(AWAY)})).await.expect(201);
        let (one, two) = (opportunite(&world, "Un").await, opportunite(&world, "Deux").await);
        let commercial = world.as_role(Role::Commercial).await;
        move_on(&commercial, &one).await.expect(200);
        move_on(&commercial, &two).await.expect(200);
        // The second attempt is due a moment after the first one.
        let mut told = Vec::new();
        for _ in 0..100 {
            world.work().await;
            told = lines(&world, "garde").await;
            if told.iter().any(|line: &String| line.contains("attempt 2")) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(told.iter().filter(|l| *l == "heard opportunite.moved").count(), 2, "{told:?}");
        assert!(told.contains(&"enqueued Ok(true)".into()), "{told:?}");
        // The first attempt asks for another one. Both see the two records of the site, and not the third record.
        assert!(told.contains(&r#"count {"n":1} attempt 1 sees Ok(2)"#.into()) && told.contains(&r#"count {"n":1} attempt 2 sees Ok(2)"#.into()), "{told:?}");
        let mut conn = world.app.db.read().await.unwrap();
        assert_eq!(afpi_db::sql("SELECT COUNT(*) FROM plugin_jobs").scalar::<i64>(&mut conn).await.unwrap(), 0, "finished jobs no longer count");
    })
    .await;
}

#[tokio::test]
async fn a_plugin_cannot_wake_itself_for_ever() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"announce": true})).await;
        let record = opportunite(&world, "Écho").await;
        move_on(&world.as_role(Role::Commercial).await, &record).await.expect(200);
        world.work().await;
        let told = lines(&world, "garde").await;
        let count = |line: &str| told.iter().filter(|l| *l == line).count();
        assert_eq!(
            (
                count("heard opportunite.moved"),
                count("heard plugin.garde.echo"),
                count("announced"),
                count("the chain ends")
            ),
            (1, 4, 4, 1),
            "{told:?}"
        );
    })
    .await;
}

/// The names of events in the contract, without the events of plugins.
fn promised() -> Vec<String> {
    let contract = include_str!("../../../../../wit/plugin/hook.wit");
    let words = contract.split('`').skip(1).step_by(2);
    let named = |word: &&str| ["opportunite.", "entreprise."].iter().any(|kind| word.starts_with(kind));
    let mut names: Vec<String> = words.filter(named).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[tokio::test]
async fn every_event_of_the_contract_is_asked_before_and_told_afterwards() {
    on_both(|world| async move {
        seated(&world, "garde", json!({})).await;
        let record = opportunite(&world, "Tout").await;
        let manager = world.as_role(Role::Manager).await;
        let path = format!("/api/opportunites/{}", record["id"].as_str().unwrap());
        let edited = manager
            .put_at(&format!("{path}/sections/collecte"), &record["version"], json!({"objectifs": "Souder."}))
            .await
            .expect(200);
        let other = world.another(Role::Commercial, "autre", &[HOME]).await;
        let assigned =
            manager.patch(&path, &edited["opportunite"]["version"], json!({"commercialId": other})).await.expect(200);
        manager
            .post_at(
                &format!("{path}/transitions/annuler"),
                &assigned["opportunite"]["version"],
                json!({"cause": "besoin", "motif": "Le client renonce."}),
            )
            .await
            .expect(200);
        let company = format!("/api/entreprises/{}", record["entreprise"]["id"].as_str().unwrap());
        let change = json!({"siret": "732 829 320 00074", "address": {"city": "Laon"}, "notes": null});
        manager.patch(&company, &json!(1), change).await.expect(200);
        // A request that changes nothing does not reach hooks.
        manager.patch(&company, &json!(2), json!({"name": "Société Tout"})).await.expect(200);
        world.work().await;
        let told = lines(&world, "garde").await;
        let names = promised();
        assert_eq!(names.len(), 6, "{names:?}");
        for name in &names {
            for verb in ["asked", "heard"] {
                let line = format!("{verb} {name}");
                assert_eq!(
                    told.iter().filter(|l| **l == line || l.starts_with(&format!("{line} "))).count(),
                    1,
                    "{line}: {told:#?}"
                );
            }
        }
        assert!(told.contains(&"asked entreprise.created Société Tout {}".into()), "{told:#?}");
        let address = json!({"line1": null, "line2": null, "postcode": null, "city": "Laon", "country": "FR"});
        let data =
            json!({"address": address, "siren": "732829320", "siret": "73282932000074", "vatNumber": "FR44732829320"});
        for verb in ["asked", "heard"] {
            let line = told
                .iter()
                .find_map(|line| line.strip_prefix(&format!("{verb} entreprise.updated Société Tout ")))
                .unwrap();
            assert_eq!(serde_json::from_str::<Value>(line).unwrap(), data);
        }

        // The error of a veto names the plugin, and nothing is stored.
        for (event, call) in [("entreprise.created", None), ("entreprise.updated", Some(&company))] {
            settings(&world, "garde", json!({"veto": event})).await;
            let refused = match call {
                None => {
                    manager
                        .post("/api/entreprises", json!({"name": "Refusée", "localisationId": world.site(HOME)}))
                        .await
                }
                Some(path) => manager.patch(path, &json!(2), json!({"name": "Refusée"})).await,
            };
            assert_eq!(refused.refused(409, "hook-veto")["plugin"], "garde");
        }
        assert_eq!(manager.get("/api/entreprises?q=refusee").await.expect(200)["meta"]["total"], 0);
    })
    .await;
}
