//! The job that hands over the files beyond the first transaction. A file whose hook refuses stays: the manager's inbox
//! shows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use afpi_db::{Conn, DbError, FromRow, Row, sql};
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::handover::{AT_ONCE, Leaving, agree, check_successor, hand_over};
use afpi_core::error::{Error, Result, internal};
use afpi_core::id::{OpportuniteId, UserId};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;

use afpi_core::text::Locale;
use afpi_platform::events::QUEUE;
use afpi_platform::roles::{self, Held};
use afpi_platform::state::App;

/// Kind of these jobs.
pub const KIND: &str = "handover";

/// The files' present owner, the successor, and the person who asked for it.
#[derive(Serialize, Deserialize)]
pub struct Rest {
    pub leaving: Leaving,
    pub successor: UserId,
    pub actor: UserId,
}

/// Puts the job into the outbox.
pub async fn enqueue(tx: &mut Conn, rest: &Rest, correlation_id: &str) -> Result<()> {
    let payload = serde_json::to_value(rest).map_err(internal)?;
    let job = NewJob::new(QUEUE, KIND, payload).correlation(correlation_id);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}

/// Runs jobs of kind [`KIND`].
pub struct RestHandler(App);

impl RestHandler {
    pub fn new(app: App) -> Arc<RestHandler> {
        Arc::new(RestHandler(app))
    }
}

#[async_trait]
impl Handler for RestHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let rest: Rest = serde_json::from_value(job.payload.clone())
            .map_err(|e| JobError::fail(format!("hand-over unreadable: {e}")))?;
        let id = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&id);
        let mut refused = BTreeSet::new();
        // Files already handed over are no longer found, so a job that is stopped and run again goes on with the rest.
        while !job.cancelled().is_cancelled() {
            let more = some(&self.0, &rest, correlation, &mut refused).await.map_err(retry)?;
            if !more {
                return Ok(());
            }
        }
        Err(JobError::retry("stopped"))
    }
}

fn retry(problem: Error) -> JobError {
    if problem.kind().is_failure() {
        JobError::retry(problem.kind().code())
    } else {
        JobError::fail(problem.kind().code())
    }
}

/// Hands over the next files. Returns whether there were any.
async fn some(app: &App, rest: &Rest, correlation_id: &str, refused: &mut BTreeSet<OpportuniteId>) -> Result<bool> {
    let awaited = app.plugins.statuses_awaited().await;
    let mut conn = app.db.read().await?;
    let files = rest.leaving.files(&mut conn, &awaited, refused).await?;
    if files.is_empty() || refused.len() >= AT_ONCE as usize {
        return Ok(false);
    }
    check_successor(&mut conn, &rest.leaving, rest.successor, &files).await?;
    let actor = actor(&mut conn, rest.actor).await?;
    drop(conn);
    let act = Act::begin(app, &actor, correlation_id);
    let mut agreed = Vec::new();
    for file in files {
        let id = file.id;
        match agree(act, vec![file], rest.successor).await {
            Ok(one) => agreed.extend(one),
            Err(problem) if !problem.kind().is_failure() => {
                refused.insert(id);
            }
            Err(problem) => return Err(problem),
        }
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        // A file that changed meanwhile waits for the next round.
        if hand_over(&mut tx, act, &agreed, rest.successor).await? {
            tx.commit().await?;
        }
        Ok::<(), Error>(())
    })
    .await?;
    app.jobs.wake();
    Ok(true)
}

/// The person who asked for it, for the hooks. Their rights were checked at the request.
async fn actor(conn: &mut Conn, id: UserId) -> Result<Caller> {
    let mut query = sql("SELECT u.name AS user_name, ");
    query.push(roles::COLUMNS).push(" FROM users u JOIN roles ro ON ro.id = u.role_id WHERE u.id = ?").arg(id);
    let Actor { name, role } = query.one(conn).await?;
    Ok(Caller {
        id,
        name,
        email: String::new(),
        role,
        sites: vec![],
        absent: vec![],
        locale: Locale::Fr,
        session: Uuid::nil(),
        must_set_up: false,
    })
}

struct Actor {
    name: String,
    role: Held,
}

impl FromRow for Actor {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Actor { name: row.get("user_name")?, role: Held::from_row(row)? })
    }
}
