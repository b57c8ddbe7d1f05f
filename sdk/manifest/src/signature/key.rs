//! Keys that sign plugins and keys that verify them, and the one line of text each is kept as.
//!
//! ```text
//! afpi-key-v1 private <64 hexadecimal digits> <name>
//! afpi-key-v1 public <64 hexadecimal digits> <name>
//! ```

use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

const FORMAT: &str = "afpi-key-v1";
/// The longest name of a key, in characters.
const LONGEST_NAME: usize = 80;

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("this is not a key file; it must begin with `{FORMAT} private` or `{FORMAT} public`")]
    Format,
    #[error("this is a private key where a public one (.pub) is wanted")]
    NotPublic,
    #[error("this is a public key where a private one is wanted")]
    NotPrivate,
    #[error("the key must be 64 hexadecimal digits")]
    Digits,
    #[error("these digits are no usable public key")]
    Unusable,
    #[error("a key's name has 1 to {LONGEST_NAME} printable characters")]
    Name,
    #[error("the system gave no random numbers")]
    NoRandom,
}

/// Names a public key: the first 16 bytes of its SHA-256. Shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub(super) [u8; 16]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// What signs. Its text form is a secret; its memory is wiped when it is dropped.
pub struct PrivateKey {
    pub(super) key: SigningKey,
    name: String,
}

impl PrivateKey {
    /// A new key from the system's random numbers. `name` says whose it is.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|_| KeyError::NoRandom)?;
        PrivateKey::from_seed(&seed, name)
    }

    /// The key that belongs to these 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32], name: &str) -> Result<Self, KeyError> {
        Ok(PrivateKey { key: SigningKey::from_bytes(seed), name: checked_name(name)? })
    }

    pub fn public(&self) -> PublicKey {
        PublicKey { key: self.key.verifying_key(), name: self.name.clone() }
    }

    /// The line to keep in a file only its owner can read.
    pub fn to_text(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex(self.key.as_bytes()));
        Zeroizing::new(format!("{FORMAT} private {} {}\n", *digits, self.name))
    }
}

/// It never prints its secret.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, {})", self.public().id(), self.name)
    }
}

impl FromStr for PrivateKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (secret, digits, name) = line(text)?;
        if !secret {
            return Err(KeyError::NotPrivate);
        }
        PrivateKey::from_seed(&Zeroizing::new(digits), name)
    }
}

/// What verifies. Displays as the line of its `.pub` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    pub(super) key: VerifyingKey,
    name: String,
}

impl PublicKey {
    /// From the 32 bytes of an ed25519 public key. Weak keys, for which anybody could sign, are refused.
    pub fn from_bytes(bytes: &[u8; 32], name: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Unusable)?;
        if key.is_weak() {
            return Err(KeyError::Unusable);
        }
        Ok(PublicKey { key, name: checked_name(name)? })
    }

    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    pub fn id(&self) -> KeyId {
        let digest = Sha256::digest(self.key.as_bytes());
        KeyId(std::array::from_fn(|at| digest[at]))
    }

    /// Whose key it is, in the words of who made it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORMAT} public {} {}", hex(self.key.as_bytes()), self.name)
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (secret, digits, name) = line(text)?;
        if secret {
            return Err(KeyError::NotPublic);
        }
        PublicKey::from_bytes(&digits, name)
    }
}

/// Is it secret, its bytes, and its name.
fn line(text: &str) -> Result<(bool, [u8; 32], &str), KeyError> {
    let rest = text.trim().strip_prefix(FORMAT).ok_or(KeyError::Format)?;
    let mut words = rest.trim_start().splitn(3, ' ');
    let secret = match words.next() {
        Some("private") => true,
        Some("public") => false,
        _ => return Err(KeyError::Format),
    };
    let digits = words.next().and_then(unhex).ok_or(KeyError::Digits)?;
    Ok((secret, digits, words.next().unwrap_or_default()))
}

fn checked_name(name: &str) -> Result<String, KeyError> {
    let name = name.trim();
    afpi_text::check_line(name, LONGEST_NAME).map(|()| name.to_owned()).map_err(|_| KeyError::Name)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}
