//! Fetching: walks a plugin's pass to its end and stages what comes. Whatever goes wrong before the end fails the run,
//! and nothing of it is applied.

use std::time::Duration;

use afpi_plugins::contract::Error as Refusal;
use afpi_plugins::contract::connector::Batch;
use afpi_plugins::{Pass, PluginFailure};

use super::change::Change;
use super::run::{self, State};
use super::session::Session;
use super::stage::Stage;
use super::{Stop, effects};
use afpi_core::text::{Locale, Text, text};
use afpi_platform::plugins::context;
use afpi_platform::plugins::listen;

/// Records asked for at a time.
const PAGE: u32 = 500;
/// Longest single wait a plugin may ask for, and how often it may ask in a row.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const MOST_WAITS: u32 = 20;

/// Fetches everything and stages it; the state in which the run goes on.
pub async fn fetch(session: &mut Session<'_>, entities: &[String], preview: bool) -> Result<State, Stop> {
    let connector = session.app.plugins.registry().connector(&session.plugin).ok_or_else(|| {
        Stop::Failed(text(
            "Le connecteur n'est pas configuré ou est désactivé.",
            "The connector is not set up or is switched off.",
        ))
    })?;
    let call_id = format!("sync-{}", session.run);
    let lines = listen::to(&call_id);
    let context = context(Locale::Fr, &call_id);
    session.info(format!("Lecture avec {} {}.", session.plugin, connector.plugin().manifest().version));
    let mut stage =
        Stage::open(&mut session.app.db.read().await?, session.run, &session.plugin, &session.config).await?;
    let mut pass = connector.open(&context, entities).await.map_err(failed)?;
    loop {
        session.check()?;
        let next = next(session, &mut pass).await;
        session.hear(lines.take());
        let batch = next?;
        let finished = batch.finished;
        session.progress.entity = Some(batch.entity.clone()).filter(|e| !e.is_empty());
        session.progress.done = i64::try_from(batch.done).unwrap_or(i64::MAX);
        session.progress.total = i64::try_from(batch.total).unwrap_or(i64::MAX);
        let changes = stage.compare(&mut session.app.db.read().await?, batch).await?;
        stage.left.take().into_iter().for_each(|line| session.warn(line));
        write(session, &mut stage, &changes).await?;
        if finished {
            break;
        }
    }
    effects::keep(session, &pass.take_effects()).await?;
    close(session, stage, preview).await
}

/// What is missing, and whether a person must look.
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
        // Whoever cancelled the run wins: nothing is staged behind their back. First of all, because the changes'
        // reference to the run would take a lesser lock on it that could not be raised while somebody waits for it.
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

/// The next batch, after the waits the plugin asks for. Ends early when the worker stops.
async fn next(session: &mut Session<'_>, pass: &mut Pass) -> Result<Batch, Stop> {
    for _ in 0..MOST_WAITS {
        let asked = tokio::select! {
            asked = pass.next(PAGE) => asked,
            () = session.job.cancelled().cancelled() => return Err(Stop::Later),
        };
        let wait = match asked {
            Ok(batch) => return Ok(batch),
            Err(PluginFailure::Guest(Refusal::RateLimited(ms))) => Duration::from_millis(ms.into()).min(LONGEST_WAIT),
            Err(failure) => return Err(failed(failure)),
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

fn failed(failure: PluginFailure) -> Stop {
    Stop::Failed(words(failure))
}

/// A failed call in words for a person. `unavailable` has one text in the contract; a plugin that has both languages
/// gives them as `fr / en`.
pub fn words(failure: PluginFailure) -> Text {
    let one = |message: String| match message.split_once(" / ") {
        Some((fr, en)) => text(fr, en),
        None => text(message.clone(), message),
    };
    match failure {
        PluginFailure::Guest(Refusal::Denied(message) | Refusal::Conflict(message)) => text(message.fr, message.en),
        PluginFailure::Guest(Refusal::Invalid(problems)) => match problems.into_iter().next() {
            Some(problem) => text(problem.message.fr, problem.message.en),
            None => text("Réglages refusés par l'extension.", "Settings refused by the plugin."),
        },
        PluginFailure::Guest(Refusal::NotFound(what)) => {
            text(format!("Introuvable : {what}."), format!("Not found: {what}."))
        }
        PluginFailure::Guest(Refusal::Unavailable(message) | Refusal::Other(message)) => one(message),
        PluginFailure::Guest(Refusal::RateLimited(_)) => text("Trop d'appels.", "Too many calls."),
        PluginFailure::Timeout(limit) => {
            let seconds = limit.as_secs();
            text(format!("L'extension a dépassé {seconds} s."), format!("The plugin ran longer than {seconds} s."))
        }
        other => text(format!("L'extension a échoué ({other})."), format!("The plugin failed ({other}).")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_with_both_languages_is_taken_apart() {
        let words = |message: &str| words(PluginFailure::Guest(Refusal::Unavailable(message.into())));
        assert_eq!(
            words("GET /entreprises : coupée. / GET /entreprises: cut."),
            text("GET /entreprises : coupée.", "GET /entreprises: cut.")
        );
        assert_eq!(words("away"), text("away", "away"));
    }
}
