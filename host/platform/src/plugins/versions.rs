//! Rows of `plugins` and `plugin_versions`: uploaded versions, the active one, the previous one.

use afpi_db::{Conn, dialect, sql};
use afpi_plugins::manifest::{self, Manifest};

use super::keys::Level;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal, not_found};
use afpi_core::id::UserId;

afpi_db::row! {
    /// A plugin's state in the tables. Empty versions mean none.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Standing {
        pub id: String, pub kind: String,
        /// The active version.
        pub version: String,
        /// The version for a rollback.
        pub previous: String,
        /// The version whose settings the sites have. It stays when the plugin is removed.
        pub settings_version: String,
        /// The signer of the version that is or was last active, as in [`Version::signer`]; empty when there never was
        /// one.
        pub signer: String,
    }
}

afpi_db::row! {
    /// An uploaded version.
    #[derive(Debug, Clone)]
    pub struct Version {
        pub plugin_id: String, pub version: String, pub level: String, pub key_id: String, pub sha256: String, pub size: i64,
        /// See [`Version::manifest`].
        pub manifest: String,
        pub installed_at: Instant, pub installed_by: Option<UserId>,
    }
}

const STANDING: &str = "SELECT id, kind, version, previous, settings_version, signer FROM plugins";
const VERSIONS: &str = "SELECT plugin_id, version, level, key_id, sha256, OCTET_LENGTH(component) AS size, manifest, installed_at, installed_by FROM plugin_versions";

/// All known plugins, by id.
pub async fn standings(conn: &mut Conn) -> afpi_db::Result<Vec<Standing>> {
    let mut query = sql(STANDING);
    query.push(" ORDER BY id");
    query.all(conn).await
}

/// One plugin.
pub async fn standing(conn: &mut Conn, id: &str) -> Result<Option<Standing>> {
    let mut query = sql(STANDING);
    query.push(" WHERE id = ?").arg(id);
    Ok(query.optional(conn).await?)
}

/// A plugin, locked until the end of the transaction: changes to a plugin run one after the other.
pub async fn lock(tx: &mut Conn, id: &str) -> Result<Option<Standing>> {
    let mut query = sql(STANDING);
    query.push(" WHERE id = ?").arg(id).push(dialect::for_update(tx.backend()));
    Ok(query.optional(tx).await?)
}

/// The versions of a plugin, newest file first.
pub async fn of(conn: &mut Conn, id: &str) -> Result<Vec<Version>> {
    let mut query = sql(VERSIONS);
    query.push(" WHERE plugin_id = ?").arg(id).push(" ORDER BY installed_at DESC, version DESC");
    Ok(query.all(conn).await?)
}

/// One version. 404 when there is none.
pub async fn get(conn: &mut Conn, id: &str, version: &str) -> Result<Version> {
    let mut query = sql(VERSIONS);
    query.push(" WHERE plugin_id = ?").arg(id).push(" AND version = ?").arg(version);
    query.optional(conn).await?.ok_or_else(not_found)
}

/// Every version of this level.
pub async fn at_level(conn: &mut Conn, level: Level) -> afpi_db::Result<Vec<Version>> {
    let mut query = sql(VERSIONS);
    query.push(" WHERE level = ?").arg(level.as_str());
    query.all(conn).await
}

/// The active version of every plugin.
pub async fn active(conn: &mut Conn) -> afpi_db::Result<Vec<Version>> {
    let mut query = sql(VERSIONS);
    query.push(" WHERE EXISTS (SELECT 1 FROM plugins p WHERE p.id = plugin_id AND p.version = plugin_versions.version) ORDER BY plugin_id");
    query.all(conn).await
}

/// The file of a version.
pub async fn file(conn: &mut Conn, id: &str, version: &str) -> afpi_db::Result<Vec<u8>> {
    sql("SELECT component FROM plugin_versions WHERE plugin_id = ? AND version = ?")
        .bind(id)
        .bind(version)
        .scalar(conn)
        .await
}

impl Standing {
    /// Would another signer answer for the plugin from this version on? The old data of the plugin does not belong to
    /// that signer.
    pub fn is_foreign(&self, signer: &str) -> bool {
        !self.signer.is_empty() && self.signer != signer
    }
}

/// The signer of a file: a key by its id, otherwise `core` or `unsigned`.
pub fn signer<'a>(level: &'a str, key_id: &'a str) -> &'a str {
    if key_id.is_empty() { level } else { key_id }
}

impl Version {
    pub fn signer(&self) -> &str {
        signer(&self.level, &self.key_id)
    }

    /// Its manifest.
    pub async fn manifest(&self, conn: &mut Conn) -> Result<Manifest> {
        if !self.manifest.is_empty() {
            return Manifest::from_json(self.manifest.as_bytes())
                .map_err(|e| internal(format!("manifest of {}: {e}", self.plugin_id)));
        }
        let file = file(conn, &self.plugin_id, &self.version).await?;
        manifest::extract(&file).map_err(|e| internal(format!("manifest of {}: {e}", self.plugin_id)))
    }
}

/// A file to store.
pub struct NewVersion<'a> {
    pub manifest: &'a Manifest,
    pub level: &'static str,
    pub key_id: &'a str,
    pub sha256: &'a str,
    pub file: &'a [u8],
    pub by: Option<UserId>,
}

/// Stores a version, replacing one with the same number. Creates the plugin's row when it is new.
pub async fn put(tx: &mut Conn, new: &NewVersion<'_>) -> Result<()> {
    let (m, now) = (new.manifest, Instant::now());
    let mut plugin = dialect::insert_or_ignore(tx.backend());
    plugin.push(" INTO plugins (id, kind, version, installed_at) VALUES ");
    plugin.rows([[m.id.as_str().into(), m.kind.as_str().into(), "".into(), now.into()]]);
    plugin.execute(tx).await?;
    let mut query = sql(
        "INSERT INTO plugin_versions (plugin_id, version, level, key_id, sha256, component, manifest, installed_at, installed_by) VALUES ",
    );
    let json = serde_json::to_string(m).map_err(internal)?;
    query.rows([[
        m.id.as_str().into(),
        m.version.to_string().into(),
        new.level.into(),
        new.key_id.into(),
        new.sha256.into(),
        new.file.into(),
        json.into(),
        now.into(),
        new.by.into(),
    ]]);
    let columns = ["level", "key_id", "sha256", "component", "manifest", "installed_at", "installed_by"];
    dialect::upsert(&mut query, tx.backend(), &["plugin_id", "version"], &columns);
    query.execute(tx).await?;
    Ok(())
}

/// Deletes one version's file.
pub async fn delete(tx: &mut Conn, id: &str, version: &str) -> Result<u64> {
    Ok(sql("DELETE FROM plugin_versions WHERE plugin_id = ? AND version = ?")
        .bind(id)
        .bind(version)
        .execute(tx)
        .await?)
}

/// Tells every process that the installed plugins or their bindings have changed. Part of every such transaction.
pub async fn touch(tx: &mut Conn) -> afpi_db::Result<()> {
    sql("UPDATE plugin_revision SET value = value + 1 WHERE id = 1").execute(tx).await.map(drop)
}

/// Grows with every [`touch`].
pub async fn revision(conn: &mut Conn) -> afpi_db::Result<i64> {
    sql("SELECT value FROM plugin_revision WHERE id = 1").scalar(conn).await
}
