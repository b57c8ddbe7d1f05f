//! A process that ends in the middle of a change leaves the plugin as it was or as it shall be: version, settings and
//! grants belong together at every instant, and the next process carries on from there. So it is with what a call sets
//! down.

use std::time::{Duration, Instant};

use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_db::sql;
use afpi_plugins::contract::hook::{Event, Subject};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

use crate::files::{WORKFLOW, busy_hook, numbered};
use crate::support::{HOME, World, on_both, process};

const DEATHS: u64 = 60;

/// Active version and the home site's settings, read as one.
async fn state(world: &World) -> (String, String) {
    let mut conn = world.app.db.read().await.unwrap();
    sql("SELECT p.version, s.config FROM plugins p JOIN plugin_sites s ON s.plugin_id = p.id WHERE p.id = ? AND s.localisation_id = ?")
        .bind(WORKFLOW).bind(world.site(HOME)).one(&mut conn).await.unwrap()
}

async fn set_days(world: &World, days: i64) {
    let admin = world.as_role(Role::Admin).await;
    let path = format!("/api/plugins/{WORKFLOW}/sites/{}/config", world.site(HOME));
    let now = admin.get(&path).await.expect(200);
    admin.put_at(&path, &now["version"], json!({"config": {"validiteDevisJours": days}})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_that_dies_anywhere_has_happened_or_not() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        set_days(&world, 20).await;
        let staged = admin.upload("/api/plugins", numbered(WORKFLOW, "2.0.0")).await.expect(201);
        admin
            .post(&format!("/api/plugins/{WORKFLOW}/versions/2.0.0/activate"), json!({"consent": staged["consent"]}))
            .await
            .expect(200);
        set_days(&world, 40).await;
        let (mut old, mut new) = (0, 0);
        for death in 0..DEATHS {
            let client = admin.clone();
            let switch = tokio::spawn(async move {
                client.post(&format!("/api/plugins/{WORKFLOW}/rollback"), json!({})).await.status
            });
            // From before it begins to after it has ended, in growing steps.
            tokio::time::sleep(Duration::from_micros(death * death * 20)).await;
            switch.abort();
            let _ended_or_not = switch.await;
            match state(&world).await {
                (version, config) if version == "1.0.0" && config.contains("20") => old += 1,
                (version, config) if version == "2.0.0" && config.contains("40") => new += 1,
                torn => panic!("after death {death}: {torn:?}"),
            }
        }
        assert_eq!(old + new, DEATHS);
        assert!(old > 0 && new > 0, "{old} {new}: the deaths came too early");
        // Whoever starts next runs what the tables say.
        let dir = tempfile::tempdir().unwrap();
        let next = process(dir.path(), world.app.db.clone()).await;
        let running = next.plugins.registry().plugin(WORKFLOW).unwrap().manifest().version.to_string();
        assert_eq!(running, state(&world).await.0);
        world.app.plugins.refresh().await.unwrap();
        admin.get(&format!("/api/workflow?localisationId={}", world.site(HOME))).await.expect(200);
    })
    .await;
}

/// Fewer than the events a plugin may announce in a row.
const CALLS: i64 = 95;

/// Calls that write two notes, a job and an event, ended at random instants: on a real database, too, all of it is
/// there or nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_dies_anywhere_has_set_down_everything_or_nothing() {
    on_both(|world| async move {
        crate::hooks::seat(&world, "garde", busy_hook("garde", 10_000), json!({"several": true})).await;
        let site = world.site(HOME).to_string();
        let hook = world.app.plugins.registry().hooks(&site).remove(0);
        let count = async |query: &'static str| {
            sql(query).scalar::<i64>(&mut world.app.db.read().await.unwrap()).await.unwrap()
        };
        let events = "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%plugin.garde.echo%'";
        let mut random = SmallRng::seed_from_u64(3);
        let (mut finished, mut takes) = (0, Duration::ZERO);
        for number in 0..CALLS {
            let event = Event {
                name: "opportunite.moved".into(),
                at: number,
                site: site.clone(),
                actor: None,
                subject: Subject::None,
                data: "{}".into(),
            };
            let hook = hook.clone();
            let call =
                tokio::spawn(
                    async move { hook.after(&afpi_platform::plugins::context(Locale::Fr, "kill"), &event).await },
                );
            // Every tenth comes to its end and tells how long that takes here and now: the others die within twice
            // that.
            let began = Instant::now();
            if number % 10 == 0 {
                while !call.is_finished() {
                    std::thread::sleep(Duration::from_micros(50));
                }
                takes = began.elapsed();
            } else {
                // Some at once: on a busy machine any sleep is longer than a call. The others sleep finer than the
                // timer of the asynchronous runtime, whose threads go on meanwhile.
                let share = random.random_range(-0.5..2.0);
                if share > 0.0 {
                    std::thread::sleep(takes.mul_f64(share));
                }
            }
            call.abort();
            match call.await {
                Ok(ended) => {
                    ended.unwrap();
                    finished += 1;
                }
                Err(aborted) => assert!(aborted.is_cancelled()),
            }
            let jobs = count("SELECT COUNT(*) FROM plugin_jobs").await;
            assert_eq!(count(events).await, jobs, "after call {number}");
            assert!(
                count("SELECT COUNT(DISTINCT content) FROM plugin_kv WHERE plugin_id = 'garde'").await <= 1,
                "after call {number}"
            );
        }
        let jobs = count("SELECT COUNT(*) FROM plugin_jobs").await;
        assert!(
            jobs >= finished && (1..CALLS).contains(&finished),
            "{finished} of {CALLS} calls came to their end, {jobs} happened"
        );
    })
    .await;
}
