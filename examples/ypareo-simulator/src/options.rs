//! The options of the simulator and its misbehaviour, with the same names at start and at run time through `/_control`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

/// All options of a simulated instance. Only `listen` and `prefix` are fixed once it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    pub listen: SocketAddr,
    /// Prefix of the routes, without a slash at the end.
    pub prefix: String,
    /// The expected `X-Auth-Token`.
    pub token: String,
    /// The same seed always invents the same people and companies.
    pub seed: u64,
    pub companies: u32,
    pub apprentices: u32,
    pub profile: Profile,
    /// Endpoints that the token may not use, as routes (`entreprises/{code}/interlocuteurs`).
    pub denied: BTreeSet<String>,
    /// Sites that the token is limited to, where records belong to sites. Absent: all.
    pub only_sites: Option<BTreeSet<u64>>,
    pub misbehave: Vec<Rule>,
    /// Faults of the data; each affects about one company in twenty.
    pub faults: BTreeSet<Fault>,
    /// Companies (by code) whose `plusUtilise` is 1.
    pub archived: BTreeSet<u64>,
    /// Companies (by code) that are missing at present.
    pub vanished: BTreeSet<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            prefix: "/index.php/r/v1".into(),
            token: "jeton-de-demonstration-0123456789abcdef".into(),
            seed: 2026,
            companies: 200,
            apprentices: 120,
            profile: Profile::default(),
            denied: BTreeSet::new(),
            only_sites: None,
            misbehave: Vec::new(),
            faults: BTreeSet::new(),
            archived: BTreeSet::new(),
            vanished: BTreeSet::new(),
        }
    }
}

/// Legitimate differences between instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Profile {
    pub container: Container,
    pub empty: Empty,
    /// 401 or 403 for a wrong token and for a forbidden endpoint: sources disagree.
    pub refusal: u16,
    pub unknown: Unknown,
    /// Serves data that no public source shows: the body of an `interlocuteur`, and every field of an `entreprise`
    /// beyond code, name and SIRET (address, NAF, head count, `codeSite`, `plusUtilise`, `dateModification`).
    pub hypothetical: bool,
    /// Added to every code: codes belong to an instance.
    pub code_offset: u64,
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            container: Container::ByPosition,
            empty: Empty::List,
            refusal: 403,
            unknown: Unknown::NotFound,
            hypothetical: false,
            code_offset: 0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// `{"0": {…}, "1": {…}}`
    ByPosition,
    /// `{"1007": {…}}`
    ByCode,
    Array,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empty {
    List,
    Object,
}

/// The answer for an unknown code on a known route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    NotFound,
    /// 200 with an empty body.
    EmptyOk,
}

/// A misbehaviour, on one endpoint or on all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// The route as in the field sheet, `entreprises/{code}/interlocuteurs`, or `*`.
    pub on: String,
    pub how: How,
    /// How many times. Absent: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Only on every n-th request of that endpoint (`200`: one contact call in two hundred fails).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
}

impl Rule {
    /// On every request, for ever.
    pub fn new(on: &str, how: How) -> Self {
        Rule { on: on.into(), how, times: None, every: None }
    }

    pub fn times(self, times: u32) -> Self {
        Rule { times: Some(times), ..self }
    }

    pub fn every(self, every: u32) -> Self {
        Rule { every: Some(every), ..self }
    }
}

/// The kinds of faulty answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// As if the token were wrong.
    Refused,
    /// A filter in front, or a wrong path: an HTML page in windows-1252.
    HtmlForbidden,
    HtmlNotFound,
    /// Any status with a text body, e.g. 503.
    Status(u16),
    /// Answers after this many milliseconds. A write has happened by then.
    Slow(u64),
    /// The connection breaks after about this many bytes.
    CutMidway(usize),
    /// The body ends properly after about this many bytes.
    TruncatedJson(usize),
    EmptyBody,
    HtmlOk,
    /// 200 with `{"error": "…"}`.
    ErrorObject,
    Windows1252,
    /// The list is suddenly empty.
    EmptyList,
    /// Only this many records of the list.
    FarShorter(usize),
    /// Array for object, object for array.
    ContainerFlip,
    /// 200 with an error text, where a write returns a bare number.
    TextOk,
}

/// Faults of some records of the company list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    CodesAsTexts,
    ValuesNull,
    ValuesEmpty,
    ValuesZero,
    ValuesMissing,
    DuplicateSiret,
    SiretMissing,
    SiretSpaced,
    SiretShort,
    SiretWrongKey,
    Foreign,
    DuplicateRow,
    /// The first record is a placeholder with code 0.
    Placeholder,
    BadDate,
    ShortPostcode,
    UnknownFields,
    NoName,
    /// With the number of its delivery office, as for many companies.
    Cedex,
    /// An invalid postcode: three digits.
    BadPostcode,
}
