//! `GET /api/notifications/stream`: server-sent events. A message on the bus only says that something is new. Without a
//! bus between processes, the stream polls the table every few seconds. The content always comes from the table, so
//! nothing is missed or invented.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{AppendHeaders, IntoResponse};
use futures::stream;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::{Interval, MissedTickBehavior, interval};
use uuid::Uuid;

use super::list::{UnreadCount, of, unread};
use super::{COLUMNS, NotificationRow, show};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::rights::Action;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::{self, Caller};
use afpi_platform::bus::BusEvent;
use afpi_platform::permits::Permit;
use afpi_platform::state::App;

const HEARTBEAT: Duration = Duration::from_secs(20);
/// Ids sort by creation time, but rows appear at commit. A row with an older id may still appear this much later.
const OVERLAP_MS: i64 = 10_000;
/// Notifications read at a time, and the most pages per look.
const PAGE: u32 = 100;
const PAGES: usize = 20;

/// Stream my notifications.
#[utoipa::path(get, path = "/stream", operation_id = "streamNotifications", tag = "notifications",
    params(("Last-Event-ID" = Option<String>, Header, description = "Resume after this id.")),
    responses((status = 200, body = String, content_type = "text/event-stream",
        description = "Events `notification`, `unread`, `sync`; a heartbeat comment every 20 s. The first line is an id to resume after."), (status = 401, body = ProblemBody),
        (status = 429, body = ProblemBody, description = "Too many streams of this person.")))]
pub(super) async fn stream(State(app): State<App>, caller: Caller, headers: HeaderMap) -> ApiResult<impl IntoResponse> {
    let resume = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|id| Uuid::parse_str(id).ok());
    // Only ids of notifications sort by time. Nil comes before all of them.
    let resume = resume.filter(|id| id.get_version_num() == 7 || id.is_nil());
    let permit = app.streams.take(caller.id)?;
    let listener = Listener::new(app, caller, resume, permit).await?;
    let events = stream::unfold(listener, |mut listener| async move {
        listener.next().await.map(|event| (Ok::<_, Infallible>(event), listener))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // Without this header a proxy may buffer the stream.
    Ok((AppendHeaders([(HeaderName::from_static("x-accel-buffering"), "no")]), sse))
}

/// One open stream.
struct Listener {
    app: App,
    caller: Caller,
    started: Instant,
    news: Receiver<Arc<BusEvent>>,
    poll: Interval,
    /// Never send an id up to this one.
    floor: Uuid,
    /// Ids sent recently: the overlap must not send them again.
    sent: BTreeSet<Uuid>,
    unread: Option<i64>,
    out: VecDeque<Event>,
    _permit: Permit,
}

impl Listener {
    async fn new(app: App, caller: Caller, resume: Option<Uuid>, permit: Permit) -> Result<Listener> {
        // Subscribe before reading, so that nothing between the two is missed.
        let news = app.bus.subscribe();
        let floor = match resume {
            Some(last) => last,
            None => {
                let mut newest = of(caller.id, "n.id");
                newest.push(" ORDER BY n.id DESC").limit(1);
                newest.optional::<(Uuid,)>(&mut app.db.read().await?).await?.map_or(Uuid::nil(), |(id,)| id)
            }
        };
        // Sent at once, so that a stream that breaks before its first notification can also resume from here.
        let out = VecDeque::from([Event::default().id(floor.to_string())]);
        // Redis carries messages of other processes. Without it the table is polled more often.
        let mut poll = interval(Duration::from_secs(if app.config.redis.is_some() { 30 } else { 5 }));
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let started = Instant::now();
        Ok(Listener {
            app,
            caller,
            started,
            news,
            poll,
            floor,
            sent: BTreeSet::new(),
            unread: None,
            out,
            _permit: permit,
        })
    }

    /// The next event. `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.out.pop_front() {
                return Some(event);
            }
            let stopping = self.app.stopping.clone();
            let goes_on = tokio::select! {
                () = stopping.cancelled() => false,
                news = self.news.recv() => match news {
                    Ok(event) => self.heard(&event).await,
                    Err(RecvError::Lagged(_)) => self.look().await,
                    Err(RecvError::Closed) => false,
                },
                _ = self.poll.tick() => self.look().await,
            };
            if !goes_on {
                return None;
            }
        }
    }

    /// Handles a message of the bus. Returns whether the stream goes on.
    async fn heard(&mut self, event: &BusEvent) -> bool {
        match event {
            BusEvent::Notified { user } | BusEvent::Account { user } if *user == self.caller.id => self.look().await,
            BusEvent::Sync { run } if self.caller.may(Action::ConnecteursManage) => {
                let goes_on = self.still_valid().await;
                if goes_on && self.caller.may(Action::ConnecteursManage) {
                    self.out.extend(Event::default().event("sync").json_data(run));
                }
                goes_on
            }
            _ => true,
        }
    }

    /// Queues what is new, if this person may still see it. When the database is away the stream stays open: the next
    /// look catches up.
    async fn look(&mut self) -> bool {
        if !self.still_valid().await {
            return false;
        }
        if let Err(problem) = self.read().await {
            tracing::debug!(problem.code = problem.kind().code(), "notifications not read for a stream");
        }
        true
    }

    /// Queues new notifications, and the unread count when it has changed.
    async fn read(&mut self) -> Result<()> {
        let newest = self.sent.last().copied().unwrap_or(self.floor);
        let from = earlier(newest).max(self.floor);
        self.sent.retain(|id| *id > from);
        let (mut conn, mut after) = (self.app.db.read().await?, from);
        for _ in 0..PAGES {
            let mut query = of(self.caller.id, COLUMNS);
            query.push(" AND n.id > ?").arg(after).push(" ORDER BY n.id").limit(PAGE);
            let rows: Vec<NotificationRow> = query.all(&mut conn).await?;
            let more = rows.len() == PAGE as usize;
            after = rows.last().map_or(after, |row| row.id);
            for row in rows.into_iter().filter(|row| self.sent.insert(row.id)) {
                let id = row.id.to_string();
                self.out.extend(Event::default().event("notification").id(id).json_data(show(row)));
            }
            if !more {
                break;
            }
        }
        let count = unread(&mut conn, self.caller.id).await?;
        drop(conn);
        if self.unread.replace(count) != Some(count) {
            self.out.extend(Event::default().event("unread").json_data(UnreadCount { unread: count }));
        }
        Ok(())
    }

    /// Is this person still signed in? Checked before each look, so that deactivation ends the stream at once.
    async fn still_valid(&mut self) -> bool {
        let Ok(mut conn) = self.app.db.read().await else { return true };
        match caller::load(&mut conn, self.caller.id, self.caller.session, self.started).await {
            Ok(Some(caller)) if !caller.must_set_up => {
                self.caller = caller;
                true
            }
            Ok(_) => false,
            Err(_) => true,
        }
    }
}

/// The smallest id of ten seconds before this one.
fn earlier(id: Uuid) -> Uuid {
    let millis = id.get_timestamp().map_or(0, |at| {
        let (seconds, nanos) = at.to_unix();
        seconds * 1000 + u64::from(nanos / 1_000_000)
    });
    uuid::Builder::from_unix_timestamp_millis(millis.saturating_sub(OVERLAP_MS as u64), &[0; 10]).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlap_reaches_ten_seconds_back() {
        let at = |millis| uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid();
        let from = earlier(at(1_800_000_020_000));
        assert!(from < at(1_800_000_010_000) && from > at(1_800_000_009_999));
        assert!(earlier(Uuid::nil()) <= at(1));
    }
}
