//! Schedules on several nodes and with wrong clocks: each tick enqueues a job only once.

use std::sync::Arc;

use afpi_db::{Db, sql, testing};
use afpi_jobs::*;
use serde_json::json;

fn schedule(id: &str, cron: &str) -> Schedule {
    Schedule {
        id: id.into(),
        cron: cron.into(),
        queue: "sync".into(),
        kind: "ypareo.sync".into(),
        payload: json!({ "site": id }),
        priority: 5,
        max_attempts: 3,
    }
}

fn node(db: &Db) -> (Scheduler, Arc<dyn Queue>, Arc<Relay>) {
    let queue: Arc<dyn Queue> = Arc::new(SqlQueue::new(db.clone(), Settings::default()));
    let relay = Relay::new(db.clone(), queue.clone());
    (Scheduler::new(db.clone(), relay.clone()), queue, relay)
}

async fn store(db: &Db, schedule: &Schedule) {
    let mut tx = db.begin().await.unwrap();
    Scheduler::upsert(&mut tx, schedule).await.unwrap();
    tx.commit().await.unwrap();
}

async fn get(db: &Db, id: &str) -> Option<Scheduled> {
    Scheduler::get(&mut db.read().await.unwrap(), id).await.unwrap()
}

async fn outbox(db: &Db) -> i64 {
    sql("SELECT COUNT(*) FROM outbox").scalar(&mut db.read().await.unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_tick_together_and_each_tick_is_enqueued_once() {
    testing::on_both(|db| async move {
        for site in 0..5 {
            store(&db, &schedule(&format!("site-{site}"), "* * * * *")).await;
        }
        let mut now = get(&db, "site-0").await.unwrap().next_at;
        for round in 1..=6 {
            let nodes = (0..3).map(|_| {
                let (scheduler, ..) = node(&db);
                tokio::spawn(async move { scheduler.tick(now).await.unwrap().len() })
            });
            let mut enqueued = 0;
            for node in nodes.collect::<Vec<_>>() {
                enqueued += node.await.unwrap();
            }
            assert_eq!(enqueued, 5, "round {round}");
            assert_eq!(outbox(&db).await, 5 * round);
            now += 60_000;
        }
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_steps_back_repeats_no_tick_and_a_long_sleep_makes_one() {
    testing::on_both(|db| async move {
        store(&db, &schedule("s", "0 * * * *")).await;
        let (scheduler, ..) = node(&db);
        let first = get(&db, "s").await.unwrap().next_at;
        assert!(scheduler.tick(first - 1).await.unwrap().is_empty(), "one millisecond too early");
        assert_eq!(scheduler.tick(first).await.unwrap().len(), 1);
        for back in [0, 1, 60_000, 3_600_000, 7_200_000] {
            assert!(scheduler.tick(first - back).await.unwrap().is_empty(), "{back} ms back");
        }
        let stored = get(&db, "s").await.unwrap();
        assert_eq!((stored.next_at, stored.last_at), (first + 3_600_000, Some(first)));
        let later = first + 72 * 3_600_000 + 5;
        assert_eq!(scheduler.tick(later).await.unwrap().len(), 1, "the process was asleep for three days");
        assert_eq!(get(&db, "s").await.unwrap().next_at, later - 5 + 3_600_000);
    })
    .await;
}

#[tokio::test]
async fn storing_again_keeps_the_next_tick_unless_the_expression_changes() {
    testing::on_both(|db| async move {
        store(&db, &schedule("s", "0 3 * * *")).await;
        let (scheduler, ..) = node(&db);
        let first = get(&db, "s").await.unwrap().next_at;
        scheduler.tick(first).await.unwrap();
        let second = get(&db, "s").await.unwrap().next_at;
        assert!(second > first);

        store(&db, &Schedule { payload: json!("new"), ..schedule("s", "0 3 * * *") }).await;
        let stored = get(&db, "s").await.unwrap();
        assert_eq!((stored.next_at, stored.last_at, &stored.schedule.payload), (second, Some(first), &json!("new")));

        store(&db, &schedule("s", "30 4 * * *")).await;
        let stored = get(&db, "s").await.unwrap();
        assert_eq!((stored.schedule.cron.as_str(), stored.last_at), ("30 4 * * *", Some(first)));
        assert_eq!(stored.next_at, Scheduler::next_run("30 4 * * *", now_ms()).unwrap());

        let mut tx = db.begin().await.unwrap();
        let refused = Scheduler::upsert(&mut tx, &schedule("s", "every day")).await;
        assert!(matches!(refused, Err(JobsError::Refused(_))));
        assert!(Scheduler::remove(&mut tx, "s").await.unwrap());
        assert!(!Scheduler::remove(&mut tx, "s").await.unwrap());
        tx.commit().await.unwrap();
        assert!(get(&db, "s").await.is_none());
        assert!(Scheduler::list(&mut db.read().await.unwrap()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_tick_while_the_last_run_goes_on_is_dropped() {
    testing::on_both(|db| async move {
        store(&db, &schedule("s", "* * * * *")).await;
        let (scheduler, queue, relay) = node(&db);
        let first = get(&db, "s").await.unwrap().next_at;
        let id = scheduler.tick(first).await.unwrap()[0];
        relay.drain().await.unwrap();
        let running = queue.claim("sync", 5, "w").await.unwrap();
        assert_eq!((running.len(), running[0].lease.id, running[0].lease.max_attempts), (1, id, 3));
        assert_eq!(running[0].payload, json!({ "site": "s" }));

        assert_eq!(scheduler.tick(first + 60_000).await.unwrap().len(), 1);
        relay.drain().await.unwrap();
        assert!(queue.claim("sync", 5, "w").await.unwrap().is_empty(), "two jobs of a schedule never run at once");

        queue.end(&running[0].lease, End::Completed).await.unwrap();
        assert_eq!(scheduler.tick(first + 120_000).await.unwrap().len(), 1);
        relay.drain().await.unwrap();
        assert_eq!(queue.claim("sync", 5, "w").await.unwrap().len(), 1, "the next one runs");
    })
    .await;
}

#[tokio::test]
async fn a_broken_schedule_does_not_hold_up_the_others() {
    testing::on_both(|db| async move {
        store(&db, &schedule("a", "* * * * *")).await;
        store(&db, &schedule("b", "* * * * *")).await;
        let mut tx = db.begin().await.unwrap();
        sql("UPDATE schedules SET cron = 'nonsense', next_at = 0 WHERE id = 'a'").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let (scheduler, ..) = node(&db);
        let due = get(&db, "b").await.unwrap().next_at;
        assert_eq!(scheduler.tick(due).await.unwrap().len(), 1);
        assert_eq!(outbox(&db).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_scheduler_strikes_on_the_second_and_stops() {
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    store(&db, &schedule("s", "* * * * * *")).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let running: Vec<_> = (0..2)
        .map(|_| {
            let ((scheduler, ..), stop) = (node(&db), stop.clone());
            tokio::spawn(async move { scheduler.run(stop).await })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(2600)).await;
    stop.cancel();
    for node in running {
        node.await.unwrap();
    }
    let jobs = outbox(&db).await;
    assert!((1..=3).contains(&jobs), "{jobs} in two and a half seconds");
    db.close().await;
}
