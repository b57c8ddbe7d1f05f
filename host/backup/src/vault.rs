//! The place where the backups of one installation are: objects that are sealed on their way in and opened on their way
//! out, and the key to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use afpi_files::{Lost, Place, Writer};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use futures::TryStreamExt;
use futures::stream::BoxStream;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{BackupError, Result};
use crate::rows::hex;
use crate::seal::{Key, Opener, Sealer, random};

const HEAD: &str = "vault.json";
const FORMAT: u32 = 1;
const INCOMING: &str = "incoming";
const FILES: &str = "files";
/// Length of XChaCha20's nonce.
const NONCE: usize = 24;

/// `vault.json`.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    installation: String,
    /// Nothing is encrypted without it.
    key: Option<SealedKey>,
}

/// The key of all objects, encrypted with a key that is made of the passphrase by argon2id.
#[derive(Serialize, Deserialize)]
struct SealedKey {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    /// Base64, as the key.
    salt: String,
    sealed: String,
}

/// The backups of one installation.
pub struct Vault {
    place: Arc<dyn Place>,
    key: Option<Key>,
}

impl Vault {
    /// Opens what is there, to read it.
    pub async fn open(place: Arc<dyn Place>, passphrase: Option<&str>) -> Result<Vault> {
        let head = head(&*place).await?.ok_or(BackupError::NoBackup)?;
        Vault::unlock(place, &head, passphrase)
    }

    /// Opens the backups of this installation to add one, or begins them.
    pub async fn for_backup(place: Arc<dyn Place>, passphrase: Option<&str>, installation: &str) -> Result<Vault> {
        if let Some(head) = head(&*place).await? {
            if head.installation != installation {
                return Err(BackupError::Foreign(head.installation));
            }
            return Vault::unlock(place, &head, passphrase);
        }
        let key = passphrase.map(|passphrase| {
            let key = Key::new(random());
            (SealedKey::seal(&key, passphrase), key)
        });
        let (sealed, key) = key.unzip();
        let head = Head { format: FORMAT, installation: installation.to_owned(), key: sealed };
        let text = serde_json::to_vec_pretty(&head).expect("plain data serialises");
        put(&*place, HEAD, text.into()).await.map_err(at(HEAD))?;
        Ok(Vault { place, key })
    }

    fn unlock(place: Arc<dyn Place>, head: &Head, passphrase: Option<&str>) -> Result<Vault> {
        let key = match (&head.key, passphrase) {
            (None, None) => None,
            (None, Some(_)) => return Err(BackupError::NotEncrypted),
            (Some(_), None) => return Err(BackupError::Encrypted),
            (Some(sealed), Some(passphrase)) => Some(sealed.open(passphrase)?),
        };
        Ok(Vault { place, key })
    }

    /// Begins an object.
    pub(crate) async fn write(&self, object: &str) -> Result<Writing<'_>> {
        let path = format!("{INCOMING}/{}", Uuid::now_v7());
        let to = self.place.write(&path).await.map_err(at(object))?;
        let sealer = Sealer::new(self.key.as_ref()).map_err(|error| BackupError::damaged(object, error))?;
        Ok(Writing { vault: self, object: object.to_owned(), path, to, sealer, hash: Sha256::new() })
    }

    /// Reads an object.
    pub(crate) async fn read(&self, object: &str) -> Result<Reading> {
        let stored = match self.place.read(object).await {
            Err(Lost::Missing) => return Err(BackupError::Missing(object.to_owned())),
            stored => stored.map_err(at(object))?,
        };
        let opener = Opener::new(self.key.as_ref()).map_err(|error| BackupError::damaged(object, error))?;
        Ok(Reading { object: object.to_owned(), stored, opener: Some(opener), hash: Sha256::new(), line: Vec::new() })
    }

    /// The objects below this path.
    pub(crate) async fn list(&self, below: &str) -> Result<BTreeSet<String>> {
        self.place.list(below).map_ok(|object| object.path).try_collect().await.map_err(at(below))
    }

    /// All contents of files that are here.
    pub(crate) async fn contents(&self) -> Result<BTreeSet<String>> {
        self.list(FILES).await
    }

    /// Objects whose writer was killed.
    pub(crate) async fn incoming(&self) -> Result<BTreeSet<String>> {
        self.list(INCOMING).await
    }

    pub(crate) async fn remove(&self, object: &str) -> Result<()> {
        match self.place.remove(object).await {
            Ok(()) | Err(Lost::Missing) => Ok(()),
            Err(error) => Err(at(object)(error)),
        }
    }

    /// Where the content with this hash is. In an encrypted place the name does not say which content it is.
    pub(crate) fn content(&self, sha256: &str) -> String {
        let name = match &self.key {
            None => sha256.to_owned(),
            Some(key) => {
                let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&**key).expect("HMAC takes keys of any length");
                mac.update(sha256.as_bytes());
                hex(&mac.finalize().into_bytes())
            }
        };
        format!("{FILES}/{}/{name}", name.get(..2).unwrap_or_default())
    }
}

pub(crate) fn at(object: &str) -> impl Fn(Lost) -> BackupError + use<'_> {
    |source| BackupError::Place { object: object.to_owned(), source }
}

async fn head(place: &dyn Place) -> Result<Option<Head>> {
    let stored = match place.read(HEAD).await {
        Err(Lost::Missing) => return Ok(None),
        stored => stored.map_err(at(HEAD))?,
    };
    let text: Vec<Bytes> = stored.try_collect().await.map_err(at(HEAD))?;
    let head: Head = serde_json::from_slice(&text.concat()).map_err(|error| BackupError::damaged(HEAD, error))?;
    if head.format != FORMAT {
        return Err(BackupError::Format(head.format));
    }
    Ok(Some(head))
}

/// Writes a small object as it is.
async fn put(place: &dyn Place, object: &str, bytes: Bytes) -> Result<(), Lost> {
    let path = format!("{INCOMING}/{}", Uuid::now_v7());
    let mut to = place.write(&path).await?;
    to.put(bytes).await?;
    to.finish().await?;
    place.rename(&path, object).await
}

impl SealedKey {
    fn seal(key: &Key, passphrase: &str) -> SealedKey {
        let (salt, nonce) = (random::<16>(), random::<NONCE>());
        // 64 MiB and three passes: half a second for the one who knows it, a long time for the one who guesses.
        let mut sealed =
            SealedKey { memory_kib: 64 << 10, passes: 3, lanes: 1, salt: STANDARD.encode(salt), sealed: String::new() };
        let lock = sealed.lock(passphrase).expect("the parameters are valid");
        let text = lock.encrypt(XNonce::from_slice(&nonce), key.as_slice()).expect("32 bytes are not too many");
        sealed.sealed = STANDARD.encode([nonce.as_slice(), &text].concat());
        sealed
    }

    fn open(&self, passphrase: &str) -> Result<Key> {
        let lock = self.lock(passphrase).ok_or_else(|| BackupError::damaged(HEAD, "its key cannot be read"))?;
        let sealed = STANDARD.decode(&self.sealed).map_err(|error| BackupError::damaged(HEAD, error))?;
        let (nonce, text) =
            sealed.split_at_checked(NONCE).ok_or_else(|| BackupError::damaged(HEAD, "its key is too short"))?;
        let key = lock.decrypt(XNonce::from_slice(nonce), text).map(Zeroizing::new);
        let key = key.map_err(|_| BackupError::Passphrase)?;
        let key: [u8; 32] =
            key.as_slice().try_into().map_err(|_| BackupError::damaged(HEAD, "its key has another length"))?;
        Ok(Key::new(key))
    }

    /// `None`: parameters or salt are not such as argon2 takes.
    fn lock(&self, passphrase: &str) -> Option<XChaCha20Poly1305> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).ok()?;
        let salt = STANDARD.decode(&self.salt).ok()?;
        let mut key = Key::new([0; 32]);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(passphrase.as_bytes(), &salt, key.as_mut_slice()).ok()?;
        Some(XChaCha20Poly1305::new((&*key).into()))
    }
}

/// An object that is being written.
pub(crate) struct Writing<'v> {
    vault: &'v Vault,
    object: String,
    path: String,
    to: Box<dyn Writer>,
    sealer: Sealer,
    hash: Sha256,
}

impl Writing<'_> {
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        let sealed = self.sealer.push(bytes).map_err(|error| BackupError::damaged(&self.object, error))?;
        if !sealed.is_empty() {
            self.to.put(sealed).await.map_err(at(&self.object))?;
        }
        Ok(())
    }

    /// The SHA-256 of what was pushed. The object is there once this returns.
    pub async fn finish(mut self) -> Result<String> {
        let rest = self.sealer.finish().map_err(|error| BackupError::damaged(&self.object, error))?;
        self.to.put(rest).await.map_err(at(&self.object))?;
        self.to.finish().await.map_err(at(&self.object))?;
        self.vault.place.rename(&self.path, &self.object).await.map_err(at(&self.object))?;
        Ok(hex(&self.hash.finalize()))
    }

    /// Nothing of it stays.
    pub async fn abort(mut self) {
        self.to.abort().await;
    }
}

/// An object that is being read.
pub(crate) struct Reading {
    pub object: String,
    stored: BoxStream<'static, Result<Bytes, Lost>>,
    /// Until the end.
    opener: Option<Opener>,
    hash: Sha256,
    /// What was read of lines that were not asked for yet.
    line: Vec<u8>,
}

impl Reading {
    /// The next bytes, at least one. `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        while let Some(opener) = &mut self.opener {
            let opened = match self.stored.try_next().await.map_err(at(&self.object))? {
                Some(bytes) => opener.push(&bytes),
                None => self.opener.take().map_or(Ok(Vec::new()), Opener::finish),
            };
            let opened = opened.map_err(|error| BackupError::damaged(&self.object, error))?;
            self.hash.update(&opened);
            if !opened.is_empty() {
                return Ok(Some(opened.into()));
            }
        }
        Ok(None)
    }

    /// The next line, without its end. `None` at the end.
    pub async fn line(&mut self) -> Result<Option<Vec<u8>>> {
        let mut looked = 0;
        loop {
            if let Some(end) = self.line[looked..].iter().position(|byte| *byte == b'\n') {
                let rest = self.line.split_off(looked + end + 1);
                let mut line = std::mem::replace(&mut self.line, rest);
                line.pop();
                return Ok(Some(line));
            }
            looked = self.line.len();
            match self.next().await? {
                Some(bytes) => self.line.extend_from_slice(&bytes),
                None if self.line.is_empty() => return Ok(None),
                None => return Err(BackupError::damaged(&self.object, "its last line has no end")),
            }
        }
    }

    /// Everything, of a small object.
    pub async fn all(mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await? {
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    /// Compares what was read, to its end, with the hash that it must have.
    pub fn is(self, sha256: &str) -> Result<()> {
        match hex(&self.hash.finalize()) == sha256 {
            true => Ok(()),
            false => Err(BackupError::damaged(&self.object, "its content is not that of its hash")),
        }
    }
}
