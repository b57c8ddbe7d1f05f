//! Work a plugin wants done at set times: the host calls its `job-handler` then, on every site where plugin and
//! schedule are on.

use crate::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most schedules of one plugin.
pub const MAX_SCHEDULES: usize = 8;
/// The longest expression, and the longest payload as JSON text, in bytes.
pub(crate) const LONGEST_CRON: usize = 60;
pub(crate) const LONGEST_PAYLOAD: usize = 4_096;
/// The longest name: it stands in the names of the host's own schedules.
pub(crate) const LONGEST_NAME: usize = 32;

/// `[[schedules]]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Schedule {
    /// `[a-z][a-z0-9-]*`, at most 32 characters.
    pub name: String,
    /// Five fields (minute hour day month weekday), in the time of Europe/Paris.
    pub cron: String,
    /// What is done then, as an admin reads it before consenting.
    pub sentence: Text,
    /// Kind of job the handler is called with; the name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What the handler is told, at most 4 KiB as JSON; `null` when absent.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub payload: Value,
}

impl Schedule {
    /// Kind of job the handler is called with.
    pub fn kind(&self) -> &str {
        self.job.as_deref().unwrap_or(&self.name)
    }
}
