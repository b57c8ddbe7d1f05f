//! Targets, the dashboard, the inbox and the business gauges. The test writes the facts as a workflow would.

use std::time::Duration;

use crate::support;
use crate::support::{AWAY, HOME, World, on_both};
use afpi_core::clock::{Day, Instant};
use afpi_core::rights::Role;
use afpi_crm::figures::business::refresh_business_metrics;
use afpi_db::sql;
use afpi_platform::ops::metrics::Unit;
use serde_json::{Value, json};
use uuid::Uuid;

/// An opportunité of this person at this site, as the workflow stores one.
struct Deal<'a> {
    commercial: Uuid,
    site: &'a str,
    status: &'a str,
    outcome: &'a str,
    amount: i64,
    created: &'a str,
    late: bool,
}

async fn deal(w: &World, d: Deal<'_>) -> Uuid {
    let (id, now) = (Uuid::now_v7(), Instant::now());
    let created = d.created.parse::<Day>().unwrap().start();
    let mut tx = w.app.db.begin().await.unwrap();
    let company = Uuid::now_v7();
    let section = if d.status == "facture" { "facturation" } else { "devis" };
    sql("INSERT INTO entreprises (id, name, search, country, tags, active, localisation_id, origin, created_at, updated_at, version) VALUES (?, 'E', 'e', 'France', '[]', ?, ?, 'crm', 0, 0, 1)")
        .bind(company).bind(true).bind(w.site(d.site)).execute(&mut tx).await.unwrap();
    sql("INSERT INTO opportunites (id, numero, title, search, kind, entreprise_id, commercial_id, localisation_id, section, status, outcome, amount, budget, \
         section_since, due_at, data, state, workflow_plugin, workflow_version, created_at, updated_at, version) \
         VALUES (?, ?, 'T', 't', 'intra-entreprise', ?, ?, ?, ?, ?, ?, ?, 100, ?, ?, '{}', '{}', 'workflow-afpi', '1.0.0', ?, ?, 1)")
        .bind(id).bind(format!("T-{}", &id.simple().to_string()[16..])).bind(company).bind(d.commercial).bind(w.site(d.site)).bind(section)
        .bind(d.status).bind(d.outcome).bind(d.amount).bind(created).bind(d.late.then_some(now - Duration::from_secs(60))).bind(created).bind(created)
        .execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn fact(w: &World, opportunite: Uuid, commercial: Uuid, site: &str, kind: &str, day: &str, amount: i64) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("INSERT INTO faits (id, opportunite_id, kind, day, amount, label, commercial_id, localisation_id, at) VALUES (?, ?, ?, ?, ?, '', ?, ?, 0)")
        .bind(Uuid::now_v7()).bind(opportunite).bind(kind).bind(day).bind(amount).bind(commercial).bind(w.site(site))
        .execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// One year of two sellers. At home: 3 000 € signed in May, 1 000 € in March, one lost. Away: 5 000 € signed in May.
async fn year(w: &World) -> (Uuid, Uuid) {
    let (home, away) = (w.person(Role::Commercial), w.another(Role::Commercial, "loin", &[AWAY]).await);
    let deals = [
        (home, HOME, "facture", "won", 300_000, "2024-04-10", "devis-accepte", "2024-05-02"),
        (home, HOME, "facture", "won", 100_000, "2024-02-01", "devis-accepte", "2024-03-01"),
        (home, HOME, "annule", "lost", 50_000, "2024-05-03", "annule", "2024-05-20"),
        (away, AWAY, "facture", "won", 500_000, "2024-05-04", "devis-accepte", "2024-05-30"),
    ];
    for (commercial, site, status, outcome, amount, created, kind, day) in deals {
        let id = deal(w, Deal { commercial, site, status, outcome, amount, created, late: false }).await;
        fact(w, id, commercial, site, kind, day, amount).await;
    }
    (home, away)
}

fn figure(scores: &Value, metric: &str) -> Value {
    let by = |s: &&Value| s["metric"] == metric || s["id"] == metric;
    scores.as_array().unwrap().iter().find(by).unwrap_or_else(|| panic!("no {metric} in {scores:#}"))["figure"].clone()
}

#[tokio::test]
async fn the_dashboard_counts_what_lies_in_scope() {
    on_both(|w| async move {
        let (_, away) = year(&w).await;
        let money = |cents: i64| json!({"kind": "money", "value": cents});
        let admin = w.as_role(Role::Admin).await;
        let all = admin.get("/api/dashboard?period=2024-Q2").await.expect(200);
        assert_eq!(
            (&all["period"]["first"], &all["period"]["last"], &all["period"]["label"]),
            (&json!("2024-04-01"), &json!("2024-06-30"), &json!("2e trimestre 2024"))
        );
        assert_eq!(
            (&all["scope"]["kind"], all["scope"]["localisations"].as_array().unwrap().len()),
            (&json!("all"), 14)
        );
        assert_eq!(figure(&all["metrics"], "ca_signe"), money(800_000));
        assert_eq!(figure(&all["metrics"], "nb_opportunites"), json!({"kind": "count", "value": 3}));
        assert_eq!(
            figure(&all["metrics"], "taux_transformation"),
            json!({"kind": "ratio", "numerator": 2, "denominator": 3})
        );
        let signed = all["metrics"].as_array().unwrap().iter().find(|m| m["id"] == "ca_signe").unwrap().clone();
        assert_eq!((&signed["previous"], &signed["unit"]), (&money(100_000), &json!("money")));
        // For every metric, a higher value is better.
        assert!(all["metrics"].as_array().unwrap().iter().all(|m| m["better"] == "higher"), "{all:#}");
        // The figures of two years ago do not include records that are open today.
        assert!(all["metrics"].as_array().unwrap().iter().all(|m| m["id"] != "pipeline"), "{all:#}");
        let site = |code: &str| {
            all["bySite"].as_array().unwrap().iter().find(|s| s["localisation"]["code"] == code).unwrap()["scores"]
                .clone()
        };
        assert_eq!(
            (figure(&site(HOME), "ca_signe"), figure(&site(AWAY), "ca_signe"), figure(&site("AFPI-75"), "ca_signe")),
            (money(300_000), money(500_000), money(0))
        );
        let users: Vec<_> =
            all["byUser"].as_array().unwrap().iter().map(|u| u["user"]["name"].as_str().unwrap()).collect();
        assert_eq!(users, ["Test loin", "Test commercial"], "the person with the highest figure comes first");
        let months: Vec<_> = all["series"].as_array().unwrap().iter().map(|m| m["month"].as_str().unwrap()).collect();
        assert_eq!((months.len(), months[0], months[11]), (12, "2023-07", "2024-06"));
        assert_eq!(figure(&all["series"][10]["scores"], "ca_signe"), money(800_000));
        assert_eq!(figure(&all["series"][8]["scores"], "ca_signe"), money(100_000));

        // The same days a year before, for the whole, for each site and for each person.
        let later = admin.get("/api/dashboard?period=2025-Q2").await.expect(200);
        assert_eq!(
            later["period"]["yearBefore"],
            json!({"first": "2024-04-01", "last": "2024-06-30", "label": "2e trimestre 2024"})
        );
        let signed = later["metrics"].as_array().unwrap().iter().find(|m| m["id"] == "ca_signe").unwrap();
        assert_eq!((&signed["figure"], &signed["yearBefore"]), (&money(0), &money(800_000)));
        let sites = later["bySite"].as_array().unwrap();
        let home = sites.iter().find(|s| s["localisation"]["code"] == HOME).unwrap();
        assert_eq!(
            (figure(&home["scores"], "ca_signe"), figure(&home["yearBefore"], "ca_signe")),
            (money(0), money(300_000))
        );
        let both = admin.get("/api/dashboard?period=2024").await.expect(200);
        assert!(both["byUser"].as_array().unwrap().iter().all(|u| u["yearBefore"] == json!([])), "{both:#}");

        // A school year has the days from September to August, a semester half a year.
        for (period, cents) in [("2023-2024", 900_000), ("2024-2025", 0), ("2024-S1", 900_000), ("2024-S2", 0)] {
            let shown = admin.get(&format!("/api/dashboard?period={period}")).await.expect(200);
            assert_eq!(figure(&shown["metrics"], "ca_signe"), money(cents), "{period}");
        }

        let manager = w.as_role(Role::Manager).await;
        let his = manager.get("/api/dashboard?period=2024-Q2").await.expect(200);
        assert_eq!(
            (&his["scope"]["kind"], figure(&his["metrics"], "ca_signe"), his["bySite"].as_array().unwrap().len()),
            (&json!("sites"), money(300_000), 1)
        );
        manager.get(&format!("/api/dashboard?localisationId={}", w.site(AWAY))).await.refused(404, "not-found");
        let stranger = manager.get(&format!("/api/dashboard?period=2024-Q2&commercialId={away}")).await.expect(200);
        assert_eq!(figure(&stranger["metrics"], "ca_signe"), money(0));
        let own = w.as_role(Role::Commercial).await.get("/api/dashboard?period=2024").await.expect(200);
        assert_eq!((&own["scope"]["kind"], figure(&own["metrics"], "ca_signe")), (&json!("own"), money(400_000)));
        let reader = w.as_role(Role::Assistante).await.get("/api/dashboard?period=2024-Q2").await.expect(200);
        assert_eq!((&reader["byUser"], &reader["objectifs"]), (&json!([]), &json!([])));

        for wrong in ["2024-Q5", "24", "2024-13", "2024-S3", "2024-2026", "hier"] {
            admin.get(&format!("/api/dashboard?period={wrong}")).await.refused(400, "bad-parameter");
        }
        w.nobody().get("/api/dashboard").await.refused(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn what_is_open_counts_today() {
    on_both(|w| async move {
        let today = Day::today().to_string();
        for (status, outcome, late) in
            [("devis_envoye", "open", true), ("en_cours_devis", "open", false), ("facture", "won", false)]
        {
            deal(
                &w,
                Deal {
                    commercial: w.person(Role::Commercial),
                    site: HOME,
                    status,
                    outcome,
                    amount: 200_000,
                    created: &today,
                    late,
                },
            )
            .await;
        }
        let shown = w.as_role(Role::Manager).await.get("/api/dashboard").await.expect(200);
        assert_eq!(figure(&shown["metrics"], "pipeline"), json!({"kind": "money", "value": 400_000}));
        let weighted = figure(&shown["metrics"], "pipeline_pondere")["value"].as_i64().unwrap();
        assert!(weighted > 0 && weighted < 400_000, "{weighted}: the probability of the status weights each amount");
        let step = |section: &str| {
            shown["funnel"].as_array().unwrap().iter().find(|s| s["section"] == section).unwrap().clone()
        };
        assert_eq!(step("devis"), json!({"section": "devis", "count": 2, "amount": 400_000, "late": 1}));
        assert_eq!(step("facturation")["count"], 1, "the signed opportunité is now in this section");
        assert_eq!(shown["funnel"].as_array().unwrap().len(), 6);

        refresh_business_metrics(&w.app).await.unwrap();
        let value = |unit, metric| w.app.metrics.business(unit).with_label_values(&[metric, HOME]).get();
        assert_eq!((value(Unit::Euros, "pipeline"), value(Unit::Items, "nb_opportunites")), (4000.0, 3.0));
    })
    .await;
}

#[tokio::test]
async fn a_target_is_set_held_against_facts_changed_and_given_up() {
    on_both(|w| async move {
        let (seller, away) = year(&w).await;
        let manager = w.as_role(Role::Manager).await;
        let body = json!({"metric": "ca_signe", "period": "2024-Q2", "target": 400_000, "userId": seller});
        let made = manager.post("/api/objectifs", body.clone()).await.expect(201);
        assert_eq!(
            (&made["period"]["kind"], &made["actual"], &made["attainment"]["percent"]),
            (&json!("quarter"), &json!({"kind": "money", "value": 300_000}), &json!(7500))
        );
        assert_eq!((&made["attainment"]["level"], &made["user"]["name"]), (&json!("good"), &json!("Test commercial")));
        manager.post("/api/objectifs", body).await.refused(409, "duplicate");
        let site = manager
            .post(
                "/api/objectifs",
                json!({"metric": "ca_signe", "period": "2024", "target": 100_000, "localisationId": w.site(HOME)}),
            )
            .await
            .expect(201);
        assert_eq!((&site["actual"]["value"], &site["attainment"]["level"]), (&json!(400_000), &json!("reached")));

        let list = |client: support::Client, query: &'static str| async move {
            client.get(&format!("/api/objectifs{query}")).await.expect(200)["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|o| o["target"].as_i64().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(list(manager.clone(), "").await, [400_000, 100_000], "the latest period comes first");
        assert_eq!(list(manager.clone(), "?period=2024-Q2").await, [400_000]);
        assert_eq!(list(manager.clone(), "?metric=panier_moyen").await, Vec::<i64>::new());
        assert_eq!(
            list(w.as_role(Role::Commercial).await, "").await,
            [400_000],
            "a commercial reads only his own targets"
        );
        assert_eq!(list(w.as_user(away).await, "").await, Vec::<i64>::new());
        let shown = manager.get("/api/dashboard?period=2024-Q2").await.expect(200);
        assert_eq!(shown["objectifs"].as_array().unwrap().len(), 1);

        let path = format!("/api/objectifs/{}", made["id"].as_str().unwrap());
        let changed = manager.patch(&path, &json!(1), json!({"target": 300_000})).await.expect(200);
        assert_eq!((&changed["attainment"]["percent"], &changed["version"]), (&json!(10_000), &json!(2)));
        let lost = manager.patch(&path, &json!(1), json!({"target": 1})).await.refused(412, "stale");
        assert_eq!((&lost["changed"], &lost["current"]["target"]), (&json!(["target"]), &json!(300_000)));
        let elsewhere = w.as_user(w.another(Role::Manager, "chef", &[AWAY]).await).await;
        elsewhere.patch(&path, &json!(2), json!({"target": 1})).await.refused(404, "not-found");
        elsewhere.delete(&path).await.refused(404, "not-found");
        manager.delete(&path).await.expect(204);
        manager.delete(&path).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn wrong_targets_are_refused_field_by_field() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let seller = w.person(Role::Commercial);
        let stranger = w.another(Role::Commercial, "loin", &[AWAY]).await;
        let cases = [
            (json!({"metric": "bonheur", "period": "2026", "target": 1, "userId": seller}), "/metric"),
            (json!({"metric": "delai_section", "period": "2026", "target": 1, "userId": seller}), "/metric"),
            (json!({"metric": "ca_signe", "period": "2026-Q9", "target": 1, "userId": seller}), "/period"),
            (json!({"metric": "ca_signe", "period": "2001-Q1", "target": 1, "userId": seller}), "/period"),
            (json!({"metric": "ca_signe", "period": "2100", "target": 1, "userId": seller}), "/period"),
            (json!({"metric": "ca_signe", "period": "2026", "target": 0, "userId": seller}), "/target"),
            (json!({"metric": "ca_signe", "period": "2026", "target": 1}), "/userId"),
            (json!({"metric": "ca_signe", "period": "2026", "target": 1, "userId": seller, "localisationId": w.site(HOME)}), "/localisationId"),
            (json!({"metric": "ca_signe", "period": "2026", "target": 1, "userId": stranger}), "/userId"),
            (json!({"metric": "ca_signe", "period": "2026", "target": 1, "localisationId": w.person(Role::Manager)}), "/localisationId"),
        ];
        for (body, at) in cases {
            let problem = manager.post("/api/objectifs", body).await.refused(422, "validation");
            assert_eq!(problem["fields"][0]["field"], at, "{problem:#}");
        }
        assert_eq!(manager.get("/api/objectifs").await.expect(200)["meta"]["total"], 0);
        manager.post("/api/objectifs", json!({"metric": "ca_signe", "period": "2026", "target": 1, "localisationId": w.site(AWAY)})).await.refused(403, "forbidden");
        let body = json!({"metric": "ca_signe", "period": "2026", "target": 1, "userId": seller});
        w.as_role(Role::Commercial).await.post("/api/objectifs", body.clone()).await.refused(403, "forbidden");
        for role in [Role::Planificateur, Role::Assistante, Role::Facturation] {
            let client = w.as_role(role).await;
            client.get("/api/objectifs").await.refused(403, "forbidden");
            client.post("/api/objectifs", body.clone()).await.refused(403, "forbidden");
        }
        let metrics = manager.get("/api/objectifs/metrics").await.expect(200);
        let signed = metrics["data"].as_array().unwrap().iter().find(|m| m["id"] == "ca_signe").unwrap().clone();
        assert_eq!((&signed["unit"], &signed["targetable"], signed["label"]["en"].is_string()), (&json!("money"), &json!(true), true));
    })
    .await;
}

#[tokio::test]
async fn the_inbox_holds_what_waits_for_me_overdue_first() {
    on_both(|w| async move {
        let (mine, other) = (w.person(Role::Commercial), w.another(Role::Commercial, "voisin", &[HOME]).await);
        let open = |commercial, site, status, created, late| Deal {
            commercial,
            site,
            status,
            outcome: "open",
            amount: 1,
            created,
            late,
        };
        let fresh = deal(&w, open(mine, HOME, "en_cours_collecte", "2026-01-05", false)).await;
        let late = deal(&w, open(mine, HOME, "en_cours_collecte", "2026-02-05", true)).await;
        let neighbour = deal(&w, open(other, HOME, "en_attente_validation_resp", "2026-03-05", false)).await;
        deal(&w, open(other, AWAY, "en_attente_validation_resp", "2026-03-05", true)).await;
        let ids = |list: &Value| {
            list.as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().parse().unwrap()).collect::<Vec<Uuid>>()
        };

        let seller = w.as_role(Role::Commercial).await.get("/api/dashboard/inbox").await.expect(200);
        assert_eq!((ids(&seller["waiting"]), &seller["late"]), (vec![late, fresh], &json!(1)));
        assert_eq!(seller["counts"], json!({"waiting": 2, "mine": 2, "late": 1, "unowned": 0}));
        assert_eq!(
            (&seller["waiting"][0]["late"], &seller["waiting"][0]["waitsFor"]),
            (&json!(true), &json!(["commercial"]))
        );

        let manager = w.as_role(Role::Manager).await.get("/api/dashboard/inbox").await.expect(200);
        assert_eq!((ids(&manager["waiting"]), ids(&manager["recent"]).len()), (vec![neighbour], 3));
        // The parameter selects one site of the caller's scope. It does not show a site outside the scope.
        let responsable = w.as_role(Role::ResponsableCommercial).await;
        let at = async |client: &support::Client, code| {
            client.get(&format!("/api/dashboard/inbox?localisationId={}", w.site(code))).await.expect(200)
        };
        assert_eq!(ids(&responsable.get("/api/dashboard/inbox").await.expect(200)["waiting"]).len(), 2);
        let home = at(&responsable, HOME).await;
        assert_eq!(
            (ids(&home["waiting"]), ids(&home["recent"]).len(), &home["counts"]["mine"]),
            (vec![neighbour], 3, &json!(3))
        );
        let away = at(&w.as_role(Role::Manager).await, AWAY).await;
        assert_eq!((&away["waiting"], &away["counts"]["mine"]), (&json!([]), &json!(0)));
        let planner = w.as_role(Role::Planificateur).await.get("/api/dashboard/inbox").await.expect(200);
        assert_eq!(planner["waiting"], json!([]));
        w.nobody().get("/api/dashboard/inbox").await.refused(401, "unauthenticated");
    })
    .await;
}
