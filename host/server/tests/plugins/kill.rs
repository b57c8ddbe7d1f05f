//! A process that dies during a change leaves either the old or the new state of the plugin. Version, settings and
//! grants always match, and the next process continues with them. The same holds for the effects of a call.

use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_db::{Backend, sql};
use afpi_plugins::contract::hook::{Event, Subject};
use serde_json::json;

use crate::files::{WORKFLOW, busy_hook, numbered};
use crate::support::deaths::up_to;
use crate::support::{HOME, World, on_both, process};

/// The smallest number of waits of a call. A database server is reached over the network and may answer at once. The
/// embedded database works on the calling thread.
fn fewest(world: &World) -> i64 {
    if world.app.db.backend() == Backend::MariaDb { 1 } else { 0 }
}

/// The active version and the settings of the home site, read together.
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
        let back = format!("/api/plugins/{WORKFLOW}/rollback");
        let (mut deaths, mut ended) = (0, false);
        while !ended {
            let switch = admin.post(&back, json!({}));
            ended = up_to(deaths, switch).await.is_some();
            match state(&world).await {
                (version, config) if version == "1.0.0" && config.contains("20") => {}
                (version, config) if version == "2.0.0" && config.contains("40") => {}
                torn => panic!("after death {deaths}: {torn:?}"),
            }
            deaths += 1;
        }
        assert!(deaths > fewest(&world), "it waits only {deaths} times");
        // The next process runs the stored version.
        let dir = tempfile::tempdir().unwrap();
        let next = process(dir.path(), world.app.db.clone()).await;
        let running = next.plugins.registry().plugin(WORKFLOW).unwrap().manifest().version.to_string();
        assert_eq!(running, state(&world).await.0);
        world.app.plugins.refresh().await.unwrap();
        admin.get(&format!("/api/workflow?localisationId={}", world.site(HOME))).await.expect(200);
    })
    .await;
}

/// This is below the number of events that a plugin may announce in a row.
const CALLS: i64 = 95;

/// Each call writes two notes, a job and an event, and ends at another wait. The database contains all of its effects
/// or none.
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
        let context = afpi_platform::plugins::context(Locale::Fr, "kill");
        let (mut deaths, mut ended) = (0, false);
        while !ended && deaths < CALLS {
            let event = Event {
                name: "opportunite.moved".into(),
                at: deaths,
                site: site.clone(),
                actor: None,
                subject: Subject::None,
                data: "{}".into(),
            };
            let answer = up_to(deaths, hook.after(&context, &event)).await;
            ended = answer.is_some();
            answer.transpose().unwrap();
            let jobs = count("SELECT COUNT(*) FROM plugin_jobs").await;
            assert_eq!(count(events).await, jobs, "after death {deaths}");
            assert!(
                count("SELECT COUNT(DISTINCT content) FROM plugin_kv WHERE plugin_id = 'garde'").await <= 1,
                "after death {deaths}"
            );
            deaths += 1;
        }
        assert!(ended && deaths > fewest(&world), "{deaths} deaths, ended: {ended}");
        assert!(count("SELECT COUNT(*) FROM plugin_jobs").await >= 1);
    })
    .await;
}
