//! Sessions in the database.

use std::collections::BTreeSet;

use afpi_db::{Conn, sql};

use super::half_days::Half;
use super::input::Status;
use crate::bpf::cadres::Objectif;
use crate::search::index;
use afpi_core::clock::{Day, Instant};
use afpi_core::collation;
use afpi_core::id::{LocalisationId, SessionId, StagiaireId};
use afpi_core::text::fold;
use afpi_platform::feed::{Changed, noted};

/// The normal form of a number, for comparison: `S-12` and `s-12` are one session.
pub fn normalised(numero: &str) -> String {
    fold(numero).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(190).collect()
}

/// The search words for `?q=`.
pub fn words(numero: &str, title: &str) -> String {
    index([numero, title], 600)
}

/// A new session, already checked.
pub struct New<'a> {
    pub site: LocalisationId,
    pub numero: &'a str,
    pub title: &'a str,
    pub programme: Option<&'a str>,
    /// The fewest and the most trainees.
    pub capacity: (Option<i64>, Option<i64>),
    pub objectif: Option<Objectif>,
    pub specialite: Option<&'a str>,
    pub status: Status,
    pub standalone: bool,
    pub now: Instant,
}

/// Stores a new session; [`afpi_db::DbError::Unique`] when the site has one of this number.
pub async fn insert(tx: &mut Conn, new: &New<'_>) -> afpi_db::Result<SessionId> {
    let id = SessionId::generate();
    let mut query = sql(
        "INSERT INTO sessions (id, localisation_id, numero, numero_norm, title, title_key, search, programme, capacity_min, \
         capacity_max, objectif, specialite, status, standalone, created_at, updated_at, version) VALUES ",
    );
    query.rows([[
        id.into(),
        new.site.into(),
        new.numero.into(),
        normalised(new.numero).into(),
        new.title.into(),
        collation::key(new.title).into(),
        words(new.numero, new.title).into(),
        new.programme.into(),
        new.capacity.0.into(),
        new.capacity.1.into(),
        new.objectif.map(Objectif::as_str).into(),
        new.specialite.into(),
        new.status.as_str().into(),
        new.standalone.into(),
        new.now.into(),
        new.now.into(),
        1i64.into(),
    ]]);
    query.execute(tx).await?;
    noted(tx, [(Changed::Session, id.uuid())]).await?;
    Ok(id)
}

afpi_db::row! {
    /// A session that a planning made.
    pub struct Own { pub numero: String, pub title: String }
}

/// The session, if a planning made it.
pub async fn own(tx: &mut Conn, id: SessionId) -> afpi_db::Result<Option<Own>> {
    sql("SELECT numero, title FROM sessions WHERE id = ? AND standalone = ?").bind(id).bind(false).optional(tx).await
}

/// Gives a session that follows its planning another number.
pub async fn rename(tx: &mut Conn, id: SessionId, numero: &str, title: &str, now: Instant) -> afpi_db::Result<()> {
    sql("UPDATE sessions SET numero = ?, numero_norm = ?, search = ?, updated_at = ?, version = version + 1 WHERE id = ?")
        .bind(numero)
        .bind(normalised(numero))
        .bind(words(numero, title))
        .bind(now)
        .bind(id)
        .execute(tx)
        .await?;
    noted(tx, [(Changed::Session, id.uuid())]).await
}

pub async fn set_status(tx: &mut Conn, id: SessionId, status: Status, now: Instant) -> afpi_db::Result<()> {
    sql("UPDATE sessions SET status = ?, updated_at = ?, version = version + 1 WHERE id = ?")
        .bind(status.as_str())
        .bind(now)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The planned half-days of a session become its half-days. A new one has the usual times. One that is no longer
/// planned goes, unless attendance is noted for it.
pub async fn settle(tx: &mut Conn, id: SessionId, now: Instant) -> afpi_db::Result<()> {
    type HalfDay = (Day, Half);
    let planned: BTreeSet<HalfDay> = sql("SELECT day, half FROM session_plans WHERE session_id = ? \
         UNION SELECT day, half FROM session_rows WHERE session_id = ?")
    .bind(id)
    .bind(id)
    .all::<HalfDay>(tx)
    .await?
    .into_iter()
    .collect();
    let known: BTreeSet<HalfDay> = sql("SELECT day, half FROM session_half_days WHERE session_id = ?")
        .bind(id)
        .all::<HalfDay>(tx)
        .await?
        .into_iter()
        .collect();
    let noted: BTreeSet<HalfDay> = sql("SELECT DISTINCT day, half FROM attendance WHERE session_id = ?")
        .bind(id)
        .all::<HalfDay>(tx)
        .await?
        .into_iter()
        .collect();
    for (day, half) in known.iter().filter(|half_day| !planned.contains(half_day) && !noted.contains(half_day)) {
        sql("DELETE FROM session_half_days WHERE session_id = ? AND day = ? AND half = ?")
            .bind(id)
            .bind(*day)
            .bind(*half)
            .execute(tx)
            .await?;
    }
    let new: Vec<HalfDay> = planned.difference(&known).copied().collect();
    for some in new.chunks(200) {
        let mut query = sql("INSERT INTO session_half_days (session_id, day, half, start_minute, end_minute) VALUES ");
        query.rows(some.iter().map(|(day, half)| {
            let (start, end) = half.usual();
            [id.into(), (*day).into(), (*half).into(), start.into(), end.into()]
        }));
        query.execute(tx).await?;
    }
    sql("UPDATE sessions SET first_day = (SELECT MIN(h.day) FROM session_half_days h WHERE h.session_id = ?), \
         last_day = (SELECT MAX(h.day) FROM session_half_days h WHERE h.session_id = ?), updated_at = ?, \
         version = version + 1 WHERE id = ?")
    .bind(id)
    .bind(id)
    .bind(now)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes a session that a planning made, when nothing belongs to it any more. Returns whether it did.
pub async fn remove_if_empty(tx: &mut Conn, id: SessionId) -> afpi_db::Result<bool> {
    let used = sql("SELECT COUNT(*) FROM sessions n WHERE n.id = ? AND (n.standalone = ? \
         OR EXISTS (SELECT 1 FROM session_opportunites x WHERE x.session_id = n.id) \
         OR EXISTS (SELECT 1 FROM session_stagiaires p WHERE p.session_id = n.id) \
         OR EXISTS (SELECT 1 FROM attendance a WHERE a.session_id = n.id) \
         OR EXISTS (SELECT 1 FROM attachments f WHERE f.record_kind = 'sessions' AND f.record_id = n.id))")
    .bind(id)
    .bind(true)
    .scalar::<i64>(tx)
    .await?;
    if used > 0 {
        return Ok(false);
    }
    sql("DELETE FROM session_half_days WHERE session_id = ?").bind(id).execute(tx).await?;
    sql("DELETE FROM sessions WHERE id = ?").bind(id).execute(tx).await?;
    noted(tx, [(Changed::Session, id.uuid())]).await?;
    Ok(true)
}

/// New trainees of an opportunité take part in all its sessions.
pub async fn enrol(tx: &mut Conn, stagiaire: StagiaireId) -> afpi_db::Result<()> {
    sql("INSERT INTO session_stagiaires (session_id, stagiaire_id) SELECT x.session_id, t.id FROM stagiaires t \
         JOIN session_opportunites x ON x.opportunite_id = t.opportunite_id WHERE t.id = ?")
    .bind(stagiaire)
    .execute(tx)
    .await?;
    Ok(())
}
