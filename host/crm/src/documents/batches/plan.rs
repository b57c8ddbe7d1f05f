//! `GET /api/sessions/{id}/document-batch`: what could be made at once, to whom, and what is missing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use afpi_db::{Conn, sql};
use afpi_plugins::CallContext;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

use super::{Plan, PlanItem, PlanKind};
use crate::documents::catalogue::{self, Offered};
use crate::documents::compose::{self, Wanted};
use crate::documents::material::Material;
use crate::documents::sendings;
use crate::documents::subject::{About, Subject};
use crate::opportunites::stored::{self, StoredOpportunite};
use crate::sessions;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{OpportuniteId, SessionId};
use afpi_core::rights::Action;
use afpi_core::scope::Loaded;
use afpi_http::input::{Id, Params};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::failures::both;
use afpi_platform::state::App;

/// The most documents of a batch.
pub const MOST: usize = 200;

/// The documents to plan.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichKind {
    /// One of the plan's kinds. Without it the plan names the kinds only.
    #[serde(default)]
    #[validate(nested)]
    kind: Option<Line<40>>,
}

/// Plan the documents of a session's trainees: of those whose opportunité the caller sees.
#[utoipa::path(get, path = "/{id}/document-batch", operation_id = "planSessionDocuments", tag = "documents",
    params(("id" = Uuid, Path), WhichKind),
    responses((status = 200, body = Plan), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn of_session(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SessionId>,
    Params(which): Params<WhichKind>,
) -> ApiResult<Json<Plan>> {
    caller.require(Action::OpportunitesAttach)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (kinds, data) = session(act, id, which.kind.as_deref()).await?;
    Ok(Json(Plan { kinds, data, mail_server: app.config.smtp_url.is_some() }))
}

/// The kinds for trainees, and the documents of one of them.
pub async fn session(act: Act<'_>, id: SessionId, kind: Option<&str>) -> Result<(Vec<PlanKind>, Vec<PlanItem>)> {
    let (site, people) = {
        let mut conn = act.app.db.read().await?;
        sessions::taking_part(&mut conn, &act.caller.scope(), id).await?
    };
    let mut offered = catalogue::offered(act.app, site, &act.context()).await;
    offered.retain(|one| one.about == About::Stagiaire && one.is_for(act.caller));
    let mut data = Vec::new();
    if let Some(offered) = kind.and_then(|kind| offered.iter().find(|one| one.kind.id == kind)) {
        let mut files = Files::default();
        for person in people.into_iter().take(MOST) {
            let (opportunite, material) = files.of(act, person.opportunite_id).await?;
            let subject = Subject { id: person.id.uuid(), day: None };
            let planned = Planned { label: person.name, offered, subject, session: Some(id), claims: &[] };
            data.push(planned.item(act, opportunite, material).await?);
        }
    }
    let kinds = offered.into_iter().map(|one| PlanKind {
        id: one.kind.id,
        label: both(one.kind.label),
        languages: one.kind.languages,
    });
    Ok((kinds.collect(), data))
}

/// The opportunités of a plan, each read once.
#[derive(Default)]
pub struct Files(HashMap<OpportuniteId, (Loaded<StoredOpportunite>, Material)>);

impl Files {
    pub async fn of(&mut self, act: Act<'_>, id: OpportuniteId) -> Result<(&StoredOpportunite, &Material)> {
        let file = match self.0.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let mut conn = act.app.db.read().await?;
                let opportunite = stored::load(&mut conn, &act.caller.scope(), id).await?;
                let material = Material::load(&mut conn, &opportunite).await?;
                new.insert((opportunite, material))
            }
        };
        Ok((&file.0, &file.1))
    }
}

/// A document of a plan.
pub struct Planned<'a> {
    pub label: String,
    pub offered: &'a Offered,
    pub subject: Subject,
    pub session: Option<SessionId>,
    /// Of a reminder: the pieces it is about.
    pub claims: &'a [Value],
}

impl Planned<'_> {
    pub async fn item(self, act: Act<'_>, opportunite: &StoredOpportunite, material: &Material) -> Result<PlanItem> {
        let Planned { label, offered, subject, session, claims } = self;
        let context: CallContext = act.context();
        let language = &offered.kind.languages[0];
        let wanted = Wanted { offered, subject, session, language, by: None, now: act.now, claims };
        let missing = compose::missing(&context, material, wanted).await?;
        let about = (offered.about, subject.id);
        let people = sendings::people(act.app, &act.caller.scope(), opportunite, about).await?;
        let last_sent_at = last(&mut act.app.db.read().await?, subject.id, &offered.kind.id).await?;
        Ok(PlanItem {
            subject_id: subject.id,
            opportunite_id: opportunite.id,
            label,
            kind: offered.kind.id.clone(),
            kind_label: both(offered.kind.label.clone()),
            pieces: vec![],
            enclosures: vec![],
            mail: None,
            recipients: people.into_iter().filter(|one| one.usual).map(|one| one.email).collect(),
            missing,
            last_sent_at,
        })
    }
}

/// When such a document about this was last sent.
async fn last(conn: &mut Conn, subject: Uuid, kind: &str) -> Result<Option<Instant>> {
    let query = sql(
        "SELECT MAX(s.sent_at) FROM document_sendings s JOIN documents d ON d.id = s.document_id WHERE d.about_id = ? AND d.kind = ?",
    );
    Ok(query.bind(subject).bind(kind).scalar(conn).await?)
}
