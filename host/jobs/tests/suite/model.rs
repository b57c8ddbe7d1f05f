//! Runs a random sequence of all operations and checks each step against a model in memory. The test prints its seed.
//! `AFPI_TEST_SEED` repeats it.

use std::collections::BTreeMap;

use afpi_jobs::{Fate, State};
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::Uuid;

use super::*;

const STEPS: usize = 400;
const MAX_CRASHES: u32 = 3;

/// A job of the model.
#[derive(Debug, Clone)]
struct Model {
    state: State,
    priority: u32,
    key: Option<String>,
    attempt: u32,
    max_attempts: u32,
    crashes: u32,
    /// The job was taken back after a crash, or given back. It may come before jobs with a smaller priority number.
    front: bool,
}

#[derive(Default)]
struct World {
    jobs: BTreeMap<Uuid, Model>,
    held: Vec<Claim>,
    stale: Vec<Claim>,
    paused: bool,
}

impl World {
    fn in_state(&self, state: State) -> u64 {
        self.jobs.values().filter(|j| j.state == state).count() as u64
    }

    fn add(&mut self, id: Uuid, job: &NewJob, delayed: bool) {
        let live = |m: &Model| !matches!(m.state, State::Completed | State::Dead);
        let copy = job.dedupe_key.is_some() && self.jobs.values().any(|m| m.key == job.dedupe_key && live(m));
        if !copy {
            let model = Model {
                state: if delayed { State::Delayed } else { State::Waiting },
                priority: job.priority,
                key: job.dedupe_key.clone(),
                attempt: 0,
                max_attempts: job.max_attempts,
                crashes: 0,
                front: false,
            };
            self.jobs.insert(id, model);
        }
    }

    /// Checks that this job was due, and marks it as active.
    fn taken(&mut self, claim: &Claim) {
        assert!(!self.paused, "a paused queue handed out a job");
        let best = self.jobs.values().filter(|m| m.state == State::Waiting).map(|m| m.priority).min();
        let job = self.jobs.get_mut(&claim.lease.id).expect("a job nobody added");
        assert_eq!(job.state, State::Waiting);
        assert!(job.front || Some(job.priority) == best, "priority {} before {best:?}", job.priority);
        job.attempt += 1;
        assert_eq!((claim.lease.attempt, claim.lease.max_attempts), (job.attempt, job.max_attempts));
        (job.state, job.front) = (State::Active, false);
    }

    fn job(&mut self, claim: &Claim) -> &mut Model {
        self.jobs.get_mut(&claim.lease.id).expect("claimed jobs are known")
    }
}

pub async fn a_random_walk_follows_the_model(bed: &Bed) {
    let seed =
        std::env::var("AFPI_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| rand::rng().random());
    println!("AFPI_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let doomed = bed.node(Settings { max_crashes: MAX_CRASHES, lease: Duration::from_millis(2), ..calm() });
    let calm = bed.node(Settings { max_crashes: MAX_CRASHES, ..calm() });
    let mut world = World::default();

    for step in 0..STEPS {
        match rng.random_range(0..12) {
            0..3 => {
                let delayed = rng.random_bool(0.1);
                let mut job = numbered(step).priority(rng.random_range(0..3)).max_attempts(rng.random_range(1..4));
                if delayed {
                    job = job.run_at(afpi_jobs::now_ms() + 3_600_000);
                }
                if rng.random_bool(0.3) {
                    job = job.dedupe(format!("key-{}", rng.random_range(0..3)));
                }
                let id = add(&calm, [job.clone()]).await[0];
                world.add(id, &job, delayed);
            }
            3..6 => {
                let claims = claim(&calm, 1).await;
                assert!(
                    !claims.is_empty() || world.paused || world.in_state(State::Waiting) == 0,
                    "step {step}: nothing handed out"
                );
                for claim in claims {
                    world.taken(&claim);
                    world.held.push(claim);
                }
            }
            6 => {
                // A worker dies while it holds the job.
                if let Some(claim) = claim(&doomed, 1).await.pop() {
                    world.taken(&claim);
                    let recovered =
                        until("the crash is seen", || async { doomed.recover_stalled().await.unwrap().pop() }).await;
                    assert_eq!(recovered.id, claim.lease.id);
                    let job = world.job(&claim);
                    (job.attempt, job.crashes, job.front) = (job.attempt - 1, job.crashes + 1, true);
                    job.state = if job.crashes >= MAX_CRASHES { State::Dead } else { State::Waiting };
                    assert_eq!(recovered.dead, job.state == State::Dead);
                    world.stale.push(claim);
                }
            }
            7 if !world.held.is_empty() => {
                let claim = world.held.swap_remove(rng.random_range(0..world.held.len()));
                let retry = if rng.random_bool(0.5) { Retry::After(Duration::from_secs(3600)) } else { Retry::Never };
                let fate = calm.end(&claim.lease, failed(retry)).await.unwrap();
                let job = world.job(&claim);
                job.state =
                    if retry == Retry::Never || job.attempt >= job.max_attempts { State::Dead } else { State::Failed };
                assert_eq!(fate == Fate::Dead, job.state == State::Dead);
                world.stale.push(claim);
            }
            8 if !world.held.is_empty() => {
                let claim = world.held.swap_remove(rng.random_range(0..world.held.len()));
                calm.renew(&claim.lease).await.unwrap();
                calm.end(&claim.lease, End::Completed).await.unwrap();
                world.job(&claim).state = State::Completed;
                world.stale.push(claim);
            }
            9 if !world.held.is_empty() => {
                let claim = world.held.swap_remove(rng.random_range(0..world.held.len()));
                calm.end(&claim.lease, End::Released).await.unwrap();
                let job = world.job(&claim);
                (job.state, job.attempt, job.front) = (State::Waiting, job.attempt - 1, true);
                world.stale.push(claim);
            }
            10 => {
                if let Some(stale) = world.stale.iter().choose(&mut rng) {
                    assert!(
                        is_lost(calm.end(&stale.lease, End::Completed).await),
                        "step {step}: a stale lease completed"
                    );
                    assert!(is_lost(calm.renew(&stale.lease).await), "step {step}: a stale lease was renewed");
                }
                let dead =
                    world.jobs.iter().filter(|(_, m)| m.state == State::Dead).map(|(id, _)| *id).choose(&mut rng);
                if let Some(id) = dead {
                    calm.retry_dead(id).await.unwrap();
                    let job = world.jobs.get_mut(&id).expect("just found");
                    // The job's death released its key, so a living copy may have it.
                    (job.state, job.attempt, job.crashes, job.key) = (State::Waiting, 0, 0, None);
                }
            }
            _ => {
                if world.paused {
                    calm.resume("q").await
                } else if rng.random_bool(0.2) {
                    calm.pause("q").await
                } else {
                    continue;
                }
                .unwrap();
                world.paused = !world.paused;
            }
        }
        let counts = calm.counts().await.unwrap().into_iter().find(|c| c.queue == "q").unwrap_or_default();
        let seen = [counts.waiting, counts.delayed, counts.active, counts.completed, counts.dead];
        let delayed = world.in_state(State::Delayed) + world.in_state(State::Failed);
        let active = world.in_state(State::Active);
        let expected = [
            world.in_state(State::Waiting),
            delayed,
            active,
            world.in_state(State::Completed),
            world.in_state(State::Dead),
        ];
        assert_eq!(seen, expected, "step {step}: waiting, delayed, active, completed, dead");
    }
    for (id, model) in &world.jobs {
        let job = calm.get(*id).await.unwrap().expect("job is known");
        assert_eq!((job.state, job.attempt, job.crashes), (model.state, model.attempt, model.crashes), "{id}");
    }
}
