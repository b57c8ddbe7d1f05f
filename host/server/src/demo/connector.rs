//! A Ypareo simulator beside the demo, with the connector configured for it.

use afpi_db::sql;
use anyhow::{Context, Result};
use serde_json::json;
use ypareo_simulator::{Options, Profile, Simulator};

use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;
use afpi_platform::state::App;

const PLUGIN: &str = "ypareo";

/// The running simulator. Dropping it ends it.
pub struct Simulation(#[allow(dead_code)] Simulator);

/// Starts the simulator on a free port and points the connector at it. Other settings stay.
pub async fn start(app: &App) -> Result<Simulation> {
    // With addresses, sites and contacts. No source proves that Ypareo has them, but without them a demo shows little.
    let options =
        Options { companies: 240, profile: Profile { hypothetical: true, ..Profile::default() }, ..Options::default() };
    let token = options.token.clone();
    let simulator = Simulator::start(options).await.context("the Ypareo simulator cannot start")?;
    let mut tx = app.db.begin().await?;
    let stored = sql("SELECT config FROM plugin_sites WHERE plugin_id = ? AND localisation_id = ?")
        .bind(PLUGIN)
        .bind(LocalisationId::NETWORK)
        .optional::<(String,)>(&mut tx)
        .await?;
    if let Some((config,)) = stored {
        let mut config: serde_json::Value = serde_json::from_str(&config)?;
        config["baseUrl"] = json!(simulator.base_url());
        sql("UPDATE plugin_sites SET config = ?, enabled = ?, updated_at = ?, version = version + 1 WHERE plugin_id = ? AND localisation_id = ?")
            .bind(config.to_string()).bind(true).bind(Instant::now()).bind(PLUGIN).bind(LocalisationId::NETWORK).execute(&mut tx).await?;
        afpi_platform::plugins::versions::touch(&mut tx).await?;
        app.secrets.put(&mut tx, PLUGIN, LocalisationId::NETWORK, "token", Some(&token)).await?;
    }
    tx.commit().await?;
    app.plugins.refresh().await?;
    Ok(Simulation(simulator))
}
