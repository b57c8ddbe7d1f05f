//! Companies in the database. Code that writes a company then updates its search words (`search.rs`).

use afpi_db::{Conn, Sql, Value, sql};

use super::input::{AddressInput, ContactInput, EntrepriseCreate};
use super::read::{Contact, Entreprise};
use super::search;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Result, field, invalid};
use afpi_core::id::{ContactId, EntrepriseId, LocalisationId};
use afpi_core::scope::Loaded;
use afpi_core::text::text;

/// A new company, checked and with derived values.
pub struct NewEntreprise {
    pub id: EntrepriseId,
    pub input: EntrepriseCreate,
    pub localisation: LocalisationId,
    /// Its source: `crm`, `demo`, or a connector's id.
    pub origin: &'static str,
}

/// The columns that a create or an update writes together.
pub(super) fn columns(input: &EntrepriseCreate) -> Vec<(&'static str, Value)> {
    let address = input.address.clone().unwrap_or_default();
    let AddressInput { line1, line2, postcode, city, country } = address;
    vec![
        ("name", input.name.as_str().into()),
        ("name_key", collation::key(&input.name).into()),
        ("siren", (&input.siren).into()),
        ("siret", (&input.siret).into()),
        ("vat_number", (&input.vat_number).into()),
        ("naf_code", (&input.naf_code).into()),
        ("naf_nomenclature", (&input.naf_nomenclature).into()),
        ("idcc", (&input.idcc).into()),
        ("opco", (&input.opco).into()),
        ("kind", input.kind.map(|k| k.as_str()).into()),
        ("headcount", input.headcount.into()),
        ("line1", line1.into()),
        ("line2", line2.into()),
        ("postcode", postcode.into()),
        ("city_key", collation::key(city.as_deref().unwrap_or_default()).into()),
        ("city", city.into()),
        ("country", country.unwrap_or_default().into()),
        ("phone", (&input.phone).into()),
        ("email", (&input.email).into()),
        ("website", (&input.website).into()),
        ("tags", Value::json(input.tags.as_deref().unwrap_or_default())),
        ("notes", (&input.notes).into()),
        ("active", input.active.unwrap_or(true).into()),
    ]
}

/// Stores a new company with its contacts.
pub async fn insert(tx: &mut Conn, new: &NewEntreprise, now: Instant) -> Result<()> {
    let id = new.id;
    let mut values = columns(&new.input);
    values.extend([
        ("id", id.into()),
        ("localisation_id", new.localisation.into()),
        ("origin", new.origin.into()),
        ("created_at", now.into()),
        ("updated_at", now.into()),
        ("version", 1i64.into()),
        ("search", "".into()),
    ]);
    let mut query = sql("INSERT INTO entreprises (");
    for (i, (column, _)) in values.iter().enumerate() {
        query.push(if i > 0 { ", " } else { "" }).push(column);
    }
    query.push(") VALUES ").row(values.into_iter().map(|(_, value)| value).collect());
    query.execute(tx).await?;
    write_contacts(tx, id, new.input.contacts.as_deref().unwrap_or_default(), &[]).await?;
    Ok(search::write(tx, &[id]).await?)
}

/// Sets these columns if the company still is as it was read. Returns whether it was.
pub(super) async fn update(
    tx: &mut Conn,
    current: &Loaded<Entreprise>,
    values: Vec<(&'static str, Value)>,
    now: Instant,
) -> Result<bool> {
    let mut query: Sql = sql("UPDATE entreprises SET updated_at = ?").bind(now);
    for (column, value) in values {
        query.push(", ").push(column).push(" = ?").arg(value);
    }
    query.push(", version = version + 1 WHERE id = ?").arg(current.base.id);
    query.push(" AND version = ?").arg(current.base.version);
    Ok(query.execute(tx).await? == 1)
}

/// Makes these the contacts of the company. Known ids are kept, other contacts are new, missing ones are deleted.
pub(super) async fn replace_contacts(
    tx: &mut Conn,
    entreprise: &Loaded<Entreprise>,
    contacts: &[ContactInput],
) -> Result<()> {
    let id = entreprise.base.id;
    let known = sql("SELECT id FROM contacts WHERE entreprise_id = ?").bind(id).all::<(ContactId,)>(tx).await?;
    sql("DELETE FROM contacts WHERE entreprise_id = ?").bind(id).execute(tx).await?;
    write_contacts(tx, id, contacts, &known.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
}

/// Stores the contacts of a company that has none. Contacts in `known` keep their ids. An id that comes twice is
/// refused.
async fn write_contacts(
    tx: &mut Conn,
    entreprise: EntrepriseId,
    contacts: &[ContactInput],
    known: &[ContactId],
) -> Result<()> {
    if let Some(again) =
        (1..contacts.len()).find(|at| contacts[..*at].iter().any(|c| c.id.is_some() && c.id == contacts[*at].id))
    {
        let twice = text("Ce contact figure deux fois.", "This contact stands there twice.");
        return Err(invalid(vec![field(format!("/contacts/{again}/id"), "duplicate", twice)]));
    }
    if contacts.is_empty() {
        return Ok(());
    }
    // Exactly one main contact: the first one marked as main, or else the first one.
    let main = contacts.iter().position(|c| c.main).unwrap_or(0);
    let mut query = sql(
        "INSERT INTO contacts (id, entreprise_id, first_name, last_name, job, email, phone, main, position) VALUES ",
    );
    query.rows(contacts.iter().enumerate().map(|(i, c)| {
        let id = c.id.filter(|id| known.contains(id)).unwrap_or_else(ContactId::generate);
        [
            id.into(),
            entreprise.into(),
            (&c.first_name).into(),
            c.last_name.as_str().into(),
            (&c.function).into(),
            (&c.email).into(),
            (&c.phone).into(),
            (i == main).into(),
            (i as i64).into(),
        ]
    }));
    query.execute(tx).await?;
    Ok(())
}

afpi_db::row! {
    struct ContactRow { id: ContactId, first_name: Option<String>, last_name: String, job: Option<String>, email: Option<String>, phone: Option<String>, main: bool }
}

/// A company's contacts in order.
pub(super) async fn contacts(conn: &mut Conn, entreprise: EntrepriseId) -> Result<Vec<Contact>> {
    let rows = sql("SELECT id, first_name, last_name, job, email, phone, main FROM contacts WHERE entreprise_id = ? ORDER BY position, id")
        .bind(entreprise).all::<ContactRow>(conn).await?;
    Ok(rows
        .into_iter()
        .map(|r| Contact {
            id: r.id,
            first_name: r.first_name,
            last_name: r.last_name,
            function: r.job,
            email: r.email,
            phone: r.phone,
            main: r.main,
        })
        .collect())
}
