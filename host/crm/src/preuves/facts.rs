//! What there is about a training: its opportunités and sessions in the caller's scope, its trainees, and all files that
//! may prove something.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::{Conn, sql};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Kind;
use crate::antivirus::FileState;
use crate::attachments::{self, holder};
use crate::opportunites::stored::{self, StoredOpportunite};
use crate::sessions::{attendance_csv, hours};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId, SessionId, StagiaireId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::Locale;
use afpi_platform::auth::caller::Caller;
use afpi_platform::checklist::Listed;
use afpi_platform::state::App;

/// The facts about one training.
pub struct Facts {
    pub kind: Kind,
    pub id: Uuid,
    pub label: String,
    pub title: String,
    pub site: LocalisationId,
    pub opportunites: Vec<Opportunite>,
    pub sessions: Vec<Session>,
    pub stagiaires: BTreeMap<StagiaireId, String>,
    /// Half-days of trainees: those with a mark, and all.
    pub attendance: (u32, u32),
    /// Trainers with a file that has not expired, and all. None without the right to see their files.
    pub trainers: Option<(u32, u32)>,
    /// The attendance at each session as a CSV file, by its number. None without the right to take lists as files.
    pub sheets: Vec<(String, String)>,
    pub files: Vec<File>,
    /// Kinds of the issued pieces.
    pub issued: Vec<String>,
}

pub struct Opportunite {
    pub numero: String,
    pub commercial: String,
    /// Has it left the first section?
    pub begun: bool,
    /// The first section's label, form and document.
    pub need: (String, Value, Map<String, Value>),
    /// The pieces of its checklists.
    pub listed: Vec<Listed>,
}

/// A session, as far as its days decide by when something is due.
pub struct Session {
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
}

/// A file that may prove something.
#[derive(Debug, Clone)]
pub struct File {
    /// A kind of documents, or the piece that an attachment is.
    pub word: String,
    pub origin: Origin,
    pub about: Uuid,
    pub name: String,
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
    pub at: Instant,
    pub by: Option<String>,
    /// Of a signed copy: when, and who signed.
    pub signed: Option<(Day, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Document,
    /// A copy of a document that came back signed.
    Signed,
    Attachment,
    Trainer,
}

afpi_db::row! {
    struct SessionRow { id: SessionId, numero: String, title: String, localisation_id: LocalisationId, first_day: Option<Day>, last_day: Option<Day> }
}

afpi_db::row! {
    struct DocumentRow {
        kind: String, about_id: Uuid, about_day: String, language: String, file_name: String, sha256: String, size: i64, media_type: String,
        made_at: Option<Instant>, created_at: Instant, maker: Option<String>,
    }
}

afpi_db::row! {
    struct SignedRow {
        kind: String, about_id: Uuid, file_name: String, name: String, sha256: String, size: i64, media_type: String, added_at: Instant,
        signed_on: Day, signatory: String, adder: String,
    }
}

const SESSION: &str = "n.id, n.numero, n.title, n.localisation_id, n.first_day, n.last_day";

/// Reads all of it; 404 outside the caller's scope.
pub async fn read(app: &App, caller: &Caller, kind: Kind, id: Uuid) -> Result<Facts> {
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let (label, title, site, files, sessions) = match kind {
        Kind::Opportunites => {
            let file = stored::load(&mut conn, &scope, id.into()).await?;
            let sessions = sessions_of(&mut conn, &scope, file.id).await?;
            (file.numero.clone(), file.title.clone(), file.localisation_id, vec![file], sessions)
        }
        Kind::Sessions => {
            let mut query = scope.sessions(SESSION, "");
            query.push(" AND n.id = ?").arg(id);
            let row: SessionRow = query.optional(&mut conn).await?.ok_or_else(not_found)?;
            let files = files_of(&mut conn, &scope, row.id).await?;
            (row.numero.clone(), row.title.clone(), row.localisation_id, files, vec![row])
        }
    };
    let mut facts = Facts {
        kind,
        id,
        label,
        title,
        site,
        opportunites: Vec::new(),
        stagiaires: BTreeMap::new(),
        attendance: (0, 0),
        trainers: None,
        files: Vec::new(),
        sheets: Vec::new(),
        issued: Vec::new(),
        sessions: Vec::new(),
    };
    people(&mut conn, &scope, &mut facts, &files, &sessions).await?;
    for file in &files {
        documents(&mut conn, &mut facts, file.id).await?;
        signed(&mut conn, &mut facts, file.id).await?;
        attached(&mut conn, &scope, &mut facts, attachments::Kind::Opportunites, file.id.uuid()).await?;
        let issued = sql("SELECT terms FROM pieces WHERE opportunite_id = ?").bind(file.id);
        let issued = issued.all::<(afpi_db::Json<Value>,)>(&mut conn).await?;
        facts.issued.extend(issued.iter().filter_map(|(terms,)| terms.0["kind"].as_str().map(str::to_owned)));
    }
    for session in &sessions {
        attached(&mut conn, &scope, &mut facts, attachments::Kind::Sessions, session.id.uuid()).await?;
    }
    if caller.may(Action::StagiairesExport) {
        for session in &sessions {
            let ours = |person| facts.stagiaires.contains_key(&person);
            let sheet = attendance_csv(&mut conn, &scope, session.id, ours, Locale::Fr).await?;
            facts.sheets.extend(sheet.map(|csv| (session.numero.clone(), csv)));
        }
    }
    if caller.may(Action::FormateursRead) {
        trainers(&mut conn, &scope, &mut facts, &sessions).await?;
    }
    let names = commerciaux(&mut conn, &files).await?;
    drop(conn);
    for file in &files {
        facts.opportunites.push(opportunite(app, file, &names).await?);
    }
    facts.sessions =
        sessions.into_iter().map(|row| Session { first_day: row.first_day, last_day: row.last_day }).collect();
    Ok(facts)
}

/// 404 unless the record is in the caller's scope.
pub async fn seen(app: &App, caller: &Caller, kind: Kind, id: Uuid) -> Result<()> {
    let (mut conn, scope) = (app.db.read().await?, caller.scope());
    let kind = match kind {
        Kind::Opportunites => attachments::Kind::Opportunites,
        Kind::Sessions => attachments::Kind::Sessions,
    };
    holder::load(&mut conn, &scope, kind, id).await.map(drop)
}

async fn sessions_of(conn: &mut Conn, scope: &Scope, id: OpportuniteId) -> Result<Vec<SessionRow>> {
    let mut query = scope.sessions(SESSION, "JOIN session_opportunites x ON x.session_id = n.id");
    query.push(" AND x.opportunite_id = ?").arg(id).push(" ORDER BY n.first_day, n.numero");
    Ok(query.all(conn).await?)
}

async fn files_of(conn: &mut Conn, scope: &Scope, id: SessionId) -> Result<Vec<Loaded<StoredOpportunite>>> {
    let query = sql("SELECT opportunite_id FROM session_opportunites WHERE session_id = ? ORDER BY opportunite_id");
    let mut files = Vec::new();
    for (file,) in query.bind(id).all::<(OpportuniteId,)>(conn).await? {
        files.extend(stored::find(conn, scope, file).await?);
    }
    Ok(files)
}

/// Who is trained, and for which half-days it is noted whether they were there.
async fn people(
    conn: &mut Conn,
    scope: &Scope,
    facts: &mut Facts,
    files: &[Loaded<StoredOpportunite>],
    sessions: &[SessionRow],
) -> Result<()> {
    let mut query = scope.stagiaires("t.id, t.name", "");
    match facts.kind {
        Kind::Opportunites => query.push(" AND t.opportunite_id IN ").list(files.iter().map(|file| file.id)),
        Kind::Sessions => query
            .push(" AND EXISTS (SELECT 1 FROM session_stagiaires p WHERE p.stagiaire_id = t.id AND p.session_id IN ")
            .list(sessions.iter().map(|session| session.id))
            .push(")"),
    };
    facts.stagiaires = query.all::<(StagiaireId, String)>(conn).await?.into_iter().collect();
    let ours: BTreeSet<SessionId> = sessions.iter().map(|session| session.id).collect();
    for noted in hours::noted(conn, facts.stagiaires.keys().copied()).await? {
        if ours.contains(&noted.session_id) {
            facts.attendance.1 += 1;
            facts.attendance.0 += u32::from(noted.state.is_some());
        }
    }
    Ok(())
}

/// The newest file of each document.
async fn documents(conn: &mut Conn, facts: &mut Facts, id: OpportuniteId) -> Result<()> {
    let rows = sql(
        "SELECT d.kind, d.about_id, d.about_day, d.language, d.file_name, d.sha256, f.size, f.media_type, d.made_at, d.created_at, \
         u.name AS maker FROM documents d JOIN files f ON f.sha256 = d.sha256 LEFT JOIN users u ON u.id = d.created_by \
         WHERE d.opportunite_id = ? AND d.state = 'ready' ORDER BY d.id DESC",
    );
    let mut seen = BTreeSet::new();
    for row in rows.bind(id).all::<DocumentRow>(conn).await? {
        if !seen.insert((row.kind.clone(), row.about_id, row.about_day.clone(), row.language.clone())) {
            continue;
        }
        facts.files.push(File {
            word: row.kind,
            origin: Origin::Document,
            about: row.about_id,
            name: format!("{}.pdf", row.file_name),
            sha256: row.sha256,
            size: row.size,
            media_type: row.media_type,
            at: row.made_at.unwrap_or(row.created_at),
            by: row.maker,
            signed: None,
        });
    }
    Ok(())
}

/// The signed copies of all documents.
async fn signed(conn: &mut Conn, facts: &mut Facts, id: OpportuniteId) -> Result<()> {
    let rows = sql(
        "SELECT d.kind, d.about_id, d.file_name, c.name, c.sha256, f.size, f.media_type, c.added_at, c.signed_on, c.signatory, \
         u.name AS adder FROM document_signed_copies c JOIN documents d ON d.id = c.document_id JOIN files f ON f.sha256 = c.sha256 \
         JOIN users u ON u.id = c.added_by WHERE d.opportunite_id = ? AND (f.scan IS NULL OR f.scan <> 'quarantined') \
         ORDER BY d.id, c.number",
    );
    for row in rows.bind(id).all::<SignedRow>(conn).await? {
        let ending = row.name.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).unwrap_or_default();
        facts.files.push(File {
            word: row.kind,
            origin: Origin::Signed,
            about: row.about_id,
            name: format!("{} - exemplaire signé{ending}", row.file_name),
            sha256: row.sha256,
            size: row.size,
            media_type: row.media_type,
            at: row.added_at,
            by: Some(row.adder),
            signed: Some((row.signed_on, row.signatory)),
        });
    }
    Ok(())
}

/// The present versions of the files of a record that are a piece of something.
async fn attached(conn: &mut Conn, scope: &Scope, facts: &mut Facts, kind: attachments::Kind, id: Uuid) -> Result<()> {
    let holder = holder::load(conn, scope, kind, id).await?;
    for one in attachments::all(conn, &holder).await? {
        let Some(word) = one.piece.filter(|_| one.file.state != FileState::Quarantined) else { continue };
        facts.files.push(File {
            word,
            origin: Origin::Attachment,
            about: id,
            name: one.name,
            sha256: one.file.sha256,
            size: one.file.size,
            media_type: one.file.media_type,
            at: one.file.created_at,
            by: Some(one.file.created_by.name),
            signed: None,
        });
    }
    Ok(())
}

/// The files of the trainers of these sessions. Trainers that plannings only name have none.
async fn trainers(conn: &mut Conn, scope: &Scope, facts: &mut Facts, sessions: &[SessionRow]) -> Result<()> {
    let ids = || sessions.iter().map(|session| session.id);
    let mut query = sql("SELECT formateur FROM session_plans WHERE formateur IS NOT NULL AND session_id IN ");
    query.list(ids()).push(" UNION SELECT formateur FROM session_rows WHERE formateur IS NOT NULL AND session_id IN ");
    query.list(ids());
    let named: Vec<(String,)> = query.all(conn).await?;
    // What expires before the training ends proves nothing for it.
    let last = sessions.iter().filter_map(|session| session.last_day).max().unwrap_or_else(Day::today);
    let mut proved = 0;
    for (text,) in &named {
        let Ok(id) = text.parse::<FormateurId>() else { continue };
        let Ok(holder) = holder::load(conn, scope, attachments::Kind::Formateurs, id.uuid()).await else { continue };
        let valid = attachments::all(conn, &holder).await?;
        let valid = valid.into_iter().filter(|one| one.expires_on.is_none_or(|day| day >= last));
        let valid: Vec<_> = valid.filter(|one| one.file.state != FileState::Quarantined).collect();
        proved += u32::from(!valid.is_empty());
        facts.files.extend(valid.into_iter().map(|one| File {
            word: String::new(),
            origin: Origin::Trainer,
            about: id.uuid(),
            name: format!("{} - {}", holder.label, one.name),
            sha256: one.file.sha256,
            size: one.file.size,
            media_type: one.file.media_type,
            at: one.file.created_at,
            by: Some(one.file.created_by.name),
            signed: None,
        }));
    }
    facts.trainers = Some((proved, u32::try_from(named.len()).unwrap_or(u32::MAX)));
    Ok(())
}

async fn commerciaux(conn: &mut Conn, files: &[Loaded<StoredOpportunite>]) -> Result<BTreeMap<Uuid, String>> {
    let mut query = sql("SELECT id, name FROM users WHERE id IN ");
    query.list(files.iter().map(|file| file.commercial_id));
    Ok(query.all::<(Uuid, String)>(conn).await?.into_iter().collect())
}

async fn opportunite(app: &App, file: &StoredOpportunite, names: &BTreeMap<Uuid, String>) -> Result<Opportunite> {
    let documents = file.documents()?;
    let section = |id: &str| documents.get(id).and_then(Value::as_object).cloned().unwrap_or_default();
    // Without its workflow a record still has its files.
    let definition = app.plugins.workflow(file.localisation_id).await.ok().map(|(_, definition)| definition);
    let first = definition.as_ref().and_then(|definition| definition.workflow.sections.first());
    let need = first.map(|first| (first.label.fr.clone(), first.form.clone(), section(&first.id)));
    let lists = definition.iter().flat_map(|definition| definition.checklists());
    Ok(Opportunite {
        numero: file.numero.clone(),
        commercial: names.get(&file.commercial_id.uuid()).cloned().unwrap_or_default(),
        begun: definition.as_ref().is_some_and(|definition| !definition.begins(&file.section)),
        need: need.unwrap_or_default(),
        listed: lists.flat_map(|(id, list)| list.listed(&section(id))).collect(),
    })
}
