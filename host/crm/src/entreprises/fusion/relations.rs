//! What refers to a company or to one of its contacts, table by table. `tests/api/fusions.rs` walks the schema: a column
//! that refers to a company and is neither moved here nor explained there fails it.

use afpi_core::id::EntrepriseId;
use afpi_core::scope::{Loaded, Scope};
use afpi_db::{Conn, Sql, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::row::Raw;

/// Rows per statement.
const BATCH: usize = 500;

/// Whose relations.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Entreprise,
    Contact,
}

impl Of {
    /// The word in `record_kind`, and the one in `external_ids.entity`.
    fn words(self) -> [&'static str; 2] {
        match self {
            Of::Entreprise => ["entreprises", "entreprise"],
            Of::Contact => ["contacts", "contact"],
        }
    }
}

/// The rows that refer to a record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Moved {
    pub opportunites: Vec<Uuid>,
    pub attachments: Vec<Uuid>,
    pub notes: Vec<Uuid>,
    pub taches: Vec<Uuid>,
    pub courriels: Vec<Uuid>,
    /// Source and id over there.
    pub external_ids: Vec<(String, String)>,
    pub encaissements: Vec<Uuid>,
}

/// How many rows refer to a company.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FusionRelations)]
pub struct Counts {
    opportunites: usize,
    attachments: usize,
    notes: usize,
    taches: usize,
    /// Mails that people shared.
    courriels: usize,
    /// The same company in other systems.
    external_ids: usize,
    /// Money that the company paid.
    encaissements: usize,
}

impl Moved {
    pub fn counts(&self) -> Counts {
        Counts {
            opportunites: self.opportunites.len(),
            attachments: self.attachments.len(),
            notes: self.notes.len(),
            taches: self.taches.len(),
            courriels: self.courriels.len(),
            external_ids: self.external_ids.len(),
            encaissements: self.encaissements.len(),
        }
    }

    /// Those that are in both.
    pub fn still(&self, now: &Moved) -> Moved {
        let both = |mine: &[Uuid], now: &[Uuid]| mine.iter().filter(|id| now.contains(id)).copied().collect();
        Moved {
            opportunites: both(&self.opportunites, &now.opportunites),
            attachments: both(&self.attachments, &now.attachments),
            notes: both(&self.notes, &now.notes),
            taches: both(&self.taches, &now.taches),
            courriels: both(&self.courriels, &now.courriels),
            external_ids: self.external_ids.iter().filter(|id| now.external_ids.contains(id)).cloned().collect(),
            encaissements: both(&self.encaissements, &now.encaissements),
        }
    }

    /// By table, how many of these are not among those.
    pub fn lost(&self, still: &Moved) -> Vec<(&'static str, usize)> {
        let (all, left) = (self.counts(), still.counts());
        [
            ("opportunite", all.opportunites - left.opportunites),
            ("attachment", all.attachments - left.attachments),
            ("note", all.notes - left.notes),
            ("tache", all.taches - left.taches),
            ("courriel", all.courriels - left.courriels),
            ("externalId", all.external_ids - left.external_ids),
            ("encaissement", all.encaissements - left.encaissements),
        ]
        .into_iter()
        .filter(|(_, lost)| *lost > 0)
        .collect()
    }
}

/// What refers to this record now.
pub async fn of(conn: &mut Conn, of: Of, id: Uuid) -> afpi_db::Result<Moved> {
    let [kind, entity] = of.words();
    let mut moved = Moved {
        attachments: ids(conn, about(sql("SELECT id FROM attachments"), kind, id)).await?,
        notes: ids(conn, about(sql("SELECT id FROM notes"), kind, id)).await?,
        taches: ids(conn, about(sql("SELECT id FROM taches"), kind, id)).await?,
        courriels: ids(conn, about(sql("SELECT id FROM courriels"), kind, id)).await?,
        ..Moved::default()
    };
    let links = sql(
        "SELECT source, external_id FROM external_ids WHERE record_id = ? AND entity = ? ORDER BY source, external_id",
    );
    moved.external_ids = links.bind(id).bind(entity).all(conn).await?;
    if let Of::Entreprise = of {
        let mut query = Scope::All.opportunites("o.id", "");
        query.push(" AND o.entreprise_id = ? ORDER BY o.id").arg(id);
        moved.opportunites = query.all::<(Uuid,)>(conn).await?.into_iter().map(|(id,)| id).collect();
        let paid = sql("SELECT id FROM encaissements WHERE payer_key = ? ORDER BY id").bind(payer_key(id.into()));
        moved.encaissements = ids(conn, paid).await?;
    }
    Ok(moved)
}

fn about(mut query: Sql, kind: &'static str, id: Uuid) -> Sql {
    query.push(" WHERE record_kind = ? AND record_id = ? ORDER BY id").arg(kind).arg(id);
    query
}

async fn ids(conn: &mut Conn, query: Sql) -> afpi_db::Result<Vec<Uuid>> {
    Ok(query.all::<(Uuid,)>(conn).await?.into_iter().map(|(id,)| id).collect())
}

/// The company as a payer, as `facturation/keep.rs` writes it.
fn payer_key(id: EntrepriseId) -> String {
    format!("company:{id}")
}

/// Makes these rows refer to `to`. The survivor of the merge was read in scope and is locked.
pub async fn shift(tx: &mut Conn, _locked: &Loaded<Raw>, of: Of, moved: &Moved, to: Uuid) -> afpi_db::Result<()> {
    let [_, entity] = of.words();
    for (text, ids) in [
        ("UPDATE attachments SET record_id = ? WHERE id IN ", &moved.attachments),
        ("UPDATE notes SET record_id = ? WHERE id IN ", &moved.notes),
        ("UPDATE taches SET record_id = ? WHERE id IN ", &moved.taches),
        ("UPDATE courriels SET record_id = ? WHERE id IN ", &moved.courriels),
        ("UPDATE opportunites SET entreprise_id = ? WHERE id IN ", &moved.opportunites),
    ] {
        for ids in ids.chunks(BATCH) {
            let mut query = sql(text).bind(to);
            query.list(ids.iter().copied());
            query.execute(tx).await?;
        }
    }
    for (source, external) in &moved.external_ids {
        sql("UPDATE external_ids SET record_id = ? WHERE source = ? AND entity = ? AND external_id = ?")
            .bind(to)
            .bind(source)
            .bind(entity)
            .bind(external)
            .execute(tx)
            .await?;
    }
    let key = payer_key(to.into());
    for ids in moved.encaissements.chunks(BATCH) {
        let mut query = sql("UPDATE encaissements SET payer_key = ? WHERE id IN ").bind(&key);
        query.list(ids.iter().copied());
        query.execute(tx).await?;
    }
    // What the company owes itself. What another payer owes is not touched.
    for ids in moved.opportunites.chunks(BATCH) {
        let mut query =
            sql("UPDATE creances SET payer_key = ? WHERE payer_key LIKE 'company:%' AND opportunite_id IN ");
        query.arg(&key).list(ids.iter().copied());
        query.execute(tx).await?;
    }
    Ok(())
}
