//! Documents: what a plugin composes is rendered, kept, and served with the rights of its opportunité.

use crate::support::{AWAY, Client, HOME, World, on_both_filled};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

/// Gives the legal entities what every document needs.
async fn registered(world: &World) {
    let mut tx = world.app.db.begin().await.unwrap();
    sql("UPDATE entites_legales SET siret = '78016254300018', nda = '32600012360'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// The files of a person, whole.
async fn files(client: &Client) -> Vec<Value> {
    let found = client.get("/api/opportunites?limit=100").await.expect(200);
    let mut files = Vec::new();
    for file in found["data"].as_array().unwrap() {
        let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
        files.push(client.get(&path).await.expect(200)["opportunite"].clone());
    }
    files
}

async fn documents(client: &Client, file: &Value) -> Value {
    client.get(&format!("/api/opportunites/{}/documents", file["id"].as_str().unwrap())).await.expect(200)
}

fn kind<'a>(documents: &'a Value, id: &str) -> &'a Value {
    documents["kinds"].as_array().unwrap().iter().find(|kind| kind["id"] == id).unwrap_or_else(|| panic!("{id}"))
}

/// A file with a quote that was sent.
async fn quoted(client: &Client) -> Value {
    let all = files(client).await;
    let sent = |file: &&Value| file["data"]["devis"]["envoyeLe"].is_string() && file["status"] != "annule";
    all.iter().find(sent).expect("a file with a quote").clone()
}

async fn make(client: &Client, file: &Value, kind: &Value, language: &str) -> Value {
    let subject = &kind["subjects"][0];
    let subject = json!({"id": subject["id"]});
    let path = format!("/api/opportunites/{}/documents", file["id"].as_str().unwrap());
    client.post(&path, json!({"kind": kind["id"], "language": language, "subjects": [subject]})).await.expect(202)
}

#[tokio::test]
async fn a_document_is_composed_rendered_and_kept() {
    on_both_filled(|world| async move {
        registered(&world).await;
        let boss = world.as_role(Role::Admin).await;
        let file = quoted(&boss).await;
        let offered = documents(&boss, &file).await;
        let quote = kind(&offered, "devis");
        assert_eq!((&quote["allowed"], &quote["subjects"][0]["missing"]), (&json!(true), &json!([])), "{quote}");
        let made = make(&boss, &file, quote, "fr").await;
        assert_eq!((&made["data"][0]["state"], &made["data"][0]["number"]), (&json!("waiting"), &json!(1)));
        world.work().await;
        let id = made["data"][0]["id"].as_str().unwrap();
        let ready = boss.get(&format!("/api/documents/{id}")).await.expect(200);
        assert_eq!((&ready["state"], &ready["latest"]), (&json!("ready"), &json!(true)), "{ready}");
        assert!(ready["pages"].as_i64().unwrap() >= 1 && ready["size"].as_i64().unwrap() > 1000, "{ready}");

        let pdf = boss.raw("GET", &format!("/api/documents/{id}/content"), None, &[]).await;
        assert_eq!(pdf.headers()["content-type"], "application/octet-stream");
        assert!(pdf.headers()["content-disposition"].to_str().unwrap().ends_with(".pdf"));
        let shown = boss.raw("GET", &format!("/api/documents/{id}/preview"), None, &[]).await;
        assert_eq!(shown.headers()["content-type"], "application/pdf");
        assert!(shown.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
        boss.get(&format!("/api/documents/{id}/invoice")).await.expect(404);

        // The same composition gives the same bytes, so the same file.
        let again = make(&boss, &file, quote, "fr").await;
        world.work().await;
        let second =
            boss.get(&format!("/api/documents/{}", again["data"][0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&second["number"], &second["sha256"]), (&json!(2), &ready["sha256"]));
        assert_eq!(boss.get(&format!("/api/documents/{id}")).await.expect(200)["latest"], false);

        let english = make(&boss, &file, quote, "en").await;
        world.work().await;
        let english =
            boss.get(&format!("/api/documents/{}", english["data"][0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&english["state"], &english["number"]), (&json!("ready"), &json!(1)));
        assert_ne!(english["sha256"], ready["sha256"]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_drawn_while_somebody_types() {
    on_both_filled(|world| async move {
        registered(&world).await;
        let boss = world.as_role(Role::Admin).await;
        let file = quoted(&boss).await;
        let path = format!("/api/opportunites/{}/documents/preview", file["id"].as_str().unwrap());
        let mut typed = file["data"]["devis"].clone();
        typed["lignes"][0]["libelle"] = json!("Un libellé que personne n'a enregistré");
        let drawn = boss.post(&path, json!({"kind": "devis", "documents": {"devis": typed}})).await.expect(200);
        let pages = drawn["pages"].as_array().unwrap();
        assert!(!pages.is_empty() && pages[0].as_str().unwrap().starts_with("<svg"), "{}", drawn["title"]);
        let stored = boss.get(&format!("/api/opportunites/{}", file["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(stored["opportunite"]["data"]["devis"], file["data"]["devis"], "a draft changes nothing");
        assert_eq!(documents(&boss, &file).await["data"], json!([]));
        boss.post(&path, json!({"kind": "devis", "language": "de"})).await.refused(422, "validation");
        boss.post(&path, json!({"kind": "nope"})).await.refused(422, "validation");
    })
    .await;
}

/// The example of a plugin shows a legal entity as somebody types it, in every kind.
#[tokio::test]
async fn a_legal_entity_is_seen_in_documents_while_it_is_typed() {
    on_both_filled(|world| async move {
        let boss = world.as_role(Role::Admin).await;
        let entity = boss.get("/api/entites-legales").await.expect(200)["data"][0].clone();
        let path = format!("/api/entites-legales/{}/documents", entity["id"].as_str().unwrap());
        let kinds = boss.get(&path).await.expect(200)["data"].clone();
        assert_eq!(kinds.as_array().unwrap().len(), 14, "{kinds}");
        let preview = format!("{path}/preview");
        for kind in kinds.as_array().unwrap() {
            let drawn = boss.post(&preview, json!({"kind": kind["id"]})).await.expect(200);
            assert!(drawn["pages"][0].as_str().unwrap().starts_with("<svg"), "{kind}");
        }
        let drawn = |typed: Value| {
            let (boss, preview) = (&boss, &preview);
            async move { boss.post(preview, json!({"kind": "facture", "entite": typed})).await.expect(200) }
        };
        let (stored, typed) =
            (drawn(json!({})).await, drawn(json!({"colour": "#AA0000", "footer": "Un pied de page"})).await);
        assert_ne!(stored["pages"], typed["pages"]);
        assert_eq!(drawn(json!({})).await, stored, "a draft changes nothing");
        assert_eq!(boss.get("/api/entites-legales").await.expect(200)["data"][0], entity);
        boss.post(&preview, json!({"kind": "nope"})).await.refused(422, "validation");
        boss.post(&preview, json!({"kind": "facture", "entite": {"iban": "FR76"}})).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn who_may_make_a_document_says_the_plugin_and_who_may_read_it_the_scope() {
    on_both_filled(|world| async move {
        registered(&world).await;
        let boss = world.as_role(Role::Admin).await;
        let file = quoted(&boss).await;
        let site = file["localisation"]["code"].as_str().unwrap().to_owned();
        let offered = documents(&boss, &file).await;
        let quote = kind(&offered, "devis");
        let made = make(&boss, &file, quote, "fr").await;
        world.work().await;
        let id = made["data"][0]["id"].as_str().unwrap();
        let path = format!("/api/opportunites/{}/documents", file["id"].as_str().unwrap());
        let subject = json!({"id": quote["subjects"][0]["id"]});

        let planner = world.another(Role::Planificateur, "Planif", &[&site]).await;
        let planner = world.as_user(planner).await;
        assert_eq!(kind(&documents(&planner, &file).await, "devis")["allowed"], false);
        planner.post(&path, json!({"kind": "devis", "subjects": [subject]})).await.refused(403, "forbidden");
        planner.post(&format!("{path}/preview"), json!({"kind": "devis"})).await.refused(403, "forbidden");
        planner.get(&format!("/api/documents/{id}")).await.expect(200);

        let other = if site == AWAY { HOME } else { AWAY };
        let stranger = world.another(Role::Assistante, "Ailleurs", &[other]).await;
        let stranger = world.as_user(stranger).await;
        for path in ["", "/content", "/preview", "/invoice"] {
            stranger.get(&format!("/api/documents/{id}{path}")).await.expect(404);
        }
        stranger.get(&path).await.expect(404);
        stranger.post(&format!("/api/documents/{id}/retry"), json!({})).await.expect(404);

        // Nothing else can be its subject, and only what failed is tried again.
        let wrong = json!({"kind": "devis", "subjects": [{"id": Uuid::nil()}]});
        boss.post(&path, wrong).await.refused(422, "validation");
        boss.post(&format!("/api/documents/{id}/retry"), json!({})).await.refused(409, "conflict");
    })
    .await;
}

#[tokio::test]
async fn an_issued_piece_becomes_a_document_by_itself() {
    on_both_filled(|world| async move {
        registered(&world).await;
        // The demo has issued invoices: their documents wait for a worker.
        world.work().await;
        let boss = world.as_role(Role::Admin).await;
        let mut made = 0;
        for file in files(&boss).await {
            let pieces =
                boss.get(&format!("/api/opportunites/{}/pieces", file["id"].as_str().unwrap())).await.expect(200);
            let all = documents(&boss, &file).await["data"].clone();
            for piece in pieces["data"].as_array().unwrap() {
                let of = all.as_array().unwrap().iter().filter(|one| one["aboutId"] == piece["id"]);
                let [document] = of.collect::<Vec<_>>()[..] else { panic!("one document of {piece}") };
                assert_eq!((&document["createdBy"], &document["number"]), (&Value::Null, &json!(1)), "{document}");
                assert_eq!(
                    (&document["state"], &document["dated"]),
                    (&json!("ready"), &piece["issuedOn"]),
                    "{document}"
                );
                // Of a funder the host knows the name only, and an electronic invoice names its buyer by SIREN.
                let known = piece["payer"]["company"]["siren"].is_string();
                let invoice = known && ["facture", "avoir"].contains(&piece["kind"].as_str().unwrap());
                assert_eq!(document["invoice"], invoice, "{document}");
                if invoice {
                    let path = format!("/api/documents/{}/invoice", document["id"].as_str().unwrap());
                    let xml = boss.raw("GET", &path, None, &[]).await;
                    let xml = axum::body::to_bytes(xml.into_body(), 1 << 20).await.unwrap();
                    let xml = String::from_utf8(xml.to_vec()).unwrap();
                    assert!(xml.contains(piece["number"].as_str().unwrap()) && xml.contains("CrossIndustryInvoice"));
                }
                made += 1;
            }
        }
        assert!(made > 0, "the demo has pieces");
    })
    .await;
}

#[tokio::test]
async fn the_invoice_of_a_company_holds_its_electronic_form() {
    on_both_filled(|world| async move {
        let boss = world.as_role(Role::Admin).await;
        let (file, issued) = invoiced(&boss).await;
        world.work().await;
        let all = documents(&boss, &file).await["data"].clone();
        let document = all.as_array().unwrap().iter().find(|one| one["aboutId"] == issued["id"]).expect("a document");
        assert_eq!((&document["kind"], &document["state"]), (&json!("facture"), &json!("ready")), "{document}");
        assert_eq!(document["invoice"], true, "{document}");
        let id = document["id"].as_str().unwrap();
        let xml = body(&boss, &format!("/api/documents/{id}/invoice")).await;
        let xml = String::from_utf8(xml).unwrap();
        assert!(xml.contains(issued["number"].as_str().unwrap()) && xml.contains("CrossIndustryInvoice"));
        let pdf = body(&boss, &format!("/api/documents/{id}/content")).await;
        let holds = |text: &[u8]| pdf.windows(text.len()).any(|part| part == text);
        assert!(holds(b"factur-x.xml") && holds(b"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"));
    })
    .await;
}

async fn body(client: &Client, path: &str) -> Vec<u8> {
    let answer = client.raw("GET", path, None, &[]).await;
    axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()
}

/// A funder of the directory pays in place of the company, which remains the buyer: the piece, the electronic invoice and
/// the addresses say so. What the directory does not know has a name only.
#[tokio::test]
async fn a_funder_of_the_directory_pays_in_place_of_the_company() {
    on_both_filled(|world| async move {
        registered(&world).await;
        let boss = world.as_role(Role::Admin).await;
        let address = json!({"line1": "55 rue de Châteaudun", "postcode": "75009", "city": "Paris"});
        let opco = json!({
            "name": "OPCO des Essais", "siret": "44306184100047", "localisationId": world.site(HOME), "address": address,
        });
        boss.post("/api/entreprises", opco).await.expect(201);
        let payer =
            json!({"payeur": "opco", "nom": "OPCO Essais", "siret": "443 061 841 00047", "subrogation": true});
        let (file, issued) = invoiced_to(&boss, payer).await;
        let known = &issued["payer"]["company"];
        assert_eq!((&known["siren"], &known["city"]), (&json!("443061841"), &json!("Paris")), "{issued:#}");
        assert_eq!(issued["payer"]["name"], "OPCO Essais");
        let company = boss.get(&format!("/api/opportunites/{}", file["id"].as_str().unwrap())).await.expect(200);
        let company = company["opportunite"]["entreprise"]["name"].as_str().unwrap().to_owned();
        assert_eq!(issued["buyer"]["name"], company);
        world.work().await;
        let all = documents(&boss, &file).await["data"].clone();
        let document = all.as_array().unwrap().iter().find(|one| one["aboutId"] == issued["id"]).expect("a document");
        assert_eq!((&document["state"], &document["invoice"]), (&json!("ready"), &json!(true)), "{document:#}");
        let xml = body(&boss, &format!("/api/documents/{}/invoice", document["id"].as_str().unwrap())).await;
        let xml = String::from_utf8(xml).unwrap();
        let third = xml.split("PayerTradeParty").nth(1).expect("who pays in place of the buyer");
        assert!(third.contains("OPCO Essais") && third.contains("44306184100047"), "{third}");
        let buyer = xml.split("BuyerTradeParty").nth(1).expect("the buyer");
        assert!(!buyer.contains("OPCO"), "{buyer}");
        // It is one payer with its SIRET, whatever it is called.
        let listed = boss.get("/api/creances?payer=siret:44306184100047").await.expect(200);
        assert_eq!(listed["data"][0]["number"], issued["number"], "{listed}");

        let unknown = json!({"payeur": "opco", "nom": "OPCO inconnu", "siret": "35600000000048", "subrogation": true});
        let (_, issued) = invoiced_to(&boss, unknown).await;
        assert!(issued["payer"].get("company").is_none() && issued.get("buyer").is_none(), "{issued:#}");
    })
    .await;
}

/// Issues an invoice to the company of a file that is being invoiced.
async fn invoiced(boss: &Client) -> (Value, Value) {
    invoiced_to(boss, json!({"payeur": "entreprise"})).await
}

/// Issues an invoice to this payer.
async fn invoiced_to(boss: &Client, payer: Value) -> (Value, Value) {
    for file in files(boss).await {
        let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
        if file["status"] != "en_cours_facturation" {
            continue;
        }
        let mut row = payer.clone();
        (row["nature"], row["baseExoneree"], row["baseTaux20"]) = (json!("facture"), file["amount"].clone(), json!(0));
        let draft = json!({"factures": [row]});
        let drafted = boss.put_at(&format!("{path}/sections/facturation"), &file["version"], draft).await.expect(200);
        let version = &drafted["opportunite"]["version"];
        // Not everybody came to the demo's sessions.
        let reason = json!({"motifPresence": "Forfait par groupe"});
        let moved = boss.post_at(&format!("{path}/transitions/emettre_facture"), version, reason.clone()).await;
        if moved.status != 200 {
            continue;
        }
        let pieces = boss.get(&format!("{path}/pieces")).await.expect(200);
        let issued = pieces["data"].as_array().unwrap().iter().rfind(|piece| piece["kind"] == "facture").unwrap();
        return (file, issued.clone());
    }
    panic!("no file that can be invoiced");
}
