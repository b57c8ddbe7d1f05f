//! Letters about an account: the jobs that look up a forgotten password's account, that send a link, and that tell a
//! change of the account. The `Message-ID` comes from the job, so that a mail program shows a letter sent twice only once.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{DbError, sql};
use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use lettre::Message;
use lettre::message::{Mailbox, header::ContentType};
use serde::Deserialize;
use uuid::Uuid;

use crate::mailer::{self, Mailer, mailbox};
use afpi_core::clock::{Instant, long_day};
use afpi_core::error::{Error, Result};
use afpi_core::id::UserId;
use afpi_core::text::{Locale, Text, text};
use afpi_platform::auth::letters;
use afpi_platform::auth::links::{self, Link, Purpose, Secret};
use afpi_platform::journal::{Activity, Actor, Author, Subject};
use afpi_platform::state::App;

/// Letters to one person within [`WINDOW`]. More would be a way to flood a mailbox from many addresses.
const AT_MOST: i64 = 5;
const WINDOW: Duration = Duration::from_secs(3600);

fn later(error: impl Into<Error>) -> JobError {
    JobError::retry(error.into().kind().code())
}

/// The secret or the address in a job's payload.
fn opened(app: &App, kind: &str, job: &JobContext) -> Result<String, JobError> {
    let opened = letters::open(&app.secrets, kind, &job.payload);
    opened
        .map(|value| value.to_string())
        .ok_or_else(|| JobError::fail("the payload does not open: was AFPI_SECRET changed?"))
}

/// Runs jobs of kind [`letters::FORGOTTEN`].
pub struct ForgottenHandler(pub App);

#[async_trait]
impl Handler for ForgottenHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let email = opened(&self.0, letters::FORGOTTEN, &job)?;
        let key = job.id.to_string();
        self.link(&email, job.correlation_id.as_deref().unwrap_or(&key)).await.map_err(later)
    }
}

impl ForgottenHandler {
    /// Makes a link for the active person with this address, if there is one, and enqueues its letter.
    async fn link(&self, email: &str, correlation_id: &str) -> Result<()> {
        let app = &self.0;
        afpi_db::retry(|| async {
            let now = Instant::now();
            let mut tx = app.db.begin().await?;
            let known = sql("SELECT id FROM users WHERE email IN (?, ?) AND active = ?")
                .bind(email)
                .bind(afpi_core::email::key(email))
                .bind(true);
            let Some((user,)) = known.optional::<(UserId,)>(&mut tx).await? else { return Ok(()) };
            if links::count_since(&mut tx, user, Purpose::Password, now - WINDOW).await? >= AT_MOST {
                tracing::warn!(user.id = %user, "many letters about a forgotten password: this one is not sent");
                return Ok(());
            }
            let (secret, _) = links::make(&mut tx, user, Purpose::Password, now).await?;
            let job = letters::link(&app.secrets, &secret, correlation_id);
            afpi_jobs::enqueue(&mut tx, &job).await.map_err(DbError::from)?;
            let author = Author { actor: Actor::System, correlation_id };
            author.on(Subject::User(user), None).record(&mut tx, Activity::LinkSent, vec![]).await?;
            Ok::<_, Error>(tx.commit().await?)
        })
        .await?;
        app.jobs.wake();
        Ok(())
    }
}

/// Sends letters to people about their accounts.
struct Post {
    app: App,
    mailer: Mailer,
    from: Mailbox,
}

/// Whom a letter goes to.
struct Recipient {
    name: String,
    email: String,
    locale: Locale,
}

impl Post {
    fn new(app: App) -> anyhow::Result<Post> {
        let (mailer, from) = (Mailer::new(&app.config)?, mailer::sender(&app.config)?);
        Ok(Post { app, mailer, from })
    }

    async fn send(&self, id: Uuid, to: &Recipient, (subject, body): (Text, Text)) -> Result<(), JobError> {
        let letter = self.compose(id, to, &subject, &body).map_err(JobError::fail)?;
        let sent = self.mailer.send(letter).await;
        let word = if sent.is_ok() { "sent" } else { "failed" };
        self.app.metrics.mails.with_label_values(&[word]).inc();
        Ok(sent?)
    }

    fn compose(&self, id: Uuid, to: &Recipient, subject: &Text, body: &Text) -> anyhow::Result<Message> {
        let host = self.from.email.domain().to_owned();
        let builder = Message::builder()
            .message_id(Some(format!("<{id}@{host}>")))
            .from(self.from.clone())
            .to(mailbox(Some(&to.name), &to.email)?)
            .subject(subject.get(to.locale));
        Ok(builder.header(ContentType::TEXT_PLAIN).body(body.get(to.locale).to_owned())?)
    }
}

impl Recipient {
    /// Old names, older than the rule for names, may contain characters that a header cannot hold.
    fn new(name: &str, email: String, locale: Locale) -> Recipient {
        Recipient { name: afpi_text::salvage(name), email, locale }
    }
}

/// Runs jobs of kind [`letters::LINK`].
pub struct LinkHandler(Post);

#[async_trait]
impl Handler for LinkHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let app = &self.0.app;
        let secret = Secret::from(opened(app, letters::LINK, &job)?);
        let mut conn = app.db.read().await.map_err(later)?;
        let link = links::find(&mut conn, &secret, Instant::now()).await.map_err(later)?;
        drop(conn);
        // Used, replaced or too old: nobody needs the letter.
        let Some(link) = link else { return Ok(()) };
        let Link { purpose, email, name, locale, .. } = link;
        let to = Recipient::new(&name, email, locale);
        let letter = words(purpose, &to.name, &to.email, &secret.url(&app.config));
        self.0.send(job.id, &to, letter).await
    }
}

impl LinkHandler {
    pub fn new(app: App) -> anyhow::Result<Arc<LinkHandler>> {
        Ok(Arc::new(LinkHandler(Post::new(app)?)))
    }
}

/// Runs jobs of kind [`letters::NOTICE`].
pub struct NoticeHandler(Post);

impl NoticeHandler {
    pub fn new(app: App) -> anyhow::Result<Arc<NoticeHandler>> {
        Ok(Arc::new(NoticeHandler(Post::new(app)?)))
    }
}

#[derive(Deserialize)]
struct Told {
    user: UserId,
    what: Activity,
    at: i64,
}

#[async_trait]
impl Handler for NoticeHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let Told { user, what, at } = Told::deserialize(&job.payload).map_err(JobError::fail)?;
        let mut conn = self.0.app.db.read().await.map_err(later)?;
        let query = sql("SELECT name, email, locale FROM users WHERE id = ?").bind(user);
        let found = query.optional::<(String, String, String)>(&mut conn).await.map_err(later)?;
        drop(conn);
        // An account that is gone needs no letter.
        let Some((name, email, locale)) = found else { return Ok(()) };
        let to = Recipient::new(&name, email, Locale::parse(&locale));
        let Some(letter) = notice(what, &to.name, Instant(at)) else { return Ok(()) };
        self.0.send(job.id, &to, letter).await
    }
}

/// Subject and body of a letter that tells a change of the account.
fn notice(what: Activity, name: &str, at: Instant) -> Option<(Text, Text)> {
    let (done, subject) = match what {
        Activity::PasswordSet => (
            text(
                "Le mot de passe de votre compte AFPI CRM a été changé",
                "The password of your AFPI CRM account was changed",
            ),
            text("Mot de passe changé", "Password changed"),
        ),
        Activity::SecondFactorSet => (
            text(
                "Un second facteur a été activé sur votre compte AFPI CRM",
                "A second factor was set up on your AFPI CRM account",
            ),
            text("Second facteur activé", "Second factor set up"),
        ),
        Activity::SecondFactorRemoved => (
            text(
                "Le second facteur de votre compte AFPI CRM a été retiré",
                "The second factor of your AFPI CRM account was taken away",
            ),
            text("Second facteur retiré", "Second factor taken away"),
        ),
        Activity::RecoveryCodesRenewed => (
            text(
                "Les codes de secours de votre compte AFPI CRM ont été remplacés",
                "The recovery codes of your AFPI CRM account were replaced",
            ),
            text("Codes de secours remplacés", "Recovery codes replaced"),
        ),
        _ => return None,
    };
    let (day, time) = (long_day(&at.day().to_string()), at.time());
    let body = text(
        format!(
            "Bonjour {name},\n\n{} le {} à {time} (heure de Paris).\n\nSi ce n'est pas vous, changez votre mot de passe et \
             prévenez votre administrateur.\n\n-- \nAFPI CRM\n",
            done.fr, day.fr
        ),
        format!(
            "Hello {name},\n\n{} on {} at {time} (Paris time).\n\nIf it was not you, change your password and tell your \
             administrator.\n\n-- \nAFPI CRM\n",
            done.en, day.en
        ),
    );
    Some((subject, body))
}

/// Subject and body of a letter with a link.
fn words(purpose: Purpose, name: &str, email: &str, url: &str) -> (Text, Text) {
    match purpose {
        Purpose::Invitation => (
            text("Votre compte AFPI CRM", "Your AFPI CRM account"),
            text(
                format!(
                    "Bonjour {name},\n\nUn compte AFPI CRM est ouvert pour vous. Choisissez votre mot de passe :\n\n{url}\n\n\
                     Ce lien sert une seule fois, pendant sept jours. Ensuite, connectez-vous avec l'adresse {email}.\n\n-- \nAFPI CRM\n"
                ),
                format!(
                    "Hello {name},\n\nAn AFPI CRM account is open for you. Choose your password:\n\n{url}\n\n\
                     This link works once, for seven days. Afterwards sign in with the address {email}.\n\n-- \nAFPI CRM\n"
                ),
            ),
        ),
        Purpose::Password => (
            text("Nouveau mot de passe AFPI CRM", "New AFPI CRM password"),
            text(
                format!(
                    "Bonjour {name},\n\nUn nouveau mot de passe est demandé pour votre compte AFPI CRM. Choisissez-le :\n\n{url}\n\n\
                     Ce lien sert une seule fois, pendant trente minutes. Vos sessions ouvertes seront fermées.\n\n\
                     Vous n'avez rien demandé ? Ne faites rien : votre mot de passe reste le même.\n\n-- \nAFPI CRM\n"
                ),
                format!(
                    "Hello {name},\n\nA new password is asked for your AFPI CRM account. Choose it:\n\n{url}\n\n\
                     This link works once, for thirty minutes. Your open sessions will be closed.\n\n\
                     You have asked for nothing? Do nothing: your password stays as it is.\n\n-- \nAFPI CRM\n"
                ),
            ),
        ),
    }
}
