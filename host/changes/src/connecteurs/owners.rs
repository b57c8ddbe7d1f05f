//! Whose value counts where both sides have one: a setting of the connector, field by field. The table `connecteurs`
//! keeps what differs from the rule for all others.

use std::collections::BTreeMap;

use afpi_db::{Conn, Json, Value, dialect, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::engine::change::Entity;
use super::engine::fields::{CONTACT, ENTREPRISE};
use afpi_core::error::{Result, field, invalid};
use afpi_core::text::text;

/// Who owns a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FieldOwner)]
pub enum Owner {
    /// Whoever changed it last; changed on both sides, a person chooses.
    #[default]
    Both,
    /// What stands here stays, whatever comes.
    Crm,
    /// What comes is taken over, whatever stands here.
    Source,
}

/// The owners of a connector's fields, by `entreprise.<field>` and `contact.<field>`.
#[derive(Debug, Clone, Default)]
pub struct Owners(BTreeMap<String, Owner>);

impl Owners {
    pub async fn load(conn: &mut Conn, plugin: &str) -> afpi_db::Result<Owners> {
        let row = sql("SELECT owners FROM connecteurs WHERE plugin_id = ? AND owners IS NOT NULL")
            .bind(plugin)
            .optional::<(Json<BTreeMap<String, Owner>>,)>(conn)
            .await?;
        Ok(Owners(row.map(|(owners,)| owners.0).unwrap_or_default()))
    }

    pub fn of(&self, entity: Entity, field: &str) -> Owner {
        self.0.get(&format!("{}.{field}", entity.as_str())).copied().unwrap_or_default()
    }

    /// Does the source own a field of such records? Then each of them is compared, also one that has not changed over
    /// there.
    pub fn source_owns(&self, entity: Entity) -> bool {
        let of = format!("{}.", entity.as_str());
        self.0.iter().any(|(name, owner)| *owner == Owner::Source && name.starts_with(&of))
    }

    /// Every field with its owner.
    pub fn shown(&self) -> BTreeMap<String, Owner> {
        names().map(|name| (name.clone(), self.0.get(&name).copied().unwrap_or_default())).collect()
    }

    /// One field's owner, for tests.
    #[cfg(test)]
    pub fn of_one(name: &str, owner: Owner) -> Owners {
        Owners(BTreeMap::from([(name.to_owned(), owner)]))
    }
}

/// Fields that can have an owner.
fn names() -> impl Iterator<Item = String> {
    let companies = ENTREPRISE.iter().map(|field| format!("entreprise.{}", field.name));
    companies.chain(CONTACT.iter().map(|field| format!("contact.{}", field.name)))
}

/// Refuses fields that are not there.
pub fn check(owners: &BTreeMap<String, Owner>) -> Result<()> {
    let problems: Vec<_> = owners
        .keys()
        .filter(|name| !names().any(|known| known == **name))
        .map(|name| {
            let message = text(format!("Le champ « {name} » n'existe pas."), format!("There is no field “{name}”."));
            field(format!("/owners/{name}"), "unknown-field", message)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

/// Gives the fields these owners; those that are not named belong to both sides.
pub async fn write(tx: &mut Conn, plugin: &str, owners: &BTreeMap<String, Owner>) -> afpi_db::Result<()> {
    let named: BTreeMap<&String, &Owner> = owners.iter().filter(|(_, owner)| **owner != Owner::Both).collect();
    let mut query = sql("INSERT INTO connecteurs (plugin_id, cron_enabled, version, owners) VALUES ");
    query.rows([[plugin.into(), false.into(), 1i64.into(), Value::json(&named)]]);
    dialect::upsert(&mut query, tx.backend(), &["plugin_id"], &["owners"]);
    query.execute(tx).await?;
    Ok(())
}
