//! Lists exported as files. A file contains what the caller sees in the list and may export. The descriptions of the
//! records define its columns.

use crate::support::{AWAY, Client, HOME, on_both, on_both_filled};
use afpi_core::rights::Role;
use axum::body::to_bytes;
use serde_json::json;

/// The rows of a file, without the header line.
async fn rows(client: &Client, path: &str, language: &str) -> (String, Vec<Vec<String>>) {
    let response = client.raw("GET", path, None, &[("accept-language", language.to_owned())]).await;
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    let named = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.starts_with("attachment; filename=\"") && named.ends_with(".csv\""), "{named}");
    let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let delimiter = if language == "fr" { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let titles = reader.headers().unwrap().iter().collect::<Vec<_>>().join("|");
    (titles, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
}

#[tokio::test]
async fn companies_are_taken_away_as_they_are_listed() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for (name, site) in [("=1+1; SARL", HOME), ("Fonderie \"du Nord\"", HOME), ("Ailleurs", AWAY)] {
            let body = json!({"name": name, "phone": "+32 2 123 45 67", "tags": ["métal", "eau"], "headcount": 12, "localisationId": w.site(site)});
            admin.post("/api/entreprises", body).await.expect(201);
        }
        let (titles, all) = rows(&admin, "/api/entreprises/export", "fr").await;
        assert!(titles.starts_with("Raison sociale|SIRET|"), "{titles}");
        assert_eq!(all.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["'=1+1; SARL", "Fonderie \"du Nord\"", "Ailleurs"]);
        assert_eq!((all[0][8].as_str(), all[0][14].as_str(), all[0][17].as_str(), all[0][18].as_str()), ("12", "+32 2 123 45 67", "métal, eau", "oui"));
        let (titles, found) = rows(&admin, "/api/entreprises/export?q=fonderie&tag=eau&active=true", "en").await;
        assert!(titles.starts_with("Name|SIRET|"), "{titles}");
        assert_eq!((found.len(), found[0][0].as_str(), found[0][18].as_str()), (1, "Fonderie \"du Nord\"", "yes"));

        let (_, seen) = rows(&w.as_role(Role::Manager).await, "/api/entreprises/export", "fr").await;
        assert_eq!(seen.len(), 2);
        admin.get("/api/entreprises/export?limit=3").await.refused(400, "bad-parameter");
        for role in [Role::Commercial, Role::Assistante, Role::Planificateur, Role::Facturation] {
            w.as_role(role).await.get("/api/entreprises/export").await.refused(403, "forbidden");
        }
    })
    .await;
}

#[tokio::test]
async fn a_spreadsheet_keeps_zeros_and_knows_numbers_days_and_texts() {
    use calamine::{Data, Reader, Xlsx};

    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({"name": "=1+1 SARL", "siren": "005520135", "address": {"postcode": "02100", "country": "FR"}, "headcount": 12, "localisationId": w.site(HOME)});
        admin.post("/api/entreprises", body).await.expect(201);
        let headers = [("accept", XLSX.to_owned()), ("accept-language", "fr".to_owned())];
        let response = admin.raw("GET", "/api/entreprises/export", None, &headers).await;
        assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &XLSX.parse().unwrap()));
        assert!(response.headers()["content-disposition"].to_str().unwrap().ends_with(".xlsx\""));
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let (titles, row) = (sheet.rows().next().unwrap(), sheet.rows().nth(1).unwrap());
        let cell = |title: &str| &row[titles.iter().position(|cell| *cell == Data::String(title.into())).unwrap()];
        assert_eq!(*cell("Raison sociale"), Data::String("=1+1 SARL".into()));
        assert_eq!(*cell("SIREN"), Data::String("005520135".into()));
        assert_eq!(*cell("Code postal"), Data::String("02100".into()));
        assert_eq!(*cell("Effectif"), Data::Float(12.0));
        assert_eq!(*cell("Active"), Data::Bool(true));
        assert!(matches!(cell("Créée le"), Data::DateTime(_)), "{:?}", cell("Créée le"));
        assert_eq!(*cell("Site web"), Data::Empty);
        w.as_role(Role::Commercial).await.get("/api/entreprises/export").await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn opportunites_are_taken_away_within_the_scope_and_for_billing_within_its_section() {
    on_both_filled(|w| async move {
        let count = |total: &serde_json::Value| usize::try_from(total["meta"]["total"].as_i64().unwrap()).unwrap();
        let admin = w.as_role(Role::Admin).await;
        let (titles, all) = rows(&admin, "/api/opportunites/export", "fr").await;
        assert!(titles.starts_with("Numéro|Intitulé|"), "{titles}");
        assert_eq!(all.len(), count(&admin.get("/api/opportunites?limit=1").await.expect(200)));
        // The first row equals its record. Sections and statuses have the names that the workflow gives them.
        let first =
            admin.get(&format!("/api/opportunites?q={}&limit=1", all[0][0])).await.expect(200)["data"][0].clone();
        let euros = |cents: &serde_json::Value| {
            format!("{},{:02}", cents.as_i64().unwrap() / 100, cents.as_i64().unwrap() % 100)
        };
        assert_eq!(all[0][1], first["title"].as_str().unwrap());
        assert_eq!(
            (all[0][8].as_str(), all[0][9].as_str()),
            (first["sectionLabel"]["fr"].as_str().unwrap(), first["statusLabel"]["fr"].as_str().unwrap())
        );
        assert_eq!((&all[0][12], &all[0][13]), (&euros(&first["amount"]), &euros(&first["budget"])));

        let late = rows(&admin, "/api/opportunites/export?late=true&minAmount=1", "en").await.1;
        assert_eq!(late.len(), count(&admin.get("/api/opportunites?late=true&minAmount=1&limit=1").await.expect(200)));
        assert!(late.iter().all(|row| row[11] == "yes"));

        let manager = w.as_role(Role::Manager).await;
        let own = rows(&manager, "/api/opportunites/export", "fr").await.1;
        assert_eq!(own.len(), count(&manager.get("/api/opportunites?limit=1").await.expect(200)));
        assert!(own.len() < all.len());

        let billing = w.as_role(Role::Facturation).await;
        let owned = rows(&billing, "/api/opportunites/export", "fr").await.1;
        assert_eq!(owned.len(), count(&billing.get("/api/opportunites?section=facturation&limit=1").await.expect(200)));
        assert!(!owned.is_empty() && owned.len() < count(&billing.get("/api/opportunites?limit=1").await.expect(200)));
        for role in [Role::Commercial, Role::Assistante, Role::Planificateur] {
            w.as_role(role).await.get("/api/opportunites/export").await.refused(403, "forbidden");
        }
    })
    .await;
}

/// The description of a list is correct: its sorts, and the paths of the columns' values.
#[tokio::test]
async fn descriptions_say_what_lists_do() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let described = admin.get("/api/descriptions").await.expect(200);
        let kinds: Vec<_> = described["data"].as_array().unwrap().iter().map(|d| d["kind"].as_str().unwrap()).collect();
        assert_eq!(
            kinds,
            [
                "entreprise",
                "contact",
                "formateur",
                "salle",
                "produit",
                "session",
                "stagiaire",
                "objectif",
                "opportunite",
                "creance",
                "user"
            ]
        );
        for description in described["data"].as_array().unwrap() {
            let kind = description["kind"].as_str().unwrap();
            if kind == "contact" {
                continue; // contacts have no list
            }
            let items = admin.get(&format!("/api/{kind}s?limit=200")).await.expect(200)["data"].clone();
            let fields = description["fields"].as_array().unwrap();
            for field in fields.iter().filter(|field| field["listed"] == true) {
                let path = format!("/{}", field["shows"].as_str().unwrap().replace('.', "/"));
                let shown = items.as_array().unwrap().iter().any(|item| item.pointer(&path).is_some());
                assert!(shown, "{kind}: nothing at {path}");
            }
            for sort in fields.iter().filter_map(|field| field["sort"].as_str()) {
                for sort in [sort.to_owned(), format!("-{sort}")] {
                    admin.get(&format!("/api/{kind}s?limit=2&sort={sort}")).await.expect(200);
                }
            }
        }
        let kind = described["data"][0]["fields"].as_array().unwrap().iter().find(|field| field["name"] == "kind");
        let words = &kind.unwrap()["words"];
        assert_eq!(
            words[3],
            json!({"word": "grande-entreprise", "label": {"fr": "Grande entreprise", "en": "Large company"}})
        );
    })
    .await;
}
