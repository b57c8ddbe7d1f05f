//! The state of every request and job: settings, storage, keys, and the parts that run beside the server. Assembled
//! here, in the order of their dependencies.

use std::ops::Deref;
use std::sync::Arc;

use afpi_db::{Db, dialect, sql};
use afpi_documents::Engine;
use afpi_files::{Clamd, Files};
use afpi_jobs::{Queue, RedisQueue, Relay, SqlQueue};
use afpi_plugins::ports::{RecordQueries, RecordStore};
use anyhow::Context;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::auth::attempt::Attempts;
use crate::auth::session::Successors;
use crate::auth::tokens::Tokens;
use crate::bus::Bus;
use crate::config::Config;
use crate::kept::Kept;
use crate::numeros::Numeros;
use crate::ops::capacity::capacity;
use crate::ops::health::Readiness;
use crate::ops::metrics::Metrics;
use crate::people::People;
use crate::permits::Permits;
use crate::plugins::{Compile, Needs, Plugins};
use crate::search::Search;
use crate::secrets::Secrets;

/// Live streams per person: one per browser, on several devices, and some whose end is not noticed yet.
pub const STREAMS: usize = 10;

/// Expensive reads per person at the same time. One page needs about this many.
const COSTLY: usize = 4;

/// Files that one person sends or reads at the same time. A page sends three, and shows others meanwhile.
const TRANSFERS: usize = 6;
/// Files that all send or read: an upload holds up to 10 MiB of memory.
const ALL_TRANSFERS: usize = 40;

/// The running application. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Its parts.
pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub tokens: Tokens,
    pub successors: Successors,
    /// Running password attempts.
    pub attempts: Attempts,
    pub metrics: Arc<Metrics>,
    pub readiness: Readiness,
    /// Open live streams.
    pub streams: Permits,
    /// Running expensive reads: exports, figures, searches.
    pub costly: Permits,
    /// Files that are being sent or read.
    pub transfers: Permits,
    /// The content of uploaded files.
    pub files: Files,
    /// The virus scanner that looks at them, if there is one.
    pub clamd: Option<Clamd>,
    /// Makes documents.
    pub documents: Engine,
    pub plugins: Plugins,
    pub people: People,
    /// Numbers for new opportunités.
    pub numeros: Numeros,
    /// What records are found by.
    pub search: Search,
    pub kept: Kept,
    pub secrets: Arc<Secrets>,
    /// The job queue.
    pub queue: Arc<dyn Queue>,
    /// Brings jobs from the outbox to the queue. Wake it after a commit that enqueued one.
    pub jobs: Arc<Relay>,
    /// Live messages between the processes.
    pub bus: Bus,
    /// Cancelled when the process is asked to stop. Endless answers end then.
    pub stopping: CancellationToken,
}

impl App {
    /// Assembles the parts on a migrated database. `records` reads the CRM for plugins.
    pub async fn assemble(
        config: Config,
        db: Db,
        compile: Compile,
        records: Arc<impl RecordStore + RecordQueries + 'static>,
    ) -> anyhow::Result<App> {
        std::fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
        let metrics = Arc::new(Metrics::new());
        let secrets = Arc::new(Secrets::new(db.clone(), &config.secret));
        let files = files(&config)?;
        let installation = installation(&db).await.context("the installation's id cannot be read")?;
        let queue = queue(&config, &db, &installation)?;
        let jobs = Relay::new(db.clone(), queue.clone());
        let documents = documents(&config, &metrics);
        let needs = Needs {
            secrets: secrets.clone(),
            records: records.clone(),
            queries: records,
            relay: jobs.clone(),
            metrics: metrics.clone(),
            engine: documents.clone(),
        };
        let plugins = Plugins::new(db.clone(), &config, compile, needs)?;
        Ok(App(Arc::new(Parts {
            tokens: Tokens::new(&config.secret, config.access_lifetime),
            successors: Successors::new(&config.secret),
            attempts: Attempts::default(),
            jobs,
            bus: match &config.redis {
                Some(redis) => Bus::over(redis.clone(), &installation),
                None => Bus::alone(),
            },
            clamd: config.clamd.clone(),
            config,
            db,
            metrics,
            readiness: Readiness::default(),
            // A stream holds a connection while it is open: half of the connections stay for requests.
            streams: Permits::new("streams", STREAMS, capacity() / 2, 30),
            costly: Permits::new("reads", COSTLY, usize::MAX, 1),
            transfers: Permits::new("files", TRANSFERS, ALL_TRANSFERS, 2),
            files,
            documents,
            plugins,
            people: People::default(),
            numeros: Numeros::default(),
            search: Search::default(),
            kept: Kept::default(),
            secrets,
            queue,
            stopping: CancellationToken::new(),
        })))
    }
}

/// The store of uploaded files.
pub fn files(config: &Config) -> anyhow::Result<Files> {
    let account = config.bucket_account.iter().map(|(name, value)| (*name, value.as_str()));
    Files::open(config.files_url.as_deref(), config.data_dir.join("files"), account).context("AFPI_FILES_URL")
}

/// The processes that make documents. Without their program everything else works.
fn documents(config: &Config, metrics: &Arc<Metrics>) -> Engine {
    let beside = afpi_documents::Config::beside_this_program;
    let mut settings = config.typeset.clone().map_or_else(beside, afpi_documents::Config::new);
    if !settings.program.is_file() {
        tracing::warn!(program = %settings.program.display(), "documents cannot be made: AFPI_TYPESET names no program");
    }
    let metrics = metrics.clone();
    settings.observer = Some(Arc::new(move |result, time| metrics.document(result, time)));
    Engine::new(settings)
}

/// Redis when it is configured, otherwise the database.
fn queue(config: &Config, db: &Db, installation: &str) -> anyhow::Result<Arc<dyn Queue>> {
    let settings = afpi_jobs::Settings::default();
    Ok(match &config.redis {
        // Before installations had ids, all of them used this prefix.
        Some(redis) => Arc::new(RedisQueue::new(redis, installation, settings)?.adopting("afpi")),
        None => Arc::new(SqlQueue::new(db.clone(), settings)),
    })
}

/// The id of this installation, made once. It is part of every key in Redis, so that two installations on one server
/// never touch each other's jobs.
async fn installation(db: &Db) -> afpi_db::Result<String> {
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        let mut insert = dialect::insert_or_ignore(tx.backend());
        insert.push(" INTO installation (one, id) VALUES (1, ?)").arg(Uuid::new_v4());
        insert.execute(&mut tx).await?;
        let id: Uuid = sql("SELECT id FROM installation WHERE one = 1").scalar(&mut tx).await?;
        tx.commit().await?;
        Ok(id.to_string())
    })
    .await
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
