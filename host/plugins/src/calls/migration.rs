//! `afpi:plugin/data-migration`: migrates documents of sections from one version of a workflow to another. It is pure,
//! whatever the plugin may do otherwise.

use super::{WorkflowPlugin, handle};
use crate::bound::within;
use crate::capabilities::json;
use crate::contract::migration::Stored;
use crate::facets::DataMigration as Exports;
use crate::failure::{PluginFailure, Stop};
use crate::state::CallContext;

/// The largest number of documents in one call, as in `wit/plugin/data-migration.wit`.
pub const MOST_MIGRATED: usize = 100;

handle! {
    /// Migrates the documents of a site's workflow from another version.
    DataMigration
}

impl WorkflowPlugin {
    /// The migration of this version. `None` if it has none.
    pub fn migration(&self) -> Option<DataMigration> {
        self.0.has::<Exports>().then(|| DataMigration(self.0.clone()))
    }
}

impl DataMigration {
    /// Migrates at most [`MOST_MIGRATED`] documents: all of them, in the same order, or none. The results belong to the
    /// same opportunités and are valid JSON.
    pub async fn migrate(
        &self,
        context: &CallContext,
        from_version: &str,
        items: &[Stored],
    ) -> Result<Vec<Stored>, PluginFailure> {
        assert!(items.len() <= MOST_MIGRATED, "the host migrates at most this many documents at once");
        let limits = self.0.shared.policy.pure_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("migrate", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_data_migration().call_migrate(store, from_version, items)).await;
        let answer = answer.and_then(|said| match said.as_deref().map(|said| judge(items, said)) {
            Ok(Err(wrong)) => Err(Stop::WrongAnswer(wrong).into()),
            _ => Ok(said),
        });
        call.end_recorded(answer, || (from_version, items))
    }
}

/// Checks that this answer fits the question.
fn judge(asked: &[Stored], said: &[Stored]) -> Result<(), &'static str> {
    if asked.len() != said.len() {
        return Err("it answered for more or fewer documents than it was given");
    }
    for (asked, said) in asked.iter().zip(said) {
        let place = |stored: &Stored| (stored.id.clone(), stored.section.clone(), stored.status.clone());
        if place(asked) != place(said) {
            return Err("it moved a document, or answered for another one");
        }
        if !is_object(&said.data) {
            return Err("its documents are no JSON object of at most 256 KiB and 32 levels");
        }
        if !said.state.is_empty() && !json::is_sound(&said.state) {
            return Err("its state is no JSON text of at most 256 KiB and 32 levels");
        }
    }
    Ok(())
}

fn is_object(text: &str) -> bool {
    json::is_sound(text) && text.trim_start().starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_about_what_was_asked() {
        let stored = |id: &str, data: &str| Stored {
            id: id.into(),
            section: "devis".into(),
            status: "ouvert".into(),
            data: data.into(),
            state: "{}".into(),
        };
        let asked = [stored("a", "{}"), stored("b", "{}")];
        assert_eq!(judge(&asked, &[stored("a", r#"{"x":{}}"#), stored("b", "{}")]), Ok(()));
        let deep = format!("{}1{}", r#"{"a":"#.repeat(40), "}".repeat(40));
        let moved = Stored { section: "facture".into(), ..stored("a", "{}") };
        let odd = Stored { state: "nul".into(), ..stored("a", "{}") };
        for wrong in [
            vec![stored("a", "{}")],
            vec![stored("b", "{}"), stored("a", "{}")],
            vec![stored("a", "[]"), stored("b", "{}")],
            vec![stored("a", ""), stored("b", "{}")],
            vec![stored("a", &deep), stored("b", "{}")],
            vec![stored("a", &format!("{{\"a\":\"{}\"}}", "x".repeat(256 << 10))), stored("b", "{}")],
            vec![moved, stored("b", "{}")],
            vec![odd, stored("b", "{}")],
        ] {
            assert!(judge(&asked, &wrong).is_err(), "{wrong:?}");
        }
    }
}
