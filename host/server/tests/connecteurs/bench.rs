//! A simulated instance, the real connector configured for it, and helpers for the tests.

use std::sync::Arc;
use std::time::Duration;

use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use ypareo_simulator::{Options, Profile, Simulator};

use crate::support::{Client, World};

pub const API: &str = "/api/connecteurs/ypareo";

/// An application with a connected instance.
pub struct Bench {
    pub world: World,
    pub simulator: Arc<Simulator>,
    pub admin: Client,
}

/// Options of an instance with addresses, sites and contacts.
pub fn rich(companies: u32) -> Options {
    Options { companies, profile: Profile { hypothetical: true, ..Profile::default() }, ..Options::default() }
}

impl Bench {
    /// Starts the instance and configures the connector as an administrator would.
    pub async fn new(world: World, options: Options, contacts: &str) -> Bench {
        let simulator = Arc::new(Simulator::start(options).await.expect("a free port"));
        let admin = world.as_role(Role::Admin).await;
        let bench = Bench { world, simulator, admin };
        bench.set_up(json!({"baseUrl": bench.simulator.base_url(), "contacts": contacts})).await;
        bench
    }

    pub async fn set_up(&self, config: Value) {
        let now = self.admin.get(&format!("{API}/config")).await.expect(200);
        let token = self.simulator.options().token.clone();
        let body = json!({"config": config, "secrets": {"token": token}});
        self.admin.put_at(&format!("{API}/config"), &now["version"], body).await.expect(200);
    }

    /// Starts a run and works through its jobs. Returns the run.
    pub async fn run(&self, mode: &str) -> Value {
        let begun = self.admin.post(&format!("{API}/sync"), json!({"mode": mode})).await.expect(202);
        self.world.work().await;
        self.get(&begun["run"]).await
    }

    pub async fn get(&self, run: &Value) -> Value {
        self.admin.get(&format!("{API}/runs/{}", run["id"].as_str().expect("an id"))).await.expect(200)
    }

    /// Requests `apply`, `undo` or `cancel`, then works through the jobs. Returns the run.
    pub async fn act(&self, run: &Value, verb: &str) -> Value {
        self.admin
            .post(&format!("{API}/runs/{}/{verb}", run["id"].as_str().expect("an id")), Value::Null)
            .await
            .expect(202);
        self.world.work().await;
        self.get(run).await
    }

    pub async fn changes(&self, run: &Value, filter: &str) -> Vec<Value> {
        let path = format!("{API}/runs/{}/changes?limit=200{filter}", run["id"].as_str().expect("an id"));
        self.admin.get(&path).await.expect(200)["data"].as_array().expect("a list").clone()
    }

    pub async fn log(&self, run: &Value) -> String {
        let lines = self.admin.get(&format!("{API}/runs/{}/log", run["id"].as_str().expect("an id"))).await.expect(200);
        lines["data"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|l| format!("{}\n", l["message"].as_str().unwrap_or_default()))
            .collect()
    }

    /// One number from the database.
    pub async fn count(&self, query: &'static str) -> i64 {
        sql(query).scalar(&mut self.world.app.db.read().await.expect("connection")).await.expect("a number")
    }

    pub async fn companies(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM entreprises").await
    }

    /// Counts and a sum of versions of everything that a run can change. Equal results mean that nothing changed.
    pub async fn fingerprint(&self) -> Vec<i64> {
        let queries = [
            "SELECT COUNT(*) FROM entreprises",
            "SELECT CAST(COALESCE(SUM(version), 0) AS SIGNED) FROM entreprises",
            "SELECT COUNT(*) FROM entreprises WHERE active = 1",
            "SELECT COUNT(*) FROM contacts",
            "SELECT COUNT(*) FROM external_ids",
            "SELECT COUNT(*) FROM external_ids WHERE missing_since IS NOT NULL",
        ];
        let mut found = Vec::new();
        for query in queries {
            found.push(self.count(query).await);
        }
        found
    }

    /// The company with this external id.
    pub async fn company(&self, code: u64) -> Value {
        let id = sql("SELECT record_id FROM external_ids WHERE entity = 'entreprise' AND external_id = ?")
            .bind(code.to_string())
            .scalar::<uuid::Uuid>(&mut self.world.app.db.read().await.expect("connection"))
            .await
            .expect("a link");
        self.admin.get(&format!("/api/entreprises/{id}")).await.expect(200)
    }

    /// Runs a worker in the background, until the caller cancels the returned token and waits for the tracker.
    pub async fn worker(&self) -> (TaskTracker, CancellationToken) {
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        afpi::workers::start(&self.world.app, &tracker, stop.clone()).await.expect("worker");
        self.world.app.jobs.drain().await.expect("relay");
        (tracker, stop)
    }

    /// Waits until `fits` accepts the run.
    pub async fn until(&self, run: &Value, fits: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1500 {
            let now = self.get(run).await;
            if fits(&now) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not within 30 s: {:#}", self.get(run).await);
    }
}

/// `(created, updated, unchanged, skipped, archived, missing)`.
pub fn counts(run: &Value) -> [i64; 6] {
    ["created", "updated", "unchanged", "skipped", "archived", "missing"]
        .map(|name| run["counts"][name].as_i64().expect("a count"))
}
