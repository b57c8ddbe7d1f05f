//! The order of jobs, and which worker gets them.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use afpi_jobs::{NewJob, Queued, now_ms};
use serde_json::json;
use uuid::Uuid;

use super::*;

pub async fn equal_priorities_go_first_in_first_out(bed: &Bed) {
    let queue = bed.queue();
    let mut added = Vec::new();
    for n in 0..6 {
        added.extend(add(&queue, [numbered(n)]).await);
    }
    let mut taken = ids(&claim(&queue, 4).await);
    taken.extend(ids(&claim(&queue, 4).await));
    assert_eq!(taken, added);
    assert!(claim(&queue, 4).await.is_empty());
}

pub async fn smaller_priority_numbers_go_first(bed: &Bed) {
    let queue = bed.queue();
    let added = add(&queue, [7, 0, 3, 1000, 0].map(|p| job().priority(p))).await;
    let taken = ids(&claim(&queue, 10).await);
    assert_eq!(taken, [added[1], added[4], added[2], added[0], added[3]]);
}

pub async fn a_delayed_job_waits_for_its_time(bed: &Bed) {
    let queue = bed.queue();
    let due = now_ms() + 400;
    let added = add(&queue, [job().run_at(due), job().run_at(due + 3_600_000), job().run_at(now_ms() - 5_000)]).await;
    assert_eq!(ids(&claim(&queue, 10).await), [added[2]], "a job that was due in the past runs at once");
    assert_eq!(state(&queue, added[0]).await, afpi_jobs::State::Delayed);
    let claimed = claim_one(&queue).await;
    assert!(now_ms() >= due, "claimed {} ms early", due - now_ms());
    assert_eq!(claimed.lease.id, added[0]);
    assert!(claim(&queue, 10).await.is_empty(), "the one due in an hour stays");
}

pub async fn queues_do_not_mix(bed: &Bed) {
    let queue = bed.queue();
    let added = add(&queue, [NewJob { queue: "other".into(), ..job() }, job()]).await;
    assert_eq!(ids(&claim(&queue, 10).await), [added[1]]);
    assert_eq!(ids(&queue.claim("other", 10, "tester").await.unwrap()), [added[0]]);
    assert!(queue.claim("unheard-of", 10, "tester").await.unwrap().is_empty());
}

pub async fn bringing_a_job_twice_changes_nothing(bed: &Bed) {
    let queue = bed.queue();
    let first = Queued { id: Uuid::now_v7(), created_at: now_ms(), job: job() };
    queue.add(&[first.clone(), first.clone()]).await.unwrap();
    let claimed = claim(&queue, 10).await;
    assert_eq!(ids(&claimed), [first.id]);
    queue.add(std::slice::from_ref(&first)).await.unwrap();
    assert!(claim(&queue, 10).await.is_empty(), "running");
    queue.end(&claimed[0].lease, End::Completed).await.unwrap();
    queue.add(&[first]).await.unwrap();
    assert!(claim(&queue, 10).await.is_empty(), "completed");
}

pub async fn a_copy_is_dropped_while_the_first_waits_or_runs(bed: &Bed) {
    let queue = bed.queue();
    let copy = || job().dedupe("sync/AFPI-91");
    let first = add(&queue, [copy(), copy(), NewJob { queue: "other".into(), ..copy() }]).await;
    let claimed = claim(&queue, 10).await;
    assert_eq!(ids(&claimed), [first[0]], "the key is in use while the job waits");
    assert_eq!(queue.claim("other", 10, "t").await.unwrap().len(), 1, "keys belong to their queue");
    add(&queue, [copy()]).await;
    assert!(claim(&queue, 10).await.is_empty(), "the key is in use while the job runs");

    // A failed attempt keeps the key, because the work is not done.
    queue.end(&claimed[0].lease, failed(Retry::Backoff)).await.unwrap();
    add(&queue, [copy()]).await;
    let again = claim_one(&queue).await;
    assert_eq!(again.lease.id, first[0]);
    queue.end(&again.lease, End::Completed).await.unwrap();

    let second = add(&queue, [copy()]).await;
    let claimed = claim(&queue, 10).await;
    assert_eq!(ids(&claimed), second, "the key is free after the end");
    queue.end(&claimed[0].lease, failed(Retry::Never)).await.unwrap();
    let third = add(&queue, [copy()]).await;
    assert_eq!(ids(&claim(&queue, 10).await), third, "the key is free after the job's death");
}

pub async fn concurrent_workers_never_share_a_job(bed: &Bed) {
    const JOBS: usize = 300;
    let nodes = [bed.queue(), bed.queue(), bed.queue()];
    add(&nodes[0], (0..JOBS).map(numbered)).await;
    let workers =
        nodes.into_iter().enumerate().flat_map(|(n, node)| (0..2).map(move |w| (n * 2 + w, node.clone()))).map(
            |(w, node)| {
                tokio::spawn(async move {
                    let mut taken = Vec::new();
                    loop {
                        let claims = node.claim("q", 7, &format!("w{w}")).await.unwrap();
                        if claims.is_empty() {
                            return taken;
                        }
                        for c in claims {
                            node.end(&c.lease, End::Completed).await.unwrap();
                            taken.push(c.lease.id);
                        }
                    }
                })
            },
        );
    let mut taken = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        taken.extend(worker.await.unwrap());
    }
    assert_eq!(taken.iter().collect::<HashSet<_>>().len(), taken.len(), "a job was handed out twice");
    // With SKIP LOCKED a worker may see no row while other workers hold the last rows.
    assert_eq!(taken.len(), JOBS);
}

pub async fn ten_thousand_due_in_the_same_second(bed: &Bed) {
    const JOBS: usize = 10_000;
    let queue = bed.queue();
    let due = now_ms() + 200;
    let start = Instant::now();
    for chunk in 0..JOBS / 500 {
        add(&queue, (0..500).map(|n| numbered(chunk * 500 + n).run_at(due + i64::from(n as u32 % 50)))).await;
    }
    tokio::time::sleep(Duration::from_millis(u64::try_from(due + 60 - now_ms()).unwrap_or(0))).await;
    let mut seen = HashSet::new();
    while seen.len() < JOBS && start.elapsed() < Duration::from_secs(90) {
        for c in claim(&queue, 500).await {
            assert!(seen.insert(c.lease.id));
        }
    }
    assert_eq!(seen.len(), JOBS);
}

pub async fn a_megabyte_comes_back_as_it_went_in(bed: &Bed) {
    let queue = bed.queue();
    let payload = json!({"text": "é\"\\\n".repeat(200_000), "n": 9_007_199_254_740_993_i64, "empty": {}, "list": []});
    assert!(payload.to_string().len() > 1 << 20);
    add(&queue, [NewJob { payload: payload.clone(), correlation_id: Some("Été-1".into()), ..job() }]).await;
    let claimed = claim_one(&queue).await;
    assert!(claimed.payload == payload, "the payload changed on the way");
    assert_eq!(claimed.correlation_id.as_deref(), Some("Été-1"));
    assert_eq!(claimed.kind, "test.kind");
    assert!(claimed.waited.is_some_and(|w| w < Duration::from_secs(10)));
}

pub async fn a_paused_queue_hands_out_nothing_until_resumed(bed: &Bed) {
    let (queue, other_node) = (bed.queue(), bed.queue());
    let added = add(&queue, [job(), job()]).await;
    let running = claim(&queue, 1).await.remove(0);
    queue.pause("q").await.unwrap();
    queue.pause("q").await.unwrap();
    assert!(other_node.is_paused("q").await.unwrap());
    assert!(!other_node.is_paused("other").await.unwrap());
    assert!(claim(&queue, 5).await.is_empty() && claim(&other_node, 5).await.is_empty());
    queue.end(&running.lease, End::Completed).await.unwrap();
    let counts = queue.counts().await.unwrap();
    assert!(counts.iter().any(|c| c.queue == "q" && c.paused && c.waiting == 1 && c.completed == 1), "{counts:?}");
    other_node.resume("q").await.unwrap();
    assert!(!queue.is_paused("q").await.unwrap());
    assert_eq!(ids(&claim(&queue, 5).await), [added[1]]);
}

pub async fn a_waiter_is_woken_by_new_work(bed: &Bed) {
    let queue = bed.queue();
    add(&queue, [job()]).await;
    claim_one(&queue).await;
    let mut waiter = queue.waiter("q");
    while tokio::time::timeout(Duration::from_millis(200), waiter.wait(Duration::from_secs(20))).await.is_ok() {
        // Earlier events may still wake the waiter.
    }
    let adder = queue.clone();
    let later = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        add(&adder, [job()]).await;
    });
    let start = Instant::now();
    waiter.wait(Duration::from_secs(20)).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5), "woken after {:?}", start.elapsed());
    later.await.unwrap();
}
