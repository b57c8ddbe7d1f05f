//! Successful runs: the first run, the next one, previews, undo, and archived, missing and returning records.

use serde_json::{Value, json};
use ypareo_simulator::{Fault, Options};

use crate::bench::{API, Bench, counts, rich};
use crate::support::on_both;

#[tokio::test]
async fn a_first_run_brings_everything_and_the_next_one_changes_nothing() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(60), "toutes").await;
        let run = bench.run("apply").await;
        assert_eq!(
            (run["state"].as_str(), run["mode"].as_str(), run["trigger"].as_str()),
            (Some("done"), Some("apply"), Some("manual")),
            "{run:#}"
        );
        assert_eq!(run["by"]["role"], "admin");
        assert!(run["startedAt"].is_string() && run["finishedAt"].is_string());
        let contacts = bench.count("SELECT COUNT(*) FROM contacts").await;
        assert!(contacts > 20);
        // 60 companies and their contacts are new. The run links the 14 sites and creates none.
        assert_eq!(counts(&run), [60 + contacts, 14, 0, 0, 0, 0]);
        assert_eq!((bench.companies().await, bench.count("SELECT COUNT(*) FROM localisations").await), (60, 14));
        assert_eq!(run["progress"]["done"], run["progress"]["total"]);

        let company = bench.company(1007).await;
        assert_eq!(
            (company["origin"].as_str(), &company["externalIds"][0]["externalId"]),
            (Some("ypareo"), &json!("1007"))
        );
        assert!(company["localisation"]["code"].as_str().unwrap().starts_with("AFPI-"));
        assert_eq!(company["siren"].as_str().unwrap(), &company["siret"].as_str().unwrap()[..9]);
        assert!(company["vatNumber"].as_str().unwrap().starts_with("FR"));
        let found =
            bench.admin.get(&format!("/api/entreprises?q={}", company["siret"].as_str().unwrap())).await.expect(200);
        assert_eq!(found["meta"]["total"], 1);
        assert!(bench.log(&run).await.contains("Application terminée"));

        let before = bench.fingerprint().await;
        let again = bench.run("apply").await;
        assert_eq!(counts(&again), [0, 0, 60 + contacts + 14, 0, 0, 0], "{again:#}");
        assert_eq!(bench.fingerprint().await, before);

        let metrics = bench.world.nobody().raw("GET", "/metrics", None, &[]).await;
        let text =
            String::from_utf8(axum::body::to_bytes(metrics.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(
            text.contains(&format!(
                "afpi_sync_changes_total{{action=\"created\",connector=\"ypareo\"}} {}",
                60 + contacts
            )),
            "{text}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_preview_shows_everything_and_applies_nothing_until_somebody_says_so() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(30), "jamais").await;
        let before = bench.fingerprint().await;
        let preview = bench.run("preview").await;
        assert_eq!((preview["state"].as_str(), counts(&preview)[0]), (Some("staged"), 30), "{preview:#}");
        assert_eq!(bench.fingerprint().await, before);
        let created = bench.changes(&preview, "&action=created").await;
        assert_eq!(created.len(), 30);
        assert!(
            created[0]["after"]["name"].is_string()
                && created[0]["after"]["localisationCode"].as_str().unwrap().starts_with("AFPI-")
        );
        let page = bench
            .admin
            .get(&format!("{API}/runs/{}/changes?limit=10", preview["id"].as_str().unwrap()))
            .await
            .expect(200);
        assert_eq!(page["meta"]["total"], 44);
        let next = format!(
            "{API}/runs/{}/changes?limit=10&cursor={}",
            preview["id"].as_str().unwrap(),
            page["meta"]["next"].as_str().unwrap()
        );
        assert_ne!(bench.admin.get(&next).await.expect(200)["data"][0], page["data"][0]);

        let applied = bench.act(&preview, "apply").await;
        assert_eq!((applied["state"].as_str(), bench.companies().await), (Some("done"), 30));
        bench
            .admin
            .post(&format!("{API}/runs/{}/apply", preview["id"].as_str().unwrap()), Value::Null)
            .await
            .refused(409, "conflict");

        // A preview cannot be applied after a later run was applied.
        let old = bench.run("preview").await;
        bench.run("apply").await;
        bench
            .admin
            .post(&format!("{API}/runs/{}/apply", old["id"].as_str().unwrap()), Value::Null)
            .await
            .refused(409, "conflict");
    })
    .await;
}

/// The connector notes whose contacts it has read. The notes of a preview are deleted with it. The notes of an applied
/// run stay.
#[tokio::test]
async fn a_preview_uses_up_nothing_the_connector_remembers() {
    const NOTED: &str = "SELECT COUNT(*) FROM plugin_kv WHERE plugin_id = 'ypareo' AND OCTET_LENGTH(content) > 0";
    on_both(|world| async move {
        let bench = Bench::new(world, rich(30), "nouvelles").await;
        let preview = bench.run("preview").await;
        let contacts = bench.changes(&preview, "&entity=contact&action=created").await.len();
        assert!(contacts > 5);
        assert_eq!(
            (bench.count(NOTED).await, bench.count("SELECT COUNT(*) FROM sync_runs WHERE effects IS NOT NULL").await),
            (0, 1)
        );
        let second = bench.run("preview").await;
        assert_eq!(
            bench.changes(&second, "&entity=contact&action=created").await.len(),
            contacts,
            "the contacts of all companies are still unread"
        );

        assert_eq!(bench.act(&second, "apply").await["state"], "done");
        assert_eq!(
            (bench.count(NOTED).await, bench.count("SELECT CAST(COUNT(effects) AS SIGNED) FROM sync_runs").await),
            (1, 1),
            "once"
        );
        let third = bench.run("preview").await;
        assert_eq!(bench.changes(&third, "&entity=contact").await.len(), 0, "no contact is read again");
    })
    .await;
}

#[tokio::test]
async fn undoing_takes_back_what_nobody_has_touched_since() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(40), "toutes").await;
        let first = bench.run("apply").await;
        // The undo keeps a company that an opportunité uses, and a company that a person changed.
        let (used, changed) = (bench.company(1007).await, bench.company(1014).await);
        let opportunite = json!({"entrepriseId": used["id"], "title": "Soudage", "budget": 100_000, "localisationId": used["localisationId"]});
        bench.admin.post("/api/opportunites", opportunite).await.expect(201);
        let path = |company: &Value| format!("/api/entreprises/{}", company["id"].as_str().unwrap());
        bench.admin.patch(&path(&changed), &changed["version"], json!({"notes": "À rappeler"})).await.expect(200);

        let undone = bench.act(&first, "undo").await;
        assert_eq!(undone["state"], "undone", "{undone:#}");
        assert_eq!(bench.companies().await, 2);
        let kept = bench.changes(&first, "&action=created&entity=entreprise").await;
        let reasons: Vec<&str> = kept.iter().filter_map(|c| c["reason"]["en"].as_str()).collect();
        assert_eq!(reasons, ["kept: it has opportunités or contacts", "kept: it was changed since"]);
        assert!(bench.log(&first).await.contains("2 fiches"));
        assert_eq!(bench.count("SELECT COUNT(*) FROM contacts").await, 0);
        assert_eq!(bench.count("SELECT COUNT(*) FROM external_ids").await, 2);
        bench.admin.post(&format!("{API}/runs/{}/cancel", first["id"].as_str().unwrap()), Value::Null).await.refused(409, "conflict");

        // The next run creates the removed companies again and recognises the two that stayed.
        let again = bench.run("apply").await;
        assert_eq!((again["state"].as_str(), bench.companies().await), (Some("done"), 40), "{again:#}");
    })
    .await;
}

#[tokio::test]
async fn undoing_a_change_restores_the_fields_that_still_have_its_value() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        let before = bench.company(1007).await;
        let sale = json!({"entrepriseId": before["id"], "title": "Cariste", "budget": 100});
        bench.admin.post("/api/opportunites", sale).await.expect(201);
        bench.simulator.change(|options| options.seed += 1);
        let second = bench.run("apply").await;
        assert_eq!(counts(&second)[1], 20, "{second:#}");
        let between = bench.company(1007).await;
        // The search finds the company's opportunité by the new name.
        let name = between["name"].as_str().unwrap().replace(' ', "%20");
        assert_eq!(bench.admin.get(&format!("/api/opportunites?q={name}")).await.expect(200)["meta"]["total"], 1);
        assert_ne!((&between["name"], &between["siret"]), (&before["name"], &before["siret"]));
        let path = format!("/api/entreprises/{}", before["id"].as_str().unwrap());
        bench.admin.patch(&path, &between["version"], json!({"phone": "01 02 03 04 05"})).await.expect(200);
        let undone = bench.act(&second, "undo").await;
        assert_eq!(undone["state"], "undone", "{undone:#}");
        let after = bench.company(1007).await;
        for field in
            ["name", "siret", "siren", "vatNumber", "headcount", "nafCode", "address", "active", "localisationId"]
        {
            assert_eq!(after[field], before[field], "{field}");
        }
        assert_eq!(after["phone"], "01 02 03 04 05");
    })
    .await;
}

#[tokio::test]
async fn archived_and_vanished_records_are_marked_and_come_back() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(60), "jamais").await;
        bench.run("apply").await;
        bench.simulator.change(|options| {
            options.archived = [1007].into();
            options.vanished = [1014, 1021].into();
        });
        let run = bench.run("apply").await;
        assert_eq!((run["state"].as_str(), counts(&run)), (Some("done"), [0, 0, 71, 0, 1, 2]), "{run:#}");
        assert_eq!(
            (bench.company(1007).await["active"].as_bool(), bench.company(1014).await["active"].as_bool()),
            (Some(false), Some(true))
        );
        assert_eq!(
            (
                bench.companies().await,
                bench.count("SELECT COUNT(*) FROM external_ids WHERE missing_since IS NOT NULL").await
            ),
            (60, 2)
        );
        let missing = bench.changes(&run, "&action=missing").await;
        assert!(
            missing.iter().all(|c| c["label"].as_str().is_some_and(|l| !l.is_empty()) && c["reason"]["fr"].is_string())
        );
        // The next run does not report them again.
        assert_eq!(counts(&bench.run("apply").await)[5], 0);

        bench.simulator.change(|options| {
            options.archived.clear();
            options.vanished.clear();
        });
        let back = bench.run("apply").await;
        assert_eq!(counts(&back), [0, 3, 71, 0, 0, 0], "{back:#}");
        assert_eq!(bench.company(1007).await["active"], true);
        assert_eq!(bench.count("SELECT COUNT(*) FROM external_ids WHERE missing_since IS NOT NULL").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_company_that_is_here_already_is_linked_and_doubtful_ones_are_left_to_a_person() {
    on_both(|world| async move {
        let bench = Bench::new(world, Options { faults: [Fault::DuplicateSiret, Fault::DuplicateRow, Fault::NoName].into(), ..rich(60) }, "jamais").await;
        let siret = bench.run("preview").await;
        let siret = bench.changes(&siret, "&action=created&entity=entreprise").await[0]["after"]["siret"].as_str().unwrap().to_owned();
        let here = json!({"name": "Connue depuis longtemps", "siret": siret, "localisationId": bench.world.site("AFPI-02"), "notes": "ancienne cliente"});
        let known = bench.admin.post("/api/entreprises", here).await.expect(201);

        let run = bench.run("apply").await;
        assert_eq!(run["state"], "done", "{run:#}");
        let linked = bench.admin.get(&format!("/api/entreprises/{}", known["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((linked["externalIds"].as_array().unwrap().len(), linked["notes"].as_str()), (1, Some("ancienne cliente")));
        // A run does not overwrite a typed value without asking.
        assert_eq!((&linked["name"], &run["counts"]["conflict"]), (&known["name"], &json!(1)), "{run:#}");
        // The source has three records of each fault. If two companies have the same SIRET, the first one counts.
        let skipped = bench.changes(&run, "&action=skipped").await;
        let about = |word: &str| skipped.iter().filter(|c| c["reason"]["fr"].as_str().unwrap().contains(word)).count();
        assert_eq!((about("à vérifier"), about("venu deux fois"), about("sans nom")), (1, 3, 3), "{skipped:#?}");
        let sirets = bench.count("SELECT COUNT(DISTINCT siret) FROM entreprises WHERE siret IS NOT NULL").await;
        assert_eq!(sirets, bench.count("SELECT COUNT(*) FROM entreprises WHERE siret IS NOT NULL").await);

        let before = bench.fingerprint().await;
        let again = bench.run("apply").await;
        assert_eq!((counts(&again)[0], counts(&again)[1]), (0, 0), "{again:#}");
        assert_eq!(bench.fingerprint().await, before);
    })
    .await;
}

#[tokio::test]
async fn contacts_entered_here_stay_and_the_same_address_is_not_doubled() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        let company = bench.company(1007).await;
        let mine = json!({"contacts": [{"lastName": "Ici", "email": "interlocuteur.10070@entreprise-1007.invalid", "main": true}, {"lastName": "Personne"}]});
        bench.admin.patch(&format!("/api/entreprises/{}", company["id"].as_str().unwrap()), &company["version"], mine).await.expect(200);
        bench.set_up(json!({"baseUrl": bench.simulator.base_url(), "contacts": "toutes"})).await;
        let run = bench.run("apply").await;
        assert_eq!(run["state"], "done", "{run:#}");
        let contacts = bench.company(1007).await["contacts"].as_array().unwrap().clone();
        let addresses: Vec<&str> = contacts.iter().filter_map(|c| c["email"].as_str()).collect();
        let mut distinct = addresses.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(addresses.len(), distinct.len(), "{contacts:#?}");
        assert!(contacts.iter().any(|c| c["lastName"] == "Personne"));
        let before = bench.fingerprint().await;
        assert_eq!(counts(&bench.run("apply").await)[..2], [0, 0]);
        assert_eq!(bench.fingerprint().await, before);

        bench.act(&run, "undo").await;
        let left: Vec<String> = bench.company(1007).await["contacts"].as_array().unwrap().iter().map(|c| c["lastName"].as_str().unwrap().to_owned()).collect();
        assert_eq!(left, ["Ici", "Personne"]);
    })
    .await;
}
