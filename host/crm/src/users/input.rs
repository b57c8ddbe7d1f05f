//! What may change of a person.

use std::ops::Deref;

use afpi_db::Conn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::User;
use super::create::{PersonName, Sites, unknown_role};
use crate::roles::RoleId;
use afpi_core::access::Access;
use afpi_core::error::{Result, invalid};
use afpi_core::id::{LocalisationId, UserId};
use afpi_http::input::stated;
use afpi_platform::auth::password::Password;
use afpi_platform::roles::{self, Held};

/// Language of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Fr,
    En,
}

/// Changes to a person. An absent field stays.
#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UserUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<PersonName>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub role_id: Option<RoleId>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub localisation_ids: Option<Sites>,
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
    #[serde(deserialize_with = "stated")]
    pub locale: Option<Language>,
    /// The person who takes over the open files that this change leaves without an owner.
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Uuid>)]
    pub successor_id: Option<UserId>,
    /// A new password, set by another person. People change their own with `POST /auth/password`.
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub password: Option<Password>,
}

/// What is wanted of a person, with the role that its id stands for.
pub struct Wanted {
    change: UserUpdate,
    pub(super) role: Option<Held>,
}

impl Deref for Wanted {
    type Target = UserUpdate;

    fn deref(&self) -> &UserUpdate {
        &self.change
    }
}

impl Wanted {
    /// 422 for a role that there is not.
    pub(super) async fn of(conn: &mut Conn, change: UserUpdate) -> Result<Wanted> {
        let role = match &change.role_id {
            Some(id) => Some(roles::find(conn, id).await?.ok_or_else(|| invalid(vec![unknown_role()]))?),
            None => None,
        };
        Ok(Wanted { change, role })
    }

    /// What the person's role allows afterwards.
    pub(super) fn access<'a>(&'a self, current: &'a User) -> &'a Access {
        self.role.as_ref().map_or(&current.access, |role| &role.access)
    }

    /// The role, if it becomes another one.
    pub(super) fn other_role(&self, current: &User) -> Option<&Held> {
        self.role.as_ref().filter(|role| role.id != current.role_id)
    }
}

impl UserUpdate {
    /// The person's new localisations.
    pub(super) fn sites(&self) -> Option<Vec<LocalisationId>> {
        self.localisation_ids.as_ref().map(|sites| sites.iter().map(|id| id.0.into()).collect())
    }

    /// Is only the language changed? People may change their own language.
    pub(super) fn only_language(&self) -> bool {
        self.name.is_none()
            && self.role_id.is_none()
            && self.localisation_ids.is_none()
            && self.active.is_none()
            && self.successor_id.is_none()
            && self.password.is_none()
    }
}
