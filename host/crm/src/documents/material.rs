//! What the host knows about an opportunité, as the dossier that plugins compose documents from. `docs/documents.md`
//! describes its fields.

use afpi_db::{Conn, sql};
use afpi_plugins::contract::documents::Request;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::catalogue::Offered;
use super::subject::{About, Subject};
use crate::entites;
use crate::opportunites::stored::StoredOpportunite;
use crate::pieces::{self, PieceWithContent};
use crate::{sessions, stagiaires};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, internal};
use afpi_core::id::{EntrepriseId, SessionId};
use afpi_core::scope::Loaded;
use afpi_core::text::{Text, text};

/// Everything about one opportunité that documents need, read once.
pub struct Material {
    /// The parts that every dossier has.
    common: Map<String, Value>,
    pieces: Vec<PieceWithContent>,
    sessions: Vec<Value>,
    stagiaires: Vec<Value>,
    id: Uuid,
}

/// What a dossier is for.
pub struct Asked<'a> {
    pub offered: &'a Offered,
    /// None: a draft of a piece that is not issued yet.
    pub subject: Option<Subject>,
    /// About a trainee: the session that it is about, if not his first one.
    pub session: Option<SessionId>,
    pub language: &'a str,
    pub draft: bool,
    pub now: Instant,
    /// Of a reminder: all pieces it is about, as the host knows them. Empty: its subject alone.
    pub claims: &'a [Value],
}

afpi_db::row! {
    struct CompanyRow {
        name: String, siren: Option<String>, siret: Option<String>, vat_number: Option<String>, naf_code: Option<String>, idcc: Option<String>,
        opco: Option<String>, line1: Option<String>, line2: Option<String>, postcode: Option<String>, city: Option<String>, country: String,
    }
}

afpi_db::row! {
    struct ContactRow {
        first_name: Option<String>, last_name: String, job: Option<String>, email: Option<String>, phone: Option<String>, main: bool,
    }
}

impl Material {
    /// Reads everything. The opportunité was read in the caller's scope, or is the host's own business.
    pub async fn load(conn: &mut Conn, opportunite: &Loaded<StoredOpportunite>) -> Result<Material> {
        let id = opportunite.id;
        let mut common = Map::new();
        let (name, email): (String, String) =
            sql("SELECT name, email FROM users WHERE id = ?").bind(opportunite.commercial_id).one(conn).await?;
        common.insert(
            "opportunite".into(),
            json!({
                "id": id, "numero": opportunite.numero, "title": opportunite.title, "kind": opportunite.kind,
                "commercial": {"name": name, "email": email}, "data": opportunite.documents()?,
            }),
        );
        common.insert("entreprise".into(), company(conn, opportunite.entreprise_id).await?);
        if let Value::Object(seller) =
            serde_json::to_value(entites::dossier(conn, opportunite.localisation_id).await?).map_err(internal)?
        {
            common.extend(seller);
        }
        let (pieces, payments) = pieces::all(conn, id).await?;
        common.insert("payments".into(), serde_json::to_value(&payments).unwrap_or_default());
        let sessions = listed(sessions::dossier(conn, id).await?)?;
        let stagiaires = listed(stagiaires::dossier(conn, id).await?)?;
        Ok(Material { common, pieces, sessions, stagiaires, id: id.uuid() })
    }

    /// Replaces section documents by those that somebody is typing.
    pub fn typed(&mut self, documents: Map<String, Value>) {
        if let Some(Value::Object(data)) = self.common.get_mut("opportunite").and_then(|o| o.get_mut("data")) {
            data.extend(documents);
        }
    }

    /// What this kind of document can be about, with what people call it.
    pub fn subjects(&self, offered: &Offered) -> Vec<(Subject, Text)> {
        let plain = |id: Uuid, label: String| (Subject { id, day: None }, text(label.clone(), label));
        match offered.about {
            About::Opportunite => vec![plain(self.id, String::new())],
            About::Piece => self.pieces_of(offered).map(|piece| plain(piece.id().uuid(), piece.name())).collect(),
            About::Session => self.sessions.iter().filter_map(|s| Some(plain(id_of(s)?, word(s, "numero")))).collect(),
            About::Day => self.sessions.iter().flat_map(days).collect(),
            About::Stagiaire => {
                let name = |s: &Value| format!("{} {}", word(s, "lastName"), word(s, "firstName"));
                self.stagiaires.iter().filter_map(|s| Some(plain(id_of(s)?, name(s)))).collect()
            }
        }
    }

    fn pieces_of<'a>(&'a self, offered: &'a Offered) -> impl Iterator<Item = &'a PieceWithContent> {
        self.pieces.iter().filter(|piece| offered.kind.pieces.iter().any(|kind| kind == piece.kind()))
    }

    /// The kind of this piece, if no later one of its kind was issued.
    pub fn newest_piece(&self, id: Uuid) -> Option<&str> {
        let kind = self.pieces.iter().find(|piece| piece.id().uuid() == id)?.kind();
        let newest = self.pieces.iter().filter(|piece| piece.kind() == kind).map(|piece| piece.id()).max()?;
        (newest.uuid() == id).then_some(kind)
    }

    /// The day such a document is dated: of a piece its day of issue, otherwise today.
    pub fn dated(&self, asked: &Asked<'_>) -> Day {
        let piece = asked.subject.and_then(|subject| self.pieces.iter().find(|piece| piece.id().uuid() == subject.id));
        piece.and_then(|piece| piece.issued_on().parse().ok()).unwrap_or_else(|| asked.now.day())
    }

    /// The request to the plugin.
    pub fn request(&self, asked: &Asked<'_>) -> Request {
        Request {
            kind: asked.offered.kind.id.clone(),
            language: asked.language.to_owned(),
            draft: asked.draft,
            dossier: Value::Object(self.dossier(asked)).to_string(),
            now: asked.now.millis(),
            today: self.dated(asked).to_string(),
        }
    }

    fn dossier(&self, asked: &Asked<'_>) -> Map<String, Value> {
        let mut dossier = self.common.clone();
        dossier.insert("locale".into(), asked.language.into());
        dossier.insert("draft".into(), asked.draft.into());
        if !asked.claims.is_empty() {
            dossier.insert("relance".into(), asked.claims.into());
        }
        let mut stagiaires = self.stagiaires.clone();
        let subject = asked.subject;
        let with_id = |all: &[Value]| {
            let wanted = subject.map(|subject| subject.id.to_string());
            all.iter().find(|one| one["id"].as_str() == wanted.as_deref()).cloned()
        };
        match asked.offered.about {
            About::Opportunite => {}
            About::Piece => {
                let piece = subject.and_then(|subject| self.pieces.iter().find(|p| p.id().uuid() == subject.id));
                if let Some(piece) = piece {
                    dossier.insert("piece".into(), self.piece(piece));
                }
            }
            About::Session | About::Day => {
                if let Some(session) = with_id(&self.sessions) {
                    let takes_part = |stagiaire: &Value| {
                        let mine = stagiaire["sessions"].as_array();
                        mine.is_none_or(|mine| mine.iter().any(|id| *id == session["id"]))
                    };
                    stagiaires.retain(takes_part);
                    dossier.insert("session".into(), session);
                }
                if let Some(day) = subject.and_then(|subject| subject.day) {
                    dossier.insert("day".into(), day.to_string().into());
                }
            }
            About::Stagiaire => {
                if let Some(stagiaire) = with_id(&self.stagiaires) {
                    let mine = stagiaire["sessions"].as_array().cloned().unwrap_or_default();
                    let wanted = asked.session.map(|id| id.to_string());
                    let meant =
                        |session: &&Value| mine.contains(&session["id"]) && session["id"].as_str() == wanted.as_deref();
                    let session = self.sessions.iter().find(meant);
                    let session =
                        session.or_else(|| self.sessions.iter().find(|session| mine.contains(&session["id"])));
                    if let Some(session) = session.or_else(|| self.sessions.first()) {
                        dossier.insert("session".into(), session.clone());
                    }
                    dossier.insert("stagiaire".into(), stagiaire);
                }
            }
        }
        // Only a document of a session needs who was there and when; thirty people over a year are a long text.
        if !matches!(asked.offered.about, About::Session | About::Day) {
            stagiaires.iter_mut().filter_map(Value::as_object_mut).for_each(|one| drop(one.remove("attendance")));
        }
        dossier.insert("sessions".into(), self.sessions.clone().into());
        dossier.insert("stagiaires".into(), stagiaires.into());
        dossier
    }

    /// A piece with what it corrects.
    fn piece(&self, piece: &PieceWithContent) -> Value {
        let mut value = piece.dossier();
        let corrected = piece.corrects().and_then(|id| self.pieces.iter().find(|other| other.id() == id));
        if let Some(corrected) = corrected {
            value["corrects"] = corrected.number().into();
            value["correctsIssuedOn"] = corrected.issued_on().into();
            value["correctsKind"] = corrected.kind().into();
        }
        value
    }
}

/// Records in their JSON form.
fn listed<T: Serialize>(records: Vec<T>) -> Result<Vec<Value>> {
    records.iter().map(|record| serde_json::to_value(record).map_err(internal)).collect()
}

async fn company(conn: &mut Conn, id: EntrepriseId) -> Result<Value> {
    let row: CompanyRow = sql(
        "SELECT name, siren, siret, vat_number, naf_code, idcc, opco, line1, line2, postcode, city, country FROM entreprises WHERE id = ?",
    )
    .bind(id)
    .one(conn)
    .await?;
    let contacts: Vec<ContactRow> = sql(
        "SELECT first_name, last_name, job, email, phone, main FROM contacts WHERE entreprise_id = ? ORDER BY main DESC, position",
    )
    .bind(id)
    .all(conn)
    .await?;
    let contacts: Vec<Value> = contacts
        .into_iter()
        .map(|c| {
            json!({
                "firstName": c.first_name, "lastName": c.last_name, "function": c.job, "email": c.email, "phone": c.phone, "main": c.main,
            })
        })
        .collect();
    Ok(json!({
        "name": row.name, "siren": row.siren, "siret": row.siret, "vatNumber": row.vat_number, "nafCode": row.naf_code, "idcc": row.idcc,
        "opco": row.opco, "line1": row.line1, "line2": row.line2, "postcode": row.postcode, "city": row.city, "country": row.country,
        "contacts": contacts,
    }))
}

fn id_of(record: &Value) -> Option<Uuid> {
    record["id"].as_str()?.parse().ok()
}

fn word(record: &Value, field: &str) -> String {
    record[field].as_str().unwrap_or_default().to_owned()
}

/// The days of a session, each once.
fn days(session: &Value) -> Vec<(Subject, Text)> {
    let Some(id) = id_of(session) else { return Vec::new() };
    let halves = session["halfDays"].as_array().cloned().unwrap_or_default();
    let mut days: Vec<Day> = halves.iter().filter_map(|half| half["day"].as_str()?.parse().ok()).collect();
    days.sort();
    days.dedup();
    let label = |day: Day| afpi_core::clock::long_day(&day.to_string());
    days.into_iter().map(|day| (Subject { id, day: Some(day) }, label(day))).collect()
}
