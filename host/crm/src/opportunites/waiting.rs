//! The people who must act next, by name: somebody outside the house where the section's document says so, and the
//! people of the site who have the role. For the role commercial it is the file's own commercial.

use std::collections::{BTreeSet, HashMap};

use afpi_db::{Conn, Json};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::item::OpportuniteItem;
use afpi_core::id::{LocalisationId, OpportuniteId, UserId};
use afpi_core::rights::{Reach, Role};
use afpi_core::scope::Scope;
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
    let mut conn = app.db.read().await?;
    let outside = outside(&mut conn, items, &fields).await?;
    let people = People::of(&mut conn, items).await?;
    for item in items {
        let somebody = outside.get(&item.id).map(|name| WaitsOn { role: None, names: vec![name.clone()] });
        let inside =
            item.waits_for.iter().map(|role| WaitsOn { role: Some(role.clone()), names: people.named(role, item) });
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
    if fields.is_empty() {
        return Ok(HashMap::new());
    }
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

/// People at the files' sites, in the roles that must act: (role, site, name), sorted by name.
struct People(Vec<Colleague>);

afpi_db::row! {
    struct Colleague { id: UserId, role: String, reach: String, site: Option<LocalisationId>, name: String }
}

impl Colleague {
    /// Has this role, and sees the file?
    fn awaited(&self, role: &str, item: &OpportuniteItem) -> bool {
        let reach = self.reach.parse().unwrap_or(Reach::Own);
        self.role == role
            && Scope::of(reach, self.id, self.site.into_iter().collect())
                .sees(item.localisation.id, Some(item.commercial.id))
    }
}

impl People {
    async fn of(conn: &mut Conn, items: &[OpportuniteItem]) -> afpi_db::Result<People> {
        let roles: BTreeSet<&str> = items.iter().flat_map(|item| item.waits_for.iter().map(String::as_str)).collect();
        let mut query = Scope::All.users(
            "u.id, u.role, ro.reach, ul.localisation_id AS site, u.name",
            "JOIN roles ro ON ro.id = u.role_id LEFT JOIN user_localisations ul ON ul.user_id = u.id",
        );
        query
            .push(" AND u.active = ?")
            .arg(true)
            .push(" AND u.role IN ")
            .list(roles)
            .push(" ORDER BY u.name_key, u.id");
        Ok(People(query.all(conn).await?))
    }

    fn named(&self, role: &str, item: &OpportuniteItem) -> Vec<String> {
        if role == Role::Commercial.id() {
            return vec![item.commercial.name.clone()];
        }
        let mut names: Vec<String> = Vec::new();
        for person in self.0.iter().filter(|person| person.awaited(role, item)) {
            if names.len() < NAMED && !names.contains(&person.name) {
                names.push(person.name.clone());
            }
        }
        names
    }
}
