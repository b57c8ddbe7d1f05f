//! What a plugin says about itself before it ever runs: identity, kind, wanted capabilities, limits. Knows neither
//! engine nor host.
//!
//! Authors write it as `plugin.toml`; `afpi plugin pack` checks it and embeds it as JSON in the component's custom
//! section [`SECTION`], so that a plugin is one file and nothing has to be executed to read what it asks for. An icon
//! ([`ICON_SECTION`]) may follow, and a signature ([`SIGNATURE_SECTION`]) over everything, always last.

mod capability;
mod demand;
mod facet;
mod icon;
mod query;
mod schedule;
mod section;
mod signature;
mod templates;
mod validate;
mod walk;

pub use capability::{Capabilities, Capability, HttpRequest, JobsRequest, KvRequest, RecordKind, SecretRequest};
pub use demand::Demand;
pub use facet::{Export, Facet};
pub use icon::{ICON_SECTION, IconError, MAX_ICON_BYTES, check_icon, embed_icon, icon};
pub use query::{MAX_QUERY_FIELDS, QueryKind, QueryRequest};
pub use schedule::{MAX_SCHEDULES, Schedule};
pub use section::{MAX_MANIFEST_BYTES, SECTION, SectionError, bare, embed, extract, unsigned};
pub use semver::Version;
pub use signature::{KeyError, KeyId, PrivateKey, PublicKey, SIGNATURE_SECTION, SignatureError, Signed, sign, verify};
pub use templates::{MAX_TEMPLATES_BYTES, TEMPLATES_SECTION, embed_templates, templates};

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

/// The largest packed plugin a host takes, in bytes: a database packet takes it with room to spare.
pub const MAX_PLUGIN_BYTES: usize = 12 << 20;
/// The most memory a manifest may ask for, in MiB.
pub const MAX_MEMORY_MIB: u32 = 256;
/// The most time one call may ask for, in milliseconds.
pub const MAX_CALL_MS: u32 = 120_000;

/// A text for people in the two languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub fr: String,
    pub en: String,
}

/// Which world the component targets: `workflow` is `afpi:plugin/workflow-plugin`, and so on.
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
    strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    Workflow,
    Objectives,
    Notifier,
    Connector,
    Hook,
    /// Nothing but its facets.
    App,
}

impl Kind {
    /// The word used in manifests and in the HTTP API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The interface of `afpi:plugin` that plugins of this kind export, if it has one.
    pub fn interface(self) -> Option<&'static str> {
        (self != Kind::App).then(|| self.as_str())
    }

    /// Name of the world in `afpi:plugin`.
    pub fn world(self) -> &'static str {
        match self {
            Kind::Workflow => "workflow-plugin",
            Kind::Objectives => "objectives-plugin",
            Kind::Notifier => "notifier-plugin",
            Kind::Connector => "connector-plugin",
            Kind::Hook => "hook-plugin",
            Kind::App => "app-plugin",
        }
    }

    /// The most a plugin of this kind can be granted: the imports of its world beyond log, context and config. Workflows
    /// and objectives decide and calculate, so that each of their calls can be made again: they get nothing.
    pub fn grantable(self) -> &'static [Capability] {
        match self {
            Kind::Workflow | Kind::Objectives => &[],
            Kind::Notifier | Kind::Connector | Kind::Hook | Kind::App => Capability::VARIANTS,
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What becomes of a change when a hook that should have judged it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::EnumString)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum OnFailure {
    /// It passes.
    Open,
    /// It is refused.
    #[default]
    Closed,
}

/// What one call may use; absent values take the host's defaults for the kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limits {
    /// Linear memory and tables together, at most [`MAX_MEMORY_MIB`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// Wall time of one call, at most [`MAX_CALL_MS`]; the host caps it further for pure kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_ms: Option<u32>,
}

/// `[data-migration]`: there is nothing to say about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataMigration {}

/// `[documents]`: there is nothing to say about it. The templates are a section of the packed file ([`templates`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {}

/// `[lookup]`: there is nothing to say about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {}

/// `[auditor]`: there is nothing to say about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auditor {}

/// The manifest. Unknown keys are refused, so that a misspelt wish is an error and not a silent refusal at run time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// `[a-z][a-z0-9-]*`, at most 40 characters; never changes over the life of a plugin.
    pub id: String,
    pub name: Text,
    pub description: Text,
    pub kind: Kind,
    pub version: Version,
    /// SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Hooks only; `closed` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<OnFailure>,
    #[serde(default)]
    pub limits: Limits,
    /// Work that comes round; needs the capability `jobs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    /// It carries section documents from one of its versions to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_migration: Option<DataMigration>,
    /// It says which documents there are and what stands in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<Documents>,
    /// It finds companies in a directory elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// It finds what cannot be right in the records of its site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auditor: Option<Auditor>,
    /// Version of the packing tool; stamped by it, never written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed_by: Option<Version>,
}

impl Manifest {
    /// Reads and checks the JSON form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Manifest = serde_json::from_slice(bytes)?;
        manifest.validate()?;
        Ok(manifest)
    }

    /// What serde cannot say; see the source for the rules. The first broken one is named.
    pub fn validate(&self) -> Result<(), ManifestError> {
        validate::manifest(self)
    }
}

/// Why a manifest is refused.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("the manifest cannot be read: {0}")]
    Syntax(#[from] serde_json::Error),
    /// A field and what is wrong with it.
    #[error("manifest field `{field}`: {problem}")]
    Field { field: String, problem: String },
}
