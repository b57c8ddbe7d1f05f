//! The people who must act next, by name: somebody outside the house where the section's document says so, and the
//! people of the site who have the role. For the role commercial it is the file's own commercial.

use std::collections::HashMap;
use std::sync::Arc;

use afpi_db::{Conn, Json};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::item::OpportuniteItem;
use afpi_core::id::OpportuniteId;
use afpi_core::rights::Role;
use afpi_core::scope::Scope;
use afpi_platform::people::Person;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// The most people of a role that are named.
const NAMED: usize = 10;

/// A role or an outsider who must act.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WaitsOn {
    /// Absent for somebody outside the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<afpi_core::rights::Role>, required = false)]
    pub role: Option<String>,
    /// At most 10. Empty when nobody at the site has this role.
    pub names: Vec<String>,
}

/// Sets it on each of these files.
pub async fn mark(app: &App, items: &mut [OpportuniteItem]) -> afpi_db::Result<()> {
    let mut fields = HashMap::new();
    for item in items.iter() {
        let definition = app.plugins.definition(item.localisation.id).await;
        if let Some(field) = definition.and_then(|definition| awaited(&definition, &item.section)) {
            fields.insert(item.id, field);
        }
    }
    if fields.is_empty() && items.iter().all(|item| item.waits_for.is_empty()) {
        return Ok(());
    }
    let outside = match fields.is_empty() {
        true => HashMap::new(),
        false => outside(&mut app.db.read().await?, items, &fields).await?,
    };
    // The commercial's name stands on the item.
    let others = items.iter().flat_map(|item| &item.waits_for).any(|role| role != Role::Commercial.id());
    let people: Arc<[Person]> = if others { app.people.active(&app.db).await? } else { Arc::from([]) };
    for item in items {
        let somebody = outside.get(&item.id).map(|name| WaitsOn { role: None, names: vec![name.clone()] });
        let inside =
            item.waits_for.iter().map(|role| WaitsOn { role: Some(role.clone()), names: named(&people, role, item) });
        item.waits_on = somebody.into_iter().chain(inside).collect();
    }
    Ok(())
}

/// The field of the section's document that names the awaited outsider (`x-awaited`).
fn awaited(definition: &Definition, section: &str) -> Option<String> {
    let properties = definition.section(section)?.form.get("properties")?.as_object()?;
    properties
        .iter()
        .find(|(_, field)| field.get("x-awaited") == Some(&Value::Bool(true)))
        .map(|(name, _)| name.clone())
}

/// The awaited outsider of each file.
async fn outside(
    conn: &mut Conn,
    items: &[OpportuniteItem],
    fields: &HashMap<OpportuniteId, String>,
) -> afpi_db::Result<HashMap<OpportuniteId, String>> {
    let mut query = Scope::All.opportunites("o.id, o.data", "");
    query.push(" AND o.id IN ").list(fields.keys());
    let documents: HashMap<OpportuniteId, Json<Map<String, Value>>> =
        query.all::<(OpportuniteId, Json<Map<String, Value>>)>(conn).await?.into_iter().collect();
    let name = |item: &OpportuniteItem| {
        let document = documents.get(&item.id)?.0.get(&item.section)?;
        let name = document.get(fields.get(&item.id)?)?.as_str()?.trim();
        (!name.is_empty()).then(|| (item.id, name.to_owned()))
    };
    Ok(items.iter().filter_map(name).collect())
}

/// The names of the people at the file's site who are in this role and see it. The commercial is the file's own.
fn named(people: &[Person], role: &str, item: &OpportuniteItem) -> Vec<String> {
    if role == Role::Commercial.id() {
        return vec![item.commercial.name.clone()];
    }
    let mut names: Vec<String> = Vec::new();
    for person in people.iter().filter(|person| person.role.kind().id() == role) {
        if names.len() < NAMED
            && !names.contains(&person.name)
            && person.scope.sees(item.localisation.id, Some(item.commercial.id))
        {
            names.push(person.name.clone());
        }
    }
    names
}
