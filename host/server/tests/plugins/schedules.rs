//! Scheduled work of plugins: it needs consent, runs once across all nodes, is switched on and off per site, and is
//! shown with its runs.

use std::sync::Arc;
use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_jobs::Scheduler;
use afpi_plugins::manifest::Manifest;
use serde_json::{Value, json};

use crate::files::{edited, hook};
use crate::hooks::{seat, settings};
use crate::support::{AWAY, Client, HOME, World, on_both};

/// The test hook in this version with these schedules. Its handler asks for one more call.
fn file(version: &str, schedules: Value) -> Vec<u8> {
    edited(hook("garde"), |m: &mut Manifest| {
        m.version = version.parse().unwrap();
        m.schedules = serde_json::from_value(schedules).unwrap();
    })
}

fn matin() -> Value {
    json!({"name": "matin", "cron": "*/5 * * * *", "job": "count", "payload": {"n": 7},
        "sentence": {"fr": "Compte toutes les cinq minutes.", "en": "Counts every five minutes."}})
}

fn soir() -> Value {
    json!({"name": "soir", "cron": "0 18 * * 1-5", "sentence": {"fr": "Compte le soir.", "en": "Counts in the evening."}})
}

/// Runs the next tick on two nodes at once. Returns the number of new jobs.
async fn tick(world: &World) -> usize {
    let later = Instant::now().millis() + 6 * 60_000;
    let nodes: Vec<_> =
        (0..2).map(|_| Arc::new(Scheduler::new(world.app.db.clone(), world.app.jobs.clone()))).collect();
    let ticks = nodes.iter().map(|node| node.tick(later));
    futures::future::join_all(ticks).await.into_iter().map(|jobs| jobs.unwrap().len()).sum()
}

async fn shown(admin: &Client) -> Value {
    admin.get("/api/plugins/garde").await.expect(200)["schedules"].clone()
}

fn at<'a>(schedules: &'a Value, name: &str, code: &str) -> &'a Value {
    let schedule = schedules.as_array().unwrap().iter().find(|s| s["name"] == name).unwrap();
    schedule["sites"].as_array().unwrap().iter().find(|s| s["localisation"]["code"] == code).unwrap()
}

fn ran(world: &World, code: &str) -> Vec<String> {
    let lines = world.app.plugins.logs().of("garde", &world.site(code).to_string());
    lines.into_iter().map(|line| line.message).filter(|line| line.starts_with("count ")).collect()
}

#[tokio::test]
async fn a_schedule_runs_once_over_all_nodes_where_it_is_on() {
    on_both(|world| async move {
        seat(&world, "garde", file("1.0.0", json!([matin()])), json!({})).await;
        let admin = world.as_role(Role::Admin).await;
        let before = shown(&admin).await;
        assert_eq!(
            (&before[0]["cron"], &before[0]["sentence"]["en"]),
            (&json!("*/5 * * * *"), &json!("Counts every five minutes."))
        );
        let (home, away) = (at(&before, "matin", HOME), at(&before, "matin", AWAY));
        assert!(home["nextAt"].is_string() && home["enabled"] == true && home.get("lastAt").is_none(), "{home}");
        assert!(away.get("nextAt").is_none() && away["enabled"] == true, "the plugin is off there: {away}");

        assert_eq!(tick(&world).await, 1);
        // The handler asks for one more call a moment later, so there are two. A scheduled job has no other event as its
        // cause.
        for _ in 0..100 {
            world.work().await;
            if ran(&world, HOME).len() > 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        world.work().await;
        assert_eq!(ran(&world, HOME).len(), 2);
        assert!(
            ran(&world, HOME).iter().all(|line| line.starts_with(r#"count {"n":7} attempt "#)),
            "{:?}",
            ran(&world, HOME)
        );
        assert!(ran(&world, AWAY).is_empty());
        let after = shown(&admin).await;
        let home = at(&after, "matin", HOME);
        assert_eq!((&home["outcome"], home["lastAt"].is_string(), home.get("message")), (&json!("done"), true, None));

        // A schedule has its own switch, and the plugin's switch affects it too.
        let path = format!("/api/plugins/garde/sites/{}/schedules/matin", world.site(HOME));
        let off = admin.put(&path, json!({"enabled": false})).await.expect(200);
        assert_eq!((&off["enabled"], off.get("nextAt")), (&json!(false), None));
        assert_eq!(tick(&world).await, 0);
        settings(&world, "garde", json!({"late": true})).await;
        assert_eq!(tick(&world).await, 0, "a change of settings does not switch the schedule on");
        assert!(admin.put(&path, json!({"enabled": true})).await.expect(200)["nextAt"].is_string());
        for act in ["switched_off", "switched_on"] {
            let told =
                admin.get(&format!("/api/journal?subjectKind=plugin&subjectId=garde&act={act}")).await.expect(200);
            let of_schedule: Vec<&Value> = told["data"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|line| line["changes"].as_array().unwrap().iter().any(|change| change["field"] == "/schedule"))
                .collect();
            assert_eq!(of_schedule.len(), 1, "{act}: {told:#}");
            let line = of_schedule[0];
            assert_eq!((&line["localisation"]["code"], &line["actor"]["name"]), (&json!(HOME), &json!("Test admin")));
            assert_eq!(line["changes"][0]["to"], "matin");
        }
        let seat = format!("/api/plugins/garde/sites/{}", world.site(HOME));
        admin.put(&seat, json!({"enabled": false})).await.expect(200);
        assert_eq!(tick(&world).await, 0);
        admin.put(&seat, json!({"enabled": true})).await.expect(200);
        assert_eq!(tick(&world).await, 1);

        let manager = world.as_role(Role::Manager).await;
        manager.put(&path, json!({"enabled": true})).await.expect(200);
        let elsewhere = path.replace(&world.site(HOME).to_string(), &world.site(AWAY).to_string());
        manager.put(&elsewhere, json!({"enabled": true})).await.refused(404, "not-found");
        world.as_role(Role::Commercial).await.put(&path, json!({"enabled": true})).await.refused(403, "forbidden");
        world.nobody().put(&path, json!({"enabled": true})).await.refused(401, "unauthenticated");
        for unknown in [
            path.replace("matin", "midi"),
            path.replace("garde", "nothing"),
            path.replace(&world.site(HOME).to_string(), "x"),
        ] {
            admin.put(&unknown, json!({"enabled": true})).await.refused(404, "not-found");
        }
        admin.put(&path, json!({"enabled": 1})).await.refused(422, "wrong-type");

        admin.delete("/api/plugins/garde").await.expect(204);
        assert_eq!(tick(&world).await, 0, "taken out");
    })
    .await;
}

#[tokio::test]
async fn work_at_another_time_needs_another_consent() {
    on_both(|world| async move {
        seat(&world, "garde", file("1.0.0", json!([matin()])), json!({})).await;
        let admin = world.as_role(Role::Admin).await;
        let staged = admin.upload("/api/plugins", file("1.1.0", json!([matin(), soir()]))).await.expect(201);
        let changes = &staged["changes"];
        assert_eq!((&changes["consentRequired"], &changes["more"]), (&json!(true), &json!(["/schedules/soir"])));
        let added = &changes["capabilitiesAdded"][0];
        assert_eq!(
            (&added["id"], &added["sentence"]["fr"], &added["params"]),
            (&json!("schedule:soir"), &json!("Compte le soir."), &json!(["0 18 * * 1-5"]))
        );
        let activate = "/api/plugins/garde/versions/1.1.0/activate";
        admin.post(activate, json!({})).await.refused(409, "consent-required");
        assert_eq!(shown(&admin).await.as_array().unwrap().len(), 1);
        admin.post(activate, json!({"consent": staged["consent"]})).await.expect(200);
        assert!(at(&shown(&admin).await, "soir", HOME)["nextAt"].is_string());
        admin.post("/api/plugins/garde/rollback", Value::Null).await.expect(200);
        assert_eq!(shown(&admin).await.as_array().unwrap().len(), 1);
        assert!(at(&shown(&admin).await, "matin", HOME)["nextAt"].is_string());
        // Fewer schedules need no new consent. The host refuses a schedule that never comes due.
        let fewer = admin.upload("/api/plugins", file("1.2.0", json!([]))).await.expect(201);
        assert_eq!(fewer["changes"]["consentRequired"], false);
        let mut never = matin();
        never["cron"] = json!("0 0 31 2 *");
        let refused = admin.upload("/api/plugins", file("1.3.0", json!([never]))).await.refused(422, "plugin-refused");
        assert!(refused["detail"].as_str().unwrap().contains("schedule `matin`"), "{refused:#}");
    })
    .await;
}
