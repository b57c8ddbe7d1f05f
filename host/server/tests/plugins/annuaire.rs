//! `GET /api/entreprises/annuaire`: directories of companies, searched by plugins. The product's own one runs against a
//! server on this machine, and a test plugin does what it should not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use afpi_core::rights::Role;
use afpi_plugins::manifest::{HttpRequest, Manifest};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::files::{directory, variant};
use crate::support::{AWAY, Client, HOME, World, on_both};

/// Answers of the recorded shape, with invented companies.
const ONE: &str = include_str!("../../../../plugins/annuaire/fixtures/siret.json");
const NAMED: &str = include_str!("../../../../plugins/annuaire/fixtures/name.json");
/// An establishment of [`ONE`].
const SIRET: &str = "90000001900027";
/// Head offices of [`NAMED`], in its order.
const OFFICES: [&str; 3] = ["90000001900019", "90000002700012", "90000003500015"];

type Asked = Arc<Mutex<Vec<HashMap<String, String>>>>;

/// A fake of the public API: what is searched says how it answers.
async fn fake() -> (String, Asked) {
    async fn search(State(asked): State<Asked>, Query(query): Query<HashMap<String, String>>) -> Response {
        let q = query["q"].clone();
        asked.lock().unwrap().push(query);
        let json = |text: String| ([(header::CONTENT_TYPE, "application/json")], text).into_response();
        match q.as_str() {
            SIRET => json(ONE.to_owned()),
            "forges" => json(NAMED.to_owned()),
            "pressé" => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response(),
            "absent" => StatusCode::BAD_GATEWAY.into_response(),
            "énorme" => json(" ".repeat(2 << 20)),
            "lent" => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                StatusCode::OK.into_response()
            }
            _ => json(r#"{"results":[]}"#.to_owned()),
        }
    }
    let asked = Asked::default();
    let router = Router::new().route("/search", get(search)).with_state(asked.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, asked)
}

/// The product's plugin, allowed to call this machine.
fn relayed() -> Vec<u8> {
    variant("annuaire", |manifest: &mut Manifest| {
        manifest.id = "annuaire-essai".into();
        manifest.capabilities.http = Some(HttpRequest { hosts: vec!["config:baseUrl".into()], private_ranges: true });
    })
}

async fn seat(world: &World, id: &str, file: Vec<u8>, config: Value) {
    let admin = world.as_role(Role::Admin).await;
    let staged = admin.upload("/api/plugins", file).await.expect(201);
    let activate = format!("/api/plugins/{id}/versions/1.0.0/activate");
    admin.post(&activate, json!({"consent": staged["consent"]})).await.expect(200);
    let site = format!("/api/plugins/{id}/sites/{}", world.site(HOME));
    let now = admin.get(&format!("{site}/config")).await.expect(200);
    admin.put_at(&format!("{site}/config"), &now["version"], json!({"config": config})).await.expect(200);
    admin.put(&site, json!({"enabled": true})).await.expect(200);
}

async fn find(client: &Client, query: &str) -> Value {
    client.get(&format!("/api/entreprises/annuaire?{query}")).await.expect(200)
}

fn sirets(answer: &Value) -> Vec<&str> {
    answer["data"].as_array().unwrap().iter().map(|company| company["siret"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_directory_of_the_product_is_off_until_somebody_switches_it_on() {
    on_both(|world| async move {
        let commercial = world.as_role(Role::Commercial).await;
        let nothing = find(&commercial, &format!("q={SIRET}")).await;
        assert_eq!(nothing, json!({"sources": [], "data": []}));
        let seats = world.as_role(Role::Admin).await.get("/api/plugins/annuaire").await.expect(200);
        let sites = seats["sites"].as_array().unwrap();
        assert!(sites.len() > 1 && sites.iter().all(|site| site["enabled"] == false), "{sites:?}");
        let sentences: Vec<_> = seats["capabilities"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect();
        assert!(sentences.contains(&json!("lookup")) && sentences.contains(&json!("http-client")), "{sentences:?}");
    })
    .await;
}

#[tokio::test]
async fn a_number_or_a_name_proposes_companies_and_tells_which_are_known() {
    on_both(|world| async move {
        let (base, asked) = fake().await;
        seat(&world, "annuaire-essai", relayed(), json!({"baseUrl": base})).await;
        let commercial = world.as_role(Role::Commercial).await;

        // Before anything is typed, the form learns that there is a directory. Nobody is asked.
        let offered = find(&commercial, "").await;
        assert_eq!(offered["sources"][0]["plugin"], "annuaire-essai");
        assert_eq!((offered["sources"].as_array().unwrap().len(), &offered["data"]), (1, &json!([])));
        assert_eq!(find(&commercial, "q=fo").await["data"], json!([]), "too short");
        assert!(asked.lock().unwrap().is_empty());

        let found = find(&commercial, "q=900%20000%20019%2000027").await;
        let [company] = &found["data"].as_array().unwrap()[..] else { panic!("{found}") };
        let expected = json!({
            "source": "annuaire-essai", "name": "FORGES DU THERAIN", "siret": SIRET, "siren": "900000019",
            "vatNumber": company["vatNumber"], "nafCode": "25.62B", "nafNomenclature": "NAF rév. 2",
            "address": {"line1": "12 B ZONE DU TILLOY", "line2": null, "postcode": "60000", "city": "BEAUVAIS", "country": "FR"},
            "idcc": ["3248"], "headcount": {"least": 50, "most": 99}, "closed": false,
            "opco": {"name": "OPCO 2i", "idcc": "3248", "source": company["opco"]["source"], "dated": "2024-01-01"},
            "existing": null,
        });
        assert_eq!(*company, expected);
        assert!(company["opco"]["source"]["fr"].as_str().unwrap().contains("métallurgie"));
        // The answer fills a request as it is.
        let body = json!({"name": company["name"], "siret": company["siret"], "vatNumber": company["vatNumber"],
            "nafCode": company["nafCode"], "nafNomenclature": company["nafNomenclature"], "idcc": company["idcc"][0],
            "opco": company["opco"]["name"], "address": company["address"]});
        let made = commercial.post("/api/entreprises", body).await.expect(201);

        let again = find(&commercial, &format!("q={SIRET}")).await;
        assert_eq!(again["data"][0]["existing"], json!({"id": made["id"], "name": "FORGES DU THERAIN"}));

        let named = find(&commercial, "q=forges").await;
        assert_eq!(sirets(&named), OFFICES);
        assert_eq!((&named["data"][1]["address"]["line1"], &named["data"][2]["closed"]), (&Value::Null, &json!(true)));
        assert_eq!(sirets(&find(&commercial, "q=forges&codePostal=60000").await)[0], SIRET);
        let sent = asked.lock().unwrap().last().cloned().unwrap();
        assert_eq!((&*sent["code_postal"], &*sent["minimal"]), ("60000", "true"));
        assert_eq!(find(&commercial, "q=inconnue").await["sources"][0]["problem"], Value::Null);

        // A company of another site is known, and a person who does not see it learns no more.
        let elsewhere = json!({"name": "Ailleurs", "siret": OFFICES[0], "localisationId": world.site(AWAY)});
        world.as_role(Role::Admin).await.post("/api/entreprises", elsewhere).await.expect(201);
        let manager = find(&world.as_role(Role::Assistante).await, "q=forges").await;
        assert_eq!(manager["data"][0]["existing"], json!({}));
    })
    .await;
}

#[tokio::test]
async fn bad_input_is_told_and_only_those_who_create_companies_ask() {
    on_both(|world| async move {
        let commercial = world.as_role(Role::Commercial).await;
        let path = |query: &str| format!("/api/entreprises/annuaire?{query}");
        for (query, field) in [
            ("q=90000001900028", "/q"),
            ("q=900000018", "/q"),
            (&*format!("q={}", "x".repeat(101)), "/q"),
            ("q=forges&codePostal=6000", "/codePostal"),
        ] {
            let refused = commercial.get(&path(query)).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], field, "{query}");
        }
        commercial.get(&path(&format!("q=forges&localisationId={}", world.site(AWAY)))).await.refused(403, "forbidden");
        commercial.get(&path("nom=forges")).await.refused(400, "bad-parameter");
        world.as_role(Role::Facturation).await.get(&path("q=forges")).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_directory_that_fails_is_named_beside_the_others() {
    on_both(|world| async move {
        let (base, _) = fake().await;
        seat(&world, "annuaire-essai", relayed(), json!({"baseUrl": base})).await;
        seat(&world, "bizarre", directory("bizarre"), json!({})).await;
        let commercial = world.as_role(Role::Commercial).await;
        let problem = |answer: &Value, plugin: &str| -> Value {
            let sources = answer["sources"].as_array().unwrap();
            sources.iter().find(|source| source["plugin"] == plugin).expect("it is named")["problem"].clone()
        };

        // The public API fails in every way; the other directory still answers.
        for (q, said) in [
            ("press%C3%A9", "Too many searches at once: try again in a moment."),
            ("absent", "The directory does not answer at the moment."),
            ("%C3%A9norme", "Did not answer properly."),
            ("lent", "The directory does not answer at the moment."),
        ] {
            let answer = find(&commercial, &format!("q={q}")).await;
            assert_eq!(problem(&answer, "annuaire-essai")["en"], said, "{q}");
            assert_eq!((problem(&answer, "bizarre"), sirets(&answer).len()), (Value::Null, 1), "{q}");
        }
        // A plugin that answers what it may not, or nothing: its companies are left out, the others stay.
        for how in ["many", "long", "odd", "trap"] {
            let answer = find(&commercial, &format!("q={how}")).await;
            assert_eq!(problem(&answer, "bizarre")["en"], "Did not answer properly.", "{how}");
            assert_eq!((problem(&answer, "annuaire-essai"), &answer["data"]), (Value::Null, &json!([])), "{how}");
        }
        let refused = find(&commercial, "q=refuse").await;
        assert_eq!(problem(&refused, "bizarre")["en"], "Not you.", "in its own words");
        // A SIRET with a wrong check digit is no company. Of two that know one, the first counts.
        assert_eq!(sirets(&find(&commercial, "q=unreal").await), ["73282932000074"]);
        let both = find(&commercial, &format!("q={SIRET}")).await;
        assert_eq!((sirets(&both), &both["data"][0]["source"]), (vec![SIRET], &json!("annuaire-essai")));

        // The fifth fault quarantines it, and it says so.
        let quarantined = find(&commercial, "q=trap").await;
        assert_eq!(problem(&quarantined, "bizarre")["en"], "Did not answer properly.");
        let quarantined = find(&commercial, "q=forges").await;
        assert_eq!(problem(&quarantined, "bizarre")["en"], "Stopped for a while after repeated failures.");
        assert_eq!(sirets(&quarantined), OFFICES);
    })
    .await;
}
