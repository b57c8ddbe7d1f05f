//! Passwords: argon2id with the defaults of the `argon2` crate (19 MiB, t=2, p=1: an approved row of OWASP ASVS 5,
//! appendix C). Hashing runs off the request threads, a few at a time (see [`queue`]).

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat};

use crate::auth::queue::{self, Queue};
use crate::auth::weak::{self, Owner, Weakness};
use afpi_core::error::{FieldProblem, Result, field, internal, unavailable};
use afpi_core::text::text;
use afpi_http::texts::{AsSent, Checked, Refusal, Rule};

/// A password in a request. [`check_new`] decides whether a new one is good.
pub type Password = Checked<Typed>;

/// 1 to 256 characters, unchanged.
pub struct Typed;
type Bounds = AsSent<1, 256>;

impl Rule for Typed {
    fn name() -> Cow<'static, str> {
        "Password".into()
    }

    fn tidy(sent: &str) -> String {
        Bounds::tidy(sent)
    }

    fn check(sent: &str) -> Result<(), Refusal> {
        Bounds::check(sent)
    }

    fn schema() -> ObjectBuilder {
        Bounds::schema().format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
    }
}

/// The queue for hashing. One per process, because its memory and its cores are the scarce resource.
static QUEUE: LazyLock<Queue> = LazyLock::new(Queue::default);

/// The hash to compare with when the account does not exist, so that the answer takes equally long.
static NOBODY: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| compute("no password is this one").unwrap_or_default());

fn compute(password: &str) -> Option<String> {
    Argon2::default().hash_password(normalised(password).as_bytes()).ok().map(|hash| hash.to_string())
}

/// A turn at hashing. It lasts until the computation ends, even when the request is gone.
#[derive(Clone)]
pub struct Turn {
    _turn: Arc<queue::Turn>,
}

/// Waits for a turn, for this address or for the product itself. 503 when too many wait.
pub async fn turn(address: Option<IpAddr>) -> Result<Turn> {
    let turn = QUEUE.turn(address).await.map_err(|queue::Full| {
        unavailable("sign-in").detail(text(
            "Trop de connexions en même temps. Réessayez dans quelques instants.",
            "Too many sign-ins at once. Try again in a moment.",
        ))
    })?;
    Ok(Turn { _turn: Arc::new(turn) })
}

impl Turn {
    /// Does the password match the hash? Without a hash it takes equally long and returns false.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.compute(move || {
            // Whoever has not chosen a password yet has an empty hash.
            let hash = hash.filter(|hash| !hash.is_empty());
            let known = hash.is_some();
            let stored = hash.as_deref().unwrap_or(&NOBODY);
            let fits = |password: &str| {
                PasswordHash::new(stored)
                    .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            };
            // Older hashes were made before passwords were normalised, from the typed text.
            let normalised = normalised(&password);
            let fits = fits(&normalised) || (normalised != password && fits(&password));
            known && fits
        })
        .await
    }

    async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let held = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _held = held;
            work()
        });
        done.await.map_err(internal)
    }
}

/// The PHC string of a password.
pub async fn hash(password: String) -> Result<String> {
    let hash = turn(None).await?.compute(move || compute(&password)).await?;
    hash.ok_or_else(|| internal("password hashing failed"))
}

/// The form of a password that is hashed: all spaces become plain ones, and equivalent spellings become one. So it
/// matches from every keyboard and system (the mappings of OpaqueString, RFC 8265 §4.2; NIST SP 800-63B-4 §3.1.1.2).
fn normalised(password: &str) -> String {
    password.chars().map(|c| if c.is_whitespace() && !unusable(c) { ' ' } else { c }).nfc().collect()
}

/// Characters that OpaqueString disallows and that people paste only by mistake: controls, line ends, and invisible
/// ones.
fn unusable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}')
}

/// The rules for a new password: 12 to 128 characters that can be typed on any keyboard, and hard to guess (ASVS 5 and
/// NIST SP 800-63B-4: length and a list of common passwords instead of composition rules).
pub fn check_new(password: &str, owner: Owner, pointer: &str) -> Vec<FieldProblem> {
    let password = normalised(password);
    let (code, message) = if !(12..=128).contains(&password.chars().count()) {
        ("password-length", text("Entre 12 et 128 caractères.", "Between 12 and 128 characters."))
    } else if password.contains(unusable) {
        (
            "password-characters",
            text(
                "Ce mot de passe contient un caractère invisible ou un saut de ligne.",
                "This password contains an invisible character or a line break.",
            ),
        )
    } else {
        let message = match weak::weakness(&password, owner) {
            None => return vec![],
            Some(Weakness::Common) => text(
                "Trop facile à deviner : mots courants, touches qui se suivent et dates sont essayés en premier, même avec des chiffres \
                 autour. Prenez au moins quatre mots sans lien entre eux.",
                "Too easy to guess: common words, keys in a row and dates are tried first, even with digits around them. Take at least \
                 four words that have nothing to do with each other.",
            ),
            Some(Weakness::Known) => text(
                "Trop facile à deviner : votre nom, votre adresse, AFPI, ses sites et ses métiers ne comptent pas. Prenez au moins quatre \
                 mots sans lien entre eux.",
                "Too easy to guess: your name, your address, AFPI, its sites and its trade count for nothing. Take at least four words \
                 that have nothing to do with each other.",
            ),
        };
        ("password-weak", message)
    };
    vec![field(pointer, code, message)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits_its_hash() {
        let stored = hash("une phrase assez longue".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let turn = turn(None).await.unwrap();
        assert!(turn.verify("une phrase assez longue".into(), Some(stored.clone())).await.unwrap());
        assert!(!turn.verify("une autre phrase longue".into(), Some(stored)).await.unwrap());
        assert!(!turn.verify("no password is this one".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_is_unknown_costs_as_much_as_who_is_known() {
        // `$argon2id$v=19$m=…,t=…,p=…$salt$hash`: the parameters before the salt and the length of the hash determine
        // the work.
        let shape = |phc: &str| {
            let parts: Vec<&str> = phc.split('$').collect();
            (parts[..4].join("$"), parts[5].len())
        };
        assert_eq!(shape(&NOBODY), shape(&hash("une phrase assez longue".into()).await.unwrap()));
    }

    /// « é » as one character and as two, a no-break space and a plain one: the same keys on two systems.
    #[tokio::test]
    async fn a_password_fits_however_a_system_writes_it() {
        let (composed, decomposed) =
            ("été\u{a0}d'Amélie à Nîmes", "e\u{301}te\u{301} d'Ame\u{301}lie a\u{300} Ni\u{302}mes");
        let turn = turn(None).await.unwrap();
        for (set, typed) in [(composed, decomposed), (decomposed, composed)] {
            let stored = hash(set.into()).await.unwrap();
            assert!(turn.verify(typed.into(), Some(stored.clone())).await.unwrap());
            assert!(!turn.verify("ete d'Amelie a Nimes".into(), Some(stored)).await.unwrap());
        }
        let before = Argon2::default().hash_password(decomposed.as_bytes()).unwrap().to_string();
        assert!(turn.verify(decomposed.into(), Some(before)).await.unwrap(), "a hash from before is still good");
    }

    #[test]
    fn what_is_refused_says_why() {
        let owner = Owner { email: "marie.durand@exemple.fr", name: "Marie Durand" };
        let code = |password: &str| check_new(password, owner, "/password").first().map(|problem| problem.code.clone());
        for (password, refused) in [
            ("court", Some("password-length")),
            (&*"é".repeat(129), Some("password-length")),
            ("trois chats\nverts", Some("password-characters")),
            ("trois chats\u{200b} verts", Some("password-characters")),
            ("Bienvenue2026", Some("password-weak")),
            ("marie.durand1", Some("password-weak")),
            (crate::config::DEMO_PASSWORD, Some("password-weak")),
            ("trois\u{a0}chats verts", None),
            ("baguette 🥖 et chats", None),
        ] {
            assert_eq!(code(password).as_deref(), refused, "{password}");
        }
    }
}
