//! Fetching: reads a source to its end and stages its records. An error before the end fails the run, and nothing is
//! applied.

use std::time::Duration;

use super::Stop;
use super::change::Change;
use super::run::{self, State};
use super::session::Session;
use super::source::{Batch, Next, Rows};
use super::stage::Stage;
use afpi_core::text::text;

/// Records asked for at a time.
const PAGE: u32 = 500;
/// The longest wait that a source may ask for, and how often in a row.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const MOST_WAITS: u32 = 20;

/// Fetches and stages everything. Returns the next state of the run.
pub async fn fetch(session: &mut Session<'_>, entities: &[String], preview: bool) -> Result<State, Stop> {
    let stage = Stage::open(&mut session.app.db.read().await?, session.run, &session.rules).await?;
    let mut stage = stage.for_person(session.ground.clone());
    let mut rows = session.origin.kind.clone().open(session, entities).await?;
    loop {
        session.check()?;
        let next = next(session, rows.as_mut()).await;
        session.hear(rows.lines());
        let batch = next?;
        let finished = batch.finished;
        session.progress.entity = Some(batch.entity.clone()).filter(|e| !e.is_empty());
        session.progress.done = batch.done;
        session.progress.total = batch.total;
        let changes = stage.compare(&mut session.app.db.read().await?, batch).await?;
        stage.left.take().into_iter().for_each(|line| session.warn(line));
        write(session, &mut stage, &changes).await?;
        if finished {
            break;
        }
    }
    rows.close(session).await?;
    close(session, stage, preview).await
}

/// Stages the missing records, and decides whether a person must look.
async fn close(session: &mut Session<'_>, mut stage: Stage, preview: bool) -> Result<State, Stop> {
    let missing = stage.missing(&mut session.app.db.read().await?).await?;
    for page in missing.chunks(500) {
        write(session, &mut stage, page).await?;
    }
    let suspicion = stage.suspicion(&mut session.app.db.read().await?).await?;
    stage.left.summary().into_iter().for_each(|line| session.warn(line));
    let counts = &stage.counts;
    session.info(format!(
        "Lecture terminée : {} nouvelles, {} modifiées, {} inchangées, {} archivées, {} absentes, {} écartées.",
        counts.created, counts.updated, counts.unchanged, counts.archived, counts.missing, counts.skipped
    ));
    let next = match (&suspicion, preview) {
        (Some(_), false) => State::Held,
        (_, true) => State::Staged,
        (None, false) => State::Applying,
    };
    if let Some(reason) = &suspicion {
        session.warn(reason.fr.clone());
    }
    session.end(&[State::Fetching], next, suspicion.as_ref()).await?;
    Ok(next)
}

async fn write(session: &mut Session<'_>, stage: &mut Stage, changes: &[Change]) -> Result<(), Stop> {
    afpi_db::retry(|| async {
        let mut tx = session.app.db.begin().await?;
        let mut progress = session.progress.clone();
        progress.counts = stage.counts;
        for change in changes {
            *super::stage::count(&mut progress.counts, change.action) += 1;
        }
        // When somebody cancelled the run, nothing more is staged. This check comes first: the changes' foreign key
        // would take a weaker lock on the run, and a weaker lock cannot be raised while somebody waits for it.
        if !run::progress(&mut tx, session.run, State::Fetching, &progress).await? {
            return Err(Stop::Gone);
        }
        stage.write(&mut tx, changes).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    stage.written(changes);
    session.progress.counts = stage.counts;
    session.show(State::Fetching).await
}

/// The next batch, after the waits that the source asks for. Ends early when the worker stops.
async fn next(session: &mut Session<'_>, rows: &mut dyn Rows) -> Result<Batch, Stop> {
    for _ in 0..MOST_WAITS {
        let asked = tokio::select! {
            asked = rows.next(PAGE) => asked?,
            () = session.job.cancelled().cancelled() => return Err(Stop::Later),
        };
        let wait = match asked {
            Next::Batch(batch) => return Ok(batch),
            Next::Wait(wait) => wait.min(LONGEST_WAIT),
        };
        session.info(format!("Attente de {} s avant un nouvel essai.", wait.as_secs_f32()));
        session.show(State::Fetching).await?;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = session.job.cancelled().cancelled() => return Err(Stop::Later),
        }
        session.still(State::Fetching).await?;
    }
    Err(Stop::Failed(text(
        "Le système distant demande d'attendre encore et encore.",
        "The other system asks to wait again and again.",
    )))
}
