//! A real component queries records of any kind: only those of its site, only the granted fields, page by page while
//! other requests write.

use std::collections::BTreeSet;

use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_crm::records::Records;
use afpi_db::sql;
use afpi_plugins::PluginFailure;
use afpi_plugins::contract::Error;
use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::contract::query::Entry;
use afpi_plugins::ports::{Order, QueryCondition, QueryTest, QueryValue, RecordQueries, RecordQuery, Space};
use serde_json::{Value, json};

use crate::files::{QUERIED, hook};
use crate::support::{AWAY, HOME, World, on_both, opportunite};

/// Queries as the guest at [`HOME`]: the label and the data of each record, and the position of the next page.
async fn ask(world: &World, asked: &str) -> Result<(Vec<(String, Value)>, String), PluginFailure> {
    let site = world.site(HOME);
    let hook = world.app.plugins.registry().hooks(&site.to_string()).remove(0);
    let event = Event {
        name: format!("query {asked}"),
        at: 0,
        site: site.to_string(),
        actor: None,
        subject: Subject::None,
        data: "{}".into(),
    };
    hook.after(&afpi_platform::plugins::context(Locale::Fr, "query"), &event).await?;
    let mut conn = world.app.db.read().await.unwrap();
    let mut note = async |key: &str| {
        let note = sql("SELECT content FROM plugin_kv WHERE plugin_id = 'garde' AND name = ?").bind(key);
        String::from_utf8(note.scalar::<Vec<u8>>(&mut conn).await.unwrap()).unwrap()
    };
    let found = note("found").await;
    let found = found.lines().filter_map(|line| line.split_once('\t'));
    let found = found.map(|(label, data)| (label.to_owned(), serde_json::from_str(data).unwrap())).collect();
    Ok((found, note("next").await))
}

async fn labels(world: &World, asked: &str) -> Vec<String> {
    let (found, _) = ask(world, asked).await.unwrap_or_else(|failure| panic!("{asked}: {failure}"));
    found.into_iter().map(|(label, _)| label).collect()
}

/// Creates a record of every kind at home and at another site.
async fn filled(world: &World) {
    let admin = world.as_role(Role::Admin).await;
    for (code, name) in [(HOME, "Ici"), (AWAY, "Ailleurs")] {
        let site = world.site(code);
        let company = admin
            .post(
                "/api/entreprises",
                json!({"name": name, "localisationId": site, "address": {"city": "Amiens"}, "contacts": [
                    {"firstName": "Anne", "lastName": name, "email": "anne@example.fr", "main": true}]}),
            )
            .await
            .expect(201);
        admin
            .post(
                "/api/formateurs",
                json!({"name": name, "kind": "permanent", "localisationId": site, "skills": ["soudage", "tig"]}),
            )
            .await
            .expect(201);
        admin.post("/api/salles", json!({"name": name, "localisationId": site, "capacity": 12})).await.expect(201);
        admin
            .post(
                "/api/opportunites",
                json!({"entrepriseId": company["id"], "title": name, "budget": 100, "localisationId": site}),
            )
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn a_component_finds_each_kind_of_its_own_site_and_nothing_it_was_not_granted() {
    on_both(|world| async move {
        filled(&world).await;
        crate::hooks::seat(&world, "garde", hook("garde"), json!({})).await;
        for (kind, fields) in QUERIED.into_iter().filter(|(kind, _)| *kind != "user") {
            let (found, next) = ask(&world, kind).await.unwrap();
            let names: Vec<_> = found.iter().map(|(label, _)| label.as_str()).collect();
            assert_eq!((names, next.as_str()), (vec!["Ici"], ""), "{kind}");
            let known: BTreeSet<&str> = found[0].1.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(known.iter().all(|name| fields.contains(name)), "{kind}: {known:?}");
        }
        let one = async |asked: &str| ask(&world, asked).await.unwrap().0.remove(0).1;
        assert_eq!(one("entreprise address.city").await, json!({"address.city": "Amiens"}));
        assert_eq!(one("contact email,main").await, json!({"email": "anne@example.fr", "main": true}));
        assert_eq!(one("formateur skills").await, json!({"skills": ["soudage", "tig"]}));
        assert_eq!(one("opportunite title,section").await["title"], "Ici");
        let people = ask(&world, "user").await.unwrap().0;
        assert!(people.iter().all(|(_, data)| data["role"].is_string() && data.get("email").is_none()), "{people:?}");
        let manager = people.iter().find(|(_, data)| data["role"] == "manager").expect("somebody leads the site");
        assert_eq!(manager.1["localisations"], json!([HOME]));

        for (conditions, found) in [
            ("eq:name:\"Ici\"", 1),
            ("ne:name:\"Ici\"", 0),
            ("contains:name:\"ci\"", 1),
            ("in:name:[\"Ici\",\"x\"]", 1),
            ("in:name:[]", 0),
            ("ge:capacity:12;lt:capacity:13", 1),
            ("gt:capacity:12", 0),
            ("empty:capacity:false", 1),
            ("empty:capacity:true", 0),
        ] {
            assert_eq!(labels(&world, &format!("salle name {conditions}")).await.len(), found, "{conditions}");
        }
        assert_eq!(labels(&world, "formateur name contains:skills:\"tig\"").await.len(), 1);
        assert_eq!(
            labels(&world, "formateur name contains:skills:\"ti\"").await.len(),
            0,
            "`contains` matches a whole element of the list"
        );
        let elsewhere = format!("entreprise name eq:localisationId:\"{}\"", world.site(AWAY));
        assert_eq!(labels(&world, &elsewhere).await.len(), 0);
        assert_eq!(labels(&world, "entreprise name eq:localisationId:\"x\"").await.len(), 0);
        assert_eq!(labels(&world, "entreprise name ne:localisationId:\"x\"").await.len(), 1);

        for outside in ["objectif", "salle active", "contact firstName", "user email", "nonsense"] {
            let refused = ask(&world, outside).await;
            assert!(matches!(&refused, Err(PluginFailure::Guest(Error::Denied(_)))), "{outside}: {refused:?}");
        }
        let health = world.app.plugins.registry().health(&world.site(HOME).to_string(), "garde").unwrap().health;
        assert_eq!(health.denials, 5, "each is counted");
        let refused = ask(&world, "salle name - - 10 made-up").await;
        assert!(matches!(refused, Err(PluginFailure::Guest(Error::Invalid(_)))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn pages_lose_and_repeat_nothing_while_others_are_written() {
    on_both(|world| async move {
        crate::hooks::seat(&world, "garde", hook("garde"), json!({})).await;
        let admin = world.as_role(Role::Admin).await;
        let room = async |name: String| {
            admin.post("/api/salles", json!({"name": name, "localisationId": world.site(HOME)})).await.expect(201)
        };
        // The application creates one room, and the test adds 449 rooms like it.
        room("0000".into()).await;
        let mut tx = world.app.db.begin().await.unwrap();
        for n in 1..450i64 {
            let name = format!("{n:04}");
            sql(
                "INSERT INTO salles (id, name, name_key, name_norm, search, capacity, equipment, localisation_id, active, created_at, updated_at, version) \
                 SELECT ?, ?, ?, ?, search, capacity, equipment, localisation_id, active, created_at + ?, updated_at, version FROM salles WHERE name = '0000'",
            )
            .bind(uuid::Uuid::now_v7())
            .bind(&name)
            .bind(afpi_core::collation::key(&name))
            .bind(&name)
            .bind(n / 100)
            .execute(&mut tx)
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        for order in ["-", "createdAt", "-createdAt", "name", "-name"] {
            let (mut seen, mut after, mut round) = (Vec::new(), "-".to_owned(), 0);
            loop {
                let (found, next) = ask(&world, &format!("salle name - {order} 100 {after}")).await.unwrap();
                seen.extend(found.into_iter().map(|(label, _)| label));
                if next.is_empty() {
                    break;
                }
                after = next;
                round += 1;
                room(format!("neuve {order} {round}")).await;
            }
            let old: Vec<&String> = seen.iter().filter(|label| !label.contains("neuve")).collect();
            let once: BTreeSet<&String> = seen.iter().collect();
            assert_eq!((old.len(), once.len()), (450, seen.len()), "{order}");
        }
        // A position is valid only for its query.
        let (_, next) = ask(&world, "salle name - name 100").await.unwrap();
        let other = ask(&world, &format!("salle name - -name 100 {next}")).await;
        assert!(matches!(other, Err(PluginFailure::Guest(Error::Invalid(_)))), "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn a_seat_of_the_network_sees_all_sites_and_every_granted_field_can_be_asked_for() {
    on_both(|world| async move {
        filled(&world).await;
        opportunite(&world, "Ici aussi").await;
        let records = Records { db: world.app.db.clone() };
        let query = |kind: &str, fields: Vec<String>| RecordQuery {
            kind: kind.into(),
            conditions: vec![],
            fields,
            order: Order { field: None, descending: false },
            after: None,
            limit: 200,
        };
        let network = Space { plugin: "p", site: "" };
        let here = world.site(HOME).to_string();
        for kind in ["entreprise", "contact", "formateur", "salle", "objectif", "opportunite", "user"] {
            let fields = records.fields(kind).unwrap();
            let all: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
            let everywhere = records.select(network, &query(kind, all.clone())).await.unwrap().items;
            let at_home = records.select(Space { plugin: "p", site: &here }, &query(kind, all)).await.unwrap().items;
            assert!(at_home.iter().all(|entry| entry.site.is_empty() || entry.site == here), "{kind}");
            if !["objectif", "user"].contains(&kind) {
                assert!(everywhere.len() > at_home.len() && !at_home.is_empty(), "{kind}");
            }
            let ids: Vec<String> =
                everywhere.iter().map(|entry| entry.id.clone()).chain(["' OR 1 = 1 --".into()]).collect();
            let fetched = records.fetch(Space { plugin: "p", site: &here }, kind, &ids, &[]).await.unwrap();
            let set = |entries: &[Entry]| entries.iter().map(|entry| entry.id.clone()).collect::<BTreeSet<_>>();
            assert_eq!(set(&fetched), set(&at_home), "{kind}");
            // Every field can be used as a filter, and as an order if its description says so.
            for field in fields.iter() {
                let condition = QueryCondition {
                    field: field.name.clone(),
                    test: QueryTest::Empty,
                    values: vec![QueryValue::Flag(true)],
                };
                let order = Order { field: field.sortable.then(|| field.name.clone()), descending: true };
                let asked = RecordQuery { conditions: vec![condition], order, ..query(kind, vec![]) };
                let empty =
                    records.select(network, &asked).await.unwrap_or_else(|e| panic!("{kind}.{}: {e}", field.name));
                let expected = everywhere.iter().filter(|entry| {
                    let data: Value = serde_json::from_str(&entry.data).unwrap();
                    data.get(&field.name).is_none()
                });
                assert_eq!(empty.items.len(), expected.count(), "{kind}.{}", field.name);
            }
        }
    })
    .await;
}
