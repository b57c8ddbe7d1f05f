//! Who may get a document: people who are known, those first who usually do.

use afpi_db::{Conn, Json, sql};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::documents::About;
use crate::opportunites::stored::StoredOpportunite;
use afpi_core::email;
use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_core::scope::Scope;
use afpi_platform::contacts::Named;

/// Somebody who may get a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DocumentRecipient)]
pub struct Recipient {
    /// Perhaps empty.
    pub name: String,
    pub email: String,
    /// Is this who usually gets such a document?
    pub usual: bool,
}

/// The known people, each address once. `named` are those in the documents of the opportunité.
pub async fn of(
    conn: &mut Conn,
    scope: &Scope,
    opportunite: &StoredOpportunite,
    (about, id): (About, Uuid),
    named: &[Named],
) -> Result<Vec<Recipient>> {
    let mut all: Vec<Recipient> = Vec::new();
    let company = company(conn, opportunite).await?;
    match about {
        About::Stagiaire => add(&mut all, trainee(conn, scope, id).await?, true),
        About::Piece => {
            let known = payer(conn, opportunite.localisation_id, id).await?;
            let nobody = known.is_empty();
            add(&mut all, known, true);
            let pays = company_pays(conn, id).await?;
            add(&mut all, named.to_vec(), nobody && pays);
        }
        About::Opportunite | About::Session | About::Day => add(&mut all, named.to_vec(), true),
    }
    // Without anybody else the main contact of the company gets what concerns the company.
    let first =
        all.is_empty() && about != About::Stagiaire && (about != About::Piece || company_pays(conn, id).await?);
    add(&mut all, named.to_vec(), false);
    add(&mut all, company, first);
    Ok(all)
}

/// Adds who can get a mail and is not there yet. Of a group, the first one usually gets it.
fn add(all: &mut Vec<Recipient>, group: Vec<Named>, usual: bool) {
    let mut first = usual;
    for Named { name, email: typed } in group {
        let address = email::tidy(&typed);
        let known = all.iter().any(|known| email::key(&known.email) == email::key(&address));
        if email::is_address(&address) && !known {
            all.push(Recipient { name, email: address, usual: first });
            first = false;
        }
    }
}

/// The people of the company, the main one first.
async fn company(conn: &mut Conn, opportunite: &StoredOpportunite) -> Result<Vec<Named>> {
    let rows: Vec<(Option<String>, String, String)> = sql(
        "SELECT first_name, last_name, email FROM contacts WHERE entreprise_id = ? AND email IS NOT NULL ORDER BY main DESC, position",
    )
    .bind(opportunite.entreprise_id)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(first, last, email)| Named { name: full(first.as_deref(), &last), email }).collect())
}

async fn trainee(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Vec<Named>> {
    let mut query = scope.stagiaires("t.first_name, t.last_name, t.email", "");
    query.push(" AND t.id = ? AND t.email IS NOT NULL").arg(id);
    let rows: Vec<(String, String, String)> = query.all(conn).await?;
    Ok(rows.into_iter().map(|(first, last, email)| Named { name: full(Some(&first), &last), email }).collect())
}

/// The addresses that the payer of this piece was last written to from this site.
async fn payer(conn: &mut Conn, site: LocalisationId, piece: Uuid) -> Result<Vec<Named>> {
    let mut query = sql(
        "SELECT s.recipients FROM document_sendings s JOIN documents d ON d.id = s.document_id JOIN creances c ON c.piece_id = d.about_id \
         WHERE d.localisation_id = ? AND s.state IN ('sent', 'filed') \
         AND c.payer_key = (SELECT p.payer_key FROM creances p WHERE p.piece_id = ?) ORDER BY s.id DESC",
    )
    .bind(site)
    .bind(piece);
    query.limit(1);
    let last: Option<(Json<Vec<String>>,)> = query.optional(conn).await?;
    let addresses = last.map(|(Json(addresses),)| addresses).unwrap_or_default();
    Ok(addresses.into_iter().map(|email| Named { name: String::new(), email }).collect())
}

/// Does the company of the opportunité pay this piece? Of anybody else the host knows the name only.
async fn company_pays(conn: &mut Conn, piece: Uuid) -> Result<bool> {
    let content: Option<(Json<Value>,)> =
        sql("SELECT content FROM pieces WHERE id = ?").bind(piece).optional(conn).await?;
    let pays =
        |content: Value| content["payer"]["company"].is_object() && content["payer"]["third"] != Value::Bool(true);
    Ok(content.is_some_and(|(Json(content),)| pays(content)))
}

fn full(first: Option<&str>, last: &str) -> String {
    first.map_or_else(|| last.to_owned(), |first| format!("{first} {last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_there_once_and_of_a_group_the_first_one_is_usual() {
        let named = |name: &str, email: &str| Named { name: name.into(), email: email.into() };
        let mut all = Vec::new();
        add(&mut all, vec![named("X", "pas une adresse"), named("A", "a@b.fr"), named("C", "c@b.fr")], true);
        add(&mut all, vec![named("A encore", "A@B.fr"), named("D", "mailto:d@b.fr")], false);
        let shown: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.email.as_str(), one.usual)).collect();
        assert_eq!(shown, [("A", "a@b.fr", true), ("C", "c@b.fr", false), ("D", "d@b.fr", false)]);
    }
}
