//! Files of companies and contacts: uploaded, mapped, previewed, applied and reverted.

use crate::support::{AWAY, Client, HOME, Reply, World, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

/// Uploads a file for [`HOME`].
async fn upload(client: &Client, world: &World, content: &[u8]) -> Reply {
    send(client, &format!("/api/imports?localisationId={}&name=liste.csv", world.site(HOME)), content).await
}

pub async fn send(client: &Client, path: &str, content: &[u8]) -> Reply {
    let headers = [("content-type", "text/csv; charset=utf-8".to_owned())];
    client.file(path, content.to_vec(), &headers).await
}

pub fn path(import: &Value) -> String {
    format!("/api/imports/{}", import["id"].as_str().unwrap())
}

/// Requests `preview`, `apply` or `revert`, then runs the jobs. Returns the import afterwards.
pub async fn act(client: &Client, world: &World, import: &Value, verb: &str) -> Value {
    client.post(&format!("{}/{verb}", path(import)), Value::Null).await.expect(202);
    world.work().await;
    client.get(&path(import)).await.expect(200)
}

pub async fn changes(client: &Client, import: &Value, filter: &str) -> Vec<Value> {
    let list = client.get(&format!("{}/changes?limit=200{filter}", path(import))).await.expect(200);
    list["data"].as_array().unwrap().clone()
}

/// `(created, updated, unchanged, skipped, conflict)`.
pub fn counts(import: &Value) -> [i64; 5] {
    ["created", "updated", "unchanged", "skipped", "conflict"].map(|name| import["counts"][name].as_i64().unwrap())
}

/// Everything that an import can change, as people see it.
pub async fn records(world: &World) -> Vec<Vec<String>> {
    let mut conn = world.app.db.read().await.unwrap();
    let companies = sql("SELECT id, name, COALESCE(siret, '') AS siret, COALESCE(phone, '') AS phone, COALESCE(city, '') AS city, search FROM entreprises ORDER BY id")
        .all::<(uuid::Uuid, String, String, String, String, String)>(&mut conn)
        .await
        .unwrap();
    let people = sql("SELECT id, last_name, COALESCE(first_name, '') AS first_name, COALESCE(job, '') AS job, position FROM contacts ORDER BY id")
        .all::<(uuid::Uuid, String, String, String, i64)>(&mut conn)
        .await
        .unwrap();
    let companies = companies.into_iter().map(|c| vec![c.0.to_string(), c.1, c.2, c.3, c.4, c.5]);
    companies.chain(people.into_iter().map(|p| vec![p.0.to_string(), p.1, p.2, p.3, p.4.to_string()])).collect()
}

const FILE: &str = "Raison sociale;SIRET;Code postal;Ville;Téléphone;Prénom;Nom du contact;Remarque\n\
    Fonderie Élan;732 829 320 00074;02100;Saint-Quentin;+33323061234;Ilona;Roy;x\n\
    Aciérie du Nord;;59000;Lille;;;;\n\
    Fonderie Élan;73282932000074;02100;Saint-Quentin;;Marc;Petit;\n\
    Trop;de;colonnes;pour;cette;ligne;et;encore;une\n\
    ;;;;;;;\n\
    Sirène;73282932000075;75001;Paris;;;;\n\
    connue;;02100;Laon;03 23 00 00 00;;;\n";

#[tokio::test]
async fn a_file_is_mapped_looked_at_applied_and_taken_back() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let known = json!({"name": "Connue", "address": {"postcode": "02100", "city": "Laon"}});
        let known = manager.post("/api/entreprises", known).await.expect(201);
        let before = records(&world).await;

        let import = upload(&manager, &world, FILE.as_bytes()).await.expect(201);
        assert_eq!(
            (&import["encoding"], &import["delimiter"], &import["total"]),
            (&json!("utf-8"), &json!(";"), &json!(7))
        );
        let offered: Vec<&Value> =
            import["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
        let wanted = json!([
            "name",
            "siret",
            "address.postcode",
            "address.city",
            "phone",
            "contact.firstName",
            "contact.lastName",
            null
        ]);
        assert_eq!(json!(offered), wanted);
        assert_eq!(
            (&import["state"], &import["version"], &import["name"]),
            (&json!("uploaded"), &json!(1), &json!("liste.csv"))
        );

        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(previewed["state"], "previewed", "{previewed:#}");
        // The file has three new companies and two new contacts, one known company, and three lines without a company.
        assert_eq!(counts(&previewed), [5, 1, 0, 3, 0], "{:#?}", changes(&manager, &import, "").await);
        assert_eq!(records(&world).await, before, "a preview changes nothing");
        let skipped = changes(&manager, &import, "&action=skipped").await;
        let lines: Vec<(i64, &str)> =
            skipped.iter().map(|c| (c["line"].as_i64().unwrap(), c["reason"]["fr"].as_str().unwrap())).collect();
        assert_eq!(
            lines,
            [
                (4, "même entreprise que la ligne 2 ; seul le contact est repris"),
                (5, "9 colonnes au lieu de 8"),
                (6, "ligne vide"),
            ]
        );
        let left = changes(&manager, &import, "&action=created&entity=entreprise").await;
        let siren = left.iter().find(|change| change["line"] == 7).unwrap();
        assert!(siren["reason"]["en"].as_str().unwrap().starts_with("left out: SIRET ("), "{siren:#}");
        let updated = changes(&manager, &import, "&action=updated").await;
        assert_eq!((&updated[0]["line"], &updated[0]["recordId"]), (&json!(8), &known["id"]));
        assert_eq!(updated[0]["after"]["phone"], "03 23 00 00 00");

        let applied = act(&manager, &world, &import, "apply").await;
        assert_eq!((&applied["state"], counts(&applied)), (&json!("applied"), [5, 1, 0, 3, 0]));
        let found = manager.get("/api/entreprises?q=73282932000074").await.expect(200)["data"][0].clone();
        let company = manager.get(&format!("/api/entreprises/{}", found["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(
            (&company["phone"], &company["siren"], &company["origin"]),
            (&json!("03 23 06 12 34"), &json!("732829320"), &json!("import"))
        );
        let names: Vec<&str> =
            company["contacts"].as_array().unwrap().iter().map(|c| c["lastName"].as_str().unwrap()).collect();
        assert_eq!(names, ["Roy", "Petit"]);
        assert_eq!(company["externalIds"], json!([]));
        // The journal names the import as the actor, and the chains are valid.
        let acts = sql("SELECT COUNT(*) FROM journal WHERE actor_kind = 'import' AND act = 'created'");
        assert_eq!(acts.scalar::<i64>(&mut world.app.db.read().await.unwrap()).await.unwrap(), 3);
        // The journal has one line for the changed company, and one for each contact.
        let acts = sql("SELECT COUNT(*) FROM journal WHERE actor_kind = 'import' AND act = 'edited'");
        assert_eq!(acts.scalar::<i64>(&mut world.app.db.read().await.unwrap()).await.unwrap(), 3);
        assert!(afpi_platform::journal::verify(&world.app.db).await.unwrap().1.is_empty());

        // The same file again changes nothing.
        let again = upload(&manager, &world, FILE.as_bytes()).await.expect(201);
        let again = act(&manager, &world, &again, "preview").await;
        assert_eq!(counts(&again), [0, 0, 6, 3, 0], "{:#?}", changes(&manager, &again, "").await);

        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!(reverted["state"], "reverted");
        assert_eq!(records(&world).await, before, "the revert undoes everything");
        assert!(afpi_platform::journal::verify(&world.app.db).await.unwrap().1.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_may_import_and_where() {
    on_both(|world| async move {
        let content = b"nom,ville\nA,Laon\n";
        for role in [Role::Commercial, Role::Assistante, Role::Planificateur, Role::Facturation] {
            upload(&world.as_role(role).await, &world, content).await.refused(403, "forbidden");
        }
        let manager = world.as_role(Role::Manager).await;
        let away = format!("/api/imports?localisationId={}", world.site(AWAY));
        send(&manager, &away, content).await.refused(403, "forbidden");
        let admin = world.as_role(Role::Admin).await;
        let import = send(&admin, &away, content).await.expect(201);
        for verb in ["preview", "apply", "revert"] {
            manager.post(&format!("{}/{verb}", path(&import)), Value::Null).await.refused(404, "not-found");
        }
        manager.get(&path(&import)).await.refused(404, "not-found");
        manager.get(&format!("{}/changes", path(&import))).await.refused(404, "not-found");
        let columns = json!({"columns": [{"field": "name"}, {}]});
        manager.put_at(&format!("{}/mapping", path(&import)), &json!(1), columns).await.refused(404, "not-found");

        // A file of one site cannot change a company of another site.
        let company = json!({"name": "Loin", "siret": "73282932000074", "localisationId": world.site(AWAY)});
        admin.post("/api/entreprises", company).await.expect(201);
        let import = upload(&manager, &world, b"name,siret,city\nPris,73282932000074,Laon\n").await.expect(201);
        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [0, 0, 0, 1, 0]);
        let skipped = changes(&manager, &import, "").await;
        assert_eq!(skipped[0]["reason"]["en"], "to be checked: another localisation looks after this company");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_file_and_no_mapping_is_refused() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        for content in [&b""[..], b"nom\n", b"PK\x03\x04\x00\x00"] {
            upload(&manager, &world, content).await.refused(422, "validation");
        }
        let as_text = [("content-type", "text/plain".to_owned())];
        let here = format!("/api/imports?localisationId={}", world.site(HOME));
        manager.file(&here, b"nom\nA\n".to_vec(), &as_text).await.refused(415, "unsupported-media-type");
        let long = vec![b'x'; 10 * 1024 * 1024 + 1];
        send(&manager, &here, &long).await.refused(413, "too-large");

        // The server refuses an unknown field, a duplicate field, too few columns, an old version, and a mapping that
        // cannot identify a company.
        let import = upload(&manager, &world, b"Qui,Ou\nA,Laon\n").await.expect(201);
        let mapping = format!("{}/mapping", path(&import));
        for columns in
            [json!([{"field": "rien"}, {}]), json!([{"field": "name"}, {"field": "name"}]), json!([{"field": "name"}])]
        {
            manager.put_at(&mapping, &json!(1), json!({"columns": columns})).await.refused(422, "validation");
        }
        manager.post(&format!("{}/preview", path(&import)), Value::Null).await.refused(422, "validation");
        let columns = json!({"columns": [{"field": "name"}, {"field": "address.city"}]});
        manager.put_at(&mapping, &json!(7), columns.clone()).await.refused(412, "stale");
        let mapped = manager.put_at(&mapping, &json!(1), columns.clone()).await.expect(200);
        assert_eq!((&mapped["version"], &mapped["columns"][1]["field"]), (&json!(2), &json!("address.city")));
        manager.post(&format!("{}/apply", path(&import)), Value::Null).await.refused(409, "conflict");
        manager.post(&format!("{}/revert", path(&import)), Value::Null).await.refused(409, "conflict");

        // A new mapping deletes the preview. An applied import must be reverted first.
        act(&manager, &world, &import, "preview").await;
        manager.put_at(&mapping, &json!(2), columns.clone()).await.expect(200);
        assert_eq!(manager.get(&path(&import)).await.expect(200)["state"], "uploaded");
        act(&manager, &world, &import, "preview").await;
        act(&manager, &world, &import, "apply").await;
        manager.put_at(&mapping, &json!(3), columns).await.refused(409, "conflict");
        manager.post(&format!("{}/preview", path(&import)), Value::Null).await.refused(409, "conflict");

        // The client sends a file twice under one key, and the server stores it once.
        let headers = [("content-type", "text/csv".to_owned()), ("idempotency-key", "une-fois".to_owned())];
        let first = manager.file(&here, b"nom\nB\n".to_vec(), &headers).await.expect(201);
        let second = manager.file(&here, b"nom\nB\n".to_vec(), &headers).await.expect(201);
        assert_eq!(first["id"], second["id"]);
    })
    .await;
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_left_out_and_the_others_come() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let import = upload(&manager, &world, b"nom;ville\n\xc9lan;\xc9vry\nSuite;Laon\n").await.expect(201);
        assert_eq!(import["encoding"], "windows-1252");
        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [2, 0, 0, 0, 0]);
        assert_eq!(changes(&manager, &import, "").await[0]["after"]["name"], "Élan");

        let broken = b"nom;ville\n\xc3\x89lan;\xc3\x89vry\ncass\xc3;Laon\nA\x01B;Laon\n\xc3\x89t\xc3\xa9;Laon\n";
        let import = upload(&manager, &world, broken).await.expect(201);
        assert_eq!(import["encoding"], "utf-8");
        let previewed = act(&manager, &world, &import, "preview").await;
        let skipped = changes(&manager, &import, "&action=skipped").await;
        let lines: Vec<&Value> = skipped.iter().map(|change| &change["line"]).collect();
        assert_eq!((counts(&previewed), json!(lines)), ([2, 0, 0, 2, 0], json!([3, 4])), "{skipped:#?}");
    })
    .await;
}

#[tokio::test]
async fn what_a_person_changed_since_stays_and_is_told() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let body = json!({"name": "Alpha", "phone": "01 02 03 04 05", "address": {"postcode": "02100"}});
        let alpha = manager.post("/api/entreprises", body).await.expect(201);
        let alpha = format!("/api/entreprises/{}", alpha["id"].as_str().unwrap());
        let file = "nom;cp;tel;ville\nAlpha;02100;0323061234;Laon\nBeta;02100;0323061235;Laon\n";
        let import = upload(&manager, &world, file.as_bytes()).await.expect(201);
        act(&manager, &world, &import, "preview").await;
        // A change between preview and apply: the import does not overwrite it.
        manager.patch(&alpha, &json!(1), json!({"phone": "06 00 00 00 00"})).await.expect(200);
        let applied = act(&manager, &world, &import, "apply").await;
        assert_eq!(counts(&applied), [1, 0, 0, 0, 1], "{:#?}", changes(&manager, &import, "").await);
        let conflict = changes(&manager, &import, "&action=conflict").await[0].clone();
        assert_eq!((&conflict["line"], &conflict["conflicts"]["phone"]["here"]), (&json!(2), &json!("06 00 00 00 00")));
        let now = manager.get(&alpha).await.expect(200);
        assert_eq!((&now["phone"], &now["address"]["city"]), (&json!("06 00 00 00 00"), &json!("Laon")));

        // A change after the import: the revert keeps it and reports it.
        let beta = manager.get("/api/entreprises?q=beta").await.expect(200)["data"][0].clone();
        let path = format!("/api/entreprises/{}", beta["id"].as_str().unwrap());
        manager.patch(&path, &beta["version"], json!({"notes": "Rappeler."})).await.expect(200);
        act(&manager, &world, &import, "revert").await;
        assert_eq!(manager.get(&path).await.expect(200)["notes"], "Rappeler.");
        assert_eq!(manager.get(&alpha).await.expect(200)["address"]["city"], Value::Null);
        let kept = changes(&manager, &import, "&action=created").await[0].clone();
        assert_eq!((&kept["line"], &kept["reason"]["en"]), (&json!(3), &json!("kept: it was changed since")));
    })
    .await;
}

#[tokio::test]
async fn many_lines_applied_and_taken_back_leave_everything_as_it_was() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let company = |name: &str, phone: &str| format!("{name};02100;{phone};Laon;Nom {name}\n");
        let header = "nom;code postal;telephone;ville;nom du contact\n";
        let first: String = (0..600).map(|n| company(&format!("Usine {n}"), "0323061234")).collect();
        let import = upload(&manager, &world, format!("{header}{first}").as_bytes()).await.expect(201);
        act(&manager, &world, &import, "preview").await;
        let applied = act(&manager, &world, &import, "apply").await;
        assert_eq!(counts(&applied), [1200, 0, 0, 0, 0]);
        let before = records(&world).await;
        assert_eq!(before.len(), 1200);

        // The second file changes half of the companies and adds as many new ones.
        let second: String = (300..900).map(|n| company(&format!("USINE {n}"), "0323069999")).collect();
        let import = upload(&manager, &world, format!("{header}{second}").as_bytes()).await.expect(201);
        let previewed = act(&manager, &world, &import, "preview").await;
        assert_eq!(counts(&previewed), [600, 600, 0, 0, 0], "{previewed:#}");
        act(&manager, &world, &import, "apply").await;
        assert_ne!(records(&world).await, before);
        let reverted = act(&manager, &world, &import, "revert").await;
        assert_eq!(reverted["state"], "reverted", "{reverted:#}");
        assert_eq!(records(&world).await, before);
        assert!(afpi_platform::journal::verify(&world.app.db).await.unwrap().1.is_empty());
    })
    .await;
}

#[tokio::test]
async fn files_are_forgotten_after_a_month_and_what_they_brought_stays() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let old = upload(&manager, &world, FILE.as_bytes()).await.expect(201);
        act(&manager, &world, &old, "preview").await;
        act(&manager, &world, &old, "apply").await;
        let brought = records(&world).await;
        let new = upload(&manager, &world, FILE.as_bytes()).await.expect(201);
        let id: uuid::Uuid = old["id"].as_str().unwrap().parse().unwrap();
        let month: i64 = 30 * 86_400_000 + 1;
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE imports SET created_at = created_at - ? WHERE id = ?")
            .bind(month)
            .bind(id)
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();

        afpi::housekeeping::keep(&world.app).await;
        manager.get(&path(&old)).await.refused(404, "not-found");
        manager.get(&path(&new)).await.expect(200);
        assert_eq!(records(&world).await, brought);
        let mut conn = world.app.db.read().await.unwrap();
        let left: i64 = sql("SELECT COUNT(*) FROM sync_changes").scalar(&mut conn).await.unwrap();
        assert_eq!(left, 0, "the changes of the deleted import are gone");
    })
    .await;
}
