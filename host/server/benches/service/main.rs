//! Figures of the whole service: start, memory and CPU per request. They are measured from outside, on the real program
//! with production settings. Prints a table for SQLite with the SQL queue. If `AFPI_TEST_MARIADB_URL` and
//! `AFPI_TEST_REDIS_URL` name servers, it adds MariaDB with Redis, and empties database 9 of Redis.
//!
//! The CPU time is that of all threads of the `afpi` process, with nothing subtracted. Other work on the machine hardly
//! changes it. It contains the CPU time of SQLite, but not that of MariaDB.

mod client;
mod peer;
mod process;

use std::time::{Duration, Instant};

use client::Connection;
use process::{Place, Service};
use serde_json::json;

/// The number of requests per figure, and the total before memory is measured again.
const CREATED: usize = 2_000;
const LISTS: usize = 1_000;
const ALTOGETHER: usize = 10_000;
/// Requests before the measurement starts, so that connections, statements and instances are warm.
const WARM_UP: usize = 300;
/// The number of parallel connections: twice the cores of the machine that the targets are for.
const CONNECTIONS: usize = 4;

const OPPORTUNITES: &str = "/api/opportunites";
const HUNDRED: &str = "/api/opportunites?limit=100";

fn main() {
    println!("\n{:<58}{:<9}{:>14}{:>12}", "figure", "backend", "measured", "target");
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_afpi")).expect("the program").len();
    row("size of the program", "", megabytes(binary), None);

    let folder = tempfile::tempdir().expect("temporary directory");
    let file = format!("sqlite://{}", folder.path().join("afpi.db").display());
    measure("sqlite", &Place { folder: folder.path(), database_url: &file, redis_url: None });

    let redis = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty());
    let (Some(server), Some(redis)) = (afpi_db::testing::mariadb_url(), redis) else { return };
    let io = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let redis = format!("{}/9", redis.trim_end_matches('/'));
    let client = redis::Client::open(redis.as_str()).expect("an address");
    redis::cmd("FLUSHDB").exec(&mut client.get_connection().expect("the Redis server")).expect("an empty database");
    let database = io.block_on(afpi_db::testing::MariaDb::create(&server));
    let folder = tempfile::tempdir().expect("temporary directory");
    let place = Place { folder: folder.path(), database_url: &database.url, redis_url: Some(&redis) };
    measure("mariadb", &place);
    peer::compare(&place, &io);
    io.block_on(database.drop());
}

/// Measures everything on one backend.
fn measure(backend: &str, place: &Place) {
    place.fill();

    let starts = (0..5).map(|_| {
        let service = Service::start(place, &["serve"]);
        let ready_after = service.ready_after;
        service.stop();
        ready_after
    });
    row(
        "start to ready, plugins in the cache (median of 5)",
        backend,
        milliseconds(median(starts.collect())),
        Some(300.0),
    );

    let service = Service::start(place, &["serve"]);
    std::thread::sleep(Duration::from_secs(2));
    row("resident after start", backend, megabytes(service.resident()), Some(80.0));
    let desk = Desk::sign_in(&service);
    row("resident after two people signed in", backend, megabytes(service.resident()), None);
    desk.create(WARM_UP);
    desk.wait_for_jobs();
    row(
        "POST opportunité, CPU with the jobs it causes",
        backend,
        milliseconds(
            service.cpu_of(|| {
                desk.create(CREATED);
                desk.wait_for_jobs();
            }) / CREATED as u32,
        ),
        None,
    );
    desk.list(&desk.admin, LISTS / 10);
    let mut times = Vec::new();
    let cpu = service.cpu_of(|| times = desk.list(&desk.admin, LISTS)) / LISTS as u32;
    row("list of 100 opportunités, p50", backend, milliseconds(median(times)), Some(1.0));
    row("list of 100 opportunités, CPU", backend, milliseconds(cpu), Some(1.0));
    let cpu = service.cpu_of(|| drop(desk.list(&desk.seller, LISTS / 10))) / (LISTS / 10) as u32;
    row("list of 100 of one's own opportunités, CPU", backend, milliseconds(cpu), Some(1.0));
    desk.mixed(ALTOGETHER - WARM_UP - CREATED - LISTS - LISTS / 5);
    desk.wait_for_jobs();
    row("resident after 10 000 requests", backend, megabytes(service.resident()), Some(120.0));
    service.stop();

    let service = Service::start(place, &["serve", "--no-worker"]);
    let desk = Desk::sign_in(&service);
    desk.create(WARM_UP);
    let cpu = service.cpu_of(|| desk.create(CREATED)) / CREATED as u32;
    row("POST opportunité, CPU (jobs left to a worker process)", backend, milliseconds(cpu), Some(0.5));
    service.stop();
}

/// Two people who are signed in: a commercial and an administrator.
struct Desk {
    port: u16,
    seller: String,
    admin: String,
    companies: Vec<String>,
}

impl Desk {
    fn sign_in(service: &Service) -> Desk {
        let mut connection = Connection::open(service.port).expect("a connection");
        let mut token = |email: &str| {
            let credentials = json!({"email": email, "password": afpi_platform::config::DEMO_PASSWORD});
            let answer = connection.post("/auth/login", None, &credentials).expect("an answer").expect(200);
            answer["token"].as_str().expect("a token").to_owned()
        };
        let (seller, admin) = (token("commercial@bench.afpi"), token("admin@bench.afpi"));
        let found =
            connection.get("/api/entreprises?active=true&limit=100", Some(&seller)).expect("an answer").expect(200);
        let ids = found["data"].as_array().expect("a list").iter();
        let companies = ids.map(|company| company["id"].as_str().expect("an id").to_owned()).collect();
        Desk { port: service.port, seller, admin, companies }
    }

    /// Creates this many opportunités, over several connections.
    fn create(&self, number: usize) {
        self.side_by_side(CONNECTIONS, number, |connection, n| {
            self.post(connection, n);
        });
    }

    /// Reads this many lists of a hundred, one after the other. Returns the time of each.
    fn list(&self, who: &str, number: usize) -> Vec<Duration> {
        let mut connection = Connection::open(self.port).expect("a connection");
        let list = |_| {
            let started = Instant::now();
            let answer = connection.get(HUNDRED, Some(who)).expect("an answer");
            let took = started.elapsed();
            assert_eq!(answer.status, 200);
            took
        };
        (0..number).map(list).collect()
    }

    /// Sends this many requests as in daily use: one creation, three reads of the record and one list.
    fn mixed(&self, number: usize) {
        self.side_by_side(CONNECTIONS, number / 5, |connection, n| {
            let path = format!("{OPPORTUNITES}/{}", self.post(connection, n));
            for path in [path.as_str(), path.as_str(), path.as_str(), HUNDRED] {
                assert_eq!(connection.get(path, Some(&self.seller)).expect("an answer").status, 200);
            }
        });
    }

    /// Creates an opportunité. Returns its id.
    fn post(&self, connection: &mut Connection, n: usize) -> String {
        let company = &self.companies[n % self.companies.len()];
        let body = json!({"entrepriseId": company, "title": format!("Habilitation électrique, groupe {n}"), "budget": 480_000});
        let answer = connection.post(OPPORTUNITES, Some(&self.seller), &body).expect("an answer").expect(201);
        answer["opportunite"]["id"].as_str().expect("an id").to_owned()
    }

    fn side_by_side(&self, connections: usize, number: usize, work: impl Fn(&mut Connection, usize) + Sync) {
        std::thread::scope(|scope| {
            for first in 0..connections {
                let work = &work;
                scope.spawn(move || {
                    let mut connection = Connection::open(self.port).expect("a connection");
                    (first..number).step_by(connections).for_each(|n| work(&mut connection, n));
                });
            }
        });
    }

    /// Waits until the queue has no waiting and no running job. Jobs in the outbox reach the queue within a second.
    fn wait_for_jobs(&self) {
        let mut connection = Connection::open(self.port).expect("a connection");
        let mut quiet = 0;
        while quiet < 6 {
            let counts = connection.get("/api/jobs/counts", Some(&self.admin)).expect("an answer").expect(200);
            let queues = counts["queues"].as_array().expect("queues");
            let under_way: u64 = queues
                .iter()
                .flat_map(|queue| ["waiting", "active"].map(|state| queue[state].as_u64().unwrap_or(0)))
                .sum();
            quiet = if under_way == 0 { quiet + 1 } else { 0 };
            std::thread::sleep(Duration::from_millis(250));
        }
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A figure with its unit.
type Figure = (f64, &'static str);

fn milliseconds(time: Duration) -> Figure {
    (time.as_secs_f64() * 1_000.0, "ms")
}

fn megabytes(bytes: u64) -> Figure {
    (bytes as f64 / 1e6, "MB")
}

/// Prints one line. The target has the unit of the figure.
fn row(name: &str, backend: &str, (value, unit): Figure, target: Option<f64>) {
    let shown = if value < 10.0 { format!("{value:.2} {unit}") } else { format!("{value:.0} {unit}") };
    let verdict = target.map_or(String::new(), |target| {
        let word = if value <= target { "ok" } else { "missed" };
        format!("{:>12}  {word}", format!("≤ {target} {unit}"))
    });
    println!("{name:<58}{backend:<9}{shown:>14}{verdict}");
}

/// Prints one line of a comparison. The target is that of the ratio.
fn row_of(name: &str, ours: f64, theirs: f64, target: &str) {
    let shown = |value: f64| if value < 10.0 { format!("{value:.2}") } else { format!("{value:.0}") };
    println!("{name:<58}{:>12}{:>12}{:>8.2}x{target:>10}", shown(ours), shown(theirs), ours / theirs);
}
