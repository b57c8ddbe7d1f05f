//! What is sent of roles, and its rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use afpi_core::error::{FieldProblem, field};
use afpi_core::rights::{Action, Reach, Role};
use afpi_core::text::text;
use afpi_http::bounds::List;
use afpi_http::input::stated;
use afpi_http::texts::Line;

/// The longest id of a role.
pub(super) const MAX_ID: usize = 40;

pub(super) type Actions = List<Given, 60>;

/// The id of a role.
pub type RoleId = Line<40>;

/// What a role is called.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleName {
    #[validate(nested)]
    pub fr: Line<80>,
    #[validate(nested)]
    pub en: Line<80>,
}

/// A further role.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleCreate {
    /// Small letters, digits and `_`, e.g. `charge_de_clientele`. Left out, it is made of the French name.
    #[validate(nested)]
    #[serde(default)]
    pub id: Option<RoleId>,
    #[validate(nested)]
    pub name: RoleName,
    /// The built-in role, which workflows and plugins see, and whose limits it keeps. It stays.
    pub stands_on: Role,
    #[validate(nested)]
    pub actions: Actions,
    /// Left out, it sees as far as the built-in role comes with.
    #[serde(default)]
    pub reach: Option<Reach>,
}

/// Changes to a role. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RoleUpdate {
    /// Of a further role only.
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<RoleName>,
    /// The actions it has from now on, and no other.
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub actions: Option<Actions>,
    #[serde(deserialize_with = "stated")]
    pub reach: Option<Reach>,
    /// Its people need a second factor from now on. Also of the administrator.
    #[serde(deserialize_with = "stated")]
    pub requires_second_factor: Option<bool>,
}

/// An action that is given.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = RoleAction)]
pub struct Given(#[schema(inline)] pub Action);

impl Validate for Given {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// What a role of this kind cannot have.
pub(super) fn beyond(kind: Role, reach: Reach, actions: &[Given]) -> Vec<FieldProblem> {
    if !kind.reaches().contains(&reach) {
        let message = text("Ce rôle ne peut pas voir ainsi.", "This role cannot see that way.");
        return vec![field("/reach", "not-grantable", message)];
    }
    let message = text("Ce rôle ne peut pas recevoir ce droit.", "This role cannot be given this right.");
    let beyond = actions.iter().enumerate().filter(|(_, given)| !kind.ceiling(reach, given.0));
    beyond.map(|(i, _)| field(format!("/actions/{i}"), "not-grantable", message.clone())).collect()
}

/// The id of a new role; `None` when the text cannot be one, or nothing of it can.
pub(super) fn id(wanted: Option<&str>, name: &str) -> Option<String> {
    let id = match wanted {
        Some(id) => id.to_owned(),
        None => {
            let folded = afpi_core::text::fold(name);
            let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            let mut id = words.collect::<Vec<_>>().join("_");
            id.truncate(MAX_ID);
            id.trim_end_matches('_').to_owned()
        }
    };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (!id.is_empty() && id.chars().all(fits)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_name() {
        assert_eq!(id(None, "Chargé de clientèle (Évry)").as_deref(), Some("charge_de_clientele_evry"));
        assert_eq!(id(None, "売上"), None);
        assert_eq!(id(Some("Chef"), "Chef"), None);
        assert_eq!(id(Some("chef_2"), "Chef").as_deref(), Some("chef_2"));
        assert!(id(None, &"très ".repeat(16)).is_some_and(|id| id.len() <= MAX_ID && !id.ends_with('_')));
    }
}
