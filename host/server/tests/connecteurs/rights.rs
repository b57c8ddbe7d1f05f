//! Only administrators may use connectors. Nobody else sees that a run exists.

use afpi_core::rights::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::bench::{API, Bench, rich};
use crate::support::on_both;

#[tokio::test]
async fn every_endpoint_refuses_nobody_and_every_other_role() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(5), "jamais").await;
        let run = bench.run("preview").await;
        let id = run["id"].as_str().unwrap();
        let mut endpoints = vec![
            ("GET", "/api/connecteurs".to_owned(), None),
            ("GET", format!("{API}/config"), None),
            ("PUT", format!("{API}/config"), Some(json!({"config": {}}))),
            ("POST", format!("{API}/check"), Some(Value::Null)),
            ("POST", format!("{API}/sync"), Some(json!({"mode": "preview"}))),
            ("GET", format!("{API}/runs"), None),
            ("GET", format!("{API}/runs/{id}"), None),
            ("GET", format!("{API}/runs/{id}/changes"), None),
            ("GET", format!("{API}/runs/{id}/log"), None),
        ];
        endpoints.extend(
            ["apply", "undo", "cancel"].map(|verb| ("POST", format!("{API}/runs/{id}/{verb}"), Some(Value::Null))),
        );
        for (method, path, body) in endpoints {
            let headers = [("if-match", "\"1\"".to_owned())];
            bench.world.nobody().send(method, &path, body.clone(), &headers).await.refused(401, "unauthenticated");
            for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
                let reply = bench.world.as_role(role).await.send(method, &path, body.clone(), &headers).await;
                assert_eq!(
                    (reply.status, reply.body["code"].as_str()),
                    (403, Some("forbidden")),
                    "{} {method} {path}",
                    role.id()
                );
            }
        }
        assert_eq!(bench.get(&run).await, run);

        let (unknown, other) = (Uuid::now_v7(), "workflow-afpi");
        for path in [
            format!("{API}/runs/{unknown}"),
            format!("{API}/runs/none"),
            format!("/api/connecteurs/{other}/config"),
            format!("/api/connecteurs/nothing/runs/{id}"),
        ] {
            bench.admin.get(&path).await.refused(404, "not-found");
        }
        bench.admin.get(&format!("{API}/runs?state=done")).await.refused(400, "bad-parameter");
        bench.admin.get(&format!("{API}/runs/{id}/changes?cursor=nonsense")).await.refused(400, "bad-cursor");
    })
    .await;
}
