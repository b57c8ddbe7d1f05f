//! Two nodes on a primary and its replica, both started here. Lists come from the replica, and whoever has written
//! something sees it, on whichever node. Without `mariadbd` on the machine the test is skipped.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use afpi_core::rights::Role;
use afpi_db::{Db, metered, sql};
use serde_json::{Value, json};
use support::{Client, World};

/// Pairs of a write on one node and a read on the other; `AFPI_TEST_PAIRS` sets another number.
const PAIRS: usize = 200;

/// A MariaDB server of this test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let more = [PathBuf::from("/usr/sbin")];
    std::env::split_paths(&folders).chain(more).map(|folder| folder.join("mariadbd")).find(|file| file.is_file())
}

impl Server {
    /// Starts one with its own data, and waits until it answers.
    async fn start(program: &Path, folder: &Path, id: u8) -> Server {
        let data = folder.join(format!("data-{id}"));
        let made = Command::new("mariadb-install-db")
            .arg("--no-defaults")
            .arg(format!("--datadir={}", data.display()))
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(made.is_ok_and(|made| made.success()), "the tables of a server could not be made");
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let me = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        let child = Command::new(program)
            .arg("--no-defaults")
            .arg(format!("--user={}", me.trim()))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.join(format!("{id}.sock")).display()))
            .arg(format!("--port={port}"))
            .arg(format!("--server-id={id}"))
            .args(["--bind-address=127.0.0.1", "--log-bin=binlog", "--binlog-format=ROW", "--log-slave-updates"])
            .args(["--gtid-strict-mode=1", "--innodb-flush-log-at-trx-commit=2"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let server = Server { child, port };
        let begun = Instant::now();
        let db = Db::connect(&server.url(""), 1).await.unwrap();
        while db.ping().await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        db.close().await;
        server
    }

    fn url(&self, database: &str) -> String {
        format!("mysql://root@127.0.0.1:{}/{database}", self.port)
    }

    async fn run(&self, statements: &[&'static str]) {
        let db = Db::connect(&self.url(""), 1).await.unwrap();
        let mut conn = db.read().await.unwrap();
        for statement in statements {
            sql(statement).execute(&mut conn).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        drop(conn);
        db.close().await;
    }
}

/// A browser: it keeps the cookie of its last write.
struct Browser {
    seen: Option<String>,
}

impl Browser {
    fn cookies(&self) -> Vec<(&'static str, String)> {
        self.seen.iter().map(|seen| ("cookie", format!("afpi_seen={seen}"))).collect()
    }

    /// Creates an opportunité.
    async fn create(&mut self, node: &Client, company: &Value, n: usize) {
        let body = json!({"entrepriseId": company, "title": format!("Soudage {n}"), "budget": 100_000});
        let answer = node.raw("POST", "/api/opportunites", Some(body), &self.cookies()).await;
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers().get("set-cookie").expect("the place of the write").to_str().unwrap();
        let value = cookie.strip_prefix("afpi_seen=").expect("its cookie").split(';').next().unwrap();
        self.seen = Some(value.to_owned());
    }

    /// The number in the title of the newest opportunité, and whether the replica told.
    async fn newest(&self, node: &Client) -> (usize, bool) {
        let path = "/api/opportunites?limit=1&sort=-createdAt";
        let (reply, usage) = metered(node.send("GET", path, None, &self.cookies())).await;
        let title = reply.expect(200)["data"][0]["title"].as_str().unwrap().to_owned();
        (title.trim_start_matches("Soudage ").parse().unwrap_or_default(), usage.replica)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_written_sees_it_and_lists_come_from_the_replica() {
    let Some(program) = program() else {
        println!("skipped: there is no mariadbd on this machine");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let primary = Server::start(&program, dir.path(), 1).await;
    let replica = Server::start(&program, dir.path(), 2).await;
    primary
        .run(&[
            "CREATE USER 'copy'@'127.0.0.1' IDENTIFIED BY 'copy'",
            "GRANT REPLICATION SLAVE ON *.* TO 'copy'@'127.0.0.1'",
        ])
        .await;
    let change = format!(
        "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {}, MASTER_USER = 'copy', MASTER_PASSWORD = 'copy', \
         MASTER_USE_GTID = slave_pos",
        primary.port
    );
    replica.run(&[change.leak(), "START SLAVE", "SET GLOBAL read_only = 1"]).await;
    primary.run(&["CREATE DATABASE afpi CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"]).await;

    let open = async || {
        let db = Db::connect(&primary.url("afpi"), 8).await.unwrap();
        db.with_replica(&replica.url("afpi"), 8).unwrap()
    };
    let first = open().await;
    first.migrate().await.unwrap();
    let one = World::new(&dir.path().join("one"), first).await;
    let other = one.beside(support::process(&dir.path().join("other"), open().await).await);
    let (writer, reader) = (one.as_role(Role::Commercial).await, other.as_role(Role::Commercial).await);
    let company = support::opportunite(&one, "Première").await["entreprise"]["id"].clone();
    let mut browser = Browser { seen: None };
    let before = browser.newest(&reader).await;
    assert!(!before.1, "whoever says nothing of what was written reads the primary");

    // Own writes are seen at once, and most reads need no primary.
    let pairs = std::env::var("AFPI_TEST_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(PAIRS);
    let (mut stale, mut from_replica) = (0, 0);
    for n in 1..=pairs {
        browser.create(&writer, &company, n).await;
        let (newest, replica) = browser.newest(&reader).await;
        stale += usize::from(newest != n);
        from_replica += usize::from(replica);
    }
    println!("{pairs} pairs: {stale} stale, {from_replica} from the replica");
    assert_eq!(stale, 0);
    assert!(from_replica > pairs / 2, "only {from_replica} of {pairs} reads came from the replica");
    let behind = other.app.db.replica_lag().await.unwrap().unwrap();
    assert!(behind < Duration::from_secs(5), "{behind:?}");

    // A replica that stands still: the primary answers, and the lag grows.
    replica.run(&["STOP SLAVE"]).await;
    browser.create(&writer, &company, pairs + 1).await;
    assert_eq!(browser.newest(&reader).await, (pairs + 1, false));
    other.app.db.replica_lag().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(other.app.db.replica_lag().await.unwrap().unwrap() >= Duration::from_millis(300));
    replica.run(&["START SLAVE"]).await;
    let begun = Instant::now();
    while !browser.newest(&reader).await.1 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the replica is not read again");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    // A replica that is gone: nobody notices, but for operations.
    drop(replica);
    // A read that had begun there is answered by the primary.
    assert_eq!(browser.newest(&reader).await.0, pairs + 1);
    assert_eq!(browser.newest(&reader).await, (pairs + 1, false));
    let ready = reader.get("/readyz").await.expect(200);
    assert_eq!((&ready["status"], &ready["replica"]), (&json!("degraded"), &json!("unavailable")));
    one.app.stopping.cancel();
    other.app.stopping.cancel();
}
