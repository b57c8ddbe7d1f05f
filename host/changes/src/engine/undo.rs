//! Undoes a run, last change first: deletes created records and restores old values, unless somebody has changed them
//! since. Such a record stays and is reported.

use super::change::{self, Action, Entity, Staged};
use super::known;
use super::lines::Lines;
use super::news::News;
use super::run::{self, Progress, State};
use super::session::Session;
use super::sites::Sites;
use super::source::Rules;
use super::tabular::{Ground, nobody};
use super::{Stop, editable};
use afpi_core::clock::Instant;
use afpi_core::text::Text;
use afpi_platform::journal::Author;
use strum::VariantArray as _;

const BATCH: u32 = 500;

/// The changes of one transaction to undo.
pub struct Batch<'a> {
    pub rules: &'a Rules,
    ground: Option<&'a Ground>,
    pub now: Instant,
    kept: Vec<(i64, String, Text)>,
    pub news: News,
    pub lines: Lines,
}

impl<'a> Batch<'a> {
    /// Who takes back, for kinds that are written in a person's name.
    pub fn ground(&self) -> Result<&'a Ground, Stop> {
        self.ground.ok_or_else(nobody)
    }

    /// Keeps this change, wholly or in part.
    pub fn keep(&mut self, change: &Staged, reason: Text) {
        self.kept.push((change.seq, format!("{} {}", change.entity.as_str(), change.external_id), reason));
    }
}

struct Outcome {
    first: i64,
    seen: i64,
    kept: Vec<(String, Text)>,
}

/// Undoes the run to its end.
pub async fn undo(session: &mut Session<'_>) -> Result<(), Stop> {
    let sites = {
        let mut conn = session.app.db.read().await?;
        let row = run::load(&mut conn, session.run, false).await?.ok_or(Stop::Gone)?;
        session.progress = Progress { entity: None, done: 0, total: row.total, counts: row.counts.0 };
        Sites::load(&mut conn, &session.rules).await?
    };
    session.info("Annulation du passage.".into());
    let (mut before, mut kept) = (i64::MAX, 0);
    loop {
        session.check()?;
        let outcome = afpi_db::retry(|| batch(session, before, &sites)).await?;
        let Some(outcome) = outcome else { break };
        before = outcome.first;
        session.progress.done += outcome.seen;
        kept += outcome.kept.len();
        for (name, reason) in outcome.kept {
            session.warn(format!("{name} : {}", reason.fr));
        }
        session.show(State::Undoing).await?;
    }
    session.info(match kept {
        0 => "Annulation terminée.".into(),
        _ => format!("Annulation terminée ; {kept} fiches modifiées depuis ont été laissées telles quelles."),
    });
    session.end(&[State::Undoing], State::Undone, None).await
}

/// One transaction; `None` when nothing is left.
async fn batch(session: &Session<'_>, before: i64, sites: &Sites) -> Result<Option<Outcome>, Stop> {
    let (app, run, rules) = (session.app, session.run, &session.rules);
    let mut tx = app.db.begin().await?;
    if run::load(&mut tx, run, true).await?.is_none_or(|row| row.state() != State::Undoing) {
        return Err(Stop::Gone);
    }
    let changes = change::to_undo(&mut tx, run, before, BATCH).await?;
    let Some(first) = changes.last().map(|c| c.seq) else { return Ok(None) };
    let mut batch = Batch {
        rules,
        ground: session.ground.as_deref(),
        now: Instant::now(),
        kept: Vec::new(),
        news: News::default(),
        lines: Lines::default(),
    };
    let of = |entity: Entity| {
        changes.iter().filter(|c| c.entity == entity && c.action != Action::Missing).collect::<Vec<_>>()
    };
    // Contacts come first: a company without contacts may be deleted too.
    for editable in editable::ALL.into_iter().rev() {
        let of = of(editable.entity());
        if !of.is_empty() {
            editable.undo(&mut tx, &mut batch, &of, sites).await?;
        }
    }
    for &entity in Entity::VARIANTS {
        let back: Vec<&str> = changes
            .iter()
            .filter(|c| c.entity == entity && c.action == Action::Missing)
            .map(|c| c.external_id.as_str())
            .collect();
        if !back.is_empty() {
            known::missing(&mut tx, rules.key(), entity, back.into_iter(), None).await?;
        }
    }
    for (seq, _, reason) in &batch.kept {
        change::explain(&mut tx, run, *seq, reason).await?;
    }
    // Kept changes stay marked as applied.
    let gone: Vec<i64> =
        changes.iter().map(|c| c.seq).filter(|seq| !batch.kept.iter().any(|(kept, ..)| kept == seq)).collect();
    change::mark(&mut tx, run, &gone, None).await?;
    batch
        .lines
        .write(&mut tx, Author { actor: session.origin.actor(), correlation_id: &run.to_string() }, batch.now)
        .await?;
    batch.news.emit(&mut tx, app, run, batch.now).await?;
    tx.commit().await?;
    let kept = batch.kept.into_iter().map(|(_, name, reason)| (name, reason)).collect();
    Ok(Some(Outcome { first, seen: changes.len() as i64, kept }))
}
