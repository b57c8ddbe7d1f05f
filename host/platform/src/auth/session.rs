//! Refresh tokens: 256 bits in an HttpOnly cookie, stored as SHA-256, valid for one use. Each use gives the next token
//! of its family. A second use of a token means that somebody has a copy, and ends the family (RFC 9700 §4.14.2).
//!
//! Two tabs that refresh at once, or a lost answer, also cause a second use. So for a short time ([`GRACE`]) a used
//! token is accepted again and gives the same successor: each token is an HMAC of the one before, so none is stored in
//! readable form.

use std::net::IpAddr;
use std::time::Duration;

use afpi_db::{Conn, Tx, sql};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::address::ClientAddress;
use crate::config::Config;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::UserId;
use afpi_core::keys::{Key, Secrets};
use afpi_http::problem::Problem;

/// The cookie's name. Under HTTPS its prefix makes browsers accept it only from this host and only encrypted (RFC
/// 6265bis §4.1.3.2).
fn name(config: &Config) -> &'static str {
    if config.https() { "__Host-afpi_refresh" } else { "afpi_refresh" }
}

/// How long a used token is accepted again: longer than a client takes to give up and retry, too short
/// for a thief to stay unnoticed.
pub const GRACE: Duration = Duration::from_secs(30);

/// The longest kept `User-Agent`, in characters.
const MAX_AGENT: usize = 300;

/// Tabs do not cause more turns than this within [`GRACE`].
const TURNS: usize = 16;

/// Makes each token's successor. Under each of the installation's secrets it is another one.
pub struct Successors {
    key: Key,
    accepted: Vec<Key>,
}

impl Successors {
    pub fn new(secrets: &Secrets) -> Successors {
        let (key, accepted) = secrets.keys("refresh tokens");
        Successors { key, accepted }
    }

    /// The one to give out.
    fn of(&self, token: &RefreshToken) -> RefreshToken {
        successor(&self.key, token)
    }

    /// The one that was given out, whichever secret the process had.
    async fn found(&self, tx: &mut Tx, token: &RefreshToken) -> Result<Option<(RefreshToken, Option<Instant>)>> {
        for key in std::iter::once(&self.key).chain(&self.accepted) {
            let next = successor(key, token);
            if let Some((_, _, used_at)) = find(tx, &next).await? {
                return Ok(Some((next, used_at)));
            }
        }
        Ok(None)
    }
}

fn successor(key: &Key, token: &RefreshToken) -> RefreshToken {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key[..]).expect("HMAC takes keys of any length");
    mac.update(token.0.as_bytes());
    RefreshToken(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A refresh token in the browser.
pub struct RefreshToken(String);

/// The result of presenting a refresh token.
pub enum Turn {
    /// Valid: the user and the family, and the next valid token.
    Good { user: UserId, family: Uuid, next: RefreshToken },
    /// Used before, too long ago for an accident: the family has been ended.
    Replayed { user: UserId },
    /// Unknown or too old.
    Unknown,
}

impl RefreshToken {
    fn fresh() -> RefreshToken {
        let mut bytes = [0u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        RefreshToken(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }

    /// The token in the request's cookies.
    pub fn of(jar: &CookieJar, config: &Config) -> Option<RefreshToken> {
        jar.get(name(config)).map(|c| RefreshToken(c.value().to_owned()))
    }

    /// The cookie that carries it.
    pub fn cookie(&self, config: &Config) -> Cookie<'static> {
        let seconds = config.refresh_lifetime.as_secs() as i64;
        cookie(self.0.clone(), seconds, config)
    }
}

/// The cookie that deletes it.
pub fn no_cookie(config: &Config) -> Cookie<'static> {
    cookie(String::new(), 0, config)
}

fn cookie(value: String, seconds: i64, config: &Config) -> Cookie<'static> {
    let mut cookie = Cookie::new(name(config), value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(config.https());
    cookie.set_max_age(time::Duration::seconds(seconds));
    cookie
}

/// Where a session begins.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// What the browser says about itself.
    pub agent: Option<String>,
    pub address: Option<IpAddr>,
}

impl FromRequestParts<App> for Beginning {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Beginning { agent: agent.map(|agent| agent.chars().take(MAX_AGENT).collect()), address: Some(address) })
    }
}

/// Starts a family: the first refresh token of a new session.
pub async fn start(
    tx: &mut Tx,
    user: UserId,
    beginning: &Beginning,
    config: &Config,
    now: Instant,
) -> Result<(RefreshToken, Uuid)> {
    let (token, family) = (RefreshToken::fresh(), Uuid::now_v7());
    let row = Row { user, family, family_expires_at: now + config.family_lifetime };
    insert(tx, &token, &row, Some(beginning), config, now).await?;
    Ok((token, family))
}

/// The fields of a token's row that its successor inherits.
struct Row {
    user: UserId,
    family: Uuid,
    family_expires_at: Instant,
}

/// Presents a token. Marking it used, checking it and storing its successor is one step: when it is used twice at once,
/// the second use sees the result of the first.
pub async fn turn(
    tx: &mut Tx,
    token: &RefreshToken,
    successors: &Successors,
    config: &Config,
    now: Instant,
) -> Result<Turn> {
    let Some((row, expires_at, used_at)) = find(tx, token).await? else { return Ok(Turn::Unknown) };
    let Row { user, family, .. } = row;
    if used_at.is_some_and(|at| at + GRACE < now) {
        end_family(tx, family).await?;
        return Ok(Turn::Replayed { user });
    }
    if expires_at <= now || row.family_expires_at <= now {
        return Ok(Turn::Unknown);
    }
    if used_at.is_none() {
        let next = successors.of(token);
        sql("UPDATE refresh_tokens SET used_at = ? WHERE hash = ?").bind(now).bind(token.hash()).execute(tx).await?;
        insert(tx, &next, &row, None, config, now).await?;
        return Ok(Turn::Good { user, family, next });
    }
    // Just used: the answer is the token that the browser should have now. Another tab may have refreshed further
    // meanwhile.
    let mut last = successors.found(tx, token).await?;
    for _ in 0..TURNS {
        match last {
            Some((next, None)) => return Ok(Turn::Good { user, family, next }),
            Some((next, Some(_))) => last = successors.found(tx, &next).await?,
            // Made with a secret that is not accepted any more.
            None => break,
        }
    }
    Ok(Turn::Unknown)
}

/// The row of a token, its expiry, and the time of its use. The row stays locked.
async fn find(tx: &mut Tx, token: &RefreshToken) -> Result<Option<(Row, Instant, Option<Instant>)>> {
    let mut query =
        sql("SELECT user_id, family, expires_at, family_expires_at, used_at FROM refresh_tokens WHERE hash = ?")
            .bind(token.hash());
    query.push(afpi_db::dialect::for_update(tx.backend()));
    let row = query.optional::<(UserId, Uuid, Instant, Instant, Option<Instant>)>(tx).await?;
    Ok(row.map(|(user, family, expires_at, family_expires_at, used_at)| {
        (Row { user, family, family_expires_at }, expires_at, used_at)
    }))
}

async fn insert(
    tx: &mut Tx,
    token: &RefreshToken,
    row: &Row,
    beginning: Option<&Beginning>,
    config: &Config,
    now: Instant,
) -> Result<()> {
    let expires_at = (now + config.refresh_lifetime).min(row.family_expires_at);
    let agent = beginning.and_then(|beginning| beginning.agent.as_deref());
    let address = beginning.and_then(|beginning| beginning.address).map(|address| address.to_string());
    sql(
        "INSERT INTO refresh_tokens (hash, family, user_id, created_at, expires_at, family_expires_at, agent, address) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(token.hash())
    .bind(row.family)
    .bind(row.user)
    .bind(now)
    .bind(expires_at)
    .bind(row.family_expires_at)
    .bind(agent)
    .bind(address)
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the session of this token, used or not. Returns its user.
pub async fn end_of(tx: &mut Conn, token: &RefreshToken) -> Result<Option<UserId>> {
    let session = sql("SELECT user_id, family FROM refresh_tokens WHERE hash = ?")
        .bind(token.hash())
        .optional::<(UserId, Uuid)>(tx)
        .await?;
    let Some((user, family)) = session else { return Ok(None) };
    Ok(end_family(tx, family).await?.then_some(user))
}

/// Ends a session. Returns whether it was open.
pub async fn end_family(tx: &mut Conn, family: Uuid) -> Result<bool> {
    Ok(sql("DELETE FROM refresh_tokens WHERE family = ?").bind(family).execute(tx).await? > 0)
}

/// Ends a session of this person. Returns whether it was open.
pub async fn end_own(tx: &mut Conn, user: UserId, family: Uuid) -> Result<bool> {
    let ended = sql("DELETE FROM refresh_tokens WHERE family = ? AND user_id = ?").bind(family).bind(user);
    Ok(ended.execute(tx).await? > 0)
}

/// Ends all sessions of a person, except at most one.
pub async fn end_all(tx: &mut Conn, user: UserId, except: Option<Uuid>) -> Result<()> {
    let mut query = sql("DELETE FROM refresh_tokens WHERE user_id = ?").bind(user);
    if let Some(family) = except {
        query.push(" AND family <> ?").arg(family);
    }
    query.execute(tx).await?;
    Ok(())
}
