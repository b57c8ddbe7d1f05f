//! A small installation goes through backups of every sort, on both engines, and comes back as it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use afpi_backup::{
    Archive, BackupError, Manifest, Source, Target, Vault, ZipArchive, backup, copy, find, installation, keep, restore,
    sweep, verify,
};
use afpi_db::{Content, Db, DbError, sql, testing};
use afpi_files::{Files, Folder};
use bytes::Bytes;
use futures::{TryStreamExt, stream};
use tempfile::TempDir;
use uuid::Uuid;

/// An installation: a database with a few rows of every type, and files.
struct Site {
    db: Db,
    files: Files,
    folder: TempDir,
    maria: Option<testing::MariaDb>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Engine {
    Sqlite,
    MariaDb,
}

impl Site {
    /// Without tables.
    async fn empty(engine: Engine) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(None, folder.path().join("files"), []).unwrap();
        let maria = match engine {
            Engine::Sqlite => None,
            Engine::MariaDb => Some(testing::MariaDb::empty(&testing::mariadb_url().unwrap()).await),
        };
        let db = match &maria {
            Some(maria) => maria.db.clone(),
            None => Db::connect(&format!("sqlite://{}", folder.path().join("a.db").display()), 4).await.unwrap(),
        };
        Site { db, files, folder, maria }
    }

    async fn filled(engine: Engine) -> Site {
        let site = Site::empty(engine).await;
        site.db.migrate().await.unwrap();
        let mut tx = site.db.begin().await.unwrap();
        sql("INSERT INTO installation (one, id) VALUES (1, ?)").bind(Uuid::now_v7()).execute(&mut tx).await.unwrap();
        for n in 0..2_500_i64 {
            sql("INSERT INTO entites_legales (id, name, siret, capital) VALUES (?, ?, ?, ?)")
                .bind(Uuid::now_v7())
                .bind(format!("Évry « {n} »\n\u{1f600}"))
                .bind((n % 2 == 0).then_some("12345678900011"))
                .bind((n % 3 == 0).then_some(i64::MIN + n))
                .execute(&mut tx)
                .await
                .unwrap();
        }
        // Texts that the two engines order differently, in a key of two columns.
        for (nth, word) in ["a", "a\t", "a b", "B", "é", "z", "\u{1f600}", "Z"].into_iter().enumerate() {
            for half in 0..300_i64 {
                sql("INSERT INTO compteurs (serie, scope, year, value) VALUES (?, ?, ?, ?)")
                    .bind(word)
                    .bind("s")
                    .bind(half)
                    .bind(nth as i64)
                    .execute(&mut tx)
                    .await
                    .unwrap();
            }
        }
        for kind in ["user", "salle"] {
            sql("INSERT INTO search_changes (kind, record_id, at) VALUES (?, ?, 1)")
                .bind(kind)
                .bind(Uuid::now_v7())
                .execute(&mut tx)
                .await
                .unwrap();
        }
        // The number that it had must not come again.
        sql("DELETE FROM search_changes WHERE kind = 'salle'").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        for content in [&b"%PDF-1.7 one"[..], b"%PDF-1.7 two"] {
            site.upload(content).await;
        }
        site
    }

    async fn upload(&self, content: &'static [u8]) {
        let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(content))]);
        let received = self.files.receive("a.pdf", body).await.unwrap();
        let key = self.files.keep(&received).await.unwrap();
        let mut tx = self.db.begin().await.unwrap();
        sql("INSERT INTO files (sha256, object_key, size, media_type, seen_at) VALUES (?, ?, ?, 'application/pdf', 0)")
            .bind(received.sha256)
            .bind(key.as_str())
            .bind(content.len() as i64)
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    fn source(&self) -> Source<'_> {
        Source { db: &self.db, files: &self.files, secret: "abc" }
    }

    fn target(&self) -> Target<'_> {
        Target { db: &self.db, files: &self.files, replace: false }
    }

    /// It has what the backup has: its own backup has the same content of every table.
    async fn has(&self, expected: &Manifest) {
        let place = tempfile::tempdir().unwrap();
        let vault = vault(place.path(), None, &self.db).await.unwrap();
        let mine = backup(&vault, self.source()).await.unwrap();
        verify(&vault, &mine).await.unwrap();
        for (mine, expected) in mine.tables.iter().zip(&expected.tables) {
            assert_eq!((&mine.name, mine.rows, &mine.content), (&expected.name, expected.rows, &expected.content));
        }
        assert_eq!(mine.tables.len(), expected.tables.len());
        assert_eq!((mine.files.count, &mine.files.sha256), (expected.files.count, &expected.files.sha256));
    }

    async fn end(self) {
        self.db.close().await;
        if let Some(maria) = self.maria {
            maria.drop().await;
        }
    }
}

fn engines() -> Vec<Engine> {
    let mut engines = vec![Engine::Sqlite];
    engines.extend(testing::mariadb_url().map(|_| Engine::MariaDb));
    engines
}

async fn vault(folder: &Path, passphrase: Option<&str>, db: &Db) -> afpi_backup::Result<Vault> {
    let place = Arc::new(Folder::open(folder.to_owned()).unwrap());
    Vault::for_backup(place, passphrase, &installation(db).await?).await
}

async fn open(folder: &Path, passphrase: Option<&str>) -> afpi_backup::Result<Vault> {
    Vault::open(Arc::new(Folder::open(folder.to_owned()).unwrap()), passphrase).await
}

fn objects(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(objects(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_backup_of_either_engine_comes_back_on_either() {
    for from in engines() {
        let (site, place) = (Site::filled(from).await, tempfile::tempdir().unwrap());
        let passphrase = (from == Engine::Sqlite).then_some("trois chats verts sur un toit");
        let made = {
            let vault = vault(place.path(), passphrase, &site.db).await.unwrap();
            backup(&vault, site.source()).await.unwrap()
        };
        site.end().await;
        assert_eq!(made.files.count, 2);
        let rows = |name: &str| made.tables.iter().find(|table| table.name == name).unwrap().rows;
        assert_eq!((rows("entites_legales"), rows("compteurs"), rows("search_changes")), (2_500, 2_400, 1));
        let vault = open(place.path(), passphrase).await.unwrap();
        let found = find(&vault, None).await.unwrap();
        for to in engines() {
            let other = Site::empty(to).await;
            restore(&vault, &found, other.target()).await.unwrap();
            other.has(&made).await;
            let mut tx = other.db.begin().await.unwrap();
            sql("INSERT INTO search_changes (kind, record_id, at) VALUES ('user', ?, 1)")
                .bind(Uuid::now_v7())
                .execute(&mut tx)
                .await
                .unwrap();
            let last = sql("SELECT MAX(seq) FROM search_changes").scalar::<i64>(&mut tx).await.unwrap();
            assert!(last > 2, "{from:?} to {to:?}: number {last} came twice");
            drop(tx);
            // References are followed again.
            let mut tx = other.db.begin().await.unwrap();
            let dangling = sql("INSERT INTO user_localisations (user_id, localisation_id) VALUES (?, ?)")
                .bind(Uuid::now_v7())
                .bind(Uuid::now_v7());
            assert!(matches!(dangling.execute(&mut tx).await, Err(DbError::ForeignKey(_))));
            drop(tx);
            let refused = restore(&vault, &found, other.target()).await;
            assert!(matches!(refused, Err(BackupError::NotEmpty)), "{refused:?}");
            if from == Engine::Sqlite {
                restore(&vault, &found, Target { replace: true, ..other.target() }).await.unwrap();
                other.has(&made).await;
            }
            other.end().await;
        }
    }
}

#[tokio::test]
async fn a_copy_has_the_same_rows() {
    let site = Site::filled(Engine::Sqlite).await;
    for to in engines() {
        let other = Site::empty(to).await;
        let copied = copy(&site.db, &other.db, false).await.unwrap();
        assert_eq!(copied.iter().map(|table| table.rows).max(), Some(2_500));
        let again = copy(&site.db, &other.db, false).await;
        assert!(matches!(again, Err(BackupError::NotEmpty)), "{again:?}");
        assert_eq!(copy(&other.db, &site.db, true).await.unwrap(), copied, "to {to:?}, and back");
        other.end().await;
    }
}

/// What is committed while a backup is made is not in it: its tables are of one moment.
#[tokio::test]
async fn a_snapshot_sees_nothing_newer() {
    for engine in engines() {
        let site = Site::filled(engine).await;
        let mut snapshot = site.db.snapshot().await.unwrap();
        let mut tx = site.db.begin().await.unwrap();
        sql("DELETE FROM compteurs").execute(&mut tx).await.unwrap();
        sql("UPDATE entites_legales SET name = 'x'").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let count = async |query: &'static str, conn: &mut afpi_db::Conn| sql(query).scalar::<i64>(conn).await.unwrap();
        assert_eq!(count("SELECT COUNT(*) FROM compteurs", &mut snapshot).await, 2_400);
        assert_eq!(count("SELECT COUNT(*) FROM entites_legales WHERE name = 'x'", &mut snapshot).await, 0);
        drop(snapshot);
        assert_eq!(count("SELECT COUNT(*) FROM compteurs", &mut site.db.read().await.unwrap()).await, 0);
        site.end().await;
    }
}

#[tokio::test]
async fn a_changed_byte_is_found_and_its_object_is_named() {
    for passphrase in [None, Some("trois chats verts sur un toit")] {
        let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
        let vault = vault(place.path(), passphrase, &site.db).await.unwrap();
        let made = backup(&vault, site.source()).await.unwrap();
        for object in objects(place.path()) {
            let whole = std::fs::read(&object).unwrap();
            let name = object.strip_prefix(place.path()).unwrap().to_str().unwrap();
            // Of the many tables three are enough: with many rows, with some, and without any.
            let (table, some) = (name.contains(".table."), ["entites_legales", "files", "users"]);
            if name == "vault.json" || table && !some.iter().any(|some| name.ends_with(&format!(".table.{some}"))) {
                continue;
            }
            let read = async || match find(&vault, None).await {
                Ok(found) => verify(&vault, &found).await,
                Err(error) => Err(error),
            };
            let mut bent = whole.clone();
            let middle = bent.len() / 2;
            bent[middle] ^= 0x10;
            std::fs::write(&object, &bent).unwrap();
            match read().await {
                Err(BackupError::Damaged { object, .. }) if object == name => {}
                other => panic!("{name}: {other:?}"),
            }
            std::fs::write(&object, &whole[..whole.len() - 1]).unwrap();
            match read().await {
                Err(BackupError::Damaged { object, .. }) if object == name => {}
                other => panic!("{name} cut off: {other:?}"),
            }
            if !name.ends_with(".manifest") {
                std::fs::remove_file(&object).unwrap();
                let refused = restore(&vault, &made, Site::empty(Engine::Sqlite).await.target()).await;
                assert!(matches!(&refused, Err(BackupError::Missing(missing)) if missing == name), "{refused:?}");
            }
            std::fs::write(&object, &whole).unwrap();
        }
        verify(&vault, &made).await.unwrap();
        site.end().await;
    }
}

#[tokio::test]
async fn only_its_passphrase_opens_a_vault() {
    let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
    let vault = vault(place.path(), Some("the right one"), &site.db).await.unwrap();
    backup(&vault, site.source()).await.unwrap();
    assert!(matches!(open(place.path(), Some("another one")).await.err(), Some(BackupError::Passphrase)));
    assert!(matches!(open(place.path(), None).await.err(), Some(BackupError::Encrypted)));
    // Neither contents nor their hashes can be read.
    let hash: String = sql("SELECT MIN(sha256) FROM files").scalar(&mut site.db.read().await.unwrap()).await.unwrap();
    for object in objects(place.path()) {
        assert!(!object.to_str().unwrap().contains(&hash), "{object:?}");
        let stored = std::fs::read(object).unwrap();
        assert!(!stored.windows(8).any(|bytes| bytes == b"%PDF-1.7"));
    }
    let plain = tempfile::tempdir().unwrap();
    self::vault(plain.path(), None, &site.db).await.unwrap();
    assert!(matches!(open(plain.path(), Some("one")).await.err(), Some(BackupError::NotEncrypted)));
    let other = Site::filled(Engine::Sqlite).await;
    let foreign = self::vault(plain.path(), None, &other.db).await.err();
    assert!(matches!(foreign, Some(BackupError::Foreign(_))), "{foreign:?}");
    assert!(matches!(open(&plain.path().join("x"), None).await.err(), Some(BackupError::NoBackup)));
}

#[tokio::test]
async fn files_are_written_once_and_go_with_the_last_backup_that_has_them() {
    let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
    let vault = vault(place.path(), Some("a passphrase"), &site.db).await.unwrap();
    let first = backup(&vault, site.source()).await.unwrap();
    let contents = || objects(&place.path().join("files"));
    let before: Vec<_> = contents().into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    assert_eq!(before.len(), 2);

    // One file goes from the installation and another one comes.
    let mut tx = site.db.begin().await.unwrap();
    sql("DELETE FROM files WHERE sha256 = (SELECT sha256 FROM (SELECT MIN(sha256) AS sha256 FROM files) f)")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    site.upload(b"%PDF-1.7 three").await;
    // A backup that is killed leaves something.
    std::fs::create_dir_all(place.path().join("incoming")).unwrap();
    std::fs::write(place.path().join("incoming/half"), "x").unwrap();
    std::fs::write(place.path().join("backups/2026-01-01T00-00-00-000Z.table.users"), "x").unwrap();
    tokio::time::sleep(Duration::from_millis(2)).await;
    let second = backup(&vault, site.source()).await.unwrap();
    for (content, path) in &before {
        assert_eq!(&std::fs::read(path).unwrap(), content, "sealed again, it would have other bytes");
    }
    assert_eq!(contents().len(), 3);
    assert_eq!(keep(&vault, 2).await.unwrap(), 0);
    sweep(&vault).await.unwrap();
    assert!(objects(&place.path().join("incoming")).is_empty());
    for made in [&first, &second] {
        verify(&vault, made).await.unwrap();
    }
    assert_eq!(find(&vault, None).await.unwrap().id, second.id);

    assert_eq!(keep(&vault, 1).await.unwrap(), 1);
    assert_eq!(contents().len(), 2);
    verify(&vault, &second).await.unwrap();
    assert!(matches!(find(&vault, Some(&first.id)).await, Err(BackupError::Unknown(_))));
    assert!(objects(&place.path().join("backups")).iter().all(|path| path.to_str().unwrap().contains(&second.id)));
}

#[tokio::test]
async fn a_file_that_the_installation_has_lost_is_named_and_the_rest_is_whole() {
    let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
    let [one, two] = objects(&site.folder.path().join("files/sha256")).try_into().unwrap();
    std::fs::remove_file(one).unwrap();
    std::fs::write(two, "something else").unwrap();
    let vault = vault(place.path(), None, &site.db).await.unwrap();
    let made = backup(&vault, site.source()).await.unwrap();
    let mut why: Vec<_> = made.files.lost.iter().map(|lost| lost.why.as_str()).collect();
    why.sort_unstable();
    assert_eq!(why, ["its object is missing", "its object is not as it was uploaded"]);
    verify(&vault, &made).await.unwrap();
    let other = Site::empty(Engine::Sqlite).await;
    restore(&vault, &made, other.target()).await.unwrap();
}

#[tokio::test]
async fn a_zip_is_a_backup_in_one_file() {
    let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
    let path = place.path().join("afpi.zip");
    let archive = Arc::new(Archive::create(&path).unwrap());
    let vault = Vault::for_backup(archive.clone(), Some("one"), &installation(&site.db).await.unwrap()).await.unwrap();
    let made = backup(&vault, site.source()).await.unwrap();
    assert!(!path.exists(), "it is not complete");
    archive.finish().unwrap();
    drop((vault, archive));
    assert_eq!(objects(place.path()), std::slice::from_ref(&path), "nothing else stays");

    let open = || async { Vault::open(Arc::new(ZipArchive::open(&path).unwrap()), Some("one")).await.unwrap() };
    let other = Site::empty(Engine::Sqlite).await;
    let vault = open().await;
    restore(&vault, &find(&vault, None).await.unwrap(), other.target()).await.unwrap();
    other.has(&made).await;

    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let vault = open().await;
    let damaged = verify(&vault, &find(&vault, None).await.unwrap()).await;
    assert!(matches!(damaged, Err(BackupError::Damaged { .. })), "{damaged:?}");
}

/// However a restore ends before its end: no program takes the database, and the next restore does all of it.
#[tokio::test]
async fn a_restore_that_was_interrupted_begins_again() {
    for engine in engines() {
        let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
        let vault = vault(place.path(), None, &site.db).await.unwrap();
        let made = backup(&vault, site.source()).await.unwrap();
        let other = Site::empty(engine).await;
        for steps in [1, 100] {
            let stopped = {
                let mut restoring = Box::pin(restore(&vault, &made, other.target()));
                // Each poll is a step; then the future is dropped, as by a kill.
                let mut left = steps;
                futures::future::poll_fn(|context| {
                    left -= 1;
                    match restoring.as_mut().poll(context) {
                        std::task::Poll::Ready(done) => std::task::Poll::Ready(Some(done)),
                        std::task::Poll::Pending if left == 0 => std::task::Poll::Ready(None),
                        std::task::Poll::Pending => std::task::Poll::Pending,
                    }
                })
                .await
            };
            match stopped {
                Some(done) => {
                    done.unwrap();
                    break;
                }
                None => match other.db.content().await.unwrap() {
                    Content::Unfinished => {
                        let refused = other.db.migrate().await.unwrap_err();
                        assert!(matches!(refused, DbError::Schema(_)), "{refused}");
                    }
                    found => assert_eq!(found, Content::Nothing, "after {steps} steps"),
                },
            }
        }
        restore(&vault, &made, Target { replace: true, ..other.target() }).await.unwrap();
        other.db.migrate().await.unwrap();
        other.has(&made).await;
        let kept: Vec<_> = other.files.kept(Duration::ZERO).try_concat().await.unwrap();
        assert_eq!(kept.len(), 2);
        other.end().await;
    }
}

#[tokio::test]
async fn a_backup_of_a_newer_program_is_refused() {
    let (site, place) = (Site::filled(Engine::Sqlite).await, tempfile::tempdir().unwrap());
    let vault = vault(place.path(), None, &site.db).await.unwrap();
    let mut made = backup(&vault, site.source()).await.unwrap();
    made.schema = 9_000;
    let other = Site::empty(Engine::Sqlite).await;
    let refused = restore(&vault, &made, other.target()).await;
    assert!(matches!(refused, Err(BackupError::Newer { schema: 9_000, .. })), "{refused:?}");
    assert_eq!(other.db.content().await.unwrap(), Content::Nothing);
    let empty = Site::empty(Engine::Sqlite).await;
    assert!(matches!(installation(&empty.db).await, Err(BackupError::NoTables)));
}
