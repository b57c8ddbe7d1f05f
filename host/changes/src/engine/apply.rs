//! Applies a staged run: a few hundred changes per transaction, each marked as applied in it. When a worker dies, only
//! whole batches are applied, and the next worker goes on from there.

use afpi_db::Conn;
use strum::VariantArray as _;

use super::change::{self, Action, Entity, Fields, Staged};
use super::known::{self, NewLink};
use super::lines::Lines;
use super::merge::Conflicts;
use super::news::News;
use super::run::{self, Counts, Progress, State};
use super::session::Session;
use super::sites::Sites;
use super::source::Rules;
use super::stage::count;
use super::tabular::{Ground, nobody};
use super::veto::{self, Vetoes};
use super::{Stop, editable};
use afpi_core::clock::Instant;
use afpi_core::id::RunId;
use afpi_core::text::Text;
use afpi_platform::journal::Author;

/// Changes per transaction: large enough to be fast, small enough not to block others for long.
const BATCH: u32 = 500;

/// The changes of one transaction.
pub struct Batch<'a> {
    pub run: RunId,
    pub rules: &'a Rules,
    ground: Option<&'a Ground>,
    vetoes: &'a Vetoes,
    pub now: Instant,
    refused: Vec<(i64, Action, String, Text)>,
    /// Changes whose record a person has changed here since they were staged.
    overtaken: Vec<Staged>,
    pub news: News,
    pub lines: Lines,
}

impl<'a> Batch<'a> {
    /// Who imports, for kinds that are written in a person's name.
    pub fn ground(&self) -> Result<&'a Ground, Stop> {
        self.ground.ok_or_else(nobody)
    }

    /// Has a hook refused this change? Then the batch refuses it.
    pub fn vetoed(&mut self, change: &Staged) -> bool {
        let reason = self.vetoes.get(&change.seq).cloned();
        reason.map(|reason| self.refuse(change, reason)).is_some()
    }

    /// This change cannot be applied after all.
    pub fn refuse(&mut self, change: &Staged, reason: Text) {
        self.refused.push((
            change.seq,
            change.action,
            format!("{} {}", change.entity.as_str(), change.external_id),
            reason,
        ));
    }

    /// Records the result of this change: the real old values, and the fields that a person has changed since it was
    /// staged, which wait.
    pub async fn applied(
        &mut self,
        tx: &mut Conn,
        change: &Staged,
        before: Fields,
        after: Fields,
        overtaken: Conflicts,
    ) -> afpi_db::Result<()> {
        if overtaken.is_empty() {
            if before != change.before || after != change.after {
                change::rewrite(tx, self.run, change.seq, &before, &after).await?;
            }
            return Ok(());
        }
        let mut source = change.source.clone().unwrap_or_default();
        for (name, conflict) in &overtaken {
            match &conflict.before {
                Some(before) => source.insert(name.clone(), before.clone()),
                None => source.remove(name),
            };
        }
        let mut conflicts = change.conflicts.clone();
        conflicts.extend(overtaken);
        self.overtaken.push(Staged {
            action: Action::Conflict,
            digest: known::doubtful(known::archived(&change.digest)).to_vec(),
            before,
            after,
            source: Some(source),
            conflicts,
            ..change.clone()
        });
        Ok(())
    }

    fn has_refused(&self, change: &Staged) -> bool {
        self.refused.iter().any(|(seq, ..)| *seq == change.seq)
    }
}

/// The result of a batch.
struct Outcome {
    last: i64,
    applied: Vec<(Entity, Action)>,
    counts: Counts,
    /// The changes that could not be applied: the record, and why.
    refused: Vec<(String, Text)>,
}

/// Applies the staged changes that are not applied yet, to the end.
pub async fn apply(session: &mut Session<'_>) -> Result<(), Stop> {
    let (counts, done, sites) = {
        let mut conn = session.app.db.read().await?;
        let row = run::load(&mut conn, session.run, false).await?.ok_or(Stop::Gone)?;
        let done = change_count(&mut conn, session.run, true).await?;
        (row.counts.0, done, Sites::load(&mut conn, &session.rules).await?)
    };
    let total = done + { change_count(&mut session.app.db.read().await?, session.run, false).await? };
    session.progress = Progress { entity: None, done, total, counts };
    session.info(format!("Application : {} changements.", total - done));
    let mut after = 0;
    loop {
        session.check()?;
        let progress = session.progress.clone();
        let vetoes = veto::ask(session, after, BATCH, &sites).await?;
        let outcome = afpi_db::retry(|| batch(session, after, &sites, &vetoes, &progress)).await?;
        let Some(outcome) = outcome else { break };
        after = outcome.last;
        session.progress.done += outcome.applied.len() as i64 + outcome.refused.len() as i64;
        session.progress.entity = outcome.applied.last().map(|(entity, _)| entity.as_str().to_owned());
        for (_, action) in &outcome.applied {
            session.app.metrics.sync_changes.with_label_values(&[session.origin.label(), action.as_str()]).inc();
        }
        session.progress.counts = outcome.counts;
        for (name, reason) in outcome.refused {
            session.warn(format!("{name} : {}", reason.fr));
        }
        session.show(State::Applying).await?;
    }
    session.origin.kind.clone().applied(session).await?;
    session.info("Application terminée.".into());
    session.end(&[State::Applying], State::Done, None).await
}

/// Moves one change from its staged action to the resulting one in the counts.
pub fn recount(counts: &mut Counts, staged_as: Action, became: Action) {
    *count(counts, staged_as) -= 1;
    *count(counts, became) += 1;
}

async fn change_count(conn: &mut Conn, run: RunId, applied: bool) -> afpi_db::Result<i64> {
    let mut query =
        afpi_db::sql("SELECT COUNT(*) FROM sync_changes WHERE run_id = ? AND action <> 'skipped'").bind(run);
    query.push(if applied { " AND applied_at IS NOT NULL" } else { " AND applied_at IS NULL" });
    query.scalar(conn).await
}

/// One transaction; `None` when nothing is left.
async fn batch(
    session: &Session<'_>,
    after: i64,
    sites: &Sites,
    vetoes: &Vetoes,
    progress: &Progress,
) -> Result<Option<Outcome>, Stop> {
    let (app, run, rules) = (session.app, session.run, &session.rules);
    let mut tx = app.db.begin().await?;
    // The lock makes a second worker wait (its lease may have run out while it was stopped). The state stops a worker
    // whose run was cancelled.
    if run::load(&mut tx, run, true).await?.is_none_or(|row| row.state() != State::Applying) {
        return Err(Stop::Gone);
    }
    let changes = change::to_apply(&mut tx, run, after, BATCH).await?;
    let Some(last) = changes.last().map(|c| c.seq) else { return Ok(None) };
    let mut batch = Batch {
        run,
        rules,
        ground: session.ground.as_deref(),
        vetoes,
        now: Instant::now(),
        refused: Vec::new(),
        overtaken: Vec::new(),
        news: News::default(),
        lines: Lines::default(),
    };
    for editable in editable::ALL {
        let writes = |c: &&Staged| c.entity == editable.entity() && editable.writes(c.action);
        let of: Vec<&Staged> = changes.iter().filter(writes).collect();
        if !of.is_empty() {
            editable.apply(&mut tx, &mut batch, &of, sites).await?;
        }
    }
    let (refused, applied): (Vec<&Staged>, Vec<&Staged>) = changes.iter().partition(|c| batch.has_refused(c));
    let became = |c: &Staged| batch.overtaken.iter().find(|other| other.seq == c.seq).cloned();
    let applied: Vec<Staged> = applied.into_iter().map(|c| became(c).unwrap_or_else(|| c.clone())).collect();
    if let Some(memory) = &rules.memory {
        link(&mut tx, memory, &applied, batch.now).await?;
    }
    for change in &batch.overtaken {
        change::settle(&mut tx, run, change).await?;
    }
    for (seq, .., reason) in &batch.refused {
        change::refuse(&mut tx, run, *seq, reason).await?;
    }
    let seqs: Vec<i64> = applied.iter().map(|c| c.seq).collect();
    change::mark(&mut tx, run, &seqs, Some(batch.now)).await?;
    let mut counts = progress.counts;
    batch.refused.iter().for_each(|(_, action, ..)| recount(&mut counts, *action, Action::Skipped));
    for later in &batch.overtaken {
        let staged_as = changes.iter().find(|c| c.seq == later.seq).map_or(later.action, |c| c.action);
        recount(&mut counts, staged_as, later.action);
    }
    let so_far = Progress { done: progress.done + changes.len() as i64, counts, ..progress.clone() };
    run::progress(&mut tx, run, State::Applying, &so_far).await?;
    batch
        .lines
        .write(&mut tx, Author { actor: session.origin.actor(), correlation_id: &run.to_string() }, batch.now)
        .await?;
    batch.news.emit(&mut tx, app, run, batch.now).await?;
    tx.commit().await?;
    debug_assert_eq!(refused.len(), batch.refused.len());
    Ok(Some(Outcome {
        last,
        applied: applied.iter().map(|c| (c.entity, c.action)).collect(),
        counts,
        refused: batch.refused.into_iter().map(|(.., name, reason)| (name, reason)).collect(),
    }))
}

/// Stores the links of what was taken over, also of unchanged records: they were seen now. An archived contact and a
/// missing record keep their link, with a mark.
async fn link(tx: &mut Conn, source: &str, applied: &[Staged], now: Instant) -> afpi_db::Result<()> {
    for &entity in Entity::VARIANTS {
        let gone: Vec<&str> = applied
            .iter()
            .filter(|c| c.entity == entity && c.action == Action::Missing)
            .map(|c| c.external_id.as_str())
            .collect();
        if !gone.is_empty() {
            known::missing(tx, source, entity, gone.into_iter(), Some(now)).await?;
        }
    }
    let archived_contact = |c: &Staged| c.entity == Entity::Contact && known::archived(&c.digest);
    let links: Vec<NewLink> = applied
        .iter()
        .filter(|c| c.action != Action::Missing)
        .map(|c| NewLink {
            entity: c.entity,
            external_id: &c.external_id,
            record: c.record,
            digest: &c.digest,
            missing_since: archived_contact(c).then_some(now),
            seen: c.source.as_ref(),
        })
        .collect();
    known::put(tx, source, &links, now).await
}
