//! The second factor of sign-in: a code of an authenticator application, or a recovery code. A person sets it up; a role
//! can require it. Wrong codes count per person, wherever they come from: whoever tries them knows the password already.

pub mod endpoints;
mod recovery;
mod totp;

use std::net::IpAddr;

use afpi_db::{Conn, Tx, dialect, sql};
use zeroize::Zeroizing;

use crate::auth::throttle::{self, Tried};
use crate::secrets::Secrets;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal};
use afpi_core::id::UserId;
use afpi_core::text::text;

/// The place of a person's secret, for its encryption.
pub fn place(user: UserId) -> String {
    format!("second-factor {user}")
}

/// How a person has proved to be the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Proof {
    Application,
    Recovery,
}

impl Proof {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Has the person a second factor?
pub async fn has(conn: &mut Conn, user: UserId) -> Result<bool> {
    Ok(confirmed(conn, user).await?.is_some())
}

/// Since when the person has one.
async fn confirmed(conn: &mut Conn, user: UserId) -> Result<Option<Instant>> {
    let since = sql("SELECT confirmed_at FROM second_factors WHERE user_id = ? AND sealed IS NOT NULL").bind(user);
    Ok(since.optional::<(Instant,)>(conn).await?.map(|(since,)| since))
}

/// Counts an attempt before it is checked, so that many at once are all counted. 429 after too many.
pub async fn attempt(app: &App, user: UserId, address: IpAddr) -> Result<()> {
    afpi_db::retry(|| async {
        let (tried, now) = (Tried::Code(user), Instant::now());
        let mut tx = app.db.begin().await?;
        throttle::check(&mut tx, tried, address, now).await?;
        throttle::failed(&mut tx, tried, address, now).await?;
        // Those that came at the same time were counted first.
        let allowed = throttle::check(&mut tx, tried, address, now).await;
        tx.commit().await?;
        Ok::<_, Error>(allowed)
    })
    .await?
}

/// Uses a code of the person up. `None` when it is wrong, or was used before.
pub async fn take(tx: &mut Tx, secrets: &Secrets, user: UserId, code: &str, now: Instant) -> Result<Option<Proof>> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 {
        return Ok(recovery::take(tx, user, code).await?.then_some(Proof::Recovery));
    }
    let sealed = sql("SELECT sealed FROM second_factors WHERE user_id = ? AND sealed IS NOT NULL").bind(user);
    let Some((sealed,)) = sealed.optional::<(Vec<u8>,)>(tx).await? else { return Ok(None) };
    let secret = open(secrets, user, &sealed)?;
    let Some(step) = totp::step(&secret, &digits, now)? else { return Ok(None) };
    let later = sql("UPDATE second_factors SET last_step = ? WHERE user_id = ? AND last_step < ?");
    let taken = later.bind(step).bind(user).bind(step).execute(tx).await? == 1;
    Ok(taken.then_some(Proof::Application))
}

fn open(secrets: &Secrets, user: UserId, sealed: &[u8]) -> Result<Zeroizing<String>> {
    let opened = secrets.unlock(&place(user), sealed);
    opened.ok_or_else(|| internal("the secret of a second factor does not open: was AFPI_SECRET changed?"))
}

/// Keeps a new secret until its first good code.
async fn begin(tx: &mut Tx, secrets: &Secrets, user: UserId, secret: &str) -> Result<()> {
    let sealed = secrets.lock(&place(user), secret);
    let mut query = sql("INSERT INTO second_factors (user_id, pending, last_step) VALUES ");
    query.rows([[user.into(), sealed.into(), 0i64.into()]]);
    dialect::upsert(&mut query, tx.backend(), &["user_id"], &["pending"]);
    query.execute(tx).await?;
    Ok(())
}

/// Makes the pending secret the person's, if this is a code of it. Returns the recovery codes.
async fn settle(tx: &mut Tx, secrets: &Secrets, user: UserId, code: &str, now: Instant) -> Result<Option<Vec<String>>> {
    let mut pending = sql("SELECT pending FROM second_factors WHERE user_id = ? AND pending IS NOT NULL").bind(user);
    pending.push(dialect::for_update(tx.backend()));
    let Some((sealed,)) = pending.optional::<(Vec<u8>,)>(tx).await? else {
        let detail = text("Commencez par afficher le code QR.", "Show the QR code first.");
        return Err(Error::new(ErrorKind::Conflict, text("Rien à confirmer", "Nothing to confirm")).detail(detail));
    };
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(step) = totp::step(&open(secrets, user, &sealed)?, &digits, now)? else { return Ok(None) };
    sql(
        "UPDATE second_factors SET sealed = pending, pending = NULL, confirmed_at = ?, last_step = ? WHERE user_id = ?",
    )
    .bind(now)
    .bind(step)
    .bind(user)
    .execute(tx)
    .await?;
    Ok(Some(recovery::renew(tx, user).await?))
}

/// Takes a person's second factor and recovery codes away. Returns whether there was one.
pub async fn clear(tx: &mut Conn, user: UserId) -> Result<bool> {
    recovery::remove(tx, user).await?;
    let had = has(tx, user).await?;
    sql("DELETE FROM second_factors WHERE user_id = ?").bind(user).execute(tx).await?;
    Ok(had)
}
