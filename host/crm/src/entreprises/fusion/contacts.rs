//! The contacts of the absorbed company: each moves to the survivor, or joins the contact there who is the same person.

use std::collections::HashMap;

use afpi_core::error::{Error, Result, field, invalid};
use afpi_core::id::{ContactId, EntrepriseId};
use afpi_core::scope::Loaded;
use afpi_core::text::{fold, text};
use afpi_db::stored::{Stored, value_of};
use afpi_db::{Conn, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::choice::ContactChoice;
use super::relations::{self, Moved, Of};
use super::row::{self, Changed, Raw, RawContact};
use crate::entreprises::read::{Contact, Entreprise};

/// The most contacts of a company, as requests have it.
const MOST: usize = 200;

/// What a contact can take over from another one who is the same person.
const FILLED: [(&str, &str); 4] = [
    ("first_name", "UPDATE contacts SET first_name = ? WHERE id = ?"),
    ("job", "UPDATE contacts SET job = ? WHERE id = ?"),
    ("email", "UPDATE contacts SET email = ? WHERE id = ?"),
    ("phone", "UPDATE contacts SET phone = ? WHERE id = ?"),
];

/// What a person would see changed of a contact.
const SEEN: [&str; 5] = ["first_name", "last_name", "job", "email", "phone"];

/// The contacts of the absorbed company as they were.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Taken {
    /// Those that moved.
    pub moved: Vec<Stored>,
    /// Those that joined another one.
    pub joined: Vec<Joined>,
}

/// A contact that joined another one.
#[derive(Debug, Serialize, Deserialize)]
pub struct Joined {
    pub row: Stored,
    pub into: Uuid,
    /// What the other one took over.
    pub filled: Vec<Changed>,
    pub relations: Moved,
}

/// What becomes of each contact of the absorbed company: as asked, or else it joins the one with the same e-mail or name.
pub fn choose(survivor: &Entreprise, absorbed: &Entreprise, asked: &[ContactChoice]) -> Result<Vec<ContactChoice>> {
    let mut faults = Vec::new();
    for (at, choice) in asked.iter().enumerate() {
        let unknown = text("Contact inconnu.", "Unknown contact.");
        if !absorbed.contacts.iter().any(|contact| contact.id == choice.id) {
            faults.push(field(format!("/contacts/{at}/id"), "unknown", unknown));
        } else if choice.into.is_some_and(|into| !survivor.contacts.iter().any(|contact| contact.id == into)) {
            faults.push(field(format!("/contacts/{at}/into"), "unknown", unknown));
        }
    }
    let choice = |contact: &Contact| {
        let asked = asked.iter().find(|choice| choice.id == contact.id);
        let same = || survivor.contacts.iter().find(|other| same_person(contact, other)).map(|other| other.id);
        ContactChoice { id: contact.id, into: asked.map_or_else(same, |asked| asked.into) }
    };
    let choices: Vec<ContactChoice> = absorbed.contacts.iter().map(choice).collect();
    let moving = choices.iter().filter(|choice| choice.into.is_none()).count();
    if survivor.contacts.len() + moving > MOST {
        let many = text("Une fiche a au plus 200 contacts.", "A record has at most 200 contacts.");
        faults.push(field("/contacts", "length", many));
    }
    if faults.is_empty() { Ok(choices) } else { Err(invalid(faults)) }
}

fn same_person(one: &Contact, other: &Contact) -> bool {
    let mail = |contact: &Contact| contact.email.as_deref().map(str::to_lowercase);
    let name = |contact: &Contact| {
        let first = contact.first_name.as_deref().unwrap_or_default();
        fold(&format!("{first} {}", contact.last_name)).replace('-', " ")
    };
    mail(one).is_some_and(|mine| mail(other) == Some(mine)) || name(one) == name(other)
}

/// The contacts of this company as they are stored.
async fn rows(conn: &mut Conn, company: EntrepriseId) -> afpi_db::Result<Vec<Stored>> {
    let query = sql(
        "SELECT id, entreprise_id, first_name, last_name, job, email, phone, main, position FROM contacts WHERE entreprise_id = ? \
         ORDER BY position, id",
    );
    Ok(query.bind(company).all::<RawContact>(conn).await?.into_iter().map(|RawContact(row)| row).collect())
}

fn id_of(row: &Stored) -> Uuid {
    match value_of(&row["id"]) {
        afpi_db::Value::Bytes(bytes) => Uuid::from_slice(&bytes).unwrap_or_default(),
        _ => Uuid::nil(),
    }
}

fn name_of(row: &Stored) -> String {
    let text = |column: &str| row[column].as_str().unwrap_or_default().to_owned();
    format!("{} {}", text("first_name"), text("last_name")).trim().to_owned()
}

/// Gives the contacts of one company to another.
pub async fn take(
    tx: &mut Conn,
    survivor: &Loaded<Raw>,
    [to, from]: [EntrepriseId; 2],
    choices: &[ContactChoice],
) -> afpi_db::Result<Taken> {
    let mut here: HashMap<Uuid, Stored> = rows(tx, to).await?.into_iter().map(|row| (id_of(&row), row)).collect();
    let last = here.values().filter_map(|row| row["position"].as_i64()).max();
    let first = last.map_or(0, |last| last + 1);
    let (alone, mut taken) = (here.is_empty(), Taken::default());
    for row in rows(tx, from).await? {
        let id = id_of(&row);
        let into = choices.iter().find(|choice| choice.id == ContactId::from(id)).and_then(|choice| choice.into);
        let Some(into) = into.map(ContactId::uuid).filter(|into| here.contains_key(into)) else {
            let main = alone && row["main"] == json!(1);
            let position = first + taken.moved.len() as i64;
            sql("UPDATE contacts SET entreprise_id = ?, main = ?, position = ? WHERE id = ?")
                .bind(to)
                .bind(main)
                .bind(position)
                .bind(id)
                .execute(tx)
                .await?;
            taken.moved.push(row);
            continue;
        };
        let other = here.entry(into).or_default();
        let mut filled = Vec::new();
        for (column, update) in FILLED {
            if other[column].is_null() && !row[column].is_null() {
                sql(update).bind(value_of(&row[column])).bind(into).execute(tx).await?;
                filled.push(Changed { column: column.into(), before: Json::Null, after: row[column].clone() });
                other.insert(column.into(), row[column].clone());
            }
        }
        let relations = relations::of(tx, Of::Contact, id).await?;
        relations::shift(tx, survivor, Of::Contact, &relations, into).await?;
        sql("DELETE FROM contacts WHERE id = ?").bind(id).execute(tx).await?;
        taken.joined.push(Joined { row, into, filled, relations });
    }
    Ok(taken)
}

/// Gives them back. Returns what was changed since and is left as it is: kinds and names.
pub async fn give_back(
    tx: &mut Conn,
    survivor: &Loaded<Raw>,
    [to, from]: [EntrepriseId; 2],
    taken: &Taken,
) -> Result<Vec<(&'static str, String)>, Error> {
    let here: HashMap<Uuid, Stored> = rows(tx, from).await?.into_iter().map(|row| (id_of(&row), row)).collect();
    let mut left = Vec::new();
    for row in &taken.moved {
        let Some(now) = here.get(&id_of(row)) else {
            left.push(("contact", name_of(row)));
            continue;
        };
        if SEEN.iter().any(|column| now[*column] != row[*column]) {
            left.push(("contact", name_of(now)));
        }
        sql("UPDATE contacts SET entreprise_id = ?, main = ?, position = ? WHERE id = ?")
            .bind(to)
            .bind(value_of(&row["main"]))
            .bind(value_of(&row["position"]))
            .bind(id_of(row))
            .execute(tx)
            .await?;
    }
    // The last one first: two may have joined one contact.
    for Joined { row, into, filled, relations } in taken.joined.iter().rev() {
        row::insert_contact(tx, row).await?;
        for change in filled {
            let kept = here.get(into).is_some_and(|now| now[&change.column] == change.after);
            match FILLED.into_iter().find(|(column, _)| *column == change.column) {
                Some((_, update)) if kept => {
                    sql(update).bind(value_of(&change.before)).bind(*into).execute(tx).await?;
                }
                _ => left.push(("contact", name_of(row))),
            }
        }
        let still = relations.still(&relations::of(tx, Of::Contact, *into).await?);
        relations::shift(tx, survivor, Of::Contact, &still, id_of(row)).await?;
        left.extend(relations.lost(&still).into_iter().map(|(kind, count)| (kind, count.to_string())));
    }
    for company in [to, from] {
        one_main(tx, company).await?;
    }
    Ok(left)
}

/// A company with contacts has exactly one main contact, also when it was changed since.
async fn one_main(tx: &mut Conn, company: EntrepriseId) -> afpi_db::Result<()> {
    let all = rows(tx, company).await?;
    let mains: Vec<&Stored> = all.iter().filter(|row| row["main"] == json!(1)).collect();
    let Some(main) = mains.first().copied().or(all.first()).filter(|_| mains.len() != 1) else { return Ok(()) };
    sql("UPDATE contacts SET main = (id = ?) WHERE entreprise_id = ?")
        .bind(id_of(main))
        .bind(company)
        .execute(tx)
        .await?;
    Ok(())
}
