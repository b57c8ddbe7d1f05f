//! Keys in the database: the account in `users`, what is particular to keys in `api_keys`, and the hashes of their secrets.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde_json::{Value, json};

use super::ApiKey;
use crate::users::replace_sites;
use afpi_core::clock::{Day, Instant};
use afpi_core::collation;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::text::{Locale, text};
use afpi_platform::auth::api_key::{Scope, Secret, scopes};
use afpi_platform::localisations::LocalisationRef;

/// A new key, already checked.
pub(super) struct NewKey {
    pub name: String,
    /// The id of the role, which is there.
    pub role: String,
    pub sites: Vec<LocalisationId>,
    pub scopes: Vec<Scope>,
    pub networks: Vec<String>,
    pub expires_on: Option<Day>,
}

/// Stores a key with its account. To everything that looks for people the account is one that was switched off: it cannot
/// sign in, gets no message and owns no file.
pub(super) async fn insert(tx: &mut Conn, new: &NewKey, secret: &Secret, by: UserId, now: Instant) -> Result<UserId> {
    let id = UserId::generate();
    // What is written by a program is told from what a person wrote wherever a name is shown.
    let name = format!("{} · API", new.name);
    sql("INSERT INTO users (id, email, name, name_key, role_id, role, password_hash, active, locale, tokens_from, created_at, version) \
         VALUES (?, ?, ?, ?, ?, (SELECT stands_on FROM roles WHERE id = ?), '', ?, ?, 0, ?, 1)")
        .bind(id)
        // A domain that no mail reaches (RFC 6761).
        .bind(format!("{id}@api.invalid"))
        .bind(&name)
        .bind(collation::key(&name))
        .bind(&new.role)
        .bind(&new.role)
        .bind(false)
        .bind(Locale::Fr.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    replace_sites(tx, id, &new.sites).await?;
    sql("INSERT INTO api_keys (user_id, name, scopes, networks, expires_on, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(&new.name)
        .bind(scopes::stored(&new.scopes))
        .bind(new.networks.join(","))
        .bind(new.expires_on)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    add_secret(tx, id, secret, now).await?;
    Ok(id)
}

pub(super) async fn add_secret(tx: &mut Conn, id: UserId, secret: &Secret, now: Instant) -> afpi_db::Result<()> {
    sql("INSERT INTO api_key_secrets (hash, user_id, hint, created_at) VALUES (?, ?, ?, ?)")
        .bind(secret.hash())
        .bind(id)
        .bind(secret.hint())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Lets the key's secrets end at this instant, or earlier if they already do. Forgets those that have ended.
pub(super) async fn end_secrets(tx: &mut Conn, id: UserId, now: Instant, at: Instant) -> afpi_db::Result<()> {
    sql("UPDATE api_key_secrets SET ends_at = ? WHERE user_id = ? AND (ends_at IS NULL OR ends_at > ?)")
        .bind(at)
        .bind(id)
        .bind(at)
        .execute(tx)
        .await?;
    sql("DELETE FROM api_key_secrets WHERE user_id = ? AND ends_at <= ?").bind(id).bind(now).execute(tx).await?;
    Ok(())
}

/// Ends the key. The row and its account stay: the journal and records name them.
pub(super) async fn revoke(tx: &mut Conn, id: UserId, now: Instant) -> afpi_db::Result<()> {
    sql("UPDATE api_keys SET revoked_at = ? WHERE user_id = ?").bind(now).bind(id).execute(tx).await?;
    Ok(())
}

/// What the journal tells of a key.
pub(super) fn told(key: &ApiKey) -> Value {
    let sites: Vec<_> = key.localisations.iter().map(|site| &site.code).collect();
    let scopes: Vec<_> = key.scopes.iter().map(Scope::to_string).collect();
    json!({"name": key.name, "roleId": key.role_id, "sites": sites, "scopes": scopes, "networks": key.networks, "expiresOn": key.expires_on})
}

afpi_db::row! {
    struct KeyRow {
        id: UserId, name: String, role_id: String, name_fr: String, name_en: String, scopes: String, networks: String,
        expires_on: Option<Day>, created_at: Instant, created_by: String, last_used_at: Option<Instant>,
        last_used_from: Option<String>, revoked_at: Option<Instant>,
    }
}

/// All keys, the newest first.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<ApiKey>> {
    read(conn, None).await
}

/// The key with this id.
pub(super) async fn load(conn: &mut Conn, id: UserId) -> Result<ApiKey> {
    read(conn, Some(id)).await?.pop().ok_or_else(not_found)
}

async fn read(conn: &mut Conn, only: Option<UserId>) -> Result<Vec<ApiKey>> {
    let mut query = sql("SELECT u.id, k.name, u.role_id, ro.name_fr, ro.name_en, k.scopes, k.networks, k.expires_on, \
         k.created_at, c.name AS created_by, k.last_used_at, k.last_used_from, k.revoked_at FROM api_keys k \
         JOIN users u ON u.id = k.user_id JOIN roles ro ON ro.id = u.role_id JOIN users c ON c.id = k.created_by");
    if let Some(id) = only {
        query.push(" WHERE k.user_id = ?").arg(id);
    }
    query.push(" ORDER BY k.created_at DESC, u.id");
    let rows: Vec<KeyRow> = query.all(conn).await?;

    let mut query = sql("SELECT ul.user_id, l.id, l.code, l.name FROM user_localisations ul \
         JOIN localisations l ON l.id = ul.localisation_id WHERE ul.user_id IN ");
    query.list(rows.iter().map(|row| row.id)).push(" ORDER BY l.code");
    let mut sites: HashMap<UserId, Vec<LocalisationRef>> = HashMap::new();
    for (key, id, code, name) in query.all::<(UserId, LocalisationId, String, String)>(conn).await? {
        sites.entry(key).or_default().push(LocalisationRef { id, code, name });
    }

    let mut query = sql("SELECT user_id, hint, ends_at FROM api_key_secrets WHERE user_id IN ");
    query.list(rows.iter().map(|row| row.id));
    let now = Instant::now();
    let (mut hints, mut ends) = (HashMap::new(), HashMap::new());
    for (key, hint, end) in query.all::<(UserId, String, Option<Instant>)>(conn).await? {
        match end {
            None => drop(hints.insert(key, hint)),
            Some(end) if end > now => drop(ends.insert(key, end)),
            Some(_) => {}
        }
    }
    let key = |row: KeyRow| ApiKey {
        localisations: sites.remove(&row.id).unwrap_or_default(),
        hint: hints.remove(&row.id).unwrap_or_default(),
        previous_ends_at: ends.remove(&row.id),
        id: row.id,
        name: row.name,
        role_id: row.role_id,
        role_name: text(row.name_fr, row.name_en),
        scopes: scopes::read(&row.scopes),
        networks: row.networks.split(',').filter(|network| !network.is_empty()).map(str::to_owned).collect(),
        expires_on: row.expires_on,
        created_at: row.created_at,
        created_by: row.created_by,
        last_used_at: row.last_used_at,
        last_used_from: row.last_used_from,
        revoked_at: row.revoked_at,
    };
    Ok(rows.into_iter().map(key).collect())
}
