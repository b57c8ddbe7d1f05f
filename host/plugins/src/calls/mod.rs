//! Typed handles: the functions of `wit/` as Rust methods. Each method is one guarded call.

mod auditor;
mod connector;
mod documents;
mod hook;
mod job;
mod lifecycle;
mod lookup;
mod migration;
mod notifier;
mod objectives;
mod workflow;

pub use auditor::AuditorPlugin;
pub use connector::{ConnectorPlugin, Pass};
pub use documents::DocumentsPlugin;
pub use hook::{HookPlugin, Verdict};
pub use job::{JobHandler, JobOutcome};
pub use lifecycle::Lifecycle;
pub use lookup::LookupPlugin;
pub use migration::{DataMigration, MOST_MIGRATED};
pub use notifier::NotifierPlugin;
pub use objectives::ObjectivesPlugin;
pub use workflow::WorkflowPlugin;

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub(crate) std::sync::Arc<crate::bound::Bound>);

        impl $name {
            /// The plugin of this handle. It does not change, even if another version is installed.
            pub fn plugin(&self) -> &std::sync::Arc<crate::plugin::Plugin> {
                &self.0.seat.plugin
            }

            /// Whether both handles have the same version and the same settings.
            pub fn same(&self, other: &Self) -> bool {
                std::sync::Arc::ptr_eq(&self.0, &other.0)
            }

            /// The site of this handle.
            pub fn site(&self) -> &crate::seat::Site {
                &self.0.seat.site
            }

            /// Is the plugin quarantined at the site? Then it answers nothing.
            pub fn is_quarantined(&self) -> bool {
                self.0.seat.health.quarantined().is_some()
            }

            /// The plugin's settings at the site, as a JSON object.
            pub fn config(&self) -> &str {
                &self.0.seat.config
            }
        }
    };
}
pub(crate) use handle;
