//! Targets in the database.

use afpi_db::{Conn, DbError, sql};

use super::Objectif;
use crate::figures::period::{Kind, Period};
use crate::users::UserRef;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, Result, field, internal, not_found};
use afpi_core::id::{LocalisationId, ObjectifId, UserId};
use afpi_core::rights::Role;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_platform::localisations::LocalisationRef;

/// A new target, already checked.
pub struct NewObjectif {
    pub metric: String,
    pub period: Period,
    pub target: i64,
    pub holder: Holder,
}

/// The holder of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    User(UserId),
    Site(LocalisationId),
}

impl Holder {
    /// The key that is unique in both engines.
    fn key(self) -> String {
        match self {
            Holder::User(id) => format!("user:{id}"),
            Holder::Site(id) => format!("site:{id}"),
        }
    }

    pub(super) fn user(self) -> Option<UserId> {
        if let Holder::User(id) = self { Some(id) } else { None }
    }

    pub(super) fn site(self) -> Option<LocalisationId> {
        if let Holder::Site(id) = self { Some(id) } else { None }
    }
}

/// Stores a target. 409 when its holder already has one for this metric and period.
pub async fn insert(tx: &mut Conn, new: &NewObjectif, now: Instant) -> Result<ObjectifId> {
    let id = ObjectifId::generate();
    let mut query = sql(
        "INSERT INTO objectifs (id, metric, period_kind, first_day, last_day, target, user_id, localisation_id, holder, created_at, version) VALUES ",
    );
    query.rows([[
        id.into(),
        (&new.metric).into(),
        new.period.kind.as_str().into(),
        new.period.first.into(),
        new.period.last.into(),
        new.target.into(),
        new.holder.user().into(),
        new.holder.site().into(),
        new.holder.key().into(),
        now.into(),
        1i64.into(),
    ]]);
    query.execute(tx).await.map_err(|error| match error {
        DbError::Unique(_) => {
            let message = text(
                "Un objectif existe déjà pour cet indicateur et cette période.",
                "There already is a target on this metric and period.",
            );
            Error::new(ErrorKind::Duplicate, text("Objectif déjà fixé", "Target already set")).fields(vec![field(
                "/metric",
                "duplicate",
                message,
            )])
        }
        other => other.into(),
    })?;
    Ok(id)
}

afpi_db::row! {
    pub(super) struct ObjectifRow {
        pub id: ObjectifId, pub metric: String, period_kind: String, pub first_day: Day, last_day: Day, target: i64,
        user_id: Option<UserId>, user_name: Option<String>, user_role: Option<String>, localisation_id: Option<LocalisationId>,
        site_code: Option<String>, site_name: Option<String>, pub created_at: Instant, version: i64,
    }
}

pub(super) const COLUMNS: &str = "j.id, j.metric, j.period_kind, j.first_day, j.last_day, j.target, j.user_id, u.name AS user_name, \
     u.role AS user_role, j.localisation_id, l.code AS site_code, l.name AS site_name, j.created_at, j.version";
pub(super) const JOINS: &str =
    "LEFT JOIN users u ON u.id = j.user_id LEFT JOIN localisations l ON l.id = j.localisation_id";

impl ObjectifRow {
    /// The API form, without the reached figure.
    pub(super) fn show(self) -> Result<Objectif> {
        let kind: Option<Kind> = self.period_kind.parse().ok();
        let kind = kind.ok_or_else(|| internal(format!("{} is no kind of period", self.period_kind)))?;
        let user = self.user_id.zip(self.user_name).zip(self.user_role.as_deref().and_then(Role::parse));
        let site = self.localisation_id.zip(self.site_code).zip(self.site_name);
        Ok(Objectif {
            id: self.id,
            metric: self.metric,
            period: Period { kind, first: self.first_day, last: self.last_day },
            target: self.target,
            user: user.map(|((id, name), role)| UserRef { id, name, role }),
            localisation: site.map(|((id, code), name)| LocalisationRef { id, code, name }),
            actual: None,
            attainment: None,
            version: self.version,
        })
    }
}

/// The target with this id, if in scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: ObjectifId) -> Result<Loaded<Objectif>> {
    let mut query = scope.objectifs(COLUMNS, JOINS);
    query.push(" AND j.id = ?").arg(id);
    query.loaded::<ObjectifRow>(conn).await?.ok_or_else(not_found)?.try_map(ObjectifRow::show)
}

/// Sets the value if the target still is as it was read; whether it was.
pub(super) async fn update(tx: &mut Conn, current: &Loaded<Objectif>, target: i64) -> afpi_db::Result<bool> {
    let query = sql("UPDATE objectifs SET target = ?, version = version + 1 WHERE id = ? AND version = ?")
        .bind(target)
        .bind(current.id)
        .bind(current.version);
    Ok(query.execute(tx).await? == 1)
}

/// Deletes the target; whether it was still there.
pub(super) async fn delete(tx: &mut Conn, current: &Loaded<Objectif>) -> afpi_db::Result<bool> {
    Ok(sql("DELETE FROM objectifs WHERE id = ?").bind(current.id).execute(tx).await? == 1)
}
