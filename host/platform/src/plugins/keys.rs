//! Trusted keys and their levels: the table `plugin_keys`, and the check of a file's signature.

use afpi_db::{Conn, sql};
use afpi_plugins::manifest::{KeyId, PublicKey, SignatureError, Signed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::hex;
use super::versions::Version;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal, not_found};
use afpi_core::id::UserId;

use afpi_core::text::{Text, text};

/// Who answers for a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PluginLevel)]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    /// Built into the binary.
    Core,
    /// Signed by a partner of the network.
    Partner,
    /// Signed for this installation only.
    Private,
    /// Nobody. Only allowed with the developer flag.
    Unsigned,
}

impl Level {
    /// An unknown word gets the lowest trust.
    pub fn parse(word: &str) -> Level {
        match word {
            "core" => Level::Core,
            "partner" => Level::Partner,
            "private" => Level::Private,
            _ => Level::Unsigned,
        }
    }

    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The levels of a key. Plugins built into the binary are `core` and need no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PluginKeyLevel)]
pub enum KeyLevel {
    Partner,
    Private,
}

impl From<KeyLevel> for Level {
    fn from(level: KeyLevel) -> Self {
        match level {
            KeyLevel::Partner => Level::Partner,
            KeyLevel::Private => Level::Private,
        }
    }
}

afpi_db::row! {
    /// A key of the table.
    pub struct Key {
        pub id: String, pub name: String, pub public_key: String, pub level: String, pub added_at: Instant,
        pub added_by: Option<UserId>, pub revoked_at: Option<Instant>,
    }
}

const SELECT: &str = "SELECT id, name, public_key, level, added_at, added_by, revoked_at FROM plugin_keys";

/// All keys that are or were trusted, newest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<Key>> {
    let mut query = sql(SELECT);
    query.push(" ORDER BY added_at DESC, id");
    Ok(query.all(conn).await?)
}

/// A key by its id.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Key>> {
    let mut query = sql(SELECT);
    query.push(" WHERE id = ?").arg(id);
    Ok(query.optional(conn).await?)
}

/// Trusts a key from now on, also after a revocation.
pub async fn add(tx: &mut Conn, key: &PublicKey, level: KeyLevel, by: UserId) -> Result<()> {
    let mut query = sql(
        "INSERT INTO plugin_keys (id, name, public_key, level, added_at, added_by, revoked_at, revoked_by) VALUES ",
    );
    query.rows([[
        key.id().to_string().into(),
        key.name().into(),
        key.to_string().into(),
        Level::from(level).as_str().into(),
        Instant::now().into(),
        by.into(),
        afpi_db::Value::Null,
        afpi_db::Value::Null,
    ]]);
    let backend = tx.backend();
    afpi_db::dialect::upsert(
        &mut query,
        backend,
        &["id"],
        &["name", "level", "added_at", "added_by", "revoked_at", "revoked_by"],
    );
    query.execute(tx).await?;
    Ok(())
}

/// Revokes a key: nothing that it signed can be installed or activated. Running plugins go on until an administrator
/// decides otherwise. `false` when it was revoked before.
pub async fn revoke(tx: &mut Conn, id: &str, by: UserId) -> Result<bool> {
    if get(tx, id).await?.is_none() {
        return Err(not_found());
    }
    let revoked = sql("UPDATE plugin_keys SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL")
        .bind(Instant::now())
        .bind(by)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(revoked > 0)
}

/// The trust level of a file, and its key's id; empty for an unsigned file.
pub async fn judge(conn: &mut Conn, file: &[u8], unsigned_allowed: bool) -> Result<(Level, String)> {
    let Some(signed) = Signed::read(file).map_err(|e| broken(&e))? else {
        if unsigned_allowed {
            return Ok((Level::Unsigned, String::new()));
        }
        return Err(unsigned());
    };
    let key = usable(conn, signed.key).await?;
    signed.check(&key.public_key.parse().map_err(internal)?).map_err(|e| broken(&e))?;
    Ok((Level::parse(&key.level), key.id))
}

/// Is a stored file unchanged, and may it still run under its level? A key revoked since then does not stop it.
/// Activation also asks [`still_trusted`].
pub async fn stands(conn: &mut Conn, file: &[u8], version: &Version, unsigned_allowed: bool) -> Result<()> {
    if hex(&Sha256::digest(file)) != version.sha256 {
        let why = text(
            "Le fichier enregistré n'est plus celui qui a été reçu.",
            "The stored file is no longer the one that came in.",
        );
        return Err(refused(ErrorKind::FileChanged, why));
    }
    match Level::parse(&version.level) {
        Level::Core => Ok(()),
        Level::Unsigned if unsigned_allowed => Ok(()),
        Level::Unsigned => Err(unsigned()),
        Level::Partner | Level::Private => {
            let signed = Signed::read(file).map_err(|e| broken(&e))?.ok_or_else(unsigned)?;
            let key = get(conn, &signed.key.to_string())
                .await?
                .filter(|key| key.id == version.key_id)
                .ok_or_else(|| unknown(&version.key_id))?;
            signed.check(&key.public_key.parse().map_err(internal)?).map_err(|e| broken(&e))
        }
    }
}

/// The key of a stored version, if it is still trusted. Otherwise 422 with the reason.
pub async fn still_trusted(conn: &mut Conn, key_id: &str) -> Result<()> {
    match get(conn, key_id).await? {
        Some(key) if key.revoked_at.is_none() => Ok(()),
        Some(key) => Err(revoked(&key.name)),
        None => Err(unknown(key_id)),
    }
}

async fn usable(conn: &mut Conn, id: KeyId) -> Result<Key> {
    let key = get(conn, &id.to_string()).await?.ok_or_else(|| unknown(&id.to_string()))?;
    if key.revoked_at.is_some() { Err(revoked(&key.name)) } else { Ok(key) }
}

fn unsigned() -> Error {
    refused(
        ErrorKind::Unsigned,
        text(
            "Cette extension n'est pas signée. Les extensions non signées ne sont admises qu'en mode développeur (AFPI_PLUGIN_DEV).",
            "This plugin is not signed. Unsigned plugins are only admitted in developer mode (AFPI_PLUGIN_DEV).",
        ),
    )
}

fn unknown(id: &str) -> Error {
    refused(
        ErrorKind::UnknownKey,
        text(
            format!("Cette extension est signée avec la clé {id}, qui n'est pas parmi les clés de confiance."),
            format!("This plugin is signed with the key {id}, which is not among the trusted ones."),
        ),
    )
}

fn revoked(name: &str) -> Error {
    refused(
        ErrorKind::RevokedKey,
        text(
            format!("Cette extension est signée avec la clé « {name} », qui a été révoquée."),
            format!("This plugin is signed with the key “{name}”, which has been revoked."),
        ),
    )
}

fn broken(error: &SignatureError) -> Error {
    refused(
        ErrorKind::BadSignature,
        text(format!("La signature ne tient pas : {error}."), format!("The signature does not hold: {error}.")),
    )
}

fn refused(kind: ErrorKind, why: Text) -> Error {
    let title = text("Cette extension n'est pas de confiance", "This plugin is not trusted");
    Error::new(kind, title).detail(why)
}
