//! The findings of `check` and `doctor`, and how to fix each problem.

use super::Report;
use serde::Serialize;
use serde_json::json;

/// A checked item.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    pub what: String,
    /// How to fix it, if possible with a command. Empty if the finding is no problem.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mend: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Ok,
    Warning,
    Error,
}

/// The findings, in the order of the checks.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    pub fn ok(&mut self, what: impl Into<String>) {
        self.0.push(Finding { level: Level::Ok, what: what.into(), mend: String::new() });
    }

    pub fn warn(&mut self, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { level: Level::Warning, what: what.into(), mend: mend.into() });
    }

    pub fn error(&mut self, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { level: Level::Error, what: what.into(), mend: mend.into() });
    }

    /// Returns one line for each finding, and whether none of them is an error.
    pub fn report(self) -> Report {
        let line = |finding: &Finding| {
            let mark = match finding.level {
                Level::Ok => "ok     ",
                Level::Warning => "warning",
                Level::Error => "ERROR  ",
            };
            let mend = if finding.mend.is_empty() { String::new() } else { format!("\n         → {}", finding.mend) };
            format!("{mark}  {}{mend}", finding.what)
        };
        let text: Vec<String> = self.0.iter().map(line).collect();
        let ok = self.0.iter().all(|finding| finding.level != Level::Error);
        Report { text: text.join("\n"), json: json!({ "ok": ok, "findings": self }), ok }
    }
}
