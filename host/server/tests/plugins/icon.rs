//! The icon of a version: people who may see plugins can read it, and opening it anywhere is harmless.

use afpi_core::rights::Role;
use afpi_plugins::manifest;
use axum::http::header;

use crate::files::{numbered, variant};
use crate::support::on_both;

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="#1c6e5c"/></svg>"##;

#[tokio::test]
async fn an_icon_is_served_as_a_picture_that_can_do_nothing() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let mut file = variant("notifications-afpi", |m| m.id = "peint".into());
        manifest::embed_icon(&mut file, ICON.as_bytes()).unwrap();
        admin.upload("/api/plugins", file).await.expect(201);

        let path = "/api/plugins/peint/versions/1.0.0/icon";
        let shown = world.as_role(Role::Manager).await.raw("GET", path, None, &[]).await;
        assert_eq!(shown.status(), 200);
        let header = |name| shown.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header(header::CONTENT_TYPE), "image/svg+xml");
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let policy = header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("default-src 'none'") && policy.ends_with("; sandbox"), "{policy}");
        assert_eq!(axum::body::to_bytes(shown.into_body(), 1 << 20).await.unwrap(), ICON);

        admin.get("/api/plugins/peint/versions/9.9.9/icon").await.refused(404, "not-found");
        admin.get("/api/plugins/nothing/versions/1.0.0/icon").await.refused(404, "not-found");
        let plain = numbered("notifications-afpi", "1.0.7");
        admin.upload("/api/plugins", plain).await.expect(201);
        admin.get("/api/plugins/notifications-afpi/versions/1.0.7/icon").await.expect(204);
    })
    .await;
}
