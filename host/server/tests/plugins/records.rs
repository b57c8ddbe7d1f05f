//! Plugins read records from SQL: only those of their own site, page by page, whatever they ask for. The number of
//! their jobs is limited.

use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_crm::records::Records;
use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::ports::{After, EntrepriseFilter, OpportuniteFilter, RecordStore, Space};
use serde_json::json;

use crate::files::busy_hook;
use crate::support::{AWAY, HOME, World, on_both};

/// Creates three companies and three opportunités at each of two sites.
async fn filled(world: &World) -> Records {
    let admin = world.as_role(Role::Admin).await;
    for (code, siret) in [(HOME, "73282932000074"), (AWAY, "44306184100047")] {
        for n in 0..3 {
            let site = world.site(code);
            let siret = (n == 0).then_some(siret);
            let company = admin
                .post(
                    "/api/entreprises",
                    json!({"name": format!("{code} {n}"), "localisationId": site, "siret": siret, "active": n != 2}),
                )
                .await
                .expect(201);
            let active = admin
                .patch(
                    &format!("/api/entreprises/{}", company["id"].as_str().unwrap()),
                    &json!(1),
                    json!({"active": true}),
                )
                .await
                .expect(200);
            let body = json!({"entrepriseId": company["id"], "title": format!("{code} {n}"), "budget": 100, "localisationId": site});
            admin.post("/api/opportunites", body).await.expect(201);
            if n == 2 {
                admin
                    .patch(
                        &format!("/api/entreprises/{}", company["id"].as_str().unwrap()),
                        &active["version"],
                        json!({"active": false}),
                    )
                    .await
                    .expect(200);
            }
        }
    }
    Records { db: world.app.db.clone() }
}

#[tokio::test]
async fn a_seat_reads_the_records_of_its_site_whatever_it_asks_for() {
    on_both(|world| async move {
        let records = filled(&world).await;
        let (home, away) = (world.site(HOME).to_string(), world.site(AWAY).to_string());
        let here = Space { plugin: "p", site: &home };
        let network = Space { plugin: "p", site: "" };
        let names = async |space: Space<'_>, filter: &EntrepriseFilter| {
            records.entreprises(space, filter, None, 200).await.unwrap().into_iter().map(|e| e.name).collect::<Vec<_>>()
        };
        let all = EntrepriseFilter::default();
        assert_eq!(names(here, &all).await, [0, 1, 2].map(|n| format!("{HOME} {n}")));
        assert_eq!(names(network, &all).await.len(), 6);
        let siret = |siret: &str| EntrepriseFilter { siret: Some(siret.into()), ..EntrepriseFilter::default() };
        assert_eq!(names(here, &siret("73282932000074")).await, [format!("{HOME} 0")]);
        assert!(names(here, &siret("44306184100047")).await.is_empty(), "another site's");
        assert_eq!(names(here, &EntrepriseFilter { active: Some(false), ..all.clone() }).await, [format!("{HOME} 2")]);
        let future = EntrepriseFilter { updated_since: Some(Instant::now().millis() + 1000), ..all.clone() };
        assert!(names(here, &future).await.is_empty());

        // The pages contain each record once. An invented position gives no access to other records.
        let mut after = None;
        let mut seen = Vec::new();
        loop {
            let page = records.entreprises(here, &all, after.as_ref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(After { created_at: last.created_at, id: last.id.clone() });
            seen.extend(page.into_iter().map(|e| e.localisation));
        }
        assert_eq!(seen, vec![home.clone(); 3]);
        let made_up = After { created_at: 0, id: "' OR 1 = 1 --".into() };
        assert!(
            records.entreprises(here, &all, Some(&made_up), 200).await.unwrap().iter().all(|e| e.localisation == home)
        );

        let there = records.entreprises(Space { plugin: "p", site: &away }, &all, None, 1).await.unwrap().remove(0);
        assert!(records.entreprise(here, &there.id).await.unwrap().is_none());
        assert_eq!(records.entreprise(network, &there.id).await.unwrap().unwrap().name, there.name);
        assert!(records.entreprise(here, "' OR 1 = 1 --").await.unwrap().is_none());

        let every = OpportuniteFilter::default();
        let mine = records.opportunites(here, &every, None, 200).await.unwrap();
        assert_eq!(mine.len(), 3);
        assert!(
            mine.iter().all(|o| o.localisation == home && o.state.is_empty()),
            "the workflow's own notes are not shown"
        );
        let of = |entreprise: &str| OpportuniteFilter {
            entreprise: Some(entreprise.into()),
            ..OpportuniteFilter::default()
        };
        assert!(records.opportunites(here, &of(&there.id), None, 200).await.unwrap().is_empty());
        assert_eq!(records.opportunites(here, &of(&mine[1].entreprise), None, 200).await.unwrap().len(), 1);
        assert!(records.opportunites(here, &of("x"), None, 200).await.unwrap().is_empty());
        assert_eq!(
            records
                .opportunites(here, &OpportuniteFilter { status: Some("en_cours_collecte".into()), ..every }, None, 200)
                .await
                .unwrap()
                .len(),
            3
        );
    })
    .await;
}

#[tokio::test]
async fn a_seat_has_so_many_jobs_waiting_and_another_site_has_its_own() {
    on_both(|world| async move {
        crate::hooks::seat(&world, "garde", busy_hook("garde", 2), json!({"several": true})).await;
        let admin = world.as_role(Role::Admin).await;
        let away = format!("/api/plugins/garde/sites/{}", world.site(AWAY));
        let now = admin.get(&format!("{away}/config")).await.expect(200);
        admin
            .put_at(&format!("{away}/config"), &now["version"], json!({"config": {"several": true}}))
            .await
            .expect(200);
        admin.put(&away, json!({"enabled": true})).await.expect(200);
        let act = async |code: &'static str, at: i64| {
            let site = world.site(code).to_string();
            let hook = world.app.plugins.registry().hooks(&site).remove(0);
            let event = Event {
                name: "opportunite.moved".into(),
                at,
                site,
                actor: None,
                subject: Subject::None,
                data: "{}".into(),
            };
            hook.after(&afpi_platform::plugins::context(Locale::Fr, "quota"), &event).await
        };
        act(HOME, 1).await.unwrap();
        act(HOME, 2).await.unwrap();
        act(HOME, 3).await.unwrap_err();
        act(AWAY, 4).await.unwrap();
        let waiting = afpi_db::sql("SELECT COUNT(*) FROM plugin_jobs")
            .scalar::<i64>(&mut world.app.db.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(waiting, 3);
        // Finished jobs no longer count.
        world.work().await;
        act(HOME, 5).await.unwrap();
    })
    .await;
}
