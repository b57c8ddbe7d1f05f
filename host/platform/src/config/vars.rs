//! Where a setting stands: in its variable, or in the file that the variable with `_FILE` at its end names. The file is
//! how containers and services hand over secrets. Whoever reads all settings learns of everything that is wrong.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use anyhow::{Result, anyhow, bail};

use super::names;

/// What is wrong with a setting.
#[derive(Debug)]
pub struct Fault {
    /// The name of the setting.
    pub setting: String,
    /// In words. Names the setting, and never repeats a secret.
    pub message: String,
}

/// The settings, and what is wrong with those that were read.
pub struct Vars {
    values: HashMap<&'static str, String>,
    pub(super) faults: Vec<Fault>,
    /// Names that are no setting, but look like one.
    pub(super) remarks: Vec<String>,
}

impl Vars {
    /// The settings of this process.
    pub fn here() -> Vars {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Vars::of(std::env::vars_os().filter_map(text))
    }

    /// Settings of an environment.
    pub fn of(environment: impl Iterator<Item = (String, String)>) -> Vars {
        let set: HashMap<String, String> =
            environment.map(|(name, value)| (name, value.trim().to_owned())).filter(|(_, v)| !v.is_empty()).collect();
        let mut vars = Vars { values: HashMap::new(), faults: Vec::new(), remarks: Vec::new() };
        for name in set.keys() {
            match names::check(name) {
                Ok(remark) => vars.remarks.extend(remark),
                Err(message) => vars.fault(name, &message),
            }
        }
        for name in names::KNOWN {
            match value(name, set.get(name), set.get(&format!("{name}_FILE"))) {
                Ok(value) => vars.values.extend(value.map(|value| (name, value))),
                Err(error) => vars.fault(name, &error),
            }
        }
        vars.faults.sort_by(|a, b| a.setting.cmp(&b.setting));
        vars
    }

    pub fn get(&self, name: &'static str) -> Option<String> {
        debug_assert!(names::KNOWN.contains(&name), "{name}");
        self.values.get(name).cloned()
    }

    pub(super) fn fault(&mut self, setting: &str, message: &impl fmt::Display) {
        // With its causes.
        self.faults.push(Fault { setting: setting.to_owned(), message: format!("{message:#}") });
    }

    /// What was read of a setting, or this instead of it.
    pub(super) fn or<T>(&mut self, name: &'static str, read: Result<T>, otherwise: T) -> T {
        read.unwrap_or_else(|error| {
            self.fault(name, &error);
            otherwise
        })
    }

    pub(super) fn parsed<T: FromStr>(&self, name: &'static str) -> Result<Option<T>>
    where
        T::Err: fmt::Display,
    {
        self.get(name).map(|v| v.parse().map_err(|e| anyhow!("{name} cannot be read: {e}"))).transpose()
    }

    /// On or off.
    pub(super) fn switch(&self, name: &'static str) -> Result<Option<bool>> {
        Ok(match self.get(name).as_deref() {
            None => None,
            Some("1" | "true") => Some(true),
            Some("0" | "false") => Some(false),
            Some(other) => bail!("{name} must be 1 or 0, not {other}"),
        })
    }
}

/// An empty file is no setting, as an empty variable is none.
fn value(name: &str, direct: Option<&String>, file: Option<&String>) -> Result<Option<String>> {
    let Some(path) = file else { return Ok(direct.cloned()) };
    if direct.is_some() {
        bail!("{name} and {name}_FILE exclude each other: a setting has one value");
    }
    let text = std::fs::read_to_string(path).map_err(|error| anyhow!("{name}_FILE: {path} cannot be read: {error}"))?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(set: &[(&str, &str)]) -> Vars {
        Vars::of(set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn every_setting_may_stand_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("value");
        let file = path.to_str().unwrap();
        for name in names::KNOWN {
            std::fs::write(&path, " a value\n").unwrap();
            let by_file = format!("{name}_FILE");
            let read = vars(&[(&by_file, file)]);
            assert_eq!(read.get(name).as_deref(), Some("a value"), "{name}");
            assert!(read.faults.is_empty() && read.remarks.is_empty(), "{name}: {:?}", read.faults);

            let both = vars(&[(name, "b"), (&by_file, file)]);
            assert_eq!(both.get(name), None);
            assert!(both.faults[0].message.contains("exclude each other"), "{:?}", both.faults);

            std::fs::write(&path, "\n").unwrap();
            assert_eq!(vars(&[(&by_file, file)]).get(name), None, "an empty file is no setting");
        }
        let lost = vars(&[("SMTP_URL_FILE", "/no/such/file")]);
        assert!(lost.faults[0].message.contains("SMTP_URL_FILE: /no/such/file cannot be read"), "{:?}", lost.faults);
        assert_eq!(vars(&[("SMTP_URL_FILE", ""), ("SMTP_URL", "smtp://a")]).get("SMTP_URL").unwrap(), "smtp://a");
    }

    #[test]
    fn a_misspelt_file_is_found_like_a_misspelt_setting() {
        let wrong = vars(&[("AFPI_SECRT_FILE", "/run/secrets/afpi")]);
        assert!(wrong.faults[0].message.contains("did you mean AFPI_SECRET_FILE?"), "{:?}", wrong.faults);
    }
}
