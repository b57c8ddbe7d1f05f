//! The secret of a key: `afpi_`, 32 random letters and digits (190 bits), and a checksum of 6. Secret scanners find it by
//! its prefix and know by the checksum that it is one, without asking anybody; so does the server, which therefore reads
//! the database for no random text. GitHub's tokens have the same form. Only the SHA-256 of a secret is stored.

use rand::distr::{Alphanumeric, SampleString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The first characters of every secret.
pub const PREFIX: &str = "afpi_";

const RANDOM: usize = 32;
const CHECKSUM: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The secret of a key.
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn generate() -> Secret {
        let random = Zeroizing::new(Alphanumeric.sample_string(&mut rand::rng(), RANDOM));
        Secret(Zeroizing::new(format!("{PREFIX}{}{}", *random, checksum(&random))))
    }

    /// `None` when the text cannot be a secret that was given out.
    pub fn read(text: &str) -> Option<Secret> {
        let (random, sum) = text.strip_prefix(PREFIX)?.split_at_checked(RANDOM)?;
        (sum == checksum(random)).then(|| Secret(Zeroizing::new(text.to_owned())))
    }

    /// What is stored. The secret is random and long, so a fast hash is enough.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The last four characters, by which people tell secrets apart.
    pub fn hint(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// The whole secret, to be shown once.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The CRC-32 of the text in base 62.
fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[rest % DIGITS.len()];
        rest /= DIGITS.len();
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_its_checksum_and_two_are_never_the_same() {
        let (one, other) = (Secret::generate(), Secret::generate());
        assert_ne!(one.hash(), other.hash());
        assert_eq!(one.expose().len(), PREFIX.len() + RANDOM + CHECKSUM);
        assert_eq!(Secret::read(one.expose()).map(|read| read.hash()), Some(one.hash()));
        assert!(one.expose().ends_with(one.hint()));
        let other_letter = if one.expose().starts_with("afpi_a") { "b" } else { "a" };
        let bent = format!("{PREFIX}{other_letter}{}", &one.expose()[PREFIX.len() + 1..]);
        for wrong in ["", "afpi_", &bent, &one.expose()[..40], &format!("{}x", one.expose()), "afpi_é"] {
            assert!(Secret::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_checksum_stays_what_scanners_compute() {
        // The check value of CRC-32/ISO-HDLC: 0xCBF43926.
        assert_eq!(checksum("123456789"), "3jZRME");
    }
}
