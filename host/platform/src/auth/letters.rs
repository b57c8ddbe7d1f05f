//! Jobs for letters about an account. What is secret or typed by a stranger is encrypted in their payload: queues and
//! the page of jobs show it.

use afpi_db::{DbError, Tx};
use afpi_jobs::NewJob;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::UserId;

use crate::auth::links::Secret;
use crate::config::Config;
use crate::journal::Activity;
use crate::secrets::Secrets;

/// The queue of letters.
pub const QUEUE: &str = "mail";
/// Sends a link to its person.
pub const LINK: &str = "account-link";
/// Looks whose address it is that somebody has typed, and makes a link for that person.
pub const FORGOTTEN: &str = "account-forgotten";

/// Tells a person that the password or the second factor of the account has changed.
pub const NOTICE: &str = "account-notice";

/// Tells a person what was done to the account, so that who did not do it notices. An installation that sends no letters
/// tells nothing.
pub async fn notice(
    tx: &mut Tx,
    config: &Config,
    user: UserId,
    what: Activity,
    at: Instant,
    correlation_id: &str,
) -> Result<()> {
    if config.sends_letters() {
        let payload = json!({"user": user, "what": what, "at": at.millis()});
        afpi_jobs::enqueue(tx, &job(NOTICE, payload, correlation_id)).await.map_err(DbError::from)?;
    }
    Ok(())
}

/// The letter with this link.
pub fn link(secrets: &Secrets, secret: &Secret, correlation_id: &str) -> NewJob {
    job(LINK, seal(secrets, LINK, secret.as_str()), correlation_id)
}

/// Somebody has forgotten the password of the account with this address, if there is one.
pub fn forgotten(secrets: &Secrets, email: &str, correlation_id: &str) -> NewJob {
    job(FORGOTTEN, seal(secrets, FORGOTTEN, email), correlation_id)
}

fn job(kind: &str, payload: Value, correlation_id: &str) -> NewJob {
    NewJob::new(QUEUE, kind, payload).max_attempts(8).correlation(correlation_id)
}

fn seal(secrets: &Secrets, kind: &str, value: &str) -> Value {
    json!({"sealed": STANDARD.encode(secrets.lock(kind, value))})
}

/// The secret of a [`LINK`], the address of a [`FORGOTTEN`]. `None` when no key of this installation opens it.
pub fn open(secrets: &Secrets, kind: &str, payload: &Value) -> Option<Zeroizing<String>> {
    secrets.unlock(kind, &STANDARD.decode(payload["sealed"].as_str()?).ok()?)
}
