//! Passwords: argon2id with the default of the `argon2` crate (19 MiB, t=2, p=1: an approved row of OWASP ASVS 5, appendix C),
//! computed off the request threads and a few at a time, since each takes 19 MiB.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::problem::{ApiResult, FieldProblem, field, internal};
use crate::text::text;

/// At most so many hashes at once: bounds memory under a storm of logins.
static PERMITS: Semaphore = Semaphore::const_new(2);

/// Hash to compare with when there is no such account, so that the answer takes as long.
static NOBODY: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| compute("no password is this one").unwrap_or_default());

fn compute(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Somebody's turn at the hashing. It also lasts as long as a computation whose asker has gone.
#[derive(Clone)]
pub struct Turn {
    _permit: Arc<SemaphorePermit<'static>>,
}

/// Waits for a free place.
pub async fn turn() -> ApiResult<Turn> {
    Ok(Turn { _permit: Arc::new(PERMITS.acquire().await.map_err(internal)?) })
}

impl Turn {
    /// Does the password fit the hash? Without a hash it takes as long and says no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> ApiResult<bool> {
        self.compute(move || {
            let known = hash.is_some();
            let stored = hash.as_deref().unwrap_or(&NOBODY);
            let fits = PasswordHash::new(stored)
                .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
            known && fits
        })
        .await
    }

    async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
        let held = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _held = held;
            work()
        });
        done.await.map_err(internal)
    }
}

/// The PHC string of a password.
pub async fn hash(password: String) -> ApiResult<String> {
    let hash = turn().await?.compute(move || compute(&password)).await?;
    hash.ok_or_else(|| internal("password hashing failed"))
}

/// The rules for a new password: 12 to 128 characters, none of the well-known ones, not the person's own name or address
/// (ASVS 5: length instead of composition rules).
pub fn check_new(password: &str, email: &str, pointer: &str) -> Vec<FieldProblem> {
    let length = password.chars().count();
    let folded = password.to_lowercase();
    let local = email.split('@').next().unwrap_or("").to_lowercase();
    let weak = |word: &str| folded.contains(word) && folded.len() < word.len() + 6;
    if !(12..=128).contains(&length) {
        vec![field(pointer, "password-length", text("Entre 12 et 128 caractères.", "Between 12 and 128 characters."))]
    } else if folded.chars().collect::<std::collections::BTreeSet<_>>().len() < 5
        || ["password", "motdepasse", "azerty", "qwerty", "12345678", "afpi"].iter().any(|w| weak(w))
        || (local.len() >= 4 && weak(&local))
        || folded == crate::config::DEMO_PASSWORD
    {
        vec![field(
            pointer,
            "password-weak",
            text("Ce mot de passe est trop facile à deviner.", "This password is too easy to guess."),
        )]
    } else {
        vec![]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits_its_hash() {
        let stored = hash("une phrase assez longue".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let turn = turn().await.unwrap();
        assert!(turn.verify("une phrase assez longue".into(), Some(stored.clone())).await.unwrap());
        assert!(!turn.verify("une autre phrase longue".into(), Some(stored)).await.unwrap());
        assert!(!turn.verify("no password is this one".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_is_unknown_costs_as_much_as_who_is_known() {
        // `$argon2id$v=19$m=…,t=…,p=…$salt$hash`: what the work depends on stands before the salt, and in the hash's length.
        let shape = |phc: &str| {
            let parts: Vec<&str> = phc.split('$').collect();
            (parts[..4].join("$"), parts[5].len())
        };
        assert_eq!(shape(&NOBODY), shape(&hash("une phrase assez longue".into()).await.unwrap()));
    }

    #[test]
    fn easy_passwords_are_refused() {
        for weak in ["court", "aaaaaaaaaaaaaaa", "motdepasse123", "marie.durand1", "demo-afpi-2026"] {
            assert!(!check_new(weak, "marie.durand@exemple.fr", "/password").is_empty(), "{weak}");
        }
        assert!(check_new("trois chats verts", "marie.durand@exemple.fr", "/password").is_empty());
    }
}
