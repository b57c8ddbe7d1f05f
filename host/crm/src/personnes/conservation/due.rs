//! `GET /api/conservation/{regle}/echeances`: the records whose time is over.

use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_db::Conn;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use axum::Json;
use axum::extract::{Path, State};
use uuid::Uuid;

use super::super::Kind;
use super::super::effacement::whole;
use super::super::find::Item;
use super::super::marks::ERASED;
use super::super::record::{self, Record};
use super::{regle, settings};

/// The most records of an answer.
const SHOWN: u32 = 100;

/// Nothing that lasts keeps a contact: an open opportunité, an open task, a connector that would create it again.
const CONTACT_IDLE: &str = " AND NOT EXISTS (SELECT 1 FROM opportunites o WHERE o.entreprise_id = e.id AND o.outcome NOT IN ('lost', 'done')) \
    AND NOT EXISTS (SELECT 1 FROM taches w WHERE w.record_kind = 'entreprises' AND w.record_id = e.id AND w.done_at IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM taches w WHERE w.record_kind = 'contacts' AND w.record_id = c.id AND w.done_at IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM external_ids x WHERE x.entity = 'contact' AND x.record_id = c.id AND x.missing_since IS NULL)";

/// Nothing happened with the company since the instant that each of these binds.
const CONTACT: [&str; 9] = [
    " AND e.updated_at < ?",
    " AND NOT EXISTS (SELECT 1 FROM opportunites o WHERE o.entreprise_id = e.id AND o.updated_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM opportunites o JOIN pieces p ON p.opportunite_id = o.id WHERE o.entreprise_id = e.id AND p.issued_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM notes w WHERE w.record_kind = 'entreprises' AND w.record_id = e.id AND w.updated_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM notes w WHERE w.record_kind = 'contacts' AND w.record_id = c.id AND w.updated_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM courriels w WHERE w.record_kind = 'entreprises' AND w.record_id = e.id AND w.received_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM courriels w WHERE w.record_kind = 'contacts' AND w.record_id = c.id AND w.received_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM taches w WHERE w.record_kind = 'entreprises' AND w.record_id = e.id AND w.updated_at >= ?)",
    " AND NOT EXISTS (SELECT 1 FROM taches w WHERE w.record_kind = 'contacts' AND w.record_id = c.id AND w.updated_at >= ?)",
];

/// Every session of the trainee was over on the day that this binds. One without half-days is still to be planned.
const STAGIAIRE: &str = " AND o.outcome IN ('lost', 'done') AND NOT EXISTS (SELECT 1 FROM session_stagiaires x \
    JOIN sessions n ON n.id = x.session_id WHERE x.stagiaire_id = t.id AND (n.last_day IS NULL OR n.last_day >= ?))";

/// Without a session, the last change of the opportunité counts.
const STAGIAIRE_ALONE: &str =
    " AND (o.updated_at < ? OR EXISTS (SELECT 1 FROM session_stagiaires x WHERE x.stagiaire_id = t.id))";

/// Adds to a query of this kind's records: the last that the rule counts from was before this day.
fn only_due(query: &mut ScopedSql, kind: Kind, day: Day) {
    let instant = day.start();
    match kind {
        Kind::Contact => {
            query.push(CONTACT_IDLE);
            for since in CONTACT {
                query.push(since).arg(instant);
            }
        }
        Kind::Stagiaire => {
            query.push(" AND t.last_name <> ?").arg(ERASED);
            query.push(STAGIAIRE).arg(day).push(STAGIAIRE_ALONE).arg(instant);
        }
        Kind::Formateur => {
            query.push(" AND f.name <> ?").arg(ERASED).push(" AND f.active = ?").arg(false);
            // Who is made inactive hands over the half-days to come: this change is later than the last one held.
            query.push(" AND f.updated_at < ?").arg(instant);
        }
        // The journal tells who acted: no rule erases an account.
        Kind::User => {
            query.push(" AND 1 = 0");
        }
    }
}

/// How many records are due.
pub async fn count(conn: &mut Conn, kind: Kind, day: Day) -> Result<i64> {
    let mut query = (kind.described().select)(&Scope::All, &["COUNT(*)"]);
    only_due(&mut query, kind, day);
    Ok(query.scalar(conn).await?)
}

/// The ids of due records, the oldest first: at most so many, after this one.
pub async fn ids(conn: &mut Conn, kind: Kind, day: Day, after: Uuid, most: u32) -> Result<Vec<Uuid>> {
    let id = kind.described().columns.id;
    let mut query = (kind.described().select)(&Scope::All, &[id]);
    only_due(&mut query, kind, day);
    query.push(" AND ").push(id).push(" > ?").arg(after).push(" ORDER BY ").push(id).limit(most);
    Ok(query.all::<(Uuid,)>(conn).await?.into_iter().map(|(id,)| id).collect())
}

/// The first records that a rule erases, in the order in which it does: at most 100.
#[utoipa::path(get, path = "/{regle}/echeances", operation_id = "listConservationDue", tag = "personnes",
    params(("regle" = String, Path)),
    responses((status = 200, body = Page<Item>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<Page<Item>>> {
    whole(&caller)?;
    let regle = regle(&id)?;
    let mut conn = app.db.read().await?;
    let day = settings::chosen(&mut conn, regle).await?.day(Instant::now());
    let total = count(&mut conn, regle.personne, day).await?;
    let mut query = record::select(&Scope::All, regle.personne);
    only_due(&mut query, regle.personne, day);
    query.push(" ORDER BY ").push(regle.personne.described().columns.id).limit(SHOWN);
    let mut data: Vec<Item> = Vec::new();
    query
        .each(&mut conn, |row| {
            data.push(Record::of(regle.personne, &row)?.into());
            Ok(true)
        })
        .await?;
    Ok(Json(Page { data, meta: ListMeta::whole(usize::try_from(total).unwrap_or_default(), SHOWN) }))
}
