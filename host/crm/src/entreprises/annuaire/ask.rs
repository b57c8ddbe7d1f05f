//! Asks the plugins of a site, all at once. What a plugin does wrong never reaches the caller as an error.

use std::collections::HashSet;
use std::time::Duration;

use afpi_core::text::{Text, text};
use afpi_platform::plugins::both;
use afpi_plugins::contract::Error;
use afpi_plugins::contract::lookup::{Company, Query};
use afpi_plugins::{CallContext, LookupPlugin, PluginFailure};
use futures::future::join_all;

use super::AnnuaireSource;
use super::found::{self, AnnuaireEntreprise};

/// The longest wait for all plugins, with the wait for a free place. A call itself ends before.
const LONGEST_WAIT: Duration = Duration::from_secs(6);

/// The directories and what they have found. Without a query nobody is asked.
pub async fn all(
    plugins: &[LookupPlugin],
    context: &CallContext,
    query: Option<&Query>,
) -> (Vec<AnnuaireSource>, Vec<AnnuaireEntreprise>) {
    let answers = join_all(plugins.iter().map(|plugin| one(plugin, context, query))).await;
    let (mut sources, mut data, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (plugin, answer) in plugins.iter().zip(answers) {
        let manifest = plugin.plugin().manifest();
        let (companies, problem) = match answer {
            Ok(companies) => (companies, None),
            Err(problem) => (vec![], Some(problem)),
        };
        let read = companies.into_iter().filter_map(|company| found::read(&manifest.id, company));
        // Of two plugins that know a company, the first one counts.
        data.extend(read.filter(|company| seen.insert(company.siret.clone())));
        let name = text(&*manifest.name.fr, &*manifest.name.en);
        sources.push(AnnuaireSource { plugin: manifest.id.clone(), name, problem });
    }
    (sources, data)
}

async fn one(plugin: &LookupPlugin, context: &CallContext, query: Option<&Query>) -> Result<Vec<Company>, Text> {
    let Some(query) = query else { return Ok(vec![]) };
    match tokio::time::timeout(LONGEST_WAIT, plugin.find(context, query)).await {
        Ok(answer) => answer.map_err(told),
        Err(_) => Err(silent()),
    }
}

/// A failure in words for the person who types. The runtime has logged and counted it.
fn told(failure: PluginFailure) -> Text {
    match failure {
        PluginFailure::Guest(Error::Denied(message) | Error::Conflict(message)) => both(message),
        PluginFailure::Guest(Error::RateLimited(_)) | PluginFailure::Busy | PluginFailure::NoRoom => text(
            "Trop de recherches à la fois : réessayez dans un instant.",
            "Too many searches at once: try again in a moment.",
        ),
        PluginFailure::Guest(Error::Unavailable(_)) | PluginFailure::Timeout(_) => silent(),
        PluginFailure::Quarantined(_) => {
            text("Arrêté pour un moment après des erreurs répétées.", "Stopped for a while after repeated failures.")
        }
        _ => text("N’a pas répondu correctement.", "Did not answer properly."),
    }
}

fn silent() -> Text {
    text("L’annuaire ne répond pas pour l’instant.", "The directory does not answer at the moment.")
}
