//! The table of metrics: ids, labels, units, and whether a target can be set.

use afpi_sdk::objectives::{Metric, Text, Unit};

/// One metric.
pub struct Row {
    pub id: &'static str,
    fr: &'static str,
    en: &'static str,
    unit: Unit,
    targetable: bool,
    /// Whether the metric grows day by day over a period, so that the current pace predicts the end.
    pub grows: bool,
}

macro_rules! metrics {
    ($($name:ident = $id:literal, $fr:literal, $en:literal, $unit:ident $(, $word:ident)*;)*) => {
        $(pub const $name: &str = $id;)*

        /// In display order.
        pub static TABLE: &[Row] = &[$(Row {
            id: $id, fr: $fr, en: $en, unit: Unit::$unit,
            targetable: false $(|| metrics!(@targetable $word))*,
            grows: false $(|| metrics!(@grows $word))*,
        },)*];
    };
    (@targetable target) => { true };
    (@targetable grows) => { false };
    (@grows target) => { false };
    (@grows grows) => { true };
}

metrics! {
    CA_SIGNE = "ca_signe", "CA signé (HT)", "Revenue signed (excl. VAT)", Money, target, grows;
    CA_FACTURE = "ca_facture", "CA facturé (HT)", "Revenue invoiced (excl. VAT)", Money, target, grows;
    CA_ENCAISSE = "ca_encaisse", "Encaissements (TTC)", "Cash received (incl. VAT)", Money, target, grows;
    NB_OPPORTUNITES = "nb_opportunites", "Opportunités créées", "Opportunities created", Count, target, grows;
    TAUX_TRANSFORMATION = "taux_transformation", "Taux de transformation", "Win rate", Percent, target;
    TAUX_ACCEPTATION_DEVIS = "taux_acceptation_devis", "Taux d’acceptation des devis", "Quote acceptance rate", Percent, target;
    PANIER_MOYEN = "panier_moyen", "Panier moyen (HT)", "Average deal (excl. VAT)", Money, target;
    PIPELINE = "pipeline", "Pipeline (HT)", "Pipeline (excl. VAT)", Money, target;
    PIPELINE_PONDERE = "pipeline_pondere", "Pipeline pondéré (HT)", "Weighted pipeline (excl. VAT)", Money, target;
    DELAI_SECTION = "delai_section", "Délai médian par section", "Median time per section", Hours;
    DELAI_SECTION_P90 = "delai_section_p90", "Délai par section (9 dossiers sur 10)", "Time per section (90th percentile)", Hours;
    PART_DANS_DELAI = "part_dans_delai", "Part traitée à temps", "Share handled in time", Percent;
    RETOURS = "retours", "Retours à l’étape précédente", "Returns to the step before", Count;
}

/// The table in the form of the contract.
pub fn all() -> Vec<Metric> {
    let metric = |row: &Row| Metric {
        id: row.id.into(),
        label: Text::new(row.fr, row.en),
        unit: row.unit,
        targetable: row.targetable,
    };
    TABLE.iter().map(metric).collect()
}

/// Tells whether this metric grows day by day.
pub fn grows(id: &str) -> bool {
    TABLE.iter().any(|row| row.id == id && row.grows)
}
