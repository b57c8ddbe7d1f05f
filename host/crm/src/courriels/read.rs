//! The JSON form of a mail, and the caller's own mails that belong nowhere yet.

use std::collections::HashMap;

use afpi_db::{Conn, Sql, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::files::MailFile;
use crate::attachments::holder::{Kind, among};
use crate::notes::read::NotePerson;
use crate::suivi::Window;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{CourrielId, UserId};
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The most mails of the list of those that belong nowhere yet.
const MOST: u32 = 200;

/// A mail that somebody shared.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Courriel {
    #[schema(value_type = Uuid)]
    pub id: CourrielId,
    /// When it was sent, as it says.
    pub at: Instant,
    /// Who shared it.
    pub shared_by: NotePerson,
    /// Did somebody else write it?
    pub forwarded: bool,
    /// `Name <address>`.
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Is the mail's own text longer?
    pub cut: bool,
    pub files: Vec<CourrielFile>,
}

/// A file of a mail. Filed, it is among the files of the record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CourrielFile {
    pub name: String,
    /// Why it was not taken over: `size`, `type`, `name`, `full` (the record has as many as it may), `right` (its person may
    /// not change the record) or `virus`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub refused: Option<String>,
}

/// Where people send copies of their mails.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourrielAddress {
    /// None: this installation has no drop box.
    pub address: Option<String>,
}

afpi_db::row! {
    struct Row {
        id: CourrielId, record_kind: Option<String>, record_id: Option<Uuid>, sent_at: Instant, user_id: UserId, user_name: String, forwarded: bool,
        sender: String, recipients: String, subject: String, text: String, cut: bool,
    }
}

const SELECT: &str = "SELECT m.id, m.record_kind, m.record_id, m.sent_at, m.user_id, u.name AS user_name, m.forwarded, m.sender, m.recipients, m.subject, \
     m.text, m.cut FROM courriels m JOIN users u ON u.id = m.user_id WHERE ";

/// Read the address of the drop box.
#[utoipa::path(get, path = "/address", operation_id = "getCourrielAddress", tag = "courriels",
    responses((status = 200, body = CourrielAddress), (status = 401, body = ProblemBody)))]
pub(super) async fn address(State(app): State<App>, _caller: Caller) -> Json<CourrielAddress> {
    Json(CourrielAddress { address: app.config.mailbox.as_ref().map(|mailbox| mailbox.address.clone()) })
}

/// List my mails that belong to no record yet, the newest first: at most 200.
#[utoipa::path(get, path = "/", operation_id = "listCourriels", tag = "courriels",
    responses((status = 200, body = Page<Courriel>), (status = 401, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<Page<Courriel>>> {
    let mut conn = app.db.read().await?;
    let mut count = sql("SELECT COUNT(*) FROM courriels m WHERE ");
    count.append(pending(caller.id));
    let total = count.scalar::<i64>(&mut conn).await?;
    let mut query = sql(SELECT);
    query.append(pending(caller.id)).push(" ORDER BY m.received_at DESC, m.id DESC").limit(MOST);
    let rows = query.all(&mut conn).await?;
    let data: Vec<Courriel> = shown(&mut conn, rows).await?.into_iter().map(|(_, mail)| mail).collect();
    let meta = ListMeta::whole(usize::try_from(total).unwrap_or_default(), MOST);
    Ok(Json(Page { data, meta }))
}

fn pending(user: UserId) -> Sql {
    let mut condition = sql("m.user_id = ?").bind(user);
    condition.push(" AND m.record_id IS NULL");
    condition
}

/// A mail that this person shared, with its record; 404 for anything else.
pub(super) async fn own(conn: &mut Conn, user: UserId, id: CourrielId) -> Result<(Option<(Kind, Uuid)>, Courriel)> {
    let mut query = sql(SELECT);
    query.push("m.user_id = ?").arg(user).push(" AND m.id = ?").arg(id);
    let rows = query.all(conn).await?;
    shown(conn, rows).await?.pop().ok_or_else(not_found)
}

/// The mails of these records, the newest first, as far as `window` wants them.
pub(crate) async fn of_records(
    conn: &mut Conn,
    records: &[(Kind, Vec<Uuid>)],
    window: &Window,
) -> Result<Vec<((Kind, Uuid), Courriel)>> {
    let mut query = sql(SELECT);
    query.append(among("m.record_kind", "m.record_id", records));
    window.apply(&mut query, "m.sent_at", "m.id");
    let rows = query.all(conn).await?;
    Ok(shown(conn, rows).await?.into_iter().filter_map(|(place, mail)| Some((place?, mail))).collect())
}

/// The files of a mail that belongs to no record, with their contents.
pub(super) async fn held(conn: &mut Conn, id: CourrielId) -> Result<Vec<MailFile>> {
    let query = sql("SELECT x.name, x.sha256, x.refused, f.scan FROM courriel_files x \
         LEFT JOIN files f ON f.sha256 = x.sha256 WHERE x.courriel_id = ? ORDER BY x.position");
    let rows = query.bind(id).all::<(String, Option<String>, Option<String>, Option<String>)>(conn).await?;
    let file = |(name, sha256, refused, scan): (String, Option<String>, Option<String>, Option<String>)| {
        let ill = scan.as_deref() == Some("quarantined");
        let refused = refused.map(|why| super::files::word(&why)).or(ill.then_some("virus"));
        MailFile { name, sha256: sha256.filter(|_| !ill), refused }
    };
    Ok(rows.into_iter().map(file).collect())
}

async fn shown(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<(Option<(Kind, Uuid)>, Courriel)>> {
    let mut query = sql("SELECT courriel_id, name, refused FROM courriel_files WHERE courriel_id IN ");
    query.list(rows.iter().map(|row| row.id)).push(" ORDER BY courriel_id, position");
    let mut files: HashMap<CourrielId, Vec<CourrielFile>> = HashMap::new();
    for (mail, name, refused) in query.all::<(CourrielId, String, Option<String>)>(conn).await? {
        files.entry(mail).or_default().push(CourrielFile { name, refused });
    }
    let one = |row: Row| {
        let place = row.record_kind.as_deref().and_then(|kind| kind.parse().ok()).zip(row.record_id);
        let mail = Courriel {
            files: files.remove(&row.id).unwrap_or_default(),
            id: row.id,
            at: row.sent_at,
            shared_by: NotePerson { id: row.user_id, name: row.user_name },
            forwarded: row.forwarded,
            from: row.sender,
            to: row.recipients.lines().map(str::to_owned).collect(),
            subject: row.subject,
            text: row.text,
            cut: row.cut,
        };
        (place, mail)
    };
    Ok(rows.into_iter().map(one).collect())
}
