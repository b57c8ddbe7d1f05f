//! Results of `?q=`: names and numbers in any spelling, contacts, and the numbers of documents.

use crate::support::{AWAY, Client, HOME, World, on_both, on_both_filled, opportunite, process};
use afpi_core::rights::Role;
use afpi_db::Backend;
use afpi_platform::feed::{Changed, noted};
use afpi_search::phone;
use serde_json::{Value, json};

/// One field of every record that the search finds.
async fn found(client: &Client, path: &str, q: &str, field: &str) -> Vec<String> {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let list = client.get(&format!("{path}?q={q}&limit=50")).await.expect(200);
    list["data"].as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn companies_are_found_by_their_numbers_and_their_people() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({
            "name": "Chaudronnerie du Nord", "siret": "44306184100047", "phone": "+33 3 20 55 44 33", "localisationId": w.site(HOME),
            "contacts": [{"firstName": "Zoé", "lastName": "Lefèvre", "email": "zoe.lefevre@nord.example", "phone": "06.11.22.33.44"}],
        });
        let company = admin.post("/api/entreprises", body).await.expect(201);
        let one = ["Chaudronnerie du Nord".to_owned()];
        for q in [
            "chaudronerie",
            "0320554433",
            "03 20 55 44 33",
            "0033 3 20 55 44 33",
            "443 061 841",
            "44306184100047",
            "Lefevre",
            "zoé lefèvre",
            "zoe.lefevre@nord",
            "+33 6 11 22 33 44",
            "nord 0611223344",
        ] {
            assert_eq!(found(&admin, "/api/entreprises", q, "name").await, one, "{q}");
        }
        let id = company["id"].as_str().unwrap();
        let changed = json!({"contacts": [{"lastName": "Marchand"}], "phone": null});
        admin.patch(&format!("/api/entreprises/{id}"), &company["version"], changed).await.expect(200);
        assert_eq!(found(&admin, "/api/entreprises", "marchand", "name").await, one);
        let now = admin.get(&format!("/api/entreprises/{id}")).await.expect(200);
        let again = json!({"id": now["contacts"][0]["id"], "lastName": "Marchand"});
        let twice = admin.patch(&format!("/api/entreprises/{id}"), &now["version"], json!({"contacts": [again, again]})).await;
        assert_eq!(twice.refused(422, "validation")["fields"][0]["field"], "/contacts/1/id");
        for gone in ["lefevre", "0320554433"] {
            assert!(found(&admin, "/api/entreprises", gone, "name").await.is_empty(), "{gone}");
        }
    })
    .await;
}

#[tokio::test]
async fn trainers_are_found_by_telephone_and_misspelt_skills() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({"name": "Hélène Bataille", "phone": "03 44 00 11 22", "kind": "permanent",
            "skills": ["Électrotechnique"], "localisationId": w.site(HOME)});
        admin.post("/api/formateurs", body).await.expect(201);
        for q in ["electrotecnique", "+33 3 44 00 11 22", "helene"] {
            assert_eq!(found(&admin, "/api/formateurs", q, "name").await, ["Hélène Bataille"], "{q}");
        }
    })
    .await;
}

#[tokio::test]
async fn files_are_found_by_the_numbers_of_their_documents_within_the_scope() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let mut tried = 0;
        let list = admin.get("/api/opportunites?limit=100").await.expect(200);
        for row in list["data"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap();
            let data = admin.get(&format!("/api/opportunites/{id}")).await.expect(200)["opportunite"]["data"].clone();
            for number in numbers(&data) {
                let numero = row["numero"].as_str().unwrap().to_owned();
                let hits = found(&admin, "/api/opportunites", &number, "numero").await;
                assert!(hits.contains(&numero), "{numero} is not found by {number}: {hits:?}");
                tried += 1;
            }
        }
        assert!(tried > 5, "the demo has quotes and invoices: {tried}");
        // A person of another site does not find this number.
        let elsewhere = w.another(Role::Manager, "ailleurs", &[AWAY]).await;
        let elsewhere = w.as_user(elsewhere).await;
        for row in elsewhere.get("/api/opportunites?q=D20&limit=100").await.expect(200)["data"].as_array().unwrap() {
            assert_eq!(row["localisation"]["code"], AWAY);
        }
    })
    .await;
}

/// The numbers of quotes and invoices in a record's documents: the texts under `numero`.
fn numbers(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(number) if name == "numero" => vec![number.clone()],
                other => numbers(other),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

/// The global search: `(kind, title, more)` of every hit, kinds in their order.
async fn everything(client: &Client, q: &str) -> Vec<(String, String, bool)> {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let answer = client.get(&format!("/api/search?q={q}")).await.expect(200);
    assert_eq!(answer["ready"], true);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let hits = |group: &Value| {
        let (kind, more) = (text(&group["kind"]), group["more"] == true);
        let hits = group["hits"].as_array().unwrap().iter();
        hits.map(|hit| (kind.clone(), text(&hit["title"]), more)).collect::<Vec<_>>()
    };
    answer["groups"].as_array().unwrap().iter().flat_map(hits).collect()
}

/// The titles of the hits of a kind.
async fn titles(client: &Client, q: &str, kind: &str) -> Vec<String> {
    let hits = everything(client, q).await.into_iter();
    hits.filter(|(of, ..)| of == kind).map(|(_, title, _)| title).collect()
}

/// A client of another process on the same database.
async fn elsewhere(w: &World, role: Role) -> Client {
    let other = w.beside(process(&w.app.config.data_dir, w.app.db.clone()).await);
    let client = other.as_role(role).await;
    // Its index is there before anything is written.
    everything(&client, "zzzz").await;
    client
}

#[tokio::test]
async fn what_one_process_writes_the_next_search_of_another_finds() {
    on_both(|w| async move {
        let (admin, other) = (w.as_role(Role::Admin).await, elsewhere(&w, Role::Admin).await);
        // A company with its people.
        let body = json!({"name": "Quartzerie Moderne", "localisationId": w.site(HOME),
            "contacts": [{"firstName": "Ysoline", "lastName": "Kerguelen"}, {"lastName": "Trobriand"}]});
        let company = admin.post("/api/entreprises", body).await.expect(201);
        let path = format!("/api/entreprises/{}", company["id"].as_str().unwrap());
        assert_eq!(titles(&other, "quartzerie", "entreprise").await, ["Quartzerie Moderne"]);
        assert_eq!(titles(&other, "kerguelen", "contact").await, ["Ysoline Kerguelen"]);
        let change = json!({"name": "Basalterie Moderne", "contacts": [{"lastName": "Bougainville"}]});
        let company = admin.patch(&path, &company["version"], change).await.expect(200);
        assert_eq!(titles(&other, "basalterie", "entreprise").await, ["Basalterie Moderne"]);
        assert_eq!(titles(&other, "bougainville", "contact").await, ["Bougainville"]);
        for gone in ["quartzerie", "kerguelen", "trobriand"] {
            assert!(everything(&other, gone).await.is_empty(), "{gone}");
        }
        admin.patch(&path, &company["version"], json!({"active": false})).await.expect(200);
        assert_eq!(titles(&other, "basalterie", "entreprise").await, ["Basalterie Moderne"]);

        // An opportunité, and its company under another name.
        let file = opportunite(&w, "Vitrification avancée").await;
        let numero = file["numero"].as_str().unwrap();
        assert_eq!(titles(&other, numero, "opportunite").await, ["Vitrification avancée"]);
        assert_eq!(titles(&other, "vitrificaton", "opportunite").await, ["Vitrification avancée"]);
        let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
        admin.patch(&path, &file["version"], json!({"title": "Émaillage au four"})).await.expect(200);
        assert_eq!(titles(&other, "emaillage", "opportunite").await, ["Émaillage au four"]);
        let of = format!("/api/entreprises/{}", file["entreprise"]["id"].as_str().unwrap());
        let company = admin.get(&of).await.expect(200);
        admin.patch(&of, &company["version"], json!({"name": "Zirconia"})).await.expect(200);
        assert_eq!(titles(&other, "zirconia four", "opportunite").await, ["Émaillage au four"]);
        assert!(everything(&other, "vitrification").await.is_empty());

        // A trainee of it.
        let trainees = format!("{path}/stagiaires");
        let trainee = json!({"firstName": "Anselme", "lastName": "Vercingetorix"});
        let trainee = admin.post(&trainees, trainee).await.expect(201);
        assert_eq!(titles(&other, "vercingetorix", "stagiaire").await, ["Vercingetorix Anselme"]);
        let one = format!("/api/stagiaires/{}", trainee["id"].as_str().unwrap());
        let trainee = admin.patch(&one, &trainee["version"], json!({"lastName": "Ambiorix"})).await.expect(200);
        assert_eq!(titles(&other, "ambiorix", "stagiaire").await, ["Ambiorix Anselme"]);
        let version = [("if-match", format!("\"{}\"", trainee["version"]))];
        admin.send("DELETE", &one, None, &version).await.expect(204);
        assert!(everything(&other, "ambiorix").await.is_empty());

        // A session, a trainer, a person.
        let session = json!({"numero": "S-7788", "title": "Cuisson lente", "localisationId": w.site(HOME)});
        let session = admin.post("/api/sessions", session).await.expect(201);
        assert_eq!(titles(&other, "s-7788", "session").await, ["Cuisson lente"]);
        let one = format!("/api/sessions/{}", session["id"].as_str().unwrap());
        admin.patch(&one, &session["version"], json!({"title": "Trempe vive"})).await.expect(200);
        assert_eq!(titles(&other, "trempe", "session").await, ["Trempe vive"]);
        let trainer = json!({"name": "Gwenaëlle Pompadour", "kind": "permanent", "localisationId": w.site(HOME)});
        let trainer = admin.post("/api/formateurs", trainer).await.expect(201);
        assert_eq!(titles(&other, "pompadour", "formateur").await, ["Gwenaëlle Pompadour"]);
        let one = format!("/api/formateurs/{}", trainer["id"].as_str().unwrap());
        admin.patch(&one, &trainer["version"], json!({"phone": "03 44 00 11 22"})).await.expect(200);
        assert_eq!(titles(&other, "+33 3 44 00 11", "formateur").await, ["Gwenaëlle Pompadour"]);
        w.another(Role::Manager, "theodebert", &[HOME]).await;
        assert_eq!(titles(&other, "theodebert", "user").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn files_that_are_imported_and_taken_back_are_found_and_forgotten() {
    on_both(|w| async move {
        let (manager, other) = (w.as_role(Role::Manager).await, elsewhere(&w, Role::Admin).await);
        let headers = [("content-type", "text/csv; charset=utf-8".to_owned())];
        let path = format!("/api/imports?localisationId={}&name=liste.csv", w.site(HOME));
        let file = "Raison sociale;Code postal;Ville;Nom du contact\nObsidienne Frères;02100;Laon;Childeric\n";
        let import = manager.file(&path, file.as_bytes().to_vec(), &headers).await.expect(201);
        let path = format!("/api/imports/{}", import["id"].as_str().unwrap());
        for (verb, count) in [("preview", 0), ("apply", 1), ("revert", 0)] {
            manager.post(&format!("{path}/{verb}"), Value::Null).await.expect(202);
            w.work().await;
            assert_eq!(titles(&other, "obsidienne", "entreprise").await.len(), count, "{verb}");
            assert_eq!(titles(&other, "childeric", "contact").await.len(), count, "{verb}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_that_becomes_visible_late_is_not_missed() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        everything(&admin, "zzzz").await;
        // Only there can a second transaction write meanwhile.
        if w.app.db.backend() == Backend::Sqlite {
            return;
        }
        let rename = async |conn: &mut afpi_db::Conn, role: Role, name: &str| {
            let id = w.person(role);
            let query = afpi_db::sql("UPDATE users SET name = ? WHERE id = ?").bind(name).bind(id);
            query.execute(conn).await.unwrap();
            noted(conn, [(Changed::User, id)]).await.unwrap();
        };
        let mut first = w.app.db.begin().await.unwrap();
        rename(&mut first, Role::Manager, "Sigismond").await;
        let mut second = w.app.db.begin().await.unwrap();
        rename(&mut second, Role::Commercial, "Clodomir").await;
        second.commit().await.unwrap();
        assert_eq!(titles(&admin, "clodomir", "user").await, ["Clodomir"]);
        assert!(titles(&admin, "sigismond", "user").await.is_empty());
        first.commit().await.unwrap();
        assert_eq!(titles(&admin, "sigismond", "user").await, ["Sigismond"]);
    })
    .await;
}

#[tokio::test]
async fn a_search_tells_nothing_of_what_the_caller_may_not_see() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for at in 0..9 {
            let body = json!({"name": format!("Porphyre {at}"), "localisationId": w.site(HOME)});
            admin.post("/api/entreprises", body).await.expect(201);
        }
        let body = json!({"name": "Porphyre lointain", "localisationId": w.site(AWAY)});
        admin.post("/api/entreprises", body).await.expect(201);
        let file = opportunite(&w, "Gneiss appliqué").await;
        let trainer = json!({"name": "Dagobert Gneiss", "kind": "permanent", "localisationId": w.site(HOME)});
        admin.post("/api/formateurs", trainer).await.expect(201);
        let trainee = json!({"firstName": "Eudes", "lastName": "Gneiss"});
        let path = format!("/api/opportunites/{}/stagiaires", file["id"].as_str().unwrap());
        admin.post(&path, trainee).await.expect(201);

        let all = everything(&admin, "porphyre").await;
        assert_eq!((all.len(), all[0].2), (5, true), "{all:?}");
        let away = w.another(Role::Manager, "ailleurs", &[AWAY]).await;
        let away = w.as_user(away).await;
        let own = ("entreprise".to_owned(), "Porphyre lointain".to_owned(), false);
        assert_eq!(everything(&away, "porphyre").await, std::slice::from_ref(&own));
        assert!(everything(&away, "gneiss").await.is_empty());
        // Nearly the same: what lies elsewhere does not keep the own company from being found.
        assert_eq!(everything(&away, "porphire lointian").await, [own]);
        // A commercial reads all companies, own opportunités, and no trainers.
        let other = w.another(Role::Commercial, "autre", &[HOME]).await;
        let other = w.as_user(other).await;
        assert_eq!(titles(&other, "porphyre", "entreprise").await.len(), 5);
        assert_eq!(everything(&other, "gneiss").await.len(), titles(&other, "gneiss", "entreprise").await.len());
        let owner = w.as_role(Role::Commercial).await;
        let seen = everything(&owner, "gneiss").await;
        let kinds: Vec<&str> = seen.iter().map(|(kind, ..)| kind.as_str()).collect();
        assert!(!kinds.contains(&"formateur") && !kinds.contains(&"user"), "{kinds:?}");
        assert_eq!(everything(&admin, "gneiss").await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn hits_are_marked_grouped_and_forgive_typing_errors() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({"name": "Métallerie Rousseau", "siret": "44306184100047", "phone": "+33 3 20 55 44 33",
            "localisationId": w.site(HOME), "contacts": [{"firstName": "Zoé", "lastName": "Rousseau"}]});
        let company = admin.post("/api/entreprises", body).await.expect(201);
        let answer = admin.get("/api/search?q=rouseau").await.expect(200);
        let groups = answer["groups"].as_array().unwrap();
        let kinds: Vec<&Value> = groups.iter().map(|group| &group["kind"]).collect();
        assert_eq!(kinds, ["entreprise", "contact"]);
        assert_eq!(groups[0]["hits"][0]["titleMarks"], json!([[11, 19]]));
        assert_eq!(groups[1]["hits"][0]["opens"], company["id"]);
        for (q, title) in [("metalerie ruosseau", "Métallerie Rousseau"), ("métalerie roussaeu", "Métallerie Rousseau")]
        {
            assert_eq!(titles(&admin, q, "entreprise").await, [title], "{q}");
        }
        let answer = admin.get("/api/search?q=03%2020%2055").await.expect(200);
        let hit = &answer["groups"][0]["hits"][0];
        let detail: Vec<u16> = hit["detail"].as_str().unwrap().encode_utf16().collect();
        let [from, to] = [0, 1].map(|at| hit["detailMarks"][0][at].as_u64().unwrap() as usize);
        assert_eq!(phone(&String::from_utf16(&detail[from..to]).unwrap()), "032055", "{hit}");
        // Too short, or nothing to look for.
        for q in ["", "r", "%20", "'!"] {
            assert_eq!(admin.get(&format!("/api/search?q={q}")).await.expect(200)["groups"], json!([]), "{q}");
        }
        // Lists forgive too, but only when nothing is spelt so.
        assert_eq!(found(&admin, "/api/entreprises", "metallerie rosseau", "name").await, ["Métallerie Rousseau"]);
        let body = json!({"name": "Métallerie Rosseau", "localisationId": w.site(HOME)});
        admin.post("/api/entreprises", body).await.expect(201);
        assert_eq!(found(&admin, "/api/entreprises", "metallerie rosseau", "name").await, ["Métallerie Rosseau"]);
    })
    .await;
}
