//! Runs the connector with 20 000 companies against a simulated instance on this machine. The real plugin fetches them
//! over a socket, and the run is staged and applied. Then the same run finds nothing new, and an undo follows. Prints a
//! table. `AFPI_BENCH_COMPANIES` changes the number.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use afpi_core::rights::Role;
use serde_json::{Value, json};
use support::{Client, World};
use ypareo_simulator::{Options, Profile, Simulator};

const API: &str = "/api/connecteurs/ypareo";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let companies = std::env::var("AFPI_BENCH_COMPANIES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let dir = tempfile::tempdir().expect("temporary directory");
    println!(
        "{:<10} {:<12} {:>9} {:>9} {:>12} {:>9}",
        "backend", "run", "companies", "seconds", "per second", "peak MB"
    );
    bench("sqlite", World::new(dir.path(), afpi_db::testing::sqlite(&dir).await).await, companies).await;
    if let Some(server) = afpi_db::testing::mariadb_url() {
        let database = afpi_db::testing::MariaDb::create(&server).await;
        bench("mariadb", World::new(dir.path(), database.db.clone()).await, companies).await;
        database.drop().await;
    }
}

async fn bench(backend: &str, world: World, companies: u32) {
    let profile = Profile { hypothetical: true, ..Profile::default() };
    let simulator = Simulator::start(Options { companies, profile, ..Options::default() }).await.expect("a free port");
    let admin = world.as_role(Role::Admin).await;
    let now = admin.get(&format!("{API}/config")).await.expect(200);
    let body = json!({"config": {"baseUrl": simulator.base_url(), "contacts": "jamais"}, "secrets": {"token": simulator.options().token}});
    admin.put_at(&format!("{API}/config"), &now["version"], body).await.expect(200);

    let first = begin(&admin).await;
    report(backend, "first", companies, &world, &admin, &first, "done").await;
    let again = begin(&admin).await;
    report(backend, "unchanged", companies, &world, &admin, &again, "done").await;
    let undo = format!("{API}/runs/{}/undo", first["id"].as_str().expect("an id"));
    admin.post(&undo, Value::Null).await.expect(202);
    report(backend, "undo", companies, &world, &admin, &first, "undone").await;
    simulator.stop().await;
}

async fn begin(admin: &Client) -> Value {
    admin.post(&format!("{API}/sync"), json!({"mode": "apply"})).await.expect(202)["run"].clone()
}

async fn report(backend: &str, name: &str, companies: u32, world: &World, admin: &Client, run: &Value, state: &str) {
    let started = Instant::now();
    world.work().await;
    let took = started.elapsed().max(Duration::from_millis(1));
    let run = admin.get(&format!("{API}/runs/{}", run["id"].as_str().expect("an id"))).await.expect(200);
    assert_eq!(run["state"], state, "{run:#}");
    let seconds = took.as_secs_f64();
    println!(
        "{backend:<10} {name:<12} {companies:>9} {seconds:>9.2} {:>12.0} {:>9.0}",
        f64::from(companies) / seconds,
        peak_mb()
    );
}

/// The peak memory of this process, including the simulator.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|kb| kb.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
