//! `afpi:plugin/workflow`. It is pure, so every call runs at once on this thread, within milliseconds.

use super::handle;
use crate::contract::workflow::{Decision, Moment, Offer, WorkflowDefinition};
use crate::contract::{Actor, Opportunite};
use crate::facets::Workflow;
use crate::failure::PluginFailure;
use crate::state::CallContext;

handle! {
    /// The workflow plugin of a site.
    WorkflowPlugin
}

impl WorkflowPlugin {
    pub async fn definition(&self, context: &CallContext) -> Result<WorkflowDefinition, PluginFailure> {
        let mut call = self.0.open::<Workflow>("definition", context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_workflow().call_definition(store);
        call.end_recorded(answer.map(Ok), || ())
    }

    /// The decision on a new opportunité.
    pub async fn start(
        &self,
        context: &CallContext,
        subject: &Opportunite,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision, PluginFailure> {
        let mut call = self.0.open::<Workflow>("start", context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_workflow().call_start(store, subject, actor, moment);
        call.end_recorded(answer, || (subject, actor, moment))
    }

    /// The decision about a move.
    pub async fn decide(
        &self,
        context: &CallContext,
        subject: &Opportunite,
        transition: &str,
        input: &str,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision, PluginFailure> {
        let mut call = self.0.open::<Workflow>("decide", context).await?;
        let (exports, store) = call.parts();
        let answer =
            exports.afpi_plugin_workflow().call_decide(store, subject, transition, &input.to_owned(), actor, moment);
        call.end_recorded(answer, || (subject, transition, input, actor, moment))
    }

    /// The decision about new content of a section's document.
    pub async fn edit(
        &self,
        context: &CallContext,
        subject: &Opportunite,
        section: &str,
        document: &str,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision, PluginFailure> {
        let mut call = self.0.open::<Workflow>("edit", context).await?;
        let (exports, store) = call.parts();
        let answer =
            exports.afpi_plugin_workflow().call_edit(store, subject, section, &document.to_owned(), actor, moment);
        call.end_recorded(answer, || (subject, section, document, actor, moment))
    }

    /// The moves that this actor may make in this status.
    pub async fn offers(
        &self,
        context: &CallContext,
        subject: &Opportunite,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Vec<Offer>, PluginFailure> {
        let mut call = self.0.open::<Workflow>("offers", context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_workflow().call_offers(store, subject, actor, moment);
        call.end_recorded(answer.map(Ok), || (subject, actor, moment))
    }

    /// The sections that this actor may edit now.
    pub async fn editable(
        &self,
        context: &CallContext,
        subject: &Opportunite,
        actor: &Actor,
    ) -> Result<Vec<String>, PluginFailure> {
        let mut call = self.0.open::<Workflow>("editable", context).await?;
        let (exports, store) = call.parts();
        let answer = exports.afpi_plugin_workflow().call_editable(store, subject, actor);
        call.end_recorded(answer.map(Ok), || (subject, actor))
    }
}
