//! `afpi check`: everything that is wrong with a configuration, at once. It reads and asks, and changes nothing.

mod parts;

use std::process::ExitCode;

use afpi_platform::config::{Config, Look, Vars};
use serde::Serialize;

/// What was found about a setting or a part.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    /// The name of a setting, or a part.
    pub subject: String,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    Ok,
    Warning,
    /// A part does not answer. The setting may be right.
    Away,
    Error,
}

impl Finding {
    fn new(level: Level, subject: &str, message: impl Into<String>) -> Finding {
        Finding { level, subject: subject.to_owned(), message: message.into() }
    }
}

/// Everything that was found, the worst first.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The worst level.
    pub level: Level,
    pub findings: Vec<Finding>,
}

/// Checks the settings, and asks every part that they name.
pub async fn check(vars: Vars) -> Report {
    let Look { config, faults, remarks } = Config::look(vars);
    let mut findings: Vec<_> =
        faults.into_iter().map(|fault| Finding::new(Level::Error, &fault.setting, fault.message)).collect();
    findings.extend(remarks.into_iter().chain(config.doubts()).map(|remark| {
        // Each begins with the name of its setting.
        let subject = remark.split(' ').next().unwrap_or_default();
        Finding::new(Level::Warning, subject, remark.as_str())
    }));
    parts::ask(&config, &mut findings).await;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Report { level: findings.first().map_or(Level::Ok, |finding| finding.level), findings }
}

impl Report {
    /// 0 when all works, also with warnings; 1 when a setting is wrong; 3 when only a part is away, and waiting may help.
    /// 2 is for a wrong command line.
    pub fn exit_code(&self) -> ExitCode {
        match self.level {
            Level::Ok | Level::Warning => ExitCode::SUCCESS,
            Level::Error => ExitCode::from(1),
            Level::Away => ExitCode::from(3),
        }
    }

    /// A line for each finding: `ok`, `warning`, `away` or `error`, its subject, and what is to be said of it.
    pub fn table(&self) -> String {
        let width = self.findings.iter().map(|finding| finding.subject.len()).max().unwrap_or_default();
        let line = |finding: &Finding| {
            let level: &str = finding.level.into();
            let message = finding.message.strip_prefix(&finding.subject).unwrap_or(&finding.message).trim_start();
            format!("{level:<8} {:<width$} {message}\n", finding.subject)
        };
        self.findings.iter().map(line).collect()
    }
}
