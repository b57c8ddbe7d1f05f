//! Section 1: the company's need: for whom, when and where.

use afpi_sdk::calendar::Date;
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::FieldProblem;
use serde::{Deserialize, Serialize};

use super::{Window, filled, problem};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(title = "Collecte d’informations", extend("x-title-en" = "Information gathering"))]
pub struct Collecte {
    #[schemars(title = "Contacts", extend("x-title-en" = "Contacts", "x-widget" = "rows", "x-needed" = true, "x-pick-from" = "contacts"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    #[schemars(
        title = "Formation du catalogue",
        description = "Son choix remplit les objectifs, les prérequis et le programme.",
        length(max = 200),
        extend("x-title-en" = "Training of the catalogue", "x-description-en" = "Its choice fills in aims, prerequisites and programme.", "x-suggest" = "produits")
    )]
    pub formation: Option<String>,
    #[schemars(
        title = "Objectifs de la formation",
        description = "Ce que les stagiaires sauront faire après.",
        extend(
            "x-title-en" = "Aims of the training",
            "x-description-en" = "What the trainees will be able to do afterwards.",
            "x-widget" = "textarea",
            "x-needed" = true,
            "x-pick" = "objectives"
        )
    )]
    pub objectifs: Option<String>,
    #[schemars(title = "Nombre de participants", range(min = 1, max = 10_000), extend("x-title-en" = "Number of participants", "x-ask-first" = true, "x-needed" = true))]
    pub participants: Option<u32>,
    #[schemars(title = "Début souhaité", extend("x-title-en" = "Wished start", "x-ask-first" = true, "x-needed" = true))]
    pub debut_souhaite: Option<Date>,
    #[schemars(title = "Fin souhaitée", extend("x-title-en" = "Wished end"))]
    pub fin_souhaitee: Option<Date>,
    #[schemars(title = "Modalité", extend("x-title-en" = "Mode", "x-widget" = "select"))]
    pub modalite: Option<Modalite>,
    #[schemars(title = "Lieu souhaité", extend("x-title-en" = "Wished place"))]
    pub lieu: Option<String>,
    #[schemars(title = "Prérequis", extend("x-title-en" = "Prerequisites", "x-widget" = "textarea", "x-pick" = "prerequisites"))]
    pub prerequis: Option<String>,
    #[schemars(title = "Programme", length(max = 8000), extend("x-title-en" = "Programme", "x-widget" = "textarea", "x-pick" = "programme"))]
    pub programme: Option<String>,
    #[schemars(
        title = "Besoin lié à un handicap",
        description = "Aménagements à prévoir ; pas de donnée de santé.",
        extend("x-title-en" = "Needs related to a disability", "x-description-en" = "Arrangements to make; no health data.", "x-widget" = "textarea")
    )]
    pub besoin_handicap: Option<String>,
    #[schemars(title = "Remarques", extend("x-title-en" = "Remarks", "x-widget" = "textarea"))]
    pub remarques: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    #[schemars(title = "Nom", length(min = 1, max = 200), extend("x-title-en" = "Name", "x-pick" = "name"))]
    pub nom: String,
    #[schemars(title = "Fonction", extend("x-title-en" = "Position", "x-pick" = "function"))]
    pub fonction: Option<String>,
    #[schemars(title = "Courriel", extend("x-title-en" = "E-mail", "format" = "email", "x-pick" = "email"))]
    pub email: Option<String>,
    #[schemars(title = "Téléphone", extend("x-title-en" = "Phone", "x-pick" = "phone"))]
    pub telephone: Option<String>,
    #[serde(default)]
    #[schemars(title = "Décide", extend("x-title-en" = "Decides"))]
    pub decideur: bool,
}

afpi_sdk::choices! {
    /// Where and how the training takes place.
    pub enum Modalite {
        Centre = "centre", "Dans nos locaux", "At our centre";
        Entreprise = "entreprise", "Dans l’entreprise", "At the company";
        Distance = "distance", "À distance", "Remote";
        Mixte = "mixte", "Mixte", "Mixed";
    }
}

impl Collecte {
    /// The contradictions, with pointers into this document.
    pub fn faults(&self, window: Window) -> Vec<FieldProblem> {
        let mut faults: Vec<FieldProblem> = window
            .planned("/debutSouhaite", self.debut_souhaite)
            .into_iter()
            .chain(window.planned("/finSouhaitee", self.fin_souhaitee))
            .collect();
        if let (Some(start), Some(end)) = (self.debut_souhaite, self.fin_souhaitee)
            && end < start
        {
            faults.push(problem(
                "/finSouhaitee",
                "out-of-range",
                "La fin précède le début",
                "The end comes before the start",
            ));
        }
        for (row, contact) in self.contacts.iter().enumerate() {
            if filled(&contact.email).is_some_and(|email| !looks_like_email(email)) {
                faults.push(problem(
                    format!("/contacts/{row}/email"),
                    "format",
                    "Adresse de courriel incorrecte",
                    "Not an e-mail address",
                ));
            }
        }
        faults
    }

    /// What is missing before the submission, with pointers into all documents.
    pub fn missing(&self) -> Vec<FieldProblem> {
        let mut missing = Vec::new();
        let reachable = |contact: &Contact| filled(&contact.email).is_some() || filled(&contact.telephone).is_some();
        if !self.contacts.iter().any(reachable) {
            let (fr, en) =
                ("Un contact avec un courriel ou un téléphone", "A contact with an e-mail address or a phone number");
            missing.push(problem("/collecte/contacts", "required", fr, en));
        }
        for (empty, field) in [
            (filled(&self.objectifs).is_none(), "objectifs"),
            (self.participants.is_none_or(|count| count == 0), "participants"),
            (self.debut_souhaite.is_none(), "debutSouhaite"),
        ] {
            if empty {
                missing.push(FieldProblem::required(format!("/collecte/{field}")));
            }
        }
        missing
    }
}

/// Accepts one `@` with text before it and a name with dots after it. This is enough to find typing errors.
fn looks_like_email(text: &str) -> bool {
    let dotted = |host: &str| host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    text.split_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.contains('@') && dotted(host))
        && !text.contains(char::is_whitespace)
}
