//! The same SQL on two engines: types keep their values, the migration folders agree, and the functions of the dialect
//! work.

use afpi_db::{Db, DbError, Value, dialect, sql, testing};
use uuid::Uuid;

#[tokio::test]
async fn both_migration_folders_end_in_one_schema() {
    let Some(server) = testing::mariadb_url() else {
        eprintln!("AFPI_TEST_MARIADB_URL is not set: only SQLite is checked");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let lite = testing::sqlite(&dir).await;
    let maria = testing::MariaDb::create(&server).await;
    let (mut a, mut b) = (lite.read().await.unwrap(), maria.db.read().await.unwrap());
    let (columns, others) = (dialect::schema(&mut a).await.unwrap(), dialect::schema(&mut b).await.unwrap());
    assert!(columns.len() > 100);
    assert_eq!(apart(columns, others), (vec![], vec![]));
    let (indexes, others) = (dialect::indexes(&mut a).await.unwrap(), dialect::indexes(&mut b).await.unwrap());
    assert_eq!(apart(indexes, others), (vec![], vec![]));
    drop((a, b));
    maria.drop().await;
}

/// What only the one has, and what only the other has.
fn apart(one: Vec<String>, other: Vec<String>) -> (Vec<String>, Vec<String>) {
    let alone =
        |these: &[String], those: &[String]| these.iter().filter(|name| !those.contains(name)).cloned().collect();
    (alone(&one, &other), alone(&other, &one))
}

async fn site(db: &Db, code: &str) -> Result<Uuid, DbError> {
    let (entity, id) = (Uuid::now_v7(), Uuid::now_v7());
    let mut tx = db.begin().await?;
    sql("INSERT INTO entites_legales (id, name) VALUES (?, ?)").bind(entity).bind("Été").execute(&mut tx).await?;
    sql("INSERT INTO localisations (id, code, name, city, region, entite_legale_id) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(code)
        .bind("AFPI Évry")
        .bind("Évry")
        .bind("Île-de-France")
        .bind(entity)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    testing::on_both(|db| async move {
        let id = site(&db, "AFPI-91").await.unwrap();
        let mut conn = db.read().await.unwrap();
        let (back, name, postcode) = sql("SELECT id, name, postcode FROM localisations WHERE code = ?")
            .bind("AFPI-91")
            .one::<(Uuid, String, Option<String>)>(&mut conn)
            .await
            .unwrap();
        assert_eq!((back, name.as_str(), postcode), (id, "AFPI Évry", None));
        // Both engines compare exactly: case and accents matter.
        let other = sql("SELECT id FROM localisations WHERE code = ?")
            .bind("afpi-91")
            .optional::<(Uuid,)>(&mut conn)
            .await
            .unwrap();
        assert_eq!(other, None);
        let missing = sql("SELECT id FROM localisations WHERE code = ?").bind("x").one::<(Uuid,)>(&mut conn).await;
        assert!(matches!(missing, Err(DbError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_taken_key_names_its_column_and_a_dangling_reference_is_told_apart() {
    testing::on_both(|db| async move {
        site(&db, "AFPI-02").await.unwrap();
        let error = site(&db, "AFPI-02").await.unwrap_err();
        assert!(error.unique_on("code"), "{error}");
        let mut tx = db.begin().await.unwrap();
        let error = sql("INSERT INTO user_localisations (user_id, localisation_id) VALUES (?, ?)")
            .bind(Uuid::now_v7())
            .bind(Uuid::now_v7())
            .execute(&mut tx)
            .await
            .unwrap_err();
        assert!(matches!(error, DbError::ForeignKey(_)), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_behind() {
    testing::on_both(|db| async move {
        let mut tx = db.begin().await.unwrap();
        sql("INSERT INTO entites_legales (id, name) VALUES (?, ?)")
            .bind(Uuid::now_v7())
            .bind("x")
            .execute(&mut tx)
            .await
            .unwrap();
        drop(tx);
        let mut conn = db.read().await.unwrap();
        assert_eq!(sql("SELECT COUNT(*) FROM entites_legales").scalar::<i64>(&mut conn).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_goes_away_in_the_middle_leaves_no_trace_and_no_gap() {
    testing::on_both(|db| async move {
        // The loop has more rounds than there are connections. So each connection is abandoned after a first step and
        // used again.
        for _ in 0..20 {
            let halfway = async {
                let mut tx = db.begin().await.unwrap();
                let insert =
                    || sql("INSERT INTO entites_legales (id, name) VALUES (?, ?)").bind(Uuid::now_v7()).bind("x");
                insert().execute(&mut tx).await.unwrap();
                tokio::select! {
                    biased;
                    _ = insert().execute(&mut tx) => {}
                    () = std::future::ready(()) => {}
                }
            };
            halfway.await;
            let mut conn = db.read().await.unwrap();
            tokio::select! {
                biased;
                _ = sql("SELECT COUNT(*) FROM entites_legales").scalar::<i64>(&mut conn) => {}
                () = std::future::ready(()) => {}
            }
            drop(conn);
            let mut tx = db.begin().await.unwrap();
            assert_eq!(sql("SELECT COUNT(*) FROM entites_legales").scalar::<i64>(&mut tx).await.unwrap(), 0);
            tx.commit().await.unwrap();
        }
        let stats = db.stats();
        assert!(stats.open <= stats.max, "{stats:?}");
        // The test uses all connections at once, with more callers than connections.
        let asked = (0..stats.max * 4).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                sql("SELECT ?").bind(i64::from(n)).scalar::<i64>(&mut db.read().await.unwrap()).await.unwrap()
            })
        });
        for (n, asked) in asked.collect::<Vec<_>>().into_iter().enumerate() {
            assert_eq!(asked.await.unwrap(), n as i64);
        }
    })
    .await;
}

#[tokio::test]
async fn upsert_list_rows_and_sum_speak_both_dialects() {
    testing::on_both(|db| async move {
        let mut tx = db.begin().await.unwrap();
        for value in [1i64, 5] {
            let mut q = sql("INSERT INTO compteurs (serie, scope, year, value) VALUES ");
            q.rows([
                ["a".into(), "x".into(), Value::Int(2026), value.into()],
                ["b".into(), "x".into(), 2026i64.into(), 2i64.into()],
            ]);
            dialect::upsert(&mut q, db.backend(), &["serie", "scope", "year"], &["value"]);
            q.execute(&mut tx).await.unwrap();
        }
        for value in [1i64, 2, 3] {
            let key = [("serie", "c".into()), ("scope", "y".into()), ("year", Value::Int(2026))];
            assert_eq!(
                dialect::count_up(db.backend(), "compteurs", key, "value", 1).scalar::<i64>(&mut tx).await.unwrap(),
                value
            );
        }
        let mut q = sql("SELECT ");
        q.append(dialect::sum("value")).push(" FROM compteurs WHERE serie IN ").list(["a", "b"]);
        assert_eq!(q.scalar::<i64>(&mut tx).await.unwrap(), 7);
        let mut none = sql("SELECT ");
        none.append(dialect::sum("value")).push(" FROM compteurs WHERE serie IN ").list(Vec::<&str>::new());
        assert_eq!(none.scalar::<i64>(&mut tx).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn two_writers_that_read_first_both_succeed() {
    testing::on_both(|db| async move {
        let mut tx = db.begin().await.unwrap();
        sql("INSERT INTO compteurs (serie, scope, year, value) VALUES ('n', '', 0, 0)").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    for _ in 0..10 {
                        afpi_db::retry(|| async {
                            let mut tx = db.begin().await?;
                            let mut q = sql("SELECT value FROM compteurs WHERE serie = 'n'");
                            q.push(dialect::for_update(db.backend()));
                            let value: i64 = q.scalar(&mut tx).await?;
                            sql("UPDATE compteurs SET value = ? WHERE serie = 'n'")
                                .bind(value + 1)
                                .execute(&mut tx)
                                .await?;
                            tx.commit().await
                        })
                        .await
                        .unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let mut conn = db.read().await.unwrap();
        assert_eq!(sql("SELECT value FROM compteurs").scalar::<i64>(&mut conn).await.unwrap(), 80);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_not_a_defect() {
    let db = Db::connect("mysql://nobody@127.0.0.1:1/none", 1).await.unwrap();
    assert!(matches!(db.ping().await, Err(DbError::Unavailable(_))));
}

async fn big(db: &Db, bytes: usize) {
    let mut tx = db.begin().await.unwrap();
    sql("INSERT INTO entites_legales (id, name) VALUES (?, ?)")
        .bind(Uuid::now_v7())
        .bind("x".repeat(bytes))
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_log_of_an_embedded_database_is_folded_back() {
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let log = || std::fs::metadata(dir.path().join("test.db-wal")).unwrap().len();
    let mut longest = 0;
    // The test writes 80 MB in total, without a pause for a checkpoint.
    for _ in 0..80 {
        big(&db, 1 << 20).await;
        longest = longest.max(log());
    }
    assert!(longest > 15 << 20, "{longest}: the log grows before the first checkpoint");
    assert!(longest < 20 << 20, "{longest}");
    let whole: i64 =
        sql("SELECT SUM(LENGTH(name)) FROM entites_legales").scalar(&mut db.read().await.unwrap()).await.unwrap();
    assert_eq!(whole, 80 << 20);
    db.close().await;
    assert!(!dir.path().join("test.db-wal").exists(), "the last connection writes the whole log back");
}

#[tokio::test]
async fn the_write_lock_of_another_process_is_waited_for_without_keeping_the_thread() {
    let dir = tempfile::tempdir().unwrap();
    let ours = testing::sqlite(&dir).await;
    let theirs = testing::sqlite(&dir).await;
    let held = theirs.begin().await.unwrap();
    // The test has one thread. If waiting blocked the thread, the other transaction could never commit.
    tokio::join!(big(&ours, 1), async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        held.commit().await.unwrap();
    });
    assert_eq!(
        sql("SELECT COUNT(*) FROM entites_legales").scalar::<i64>(&mut theirs.read().await.unwrap()).await.unwrap(),
        1
    );
}

#[tokio::test]
async fn a_migration_that_was_changed_or_is_unknown_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for (damage, words) in [
        ("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1", "modified"),
        ("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1", "missing"),
    ] {
        let db = testing::sqlite(&dir).await;
        db.migrate().await.expect("a second time does nothing");
        let mut tx = db.begin().await.unwrap();
        sql(damage).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let refused = db.migrate().await.unwrap_err();
        assert!(matches!(refused, DbError::Migration(_) | DbError::Schema(_)), "{refused:?}");
        assert!(refused.to_string().contains(words), "{refused}");
        db.close().await;
        std::fs::remove_file(dir.path().join("test.db")).unwrap();
    }
}
