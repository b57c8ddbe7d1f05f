//! `POST /api/opportunites`: number, row, history and event in one transaction, after the site's workflow has accepted
//! it.

use afpi_db::{Conn, FromRow, Row, sql};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header::LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde_json::{Map, Value};

use super::apply::{self, Author, Operation};
use super::decision;
use super::hooks::{self, Wish};
use super::input::{Kind, OpportuniteCreate, Origine};
use super::item::ItemRow;
use super::numbers;
use super::perte::Told;
use super::read::{self, Known, OpportuniteAnswer, Versioned, Whole};
use super::search;
use super::stored::{StoredOpportunite, moment};
use crate::pieces::{self, Decided};
use crate::sessions::{self, Followed};
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{FieldProblem, Result, field, forbidden, invalid};
use afpi_core::id::{EntrepriseId, LegalEntityId, LocalisationId, OpportuniteId, UserId};
use afpi_core::money::Money;
use afpi_core::rights::{Action, Reach};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::checklist::Filed;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal;
use afpi_platform::plugins::failure;
use afpi_platform::roles::{self, Held};
use afpi_platform::schema;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// A new opportunité with checked references.
pub struct NewOpportunite {
    pub entreprise: (EntrepriseId, String),
    pub commercial: UserId,
    pub localisation: LocalisationId,
    pub legal_entity: LegalEntityId,
    pub title: String,
    pub kind: Kind,
    pub budget: Money,
    pub origine: Option<Origine>,
    pub data: Map<String, Value>,
}

/// Create an opportunité.
#[utoipa::path(post, path = "/", operation_id = "createOpportunite", tag = "opportunites", request_body = OpportuniteCreate,
    responses((status = 201, body = OpportuniteAnswer), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<OpportuniteCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::OpportunitesCreate)?;
    let (new, referred) = {
        let mut conn = app.db.read().await?;
        check(&mut conn, &caller, input).await?
    };
    let act = Act::begin(&app, &caller, request.as_str());
    let started = started(act, &new).await?;
    let id = started.stored.id;
    let (headers, answer) = answer(act, referred, started).await?;
    Ok((StatusCode::CREATED, AppendHeaders([(LOCATION, format!("/api/opportunites/{id}"))]), headers, Json(answer)))
}

/// Resolves the references of the input. Names those that are missing or out of scope.
async fn check(conn: &mut Conn, caller: &Caller, input: OpportuniteCreate) -> Result<(NewOpportunite, Referred)> {
    let scope = caller.scope();
    let mut found = referred(conn, &scope, &input, input.localisation_id).await?;
    if let Some(referred) = &found
        && input.localisation_id.is_none()
        && !scope.covers_site(referred.site_id)
        && let Some(own) = caller.sites.first()
    {
        // A company of another site: the file belongs to the caller's own.
        found = self::referred(conn, &scope, &input, Some(*own)).await?;
    }
    let mut problems = Vec::new();
    match &found {
        None => problems.push(unknown(conn, &scope, &input).await?),
        Some(found) if !scope.covers_site(found.site_id) => return Err(forbidden()),
        Some(found) if !found.active => problems.push(field(
            "/entrepriseId",
            "inactive",
            text("Cette entreprise est archivée.", "This company is archived."),
        )),
        Some(_) => {}
    }
    let localisation = found.as_ref().map(|found| found.site_id);
    let commercial = input.commercial_id.unwrap_or(caller.id);
    // A program owns nothing: it names the person who does.
    if commercial != caller.id || caller.is_key() {
        if caller.reach() == Reach::Own {
            return Err(forbidden());
        }
        if let Some(site) = localisation {
            problems.extend(assignable(conn, commercial, site).await?);
        }
    }
    let Some(found) = found.filter(|_| problems.is_empty()) else { return Err(invalid(problems)) };
    let new = NewOpportunite {
        entreprise: (found.id, found.name.clone()),
        commercial,
        localisation: found.site_id,
        legal_entity: found.entite_legale_id,
        title: input.title.into(),
        kind: input.kind.unwrap_or(Kind::IntraEntreprise),
        budget: Money::from_cents(input.budget.get()),
        origine: input.origine,
        data: input.data.unwrap_or_default(),
    };
    Ok((new, found))
}

afpi_db::row! {
    /// The company and the site of a new opportunité.
    struct Referred {
        id: EntrepriseId, name: String, siret: Option<String>, city: Option<String>, active: bool, site_id: LocalisationId,
        site_code: String, site_name: String, entite_legale_id: LegalEntityId,
    }
}

/// Reads the company, with this site or its own. `None` when either is unknown.
async fn referred(
    conn: &mut Conn,
    scope: &Scope,
    input: &OpportuniteCreate,
    site: Option<LocalisationId>,
) -> Result<Option<Referred>> {
    let columns = "e.id, e.name, e.siret, e.city, e.active, l.id AS site_id, l.code AS site_code, l.name AS site_name, l.entite_legale_id";
    let mut query = scope.entreprises(columns, "JOIN localisations l");
    query.push(" AND e.id = ?").arg(input.entreprise_id);
    query.push(" AND l.id = COALESCE(?, e.localisation_id)").arg(site);
    Ok(query.optional(conn).await?)
}

/// Which of the two is unknown.
async fn unknown(conn: &mut Conn, scope: &Scope, input: &OpportuniteCreate) -> Result<FieldProblem> {
    let company = referred(conn, scope, input, None).await?;
    Ok(match company {
        None => field("/entrepriseId", "unknown", text("Entreprise inconnue.", "Unknown company.")),
        Some(_) => field("/localisationId", "unknown", text("Localisation inconnue.", "Unknown localisation.")),
    })
}

struct Owner {
    role: Held,
    at_home: bool,
}

impl FromRow for Owner {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Owner { role: Held::from_row(row)?, at_home: row.get("at_home")? })
    }
}

/// Can this person own opportunités of this site? Active, in a role that creates them, and at home there.
pub(super) async fn assignable(conn: &mut Conn, user: UserId, site: LocalisationId) -> Result<Option<FieldProblem>> {
    let mut query = sql(
        "SELECT EXISTS (SELECT 1 FROM user_localisations ul WHERE ul.user_id = u.id AND ul.localisation_id = ?) AS at_home, ",
    );
    query
        .arg(site)
        .push(roles::COLUMNS)
        .push(" FROM users u JOIN roles ro ON ro.id = u.role_id WHERE u.id = ? AND u.active = ?");
    let person: Option<Owner> = query.bind(user).bind(true).optional(conn).await?;
    let fits = person.is_some_and(|Owner { role, at_home }| {
        role.access.may(Action::OpportunitesCreate) && (role.access.network_wide() || at_home)
    });
    let message = text(
        "Cette personne ne peut pas suivre d'opportunités sur ce site.",
        "This person cannot own opportunités on this site.",
    );
    Ok((!fits).then(|| field("/commercialId", "not-assignable", message)))
}

/// Asks the workflow and stores the new opportunité.
pub async fn start(act: Act<'_>, new: &NewOpportunite) -> Result<OpportuniteId> {
    Ok(started(act, new).await?.stored.id)
}

/// A new opportunité as it was written.
struct Started {
    stored: StoredOpportunite,
    /// Did the workflow book half-days for it?
    booked: bool,
}

async fn started(act: Act<'_>, new: &NewOpportunite) -> Result<Started> {
    let Act { app, caller, now, .. } = act;
    let (plugin, definition) = app.plugins.workflow(new.localisation).await?;
    let problems = new.data.iter().flat_map(|(section, document)| match definition.section_form(section) {
        Some(form) => schema::problems(form, document)
            .into_iter()
            .map(|p| field(format!("/data/{section}{}", p.field), p.code, p.message))
            .collect(),
        None => vec![field(
            format!("/data/{section}"),
            "unknown-field",
            text("Cette section n'existe pas.", "There is no such section."),
        )],
    });
    let problems: Vec<FieldProblem> = problems.collect();
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let subject = blank(new, now);
    let decision = plugin
        .start(&act.context(), &subject.for_workflow(), &caller.actor(new.commercial), &moment(now))
        .await
        .map_err(failure)?;

    decision::check(&decision, &definition)?;
    let id = subject.id;
    let asked = hooks::ask(act, &subject, Wish::Create(&decision)).await?;
    let booked = decision.bookings.as_ref().is_some_and(|bookings| !bookings.is_empty());
    let scope = caller.scope();
    let numero = app.numeros.next(&app.db, now).await?;
    let stored = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let data = numbers::take(&mut tx, new.legal_entity, &decision.data, &decision.numberings, now).await?;
        let blank = StoredOpportunite { numero: numero.clone(), ..subject.clone() };
        let numbered = decision::after(blank, &definition, &decision, data, &Told::default(), now);
        insert(&mut tx, &numbered, &definition).await?;
        let issued = Decided {
            before: &subject,
            definition: &definition,
            data: &numbered.data,
            numberings: &decision.numberings,
            now,
        };
        pieces::freeze(app, &mut tx, &issued).await?;
        let followed = Followed {
            of: &numbered,
            definition: &definition,
            data: &numbered.data,
            lost: decision.outcome.as_str() == sessions::LOST,
            booked,
            joined: Some(false),
            author: journal::Author::of(caller, act.correlation_id),
            now,
        };
        sessions::follow(&mut tx, &followed).await?;
        let author = Author { act, scope: &scope, definition: &definition, asked: &asked };
        apply::record(&mut tx, &subject, None, &decision, Operation::Created, &author).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/opportunites/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, afpi_core::error::Error>(numbered)
    })
    .await?;
    app.jobs.wake();
    app.metrics.opportunites_created.with_label_values(&[&app.plugins.site_code(new.localisation)]).inc();
    Ok(Started { stored, booked })
}

/// The answer, from what was written. Only the name of another commercial is read.
async fn answer(
    act: Act<'_>,
    referred: Referred,
    Started { stored, booked }: Started,
) -> Result<(Versioned, OpportuniteAnswer)> {
    let caller = act.caller;
    let (commercial_name, commercial_role) = if stored.commercial_id == caller.id {
        (caller.name.clone(), caller.kind().id().to_owned())
    } else {
        let people = act.app.people.active(&act.app.db).await?;
        let known = people.iter().find(|person| person.id == stored.commercial_id);
        known.map(|person| (person.name.clone(), person.role.kind().id().to_owned())).unwrap_or_default()
    };
    let shown = ItemRow {
        id: stored.id,
        numero: stored.numero.clone(),
        title: stored.title.clone(),
        title_key: collation::key(&stored.title),
        kind: stored.kind.clone(),
        status: stored.status.clone(),
        section: stored.section.clone(),
        outcome: stored.outcome.clone(),
        amount: stored.amount,
        budget: stored.budget,
        entreprise_id: referred.id,
        entreprise_name: referred.name,
        entreprise_siret: referred.siret,
        entreprise_city: referred.city,
        commercial_id: stored.commercial_id,
        commercial_name,
        commercial_role,
        localisation_id: referred.site_id,
        site_code: referred.site_code,
        site_name: referred.site_name,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        section_since: stored.section_since,
        due_at: stored.due_at,
        workflow_plugin: stored.workflow_plugin.clone(),
        version: stored.version,
        origine: stored.origine.clone(),
        lost_at: stored.lost_at,
        lost_reason: stored.lost_reason.clone(),
        lost_remark: stored.lost_remark.clone(),
    };
    let bookings = (!booked).then(Vec::new);
    let known = Known { filed: Some(Filed::new()), bookings, unmoved: true, ..Known::default() };
    read::present(act, Whole { stored, shown }, known).await
}

/// The opportunité before the workflow's decision.
fn blank(new: &NewOpportunite, now: Instant) -> StoredOpportunite {
    StoredOpportunite {
        id: OpportuniteId::generate(),
        numero: String::new(),
        title: new.title.clone(),
        kind: new.kind.as_str().into(),
        section: String::new(),
        status: String::new(),
        outcome: String::new(),
        amount: new.budget,
        budget: new.budget,
        entreprise_id: new.entreprise.0,
        entreprise_name: new.entreprise.1.clone(),
        commercial_id: new.commercial,
        localisation_id: new.localisation,
        legal_entity_id: new.legal_entity,
        section_since: now,
        due_at: None,
        data: Value::Object(new.data.clone()).to_string(),
        state: String::from("{}"),
        workflow_plugin: String::new(),
        workflow_version: String::new(),
        created_at: now,
        updated_at: now,
        version: 0,
        pieces_kept: true,
        creances_kept: true,
        origine: new.origine.map(|origine| origine.as_str().into()),
        lost_at: None,
        lost_reason: None,
        lost_remark: None,
    }
}

/// Writes the row.
async fn insert(tx: &mut Conn, s: &StoredOpportunite, definition: &Definition) -> Result<()> {
    let mut query = sql(
        "INSERT INTO opportunites (id, numero, title, title_key, search, search_data, kind, entreprise_id, commercial_id, localisation_id, section, \
         status, outcome, \
         amount, budget, section_since, due_at, data, state, workflow_plugin, workflow_version, created_at, updated_at, version, pieces_kept, sessions_kept, creances_kept, \
         origine, lost_at, lost_reason, lost_remark) VALUES ",
    );
    query.rows([[
        s.id.into(),
        s.numero.as_str().into(),
        s.title.as_str().into(),
        collation::key(&s.title).into(),
        search::words(&s.numero, &s.title, &s.entreprise_name).into(),
        search::documents(definition, &s.documents()?).into(),
        s.kind.as_str().into(),
        s.entreprise_id.into(),
        s.commercial_id.into(),
        s.localisation_id.into(),
        s.section.as_str().into(),
        s.status.as_str().into(),
        s.outcome.as_str().into(),
        s.amount.into(),
        s.budget.into(),
        s.section_since.into(),
        s.due_at.into(),
        s.data.as_str().into(),
        s.state.as_str().into(),
        s.workflow_plugin.as_str().into(),
        s.workflow_version.as_str().into(),
        s.created_at.into(),
        s.updated_at.into(),
        s.version.into(),
        s.pieces_kept.into(),
        // Its sessions are written with it.
        true.into(),
        s.creances_kept.into(),
        s.origine.as_deref().into(),
        s.lost_at.into(),
        s.lost_reason.as_deref().into(),
        s.lost_remark.as_deref().into(),
    ]]);
    query.execute(tx).await?;
    // The site of the opportunité sees the company from now on.
    let changed = [(Changed::Opportunite, s.id.uuid()), (Changed::Entreprise, s.entreprise_id.uuid())];
    Ok(noted(tx, changed).await?)
}
