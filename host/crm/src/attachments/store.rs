//! Rows of uploads, files and attachments.

use afpi_db::{Conn, sql};

use super::describe::Attachment;
use super::holder::{Holder, Kind};
use afpi_core::clock::{Day, Instant};
use afpi_core::id::{AttachmentId, FormateurId, OpportuniteId, UploadId, UserId};
use afpi_core::scope::Loaded;
use afpi_platform::checklist::Filed;

afpi_db::row! {
    /// An upload that waits to be attached.
    pub(crate) struct UploadRow { pub sha256: String, pub name: String, pub media_type: String, pub scan: Option<String> }
}

/// Takes an upload of this person, once.
pub(super) async fn take_upload(tx: &mut Conn, id: UploadId, user: UserId) -> afpi_db::Result<Option<UploadRow>> {
    let found = sql(
        "SELECT p.sha256, p.name, f.media_type, f.scan FROM uploads p JOIN files f ON f.sha256 = p.sha256 WHERE p.id = ? AND p.user_id = ?",
    )
    .bind(id)
    .bind(user)
    .optional::<UploadRow>(tx)
    .await?;
    let taken = sql("DELETE FROM uploads WHERE id = ? AND user_id = ?").bind(id).bind(user).execute(tx).await?;
    Ok(found.filter(|_| taken == 1))
}

/// The pieces of an opportunité's checklists that have a file. One that is quarantined is none.
pub async fn filed(conn: &mut Conn, opportunite: OpportuniteId) -> afpi_db::Result<Filed> {
    let query = sql(
        "SELECT DISTINCT a.section, a.piece FROM attachments a JOIN attachment_versions v ON v.attachment_id = a.id AND v.number = a.latest \
         JOIN files f ON f.sha256 = v.sha256 WHERE a.record_kind = ? AND a.record_id = ? AND a.section IS NOT NULL AND a.piece IS NOT NULL \
         AND (f.scan IS NULL OR f.scan <> 'quarantined')",
    );
    let rows = query.bind(Kind::Opportunites.word()).bind(opportunite).all::<(String, String)>(conn).await?;
    Ok(rows.into_iter().collect())
}

/// The files of these trainers that expire, with their names and last days. One that is quarantined is none.
pub async fn expiring(
    conn: &mut Conn,
    trainers: impl Iterator<Item = FormateurId>,
) -> afpi_db::Result<Vec<(FormateurId, String, Day)>> {
    let mut query = sql("SELECT a.record_id, a.name, a.expires_on FROM attachments a \
         JOIN attachment_versions v ON v.attachment_id = a.id AND v.number = a.latest JOIN files f ON f.sha256 = v.sha256 \
         WHERE a.record_kind = ? AND a.expires_on IS NOT NULL AND (f.scan IS NULL OR f.scan <> 'quarantined') AND a.record_id IN ");
    query.arg(Kind::Formateurs.word()).list(trainers);
    query.all(conn).await
}

/// How many files the record has.
pub(super) async fn count(tx: &mut Conn, holder: &Loaded<Holder>) -> afpi_db::Result<i64> {
    let query = sql("SELECT COUNT(*) FROM attachments WHERE record_kind = ? AND record_id = ?");
    query.bind(holder.kind.word()).bind(holder.id).scalar(tx).await
}

/// A new attachment.
pub(super) struct New<'a> {
    pub name: &'a str,
    pub section: Option<&'a str>,
    pub piece: Option<&'a str>,
    pub expires_on: Option<Day>,
}

/// Attaches an upload to a record.
pub(super) async fn insert(
    tx: &mut Conn,
    holder: &Loaded<Holder>,
    attachment: New<'_>,
    sha256: &str,
    user: UserId,
    now: Instant,
) -> afpi_db::Result<AttachmentId> {
    let id = AttachmentId::generate();
    let New { name, section, piece, expires_on } = attachment;
    let mut query = sql(
        "INSERT INTO attachments (id, record_kind, record_id, section, piece, name, latest, created_at, version, expires_on) VALUES ",
    );
    query.rows([[
        id.into(),
        holder.kind.word().into(),
        holder.id.into(),
        section.into(),
        piece.into(),
        name.into(),
        1.into(),
        now.into(),
        1.into(),
        expires_on.into(),
    ]]);
    query.execute(tx).await?;
    insert_version(tx, id, 1, sha256, user, now).await?;
    Ok(id)
}

async fn insert_version(
    tx: &mut Conn,
    id: AttachmentId,
    number: i64,
    sha256: &str,
    user: UserId,
    now: Instant,
) -> afpi_db::Result<()> {
    let mut query =
        sql("INSERT INTO attachment_versions (attachment_id, number, sha256, created_at, created_by) VALUES ");
    query.rows([[id.into(), number.into(), sha256.into(), now.into(), user.into()]]);
    query.execute(tx).await.map(drop)
}

/// Sets name and place, if the row still is as it was read; whether it was.
pub(super) async fn update(
    tx: &mut Conn,
    holder: &Loaded<Holder>,
    before: &Attachment,
    after: &Attachment,
) -> afpi_db::Result<bool> {
    let query = sql(
        "UPDATE attachments SET name = ?, section = ?, piece = ?, expires_on = ?, version = version + 1 WHERE id = ? AND version = ? AND record_id = ?",
    );
    let query = query.bind(&after.name).bind(&after.section).bind(&after.piece).bind(after.expires_on);
    Ok(query.bind(before.id).bind(before.version).bind(holder.id).execute(tx).await? == 1)
}

/// Adds a version, if the row still is as it was read; whether it was.
pub(super) async fn replace(
    tx: &mut Conn,
    holder: &Loaded<Holder>,
    before: &Attachment,
    sha256: &str,
    user: UserId,
    now: Instant,
) -> afpi_db::Result<bool> {
    let number = before.versions.first().map_or(1, |last| last.number + 1);
    let query =
        sql("UPDATE attachments SET latest = ?, version = version + 1 WHERE id = ? AND version = ? AND record_id = ?");
    let query = query.bind(number).bind(before.id).bind(before.version).bind(holder.id);
    if query.execute(tx).await? != 1 {
        return Ok(false);
    }
    insert_version(tx, before.id, number, sha256, user, now).await?;
    Ok(true)
}

/// Removes a file with all its versions, if the row still is as it was read; whether it was.
pub(super) async fn remove(
    tx: &mut Conn,
    holder: &Loaded<Holder>,
    before: &Attachment,
    now: Instant,
) -> afpi_db::Result<bool> {
    // Locks the row before its versions, as the other writers do.
    let query = sql("UPDATE attachments SET version = version + 1 WHERE id = ? AND version = ? AND record_id = ?");
    if query.bind(before.id).bind(before.version).bind(holder.id).execute(tx).await? != 1 {
        return Ok(false);
    }
    // The content stays for a while: a copy of the database that was made just before still refers to it.
    let hashes =
        "UPDATE files SET seen_at = ? WHERE sha256 IN (SELECT sha256 FROM attachment_versions WHERE attachment_id = ?)";
    sql(hashes).bind(now).bind(before.id).execute(tx).await?;
    sql("DELETE FROM attachment_versions WHERE attachment_id = ?").bind(before.id).execute(tx).await?;
    sql("DELETE FROM attachments WHERE id = ?").bind(before.id).execute(tx).await?;
    Ok(true)
}
