//! Roles as people have them: the record with what it allows.

use std::collections::HashMap;

use afpi_db::{Conn, DbError, FromRow, Row, sql};
use serde::Serialize;
use utoipa::ToSchema;

use afpi_core::access::Access;
use afpi_core::rights::Role;
use afpi_core::text::{Text, text};

/// A role in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub id: String,
    pub name: Text,
    pub access: Access,
    /// Its people need a second factor.
    pub second_factor: bool,
}

/// The short form of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleRef {
    pub id: String,
    pub name: Text,
    /// The built-in role; of a built-in one itself.
    pub stands_on: Role,
}

impl Held {
    /// As the product comes.
    pub fn built_in(role: Role) -> Held {
        Held {
            id: role.id().into(),
            name: text(role.id(), role.id()),
            access: Access::built_in(role),
            second_factor: false,
        }
    }

    /// The built-in role: what workflows and plugins see.
    pub fn kind(&self) -> Role {
        self.access.kind()
    }

    pub fn short(&self) -> RoleRef {
        RoleRef { id: self.id.clone(), name: self.name.clone(), stands_on: self.kind() }
    }
}

/// What a row of `roles ro` needs to be read as a [`Held`].
pub const COLUMNS: &str = "ro.id AS role_id, ro.stands_on, ro.reach, ro.name_fr, ro.name_en, ro.second_factor, \
     (SELECT GROUP_CONCAT(ra.action) FROM role_actions ra WHERE ra.role_id = ro.id) AS actions";

impl FromRow for Held {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        let (id, kind): (String, String) = (row.get("role_id")?, row.get("stands_on")?);
        let kind = Role::parse(&kind).ok_or_else(|| DbError::Decode {
            column: "stands_on".into(),
            reason: format!("{kind} is no built-in role"),
        })?;
        let actions: Option<String> = row.get("actions")?;
        Ok(Held {
            id,
            name: text(row.get::<String>("name_fr")?, row.get::<String>("name_en")?),
            second_factor: row.get("second_factor")?,
            access: Access::stored(kind, &row.get::<String>("reach")?, actions.as_deref().unwrap_or_default()),
        })
    }
}

/// The role with this id.
pub async fn find(conn: &mut Conn, id: &str) -> afpi_db::Result<Option<Held>> {
    let mut query = sql("SELECT ");
    query.push(COLUMNS).push(" FROM roles ro WHERE ro.id = ?").arg(id);
    query.optional(conn).await
}

/// All roles by their ids.
pub async fn all(conn: &mut Conn) -> afpi_db::Result<HashMap<String, Held>> {
    let mut query = sql("SELECT ");
    query.push(COLUMNS).push(" FROM roles ro");
    Ok(query.all::<Held>(conn).await?.into_iter().map(|role| (role.id.clone(), role)).collect())
}
