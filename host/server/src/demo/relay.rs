//! Sixty opportunités at every point of the relay. Each one was moved there through the real workflow, by the right
//! roles, on days in the past.

use std::collections::BTreeSet;
use std::time::Duration;

use afpi_db::{Json, sql};
use anyhow::{Context, Result, anyhow};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::accounts::{self, People};
use super::companies::{self, Company};
use super::scenario::{self, Fill, Scenario, Step};
use super::{days, trainers};
use afpi_core::clock::Instant;
use afpi_core::error::Error;
use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId, UserId};
use afpi_core::money::Money;
use afpi_core::network::Place;
use afpi_crm::opportunites::{self, Kind, NewOpportunite, Origine};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;

use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_platform::events::Event;
use afpi_platform::roles::Held;
use afpi_platform::state::App;

const COUNT: usize = 60;
const HOUR: Duration = Duration::from_secs(3600);
const TITLES: [&str; 12] = [
    "Soudage TIG, perfectionnement",
    "Habilitation électrique B1V-BR",
    "CACES R489 chariots",
    "Conduite de ligne automatisée",
    "Lecture de plans industriels",
    "Tuteur en entreprise",
    "Maintenance de premier niveau",
    "Commande numérique, initiation",
    "Management de proximité",
    "Pneumatique et hydraulique",
    "Sécurité des machines",
    "Robotique, prise en main",
];
const KINDS: [Kind; 4] = [Kind::IntraEntreprise, Kind::InterEntreprise, Kind::IntraEntreprise, Kind::Individuelle];

/// Where they come from; what is frequent stands here several times.
const ORIGINES: [Origine; 16] = [
    Origine::ClientExistant,
    Origine::Prospection,
    Origine::AppelEntrant,
    Origine::ClientExistant,
    Origine::SiteWeb,
    Origine::Recommandation,
    Origine::Prospection,
    Origine::Partenaire,
    Origine::ClientExistant,
    Origine::AppelOffres,
    Origine::AppelEntrant,
    Origine::Salon,
    Origine::Prospection,
    Origine::ClientExistant,
    Origine::Partenaire,
    Origine::Autre,
];

/// Moves all of them, day by day, so that numbers and invoices are in the order of their days. Continues an interrupted
/// filling.
pub async fn fill(app: &App, places: &[Place]) -> Result<()> {
    let mut conn = app.db.read().await?;
    let cast = Cast {
        app,
        places,
        people: accounts::read(&mut conn).await?,
        companies: companies::read(&mut conn).await?,
        trainers: trainers::read(&mut conn).await?,
        scenario: scenario::read().context("the workflow's demo file")?,
    };
    let there =
        sql("SELECT id, version FROM opportunites ORDER BY numero").all::<(OpportuniteId, i64)>(&mut conn).await?;
    let taken = sql("SELECT subject_id, transition FROM journal WHERE act = 'moved' ORDER BY at, id")
        .all::<(OpportuniteId, String)>(&mut conn)
        .await?;
    drop(conn);
    let now = Instant::now();
    let mut walks = (0..COUNT).map(|i| cast.walk(i, now)).collect::<Result<Vec<_>>>()?;
    // They are always created and numbered in this order.
    walks.sort_by_key(|walk| walk.begun);
    for (walk, (id, version)) in walks.iter_mut().zip(there) {
        let moves = taken.iter().filter(|(record, _)| *record == id).map(|(_, transition)| transition.as_str());
        walk.stands(id, version, moves);
    }
    let mut due: BTreeSet<(Instant, usize)> =
        walks.iter().enumerate().filter_map(|(walk, plan)| Some((plan.next()?, walk))).collect();
    let mut steps = 0;
    while let Some((at, index)) = due.pop_first() {
        let walk = &mut walks[index];
        walk.advance(at).await.with_context(|| format!("demo opportunité {}", index + 1))?;
        due.extend(walk.next().map(|next| (next, index)));
        steps += 1;
        if steps % 20 == 0 {
            forget_old_news(app, now - days(2)).await?;
        }
    }
    forget_old_news(app, now - days(2)).await
}

/// The people and records that the demo uses.
struct Cast<'a> {
    app: &'a App,
    places: &'a [Place],
    people: People,
    companies: Vec<Company>,
    /// Site and trainer.
    trainers: Vec<(LocalisationId, FormateurId)>,
    scenario: Scenario,
}

impl Cast<'_> {
    /// The plan of the i-th record: the same on every start, except for `now`.
    fn walk(&self, i: usize, now: Instant) -> Result<Walk<'_>> {
        let mut rng = StdRng::seed_from_u64(2026 + i as u64);
        let place = if i % 5 < 2 { &self.places[0] } else { &self.places[i % self.places.len()] };
        let commercial = self
            .people
            .commercial_of
            .iter()
            .find(|(site, _)| *site == place.id)
            .map(|(_, user)| *user)
            .unwrap_or_else(UserId::generate);
        // Evenly over the steps. Every sixth one takes one of the exits.
        let exit = (i % 6 == 5).then(|| &self.scenario.exits[(i / 6) % self.scenario.exits.len()]);
        let depth = exit.map_or(i * 7 % (self.scenario.steps.len() + 1), |exit| exit.after);
        let steps: Vec<&Step> =
            self.scenario.steps.iter().take(depth).chain(exit.iter().flat_map(|e| &e.steps)).collect();
        let pace = rng.random_range(1..5);
        let rest = rng.random_range(0..12);
        let lasted = steps.iter().map(|step| pace + step.wait).sum::<i64>() + rest;
        let hours: i64 = rng.random_range(0..8);
        let begun = now - days(lasted) - HOUR * hours.unsigned_abs() as u32;

        let local: Vec<&Company> = self.companies.iter().filter(|c| c.site == place.id).collect();
        let company = local.choose(&mut rng).context("every site has companies")?;
        let new = NewOpportunite {
            entreprise: (company.id, company.name.clone()),
            commercial,
            localisation: place.id,
            legal_entity: place.legal_entity,
            title: TITLES[i % TITLES.len()].into(),
            kind: KINDS[i % KINDS.len()],
            budget: Money::from_cents(rng.random_range(15..180i64) * 10_000),
            // Some people have not said it.
            origine: (i % 11 != 10).then_some(ORIGINES[i * 3 % ORIGINES.len()]),
            data: Default::default(),
        };
        let trainers =
            self.trainers.iter().filter(|(site, _)| *site == place.id).map(|(_, trainer)| *trainer).collect();
        let participants = rng.random_range(3..15);
        Ok(Walk {
            app: self.app,
            people: &self.people,
            place,
            commercial,
            trainers,
            participants,
            new,
            steps,
            begun,
            pace,
            record: None,
            done: 0,
        })
    }
}

/// Old events are not news: only events of the last days become notifications.
async fn forget_old_news(app: &App, since: Instant) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let waiting = sql("SELECT id, payload FROM outbox WHERE kind = ?")
        .bind(afpi_platform::events::KIND)
        .all::<(Uuid, Json<Event>)>(&mut tx)
        .await?;
    for (id, _) in waiting.iter().filter(|(_, event)| event.0.at < since) {
        sql("DELETE FROM outbox WHERE id = ?").bind(*id).execute(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A record on its way.
struct Walk<'a> {
    app: &'a App,
    people: &'a People,
    place: &'a Place,
    commercial: UserId,
    trainers: Vec<FormateurId>,
    participants: i64,
    new: NewOpportunite,
    steps: Vec<&'a Step>,
    begun: Instant,
    /// Days between two steps.
    pace: i64,
    /// Id and version, once it is created.
    record: Option<(OpportuniteId, i64)>,
    /// Number of steps taken.
    done: usize,
}

impl Walk<'_> {
    /// The record was created on an earlier start and has made these moves since. A document after the last move is
    /// written again.
    fn stands<'m>(&mut self, id: OpportuniteId, version: i64, moves: impl Iterator<Item = &'m str>) {
        self.record = Some((id, version));
        for taken in moves {
            let step = self.steps[self.done..].iter().position(|step| step.transition.as_deref() == Some(taken));
            self.done += step.map_or(0, |step| step + 1);
        }
    }

    /// The time of its creation or next step. `None` at the end.
    fn next(&self) -> Option<Instant> {
        if self.record.is_none() {
            return Some(self.begun);
        }
        let past = self.steps.get(..=self.done)?;
        Some(self.begun + days(past.iter().map(|step| self.pace + step.wait).sum()))
    }

    async fn advance(&mut self, at: Instant) -> Result<()> {
        let Some((id, mut version)) = self.record else {
            let commercial = self.caller(Role::Commercial.id())?;
            let id = opportunites::start(self.act(&commercial, at), &self.new).await.map_err(refused)?;
            self.record = Some((id, 1));
            return Ok(());
        };
        let step = self.steps[self.done];
        let mut result = self.step(id, version, step, at, 0).await;
        // A holiday, or a trainer who is booked: the earlier document gets another day and another trainer.
        let document =
            self.done.checked_sub(1).map(|before| self.steps[before]).filter(|before| before.document.is_some());
        for attempt in 1..40 {
            let (Err(_), Some(document)) = (&result, document) else { break };
            self.step(id, version, document, at, attempt).await.map_err(refused)?;
            version += 1;
            result = self.step(id, version, step, at, attempt).await;
        }
        result
            .map_err(refused)
            .with_context(|| format!("step {}: {:?} {:?}", self.done, step.section, step.transition))?;
        self.record = Some((id, version + 1));
        self.done += 1;
        Ok(())
    }

    async fn step(
        &self,
        id: OpportuniteId,
        version: i64,
        step: &Step,
        at: Instant,
        attempt: usize,
    ) -> Result<(), Error> {
        let caller = self.caller(&step.role).map_err(afpi_core::error::internal)?;
        let act = self.act(&caller, at);
        let fill = Fill {
            day: at.day().date(),
            shift: attempt as i64,
            budget: self.new.budget.cents(),
            participants: self.participants,
            title: self.new.title.clone(),
            formateur: self
                .trainers
                .get(attempt % self.trainers.len().max(1))
                .copied()
                .unwrap_or_else(FormateurId::generate),
        };
        match (&step.section, &step.document, &step.transition) {
            (Some(section), Some(document), _) => {
                opportunites::edit(act, id, version, section, fill.object(document)).await
            }
            (_, _, Some(transition)) => {
                opportunites::take(act, id, version, transition, fill.object(&step.input)).await
            }
            _ => Ok(()),
        }
    }

    /// What somebody does at this instant.
    fn act<'b>(&'b self, caller: &'b Caller, now: Instant) -> Act<'b> {
        Act { app: self.app, caller, correlation_id: "demo", import: None, now }
    }

    /// A person of this role at the site.
    fn caller(&self, role: &str) -> Result<Caller> {
        let role = Role::parse(role).with_context(|| format!("unknown role {role}"))?;
        let (_, id, name) = self
            .people
            .by_role
            .iter()
            .find(|(r, ..)| *r == role)
            .with_context(|| format!("no account for {}", role.id()))?;
        let id = if role == Role::Commercial { self.commercial } else { *id };
        Ok(Caller {
            id,
            name: (*name).into(),
            email: String::new(),
            role: Held::built_in(role),
            sites: vec![self.place.id],
            absent: vec![],
            locale: Locale::Fr,
            session: Uuid::nil(),
            must_set_up: false,
        })
    }
}

fn refused(problem: Error) -> anyhow::Error {
    anyhow!("refused: {problem:?}")
}
