//! Reads and writes many companies and contacts at once, for connectors and imports: the statements of [`super::store`] in
//! batches. Sort keys and search words are written with them, as for a person's request.

use std::collections::HashMap;

use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::id::{ContactId, EntrepriseId, LocalisationId};
use afpi_core::scope::{Loaded, Scope};
use afpi_db::{Conn, FromRow, Row, Value as Column, dialect, sql};
use afpi_platform::feed::{Changed, noted};

use super::fields::{CONTACT, ENTREPRISE, Fields, column, stored, word};
use super::search;
use crate::opportunites;

/// A company as it is now.
#[derive(Debug, Clone)]
pub struct Current {
    pub id: EntrepriseId,
    pub fields: Fields,
    pub active: bool,
    pub site: LocalisationId,
    /// Has a person added something that no connector brings (notes, tags)?
    pub enriched: bool,
}

impl FromRow for Current {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Current {
            id: row.get("id")?,
            fields: stored(&ENTREPRISE, row)?,
            active: row.get("active")?,
            site: row.get("localisation_id")?,
            enriched: row.get::<Option<String>>("notes")?.is_some() || row.get::<String>("tags")? != "[]",
        })
    }
}

const CURRENT: &str = "e.id, e.name, e.siret, e.siren, e.vat_number, e.naf_code, e.naf_nomenclature, e.idcc, e.opco, e.kind, e.headcount, \
     e.line1, e.line2, e.postcode, e.city, e.country, e.phone, e.email, e.website, e.active, e.localisation_id, e.notes, e.tags";

/// These companies of the whole network, locked when the caller is going to write them.
pub async fn by_id(
    conn: &mut Conn,
    ids: impl Iterator<Item = EntrepriseId>,
    lock: bool,
) -> afpi_db::Result<HashMap<EntrepriseId, Loaded<Current>>> {
    let mut query = Scope::All.entreprises(CURRENT, "");
    query.push(" AND e.id IN ").list(ids);
    if lock {
        query.push(dialect::for_update(conn.backend()));
    }
    Ok(query.all_loaded::<Current>(conn).await?.into_iter().map(|company| (company.id, company)).collect())
}

/// The companies with these SIRETs.
pub async fn by_siret<'a>(
    conn: &mut Conn,
    sirets: impl Iterator<Item = &'a str>,
) -> afpi_db::Result<HashMap<String, Current>> {
    let mut query = Scope::All.entreprises(CURRENT, "");
    query.push(" AND e.siret IN ").list(sirets);
    let companies = query.all::<Current>(conn).await?.into_iter();
    Ok(companies.filter_map(|company| Some((word(&company.fields, "siret")?.to_owned(), company))).collect())
}

/// A company to be stored. Its fields are in their stored form.
pub struct NewCompany<'a> {
    pub id: EntrepriseId,
    pub fields: &'a Fields,
    pub localisation: LocalisationId,
}

const WIDTH: usize = ENTREPRISE.len() + 11;

/// Stores new companies. `origin` is as in [`super::NewEntreprise`].
pub async fn insert(tx: &mut Conn, new: &[NewCompany<'_>], origin: &str, now: Instant) -> afpi_db::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut query = sql("INSERT INTO entreprises (");
    for field in &ENTREPRISE {
        query.push(field.stored()).push(", ");
    }
    query.push(
        "id, name_key, city_key, search, tags, active, localisation_id, origin, created_at, updated_at, version) VALUES ",
    );
    query.rows(new.iter().map(|company| row(company, origin, now)));
    query.execute(tx).await?;
    found_by(tx, &new.iter().map(|company| company.id).collect::<Vec<_>>()).await
}

fn row(company: &NewCompany<'_>, origin: &str, now: Instant) -> [Column; WIDTH] {
    let mut values: Vec<Column> = ENTREPRISE.iter().map(|field| column(company.fields.get(field.name))).collect();
    values.extend([
        company.id.into(),
        sort_key(company.fields, "name"),
        sort_key(company.fields, "address.city"),
        "".into(),
        "[]".into(),
        true.into(),
        company.localisation.into(),
        origin.into(),
        now.into(),
        now.into(),
        1i64.into(),
    ]);
    values.try_into().expect("as many values as columns: both come from the same list")
}

/// The sort key of this text.
fn sort_key(values: &Fields, name: &str) -> Column {
    collation::key(word(values, name).unwrap_or_default()).into()
}

/// Sets fields of a company (`null` clears) and its localisation. The company was loaded with a lock.
pub async fn set(
    tx: &mut Conn,
    company: &Loaded<Current>,
    values: &Fields,
    localisation: Option<LocalisationId>,
    now: Instant,
) -> afpi_db::Result<()> {
    let mut whole = company.fields.clone();
    let mut query = sql("UPDATE entreprises SET updated_at = ?, version = version + 1").bind(now);
    for field in &ENTREPRISE {
        if let Some(value) = values.get(field.name) {
            query.push(", ").push(field.stored()).push(" = ?").arg(column(Some(value)));
            whole.insert(field.name.into(), value.clone());
        }
    }
    if let Some(active) = values.get("active") {
        query.push(", active = ?").arg(column(Some(active)));
    }
    if let Some(localisation) = localisation {
        query.push(", localisation_id = ?").arg(localisation);
    }
    query.push(", name_key = ?").arg(sort_key(&whole, "name"));
    query.push(", city_key = ?").arg(sort_key(&whole, "address.city"));
    query.push(" WHERE id = ?").arg(company.id);
    query.execute(tx).await?;
    if let Some(name) = word(values, "name") {
        opportunites::renamed(tx, company.id, name).await?;
    }
    Ok(())
}

/// Writes the search words of these companies.
pub async fn found_by(tx: &mut Conn, companies: &[EntrepriseId]) -> afpi_db::Result<()> {
    search::write(tx, companies).await
}

/// Marks these companies as changed because their contacts changed: new version, new search words.
pub async fn touch(tx: &mut Conn, companies: &[EntrepriseId], now: Instant) -> afpi_db::Result<()> {
    if companies.is_empty() {
        return Ok(());
    }
    let mut query = sql("UPDATE entreprises SET updated_at = ?, version = version + 1 WHERE id IN ").bind(now);
    query.list(companies);
    query.execute(tx).await?;
    found_by(tx, companies).await
}

/// The localisations of these companies. Unknown companies are left out.
pub async fn sites(
    tx: &mut Conn,
    ids: impl Iterator<Item = EntrepriseId>,
) -> afpi_db::Result<HashMap<EntrepriseId, LocalisationId>> {
    let mut query = Scope::All.entreprises("e.id, e.localisation_id", "");
    query.push(" AND e.id IN ").list(ids);
    Ok(query.all::<(EntrepriseId, LocalisationId)>(tx).await?.into_iter().collect())
}

/// Removes companies that no other record refers to.
pub async fn remove(tx: &mut Conn, companies: &[&Loaded<Current>]) -> afpi_db::Result<()> {
    if companies.is_empty() {
        return Ok(());
    }
    let mut query = sql("DELETE FROM entreprises WHERE id IN ");
    query.list(companies.iter().map(|company| company.id));
    query.execute(tx).await?;
    noted(tx, companies.iter().map(|company| (Changed::Entreprise, company.id.uuid()))).await
}

/// A contact to be stored. Its fields are in their stored form.
pub struct NewContact<'a> {
    pub id: ContactId,
    pub company: EntrepriseId,
    pub fields: &'a Fields,
    /// Its position among the company's contacts. The first one is the main contact.
    pub position: i64,
}

/// Stores new contacts. Call [`touch`] for their companies afterwards.
pub async fn insert_contacts(tx: &mut Conn, new: &[NewContact<'_>]) -> afpi_db::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut query = sql(
        "INSERT INTO contacts (first_name, last_name, job, email, phone, id, entreprise_id, main, position) VALUES ",
    );
    query.rows(new.iter().map(|contact| -> [Column; 9] {
        let [first, last, job, email, phone] = CONTACT.map(|field| column(contact.fields.get(field.name)));
        let main = contact.position == 0;
        [
            first,
            last,
            job,
            email,
            phone,
            contact.id.into(),
            contact.company.into(),
            main.into(),
            contact.position.into(),
        ]
    }));
    query.execute(tx).await.map(drop)
}

/// Sets fields of a contact (`null` clears) and its company. Call [`touch`] for the companies afterwards.
pub async fn set_contact(tx: &mut Conn, id: ContactId, company: EntrepriseId, values: &Fields) -> afpi_db::Result<()> {
    let mut query = sql("UPDATE contacts SET entreprise_id = ?").bind(company);
    for field in &CONTACT {
        if let Some(value) = values.get(field.name) {
            query.push(", ").push(field.stored()).push(" = ?").arg(column(Some(value)));
        }
    }
    query.push(" WHERE id = ?").arg(id);
    query.execute(tx).await.map(drop)
}

/// Removes contacts. Call [`touch`] for their companies afterwards.
pub async fn remove_contacts(tx: &mut Conn, ids: &[ContactId]) -> afpi_db::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut query = sql("DELETE FROM contacts WHERE id IN ");
    query.list(ids);
    query.execute(tx).await.map(drop)
}
