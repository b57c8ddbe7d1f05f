//! Runs the roles: the HTTP service, the worker, and the small loops beside them. All stop together and in order.

use std::future::Future;
use std::time::{Duration, Instant};

use afpi_db::{Backend, Db, DbError};
use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::housekeeping;
use crate::serve::{Limits, serve};
use afpi_platform::config::Config;
use afpi_platform::ops::trace::Exporter;
use afpi_platform::plugins::{Compile, snapshots};
use afpi_platform::state::App;

/// The parts that this process runs.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    pub http: bool,
    pub worker: bool,
}

/// How long open requests and running jobs may take to end after a stop signal.
const GRACE: Duration = Duration::from_secs(8);

/// Opens the database. Waits and logs while the server is not there yet.
pub async fn open_database(config: &Config) -> Result<Db> {
    if let Some(path) = config.database_url.strip_prefix("sqlite://") {
        let folder = std::path::Path::new(path.split('?').next().unwrap_or(path)).parent();
        if let Some(folder) = folder.filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
    }
    let db = Db::connect(&config.database_url, config.db_connections)
        .await
        .context("the database cannot be opened (DATABASE_URL)")?;
    let db = match &config.replica_url {
        Some(url) => {
            db.with_replica(url, config.db_connections).context("the replica cannot be used (DATABASE_REPLICA_URL)")?
        }
        None => db,
    };
    let started = Instant::now();
    while let Err(error) = db.ping().await {
        match &error {
            DbError::Unavailable(_) | DbError::TooLong(_)
                if db.backend() == Backend::MariaDb && started.elapsed() < Duration::from_secs(300) => {}
            // Waiting does not correct a wrong password or an unknown name.
            DbError::Refused(_) => return Err(error).context("DATABASE_URL"),
            _ => return Err(error).context("the database does not answer"),
        }
        tracing::warn!(error.cause = %error, "MariaDB does not answer yet; trying again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(db)
}

/// The same, with current tables and the sites of the network. Production refuses a demo's database, whose accounts
/// have a published password.
pub async fn current_database(config: &Config) -> Result<Db> {
    let db = open_database(config).await?;
    db.migrate().await.context("the database could not be brought up to date")?;
    afpi_core::collation::fill(&db).await.context("the keys by which names are sorted could not be written")?;
    afpi_crm::opportunites::adopt_rooms(&db)
        .await
        .context("rooms could not be made of what was booked before there were any")?;
    let freed = afpi_crm::opportunites::free_lost(&db).await;
    freed.map_err(|problem| {
        anyhow::anyhow!("half-days of lost opportunités could not be given back: {}", problem.kind().code())
    })?;
    afpi_platform::journal::fill(&db).await.context("the lines of the journal could not be chained")?;
    afpi_crm::fill_search(&db).await.context("what records are found by could not be written")?;
    if config.demo.is_none() {
        crate::demo::refuse_accounts(&mut db.read().await?).await?;
    }
    let filled = afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        afpi_core::network::fill(&mut tx).await?;
        tx.commit().await
    });
    filled.await.context("the network's sites could not be written")?;
    Ok(db)
}

/// Prepares everything until requests can be answered.
pub async fn prepare(config: Config) -> Result<App> {
    let db = current_database(&config).await?;
    let compile = Compile::Child(std::env::current_exe().context("this program's own path is unknown")?);
    let app = afpi_crm::assemble(config, db, compile).await?;
    app.plugins.install_bundled().await.context("the plugins that come with the product could not be installed")?;
    app.plugins.refresh().await.context("the plugins could not be loaded")?;
    for site in afpi_platform::localisations::all(&mut app.db.read().await?).await? {
        app.metrics.opportunites_created.with_label_values(&[site.code.as_str()]);
    }
    let numbers = afpi_crm::opportunites::search::fill_documents(&app).await;
    numbers.map_err(|problem| {
        anyhow::anyhow!("the numbers of documents could not be written: {}", problem.kind().code())
    })?;
    let pieces = afpi_crm::pieces::adopt(&app).await;
    pieces
        .map_err(|problem| anyhow::anyhow!("what was issued could not be brought over: {}", problem.kind().code()))?;
    let sessions = afpi_crm::sessions::adopt(&app).await;
    sessions.map_err(|problem| {
        anyhow::anyhow!("sessions could not be made of earlier plannings: {}", problem.kind().code())
    })?;
    Ok(app)
}

/// Runs the roles until the stop signal, then ends them in order: no new requests and jobs, open ones run to their end,
/// the database closes last. The listener serves the service, or without it the endpoints for monitoring.
pub async fn run(app: App, roles: Roles, listener: Option<TcpListener>, stop: impl Future<Output = ()>) -> Result<()> {
    let tracker = TaskTracker::new();
    let stopping = app.stopping.clone();
    tracker.spawn(every(Duration::from_secs(3), stopping.clone(), app.clone(), |app| async move {
        if let Err(error) = app.plugins.refresh().await {
            tracing::warn!(error.cause = %error, "plugins could not be brought up to date");
        }
    }));
    if roles.http {
        tracker.spawn(every(Duration::from_millis(500), stopping.clone(), app.clone(), |app| async move {
            if let Err(problem) = afpi_crm::search::keep(&app).await {
                tracing::debug!(error.code = problem.kind().code(), "the search index is not up to date");
            }
        }));
        // Whoever asks first should not wait until all files are read.
        tracker.spawn(every(Duration::from_secs(30), stopping.clone(), app.clone(), |app| async move {
            if let Err(problem) = afpi_crm::book::read(&app).await {
                tracing::debug!(error.code = problem.kind().code(), "the book of figures is not up to date");
            }
        }));
    }
    tracker.spawn(every(Duration::from_secs(5), stopping.clone(), app.clone(), |app| async move {
        afpi_platform::ops::gauges::sample_plugins(&app);
        afpi_platform::ops::gauges::sample_queues(&app).await;
        afpi_platform::ops::gauges::sample_people(&app).await;
        afpi_platform::ops::gauges::sample_replica(&app).await;
        afpi_platform::ops::gauges::sample_backup(&app).await;
    }));
    tracker.spawn(every(snapshots::PERIOD, stopping.clone(), app.clone(), |app| async move {
        if let Err(error) = snapshots::write(&app).await {
            tracing::warn!(error.cause = %error, "how plugins fare here could not be written down for the other processes");
        }
    }));
    {
        let (app, stopping) = (app.clone(), stopping.clone());
        tracker.spawn(async move { app.jobs.run(stopping).await });
    }
    tracker.spawn(afpi_platform::plugins::quarantine::run(app.clone(), stopping.clone()));
    if roles.worker {
        crate::workers::start(&app, &tracker, stopping.clone()).await?;
        tracker.spawn(crate::backups::run(app.clone(), stopping.clone()));
        tracker.spawn(every(Duration::from_secs(60), stopping.clone(), app.clone(), |app| async move {
            if let Err(problem) = afpi_crm::figures::business::refresh_business_metrics(&app).await {
                tracing::debug!(error.code = problem.kind().code(), "business figures are not up to date");
            }
        }));
        tracker.spawn(every(Duration::from_secs(60), stopping.clone(), app.clone(), |app| async move {
            if let Err(problem) = afpi_crm::antivirus::sample(&app).await {
                tracing::debug!(error.code = problem.kind().code(), "files that nobody can read are not counted");
            }
            if let Err(problem) = afpi_changes::engine::abandoned::give_up(&app, &afpi_changes::sources()).await {
                tracing::debug!(error.code = problem.kind().code(), "abandoned runs could not be looked for");
            }
        }));
        tracker.spawn(every(Duration::from_secs(300), stopping.clone(), app.clone(), |app| async move {
            if let Err(problem) = afpi_crm::taches::remind(&app, afpi_core::clock::Instant::now()).await {
                tracing::debug!(error.code = problem.kind().code(), "people could not be reminded of tasks");
            }
            if let Err(problem) =
                afpi_crm::notifications::digest::send_due(&app, afpi_core::clock::Instant::now()).await
            {
                tracing::debug!(error.code = problem.kind().code(), "digests could not be sent");
            }
        }));
        tracker.spawn(every(afpi_crm::coherence::PERIOD, stopping.clone(), app.clone(), |app| async move {
            if let Err(problem) = afpi_crm::coherence::look(&app, afpi_core::clock::Instant::now()).await {
                tracing::debug!(error.code = problem.kind().code(), "it is not known which sites are to be audited");
            }
        }));
        tracker.spawn(every(housekeeping::PERIOD, stopping.clone(), app.clone(), |app| async move {
            housekeeping::keep(&app).await
        }));
    }
    if let Some(listener) = listener {
        let router = if roles.http { crate::router::router(app.clone()) } else { crate::router::worker(app.clone()) };
        tracker.spawn(serve(listener, router, Limits::here(), stopping.clone()));
    }
    stop.await;
    tracing::info!("stopping");
    stopping.cancel();
    tracker.close();
    if tokio::time::timeout(GRACE, tracker.wait()).await.is_err() {
        tracing::warn!("some requests or jobs did not end in time; their jobs will run again");
    }
    app.db.close().await;
    Ok(())
}

/// Runs something at once and then periodically, until stopped.
async fn every<F, Fut>(period: Duration, stop: CancellationToken, app: App, work: F)
where
    F: Fn(App) -> Fut,
    Fut: Future<Output = ()>,
{
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => work(app.clone()).await,
        }
    }
}

/// Ctrl-C or SIGTERM.
pub async fn signal() {
    let interrupt = async { tokio::signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(_) => {
                interrupt.await;
                return;
            }
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

/// Logs, and traces if there is a receiver for them. Flush the exporter at the end.
pub fn init_logs_and_traces() -> Result<Option<Exporter>> {
    // A wrong setting is told by who reads all of them.
    let traces = afpi_platform::config::traces().ok().flatten();
    let exporter = traces.map(|traces| Exporter::open(&traces)).transpose()?;
    init(true, exporter.as_ref());
    Ok(exporter)
}

/// Logs: for people on a terminal, otherwise as JSON lines. `RUST_LOG` filters.
pub fn init_logs(json: bool) {
    init(json, None);
}

fn init(json: bool, exporter: Option<&Exporter>) {
    let filter = EnvFilter::try_from_default_env();
    let unreadable =
        filter.as_ref().err().filter(|_| std::env::var_os(EnvFilter::DEFAULT_ENV).is_some()).map(ToString::to_string);
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    // On `trace` it would write down what it sends, with the password of the mailbox.
    let filter = filter.add_directive("async_imap=info".parse().expect("the directive is well-formed"));
    let ansi = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let logs = fmt::layer().with_writer(std::io::stderr).with_ansi(ansi);
    let logs = if json {
        logs.json().flatten_event(true).with_current_span(true).boxed()
    } else {
        logs.with_target(false).boxed()
    };
    let registry = tracing_subscriber::registry();
    // Only tests initialise it twice. Without traces, what the log does not want costs nothing.
    let _ = match exporter {
        Some(exporter) => registry.with(logs.with_filter(filter)).with(exporter.layer()).try_init(),
        None => registry.with(logs).with(filter).try_init(),
    };
    if let Some(error) = unreadable {
        tracing::warn!(error.cause = error, "RUST_LOG cannot be read and is ignored");
    }
}
