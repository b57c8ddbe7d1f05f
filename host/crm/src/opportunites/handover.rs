//! Open files of a person who leaves: finds them, and hands each one to a successor like a single assignment.

use std::collections::{BTreeSet, HashSet};

use afpi_db::{Conn, Sql, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::create::assignable;
use super::hooks::{self, Wish};
use super::patch::{Edit, assigned, history, write};
use super::stored::{self, StoredOpportunite};
use afpi_core::error::{Error, ErrorKind, Result, field, invalid};
use afpi_core::id::{LocalisationId, OpportuniteId, UserId};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;

use afpi_core::rights::{Action, Reach};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_platform::plugins::hooks::Asked;
use afpi_platform::plugins::site_words::SiteWords;

/// The most files handed over in one transaction. A job handles the rest.
pub const AT_ONCE: u32 = 200;

/// The most files that an answer names.
const NAMED: usize = 10;

/// A person who can no longer own files, or only those of the remaining sites.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Leaving {
    pub user: UserId,
    pub stays: Vec<LocalisationId>,
}

/// A file, and the hooks that accepted its successor.
pub struct Agreed {
    file: Loaded<StoredOpportunite>,
    asked: Vec<Asked>,
}

/// Appends ` AND …`: open work, that is undecided, or signed with a role that still has to act.
pub fn under_way(query: &mut Sql, awaited: &SiteWords) {
    query.push(" AND (o.outcome IN ('open', 'suspended') OR ");
    awaited.push(query, "o.status").push(")");
}

/// Who can own files: each active person whose role allows it, with their sites, or with `None` for the whole network.
pub async fn owners(conn: &mut Conn) -> afpi_db::Result<HashSet<(UserId, Option<LocalisationId>)>> {
    let mut query = sql("SELECT w.id, CASE WHEN ro.reach = ? THEN NULL ELSE wl.localisation_id END FROM users w \
         JOIN roles ro ON ro.id = w.role_id JOIN role_actions ra ON ra.role_id = w.role_id AND ra.action = ? \
         LEFT JOIN user_localisations wl ON wl.user_id = w.id \
         WHERE w.active = ? AND (ro.reach = ? OR wl.localisation_id IS NOT NULL)");
    query.arg(Reach::Network.id()).arg(Action::OpportunitesCreate.id()).arg(true).arg(Reach::Network.id());
    Ok(query.all(conn).await?.into_iter().collect())
}

impl Leaving {
    fn narrow(&self, query: &mut Sql, awaited: &SiteWords) {
        query.push(" AND o.commercial_id = ?").arg(self.user);
        under_way(query, awaited);
        if !self.stays.is_empty() {
            query.push(" AND o.localisation_id NOT IN ").list(&self.stays);
        }
    }

    /// The person's files, at most [`AT_ONCE`], without those in `but`.
    pub async fn files(
        &self,
        conn: &mut Conn,
        awaited: &SiteWords,
        but: &BTreeSet<OpportuniteId>,
    ) -> Result<Vec<Loaded<StoredOpportunite>>> {
        let mut query = stored::select(&Scope::All);
        self.narrow(&mut query, awaited);
        if !but.is_empty() {
            query.push(" AND o.id NOT IN ").list(but);
        }
        query.push(" ORDER BY o.id").limit(AT_ONCE);
        Ok(query.all_loaded(conn).await?)
    }

    /// The number of the person's files.
    pub async fn count(&self, conn: &mut Conn, awaited: &SiteWords) -> Result<i64> {
        let mut query = Scope::All.opportunites("COUNT(*)", "");
        self.narrow(&mut query, awaited);
        Ok(query.scalar(conn).await?)
    }
}

/// 409: a successor must take over these files. Names the files that the caller may see.
pub fn successor_needed(caller: &Caller, total: i64, files: &[Loaded<StoredOpportunite>]) -> Error {
    let scope = caller.scope();
    let items: Vec<Value> = files
        .iter()
        .filter(|file| scope.covers_site(file.localisation_id))
        .take(NAMED)
        .map(|file| json!({"id": file.id, "numero": file.numero, "title": file.title}))
        .collect();
    let detail = text(
        format!("Dossiers en cours de cette personne : {total}. Choisissez qui les reprend."),
        format!("Files of this person under way: {total}. Choose who takes them over."),
    );
    Error::new(ErrorKind::SuccessorNeeded, text("Il faut un successeur", "A successor is needed"))
        .detail(detail)
        .with("left", json!({"total": total, "items": items}))
}

/// Asks the hooks of each file. Returns the first refusal, with the file's number before its reason.
pub async fn agree(act: Act<'_>, files: Vec<Loaded<StoredOpportunite>>, successor: UserId) -> Result<Vec<Agreed>> {
    let mut agreed = Vec::with_capacity(files.len());
    for file in files {
        let wish = Wish::Assign { commercial: successor };
        let asked = hooks::ask(act, &file, wish).await.map_err(|refusal| hooks::of_file(refusal, &file.numero))?;
        agreed.push(Agreed { file, asked });
    }
    Ok(agreed)
}

/// 422 at `/successorId` unless the successor can own all these files.
pub async fn check_successor(
    conn: &mut Conn,
    leaving: &Leaving,
    successor: UserId,
    files: &[Loaded<StoredOpportunite>],
) -> Result<()> {
    let sites: BTreeSet<LocalisationId> = files.iter().map(|file| file.localisation_id).collect();
    for site in sites {
        let refused = assignable(conn, successor, site).await?;
        if successor == leaving.user || refused.is_some() {
            return Err(invalid(vec![field(
                "/successorId",
                "not-assignable",
                text(
                    "Cette personne ne peut pas suivre tous ces dossiers.",
                    "This person cannot own all of these files.",
                ),
            )]));
        }
    }
    Ok(())
}

/// Gives the files to the successor: rows, history and events. Returns whether all of them were still as the hooks saw
/// them. If not, the caller must roll back.
pub async fn hand_over(tx: &mut Conn, act: Act<'_>, agreed: &[Agreed], successor: UserId) -> Result<bool> {
    for Agreed { file, asked } in agreed {
        if !write(tx, file, &[("commercial_id", successor.into())], act.now).await? {
            return Ok(false);
        }
        let changes = [json!({"field": "/commercialId", "from": file.commercial_id, "to": successor})];
        history(tx, act, file, &Edit { changes: &changes, assigned: true, asked }).await?;
        assigned(tx, act, file, successor).await?;
    }
    Ok(true)
}
