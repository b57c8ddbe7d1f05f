//! The present names of the records and people on a page of the journal.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use uuid::Uuid;

use super::list::Row;
use afpi_core::id::UserId;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_core::text::{Text, text};
use afpi_platform::journal::{ActorKind, SubjectKind};
use afpi_platform::state::App;

/// Names by kind and id.
pub(super) struct Names {
    records: HashMap<(SubjectKind, Uuid), String>,
    people: HashMap<UserId, String>,
    plugins: HashMap<String, Text>,
}

impl Names {
    /// Names records in the caller's scope, and every actor.
    pub async fn of(app: &App, conn: &mut Conn, scope: &Scope, rows: &[Row]) -> afpi_db::Result<Names> {
        let mut records = HashMap::new();
        let kinds: [(SubjectKind, ScopedSql, &'static str); 8] = [
            (SubjectKind::Opportunite, scope.opportunites("o.id, o.title", ""), " AND o.id IN "),
            (SubjectKind::Entreprise, scope.entreprises("e.id, e.name", ""), " AND e.id IN "),
            (SubjectKind::Formateur, scope.formateurs("f.id, f.name", ""), " AND f.id IN "),
            (SubjectKind::Salle, scope.salles("s.id, s.name", ""), " AND s.id IN "),
            (SubjectKind::Produit, scope.produits("p.id, p.title", ""), " AND p.id IN "),
            (SubjectKind::Session, scope.sessions("n.id, n.title", ""), " AND n.id IN "),
            (SubjectKind::Stagiaire, scope.stagiaires("t.id, t.name", ""), " AND t.id IN "),
            (SubjectKind::User, scope.colleagues("u.id, u.name", ""), " AND u.id IN "),
        ];
        for (kind, mut query, condition) in kinds {
            let word: &str = kind.into();
            let ids = rows.iter().filter(|row| row.subject_kind == word).filter_map(|row| id(&row.subject_id));
            let ids: Vec<Uuid> = ids.collect();
            if ids.is_empty() {
                continue;
            }
            query.push(condition).list(ids);
            records.extend(query.all::<(Uuid, String)>(conn).await?.into_iter().map(|(id, name)| ((kind, id), name)));
        }
        for (kind, query) in [
            (SubjectKind::Localisation, "SELECT id, name FROM localisations WHERE id IN "),
            (SubjectKind::EntiteLegale, "SELECT id, name FROM entites_legales WHERE id IN "),
            (SubjectKind::ApiKey, "SELECT user_id, name FROM api_keys WHERE user_id IN "),
            (SubjectKind::Webhook, "SELECT id, name FROM webhooks WHERE id IN "),
        ] {
            let word: &str = kind.into();
            let ids: Vec<Uuid> =
                rows.iter().filter(|row| row.subject_kind == word).filter_map(|row| id(&row.subject_id)).collect();
            let mut query = sql(query);
            query.list(ids);
            records.extend(query.all::<(Uuid, String)>(conn).await?.into_iter().map(|(id, name)| ((kind, id), name)));
        }
        let person: &str = ActorKind::Person.into();
        let actors = rows.iter().filter(|row| row.actor_kind == person).filter_map(|row| id(&row.actor_id));
        // Also keys of the API.
        let mut query = Scope::All.colleagues("u.id, u.name", "");
        query.push(" AND u.id IN ").list(actors);
        let people = query.all::<(UserId, String)>(conn).await?.into_iter().collect();
        let registry = app.plugins.registry();
        let named = rows.iter().flat_map(|row| [&row.subject_id, &row.actor_id]);
        let plugins = named.filter_map(|id| std::str::from_utf8(id).ok()).filter_map(|id| registry.plugin(id));
        let plugins = plugins.map(|plugin| {
            let name = &plugin.manifest().name;
            (plugin.id().to_owned(), text(&name.fr, &name.en))
        });
        Ok(Names { records, people, plugins: plugins.collect() })
    }

    pub fn subject(&self, kind: SubjectKind, id: &[u8]) -> Option<Text> {
        match kind {
            SubjectKind::Plugin | SubjectKind::Connecteur => self.plugins.get(std::str::from_utf8(id).ok()?).cloned(),
            _ => self.records.get(&(kind, Uuid::from_slice(id).ok()?)).map(|name| text(name, name)),
        }
    }

    pub fn actor(&self, kind: ActorKind, id: &[u8]) -> Option<String> {
        match kind {
            ActorKind::Person => self.people.get(&Uuid::from_slice(id).ok()?.into()).cloned(),
            ActorKind::Plugin | ActorKind::Connector => {
                self.plugins.get(std::str::from_utf8(id).ok()?).map(|name| name.fr.clone())
            }
            _ => None,
        }
    }
}

fn id(bytes: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(bytes).ok()
}
