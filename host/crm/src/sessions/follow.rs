//! Keeps the sessions of an opportunité in step with its documents, in the transaction that writes them. A form says
//! with `x-session` which fields are the number and the half-days.

use std::collections::BTreeSet;

use afpi_db::{Conn, dialect, sql};
use serde_json::{Map, Value};

use super::half_days::Half;
use super::input::Status;
use super::store;
use crate::opportunites::Kind;
use crate::opportunites::stored::StoredOpportunite;
use crate::reservations::collided;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, internal};
use afpi_core::id::SessionId;
use afpi_platform::journal::{self, Activity, Subject};
use afpi_platform::sessions::{Planned, PlannedHalfDay};
use afpi_platform::workflow::Definition;

/// The parts of a decision that concern sessions.
pub struct Followed<'a> {
    /// The opportunité, with its number.
    pub of: &'a StoredOpportunite,
    pub definition: &'a Definition,
    /// The documents, with their numbers filled in.
    pub data: &'a str,
    /// Did the decision close the opportunité without success?
    pub lost: bool,
    /// Did the decision book half-days?
    pub booked: bool,
    /// Does the opportunité belong to a session, if that is known?
    pub joined: Option<bool>,
    pub author: journal::Author<'a>,
    pub now: Instant,
}

/// Brings the sessions of an opportunité up to date.
pub async fn follow(tx: &mut Conn, followed: &Followed<'_>) -> Result<()> {
    let documents: Map<String, Value> =
        serde_json::from_str(followed.data).map_err(|e| internal(format!("documents of a decision: {e}")))?;
    let planned = followed.definition.planned(&documents);
    let names_one = planned.iter().any(|(_, planned)| planned.number.is_some());
    if planned.is_empty() || (followed.joined == Some(false) && !names_one) {
        return Ok(());
    }
    let links = sql("SELECT section, session_id FROM session_opportunites WHERE opportunite_id = ?")
        .bind(followed.of.id)
        .all::<(String, SessionId)>(tx)
        .await?;
    for (section, planned) in planned {
        let current = links.iter().find(|(known, _)| known == section).map(|(_, session)| *session);
        if current.is_some() || planned.number.is_some() {
            one(tx, followed, section, current, planned).await?;
        }
    }
    Ok(())
}

async fn one(
    tx: &mut Conn,
    followed: &Followed<'_>,
    section: &str,
    current: Option<SessionId>,
    planned: Planned,
) -> Result<()> {
    let session = match (&planned.number, current) {
        (Some(number), current) => named(tx, followed, number, current).await?,
        (None, Some(current)) => current,
        (None, None) => return Ok(()),
    };
    if current != Some(session) {
        if let Some(left) = current {
            leave(tx, followed, left, session).await?;
        }
        join(tx, followed, section, session).await?;
    }
    let shared = others(tx, followed, session).await?;
    let rows = if followed.lost && shared.living { Vec::new() } else { planned.half_days };
    let changed = plan(tx, followed, session, &rows).await?;
    if changed || current != Some(session) {
        store::settle(tx, session, followed.now).await?;
    }
    status(tx, followed, session, &shared).await
}

/// The session that this number means for this opportunité. An inter-entreprise opportunité joins the session of its
/// number. For any other one, a number that another session has is followed by the number of the opportunité.
async fn named(tx: &mut Conn, followed: &Followed<'_>, number: &str, current: Option<SessionId>) -> Result<SessionId> {
    let of = followed.of;
    let number: String = afpi_text::salvage(number).chars().take(80).collect();
    let own = format!("{number} ({})", of.numero);
    for candidate in [&number, &own] {
        let mut query = sql("SELECT id FROM sessions WHERE localisation_id = ? AND numero_norm = ?")
            .bind(of.localisation_id)
            .bind(store::normalised(candidate));
        query.push(dialect::for_update(tx.backend()));
        match query.optional::<(SessionId,)>(tx).await? {
            None => return fresh(tx, followed, candidate, current).await,
            Some((id,)) if current == Some(id) || joins(tx, followed, id).await? => return Ok(id),
            Some(_) => {}
        }
    }
    Err(internal(format!("two sessions named {own}")))
}

/// May this opportunité join the session? A session without opportunités takes any; one with some takes
/// inter-entreprise opportunités only, beside others of this kind.
async fn joins(tx: &mut Conn, followed: &Followed<'_>, session: SessionId) -> Result<bool> {
    let shared = others(tx, followed, session).await?;
    let inter = followed.of.kind == Kind::InterEntreprise.as_str();
    Ok(shared.count == 0 || (inter && shared.inter == shared.count))
}

/// A session with this number: the present one of a planning that nobody else uses, renamed, or a new one.
async fn fresh(tx: &mut Conn, followed: &Followed<'_>, number: &str, current: Option<SessionId>) -> Result<SessionId> {
    if let Some(current) = current
        && let Some(before) = store::own(tx, current).await?
        && others(tx, followed, current).await?.count == 0
    {
        store::rename(tx, current, number, &before.title, followed.now).await.map_err(collided)?;
        let told = journal::field("numero", before.numero, number);
        tell(tx, followed, current, Activity::Edited, vec![told]).await?;
        return Ok(current);
    }
    let new = store::New {
        site: followed.of.localisation_id,
        numero: number,
        title: &followed.of.title,
        programme: None,
        capacity: (None, None),
        objectif: None,
        specialite: None,
        status: Status::Prevue,
        standalone: false,
        now: followed.now,
    };
    let id = store::insert(tx, &new).await.map_err(collided)?;
    tell(tx, followed, id, Activity::Created, vec![journal::field("numero", Value::Null, number)]).await?;
    Ok(id)
}

async fn join(tx: &mut Conn, followed: &Followed<'_>, section: &str, session: SessionId) -> Result<()> {
    let of = followed.of.id;
    sql("INSERT INTO session_opportunites (session_id, opportunite_id, section) VALUES (?, ?, ?)")
        .bind(session)
        .bind(of)
        .bind(section)
        .execute(tx)
        .await
        .map_err(collided)?;
    let mut query = dialect::insert_or_ignore(tx.backend());
    query
        .push(" INTO session_stagiaires (session_id, stagiaire_id) SELECT ?, t.id FROM stagiaires t WHERE t.opportunite_id = ?")
        .arg(session)
        .arg(of);
    query.execute(tx).await?;
    Ok(())
}

/// The opportunité leaves a session for another one. Its trainees go with it, but for those whose attendance is noted.
async fn leave(tx: &mut Conn, followed: &Followed<'_>, session: SessionId, to: SessionId) -> Result<()> {
    let of = followed.of.id;
    sql("DELETE FROM session_plans WHERE session_id = ? AND opportunite_id = ?")
        .bind(session)
        .bind(of)
        .execute(tx)
        .await?;
    sql("DELETE FROM session_opportunites WHERE session_id = ? AND opportunite_id = ?")
        .bind(session)
        .bind(of)
        .execute(tx)
        .await?;
    sql("DELETE FROM session_stagiaires WHERE session_id = ? \
         AND stagiaire_id IN (SELECT t.id FROM stagiaires t WHERE t.opportunite_id = ?) \
         AND stagiaire_id NOT IN (SELECT a.stagiaire_id FROM attendance a WHERE a.session_id = ?)")
    .bind(session)
    .bind(of)
    .bind(session)
    .execute(tx)
    .await?;
    if !store::remove_if_empty(tx, session).await? {
        store::settle(tx, session, followed.now).await?;
    }
    tell(tx, followed, to, Activity::Edited, vec![journal::field("opportunites", Value::Null, &*followed.of.numero)])
        .await
}

/// The other opportunités of a session.
struct Others {
    count: usize,
    /// How many of them are inter-entreprise.
    inter: usize,
    /// Is one of them not lost?
    living: bool,
}

async fn others(tx: &mut Conn, followed: &Followed<'_>, session: SessionId) -> Result<Others> {
    let rows =
        sql("SELECT o.kind, o.outcome FROM session_opportunites x JOIN opportunites o ON o.id = x.opportunite_id \
         WHERE x.session_id = ? AND x.opportunite_id <> ?")
        .bind(session)
        .bind(followed.of.id)
        .all::<(String, String)>(tx)
        .await?;
    Ok(Others {
        count: rows.len(),
        inter: rows.iter().filter(|(kind, _)| kind == Kind::InterEntreprise.as_str()).count(),
        living: rows.iter().any(|(_, outcome)| outcome != LOST),
    })
}

/// The contract's word for an opportunité without success.
pub const LOST: &str = "lost";

/// Writes the rows of the planning. Returns whether they differ from those before.
async fn plan(tx: &mut Conn, followed: &Followed<'_>, session: SessionId, rows: &[PlannedHalfDay]) -> Result<bool> {
    type Row = (Day, Half, Option<String>, Option<String>);
    let of = followed.of.id;
    let before =
        sql("SELECT day, half, formateur, salle FROM session_plans WHERE session_id = ? AND opportunite_id = ? \
         ORDER BY position")
        .bind(session)
        .bind(of)
        .all::<Row>(tx)
        .await?;
    let short = |text: &Option<String>| text.as_ref().map(|text| text.chars().take(190).collect::<String>());
    let after: Vec<Row> = rows
        .iter()
        .filter_map(|row| Some((row.day, row.half.parse().ok()?, short(&row.trainer), short(&row.room))))
        .collect();
    if before == after {
        return Ok(false);
    }
    sql("DELETE FROM session_plans WHERE session_id = ? AND opportunite_id = ?")
        .bind(session)
        .bind(of)
        .execute(tx)
        .await?;
    let numbered: Vec<(i64, &Row)> = (1..).zip(&after).collect();
    for some in numbered.chunks(200) {
        let mut query = sql(
            "INSERT INTO session_plans (session_id, opportunite_id, position, day, half, formateur, salle) VALUES ",
        );
        query.rows(some.iter().map(|(at, (day, half, formateur, salle))| {
            [session.into(), of.into(), (*at).into(), day.into(), (*half).into(), formateur.into(), salle.into()]
        }));
        query.execute(tx).await?;
    }
    let days = |rows: &[Row]| rows.iter().map(|(day, half, ..)| (*day, *half)).collect::<BTreeSet<_>>().len() as i64;
    if days(&before) != days(&after) {
        let told = journal::field("halfDays", days(&before), days(&after));
        tell(tx, followed, session, Activity::Edited, vec![told]).await?;
    }
    Ok(true)
}

/// A booked session is confirmed. One whose opportunités are all lost is cancelled.
async fn status(tx: &mut Conn, followed: &Followed<'_>, session: SessionId, shared: &Others) -> Result<()> {
    let now: Status = sql("SELECT status FROM sessions WHERE id = ?").bind(session).scalar::<Status>(tx).await?;
    let next = match now {
        Status::Prevue | Status::Annulee if followed.booked => Status::Confirmee,
        Status::Prevue | Status::Confirmee if followed.lost && !shared.living => Status::Annulee,
        _ => return Ok(()),
    };
    store::set_status(tx, session, next, followed.now).await?;
    let told = journal::field("status", now.as_str(), next.as_str());
    tell(tx, followed, session, Activity::Edited, vec![told]).await
}

async fn tell(
    tx: &mut Conn,
    followed: &Followed<'_>,
    session: SessionId,
    activity: Activity,
    changes: Vec<Value>,
) -> Result<()> {
    let change = followed.author.on(Subject::Session(session), Some(followed.of.localisation_id));
    Ok(change.record(tx, activity, changes).await?)
}
