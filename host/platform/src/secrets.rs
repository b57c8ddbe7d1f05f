//! Stored secrets of plugins: encrypted with a key of this installation, decrypted only for a plugin's HTTP request. The
//! host encrypts secrets of its own in the same way ([`Secrets::lock`]).

use afpi_core::clock::Instant;
use afpi_core::id::{LocalisationId, WebhookId};
use afpi_core::keys;
use afpi_db::{Conn, Db, dialect, sql};
use afpi_plugins::ports::{SecretStore, Space, StoreError};
use async_trait::async_trait;
use chacha20poly1305::aead::{Aead, AeadCore, OsRng, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::auth::second_factor;

/// Length of XChaCha20's nonce; long enough for a random one per encryption.
const NONCE: usize = 24;

/// Encrypts and decrypts. Clones are cheap.
pub struct Secrets {
    db: Db,
    cipher: XChaCha20Poly1305,
    /// Those of the installation's other secrets: they only decrypt.
    accepted: Vec<XChaCha20Poly1305>,
}

/// A kind of secrets of the host's own.
struct Own {
    what: &'static str,
    /// Reads id and sealed value of each.
    select: &'static str,
    /// Writes a sealed value over the one before.
    update: &'static str,
    place: fn(Uuid) -> String,
}

const OWN: [Own; 2] = [
    Own {
        what: "second factor",
        select: "SELECT user_id, sealed FROM second_factors WHERE sealed IS NOT NULL",
        update: "UPDATE second_factors SET sealed = ? WHERE user_id = ? AND sealed = ?",
        place: |id| second_factor::place(id.into()),
    },
    Own {
        what: "webhook",
        select: "SELECT id, sealed FROM webhooks",
        update: "UPDATE webhooks SET sealed = ? WHERE id = ? AND sealed = ?",
        place: |id| webhook_place(id.into()),
    },
];

/// The place that the secret of a webhook is sealed for.
pub fn webhook_place(webhook: WebhookId) -> String {
    format!("webhook {webhook}")
}

/// What [`Secrets::encrypt_anew`] found.
#[derive(Debug, Default, PartialEq)]
pub struct Anew {
    /// Secrets that had the present key already.
    pub current: usize,
    /// Secrets that have it now.
    pub changed: usize,
    /// Plugin and name of each secret that no key opens; of a second factor its person, of a webhook its id.
    pub closed: Vec<(String, String)>,
}

impl Secrets {
    /// `secrets` are the installation's (`AFPI_SECRET`). What was encrypted with one that is not among them is lost.
    pub fn new(db: Db, secrets: &keys::Secrets) -> Secrets {
        let (key, accepted) = secrets.keys("plugin secrets");
        let cipher = |key: &keys::Key| XChaCha20Poly1305::new((&**key).into());
        Secrets { db, cipher: cipher(&key), accepted: accepted.iter().map(cipher).collect() }
    }

    /// Encrypts everything with the present key that has another one. What is written meanwhile stays.
    pub async fn encrypt_anew(&self) -> afpi_db::Result<Anew> {
        let mut anew = Anew::default();
        for (plugin, site, name, sealed) in self.all().await? {
            if decrypt(&self.cipher, &place(&plugin, site, &name), &sealed).is_some() {
                anew.current += 1;
                continue;
            }
            let Some(value) = self.open(&plugin, site, &name, &sealed) else {
                anew.closed.push((plugin, name));
                continue;
            };
            let renewed = self.seal(&plugin, site, &name, &value);
            afpi_db::retry(|| async {
                let mut tx = self.db.begin().await?;
                sql("UPDATE plugin_secrets SET sealed = ? \
                     WHERE plugin_id = ? AND localisation_id = ? AND name = ? AND sealed = ?")
                .bind(renewed.clone())
                .bind(plugin.as_str())
                .bind(site)
                .bind(name.as_str())
                .bind(sealed.clone())
                .execute(&mut tx)
                .await?;
                tx.commit().await
            })
            .await?;
            anew.changed += 1;
        }
        for kind in OWN {
            for (id, sealed) in self.own_secrets(&kind).await? {
                let place = (kind.place)(id);
                if decrypt(&self.cipher, &own(&place), &sealed).is_some() {
                    anew.current += 1;
                    continue;
                }
                let Some(value) = self.unlock(&place, &sealed) else {
                    anew.closed.push((kind.what.to_owned(), id.to_string()));
                    continue;
                };
                let renewed = self.lock(&place, &value);
                afpi_db::retry(|| async {
                    let mut tx = self.db.begin().await?;
                    let update = sql(kind.update).bind(renewed.clone()).bind(id).bind(sealed.clone());
                    update.execute(&mut tx).await?;
                    tx.commit().await
                })
                .await?;
                anew.changed += 1;
            }
        }
        Ok(anew)
    }

    /// How many secrets have another key than the present one, and how many no key opens.
    pub async fn behind(&self) -> afpi_db::Result<(usize, usize)> {
        let (mut others, mut closed) = (0, 0);
        for (plugin, site, name, sealed) in self.all().await? {
            if decrypt(&self.cipher, &place(&plugin, site, &name), &sealed).is_none() {
                match self.open(&plugin, site, &name, &sealed) {
                    Some(_) => others += 1,
                    None => closed += 1,
                }
            }
        }
        for kind in OWN {
            for (id, sealed) in self.own_secrets(&kind).await? {
                let place = (kind.place)(id);
                if decrypt(&self.cipher, &own(&place), &sealed).is_none() {
                    match self.unlock(&place, &sealed) {
                        Some(_) => others += 1,
                        None => closed += 1,
                    }
                }
            }
        }
        Ok((others, closed))
    }

    async fn own_secrets(&self, kind: &Own) -> afpi_db::Result<Vec<(Uuid, Vec<u8>)>> {
        sql(kind.select).all(&mut self.db.read().await?).await
    }

    async fn all(&self) -> afpi_db::Result<Vec<(String, LocalisationId, String, Vec<u8>)>> {
        sql("SELECT plugin_id, localisation_id, name, sealed FROM plugin_secrets").all(&mut self.db.read().await?).await
    }

    /// Stores a secret's value, or removes it.
    pub async fn put(
        &self,
        tx: &mut Conn,
        plugin: &str,
        site: LocalisationId,
        name: &str,
        value: Option<&str>,
    ) -> afpi_db::Result<()> {
        let Some(value) = value else {
            sql("DELETE FROM plugin_secrets WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
                .bind(plugin)
                .bind(site)
                .bind(name)
                .execute(tx)
                .await?;
            return Ok(());
        };
        let sealed = self.seal(plugin, site, name, value);
        let mut query =
            sql("INSERT INTO plugin_secrets (plugin_id, localisation_id, name, sealed, updated_at) VALUES ");
        query.rows([[plugin.into(), site.into(), name.into(), sealed.into(), Instant::now().into()]]);
        dialect::upsert(&mut query, tx.backend(), &["plugin_id", "localisation_id", "name"], &["sealed", "updated_at"]);
        query.execute(tx).await?;
        Ok(())
    }

    /// Encrypts a secret of the host's own, for this place only.
    pub fn lock(&self, place: &str, value: &str) -> Vec<u8> {
        self.encrypt(&own(place), value)
    }

    /// `None` when it was locked with an unknown key or for another place, or was tampered with.
    pub fn unlock(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<String>> {
        self.decrypt(&own(place), sealed)
    }

    fn seal(&self, plugin: &str, site: LocalisationId, name: &str, value: &str) -> Vec<u8> {
        self.encrypt(&place(plugin, site, name), value)
    }

    /// Nonce, then ciphertext with its tag.
    fn encrypt(&self, place: &[u8], value: &str) -> Vec<u8> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let payload = Payload { msg: value.as_bytes(), aad: place };
        let sealed =
            self.cipher.encrypt(&nonce, payload).expect("a secret is far shorter than the cipher's limit of 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` when it was encrypted with an unknown key or for another place, or was tampered with.
    fn open(&self, plugin: &str, site: LocalisationId, name: &str, sealed: &[u8]) -> Option<Zeroizing<String>> {
        self.decrypt(&place(plugin, site, name), sealed)
    }

    fn decrypt(&self, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<String>> {
        let mut ciphers = std::iter::once(&self.cipher).chain(&self.accepted);
        ciphers.find_map(|cipher| decrypt(cipher, place, sealed))
    }
}

/// `None` when it has another key, or was encrypted for another place.
fn decrypt(cipher: &XChaCha20Poly1305, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<String>> {
    let (nonce, text) = sealed.split_at_checked(NONCE)?;
    let payload = Payload { msg: text, aad: place };
    let opened = cipher.decrypt(XNonce::from_slice(nonce), payload).ok()?;
    String::from_utf8(opened).ok().map(Zeroizing::new)
}

/// The associated data of an encrypted value, so that a row moved to another plugin, site or name cannot be decrypted.
/// Lengths keep two places from being equal.
fn place(plugin: &str, site: LocalisationId, name: &str) -> Vec<u8> {
    let mut place = (plugin.len() as u64).to_le_bytes().to_vec();
    place.extend_from_slice(plugin.as_bytes());
    place.extend_from_slice(site.uuid().as_bytes());
    place.extend_from_slice(name.as_bytes());
    place
}

/// The same for a secret of the host's own. No plugin's id is so long.
fn own(place: &str) -> Vec<u8> {
    [&u64::MAX.to_le_bytes()[..], place.as_bytes()].concat()
}

/// Names of the secrets that have a value.
pub async fn names(conn: &mut Conn, plugin: &str, site: LocalisationId) -> afpi_db::Result<Vec<String>> {
    let rows = sql("SELECT name FROM plugin_secrets WHERE plugin_id = ? AND localisation_id = ? ORDER BY name")
        .bind(plugin)
        .bind(site)
        .all::<(String,)>(conn)
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The site id in the tables for the runtime's site: empty is the network.
pub fn site_id(site: &str) -> Result<LocalisationId, StoreError> {
    if site.is_empty() {
        Ok(LocalisationId::NETWORK)
    } else {
        site.parse::<LocalisationId>().map_err(|e| StoreError::Unavailable(e.to_string()))
    }
}

/// A storage error in the form of a plugin's call.
pub fn away(error: afpi_db::DbError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

#[async_trait]
impl SecretStore for Secrets {
    async fn get(&self, space: Space<'_>, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        let row = sql("SELECT sealed FROM plugin_secrets WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
            .bind(space.plugin)
            .bind(site)
            .bind(name)
            .optional::<(Vec<u8>,)>(&mut conn)
            .await
            .map_err(away)?;
        let Some((sealed,)) = row else { return Ok(None) };
        let opened = self.open(space.plugin, site, name, &sealed);
        if opened.is_none() {
            tracing::error!(
                plugin.id = space.plugin,
                secret = name,
                "a secret does not open: was AFPI_SECRET changed? Enter it anew"
            );
        }
        Ok(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sealed_secret_opens_only_in_its_place_and_with_its_key() {
        let dir = tempfile::tempdir().unwrap();
        let db = afpi_db::testing::sqlite(&dir).await;
        let secrets = Secrets::new(db.clone(), &"the one secret of this installation".into());
        let (site, other) = (LocalisationId::generate(), LocalisationId::generate());
        let sealed = secrets.seal("ypareo", site, "token", "s3cret-vàlue");
        assert_eq!(secrets.open("ypareo", site, "token", &sealed).unwrap().as_str(), "s3cret-vàlue");
        assert!(!sealed.windows(6).any(|w| w == b"s3cret"), "the value is readable");
        assert_ne!(sealed, secrets.seal("ypareo", site, "token", "s3cret-vàlue"), "a nonce came twice");

        assert!(secrets.open("ypareo", other, "token", &sealed).is_none());
        assert!(secrets.open("ypareo", site, "tokens", &sealed).is_none());
        assert!(secrets.open("ypareox", site, "token", &sealed).is_none());
        assert!(Secrets::new(db, &"another secret".into()).open("ypareo", site, "token", &sealed).is_none());
        let own = secrets.lock("letter", "s3cret");
        assert_eq!(secrets.unlock("letter", &own).unwrap().as_str(), "s3cret");
        assert!(secrets.unlock("lette", &own).is_none() && secrets.open("letter", site, "", &own).is_none());

        let mut bent = sealed.clone();
        bent[NONCE] ^= 1;
        assert!(secrets.open("ypareo", site, "token", &bent).is_none());
        assert!(secrets.open("ypareo", site, "token", &sealed[..NONCE - 1]).is_none());
    }
    #[tokio::test]
    async fn what_another_secret_encrypted_opens_and_is_encrypted_anew() {
        let dir = tempfile::tempdir().unwrap();
        let db = afpi_db::testing::sqlite(&dir).await;
        let secrets = |of: keys::Secrets| Secrets::new(db.clone(), &of);
        let site = LocalisationId::NETWORK;
        let (lost, old) = (secrets("lost".into()), secrets("old".into()));
        let new = secrets(keys::Secrets::from("new").accepting("old".to_owned()));
        let mut tx = db.begin().await.unwrap();
        sql("INSERT INTO plugins (id, kind, version, installed_at) VALUES ('p', 'k', '1', 0)")
            .execute(&mut tx)
            .await
            .unwrap();
        for (by, name) in [(&lost, "a"), (&old, "b"), (&new, "c")] {
            by.put(&mut tx, "p", site, name, Some("value")).await.unwrap();
        }
        tx.commit().await.unwrap();
        let space = Space { plugin: "p", site: "" };
        assert_eq!(new.get(space, "b").await.unwrap().unwrap().as_str(), "value");
        assert_eq!(new.behind().await.unwrap(), (1, 1));
        let closed = vec![("p".to_owned(), "a".to_owned())];
        assert_eq!(new.encrypt_anew().await.unwrap(), Anew { current: 1, changed: 1, closed: closed.clone() });
        assert_eq!(new.encrypt_anew().await.unwrap(), Anew { current: 2, changed: 0, closed });

        let alone = secrets("new".into());
        for name in ["b", "c"] {
            assert_eq!(alone.get(space, name).await.unwrap().unwrap().as_str(), "value");
        }
        assert!(old.get(space, "b").await.unwrap().is_none());
    }
}
