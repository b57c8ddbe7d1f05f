//! `POST /api/opportunites`: number, row, history and event in one transaction, after the site's workflow has accepted
//! it.

use afpi_db::{Conn, FromRow, Row, sql};
use afpi_plugins::contract::workflow::Decision;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header::LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde_json::{Map, Value};

use super::apply::{self, Author, Operation};
use super::decision;
use super::hooks::{self, Wish};
use super::input::{Kind, OpportuniteCreate};
use super::numbers;
use super::read::{self, OpportuniteAnswer};
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
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal;
use afpi_platform::plugins::failure;
use afpi_platform::roles::{self, Held};
use afpi_platform::schema;
use afpi_platform::search::{Changed, noted};
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
    let new = {
        let mut conn = app.db.read().await?;
        check(&mut conn, &caller, input).await?
    };
    let act = Act::begin(&app, &caller, request.as_str());
    let id = start(act, &new).await?;
    let (headers, answer) = read::answer(act, id).await?;
    Ok((StatusCode::CREATED, AppendHeaders([(LOCATION, format!("/api/opportunites/{id}"))]), headers, Json(answer)))
}

/// Resolves the references of the input. Names those that are missing or out of scope.
async fn check(conn: &mut Conn, caller: &Caller, input: OpportuniteCreate) -> Result<NewOpportunite> {
    let scope = caller.scope();
    let mut query = scope.entreprises("e.id, e.name, e.localisation_id, e.active", "");
    query.push(" AND e.id = ?").arg(input.entreprise_id);
    let entreprise = query.optional::<(EntrepriseId, String, LocalisationId, bool)>(conn).await?;
    let Some((entreprise, name, home, active)) = entreprise else {
        return Err(invalid(vec![field("/entrepriseId", "unknown", text("Entreprise inconnue.", "Unknown company."))]));
    };
    let mut problems = Vec::new();
    if !active {
        problems.push(field(
            "/entrepriseId",
            "inactive",
            text("Cette entreprise est archivée.", "This company is archived."),
        ));
    }
    let localisation = input.localisation_id.unwrap_or(match caller.sites.first() {
        Some(first) if !scope.covers_site(home) => *first,
        _ => home,
    });
    let entity = sql("SELECT entite_legale_id FROM localisations WHERE id = ?")
        .bind(localisation)
        .optional::<(LegalEntityId,)>(conn)
        .await?;
    match entity {
        None => {
            problems.push(field("/localisationId", "unknown", text("Localisation inconnue.", "Unknown localisation.")))
        }
        Some(_) if !scope.covers_site(localisation) => return Err(forbidden()),
        Some(_) => {}
    }
    let commercial = input.commercial_id.unwrap_or(caller.id);
    if commercial != caller.id {
        if caller.reach() == Reach::Own {
            return Err(forbidden());
        }
        problems.extend(assignable(conn, commercial, localisation).await?);
    }
    let Some((legal_entity,)) = entity.filter(|_| problems.is_empty()) else { return Err(invalid(problems)) };
    Ok(NewOpportunite {
        entreprise: (entreprise, name),
        commercial,
        localisation,
        legal_entity,
        title: input.title.into(),
        kind: input.kind.unwrap_or(Kind::IntraEntreprise),
        budget: Money::from_cents(input.budget.get()),
        data: input.data.unwrap_or_default(),
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
        .start(&act.context(), &subject.for_workflow(), &caller.actor(caller.id == new.commercial), &moment(now))
        .await
        .map_err(failure)?;

    decision::check(&decision, &definition)?;
    let id = subject.id;
    let asked = hooks::ask(act, &subject, Wish::Create(&decision)).await?;
    let scope = caller.scope();
    let numero = app.numeros.next(&app.db, now).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let numbered = StoredOpportunite {
            numero: numero.clone(),
            data: numbers::take(&mut tx, new.legal_entity, &decision.data, &decision.numberings, now).await?,
            ..subject.clone()
        };
        insert(&mut tx, &numbered, &decision, &definition).await?;
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
            booked: decision.bookings.as_ref().is_some_and(|bookings| !bookings.is_empty()),
            author: journal::Author::of(caller, act.correlation_id),
            now,
        };
        sessions::follow(&mut tx, &followed).await?;
        let author = Author { act, scope: &scope, definition: &definition, asked: &asked };
        apply::record(&mut tx, &subject, &decision, Operation::Created, &author).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/opportunites/{id}"))).await?;
        tx.commit().await?;
        Ok::<(), afpi_core::error::Error>(())
    })
    .await?;
    app.jobs.wake();
    app.metrics.opportunites_created.with_label_values(&[&app.plugins.site_code(new.localisation)]).inc();
    Ok(id)
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
        version: 1,
        pieces_kept: true,
        creances_kept: true,
    }
}

/// Writes the row: the opportunité with its number, as the workflow decided.
async fn insert(tx: &mut Conn, s: &StoredOpportunite, d: &Decision, definition: &Definition) -> Result<()> {
    let w = &definition.workflow;
    let mut query = sql(
        "INSERT INTO opportunites (id, numero, title, title_key, search, search_data, kind, entreprise_id, commercial_id, localisation_id, section, \
         status, outcome, \
         amount, budget, section_since, due_at, data, state, workflow_plugin, workflow_version, created_at, updated_at, version, pieces_kept, sessions_kept, creances_kept) VALUES ",
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
        d.section.as_str().into(),
        d.status.as_str().into(),
        d.outcome.as_str().into(),
        d.amount.into(),
        s.budget.into(),
        s.created_at.into(),
        d.due.into(),
        s.data.as_str().into(),
        d.state.as_str().into(),
        w.id.as_str().into(),
        w.version.as_str().into(),
        s.created_at.into(),
        s.created_at.into(),
        s.version.into(),
        s.pieces_kept.into(),
        // Its sessions are written with it.
        true.into(),
        s.creances_kept.into(),
    ]]);
    query.execute(tx).await?;
    // The site of the opportunité sees the company from now on.
    let changed = [(Changed::Opportunite, s.id.uuid()), (Changed::Entreprise, s.entreprise_id.uuid())];
    Ok(noted(tx, changed).await?)
}
