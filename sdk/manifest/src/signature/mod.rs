//! Who answers for a plugin file: an ed25519 signature in its last section, over every byte before it.
//!
//! As it covers the whole file, it covers id, version, wishes and code at once; nothing can be swapped, added or left
//! out. What a key is trusted for is the host's business.

mod key;

pub use key::{KeyError, KeyId, PrivateKey, PublicKey};

use crate::{SectionError, section, walk};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

/// Name of the custom section; always the last one.
pub const SIGNATURE_SECTION: &str = "afpi:signature";

/// Says what these signatures are about, so that none can be taken for one about something else.
const DOMAIN: &[u8] = b"AFPI CRM plugin signature v1\0";
/// The section's data: this byte, 16 bytes of key id, 64 bytes of signature.
const VERSION: u8 = 1;

/// Why a signature does not hold.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    #[error(transparent)]
    File(#[from] SectionError),
    #[error("the plugin is not signed")]
    Unsigned,
    #[error("something follows the signature; it must come last")]
    NotLast,
    #[error("the signature has an unknown form; it may come from a newer tool")]
    Malformed,
    #[error("the plugin is signed with the key {0}, which is not among the trusted ones")]
    UnknownKey(KeyId),
    #[error("the signature does not fit: the file was changed after it was signed with the key {0}")]
    Broken(KeyId),
}

/// A signature found in a file, not verified yet: [`Signed::check`] does that.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// Everything the signature covers: the file without its last section.
    pub bytes: &'a [u8],
    /// The key it claims to be made with.
    pub key: KeyId,
    signature: [u8; 64],
}

impl<'a> Signed<'a> {
    /// The signature of a packed plugin; `None` when it carries none. Says nothing yet about whether it holds.
    pub fn read(file: &'a [u8]) -> Result<Option<Self>, SignatureError> {
        let Some(data) = walk::only(file, SIGNATURE_SECTION)? else { return Ok(None) };
        let last = walk::customs(file)?.pop().ok_or(SignatureError::NotLast)?;
        if last.name != SIGNATURE_SECTION.as_bytes() || last.range.end != file.len() {
            return Err(SignatureError::NotLast);
        }
        let Some((&[VERSION], rest)) = data.split_first_chunk() else { return Err(SignatureError::Malformed) };
        let Some((id, signature)) = rest.split_first_chunk() else { return Err(SignatureError::Malformed) };
        let signature = signature.try_into().map_err(|_| SignatureError::Malformed)?;
        Ok(Some(Signed { bytes: &file[..last.range.start], key: KeyId(*id), signature }))
    }

    /// Does it hold, by this key?
    pub fn check(&self, key: &PublicKey) -> Result<(), SignatureError> {
        if key.id() != self.key {
            return Err(SignatureError::UnknownKey(self.key));
        }
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature);
        key.key.verify_strict(&statement(self.bytes), &signature).map_err(|_| SignatureError::Broken(self.key))
    }
}

/// Signs a packed plugin. It must carry its manifest and no signature yet.
pub fn sign(file: &mut Vec<u8>, key: &PrivateKey) -> Result<(), SignatureError> {
    section::extract(file)?;
    let signature = key.key.sign(&statement(file)).to_bytes();
    let data = [&[VERSION][..], &key.public().id().0, &signature].concat();
    Ok(section::add(file, SIGNATURE_SECTION, &data)?)
}

/// The signature of a file, verified by one of these keys. No signature, one by another key and one that does not fit
/// are errors.
pub fn verify<'f, 'k>(
    file: &'f [u8],
    keys: impl IntoIterator<Item = &'k PublicKey>,
) -> Result<Signed<'f>, SignatureError> {
    let signed = Signed::read(file)?.ok_or(SignatureError::Unsigned)?;
    let key = keys.into_iter().find(|key| key.id() == signed.key).ok_or(SignatureError::UnknownKey(signed.key))?;
    signed.check(key)?;
    Ok(signed)
}

/// What is signed: the domain, then the SHA-256 of the bytes.
fn statement(bytes: &[u8]) -> Vec<u8> {
    [DOMAIN, &Sha256::digest(bytes)].concat()
}
