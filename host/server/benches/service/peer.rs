//! The product beside what most people would write first (`benches/peer`), in one run on one MariaDB server. The peer
//! has no sign-in, rights, rules, history and notifications, so the ratio says what all of that costs.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::client::Connection;
use super::process::{Place, Service, cpu, free_port};
use super::{Desk, HUNDRED, row_of};

/// Requests per figure.
const POSTS: usize = 3_000;
const READS: usize = 1_000;

/// What one side did.
struct Side {
    /// Creations per second over 8 and over 32 connections.
    posts: [f64; 2],
    /// CPU of the service and of MariaDB per creation over 8 connections, with the jobs it causes, in ms.
    service: f64,
    database: f64,
    /// Lists of a hundred per second over 8 connections.
    lists: f64,
}

/// Measures both and prints the table. Without Node there is nothing to compare with.
pub fn compare(place: &Place, io: &tokio::runtime::Runtime) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer");
    let npm = Command::new("npm").arg("--prefix").arg(&folder).args(["ci", "--silent"]).status();
    if !npm.is_ok_and(|status| status.success()) {
        println!("The peer in Node is left out: npm cannot install it.");
        return;
    }
    let server = io.block_on(mariadb(place.database_url));

    let service = Service::start(place, &["serve"]);
    let desk = Desk::sign_in(&service);
    let ours = side(&desk, &service, server, true);
    service.stop();

    let port = free_port();
    let mut command = Command::new("node");
    command.arg(folder.join("service.mjs")).arg(place.database_url).arg(port.to_string());
    let service = Service::run(command, port);
    let theirs = side(&Desk { port, ..desk }, &service, server, false);
    service.stop();

    let both = |side: &Side| side.service + side.database;
    println!(
        "\n{:<58}{:>12}{:>12}{:>9}{:>10}",
        "figure, on MariaDB with flush at each commit", "ours", "Node", "ratio", "target"
    );
    row_of("POST opportunité per second, 8 connections", ours.posts[0], theirs.posts[0], ">= 1.5");
    row_of("POST opportunité per second, 32 connections", ours.posts[1], theirs.posts[1], "");
    row_of("  CPU of the service, ms", ours.service, theirs.service, "");
    row_of("  CPU of MariaDB, ms", ours.database, theirs.database, "");
    row_of("  CPU of both with the jobs it causes, ms", both(&ours), both(&theirs), "<= 0.7");
    row_of("list of 100 per second, 8 connections", ours.lists, theirs.lists, "");
    println!(
        "limit: one INSERT and commit per request, without a service: {:.0} per second",
        io.block_on(commits(place.database_url))
    );
}

/// The process of the server, which then writes each commit to the disk.
async fn mariadb(url: &str) -> u32 {
    let db = afpi_db::Db::connect(url, 1).await.expect("database");
    let mut conn = db.read().await.expect("a connection");
    afpi_db::sql("SET GLOBAL innodb_flush_log_at_trx_commit = 1").execute(&mut conn).await.expect("a setting");
    let file: String = afpi_db::sql("SELECT @@pid_file").scalar(&mut conn).await.expect("the file of its process");
    std::fs::read_to_string(file).expect("a server on this machine").trim().parse().expect("a number")
}

fn side(desk: &Desk, service: &Service, server: u32, jobs: bool) -> Side {
    desk.create(300);
    let settle = || {
        if jobs {
            desk.wait_for_jobs();
        }
    };
    settle();
    let before = (cpu(service.id()), cpu(server));
    let eight = per_second(POSTS, || desk.side_by_side(8, POSTS, |c, n| drop(desk.post(c, n))));
    settle();
    let used = [cpu(service.id()) - before.0, cpu(server) - before.1].map(|cpu| cpu.as_secs_f64() * 1e3 / POSTS as f64);
    let thirty_two = per_second(POSTS, || desk.side_by_side(32, POSTS, |c, n| drop(desk.post(c, n))));
    settle();
    let read = |connection: &mut Connection, _| {
        assert_eq!(connection.get(HUNDRED, Some(&desk.admin)).expect("an answer").status, 200);
    };
    let lists = per_second(READS, || desk.side_by_side(8, READS, read));
    Side { posts: [eight, thirty_two], service: used[0], database: used[1], lists }
}

fn per_second(number: usize, work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    number as f64 / started.elapsed().as_secs_f64()
}

/// How often the server can insert one row and commit, over 8 connections, in a second.
async fn commits(url: &str) -> f64 {
    let db = afpi_db::Db::connect(url, 8).await.expect("database");
    let mut tx = db.begin().await.expect("transaction");
    afpi_db::sql("CREATE TABLE bench_commits (id BINARY(16) NOT NULL PRIMARY KEY) ENGINE=InnoDB")
        .execute(&mut tx)
        .await
        .expect("a table");
    tx.commit().await.expect("commit");
    let (started, length) = (Instant::now(), Duration::from_secs(2));
    let writers = (0..8).map(|_| async {
        let mut written = 0_u32;
        while started.elapsed() < length {
            let mut tx = db.begin().await.expect("transaction");
            let insert = afpi_db::sql("INSERT INTO bench_commits (id) VALUES (?)").bind(uuid::Uuid::now_v7());
            insert.execute(&mut tx).await.expect("a row");
            tx.commit().await.expect("commit");
            written += 1;
        }
        written
    });
    let written: u32 = futures::future::join_all(writers).await.into_iter().sum();
    f64::from(written) / started.elapsed().as_secs_f64()
}
