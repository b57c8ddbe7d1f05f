//! `GET /api/journal`.

use afpi_db::{Conn, Json as JsonColumn, Sql};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::labels::Labels;
use super::names::Names;
use crate::opportunites::historique::HistoriqueLabels;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, bad_parameter, internal};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, SortKey, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, ActorKind, SubjectKind};
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::hooks::{Asked, Told};
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    subject_kind: Option<SubjectKind>,
    /// A record's id, or another key, e.g. the id of a plugin. Needs `subjectKind`.
    subject_id: Option<String>,
    actor_kind: Option<ActorKind>,
    /// A person.
    #[param(value_type = Option<Uuid>)]
    actor_id: Option<UserId>,
    act: Option<Activity>,
    /// First day, `YYYY-MM-DD` in Paris.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// A line of the journal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    pub(crate) id: Uuid,
    pub(crate) at: Instant,
    pub(crate) subject: JournalSubject,
    /// The localisation. Absent for the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    localisation: Option<LocalisationRef>,
    actor: JournalActor,
    act: Activity,
    /// For moves: the workflow's words for section and status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    transition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    target: Option<String>,
    /// What people call these words, also after the plugin is gone.
    #[serde(skip_serializing_if = "HistoriqueLabels::is_empty")]
    #[schema(required = false)]
    labels: HistoriqueLabels,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    reason: Option<String>,
    pub(crate) changes: Vec<JournalChange>,
    /// The plugin that refused, and its reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    refusal: Option<Told>,
    /// The plugin that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    plugin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    plugin_version: Option<String>,
    /// The hooks that were asked, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    hooks: Vec<Asked>,
    correlation_id: String,
}

/// The record or thing that changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalSubject {
    pub kind: SubjectKind,
    pub id: String,
    /// Its present name. Absent when it is gone or out of the caller's scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<Text>,
}

/// The person, plugin or program that acted.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalActor {
    pub kind: ActorKind,
    /// Empty for the program itself and the command line.
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<String>,
}

/// One field that changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JournalChange {
    /// A JSON pointer, e.g. `/title`.
    pub(crate) field: String,
    pub(crate) from: Option<Value>,
    pub(crate) to: Option<Value>,
    /// What people call the field. Absent when nothing describes it any more, e.g. a field of an earlier workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    label: Option<Text>,
}

afpi_db::row! {
    pub(crate) struct Row {
        pub id: Uuid, pub at: Instant, pub subject_kind: String, pub subject_id: Vec<u8>, pub site_id: Option<LocalisationId>, pub site_code: Option<String>,
        pub site_name: Option<String>, pub actor_kind: String, pub actor_id: Vec<u8>, pub act: String, pub transition: Option<String>,
        pub source: Option<String>, pub target: Option<String>, pub reason: Option<String>, pub changes: Option<JsonColumn<Value>>,
        pub hooks: Option<JsonColumn<Vec<Asked>>>, pub plugin_id: String, pub plugin_version: String, pub correlation_id: String,
    }
}

pub(crate) const COLUMNS: &str = "j.id, j.at, j.subject_kind, j.subject_id, l.id AS site_id, l.code AS site_code, l.name AS site_name, j.actor_kind, \
     j.actor_id, j.act, j.transition, j.source, j.target, j.reason, j.changes, j.hooks, j.plugin_id, j.plugin_version, j.correlation_id";
pub(crate) const JOINS: &str = "LEFT JOIN localisations l ON l.id = j.localisation_id";

static SORTS: Sorts<Row> =
    Sorts { default: "-at", keys: &[SortKey { name: "at", column: "j.at", key: |r| Key::Int(r.at.millis()) }] };

fn sorts() -> Object {
    SORTS.schema()
}

/// The filters, parsed and ready for SQL.
#[derive(Debug)]
struct ListFilter {
    subject_kind: Option<SubjectKind>,
    subject_id: Option<Vec<u8>>,
    actor_kind: Option<ActorKind>,
    actor_id: Option<UserId>,
    act: Option<Activity>,
    from: Option<Instant>,
    before: Option<Instant>,
    localisation_id: Option<LocalisationId>,
}

impl ListFilter {
    fn of(f: &Filters) -> Result<ListFilter> {
        let wrong = |name: &'static str, fr: &str, en: &str| bad_parameter(name, text(fr, en));
        let subject_id = match (&f.subject_id, f.subject_kind) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(wrong("subjectKind", "subjectId demande subjectKind.", "subjectId needs subjectKind."));
            }
            (Some(id), Some(kind)) => {
                Some(kind.read(id).ok_or_else(|| wrong("subjectId", "Identifiant illisible.", "Unreadable id."))?)
            }
        };
        let day = |name: &'static str, day: &Option<String>| {
            let wrong = || wrong(name, "Un jour AAAA-MM-JJ est attendu.", "A day YYYY-MM-DD is expected.");
            day.as_ref().map(|day| day.parse::<Day>().map_err(|_| wrong())).transpose()
        };
        Ok(ListFilter {
            subject_kind: f.subject_kind,
            subject_id,
            actor_kind: f.actor_kind,
            actor_id: f.actor_id,
            act: f.act,
            from: day("from", &f.from)?.map(Day::start),
            before: day("to", &f.to)?.map(|to| next(to).start()),
            localisation_id: f.localisation_id,
        })
    }

    fn apply(&self, query: &mut Sql) {
        if let Some(kind) = self.subject_kind {
            query.push(" AND j.subject_kind = ?").arg(<&'static str>::from(kind));
        }
        if let Some(id) = &self.subject_id {
            query.push(" AND j.subject_id = ?").arg(id.as_slice());
        }
        if let Some(person) = self.actor_id {
            query.push(" AND j.actor_kind = 'person' AND j.actor_id = ?").arg(person);
        }
        if let Some(kind) = self.actor_kind {
            query.push(" AND j.actor_kind = ?").arg(<&'static str>::from(kind));
        }
        if let Some(act) = self.act {
            query.push(" AND j.act = ?").arg(act.as_ref());
        }
        if let Some(from) = self.from {
            query.push(" AND j.at >= ?").arg(from);
        }
        if let Some(before) = self.before {
            query.push(" AND j.at < ?").arg(before);
        }
        if let Some(site) = self.localisation_id {
            query.push(" AND j.localisation_id = ?").arg(site);
        }
    }
}

fn next(day: Day) -> Day {
    day.date().succ_opt().map_or(day, Day::from)
}

/// Read the journal, newest first. Callers tied to sites read the lines of those sites.
#[utoipa::path(get, path = "/", operation_id = "listJournal", tag = "journal", params(Filters),
    responses((status = 200, body = Page<JournalEntry>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<JournalEntry>>> {
    caller.require(Action::JournalRead)?;
    let which = ListFilter::of(&f)?;
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &which)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut matching = scope.journal("1", "");
    which.apply(&mut matching);
    let total = page.total(&mut conn, matching).await?;
    let mut query = scope.journal(COLUMNS, JOINS);
    which.apply(&mut query);
    page.apply(&mut query, "j.id");
    let page = page.page(query.all(&mut conn).await?, total, |r: &Row| r.id, |row| row);
    let data = shown(&app, conn, &scope, page.data).await?;
    Ok(Json(Page { data, meta: page.meta }))
}

/// The lines as people read them, with the present names of what lies in the scope.
pub(crate) async fn shown(app: &App, mut conn: Conn, scope: &Scope, rows: Vec<Row>) -> Result<Vec<JournalEntry>> {
    let names = Names::of(app, &mut conn, scope, &rows).await?;
    let labels = Labels::of(app, conn, &rows).await?;
    rows.into_iter().map(|row| show(row, &names, &labels)).collect()
}

fn show(row: Row, names: &Names, labels: &Labels) -> Result<JournalEntry> {
    let words = labels.words(&row);
    let unknown = |word: &str| internal(format!("the journal speaks the unknown word {word}"));
    let subject_kind: SubjectKind = row.subject_kind.parse().map_err(|_| unknown(&row.subject_kind))?;
    let actor_kind: ActorKind = row.actor_kind.parse().map_err(|_| unknown(&row.actor_kind))?;
    let act: Activity = row.act.parse().map_err(|_| unknown(&row.act))?;
    let told = row.changes.map(|changes| changes.0);
    let (changes, refusal) = match (act, told) {
        (Activity::Refused, Some(told)) => (vec![], serde_json::from_value(told).ok()),
        (_, told) => (told.and_then(|told| serde_json::from_value(told).ok()).unwrap_or_default(), None),
    };
    let changes: Vec<JournalChange> = changes;
    let labelled =
        |change: JournalChange| JournalChange { label: labels.get(subject_kind, row.site_id, &change.field), ..change };
    let changes = changes.into_iter().map(labelled).collect();
    let localisation = match (row.site_id, row.site_code, row.site_name) {
        (Some(id), Some(code), Some(name)) => Some(LocalisationRef { id, code, name }),
        _ => None,
    };
    Ok(JournalEntry {
        id: row.id,
        at: row.at,
        subject: JournalSubject {
            name: names.subject(subject_kind, &row.subject_id),
            kind: subject_kind,
            id: subject_kind.show(&row.subject_id),
        },
        localisation,
        actor: JournalActor {
            name: names.actor(actor_kind, &row.actor_id),
            kind: actor_kind,
            id: actor_kind.show(&row.actor_id),
        },
        labels: words,
        act,
        transition: row.transition,
        source: row.source,
        target: row.target,
        reason: row.reason,
        changes,
        refusal,
        plugin: Some(row.plugin_id).filter(|plugin| !plugin.is_empty()),
        plugin_version: Some(row.plugin_version).filter(|version| !version.is_empty()),
        hooks: row.hooks.map(|hooks| hooks.0).unwrap_or_default(),
        correlation_id: row.correlation_id,
    })
}
