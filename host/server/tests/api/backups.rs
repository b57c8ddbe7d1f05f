//! Backups of a whole installation: made on either engine, brought back on either, by the commands and by the worker.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use afpi_backup::Manifest;
use afpi_core::rights::Role;
use afpi_db::{Content, Db, sql, testing};
use afpi_files::Files;
use afpi_platform::backups::{Claim, newest};
use serde_json::json;
use tempfile::TempDir;

use crate::attachments::{attach, download, of, path};
use crate::support::{self, World, on_both, on_both_filled, on_both_with};

const PDF: &[u8] = b"%PDF-1.7\nConvention";
const PASSPHRASE: &str = "trois chats verts";

/// A database without tables, and a data folder.
struct Empty {
    db: Db,
    url: String,
    data: TempDir,
    maria: Option<testing::MariaDb>,
}

impl Empty {
    async fn on_each() -> Vec<Empty> {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", data.path().join("afpi.db").display());
        let mut all = vec![Empty { db: Db::connect(&url, 8).await.unwrap(), url, data, maria: None }];
        if let Some(server) = testing::mariadb_url() {
            let maria = testing::MariaDb::empty(&server).await;
            let (db, url) = (maria.db.clone(), maria.url.clone());
            all.push(Empty { db, url, data: tempfile::tempdir().unwrap(), maria: Some(maria) });
        }
        all
    }

    fn files(&self) -> Files {
        Files::open(None, self.data.path().join("files"), []).unwrap()
    }

    /// Runs the program on this database.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut afpi = Command::new(env!("CARGO_BIN_EXE_afpi"));
        afpi.args(arguments).env("DATABASE_URL", &self.url).env("AFPI_DATA_DIR", self.data.path());
        afpi.env("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu").env("AFPI_PUBLIC_URL", "https://crm.test");
        afpi.stdout(Stdio::piped()).stderr(Stdio::piped());
        afpi
    }

    async fn end(self) {
        self.db.close().await;
        if let Some(maria) = self.maria {
            maria.drop().await;
        }
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What each table has, but for the row that says who makes a backup.
fn contents(backup: &Manifest) -> Vec<(&str, u64, &str)> {
    let tables = backup.tables.iter().filter(|table| table.name != "backups");
    tables.map(|table| (table.name.as_str(), table.rows, table.content.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_comes_back_on_either_engine_and_works() {
    on_both_filled(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let list = admin.get("/api/opportunites?limit=1").await.expect(200);
        let record = of(&list["data"][0], "opportunites");
        let attachment = path(&record, &attach(&admin, &record, "Convention.pdf", PDF).await);
        let place = tempfile::tempdir().unwrap();
        let to = place.path().to_str().unwrap();
        let app = &world.app;
        let made = afpi::backups::backup(&app.config, &app.db, &app.files, Some(to)).await.unwrap();
        assert!(made.files.count >= 1 && made.files.lost.is_empty(), "{:?}", made.files);
        assert!(made.tables.iter().map(|table| table.rows).sum::<u64>() > 1_000);
        assert!(newest(&app.db).await.unwrap().is_some());

        for empty in Empty::on_each().await {
            let (db, files) = (empty.db.clone(), empty.files());
            let found = afpi::backups::find(&app.config, to, None).await.unwrap();
            // It verifies the journal and the files.
            afpi::backups::restore(&app.config, &db, &files, &found, false).await.unwrap();
            let other = tempfile::tempdir().unwrap();
            let again = afpi::backups::backup(&app.config, &db, &files, other.path().to_str()).await.unwrap();
            assert_eq!(contents(&again), contents(&made));
            assert_eq!(again.files.sha256, made.files.sha256);
            let twice = afpi::backups::restore(&app.config, &db, &files, &found, false).await.unwrap_err();
            assert!(twice.to_string().contains("--replace"), "{twice}");

            let restored = support::demo(empty.data.path(), db.clone()).await;
            let account = json!({"email": "admin@demo.afpi", "password": support::PASSWORD});
            let signed = support::stranger(&restored).post("/api/auth/login", account).await.expect(200);
            let person = support::stranger(&restored).with_token(signed["token"].as_str().unwrap());
            let all = person.get("/api/opportunites?limit=100").await.expect(200);
            assert_eq!(all["data"].as_array().unwrap().len(), 60);
            let (status, _, content) = download(&person, &format!("{attachment}/content")).await;
            assert_eq!((status, content.as_slice()), (200, PDF));
            // Work goes on, and so do the chains of the journal.
            attach(&person, &record, "Suite.pdf", b"%PDF-1.7\nSuite").await;
            let (lines, broken) = afpi_platform::journal::verify(&db).await.unwrap();
            assert!(lines > 700 && broken.is_empty(), "{broken:?}");
            restored.stopping.cancel();
            drop(restored);
            empty.end().await;
        }
    })
    .await;
}

/// Kills the program while it restores, at many moments. Until the end nothing else takes the database.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_is_done_again() {
    on_both(|world| async move {
        let place = tempfile::tempdir().unwrap();
        let to = place.path().to_str().unwrap();
        let app = &world.app;
        let made = afpi::backups::backup(&app.config, &app.db, &app.files, Some(to)).await.unwrap();
        for empty in Empty::on_each().await {
            let mut unfinished = 0;
            for wait in [200, 800, 2_500] {
                let mut afpi = empty.command(&["restore", to]).spawn().unwrap();
                tokio::time::sleep(Duration::from_millis(wait)).await;
                afpi.kill().unwrap();
                afpi.wait().unwrap();
                match empty.db.content().await.unwrap() {
                    Content::Unfinished => {
                        unfinished += 1;
                        let check = empty.command(&["migrate", "--check"]).output().unwrap();
                        assert_eq!(check.status.code(), Some(2), "{}", said(&check));
                        assert!(said(&check).contains("run `afpi restore` again"), "{}", said(&check));
                    }
                    Content::Nothing => {}
                    // It was faster.
                    Content::Tables => break,
                }
            }
            println!("killed {unfinished} times in the middle");
            let mut last = empty.command(&["restore", to]);
            if empty.db.content().await.unwrap() == Content::Tables {
                last.arg("--replace");
            }
            let last = last.output().unwrap();
            assert!(last.status.success() && said(&last).contains("restored"), "{}", said(&last));
            let other = tempfile::tempdir().unwrap();
            let again = afpi::backups::backup(&app.config, &empty.db, &empty.files(), other.path().to_str()).await;
            assert_eq!(contents(&again.unwrap()), contents(&made));
            empty.end().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_say_what_is_wrong() {
    for empty in Empty::on_each().await {
        let place = tempfile::tempdir().unwrap();
        let to = place.path().to_str().unwrap();
        let run = |arguments: &[&str], passphrase: &str| {
            let mut afpi = empty.command(arguments);
            let output = afpi.env("AFPI_BACKUP_PASSPHRASE", passphrase).output().unwrap();
            (output.status.code(), said(&output))
        };
        let refused = |words: &str, arguments: &[&str], passphrase: &str| {
            let (code, text) = run(arguments, passphrase);
            assert!(code == Some(1) && text.contains(words), "{arguments:?}: {code:?} {text}");
        };
        let (code, text) = run(&["migrate", "--check"], "");
        assert!(code == Some(1) && text.contains("missing: 1, 2"), "{text}");
        refused("no tables", &["backup", to], "");
        refused("there is no backup", &["restore", to], "");
        refused("is no folder", &["restore", "/nowhere"], "");
        refused("where to?", &["backup"], "");
        refused("too short", &["backup", to], "short");

        empty.db.migrate().await.unwrap();
        let (code, text) = run(&["migrate", "--check"], "");
        assert!(code == Some(0) && text.contains("nothing is missing"), "{text}");
        let mut tx = empty.db.begin().await.unwrap();
        let id = uuid::Uuid::now_v7();
        sql("INSERT INTO installation (one, id) VALUES (1, ?)").bind(id).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let (code, text) = run(&["backup", to], PASSPHRASE);
        assert!(code == Some(0) && text.contains("whole"), "{text}");
        let (code, text) = run(&["restore", "--check", to], PASSPHRASE);
        assert!(code == Some(0) && text.contains("whole"), "{text}");
        refused("the passphrase is wrong", &["restore", "--check", to], "une autre phrase");
        refused("need their passphrase", &["restore", "--check", to], "");
        refused("--replace", &["restore", to], PASSPHRASE);
        let claim = Claim::take(&empty.db).await.unwrap().unwrap();
        refused("another process makes a backup", &["backup", to], PASSPHRASE);
        claim.end(None).await.unwrap();

        let objects = std::fs::read_dir(place.path().join("backups")).unwrap();
        let mut objects = objects.map(|object| object.unwrap().path());
        let table = objects.find(|path| path.to_str().unwrap().ends_with(".table.role_actions")).unwrap();
        let mut bytes = std::fs::read(&table).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&table, bytes).unwrap();
        refused(".table.role_actions is damaged", &["restore", "--check", to], PASSPHRASE);
        refused(".table.role_actions is damaged", &["restore", "--replace", to], PASSPHRASE);

        // A single file.
        let zip = place.path().join("one.zip");
        let (code, text) = run(&["backup", zip.to_str().unwrap()], PASSPHRASE);
        assert!(code == Some(0) && text.contains("whole"), "{text}");
        let (code, text) = run(&["restore", "--replace", zip.to_str().unwrap()], PASSPHRASE);
        assert!(code == Some(0) && text.contains("restored"), "{text}");

        // Tables of a newer program: this one uses them, unless they say that it cannot.
        let newer = async |min: i64| {
            let mut tx = empty.db.begin().await.unwrap();
            let insert = sql("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                              SELECT 9000, description, success, checksum, 0 FROM _sqlx_migrations WHERE version = 1 \
                              AND NOT EXISTS (SELECT 1 FROM (SELECT version FROM _sqlx_migrations) m WHERE m.version = 9000)");
            insert.execute(&mut tx).await.unwrap();
            sql("UPDATE compatibility SET min_version = ?").bind(min).execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        };
        newer(50).await;
        let (code, text) = run(&["migrate", "--check"], "");
        assert!(code == Some(0) && text.contains("this program can use it"), "{text}");
        let (code, text) = run(&["migrate"], "");
        assert_eq!(code, Some(0), "{text}");
        newer(9000).await;
        let (code, text) = run(&["migrate", "--check"], "");
        assert!(code == Some(2) && text.contains("too old"), "{text}");
        for started in [&["serve"][..], &["worker"], &["migrate"], &["admin", "list-users"]] {
            refused("too old for the database", started, "");
        }
        empty.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copy_command_moves_an_installation_to_the_other_engine() {
    on_both(|world| async move {
        let app = &world.app;
        let place = tempfile::tempdir().unwrap();
        let made = afpi::backups::backup(&app.config, &app.db, &app.files, place.path().to_str()).await.unwrap();
        let first = Empty::on_each().await;
        for from in &first {
            afpi::backups::restore(
                &app.config,
                &from.db,
                &from.files(),
                &afpi::backups::find(&app.config, place.path().to_str().unwrap(), None).await.unwrap(),
                false,
            )
            .await
            .unwrap();
            for to in Empty::on_each().await {
                let copied = from.command(&["copy", "--from", &from.url, "--to", &to.url]).output().unwrap();
                assert!(
                    copied.status.success() && said(&copied).contains("the same on both sides"),
                    "{}",
                    said(&copied)
                );
                let (other, files) = (tempfile::tempdir().unwrap(), from.files());
                let again = afpi::backups::backup(&app.config, &to.db, &files, other.path().to_str()).await.unwrap();
                assert_eq!(contents(&again), contents(&made));
                let twice = from.command(&["copy", "--from", &from.url, "--to", &to.url]).output().unwrap();
                assert!(!twice.status.success() && said(&twice).contains("--replace"), "{}", said(&twice));
                to.end().await;
            }
        }
        for from in first {
            from.end().await;
        }
    })
    .await;
}

/// A worker makes the backup that is due, once, and every node says how old it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_daily_backup_is_made_once_and_its_age_is_known() {
    let place = async |config: &mut afpi_platform::config::Config| {
        let place = tempfile::tempdir().unwrap();
        config.backup.dir = place.path().to_str().map(str::to_owned);
        config.backup.keep = 1;
        place
    };
    on_both_with(place, |world: World, place: TempDir| async move {
        let age = async || {
            afpi_platform::ops::gauges::sample_backup(&world.app).await;
            let (_, _, text) = download(&world.nobody(), "/metrics").await;
            let text = String::from_utf8(text).unwrap();
            let line = text.lines().find(|line| line.starts_with("afpi_backup_age_seconds")).map(str::to_owned);
            line.map(|line| line.split(' ').nth(1).unwrap().parse::<f64>().unwrap())
        };
        assert_eq!(age().await, None, "there is none yet");
        let manifests = |place: &Path| match std::fs::read_dir(place.join("backups")) {
            Ok(objects) => objects
                .filter(|object| object.as_ref().unwrap().path().to_str().unwrap().ends_with(".manifest"))
                .count(),
            Err(_) => 0,
        };
        let workers: Vec<_> =
            (0..2).map(|_| tokio::spawn(afpi::backups::run(world.app.clone(), world.app.stopping.clone()))).collect();
        while newest(&world.app.db).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(age().await.is_some_and(|seconds| seconds < 3_600.0));
        assert_eq!(manifests(place.path()), 1, "two workers made one backup");
        world.app.stopping.cancel();
        for worker in workers {
            worker.await.unwrap();
        }
        // The next one takes its place.
        afpi::backups::backup(&world.app.config, &world.app.db, &world.app.files, None).await.unwrap();
        assert_eq!(manifests(place.path()), 1);
    })
    .await;
}
