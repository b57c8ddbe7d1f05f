//! Finds the digests that are due. Any number of processes may do it at once: a day is claimed in the transaction that
//! writes its job.

use std::collections::HashMap;

use afpi_db::{DbError, sql};
use afpi_jobs::NewJob;
use serde_json::json;

use super::{KIND, WAITING};
use crate::notifications::mail;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, Result};
use afpi_core::id::UserId;
use afpi_platform::state::App;

/// Enqueues the digests that are due at this instant, each once. What has happened until then belongs to it.
///
/// # Errors
/// The database does not answer.
pub async fn send_due(app: &App, now: Instant) -> Result<()> {
    let last = sql("SELECT user_id, last_on FROM notification_digest");
    let last: HashMap<UserId, Day> = last.all::<(UserId, Day)>(&mut app.db.read().await?).await?.into_iter().collect();
    if last.is_empty() {
        return Ok(());
    }
    for person in app.people.active(&app.db).await?.iter() {
        let (Some(digest), Some(last)) = (person.digest, last.get(&person.id)) else { continue };
        let day = digest.due(now);
        if day <= *last {
            continue;
        }
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            let claim = sql("UPDATE notification_digest SET last_on = ? WHERE user_id = ? AND last_on < ?");
            if claim.bind(day).bind(person.id).bind(day).execute(&mut tx).await? == 0 {
                return Ok(());
            }
            let gather = sql("UPDATE notifications SET digest = ? WHERE user_id = ? AND digest = ?");
            gather.bind(day).bind(person.id).bind(WAITING).execute(&mut tx).await?;
            let job = NewJob::new(mail::QUEUE, KIND, json!({"user": person.id, "day": day}))
                .dedupe(format!("digest:{}:{day}", person.id))
                .max_attempts(8);
            let job = match person.quiet.and_then(|quiet| quiet.until(now)) {
                Some(at) => job.run_at(at.millis()),
                None => job,
            };
            afpi_jobs::enqueue(&mut tx, &job).await.map_err(DbError::from)?;
            Ok::<_, Error>(tx.commit().await?)
        })
        .await?;
    }
    app.jobs.wake();
    Ok(())
}
