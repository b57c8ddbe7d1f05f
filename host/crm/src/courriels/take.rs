//! Takes a mail in: who sent it, where it belongs, its row and its files. Taken twice, it changes nothing.

use std::collections::BTreeSet;

use afpi_db::{Conn, DbError, sql};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::files::{self, Held};
use super::imap::Folder;
use super::message::{self, Mail};
use super::places::{self, Place};
use super::sender;
use super::write::announce;
use crate::attachments::holder;
use crate::notifications::notice::{Notice, tell};
use afpi_core::clock::Instant;
use afpi_core::email;
use afpi_core::error::{Error, Result};
use afpi_core::id::CourrielId;
use afpi_core::text::text;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::{self, Caller};
use afpi_platform::bus::BusEvent;
use afpi_platform::config::Mailbox;
use afpi_platform::plugins::hex;
use afpi_platform::state::App;

/// A date in a header counts when it is at most this much before the mail came, or after.
const EARLIEST: std::time::Duration = std::time::Duration::from_secs(20 * 365 * 24 * 3600);
const LATEST: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// What became of a mail. The words are labels of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// It is in the timeline of a record.
    Filed,
    /// Its person has to say where it belongs.
    Pending,
    /// It was there already.
    Known,
    /// Of nobody who works here.
    Refused,
    Unreadable,
}

impl Outcome {
    pub fn folder(self) -> Folder {
        match self {
            Outcome::Filed | Outcome::Pending | Outcome::Known => Folder::Done,
            Outcome::Refused => Folder::Refused,
            Outcome::Unreadable => Folder::Unreadable,
        }
    }
}

/// Takes a mail in that came at this instant.
///
/// # Errors
/// The database or the store of files does not answer: it can be taken later.
pub async fn take(app: &App, mailbox: &Mailbox, raw: Bytes, received_at: Instant) -> Result<Outcome> {
    // A parser that panics or computes long must not take the worker along.
    let bytes = raw.clone();
    let read = tokio::task::spawn_blocking(move || message::read(&bytes)).await;
    let Ok(Some(mail)) = read else { return Ok(Outcome::Unreadable) };
    let Some(caller) = sent_by(app, mailbox, &mail).await? else { return Ok(Outcome::Refused) };
    let key = key(&caller, &mail, &raw);
    let known = sql("SELECT COUNT(*) FROM courriel_keys WHERE message_key = ?").bind(&key);
    if known.scalar::<i64>(&mut app.db.read().await?).await? > 0 {
        return Ok(Outcome::Known);
    }
    let inside = inside(app, mailbox).await?;
    let (shown, people, forwarded) = places::outside(&mail, &inside);
    // Whoever forwards may have put the number into the new subject.
    let subject = format!("{} {}", mail.subject, shown.subject);
    let places = places::find(&mut app.db.read().await?, &caller, &subject, &people).await?;
    let enclosures = mail.files.iter().chain(shown.files.iter().filter(|_| !std::ptr::eq(shown, &mail)));
    let held = files::hold(app, &caller, enclosures).await?;
    let new = New { mail: shown, forwarded, received_at, places: &places, key: &key, held: &held };
    let outcome = write(app, &caller, &new).await?;
    if outcome == Outcome::Pending {
        app.bus.publish(BusEvent::Notified { user: caller.id });
    }
    app.jobs.wake();
    Ok(outcome)
}

/// The active user who sent it, if the installation's mail server says so.
async fn sent_by(app: &App, mailbox: &Mailbox, mail: &Mail) -> Result<Option<Caller>> {
    let Some(from) = &mail.from else { return Ok(None) };
    let verified = mailbox.authserv.as_deref().is_none_or(|name| sender::verified(&mail.results, name, &from.address));
    if !verified {
        return Ok(None);
    }
    caller::by_email(&mut app.db.read().await?, &from.address).await
}

/// The same for two copies of a mail: they have the same `Message-ID`, or the same content when they have none. Nobody can
/// use up the id of somebody else's mail.
fn key(caller: &Caller, mail: &Mail, raw: &[u8]) -> String {
    let mut hash = Sha256::new_with_prefix(caller.id.uuid().as_bytes());
    match &mail.message_id {
        Some(id) => hash.update(id),
        None => hash.update(raw),
    }
    hex(&hash.finalize())
}

/// The addresses of the house: of the people with an account, of the drop box, and of the letters that we send.
async fn inside(app: &App, mailbox: &Mailbox) -> Result<BTreeSet<String>> {
    let users = sql("SELECT email FROM users").all::<(String,)>(&mut app.db.read().await?).await?;
    let mut inside: BTreeSet<String> = users.into_iter().map(|(address,)| email::key(&address)).collect();
    inside.insert(email::key(&mailbox.address));
    inside.extend(crate::mailer::sender(&app.config).ok().map(|from| email::key(from.email.as_ref())));
    Ok(inside)
}

/// A mail that is to be written.
struct New<'a> {
    mail: &'a Mail,
    forwarded: bool,
    received_at: Instant,
    places: &'a [Place],
    key: &'a str,
    held: &'a [Held],
}

impl New<'_> {
    /// A date that cannot be meant is that of its arrival.
    fn sent_at(&self) -> Instant {
        let (earliest, latest) = (self.received_at - EARLIEST, self.received_at + LATEST);
        self.mail.sent_at.filter(|at| (earliest..=latest).contains(at)).unwrap_or(self.received_at)
    }
}

async fn write(app: &App, caller: &Caller, new: &New<'_>) -> Result<Outcome> {
    let correlation = Uuid::new_v4().to_string();
    let act = Act::begin(app, caller, &correlation);
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut insert = sql("INSERT INTO courriel_keys (message_key, read_at) VALUES ");
        insert.rows([[new.key.into(), act.now.into()]]);
        match insert.execute(&mut tx).await {
            Err(DbError::Unique(_)) => return Ok(Outcome::Known),
            done => done?,
        };
        let files = files::release(&mut tx, caller, new.held).await?;
        for (kind, id) in new.places {
            let holder = holder::load(&mut tx, &caller.scope(), *kind, *id).await?;
            let row = insert_row(&mut tx, caller, new, Some((*kind, *id))).await?;
            let outcomes = files::attach(&mut tx, act, &holder, &files).await?;
            files::list(&mut tx, row, &outcomes).await?;
            announce(&mut tx, act, &holder, None, Some(&new.mail.subject)).await?;
        }
        if new.places.is_empty() {
            let row = insert_row(&mut tx, caller, new, None).await?;
            files::list(&mut tx, row, &files).await?;
            tell(&mut tx, &notice(caller, new.mail), act.now).await?;
        }
        tx.commit().await?;
        Ok::<_, Error>(if new.places.is_empty() { Outcome::Pending } else { Outcome::Filed })
    });
    written.await
}

async fn insert_row(tx: &mut Conn, caller: &Caller, new: &New<'_>, place: Option<Place>) -> Result<CourrielId> {
    let id = CourrielId::generate();
    let mail = new.mail;
    let recipients: Vec<String> = mail.recipients.iter().map(message::Party::shown).collect();
    let mut insert = sql("INSERT INTO courriels (id, user_id, record_kind, record_id, forwarded, sender, recipients, \
         subject, text, cut, sent_at, received_at) VALUES ");
    insert.rows([[
        id.into(),
        caller.id.into(),
        place.map(|(kind, _)| kind.word()).into(),
        place.map(|(_, id)| id).into(),
        new.forwarded.into(),
        mail.from.as_ref().map(message::Party::shown).unwrap_or_default().into(),
        recipients.join("\n").into(),
        mail.subject.as_str().into(),
        mail.text.as_str().into(),
        mail.cut.into(),
        new.sent_at().into(),
        new.received_at.into(),
    ]]);
    insert.execute(tx).await?;
    Ok(id)
}

fn notice<'a>(caller: &Caller, mail: &Mail) -> Notice<'a> {
    let about = if mail.subject.is_empty() { "—" } else { mail.subject.as_str() };
    Notice {
        to: caller.id,
        kind: "courriel",
        title: text(format!("Courriel à rattacher : {about}"), format!("Mail to file: {about}")),
        body: text(
            "Aucune fiche n’a été reconnue à ses adresses. Choisissez-la, ou écartez le courriel.",
            "No record was recognised by its addresses. Choose it, or discard the mail.",
        ),
        link: "/courriels",
    }
}
