//! Companies: bad input, duplicates and lost races.

use crate::support::{AWAY, HOME, on_both};
use afpi_core::rights::Role;
use serde_json::{Value, json};

/// A SIRET with a correct check digit (Luhn over 14 digits), and the same SIRET with a wrong check digit.
const SIRET: &str = "73282932000074";
const WRONG: &str = "73282932000075";

#[tokio::test]
async fn bad_input_names_its_fields_and_stores_nothing() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        for (body, code, field) in [
            (json!({}), "validation", "/name"),
            (json!({"name": " "}), "validation", "/name"),
            (json!({"name": 7}), "wrong-type", "/name"),
            (json!({"name": "A", "siret": "123"}), "validation", "/siret"),
            (json!({"name": "A", "siret": WRONG}), "validation", "/siret"),
            (json!({"name": "A", "siret": 73282932000074i64}), "wrong-type", "/siret"),
            (json!({"name": "A", "email": "pas une adresse"}), "validation", "/email"),
            (json!({"name": "A", "tags": ["x".repeat(81)]}), "validation", "/tags/0"),
            (json!({"name": "A", "tags": ["eau", " "]}), "validation", "/tags/1"),
            (json!({"name": "A", "headcount": -1}), "validation", "/headcount"),
            (json!({"name": "A", "kind": "geante"}), "wrong-type", "/kind"),
            (json!({"name": "A", "address": {"rue": "x"}}), "unknown-field", "/address/rue"),
            (
                json!({"name": "A", "contacts": [{"lastName": "B"}, {"lastName": ""}]}),
                "validation",
                "/contacts/1/lastName",
            ),
            (json!({"name": "A", "version": 3}), "unknown-field", "/version"),
            (
                json!({"name": "A", "localisationId": "018f0000-0000-7000-8000-000000000000"}),
                "validation",
                "/localisationId",
            ),
        ] {
            let problem = commercial.post("/api/entreprises", body.clone()).await.refused(422, code);
            assert_eq!(problem["fields"][0]["field"], field, "{body}");
        }
        let problem =
            commercial.post("/api/entreprises", json!({"name": "A", "siret": WRONG})).await.refused(422, "validation");
        assert_eq!(problem["fields"][0]["code"], "siret-checksum");
        commercial.text("POST", "/api/entreprises", "{\"name\": ").await.refused(400, "malformed-json");
        commercial
            .text("POST", "/api/entreprises", json!({"name": "A", "notes": "x".repeat(1024 * 1024)}).to_string())
            .await
            .refused(413, "too-large");
        commercial
            .post("/api/entreprises", json!({"name": "A", "localisationId": w.site(AWAY)}))
            .await
            .refused(403, "forbidden");
        w.as_role(Role::Facturation)
            .await
            .post("/api/entreprises", json!({"name": "A"}))
            .await
            .refused(403, "forbidden");
        assert_eq!(w.as_role(Role::Admin).await.get("/api/entreprises").await.expect(200)["meta"]["total"], 0);
        // A SIRET is not required.
        commercial.post("/api/entreprises", json!({"name": "Sans SIRET"})).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn identifiers_are_stored_in_one_form_and_a_contradiction_is_refused_at_its_field() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        // The server accepts the spellings that people paste, and stores one form.
        let pasted = json!({"name": " Me\u{301}canique ", "siret": "732\u{a0}829\u{202f}320 00074", "vatNumber": "fr 44-732.829.320",
            "nafCode": "2562b", "idcc": "16", "phone": "+33 (0)3 20 55 44 33", "address": {"postcode": "59043 Cedex 9", "city": "LILLE"},
            "website": " ", "contacts": [{"lastName": "B", "phone": "03.20.55.44.33", "function": ""}]});
        let made = commercial.post("/api/entreprises", pasted).await.expect(201);
        for (pointer, stored) in [
            ("/name", json!("Mécanique")),
            ("/siret", json!(SIRET)),
            ("/siren", json!("732829320")),
            ("/vatNumber", json!("FR44732829320")),
            ("/nafCode", json!("25.62B")),
            ("/idcc", json!("0016")),
            ("/phone", json!("03 20 55 44 33")),
            ("/address/postcode", json!("59043")),
            ("/address/city", json!("LILLE CEDEX 9")),
            ("/website", json!(null)),
            ("/contacts/0/phone", json!("03 20 55 44 33")),
            ("/contacts/0/function", json!(null)),
        ] {
            assert_eq!(made.pointer(pointer), Some(&stored), "{pointer}");
        }

        for (body, field, code) in [
            (json!({"vatNumber": "FR_9128370925"}), "/vatNumber", "vat-format"),
            (json!({"vatNumber": "FR45732829320"}), "/vatNumber", "vat-checksum"),
            (json!({"siren": "000000000"}), "/siren", "siren-checksum"),
            (json!({"siret": "00000000000000"}), "/siret", "siret-checksum"),
            (json!({"siret": "44306184100047", "siren": "732829320"}), "/siren", "siren-siret"),
            (json!({"siren": "443061841", "vatNumber": "FR44732829320"}), "/vatNumber", "vat-siren"),
            (json!({"siret": "44306184100047", "vatNumber": "FR44732829320"}), "/vatNumber", "vat-siren"),
            (json!({"nafCode": "métallurgie"}), "/nafCode", "naf"),
            (json!({"idcc": "beaucoup"}), "/idcc", "idcc"),
            (json!({"phone": "n.c."}), "/phone", "phone"),
            (json!({"address": {"postcode": "5904"}}), "/address/postcode", "postcode"),
        ] {
            let mut new = body.clone();
            new["name"] = json!("B");
            let problem = commercial.post("/api/entreprises", new).await.refused(422, "validation");
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!(field), &json!(code)), "{body}");
            assert_eq!(problem["fields"].as_array().unwrap().len(), 1, "{problem:#}");
        }
        // A blank VAT number counts as none. La Poste has its own check-digit rule.
        let post = json!({"name": "La Poste", "siret": "356 000 000 49837", "vatNumber": "   "});
        assert_eq!(commercial.post("/api/entreprises", post).await.expect(201)["vatNumber"], "FR39356000000");

        // A new SIRET changes the SIREN and the VAT number. The server refuses values that contradict the SIRET, even
        // if the request contains only one of them.
        let path = format!("/api/entreprises/{}", made["id"].as_str().unwrap());
        for (body, field) in [
            (json!({"siren": "443061841"}), "/siren"),
            (json!({"vatNumber": "FR64443061841"}), "/vatNumber"),
            (json!({"siret": "44306184100047", "vatNumber": "FR44732829320"}), "/vatNumber"),
        ] {
            let problem = commercial.patch(&path, &json!(1), body.clone()).await.refused(422, "validation");
            assert_eq!(problem["fields"][0]["field"], field, "{body}");
        }
        let moved = commercial.patch(&path, &json!(1), json!({"siret": "44306184100047"})).await.expect(200);
        assert_eq!((&moved["siren"], &moved["vatNumber"]), (&json!("443061841"), &json!("FR64443061841")));
        // The server does not derive a VAT number of another country.
        let abroad = commercial.patch(&path, &json!(2), json!({"vatNumber": "be 0403.170.701"})).await.expect(200);
        assert_eq!(abroad["vatNumber"], "BE0403170701");
        let back = commercial.patch(&path, &json!(3), json!({"siret": SIRET})).await.expect(200);
        assert_eq!((&back["siren"], &back["vatNumber"]), (&json!("732829320"), &json!("BE0403170701")));

        // Stored values that are older than the rules do not block a change.
        let mut tx = w.app.db.begin().await.unwrap();
        afpi_db::sql("UPDATE entreprises SET vat_number = 'FR_9128370925', postcode = '5904', phone = 'n.c.' WHERE siret = ?")
            .bind(SIRET)
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let kept = commercial.patch(&path, &json!(4), json!({"name": "Autre"})).await.expect(200);
        assert_eq!((&kept["vatNumber"], &kept["phone"]), (&json!("FR_9128370925"), &json!("n.c.")));
    })
    .await;
}

#[tokio::test]
async fn a_siret_is_taken_once_and_the_answer_says_by_whom() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let mut creations = tokio::task::JoinSet::new();
        for n in 0..6 {
            let client = commercial.clone();
            creations.spawn(async move { client.post("/api/entreprises", json!({"name": format!("Jumelle {n}"), "siret": "732 829 320 00074", "contacts": [{"lastName": "B"}]})).await });
        }
        let (made, refused): (Vec<_>, Vec<_>) = creations.join_all().await.into_iter().partition(|reply| reply.status == 201);
        assert_eq!(made.len(), 1);
        let first = &made[0].body;
        assert_eq!((first["siret"].as_str(), first["siren"].as_str()), (Some(SIRET), Some("732829320")));
        for reply in refused {
            let problem = reply.refused(409, "duplicate");
            assert_eq!(problem["existing"], json!({"id": first["id"], "name": first["name"]}));
            assert_eq!(problem["fields"][0]["field"], "/siret");
        }
        // A caller who may not read the company does not learn its name.
        let elsewhere = w.as_user(w.another(Role::Manager, "ailleurs", &[AWAY]).await).await;
        let problem = elsewhere.post("/api/entreprises", json!({"name": "Autre", "siret": SIRET})).await.refused(409, "duplicate");
        assert_eq!(problem.get("existing"), None);
        // A change cannot take the SIRET of another company either.
        let other = commercial.post("/api/entreprises", json!({"name": "Autre"})).await.expect(201);
        let path = format!("/api/entreprises/{}", other["id"].as_str().unwrap());
        let problem = commercial.patch(&path, &json!(1), json!({"siret": SIRET, "name": "Prise"})).await.refused(409, "duplicate");
        assert_eq!(problem["existing"]["id"], first["id"]);
        assert_eq!(commercial.get(&path).await.expect(200), other);
    })
    .await;
}

#[tokio::test]
async fn null_clears_what_may_be_empty_and_is_refused_for_the_rest() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let body = json!({"name": "Fonderie", "phone": "1", "tags": ["eau"], "address": {"city": "Lille"}, "contacts": [{"lastName": "B"}]});
        let made = commercial.post("/api/entreprises", body).await.expect(201);
        let path = format!("/api/entreprises/{}", made["id"].as_str().unwrap());
        for field in ["name", "active", "localisationId"] {
            let problem = commercial.patch(&path, &json!(1), json!({field: null, "phone": "2"})).await.refused(422, "wrong-type");
            assert_eq!(problem["fields"][0]["field"], format!("/{field}"));
        }
        let nulls = json!({"phone": null, "tags": null, "address": null, "contacts": null});
        let cleared = commercial.patch(&path, &json!(1), nulls).await.expect(200);
        assert_eq!((&cleared["phone"], &cleared["tags"], &cleared["contacts"]), (&json!(null), &json!([]), &json!([])));
        assert_eq!((&cleared["address"]["city"], &cleared["address"]["country"], &cleared["name"]), (&json!(null), &json!("FR"), &json!("Fonderie")));
    })
    .await;
}

#[tokio::test]
async fn a_lost_race_says_what_differs() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let made = commercial.post("/api/entreprises", json!({"name": "Fonderie", "phone": "0102030405"})).await.expect(201);
        let path = format!("/api/entreprises/{}", made["id"].as_str().unwrap());
        commercial.send("PATCH", &path, Some(json!({"name": "x"})), &[]).await.refused(428, "version-required");
        let change = json!({"name": "Fonderie du Nord", "address": {"city": "Lille"}, "vatNumber": "BE0403170701", "contacts": [{"lastName": "B"}]});
        commercial.patch(&path, &json!(1), change).await.expect(200);
        let mine = json!({"name": "Fonderie du Nord", "phone": "0102030405", "address": {"city": "Lens"}, "vatNumber": null, "contacts": []});
        let problem = commercial.patch(&path, &json!(1), mine).await.refused(412, "stale");
        let mut changed: Vec<&str> = problem["changed"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        changed.sort_unstable();
        assert_eq!(changed, ["address", "contacts", "vatNumber"]);
        assert_eq!((problem["current"]["address"]["city"].as_str(), problem["current"]["version"].as_i64()), (Some("Lille"), Some(2)));

        let mut changes = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (client, path) = (commercial.clone(), path.clone());
            changes.spawn(async move { client.patch(&path, &json!(2), json!({"notes": format!("note {n}")})).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = changes.join_all().await.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        for reply in lost {
            let problem = reply.refused(412, "stale");
            assert_eq!((&problem["current"]["notes"], &problem["changed"]), (&won[0].body["notes"], &json!(["notes"])));
        }
    })
    .await;
}

#[tokio::test]
async fn companies_of_other_sites_are_out_of_reach() {
    on_both(|w| async move {
        let away = w.as_user(w.another(Role::Manager, "ailleurs", &[AWAY]).await).await;
        let made = away.post("/api/entreprises", json!({"name": "Lointaine"})).await.expect(201);
        let path = format!("/api/entreprises/{}", made["id"].as_str().unwrap());
        let here = w.as_role(Role::Manager).await;
        here.get(&path).await.refused(404, "not-found");
        here.patch(&path, &json!(1), json!({"name": "x"})).await.refused(404, "not-found");
        assert_eq!(here.get("/api/entreprises").await.expect(200)["meta"]["total"], 0);
        // A commercial reads all companies, to avoid duplicates, and changes only those of his sites.
        let commercial = w.as_role(Role::Commercial).await;
        commercial.get(&path).await.expect(200);
        commercial.patch(&path, &json!(1), json!({"name": "x"})).await.refused(403, "forbidden");
        commercial.get("/api/entreprises/x").await.refused(404, "not-found");
        // A manager cannot move a company to a site outside his scope.
        let mine =
            here.post("/api/entreprises", json!({"name": "Proche", "localisationId": w.site(HOME)})).await.expect(201);
        let path = format!("/api/entreprises/{}", mine["id"].as_str().unwrap());
        here.patch(&path, &json!(1), json!({"localisationId": w.site(AWAY)})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn pages_stand_still_while_rows_come_in() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        for name in ["B", "D", "F", "H", "J"] {
            commercial.post("/api/entreprises", json!({"name": name})).await.expect(201);
        }
        let names = |page: &Value| {
            page["data"].as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let first = commercial.get("/api/entreprises?sort=name&limit=2").await.expect(200);
        // One new company sorts before the reader's position and one after it.
        commercial.post("/api/entreprises", json!({"name": "A"})).await.expect(201);
        commercial.post("/api/entreprises", json!({"name": "G"})).await.expect(201);
        let mut found = names(&first);
        let mut next = first["meta"]["next"].as_str().map(str::to_owned);
        while let Some(cursor) = next {
            let page = commercial.get(&format!("/api/entreprises?sort=name&limit=2&cursor={cursor}")).await.expect(200);
            found.extend(names(&page));
            next = page["meta"]["next"].as_str().map(str::to_owned);
        }
        assert_eq!(found, ["B", "D", "F", "G", "H", "J"]);
        for bad in ["limit=0", "limit=201", "sort=siret", "kind=geante", "active=peut-etre", "x=1"] {
            commercial.get(&format!("/api/entreprises?{bad}")).await.refused(400, "bad-parameter");
        }
        // A search consists of words, not patterns. It ignores `%` and `_`, so a search for these alone has no words
        // and finds everything.
        for (signs, found) in [("%25", 7), ("_", 7), ("B%25", 1), ("%25J", 1), ("_B", 1), ("B_D", 0)] {
            assert_eq!(
                commercial.get(&format!("/api/entreprises?q={signs}")).await.expect(200)["meta"]["total"],
                found,
                "{signs}"
            );
        }
    })
    .await;
}

/// Lists of names use the French order, with the same result on both engines.
#[tokio::test]
async fn names_are_sorted_for_french_readers() {
    const SORTED: [&str; 7] = ["Durand", "eau", "Ébénisterie", "Eclair", "Salle 2", "salle 10", "Zoé"];
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let site = w.site(HOME);
        let mut last = Value::Null;
        let made = ["Zoé", "eau", "salle 10", "Durand", "Eclair", "Salle 2", "Ébénisterie"];
        for (n, name) in made.into_iter().enumerate() {
            let company = json!({"name": name, "address": {"city": name}, "localisationId": site});
            last = admin.post("/api/entreprises", company).await.expect(201);
            let trainer = json!({"name": name, "kind": "permanent", "localisationId": site});
            admin.post("/api/formateurs", trainer).await.expect(201);
            let opportunite = json!({"entrepriseId": last["id"], "title": name, "budget": 1, "commercialId": w.person(Role::Commercial)});
            admin.post("/api/opportunites", opportunite).await.expect(201);
            let user = w.another(Role::Commercial, &format!("u{n}"), &[HOME]).await;
            admin.patch(&format!("/api/users/{user}"), &json!(1), json!({"name": name})).await.expect(200);
        }
        let listed = async |path: &str, field: &str| {
            let page = admin.get(path).await.expect(200);
            page["data"].as_array().unwrap().iter().map(|row| row.pointer(field).unwrap().as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for (path, field) in [
            ("/api/entreprises?sort=name", "/name"),
            ("/api/entreprises?sort=city", "/address/city"),
            ("/api/formateurs?sort=name", "/name"),
            ("/api/opportunites?sort=title", "/title"),
            ("/api/users?sort=name&role=commercial", "/name"),
        ] {
            let mut names = listed(path, field).await;
            names.retain(|name| !name.starts_with("Test "));
            assert_eq!(names, SORTED, "{path}");
            let mut names = listed(&path.replace("sort=", "sort=-"), field).await;
            names.retain(|name| !name.starts_with("Test "));
            names.reverse();
            assert_eq!(names, SORTED, "{path} backwards");
        }
        // A new name changes the position.
        let path = format!("/api/entreprises/{}", last["id"].as_str().unwrap());
        admin.patch(&path, &json!(1), json!({"name": "Zythologie", "address": {"city": "Arras"}})).await.expect(200);
        assert_eq!(listed("/api/entreprises?sort=-name", "/name").await[0], "Zythologie");
        assert_eq!(listed("/api/entreprises?sort=city", "/address/city").await[0], "Arras");
    })
    .await;
}

/// The start of the program fills in missing sort keys. Pages show each row once.
#[tokio::test]
async fn pages_show_each_of_many_names_once_and_in_order() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let letters: Vec<char> = "aàâbcçdeéèêëfgEÉÈhiîïjklmnoôpqrstuùûvwxyzŒÆ '-&0123456789Жβ".chars().collect();
        let mut state = 20_261_128u64;
        let mut next = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % most
        };
        let mut made = Vec::new();
        for _ in 0..500 {
            // The names are short, so that some are equal.
            let name: String = (0..1 + next(4)).map(|_| letters[next(letters.len())]).collect();
            let body = json!({"name": format!("é{name}"), "localisationId": w.site(HOME)});
            made.push(admin.post("/api/entreprises", body).await.expect(201)["id"].as_str().unwrap().to_owned());
        }
        let pages = async |limit: usize| {
            let (mut ids, mut names, mut cursor) = (Vec::new(), Vec::new(), String::new());
            loop {
                let page = admin.get(&format!("/api/entreprises?sort=name&limit={limit}{cursor}")).await.expect(200);
                for row in page["data"].as_array().unwrap() {
                    ids.push(row["id"].as_str().unwrap().to_owned());
                    names.push(row["name"].as_str().unwrap().to_owned());
                }
                let Some(next) = page["meta"]["next"].as_str() else { return (ids, names) };
                cursor = format!("&cursor={next}");
            }
        };
        let (mut ids, names) = pages(7).await;
        let keys: Vec<_> = names.iter().map(|name| afpi_core::collation::key(name)).collect();
        assert!(keys.is_sorted());
        assert_eq!(pages(200).await.0, ids);
        for emptied in ["UPDATE entreprises SET name_key = ''", "UPDATE users SET name_key = ''"] {
            let mut tx = w.app.db.begin().await.unwrap();
            afpi_db::sql(emptied).execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        afpi_core::collation::fill(&w.app.db).await.unwrap();
        assert_eq!(pages(33).await.0, ids, "the keys are filled in again");
        assert_eq!(admin.get("/api/entreprises?limit=1").await.expect(200)["data"][0]["version"], 1);
        ids.sort();
        made.sort();
        assert_eq!(ids, made);
    })
    .await;
}
