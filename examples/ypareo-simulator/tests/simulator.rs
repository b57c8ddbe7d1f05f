//! The simulator itself: what it serves, which tokens it accepts, and each misbehaviour.

use serde_json::{Value, json};
use ypareo_simulator::{Container, Empty, Fault, How, Options, Profile, Rule, Simulator, Unknown};

struct Client {
    simulator: Simulator,
    http: reqwest::Client,
}

impl Client {
    async fn start(options: Options) -> Self {
        let simulator = Simulator::start(options).await.expect("a free port");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Client { simulator, http }
    }

    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let token = self.simulator.options().token.clone();
        self.http.request(method, format!("{}/r/v1/{path}", self.simulator.base_url())).header("x-AUTH-token", token)
    }

    /// Status and body. A broken body is an error.
    async fn get(&self, path: &str) -> (u16, Result<Vec<u8>, reqwest::Error>) {
        let response = self.request(reqwest::Method::GET, path).send().await.expect("an answer");
        (response.status().as_u16(), response.bytes().await.map(|bytes| bytes.to_vec()))
    }

    async fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}");
        serde_json::from_slice(&body.expect("a whole body")).expect(path)
    }

    async fn control(&self, change: Value) -> (u16, String) {
        let url = format!("http://{}/_control", self.simulator.address());
        let request = self.http.post(url).header("content-type", "application/json").body(change.to_string());
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a text"))
    }
}

fn rich() -> Options {
    Options {
        companies: 40,
        apprentices: 60,
        profile: Profile { hypothetical: true, ..Profile::default() },
        ..Options::default()
    }
}

fn size(list: &Value) -> usize {
    list.as_object().map_or_else(|| list.as_array().map_or(0, Vec::len), serde_json::Map::len)
}

#[tokio::test]
async fn every_route_of_the_sheet_answers() {
    let client = Client::start(rich()).await;
    for (path, count) in [
        ("sites", 14),
        ("periodes", 3),
        ("annees", 3),
        ("statuts", 3),
        ("formations", 13),
        ("pays", 1),
        ("nationalites", 3),
        ("types-evenement", 2),
        ("entreprises", 40),
        ("formation-longue/groupes", 10),
        ("formation-longue/apprenants", 60),
        ("formation-courte/01-01-2026/31-12-2026/groupes", 4),
        ("formation-courte/01-01-2026/31-12-2026/apprenants", 20),
        ("apprenants/frequentes", 60),
        ("personnels", 30),
        ("contrats", 60),
        ("formation-longue/prospects-with-events", 15),
        ("formation-longue/prospects-with-events/21/1/01-01-2025/31-12-2025/0", 5),
        ("preinscription/candidat", 0),
    ] {
        assert_eq!(size(&client.json(path).await), count, "{path}");
    }
    for (path, field) in [
        ("entreprises/1007", "nomEntreprise"),
        ("formations/501", "nomFormation"),
        ("groupes/8001", "nomGroupe"),
        ("apprenants/1400001", "nomApprenant"),
        ("../v1.1/personnels/7001", "nomPersonnel"),
    ] {
        assert!(client.json(path).await[field].is_string(), "{path}");
    }
    assert!(size(&client.json("groupes/8001/apprenants").await) > 0);
    client.simulator.stop().await;
}

#[tokio::test]
async fn the_same_seed_invents_the_same_instance_and_other_codes_another() {
    let (one, two) = (Client::start(rich()).await, Client::start(rich()).await);
    assert_eq!(one.json("entreprises").await, two.json("entreprises").await);
    two.simulator.change(|options| options.profile.code_offset = 40_000_000);
    let first = two.json("entreprises").await["0"]["codeEntreprise"].clone();
    assert_eq!(first, 40_001_007);
    assert!(two.json("entreprises/40001007/interlocuteurs").await.is_object() || first.is_u64());
}

#[tokio::test]
async fn guesses_stand_behind_the_profile() {
    let client = Client::start(Options::default()).await;
    let company = client.json("entreprises/1007").await;
    let fields: Vec<&String> = company.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["codeEntreprise", "nomEntreprise", "siret"]);
    assert_eq!(client.json("entreprises/1007/interlocuteurs").await, json!([]));
    assert_eq!(client.get("formation-courte/01-01-2026/31-12-2026/groupes").await.0, 404);
    let write = client.request(reqwest::Method::POST, "entreprises").body("{}").send().await.expect("an answer");
    assert_eq!(write.status(), 405);
}

#[tokio::test]
async fn only_the_token_and_its_ticks_open_an_endpoint() {
    let client = Client::start(rich()).await;
    let url = format!("{}/r/v1/sites", client.simulator.base_url());
    for refusal in [401, 403] {
        client.simulator.change(|options| {
            options.profile.refusal = refusal;
            options.denied = ["entreprises/{code}/interlocuteurs".to_owned()].into();
        });
        assert_eq!(client.http.get(&url).send().await.expect("an answer").status(), refusal, "no token");
        let wrong = client.http.get(&url).header("X-Auth-Token", "x").send().await.expect("an answer");
        assert_eq!(wrong.status(), refusal, "a wrong one");
        assert_eq!(client.get("sites").await.0, 200);
        assert_eq!(client.get("entreprises/1007").await.0, 200);
        assert_eq!(client.get("entreprises/1007/interlocuteurs").await.0, refusal, "not ticked");
    }
    client.simulator.change(|options| options.only_sites = Some([3_900_001].into()));
    assert_eq!(size(&client.json("sites").await), 1, "a token limited to one site");
}

#[tokio::test]
async fn containers_and_unknown_codes_follow_the_profile() {
    let client = Client::start(rich()).await;
    assert_eq!(client.json("entreprises").await["1"]["codeEntreprise"], 1014);
    client.simulator.change(|options| options.profile.container = Container::ByCode);
    assert_eq!(client.json("entreprises").await["1014"]["codeEntreprise"], 1014);
    client.simulator.change(|options| options.profile.container = Container::Array);
    assert_eq!(client.json("entreprises").await[1]["codeEntreprise"], 1014);

    client.simulator.change(|options| options.companies = 0);
    assert_eq!(client.json("entreprises").await, json!([]));
    client.simulator.change(|options| options.profile.empty = Empty::Object);
    assert_eq!(client.json("entreprises").await, json!({}));

    assert_eq!(client.get("entreprises/9").await.0, 404);
    client.simulator.change(|options| options.profile.unknown = Unknown::EmptyOk);
    let (status, body) = client.get("entreprises/9").await;
    assert_eq!((status, body.expect("a body")), (200, vec![]));
}

#[tokio::test]
async fn filters_and_dates() {
    let client = Client::start(rich()).await;
    assert_eq!(size(&client.json("contrats?codesApprenant=1400001,1400002").await), 2);
    assert_eq!(size(&client.json("contrats?codesApprenant=1400001%2C1400002").await), 2);
    let of_site = size(&client.json("formation-longue/apprenants?codesSite=3900001").await);
    assert!(of_site > 0 && of_site < 60);
    assert_eq!(size(&client.json("formation-longue/groupes?codesPeriode=999").await), 0);
    assert_eq!(client.get("rechercher/apprenants").await.0, 400, "at least one criterion");
    assert_eq!(size(&client.json("rechercher/apprenants?codesApprenant=1400003").await), 1);
    for dates in ["2026-01-01/2026-12-31", "01-01-2026/hier", "1-1-2026/31-12-2026"] {
        assert_eq!(client.get(&format!("formation-courte/{dates}/groupes")).await.0, 400, "{dates}");
    }
}

#[tokio::test]
async fn each_misbehaviour_is_what_it_says() {
    let client = Client::start(rich()).await;
    let whole = client.get("entreprises").await.1.expect("a whole body");
    let bad = |how: How| client.simulator.change(|options| options.misbehave = vec![Rule::new("entreprises", how)]);
    let utf8 = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok();

    bad(How::EmptyBody);
    assert_eq!(client.get("entreprises").await.1.expect("a body"), b"");
    bad(How::HtmlOk);
    let (status, page) = client.get("entreprises").await;
    let page = page.expect("a page");
    assert!(status == 200 && page.starts_with(b"<!DOCTYPE") && !utf8(&page));
    for (how, expected) in
        [(How::HtmlForbidden, 403), (How::HtmlNotFound, 404), (How::Status(503), 503), (How::Refused, 403)]
    {
        bad(how);
        assert_eq!(client.get("entreprises").await.0, expected);
    }
    for after in [1, 1000, 33_000, usize::MAX] {
        bad(How::TruncatedJson(after));
        let cut = client.get("entreprises").await.1.expect("a proper end");
        assert!(whole.starts_with(&cut) && cut.len() < whole.len() && !cut.is_empty(), "{after}: {}", cut.len());
        bad(How::CutMidway(after));
        assert!(client.get("entreprises").await.1.is_err(), "{after}: no proper end");
    }
    bad(How::Windows1252);
    let other = client.get("entreprises").await.1.expect("a body");
    assert!(!utf8(&other) && other.len() < whole.len());
    bad(How::EmptyList);
    assert_eq!(client.json("entreprises").await, json!([]));
    bad(How::FarShorter(2));
    assert_eq!(size(&client.json("entreprises").await), 2);
    bad(How::ContainerFlip);
    assert!(client.json("entreprises").await.is_array());
    bad(How::ErrorObject);
    assert!(client.json("entreprises").await["error"].is_string());
    assert_eq!(size(&client.json("sites").await), 14, "the others are fine all along");
    client.simulator.reset();
    assert_eq!(client.get("entreprises").await.1.expect("a body"), whole);
}

#[tokio::test]
async fn rules_are_used_up_and_may_hit_every_nth_request() {
    let client = Client::start(rich()).await;
    client.simulator.change(|options| options.misbehave = vec![Rule::new("sites", How::Status(500)).times(2)]);
    let mut statuses = vec![];
    for _ in 0..3 {
        statuses.push(client.get("sites").await.0);
    }
    assert_eq!(statuses, [500, 500, 200]);
    client
        .simulator
        .change(|options| options.misbehave = vec![Rule::new("entreprises/{code}", How::Status(500)).every(3)]);
    let mut statuses = vec![];
    for _ in 0..6 {
        statuses.push(client.get("entreprises/1007").await.0);
    }
    assert_eq!(statuses, [200, 200, 500, 200, 200, 500]);
}

#[tokio::test]
async fn the_control_route_changes_a_running_instance() {
    let client = Client::start(rich()).await;
    client.get("sites").await.1.expect("a body");
    let change = json!({"misbehave": [{"on": "entreprises", "how": {"status": 503}}, {"on": "sites", "how": "html-ok", "times": 1}],
        "profile": {"container": "array"}, "companies": 3, "faults": ["siret-spaced"], "archived": [1007]});
    let (status, shown) = client.control(change).await;
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(
        (status, &shown["requests"]["sites"], &shown["options"]["profile"]["hypothetical"]),
        (200, &json!(1), &json!(true))
    );
    assert_eq!(client.get("entreprises").await.0, 503);
    assert_eq!(client.simulator.options().faults, [Fault::SiretSpaced].into());
    for wrong in [
        json!({"misbehave": [{"on": "x", "how": "explode"}]}),
        json!({"nonsense": 1}),
        json!([]),
        json!({"prefix": "/x"}),
    ] {
        assert_eq!(client.control(wrong.clone()).await.0, 400, "{wrong}");
    }
    assert_eq!(client.get("entreprises").await.0, 503, "a refused change changes nothing");
    assert_eq!(client.control(json!({"reset": true})).await.0, 200);
    assert_eq!(size(&client.json("entreprises").await), 40);
    let below = client.get("_control").await;
    assert_eq!(below.0, 404, "it is no part of the instance");
}

#[tokio::test]
async fn candidates_and_documents_can_be_written() {
    let client = Client::start(rich()).await;
    let post = |path: &'static str, body: Value| {
        let request = client.request(reqwest::Method::POST, path).body(body.to_string());
        async move {
            let response = request.send().await.expect("an answer");
            (response.status().as_u16(), response.text().await.expect("a text"))
        }
    };
    let candidate = json!({"nomApprenant": "NOIRMONTIN", "prenomApprenant": "Sacha"});
    assert_eq!(post("preinscription/candidat", candidate.clone()).await, (200, "501".into()), "the bare number");
    assert_eq!(post("preinscription/candidat", candidate.clone()).await.1, "502", "twice is two");
    assert!(post("preinscription/candidat", json!({})).await.1.parse::<u64>().is_err(), "an error text with 200");
    assert_eq!(client.json("preinscription/candidat/501").await["nomApprenant"], "NOIRMONTIN");

    client
        .simulator
        .change(|options| options.misbehave = vec![Rule::new("preinscription/candidat", How::TextOk).times(1)]);
    let (status, text) = post("preinscription/candidat", candidate).await;
    assert!(status == 200 && text.parse::<u64>().is_err());
    assert_eq!(
        size(&client.json("preinscription/candidat").await),
        3,
        "created all the same: read back before a retry"
    );

    let document = json!({"contenu": "AA==", "nomDocument": "x", "typeMime": "application/pdf", "extension": "pdf"});
    assert_eq!(post("document/apprenant/1400001/document?codeRepertoire=1", document).await.0, 200);
    assert_eq!(post("document/apprenant/1400001/document?codeRepertoire=1", json!({})).await.0, 500);
}

#[tokio::test]
async fn what_does_not_exist_is_a_page_in_another_character_set() {
    let client = Client::start(rich()).await;
    for path in ["r/v1/sites", "entreprise", "sites/"] {
        let (status, page) = client.get(path).await;
        let page = page.expect("a page");
        assert!(status == 404 && page.starts_with(b"<!DOCTYPE") && std::str::from_utf8(&page).is_err(), "{path}");
    }
}
