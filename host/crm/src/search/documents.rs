//! Reads records as documents of the index: those that changed, or all of them page by page. The index is no answer:
//! what it finds is read again in the caller's scope.

use std::collections::BTreeMap;

use afpi_core::clock::Instant;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_db::{Conn, Row};
use afpi_platform::feed::Changed;
use afpi_search::Document;
use uuid::Uuid;

use super::Kind;
use crate::changed::Which;
use crate::description::Description;
use crate::entreprises::description::{CONTACTS, ENTREPRISES};
use crate::formateurs::description::FORMATEURS;
use crate::sessions::description::SESSIONS;
use crate::stagiaires::description::STAGIAIRES;
use crate::users::description::USERS;

/// The documents of each record. A record that does not exist has no entry.
pub type Documents = BTreeMap<Uuid, Vec<Document>>;

/// Reads these records.
pub async fn read(conn: &mut Conn, kind: Changed, which: Which<'_>) -> afpi_db::Result<Documents> {
    match kind {
        Changed::Entreprise => entreprises(conn, which).await,
        Changed::Opportunite => opportunites(conn, which).await,
        Changed::Session => described(conn, Kind::Session, &SESSIONS, which).await,
        Changed::Formateur => described(conn, Kind::Formateur, &FORMATEURS, which).await,
        Changed::User => described(conn, Kind::User, &USERS, which).await,
    }
}

/// `SELECT <record>, <site>, <changed>, <what it is found by> FROM …`, for [`document`]. `record` is the one that the
/// document belongs to.
fn select(description: &'static Description, record: &'static str) -> ScopedSql {
    let own = &description.columns;
    let fields = description.fields.iter().filter(|field| field.searched).map(|field| field.column);
    let columns: Vec<_> = [own.id, record, own.site, own.updated_at].into_iter().chain(fields).collect();
    (description.select)(&Scope::All, &columns)
}

fn document(row: &Row, kind: Kind, description: &'static Description) -> afpi_db::Result<(Uuid, Document)> {
    let site: Option<Uuid> = row.at(2)?;
    let texts = description.found_by(row, 4)?;
    let changed = row.at::<Instant>(3)?.millis();
    let sites = site.into_iter().collect();
    Ok((row.at(1)?, Document { kind: kind as u8, id: row.at(0)?, owner: None, sites, changed, texts }))
}

async fn described(
    conn: &mut Conn,
    kind: Kind,
    description: &'static Description,
    which: Which<'_>,
) -> afpi_db::Result<Documents> {
    let mut query = select(description, description.columns.id);
    which.push(&mut query, description.columns.id);
    let mut found = Documents::new();
    query
        .each(conn, |row| {
            let (record, document) = document(&row, kind, description)?;
            found.insert(record, vec![document]);
            Ok(true)
        })
        .await?;
    Ok(found)
}

/// Companies with their contacts. They are seen at their own site and at those that work for them.
async fn entreprises(conn: &mut Conn, which: Which<'_>) -> afpi_db::Result<Documents> {
    let mut found = described(conn, Kind::Entreprise, &ENTREPRISES, which).await?;
    let rows = which.rows(found.last_key_value().map(|(id, _)| *id));
    let mut query = Scope::All.opportunites("DISTINCT o.entreprise_id, o.localisation_id", "");
    rows.push(&mut query, "o.entreprise_id");
    for (company, site) in query.all::<(Uuid, Uuid)>(conn).await? {
        if let Some(company) = found.get_mut(&company).and_then(|documents| documents.first_mut())
            && !company.sites.contains(&site)
        {
            company.sites.push(site);
        }
    }
    let mut query = select(&CONTACTS, "e.id");
    rows.push(&mut query, "e.id");
    query
        .each(conn, |row| {
            let (company, mut contact) = document(&row, Kind::Contact, &CONTACTS)?;
            if let Some(documents) = found.get_mut(&company) {
                // First name and last name are the name.
                let rest = contact.texts.split_off(2.min(contact.texts.len()));
                contact.texts = std::iter::once(contact.texts.join(" ")).chain(rest).collect();
                contact.sites = documents[0].sites.clone();
                // A company is also found by its people.
                documents[0].texts.extend(contact.texts.iter().cloned());
                documents.push(contact);
            }
            Ok(true)
        })
        .await?;
    Ok(found)
}

afpi_db::row! {
    struct OpportuniteRow {
        id: Uuid, localisation_id: Uuid, commercial_id: Uuid, updated_at: Instant, title: String, numero: String, name: String,
        search_data: Option<String>,
    }
}

/// Opportunités with their issued pieces and their trainees.
async fn opportunites(conn: &mut Conn, which: Which<'_>) -> afpi_db::Result<Documents> {
    let mut query = Scope::All.opportunites(
        "o.id, o.localisation_id, o.commercial_id, o.updated_at, o.title, o.numero, e.name, o.search_data",
        "JOIN entreprises e ON e.id = o.entreprise_id",
    );
    which.push(&mut query, "o.id");
    let mut found = Documents::new();
    for row in query.all::<OpportuniteRow>(conn).await? {
        let document = Document {
            kind: Kind::Opportunite as u8,
            id: row.id,
            owner: Some(row.commercial_id),
            sites: vec![row.localisation_id],
            changed: row.updated_at.millis(),
            texts: vec![row.title, row.numero, row.name, row.search_data.unwrap_or_default()],
        };
        found.insert(row.id, vec![document]);
    }
    let rows = which.rows(found.last_key_value().map(|(id, _)| *id));
    // Of a quote that was sent again only the last version.
    let mut query = Scope::All
        .opportunites("o.id, p.id, p.number, p.payer_name, p.issued_at", "JOIN pieces p ON p.opportunite_id = o.id");
    query.push(
        " AND NOT EXISTS (SELECT 1 FROM pieces y WHERE y.entite_legale_id = p.entite_legale_id AND y.kind = p.kind \
         AND y.number = p.number AND y.version > p.version)",
    );
    rows.push(&mut query, "o.id");
    for (opportunite, id, number, payer, issued_at) in
        query.all::<(Uuid, Uuid, String, Option<String>, Instant)>(conn).await?
    {
        beside(&mut found, opportunite, |of| Document {
            kind: Kind::Piece as u8,
            id,
            changed: issued_at.millis(),
            texts: vec![number, payer.unwrap_or_default(), of.texts[0].clone(), of.texts[2].clone()],
            ..of.clone()
        });
    }
    let mut query = select(&STAGIAIRES, "t.opportunite_id");
    rows.push(&mut query, "t.opportunite_id");
    query
        .each(conn, |row| {
            let (opportunite, trainee) = document(&row, Kind::Stagiaire, &STAGIAIRES)?;
            beside(&mut found, opportunite, |of| Document { owner: of.owner, ..trainee });
            Ok(true)
        })
        .await?;
    Ok(found)
}

/// Adds a document to those of an opportunité.
fn beside(found: &mut Documents, opportunite: Uuid, make: impl FnOnce(&Document) -> Document) {
    if let Some(documents) = found.get_mut(&opportunite) {
        documents.push(make(&documents[0]));
    }
}
