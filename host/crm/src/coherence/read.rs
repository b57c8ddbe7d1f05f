//! The JSON form of a finding.

use afpi_db::{Conn, Json};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{AnomalieId, LocalisationId, UserId};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{Text, text};
use afpi_platform::localisations::LocalisationRef;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = AnomalieSeverity)]
pub enum Severity {
    /// A funder or a court rejects it.
    Fault,
    /// Somebody should look.
    Warning,
    /// Good to know.
    Notice,
}

impl Severity {
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// What lists sort by: the heaviest has the greatest.
    pub fn rank(self) -> i64 {
        match self {
            Severity::Fault => 3,
            Severity::Warning => 2,
            Severity::Notice => 1,
        }
    }
}

/// A record that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AnomalieSubject)]
pub struct Named {
    /// `opportunite`, `session`, `formateur` or `salle`; `localisation` stands for a session of that site.
    pub kind: String,
    #[schema(value_type = Uuid)]
    pub id: String,
    /// What people call it.
    pub label: String,
}

impl Named {
    pub fn uuid(&self) -> Uuid {
        self.id.parse().unwrap_or_default()
    }
}

/// Something that cannot be right.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Anomalie {
    #[schema(value_type = Uuid)]
    pub id: AnomalieId,
    /// The rule that it breaks, in the plugin's words.
    pub rule: String,
    pub label: Text,
    /// The law, norm or contract that the rule follows from.
    pub source: Text,
    pub severity: Severity,
    pub message: Text,
    /// The record at fault first.
    pub subjects: Vec<Named>,
    /// Pointer into its data; empty: the whole record.
    pub field: String,
    pub localisation: LocalisationRef,
    /// The plugin that found it.
    pub plugin: String,
    pub found_at: Instant,
    /// Of the last audit that has found it.
    pub seen_at: Instant,
    /// Since when it is not found any more.
    pub gone_at: Option<Instant>,
    /// That somebody accepts it.
    pub acceptance: Option<Acceptance>,
}

/// Who accepts a finding, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnomalieAcceptance)]
pub struct Acceptance {
    #[schema(value_type = Uuid)]
    pub by: UserId,
    /// The name of the person.
    pub name: String,
    pub at: Instant,
    pub reason: String,
}

afpi_db::row! {
    #[derive(Debug)]
    pub(super) struct Row {
        pub id: AnomalieId, pub rule: String, pub severity: String, pub severity_rank: i64, pub message_fr: String, pub message_en: String,
        pub subjects: Json<Vec<Named>>, pub field: String, pub plugin_id: String, pub found_at: Instant, pub seen_at: Instant,
        pub gone_at: Option<Instant>, pub accepted_at: Option<Instant>, pub accepted_by: Option<UserId>, pub acceptor: Option<String>,
        pub reason: Option<String>, pub site_id: LocalisationId, pub site_code: String, pub site_name: String, pub label_fr: Option<String>,
        pub label_en: Option<String>, pub source_fr: Option<String>, pub source_en: Option<String>,
    }
}

pub(super) const COLUMNS: &str = "a.id, a.rule, a.severity, a.severity_rank, a.message_fr, a.message_en, a.subjects, a.field, a.plugin_id, a.found_at, a.seen_at, \
     a.gone_at, a.accepted_at, a.accepted_by, u.name AS acceptor, a.reason, l.id AS site_id, l.code AS site_code, l.name AS site_name, r.label_fr, \
     r.label_en, r.source_fr, r.source_en";
pub(super) const JOINS: &str = "JOIN localisations l ON l.id = a.localisation_id LEFT JOIN users u ON u.id = a.accepted_by \
     LEFT JOIN anomalie_regles r ON r.plugin_id = a.plugin_id AND r.rule = a.rule";

pub(super) fn show(row: Row) -> Anomalie {
    let acceptance = match (row.accepted_by, row.accepted_at) {
        (Some(by), Some(at)) => {
            let (name, reason) = (row.acceptor.unwrap_or_default(), row.reason.unwrap_or_default());
            Some(Acceptance { by, name, at, reason })
        }
        _ => None,
    };
    Anomalie {
        id: row.id,
        label: text(row.label_fr.unwrap_or_else(|| row.rule.clone()), row.label_en.unwrap_or_else(|| row.rule.clone())),
        source: text(row.source_fr.unwrap_or_default(), row.source_en.unwrap_or_default()),
        rule: row.rule,
        severity: row.severity.parse().unwrap_or(Severity::Notice),
        message: text(row.message_fr, row.message_en),
        subjects: row.subjects.0,
        field: row.field,
        localisation: LocalisationRef { id: row.site_id, code: row.site_code, name: row.site_name },
        plugin: row.plugin_id,
        found_at: row.found_at,
        seen_at: row.seen_at,
        gone_at: row.gone_at,
        acceptance,
    }
}

/// The finding with this id; 404 outside the scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: AnomalieId) -> Result<Loaded<Row>> {
    let mut query = scope.anomalies(COLUMNS, JOINS);
    query.push(" AND a.id = ?").arg(id);
    query.loaded(conn).await?.ok_or_else(not_found)
}
