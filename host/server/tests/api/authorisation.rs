//! Calls every endpoint of the OpenAPI document: without signing in, with every role of the database that lacks the
//! right, and with the right on a record of another site. The table below must name each operation. A new endpoint
//! without a row fails the test.

use std::collections::{BTreeSet, HashMap};

use crate::support::{AWAY, Client, HOME, Reply, World, on_both, opportunite};
use afpi_core::rights::Role::{
    Admin, Assistante, Commercial, Facturation, Manager, Planificateur, ResponsableCommercial,
};
use afpi_core::rights::{Action, Role};
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

/// What an operation must refuse, besides anonymous requests.
struct Row {
    id: &'static str,
    /// The action that it requires. `None` if the caller's scope or the workflow alone decides.
    action: Option<Action>,
    /// The built-in roles that may use it. A further role that stands on one of them may use it if it has the action.
    /// Every other role gets 403, whatever the record is.
    roles: &'static [Role],
    /// What these roles get for a record of another site, if they are tied to sites.
    elsewhere: Elsewhere,
    /// Roles that otherwise see only their own opportunités see these records everywhere.
    directory: bool,
}

/// The answer for a record of another site.
#[derive(Clone, Copy, PartialEq)]
enum Elsewhere {
    /// 404: for them the record does not exist.
    Hidden,
    /// 403: the request names the site, and they may not write there.
    Refused,
    /// The answer is 404. Roles that see only their own opportunités get 403: they may read the record, not write it.
    Seen,
    /// A list or a file: it is answered, and contains no record of another site.
    Absent,
    /// The operation has no records of sites, or it returns counts and figures. Other tests cover those.
    Nothing,
}
use Elsewhere::{Absent, Hidden, Nothing, Refused, Seen};

// The sets of the action matrix (domain, chapter 1). They are repeated here on purpose.
const ANYBODY: &[Role] = &Role::ALL;
/// Opportunités: create and edit them, and edit the first section.
const SALES: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial];
/// Companies: create and edit them.
const COMPANIES: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial, Assistante];
/// Companies: merge duplicates.
const MERGERS: &[Role] = &[Admin, ResponsableCommercial, Manager, Assistante];
const TRAINERS: &[Role] = &[Admin, ResponsableCommercial, Manager, Planificateur];
const TRAINERS_READ: &[Role] = &[Admin, ResponsableCommercial, Manager, Planificateur, Assistante];
const ROOMS: &[Role] = &[Admin, ResponsableCommercial, Manager, Planificateur];
/// Trainees and attendance.
const TRAINEES: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial, Planificateur, Assistante];
/// Targets, users, and plugins of a site.
const LEADERS: &[Role] = &[Admin, ResponsableCommercial, Manager];
/// Legal entities: read what their documents say.
const ISSUERS: &[Role] = &[Admin, ResponsableCommercial, Manager, Facturation];
const NETWORK: &[Role] = &[Admin, ResponsableCommercial];
const ADMIN: &[Role] = &[Admin];
/// What payers owe: see it, and work on it.
const OWED: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial, Assistante, Facturation];
/// What auditors find.
const FINDINGS: &[Role] = &[Admin, ResponsableCommercial, Manager, Commercial, Assistante, Facturation];
const MONEY: &[Role] = &[Admin, ResponsableCommercial, Manager, Facturation];
const ACCOUNTS: &[Role] = &[Admin, ResponsableCommercial, Manager, Facturation];

/// These need no sign-in.
const PUBLIC: [&str; 8] =
    ["login", "refresh", "logout", "forgotten", "readLink", "usePasswordLink", "listDemoAccounts", "readCalendar"];

const fn row(id: &'static str, roles: &'static [Role], elsewhere: Elsewhere) -> Row {
    Row { id, action: None, roles, elsewhere, directory: false }
}

const fn needs(id: &'static str, action: Action, roles: &'static [Role], elsewhere: Elsewhere) -> Row {
    Row { id, action: Some(action), roles, elsewhere, directory: false }
}

/// Like [`row`], but roles that see only their own opportunités see these records everywhere.
const fn open(id: &'static str, roles: &'static [Role], elsewhere: Elsewhere) -> Row {
    Row { id, action: None, roles, elsewhere, directory: true }
}

const TABLE: &[Row] = &[
    row("getMe", ANYBODY, Nothing),
    row("changePassword", ANYBODY, Nothing),
    row("listLocalisations", ANYBODY, Nothing),
    row("getLocalisation", ANYBODY, Nothing),
    needs("updateLocalisation", Action::EntitesWrite, ADMIN, Nothing),
    needs("listEntitesLegales", Action::EntitesRead, ISSUERS, Absent),
    needs("getEntiteLegale", Action::EntitesRead, ISSUERS, Hidden),
    needs("updateEntiteLegale", Action::EntitesWrite, ADMIN, Nothing),
    needs("getEntiteLegaleLogo", Action::EntitesRead, ISSUERS, Hidden),
    needs("listEntiteLegaleDocuments", Action::EntitesWrite, ADMIN, Nothing),
    needs("previewEntiteLegaleDocument", Action::EntitesWrite, ADMIN, Nothing),
    needs("setEntiteLegaleLogo", Action::EntitesWrite, ADMIN, Nothing),
    needs("deleteEntiteLegaleLogo", Action::EntitesWrite, ADMIN, Nothing),
    needs("listUsers", Action::UsersRead, LEADERS, Absent),
    row("getSecondFactor", ANYBODY, Nothing),
    row("startSecondFactor", ANYBODY, Nothing),
    row("confirmSecondFactor", ANYBODY, Nothing),
    row("renewRecoveryCodes", ANYBODY, Nothing),
    row("removeSecondFactor", ANYBODY, Nothing),
    row("getQuietHours", ANYBODY, Nothing),
    row("putQuietHours", ANYBODY, Nothing),
    row("getAbsence", ANYBODY, Nothing),
    row("putAbsence", ANYBODY, Nothing),
    row("endAbsence", ANYBODY, Nothing),
    row("getCalendar", ANYBODY, Nothing),
    row("putCalendar", ANYBODY, Nothing),
    row("endCalendar", ANYBODY, Nothing),
    row("listDevices", ANYBODY, Nothing),
    row("endDevice", ANYBODY, Nothing),
    row("endOtherDevices", ANYBODY, Nothing),
    needs("createUser", Action::UsersWrite, LEADERS, Refused),
    needs("getUser", Action::UsersRead, LEADERS, Hidden),
    needs("updateUser", Action::UsersWrite, LEADERS, Hidden),
    needs("resetSecondFactor", Action::UsersWrite, LEADERS, Hidden),
    needs("getUserAbsence", Action::UsersRead, LEADERS, Hidden),
    needs("putUserAbsence", Action::UsersWrite, LEADERS, Hidden),
    needs("endUserAbsence", Action::UsersWrite, LEADERS, Hidden),
    needs("inviteUser", Action::UsersWrite, LEADERS, Hidden),
    row("listCommerciaux", ANYBODY, Nothing),
    row("listDescriptions", ANYBODY, Nothing),
    row("search", ANYBODY, Nothing),
    row("listRoles", ANYBODY, Nothing),
    row("getRole", ANYBODY, Nothing),
    needs("createRole", Action::RolesWrite, ADMIN, Nothing),
    needs("updateRole", Action::RolesWrite, ADMIN, Nothing),
    needs("deleteRole", Action::RolesWrite, ADMIN, Nothing),
    needs("getUserAccess", Action::UsersRead, LEADERS, Hidden),
    // A commercial reads all companies, so that nobody enters a company twice. Only the company's site may write.
    open("listEntreprises", ANYBODY, Absent),
    needs("createEntreprise", Action::EntreprisesWrite, COMPANIES, Refused),
    open("getEntreprise", ANYBODY, Hidden),
    open("getEntrepriseAccess", ANYBODY, Hidden),
    needs("updateEntreprise", Action::EntreprisesWrite, COMPANIES, Seen),
    open("listEntrepriseOpportunites", ANYBODY, Hidden),
    needs("exportEntreprises", Action::EntreprisesExport, LEADERS, Absent),
    needs("searchAnnuaire", Action::EntreprisesWrite, COMPANIES, Refused),
    // It names companies of other sites on purpose: their name, town and site, and whom to ask.
    needs("findSemblables", Action::EntreprisesWrite, COMPANIES, Nothing),
    // There are no pairs and no merges in this test: `fusions.rs` shows that those of other sites are not listed.
    needs("listDoublons", Action::EntreprisesMerge, MERGERS, Nothing),
    needs("dismissDoublon", Action::EntreprisesMerge, MERGERS, Hidden),
    needs("restoreDoublon", Action::EntreprisesMerge, MERGERS, Hidden),
    needs("listFusions", Action::EntreprisesMerge, MERGERS, Nothing),
    needs("previewFusion", Action::EntreprisesMerge, MERGERS, Hidden),
    needs("mergeEntreprises", Action::EntreprisesMerge, MERGERS, Hidden),
    needs("undoFusion", Action::EntreprisesMerge, MERGERS, Hidden),
    // Nothing is in it in this test: `corbeille.rs` shows that records of other sites are not listed.
    needs("listCorbeille", Action::Corbeille, SALES, Nothing),
    needs("binRecord", Action::Corbeille, SALES, Hidden),
    needs("restoreRecord", Action::Corbeille, SALES, Hidden),
    needs("searchPersonnes", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("previewEffacement", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("erasePersonne", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("getConservation", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("putConservation", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("listConservationDue", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("applyConservation", Action::DonneesPersonnelles, ADMIN, Nothing),
    needs("exportPersonne", Action::DonneesPersonnelles, ADMIN, Nothing),
    // What others may see is shown in `plugins/coherence.rs`; nothing is found in this test.
    needs("listAnomalies", Action::AnomaliesRead, FINDINGS, Nothing),
    needs("listAnomalieRegles", Action::AnomaliesRead, FINDINGS, Nothing),
    needs("acceptAnomalie", Action::AnomaliesAccept, LEADERS, Hidden),
    needs("reopenAnomalie", Action::AnomaliesAccept, LEADERS, Hidden),
    needs("createAnomalieControle", Action::AnomaliesAccept, LEADERS, Refused),
    needs("createImport", Action::EntreprisesImport, LEADERS, Refused),
    needs("listImports", Action::EntreprisesImport, LEADERS, Nothing),
    needs("listImportKinds", Action::EntreprisesImport, LEADERS, Nothing),
    needs("getImportTemplate", Action::EntreprisesImport, LEADERS, Nothing),
    needs("listImportFields", Action::EntreprisesImport, LEADERS, Nothing),
    needs("getImport", Action::EntreprisesImport, LEADERS, Hidden),
    needs("mapImport", Action::EntreprisesImport, LEADERS, Hidden),
    needs("listImportChanges", Action::EntreprisesImport, LEADERS, Hidden),
    needs("previewImport", Action::EntreprisesImport, LEADERS, Hidden),
    needs("applyImport", Action::EntreprisesImport, LEADERS, Hidden),
    needs("revertImport", Action::EntreprisesImport, LEADERS, Hidden),
    needs(
        "exportOpportunites",
        Action::OpportunitesExport,
        &[Admin, ResponsableCommercial, Manager, Facturation],
        Absent,
    ),
    row("listOpportunites", ANYBODY, Absent),
    needs("createOpportunite", Action::OpportunitesCreate, SALES, Refused),
    row("getKanban", ANYBODY, Nothing),
    row("getOpportunite", ANYBODY, Hidden),
    row("getOpportuniteAccess", ANYBODY, Hidden),
    needs("updateOpportunite", Action::OpportunitesEdit, SALES, Hidden),
    row("putSection", SALES, Hidden),
    row("transition", SALES, Hidden),
    row("getHistorique", ANYBODY, Hidden),
    // The operations of attachments are walked with those of an opportunité.
    row("uploadFile", ANYBODY, Nothing),
    row("listAttachments", ANYBODY, Hidden),
    row("getAttachment", ANYBODY, Hidden),
    row("downloadAttachment", ANYBODY, Hidden),
    row("previewAttachment", ANYBODY, Hidden),
    row("exportAttachments", ANYBODY, Hidden),
    needs("createAttachment", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("updateAttachment", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("replaceAttachment", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("deleteAttachment", Action::OpportunitesAttach, ANYBODY, Hidden),
    row("listNotes", ANYBODY, Hidden),
    row("listNotePeople", ANYBODY, Hidden),
    needs("createNote", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("updateNote", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("deleteNote", Action::OpportunitesAttach, ANYBODY, Hidden),
    row("getCourrielAddress", ANYBODY, Nothing),
    // One's own; `courriels.rs` tests that others do not see them.
    row("listCourriels", ANYBODY, Nothing),
    needs("fileCourriel", Action::OpportunitesAttach, ANYBODY, Hidden),
    row("deleteCourriel", ANYBODY, Hidden),
    row("listTaches", ANYBODY, Hidden),
    row("listSuivi", ANYBODY, Hidden),
    needs("createTache", Action::OpportunitesAttach, ANYBODY, Hidden),
    row("updateTache", ANYBODY, Hidden),
    row("deleteTache", ANYBODY, Hidden),
    // `vues.rs` tests who sees which views.
    row("listVues", ANYBODY, Nothing),
    row("createVue", ANYBODY, Refused),
    row("updateVue", ANYBODY, Hidden),
    row("deleteVue", ANYBODY, Hidden),
    row("makeDefaultVue", ANYBODY, Hidden),
    row("dropDefaultVue", ANYBODY, Hidden),
    row("listDocuments", ANYBODY, Hidden),
    row("getPreuves", ANYBODY, Hidden),
    row("createPreuveExport", ANYBODY, Hidden),
    row("getPreuveExport", ANYBODY, Hidden),
    row("downloadPreuveArchive", ANYBODY, Hidden),
    row("downloadPreuveExport", ANYBODY, Hidden),
    row("getDocument", ANYBODY, Hidden),
    row("downloadDocument", ANYBODY, Hidden),
    row("previewDocument", ANYBODY, Hidden),
    row("downloadInvoice", ANYBODY, Hidden),
    // Which roles may make one says the plugin.
    needs("createDocuments", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("previewDocumentDraft", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("retryDocument", Action::OpportunitesAttach, ANYBODY, Hidden),
    row("listDocumentSendings", ANYBODY, Hidden),
    needs("sendDocument", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("planSessionDocuments", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("sendSessionDocuments", Action::OpportunitesAttach, ANYBODY, Hidden),
    needs("planReminders", Action::CreancesWrite, MONEY, Nothing),
    needs("sendReminders", Action::CreancesWrite, MONEY, Nothing),
    needs("previewReminder", Action::CreancesWrite, MONEY, Nothing),
    row("getDocumentBatch", ANYBODY, Hidden),
    row("listSignedCopies", ANYBODY, Hidden),
    needs("addSignedCopy", Action::OpportunitesAttach, ANYBODY, Hidden),
    row("getSignedCopy", ANYBODY, Hidden),
    row("downloadSignedCopy", ANYBODY, Hidden),
    row("previewSignedCopy", ANYBODY, Hidden),
    row("listPieces", ANYBODY, Hidden),
    row("getPiece", ANYBODY, Hidden),
    // `facturation.rs` tests the scope of these lists: they need issued pieces.
    needs("listCreances", Action::CreancesRead, OWED, Nothing),
    needs("getCreanceTotals", Action::CreancesRead, OWED, Nothing),
    needs("listAgedBalances", Action::CreancesRead, OWED, Nothing),
    needs("exportCreances", Action::OpportunitesExport, MONEY, Nothing),
    needs("createEncaissement", Action::CreancesWrite, MONEY, Nothing),
    needs("listPaymentModes", Action::CreancesRead, OWED, Hidden),
    needs("reversePaiement", Action::CreancesWrite, MONEY, Hidden),
    needs("creditPiece", Action::CreancesWrite, MONEY, Hidden),
    needs("putDispute", Action::CreancesWrite, MONEY, Hidden),
    needs("deleteDispute", Action::CreancesWrite, MONEY, Hidden),
    needs("listRelances", Action::CreancesRead, OWED, Nothing),
    needs("sendRelances", Action::CreancesWrite, MONEY, Nothing),
    needs("listRelanceSteps", Action::CreancesRead, OWED, Nothing),
    // They hold for the whole network.
    needs("putRelanceSteps", Action::CreancesWrite, NETWORK, Nothing),
    needs("listAccountingExports", Action::ComptaExport, ACCOUNTS, Nothing),
    needs("createAccountingExport", Action::ComptaExport, ACCOUNTS, Hidden),
    needs("downloadAccountingExport", Action::ComptaExport, ACCOUNTS, Hidden),
    needs("listAccountingEntities", Action::ComptaExport, ACCOUNTS, Nothing),
    needs("listAccounts", Action::ComptaExport, ACCOUNTS, Hidden),
    needs("putAccounts", Action::ComptaExport, ACCOUNTS, Hidden),
    needs("getBpf", Action::ComptaExport, ACCOUNTS, Hidden),
    needs("exportBpf", Action::ComptaExport, ACCOUNTS, Hidden),
    row("getBpfNomenclature", ANYBODY, Nothing),
    row("getWorkflow", ANYBODY, Hidden),
    needs("listFormateurs", Action::FormateursRead, TRAINERS_READ, Absent),
    needs("listBookableFormateurs", Action::FormateursRead, TRAINERS_READ, Absent),
    needs("createFormateur", Action::FormateursWrite, TRAINERS, Refused),
    needs("getFormateur", Action::FormateursRead, TRAINERS_READ, Hidden),
    needs("getFormateurAccess", Action::FormateursRead, TRAINERS_READ, Hidden),
    needs("updateFormateur", Action::FormateursWrite, TRAINERS, Hidden),
    needs("getPlanning", Action::FormateursRead, TRAINERS_READ, Hidden),
    row("listSalles", ANYBODY, Absent),
    needs("createSalle", Action::SallesWrite, ROOMS, Refused),
    row("getSalle", ANYBODY, Hidden),
    row("getSalleAccess", ANYBODY, Hidden),
    row("getSallePlanning", ANYBODY, Hidden),
    needs("updateSalle", Action::SallesWrite, ROOMS, Hidden),
    row("listProduits", ANYBODY, Absent),
    needs("createProduit", Action::ProduitsWrite, LEADERS, Refused),
    row("getProduit", ANYBODY, Hidden),
    needs("updateProduit", Action::ProduitsWrite, LEADERS, Hidden),
    row("getPlanningBoard", ANYBODY, Absent),
    row("listSessions", ANYBODY, Absent),
    needs("createSession", Action::SessionsWrite, ROOMS, Refused),
    row("getSession", ANYBODY, Hidden),
    needs("updateSession", Action::SessionsWrite, ROOMS, Hidden),
    needs("exportSessions", Action::StagiairesExport, LEADERS, Absent),
    needs("putSessionHalfDays", Action::SessionsWrite, ROOMS, Hidden),
    needs("putSessionStagiaires", Action::StagiairesWrite, TRAINEES, Hidden),
    row("getAttendance", ANYBODY, Hidden),
    needs("putAttendance", Action::StagiairesWrite, TRAINEES, Hidden),
    needs("exportAttendance", Action::StagiairesExport, LEADERS, Hidden),
    row("listStagiaires", ANYBODY, Absent),
    needs("exportStagiaires", Action::StagiairesExport, LEADERS, Absent),
    row("listOpportuniteStagiaires", ANYBODY, Hidden),
    needs("createStagiaire", Action::StagiairesWrite, TRAINEES, Hidden),
    needs("createStagiaires", Action::StagiairesWrite, TRAINEES, Hidden),
    needs("previewStagiaires", Action::StagiairesWrite, TRAINEES, Hidden),
    row("getStagiaire", ANYBODY, Hidden),
    needs("updateStagiaire", Action::StagiairesWrite, TRAINEES, Hidden),
    needs("deleteStagiaire", Action::StagiairesWrite, TRAINEES, Hidden),
    needs("listObjectifs", Action::ObjectifsRead, SALES, Absent),
    needs("createObjectif", Action::ObjectifsWrite, LEADERS, Refused),
    needs("updateObjectif", Action::ObjectifsWrite, LEADERS, Hidden),
    needs("deleteObjectif", Action::ObjectifsWrite, LEADERS, Hidden),
    row("listMetrics", ANYBODY, Nothing),
    row("getDashboard", ANYBODY, Nothing),
    needs("exportDashboard", Action::OpportunitesExport, MONEY, Nothing),
    row("getInbox", ANYBODY, Absent),
    row("getDigest", ANYBODY, Nothing),
    row("putDigest", ANYBODY, Nothing),
    row("listNotifications", ANYBODY, Nothing),
    row("getUnreadCount", ANYBODY, Nothing),
    row("readNotification", ANYBODY, Hidden),
    row("readAllNotifications", ANYBODY, Nothing),
    row("streamNotifications", ANYBODY, Nothing),
    row("getPreferences", ANYBODY, Nothing),
    row("putPreferences", ANYBODY, Nothing),
    needs("listJournal", Action::JournalRead, LEADERS, Absent),
    needs("listJobs", Action::JobsRead, NETWORK, Nothing),
    needs("getJobCounts", Action::JobsRead, NETWORK, Nothing),
    needs("getJob", Action::JobsRead, NETWORK, Nothing),
    needs("retryJob", Action::JobsManage, ADMIN, Nothing),
    needs("pauseQueue", Action::JobsManage, ADMIN, Nothing),
    needs("resumeQueue", Action::JobsManage, ADMIN, Nothing),
    needs("listPlugins", Action::PluginsRead, LEADERS, Nothing),
    needs("getPlugin", Action::PluginsRead, LEADERS, Nothing),
    needs("getPluginIcon", Action::PluginsRead, LEADERS, Nothing),
    needs("setPluginSite", Action::PluginsConfigure, LEADERS, Hidden),
    needs("setPluginSchedule", Action::PluginsConfigure, LEADERS, Hidden),
    needs("getPluginConfig", Action::PluginsConfigure, LEADERS, Hidden),
    needs("putPluginConfig", Action::PluginsConfigure, LEADERS, Hidden),
    needs("getPluginHealth", Action::PluginsRead, LEADERS, Nothing),
    needs("releasePluginSite", Action::PluginsConfigure, LEADERS, Hidden),
    needs("installPlugin", Action::PluginsInstall, ADMIN, Nothing),
    needs("removePlugin", Action::PluginsInstall, ADMIN, Nothing),
    needs("listPluginVersions", Action::PluginsInstall, ADMIN, Nothing),
    needs("activatePluginVersion", Action::PluginsInstall, ADMIN, Nothing),
    needs("deletePluginVersion", Action::PluginsInstall, ADMIN, Nothing),
    needs("rollbackPlugin", Action::PluginsInstall, ADMIN, Nothing),
    needs("startPluginRecording", Action::PluginsInstall, ADMIN, Nothing),
    needs("getPluginRecording", Action::PluginsInstall, ADMIN, Nothing),
    needs("listPluginRecordings", Action::PluginsInstall, ADMIN, Nothing),
    needs("listRecordedCalls", Action::PluginsInstall, ADMIN, Nothing),
    needs("stopPluginRecording", Action::PluginsInstall, ADMIN, Nothing),
    needs("deletePluginRecording", Action::PluginsInstall, ADMIN, Nothing),
    needs("listPluginKeys", Action::PluginsInstall, ADMIN, Nothing),
    needs("addPluginKey", Action::PluginsInstall, ADMIN, Nothing),
    needs("revokePluginKey", Action::PluginsInstall, ADMIN, Nothing),
    needs("listWebhooks", Action::IntegrationsManage, ADMIN, Nothing),
    needs("createWebhook", Action::IntegrationsManage, ADMIN, Nothing),
    needs("getWebhook", Action::IntegrationsManage, ADMIN, Nothing),
    needs("updateWebhook", Action::IntegrationsManage, ADMIN, Nothing),
    needs("renewWebhook", Action::IntegrationsManage, ADMIN, Nothing),
    needs("deleteWebhook", Action::IntegrationsManage, ADMIN, Nothing),
    needs("testWebhook", Action::IntegrationsManage, ADMIN, Nothing),
    needs("listWebhookDeliveries", Action::IntegrationsManage, ADMIN, Nothing),
    needs("resendWebhookDelivery", Action::IntegrationsManage, ADMIN, Nothing),
    needs("listApiKeys", Action::IntegrationsManage, ADMIN, Nothing),
    needs("createApiKey", Action::IntegrationsManage, ADMIN, Nothing),
    needs("getApiKey", Action::IntegrationsManage, ADMIN, Nothing),
    needs("renewApiKey", Action::IntegrationsManage, ADMIN, Nothing),
    needs("revokeApiKey", Action::IntegrationsManage, ADMIN, Nothing),
    needs("listConnecteurs", Action::ConnecteursManage, ADMIN, Nothing),
    needs("getConnecteurConfig", Action::ConnecteursManage, ADMIN, Nothing),
    needs("putConnecteurConfig", Action::ConnecteursManage, ADMIN, Nothing),
    needs("checkConnecteur", Action::ConnecteursManage, ADMIN, Nothing),
    needs("syncConnecteur", Action::ConnecteursManage, ADMIN, Nothing),
    needs("listRuns", Action::ConnecteursManage, ADMIN, Nothing),
    needs("getRun", Action::ConnecteursManage, ADMIN, Nothing),
    needs("listRunChanges", Action::ConnecteursManage, ADMIN, Nothing),
    needs("getRunLog", Action::ConnecteursManage, ADMIN, Nothing),
    needs("applyRun", Action::ConnecteursManage, ADMIN, Nothing),
    needs("undoRun", Action::ConnecteursManage, ADMIN, Nothing),
    needs("cancelRun", Action::ConnecteursManage, ADMIN, Nothing),
    needs("settleConflicts", Action::ConnecteursManage, ADMIN, Nothing),
];

/// `(operationId, method, path)` of every operation.
fn operations() -> Vec<(String, String, String)> {
    let document = serde_json::to_value(afpi::router::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str();
            let id = id.unwrap_or_else(|| panic!("{method} {path} has no operationId, and so no row"));
            found.push((id.to_owned(), method.to_uppercase(), path.clone()));
        }
    }
    found
}

#[test]
fn the_table_and_the_document_name_the_same_operations() {
    let sorted = |names: Vec<String>| {
        let mut names = names;
        names.sort();
        names
    };
    // These are lists, not sets: a set would hide two operations with the same name, or two rows for one operation.
    let document = sorted(operations().into_iter().map(|(id, ..)| id).collect());
    let table = sorted(TABLE.iter().map(|row| row.id).chain(PUBLIC).map(str::to_owned).collect());
    assert_eq!(document, table);
    assert!(document.len() > 60);
    for (id, _, path) in operations().iter().filter(|(id, ..)| PUBLIC.contains(&id.as_str())) {
        // The address of a calendar is a secret itself.
        let open = ["/api/auth/", "/api/demo/", "/api/calendriers/"].iter().any(|start| path.starts_with(start));
        assert!(open, "{id} is not part of signing in, so it needs a row");
    }
}

/// A person with a role of the database.
struct Walker {
    role: String,
    kind: Role,
    reach: String,
    actions: BTreeSet<String>,
    person: Uuid,
    client: Client,
}

impl Walker {
    fn may(&self, row: &Row) -> bool {
        let given = |action: Action| self.kind == Admin || self.actions.contains(action.id());
        row.roles.contains(&self.kind) && row.action.is_none_or(given)
    }

    fn sees_all(&self, row: &Row) -> bool {
        self.reach == "network" || (row.directory && self.reach == "own")
    }
}

/// One person for every role in the database: the built-in roles and two further roles with fewer rights.
async fn walkers(world: &World) -> Vec<Walker> {
    let admin = world.as_role(Admin).await;
    let name = |name: &str| json!({"fr": name, "en": name});
    let few = ["opportunites:create", "formateurs:read", "users:read"];
    for (id, reach) in [("chef_adjoint", "sites"), ("charge_d_affaires", "own")] {
        let body = json!({"id": id, "name": name(id), "standsOn": "manager", "actions": few, "reach": reach});
        admin.post("/api/roles", body).await.expect(201);
        let person = json!({"email": format!("{id}@afpi.test"), "name": id, "roleId": id,
            "localisationIds": [world.site(HOME)], "password": "quatre chats verts ici"});
        admin.post("/api/users", person).await.expect(201);
    }
    let mut conn = world.app.db.read().await.unwrap();
    let roles = sql("SELECT r.id, r.stands_on, r.reach, (SELECT GROUP_CONCAT(ra.action) FROM role_actions ra WHERE ra.role_id = r.id) FROM roles r")
        .all::<(String, String, String, Option<String>)>(&mut conn)
        .await
        .unwrap();
    assert_eq!(roles.len(), Role::ALL.len() + 2);
    let mut walkers = Vec::new();
    for (role, kind, reach, actions) in roles {
        let person = sql("SELECT id FROM users WHERE role_id = ? ORDER BY created_at").bind(&role);
        let person: Uuid = person.scalar(&mut conn).await.unwrap_or_else(|_| panic!("nobody has the role {role}"));
        let actions = actions.unwrap_or_default().split(',').map(str::to_owned).collect();
        let (kind, client) = (Role::parse(&kind).unwrap(), world.as_user(person).await);
        walkers.push(Walker { role, kind, reach, actions, person, client });
    }
    // The built-in roles are written twice, in the table above and in the database. Both must agree.
    for row in TABLE.iter().filter(|row| row.action.is_some()) {
        for walker in walkers.iter().filter(|walker| walker.role == walker.kind.id()) {
            assert_eq!(walker.may(row), row.roles.contains(&walker.kind), "{} as {}", row.id, walker.role);
        }
    }
    walkers
}

/// Records of one site.
#[derive(Clone)]
struct Records {
    opportunite: Value,
    entreprise: String,
    /// A company at home that every role sees.
    seen: String,
    user: String,
    formateur: String,
    salle: String,
    produit: String,
    session: String,
    stagiaire: String,
    objectif: String,
    import: String,
    site: String,
    entite: String,
}

/// Adds a trainee of this name. Returns the id.
async fn stagiaire(client: &Client, opportunite: &Value, name: &str) -> String {
    let path = format!("/api/opportunites/{}/stagiaires", opportunite["id"].as_str().unwrap());
    let made = client.post(&path, json!({"lastName": name, "firstName": "Zoé"})).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// Every record contains `name`.
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
    let place = admin.get(&format!("/api/localisations/{site}")).await.expect(200);
    let entite = &place["legalEntity"]["id"];
    let produit = json!({"code": name, "title": name, "priceUnit": "group", "vatRate": 0, "legalEntityId": entite});
    let produit = admin.post("/api/produits", produit).await.expect(201);
    let session = json!({"numero": name, "title": name, "localisationId": site});
    let session = admin.post("/api/sessions", session).await.expect(201);
    let stagiaire = stagiaire(&admin, &opportunite, name).await;
    let user = world.another(Assistante, &Uuid::now_v7().to_string(), &[code]).await.to_string();
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
        produit: id(&produit),
        session: id(&session),
        stagiaire,
        objectif: id(&objectif),
        import: id(&import),
        entite: id(&place["legalEntity"]),
        site,
        opportunite,
    }
}

/// The path with the ids of these records, and a valid body, so that only the check of rights can refuse the request.
fn request(id: &str, path: &str, of: &Records) -> (String, Option<Value>) {
    let record = match path {
        p if p.starts_with("/api/opportunites")
            || p.starts_with("/api/attachments")
            || p.starts_with("/api/notes")
            || p.starts_with("/api/suivi")
            || p.starts_with("/api/corbeille")
            || p.starts_with("/api/preuves") =>
        {
            of.opportunite["id"].as_str().unwrap().to_owned()
        }
        p if p.starts_with("/api/entreprises") => of.entreprise.clone(),
        p if p.starts_with("/api/users") => of.user.clone(),
        p if p.starts_with("/api/roles") => "commercial".to_owned(),
        p if p.starts_with("/api/formateurs") => of.formateur.clone(),
        p if p.starts_with("/api/salles") => of.salle.clone(),
        p if p.starts_with("/api/produits") => of.produit.clone(),
        p if p.starts_with("/api/sessions") => of.session.clone(),
        p if p.starts_with("/api/stagiaires") => of.stagiaire.clone(),
        p if p.starts_with("/api/objectifs") => of.objectif.clone(),
        p if p.starts_with("/api/imports") => of.import.clone(),
        p if p.starts_with("/api/localisations") => of.site.clone(),
        p if p.starts_with("/api/entites-legales") => of.entite.clone(),
        p if p.starts_with("/api/plugin-keys") => "0".repeat(32),
        p if p.starts_with("/api/plugins") => "notifications-afpi".to_owned(),
        _ => Uuid::nil().to_string(),
    };
    let mut path = path
        .replace("{id}", &record)
        .replace("{localisationId}", &of.site)
        .replace("{plugin}", "ypareo")
        .replace("{regle}", "contacts")
        .replace("{kind}", "opportunites")
        .replace("{attachment}", &Uuid::nil().to_string())
        .replace("{note}", &Uuid::nil().to_string())
        .replace("{delivery}", &Uuid::nil().to_string())
        .replace("{other}", &of.seen)
        .replace("{fusion}", &Uuid::nil().to_string())
        .replace("{position}", "1")
        .replace("{number}", "1")
        .replace("{version}", "1.0.0");
    path = path.replace("{queue}", "events").replace("{section}", "collecte").replace("{name}", "soumettre");
    match id {
        "getPlanning" | "getSallePlanning" => path.push_str("?from=2026-01-01&to=2026-01-31"),
        "listTaches" => {
            let record = of.opportunite["id"].as_str().unwrap_or_default();
            path.push_str(&format!("?kind=opportunites&record={record}"));
        }
        "listVues" => path.push_str("?list=opportunites"),
        "searchPersonnes" => path.push_str("?q=ici"),
        "exportPersonne" | "previewEffacement" => path.push_str(&format!("?records=stagiaire:{}", of.stagiaire)),
        "uploadFile" => path.push_str("?name=a.pdf"),
        "getBpf" | "exportBpf" => {
            path.push_str(&format!("?entiteLegaleId={}&from=2026-01-01&to=2026-12-31", of.entite))
        }
        "createImport" | "getWorkflow" | "listPaymentModes" | "searchAnnuaire" => {
            path.push_str(&format!("?localisationId={}", of.site))
        }
        _ => {}
    }
    let company = of.seen.as_str();
    let body = match id {
        "login" => json!({"email": "x@example.fr", "password": "x"}),
        "changePassword" => json!({"current": "x", "new": "y"}),
        "createUser" => {
            json!({"email": "n@example.fr", "name": "N", "roleId": "assistante", "localisationIds": [of.site], "password": "quatre chats verts ici"})
        }
        "updateUser" => json!({"name": "N"}),
        "putAbsence" | "putUserAbsence" => json!({"from": "2026-12-01", "until": "2999-12-31"}),
        "createRole" => json!({"name": {"fr": "N", "en": "N"}, "standsOn": "assistante", "actions": []}),
        "updateRole" => json!({"actions": []}),
        "createEntreprise" => json!({"name": "N", "localisationId": of.site}),
        "updateEntreprise" => json!({"name": "N"}),
        "erasePersonne" => json!({"records": [{"kind": "stagiaire", "id": of.stagiaire}], "reason": "Demande écrite"}),
        "binRecord" => json!({"reason": "Saisie par erreur"}),
        "dismissDoublon" => json!({"reason": "Deux sociétés"}),
        "acceptAnomalie" => json!({"reason": "Voulu"}),
        "createAnomalieControle" => json!({"localisationId": of.site}),
        "previewFusion" | "mergeEntreprises" => json!({"absorbed": company, "absorbedVersion": 1}),
        "mapImport" => json!({"columns": [{"field": "name"}]}),
        "createOpportunite" => json!({"entrepriseId": company, "title": "N", "budget": 1, "localisationId": of.site}),
        "createNote" => json!({"text": "Vu"}),
        "updateNote" => json!({"pinned": true}),
        "fileCourriel" => json!({"kind": "opportunites", "id": of.opportunite["id"]}),
        "createTache" => json!({"title": "Voir", "about": {"kind": "opportunites", "id": of.opportunite["id"]}}),
        "updateTache" => json!({"done": true}),
        "createVue" => json!({"list": "opportunites", "name": "Vue", "sharedWith": {"localisationId": of.site}}),
        "updateVue" => json!({"pinned": true}),
        "createAttachment" | "replaceAttachment" => json!({"uploadId": Uuid::nil()}),
        "createEncaissement" => json!({"amount": 1, "mode": "virement", "pieces": []}),
        "reversePaiement" | "creditPiece" | "putDispute" => json!({"reason": "Parce que"}),
        "sendRelances" => json!({"pieces": []}),
        "putConservation" => json!({"years": 3, "automatic": false}),
        "putRelanceSteps" => json!({"steps": []}),
        "createAccountingExport" => {
            json!({"entiteLegaleId": Uuid::nil(), "from": "2026-01-01", "to": "2026-01-31"})
        }
        "putAccounts" => json!({"accounts": []}),
        "sendDocument" => json!({"to": ["n@example.fr"], "subject": "N", "body": "N"}),
        "sendSessionDocuments" => json!({"kind": "convocation", "subjects": [{"id": Uuid::nil()}]}),
        "sendReminders" => json!({"letters": [{"pieces": [Uuid::nil()]}]}),
        "previewReminder" => json!({"pieces": [Uuid::nil()]}),
        "addSignedCopy" => json!({"uploadId": Uuid::nil(), "signedOn": "2026-01-05", "signatory": "N"}),
        "createDocuments" => json!({"kind": "devis", "subjects": [{"id": Uuid::nil()}]}),
        "createPreuveExport" => json!({"subjects": [{"kind": "opportunites", "id": of.opportunite["id"]}]}),
        "previewDocumentDraft" | "previewEntiteLegaleDocument" => json!({"kind": "devis"}),
        "updateOpportunite" => json!({"title": "N"}),
        "createFormateur" => json!({"name": "N", "kind": "permanent", "localisationId": of.site}),
        "updateFormateur" => json!({"name": "N"}),
        "createSalle" => json!({"name": "N", "localisationId": of.site}),
        "updateSalle" => json!({"name": "N"}),
        "createProduit" => {
            json!({"code": "N", "title": "N", "priceUnit": "group", "vatRate": 0, "legalEntityId": of.entite})
        }
        "updateProduit" => json!({"title": "N"}),
        "setEntiteLegaleLogo" => json!({"uploadId": Uuid::nil()}),
        "createSession" => json!({"numero": "N", "title": "N", "localisationId": of.site}),
        "updateSession" => json!({"title": "N"}),
        "putSessionHalfDays" => json!({"halfDays": []}),
        "putSessionStagiaires" => json!({"stagiaireIds": []}),
        "putAttendance" => json!({"cells": []}),
        "createStagiaire" => json!({"lastName": "N", "firstName": "N"}),
        "createStagiaires" => json!({"stagiaires": []}),
        "previewStagiaires" => json!({"text": "N"}),
        "updateStagiaire" => json!({"lastName": "N"}),
        "createObjectif" => json!({"metric": "ca_signe", "period": "2027", "target": 1, "localisationId": of.site}),
        "updateObjectif" => json!({"target": 2}),
        "putPreferences" => json!({"data": []}),
        "setPluginSite" | "setPluginSchedule" => json!({"enabled": true}),
        "putPluginConfig" | "putConnecteurConfig" => json!({"config": {}}),
        "startPluginRecording" => json!({"calls": 1}),
        "createApiKey" => {
            let scopes = json!([{"area": "entreprises", "access": "read"}]);
            json!({"name": "N", "roleId": "assistante", "localisationIds": [of.site], "scopes": scopes})
        }
        "createWebhook" => {
            let events = json!(["entreprise.created"]);
            json!({"name": "N", "url": "https://example.fr/", "events": events, "localisationIds": []})
        }
        "updateWebhook" => json!({"name": "N"}),
        "renewApiKey" => json!({"graceHours": 24}),
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
        let walkers = walkers(&world).await;
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
            for walker in &walkers {
                let who = format!("as {}", walker.role);
                let ask = async |of: &Records| ask(walker.client.clone(), of).await;
                if !walker.may(row) {
                    expect(&who, ask(&here).await, 403, "forbidden");
                } else if !walker.sees_all(row) {
                    match row.elsewhere {
                        Hidden => expect(&who, ask(&there).await, 404, "not-found"),
                        Seen if walker.reach != "own" => expect(&who, ask(&there).await, 404, "not-found"),
                        Seen | Refused => expect(&who, ask(&there).await, 403, "forbidden"),
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
        let walkers = walkers(&world).await;
        let named = |text: &str| {
            ["Ailleurs", &there.user, &there.objectif, &there.entite].iter().any(|mark| text.contains(mark))
        };
        let mut wrong = Vec::new();
        for (id, method, path) in operations() {
            let Some(row) = TABLE.iter().find(|row| row.id == id && row.elsewhere == Absent) else { continue };
            let (path, _) = request(&id, &path, &here);
            for walker in walkers.iter().filter(|walker| walker.may(row)) {
                let response = walker.client.raw(&method, &path, None, &[]).await;
                let status = response.status().as_u16();
                let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
                let text = String::from_utf8_lossy(&bytes);
                let sees = walker.sees_all(row);
                // A person who sees everything finds the name. This shows that its absence in the other answers means
                // something.
                if status != 200 || named(&text) != sees {
                    wrong.push(format!("{id} as {}: {status}, names it: {}", walker.role, named(&text)));
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

/// The opposite check: roles with the right can reach the records of their own sites.
#[tokio::test]
async fn who_may_read_reads_what_his_sites_have() {
    on_both(|world| async move {
        let here = records(&world, HOME, "Ici").await;
        let there = records(&world, AWAY, "Ailleurs").await;
        let walkers = walkers(&world).await;
        let mut own = HashMap::new();
        for walker in walkers.iter().filter(|walker| walker.reach == "own") {
            let body = json!({"entrepriseId": here.entreprise, "title": "Ici", "budget": 100});
            let file = walker.client.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
            let stagiaire = stagiaire(&world.as_role(Admin).await, &file, "Ici").await;
            own.insert(walker.person, Records { opportunite: file, stagiaire, ..here.clone() });
        }
        let mut wrong = Vec::new();
        for (id, method, path) in operations() {
            let Some(row) = TABLE.iter().find(|row| row.id == id && method == "GET") else { continue };
            for walker in walkers.iter().filter(|walker| walker.may(row)) {
                let mine = own.get(&walker.person).unwrap_or(&here);
                for records in if walker.sees_all(row) { vec![mine, &there] } else { vec![mine] } {
                    let (path, _) = request(&id, &path, records);
                    let reply = walker.client.raw("GET", &path, None, &[]).await.status().as_u16();
                    // The test creates no record for these operations, so a person with the right gets 404.
                    let absent = [
                        "getAttachment",
                        "downloadAttachment",
                        "previewAttachment",
                        "getEntiteLegaleLogo",
                        "getJob",
                        "getApiKey",
                        "getWebhook",
                        "listWebhookDeliveries",
                        "getPiece",
                        "downloadAccountingExport",
                        "listAccounts",
                        "getDocument",
                        "downloadDocument",
                        "previewDocument",
                        "downloadInvoice",
                        "getPreuveExport",
                        "downloadPreuveArchive",
                        "downloadPreuveExport",
                        "listDocumentSendings",
                        "listSignedCopies",
                        "getSignedCopy",
                        "downloadSignedCopy",
                        "previewSignedCopy",
                        "getDocumentBatch",
                        "getRun",
                        "listRunChanges",
                        "getRunLog",
                        "getPluginRecording",
                        "listRecordedCalls",
                    ]
                    .contains(&id.as_str());
                    // 204 is the answer for a plugin without an icon.
                    let let_in = matches!(reply, 200 | 204) || (absent && reply == 404);
                    if !let_in {
                        wrong.push(format!("{id} as {}: {reply}", walker.role));
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
