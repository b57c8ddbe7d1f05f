//! Rows of `plugin_sites`: a plugin on a site, with its settings and its grants there.

use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;
use afpi_db::{Conn, Json, Value, dialect, sql};
use afpi_plugins::Grants;
use afpi_plugins::manifest::{Kind, Manifest};

afpi_db::row! {
    /// A stored seat.
    #[derive(Clone)]
    pub struct Seat {
        pub localisation_id: LocalisationId, pub enabled: bool, pub config: String, pub grants: Json<Grants>,
        pub previous_config: Option<String>, pub previous_grants: Option<Json<Grants>>, pub version: i64,
        /// The site's code; none for the network.
        pub code: Option<String>,
    }
}

/// All seats of a plugin.
pub async fn of(conn: &mut Conn, plugin: &str) -> afpi_db::Result<Vec<Seat>> {
    sql("SELECT s.localisation_id, s.enabled, s.config, s.grants, s.previous_config, s.previous_grants, s.version, l.code FROM plugin_sites s \
         LEFT JOIN localisations l ON l.id = s.localisation_id WHERE s.plugin_id = ? ORDER BY l.code")
        .bind(plugin).all(conn).await
}

/// Creates the missing seats of a plugin, without settings: at every site, or in the network for a connector, which
/// stays off until it is configured.
pub async fn make(tx: &mut Conn, manifest: &Manifest, grants: &Grants, ready: bool) -> afpi_db::Result<()> {
    let sites = match manifest.kind {
        Kind::Connector => vec![LocalisationId::NETWORK],
        _ => sql("SELECT id FROM localisations")
            .all::<(LocalisationId,)>(tx)
            .await?
            .into_iter()
            .map(|(id,)| id)
            .collect(),
    };
    if sites.is_empty() {
        return Ok(());
    }
    let now = Instant::now();
    let enabled = ready && manifest.kind != Kind::Connector && manifest.capabilities.http.is_none();
    let mut query = dialect::insert_or_ignore(tx.backend());
    query.push(" INTO plugin_sites (plugin_id, localisation_id, enabled, config, grants, updated_at, version) VALUES ");
    query.rows(sites.into_iter().map(|site| {
        [
            manifest.id.as_str().into(),
            site.into(),
            enabled.into(),
            "{}".into(),
            Value::json(grants),
            now.into(),
            1i64.into(),
        ]
    }));
    query.execute(tx).await?;
    Ok(())
}

/// The new state of a seat.
pub struct Change {
    pub seat: Seat,
    pub config: String,
    pub grants: Grants,
}

/// Writes the settings and grants of a seat for another version, and keeps the old ones for a rollback. Returns whether
/// the seat was still as it was read.
pub async fn change(tx: &mut Conn, plugin: &str, change: &Change, keep: bool) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE plugin_sites SET config = ?, grants = ?, updated_at = ?, version = version + 1")
        .bind(&change.config)
        .bind(Value::json(&change.grants))
        .bind(Instant::now());
    if keep {
        query
            .push(", previous_config = ?, previous_grants = ?")
            .arg(&change.seat.config)
            .arg(Value::json(&change.seat.grants.0));
    }
    query.push(" WHERE plugin_id = ? AND localisation_id = ? AND version = ?");
    query.arg(plugin).arg(change.seat.localisation_id).arg(change.seat.version);
    Ok(query.execute(tx).await? == 1)
}
