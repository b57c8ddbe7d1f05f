//! Recovery codes, for a person without the phone. A code has 80 bits, is stored as SHA-256, and is used once.

use afpi_db::{Conn, Tx, sql};
use rand::RngCore;
use sha2::{Digest, Sha256};

use afpi_core::error::Result;
use afpi_core::id::UserId;

/// How many a person gets.
const COUNT: usize = 10;
const LENGTH: usize = 16;
/// Without the letters that look like digits (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Gives a person new codes instead of the ones before. They are shown once.
pub async fn renew(tx: &mut Tx, user: UserId) -> Result<Vec<String>> {
    remove(tx, user).await?;
    let codes: Vec<String> = (0..COUNT).map(|_| fresh()).collect();
    let mut query = sql("INSERT INTO recovery_codes (user_id, hash) VALUES ");
    query.rows(codes.iter().map(|code| [user.into(), hash(user, code).to_vec().into()]));
    query.execute(tx).await?;
    Ok(codes)
}

pub async fn remove(tx: &mut Conn, user: UserId) -> Result<()> {
    sql("DELETE FROM recovery_codes WHERE user_id = ?").bind(user).execute(tx).await?;
    Ok(())
}

/// Uses a code up. Returns whether it was one of this person's.
pub async fn take(tx: &mut Tx, user: UserId, code: &str) -> Result<bool> {
    let taken = sql("DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?");
    Ok(taken.bind(user).bind(hash(user, code)).execute(tx).await? == 1)
}

/// How many are left.
pub async fn left(conn: &mut Conn, user: UserId) -> Result<i64> {
    Ok(sql("SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?").bind(user).scalar(conn).await?)
}

fn fresh() -> String {
    let mut bytes = [0u8; LENGTH];
    rand::rng().fill_bytes(&mut bytes);
    let letters: Vec<u8> = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)]).collect();
    let groups: Vec<&str> = letters.chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("-")
}

fn hash(user: UserId, code: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(user.uuid().as_bytes());
    hash.update(plain(code));
    hash.finalize().into()
}

/// As people type it: in any case, with or without separators, with letters for the digits that they look like.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it_and_belongs_to_one_person() {
        let user = UserId::generate();
        assert_eq!(hash(user, "01AB-cdef 2345 6789"), hash(user, " oLabCDEF-23456789 "));
        assert_ne!(hash(user, "01ab-cdef-2345-6789"), hash(UserId::generate(), "01ab-cdef-2345-6789"));
        let code = fresh();
        assert!(code.len() == 19 && code.split('-').all(|group| group.len() == 4), "{code}");
        assert_eq!(plain(&code).len(), LENGTH);
        assert_ne!(code, fresh());
    }
}
