//! Failing runs: no run is applied in part, no record disappears, and the run reports the reason.

use afpi_changes::engine::abandoned::give_up;
use afpi_db::{Db, sql};
use serde_json::{Value, json};
use ypareo_simulator::{Fault, How, Options, Rule};

use crate::bench::{API, Bench, counts, rich};
use crate::support::{World, on_both, process};

#[tokio::test]
async fn an_answer_that_is_broken_fails_the_run_and_changes_nothing() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(60), "jamais").await;
        bench.run("apply").await;
        let before = bench.fingerprint().await;
        for (how, words) in [
            (How::EmptyBody, "vide"),
            (How::HtmlOk, "page web"),
            (How::TruncatedJson(4096), "coupée"),
            (How::CutMidway(4096), "GET /entreprises"),
            (How::ErrorObject, "liste"),
            (How::Windows1252, "UTF-8"),
            (How::HtmlNotFound, "404"),
            (How::HtmlForbidden, "filtre"),
            (How::Refused, "accès refusé"),
        ] {
            bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", how.clone())]);
            let run = bench.run("apply").await;
            assert_eq!(run["state"], "failed", "{how:?}: {run:#}");
            assert!(run["error"]["fr"].as_str().unwrap().contains(words), "{how:?}: {}", run["error"]);
            assert!(run["error"]["en"].is_string() && run["finishedAt"].is_string());
            assert_eq!(bench.fingerprint().await, before, "{how:?}");
        }
        // Administrators get a notification with the reason for each failure.
        let told = bench.admin.get("/api/notifications").await.expect(200);
        assert_eq!(told["meta"]["total"], 9, "{told:#}");
        assert!(
            told["data"][0]["title"]["en"] == "Ypareo synchronisation failed"
                && told["data"][0]["body"]["fr"].as_str().unwrap().contains("accès refusé")
        );
        // The staged changes of a failed run can be neither applied nor undone.
        let last = bench.admin.get("/api/connecteurs").await.expect(200)["data"][0]["lastRun"].clone();
        for verb in ["apply", "undo", "cancel"] {
            bench
                .admin
                .post(&format!("{API}/runs/{}/{verb}", last["id"].as_str().unwrap()), Value::Null)
                .await
                .refused(409, "conflict");
        }
        bench.simulator.reset();
        assert_eq!(counts(&bench.run("apply").await)[2], 74);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_busy_for_a_moment_is_waited_for() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(10), "jamais").await;
        bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", How::Status(503)).times(2)]);
        let run = bench.run("apply").await;
        assert_eq!((run["state"].as_str(), bench.companies().await), (Some("done"), 10), "{run:#}");
        assert!(bench.log(&run).await.contains("Attente de 1 s"));
    })
    .await;
}

#[tokio::test]
async fn contacts_that_cannot_be_read_cost_only_themselves() {
    on_both(|world| async move {
        let bench = Bench::new(
            world,
            Options { denied: ["entreprises/{code}/interlocuteurs".to_owned()].into(), ..rich(30) },
            "toutes",
        )
        .await;
        let run = bench.run("apply").await;
        assert_eq!((run["state"].as_str(), bench.companies().await), (Some("done"), 30), "{run:#}");
        let skipped = bench.changes(&run, "&action=skipped").await;
        assert!(
            skipped[0]["entity"] == "contact"
                && skipped[0]["reason"]["fr"].as_str().unwrap().contains("interlocuteurs : accès refusé")
        );
    })
    .await;
}

#[tokio::test]
async fn an_empty_or_short_list_waits_for_a_person_and_deletes_nothing() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(60), "jamais").await;
        bench.run("apply").await;
        let before = bench.fingerprint().await;
        for (how, words) in [(How::EmptyList, "vide"), (How::FarShorter(40), "40 entreprises alors que 60")] {
            bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", how.clone())]);
            let run = bench.run("apply").await;
            assert_eq!(run["state"], "held", "{run:#}");
            assert!(run["heldReason"]["fr"].as_str().unwrap().contains(words), "{run:#}");
            assert_eq!(bench.fingerprint().await, before, "{how:?}");
        }
        let told = bench.admin.get("/api/notifications").await.expect(200);
        assert_eq!(
            (&told["meta"]["total"], &told["data"][0]["title"]["fr"]),
            (&json!(2), &json!("Synchronisation Ypareo retenue")),
            "{told:#}"
        );
        // After a person has checked and applied the run, the companies are marked as missing and still exist.
        let held = bench.admin.get("/api/connecteurs").await.expect(200)["data"][0]["lastRun"].clone();
        let applied = bench.act(&held, "apply").await;
        assert_eq!((applied["state"].as_str(), counts(&applied)[5]), (Some("done"), 20), "{applied:#}");
        assert_eq!(
            (
                bench.companies().await,
                bench.count("SELECT COUNT(*) FROM external_ids WHERE missing_since IS NOT NULL").await
            ),
            (60, 20)
        );
        let undone = bench.act(&applied, "undo").await;
        assert_eq!((undone["state"].as_str(), bench.fingerprint().await), (Some("undone"), before));

        // A run that archives most companies at once is held as well.
        bench.simulator.reset();
        bench.simulator.change(|options| options.archived = (0..30).map(|i| 1007 + 7 * i).collect());
        let run = bench.run("apply").await;
        assert!(run["state"] == "held" && run["heldReason"]["fr"].as_str().unwrap().contains("archivées"), "{run:#}");
        let dropped = bench.act(&run, "cancel").await;
        assert_eq!(
            (dropped["state"].as_str(), bench.count("SELECT COUNT(*) FROM entreprises WHERE active = 1").await),
            (Some("failed"), 60)
        );
    })
    .await;
}

#[tokio::test]
async fn companies_without_a_place_go_to_the_default_or_are_left_out() {
    on_both(|world| async move {
        // The instance has only the attested fields: no address and no site.
        let bench = Bench::new(world, Options { companies: 12, ..Options::default() }, "jamais").await;
        let run = bench.run("apply").await;
        assert_eq!((counts(&run)[3], bench.companies().await), (12, 0), "{run:#}");
        bench
            .set_up(
                json!({"baseUrl": bench.simulator.base_url(), "contacts": "jamais", "defaultLocalisation": "AFPI-35"}),
            )
            .await;
        let run = bench.run("apply").await;
        assert_eq!(counts(&run)[0], 12, "{run:#}");
        assert_eq!(bench.company(1007).await["localisation"]["code"], "AFPI-35");
    })
    .await;
}

#[tokio::test]
async fn one_run_at_a_time_and_a_cancelled_one_stops() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(30), "jamais").await;
        bench.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", How::Slow(1500))]);
        let run = bench.admin.post(&format!("{API}/sync"), json!({"mode": "apply"})).await.expect(202)["run"].clone();
        assert_eq!(run["state"], "queued");
        bench.admin.post(&format!("{API}/sync"), json!({"mode": "preview"})).await.refused(409, "conflict");
        let (tracker, stop) = bench.worker().await;
        bench.until(&run, |run| run["state"] == "fetching").await;
        let answer = bench
            .admin
            .post(&format!("{API}/runs/{}/cancel", run["id"].as_str().unwrap()), Value::Null)
            .await
            .expect(202);
        assert_eq!(answer["run"]["state"], "failed");
        assert!(answer["run"]["error"]["fr"].as_str().unwrap().starts_with("Arrêté par"));
        bench.world.work().await;
        stop.cancel();
        tracker.close();
        tracker.wait().await;
        assert_eq!((bench.get(&run).await["state"].as_str(), bench.companies().await), (Some("failed"), 0));
        bench.simulator.reset();
        assert_eq!(bench.run("apply").await["state"], "done");
        bench
            .admin
            .post(&format!("{API}/sync"), json!({"mode": "apply", "entities": ["facture"]}))
            .await
            .refused(422, "wrong-type");
        bench.admin.post(&format!("{API}/sync"), json!({"mode": "now"})).await.refused(422, "wrong-type");
    })
    .await;
}

/// Starts another process on the same database, `test.db` in `dir`. The process kills itself when the query `until`
/// finds a row. It is this test binary, started with the ignored test below.
async fn killed_worker(dir: &std::path::Path, until: &str) {
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["trouble::worker_process", "--exact", "--ignored", "--nocapture"])
        .env("KILLED_IN", dir)
        .env("KILLED_WHERE", until);
    let output = command.kill_on_drop(true).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code().is_none() && said.contains(THERE),
        "the worker's process ended in another way: {} {said}",
        output.status
    );
}

/// The last words of the worker's process.
const THERE: &str = "there it dies";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the tests below kill"]
async fn worker_process() {
    let dir = std::path::PathBuf::from(std::env::var("KILLED_IN").unwrap());
    let until: &'static str = std::env::var("KILLED_WHERE").unwrap().leak();
    let db = Db::connect(&format!("sqlite://{}", dir.join("test.db").display()), 4).await.expect("database");
    let app = process(&dir, db).await;
    let (tracker, stop) = (tokio_util::task::TaskTracker::new(), tokio_util::sync::CancellationToken::new());
    afpi::workers::start(&app, &tracker, stop).await.expect("worker");
    app.jobs.drain().await.expect("relay");
    for _ in 0..10_000 {
        let reached =
            sql(until).optional::<(i64,)>(&mut app.db.read().await.expect("connection")).await.expect("query");
        if reached.is_some() {
            eprintln!("{THERE}");
            // SIGKILL runs no destructor, and leaves no core file as an abort would.
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).expect("kill");
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_worker_killed_while_applying_is_followed_by_one_that_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let db = afpi_db::testing::sqlite(&dir).await;
    let bench = Bench::new(World::new(dir.path(), db).await, rich(3000), "jamais").await;
    let run = bench.admin.post(&format!("{API}/sync"), json!({"mode": "apply"})).await.expect(202)["run"].clone();
    let half_way = "SELECT 1 FROM sync_runs WHERE state = 'applying' AND done BETWEEN 500 AND 2500";
    killed_worker(dir.path(), half_way).await;
    let left = bench.get(&run).await;
    assert_eq!(left["state"], "applying", "{left:#}");
    let part = bench.companies().await;
    assert!((486..3000).contains(&part), "{part}");

    let mut tx = bench.world.app.db.begin().await.unwrap();
    sql("UPDATE jobs SET due_at = 1 WHERE state = 'active'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.world.app.queue.recover_stalled().await.unwrap().len(), 1);
    bench.world.work().await;
    let done = bench.get(&run).await;
    assert_eq!(
        (done["state"].as_str(), counts(&done)[0], bench.companies().await),
        (Some("done"), 3000, 3000),
        "{done:#}"
    );
    assert_eq!(bench.count("SELECT COUNT(*) FROM sync_changes WHERE applied_at IS NULL").await, 0);

    // The same for a worker that dies while it undoes a run.
    bench.admin.post(&format!("{API}/runs/{}/undo", run["id"].as_str().unwrap()), Value::Null).await.expect(202);
    let half_way = "SELECT 1 FROM (SELECT COUNT(*) AS n FROM entreprises) x WHERE n BETWEEN 500 AND 2500";
    killed_worker(dir.path(), half_way).await;
    let mut tx = bench.world.app.db.begin().await.unwrap();
    sql("UPDATE jobs SET due_at = 1 WHERE state = 'active'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    bench.world.app.queue.recover_stalled().await.unwrap();
    bench.world.work().await;
    assert_eq!((bench.get(&run).await["state"].as_str(), bench.companies().await), (Some("undone"), 0));
}

#[tokio::test]
async fn a_worker_killed_while_fetching_leaves_a_failed_run_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let db = afpi_db::testing::sqlite(&dir).await;
    let bench = Bench::new(World::new(dir.path(), db).await, rich(2000), "jamais").await;
    let run = bench.admin.post(&format!("{API}/sync"), json!({"mode": "apply"})).await.expect(202)["run"].clone();
    let reading = "SELECT 1 FROM sync_runs WHERE state = 'fetching' AND done BETWEEN 200 AND 1900";
    killed_worker(dir.path(), reading).await;
    let mut tx = bench.world.app.db.begin().await.unwrap();
    sql("UPDATE jobs SET due_at = 1 WHERE state = 'active'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    bench.world.app.queue.recover_stalled().await.unwrap();
    bench.world.work().await;
    let failed = bench.get(&run).await;
    assert_eq!((failed["state"].as_str(), bench.companies().await), (Some("failed"), 0), "{failed:#}");
    assert!(failed["error"]["fr"].as_str().unwrap().contains("interrompu"));
    assert_eq!(bench.run("apply").await["state"], "done");
}

/// A run does not block later runs if its job was killed too often or was lost with its queue.
#[tokio::test]
async fn a_run_that_nobody_carries_on_is_given_up() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(30), "jamais").await;
        let app = &bench.world.app;
        for lost in [
            "UPDATE jobs SET state = 'dead' WHERE kind = 'sync' AND state <> 'completed'",
            "DELETE FROM jobs WHERE kind = 'sync'",
        ] {
            let run =
                bench.admin.post(&format!("{API}/sync"), json!({"mode": "apply"})).await.expect(202)["run"].clone();
            give_up(app, &afpi_changes::sources()).await.unwrap();
            app.jobs.drain().await.unwrap();
            give_up(app, &afpi_changes::sources()).await.unwrap();
            assert_eq!(bench.get(&run).await["state"], "queued", "its job waits, in the outbox and in the queue");
            let mut tx = app.db.begin().await.unwrap();
            sql(lost).execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            give_up(app, &afpi_changes::sources()).await.unwrap();
            let failed = bench.get(&run).await;
            assert_eq!(failed["state"], "failed", "{lost}");
            assert!(failed["error"]["en"].as_str().unwrap().contains("interrupted too often"));
        }
        assert_eq!(bench.run("apply").await["state"], "done");
    })
    .await;
}

#[tokio::test]
async fn a_postcode_that_does_not_fit_costs_no_company() {
    on_both(|world| async move {
        let faults = [Fault::Cedex, Fault::BadPostcode].into();
        let bench = Bench::new(world, Options { faults, ..rich(60) }, "jamais").await;
        let run = bench.run("apply").await;
        assert_eq!((run["state"].as_str(), bench.companies().await), (Some("done"), 60), "{run:#}");
        let all = bench.admin.get("/api/entreprises?limit=100").await.expect(200);
        let mut cedex = 0;
        let mut without = 0;
        for company in all["data"].as_array().unwrap() {
            let id = company["id"].as_str().unwrap();
            let address = bench.admin.get(&format!("/api/entreprises/{id}")).await.expect(200)["address"].clone();
            match address["postcode"].as_str() {
                None => without += 1,
                Some(code) => {
                    assert!(code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit()), "{address}");
                    let city = address["city"].as_str().unwrap_or_default();
                    cedex += usize::from(code == "59043" && city.ends_with(" CEDEX 9"));
                }
            }
        }
        assert_eq!((cedex, without), (3, 3), "one company in twenty has each fault");
        let log = bench.log(&run).await;
        let said = log.lines().filter(|line| line.contains("address.postcode laissé de côté")).count();
        assert_eq!(said, 3, "{log}");
    })
    .await;
}
