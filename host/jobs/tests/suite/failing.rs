//! Failures, crashes and lost leases: which jobs run again, when, and which jobs end.

use std::time::Duration;

use afpi_jobs::{Failure, Fate, JobsError, State, now_ms};
use uuid::Uuid;

use super::*;

fn failure(retry: Retry) -> End {
    End::Failed(Failure { message: "le serveur a répondu 503".into(), retry })
}

pub async fn a_failure_is_retried_after_the_backoff_and_the_last_one_kills(bed: &Bed) {
    let queue = bed.queue();
    let id = add(&queue, [job().max_attempts(3)]).await[0];
    for attempt in 1..=2 {
        let claimed = claim_one(&queue).await;
        assert_eq!((claimed.lease.id, claimed.lease.attempt, claimed.lease.max_attempts), (id, attempt, 3));
        let before = now_ms();
        let Fate::Retried { at } = queue.end(&claimed.lease, failure(Retry::Backoff)).await.unwrap() else {
            panic!("attempt {attempt} of 3 was the last");
        };
        // The backoff starts at 40 ms, and the jitter may halve it.
        assert!(at - before >= 20 * i64::from(attempt), "again after {} ms", at - before);
        let job = queue.get(id).await.unwrap().unwrap();
        assert_eq!(
            (job.state, job.attempt, job.error.as_deref()),
            (State::Failed, attempt, Some("le serveur a répondu 503"))
        );
        assert!(now_ms() >= at || claim(&queue, 1).await.is_empty(), "handed out before its time");
    }
    let last = claim_one(&queue).await;
    assert_eq!(queue.end(&last.lease, failure(Retry::Backoff)).await.unwrap(), Fate::Dead);
    let job = queue.get(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempt), (State::Dead, 3));
    assert!(job.finished_at.is_some() && job.error.is_some());
    assert!(claim(&queue, 1).await.is_empty());
}

pub async fn the_handler_may_say_when_or_never(bed: &Bed) {
    let queue = bed.queue();
    add(&queue, [job()]).await;
    let claimed = claim_one(&queue).await;
    let before = now_ms();
    let fate = queue.end(&claimed.lease, failure(Retry::After(Duration::from_millis(600)))).await.unwrap();
    let Fate::Retried { at } = fate else { panic!("{fate:?}") };
    assert!((600..2000).contains(&(at - before)));
    assert!(claim(&queue, 1).await.is_empty());
    let again = claim_one(&queue).await;
    assert!(now_ms() >= at);
    assert_eq!(queue.end(&again.lease, failure(Retry::Never)).await.unwrap(), Fate::Dead);
    assert_eq!(state(&queue, again.lease.id).await, State::Dead);
}

pub async fn a_dead_job_can_be_sent_back(bed: &Bed) {
    let queue = bed.queue();
    let id = add(&queue, [job().max_attempts(1)]).await[0];
    let claimed = claim_one(&queue).await;
    queue.end(&claimed.lease, failure(Retry::Backoff)).await.unwrap();
    queue.retry_dead(id).await.unwrap();
    assert_eq!(state(&queue, id).await, State::Waiting);
    let again = claim_one(&queue).await;
    assert_eq!((again.lease.id, again.lease.attempt), (id, 1));
    queue.end(&again.lease, End::Completed).await.unwrap();
    assert_eq!(state(&queue, id).await, State::Completed);
}

pub async fn only_a_dead_job_can_be_sent_back(bed: &Bed) {
    let queue = bed.queue();
    let id = add(&queue, [job()]).await[0];
    let refused = |result| matches!(result, Err(JobsError::NotDead(i)) if i == id);
    assert!(refused(queue.retry_dead(id).await), "waiting");
    let claimed = claim_one(&queue).await;
    assert!(refused(queue.retry_dead(id).await), "active");
    queue.end(&claimed.lease, End::Completed).await.unwrap();
    assert!(refused(queue.retry_dead(id).await), "completed");
    assert!(matches!(queue.retry_dead(Uuid::now_v7()).await, Err(JobsError::NotFound(_))));
    assert!(claim(&queue, 1).await.is_empty());
}

/// Waits until the lease has expired and the queue has taken the job back.
async fn taken_back(queue: &std::sync::Arc<dyn afpi_jobs::Queue>) -> afpi_jobs::Recovered {
    until("the stalled job is taken back", || async { queue.recover_stalled().await.unwrap().pop() }).await
}

pub async fn a_stalled_job_is_taken_back_without_losing_a_try(bed: &Bed) {
    let (queue, other) = (bed.node(nervous()), bed.node(nervous()));
    let id = add(&queue, [job().max_attempts(2)]).await[0];
    claim_one(&queue).await;
    assert!(other.recover_stalled().await.unwrap().is_empty(), "its lease still runs");
    let recovered = taken_back(&other).await;
    assert_eq!(
        (recovered.id, recovered.kind.as_str(), recovered.queue.as_str(), recovered.dead),
        (id, "test.kind", "q", false)
    );
    assert!(queue.recover_stalled().await.unwrap().is_empty(), "taken back once");
    let again = claim_one(&other).await;
    assert_eq!((again.lease.id, again.lease.attempt), (id, 1));
    other.end(&again.lease, End::Completed).await.unwrap();
    let job = other.get(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.crashes), (State::Completed, 1));
}

pub async fn a_job_that_kills_its_workers_is_given_up(bed: &Bed) {
    let queue = bed.node(Settings { max_crashes: 2, ..nervous() });
    let id = add(&queue, [job().max_attempts(10).dedupe("poison")]).await[0];
    claim_one(&queue).await;
    assert!(!taken_back(&queue).await.dead);
    claim_one(&queue).await;
    assert!(taken_back(&queue).await.dead);
    let dead = queue.get(id).await.unwrap().unwrap();
    assert_eq!((dead.state, dead.crashes), (State::Dead, 2));
    assert!(dead.error.unwrap().contains("2 workers vanished"));
    assert!(claim(&queue, 1).await.is_empty());

    // A person has fixed the cause and retries the job. It has all its attempts again, and another job may use its key.
    queue.retry_dead(id).await.unwrap();
    assert_eq!(add(&queue, [job().dedupe("poison")]).await.len(), 1);
    assert_eq!(claim(&queue, 5).await.len(), 2);
    assert_eq!(queue.get(id).await.unwrap().unwrap().crashes, 0);
}

pub async fn a_lost_lease_can_end_nothing(bed: &Bed) {
    let queue = bed.node(nervous());
    let id = add(&queue, [job()]).await[0];
    let stale = claim_one(&queue).await.lease;
    taken_back(&queue).await;
    let calm = bed.queue();
    let fresh = claim_one(&calm).await.lease;
    assert_eq!(fresh.id, id);

    assert!(is_lost(queue.renew(&stale).await), "renew");
    assert!(is_lost(queue.progress(&stale, 99).await), "progress");
    assert!(is_lost(queue.end(&stale, failure(Retry::Backoff)).await), "fail");
    assert!(is_lost(queue.end(&stale, failure(Retry::Never)).await), "fail for good");
    assert!(is_lost(queue.end(&stale, End::Released).await), "release");
    assert!(is_lost(queue.end(&stale, End::Completed).await), "complete");
    let job = calm.get(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.progress, job.error), (State::Active, None, None), "the stale worker changed nothing");

    calm.end(&fresh, End::Completed).await.unwrap();
    assert!(is_lost(calm.end(&fresh, End::Completed).await), "ended once");
    assert!(is_lost(calm.renew(&fresh).await));
    assert_eq!(state(&calm, id).await, State::Completed);
}

pub async fn a_renewed_lease_holds(bed: &Bed) {
    let queue = bed.node(Settings { lease: Duration::from_millis(900), ..calm() });
    add(&queue, [job()]).await;
    let claimed = claim_one(&queue).await;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        queue.renew(&claimed.lease).await.unwrap();
        assert!(queue.recover_stalled().await.unwrap().is_empty());
    }
    queue.end(&claimed.lease, End::Completed).await.unwrap();
}

pub async fn a_released_job_goes_first_and_keeps_its_tries(bed: &Bed) {
    let queue = bed.queue();
    let added = add(&queue, [job(), job()]).await;
    let claimed = claim(&queue, 1).await.remove(0);
    queue.end(&claimed.lease, End::Released).await.unwrap();
    assert!(is_lost(queue.end(&claimed.lease, End::Completed).await));
    let again = claim(&queue, 2).await;
    assert_eq!(ids(&again), added);
    assert_eq!(again[0].lease.attempt, 1);
}
