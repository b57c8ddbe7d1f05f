//! What people read for a field that a line of the journal tells.

use afpi_core::text::{Text, text};
use afpi_platform::journal::SubjectKind;

use crate::description::{Kind, Label};

/// Fields of lines that no description of a record has: of roles, plugins, keys, runs, files and sign-ins, and parts of
/// records that are records of their own.
const OTHERS: &[(&str, Label)] = &[
    ("actions", ("Droits", "Rights")),
    ("address", ("Adresse", "Address")),
    ("calls", ("Appels", "Calls")),
    ("columns", ("Colonnes", "Columns")),
    ("config", ("Réglage", "Setting")),
    ("consented", ("Consentement", "Consent")),
    ("contacts", ("Contacts", "Contacts")),
    ("enabled", ("Activé", "Switched on")),
    ("filters", ("Filtre", "Filter")),
    ("left", ("Laissés", "Left out")),
    ("level", ("Confiance", "Trust")),
    ("name", ("Nom", "Name")),
    ("onFailure", ("En cas d'échec", "On failure")),
    ("order", ("Ordre", "Order")),
    ("owners", ("Qui décide", "Who decides")),
    ("period", ("Période", "Period")),
    ("purged", ("Données supprimées", "Data deleted")),
    ("reach", ("Voit", "Sees")),
    ("reason", ("Motif", "Reason")),
    ("rows", ("Lignes", "Rows")),
    ("run", ("Exécution", "Run")),
    ("schedule", ("Planification", "Schedule")),
    ("secrets", ("Secret", "Secret")),
    ("settled", ("Tranchés", "Settled")),
    ("standsOn", ("Repose sur", "Stands on")),
    ("total", ("Total", "Total")),
    ("unavailability", ("Indisponibilités", "Unavailability")),
    ("user", ("Personne", "Person")),
    ("version", ("Version", "Version")),
];

/// The label of the field that this JSON pointer leads to, by what describes records of this kind. A setting keeps its
/// own name behind it. `None` for words of a workflow, which its plugin says.
pub(super) fn label(kind: SubjectKind, pointer: &str) -> Option<Text> {
    let word: &str = kind.into();
    let described = word.parse::<Kind>().ok().and_then(|kind| kind.description().at(pointer));
    if let Some(field) = described {
        return Some(field.text());
    }
    let (first, rest) =
        pointer.trim_start_matches('/').split_once('/').unwrap_or((pointer.trim_start_matches('/'), ""));
    let (_, (fr, en)) = OTHERS.iter().find(|(name, _)| *name == first)?;
    match rest {
        "" => Some(text(*fr, *en)),
        rest => Some(text(format!("{fr} {rest}"), format!("{en} {rest}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_people_call_them() {
        let fr = |kind, pointer| label(kind, pointer).map(|label| label.fr);
        assert_eq!(fr(SubjectKind::Entreprise, "/nafCode").as_deref(), Some("NAF"));
        assert_eq!(fr(SubjectKind::Entreprise, "/contacts").as_deref(), Some("Contacts"));
        assert_eq!(fr(SubjectKind::User, "/roleId").as_deref(), Some("Rôle"));
        assert_eq!(fr(SubjectKind::Role, "/actions").as_deref(), Some("Droits"));
        assert_eq!(fr(SubjectKind::Plugin, "/config/baseUrl").as_deref(), Some("Réglage baseUrl"));
        assert_eq!(fr(SubjectKind::Opportunite, "/devis/signataire"), None);
    }
}
