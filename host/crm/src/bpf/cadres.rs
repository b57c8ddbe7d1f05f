//! The frames as data, and `GET /api/bpf/nomenclature`: the words that a session may have.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

use afpi_core::text::Text;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::texts::Exact;
use afpi_platform::auth::caller::Caller;

/// What a training leads to (frame F3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = SessionObjectif)]
pub enum Objectif {
    /// Registered in the RNCP, by level.
    #[serde(rename = "rncp_6_8")]
    #[strum(serialize = "rncp_6_8")]
    Rncp6To8,
    #[serde(rename = "rncp_5")]
    #[strum(serialize = "rncp_5")]
    Rncp5,
    #[serde(rename = "rncp_4")]
    #[strum(serialize = "rncp_4")]
    Rncp4,
    #[serde(rename = "rncp_3")]
    #[strum(serialize = "rncp_3")]
    Rncp3,
    #[serde(rename = "rncp_2")]
    #[strum(serialize = "rncp_2")]
    Rncp2,
    /// A CQP in the RNCP without a level.
    RncpCqp,
    /// Registered in the Répertoire spécifique.
    Rs,
    /// A CQP in neither register.
    Cqp,
    /// Other vocational training.
    Autre,
    /// A skills assessment.
    Bilan,
    /// Support for the recognition of prior learning.
    Vae,
}

impl Objectif {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl afpi_db::Newtype for Objectif {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}

/// The three digits of a group of the « nomenclature des spécialités de formation » (frame F4).
pub type Specialite = Exact<3, 3>;

/// 422 for a code that the nomenclature does not have.
pub fn known(code: &Specialite) -> Result<(), ValidationError> {
    if cadres().specialites.contains_key(&**code) {
        return Ok(());
    }
    Err(ValidationError::new("unknown")
        .with_message("Ce code n'est pas dans la nomenclature.|This code is not in the nomenclature.".into()))
}

/// A line of a frame.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ligne {
    /// E.g. `C2h`.
    pub ligne: String,
    pub words: Vec<String>,
    /// Kinds of opportunités; empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    pub label: Text,
}

impl Ligne {
    fn takes(&self, word: &str, kind: &str) -> bool {
        self.words.iter().any(|known| known == word) && (self.kinds.is_empty() || self.kinds.iter().any(|k| k == kind))
    }
}

/// A line that the CRM cannot fill.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BpfAilleurs)]
pub struct Ailleurs {
    pub ligne: String,
    pub label: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cadres {
    pub produits: Vec<Ligne>,
    pub formateurs: Vec<Ligne>,
    pub stagiaires: Vec<Ligne>,
    pub objectifs: Vec<Ligne>,
    pub ailleurs: Vec<Ailleurs>,
    pub specialites: BTreeMap<String, String>,
}

static CADRES: LazyLock<Cadres> =
    LazyLock::new(|| toml::from_str(include_str!("cadres.toml")).expect("a test reads the data of the program"));

pub fn cadres() -> &'static Cadres {
    &CADRES
}

/// The place in a frame of the first line that takes this word. `None` when no line does.
pub fn place(lines: &[Ligne], word: &str, kind: &str) -> Option<usize> {
    lines.iter().position(|line| line.takes(word, kind))
}

/// What a session may lead to, and what it may be about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BpfNomenclature)]
pub struct Nomenclature {
    objectifs: Vec<Choice>,
    specialites: Vec<Choice>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BpfChoice)]
struct Choice {
    code: String,
    label: Text,
}

/// The objectives and specialities of sessions, for the « bilan pédagogique et financier ».
#[utoipa::path(get, path = "/nomenclature", operation_id = "getBpfNomenclature", tag = "bpf",
    responses((status = 200, body = Nomenclature), (status = 401, body = ProblemBody)))]
pub(super) async fn nomenclature(_: Caller) -> ApiResult<Json<Nomenclature>> {
    let objectifs = cadres()
        .objectifs
        .iter()
        .flat_map(|line| line.words.iter().map(|word| Choice { code: word.clone(), label: line.label.clone() }));
    let specialites = cadres().specialites.iter().map(|(code, name)| Choice {
        code: code.clone(),
        // The State names them in French only.
        label: Text { fr: name.clone(), en: name.clone() },
    });
    Ok(Json(Nomenclature { objectifs: objectifs.collect(), specialites: specialites.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stagiaires::Status;
    use strum::VariantArray;

    #[test]
    fn every_word_of_the_crm_has_its_line() {
        let Cadres { stagiaires, objectifs, formateurs, specialites, .. } = cadres();
        for status in Status::VARIANTS {
            assert!(place(stagiaires, status.as_str(), "").is_some(), "{status:?}");
        }
        for kind in ["permanent", "vacataire"] {
            assert!(place(formateurs, kind, "").is_some(), "{kind}");
        }
        for line in objectifs {
            for word in &line.words {
                let known: Objectif = word.parse().unwrap();
                assert_eq!(known.as_str(), word);
                assert_eq!(serde_json::to_value(known).unwrap(), word.as_str());
            }
        }
        assert!(specialites.keys().all(|code| code.len() == 3 && code.chars().all(|c| c.is_ascii_digit())));
    }

    #[test]
    fn the_kind_of_the_opportunite_decides_between_two_lines_of_a_payer() {
        let lines = &cadres().produits;
        let line = |word, kind| place(lines, word, kind).map(|at| lines[at].ligne.as_str());
        assert_eq!(line("opco", "alternance"), Some("C2a"));
        assert_eq!(line("opco", "intra-entreprise"), Some("C2h"));
        assert_eq!(line("mecene", "intra-entreprise"), None);
    }
}
