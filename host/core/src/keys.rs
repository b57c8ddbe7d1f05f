//! Keys derived from the installation's secret, one per purpose, so that no two uses share a key.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A key for one purpose.
pub type Key = Zeroizing<[u8; 32]>;

/// The secrets of an installation. The first one makes what is new. The others are only accepted, while one of them
/// takes over or goes.
#[derive(Clone)]
pub struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    /// Accepts one more.
    #[must_use]
    pub fn accepting(mut self, other: impl Into<Zeroizing<String>>) -> Secrets {
        self.0.push(other.into());
        self
    }

    /// Is one of the accepted ones the first one itself?
    pub fn repeats(&self) -> bool {
        self.0[1..].contains(&self.0[0])
    }

    /// The key for a purpose, and those that are accepted for it.
    pub fn keys(&self, purpose: &str) -> (Key, Vec<Key>) {
        let derived = |secret: &Zeroizing<String>| derive(secret, purpose);
        (derived(&self.0[0]), self.0[1..].iter().map(derived).collect())
    }
}

impl<T: Into<String>> From<T> for Secrets {
    fn from(secret: T) -> Secrets {
        Secrets(vec![Zeroizing::new(secret.into())])
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

/// HMAC-SHA256(secret, purpose).
fn derive(secret: &str, purpose: &str) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(b"afpi-crm ");
    mac.update(purpose.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_and_each_secret_has_its_own_key() {
        let secrets = Secrets::from("one").accepting("two".to_owned());
        let (tokens, accepted) = secrets.keys("tokens");
        assert_eq!(accepted, vec![Secrets::from("two").keys("tokens").0]);
        assert_ne!(tokens, accepted[0]);
        assert_ne!(tokens, secrets.keys("plugins").0);
        assert!(!secrets.repeats() && secrets.accepting("one".to_owned()).repeats());
    }
}
