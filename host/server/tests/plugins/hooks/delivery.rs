//! What hooks and notifiers hear after a change: each event once, later if they could not hear it, and which jobs
//! deliver it.

use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::json;

use super::{lines, move_on, seated, settings};
use crate::files::NOTIFIER;
use crate::support::{HOME, World, on_both, opportunite};

/// Sets settings that prevent the plugin from listing its subscriptions. Settings like these were accepted before the
/// host checked that.
async fn struck_dumb(world: &World, id: &str) {
    let mut tx = world.app.db.begin().await.unwrap();
    sql("UPDATE plugin_sites SET config = ? WHERE plugin_id = ?")
        .bind(json!({"mute": true}).to_string())
        .bind(id)
        .execute(&mut tx)
        .await
        .unwrap();
    sql("UPDATE plugin_revision SET value = value + 1 WHERE id = 1").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    world.app.plugins.refresh().await.unwrap();
}

#[tokio::test]
async fn what_a_hook_could_not_hear_it_hears_later() {
    on_both(|world| async move {
        seated(&world, "garde", json!({})).await;
        struck_dumb(&world, "garde").await;
        let record = opportunite(&world, "Sourd").await;
        move_on(&world.as_role(Role::Commercial).await, &record).await.expect(200);
        world.work().await;
        let heard = async || {
            lines(&world, "garde").await.into_iter().filter(|line| line.starts_with("heard")).collect::<Vec<_>>()
        };
        assert!(heard().await.is_empty());
        settings(&world, "garde", json!({})).await;
        due(&world).await;
        world.work().await;
        let mut names = heard().await;
        names.sort();
        assert_eq!(
            names,
            ["heard entreprise.created Société Sourd {}", "heard opportunite.created", "heard opportunite.moved"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_notifier_that_fails_is_told_again_without_the_others_hearing_twice() {
    on_both(|world| async move {
        crate::quarantine::starving(&world, NOTIFIER).await;
        let admin = world.as_role(Role::Admin).await;
        let record = opportunite(&world, "Deux").await;
        move_on(&world.as_role(Role::Commercial).await, &record).await.expect(200);
        let calls = |plugin: &str| {
            world.app.plugins.registry().health(&world.site(HOME).to_string(), plugin).unwrap().health.calls
        };
        let jobs = async |state: &str| {
            let list = admin.get(&format!("/api/jobs?kind=notifier&state={state}")).await.expect(200);
            list["data"].as_array().unwrap().len()
        };
        world.work().await;
        let (healthy, failing) = (calls(NOTIFIER), calls("affame"));
        assert_eq!((jobs("delayed").await, jobs("dead").await), (2, 0), "one job later for each of the two events");
        due(&world).await;
        world.work().await;
        assert_eq!(calls(NOTIFIER), healthy, "the healthy notifier is not told again");
        assert_eq!((calls("affame"), jobs("failed").await), (failing + 2, 2));
    })
    .await;
}

/// Makes all delayed jobs due.
async fn due(world: &World) {
    let mut tx = world.app.db.begin().await.unwrap();
    afpi_db::sql("UPDATE jobs SET due_at = 0 WHERE state = 'delayed'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn jobs_say_whose_they_are_and_what_about() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"work": true})).await;
        let (record, other) = (opportunite(&world, "Soudage").await, opportunite(&world, "Fraisage").await);
        let commercial = world.as_role(Role::Commercial).await;
        move_on(&commercial, &record).await.expect(200);
        world.work().await;
        // Plugins that fail get jobs of their own.
        crate::quarantine::starving(&world, NOTIFIER).await;
        struck_dumb(&world, "garde").await;
        move_on(&commercial, &other).await.expect(200);
        world.work().await;
        let admin = world.as_role(Role::Admin).await;
        let jobs = admin.get("/api/jobs?limit=200").await.expect(200);
        let told: std::collections::BTreeSet<(String, String, String)> = jobs["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| ["kind", "plugin", "task"].map(|at| job[at].as_str().unwrap_or_default().to_owned()).into())
            .collect();
        for (kind, plugin, task) in [
            ("hook", "garde", "opportunite.moved"),
            ("plugin-job", "garde", "count"),
            ("notifier", "affame", "opportunite.moved"),
            ("event", "", "opportunite.moved"),
        ] {
            assert!(told.contains(&(kind.into(), plugin.into(), task.into())), "{kind} {plugin} {task}: {told:#?}");
        }
    })
    .await;
}
