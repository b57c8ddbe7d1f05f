//! The processes that make documents, and who may use them next.

use crate::child::Child;
use crate::job::{Error, Job, Rendered};
use crate::queue::{Full, Lane, Queue};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The name of the program. It lies beside the host's program.
pub const PROGRAM: &str = "afpi-typeset";

/// Is told of each job: its result ([`Error::word`] or `made`) and its time, including the wait for a process.
pub type Observer = Arc<dyn Fn(&'static str, Duration) + Send + Sync>;

/// Where the program is, and what it may use.
#[derive(Clone)]
pub struct Config {
    pub program: PathBuf,
    /// Processes, started when they are needed.
    pub children: usize,
    /// For one job, from the moment it has a process.
    pub time: Duration,
    /// Bytes of address space of one process.
    pub memory: u64,
    /// Bytes of one document.
    pub output: u64,
    pub observer: Option<Observer>,
}

impl Config {
    pub fn new(program: PathBuf) -> Config {
        Config {
            program,
            children: 2,
            time: Duration::from_secs(10),
            memory: 512 << 20,
            output: 50 << 20,
            observer: None,
        }
    }

    /// With the program beside the running one. Tests run in a folder `deps` below.
    pub fn beside_this_program() -> Config {
        let this = std::env::current_exe().unwrap_or_default();
        let folder = this.parent().unwrap_or(&this);
        let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
        Config::new(folder.join(PROGRAM))
    }
}

/// Makes documents. Clones share the processes.
#[derive(Clone)]
pub struct Engine(Arc<Parts>);

struct Parts {
    config: Config,
    queue: Queue<Slot>,
    running: AtomicUsize,
}

/// The place of a process.
type Slot = Option<Child>;

/// What the engine does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Processes that run.
    pub children: usize,
    /// Jobs that wait and have a person waiting for them.
    pub interactive: usize,
    /// Jobs of batches that wait.
    pub batch: usize,
}

impl Engine {
    /// Starts nothing yet.
    pub fn new(config: Config) -> Engine {
        let seats = (0..config.children.max(1)).map(|_| None).collect();
        Engine(Arc::new(Parts { config, queue: Queue::new(seats), running: AtomicUsize::new(0) }))
    }

    /// Makes a document that a person waits for.
    pub async fn render(&self, job: Job) -> Result<Rendered, Error> {
        self.observed(Lane::Interactive, job).await
    }

    /// Makes one of many documents. Those of [`Engine::render`] come first.
    pub async fn render_in_batch(&self, job: Job) -> Result<Rendered, Error> {
        self.observed(Lane::Batch, job).await
    }

    /// Is the program there? Whether it starts shows with the first document.
    pub async fn is_installed(&self) -> bool {
        tokio::fs::try_exists(&self.0.config.program).await.unwrap_or(false)
    }

    pub fn figures(&self) -> Figures {
        Figures {
            children: self.0.running.load(Ordering::Relaxed),
            interactive: self.0.queue.waiting(Lane::Interactive),
            batch: self.0.queue.waiting(Lane::Batch),
        }
    }

    async fn observed(&self, lane: Lane, job: Job) -> Result<Rendered, Error> {
        let started = Instant::now();
        let made = self.seated(lane, job).await;
        if let Some(observer) = &self.0.config.observer {
            observer(made.as_ref().map_or_else(Error::word, |_| "made"), started.elapsed());
        }
        made
    }

    async fn seated(&self, lane: Lane, job: Job) -> Result<Rendered, Error> {
        let mut seat = self.0.queue.seat(lane).await.map_err(|Full| Error::Busy)?;
        let parts = self.0.clone();
        // A task of its own: a caller that gives up in the middle does not cost the process, which finishes the job.
        let task = tokio::spawn(async move {
            let Some(slot) = seat.held() else { return Err(Error::Crashed) };
            let before = usize::from(slot.is_some());
            let made = work(&parts.config, slot, &job).await;
            let after = usize::from(slot.is_some());
            parts.running.fetch_add(after, Ordering::Relaxed);
            parts.running.fetch_sub(before, Ordering::Relaxed);
            made
        });
        task.await.unwrap_or(Err(Error::Crashed))
    }
}

/// Runs a job in the process of a slot. The slot is empty afterwards if the process is of no more use.
async fn work(config: &Config, slot: &mut Slot, job: &Job) -> Result<Rendered, Error> {
    if let Some(child) = slot
        && child.has_ended()
    {
        *slot = None;
    }
    let run = async {
        let child = match slot {
            Some(child) => child,
            None => slot.insert(Child::start(config).await.map_err(|error| unavailable(config, &error))?),
        };
        Ok::<_, Error>(child.run(job).await)
    };
    match tokio::time::timeout(config.time, run).await {
        Ok(Ok(Ok(made))) => {
            if slot.as_ref().is_some_and(Child::is_used_up) {
                *slot = None;
            }
            made
        }
        Ok(Ok(Err(_))) => match slot.take() {
            Some(child) => Err(child.end().await),
            None => Err(Error::Crashed),
        },
        Ok(Err(error)) => Err(error),
        Err(_) => {
            *slot = None;
            Err(Error::TimedOut)
        }
    }
}

fn unavailable(config: &Config, error: &std::io::Error) -> Error {
    tracing::warn!(program = %config.program.display(), %error, "the program that makes documents does not start");
    Error::Unavailable
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("program", &self.0.config.program).field("figures", &self.figures()).finish()
    }
}
