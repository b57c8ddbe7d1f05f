//! Demo mode: accounts, companies, trainers, rooms, objectives, opportunités moved through the real workflow, and a
//! Ypareo simulator. All data is invented. The data of the relay comes from the plugins' own demo files: this module
//! knows no status.

mod accounts;
mod companies;
mod connector;
mod courriels;
mod entites;
mod objectives;
mod produits;
mod relay;
mod rooms;
mod scenario;
mod trainees;
mod trainers;

use std::time::Duration;

use afpi_db::sql;
use anyhow::{Context, Result};
use axum::extract::State;
use rand::{SeedableRng, rngs::StdRng};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use accounts::refuse as refuse_accounts;
pub use connector::Simulation;

use afpi_core::error::not_found;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::state::App;

/// Fills an empty database with demo data, or continues an interrupted filling, and starts the simulator. A filled
/// database stays as it is.
pub async fn fill(app: &App) -> Result<Simulation> {
    let demo = app.config.demo.as_ref().context("demo data is for demo mode only")?;
    let mut tx = app.db.begin().await?;
    let places = afpi_core::network::fill(&mut tx).await?;
    if sql("SELECT COUNT(*) FROM users").scalar::<i64>(&mut tx).await? == 0 {
        let mut rng = StdRng::seed_from_u64(2026);
        accounts::fill(&mut tx, &places, &demo.password).await?;
        entites::fill(&mut tx, &places).await?;
        companies::fill(&mut tx, &places, &mut rng).await?;
        trainers::fill(&mut tx, &places, &mut rng).await?;
        rooms::fill(&mut tx, &places).await?;
        produits::fill(&mut tx, &places).await?;
        let people = accounts::read(&mut tx).await?;
        objectives::fill(&mut tx, &places, &people).await?;
    } else {
        accounts::set_password(&mut tx, &demo.password).await?;
    }
    tx.commit().await?;
    relay::fill(app, &places).await?;
    trainees::fill(app).await?;
    courriels::fill(app).await?;
    connector::start(app).await
}

/// So many days.
fn days(count: i64) -> Duration {
    Duration::from_secs(count.unsigned_abs() * 24 * 3600)
}

/// Prints the address and the accounts.
pub fn greet(app: &App) {
    let Some(demo) = &app.config.demo else { return };
    println!("\n  AFPI CRM  http://{}\n", app.config.listen);
    println!("  {:<28} {:<26} password", "account", "role");
    for account in accounts::ACCOUNTS {
        println!("  {:<28} {:<26} {}", account.email, account.role.id(), demo.password);
    }
    println!("\n  API page  http://{}/api/docs    Ctrl-C stops.\n", app.config.listen);
}

/// An account to try the product with.
#[derive(Serialize, ToSchema)]
pub struct DemoAccount {
    email: &'static str,
    name: &'static str,
    role: afpi_core::rights::Role,
    password: String,
}

#[derive(Serialize, ToSchema)]
pub struct DemoAccountList {
    data: Vec<DemoAccount>,
}

/// `/api/demo`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(accounts))
}

/// List the demo accounts, one per role. 404 outside demo mode.
#[utoipa::path(get, path = "/accounts", operation_id = "listDemoAccounts", tag = "auth", security(()),
    responses((status = 200, body = DemoAccountList), (status = 404, body = ProblemBody)))]
async fn accounts(State(app): State<App>) -> ApiResult<axum::Json<DemoAccountList>> {
    let demo = app.config.demo.as_ref().ok_or_else(not_found)?;
    let account = |a: &accounts::Account| DemoAccount {
        email: a.email,
        name: a.name,
        role: a.role,
        password: demo.password.clone(),
    };
    Ok(axum::Json(DemoAccountList { data: accounts::ACCOUNTS.iter().map(account).collect() }))
}
