//! Section 4: half-days, trainers and rooms.

use std::collections::HashMap;

use afpi_sdk::calendar::{Date, holiday, instant_at};
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::{Booking, FieldProblem, Instant};
use serde::{Deserialize, Serialize};

use super::{Window, filled, problem};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(
    title = "Planification",
    extend(
        "x-title-en" = "Scheduling",
        "x-session" = {
            "number": "numeroSession",
            "halfDays": {"rows": "sessions", "day": "jour", "half": "demi", "trainer": "formateur", "room": "salle"}
        }
    )
)]
pub struct Planification {
    #[schemars(title = "N° de session", extend("x-search" = true, "x-title-en" = "Session number", "x-needed" = true))]
    pub numero_session: Option<String>,
    #[schemars(title = "Demi-journées", extend("x-title-en" = "Half-days", "x-widget" = "halfdays", "x-needed" = true))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(title = "Impressions commandées", extend("x-title-en" = "Printing ordered"))]
    pub impressions_commandees: bool,
    #[schemars(title = "Remarques", extend("x-title-en" = "Remarks", "x-widget" = "textarea"))]
    pub remarques: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    #[schemars(title = "Jour", extend("x-title-en" = "Day"))]
    pub jour: Date,
    #[schemars(title = "Demi-journée", extend("x-title-en" = "Half-day", "x-widget" = "select"))]
    pub demi: Demi,
    #[schemars(title = "Formateur", extend("x-title-en" = "Trainer", "x-widget" = "formateur", "x-needed" = true))]
    pub formateur: Option<String>,
    #[schemars(
        title = "Salle",
        description = "Vide quand la formation a lieu dans l’entreprise.",
        extend("x-title-en" = "Room", "x-description-en" = "Empty when the training is at the company’s.", "x-widget" = "salle")
    )]
    pub salle: Option<String>,
    #[schemars(title = "Motif si jour férié", extend("x-title-en" = "Reason if it is a holiday"))]
    pub motif_ferie: Option<String>,
}

afpi_sdk::choices! {
    /// Half of a day.
    pub enum Demi {
        Matin = "am", "Matin", "Morning";
        ApresMidi = "pm", "Après-midi", "Afternoon";
    }
}

impl Session {
    /// The end of the half-day: 13:00 or 18:00.
    pub fn ends(&self) -> Instant {
        let minute = match self.demi {
            Demi::Matin => 13 * 60,
            Demi::ApresMidi => 18 * 60,
        };
        instant_at(self.jour, minute)
    }
}

impl Planification {
    /// The last half-day.
    pub fn last(&self) -> Option<&Session> {
        self.sessions.iter().max_by_key(|session| session.ends())
    }

    /// The first and the last day.
    pub fn span(&self) -> Option<(Date, Date)> {
        let days = || self.sessions.iter().map(|session| session.jour);
        Some((days().min()?, days().max()?))
    }

    /// The bookings. They contain each trainer and each room once per half-day.
    pub fn bookings(&self) -> Vec<Booking> {
        let mut bookings: Vec<Booking> = Vec::new();
        for session in &self.sessions {
            for (kind, resource) in [("formateur", filled(&session.formateur)), ("salle", filled(&session.salle))] {
                let Some(resource) = resource else { continue };
                let booking = Booking {
                    kind: kind.into(),
                    resource_id: resource.into(),
                    day: session.jour.to_string(),
                    half: session.demi.id().into(),
                };
                if !bookings.contains(&booking) {
                    bookings.push(booking);
                }
            }
        }
        bookings
    }

    /// The contradictions, with pointers into this document.
    pub fn faults(&self, window: Window) -> Vec<FieldProblem> {
        let mut taken: HashMap<(&str, Date, &str), usize> = HashMap::new();
        let mut faults = Vec::new();
        for (row, session) in self.sessions.iter().enumerate() {
            faults.extend(window.planned(format!("/sessions/{row}/jour"), Some(session.jour)));
            let Some(trainer) = filled(&session.formateur) else { continue };
            if let Some(other) = taken.insert((trainer, session.jour, session.demi.id()), row) {
                let (fr, en) = (
                    format!("Ce formateur est déjà pris à la ligne {}", other + 1),
                    format!("This trainer is already taken in row {}", other + 1),
                );
                faults.push(problem(format!("/sessions/{row}/formateur"), "double-booking", fr, en));
            }
        }
        if self.sessions.len() > 400 {
            faults.push(problem("/sessions", "out-of-range", "400 demi-journées au plus", "At most 400 half-days"));
        }
        faults
    }

    /// What is missing before the training counts as planned, with pointers into all documents.
    pub fn missing(&self) -> Vec<FieldProblem> {
        let mut missing = Vec::new();
        if filled(&self.numero_session).is_none() {
            missing.push(FieldProblem::required("/planification/numeroSession"));
        }
        if self.sessions.is_empty() {
            missing.push(problem(
                "/planification/sessions",
                "required",
                "Au moins une demi-journée",
                "At least one half-day",
            ));
        }
        for (row, session) in self.sessions.iter().enumerate() {
            let at = |field: &str| format!("/planification/sessions/{row}/{field}");
            if filled(&session.formateur).is_none() {
                missing.push(FieldProblem::required(at("formateur")));
            }
            if let Some((fr, en)) = holiday(session.jour)
                && filled(&session.motif_ferie).is_none()
            {
                let (fr, en) = (
                    format!("Jour férié ({fr}) : un motif est nécessaire"),
                    format!("A legal holiday ({en}): a reason is needed"),
                );
                missing.push(problem(at("motifFerie"), "holiday", fr, en));
            }
        }
        missing
    }
}
