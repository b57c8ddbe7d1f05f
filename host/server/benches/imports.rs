//! Imports a file of 50 000 companies: preview, apply and revert. Prints a table. `AFPI_BENCH_COMPANIES` changes the
//! number.

#[path = "../tests/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use afpi_core::rights::Role;
use serde_json::Value;
use support::{Client, HOME, World};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let companies = std::env::var("AFPI_BENCH_COMPANIES").ok().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let dir = tempfile::tempdir().expect("temporary directory");
    println!("{:<10} {:<10} {:>9} {:>9} {:>12}", "backend", "step", "companies", "seconds", "per second");
    bench("sqlite", World::new(dir.path(), afpi_db::testing::sqlite(&dir).await).await, companies).await;
    if let Some(server) = afpi_db::testing::mariadb_url() {
        let database = afpi_db::testing::MariaDb::create(&server).await;
        bench("mariadb", World::new(dir.path(), database.db.clone()).await, companies).await;
        database.drop().await;
    }
}

async fn bench(backend: &str, world: World, companies: u32) {
    let admin = world.as_role(Role::Admin).await;
    let mut file = String::from("nom;code postal;ville;telephone;effectif\n");
    for n in 0..companies {
        let postcode = 10_000 + n % 80_000;
        writeln!(file, "Entreprise numéro {n};{postcode};Ville {};0323061234;{}", n % 500, n % 900).expect("a text");
    }
    let headers = [("content-type", "text/csv".to_owned())];
    let path = format!("/api/imports?localisationId={}", world.site(HOME));
    let import = admin.file(&path, file.into_bytes(), &headers).await.expect(201);
    let path = format!("/api/imports/{}", import["id"].as_str().expect("an id"));
    for (step, state) in [("preview", "previewed"), ("apply", "applied"), ("revert", "reverted")] {
        let done = work(&world, &admin, &path, step, companies, backend).await;
        assert_eq!(done["state"], state, "{done:#}");
        assert_eq!(done["counts"]["created"], companies, "{done:#}");
    }
    let left = admin.get("/api/entreprises").await.expect(200)["meta"]["total"].clone();
    assert_eq!(left, 0, "the revert removes all companies");
}

async fn work(world: &World, admin: &Client, path: &str, step: &str, companies: u32, backend: &str) -> Value {
    admin.post(&format!("{path}/{step}"), Value::Null).await.expect(202);
    let started = Instant::now();
    world.work().await;
    let seconds = started.elapsed().max(Duration::from_millis(1)).as_secs_f64();
    println!("{backend:<10} {step:<10} {companies:>9} {seconds:>9.2} {:>12.0}", f64::from(companies) / seconds);
    admin.get(path).await.expect(200)
}
