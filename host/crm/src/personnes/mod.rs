//! What is known of a person, wherever it stands (GDPR). The descriptions of the records say which fields are personal;
//! nothing here lists them a second time.

pub mod conservation;
mod copy;
mod effacement;
mod erase;
mod export;
mod find;
mod marks;
mod record;
mod texts;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::description::{self, Description};
use afpi_platform::journal::Subject;
use afpi_platform::state::App;

/// `/api/personnes`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find::find))
        .routes(routes!(export::export))
        .routes(routes!(effacement::preview, effacement::erase_all))
}

/// The kinds of records that are people.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = PersonneKind)]
pub enum Kind {
    Contact,
    Stagiaire,
    Formateur,
    User,
}

impl Kind {
    fn described(self) -> &'static Description {
        match self {
            Kind::Contact => description::Kind::Contact,
            Kind::Stagiaire => description::Kind::Stagiaire,
            Kind::Formateur => description::Kind::Formateur,
            Kind::User => description::Kind::User,
        }
        .description()
    }

    /// What the journal knows such a record by. A contact counts as its company.
    fn subject(self, id: Uuid, opens: Uuid) -> Subject {
        match self {
            Kind::Contact => Subject::Entreprise(opens.into()),
            Kind::Stagiaire => Subject::Stagiaire(id.into()),
            Kind::Formateur => Subject::Formateur(id.into()),
            Kind::User => Subject::User(id.into()),
        }
    }
}

/// The most records of one person.
const MOST: usize = 40;

/// Records of one person: `kind:id`, with commas between them.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Records(BTreeSet<(Kind, Uuid)>);

impl TryFrom<String> for Records {
    type Error = String;

    fn try_from(sent: String) -> Result<Records, String> {
        let one = |record: &str| {
            let (kind, id) = record.split_once(':')?;
            Some((kind.parse().ok()?, Uuid::parse_str(id).ok()?))
        };
        let records: Option<BTreeSet<_>> = sent.split(',').map(one).collect();
        let few = records.filter(|records| records.len() <= MOST);
        few.map(Records).ok_or_else(|| format!("at most {MOST} of kind:id, with commas"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_a_person_are_read_and_nothing_else() {
        let id = Uuid::nil();
        let read = |sent: &str| Records::try_from(sent.to_owned()).map(|records| records.0.len()).ok();
        assert_eq!(read(&format!("contact:{id}")), Some(1));
        assert_eq!(read(&format!("user:{id},contact:{id},user:{id}")), Some(2));
        for wrong in ["", "contact", "salle:1", &format!("salle:{id}"), "contact:1", &format!("contact:{id},")] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let many: Vec<String> = (0..=MOST).map(|n| format!("user:{}", Uuid::from_u128(n as u128))).collect();
        assert_eq!(read(&many.join(",")), None);
    }
}
