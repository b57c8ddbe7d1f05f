//! The settings of a site: its own words for the mails that take documents to people.

use std::collections::BTreeSet;

use afpi_sdk::{FieldProblem, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Lang;
use crate::catalogue::KINDS;
use crate::mail::NAMES;

/// The settings of a site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    #[schemars(
        title = "Courriels du site",
        description = "Remplacent le texte fourni, entre la formule d’appel et la signature. Mots remplacés : {numero}, {formation}, {titre} (avec la durée), {dates}, {ville}, {total}, {echeance}, {corrige}, {solde}.",
        length(max = 40),
        extend("x-title-en" = "Mails of the site", "x-description-en" = "They replace the given text between greeting and signature. Words that are filled in: {numero} (number), {formation} (training), {titre} (training with its hours), {dates}, {ville} (town), {total}, {echeance} (due day), {corrige} (the corrected invoice), {solde} (what is still owed).")
    )]
    pub courriels: Vec<Courriel>,
}

/// The mail of one kind of document in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Courriel {
    #[schemars(title = "Document", extend("x-title-en" = "Document"))]
    pub document: Envoye,
    #[schemars(title = "Langue", extend("x-title-en" = "Language"))]
    pub langue: Langue,
    #[schemars(title = "Objet", length(min = 3, max = 120), extend("x-title-en" = "Subject"))]
    pub objet: String,
    #[schemars(
        title = "Texte",
        length(min = 3, max = 5000),
        extend("x-title-en" = "Text", "x-widget" = "textarea")
    )]
    pub texte: String,
}

afpi_sdk::choices! {
    /// A document that is sent by mail.
    pub enum Envoye {
        Devis = "devis", "Devis", "Quote";
        Programme = "programme", "Programme", "Programme";
        Bulletin = "bulletin", "Bulletin d’inscription", "Registration form";
        Convention = "convention", "Convention de formation", "Training agreement";
        Contrat = "contrat", "Contrat individuel", "Individual contract";
        Convocation = "convocation", "Convocation", "Joining instructions";
        Certificat = "certificat", "Certificat de réalisation", "Certificate of completion";
        Attestation = "attestation", "Attestation d’assiduité", "Attestation of attendance";
        Facture = "facture", "Facture", "Invoice";
        Avoir = "avoir", "Avoir", "Credit note";
        Relance1 = "relance-1", "Rappel de facture", "Payment reminder";
        Relance2 = "relance-2", "Deuxième rappel", "Second reminder";
        Relance3 = "relance-3", "Mise en demeure", "Formal notice";
    }
}

afpi_sdk::choices! {
    /// The language of a document.
    pub enum Langue {
        Francais = "fr", "Français", "French";
        Anglais = "en", "Anglais", "English";
    }
}

impl Config {
    /// The site's words for a document's mail. `None`: the plugin's own.
    pub fn mail(&self, kind: &str, lang: Lang) -> Option<&Courriel> {
        self.courriels.iter().find(|mail| mail.document.id() == kind && Lang::of(mail.langue.id()) == lang)
    }

    /// What the schema cannot say: one text for a document and language that exist, and only words that are filled in.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for (at, mail) in self.courriels.iter().enumerate() {
            let mut tell = |field: &str, code: &str, text: Text| {
                problems.push(FieldProblem::new(format!("/courriels/{at}/{field}"), code, text));
            };
            let (kind, language) = (mail.document.id(), mail.langue.id());
            if KINDS.iter().any(|known| known.id == kind && !known.languages.contains(&language)) {
                let words = Text::new("Ce document n’existe qu’en français", "This document exists in French only");
                tell("langue", "not-offered", words);
            }
            if !seen.insert((kind, language)) {
                let words =
                    Text::new("Ce document a déjà un texte dans cette langue", "This document has a text already");
                tell("document", "duplicate", words);
            }
            for (field, text) in [("objet", &mail.objet), ("texte", &mail.texte)] {
                if let Some(word) = unknown(text) {
                    let fr = format!("Rien ne remplace {{{word}}}");
                    tell(field, "unknown-word", Text::new(fr, format!("Nothing is filled in for {{{word}}}")));
                }
            }
        }
        problems
    }
}

/// The first `{word}` of a text that no value replaces.
fn unknown(text: &str) -> Option<&str> {
    let words = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word);
    words.filter(|word| word.chars().all(char::is_alphanumeric)).find(|word| !NAMES.contains(word))
}
