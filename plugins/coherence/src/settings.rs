//! The settings of a site: which rules are off, and three thresholds.

use afpi_sdk::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use crate::rules::Regle;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Contrôle de cohérence", extend("x-title-en" = "Coherence check"))]
pub struct Settings {
    #[schemars(
        title = "Règles désactivées",
        description = "Leurs anomalies se ferment au contrôle suivant. Une seule anomalie s’accepte plutôt avec un motif.",
        extend(
            "x-title-en" = "Rules switched off",
            "x-description-en" = "Their findings close at the next check. To silence one finding, accept it with a reason instead.",
            "x-widget" = "checklist", "uniqueItems" = true
        )
    )]
    pub regles_desactivees: Vec<Regle>,
    #[schemars(
        title = "Émargement permis avant le début (minutes)",
        description = "Une présence notée plus tôt est une anomalie.",
        range(min = 0, max = 240),
        extend(
            "x-title-en" = "Signing allowed before the beginning (minutes)",
            "x-description-en" = "Attendance that was noted earlier is a finding."
        )
    )]
    pub avance_emargement: u16,
    #[schemars(
        title = "Écart d’heures toléré (minutes)",
        description = "Entre les présences et ce qui est facturé, certifié ou convenu, par stagiaire.",
        range(min = 0, max = 120),
        extend(
            "x-title-en" = "Difference of hours tolerated (minutes)",
            "x-description-en" = "Between attendance and what is billed, certified or agreed, per trainee."
        )
    )]
    pub tolerance_heures: u16,
    #[schemars(
        title = "Le lundi de Pentecôte est travaillé",
        extend("x-title-en" = "Whit Monday is a working day")
    )]
    pub pentecote_travaillee: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            regles_desactivees: Vec::new(),
            avance_emargement: 30,
            tolerance_heures: 5,
            pentecote_travaillee: false,
        }
    }
}

impl Settings {
    /// Is this rule on?
    pub fn has(&self, rule: Regle) -> bool {
        !self.regles_desactivees.contains(&rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_speaks_two_languages() {
        let schema = afpi_sdk::schema::value::<Settings>();
        for field in ["reglesDesactivees", "avanceEmargement", "toleranceHeures", "pentecoteTravaillee"] {
            let field = &schema["properties"][field];
            assert!(field["title"].is_string() && field["x-title-en"].is_string(), "{field}");
        }
    }

    #[test]
    fn empty_settings_are_the_usual_ones() {
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
    }
}
