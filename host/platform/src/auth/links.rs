//! Links in letters to people, with which they choose a password: an invitation, or a forgotten one. A link's secret has
//! 256 bits and is stored as SHA-256. It is used once, and a new link of the same purpose ends the one before.

use std::time::Duration;

use afpi_db::{Conn, Tx, dialect, sql};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore;
use serde::Serialize;
use sha2::{Digest, Sha256};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::config::Config;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::UserId;
use afpi_core::text::Locale;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, Serialize, ToSchema)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[schema(as = LinkPurpose)]
pub enum Purpose {
    /// To an account that has no password yet.
    Invitation,
    /// A new password, instead of a forgotten one.
    Password,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Long enough for a holiday week; short enough that an old mailbox opens nothing.
    fn lifetime(self) -> Duration {
        match self {
            Purpose::Invitation => Duration::from_secs(7 * 24 * 3600),
            Purpose::Password => Duration::from_secs(30 * 60),
        }
    }
}

/// The secret of a link or of another address that needs no sign-in.
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn fresh() -> Secret {
        let mut bytes = Zeroizing::new([0u8; 32]);
        rand::rng().fill_bytes(&mut *bytes);
        Secret(Zeroizing::new(URL_SAFE_NO_PAD.encode(&bytes[..])))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The address of the page that uses it. The secret is a fragment: browsers do not send it, so that no log and no
    /// `Referer` has it.
    pub fn url(&self, config: &Config) -> Zeroizing<String> {
        let base = config.public_url.trim_end_matches('/');
        Zeroizing::new(format!("{base}/connexion/lien#{}", *self.0))
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(sent: T) -> Secret {
        Secret(Zeroizing::new(sent.into()))
    }
}

afpi_db::row! {
    struct Found { user_id: UserId, purpose: String, expires_at: Instant, email: String, name: String, locale: String }
}

/// A link that can be used, and its person.
pub struct Link {
    pub user: UserId,
    pub purpose: Purpose,
    pub expires_at: Instant,
    pub email: String,
    pub name: String,
    pub locale: Locale,
}

/// Makes a link for an active person, and ends those of the same purpose. Returns its secret, which is known to nobody
/// else, and when it expires.
pub async fn make(tx: &mut Tx, user: UserId, purpose: Purpose, now: Instant) -> Result<(Secret, Instant)> {
    // Two at once would both stay.
    let mut person = sql("SELECT 1 FROM users WHERE id = ?").bind(user);
    person.push(dialect::for_update(tx.backend()));
    person.optional::<(i64,)>(tx).await?;
    sql("UPDATE account_links SET ended_at = ? WHERE user_id = ? AND purpose = ? AND ended_at IS NULL")
        .bind(now)
        .bind(user)
        .bind(purpose.as_str())
        .execute(tx)
        .await?;
    let (secret, expires_at) = (Secret::fresh(), now + purpose.lifetime());
    sql("INSERT INTO account_links (hash, user_id, purpose, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
        .bind(secret.hash())
        .bind(user)
        .bind(purpose.as_str())
        .bind(now)
        .bind(expires_at)
        .execute(tx)
        .await?;
    Ok((secret, expires_at))
}

/// The link of this secret, if it can be used.
pub async fn find(conn: &mut Conn, secret: &Secret, now: Instant) -> Result<Option<Link>> {
    let found = sql("SELECT al.user_id, al.purpose, al.expires_at, u.email, u.name, u.locale FROM account_links al \
         JOIN users u ON u.id = al.user_id WHERE al.hash = ? AND al.ended_at IS NULL AND al.expires_at > ? AND u.active = ?")
    .bind(secret.hash())
    .bind(now)
    .bind(true)
    .optional::<Found>(conn)
    .await?;
    Ok(found.and_then(|found| {
        Some(Link {
            user: found.user_id,
            purpose: found.purpose.parse().ok()?,
            expires_at: found.expires_at,
            email: found.email,
            name: found.name,
            locale: Locale::parse(&found.locale),
        })
    }))
}

/// Uses a link. Returns whether it could be used: of two at once, one is told no.
pub async fn take(tx: &mut Tx, secret: &Secret, now: Instant) -> Result<bool> {
    let taken = sql("UPDATE account_links SET ended_at = ? WHERE hash = ? AND ended_at IS NULL AND expires_at > ?")
        .bind(now)
        .bind(secret.hash())
        .bind(now);
    Ok(taken.execute(tx).await? == 1)
}

/// Ends all links of a person: a password was set, or the account was switched off.
pub async fn end_all(tx: &mut Conn, user: UserId, now: Instant) -> Result<()> {
    let ended =
        sql("UPDATE account_links SET ended_at = ? WHERE user_id = ? AND ended_at IS NULL").bind(now).bind(user);
    ended.execute(tx).await?;
    Ok(())
}

/// How many links of this purpose a person got since then.
pub async fn count_since(conn: &mut Conn, user: UserId, purpose: Purpose, since: Instant) -> Result<i64> {
    let count = sql("SELECT COUNT(*) FROM account_links WHERE user_id = ? AND purpose = ? AND created_at > ?");
    Ok(count.bind(user).bind(purpose.as_str()).bind(since).scalar(conn).await?)
}
