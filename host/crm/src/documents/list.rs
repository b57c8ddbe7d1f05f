//! `GET /api/opportunites/{id}/documents` and `GET /api/documents/{id}`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::{self, Offered};
use super::compose::{self, Wanted};
use super::describe::{self, Beside, Document};
use super::material::Material;
use super::signed;
use super::subject::{About, Subject};
use crate::opportunites::read::Blocker;
use crate::opportunites::stored;
use afpi_core::error::not_found;
use afpi_core::id::{DocumentId, OpportuniteId};
use afpi_core::text::Text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::failures::both;
use afpi_platform::state::App;

/// The documents of an opportunité.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpportuniteDocuments)]
pub struct Documents {
    /// What the plugins of its site can make.
    kinds: Vec<DocumentKind>,
    /// What was made, the newest first.
    data: Vec<Document>,
}

/// A kind of document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentKind {
    /// E.g. `devis`.
    id: String,
    label: Text,
    /// Section of the workflow; empty: none.
    section: String,
    about: About,
    /// The usual one first.
    languages: Vec<String>,
    /// May the caller make it?
    allowed: bool,
    /// Is it made by itself when its piece is issued?
    issued: bool,
    /// Does somebody sign it and send it back?
    signed: bool,
    subjects: Vec<Candidate>,
}

/// What such a document can be about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentCandidate)]
pub struct Candidate {
    #[serde(flatten)]
    subject: Subject,
    /// Empty for the opportunité itself.
    label: Text,
    /// What is missing before it can be made, with pointers into the dossier.
    missing: Vec<Blocker>,
}

/// List the documents of an opportunité, and those that can be made.
#[utoipa::path(get, path = "/{id}/documents", operation_id = "listDocuments", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = Documents), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
) -> ApiResult<Json<Documents>> {
    let act = Act::begin(&app, &caller, request.as_str());
    let (site, material, rows, mut beside) = {
        let mut conn = app.db.read().await?;
        let opportunite = stored::load(&mut conn, &caller.scope(), id).await?;
        let material = Material::load(&mut conn, &opportunite).await?;
        let mut rows = describe::of(&mut conn, id).await?;
        // A letter about several opportunités belongs to one of them, and is read in its scope.
        let mut scope = caller.scope().opportunites("o.id", "");
        scope.push(" AND o.id IN ").list(rows.iter().map(|row| row.opportunite_id).chain([id]));
        let seen: Vec<(OpportuniteId,)> = scope.all(&mut conn).await?;
        rows.retain(|row| seen.contains(&(row.opportunite_id,)));
        let ids: Vec<DocumentId> = rows.iter().map(|row| row.id).collect();
        let beside = Beside::of(&mut conn, &ids).await?;
        (opportunite.localisation_id, material, rows, beside)
    };
    // Hold no connection while plugins are asked.
    let offered = catalogue::offered(&app, site, &act.context()).await;
    let mut kinds = Vec::with_capacity(offered.len());
    for one in &offered {
        kinds.push(kind(act, one, &material).await);
    }
    let mut data = describe::show(rows, &offered, &mut beside);
    if data.iter().any(|document| document.signed_copy.is_some()) {
        let (_, definition) = app.plugins.workflow(site).await?;
        data.iter_mut().for_each(|document| document.acceptance = signed::acceptance(document, &material, &definition));
    }
    Ok(Json(Documents { kinds, data }))
}

/// A kind with its subjects. What is missing is asked only for who may make it.
async fn kind(act: Act<'_>, offered: &Offered, material: &Material) -> DocumentKind {
    let allowed = offered.is_for(act.caller);
    let mut subjects = Vec::new();
    for (subject, label) in material.subjects(offered) {
        let wanted = Wanted {
            offered,
            subject,
            session: None,
            language: &offered.kind.languages[0],
            by: None,
            now: act.now,
            claims: &[],
        };
        let missing = match allowed {
            true => compose::missing(&act.context(), material, wanted).await.unwrap_or_default(),
            false => vec![],
        };
        subjects.push(Candidate { subject, label, missing });
    }
    let kind = &offered.kind;
    DocumentKind {
        id: kind.id.clone(),
        label: both(kind.label.clone()),
        section: kind.section.clone(),
        about: offered.about,
        languages: kind.languages.clone(),
        allowed,
        issued: offered.about == About::Piece && kind.reminder == 0,
        signed: kind.signed,
        subjects,
    }
}

/// Read one document's description.
#[utoipa::path(get, path = "/{id}", operation_id = "getDocument", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = Document), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<DocumentId>,
) -> ApiResult<Json<Document>> {
    let act = Act::begin(&app, &caller, request.as_str());
    let (site, row) = {
        let mut conn = app.db.read().await?;
        let row = describe::row(&mut conn, id).await?;
        (stored::load(&mut conn, &caller.scope(), row.opportunite_id).await?.localisation_id, row)
    };
    let offered = catalogue::offered(&app, site, &act.context()).await;
    let mut conn = app.db.read().await?;
    let rows = describe::of(&mut conn, row.opportunite_id).await?;
    let mut beside = Beside::of(&mut conn, &[id]).await?;
    let found = describe::show(rows, &offered, &mut beside).into_iter().find(|document| document.id == id);
    Ok(Json(found.ok_or_else(not_found)?))
}
