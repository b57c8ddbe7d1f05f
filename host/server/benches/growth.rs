//! How the answers of the real program grow with its data: 1 000, 10 000 and 100 000 companies on MariaDB, each with
//! half as many opportunités, their stays and facts. `AFPI_BENCH_COMPANIES=1000000` goes on to a
//! million, which takes some ten minutes. `AFPI_TEST_MARIADB_URL` names the server.
//!
//! The demo's records are copied, each copy with its own ids, names and days. Times are medians as the client sees
//! them, one request at a time; the last column is the time at most data beside that at least.

#[path = "service/client.rs"]
mod client;
mod fill;
#[expect(dead_code, reason = "the bench of the service uses more of it")]
#[path = "service/process.rs"]
mod process;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use client::Connection;
use fill::Filler;
use process::{Place, Service};
use serde_json::json;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Requests per figure.
const TIMES: usize = 31;
/// Pages that are turned before the deep page is read.
const DEEP: usize = 1_000;

/// What is asked, with who asks.
const ASKED: [(&str, &str); 19] = [
    ("admin", "/api/opportunites?limit=50"),
    ("admin", "/api/opportunites?limit=50&sort=title"),
    ("admin", "/api/opportunites?limit=50&sort=-amount"),
    ("admin", "/api/opportunites?limit=50&sort=sectionSince"),
    ("admin", "/api/opportunites?limit=50&section=devis"),
    ("admin", "/api/opportunites?limit=50&late=true"),
    ("admin", "/api/opportunites?limit=50&kind=intra-entreprise&sort=numero"),
    ("manager", "/api/opportunites?limit=50"),
    ("commercial", "/api/opportunites?limit=50"),
    ("admin", "/api/opportunites?limit=50&q=soudage"),
    ("admin", "/api/entreprises?limit=50"),
    ("manager", "/api/entreprises?limit=50"),
    ("admin", "/api/entreprises?limit=50&sort=city"),
    ("admin", "/api/entreprises?limit=50&q=introuvable%20nulle"),
    ("admin", "/api/search?q=mecanique%20du%20canal%2037"),
    ("admin", "/api/opportunites/kanban"),
    ("admin", "/api/dashboard/inbox"),
    ("admin", "/api/dashboard"),
    ("admin", "/api/dashboard?period=2026"),
];

fn main() {
    let Some(server) = afpi_db::testing::mariadb_url() else {
        println!("AFPI_TEST_MARIADB_URL names no server");
        return;
    };
    let most = std::env::var("AFPI_BENCH_COMPANIES").ok().and_then(|most| most.parse().ok()).unwrap_or(100_000);
    let io = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let database = io.block_on(afpi_db::testing::MariaDb::create(&server));
    let folder = tempfile::tempdir().expect("temporary directory");
    let place = Place { folder: folder.path(), database_url: &database.url, redis_url: None };
    place.fill();
    let mut filler =
        io.block_on(async { Filler::new(afpi_db::Db::connect(&database.url, 2).await.expect("database")).await });
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= most).collect();
    let mut table: BTreeMap<usize, (String, Vec<Duration>)> = BTreeMap::new();
    for size in &sizes {
        let started = Instant::now();
        io.block_on(filler.fill(*size));
        eprintln!("filled to {size} companies in {:.0} s", started.elapsed().as_secs_f64());
        for (at, (name, time)) in measured(&place).into_iter().enumerate() {
            table.entry(at).or_insert_with(|| (name, vec![])).1.push(time);
        }
    }
    print!("\n{:<70}", "companies");
    sizes.iter().for_each(|size| print!("{size:>12}"));
    println!();
    for (name, times) in table.into_values() {
        print!("{name:<70}");
        times.iter().for_each(|time| print!("{:>9.2} ms", time.as_secs_f64() * 1e3));
        println!("{:>8.2}x", times[times.len() - 1].as_secs_f64() / times[0].as_secs_f64());
    }
    io.block_on(database.drop());
}

/// Starts the service and asks it everything.
fn measured(place: &Place) -> Vec<(String, Duration)> {
    let service = Service::start(place, &["serve"]);
    let mut connection = Connection::open(service.port).expect("a connection");
    let mut tokens: BTreeMap<&str, String> = BTreeMap::new();
    for person in ["admin", "manager", "commercial"] {
        let body = json!({"email": format!("{person}@bench.afpi"), "password": afpi_platform::config::DEMO_PASSWORD});
        let answer = connection.post("/auth/login", None, &body).expect("an answer").expect(200);
        tokens.insert(person, answer["token"].as_str().expect("a token").to_owned());
    }
    // Until the index and the book are there.
    for path in ["/api/search?q=mecanique", "/api/dashboard"] {
        connection.get(path, Some(&tokens["admin"])).expect("an answer").expect(200);
    }
    let mut found = Vec::new();
    for (person, path) in ASKED {
        found.push((format!("{person} {path}"), median_of(&mut connection, path, &tokens[person])));
    }
    for list in ["/api/opportunites?limit=50", "/api/entreprises?limit=50"] {
        let mut path = list.to_owned();
        for _ in 0..DEEP {
            let answer = connection.get(&path, Some(&tokens["admin"])).expect("an answer").expect(200);
            let Some(next) = answer["meta"]["next"].as_str() else { break };
            path = format!("{list}&cursor={next}");
        }
        found.push((
            format!("admin {list}, a page after {DEEP} or the last"),
            median_of(&mut connection, &path, &tokens["admin"]),
        ));
    }
    found
        .push(("resident memory, in seconds of a GB".into(), Duration::from_secs_f64(service.resident() as f64 / 1e9)));
    service.stop();
    found
}

fn median_of(connection: &mut Connection, path: &str, token: &str) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let started = Instant::now();
            let answer = connection.get(path, Some(token)).expect("an answer");
            let took = started.elapsed();
            assert_eq!(answer.status, 200, "{path}");
            took
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}
