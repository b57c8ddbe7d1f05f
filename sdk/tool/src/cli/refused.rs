//! A host's error in its own words, and how to fix it if this program knows it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use std::fmt;

/// The displayed parts of a problem of RFC 9457.
#[derive(Debug)]
pub struct Refused {
    pub status: u16,
    /// A stable code, e.g. `consent-required`.
    pub code: String,
    words: String,
    fields: Value,
}

impl Refused {
    pub(super) fn new(status: StatusCode, body: &Value) -> Refused {
        let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
        let mut words = vec![text(&body["title"]), text(&body["detail"])];
        let fields = body["fields"].as_array().cloned().unwrap_or_default();
        words.extend(fields.iter().map(|one| format!("{}: {}", text(&one["field"]), text(&one["message"]))));
        words.retain(|word| !word.is_empty());
        if words.is_empty() {
            words.push(status.canonical_reason().unwrap_or("no reason given").to_owned());
        }
        Refused { status: status.as_u16(), code: text(&body["code"]), words: words.join("; "), fields: fields.into() }
    }

    /// The command that fixes the problem.
    pub fn mend(&self) -> Option<&'static str> {
        Some(match self.code.as_str() {
            "unknown-key" => {
                "add the signer's public key to the trusted keys: `afpi plugin trust add KEY.pub`, or in the browser under Extensions → Clés de confiance"
            }
            "revoked-key" => "sign it with another key, or trust this key again: `afpi plugin trust add KEY.pub`",
            "unsigned" => "sign it: `afpi plugin pack --key FILE`",
            "version-taken" | "downgrade" => "raise `version` in plugin.toml and pack it again",
            _ => match self.status {
                401 => "sign in with AFPI_EMAIL and AFPI_PASSWORD, or with a new AFPI_TOKEN",
                403 => "this account lacks the right; an administrator's account has it",
                412 => "another person changed it in the meantime: try again",
                _ => return None,
            },
        })
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        json!({ "status": self.status, "code": self.code, "message": self.words, "fields": self.fields })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = if self.code.is_empty() { String::new() } else { format!(" {}", self.code) };
        write!(f, "the host refuses ({}{code}): {}", self.status, self.words)?;
        self.mend().map_or(Ok(()), |mend| write!(f, "\n  → {mend}"))
    }
}

impl std::error::Error for Refused {}
