//! Asks the hooks of a company's site before a run changes it, as before a person's change. A change of its contacts
//! counts as a change of the company: `entreprise.updated` with the future contacts. Hooks are asked before the
//! transaction: no connection is held while a plugin works.

use std::collections::{BTreeMap, HashMap};

use afpi_db::Conn;
use serde_json::{Map, Value};

use super::change::{self, Action, Entity, Fields, Staged};
use super::companies::word;
use super::contacts::{self, Person};
use super::session::Session;
use super::sites::Sites;
use super::{Stop, editable};
use afpi_core::clock::Instant;
use afpi_core::id::{ContactId, EntrepriseId, LocalisationId, RunId};
use afpi_core::text::{Locale, Text, text};
use afpi_crm::entreprises::bulk;
use afpi_crm::entreprises::fields::nested;
use afpi_crm::entreprises::stored::{self, StoredEntreprise};
use afpi_platform::plugins::hooks::{Proposal, Refusal};
use afpi_platform::plugins::{Plugins, context};
use afpi_platform::state::App;
use afpi_plugins::contract::hook::Subject as About;

/// Reasons of refused changes, by their numbers.
pub type Vetoes = HashMap<i64, Text>;

/// A question to the hooks of a site.
struct Question {
    /// The changes that a veto refuses.
    changes: Vec<i64>,
    name: &'static str,
    site: LocalisationId,
    about: StoredEntreprise,
    data: Map<String, Value>,
}

/// Asks about the next changes, after the one numbered `after`.
pub async fn ask(session: &Session<'_>, after: i64, most: u32, sites: &Sites) -> Result<Vetoes, Stop> {
    if !hooked_anywhere(&session.app.plugins, sites) {
        return Ok(Vetoes::new());
    }
    let mut conn = session.app.db.read().await?;
    let changes = change::to_apply(&mut conn, session.run, after, most).await?;
    Ok(ask_about(session.app, conn, session.run, changes, sites).await?)
}

/// Does any of these sites have hooks?
pub fn hooked_anywhere(plugins: &Plugins, sites: &Sites) -> bool {
    sites.all().any(|site| plugins.hooked(site))
}

/// Asks about these changes of a run. Gives the connection back before the first question.
pub async fn ask_about(
    app: &App,
    mut conn: Conn,
    run: RunId,
    mut changes: Vec<Staged>,
    sites: &Sites,
) -> afpi_db::Result<Vetoes> {
    let plugins = &app.plugins;
    changes.retain(writes);
    let now = Instant::now();
    let mut questions = about_companies(&mut conn, plugins, &changes, sites, now).await?;
    questions.extend(about_contacts(&mut conn, plugins, run, &changes).await?);
    drop(conn);
    let mut vetoes = Vetoes::new();
    for Question { changes, name, site, about, data } in questions {
        let subject = About::Entreprise(about.shown());
        let proposal = Proposal { name, at: now, site, actor: None, subject, data: data.into() };
        if let Err(refusal) = plugins.ask(&proposal, &context(Locale::Fr, &run.to_string())).await {
            let reason = reason(&refusal);
            vetoes.extend(changes.into_iter().map(|seq| (seq, reason.clone())));
        }
    }
    Ok(vetoes)
}

fn reason(refusal: &Refusal) -> Text {
    let (plugin, reason) = (&refusal.told.plugin, &refusal.told.reason);
    text(
        format!("refusée par l'extension « {} » : {}", plugin.fr, reason.fr),
        format!("refused by the plugin “{}”: {}", plugin.en, reason.en),
    )
}

/// Does it change the record itself? Hooks are not asked about a link alone.
fn writes(change: &Staged) -> bool {
    editable::of(change.entity).writes(change.action) && change.after.keys().any(|name| name != "externalId")
}

/// A question for each created or changed company of a site with hooks.
async fn about_companies(
    conn: &mut Conn,
    plugins: &Plugins,
    changes: &[Staged],
    sites: &Sites,
    now: Instant,
) -> afpi_db::Result<Vec<Question>> {
    let changes = || changes.iter().filter(|change| change.entity == Entity::Entreprise);
    let old = changes().filter(|change| change.action != Action::Created).map(|change| change.record.into());
    let (places, mut known) = hooked(conn, plugins, old).await?;
    let question = |change: &Staged| {
        let (name, site, about, data) = if change.action == Action::Created {
            let site = word(&change.after, "localisationCode").and_then(|code| sites.of_code(code))?;
            let about = StoredEntreprise::imagined(change.record.into(), site, &change.after, now);
            ("entreprise.created", site, about, Map::new())
        } else {
            let id = EntrepriseId::from(change.record);
            let about = known.remove(&id)?;
            ("entreprise.updated", places[&id], about, nested(&change.after))
        };
        plugins.hooked(site).then(|| Question { changes: vec![change.seq], name, site, about, data })
    };
    Ok(changes().filter_map(question).collect())
}

/// A question for each company with changed contacts, of a site with hooks. Contacts of a company that the same run
/// creates belong to its creation, as in a person's request.
async fn about_contacts(
    conn: &mut Conn,
    plugins: &Plugins,
    run: RunId,
    changes: &[Staged],
) -> afpi_db::Result<Vec<Question>> {
    let changes = || changes.iter().filter(|change| change.entity == Entity::Contact);
    let known = contacts::load(conn, changes().map(|change| change.record.into()), std::iter::empty()).await?;
    let mut concerned: BTreeMap<EntrepriseId, Vec<&Staged>> = BTreeMap::new();
    for change in changes() {
        let here = known.get(&ContactId::from(change.record)).map(|person| person.company);
        let there = contacts::company(&change.after).filter(|there| Some(*there) != here);
        for company in here.into_iter().chain(there) {
            concerned.entry(company).or_default().push(change);
        }
    }
    for new in change::created(conn, run, concerned.keys().copied()).await? {
        concerned.remove(&new);
    }
    let (places, mut subjects) = hooked(conn, plugins, concerned.keys().copied()).await?;
    concerned.retain(|company, _| subjects.contains_key(company));
    let people = contacts::load(conn, known.into_keys(), concerned.keys().copied()).await?;
    let question = |(company, changes): (EntrepriseId, Vec<&Staged>)| {
        let contacts = contacts::listed(as_wanted(company, &changes, &people));
        Some(Question {
            changes: changes.iter().map(|change| change.seq).collect(),
            name: "entreprise.updated",
            site: places[&company],
            about: subjects.remove(&company)?,
            data: Map::from_iter([("contacts".to_owned(), contacts)]),
        })
    };
    Ok(concerned.into_iter().filter_map(question).collect())
}

/// The contacts of this company after these changes.
fn as_wanted(company: EntrepriseId, changes: &[&Staged], people: &HashMap<ContactId, Person>) -> Vec<Person> {
    let mut wanted: HashMap<ContactId, Person> = people.clone();
    for (change, position) in changes.iter().zip(i64::MAX / 2..) {
        let new = Person { id: change.record.into(), company, fields: Fields::new(), position, main: false };
        let person = wanted.entry(change.record.into()).or_insert(new);
        person.company = contacts::company(&change.after).unwrap_or(person.company);
        person.fields.extend(change.after.clone());
    }
    wanted.into_values().filter(|person| person.company == company).collect()
}

/// Those of these companies whose sites have hooks, with their sites.
async fn hooked(
    conn: &mut Conn,
    plugins: &Plugins,
    companies: impl Iterator<Item = EntrepriseId>,
) -> afpi_db::Result<(HashMap<EntrepriseId, LocalisationId>, HashMap<EntrepriseId, StoredEntreprise>)> {
    let mut places = bulk::sites(conn, companies).await?;
    places.retain(|_, site| plugins.hooked(*site));
    let known = stored::find_all(conn, &places.keys().copied().collect::<Vec<_>>()).await?;
    Ok((places, known))
}
