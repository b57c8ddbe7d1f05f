//! How a load or a call can fail: messages for logs, and stable ids for metrics.

use crate::contract;
use crate::words::{LONGEST_CAUSE, tame};
use afpi_plugin_manifest::SectionError;
use std::time::Duration;

/// How a call ended, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    Ok,
    /// The plugin answered with an error of the contract.
    Error,
    Trap,
    Timeout,
    Memory,
    HostBudget,
    /// The answer breaks the contract.
    WrongAnswer,
    /// The plugin was not called, because it is switched off after too many failures.
    Quarantined,
    /// The plugin was not called, because no place became free in time.
    Busy,
    /// The plugin was not called, or the call ended, because all plugins together have reached their memory limit.
    NoRoom,
    /// The plugin was not called, because the chain of events and jobs is too long.
    Depth,
    /// The caller went away.
    Cancelled,
}

impl Outcome {
    /// The label in metrics.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a call has no answer. Except for `Guest`, the fault is with the plugin or the platform, never with the user.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PluginFailure {
    /// The plugin's own error. It can have any length, so the message contains only its beginning.
    #[error("the plugin refused: {}", tame(&format!("{:?}", .0), LONGEST_CAUSE))]
    Guest(contract::Error),
    /// The first line of the trap, and the place in the guest.
    #[error("the plugin trapped: {0}")]
    Trap(String),
    /// The time limit of the call.
    #[error("the plugin ran longer than {0:?}")]
    Timeout(Duration),
    #[error("the plugin wanted more than its {0} MiB of memory")]
    Memory(u32),
    #[error("the plugin used up its host calls: {0}")]
    HostBudget(&'static str),
    /// The answer breaks the contract.
    #[error("the plugin answered what its contract does not allow: {0}")]
    WrongAnswer(&'static str),
    /// The time until the next attempt.
    #[error("the plugin is quarantined for another {0:?} after repeated failures")]
    Quarantined(Duration),
    #[error("all places for plugin calls were taken")]
    Busy,
    #[error("all plugins together hold as much memory as they may")]
    NoRoom,
    /// The depth; see [`CallContext::depth`](crate::CallContext::depth).
    #[error("{0} events and jobs of plugins have caused one another; it ends here")]
    TooDeep(u8),
    /// The connector pass has already ended.
    #[error("this pass has ended")]
    Ended,
}

impl PluginFailure {
    pub fn outcome(&self) -> Outcome {
        match self {
            PluginFailure::Guest(_) | PluginFailure::Ended => Outcome::Error,
            PluginFailure::Trap(_) => Outcome::Trap,
            PluginFailure::Timeout(_) => Outcome::Timeout,
            PluginFailure::Memory(_) => Outcome::Memory,
            PluginFailure::HostBudget(_) => Outcome::HostBudget,
            PluginFailure::WrongAnswer(_) => Outcome::WrongAnswer,
            PluginFailure::Quarantined(_) => Outcome::Quarantined,
            PluginFailure::Busy => Outcome::Busy,
            PluginFailure::NoRoom => Outcome::NoRoom,
            PluginFailure::TooDeep(_) => Outcome::Depth,
        }
    }

    /// Whether the failure is worth a line in the host's log. A plugin's refusals are normal.
    pub(crate) fn is_news(&self) -> bool {
        use contract::Error::{Other, Unavailable};
        matches!(self, PluginFailure::Guest(Unavailable(_) | Other(_))) || self.outcome() != Outcome::Error
    }

    /// Whether the failure counts against the plugin. Repeated failures lead to a quarantine.
    pub fn is_fault(&self) -> bool {
        use Outcome::{HostBudget, Memory, Timeout, Trap, WrongAnswer};
        matches!(self.outcome(), Trap | Timeout | Memory | HostBudget | WrongAnswer)
    }
}

/// Why a plugin file was refused.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the file has {size} bytes, more than the {most} allowed")]
    TooLarge { size: usize, most: usize },
    #[error(transparent)]
    Manifest(#[from] SectionError),
    /// The component is malformed, or uses proposals that are switched off.
    #[error("the component is not valid: {0}")]
    Invalid(String),
    /// It would take too long to compile.
    #[error("the component is too complex: {0}")]
    TooComplex(String),
    #[error("compiling failed: {0}")]
    Compile(String),
    /// The names of imports that the host does not offer to this kind.
    #[error("a {kind} plugin cannot import {}", .names.join(", "))]
    ForbiddenImport { kind: &'static str, names: Vec<String> },
    /// Exports are missing or have another shape.
    #[error("the component does not fit the contract: {0}")]
    Contract(String),
}

/// Why a host function or the epoch callback stopped a call. The trap carries this value to the code that classifies
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("out of time")]
    Cpu,
    #[error("out of host calls")]
    HostCalls,
    /// The guest has answered, and its answer makes no sense.
    #[error("{0}")]
    WrongAnswer(&'static str),
}
