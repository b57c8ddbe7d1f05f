//! Request bodies for trainers, and their checks.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::identifiants::Phone;
use afpi_core::id::{FormateurId, LocalisationId};
use afpi_http::bounds::{Int, List};
use afpi_http::dates::Window;
use afpi_http::input::{emptied, stated};
use afpi_http::texts::{Email, Line, filled, refilled};

/// `permanent`: employed; `vacataire`: hired for single sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[schema(as = FormateurKind)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    Permanent,
    Vacataire,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A certificate of a skill, with or without an expiry date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Certification {
    #[validate(nested)]
    pub name: Line<120>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = plausible_expiry))]
    pub expires_on: Option<NaiveDate>,
}

/// A certificate may have expired long ago, or may be valid for a whole career.
fn plausible_expiry(day: &NaiveDate) -> Result<(), ValidationError> {
    Window::around_today(50, 50).check(*day)
}

/// Days on which the trainer cannot be booked, both included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = forward))]
pub struct Unavailability {
    #[validate(custom(function = plausible_absence))]
    pub from: NaiveDate,
    #[validate(custom(function = plausible_absence))]
    pub to: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "filled")]
    #[validate(nested)]
    pub reason: Option<Line<200>>,
}

/// The longest period of unavailability, in days.
const MAX_DAYS: i64 = 366;

/// Past absences stay in the list.
fn plausible_absence(day: &NaiveDate) -> Result<(), ValidationError> {
    Window::around_today(10, 5).check(*day)
}

fn forward(stretch: &Unavailability) -> Result<(), ValidationError> {
    let days = (stretch.to - stretch.from).num_days();
    if (0..MAX_DAYS).contains(&days) {
        return Ok(());
    }
    Err(ValidationError::new("range").with_message(
        "La fin doit suivre le début, d'un an au plus.|The end must follow the start, within a year.".into(),
    ))
}

/// Every day of these periods with its reason. Where periods overlap, the first one's reason counts.
pub(super) fn days(stretches: &[Unavailability]) -> BTreeMap<String, Option<String>> {
    let mut days = BTreeMap::new();
    for stretch in stretches {
        let mut day = Some(stretch.from);
        while let Some(today) = day.filter(|d| *d <= stretch.to) {
            days.entry(today.to_string()).or_insert_with(|| stretch.reason.as_deref().map(str::to_owned));
            day = today.checked_add_days(Days::new(1));
        }
    }
    days
}

/// A subject that a trainer can teach.
pub type Skill = Line<80>;
/// All subjects of a trainer.
pub type Skills = List<Skill, 50>;
/// All certificates of a trainer.
pub type Certifications = List<Certification, 50>;
/// All days on which a trainer cannot be booked.
pub type Absences = List<Unavailability, 60>;
/// Cents per hour.
pub type HourlyRate = Int<0, 10_000_000>;

/// A new trainer.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormateurCreate {
    #[validate(nested)]
    pub name: Line<150>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub email: Option<Email>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub phone: Option<Phone>,
    pub kind: Kind,
    #[validate(nested)]
    pub skills: Option<Skills>,
    #[validate(nested)]
    pub certifications: Option<Certifications>,
    #[validate(nested)]
    pub unavailability: Option<Absences>,
    /// Cents per hour.
    #[validate(nested)]
    pub hourly_rate: Option<HourlyRate>,
    /// Marks a trainer of the network: every site may book the trainer and read the name. Default: no.
    pub shared: Option<bool>,
    /// Default: the caller's first localisation.
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
}

/// Changes to a trainer. An absent field stays, `null` clears it.
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FormateurUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<Line<150>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<Email>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "stated")]
    pub kind: Option<Kind>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub skills: Option<Skills>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub certifications: Option<Certifications>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub unavailability: Option<Absences>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<HourlyRate>)]
    pub hourly_rate: Option<Option<HourlyRate>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
    #[serde(deserialize_with = "stated")]
    pub shared: Option<bool>,
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
    /// The trainer who takes over future half-days when this one is deactivated.
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Uuid>)]
    pub successor_id: Option<FormateurId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(from: &str, to: &str, reason: &str) -> Unavailability {
        Unavailability { from: from.parse().unwrap(), to: to.parse().unwrap(), reason: Some(reason.into()) }
    }

    #[test]
    fn a_stretch_covers_both_ends_and_the_first_reason_holds() {
        let days = days(&[stretch("2026-12-30", "2027-01-01", "congés"), stretch("2027-01-01", "2027-01-02", "stage")]);
        let list: Vec<_> = days.iter().map(|(day, reason)| (day.as_str(), reason.as_deref().unwrap())).collect();
        assert_eq!(
            list,
            [("2026-12-30", "congés"), ("2026-12-31", "congés"), ("2027-01-01", "congés"), ("2027-01-02", "stage")]
        );
    }

    #[test]
    fn a_stretch_runs_forward_and_not_for_ever() {
        assert!(stretch("2026-12-30", "2026-12-30", "congés").validate().is_ok());
        assert!(stretch("2026-12-30", "2026-12-29", "").validate().is_err());
        assert!(stretch("2026-01-01", "2027-01-02", "").validate().is_err());
    }
}
