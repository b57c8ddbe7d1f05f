//! Corrections in the CRM and changes at the source: neither is lost. If both changed a field, a person decides.

use afpi_core::rights::Role;
use serde_json::{Value, json};

use crate::bench::{API, Bench, counts, rich};
use crate::support::on_both;

fn path(company: &Value) -> String {
    format!("/api/entreprises/{}", company["id"].as_str().unwrap())
}

impl Bench {
    /// A person changes the company with this code.
    async fn correct(&self, code: u64, change: Value) -> Value {
        let company = self.company(code).await;
        self.admin.patch(&path(&company), &company["version"], change).await.expect(200)
    }

    async fn settle(&self, run: &Value, choice: Value) -> Value {
        self.admin.post(&self.conflicts_of(run), choice).await.expect(200)
    }

    fn conflicts_of(&self, run: &Value) -> String {
        format!("{API}/runs/{}/conflicts", run["id"].as_str().unwrap())
    }

    async fn owners(&self, owners: Value) {
        let now = self.admin.get(&format!("{API}/config")).await.expect(200);
        let body = json!({"config": now["config"], "owners": owners});
        self.admin.put_at(&format!("{API}/config"), &now["version"], body).await.expect(200);
    }
}

/// The one record in conflict.
async fn conflict(bench: &Bench, run: &Value) -> Value {
    let found = bench.changes(run, "&action=conflict").await;
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

#[tokio::test]
async fn a_correction_stays_and_what_both_sides_changed_is_asked_until_a_person_chooses() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        let name = bench.company(1007).await["name"].clone();
        let siret = bench.company(1007).await["siret"].clone();
        bench.correct(1007, json!({"name": "Bon nom", "email": "bonne@adresse.fr"})).await;

        // The source changes another field: the correction stays.
        bench.simulator.change(|options| options.archived = [1007].into());
        let run = bench.run("apply").await;
        assert_eq!(counts(&run)[4], 1, "{run:#}");
        let now = bench.company(1007).await;
        assert_eq!(
            (&now["name"], &now["email"], &now["active"]),
            (&json!("Bon nom"), &json!("bonne@adresse.fr"), &json!(false))
        );
        bench.simulator.change(|options| options.archived.clear());
        assert_eq!(bench.run("apply").await["counts"]["conflict"], 0);
        bench.correct(1007, json!({"email": null})).await;

        // The source changes the same field: the run shows both values, and the value in the CRM stays.
        bench.simulator.change(|options| options.seed += 1);
        let run = bench.run("apply").await;
        assert_eq!((run["state"].as_str(), &run["counts"]["conflict"]), (Some("done"), &json!(1)), "{run:#}");
        let change = conflict(&bench, &run).await;
        let (here, there) = (json!("Bon nom"), change["conflicts"]["name"]["there"].clone());
        assert_eq!(change["conflicts"]["name"], json!({"before": name, "here": here, "there": there}));
        let now = bench.company(1007).await;
        assert_eq!(now["name"], here);
        assert_ne!(now["siret"], siret, "the run updates the fields that nobody changed in the CRM");

        // Each run reports the conflict until a person decides.
        let run = bench.run("apply").await;
        assert_eq!(run["counts"]["conflict"], 1, "{run:#}");
        let one = json!([{"entity": "entreprise", "externalId": "1007", "field": "name"}]);
        let settled = bench.settle(&run, json!({"keep": "crm", "of": one})).await;
        assert_eq!((&settled["settled"], &settled["left"]), (&json!(1), &json!(0)), "{settled:#}");
        let open = bench
            .changes(&run, "")
            .await
            .into_iter()
            .find(|c| c["externalId"] == "1007" && c["entity"] == "entreprise");
        assert_eq!(open.unwrap()["conflicts"]["name"]["chosen"], "crm");
        bench.settle(&run, json!({"keep": "crm"})).await;
        assert_eq!(bench.get(&run).await["counts"]["conflict"], 0);
        let run = bench.run("apply").await;
        assert_eq!((&run["counts"]["conflict"], &bench.company(1007).await["name"]), (&json!(0), &here), "{run:#}");
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_over_by_choice_can_be_undone_and_never_covers_a_newer_change() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        bench.correct(1007, json!({"name": "Bon nom"})).await;
        bench.correct(1014, json!({"name": "Autre nom"})).await;
        bench.simulator.change(|options| options.seed += 1);
        let run = bench.run("apply").await;
        assert_eq!(run["counts"]["conflict"], 2, "{run:#}");
        // Another person changes one of the companies while the page of the run is open.
        bench.correct(1014, json!({"name": "Encore un autre"})).await;
        let settled = bench.settle(&run, json!({"keep": "source"})).await;
        assert_eq!(
            (&settled["settled"], &settled["left"], &settled["run"]["counts"]["conflict"]),
            (&json!(1), &json!(1), &json!(1))
        );
        assert_eq!(bench.company(1014).await["name"], "Encore un autre");
        let taken = bench.company(1007).await["name"].clone();
        let change =
            bench.changes(&run, "&action=updated").await.into_iter().find(|c| c["externalId"] == "1007").unwrap();
        assert_eq!((&change["after"]["name"], &change["before"]["name"]), (&taken, &json!("Bon nom")));
        assert_eq!(bench.act(&run, "undo").await["state"], "undone");
        assert_eq!(bench.company(1007).await["name"], "Bon nom");
        bench.admin.post(&bench.conflicts_of(&run), json!({"keep": "crm"})).await.refused(409, "conflict");
    })
    .await;
}

#[tokio::test]
async fn what_a_person_changed_after_a_preview_is_not_covered_by_it() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        bench.simulator.change(|options| options.seed += 1);
        let preview = bench.run("preview").await;
        bench.admin.post(&bench.conflicts_of(&preview), json!({"keep": "crm"})).await.refused(409, "conflict");
        bench.correct(1007, json!({"name": "Bon nom"})).await;
        let run = bench.act(&preview, "apply").await;
        assert_eq!((&run["counts"]["conflict"], &run["counts"]["updated"]), (&json!(1), &json!(19)), "{run:#}");
        assert_eq!(bench.company(1007).await["name"], "Bon nom");
        assert_eq!(conflict(&bench, &run).await["conflicts"]["name"]["here"], "Bon nom");
        assert_eq!(bench.run("apply").await["counts"]["conflict"], 1, "and the next run asks again");
    })
    .await;
}

#[tokio::test]
async fn contacts_are_treated_alike() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "toutes").await;
        bench.run("apply").await;
        let mut code = 1007;
        while bench.company(code).await["contacts"] == json!([]) {
            code += 7;
        }
        let mut contacts = bench.company(code).await["contacts"].clone();
        contacts[0]["lastName"] = json!("Juste");
        bench.correct(code, json!({"contacts": contacts})).await;
        bench.simulator.change(|options| options.seed += 1);
        let run = bench.run("apply").await;
        let change = conflict(&bench, &run).await;
        assert_eq!((&change["entity"], &change["conflicts"]["lastName"]["here"]), (&json!("contact"), &json!("Juste")));
        let last = |company: &Value| {
            company["contacts"].as_array().unwrap().iter().map(|c| c["lastName"].clone()).collect::<Vec<_>>()
        };
        assert!(last(&bench.company(code).await).contains(&json!("Juste")));
        bench.settle(&run, json!({"keep": "source"})).await;
        let now = last(&bench.company(code).await);
        assert!(!now.contains(&json!("Juste")) && now.contains(&change["conflicts"]["lastName"]["there"]), "{now:?}");
    })
    .await;
}

#[tokio::test]
async fn who_owns_a_field_is_a_setting() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(20), "jamais").await;
        bench.run("apply").await;
        let shown = bench.admin.get(&format!("{API}/config")).await.expect(200);
        assert_eq!(
            (&shown["owners"]["entreprise.name"], &shown["owners"]["contact.email"]),
            (&json!("both"), &json!("both"))
        );
        let body = json!({"config": shown["config"], "owners": {"entreprise.notes": "crm"}});
        let refused =
            bench.admin.put_at(&format!("{API}/config"), &shown["version"], body).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/owners/entreprise.notes");

        bench.owners(json!({"entreprise.name": "crm"})).await;
        bench.correct(1007, json!({"name": "Bon nom"})).await;
        let names = bench.company(1014).await["name"].clone();
        bench.simulator.change(|options| options.seed += 1);
        let run = bench.run("apply").await;
        assert_eq!(run["counts"]["conflict"], 0, "{run:#}");
        assert_eq!(
            (&bench.company(1007).await["name"], &bench.company(1014).await["name"]),
            (&json!("Bon nom"), &names)
        );

        // The source owns this field, so a run restores the source's value even if it has not changed there.
        bench.owners(json!({"entreprise.name": "source"})).await;
        let run = bench.run("apply").await;
        assert_eq!((&run["counts"]["conflict"], &run["counts"]["updated"]), (&json!(0), &json!(20)), "{run:#}");
        assert_ne!(bench.company(1007).await["name"], "Bon nom");
        bench.correct(1007, json!({"name": "Bon nom"})).await;
        bench.run("apply").await;
        assert_ne!(bench.company(1007).await["name"], "Bon nom");
        assert_eq!(bench.admin.get(&format!("{API}/config")).await.expect(200)["owners"]["entreprise.name"], "source");
    })
    .await;
}

#[tokio::test]
async fn only_who_manages_connectors_chooses() {
    on_both(|world| async move {
        let bench = Bench::new(world, rich(5), "jamais").await;
        let run = bench.run("apply").await;
        let manager = bench.world.as_role(Role::Manager).await;
        manager.post(&bench.conflicts_of(&run), json!({"keep": "crm"})).await.refused(403, "forbidden");
        let nowhere = json!({"id": "018f0000-0000-7000-8000-000000000000"});
        bench.admin.post(&bench.conflicts_of(&nowhere), json!({"keep": "crm"})).await.refused(404, "not-found");
        bench.admin.post(&bench.conflicts_of(&run), json!({"keep": "both"})).await.refused(422, "wrong-type");
        let none = bench.settle(&run, json!({"keep": "source"})).await;
        assert_eq!((&none["settled"], &none["left"]), (&json!(0), &json!(0)));
    })
    .await;
}
