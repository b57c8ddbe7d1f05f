//! What a trainer holds that expires: certificates by their names, and files.

use std::collections::HashMap;

use afpi_db::Conn;
use serde::Serialize;
use utoipa::ToSchema;

use super::input::Certification;
use crate::attachments;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::FormateurId;

/// Something of a trainer that is valid until a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FormateurExpiry)]
pub struct Expiry {
    /// A certificate, or a file without its ending. Absent for a trainer of another site.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<String>,
    /// The last day on which it is valid.
    #[schema(value_type = String, format = Date)]
    pub expires_on: Day,
}

/// Files of trainers that expire, by trainer.
pub struct Files(HashMap<FormateurId, Vec<Expiry>>);

impl Files {
    /// Of these trainers, who were found in scope or can be booked.
    pub async fn of(conn: &mut Conn, trainers: impl Iterator<Item = FormateurId>) -> Result<Files> {
        let mut files: HashMap<FormateurId, Vec<Expiry>> = HashMap::new();
        for (trainer, name, expires_on) in attachments::expiring(conn, trainers).await? {
            let name = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
            files.entry(trainer).or_default().push(Expiry { name: Some(name), expires_on });
        }
        Ok(Files(files))
    }

    /// Everything of this trainer that expires, the first to expire first.
    pub fn with(&mut self, trainer: FormateurId, certifications: &[Certification]) -> Vec<Expiry> {
        let certificate = |one: &Certification| {
            let expires_on = Day::from(one.expires_on?);
            Some(Expiry { name: Some(one.name.as_str().to_owned()), expires_on })
        };
        let mut all: Vec<Expiry> = certifications.iter().filter_map(certificate).collect();
        all.extend(self.0.remove(&trainer).unwrap_or_default());
        all.sort_by(|one, other| (one.expires_on, &one.name).cmp(&(other.expires_on, &other.name)));
        all
    }
}
