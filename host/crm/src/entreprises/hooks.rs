//! Asks the site's hooks before a change to a company, and tells them afterwards. A company has no history: a refusal
//! goes into the answer and the log.

use afpi_db::Conn;
use afpi_plugins::contract::hook::Subject as About;
use serde_json::{Map, Value};

use super::read::Entreprise;
use super::stored::StoredEntreprise;
use crate::webhooks;
use afpi_core::error::Result;
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_platform::act::Act;
use afpi_platform::events::Record;
use afpi_platform::journal::{self, Change};
use afpi_platform::plugins::hooks::Proposal;

/// A change that somebody makes to a company of a site.
pub struct HookedChange<'a> {
    pub act: Act<'a>,
    /// The name of the change in `wit/plugin/hook.wit`.
    pub name: &'static str,
    pub id: EntrepriseId,
    /// The company's site before the change.
    pub site: LocalisationId,
    /// The new values of the changed fields, by API name.
    pub data: Map<String, Value>,
}

impl HookedChange<'_> {
    /// Asks the hooks. `subject` is the company as it is, or a new one as it would be.
    pub async fn ask(&self, subject: impl AsyncFnOnce() -> Result<StoredEntreprise>) -> Result<()> {
        if !self.act.app.plugins.hooked(self.site) {
            return Ok(());
        }
        let actor = self.act.caller.actor(None);
        let subject = About::Entreprise(subject().await?.shown());
        let data = Value::Object(self.data.clone());
        let proposal =
            Proposal { name: self.name, at: self.act.now, site: self.site, actor: Some(&actor), subject, data };
        let asked = self.act.app.plugins.ask(&proposal, &self.act.context()).await;
        let Err(refusal) = asked else { return Ok(()) };
        tracing::info!(plugin.id = refusal.plugin, event = self.name, entreprise = %self.id, failed = refusal.told.failed, "a hook refused a change");
        Err(refusal.problem())
    }

    /// Writes the line of the journal and emits the event for the hooks of the company's new site, in the transaction
    /// that makes the change.
    pub async fn announce(&self, tx: &mut Conn, before: Option<&Entreprise>, after: &Entreprise) -> Result<()> {
        let site = after.base.localisation_id;
        let subject = journal::Subject::Entreprise(self.id);
        Change::by(self.act.caller, self.act.correlation_id, subject, Some(site))
            .write(tx, before, Some(after))
            .await?;
        if !webhooks::heard(self.act.app, tx, site).await? {
            return Ok(());
        }
        let (about, data) = (Some(Record::Entreprise(self.id)), Value::Object(self.data.clone()));
        self.act.emit(tx, self.name, site, about, data).await
    }
}
