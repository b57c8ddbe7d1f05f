//! A person's data: found wherever it stands, and handed out as one archive.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use axum::body::to_bytes;
use serde_json::{Value, json};

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

/// Zoé Le Goff as a contact, a trainee, a trainer and a user of two sites, with what hangs on these records.
pub struct Known {
    pub company: Value,
    pub opportunite: Value,
    pub stagiaire: Value,
    pub formateur: Value,
    pub user: Value,
}

pub const EMAIL: &str = "zoe.legoff@exemple.fr";

pub async fn known(w: &World, admin: &Client) -> Known {
    let contact = json!({"firstName": "Zoé", "lastName": "Le Goff", "email": EMAIL, "phone": "06 11 22 33 44"});
    let body = json!({"name": "Forges", "localisationId": w.site(HOME), "contacts": [contact, {"lastName": "Autre"}]});
    let company = admin.post("/api/entreprises", body).await.expect(201);
    let body =
        json!({"entrepriseId": company["id"], "title": "Soudage", "budget": 100, "localisationId": w.site(AWAY)});
    let opportunite = admin.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
    let body = json!({"firstName": "Zoé", "lastName": "Le Goff", "birthDate": "1990-02-03", "email": EMAIL, "phone": "0611223344",
        "needs": "Boucle magnétique"});
    let path = format!("/api/opportunites/{}/stagiaires", id(&opportunite));
    let stagiaire = admin.post(&path, body).await.expect(201);
    let body = json!({"name": "Zoé Le Goff", "kind": "vacataire", "email": EMAIL, "hourlyRate": 4200, "localisationId": w.site(HOME)});
    let formateur = admin.post("/api/formateurs", body).await.expect(201);
    let body = json!({"email": "zlg@afpi.test", "name": "Zoé Le Goff", "roleId": "assistante", "localisationIds": [w.site(HOME)],
        "password": "quatre chats verts ici"});
    let user = admin.post("/api/users", body).await.expect(201);
    Known { company, opportunite, stagiaire, formateur, user }
}

/// `kind:id` of each record that is found.
pub async fn found(client: &Client, q: &str) -> Vec<String> {
    let page = client.get(&format!("/api/personnes?q={q}")).await.expect(200);
    let data = page["data"].as_array().unwrap();
    assert_eq!(page["meta"]["total"], data.len());
    data.iter().map(|item| format!("{}:{}", item["kind"].as_str().unwrap(), id(item))).collect()
}

/// The files of an archive, by their paths.
async fn archive(client: &Client, records: &str) -> BTreeMap<String, Vec<u8>> {
    let path = format!("/api/personnes/export?records={records}");
    let answer = client.raw("GET", &path, None, &[("accept-language", "fr".into())]).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/zip".parse().unwrap())
    );
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: String| {
        let mut content = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut content).unwrap();
        (name, content)
    };
    names.into_iter().map(&mut read).collect()
}

#[tokio::test]
async fn a_person_is_found_by_name_address_and_number_in_the_whole_network() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let known = known(&w, &admin).await;
        let contact = format!("contact:{}", id(&known.company["contacts"][0]));
        let stagiaire = format!("stagiaire:{}", id(&known.stagiaire));
        let formateur = format!("formateur:{}", id(&known.formateur));
        let user = format!("user:{}", id(&known.user));
        let all = [contact.clone(), stagiaire.clone(), formateur.clone(), user.clone()];
        for q in ["le%20goff", "LE%20GOFF%20zo%C3%A9", "zoe%20legoff", "goff"] {
            let mut hits = found(&admin, q).await;
            if q != "zoe%20legoff" {
                assert_eq!(hits, all, "{q}");
            } else {
                // Written as one word it is in the addresses.
                hits.retain(|hit| !hit.starts_with("user"));
                assert_eq!(hits, all[..3], "{q}");
            }
        }
        assert_eq!(found(&admin, EMAIL).await, [contact.clone(), stagiaire.clone(), formateur]);
        assert_eq!(found(&admin, "06%2011%2022%2033%2044").await, [contact.clone(), stagiaire.clone()]);
        assert_eq!(found(&admin, "zlg@afpi").await, [user]);
        // What is restricted, a job or a company names nobody, and one letter would name everybody.
        for nobody in ["magn%C3%A9tique", "Forges", "z", ""] {
            assert_eq!(found(&admin, nobody).await, [] as [String; 0], "{nobody}");
        }
        let page = admin.get("/api/personnes?q=le%20goff").await.expect(200);
        let of = |kind: &str| page["data"].as_array().unwrap().iter().find(|item| item["kind"] == kind).unwrap();
        assert_eq!((&of("contact")["place"], &of("contact")["opens"]), (&json!("Forges"), &known.company["id"]));
        assert_eq!(
            (&of("stagiaire")["place"], &of("stagiaire")["opens"]),
            (&known.opportunite["numero"], &known.opportunite["id"])
        );
        assert_eq!(
            (&of("stagiaire")["localisationId"], &of("contact")["localisationId"]),
            (&json!(w.site(AWAY)), &json!(w.site(HOME)))
        );
        assert_eq!(
            (&of("stagiaire")["birthDate"], &of("user")["localisationId"]),
            (&json!("1990-02-03"), &Value::Null)
        );
        assert!(of("stagiaire")["fields"].as_array().unwrap().contains(&json!("needs")));

        admin.get("/api/personnes").await.refused(400, "bad-parameter");
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
            w.as_role(role).await.get("/api/personnes?q=le").await.refused(403, "forbidden");
        }
    })
    .await;
}

#[tokio::test]
async fn a_copy_of_a_persons_data_is_one_archive_and_a_line_of_the_journal() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let known = known(&w, &admin).await;
        let (contact, stagiaire) = (id(&known.company["contacts"][0]).to_owned(), id(&known.stagiaire).to_owned());
        let (formateur, user) = (id(&known.formateur), id(&known.user));
        admin.post(&format!("/api/notes/contacts/{contact}"), json!({"text": "Préfère le mardi"})).await.expect(201);
        admin
            .post("/api/taches", json!({"title": "Rappeler Zoé", "about": {"kind": "contacts", "id": contact}}))
            .await
            .expect(201);
        let headers = [("content-type", "application/octet-stream".to_owned())];
        let upload =
            admin.file("/api/uploads?name=cv.txt", b"Soudeuse depuis dix ans".to_vec(), &headers).await.expect(200);
        admin
            .post(&format!("/api/attachments/formateurs/{formateur}"), json!({"uploadId": upload["id"]}))
            .await
            .expect(201);
        // What hangs on somebody else is not hers.
        let other = id(&known.company["contacts"][1]);
        admin.post(&format!("/api/notes/contacts/{other}"), json!({"text": "Ne pas déranger"})).await.expect(201);

        let records = format!("contact:{contact},stagiaire:{stagiaire},formateur:{formateur},user:{user}");
        let files = archive(&admin, &records).await;
        let list = |name: &str| -> Value { serde_json::from_slice(&files[name]).unwrap() };
        assert_eq!(list("contacts.json")[0]["email"], EMAIL);
        assert_eq!(list("contacts.json")[0]["place"], "Forges");
        assert_eq!(list("stagiaires.json")[0]["birthDate"], "1990-02-03");
        assert_eq!(list("stagiaires.json")[0]["needs"], "Boucle magnétique");
        assert_eq!(list("formateurs.json")[0]["hourlyRate"], 4200);
        assert_eq!(list("utilisateurs.json")[0]["email"], "zlg@afpi.test");
        assert_eq!(list("notes.json").as_array().unwrap().len(), 1);
        assert_eq!(list("notes.json")[0]["text"], "Préfère le mardi");
        assert_eq!(list("taches.json")[0]["title"], "Rappeler Zoé");
        assert_eq!(list("fichiers.json")[0]["name"], "cv.txt");
        assert_eq!(files["fichiers/cv.txt"], b"Soudeuse depuis dix ans");
        assert!(list("journal.json").as_array().unwrap().iter().any(|line| line["act"] == "created"));
        let read_me = String::from_utf8(files["lisez-moi.txt"].clone()).unwrap();
        assert!(read_me.contains("Zoé Le Goff") && read_me.contains("birthDate = Naissance"), "{read_me}");
        assert!(!files.values().any(|file| String::from_utf8_lossy(file).contains("Ne pas déranger")));

        // Each record tells it, without a value.
        let subjects = [
            ("stagiaire", stagiaire.as_str()),
            ("formateur", formateur),
            ("user", user),
            ("entreprise", id(&known.company)),
        ];
        for (kind, subject) in subjects {
            let lines = admin
                .get(&format!("/api/journal?subjectKind={kind}&subjectId={subject}&act=exported"))
                .await
                .expect(200);
            assert_eq!(lines["data"].as_array().unwrap().len(), 1, "{kind}");
            let told = lines["data"][0]["changes"].to_string();
            assert!(told.contains("Données personnelles") && !told.contains("Goff"), "{told}");
        }
        // One record alone brings what hangs on it, and nothing of the others.
        let one = archive(&admin, &format!("stagiaire:{stagiaire}")).await;
        assert!(
            one.contains_key("stagiaires.json")
                && !one.contains_key("contacts.json")
                && !one.contains_key("notes.json")
        );

        let export = |records: String| {
            let admin = admin.clone();
            async move { admin.get(&format!("/api/personnes/export?records={records}")).await }
        };
        export(format!("contact:{stagiaire}")).await.refused(404, "not-found");
        export(format!("contact:{contact},user:{contact}")).await.refused(404, "not-found");
        export("salle:1".into()).await.refused(400, "bad-parameter");
        w.as_role(Role::Manager)
            .await
            .get(&format!("/api/personnes/export?records=contact:{contact}"))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn the_copy_of_a_trainee_has_sessions_and_attendance() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let known = known(&w, &admin).await;
        let session = json!({"numero": "S-1", "title": "Soudage", "localisationId": w.site(AWAY)});
        let session = admin.post("/api/sessions", session).await.expect(201);
        let (of, about) =
            (uuid::Uuid::parse_str(id(&session)).unwrap(), uuid::Uuid::parse_str(id(&known.stagiaire)).unwrap());
        let mut tx = w.app.db.begin().await.unwrap();
        for query in [
            "INSERT INTO session_stagiaires (session_id, stagiaire_id) VALUES (?, ?)",
            "INSERT INTO attendance (session_id, stagiaire_id, day, half, state, late_minutes, marked_by, marked_at) \
             SELECT ?, ?, '2026-11-02', 'am', 'late', 12, id, 0 FROM users ORDER BY id LIMIT 1",
        ] {
            sql(query).bind(of).bind(about).execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let files = archive(&admin, &format!("stagiaire:{}", id(&known.stagiaire))).await;
        let list = |name: &str| -> Value { serde_json::from_slice(&files[name]).unwrap() };
        assert_eq!(list("sessions.json"), json!([{"number": "S-1", "title": "Soudage", "from": null, "until": null}]));
        assert_eq!(
            list("presences.json"),
            json!([{"session": "S-1", "day": "2026-11-02", "half": "am", "state": "late", "lateMinutes": 12}])
        );
    })
    .await;
}
