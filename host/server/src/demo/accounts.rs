//! One account per role, and one commercial per site without a login, so that every site has an owner for its
//! opportunités.

use afpi_db::{Conn, sql};
use anyhow::{Context, Result, bail};

use afpi_core::clock::Instant;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::network::Place;
use afpi_core::rights::Role;
use afpi_platform::auth::password;

/// A demo account.
pub struct Account {
    pub email: &'static str,
    pub name: &'static str,
    pub role: Role,
    /// Number of its sites, from the first on.
    sites: usize,
}

/// All of them have the first site (AFPI-02), so that one person can follow a file through all of them.
pub const ACCOUNTS: [Account; 7] = [
    Account { email: "admin@demo.afpi", name: "Administrateur Démo", role: Role::Admin, sites: 0 },
    Account { email: "responsable@demo.afpi", name: "Responsable Démo", role: Role::ResponsableCommercial, sites: 0 },
    Account { email: "manager@demo.afpi", name: "Manager Démo", role: Role::Manager, sites: 3 },
    Account { email: "commercial@demo.afpi", name: "Commercial Démo", role: Role::Commercial, sites: 1 },
    Account { email: "assistante@demo.afpi", name: "Assistante Démo", role: Role::Assistante, sites: 2 },
    Account { email: "planificateur@demo.afpi", name: "Planificateur Démo", role: Role::Planificateur, sites: 2 },
    Account { email: "facturation@demo.afpi", name: "Facturation Démo", role: Role::Facturation, sites: 2 },
];

/// The people of the demo data.
pub struct People {
    /// The demo account of each role.
    pub by_role: Vec<(Role, UserId, &'static str)>,
    /// The owner of the opportunités of each site.
    pub commercial_of: Vec<(LocalisationId, UserId)>,
}

pub async fn fill(tx: &mut Conn, places: &[Place], password: &str) -> Result<()> {
    let hash =
        password::hash(password.to_owned()).await.map_err(|_| anyhow::anyhow!("the demo password cannot be hashed"))?;
    for account in &ACCOUNTS {
        let id = user(tx, account.email, account.name, account.role, &hash).await?;
        for place in places.iter().take(account.sites) {
            at_home(tx, id, place.id).await?;
        }
    }
    for place in &places[1..] {
        let email = format!("commercial.{}@demo.afpi", place.code.to_lowercase());
        // No password matches this: the account owns records, and nobody can sign in with it.
        let id = user(tx, &email, &format!("Commercial {}", place.city), Role::Commercial, "-").await?;
        at_home(tx, id, place.id).await?;
    }
    Ok(())
}

/// Changes the accounts' password when this start has another one.
pub async fn set_password(tx: &mut Conn, new: &str) -> Result<()> {
    let (hash,) = sql("SELECT password_hash FROM users WHERE email = ?").bind(ACCOUNTS[0].email).optional::<(String,)>(tx).await?
        .context("this database has people but no demo account: it is not a demo's. AFPI_DATA_DIR or DATABASE_URL chooses another")?;
    let unusable = |_| anyhow::anyhow!("the demo password cannot be used");
    if password::turn(None).await.map_err(unusable)?.verify(new.to_owned(), Some(hash)).await.map_err(unusable)? {
        return Ok(());
    }
    let hash = password::hash(new.to_owned()).await.map_err(unusable)?;
    let mut query = sql("UPDATE users SET password_hash = ? WHERE email IN ").bind(hash);
    query.list(ACCOUNTS.iter().map(|account| account.email));
    query.execute(tx).await?;
    Ok(())
}

/// Production refuses databases with demo accounts.
pub async fn refuse(conn: &mut Conn) -> Result<()> {
    let mut query = sql("SELECT email FROM users WHERE active = ? AND email IN ").bind(true);
    query.list(ACCOUNTS.iter().map(|account| account.email));
    if let Some((email,)) = query.optional::<(String,)>(conn).await? {
        bail!(
            "this database was filled by `afpi demo`: the password of {email} is published. DATABASE_URL chooses another one"
        );
    }
    Ok(())
}

/// The accounts that [`fill`] wrote.
pub async fn read(conn: &mut Conn) -> Result<People> {
    let mut by_role = Vec::new();
    for account in &ACCOUNTS {
        let (id,) = sql("SELECT id FROM users WHERE email = ?").bind(account.email).one::<(UserId,)>(conn).await?;
        by_role.push((account.role, id, account.name));
    }
    let commercial_of =
        sql("SELECT ul.localisation_id, u.id FROM users u JOIN user_localisations ul ON ul.user_id = u.id \
         WHERE u.role = ? AND u.email LIKE '%@demo.afpi'")
        .bind(Role::Commercial.id())
        .all::<(LocalisationId, UserId)>(conn)
        .await?;
    Ok(People { by_role, commercial_of })
}

async fn user(tx: &mut Conn, email: &str, name: &str, role: Role, hash: &str) -> Result<UserId> {
    let id = UserId::generate();
    sql("INSERT INTO users (id, email, name, name_key, role_id, role, password_hash, active, locale, tokens_from, created_at, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'fr', 0, ?, 1)")
        .bind(id).bind(email).bind(name).bind(afpi_core::collation::key(name)).bind(role.id()).bind(role.id()).bind(hash).bind(true).bind(Instant::now()).execute(tx).await?;
    Ok(id)
}

async fn at_home(tx: &mut Conn, user: UserId, site: LocalisationId) -> Result<()> {
    sql("INSERT INTO user_localisations (user_id, localisation_id) VALUES (?, ?)")
        .bind(user)
        .bind(site)
        .execute(tx)
        .await?;
    Ok(())
}
