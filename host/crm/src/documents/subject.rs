//! What a document is about.

use afpi_core::clock::Day;
use afpi_core::error::{Result, field, invalid};
use afpi_core::text::text;
use afpi_http::bounds::List;
use afpi_plugins::contract::documents as contract;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What there is one document for each of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = DocumentAbout)]
pub enum About {
    Opportunite,
    Piece,
    Session,
    /// A day of a session.
    Day,
    Stagiaire,
}

impl About {
    /// `None` for a word that this host does not know.
    pub fn of(about: contract::About) -> Option<About> {
        about.as_str().parse().ok()
    }

    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// One of them. The record of the path for an opportunité.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentSubject)]
pub struct Subject {
    #[schema(value_type = Uuid)]
    pub id: Uuid,
    /// Of a session, for a document about a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Day>,
}

/// The subjects of one request.
pub type Subjects = List<Subject, 200>;

impl Subject {
    /// The day as a column.
    pub fn day_text(&self) -> String {
        self.day.map(|day| day.to_string()).unwrap_or_default()
    }
}

/// The position of the first subject that is none of the known ones, as an error.
pub fn known(asked: &[Subject], known: impl Fn(&Subject) -> bool) -> Result<()> {
    let Some(at) = asked.iter().position(|subject| !known(subject)) else { return Ok(()) };
    let message = text("Ce document ne peut pas porter sur cela.", "This document cannot be about that.");
    Err(invalid(vec![field(format!("/subjects/{at}"), "unknown", message)]))
}
