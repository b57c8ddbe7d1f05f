//! Hooks before and after the changes that connectors and imports make to companies and contacts.

use afpi_core::rights::Role;
use serde_json::{Value, json};

use super::{lines, seated, settings};
use crate::bench::{API, Bench, rich};
use crate::support::{HOME, on_both};

#[tokio::test]
async fn a_hook_has_its_say_in_what_a_connector_does_to_companies() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"veto": "entreprise.updated"})).await;
        let bench = Bench::new(world, rich(20), "jamais").await;
        let site = bench.world.site(HOME);
        let companies = format!("/api/entreprises?localisationId={site}");
        let told = async |verb: &str, name: &str| {
            let lines = lines(&bench.world, "garde").await;
            lines.into_iter().filter(|line| line.starts_with(&format!("{verb} {name} "))).collect::<Vec<_>>()
        };
        bench.run("apply").await;
        let here = bench.admin.get(&companies).await.expect(200)["meta"]["total"].as_u64().unwrap() as usize;
        assert!(here > 0);
        assert_eq!(told("asked", "entreprise.created").await.len(), here);
        assert_eq!(told("heard", "entreprise.created").await.len(), here);

        // The run leaves out what the hook refuses, and gives the hook's reason. The hook does not affect other sites.
        bench.simulator.change(|options| options.seed += 1);
        let second = bench.run("apply").await;
        let asked = told("asked", "entreprise.updated").await;
        assert_eq!(asked.len(), here, "{asked:#?}");
        assert!(asked[0].contains(r#""address":{"#) && asked[0].contains(r#""siret":""#), "{asked:#?}");
        // The site's hooks hear only about companies that move here from another site. The hooks of that site were
        // asked.
        let heard = told("heard", "entreprise.updated").await;
        let refused_here = |line: &String| asked.contains(&line.replacen("heard", "asked", 1));
        assert!(!heard.iter().any(refused_here), "{heard:#?}");
        let refused = bench.changes(&second, "&action=skipped").await;
        let vetoed: Vec<&Value> = refused
            .iter()
            .filter(|change| change["reason"]["fr"] == "refusée par l'extension « Garde » : Pas de  ici.")
            .collect();
        assert_eq!(vetoed.len(), here, "{refused:#?}");
        assert!(second["counts"]["updated"].as_i64().unwrap() > 0, "{second:#}");

        // Hooks hear about an undo, but are not asked.
        settings(&bench.world, "garde", json!({})).await;
        bench.simulator.change(|options| options.seed += 1);
        let third = bench.run("apply").await;
        let before = heard.len();
        let heard = told("heard", "entreprise.updated").await.len();
        let asked = told("asked", "entreprise.updated").await.len();
        assert!(heard > before);
        bench.act(&third, "undo").await;
        assert!(told("heard", "entreprise.updated").await.len() > heard);
        assert_eq!(told("asked", "entreprise.updated").await.len(), asked);
    })
    .await;
}

#[tokio::test]
async fn a_hook_has_its_say_in_what_an_import_does_to_companies_and_contacts() {
    on_both(|world| async move {
        seated(&world, "garde", json!({"veto": "entreprise.updated"})).await;
        let manager = world.as_role(Role::Manager).await;
        let known = json!({"name": "Connue", "address": {"postcode": "02100"}, "contacts": [{"lastName": "Roy"}]});
        manager.post("/api/entreprises", known).await.expect(201);
        let known = async || manager.get("/api/entreprises?q=connue").await.expect(200)["data"][0].clone();
        let id = known().await["id"].as_str().unwrap().to_owned();
        let company = async || manager.get(&format!("/api/entreprises/{id}")).await.expect(200);
        let told = async |verb: &str, what: &str| {
            let start = format!("{verb} {what} ");
            let lines = lines(&world, "garde").await.into_iter();
            lines.filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect::<Vec<_>>()
        };
        let contact = |line: &str| -> Vec<String> {
            let data: Value = serde_json::from_str(&line[line.find('{').unwrap()..]).unwrap();
            let contacts = data["contacts"].as_array().unwrap();
            contacts.iter().map(|contact| contact["lastName"].as_str().unwrap().to_owned()).collect()
        };
        let file = "nom;cp;tel;ville;nom du contact\nNeuve;02100;;Laon;Klein\nConnue;02100;0323061234;Laon;Petit\n";
        let here = format!("/api/imports?localisationId={}", world.site(HOME));
        let import = async || {
            let headers = [("content-type", "text/csv; charset=utf-8".to_owned())];
            let import = manager.file(&here, file.as_bytes().to_vec(), &headers).await.expect(201);
            format!("/api/imports/{}", import["id"].as_str().unwrap())
        };
        let act = async |import: &str, verb: &str| {
            manager.post(&format!("{import}/{verb}"), Value::Null).await.expect(202);
            world.work().await;
            manager.get(import).await.expect(200)
        };

        // The hook is asked once about a new company and its contacts. It refuses the changes of the known company's
        // fields and contacts.
        let first = import().await;
        act(&first, "preview").await;
        let asked = told("asked", "entreprise.updated").await.len();
        let applied = act(&first, "apply").await;
        assert_eq!((&applied["counts"]["created"], &applied["counts"]["skipped"]), (&json!(2), &json!(2)));
        assert_eq!(told("asked", "entreprise.created Neuve").await.len(), 1);
        let asked = told("asked", "entreprise.updated").await[asked..].to_vec();
        assert_eq!(asked.len(), 2, "{asked:#?}");
        assert!(asked[0].starts_with("Connue ") && asked[0].contains(r#""phone":"03 23 06 12 34""#), "{asked:#?}");
        assert_eq!(contact(&asked[1]), ["Roy", "Petit"], "{asked:#?}");
        let refused = manager.get(&format!("{first}/changes?action=skipped")).await.expect(200);
        for change in refused["data"].as_array().unwrap() {
            assert_eq!(change["reason"]["fr"], "refusée par l'extension « Garde » : Pas de  ici.", "{change:#}");
        }
        let now = company().await;
        assert_eq!(
            (&now["phone"], now["contacts"].as_array().unwrap().len(), &now["version"]),
            (&Value::Null, 1, &json!(1))
        );
        assert_eq!(told("heard", "entreprise.updated").await, Vec::<String>::new());
        assert_eq!(told("heard", "entreprise.created Neuve").await.len(), 1);

        // The hook hears once about a change that it allowed, with fields and contacts, and once about the revert.
        settings(&world, "garde", json!({})).await;
        let second = import().await;
        act(&second, "preview").await;
        act(&second, "apply").await;
        let heard = told("heard", "entreprise.updated").await;
        assert_eq!(heard.len(), 1, "{heard:#?}");
        assert!(heard[0].starts_with("Connue ") && heard[0].contains(r#""phone":"03 23 06 12 34""#), "{heard:#?}");
        assert_eq!(contact(&heard[0]), ["Roy", "Petit"]);
        act(&second, "revert").await;
        assert_eq!(contact(&told("heard", "entreprise.updated").await[1]), ["Roy"]);
        assert_eq!(company().await["contacts"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_hook_has_its_say_in_what_a_person_takes_over_from_a_connector() {
    on_both(|world| async move {
        seated(&world, "garde", json!({})).await;
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        let all = bench.admin.get("/api/entreprises?limit=100").await.expect(200)["data"].as_array().unwrap().clone();
        for company in &all {
            let path = format!("/api/entreprises/{}", company["id"].as_str().unwrap());
            bench.admin.patch(&path, &company["version"], json!({"name": "Bon nom"})).await.expect(200);
        }
        bench.simulator.change(|options| options.seed += 1);
        let run = bench.run("apply").await;
        assert_eq!(run["counts"]["conflict"], all.len(), "{run:#}");
        // The hook decides only about the companies of its site.
        let site = bench.world.site(HOME);
        let here = format!("/api/entreprises?limit=100&q=bon+nom&localisationId={site}");
        let guarded = bench.admin.get(&here).await.expect(200)["meta"]["total"].as_u64().unwrap();
        assert!(guarded > 0 && guarded < all.len() as u64);

        settings(&bench.world, "garde", json!({"veto": "entreprise.updated"})).await;
        let conflicts = format!("{API}/runs/{}/conflicts", run["id"].as_str().unwrap());
        let settled = bench.admin.post(&conflicts, json!({"keep": "source"})).await.expect(200);
        assert_eq!(settled["left"], guarded, "{settled:#}");
        assert_eq!(settled["settled"], all.len() as u64 - guarded, "{settled:#}");
        let reason = json!([{
            "fr": "refusée par l'extension « Garde » : Pas de  ici.",
            "en": "refused by the plugin “Guard”: No  here.",
        }]);
        assert_eq!(settled["refusals"], reason);
        assert_eq!(bench.admin.get(&here).await.expect(200)["meta"]["total"], guarded);

        // Keeping the value of the CRM changes nothing, so hooks are not asked.
        let settled = bench.admin.post(&conflicts, json!({"keep": "crm"})).await.expect(200);
        assert_eq!((&settled["settled"], settled.get("refusals")), (&json!(guarded), None), "{settled:#}");
    })
    .await;
}
