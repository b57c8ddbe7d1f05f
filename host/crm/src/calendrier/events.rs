//! What stands in a calendar.

use afpi_db::Conn;
use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};

use crate::attachments::holder::Kind;
use crate::notes::read::{self as notes, Note};
use crate::taches::read as taches;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::text::{Locale, text};
use afpi_platform::people::Person;

/// How far back it reaches, in days.
const BACK: i64 = 30;
/// The most sessions.
const MOST: u32 = 1000;
/// How long a meeting takes, as nobody notes it.
const MEETING: chrono::Duration = chrono::Duration::hours(1);

/// The calendar of a person, as the text of a file. `base`: the address of the application.
pub async fn calendar(
    conn: &mut Conn,
    person: &Person,
    sessions: bool,
    today: Day,
    locale: Locale,
    base: &str,
) -> Result<String> {
    let since = today.plus(-BACK);
    let mut calendar = Calendar::new();
    calendar.name("AFPI CRM").ttl(&chrono::Duration::minutes(30));
    for tache in taches::planned(conn, person).await? {
        let Some(due) = tache.due_on else { continue };
        let mut event = all_day("tache", &tache.id, due, due);
        event.summary(&format!("{} {}", text("À faire :", "To do:").get(locale), tache.title));
        if let Some(about) = &tache.about {
            event.description(&about.label).url(&page(base, about.kind, &about.opens));
        }
        // A task takes no time of the day.
        event.append_property(Property::new("TRANSP", "TRANSPARENT"));
        calendar.push(event.done());
    }
    for (about, note) in notes::meetings(conn, person, since.start()).await? {
        let Note { id, at, text: words, .. } = &note;
        let start = time(*at);
        let mut event = Event::new();
        event.uid(&format!("note-{id}@afpi-crm")).timestamp(time(note.updated_at)).starts(start).ends(start + MEETING);
        event.summary(&format!("{} {}", text("Rendez-vous :", "Meeting:").get(locale), about.label));
        event.description(words).url(&page(base, about.kind, &about.opens));
        calendar.push(event.done());
    }
    if sessions {
        let mut query = person.scope.sessions("n.id, n.numero, n.title, n.first_day, n.last_day", "");
        query.push(" AND n.last_day >= ?").arg(since).push(" AND n.status <> 'annulee' ORDER BY n.first_day, n.id");
        query.limit(MOST);
        for (id, numero, title, first, last) in query.all::<(uuid::Uuid, String, String, Day, Day)>(conn).await? {
            let mut event = all_day("session", &id, first, last);
            event.summary(&format!("{numero} {title}")).url(&page(base, Kind::Sessions, &id));
            event.append_property(Property::new("TRANSP", "TRANSPARENT"));
            calendar.push(event.done());
        }
    }
    Ok(calendar.to_string())
}

/// An event over whole days. The end is the day after the last one (RFC 5545, 3.6.1).
fn all_day(kind: &str, id: &impl std::fmt::Display, first: Day, last: Day) -> Event {
    let mut event = Event::new();
    event.uid(&format!("{kind}-{id}@afpi-crm")).starts(first.date()).ends(last.plus(1).date());
    event
}

fn time(at: Instant) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.millis()).unwrap_or_default()
}

/// The page of a record.
fn page(base: &str, kind: Kind, opens: &impl std::fmt::Display) -> String {
    let path = match kind {
        Kind::Contacts => Kind::Entreprises.word(),
        kind => kind.word(),
    };
    format!("{base}/{path}/{opens}")
}
