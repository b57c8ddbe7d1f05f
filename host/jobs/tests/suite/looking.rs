//! What people and metrics see of the queue.

use std::time::Duration;

use afpi_jobs::{Filter, NewJob, QueueCounts, State, now_ms};
use uuid::Uuid;

use super::*;

async fn counts(queue: &std::sync::Arc<dyn afpi_jobs::Queue>) -> QueueCounts {
    queue.counts().await.unwrap().into_iter().find(|c| c.queue == "q").expect("queue is counted")
}

pub async fn counts_follow_the_jobs(bed: &Bed) {
    let queue = bed.queue();
    let hour = now_ms() + 3_600_000;
    add(&queue, [job().max_attempts(1), job(), job().priority(9), job(), job().run_at(hour)]).await;
    let running = claim(&queue, 3).await;
    queue.end(&running[1].lease, End::Completed).await.unwrap();
    queue.end(&running[0].lease, failed(Retry::Backoff)).await.unwrap();
    let after_an_hour = Retry::After(Duration::from_secs(3600));
    queue.end(&running[2].lease, failed(after_an_hour)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(30)).await;

    let now = counts(&queue).await;
    assert_eq!((now.waiting, now.delayed, now.active, now.completed, now.dead, now.paused), (1, 2, 0, 1, 1, false));
    let oldest = now.oldest_waiting.expect("one waits, though its priority is low");
    assert!((Duration::from_millis(30)..Duration::from_secs(60)).contains(&oldest), "{oldest:?}");
    claim_one(&queue).await;
    let now = counts(&queue).await;
    assert_eq!((now.waiting, now.active, now.oldest_waiting), (0, 1, None));
}

pub async fn lists_page_and_filter(bed: &Bed) {
    let queue = bed.queue();
    let hour = now_ms() + 3_600_000;
    let mut added = Vec::new();
    for n in 0..7 {
        let job = NewJob { kind: if n % 2 == 0 { "even" } else { "odd" }.into(), ..numbered(n) };
        added.extend(add(&queue, [if n == 6 { job.run_at(hour) } else { job }]).await);
    }
    added.extend(add(&queue, [NewJob { queue: "other".into(), ..job() }]).await);
    let claimed = claim(&queue, 2).await;
    queue.end(&claimed[0].lease, End::Completed).await.unwrap();
    let after_an_hour = Retry::After(Duration::from_secs(3600));
    queue.end(&claimed[1].lease, failed(after_an_hour)).await.unwrap();

    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = queue.list(&Filter { before, limit: 3, ..Filter::default() }).await.unwrap();
        assert!(page.jobs.len() <= 3);
        seen.extend(page.jobs.iter().map(|j| j.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, added.iter().rev().copied().collect::<Vec<_>>(), "newest first, each once");

    let of = async |filter: Filter| -> Vec<Uuid> {
        let page = queue.list(&Filter { limit: 50, ..filter }).await.unwrap();
        page.jobs.iter().map(|j| j.id).collect()
    };
    let in_state = |state| Filter { state: Some(state), ..Filter::default() };
    assert_eq!(of(in_state(State::Completed)).await, [added[0]]);
    assert_eq!(of(in_state(State::Failed)).await, [added[1]]);
    assert_eq!(of(in_state(State::Delayed)).await, [added[6]]);
    assert_eq!(of(in_state(State::Waiting)).await, [added[7], added[5], added[4], added[3], added[2]]);
    assert!(of(in_state(State::Dead)).await.is_empty() && of(in_state(State::Active)).await.is_empty());
    assert_eq!(of(Filter { queue: Some("other".into()), ..Filter::default() }).await, [added[7]]);
    assert_eq!(of(Filter { kind: Some("odd".into()), ..in_state(State::Waiting) }).await, [added[5], added[3]]);
    assert!(of(Filter { kind: Some("none".into()), ..Filter::default() }).await.is_empty());
}

pub async fn a_job_shows_its_life(bed: &Bed) {
    let queue = bed.queue();
    let before = now_ms();
    let soon = before + 50;
    let id = add(&queue, [job().priority(4).run_at(soon).correlation("req-1").max_attempts(7)]).await[0];
    let job = queue.get(id).await.unwrap().unwrap();
    assert_eq!((job.id, job.queue.as_str(), job.kind.as_str(), job.priority), (id, "q", "test.kind", 4));
    assert_eq!((job.attempt, job.max_attempts, job.crashes, job.run_at), (0, 7, 0, Some(soon)));
    assert_eq!((job.correlation_id.as_deref(), job.payload), (Some("req-1"), serde_json::json!({"n": 1})));
    assert_eq!((job.progress, job.started_at, job.finished_at, job.error), (None, None, None, None));
    assert!((before..before + 10_000).contains(&job.created_at));

    let claimed = claim_one(&queue).await;
    queue.progress(&claimed.lease, 40).await.unwrap();
    let job = queue.get(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.progress, job.attempt), (State::Active, Some(40), 1));
    assert!(job.started_at.is_some_and(|at| at >= soon) && job.finished_at.is_none());

    queue.end(&claimed.lease, End::Completed).await.unwrap();
    let job = queue.get(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempt, job.error), (State::Completed, 1, None));
    assert!(job.finished_at >= job.started_at && job.finished_at.is_some());
}

pub async fn old_jobs_are_forgotten_and_young_ones_kept(bed: &Bed) {
    let queue = bed.queue();
    let added = add(&queue, [job(), job().max_attempts(1), job(), job()]).await;
    let claimed = claim(&queue, 3).await;
    queue.end(&claimed[0].lease, End::Completed).await.unwrap();
    queue.end(&claimed[1].lease, failed(Retry::Backoff)).await.unwrap();

    let (past, future) = (now_ms() - 60_000, now_ms() + 60_000);
    assert_eq!(queue.purge(past, past).await.unwrap(), 0, "too young");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(queue.purge(now_ms(), past).await.unwrap(), 1, "completed only");
    assert!(queue.get(added[0]).await.unwrap().is_none());
    assert_eq!(state(&queue, added[1]).await, State::Dead);
    assert_eq!(queue.purge(future, now_ms()).await.unwrap(), 1, "dead as well");
    assert_eq!(state(&queue, added[2]).await, State::Active, "a running job is never deleted");
    assert_eq!(state(&queue, added[3]).await, State::Waiting, "a waiting job is never deleted");
}

pub async fn an_unknown_job_is_nothing(bed: &Bed) {
    let queue = bed.queue();
    queue.ping().await.unwrap();
    assert!(queue.get(Uuid::now_v7()).await.unwrap().is_none());
    assert!(queue.list(&Filter::default()).await.unwrap().jobs.is_empty());
    assert!(queue.recover_stalled().await.unwrap().is_empty());
    assert!(queue.counts().await.unwrap().is_empty());
}
