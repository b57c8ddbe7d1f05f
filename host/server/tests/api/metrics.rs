//! What monitoring reads.

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::ops::gauges;
use afpi_platform::state::App;
use serde_json::json;

use crate::support::{PASSWORD, World, on_both, process};

async fn active(app: &App) -> i64 {
    gauges::sample_people(app).await;
    app.metrics.active_users.with_label_values::<&str>(&[]).get()
}

#[tokio::test]
async fn somebody_whom_two_nodes_have_seen_is_active_once() {
    on_both(|w: World| async move {
        let other = w.beside(process(&w.app.config.data_dir, w.app.db.clone()).await);
        for (node, role) in [(&w, Role::Commercial), (&other, Role::Commercial), (&other, Role::Manager)] {
            let person = json!({"email": format!("{}@afpi.test", role.id()), "password": PASSWORD});
            node.nobody().post("/api/auth/login", person).await.expect(200);
        }
        assert_eq!((active(&w.app).await, active(&other.app).await), (2, 2));

        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE refresh_tokens SET created_at = created_at - 960000").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(active(&w.app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_version_and_the_limits_are_told() {
    on_both(|w: World| async move {
        let response = w.nobody().raw("GET", "/metrics", None, &[]).await;
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        for line in ["afpi_build_info{version=", "afpi_db_connections_limit ", "afpi_plugin_memory_limit_bytes "] {
            assert!(text.lines().any(|found| found.starts_with(line)), "{line}\n{text}");
        }
        assert!(!text.contains("state=\"max\""), "a limit is no state");
    })
    .await;
}
