//! Refresh tokens: 256 random bits in an HttpOnly cookie, stored as SHA-256, good for one use. Using one gives the next of
//! its family; using one twice means that somebody else has a copy, and ends the family (RFC 9700 §4.14.2).

use afpi_db::{Conn, Tx, sql};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::config::Config;
use crate::http::problem::ApiResult;

const COOKIE: &str = "afpi_refresh";

/// A refresh token as the browser holds it.
pub struct RefreshToken(String);

/// What presenting a refresh token led to.
pub enum Turn {
    /// Good: the user and the family it belongs to.
    Good { user: Uuid, family: Uuid, family_expires_at: i64 },
    /// Used before: the family has been ended.
    Replayed { user: Uuid },
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

    /// The one in the request's cookies.
    pub fn of(jar: &CookieJar) -> Option<RefreshToken> {
        jar.get(COOKIE).map(|c| RefreshToken(c.value().to_owned()))
    }

    /// The cookie that carries it.
    pub fn cookie(&self, config: &Config) -> Cookie<'static> {
        let seconds = config.refresh_lifetime.as_secs() as i64;
        cookie(self.0.clone(), seconds, config)
    }
}

/// The cookie that takes it away.
pub fn no_cookie(config: &Config) -> Cookie<'static> {
    cookie(String::new(), 0, config)
}

fn cookie(value: String, seconds: i64, config: &Config) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(config.https());
    cookie.set_max_age(time::Duration::seconds(seconds));
    cookie
}

/// Starts a family: the first refresh token of a new session.
pub async fn start(tx: &mut Tx, user: Uuid, config: &Config, now: i64) -> ApiResult<(RefreshToken, Uuid)> {
    let family = Uuid::now_v7();
    let token = insert(tx, user, family, now + config.family_lifetime.as_millis() as i64, config, now).await?;
    Ok((token, family))
}

/// Presents a token. Marking it used and judging it is one step: of two uses at once, one is a replay.
pub async fn turn(tx: &mut Tx, token: &RefreshToken, now: i64) -> ApiResult<Turn> {
    let mut query =
        sql("SELECT user_id, family, expires_at, family_expires_at, used_at FROM refresh_tokens WHERE hash = ?")
            .bind(token.hash());
    query.push(afpi_db::dialect::for_update(tx.backend()));
    let Some((user, family, expires_at, family_expires_at, used_at)) =
        query.optional::<(Uuid, Uuid, i64, i64, Option<i64>)>(tx).await?
    else {
        return Ok(Turn::Unknown);
    };
    if used_at.is_some() {
        end_family(tx, family).await?;
        return Ok(Turn::Replayed { user });
    }
    if expires_at <= now || family_expires_at <= now {
        return Ok(Turn::Unknown);
    }
    sql("UPDATE refresh_tokens SET used_at = ? WHERE hash = ?").bind(now).bind(token.hash()).execute(tx).await?;
    Ok(Turn::Good { user, family, family_expires_at })
}

/// The next token of a family.
pub async fn next(
    tx: &mut Tx,
    user: Uuid,
    family: Uuid,
    family_expires_at: i64,
    config: &Config,
    now: i64,
) -> ApiResult<RefreshToken> {
    insert(tx, user, family, family_expires_at, config, now).await
}

async fn insert(
    tx: &mut Tx,
    user: Uuid,
    family: Uuid,
    family_expires_at: i64,
    config: &Config,
    now: i64,
) -> ApiResult<RefreshToken> {
    let token = RefreshToken::fresh();
    let expires_at = (now + config.refresh_lifetime.as_millis() as i64).min(family_expires_at);
    sql("INSERT INTO refresh_tokens (hash, family, user_id, created_at, expires_at, family_expires_at) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(token.hash())
        .bind(family)
        .bind(user)
        .bind(now)
        .bind(expires_at)
        .bind(family_expires_at)
        .execute(tx)
        .await?;
    Ok(token)
}

/// Signs the session of this token out, used before or not.
pub async fn end_of(tx: &mut Conn, token: &RefreshToken) -> ApiResult<()> {
    let family =
        sql("SELECT family FROM refresh_tokens WHERE hash = ?").bind(token.hash()).optional::<(Uuid,)>(tx).await?;
    match family {
        Some((family,)) => end_family(tx, family).await,
        None => Ok(()),
    }
}

/// Signs a session out.
pub async fn end_family(tx: &mut Conn, family: Uuid) -> ApiResult<()> {
    sql("DELETE FROM refresh_tokens WHERE family = ?").bind(family).execute(tx).await?;
    Ok(())
}

/// Signs a person out everywhere, except perhaps from one session.
pub async fn end_all(tx: &mut Conn, user: Uuid, except: Option<Uuid>) -> ApiResult<()> {
    let mut query = sql("DELETE FROM refresh_tokens WHERE user_id = ?").bind(user);
    if let Some(family) = except {
        query.push(" AND family <> ?").arg(family);
    }
    query.execute(tx).await?;
    Ok(())
}
