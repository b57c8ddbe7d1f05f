//! `POST /api/entreprises/{id}/fusion` and its preview.

use afpi_core::error::{ErrorKind, Result, field, forbidden, internal, invalid, stale};
use afpi_core::id::{ContactId, EntrepriseId, FusionId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope, Scoped};
use afpi_core::text::text;
use afpi_db::{Conn, sql};
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field as journalled};
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::choice::{Chosen, ContactChoice, Fields, FusionInput, Side, choose};
use super::relations::{self, Counts, Of};
use super::row;
use super::{Content, contacts};
use crate::entreprises::hooks::HookedChange;
use crate::entreprises::read::{Entreprise, load};
use crate::entreprises::{create, search, store, stored};
use crate::opportunites;

/// What a merge would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct FusionPreview {
    survivor: Entreprise,
    absorbed: Entreprise,
    /// Whose value each field takes.
    fields: Fields,
    /// What becomes of each contact of the absorbed company.
    contacts: Vec<ContactChoice>,
    /// What moves to the survivor besides: all of it, because the absorbed company goes.
    relations: Counts,
}

/// A merge that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fusion {
    /// With it the merge can be taken back.
    #[schema(value_type = Uuid)]
    id: FusionId,
    survivor: Entreprise,
}

/// Preview a merge into this company: whose value each field takes, and what moves.
#[utoipa::path(post, path = "/{id}/fusion/preview", operation_id = "previewFusion", tag = "entreprises", request_body = FusionInput,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = FusionPreview), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn preview(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<EntrepriseId>,
    Body(input): Body<FusionInput>,
) -> ApiResult<Json<FusionPreview>> {
    caller.require(Action::EntreprisesMerge)?;
    caller.require(Action::EntreprisesWrite)?;
    let [survivor, absorbed] = both(&app, &caller, id, input.absorbed).await?;
    let Chosen { fields, .. } = choose(&survivor, &absorbed, input.fields)?;
    let contacts = contacts::choose(&survivor, &absorbed, &input.contacts)?;
    let moved = relations::of(&mut app.db.read().await?, Of::Entreprise, input.absorbed.uuid()).await?;
    let (survivor, absorbed) = (survivor.into_inner(), absorbed.into_inner());
    Ok(Json(FusionPreview { survivor, absorbed, fields, contacts, relations: moved.counts() }))
}

/// Merge another company into this one. It takes the chosen fields, the contacts and all that refers to the other one, which
/// from then on answers 410 with this company. The merge can be taken back.
#[utoipa::path(post, path = "/{id}/fusion", operation_id = "mergeEntreprises", tag = "entreprises", request_body = FusionInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = Fusion), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 412, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub async fn merge(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<EntrepriseId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<FusionInput>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntreprisesMerge)?;
    caller.require(Action::EntreprisesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let [survivor, absorbed] = both(&app, &caller, id, input.absorbed).await?;
    for (company, seen) in [(&survivor, seen), (&absorbed, input.absorbed_version.get())] {
        if company.base.version != seen {
            return Err(stale(company, vec!["version".into()]).into());
        }
    }
    let chosen = choose(&survivor, &absorbed, input.fields)?;
    let contacts = contacts::choose(&survivor, &absorbed, &input.contacts)?;
    let hooks = Hooks::new(act, &survivor, &absorbed, &chosen, &contacts)?;
    hooks.ask().await?;
    let merge = Merge { act, survivor: &survivor, absorbed: &absorbed, chosen: &chosen, contacts: &contacts };
    let made = afpi_db::retry(|| merge.write(&hooks)).await;
    let fusion = match made {
        Err(problem) if problem.kind() == ErrorKind::Duplicate => {
            return Err(create::duplicate(&app, &caller.scope(), chosen.wanted.siret.as_deref()).await?.into());
        }
        other => other?,
    };
    app.jobs.wake();
    let version = format!("\"{}\"", fusion.survivor.base.version);
    Ok((AppendHeaders([(ETAG, version)]), Json(fusion)))
}

/// Both companies, which the caller may change.
async fn both(
    app: &App,
    caller: &Caller,
    survivor: EntrepriseId,
    absorbed: EntrepriseId,
) -> Result<[Loaded<Entreprise>; 2]> {
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let survivor = load(&mut conn, &scope, survivor).await?;
    let absorbed = load(&mut conn, &scope, absorbed).await?;
    if [&survivor, &absorbed].iter().any(|company| !scope.changes(Scoped::Entreprise, company.base.localisation_id)) {
        return Err(forbidden());
    }
    if survivor.base.id == absorbed.base.id {
        let itself =
            text("Une fiche ne peut pas être fusionnée avec elle-même.", "A record cannot be merged with itself.");
        return Err(invalid(vec![field("/absorbed", "itself", itself)]));
    }
    Ok([survivor, absorbed])
}

/// The hooks of both sites. For those of the absorbed company it becomes inactive.
struct Hooks<'a> {
    survivor: HookedChange<'a>,
    absorbed: HookedChange<'a>,
}

impl<'a> Hooks<'a> {
    fn new(
        act: Act<'a>,
        survivor: &Entreprise,
        absorbed: &Entreprise,
        chosen: &Chosen,
        contacts: &[ContactChoice],
    ) -> Result<Hooks<'a>> {
        let before = serde_json::to_value(choose(survivor, absorbed, mine())?.wanted).map_err(internal)?;
        let mut data: Map<String, Value> = match serde_json::to_value(&chosen.wanted).map_err(internal)? {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        data.retain(|name, value| before.get(name) != Some(value));
        if chosen.localisation != survivor.base.localisation_id {
            data.insert("localisationId".into(), json!(chosen.localisation));
        }
        if !contacts.is_empty() {
            let joined = |id: ContactId| contacts.iter().any(|choice| choice.id == id && choice.into.is_some());
            let all = survivor.contacts.iter().chain(absorbed.contacts.iter().filter(|contact| !joined(contact.id)));
            data.insert("contacts".into(), json!(all.collect::<Vec<_>>()));
        }
        let hooked = |company: &Entreprise, data| {
            let (id, site) = (company.base.id, company.base.localisation_id);
            HookedChange { act, name: "entreprise.updated", id, site, data }
        };
        let inactive = Map::from_iter([("active".to_owned(), Value::Bool(false))]);
        Ok(Hooks { survivor: hooked(survivor, data), absorbed: hooked(absorbed, inactive) })
    }

    async fn ask(&self) -> Result<()> {
        for hooked in [&self.survivor, &self.absorbed] {
            let about = async || {
                let mut conn = hooked.act.app.db.read().await?;
                stored::find(&mut conn, hooked.id).await?.ok_or_else(afpi_core::error::not_found)
            };
            hooked.ask(about).await?;
        }
        Ok(())
    }
}

/// Every field as the survivor has it.
fn mine() -> Fields {
    let side = Some(Side::Survivor);
    Fields {
        name: side,
        numbers: side,
        naf: side,
        idcc: side,
        opco: side,
        kind: side,
        headcount: side,
        address: side,
        phone: side,
        email: side,
        website: side,
        tags: side,
        notes: side,
        active: side,
        localisation: side,
    }
}

struct Merge<'a> {
    act: Act<'a>,
    survivor: &'a Loaded<Entreprise>,
    absorbed: &'a Loaded<Entreprise>,
    chosen: &'a Chosen,
    contacts: &'a [ContactChoice],
}

impl Merge<'_> {
    /// One transaction.
    async fn write(&self, hooks: &Hooks<'_>) -> Result<Fusion> {
        let act = self.act;
        let (survivor, absorbed) = (self.survivor.base.id, self.absorbed.base.id);
        let mut tx = act.app.db.begin().await?;
        let rows = row::locked(&mut tx, [survivor, absorbed]).await?;
        for company in [self.survivor, self.absorbed] {
            let as_seen = rows.get(&company.base.id).is_some_and(|row| row.version() == company.base.version);
            if !as_seen {
                // Somebody was faster: with an edit, or with a merge.
                let now = load(&mut tx, &act.caller.scope(), company.base.id).await?;
                return Err(stale(&now, vec!["version".into()]));
            }
        }
        let (mine, theirs) = (&rows[&survivor], &rows[&absorbed]);
        let moved = relations::of(&mut tx, Of::Entreprise, absorbed.uuid()).await?;
        relations::shift(&mut tx, mine, Of::Entreprise, &moved, survivor.uuid()).await?;
        let contacts = contacts::take(&mut tx, mine, [survivor, absorbed], self.contacts).await?;
        remove(&mut tx, self.absorbed).await?;
        let mut values = store::columns(&self.chosen.wanted);
        values.push(("localisation_id", self.chosen.localisation.into()));
        if !store::update(&mut tx, self.survivor, values, act.now).await? {
            return Err(stale(self.survivor, vec!["version".into()]));
        }
        search::write(&mut tx, &[survivor, absorbed]).await?;
        opportunites::renamed(&mut tx, survivor, &self.chosen.wanted.name).await?;
        let now = row::locked(&mut tx, [survivor, absorbed]).await?;
        let changed = now.get(&survivor).map(|now| row::differences(mine, now)).unwrap_or_default();
        let content = Content { absorbed: theirs.columns.clone(), survivor: changed, moved, contacts };
        let id = self.keep(&mut tx, &content).await?;
        let after = load(&mut tx, &Scope::All, survivor).await?;
        hooks.survivor.announce(&mut tx, Some(self.survivor), &after).await?;
        let (into, from) = (self.survivor.base.name.as_str(), self.absorbed.base.name.as_str());
        tell(&mut tx, act, self.survivor, journalled("merged", Value::Null, from)).await?;
        tell(&mut tx, act, self.absorbed, journalled("mergedInto", Value::Null, into)).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/entreprises/{survivor}"))).await?;
        tx.commit().await?;
        Ok(Fusion { id, survivor: after.into_inner() })
    }

    async fn keep(&self, tx: &mut Conn, content: &Content) -> Result<FusionId> {
        let id = FusionId::generate();
        let mut query = sql(
            "INSERT INTO fusions (id, survivor_id, absorbed_id, absorbed_name, localisation_id, content, merged_at, merged_by) VALUES ",
        );
        query.rows([[
            id.into(),
            self.survivor.base.id.into(),
            self.absorbed.base.id.into(),
            self.absorbed.base.name.as_str().into(),
            self.absorbed.base.localisation_id.into(),
            afpi_db::Value::json(content),
            self.act.now.into(),
            self.act.caller.id.into(),
        ]]);
        query.execute(tx).await?;
        Ok(id)
    }
}

/// Nothing refers to the company any more: a reference that was forgotten fails here.
async fn remove(tx: &mut Conn, absorbed: &Loaded<Entreprise>) -> afpi_db::Result<()> {
    sql("DELETE FROM entreprises WHERE id = ?").bind(absorbed.base.id).execute(tx).await.map(drop)
}

/// A line of the journal of a company.
pub(super) async fn tell(tx: &mut Conn, act: Act<'_>, company: &Entreprise, change: Value) -> afpi_db::Result<()> {
    let (subject, site) = (Subject::Entreprise(company.base.id), Some(company.base.localisation_id));
    Change::by(act.caller, act.correlation_id, subject, site).record(tx, Activity::Edited, vec![change]).await
}
