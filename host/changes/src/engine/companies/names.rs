//! Finds companies of one site by name and postcode, for sources without better keys.

use std::collections::HashMap;

use afpi_db::Conn;
use sha2::{Digest, Sha256};

use super::{Current, by_id, word};
use crate::engine::Stop;
use crate::engine::change::Fields;
use crate::engine::fields::Left;
use crate::engine::stage::{Stage, Taken};
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::scope::Scope;
use afpi_core::text::{Text, fold, text};

/// The companies of a site by a short hash of name and postcode. None where several match.
pub type Names = HashMap<u128, Option<EntrepriseId>>;

/// Which company has a name at a place.
pub enum Namesake {
    One(Current),
    Several,
}

/// Companies read at a time.
const PAGE: u32 = 2_000;

/// Companies with the same name and postcode, for received companies whose SIRET is unknown here. By their keys.
pub async fn find(
    stage: &mut Stage,
    conn: &mut Conn,
    came: &[(Taken, (Fields, Vec<Left>))],
    twins: &HashMap<String, Current>,
) -> Result<HashMap<String, Namesake>, Stop> {
    let mut found = HashMap::new();
    let (true, Some(site)) = (stage.rules.by_name, stage.rules.only) else { return Ok(found) };
    let names = match stage.names.take() {
        Some(names) => names,
        None => load(conn, site).await?,
    };
    let names = &*stage.names.insert(names);
    let mut ids = HashMap::new();
    for (taken, (fields, _)) in came {
        let Some(name) = word(fields, "name") else { continue };
        if word(fields, "siret").is_some_and(|siret| twins.contains_key(siret)) {
            continue;
        }
        if let Some(id) = names.get(&hash(name, word(fields, "address.postcode"))) {
            ids.insert(taken.external_id.clone(), (*id, word(fields, "siret").map(str::to_owned)));
        }
    }
    let companies = by_id(conn, ids.values().filter_map(|(id, _)| *id), false).await?;
    for (taken, (id, siret)) in ids {
        let Some(id) = id else {
            found.insert(taken, Namesake::Several);
            continue;
        };
        let Some(company) = companies.get(&id) else { continue };
        // Another establishment with the same name has another SIRET.
        let other = siret.is_some() && word(&company.fields, "siret").is_some();
        if !other && stage.matched.insert(id.uuid()) {
            found.insert(taken, Namesake::One((**company).clone()));
        }
    }
    Ok(found)
}

/// The reason for skipping a name that several companies have.
pub fn several() -> Text {
    text(
        "à vérifier : plusieurs entreprises portent ce nom à ce code postal",
        "to be checked: several companies have this name at this postcode",
    )
}

async fn load(conn: &mut Conn, site: LocalisationId) -> afpi_db::Result<Names> {
    let mut names = Names::new();
    let mut last: Option<EntrepriseId> = None;
    loop {
        let mut query = Scope::All.entreprises("e.id, e.name, e.postcode", "");
        query.push(" AND e.localisation_id = ?").arg(site);
        if let Some(last) = last {
            query.push(" AND e.id > ?").arg(last);
        }
        query.push(" ORDER BY e.id").limit(PAGE);
        let page = query.all::<(EntrepriseId, String, Option<String>)>(conn).await?;
        let Some((end, ..)) = page.last() else { return Ok(names) };
        last = Some(*end);
        for (id, name, postcode) in page {
            names.entry(hash(&name, postcode.as_deref())).and_modify(|known| *known = None).or_insert(Some(id));
        }
    }
}

fn hash(name: &str, postcode: Option<&str>) -> u128 {
    let mut hash = Sha256::new();
    hash.update(fold(name).trim().as_bytes());
    hash.update([0]);
    hash.update(postcode.unwrap_or_default().trim().as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    u128::from_le_bytes(std::array::from_fn(|at| hash[at]))
}
