//! Permits: limit how many expensive operations run at a time, per person and in total.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use afpi_core::error::{Error, ErrorKind, Result, unavailable};
use afpi_core::id::UserId;
use afpi_http::problem::Problem;

use crate::auth::caller::Caller;
use crate::state::App;
use afpi_core::text::text;
use afpi_http::body::Holding;

/// The permits of one kind. Clones share them.
#[derive(Clone)]
pub struct Permits(Arc<Shared>);

struct Shared {
    what: &'static str,
    each: usize,
    most: usize,
    /// `Retry-After`, in seconds.
    again: u64,
    taken: Mutex<HashMap<UserId, usize>>,
    /// Told when a permit returns.
    returned: Notify,
}

/// A permit, returned on drop.
pub struct Permit(Arc<Shared>, UserId);

impl Permits {
    /// `each`: limit per person; `most`: limit in total. `what` is the machine-readable name.
    pub fn new(what: &'static str, each: usize, most: usize, again: u64) -> Permits {
        Permits(Arc::new(Shared { what, each, most, again, taken: Mutex::default(), returned: Notify::new() }))
    }

    /// 429 when this person has no permit left, 503 when all are taken.
    pub fn take(&self, person: UserId) -> Result<Permit> {
        let Shared { what, each, most, again, ref taken, .. } = *self.0;
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.get(&person).is_some_and(|has| *has >= each) {
            let detail = text(
                "Vous avez trop de demandes de ce type en cours.",
                "You have too many requests of this kind under way.",
            );
            return Err(Error::new(
                ErrorKind::TooManyRequests,
                text("Trop de demandes en même temps", "Too many requests at once"),
            )
            .detail(detail)
            .retry_after(again));
        }
        if taken.values().sum::<usize>() >= most {
            return Err(unavailable(what).retry_after(again));
        }
        *taken.entry(person).or_default() += 1;
        Ok(Permit(self.0.clone(), person))
    }

    /// Like [`take`](Self::take), but waits at most `patience` for a permit: several tabs of one person ask at the
    /// same moment, and what they ask for takes milliseconds.
    pub async fn wait(&self, person: UserId, patience: Duration) -> Result<Permit> {
        let deadline = Instant::now() + patience;
        loop {
            // Listens before it looks, so that no return is missed between the two.
            let returned = self.0.returned.notified();
            let refused = match self.take(person) {
                Ok(permit) => return Ok(permit),
                Err(refused) => refused,
            };
            timeout_at(deadline, returned).await.map_err(|_| refused)?;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(has) = taken.get_mut(&self.1) {
            *has -= 1;
            if *has == 0 {
                taken.remove(&self.1);
            }
        }
        drop(taken);
        self.0.returned.notify_waiters();
    }
}

/// The longest time that an expensive read waits for the others of its person.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Wraps all routes: exports, figures and searches hold a permit of their person until the answer ends. The handler
/// answers 401 to anonymous requests.
pub async fn costly(State(app): State<App>, request: Request, next: Next) -> Response {
    let person = costs(&request).then(|| person(&app, &request)).flatten();
    let Some(person) = person else { return next.run(request).await };
    match app.costly.wait(person, PATIENCE).await {
        Ok(permit) => next.run(request).await.map(|body| Body::new(Holding::new(body, permit))),
        Err(problem) => Problem(problem).into_response(),
    }
}

fn costs(request: &Request) -> bool {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let searches = query.split('&').any(|part| part.strip_prefix("q=").is_some_and(|words| !words.is_empty()));
    *request.method() == Method::GET && (path.ends_with("/export") || path == "/api/dashboard" || searches)
}

/// The caller as far as it is known, or the person of the token. The handler checks whether the person may still act.
fn person(app: &App, request: &Request) -> Option<UserId> {
    if let Some(caller) = request.extensions().get::<Caller>() {
        return Some(caller.id);
    }
    let token = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    app.tokens.check(token.trim()).ok().map(|bearer| bearer.user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_takes_his_and_leaves_the_others_theirs() {
        let permits = Permits::new("streams", 2, 3, 5);
        let (one, other, third) = (UserId::generate(), UserId::generate(), UserId::generate());
        let refused = |person| permits.take(person).err().map(|problem| problem.kind());
        let mut held = vec![permits.take(one).unwrap(), permits.take(one).unwrap()];
        assert_eq!(refused(one), Some(ErrorKind::TooManyRequests));
        held.push(permits.take(other).unwrap());
        assert_eq!(refused(third), Some(ErrorKind::Unavailable));
        drop(held);
        assert_eq!(refused(third), None);
        assert!(permits.0.taken.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_waits_gets_the_permit_that_returns() {
        let permits = Permits::new("reads", 1, 3, 5);
        let one = UserId::generate();
        let held = permits.take(one).unwrap();
        let refused = permits.wait(one, Duration::ZERO).await.err().map(|problem| problem.kind());
        assert_eq!(refused, Some(ErrorKind::TooManyRequests));
        let (waited, ()) = tokio::join!(permits.wait(one, Duration::from_secs(60)), async {
            tokio::task::yield_now().await;
            drop(held);
        });
        assert!(waited.is_ok());
    }
}
