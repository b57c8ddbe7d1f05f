//! The types of `wit/` for the host's other crates. They are plain Rust structs, the same for every world.
//!
//! They serialise with their Rust names. Code that sends them elsewhere maps them to its own types.

pub use crate::bindings::host::afpi::types::types::{Actor, Entreprise, Error, FieldProblem, Opportunite, Text};

/// `afpi:plugin/workflow`.
pub mod workflow {
    pub use crate::bindings::workflow::exports::afpi::plugin::workflow::{
        Booking, Decision, Direction, Fact, Moment, Numbering, Offer, Outcome, Section, Status, Step, Transition,
        WorkflowDefinition,
    };
}

/// `afpi:plugin/objectives`.
pub mod objectives {
    pub use crate::bindings::objectives::exports::afpi::plugin::objectives::{
        Attainment, Fact, Figure, Grouping, Metric, Query, Score, Target, Unit,
    };
}

/// `afpi:plugin/notifier`.
pub mod notifier {
    pub use crate::bindings::notifier::exports::afpi::plugin::notifier::{Audience, Event, Kind, Message};
}

/// `afpi:plugin/connector`.
pub mod connector {
    pub use crate::bindings::connector::exports::afpi::plugin::connector::{Batch, Item, Probe, Skipped};
}

/// `afpi:plugin/hook`.
pub mod hook {
    pub(crate) use crate::bindings::hook::exports::afpi::plugin::hook::Verdict;
    pub use crate::bindings::hook::exports::afpi::plugin::hook::{Event, Phase, Subject, Subscription};
}

/// `afpi:plugin/job-handler`.
pub(crate) mod job_handler {
    pub use crate::bindings::job_handler::exports::afpi::plugin::job_handler::Outcome;
}

/// `afpi:plugin/data-migration`.
pub mod migration {
    pub use crate::bindings::data_migration::exports::afpi::plugin::data_migration::Stored;
}

/// `afpi:plugin/documents`.
pub mod documents {
    pub use crate::bindings::documents::exports::afpi::plugin::documents::{About, Composition, Kind, Mail, Request};
}

/// `afpi:plugin/auditor`.
pub mod auditor {
    pub use crate::bindings::auditor::exports::afpi::plugin::auditor::{Finding, Rule, Severity};
}

/// `afpi:plugin/lookup`.
pub mod lookup {
    pub use crate::bindings::lookup::exports::afpi::plugin::lookup::{Address, Company, Headcount, Query, Wanted};
}

/// `afpi:types/records`, with the types for `afpi:host/records-query`.
pub mod query {
    pub use crate::bindings::host::afpi::types::records::{Entry, Reference};
}

/// `afpi:host/records-read`.
pub mod records {
    pub use crate::bindings::host::afpi::host::records_read::{
        Criterion, EntreprisePage, OpportunitePage, PageRequest,
    };
}

/// The log levels of `afpi:host/log`.
pub use crate::bindings::host::afpi::host::log::Level;

/// Gives the enums of the contract their names in `wit/`, for columns, labels and JSON.
macro_rules! words {
    ($type:ty { $($case:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The name in `wit/`.
            pub fn as_str(self) -> &'static str {
                match self { $(<$type>::$case => $word),+ }
            }
        }
    };
}

words!(workflow::Outcome {
    Open = "open", Suspended = "suspended", Won = "won", Lost = "lost", Done = "done", Other = "other",
});
words!(workflow::Direction { Forward = "forward", Back = "back", Pause = "pause", Stop = "stop", Other = "other" });
words!(objectives::Unit { Money = "money", Count = "count", Percent = "percent", Hours = "hours", Other = "other" });
words!(documents::About {
    Opportunite = "opportunite", Piece = "piece", Session = "session", Day = "day", Stagiaire = "stagiaire", Other = "other",
});
words!(hook::Phase { Before = "before", After = "after", Other = "other" });
words!(Level { Debug = "debug", Info = "info", Warn = "warn", Error = "error" });
