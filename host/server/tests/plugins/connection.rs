//! The host holds no connection while a plugin works. This database has only one connection: a hook that reads records
//! before it allows a change would otherwise wait for ever.

use afpi_core::rights::Role;
use serde_json::json;

use crate::hooks::{lines, move_on, seated};
use crate::support::{HOME, on_one_connection, opportunite};

#[tokio::test]
async fn a_plugin_that_reads_records_needs_no_second_connection() {
    on_one_connection(|world| async move {
        seated(&world, "garde", json!({"reads": true})).await;
        let asked = async || lines(&world, "garde").await.iter().filter(|line| *line == "read before").count();
        // The hook is asked about the new company and the new opportunité.
        let record = opportunite(&world, "Soudage").await;
        assert_eq!(asked().await, 2);
        let commercial = world.as_role(Role::Commercial).await;
        let path = format!("/api/opportunites/{}", record["id"].as_str().unwrap());
        // The hook is asked about a field, a section, the person in charge and the status.
        let patched = commercial.patch(&path, &record["version"], json!({"title": "Soudage TIG"})).await.expect(200);
        let version = &patched["opportunite"]["version"];
        let manager = world.as_role(Role::Manager).await;
        let other = world.another(Role::Commercial, "autre", &[HOME]).await;
        manager.patch(&path, version, json!({"commercialId": other})).await.expect(200);
        let other = world.as_user(other).await;
        move_on(&other, &record).await.expect(200);
        assert!(asked().await >= 4);
        // The hook is asked about a changed company. The pages with figures need plugins too.
        let company = format!("/api/entreprises/{}", record["entreprise"]["id"].as_str().unwrap());
        let now = commercial.get(&company).await.expect(200);
        commercial.patch(&company, &now["version"], json!({"email": "bonjour@exemple.fr"})).await.expect(200);
        assert!(asked().await >= 5);
        for page in ["/api/dashboard", "/api/workflow", "/api/journal", "/api/objectifs"] {
            manager.get(page).await.expect(200);
        }
        world.work().await;
    })
    .await;
}
