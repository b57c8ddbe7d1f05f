//! People in the database.

use std::collections::{BTreeSet, HashMap};

use afpi_db::{Conn, DbError, FromRow, Row, sql};

use super::read::User;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, Result, field, internal, invalid, not_found};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Role;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{Locale, text};
use afpi_platform::feed::{Changed, noted};
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::roles;

/// A new person, already checked.
pub struct NewUser {
    /// The form that `email::account` returns.
    pub email: String,
    pub name: String,
    /// The id of the role, which is there.
    pub role: String,
    pub sites: Vec<LocalisationId>,
    pub locale: Locale,
    /// PHC string. Empty until the person chooses a password.
    pub password_hash: String,
}

/// Stores a new person. 409 when the address is taken.
pub async fn insert(tx: &mut Conn, new: &NewUser, now: Instant) -> Result<UserId> {
    let id = UserId::generate();
    sql("INSERT INTO users (id, email, name, name_key, role_id, role, password_hash, active, locale, tokens_from, created_at, version) \
         VALUES (?, ?, ?, ?, ?, (SELECT stands_on FROM roles WHERE id = ?), ?, ?, ?, ?, ?, 1)")
        .bind(id)
        .bind(&new.email)
        .bind(new.name.trim())
        .bind(collation::key(new.name.trim()))
        .bind(&new.role)
        .bind(&new.role)
        .bind(&new.password_hash)
        .bind(true)
        .bind(new.locale.as_str())
        .bind(0i64)
        .bind(now)
        .execute(tx)
        .await
        .map_err(|error| match error {
            DbError::Unique(_) => Error::new(ErrorKind::Duplicate, text("Compte déjà existant", "Account already there"))
                .fields(vec![field("/email", "duplicate", text("Un compte porte déjà cette adresse.", "An account already has this address."))]),
            other => other.into(),
        })?;
    replace_sites(tx, id, &new.sites).await?;
    noted(tx, [(Changed::User, id.uuid())]).await?;
    Ok(id)
}

/// Replaces the person's localisations. 422 when one does not exist.
pub(crate) async fn replace_sites(tx: &mut Conn, user: UserId, sites: &[LocalisationId]) -> Result<()> {
    let wanted: BTreeSet<LocalisationId> = sites.iter().copied().collect();
    let mut known = sql("SELECT id FROM localisations WHERE id IN ");
    known.list(&wanted);
    let known: BTreeSet<LocalisationId> = known.all::<(LocalisationId,)>(tx).await?.into_iter().map(|r| r.0).collect();
    let unknown = sites.iter().enumerate().filter(|(_, site)| !known.contains(site));
    let problems: Vec<_> = unknown
        .map(|(i, _)| {
            field(format!("/localisationIds/{i}"), "unknown", text("Localisation inconnue.", "Unknown localisation."))
        })
        .collect();
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    sql("DELETE FROM user_localisations WHERE user_id = ?").bind(user).execute(tx).await?;
    if !wanted.is_empty() {
        let mut query = sql("INSERT INTO user_localisations (user_id, localisation_id) VALUES ");
        query.rows(wanted.iter().map(|site| [user.into(), site.into()]));
        query.execute(tx).await?;
    }
    Ok(())
}

pub(super) const COLUMNS: &str = "u.id, u.email, u.name, u.name_key, u.role_id, u.active, u.locale, u.created_at, u.last_login_at, u.version, \
     EXISTS (SELECT 1 FROM second_factors sf WHERE sf.user_id = u.id AND sf.sealed IS NOT NULL) AS has_second_factor, \
     u.password_hash = '' AS invited, (SELECT MAX(al.expires_at) FROM account_links al WHERE al.user_id = u.id \
     AND al.purpose = 'invitation' AND al.ended_at IS NULL) AS invitation_expires_at";

#[derive(Clone)]
pub(super) struct UserRow {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub name_key: Vec<u8>,
    role_id: String,
    active: bool,
    locale: String,
    pub created_at: Instant,
    last_login_at: Option<Instant>,
    version: i64,
    has_second_factor: bool,
    invited: bool,
    invitation_expires_at: Option<Instant>,
}

impl FromRow for UserRow {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(UserRow {
            id: row.get("id")?,
            email: row.get("email")?,
            name: row.get("name")?,
            name_key: row.get("name_key")?,
            role_id: row.get("role_id")?,
            active: row.get("active")?,
            locale: row.get("locale")?,
            created_at: row.get("created_at")?,
            last_login_at: row.get("last_login_at")?,
            version: row.get("version")?,
            has_second_factor: row.get("has_second_factor")?,
            invited: row.get("invited")?,
            invitation_expires_at: row.get("invitation_expires_at")?,
        })
    }
}

/// Reads a role from its column.
pub fn read_role(row: &Row, column: &'static str) -> afpi_db::Result<Role> {
    let id: String = row.get(column)?;
    Role::parse(&id).ok_or_else(|| DbError::Decode { column: column.to_owned(), reason: format!("{id} is no role") })
}

/// The API form of these rows, with their localisations.
pub(super) async fn show(conn: &mut Conn, rows: Vec<UserRow>) -> Result<Vec<User>> {
    let mut query = sql(
        "SELECT ul.user_id, l.id, l.code, l.name FROM user_localisations ul JOIN localisations l ON l.id = ul.localisation_id WHERE ul.user_id IN ",
    );
    query.list(rows.iter().map(|r| r.id)).push(" ORDER BY l.code");
    let mut sites: HashMap<UserId, Vec<LocalisationRef>> = HashMap::new();
    for (user, id, code, name) in query.all::<(UserId, LocalisationId, String, String)>(conn).await? {
        sites.entry(user).or_default().push(LocalisationRef { id, code, name });
    }
    let roles = roles::all(conn).await?;
    let user = |r: UserRow| {
        let role = roles.get(&r.role_id).ok_or_else(|| internal(format!("user {} has no role", r.id)))?.clone();
        Ok(User {
            localisations: sites.remove(&r.id).unwrap_or_default(),
            id: r.id,
            email: r.email,
            name: r.name,
            role: role.kind(),
            role_id: role.id,
            role_name: role.name,
            access: role.access,
            active: r.active,
            has_second_factor: r.has_second_factor,
            invited: r.invited,
            invitation_expires_at: r.invitation_expires_at,
            locale: r.locale,
            created_at: r.created_at,
            last_login_at: r.last_login_at,
            version: r.version,
        })
    };
    rows.into_iter().map(user).collect()
}

/// The person with this id, if in scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: UserId) -> Result<Loaded<User>> {
    let mut query = scope.users(COLUMNS, "");
    query.push(" AND u.id = ?").arg(id);
    let row = query.loaded::<UserRow>(conn).await?.ok_or_else(not_found)?;
    let user = show(conn, vec![UserRow::clone(&row)]).await?.pop().ok_or_else(not_found)?;
    Ok(row.map(|_| user))
}
