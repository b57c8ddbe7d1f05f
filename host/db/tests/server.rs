//! What a database server may do: freeze, be slow, stop being the primary, or refuse an account. Several processes may
//! also migrate it at once. Without `AFPI_TEST_MARIADB_URL` only tests without a server run.

use std::time::{Duration, Instant};

use afpi_db::{Backend, Db, DbError, sql, testing};

/// The server's id of a connection.
async fn connection_id(db: &Db) -> i64 {
    sql("SELECT CAST(CONNECTION_ID() AS SIGNED)").scalar(&mut db.read().await.unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_processes_migrate_at_once() {
    let Some(server) = testing::mariadb_url() else { return };
    for _ in 0..3 {
        let fresh = testing::MariaDb::empty(&server).await;
        let starts = (0..4).map(|_| {
            let url = fresh.url.clone();
            tokio::spawn(async move {
                let db = Db::connect(&url, 2).await.unwrap();
                let done = db.migrate().await;
                db.close().await;
                done
            })
        });
        for started in starts.collect::<Vec<_>>() {
            started.await.unwrap().expect("every migration succeeds");
        }
        let applied: i64 = sql("SELECT COUNT(*) FROM _sqlx_migrations WHERE success = TRUE")
            .scalar(&mut fresh.db.read().await.unwrap())
            .await
            .unwrap();
        assert!(applied >= 14, "{applied}");
        fresh.drop().await;
    }
}

#[tokio::test]
async fn who_migrates_holds_a_lock_and_the_next_waits() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    let mut held = database.db.read().await.unwrap();
    let lock = "SELECT GET_LOCK(CONCAT('afpi migrations ', MD5(DATABASE())), 0)";
    assert_eq!(sql(lock).scalar::<Option<i64>>(&mut held).await.unwrap(), Some(1));
    let waiting = tokio::spawn({
        let db = database.db.clone();
        async move { db.migrate().await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "the migration must wait for the lock");
    sql("DO RELEASE_ALL_LOCKS()").execute(&mut held).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(sql(lock).scalar::<Option<i64>>(&mut held).await.unwrap(), Some(1), "the lock was released");
    drop(held);
    database.drop().await;
}

#[tokio::test]
async fn a_statement_has_a_deadline() {
    testing::on_both(|db| async move {
        let endless = match db.backend() {
            Backend::MariaDb => "SELECT SLEEP(60)",
            Backend::Sqlite => {
                "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT COUNT(*) FROM c"
            }
        };
        let started = Instant::now();
        let mut conn = db.read().await.unwrap();
        let ended = sql(endless).scalar::<i64>(&mut conn).await;
        assert!(matches!(ended, Err(DbError::TooLong(_))), "{ended:?}");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        assert_eq!(sql("SELECT 1").scalar::<i64>(&mut conn).await.unwrap(), 1, "the connection still works");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_takes_connections_and_says_nothing_is_away() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("mysql://root@{}/none", silent.local_addr().unwrap());
    let db = Db::connect(&url, 2).await.unwrap();
    let started = Instant::now();
    let (a, b, c) = tokio::join!(db.ping(), db.ping(), db.ping());
    for answer in [a, b, c] {
        assert!(matches!(answer, Err(DbError::Unavailable(_))), "{answer:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn connections_to_a_server_that_writes_no_more_are_closed() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    for refusal in [
        "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'running with the --read-only option'",
        "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1836, MESSAGE_TEXT = 'running in read-only mode'",
    ] {
        let (first, second) = (database.db.read().await.unwrap(), database.db.read().await.unwrap());
        drop((first, second));
        let before = database.db.stats();
        assert!(before.idle >= 2, "{before:?}");
        let known = connection_id(&database.db).await;
        // Another connection is in use during this time. It belongs to the same server.
        let mut at_work = database.db.read().await.unwrap();
        let theirs: i64 = sql("SELECT CAST(CONNECTION_ID() AS SIGNED)").scalar(&mut at_work).await.unwrap();
        let mut tx = database.db.begin().await.unwrap();
        let refused = sql(refusal).execute(&mut tx).await;
        assert!(matches!(refused, Err(DbError::NotWritable(_))), "{refused:?}");
        drop((tx, at_work));
        let next = connection_id(&database.db).await;
        assert!(next > known.max(theirs), "{next} was opened after {known} and {theirs}");
        assert_eq!(database.db.stats().open, 1);
    }
    database.drop().await;
}

#[tokio::test]
async fn a_wrong_account_is_told_from_a_server_that_is_away() {
    let Some(server) = testing::mariadb_url() else { return };
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path("mysql");
    url.set_username("nobody-of-this-name").unwrap();
    url.set_password(Some("wrong")).unwrap();
    let refused = Db::connect(url.as_str(), 1).await.unwrap().ping().await;
    assert!(matches!(refused, Err(DbError::Refused(_))), "{refused:?}");
    let missing = format!("{}/no_such_database", server.trim_end_matches('/'));
    let refused = Db::connect(&missing, 1).await.unwrap().ping().await;
    assert!(matches!(refused, Err(DbError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn a_statement_may_take_as_long_as_the_client_waits_and_no_longer() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    let limits = sql("SELECT CAST(@@max_statement_time AS SIGNED), CAST(@@innodb_lock_wait_timeout AS SIGNED)")
        .one::<(i64, i64)>(&mut database.db.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(limits, (5, 3));
    database.drop().await;
}
