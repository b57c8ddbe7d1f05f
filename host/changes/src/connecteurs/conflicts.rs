//! `POST /api/connecteurs/{plugin}/runs/{id}/conflicts`: a person decides fields that both sides have changed.

use afpi_db::{Conn, Value as Sql, retry, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::runs::{self, Run};
use super::{Connector, connector, source};
use crate::engine::apply::recount;
use crate::engine::change::{self, Action, Entity, Fields, Staged};
use crate::engine::companies::{self, word};
use crate::engine::fields::same;
use crate::engine::lines::Lines;
use crate::engine::merge::{Conflict, Side, open};
use crate::engine::news::News;
use crate::engine::run::{self, State as RunState};
use crate::engine::sites::Sites;
use crate::engine::source::Source;
use crate::engine::veto::{self, Vetoes};
use crate::engine::{contacts, known};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, not_found};
use afpi_core::id::RunId;
use afpi_core::text::{Text, text};
use afpi_crm::entreprises::bulk;
use afpi_http::bounds::List;
use afpi_http::input::{Body, NamedId};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Author, Subject};
use afpi_platform::state::App;

type ConflictRefs = List<ConflictRef, 500>;

/// Decisions for conflicts of a run.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConflictChoice {
    pub keep: Side,
    /// The conflicts to decide. Absent: all open ones.
    #[validate(nested)]
    pub of: Option<ConflictRefs>,
}

/// A field of a record in conflict.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConflictRef {
    pub entity: Entity,
    /// Its key in the other system.
    #[validate(nested)]
    pub external_id: Exact<1, 100>,
    #[validate(nested)]
    pub field: Exact<1, 60>,
}

/// How many fields were decided, and how many were not, because the record has changed here since, another company has
/// the SIRET, or a plugin refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictsSettled {
    pub settled: i64,
    pub left: i64,
    /// Why plugins refused, each reason once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub refusals: Vec<Text>,
    pub run: Run,
}

/// Decide conflicts, field by field or all at once: choose the value that stays. A value that is taken over can be
/// undone with the run.
#[utoipa::path(post, path = "/{plugin}/runs/{id}/conflicts", operation_id = "settleConflicts", tag = "connecteurs", request_body = ConflictChoice,
    params(("plugin" = String, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = ConflictsSettled), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn settle(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(plugin, id): NamedId<RunId>,
    Body(choice): Body<ConflictChoice>,
) -> ApiResult<Json<ConflictsSettled>> {
    connector(&app, &caller, &plugin)?;
    // Hooks are asked before the transaction: no connection is held while a plugin works.
    let vetoes = vetoes(&app, &plugin, id, &choice).await?;
    let (settled, left, refusals) = retry(|| async {
        let mut tx = app.db.begin().await?;
        let row = run::load(&mut tx, id, true)
            .await?
            .filter(|row| row.source == source::key(&plugin))
            .ok_or_else(not_found)?;
        if row.state() != RunState::Done {
            let title = text("Ce passage n'est pas appliqué", "This run is not applied");
            return Err(Error::new(ErrorKind::Conflict, title));
        }
        let rules = Connector.rules(&mut tx, &plugin).await?;
        let sites = Sites::load(&mut tx, &rules).await?;
        let mut desk = Desk {
            plugin: &plugin,
            sites,
            now: Instant::now(),
            vetoes: &vetoes,
            news: News::default(),
            lines: Lines::default(),
            settled: 0,
            left: 0,
            refusals: vec![],
        };
        let mut counts = row.counts.0;
        for change in change::in_conflict(&mut tx, id).await? {
            let fields = choice.fields(&change);
            if fields.is_empty() {
                continue;
            }
            let was = change.action;
            let change = desk.decide(&mut tx, change, &fields, choice.keep).await?;
            change::settle(&mut tx, id, &change).await?;
            if change.action != was {
                recount(&mut counts, was, change.action);
            }
        }
        sql("UPDATE sync_runs SET counts = ? WHERE id = ?").bind(Sql::json(&counts)).bind(id).execute(&mut tx).await?;
        let (settled, left, refusals) = (desk.settled, desk.left, std::mem::take(&mut desk.refusals));
        let author = Author::of(&caller, request.as_str());
        desk.lines.write(&mut tx, author, desk.now).await?;
        let told = vec![
            journal::field("run", Value::Null, id.to_string()),
            journal::field("settled", Value::Null, settled),
            journal::field("left", Value::Null, left),
        ];
        author.on(Subject::Connecteur(plugin.clone()), None).record(&mut tx, Activity::ConflictsSettled, told).await?;
        desk.news.emit(&mut tx, &app, id, desk.now).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>((settled, left, refusals))
    })
    .await?;
    tracing::info!(run = %id, actor = %caller.id, settled, left, "conflicts settled by a person");
    app.jobs.wake();
    source::publish(&app, &plugin, id).await;
    let run = runs::load(&mut app.db.read().await?, &plugin, id).await?;
    Ok(Json(ConflictsSettled { settled, left, refusals, run }))
}

/// What the hooks refuse of the values that would be taken over.
async fn vetoes(app: &App, plugin: &str, run: RunId, choice: &ConflictChoice) -> Result<Vetoes> {
    let mut conn = app.db.read().await?;
    let row = run::load(&mut conn, run, false).await?.filter(|row| row.source == source::key(plugin));
    let rules = Connector.rules(&mut conn, plugin).await?;
    let sites = Sites::load(&mut conn, &rules).await?;
    if row.is_none() || choice.keep == Side::Crm || !veto::hooked_anywhere(&app.plugins, &sites) {
        return Ok(Vetoes::new());
    }
    let taken = |change: Staged| {
        let after: Fields = choice
            .fields(&change)
            .into_iter()
            .map(|name| (name.clone(), change.conflicts[&name].there.clone()))
            .collect();
        Staged { action: Action::Updated, after, ..change }
    };
    let changes = change::in_conflict(&mut conn, run).await?.into_iter().map(taken).collect();
    Ok(veto::ask_about(app, conn, run, changes, &sites).await?)
}

impl ConflictChoice {
    fn means(&self, change: &Staged, field: &str) -> bool {
        let Some(of) = &self.of else { return true };
        of.iter()
            .any(|one| one.entity == change.entity && *one.external_id == change.external_id && *one.field == *field)
    }

    /// The open conflicts of this change that are to be decided.
    fn fields(&self, change: &Staged) -> Vec<String> {
        let open = change.conflicts.iter().filter(|(_, conflict)| conflict.chosen.is_none());
        open.map(|(field, _)| field).filter(|field| self.means(change, field)).cloned().collect()
    }
}

/// Decides conflicts in one transaction.
struct Desk<'a> {
    plugin: &'a str,
    sites: Sites,
    now: Instant,
    vetoes: &'a Vetoes,
    news: News,
    lines: Lines,
    settled: i64,
    left: i64,
    refusals: Vec<Text>,
}

impl Desk<'_> {
    /// The change after these fields are decided.
    async fn decide(&mut self, tx: &mut Conn, mut change: Staged, fields: &[String], keep: Side) -> Result<Staged> {
        let taken = match keep {
            Side::Crm => Some((Fields::new(), Fields::new())),
            Side::Source => self.take(tx, &change, fields).await?,
        };
        let mut seen = Fields::new();
        for name in fields {
            if let Some(Conflict { there, chosen, .. }) = change.conflicts.get_mut(name).filter(|_| taken.is_some()) {
                *chosen = Some(keep);
                seen.insert(name.clone(), there.clone());
            }
        }
        // For a pair that was removed meanwhile there is nothing to remember.
        let Some((before, after)) = taken.filter(|_| !seen.is_empty()) else {
            self.left += fields.len() as i64;
            return Ok(change);
        };
        known::see(tx, self.plugin, change.entity, &change.external_id, &seen).await?;
        self.settled += fields.len() as i64;
        change.before.extend(before);
        change.after.extend(after);
        if change.action == Action::Conflict && !open(&change.conflicts) {
            change.action = if change.after.is_empty() { Action::Unchanged } else { Action::Updated };
        }
        Ok(change)
    }

    /// Takes over the other system's values. Returns the fields before and after. `None` when it is not possible.
    async fn take(&mut self, tx: &mut Conn, change: &Staged, fields: &[String]) -> Result<Option<(Fields, Fields)>> {
        if let Some(reason) = self.vetoes.get(&change.seq) {
            if !self.refusals.contains(reason) {
                self.refusals.push(reason.clone());
            }
            return Ok(None);
        }
        let of = |side: fn(&Conflict) -> &serde_json::Value| -> Fields {
            fields.iter().map(|name| (name.clone(), side(&change.conflicts[name]).clone())).collect()
        };
        let (expected, mut values) = (of(|conflict| &conflict.here), of(|conflict| &conflict.there));
        let still = |here: &Fields| {
            expected.iter().all(|(name, value)| {
                same(change.entity, name, here.get(name).unwrap_or(&serde_json::Value::Null), value)
            })
        };
        let nothing = serde_json::Value::Null;
        match change.entity {
            Entity::Entreprise => {
                let current = companies::by_id(tx, std::iter::once(change.record.into()), true)
                    .await?
                    .remove(&change.record.into());
                let Some(current) = current else { return Ok(None) };
                let mut here = current.fields.clone();
                here.insert("active".into(), current.active.into());
                here.insert("localisationCode".into(), self.sites.code(current.site).into());
                let owners = companies::by_siret(tx, word(&values, "siret").into_iter()).await?;
                if !still(&here) || owners.values().any(|owner| owner.id != current.id) {
                    return Ok(None);
                }
                companies::plan::derive(&here, &mut values);
                let site = companies::apply::set(tx, &current, &values, &self.sites, self.now).await?;
                bulk::found_by(tx, &[current.id]).await?;
                self.news.updated(current.id, site, &values);
                let before =
                    values.keys().map(|name| (name.clone(), here.get(name).unwrap_or(&nothing).clone())).collect();
                self.lines.company(current.id, site, Activity::Edited, &before, &values);
                Ok(Some((before, values)))
            }
            Entity::Contact => {
                let place = contacts::company(&values);
                let known = bulk::sites(tx, place.into_iter()).await?;
                let people = contacts::load(tx, std::iter::once(change.record.into()), std::iter::empty()).await?;
                let Some(person) = people.get(&change.record.into()) else { return Ok(None) };
                let mut here = person.fields.clone();
                here.insert("entreprise".into(), person.company.to_string().into());
                if !still(&here) || place.is_some_and(|place| !known.contains_key(&place)) {
                    return Ok(None);
                }
                let touched = contacts::apply::set(tx, person, &values).await?;
                self.news.contacts(touched.iter().copied());
                contacts::apply::touch(tx, touched.into_iter().collect(), self.now).await?;
                let before =
                    values.keys().map(|name| (name.clone(), here.get(name).unwrap_or(&nothing).clone())).collect();
                self.lines.contact(place.unwrap_or(person.company), person.id, &before, &values);
                Ok(Some((before, values)))
            }
            _ => Ok(None),
        }
    }
}
