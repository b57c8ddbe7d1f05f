//! People in `afpi admin`: creates the first account when nobody can sign in yet.

use std::collections::BTreeSet;

use afpi_db::{Db, sql};
use anyhow::{Context, Result, bail, ensure};

use super::User;
use super::create::check;
use super::store::{self, COLUMNS, NewUser, UserRow};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, FieldProblem};
use afpi_core::id::{LocalisationId, UserId};
use afpi_platform::auth::weak::Owner;
use afpi_platform::auth::{links, password, second_factor, session};
use afpi_platform::journal::{Activity, Actor, Author, Subject};
use afpi_platform::roles;

use afpi_core::scope::Scope;
use afpi_core::text::Locale;

/// An account to create from the command line.
pub struct Account<'a> {
    pub email: &'a str,
    pub name: &'a str,
    /// The id of a role, e.g. `admin`.
    pub role: &'a str,
    /// Codes, e.g. `AFPI-02`.
    pub localisations: &'a [String],
    pub password: String,
}

/// Creates an account with the rules of the API.
pub async fn create_user(db: &Db, account: Account<'_>) -> Result<UserId> {
    let known = roles::all(&mut db.read().await?).await?;
    let role = known.get(account.role).with_context(|| {
        let known: BTreeSet<&str> = known.keys().map(String::as_str).collect();
        format!("unknown role {}; known: {}", account.role, Vec::from_iter(known).join(", "))
    })?;
    let access = Some(&role.access);
    let email = check(account.email, account.name, access, account.localisations.len(), Some(&account.password))
        .map_err(words)?;
    let password_hash = password::hash(account.password).await.map_err(why)?;
    let mut tx = db.begin().await?;
    let mut sites = Vec::new();
    for code in account.localisations {
        let site = sql("SELECT id FROM localisations WHERE code = ?")
            .bind(code)
            .optional::<(LocalisationId,)>(&mut tx)
            .await?;
        sites.push(site.with_context(|| format!("unknown localisation {code}"))?.0);
    }
    let (name, role) = (afpi_text::line(account.name), role.id.clone());
    let new = NewUser { email, name, role, sites, locale: Locale::Fr, password_hash };
    let id = store::insert(&mut tx, &new, Instant::now()).await.map_err(why)?;
    let user = store::load(&mut tx, &Scope::All, id).await.map_err(why)?;
    by_hand("admin create-user").on(Subject::User(id), None).write(&mut tx, None, Some(&user)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Gives an account a new password and ends its sessions.
pub async fn set_password(db: &Db, email: &str, new: String) -> Result<()> {
    let email = afpi_core::email::account(email);
    let known =
        sql("SELECT id, name FROM users WHERE email IN (?, ?)").bind(&email).bind(afpi_core::email::key(&email));
    let Some((id, name)) = known.optional::<(UserId, String)>(&mut db.read().await?).await? else {
        bail!("there is no account {email}");
    };
    let problems = password::check_new(&new, Owner { email: &email, name: &name }, "/password");
    ensure!(problems.is_empty(), words(problems));
    let hash = password::hash(new).await.map_err(why)?;
    let mut tx = db.begin().await?;
    sql("UPDATE users SET password_hash = ?, tokens_from = ?, version = version + 1 WHERE id = ?")
        .bind(hash)
        .bind(Instant::now())
        .bind(id)
        .execute(&mut tx)
        .await?;
    session::end_all(&mut tx, id, None).await.map_err(why)?;
    links::end_all(&mut tx, id, Instant::now()).await.map_err(why)?;
    by_hand("admin set-password").on(Subject::User(id), None).record(&mut tx, Activity::PasswordSet, vec![]).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the second factor of an account away, and ends its sessions. Returns whether there was one.
pub async fn reset_second_factor(db: &Db, email: &str) -> Result<bool> {
    let email = afpi_core::email::account(email);
    let known = sql("SELECT id FROM users WHERE email IN (?, ?)").bind(&email).bind(afpi_core::email::key(&email));
    let Some((id,)) = known.optional::<(UserId,)>(&mut db.read().await?).await? else {
        bail!("there is no account {email}");
    };
    let mut tx = db.begin().await?;
    let had = second_factor::clear(&mut tx, id).await.map_err(why)?;
    if had {
        session::end_all(&mut tx, id, None).await.map_err(why)?;
        let line = by_hand("admin reset-second-factor").on(Subject::User(id), None);
        line.record(&mut tx, Activity::SecondFactorRemoved, vec![]).await?;
    }
    tx.commit().await?;
    Ok(had)
}

/// All accounts, by address.
pub async fn list_users(db: &Db) -> Result<Vec<User>> {
    let mut conn = db.read().await?;
    let mut query = Scope::All.users(COLUMNS, "");
    query.push(" ORDER BY u.email");
    let rows: Vec<UserRow> = query.all(&mut conn).await?;
    store::show(&mut conn, rows).await.map_err(why)
}

/// The author of a command on the server.
fn by_hand(command: &str) -> Author<'_> {
    Author { actor: Actor::Cli, correlation_id: command }
}

fn words(problems: Vec<FieldProblem>) -> anyhow::Error {
    let lines: Vec<String> =
        problems.into_iter().map(|p| format!("{}: {}", p.field.trim_start_matches('/'), p.message.en)).collect();
    anyhow::anyhow!(lines.join("\n"))
}

fn why(problem: Error) -> anyhow::Error {
    match problem.kind().code() {
        "duplicate" => anyhow::anyhow!("an account with this address is already there"),
        code => anyhow::anyhow!("{code}; the log says more"),
    }
}
