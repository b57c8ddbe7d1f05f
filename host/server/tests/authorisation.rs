//! Calls every endpoint of the OpenAPI document as nobody, as every role without the right, and as roles with it on a
//! record of another site. The table below must name each operation: a new endpoint without a row fails the test.

mod support;

use std::collections::BTreeSet;

use afpi_core::rights::Role;
use afpi_core::rights::Role::{
    Admin, Assistante, Commercial, Facturation, Manager, Planificateur, ResponsableCommercial,
};
use serde_json::{Value, json};
use support::{AWAY, Client, HOME, Reply, World, on_both, opportunite};

/// What an operation must refuse, beside anonymous requests.
struct Row {
    id: &'static str,
    /// Roles with the right. Every other role gets 403 on any record.
    roles: &'static [Role],
    /// The answer to those roles tied to sites, for a record of another site.
    elsewhere: Elsewhere,
    /// The exceptions among them.
    but: &'static [Role],
}

/// The answer for a record of another site.
#[derive(Clone, Copy, PartialEq)]
enum Elsewhere {
    /// It does not exist: 404.
    Hidden,
    /// It is named, but not to be written: 403.
    Refused,
    /// 404, except for a commercial, who sees it and may not write it (403).
    Seen,
    /// A list or a file: answered, without records of another site.
    Absent,
    /// The operation has no records of sites, or counts and figures; those have their own tests.
    Nothing,
}
use Elsewhere::{Absent, Hidden, Nothing, Refused, Seen};

// The sets of the action matrix (domain, chapter 1), written a second time on purpose.
const ANYBODY: &[Role] = &Role::ALL;
/// Opportunités: create, edit; the first section.
const SALES: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial];
/// Companies: create, edit.
const COMPANIES: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial, Assistante];
const TRAINERS: &[Role] = &[Admin, ResponsableCommercial, Manager, Planificateur];
const TRAINERS_READ: &[Role] = &[Admin, ResponsableCommercial, Manager, Planificateur, Assistante];
const ROOMS: &[Role] = &[Admin, ResponsableCommercial, Manager, Planificateur];
/// Targets, users, plugins on a site.
const LEADERS: &[Role] = &[Admin, ResponsableCommercial, Manager];
const NETWORK: &[Role] = &[Admin, ResponsableCommercial];
const ADMIN: &[Role] = &[Admin];

/// Answered without signing in.
const PUBLIC: [&str; 4] = ["login", "refresh", "logout", "listDemoAccounts"];

const fn row(id: &'static str, roles: &'static [Role], elsewhere: Elsewhere) -> Row {
    Row { id, roles, elsewhere, but: &[] }
}

/// The same, but these see it everywhere.
const fn open(id: &'static str, roles: &'static [Role], elsewhere: Elsewhere, but: &'static [Role]) -> Row {
    Row { id, roles, elsewhere, but }
}

const TABLE: &[Row] = &[
    row("getMe", ANYBODY, Nothing),
    row("changePassword", ANYBODY, Nothing),
    row("listLocalisations", ANYBODY, Nothing),
    row("getLocalisation", ANYBODY, Nothing),
    row("listUsers", LEADERS, Absent),
    row("createUser", LEADERS, Refused),
    row("getUser", LEADERS, Hidden),
    row("updateUser", LEADERS, Hidden),
    row("listCommerciaux", ANYBODY, Nothing),
    row("listDescriptions", ANYBODY, Nothing),
    row("listRoles", ANYBODY, Nothing),
    row("getRole", ANYBODY, Nothing),
    row("updateRole", ADMIN, Nothing),
    row("getUserAccess", LEADERS, Hidden),
    // A commercial reads all companies, so that none is entered twice. Only the site writes.
    open("listEntreprises", ANYBODY, Absent, &[Commercial]),
    row("createEntreprise", COMPANIES, Refused),
    open("getEntreprise", ANYBODY, Hidden, &[Commercial]),
    row("updateEntreprise", COMPANIES, Seen),
    open("listEntrepriseOpportunites", ANYBODY, Hidden, &[Commercial]),
    row("exportEntreprises", LEADERS, Absent),
    row("createImport", LEADERS, Refused),
    row("getImport", LEADERS, Hidden),
    row("mapImport", LEADERS, Hidden),
    row("listImportChanges", LEADERS, Hidden),
    row("previewImport", LEADERS, Hidden),
    row("applyImport", LEADERS, Hidden),
    row("revertImport", LEADERS, Hidden),
    row("exportOpportunites", &[Admin, ResponsableCommercial, Manager, Facturation], Absent),
    row("listOpportunites", ANYBODY, Absent),
    row("createOpportunite", SALES, Refused),
    row("getKanban", ANYBODY, Nothing),
    row("getOpportunite", ANYBODY, Hidden),
    row("updateOpportunite", SALES, Hidden),
    row("putSection", SALES, Hidden),
    row("transition", SALES, Hidden),
    row("getHistorique", ANYBODY, Hidden),
    row("listPieces", ANYBODY, Hidden),
    row("getPiece", ANYBODY, Hidden),
    row("getWorkflow", ANYBODY, Hidden),
    row("listFormateurs", TRAINERS_READ, Absent),
    row("listBookableFormateurs", TRAINERS_READ, Absent),
    row("createFormateur", TRAINERS, Refused),
    row("getFormateur", TRAINERS_READ, Hidden),
    row("updateFormateur", TRAINERS, Hidden),
    row("getPlanning", TRAINERS_READ, Hidden),
    row("listSalles", ANYBODY, Absent),
    row("createSalle", ROOMS, Refused),
    row("getSalle", ANYBODY, Hidden),
    row("getSallePlanning", ANYBODY, Hidden),
    row("updateSalle", ROOMS, Hidden),
    row("listObjectifs", SALES, Absent),
    row("createObjectif", LEADERS, Refused),
    row("updateObjectif", LEADERS, Hidden),
    row("deleteObjectif", LEADERS, Hidden),
    row("listMetrics", ANYBODY, Nothing),
    row("getDashboard", ANYBODY, Nothing),
    row("getInbox", ANYBODY, Absent),
    row("listNotifications", ANYBODY, Nothing),
    row("getUnreadCount", ANYBODY, Nothing),
    row("readNotification", ANYBODY, Hidden),
    row("readAllNotifications", ANYBODY, Nothing),
    row("streamNotifications", ANYBODY, Nothing),
    row("getPreferences", ANYBODY, Nothing),
    row("putPreferences", ANYBODY, Nothing),
    row("listJournal", LEADERS, Absent),
    row("listJobs", NETWORK, Nothing),
    row("getJobCounts", NETWORK, Nothing),
    row("getJob", NETWORK, Nothing),
    row("retryJob", ADMIN, Nothing),
    row("pauseQueue", ADMIN, Nothing),
    row("resumeQueue", ADMIN, Nothing),
    row("listPlugins", LEADERS, Nothing),
    row("getPlugin", LEADERS, Nothing),
    row("getPluginIcon", LEADERS, Nothing),
    row("setPluginSite", LEADERS, Hidden),
    row("setPluginSchedule", LEADERS, Hidden),
    row("getPluginConfig", LEADERS, Hidden),
    row("putPluginConfig", LEADERS, Hidden),
    row("getPluginHealth", LEADERS, Nothing),
    row("releasePluginSite", LEADERS, Hidden),
    row("installPlugin", ADMIN, Nothing),
    row("removePlugin", ADMIN, Nothing),
    row("listPluginVersions", ADMIN, Nothing),
    row("activatePluginVersion", ADMIN, Nothing),
    row("deletePluginVersion", ADMIN, Nothing),
    row("rollbackPlugin", ADMIN, Nothing),
    row("startPluginRecording", ADMIN, Nothing),
    row("getPluginRecording", ADMIN, Nothing),
    row("listPluginRecordings", ADMIN, Nothing),
    row("listRecordedCalls", ADMIN, Nothing),
    row("stopPluginRecording", ADMIN, Nothing),
    row("deletePluginRecording", ADMIN, Nothing),
    row("listPluginKeys", ADMIN, Nothing),
    row("addPluginKey", ADMIN, Nothing),
    row("revokePluginKey", ADMIN, Nothing),
    row("listConnecteurs", ADMIN, Nothing),
    row("getConnecteurConfig", ADMIN, Nothing),
    row("putConnecteurConfig", ADMIN, Nothing),
    row("checkConnecteur", ADMIN, Nothing),
    row("syncConnecteur", ADMIN, Nothing),
    row("listRuns", ADMIN, Nothing),
    row("getRun", ADMIN, Nothing),
    row("listRunChanges", ADMIN, Nothing),
    row("getRunLog", ADMIN, Nothing),
    row("applyRun", ADMIN, Nothing),
    row("undoRun", ADMIN, Nothing),
    row("cancelRun", ADMIN, Nothing),
    row("settleConflicts", ADMIN, Nothing),
];

/// `(operationId, method, path)` of every operation.
fn operations() -> Vec<(String, String, String)> {
    let document = serde_json::to_value(afpi::router::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                found.push((id.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    found
}

#[test]
fn the_table_and_the_document_name_the_same_operations() {
    let document: BTreeSet<String> = operations().into_iter().map(|(id, ..)| id).collect();
    let table: BTreeSet<String> = TABLE.iter().map(|row| row.id).chain(PUBLIC).map(str::to_owned).collect();
    assert_eq!(table.difference(&document).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without an operation");
    assert_eq!(document.difference(&table).collect::<Vec<_>>(), Vec::<&String>::new(), "operations without a row");
    assert!(document.len() > 60);
}

/// Records of one site.
#[derive(Clone)]
struct Records {
    opportunite: Value,
    entreprise: String,
    /// At home, where everybody sees it.
    seen: String,
    user: String,
    formateur: String,
    salle: String,
    objectif: String,
    import: String,
    site: String,
}

/// `name` occurs in all of them.
async fn records(world: &World, code: &'static str, name: &str) -> Records {
    let admin = world.as_role(Admin).await;
    let site = world.site(code).to_string();
    let company = admin.post("/api/entreprises", json!({"name": name, "localisationId": site})).await.expect(201);
    let body = json!({"entrepriseId": company["id"], "title": name, "budget": 100, "localisationId": site});
    let opportunite = admin.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
    let formateur = admin
        .post("/api/formateurs", json!({"name": name, "kind": "permanent", "localisationId": site}))
        .await
        .expect(201);
    let salle = admin.post("/api/salles", json!({"name": name, "localisationId": site})).await.expect(201);
    let user = world.another(Assistante, &uuid::Uuid::now_v7().to_string(), &[code]).await.to_string();
    let seen =
        admin.post("/api/entreprises", json!({"name": "Vue", "localisationId": world.site(HOME)})).await.expect(201);
    let target = json!({"metric": "ca_signe", "period": "2026", "target": 100, "localisationId": site});
    let objectif = admin.post("/api/objectifs", target).await.expect(201);
    let headers = [("content-type", "text/csv".to_owned())];
    let path = format!("/api/imports?localisationId={site}");
    let import = admin.file(&path, format!("nom\n{name}\n").into_bytes(), &headers).await.expect(201);
    let id = |v: &Value| v["id"].as_str().unwrap().to_owned();
    Records {
        seen: id(&seen),
        entreprise: id(&company),
        user,
        formateur: id(&formateur),
        salle: id(&salle),
        objectif: id(&objectif),
        import: id(&import),
        site,
        opportunite,
    }
}

/// The path with the ids of these records, and a valid body, so that only the check of rights can refuse.
fn request(id: &str, path: &str, of: &Records) -> (String, Option<Value>) {
    let record = match path {
        p if p.starts_with("/api/opportunites") => of.opportunite["id"].as_str().unwrap().to_owned(),
        p if p.starts_with("/api/entreprises") => of.entreprise.clone(),
        p if p.starts_with("/api/users") => of.user.clone(),
        p if p.starts_with("/api/roles") => "commercial".to_owned(),
        p if p.starts_with("/api/formateurs") => of.formateur.clone(),
        p if p.starts_with("/api/salles") => of.salle.clone(),
        p if p.starts_with("/api/objectifs") => of.objectif.clone(),
        p if p.starts_with("/api/imports") => of.import.clone(),
        p if p.starts_with("/api/localisations") => of.site.clone(),
        p if p.starts_with("/api/plugin-keys") => "0".repeat(32),
        p if p.starts_with("/api/plugins") => "notifications-afpi".to_owned(),
        _ => uuid::Uuid::nil().to_string(),
    };
    let mut path = path
        .replace("{id}", &record)
        .replace("{localisationId}", &of.site)
        .replace("{plugin}", "ypareo")
        .replace("{version}", "1.0.0");
    path = path.replace("{queue}", "events").replace("{section}", "collecte").replace("{name}", "soumettre");
    match id {
        "getPlanning" | "getSallePlanning" => path.push_str("?from=2026-01-01&to=2026-01-31"),
        "createImport" | "getWorkflow" => path.push_str(&format!("?localisationId={}", of.site)),
        _ => {}
    }
    let company = of.seen.as_str();
    let body = match id {
        "login" => json!({"email": "x@example.fr", "password": "x"}),
        "changePassword" => json!({"current": "x", "new": "y"}),
        "createUser" => {
            json!({"email": "n@example.fr", "name": "N", "role": "assistante", "localisationIds": [of.site], "password": "quatre chats verts ici"})
        }
        "updateUser" => json!({"name": "N"}),
        "updateRole" => json!({"actions": []}),
        "createEntreprise" => json!({"name": "N", "localisationId": of.site}),
        "updateEntreprise" => json!({"name": "N"}),
        "mapImport" => json!({"columns": [{"field": "name"}]}),
        "createOpportunite" => json!({"entrepriseId": company, "title": "N", "budget": 1, "localisationId": of.site}),
        "updateOpportunite" => json!({"title": "N"}),
        "createFormateur" => json!({"name": "N", "kind": "permanent", "localisationId": of.site}),
        "updateFormateur" => json!({"name": "N"}),
        "createSalle" => json!({"name": "N", "localisationId": of.site}),
        "updateSalle" => json!({"name": "N"}),
        "createObjectif" => json!({"metric": "ca_signe", "period": "2027", "target": 1, "localisationId": of.site}),
        "updateObjectif" => json!({"target": 2}),
        "putPreferences" => json!({"data": []}),
        "setPluginSite" | "setPluginSchedule" => json!({"enabled": true}),
        "putPluginConfig" | "putConnecteurConfig" => json!({"config": {}}),
        "startPluginRecording" => json!({"calls": 1}),
        "addPluginKey" => json!({"publicKey": "afpi-key-v1 public x y", "level": "private"}),
        "syncConnecteur" => json!({"mode": "preview"}),
        "settleConflicts" => json!({"keep": "crm"}),
        _ => json!({}),
    };
    (path, Some(body))
}

#[tokio::test]
async fn nobody_wrong_roles_and_wrong_sites_are_refused_everywhere() {
    on_both(|world| async move {
        let here = records(&world, HOME, "Ici").await;
        let there = records(&world, AWAY, "Ailleurs").await;
        let mut wrong = Vec::new();
        for (id, method, path) in operations() {
            let Some(row) = TABLE.iter().find(|row| row.id == id) else { continue };
            let ask = async |client: Client, of: &Records| {
                let (path, body) = request(&id, &path, of);
                let version = [("if-match", format!("\"{}\"", of.opportunite["version"]))];
                client.send(&method, &path, body.filter(|_| method != "GET" && method != "DELETE"), &version).await
            };
            let mut expect = |who: &str, reply: Reply, status: u16, code: &str| {
                if (reply.status, reply.body["code"].as_str()) != (status, Some(code)) {
                    wrong.push(format!("{id} {who}: {} {}, not {status} {code}", reply.status, reply.body["code"]));
                }
            };
            expect("as nobody", ask(world.nobody(), &here).await, 401, "unauthenticated");
            for role in Role::ALL {
                let client = world.as_role(role).await;
                if !row.roles.contains(&role) {
                    expect(&format!("as {role:?}"), ask(client, &here).await, 403, "forbidden");
                } else if !role.network_wide() && !row.but.contains(&role) {
                    match row.elsewhere {
                        Hidden | Seen if row.elsewhere == Hidden || role != Commercial => {
                            expect(&format!("as {role:?} elsewhere"), ask(client, &there).await, 404, "not-found")
                        }
                        Hidden | Seen | Refused => {
                            expect(&format!("as {role:?} elsewhere"), ask(client, &there).await, 403, "forbidden")
                        }
                        Absent | Nothing => {}
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn lists_and_files_name_nothing_of_another_site() {
    on_both(|world| async move {
        let here = records(&world, HOME, "Ici").await;
        let there = records(&world, AWAY, "Ailleurs").await;
        let named = |text: &str| ["Ailleurs", &there.user, &there.objectif].iter().any(|mark| text.contains(mark));
        let mut wrong = Vec::new();
        for (id, method, path) in operations() {
            let Some(row) = TABLE.iter().find(|row| row.id == id && row.elsewhere == Absent) else { continue };
            let (path, _) = request(&id, &path, &here);
            for role in row.roles {
                let response = world.as_role(*role).await.raw(&method, &path, None, &[]).await;
                let status = response.status().as_u16();
                let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
                let text = String::from_utf8_lossy(&bytes);
                let sees = role.network_wide() || row.but.contains(role);
                // A role that sees everything must find it there; otherwise the others' answers would prove nothing.
                if status != 200 || named(&text) != sees {
                    wrong.push(format!("{id} as {role:?}: {status}, names it: {}", named(&text)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[test]
fn the_description_the_web_client_is_made_from_is_the_servers() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let served = serde_json::to_value(afpi::router::openapi()).unwrap();
    assert!(committed == served, "web/openapi.json is not what the server describes: run `make openapi`");
}

/// The other side of the table: roles with the right can reach their own site's records.
#[tokio::test]
async fn who_may_read_reads_what_his_sites_have() {
    on_both(|world| async move {
        let here = records(&world, HOME, "Ici").await;
        let there = records(&world, AWAY, "Ailleurs").await;
        let of_the_commercial = Records { opportunite: opportunite(&world, "Ici").await, ..here.clone() };
        let mut wrong = Vec::new();
        for (id, method, path) in operations() {
            let Some(row) = TABLE.iter().find(|row| row.id == id && method == "GET") else { continue };
            for role in row.roles {
                for records in
                    if row.but.contains(role) || role.network_wide() { vec![&here, &there] } else { vec![&here] }
                {
                    let records =
                        if *role == Commercial && row.elsewhere == Hidden && path.starts_with("/api/opportunites") {
                            &of_the_commercial
                        } else {
                            records
                        };
                    let (path, _) = request(&id, &path, records);
                    let reply = world.as_role(*role).await.raw("GET", &path, None, &[]).await.status().as_u16();
                    // Records that the test does not create answer 404 to roles with the right.
                    let absent = [
                        "getJob",
                        "getPiece",
                        "getRun",
                        "listRunChanges",
                        "getRunLog",
                        "getPluginRecording",
                        "listRecordedCalls",
                    ]
                    .contains(&id.as_str());
                    // 204: a plugin without an icon.
                    let let_in = matches!(reply, 200 | 204) || (absent && reply == 404);
                    if !let_in {
                        wrong.push(format!("{id} as {role:?}: {reply}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn lists_counts_and_boards_stay_within_the_scope() {
    on_both(|world| async move {
        records(&world, AWAY, "Ailleurs").await;
        opportunite(&world, "Ici").await;
        for (role, seen) in [
            (Admin, 2),
            (ResponsableCommercial, 2),
            (Manager, 1),
            (Commercial, 1),
            (Assistante, 1),
            (Planificateur, 1),
            (Facturation, 1),
        ] {
            let client = world.as_role(role).await;
            let list = client.get("/api/opportunites").await.expect(200);
            assert_eq!(
                (list["meta"]["total"].as_i64(), list["data"].as_array().map(Vec::len)),
                (Some(seen), Some(seen as usize)),
                "{}",
                role.id()
            );
            let board = client.get("/api/opportunites/kanban").await.expect(200);
            let cards: i64 = board["columns"].as_array().unwrap().iter().map(|c| c["count"].as_i64().unwrap()).sum();
            assert_eq!(cards, seen, "{}", role.id());
            let found = client.get("/api/opportunites?q=ailleurs").await.expect(200);
            assert_eq!(found["meta"]["total"], json!(seen - 1), "{}", role.id());
        }
    })
    .await;
}
