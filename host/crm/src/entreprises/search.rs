//! What `?q=` finds a company by: its names, identifiers, places and numbers, and its contacts. Whoever writes a
//! company or its contacts calls [`write`] in the same transaction.

use std::collections::HashMap;

use afpi_db::{Conn, Db, sql};
use uuid::Uuid;

use crate::search::{index, phone};
use afpi_core::scope::Scope;

/// As wide as the column, in characters.
const LONGEST: usize = 4000;

/// Companies written in one statement.
const BATCH: usize = 500;

afpi_db::row! {
    struct Company {
        id: Uuid, name: String, siret: Option<String>, siren: Option<String>, vat_number: Option<String>, postcode: Option<String>,
        city: Option<String>, email: Option<String>, phone: Option<String>,
    }
}

afpi_db::row! {
    struct Person { entreprise_id: Uuid, first_name: Option<String>, last_name: String, email: Option<String>, phone: Option<String> }
}

/// Writes the column `search` of these companies.
pub async fn write(tx: &mut Conn, ids: &[Uuid]) -> afpi_db::Result<()> {
    for ids in ids.chunks(BATCH) {
        let mut query = Scope::All
            .entreprises("e.id, e.name, e.siret, e.siren, e.vat_number, e.postcode, e.city, e.email, e.phone", "");
        query.push(" AND e.id IN ").list(ids);
        let companies: Vec<Company> = query.all(tx).await?;
        if companies.is_empty() {
            continue;
        }
        let mut people: HashMap<Uuid, Vec<Person>> = HashMap::new();
        let mut query =
            sql("SELECT entreprise_id, first_name, last_name, email, phone FROM contacts WHERE entreprise_id IN ");
        query.list(ids).push(" ORDER BY position, id");
        for person in query.all::<Person>(tx).await? {
            people.entry(person.entreprise_id).or_default().push(person);
        }
        let mut query = sql("UPDATE entreprises SET search = CASE id");
        for company in &companies {
            let contacts = people.get(&company.id).map(Vec::as_slice).unwrap_or_default();
            query.push(" WHEN ? THEN ?").arg(company.id).arg(words(company, contacts));
        }
        query.push(" END WHERE id IN ").list(companies.iter().map(|company| company.id));
        query.execute(tx).await?;
    }
    Ok(())
}

fn words(company: &Company, contacts: &[Person]) -> String {
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: &Option<String>| number.as_deref().map(phone).unwrap_or_default();
    let mut texts = vec![
        company.name.clone(),
        of(&company.siret),
        of(&company.siren),
        of(&company.vat_number),
        of(&company.city),
        of(&company.postcode),
        of(&company.email),
        number(&company.phone),
    ];
    for person in contacts {
        texts.extend([of(&person.first_name), person.last_name.clone(), of(&person.email), number(&person.phone)]);
    }
    index(texts.iter().map(String::as_str), LONGEST)
}

/// Writes the words of companies that have none: after a migration that empties the column.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    let mut last = Uuid::nil();
    while let Some(end) = afpi_db::retry(|| fill_some(db, last)).await? {
        last = end;
    }
    Ok(())
}

async fn fill_some(db: &Db, last: Uuid) -> afpi_db::Result<Option<Uuid>> {
    let mut tx = db.begin().await?;
    let mut query = Scope::All.entreprises("e.id", "");
    query.push(" AND e.search = '' AND e.id > ?").arg(last).push(" ORDER BY e.id").limit(BATCH as u32);
    let ids: Vec<Uuid> = query.all::<(Uuid,)>(&mut tx).await?.into_iter().map(|(id,)| id).collect();
    write(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok(ids.last().copied())
}
