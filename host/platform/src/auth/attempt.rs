//! A password attempt, to sign in or to change the password. Hashing is slow and few attempts may run at once. So the
//! queue is bounded per address and in total, and the limit on failures is checked when the attempt's turn has come.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::auth::throttle::Tried;
use crate::auth::{password, throttle};
use crate::journal::{self, Activity, Actor, Author, Subject};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::UserId;

use crate::state::App;

/// Concurrent attempts per address. All people of a site share an address, but few sign in within the same half second.
const AT_ONCE: usize = 8;

/// How many attempts each address has running in this process.
#[derive(Clone, Default)]
pub struct Attempts(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A running attempt.
pub struct Attempt(Attempts, IpAddr);

impl Attempts {
    /// 429 for more than [`AT_ONCE`].
    pub fn begin(&self, address: IpAddr) -> Result<Attempt> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= AT_ONCE {
            return Err(throttle::too_many(1));
        }
        *count += 1;
        Ok(Attempt(self.clone(), address))
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut counts = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

/// The account of an attempt.
pub struct Account<'a> {
    pub email: &'a str,
    /// The account's person. None for an unknown account.
    pub user: Option<UserId>,
    /// PHC string. None when no password can match.
    pub hash: Option<String>,
}

/// Does the password match the account? A failure is counted and written to the journal. 429 after too many failures.
pub async fn fits(
    app: &App,
    account: Account<'_>,
    address: IpAddr,
    password: String,
    correlation_id: &str,
) -> Result<bool> {
    let Account { email, user, hash } = account;
    let _under_way = app.attempts.begin(address)?;
    let turn = password::turn(Some(address)).await?;
    throttle::check(&mut app.db.read().await?, Tried::Password(email), address, Instant::now()).await?;
    if turn.verify(password, hash).await? {
        return Ok(true);
    }
    // Before the turn ends, so that the next attempt is checked with this failure counted.
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let stands_out = throttle::failed(&mut tx, Tried::Password(email), address, Instant::now()).await?;
        // Guesses at accounts that do not exist must not fill the journal.
        let subject = match user {
            Some(user) => Some(Subject::User(user)),
            None => stands_out.then(|| Subject::SignIn(throttle::address_bucket(address))),
        };
        if let Some(subject) = subject {
            let author = Author { actor: Actor::System, correlation_id };
            author.on(subject, None).record(&mut tx, Activity::SignInRefused, from(address)).await?;
        }
        Ok::<(), Error>(tx.commit().await?)
    })
    .await?;
    Ok(false)
}

/// The address of a sign-in, for the journal.
pub fn from(address: IpAddr) -> Vec<serde_json::Value> {
    vec![journal::field("address", serde_json::Value::Null, address.to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_tries_under_way_and_no_more() {
        let (attempts, here, there) = (Attempts::default(), IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let mut under_way: Vec<Attempt> = (0..AT_ONCE).map(|_| attempts.begin(here).expect("a place")).collect();
        let refused = |address| attempts.begin(address).err().map(|problem| problem.kind().code());
        assert_eq!(refused(here), Some("too-many-requests"));
        assert_eq!(refused(there), None);
        under_way.pop();
        assert_eq!(refused(here), None);
        drop(under_way);
        assert!(attempts.0.lock().unwrap().is_empty());
    }
}
