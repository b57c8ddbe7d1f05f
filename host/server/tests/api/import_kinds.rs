//! Files of other records than companies: one record per line, written as its form writes it, and taken back whole.

use axum::body::to_bytes;
use serde_json::{Value, json};

use crate::imports::{act, changes, counts, path, send};
use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::rights::Role;

/// Uploads a file of this kind for [`HOME`].
async fn file(client: &Client, world: &World, kind: &str, content: &str) -> Value {
    let here = format!("/api/imports?kind={kind}&localisationId={}&name={kind}.csv", world.site(HOME));
    send(client, &here, content.as_bytes()).await.expect(201)
}

/// The records of a list as people see them, without what every change touches.
async fn list(client: &Client, path: &str) -> Vec<Value> {
    let list = client.get(&format!("{path}?limit=200")).await.expect(200);
    let mut records = list["data"].as_array().unwrap().clone();
    for record in &mut records {
        record.as_object_mut().unwrap().remove("version");
    }
    records
}

/// `(line, reason)` of the lines with this effect.
async fn told(client: &Client, import: &Value, action: &str) -> Vec<(i64, String)> {
    let changes = changes(client, import, &format!("&action={action}")).await;
    let told = |change: &Value| {
        (change["line"].as_i64().unwrap(), change["reason"]["fr"].as_str().unwrap_or_default().to_owned())
    };
    changes.iter().map(told).collect()
}

const PRODUITS: &str = "Code;Intitulé;Durée (h);Prix HT;Unité du prix;TVA;Modalité\n\
    SOUD-1;Soudage TIG;35;2 450,00 €;par groupe;0;En présentiel\n\
    soud-2;;7h30;;;;\n\
    SOUD-3;Sans unité;7;100;;0;\n\
    SOUD-4;Prix douteux;7;1.250;par jour;20 %;\n\
    soud 1;Encore;7;;par jour;0;\n\
    SOUD-1;Soudage TIG;35;2 450,00 €;par groupe;0;En présentiel\n\
    SOUD-5;Inchangé;;;;;\n";

#[tokio::test]
async fn products_are_created_changed_refused_line_by_line_and_taken_back() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        for (code, title) in [("SOUD-2", "Soudage MIG"), ("SOUD-5", "Inchangé")] {
            let body =
                json!({"code": code, "title": title, "priceUnit": "day", "vatRate": 2000, "durationMinutes": 420});
            manager.post("/api/produits", body).await.expect(201);
        }
        let before = list(&manager, "/api/produits").await;
        let import = file(&manager, &world, "produits", PRODUITS).await;
        assert_eq!(import["kind"], "produits");
        let fields: Vec<&Value> = import["columns"].as_array().unwrap().iter().map(|c| &c["field"]).collect();
        let wanted = ["code", "title", "durationMinutes", "price", "priceUnit", "vatRate", "modality"];
        assert_eq!(json!(fields), json!(wanted));

        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [2, 1, 1, 3, 0], "{:#?}", changes(&manager, &import, "").await);
        assert_eq!(list(&manager, "/api/produits").await, before, "a preview changes nothing");
        let skipped = told(&manager, &import, "skipped").await;
        assert_eq!(skipped.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5, 7]);
        assert_eq!(skipped[0].1, "Unité du prix : Ce champ est obligatoire.");
        assert_eq!(skipped[1].1, "Prix HT : attendu : un montant, comme 1 250,00");
        assert_eq!(skipped[2].1, "même fiche que la ligne 2");
        let updated = changes(&manager, &import, "&action=updated").await;
        assert_eq!(
            (&updated[0]["before"], &updated[0]["after"]),
            (&json!({"durationMinutes": 420}), &json!({"durationMinutes": 450}))
        );

        act(&manager, &world, &import, "apply").await;
        let after = list(&manager, "/api/produits").await;
        let tig = after.iter().find(|produit| produit["code"] == "SOUD-1").unwrap();
        assert_eq!((&tig["price"], &tig["durationMinutes"]), (&json!(245_000), &json!(2100)));
        assert!(tig["legalEntityId"].is_string(), "of the legal entity of the file's site");
        let created = changes(&manager, &import, "&action=created").await;
        assert_eq!(created[0]["recordId"], tig["id"], "the preview's id is the record's");
        // The journal names the file.
        let admin = world.as_role(Role::Admin).await;
        let told = format!("/api/journal?subjectKind=produit&subjectId={}", tig["id"].as_str().unwrap());
        let lines = admin.get(&told).await.expect(200);
        assert_eq!(lines["data"][0]["actor"]["kind"], "import", "{lines:#}");

        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!((&reverted["state"], &reverted["kept"]), (&json!("reverted"), &Value::Null));
        assert_eq!(list(&manager, "/api/produits").await, before);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_changed_since_stays_and_is_told() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let known = json!({"code": "A", "title": "Ancien", "priceUnit": "day", "vatRate": 0});
        let known = manager.post("/api/produits", known).await.expect(201);
        let lines = "code;titre;unité;tva\nA;Nouveau;par jour;20\nB;Neuf;par jour;0\nC;Autre;par jour;0\n";
        let import = file(&manager, &world, "produits", lines).await;
        act(&manager, &world, &import, "preview").await;
        let one = format!("/api/produits/{}", known["id"].as_str().unwrap());
        manager.patch(&one, &known["version"], json!({"title": "Corrigé"})).await.expect(200);
        let applied = act(&manager, &world, &import, "apply").await;
        assert_eq!(counts(&applied), [2, 0, 0, 0, 1], "{:#?}", changes(&manager, &import, "").await);
        let now = manager.get(&one).await.expect(200);
        assert_eq!((&now["title"], &now["vatRate"]), (&json!("Corrigé"), &json!(2000)));

        let neuf = manager.get("/api/produits?q=neuf").await.expect(200)["data"][0].clone();
        let path = format!("/api/produits/{}", neuf["id"].as_str().unwrap());
        manager.patch(&path, &neuf["version"], json!({"category": "Soudage"})).await.expect(200);
        manager.patch(&one, &now["version"], json!({"vatRate": 550})).await.expect(200);
        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!(reverted["kept"], 2, "{reverted:#}");
        manager.get(&path).await.expect(200);
        assert_eq!(manager.get(&one).await.expect(200)["vatRate"], 550);
        assert_eq!(manager.get("/api/produits?q=autre").await.expect(200)["data"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_kind_takes_its_own_right_and_the_site() {
    on_both(|world| async move {
        let planner = world.as_role(Role::Planificateur).await;
        let here = format!("/api/imports?kind=formateurs&localisationId={}", world.site(HOME));
        send(&planner, &here, b"nom;statut\nA;permanent\n").await.refused(403, "forbidden");
        let manager = world.as_role(Role::Manager).await;
        let kinds = manager.get("/api/imports/kinds").await.expect(200);
        let kinds: Vec<&Value> = kinds["data"].as_array().unwrap().iter().map(|kind| &kind["kind"]).collect();
        assert_eq!(json!(kinds[..3]), json!(["entreprises", "produits", "formateurs"]));
        planner.get("/api/imports/kinds").await.refused(403, "forbidden");
        planner.get("/api/imports/template?kind=produits").await.refused(403, "forbidden");

        // A trainer and a product of another site are not this manager's to change.
        let admin = world.as_role(Role::Admin).await;
        let away = json!({"name": "Loin", "email": "loin@example.fr", "kind": "permanent", "localisationId": world.site(AWAY)});
        admin.post("/api/formateurs", away).await.expect(201);
        let lines = "nom;mail;statut;site\nLoin;LOIN@example.fr;permanent;\nLà-bas;;permanent;";
        let code = world.app.plugins.site_code(world.site(AWAY).into());
        let import = file(&manager, &world, "formateurs", &format!("{lines}{code}\n")).await;
        act(&manager, &world, &import, "preview").await;
        let skipped = told(&manager, &import, "skipped").await;
        assert_eq!(skipped[0], (2, "cette fiche n'existe pas (plus) pour vous".to_owned()), "{skipped:?}");
        assert_eq!(skipped[1], (3, "Localisation : ce site n'existe pas ou n'est pas des vôtres".to_owned()));

        // Who sees the whole network imports products of the network; this manager may not change them.
        let network = json!({"code": "R", "title": "Réseau", "priceUnit": "day", "vatRate": 0});
        admin.post("/api/produits", network).await.expect(201);
        let import = file(&manager, &world, "produits", "code;titre\nR;Autre\n").await;
        act(&manager, &world, &import, "preview").await;
        let skipped = told(&manager, &import, "skipped").await;
        assert_eq!(skipped, [(2, "C'est un produit du réseau ou d'une autre entité légale.".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn trainers_are_known_by_their_address_or_their_name_at_the_site() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        for body in [
            json!({"name": "Anne Petit", "email": "anne@example.fr", "kind": "permanent", "skills": ["TIG"]}),
            json!({"name": "Marc Roy", "kind": "vacataire"}),
            json!({"name": "Pareil", "email": "pareil@example.fr", "kind": "vacataire"}),
        ] {
            manager.post("/api/formateurs", body).await.expect(201);
        }
        let before = list(&manager, "/api/formateurs").await;
        let lines = "Formateur;E-mail;Tél;Statut;Compétences;Habilitations;Taux horaire\n\
            Anne PETIT;Anne@example.fr;;Vacataire;TIG, MIG;;\n\
            Marc Roy;;612345678;;;CACES R489 (31/12/2060), SST;52,5\n\
            Zoé Neuve;zoe@example.fr;;permanent;;SST;\n\
            Sans Statut;sans@example.fr;;;;;\n\
            Pareil;pareil@example.fr;;vacataire;;;\n";
        let import = file(&manager, &world, "formateurs", lines).await;
        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [1, 2, 1, 1, 0], "{:#?}", changes(&manager, &import, "").await);
        assert_eq!(told(&manager, &import, "skipped").await, [(5, "Statut : Ce champ est obligatoire.".to_owned())]);
        act(&manager, &world, &import, "apply").await;
        let after = list(&manager, "/api/formateurs").await;
        let named = |name: &str| after.iter().find(|trainer| trainer["name"] == name).unwrap();
        let anne = named("Anne PETIT");
        let wanted = (&json!(["TIG", "MIG"]), &json!("anne@example.fr"));
        assert_eq!((&anne["skills"], &anne["email"]), wanted, "an address in other letters is the same one");
        let marc = named("Marc Roy");
        assert_eq!((&marc["hourlyRate"], &marc["phone"]), (&json!(5250), &json!("06 12 34 56 78")));
        let certificates = json!([{"name": "CACES R489", "expiresOn": "2060-12-31"}, {"name": "SST"}]);
        assert_eq!(marc["certifications"], certificates);
        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!((&reverted["state"], &reverted["kept"]), (&json!("reverted"), &Value::Null));
        assert_eq!(list(&manager, "/api/formateurs").await, before);
    })
    .await;
}

#[tokio::test]
async fn a_template_comes_back_as_it_was_mapped() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let kinds = manager.get("/api/imports/kinds").await.expect(200);
        for kind in kinds["data"].as_array().unwrap() {
            let kind = kind["kind"].as_str().unwrap();
            for locale in ["fr", "en"] {
                let headers = [("accept-language", locale.to_owned())];
                let template = format!("/api/imports/template?kind={kind}");
                let answer = manager.raw("GET", &template, None, &headers).await;
                let content = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
                let here = format!("/api/imports?kind={kind}&localisationId={}", world.site(HOME));
                let import = send(&manager, &here, &content).await.expect(201);
                let fields = manager.get(&format!("/api/imports/fields?kind={kind}")).await.expect(200);
                let wanted: Vec<&Value> = fields["data"].as_array().unwrap().iter().map(|f| &f["name"]).collect();
                let found: Vec<&Value> = import["columns"].as_array().unwrap().iter().map(|c| &c["field"]).collect();
                assert_eq!(found, wanted, "{kind} {locale}");
                assert_eq!(manager.get(&path(&import)).await.expect(200)["total"], 1);
            }
        }
    })
    .await;
}
