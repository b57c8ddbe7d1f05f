//! Which side wins when both have a value, field by field. For a connector this is a setting. For a file the file wins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::Entity;
use super::fields::{CONTACT, ENTREPRISE};

/// Who owns a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FieldOwner)]
pub enum Owner {
    /// The last change wins. When both sides changed it, a person decides.
    #[default]
    Both,
    /// The value here always stays.
    Crm,
    /// The received value always wins.
    Source,
}

/// The owners of fields, by `entreprise.<field>` and `contact.<field>`, and the owner of all others.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    named: BTreeMap<String, Owner>,
    others: Owner,
}

impl Owners {
    /// These fields have an owner; the others belong to both sides.
    pub fn named(named: BTreeMap<String, Owner>) -> Owners {
        Owners { named, others: Owner::Both }
    }

    /// Every field has this owner.
    pub fn all(owner: Owner) -> Owners {
        Owners { named: BTreeMap::new(), others: owner }
    }

    pub fn of(&self, entity: Entity, field: &str) -> Owner {
        self.named.get(&format!("{}.{field}", entity.as_str())).copied().unwrap_or(self.others)
    }

    /// Does the source own a field of these records? Then each of them is compared, even when it has not changed there.
    pub fn source_owns(&self, entity: Entity) -> bool {
        let of = format!("{}.", entity.as_str());
        self.others == Owner::Source
            || self.named.iter().any(|(name, owner)| *owner == Owner::Source && name.starts_with(&of))
    }

    /// Every field with its owner.
    pub fn shown(&self) -> BTreeMap<String, Owner> {
        names().map(|name| (name.clone(), self.named.get(&name).copied().unwrap_or(self.others))).collect()
    }

    /// One field's owner, for tests.
    #[cfg(test)]
    pub fn of_one(name: &str, owner: Owner) -> Owners {
        Owners::named(BTreeMap::from([(name.to_owned(), owner)]))
    }
}

/// Fields that can have an owner.
pub fn names() -> impl Iterator<Item = String> {
    let companies = ENTREPRISE.iter().map(|field| format!("entreprise.{}", field.name));
    companies.chain(CONTACT.iter().map(|field| format!("contact.{}", field.name)))
}
