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
    /// It answered what the contract does not allow.
    WrongAnswer,
    /// Not called: switched off after too many failures.
    Quarantined,
    /// Not called: no free place in time.
    Busy,
    /// Not called, or ended: all plugins together have reached their memory limit.
    NoRoom,
    /// Not called: the chain of events and jobs is too long.
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

/// Why a plugin call has no answer. Everything except `Guest` is the plugin's or the platform's fault, never the
/// user's.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PluginFailure {
    /// The plugin's own error. It can be of any length, so the message contains only its beginning.
    #[error("the plugin refused: {}", tame(&format!("{:?}", .0), LONGEST_CAUSE))]
    Guest(contract::Error),
    /// First line of the trap, and the place in the guest.
    #[error("the plugin trapped: {0}")]
    Trap(String),
    /// Its time limit.
    #[error("the plugin ran longer than {0:?}")]
    Timeout(Duration),
    #[error("the plugin wanted more than its {0} MiB of memory")]
    Memory(u32),
    #[error("the plugin used up its host calls: {0}")]
    HostBudget(&'static str),
    /// It answered what the contract does not allow.
    #[error("the plugin answered what its contract does not allow: {0}")]
    WrongAnswer(&'static str),
    /// Time until the next try.
    #[error("the plugin is quarantined for another {0:?} after repeated failures")]
    Quarantined(Duration),
    #[error("all places for plugin calls were taken")]
    Busy,
    #[error("all plugins together hold as much memory as they may")]
    NoRoom,
    /// The depth; see [`CallContext::depth`](crate::CallContext::depth).
    #[error("{0} events and jobs of plugins have caused one another; it ends here")]
    TooDeep(u8),
    /// A connector pass that has ended.
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

    /// Is it worth a line in the host's log? A plugin's refusals are normal.
    pub(crate) fn is_news(&self) -> bool {
        use contract::Error::{Other, Unavailable};
        matches!(self, PluginFailure::Guest(Unavailable(_) | Other(_))) || self.outcome() != Outcome::Error
    }

    /// Does it count against the plugin, so that repetition leads to quarantine?
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
    /// Malformed, or uses proposals that are switched off.
    #[error("the component is not valid: {0}")]
    Invalid(String),
    /// It would take too long to compile.
    #[error("the component is too complex: {0}")]
    TooComplex(String),
    #[error("compiling failed: {0}")]
    Compile(String),
    /// Names of imports that the host does not offer to this kind.
    #[error("a {kind} plugin cannot import {}", .names.join(", "))]
    ForbiddenImport { kind: &'static str, names: Vec<String> },
    /// Exports are missing or have another shape.
    #[error("the component does not fit the contract: {0}")]
    Contract(String),
}

/// Why a host function or the epoch callback stopped a call. The trap carries it to the code that classifies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("out of time")]
    Cpu,
    #[error("out of host calls")]
    HostCalls,
    /// The guest has answered, and what it said cannot be meant.
    #[error("{0}")]
    WrongAnswer(&'static str),
}
