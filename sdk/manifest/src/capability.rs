//! The capabilities a manifest can ask for and the sentences an admin reads about them: the one place that words them.

use crate::{QueryRequest, Text};
use serde::{Deserialize, Serialize};

/// One grantable thing. The word is the same in grants, in metrics and in the HTTP API.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Capability {
    HttpClient,
    /// A second grant on top of `http-client`: addresses inside the network.
    PrivateRanges,
    Secrets,
    Kv,
    RecordsRead,
    RecordsQuery,
    Jobs,
    Events,
    Clock,
    Random,
    Metrics,
}

impl Capability {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What granting it means, as an admin reads it.
    pub fn sentence(self) -> Text {
        let (fr, en) = match self {
            Capability::HttpClient => ("Appelle les adresses web déclarées.", "Calls the declared web addresses."),
            Capability::PrivateRanges => {
                ("Atteint aussi des adresses internes à votre réseau.", "Also reaches addresses inside your network.")
            }
            Capability::Secrets => (
                "Utilise des secrets saisis par un administrateur, sans jamais les lire.",
                "Uses secrets an administrator has entered, without ever reading them.",
            ),
            Capability::Kv => ("Conserve ses propres notes, par site.", "Keeps notes of its own, per site."),
            Capability::RecordsRead => (
                "Lit les opportunités et les entreprises de son site, des sortes déclarées.",
                "Reads the opportunités and companies of its site, of the declared kinds.",
            ),
            Capability::RecordsQuery => {
                ("Lit les données déclarées des fiches de son site.", "Reads the declared data of its site’s records.")
            }
            Capability::Jobs => {
                ("Se programme des traitements pour plus tard.", "Schedules work of its own for later.")
            }
            Capability::Events => (
                "Annonce des événements auxquels d’autres extensions peuvent réagir.",
                "Announces events that other plugins may react to.",
            ),
            Capability::Clock => ("Connaît la date et l’heure.", "Knows what time it is."),
            Capability::Random => ("Tire des nombres au hasard.", "Draws random numbers."),
            Capability::Metrics => ("Publie des chiffres pour l’exploitation.", "Publishes figures for operations."),
        };
        Text { fr: fr.into(), en: en.into() }
    }
}

impl std::fmt::Display for Capability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Everything a plugin asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Capabilities {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpRequest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv: Option<KvRequest>,
    /// Kinds of records it reads on its site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordKind>,
    /// Kinds of records it queries, each with the fields it sees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records_query: Vec<QueryRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<JobsRequest>,
    /// Names of the events it announces: `[a-z][a-z0-9-]*`, at most 32. Heard as `plugin.<id>.<name>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Names of the counters and gauges it publishes: `[a-z][a-z0-9_]*`, at most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    #[serde(default)]
    pub clock: bool,
    #[serde(default)]
    pub random: bool,
}

/// `[capabilities.http]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HttpRequest {
    /// Origins such as `https://api.example.fr` (scheme, host and port all count), or `config:<field>` for the origin
    /// of the address an admin put in that text field of the settings.
    pub hosts: Vec<String>,
    /// Addresses inside the network (RFC 1918, loopback, unique local, carrier-grade NAT) are wanted too. Link-local
    /// and other special ranges are never reached.
    #[serde(default)]
    pub private_ranges: bool,
}

/// `[[capabilities.secrets]]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecretRequest {
    /// `[a-z][a-z0-9-]*`, at most 40 characters.
    pub name: String,
    pub label: Text,
}

/// `[capabilities.kv]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KvRequest {
    /// At most 10 000.
    #[serde(default = "KvRequest::default_keys")]
    pub quota_keys: u32,
    /// Keys and values together; at most 64 MiB.
    #[serde(default = "KvRequest::default_bytes")]
    pub quota_bytes: u64,
}

impl KvRequest {
    fn default_keys() -> u32 {
        1_000
    }

    fn default_bytes() -> u64 {
        1 << 20
    }
}

/// A kind of record that `records-read` can be granted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RecordKind {
    Opportunites,
    Entreprises,
}

impl RecordKind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// `[capabilities.jobs]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct JobsRequest {
    /// Jobs that may wait at the same time on one site; at most 10 000.
    #[serde(default = "JobsRequest::default_waiting")]
    pub quota_waiting: u32,
}

impl JobsRequest {
    fn default_waiting() -> u32 {
        100
    }
}

impl Capabilities {
    /// Is this capability asked for?
    pub fn wants(&self, capability: Capability) -> bool {
        match capability {
            Capability::HttpClient => self.http.is_some(),
            Capability::PrivateRanges => self.http.as_ref().is_some_and(|http| http.private_ranges),
            Capability::Secrets => !self.secrets.is_empty(),
            Capability::Kv => self.kv.is_some(),
            Capability::RecordsRead => !self.records.is_empty(),
            Capability::RecordsQuery => !self.records_query.is_empty(),
            Capability::Jobs => self.jobs.is_some(),
            Capability::Events => !self.events.is_empty(),
            Capability::Clock => self.clock,
            Capability::Random => self.random,
            Capability::Metrics => !self.metrics.is_empty(),
        }
    }

    /// What a capability is about, by name.
    pub(crate) fn params(&self, capability: Capability) -> Vec<String> {
        match capability {
            Capability::HttpClient => self.http.iter().flat_map(|http| http.hosts.clone()).collect(),
            Capability::Secrets => self.secrets.iter().map(|secret| secret.name.clone()).collect(),
            Capability::RecordsRead => self.records.iter().map(|kind| kind.as_str().to_owned()).collect(),
            Capability::Events => self.events.clone(),
            Capability::Metrics => self.metrics.clone(),
            Capability::PrivateRanges
            | Capability::Kv
            | Capability::RecordsQuery
            | Capability::Jobs
            | Capability::Clock
            | Capability::Random => Vec::new(),
        }
    }
}
