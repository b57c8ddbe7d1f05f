//! Which side owns a field: a setting of the connector. The table `connecteurs` stores only deviations from the
//! default.

use std::collections::BTreeMap;

use afpi_db::{Conn, Json, Value, dialect, sql};

use crate::engine::owners::{Owner, Owners, names};
use afpi_core::error::{Result, field, invalid};
use afpi_core::text::text;

/// The owners of the connector's fields.
pub async fn load(conn: &mut Conn, plugin: &str) -> afpi_db::Result<Owners> {
    let row = sql("SELECT owners FROM connecteurs WHERE plugin_id = ? AND owners IS NOT NULL")
        .bind(plugin)
        .optional::<(Json<BTreeMap<String, Owner>>,)>(conn)
        .await?;
    Ok(Owners::named(row.map(|(owners,)| owners.0).unwrap_or_default()))
}

/// Refuses unknown fields.
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

/// Sets the owners of these fields. Fields that are not named belong to both sides.
pub async fn write(tx: &mut Conn, plugin: &str, owners: &BTreeMap<String, Owner>) -> afpi_db::Result<()> {
    let named: BTreeMap<&String, &Owner> = owners.iter().filter(|(_, owner)| **owner != Owner::Both).collect();
    let mut query = sql("INSERT INTO connecteurs (plugin_id, cron_enabled, version, owners) VALUES ");
    query.rows([[plugin.into(), false.into(), 1i64.into(), Value::json(&named)]]);
    dialect::upsert(&mut query, tx.backend(), &["plugin_id"], &["owners"]);
    query.execute(tx).await?;
    Ok(())
}
