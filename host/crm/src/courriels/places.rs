//! Which records a mail belongs to. Only records in the scope of its person count, and only kinds that the person may
//! write about.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::Conn;
use serde_json::Value;
use uuid::Uuid;

use super::message::{Mail, Party};
use crate::attachments::Kind;
use afpi_core::email;
use afpi_core::error::Result;
use afpi_core::id::{EntrepriseId, OpportuniteId};
use afpi_platform::auth::caller::Caller;

/// Opportunités whose forms are looked through for an address: those that changed last.
const FORMS: u32 = 50;
/// Rows of contacts and companies of a domain. More than one company is ambiguous anyway.
const OF_DOMAIN: u32 = 200;

/// Providers whose domains say nothing of a company.
const PUBLIC: [&str; 26] = [
    "aol.com",
    "bbox.fr",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.fr",
    "googlemail.com",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "live.com",
    "live.fr",
    "me.com",
    "msn.com",
    "neuf.fr",
    "numericable.fr",
    "orange.fr",
    "outlook.com",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "sfr.fr",
    "wanadoo.fr",
    "yahoo.com",
    "yahoo.fr",
];

/// A record.
pub type Place = (Kind, Uuid);

/// The records that a mail with these people and this subject belongs to, by these rules:
/// 1. An opportunité whose number stands in the subject.
/// 2. For each address, the one open opportunité in whose forms it stands; otherwise the contact who has it; otherwise
///    the one company whose contacts or website have its domain.
/// 3. A company's page shows the mails of its opportunités and contacts. So a mail is not filed with a contact whose
///    opportunité has it, and with the company itself when it went to several of its contacts.
pub async fn find(conn: &mut Conn, caller: &Caller, subject: &str, people: &[Party]) -> Result<Vec<Place>> {
    let keys: BTreeSet<String> = people.iter().map(|party| email::key(&party.address)).collect();
    let (files, book) = (caller.may(Kind::Opportunites.writing()), caller.may(Kind::Contacts.writing()));
    let mut opportunites: BTreeMap<OpportuniteId, EntrepriseId> = BTreeMap::new();
    if files {
        opportunites.extend(numbered(conn, caller, subject).await?);
    }
    let mut contacts: BTreeMap<EntrepriseId, BTreeSet<Uuid>> = BTreeMap::new();
    let mut companies: BTreeSet<EntrepriseId> = BTreeSet::new();
    for key in &keys {
        if files && let Some((id, company)) = in_forms(conn, caller, key).await? {
            opportunites.insert(id, company);
        } else if book {
            let known = of_contacts(conn, caller, key).await?;
            if known.is_empty() {
                companies.extend(of_domain(conn, caller, key).await?);
            }
            for (id, company) in known {
                contacts.entry(company).or_default().insert(id);
            }
        }
    }
    let shown: BTreeSet<EntrepriseId> = opportunites.values().copied().collect();
    let mut places: Vec<Place> = opportunites.keys().map(|id| (Kind::Opportunites, id.uuid())).collect();
    for (company, people) in contacts.into_iter().filter(|(company, _)| !shown.contains(company)) {
        match people.first() {
            Some(one) if people.len() == 1 && !companies.contains(&company) => places.push((Kind::Contacts, *one)),
            _ => drop(companies.insert(company)),
        }
    }
    places.extend(companies.difference(&shown).map(|company| (Kind::Entreprises, company.uuid())));
    Ok(places)
}

/// The people who are not of the house: whom it was sent to, or who sent what was forwarded.
pub fn outside<'m>(mail: &'m Mail, inside: &BTreeSet<String>) -> (&'m Mail, Vec<Party>, bool) {
    let away = |parties: &mut dyn Iterator<Item = &Party>| -> Vec<Party> {
        parties.filter(|party| !inside.contains(&email::key(&party.address))).cloned().collect()
    };
    let to = away(&mut mail.recipients.iter());
    if !to.is_empty() {
        return (mail, to, false);
    }
    if let Some(carried) = &mail.carried {
        return (carried, away(&mut carried.from.iter().chain(&carried.recipients)), true);
    }
    let quoted = away(&mut mail.quoted.iter());
    let forwarded = !quoted.is_empty();
    (mail, quoted, forwarded)
}

/// Opportunités whose numbers stand in the subject, however it was written.
async fn numbered(conn: &mut Conn, caller: &Caller, subject: &str) -> Result<Vec<(OpportuniteId, EntrepriseId)>> {
    let upper = subject.to_uppercase();
    let words = upper.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let numbers: Vec<&str> = words.filter(|word| word.starts_with("OPP-")).take(10).collect();
    if numbers.is_empty() {
        return Ok(vec![]);
    }
    let mut query = caller.scope().opportunites("o.id, o.entreprise_id", "");
    query.push(" AND o.numero IN ").list(numbers);
    Ok(query.all(conn).await?)
}

/// The one open opportunité in whose forms the address stands.
async fn in_forms(conn: &mut Conn, caller: &Caller, key: &str) -> Result<Option<(OpportuniteId, EntrepriseId)>> {
    let mut query = caller.scope().opportunites("o.id, o.entreprise_id, o.data", "");
    query.push(" AND o.outcome NOT IN ('lost', 'done') AND LOWER(o.data) LIKE ? ESCAPE '!'").arg(like("%", key, "%"));
    query.push(" ORDER BY o.updated_at DESC, o.id").limit(FORMS);
    let rows: Vec<(OpportuniteId, EntrepriseId, String)> = query.all(conn).await?;
    let holds = |data: &str| serde_json::from_str::<Value>(data).is_ok_and(|data| stands_in(&data, key));
    let mut found = rows.into_iter().filter(|(_, _, data)| holds(data)).map(|(id, company, _)| (id, company));
    Ok(found.next().filter(|_| found.next().is_none()))
}

fn stands_in(data: &Value, key: &str) -> bool {
    match data {
        Value::String(text) => email::key(text.trim()) == key,
        Value::Array(items) => items.iter().any(|item| stands_in(item, key)),
        Value::Object(fields) => fields.values().any(|field| stands_in(field, key)),
        _ => false,
    }
}

async fn of_contacts(conn: &mut Conn, caller: &Caller, key: &str) -> Result<Vec<(Uuid, EntrepriseId)>> {
    let mut query = caller.scope().entreprises("c.id, e.id", "JOIN contacts c ON c.entreprise_id = e.id");
    query.push(" AND LOWER(c.email) = ? ORDER BY c.id").arg(key).limit(OF_DOMAIN);
    Ok(query.all(conn).await?)
}

/// The one company of a domain that is not a provider's.
async fn of_domain(conn: &mut Conn, caller: &Caller, key: &str) -> Result<Option<EntrepriseId>> {
    let Some((_, domain)) = key.rsplit_once('@').filter(|(_, domain)| !PUBLIC.contains(domain)) else {
        return Ok(None);
    };
    let mut query = caller.scope().entreprises("e.id, e.website", "");
    query.push(" AND (LOWER(e.website) LIKE ? ESCAPE '!'").arg(like("%", domain, "%"));
    query.push(
        " OR EXISTS (SELECT 1 FROM contacts c WHERE c.entreprise_id = e.id AND LOWER(c.email) LIKE ? ESCAPE '!'))",
    );
    query.arg(like("%@", domain, "")).limit(OF_DOMAIN);
    let rows: Vec<(EntrepriseId, Option<String>)> = query.all(conn).await?;
    let mut fitting = BTreeSet::new();
    for (id, website) in rows {
        let own = website.as_deref().is_some_and(|site| host(site) == domain);
        if own || has_contact(conn, caller, id, domain).await? {
            fitting.insert(id);
        }
    }
    Ok(fitting.first().copied().filter(|_| fitting.len() == 1))
}

async fn has_contact(conn: &mut Conn, caller: &Caller, company: EntrepriseId, domain: &str) -> Result<bool> {
    let mut query = caller.scope().entreprises("COUNT(*)", "JOIN contacts c ON c.entreprise_id = e.id");
    query.push(" AND e.id = ? AND LOWER(c.email) LIKE ? ESCAPE '!'").arg(company).arg(like("%@", domain, ""));
    Ok(query.scalar::<i64>(conn).await? > 0)
}

/// `https://www.client.fr/contact` is of `client.fr`.
fn host(website: &str) -> String {
    let lower = website.trim().to_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// A pattern for LIKE in which the text means itself.
fn like(before: &str, text: &str, after: &str) -> String {
    let text = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("{before}{text}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_website_has_the_domain_of_its_host() {
        for (site, domain) in
            [("https://www.client.fr/x", "client.fr"), ("CLIENT.fr", "client.fr"), ("http://b.fr:8080?x", "b.fr")]
        {
            assert_eq!(host(site), domain);
        }
    }

    #[test]
    fn an_address_stands_in_a_form_as_a_whole() {
        let data = serde_json::json!({"a": [{"mail": " Bob@Client.fr"}], "n": "voir bob2@client.fr", "k": 3});
        assert!(stands_in(&data, "bob@client.fr"));
        assert!(!stands_in(&data, "bob2@client.fr"));
    }
}
