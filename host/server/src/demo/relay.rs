//! Sixty opportunités at every point of the relay, each walked there through the real workflow, in the name of the right
//! roles, at days in the past.

use afpi_db::{Json, sql};
use anyhow::{Context, Result, anyhow};
use chrono::NaiveDate;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::accounts::{self, People};
use super::companies::{self, Company};
use super::scenario::{self, Fill, Step};
use super::trainers;
use crate::auth::caller::Caller;
use crate::crm::network::Place;
use crate::crm::opportunites::{self, Kind, NewOpportunite};
use crate::http::problem::Problem;
use crate::platform::events::Event;
use crate::rights::Role;
use crate::state::App;
use crate::text::Locale;

const COUNT: usize = 60;
const DAY: i64 = 86_400_000;
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

/// Goes on after those that are there already.
pub async fn fill(app: &App, places: &[Place]) -> Result<()> {
    let mut conn = app.db.read().await?;
    let there = sql("SELECT COUNT(*) FROM opportunites").scalar::<i64>(&mut conn).await?;
    if there >= COUNT as i64 {
        return Ok(());
    }
    let people = accounts::read(&mut conn).await?;
    let companies = companies::read(&mut conn).await?;
    let trainers = trainers::read(&mut conn).await?;
    drop(conn);
    let scenario = scenario::read().context("the workflow's demo file")?;
    let now = crate::clock::now();
    for i in there as usize..COUNT {
        let mut rng = StdRng::seed_from_u64(2026 + i as u64);
        let place = if i % 5 < 2 { &places[0] } else { &places[i % places.len()] };
        let commercial =
            people.commercial_of.iter().find(|(site, _)| *site == place.id).map(|(_, user)| *user).unwrap_or_default();
        // Evenly over the steps; every sixth leaves the road on one of the side ways.
        let exit = (i % 6 == 5).then(|| &scenario.exits[(i / 6) % scenario.exits.len()]);
        let depth = exit.map_or(i * 7 % (scenario.steps.len() + 1), |exit| exit.after);
        let steps: Vec<&Step> = scenario.steps.iter().take(depth).chain(exit.iter().flat_map(|e| &e.steps)).collect();
        let pace = rng.random_range(1..5);
        let rest = rng.random_range(0..12);
        let begun = now - (steps.len() as i64 * pace + rest) * DAY - rng.random_range(0..8) * 3_600_000;

        let local: Vec<&Company> = companies.iter().filter(|c| c.site == place.id).collect();
        let company = local.choose(&mut rng).context("every site has companies")?;
        let new = NewOpportunite {
            entreprise: (company.id, company.name.clone()),
            commercial,
            localisation: place.id,
            legal_entity: place.legal_entity,
            title: TITLES[i % TITLES.len()].into(),
            kind: KINDS[i % KINDS.len()],
            budget: rng.random_range(15..180i64) * 10_000,
            data: Default::default(),
        };
        let here: Vec<Uuid> =
            trainers.iter().filter(|(site, _)| *site == place.id).map(|(_, trainer)| *trainer).collect();
        let walk = Walk {
            app,
            people: &people,
            place,
            commercial,
            trainers: &here,
            participants: rng.random_range(3..15),
            new: &new,
        };
        walk.go(begun, pace * DAY, &steps)
            .await
            .with_context(|| format!("demo opportunité {i} after {} steps", steps.len()))?;
        forget_old_news(app, now - 2 * DAY).await?;
    }
    Ok(())
}

/// What is long past is nobody's news: only events of the last days become notifications.
async fn forget_old_news(app: &App, since: i64) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let waiting = sql("SELECT id, payload FROM outbox WHERE kind = ?")
        .bind(crate::platform::events::KIND)
        .all::<(Uuid, Json<Event>)>(&mut tx)
        .await?;
    for (id, _) in waiting.iter().filter(|(_, event)| event.0.at < since) {
        sql("DELETE FROM outbox WHERE id = ?").bind(*id).execute(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

struct Walk<'a> {
    app: &'a App,
    people: &'a People,
    place: &'a Place,
    commercial: Uuid,
    trainers: &'a [Uuid],
    participants: i64,
    new: &'a NewOpportunite,
}

impl Walk<'_> {
    async fn go(&self, begun: i64, pace: i64, steps: &[&Step]) -> Result<()> {
        let commercial = self.caller(Role::Commercial.id())?;
        let id = opportunites::start(self.app, &commercial, "demo", self.new, begun).await.map_err(refused)?;
        let mut version = 1;
        for (i, step) in steps.iter().enumerate() {
            let at = begun + (i as i64 + 1) * pace;
            let mut result = self.step(id, version, step, at, 0).await;
            // A holiday, or a trainer who is taken: the document before says another day and another trainer.
            let document = i.checked_sub(1).map(|before| steps[before]).filter(|before| before.document.is_some());
            for attempt in 1..40 {
                let (Err(_), Some(document)) = (&result, document) else { break };
                self.step(id, version, document, at, attempt).await.map_err(refused)?;
                version += 1;
                result = self.step(id, version, step, at, attempt).await;
            }
            result.map_err(refused).with_context(|| format!("step {i}: {:?} {:?}", step.section, step.transition))?;
            version += 1;
        }
        Ok(())
    }

    async fn step(&self, id: Uuid, version: i64, step: &Step, at: i64, attempt: usize) -> Result<(), Problem> {
        let caller = self.caller(&step.role).map_err(crate::http::problem::internal)?;
        let fill = Fill {
            day: crate::clock::day_of(at).parse::<NaiveDate>().unwrap_or_default(),
            shift: attempt as i64,
            budget: self.new.budget,
            participants: self.participants,
            title: self.new.title.clone(),
            formateur: self.trainers.get(attempt % self.trainers.len().max(1)).copied().unwrap_or_default(),
        };
        match (&step.section, &step.document, &step.transition) {
            (Some(section), Some(document), _) => {
                opportunites::edit(self.app, &caller, "demo", id, version, section, fill.object(document), at).await
            }
            (_, _, Some(transition)) => {
                opportunites::take(self.app, &caller, "demo", id, version, transition, fill.object(&step.input), at)
                    .await
            }
            _ => Ok(()),
        }
    }

    /// Somebody of this role who works on the site.
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
            role,
            sites: vec![self.place.id],
            locale: Locale::Fr,
            session: Uuid::nil(),
        })
    }
}

fn refused(problem: Problem) -> anyhow::Error {
    anyhow!("refused: {problem:?}")
}
