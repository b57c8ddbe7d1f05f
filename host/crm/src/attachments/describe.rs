//! The JSON form of an attachment, and its rows.

use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;

use super::holder::Holder;
use crate::antivirus::FileState;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{AttachmentId, UserId};
use afpi_core::scope::Loaded;
use afpi_files::MediaType;

/// A file of a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    #[schema(value_type = Uuid)]
    pub id: AttachmentId,
    #[schema(example = "Convention signée.pdf")]
    pub name: String,
    /// Of an opportunité: the section it belongs to.
    pub section: Option<String>,
    /// Of an opportunité: the piece of the checklist that it is. Also of a session: the evidence that it is.
    pub piece: Option<String>,
    /// Of a trainer: the last day on which it is valid, e.g. of an authorisation.
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Day>,
    /// The present version of the file.
    #[serde(flatten)]
    pub file: File,
    /// All versions, the present one first.
    pub versions: Vec<FileVersion>,
    /// For `If-Match`.
    pub version: i64,
}

/// The content of a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AttachmentFile)]
pub struct File {
    /// As the content says.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// Is there a preview that can be shown?
    pub preview: bool,
    /// Can it be read?
    pub state: FileState,
    pub created_at: Instant,
    pub created_by: Person,
}

/// One version of a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AttachmentVersion)]
pub struct FileVersion {
    /// From 1.
    pub number: i64,
    #[serde(flatten)]
    pub file: File,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttachmentPerson)]
pub struct Person {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
}

afpi_db::row! {
    struct Row {
        id: AttachmentId, name: String, section: Option<String>, piece: Option<String>, expires_on: Option<Day>, version: i64,
        number: i64, sha256: String, size: i64, media_type: String, scan: Option<String>, created_at: Instant, created_by: UserId, person: String,
    }
}

const SELECT: &str = "SELECT a.id, a.name, a.section, a.piece, a.expires_on, a.version, v.number, v.sha256, f.size, f.media_type, f.scan, v.created_at, v.created_by, \
     u.name AS person FROM attachments a JOIN attachment_versions v ON v.attachment_id = a.id JOIN files f ON f.sha256 = v.sha256 \
     JOIN users u ON u.id = v.created_by WHERE a.record_kind = ? AND a.record_id = ?";

/// All files of a record, the oldest first.
pub async fn all(conn: &mut Conn, holder: &Loaded<Holder>) -> Result<Vec<Attachment>> {
    let mut query = sql(SELECT).bind(holder.kind.word()).bind(holder.id);
    query.push(" ORDER BY a.id, v.number DESC");
    grouped(query.all(conn).await?)
}

/// One of them; 404 when it hangs on another record.
pub async fn one(conn: &mut Conn, holder: &Loaded<Holder>, id: AttachmentId) -> Result<Attachment> {
    let mut query = sql(SELECT).bind(holder.kind.word()).bind(holder.id);
    query.push(" AND a.id = ? ORDER BY v.number DESC").arg(id);
    grouped(query.all(conn).await?)?.pop().ok_or_else(not_found)
}

/// The rows of one file follow each other.
fn grouped(rows: Vec<Row>) -> Result<Vec<Attachment>> {
    let mut attachments: Vec<Attachment> = Vec::new();
    for row in rows {
        let state = FileState::of(row.scan.as_deref());
        let file = File {
            preview: state == FileState::Ready && MediaType::of(&row.media_type).is_some_and(|media| media.preview),
            state,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            created_at: row.created_at,
            created_by: Person { id: row.created_by, name: row.person },
        };
        let version = FileVersion { number: row.number, file: file.clone() };
        match attachments.last_mut() {
            Some(last) if last.id == row.id => last.versions.push(version),
            _ => attachments.push(Attachment {
                id: row.id,
                name: row.name,
                section: row.section,
                piece: row.piece,
                expires_on: row.expires_on,
                file,
                versions: vec![version],
                version: row.version,
            }),
        }
    }
    Ok(attachments)
}
