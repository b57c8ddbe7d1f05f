//! What people read for a field that a line of the journal tells.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use afpi_db::Conn;
use serde_json::Value;

use super::list::Row;
use afpi_core::id::LocalisationId;
use afpi_core::text::{Text, text};
use afpi_platform::journal::SubjectKind;
use afpi_platform::plugins::labels::Labels as Words;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

use crate::description::{Kind, Label};
use crate::opportunites::historique::HistoriqueLabels;

/// Fields of lines that no description of a record has: of roles, plugins, keys, runs, files and sign-ins, and parts of
/// records that are records of their own.
const OTHERS: &[(&str, Label)] = &[
    ("absence", ("Absence", "Absence")),
    ("access", ("Accès", "How to come")),
    ("actions", ("Droits", "Rights")),
    ("address", ("Adresse", "Address")),
    ("anomalyAccepted", ("Anomalie acceptée", "Accepted finding")),
    ("attachment", ("Pièce jointe", "Attachment")),
    ("attachmentExpiry", ("Validité de la pièce jointe", "Validity of the attachment")),
    ("attachmentPlace", ("Place de la pièce jointe", "Place of the attachment")),
    ("attachments", ("Pièces jointes", "Attachments")),
    ("attachmentSha256", ("Empreinte de la pièce jointe", "Hash of the attachment")),
    ("automatic", ("Effacement automatique", "Erased by itself")),
    ("attendance", ("Présence", "Attendance")),
    ("bank", ("Banque", "Bank")),
    ("bic", ("BIC", "BIC")),
    ("active", ("Actif", "Active")),
    ("accounts", ("Comptes", "Accounts")),
    ("calendar", ("Adresse de calendrier", "Calendar address")),
    ("calls", ("Appels", "Calls")),
    ("capital", ("Capital", "Capital")),
    ("city", ("Ville", "Town")),
    ("colour", ("Couleur", "Colour")),
    ("finding", ("Trouvé par l'antivirus", "Found by the virus scanner")),
    ("columns", ("Colonnes", "Columns")),
    ("config", ("Réglage", "Setting")),
    ("consented", ("Consentement", "Consent")),
    ("conservation", ("Durée de conservation écoulée", "Kept long enough")),
    ("contacts", ("Contacts", "Contacts")),
    ("email", ("E-mail", "E-mail")),
    ("deputy", ("Remplaçant", "Deputy")),
    ("dispute", ("Litige", "Dispute")),
    ("document", ("Document", "Document")),
    ("documentMailed", ("Envoi demandé", "Mail asked for")),
    ("documentRefused", ("E-mail refusé", "Mail refused")),
    ("documentSent", ("E-mail envoyé", "Mail sent")),
    ("enabled", ("Activé", "Switched on")),
    ("events", ("Événements", "Events")),
    ("expiresOn", ("Expire le", "Expires on")),
    ("filters", ("Filtre", "Filter")),
    ("footer", ("Pied de page", "Footer")),
    ("iban", ("IBAN", "IBAN")),
    ("left", ("Laissés", "Left out")),
    ("link", ("Lien", "Link")),
    ("notDuplicate", ("N’est pas un doublon de", "No duplicate of")),
    ("courriel", ("Courriel", "Mail")),
    ("note", ("Note", "Note")),
    ("tache", ("Tâche", "Task")),
    ("tacheDone", ("Tâche faite", "Task done")),
    ("legalForm", ("Forme juridique", "Legal form")),
    ("level", ("Confiance", "Trust")),
    ("line1", ("Adresse", "Address")),
    ("line2", ("Complément d'adresse", "Address, second line")),
    ("logo", ("Logo", "Logo")),
    ("mailClosingEn", ("Fin des e-mails en anglais", "End of mails in English")),
    ("mailClosingFr", ("Fin des e-mails en français", "End of mails in French")),
    ("merged", ("Fiche absorbée", "Record absorbed")),
    ("mergedInto", ("Fusionnée dans", "Merged into")),
    ("mediator", ("Médiateur", "Mediator")),
    ("name", ("Nom", "Name")),
    ("networks", ("Réseaux", "Networks")),
    ("nda", ("Numéro de déclaration d'activité", "Declaration number")),
    ("ndaRegion", ("Région de la déclaration", "Region of the declaration")),
    ("onFailure", ("En cas d'échec", "On failure")),
    ("opportunites", ("Opportunité", "Opportunité")),
    ("order", ("Ordre", "Order")),
    ("owners", ("Qui décide", "Who decides")),
    ("paymentDays", ("Délai de paiement (jours)", "Days to pay")),
    ("paymentTerms", ("Conditions de paiement", "Payment terms")),
    ("pedagogicalContact", ("Contact pédagogique", "Pedagogical contact")),
    ("penaltyRate", ("Taux de pénalité", "Penalty rate")),
    ("period", ("Période", "Period")),
    ("personalData", ("Données personnelles", "Personal data")),
    ("phone", ("Téléphone", "Phone")),
    ("postcode", ("Code postal", "Postcode")),
    ("preuves", ("Dossier de preuve", "Evidence")),
    ("purged", ("Données supprimées", "Data deleted")),
    ("rcs", ("RCS", "Trade register")),
    ("reach", ("Voit", "Sees")),
    ("reason", ("Motif", "Reason")),
    ("referentEmail", ("Référent handicap : e-mail", "Disability referent: e-mail")),
    ("referentName", ("Référent handicap", "Disability referent")),
    ("referentPhone", ("Référent handicap : téléphone", "Disability referent: phone")),
    ("relance", ("Relance", "Reminder")),
    ("relanceSteps", ("Étapes de relance", "Steps of reminders")),
    ("remote", ("À distance", "Remote")),
    ("roleId", ("Rôle", "Role")),
    ("rows", ("Lignes", "Rows")),
    ("rulesVersion", ("Version du règlement intérieur", "Version of the house rules")),
    ("run", ("Exécution", "Run")),
    ("schedule", ("Planification", "Schedule")),
    ("requiresSecondFactor", ("Second facteur exigé", "Second factor required")),
    ("secondFactor", ("Second facteur", "Second factor")),
    ("secrets", ("Secret", "Secret")),
    ("scopes", ("Portées", "Scopes")),
    ("sessions", ("Session", "Session")),
    ("settled", ("Tranchés", "Settled")),
    ("sha256", ("Empreinte SHA-256", "SHA-256")),
    ("signedCopy", ("Exemplaire signé", "Signed copy")),
    ("signatoryName", ("Signataire", "Signatory")),
    ("signatoryQuality", ("Qualité du signataire", "Signatory's quality")),
    ("siren", ("SIREN", "SIREN")),
    ("siret", ("SIRET", "SIRET")),
    ("sites", ("Sites", "Sites")),
    ("standsOn", ("Repose sur", "Stands on")),
    ("times", ("Horaires", "Times")),
    ("total", ("Total", "Total")),
    ("unavailability", ("Indisponibilités", "Unavailability")),
    ("url", ("Adresse", "Address")),
    ("user", ("Personne", "Person")),
    ("vatNumber", ("Numéro de TVA", "VAT number")),
    ("version", ("Version", "Version")),
    ("website", ("Site web", "Website")),
    ("years", ("Durée (années)", "Time (years)")),
];

/// What people call the fields and words of a page's lines.
pub(super) struct Labels {
    /// The running workflows of the sites. They name the fields of section documents.
    workflows: HashMap<LocalisationId, Arc<Definition>>,
    /// The stored words of each plugin that decided.
    words: HashMap<String, Words>,
}

impl Labels {
    /// A site without a workflow, or whose workflow fails, has labels for the host's own fields only. Gives the
    /// connection back before a workflow is asked for its forms.
    pub async fn of(app: &App, mut conn: Conn, rows: &[Row]) -> afpi_db::Result<Labels> {
        let mut words = HashMap::new();
        for row in rows.iter().filter(|row| row.transition.is_some() || row.target.is_some()) {
            if !words.contains_key(&row.plugin_id) {
                words.insert(row.plugin_id.clone(), Words::of(&mut conn, &row.plugin_id).await?);
            }
        }
        drop(conn);
        let sites: BTreeSet<LocalisationId> = rows.iter().filter_map(|row| row.site_id).collect();
        let mut workflows = HashMap::new();
        for site in sites {
            if let Ok((_, definition)) = app.plugins.workflow(site).await {
                workflows.insert(site, definition);
            }
        }
        Ok(Labels { workflows, words })
    }

    /// The labels of the words of a line: its transition, source and target.
    pub fn words(&self, row: &Row) -> HistoriqueLabels {
        let kept = self.words.get(&row.plugin_id);
        kept.map(|kept| HistoriqueLabels::of(&row.act, [&row.transition, &row.source, &row.target], kept))
            .unwrap_or_default()
    }

    /// The label of the field that this JSON pointer leads to, of a record of this kind at this site.
    pub fn get(&self, kind: SubjectKind, site: Option<LocalisationId>, pointer: &str) -> Option<Text> {
        let of_section = || match kind {
            SubjectKind::Opportunite => {
                self.workflows.get(&site?).and_then(|workflow| section_field(workflow, pointer))
            }
            _ => None,
        };
        label(kind, pointer).or_else(of_section)
    }
}

/// The label by what describes records of this kind. A setting keeps its own name behind it. `None` for fields of
/// section documents.
pub(crate) fn label(kind: SubjectKind, pointer: &str) -> Option<Text> {
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

/// « Devis : Signataire » for `/devis/signataire`: the section, and the titles on the way through its form.
fn section_field(workflow: &Definition, pointer: &str) -> Option<Text> {
    let mut path = pointer.trim_start_matches('/').split('/');
    let section = path.next()?;
    let section = workflow.workflow.sections.iter().find(|known| known.id == section)?;
    let (mut fr, mut en) = (section.label.fr.clone(), section.label.en.clone());
    let mut schema = &section.form;
    for name in path {
        schema = part(&section.form, schema, name)?;
        if let Some(title) = schema.get("title").and_then(Value::as_str) {
            let english = schema.get("x-title-en").and_then(Value::as_str).unwrap_or(title);
            fr = format!("{fr} : {title}");
            en = format!("{en}: {english}");
        } else if name.parse::<usize>().is_ok() {
            fr = format!("{fr} : {name}");
            en = format!("{en}: {name}");
        }
    }
    Some(text(fr, en))
}

/// The schema of a property or row. `root` holds the referenced definitions. The host has already refused recursive
/// schemas.
fn part<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let inside = |schema: &'a Value| {
        schema.get("properties").and_then(|fields| fields.get(name)).or_else(|| {
            name.parse::<usize>().ok()?;
            schema.get("items")
        })
    };
    let referenced = || {
        let target = schema.get("$ref")?.as_str()?.trim_start_matches('#');
        part(root, root.pointer(target)?, name)
    };
    inside(schema).or_else(referenced)
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
