//! Settings, secrets, schedule and the check.

use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use ypareo_simulator::Options;

use crate::bench::{API, Bench, rich};
use crate::support::on_both;

#[tokio::test]
async fn settings_are_checked_twice_and_a_secret_is_never_shown() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let path = format!("{API}/config");
        let fresh = admin.get(&path).await.expect(200);
        assert_eq!(
            (&fresh["config"], &fresh["secrets"][0]["name"], &fresh["secrets"][0]["set"]),
            (&json!({}), &json!("token"), &json!(false))
        );
        assert_eq!(fresh["configSchema"]["type"], "object");
        assert_eq!(admin.get("/api/connecteurs").await.expect(200)["data"][0]["enabled"], false);

        let version = &fresh["version"];
        let good = json!({"config": {"baseUrl": "https://demo.exemple.invalid/index.php"}});
        admin.put(&path, good.clone()).await.refused(428, "version-required");
        for (config, field, code) in [
            (json!({}), "/config/baseUrl", "required"),
            (json!({"baseUrl": 7}), "/config/baseUrl", "wrong-type"),
            (json!({"baseUrl": "https://x.invalid/", "token": "s"}), "/config/token", "unknown-field"),
            (json!({"baseUrl": "ftp://x.invalid/"}), "/config/baseUrl", "uri"),
            (json!({"baseUrl": "pas une adresse"}), "/config/baseUrl", "uri"),
            (json!({"baseUrl": "https://"}), "/config/baseUrl", "uri"),
        ] {
            let refused = admin.put_at(&path, version, json!({"config": config})).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], field, "{config}");
            assert_eq!(refused["fields"][0]["code"], code, "{refused}");
        }
        for (secrets, field) in [
            (json!({"password": "x"}), "/secrets/password"),
            (json!({"token": ""}), "/secrets/token"),
            (json!({"token": "a\nb"}), "/secrets/token"),
        ] {
            let body = json!({"config": good["config"], "secrets": secrets});
            assert_eq!(
                admin.put_at(&path, version, body).await.refused(422, "validation")["fields"][0]["field"],
                field
            );
        }
        admin.put_at(&path, version, json!({"config": {}, "more": 1})).await.refused(422, "unknown-field");

        const VALUE: &str = "un-jeton-tout-a-fait-secret";
        let body = json!({"config": good["config"], "secrets": {"token": VALUE}});
        let reply = admin.put_at(&path, version, body).await;
        let etag = reply.headers["etag"].to_str().unwrap().to_owned();
        let saved = reply.expect(200);
        assert_eq!((saved["secrets"][0]["set"].clone(), etag), (json!(true), format!("\"{}\"", saved["version"])));
        assert_eq!(admin.get("/api/connecteurs").await.expect(200)["data"][0]["enabled"], true);
        let stored: Vec<u8> =
            sql("SELECT sealed FROM plugin_secrets").scalar(&mut world.app.db.read().await.unwrap()).await.unwrap();
        assert!(!stored.windows(8).any(|w| w == &VALUE.as_bytes()[..8]));
        for shown in [admin.get(&path).await.expect(200), admin.get("/api/plugins/ypareo").await.expect(200)] {
            assert!(!shown.to_string().contains(VALUE));
        }

        // A change with an old version is refused. A secret that the request leaves out stays; `null` removes it.
        let stale = admin.put_at(&path, version, good.clone()).await.refused(412, "stale");
        assert_eq!(stale["current"]["version"], saved["version"]);
        let other = json!({"config": {"baseUrl": "https://autre.exemple.invalid/index.php"}});
        assert_eq!(
            admin.put_at(&path, version, other).await.refused(412, "stale")["changed"],
            json!(["/config/baseUrl"])
        );
        let kept = admin.put_at(&path, &saved["version"], good.clone()).await.expect(200);
        assert_eq!(kept["secrets"][0]["set"], true);
        // If the address changes, the administrator must enter the secret again. A new path at the same address keeps
        // the secret.
        let elsewhere = json!({"baseUrl": "https://autre.exemple.invalid/index.php"});
        let refused =
            admin.put_at(&path, &kept["version"], json!({"config": elsewhere})).await.refused(422, "validation");
        assert_eq!(
            (&refused["fields"][0]["field"], &refused["fields"][0]["code"]),
            (&json!("/secrets/token"), &json!("enter-again"))
        );
        let kept = admin
            .put_at(&path, &kept["version"], json!({"config": elsewhere, "secrets": {"token": VALUE}}))
            .await
            .expect(200);
        let same = json!({"baseUrl": "https://autre.exemple.invalid/ypareo/index.php"});
        let kept = admin.put_at(&path, &kept["version"], json!({"config": same})).await.expect(200);
        let removed = admin
            .put_at(&path, &kept["version"], json!({"config": same, "secrets": {"token": null}}))
            .await
            .expect(200);
        assert_eq!(removed["secrets"][0]["set"], false);
        assert_eq!(
            sql("SELECT COUNT(*) FROM plugin_secrets")
                .scalar::<i64>(&mut world.app.db.read().await.unwrap())
                .await
                .unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_schedule_ticks_while_it_is_switched_on() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(5), "jamais").await;
        let path = format!("{API}/config");
        let put = async |schedule: Value| {
            let now = bench.admin.get(&path).await.expect(200);
            bench.admin.put_at(&path, &now["version"], json!({"config": now["config"], "schedule": schedule})).await
        };
        let ticking = || bench.count("SELECT COUNT(*) FROM schedules WHERE id = 'sync:ypareo'");
        let refused = put(json!({"cron": "tous les jours", "enabled": true})).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/schedule/cron");
        assert_eq!(
            put(json!({"cron": "0 3 * * *", "enabled": true})).await.expect(200)["schedule"]["cron"],
            "0 3 * * *"
        );
        assert_eq!(ticking().await, 1);

        // Two nodes tick when the schedule is due, and one run starts. A tick during a run starts none.
        let mut tx = bench.world.app.db.begin().await.unwrap();
        sql("UPDATE schedules SET next_at = 1").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let scheduler = || afpi_jobs::Scheduler::new(bench.world.app.db.clone(), bench.world.app.jobs.clone());
        let now = Instant::now().millis();
        let (one, other) = (scheduler(), scheduler());
        let (a, b) = tokio::join!(one.tick(now), other.tick(now));
        assert_eq!(a.unwrap().len() + b.unwrap().len(), 1);
        bench.world.work().await;
        let runs = bench.admin.get(&format!("{API}/runs")).await.expect(200);
        assert_eq!(
            (&runs["meta"]["total"], &runs["data"][0]["trigger"], &runs["data"][0]["state"]),
            (&json!(1), &json!("schedule"), &json!("done"))
        );
        assert!(runs["data"][0].get("by").is_none());

        put(json!({"cron": "0 3 * * *", "enabled": false})).await.expect(200);
        assert_eq!(ticking().await, 0);
        assert_eq!(bench.admin.get("/api/connecteurs").await.expect(200)["data"][0]["schedule"]["enabled"], false);
        assert!(put(Value::Null).await.expect(200).get("schedule").is_none());
    })
    .await;
}

#[tokio::test]
async fn the_check_tries_each_address_and_changes_nothing() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        admin.post(&format!("{API}/check"), Value::Null).await.refused(409, "conflict");
        let bench = Bench::new(world, Options { denied: ["entreprises".to_owned()].into(), ..rich(5) }, "jamais").await;
        let checks = bench.admin.post(&format!("{API}/check"), Value::Null).await.expect(200);
        let of = |name: &str| {
            checks["checks"]
                .as_array()
                .unwrap()
                .iter()
                .find(|c| c["name"].as_str().unwrap().contains(name))
                .cloned()
                .unwrap()
        };
        assert_eq!((&of("/sites")["ok"], &of("GET /entreprises")["ok"]), (&json!(true), &json!(false)));
        assert!(of("GET /entreprises")["message"]["en"].as_str().unwrap().contains("not ticked"));
        assert_eq!(bench.companies().await, 0);
    })
    .await;
}
