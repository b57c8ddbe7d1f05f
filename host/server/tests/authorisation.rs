//! Every endpoint of the OpenAPI document as nobody, as a role that may not, and from a site that is not the record's. The
//! table below must name each operation: a new endpoint without a row fails the test.

mod support;

use std::collections::BTreeSet;

use afpi::rights::Role;
use serde_json::{Value, json};
use support::{AWAY, World, on_both, opportunite};

/// What an operation has to refuse beside nobody.
#[derive(Clone, Copy, PartialEq)]
enum Guard {
    /// Answers without signing in.
    Public,
    /// For everybody signed in; shows what is the caller's own or what everybody may see.
    Own,
    /// Another site's record does not exist: 404 for this role.
    Site(Role),
    /// This role may never do it: 403.
    Role(Role),
    /// Both, in this order.
    Both(Role, Role),
}

use Guard::{Both, Own, Public, Site};

const TABLE: &[(&str, Guard)] = &[
    ("login", Public), ("refresh", Public), ("logout", Public), ("listDemoAccounts", Public),
    ("getMe", Own), ("changePassword", Own),
    ("listLocalisations", Own), ("getLocalisation", Own),
    ("listUsers", Guard::Role(Role::Commercial)), ("createUser", Guard::Role(Role::Assistante)), ("getUser", Both(Role::Commercial, Role::Manager)),
    ("updateUser", Both(Role::Facturation, Role::Manager)), ("listCommerciaux", Own),
    ("listEntreprises", Own), ("createEntreprise", Guard::Role(Role::Facturation)), ("getEntreprise", Site(Role::Assistante)),
    ("updateEntreprise", Both(Role::Planificateur, Role::Assistante)), ("listEntrepriseOpportunites", Site(Role::Assistante)),
    ("listOpportunites", Own), ("createOpportunite", Guard::Role(Role::Assistante)), ("getKanban", Own), ("getOpportunite", Site(Role::Assistante)),
    ("updateOpportunite", Both(Role::Assistante, Role::Manager)), ("putSection", Site(Role::Manager)), ("transition", Site(Role::Manager)),
    ("getHistorique", Site(Role::Facturation)), ("getWorkflow", Site(Role::Commercial)),
    ("listFormateurs", Guard::Role(Role::Commercial)), ("createFormateur", Guard::Role(Role::Assistante)), ("getFormateur", Both(Role::Commercial, Role::Manager)),
    ("updateFormateur", Both(Role::Assistante, Role::Manager)), ("getPlanning", Both(Role::Commercial, Role::Manager)),
    ("listObjectifs", Guard::Role(Role::Assistante)), ("createObjectif", Guard::Role(Role::Commercial)), ("updateObjectif", Both(Role::Commercial, Role::Manager)),
    ("deleteObjectif", Both(Role::Commercial, Role::Manager)), ("listMetrics", Own),
    ("getDashboard", Own), ("getInbox", Own),
    ("listNotifications", Own), ("getUnreadCount", Own), ("readNotification", Site(Role::Commercial)), ("readAllNotifications", Own),
    ("streamNotifications", Own), ("getPreferences", Own), ("putPreferences", Own),
    ("listJobs", Guard::Role(Role::Manager)), ("getJobCounts", Guard::Role(Role::Commercial)), ("getJob", Guard::Role(Role::Manager)),
    ("retryJob", Guard::Role(Role::ResponsableCommercial)), ("pauseQueue", Guard::Role(Role::ResponsableCommercial)), ("resumeQueue", Guard::Role(Role::ResponsableCommercial)),
    ("listPlugins", Guard::Role(Role::Commercial)), ("getPlugin", Guard::Role(Role::Assistante)), ("getPluginIcon", Guard::Role(Role::Facturation)), ("setPluginSite", Both(Role::Commercial, Role::Manager)),
    ("getPluginConfig", Both(Role::Commercial, Role::Manager)), ("putPluginConfig", Both(Role::Facturation, Role::Manager)),
    ("installPlugin", Guard::Role(Role::ResponsableCommercial)), ("removePlugin", Guard::Role(Role::ResponsableCommercial)),
    ("listPluginVersions", Guard::Role(Role::ResponsableCommercial)), ("activatePluginVersion", Guard::Role(Role::ResponsableCommercial)),
    ("deletePluginVersion", Guard::Role(Role::ResponsableCommercial)), ("rollbackPlugin", Guard::Role(Role::ResponsableCommercial)),
    ("getPluginHealth", Guard::Role(Role::Commercial)), ("releasePluginSite", Both(Role::Commercial, Role::Manager)),
    ("startPluginRecording", Guard::Role(Role::ResponsableCommercial)), ("getPluginRecording", Guard::Role(Role::ResponsableCommercial)),
    ("listPluginRecordings", Guard::Role(Role::ResponsableCommercial)), ("listRecordedCalls", Guard::Role(Role::ResponsableCommercial)),
    ("stopPluginRecording", Guard::Role(Role::ResponsableCommercial)), ("deletePluginRecording", Guard::Role(Role::ResponsableCommercial)),
    ("listPluginKeys", Guard::Role(Role::ResponsableCommercial)), ("addPluginKey", Guard::Role(Role::ResponsableCommercial)),
    ("revokePluginKey", Guard::Role(Role::ResponsableCommercial)),
    ("listConnecteurs", Guard::Role(Role::ResponsableCommercial)), ("getConnecteurConfig", Guard::Role(Role::ResponsableCommercial)),
    ("putConnecteurConfig", Guard::Role(Role::ResponsableCommercial)), ("checkConnecteur", Guard::Role(Role::Manager)), ("syncConnecteur", Guard::Role(Role::Manager)),
    ("listRuns", Guard::Role(Role::ResponsableCommercial)), ("getRun", Guard::Role(Role::ResponsableCommercial)), ("listRunChanges", Guard::Role(Role::ResponsableCommercial)),
    ("getRunLog", Guard::Role(Role::ResponsableCommercial)), ("applyRun", Guard::Role(Role::ResponsableCommercial)), ("undoRun", Guard::Role(Role::ResponsableCommercial)),
    ("cancelRun", Guard::Role(Role::ResponsableCommercial)),
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
    let table: BTreeSet<String> = TABLE.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(table.difference(&document).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without an operation");
    assert_eq!(document.difference(&table).collect::<Vec<_>>(), Vec::<&String>::new(), "operations without a row");
    assert!(document.len() > 60);
}

/// Records at a site where none of the people works.
struct Elsewhere {
    opportunite: Value,
    entreprise: String,
    user: String,
    formateur: String,
    objectif: String,
    site: String,
}

async fn elsewhere(world: &World) -> Elsewhere {
    let admin = world.as_role(Role::Admin).await;
    let site = world.site(AWAY).to_string();
    let company = admin.post("/api/entreprises", json!({"name": "Ailleurs", "localisationId": site})).await.expect(201);
    let body = json!({"entrepriseId": company["id"], "title": "Ailleurs", "budget": 100, "localisationId": site});
    let opportunite = admin.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
    let formateur = admin.post("/api/formateurs", json!({"name": "Ailleurs", "kind": "permanent", "localisationId": site})).await.expect(201);
    let user = world.another(Role::Assistante, "Ailleurs", &[AWAY]).await.to_string();
    let target = json!({"metric": "ca_signe", "period": "2026", "target": 100, "localisationId": site});
    let objectif = admin.post("/api/objectifs", target).await.expect(201);
    let id = |v: &Value| v["id"].as_str().unwrap().to_owned();
    Elsewhere { entreprise: id(&company), user, formateur: id(&formateur), objectif: id(&objectif), site, opportunite }
}

/// The path with the ids of records elsewhere, and a body that is right, so that only the guard can refuse.
fn request(id: &str, path: &str, there: &Elsewhere) -> (String, Option<Value>) {
    let record = match path {
        p if p.starts_with("/api/opportunites") => there.opportunite["id"].as_str().unwrap().to_owned(),
        p if p.starts_with("/api/entreprises") => there.entreprise.clone(),
        p if p.starts_with("/api/users") => there.user.clone(),
        p if p.starts_with("/api/formateurs") => there.formateur.clone(),
        p if p.starts_with("/api/objectifs") => there.objectif.clone(),
        p if p.starts_with("/api/localisations") => there.site.clone(),
        p if p.starts_with("/api/plugin-keys") => "0".repeat(32),
        p if p.starts_with("/api/plugins") => "notifications-afpi".to_owned(),
        _ => uuid::Uuid::nil().to_string(),
    };
    let mut path = path.replace("{id}", &record).replace("{localisationId}", &there.site).replace("{plugin}", "ypareo").replace("{version}", "1.0.0");
    path = path.replace("{queue}", "events").replace("{section}", "collecte").replace("{name}", "soumettre");
    match id {
        "getPlanning" => path.push_str("?from=2026-01-01&to=2026-01-31"),
        "getWorkflow" => path.push_str(&format!("?localisationId={}", there.site)),
        _ => {}
    }
    let company = there.entreprise.as_str();
    let body = match id {
        "login" => json!({"email": "x@example.fr", "password": "x"}),
        "changePassword" => json!({"current": "x", "new": "y"}),
        "createUser" => json!({"email": "n@example.fr", "name": "N", "role": "assistante", "localisationIds": [there.site], "password": "quatre chats verts ici"}),
        "updateUser" => json!({"name": "N"}),
        "createEntreprise" => json!({"name": "N"}),
        "updateEntreprise" => json!({"name": "N"}),
        "createOpportunite" => json!({"entrepriseId": company, "title": "N", "budget": 1}),
        "updateOpportunite" => json!({"title": "N"}),
        "createFormateur" => json!({"name": "N", "kind": "permanent", "localisationId": there.site}),
        "updateFormateur" => json!({"name": "N"}),
        "createObjectif" => json!({"metric": "ca_signe", "period": "2027", "target": 1, "localisationId": there.site}),
        "updateObjectif" => json!({"target": 2}),
        "putPreferences" => json!({"data": []}),
        "setPluginSite" => json!({"enabled": true}),
        "putPluginConfig" | "putConnecteurConfig" => json!({"config": {}}),
        "startPluginRecording" => json!({"calls": 1}),
        "addPluginKey" => json!({"publicKey": "afpi-key-v1 public x y", "level": "private"}),
        "syncConnecteur" => json!({"mode": "preview"}),
        _ => json!({}),
    };
    (path, Some(body))
}

#[tokio::test]
async fn nobody_wrong_roles_and_wrong_sites_are_refused_everywhere() {
    on_both(|world| async move {
        let there = elsewhere(&world).await;
        let version = [("if-match", format!("\"{}\"", there.opportunite["version"]))];
        let mut wrong = Vec::new();
        for (id, method, path) in operations() {
            let Some((_, guard)) = TABLE.iter().find(|(known, _)| *known == id) else { continue };
            let (path, body) = request(&id, &path, &there);
            let body = body.filter(|_| method != "GET" && method != "DELETE");
            if *guard != Public {
                let status = world.nobody().send(&method, &path, body.clone(), &version).await.status;
                if status != 401 {
                    wrong.push(format!("{id} as nobody: {status}"));
                }
            }
            let (role, site) = match *guard {
                Guard::Role(role) => (Some(role), None),
                Site(role) => (None, Some(role)),
                Both(role, site) => (Some(role), Some(site)),
                Public | Own => (None, None),
            };
            for (who, expected) in [(role, &[403u16][..]), (site, &[404, 403][..])] {
                let Some(who) = who else { continue };
                let status = world.as_role(who).await.send(&method, &path, body.clone(), &version).await.status;
                if !expected.contains(&status) {
                    wrong.push(format!("{id} as {}: {status}, not {expected:?}", who.id()));
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
        elsewhere(&world).await;
        opportunite(&world, "Ici").await;
        for (role, seen) in [(Role::Admin, 2), (Role::ResponsableCommercial, 2), (Role::Manager, 1), (Role::Commercial, 1), (Role::Assistante, 1),
            (Role::Planificateur, 1), (Role::Facturation, 1)] {
            let client = world.as_role(role).await;
            let list = client.get("/api/opportunites").await.expect(200);
            assert_eq!((list["meta"]["total"].as_i64(), list["data"].as_array().map(Vec::len)), (Some(seen), Some(seen as usize)), "{}", role.id());
            let board = client.get("/api/opportunites/kanban").await.expect(200);
            let cards: i64 = board["columns"].as_array().unwrap().iter().map(|c| c["count"].as_i64().unwrap()).sum();
            assert_eq!(cards, seen, "{}", role.id());
            let found = client.get("/api/opportunites?q=ailleurs").await.expect(200);
            assert_eq!(found["meta"]["total"], json!(seen - 1), "{}", role.id());
        }
    })
    .await;
}
