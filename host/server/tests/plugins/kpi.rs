//! Several objectives plugins, and one plugin with other settings at some sites. Each site has its own figures, the
//! dashboard adds them up where possible, and it names missing figures.

use std::time::Duration;

use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_plugins::Pause;
use afpi_plugins::manifest::Text;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::files::respelt;
use crate::support::{AWAY, Client, HOME, World, on_both};

const CORE: &str = "objectifs-afpi";
const KPI: &str = "kpi-lille";

/// The product's objectives plugin under another id. Its code has one renamed metric without a figure:
/// `nx_opportunites`.
async fn install(world: &World) -> Client {
    let admin = world.as_role(Role::Admin).await;
    let file = respelt(CORE, "nb_opportunites", "nx_opportunites", |m| {
        m.id = KPI.into();
        m.name = Text { fr: "KPI Lille".into(), en: "Lille KPIs".into() };
    });
    let staged = admin.upload("/api/plugins", file).await.expect(201);
    let path = format!("/api/plugins/{KPI}/versions/{}/activate", staged["version"].as_str().unwrap());
    admin.post(&path, json!({"consent": staged["consent"]})).await.expect(200);
    admin.put(&format!("/api/plugins/{KPI}/sites/{}", world.site(HOME)), json!({"enabled": true})).await.expect(200);
    admin
}

/// Signed in May 2024: 3 000 € at home and 5 000 € away. Each stayed in `devis` for one working day.
async fn year(world: &World) -> Uuid {
    let (home, away) = (world.person(Role::Commercial), world.another(Role::Commercial, "loin", &[AWAY]).await);
    for (commercial, site, amount) in [(home, HOME, 300_000_i64), (away, AWAY, 500_000)] {
        let (id, company, site) = (Uuid::now_v7(), Uuid::now_v7(), world.site(site));
        let [began, ended] = ["2024-05-14", "2024-05-15"].map(|day| day.parse::<Day>().unwrap().start());
        let mut tx = world.app.db.begin().await.unwrap();
        sql("INSERT INTO entreprises (id, name, search, country, tags, active, localisation_id, origin, created_at, updated_at, version) VALUES (?, 'E', 'e', 'France', '[]', ?, ?, 'crm', 0, 0, 1)")
            .bind(company).bind(true).bind(site).execute(&mut tx).await.unwrap();
        sql("INSERT INTO opportunites (id, numero, title, search, kind, entreprise_id, commercial_id, localisation_id, section, status, outcome, amount, budget, \
             section_since, data, state, workflow_plugin, workflow_version, created_at, updated_at, version) \
             VALUES (?, ?, 'T', 't', 'intra-entreprise', ?, ?, ?, 'facturation', 'facture', 'won', ?, 100, ?, '{}', '{}', 'workflow-afpi', '1.0.0', ?, ?, 1)")
            .bind(id).bind(format!("T-{}", &id.simple().to_string()[16..])).bind(company).bind(commercial).bind(site)
            .bind(amount).bind(began).bind(began).bind(began).execute(&mut tx).await.unwrap();
        sql("INSERT INTO faits (id, opportunite_id, kind, day, amount, label, commercial_id, localisation_id, at) VALUES (?, ?, 'devis-accepte', '2024-05-20', ?, '', ?, ?, 0)")
            .bind(Uuid::now_v7()).bind(id).bind(amount).bind(commercial).bind(site).execute(&mut tx).await.unwrap();
        sql("INSERT INTO sejours (id, opportunite_id, section, started_at, ended_at, returned) VALUES (?, ?, 'devis', ?, ?, ?)")
            .bind(Uuid::now_v7()).bind(id).bind(began).bind(ended).bind(false).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    home
}

async fn dashboard(client: &Client) -> Value {
    client.get("/api/dashboard?period=2024-Q2").await.expect(200)
}

fn metric<'a>(dashboard: &'a Value, id: &str, key: Option<&str>) -> &'a Value {
    let found = dashboard["metrics"].as_array().unwrap().iter().find(|m| m["id"] == id && m["key"].as_str() == key);
    found.unwrap_or_else(|| panic!("no {id} {key:?} in {:#}", dashboard["metrics"]))
}

fn ids(dashboard: &Value) -> Vec<&str> {
    dashboard["metrics"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect()
}

fn left_out(metric: &Value, reason: &str) -> usize {
    metric["leftOut"].as_array().unwrap().iter().filter(|left| left["reason"] == reason).count()
}

fn money(cents: i64) -> Value {
    json!({"kind": "money", "value": cents})
}

#[tokio::test]
async fn a_plugin_of_one_site_adds_to_the_networks_figures_and_replaces_none() {
    on_both(|world| async move {
        let seller = year(&world).await;
        let manager = world.as_role(Role::Manager).await;
        let body = json!({"metric": "ca_signe", "period": "2024-Q2", "target": 400_000, "userId": seller});
        assert_eq!(manager.post("/api/objectifs", body.clone()).await.expect(201)["metric"], "ca_signe");

        let admin = install(&world).await;
        let all = dashboard(&admin).await;
        let signed = metric(&all, "objectifs-afpi:ca_signe", None);
        assert_eq!((&signed["figure"], &signed["leftOut"]), (&money(800_000), &json!([])));
        assert_eq!(signed["label"]["en"], "Revenue signed (excl. VAT) · AFPI objectives and figures");
        let theirs = metric(&all, "kpi-lille:ca_signe", None);
        assert_eq!((&theirs["figure"], left_out(theirs, "not-measured")), (&money(300_000), 13));
        assert_eq!(theirs["label"]["fr"], "CA signé (HT) · KPI Lille");
        // If only one plugin has a metric with this name, its label stands without the plugin's name.
        assert_eq!(metric(&all, "nb_opportunites", None)["figure"], json!({"kind": "count", "value": 2}));
        assert_eq!(all["failed"], json!([]));
        let scores = |code: &str| {
            let rows = all["bySite"].as_array().unwrap();
            let row = rows.iter().find(|row| row["localisation"]["code"] == code).unwrap();
            let scores = row["scores"].as_array().unwrap().iter();
            scores.filter(|s| s["metric"].as_str().unwrap().ends_with(":ca_signe")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(scores(HOME).len(), 2, "{:#}", scores(HOME)[0]);
        assert_eq!(
            (scores(AWAY), scores("AFPI-75")),
            (
                vec![json!({"metric": "objectifs-afpi:ca_signe", "figure": money(500_000)})],
                vec![json!({"metric": "objectifs-afpi:ca_signe", "figure": money(0)})]
            )
        );

        // A metric has the same name for everybody. The list offers it only at sites that measure it.
        let elsewhere = world.as_user(world.another(Role::Manager, "chef", &[AWAY]).await).await;
        let his = dashboard(&elsewhere).await;
        assert!(ids(&his).contains(&"objectifs-afpi:ca_signe") && !ids(&his).contains(&"kpi-lille:ca_signe"), "{his:#}");
        let offered = |list: Value| {
            let ids: Vec<String> =
                list["data"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
            (ids.contains(&"nb_opportunites".into()), ids.contains(&"nx_opportunites".into()))
        };
        let metrics = "/api/objectifs/metrics";
        assert_eq!(offered(elsewhere.get(metrics).await.expect(200)), (true, false));
        assert_eq!(offered(manager.get(metrics).await.expect(200)), (true, true));

        // An older target stays with its metric when another plugin adds a metric with the same name.
        let kept = manager.get("/api/objectifs").await.expect(200)["data"][0].clone();
        assert_eq!((&kept["metric"], &kept["actual"]), (&json!("objectifs-afpi:ca_signe"), &money(300_000)));
        manager.post("/api/objectifs", body).await.refused(409, "duplicate");
        let theirs = json!({"metric": "kpi-lille:ca_signe", "period": "2024-Q2", "target": 100_000, "userId": seller});
        let made = manager.post("/api/objectifs", theirs).await.expect(201);
        assert_eq!((&made["metric"], &made["attainment"]["percent"]), (&json!("kpi-lille:ca_signe"), &json!(30_000)));
        let away = json!({"metric": "kpi-lille:ca_signe", "period": "2024-Q2", "target": 1, "localisationId": world.site(AWAY)});
        let refused = admin.post("/api/objectifs", away).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["code"], "not-measured");
        for filter in ["kpi-lille:ca_signe", "objectifs-afpi:ca_signe"] {
            let found = manager.get(&format!("/api/objectifs?metric={filter}")).await.expect(200);
            assert!(found["meta"]["total"].as_i64() >= Some(1), "{filter}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_gives_no_answer_is_named_and_the_others_go_on() {
    on_both(|world| async move {
        year(&world).await;
        let admin = install(&world).await;
        let registry = world.app.plugins.registry();
        let pause = Pause { length: Duration::from_secs(600), relapses: 0 };
        registry.quarantine(&world.site(HOME).to_string(), KPI, pause);
        // The host has stored the metrics of the failing plugin, so no other metric changes its name.
        let all = dashboard(&admin).await;
        assert_eq!(metric(&all, "objectifs-afpi:ca_signe", None)["figure"], money(800_000));
        assert_eq!((&all["failed"][0]["id"], &all["failed"][0]["name"]["fr"]), (&json!(KPI), &json!("KPI Lille")));
        // If one seat of a plugin fails, its other seats with the same settings calculate the figures.
        registry.quarantine(&world.site(HOME).to_string(), CORE, pause);
        let all = dashboard(&admin).await;
        assert_eq!(metric(&all, "objectifs-afpi:ca_signe", None)["figure"], money(800_000));
        for code in world.sites.keys() {
            registry.quarantine(&world.site(code).to_string(), CORE, pause);
        }
        admin.get("/api/dashboard?period=2024-Q2").await.refused(502, "plugin-failed");
    })
    .await;
}

#[tokio::test]
async fn each_sites_settings_hold_for_its_own_figures() {
    on_both(|world| async move {
        year(&world).await;
        let admin = world.as_role(Role::Admin).await;
        let share = |all: &Value| metric(all, "part_dans_delai", Some("devis"))["figure"].clone();
        let ratio = |part: i64, whole: i64| json!({"kind": "ratio", "numerator": part, "denominator": whole});
        assert_eq!(share(&dashboard(&admin).await), ratio(2, 2));
        let path = format!("/api/plugins/{CORE}/sites/{}/config", world.site(HOME));
        let now = admin.get(&path).await.expect(200);
        let config = json!({"delais": [{"section": "devis", "heures": 1}]});
        admin.put_at(&path, &now["version"], json!({"config": config})).await.expect(200);
        let all = dashboard(&admin).await;
        assert_eq!(share(&all), ratio(1, 2), "one day is too long at home only");
        let signed = metric(&all, "ca_signe", None);
        assert_eq!((&signed["figure"], &signed["leftOut"]), (&money(800_000), &json!([])));
        // The plugin calculates an average over all sites together, because the limits do not affect it.
        assert_eq!(metric(&all, "panier_moyen", None)["figure"], money(400_000));
        assert_eq!(metric(&all, "delai_section", Some("devis"))["figure"]["kind"], "minutes");
        let people: Vec<_> =
            all["byUser"].as_array().unwrap().iter().map(|row| row["scores"][0]["figure"].clone()).collect();
        assert_eq!(people, [money(500_000), money(300_000)]);
    })
    .await;
}
