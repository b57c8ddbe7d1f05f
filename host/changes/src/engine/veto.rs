//! The hooks of a company's site have their say before a run changes it, as they have before a person does. They are
//! asked before the transaction: no connection is held while a plugin thinks.

use std::collections::HashMap;

use super::Stop;
use super::change::{self, Action, Entity, Staged};
use super::companies::word;
use super::session::Session;
use super::sites::Sites;
use afpi_core::text::{Locale, Text, text};
use afpi_crm::entreprises::bulk;
use afpi_crm::entreprises::fields::nested;
use afpi_crm::entreprises::stored::{self, StoredEntreprise};
use afpi_platform::plugins::context;
use afpi_platform::plugins::hooks::Proposal;
use afpi_plugins::contract::hook::Subject as About;

/// Why changes are refused, by their numbers.
pub type Vetoes = HashMap<i64, Text>;

/// Asks about the next changes, after the one numbered `after`.
pub async fn ask(session: &Session<'_>, after: i64, most: u32, sites: &Sites) -> Result<Vetoes, Stop> {
    let mut vetoes = Vetoes::new();
    let app = session.app;
    if !sites.all().any(|site| app.plugins.hooked(site)) {
        return Ok(vetoes);
    }
    let (changes, places, mut known) = {
        let mut conn = app.db.read().await?;
        let mut changes = change::to_apply(&mut conn, session.run, after, most).await?;
        changes.retain(|change| change.entity == Entity::Entreprise && writes(change));
        let old = || changes.iter().filter(|change| change.action != Action::Created).map(|change| change.record);
        let places = bulk::sites(&mut conn, old()).await?;
        let hooked =
            places.iter().filter(|(_, site)| app.plugins.hooked(**site)).map(|(id, _)| *id).collect::<Vec<_>>();
        let known = stored::find_all(&mut conn, &hooked).await?;
        (changes, places, known)
    };
    let now = afpi_core::clock::now();
    for change in changes {
        let new = word(&change.after, "localisationCode").and_then(|code| sites.of_code(code));
        let (name, place, about, data) = match change.action {
            Action::Created => {
                let Some(site) = new else { continue };
                let about = StoredEntreprise::imagined(change.record, site, &change.after, now);
                ("entreprise.created", site, about, serde_json::Map::new())
            }
            _ => {
                let Some(about) = known.remove(&change.record) else { continue };
                ("entreprise.updated", places[&change.record], about, nested(&change.after))
            }
        };
        if !app.plugins.hooked(place) {
            continue;
        }
        let proposal = Proposal {
            name,
            at: now,
            site: place,
            actor: None,
            subject: About::Entreprise(about.shown()),
            data: data.into(),
        };
        let asked = app.plugins.ask(&proposal, &context(Locale::Fr, &session.run.to_string())).await;
        if let Err(refusal) = asked {
            let (plugin, reason) = (&refusal.told.plugin, &refusal.told.reason);
            vetoes.insert(
                change.seq,
                text(
                    format!("refusée par l'extension « {} » : {}", plugin.fr, reason.fr),
                    format!("refused by the plugin “{}”: {}", plugin.en, reason.en),
                ),
            );
        }
    }
    Ok(vetoes)
}

/// Does it change the company itself? What only links it is nobody's business.
fn writes(change: &Staged) -> bool {
    matches!(change.action, Action::Created | Action::Updated | Action::Archived | Action::Conflict)
        && change.after.keys().any(|name| name != "externalId")
}
