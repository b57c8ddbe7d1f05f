//! Limits failed logins, but nobody can lock another person out: failures count per pair of account and address and per
//! address, never per account alone.
//!
//! | bucket | free failures | then blocked for |
//! |---|---|---|
//! | account + address | 5 in 15 min | 30 s, doubled by each further failure, at most 15 min |
//! | address | 50 in 15 min | the same |
//!
//! Letters that are asked for, links and codes of second factors that are tried have counts of their own, under the same
//! limits. Codes count per person instead of per pair.
//!
//! The counts are in the database, so they hold over several processes and restarts.

use std::net::IpAddr;
use std::time::Duration;

use afpi_db::{Conn, dialect, sql};
use sha2::{Digest, Sha256};

use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::UserId;

use afpi_core::text::text;

const WINDOW: Duration = Duration::from_secs(15 * 60);
const FIRST_BLOCK: Duration = Duration::from_secs(30);

/// What is tried. Each has counts of its own.
#[derive(Clone, Copy)]
pub enum Tried<'a> {
    /// The password of the account with this address.
    Password(&'a str),
    /// To have a letter sent to this address.
    Letter(&'a str),
    /// The secret of a link.
    Link(&'a str),
    /// The second factor of this person, from wherever: whoever tries it knows the password.
    Code(UserId),
}

fn buckets(tried: Tried<'_>, address: IpAddr) -> [(String, i64); 2] {
    // Hashed: this table must not collect people's addresses.
    let key = |text: String| Sha256::digest(text).iter().take(24).map(|b| format!("{b:02x}")).collect::<String>();
    let (pair, all, free) = match tried {
        Tried::Password(email) => (format!("pair {email} {address}"), format!("address {address}"), 5),
        Tried::Letter(email) => (format!("letter {email} {address}"), format!("letters {address}"), 5),
        Tried::Link(secret) => (format!("link {secret} {address}"), format!("links {address}"), 5),
        // Counted before it is checked: the last one is refused.
        Tried::Code(user) => (format!("code {user}"), format!("codes {address}"), 6),
    };
    [(key(pair), free), (key(all), 50)]
}

/// Refuses an attempt while one of its buckets is blocked (429 with `Retry-After`).
pub async fn check(conn: &mut Conn, tried: Tried<'_>, address: IpAddr, now: Instant) -> Result<()> {
    let mut query = sql("SELECT COALESCE(MAX(blocked_until), 0) FROM login_failures WHERE bucket IN ");
    query.list(buckets(tried, address).map(|(bucket, _)| bucket));
    let until: Instant = query.scalar(conn).await?;
    if until <= now {
        return Ok(());
    }
    Err(too_many(until.since(now).as_secs().max(1)))
}

/// 429 with the seconds to wait.
pub(super) fn too_many(seconds: u64) -> Error {
    Error::new(ErrorKind::TooManyRequests, text("Trop de tentatives", "Too many attempts"))
        .detail(text("Réessayez dans quelques instants.", "Try again in a moment."))
        .retry_after(seconds)
}

/// A hash that replaces an address where the address must not be readable.
pub fn address_bucket(address: IpAddr) -> String {
    let [_, (bucket, _)] = buckets(Tried::Password(""), address);
    bucket
}

/// Counts a failure. Returns whether it is the address's first one for a while, or the one that blocks it. The row is
/// created and locked before it is read, so that concurrent guesses are all counted.
pub async fn failed(conn: &mut Conn, tried: Tried<'_>, address: IpAddr, now: Instant) -> Result<bool> {
    let mut stands_out = false;
    for (bucket, free) in buckets(tried, address) {
        let mut query = sql("INSERT INTO login_failures (bucket, failures, first_at, blocked_until) VALUES ");
        query.rows([[bucket.as_str().into(), 0i64.into(), now.into(), 0i64.into()]]);
        dialect::upsert(&mut query, conn.backend(), &["bucket"], &["bucket"]);
        query.execute(conn).await?;
        let (before, since) = sql("SELECT failures, first_at FROM login_failures WHERE bucket = ?")
            .bind(&bucket)
            .one::<(i64, Instant)>(conn)
            .await?;
        let (failures, first_at) = if now < since + WINDOW { (before + 1, since) } else { (1, now) };
        let over = failures - free;
        let blocked_until = (over >= 0).then(|| now + (FIRST_BLOCK * (1 << over.min(5))).min(WINDOW));
        sql("UPDATE login_failures SET failures = ?, first_at = ?, blocked_until = ? WHERE bucket = ?")
            .bind(failures)
            .bind(first_at)
            .bind(blocked_until.map_or(0, Instant::millis))
            .bind(&bucket)
            .execute(conn)
            .await?;
        // The bucket of the address comes last.
        stands_out = failures == 1 || over == 0;
    }
    Ok(stands_out)
}

/// A success resets the pair, unless concurrent guesses have failed too often meanwhile: sending many at once does not
/// avoid the limit. The address keeps its count, or an attacker could reset it with an account of their own.
pub async fn succeeded(conn: &mut Conn, tried: Tried<'_>, address: IpAddr, now: Instant) -> Result<()> {
    check(conn, tried, address, now).await?;
    forgive(conn, tried, address).await
}

/// Forgets the failures of the pair.
pub async fn forgive(conn: &mut Conn, tried: Tried<'_>, address: IpAddr) -> Result<()> {
    let [(pair, _), _] = buckets(tried, address);
    sql("DELETE FROM login_failures WHERE bucket = ?").bind(pair).execute(conn).await?;
    Ok(())
}
