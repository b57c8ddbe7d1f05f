//! The fields of targets.

use super::store::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const PERIODS: &[(&str, (&str, &str))] =
    &[("month", ("Mois", "Month")), ("quarter", ("Trimestre", "Quarter")), ("year", ("Année", "Year"))];

pub const METRIC: Field =
    Field::new("metric", "j.metric", Shape::PluginWord, "Indicateur", "Metric").sorted(SortKind::Text);
pub const PERIOD_KIND: Field =
    Field::new("period.kind", "j.period_kind", Shape::Word(PERIODS), "Période", "Period").hidden();
pub const FIRST_DAY: Field = Field::new("period.first", "j.first_day", Shape::Day, "Premier jour", "First day")
    .sorted_by("period", "j.first_day", SortKind::Text);
pub const LAST_DAY: Field = Field::new("period.last", "j.last_day", Shape::Day, "Dernier jour", "Last day");
pub const TARGET: Field = Field::new("target", "j.target", Shape::Count, "Objectif", "Target");
pub const USER: Field = Field::new("userId", "j.user_id", Shape::Reference, "Personne", "Person").shows("user.name");
pub const LOCALISATION: Field =
    Field::new("localisationId", "j.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const ACTUAL: Field = Field::new("actual", "", Shape::Count, "Réalisé", "Reached").in_lists();
pub const CREATED_AT: Field =
    Field::new("createdAt", "j.created_at", Shape::Instant, "Créé le", "Created").sorted(SortKind::Int).hidden();

/// Targets.
pub const OBJECTIFS: Description = Description {
    kind: Kind::Objectif,
    label: ("Objectifs", "Targets"),
    fields: &[METRIC, PERIOD_KIND, FIRST_DAY, LAST_DAY, TARGET, USER, LOCALISATION, ACTUAL, CREATED_AT],
    columns: Columns {
        id: "j.id",
        found_as: "j.id",
        site: "j.localisation_id",
        label: "j.metric",
        version: "j.version",
        created_at: "j.created_at",
        updated_at: "j.created_at",
    },
    search: &[],
    select: |scope, columns| scope.objectifs(columns, JOINS),
};
