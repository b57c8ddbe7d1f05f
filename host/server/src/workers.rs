//! The worker of this process: its lanes, the handler of each kind of job, and the schedules.

use std::sync::Arc;
use std::time::Duration;

use afpi_jobs::{Claim, Ended, Observer, Recovered, Scheduler, Worker};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use afpi_changes::engine as sync;
use afpi_crm::antivirus;
use afpi_crm::coherence;
use afpi_crm::courriels;
use afpi_crm::documents;
use afpi_crm::events::{fan_out, hooks};
use afpi_crm::notifications::digest;
use afpi_crm::notifications::mail;
use afpi_crm::notifications::notify;
use afpi_crm::opportunites::handover_rest;
use afpi_crm::pieces;
use afpi_crm::preuves;
use afpi_crm::users::letters::{ForgottenHandler, LinkHandler, NoticeHandler};
use afpi_crm::webhooks;
use afpi_platform::auth::letters;
use afpi_platform::events;
use afpi_platform::ops::metrics::Metrics;
use afpi_platform::plugins::jobs;
use afpi_platform::state::App;

/// How long running jobs may take to end after a stop signal. Less than the process waits, so that the rest is returned
/// in time and does not count as a crash.
const GRACE: Duration = Duration::from_secs(6);

/// The queues, and how many jobs of each a worker runs at a time.
pub const LANES: [(&str, usize); 7] = [
    (events::QUEUE, 2),
    (jobs::QUEUE, 2),
    (mail::QUEUE, 2),
    (sync::QUEUE, 2),
    (documents::QUEUE, 2),
    (antivirus::QUEUE, 2),
    // They wait for others most of the time.
    (webhooks::QUEUE, 4),
];

/// Starts worker and scheduler.
pub async fn start(app: &App, tracker: &TaskTracker, stop: CancellationToken) -> anyhow::Result<()> {
    let worker = Worker::new(app.queue.clone()).observer(Arc::new(Watch(app.metrics.clone())));
    let worker = LANES.into_iter().fold(worker.grace(GRACE), |worker, (queue, width)| worker.lane(queue, width));
    let worker = worker
        .handler(events::KIND, fan_out::EventHandler::new(app.clone()))
        .handler(handover_rest::KIND, handover_rest::RestHandler::new(app.clone()))
        .handler(notify::KIND, notify::NotifierHandler::new(app.clone()))
        .handler(hooks::KIND, hooks::HookHandler::new(app.clone()))
        .handler(coherence::KIND, coherence::AuditHandler::new(app.clone()))
        .handler(jobs::KIND, jobs::PluginJobHandler::new(app.clone()))
        .handler(pieces::issued::KIND, documents::IssuedHandler::new(app.clone()))
        .handler(documents::RENDER, documents::RenderHandler::new(app.clone()))
        .handler(preuves::ARCHIVE, preuves::ArchiveHandler::new(app.clone()))
        .handler(documents::BATCH, documents::BatchHandler::new(app.clone()))
        .handler(documents::SENDING, documents::SendHandler::new(app.clone())?)
        .handler(antivirus::SCAN, antivirus::ScanHandler::new(app.clone()))
        .handler(antivirus::BACKLOG, antivirus::BacklogHandler::new(app.clone()))
        .handler(webhooks::KIND, webhooks::DeliveryHandler::new(app.clone()))
        .handler(mail::KIND, mail::MailHandler::new(app.clone())?)
        .handler(digest::KIND, digest::DigestHandler::new(app.clone())?)
        .handler(courriels::KIND, courriels::MailboxHandler::new(app.clone()))
        .handler(letters::LINK, LinkHandler::new(app.clone())?)
        .handler(letters::NOTICE, NoticeHandler::new(app.clone())?)
        .handler(letters::FORGOTTEN, Arc::new(ForgottenHandler(app.clone())))
        .handler(sync::KIND, Arc::new(sync::Sync { app: app.clone(), sources: afpi_changes::sources() }));
    let outcomes = Ended::ALL.map(Ended::as_str);
    worker.kinds().for_each(|kind| app.metrics.expect_jobs(kind, &outcomes));
    app.metrics.expect_jobs("", &[RECOVERED]);
    tracker.spawn(worker.run(stop.clone()));
    courriels::schedule(app).await.map_err(|problem| {
        anyhow::anyhow!("the mailbox could not be put on the schedule: {}", problem.kind().code())
    })?;
    let scheduler = Scheduler::new(app.db.clone(), app.jobs.clone());
    tracker.spawn(async move { scheduler.run(stop).await });
    Ok(())
}

/// The outcome of a job whose worker died. Nobody knows its kind then.
const RECOVERED: &str = "recovered";

/// Job figures for the metrics.
struct Watch(Arc<Metrics>);

impl Observer for Watch {
    fn started(&self, claim: &Claim) {
        if let Some(waited) = claim.waited {
            self.0.job_wait.with_label_values(&[&claim.kind]).observe(waited.as_secs_f64());
        }
    }

    fn ended(&self, _queue: &str, kind: &str, how: Ended, took: Duration) {
        self.0.jobs.with_label_values(&[kind, how.as_str()]).inc();
        self.0.job_duration.with_label_values(&[kind]).observe(took.as_secs_f64());
    }

    fn recovered(&self, _job: &Recovered) {
        self.0.jobs.with_label_values(&["", RECOVERED]).inc();
    }
}
