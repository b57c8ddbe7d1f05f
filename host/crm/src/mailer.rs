//! The transport of letters: over SMTP when it is set up, otherwise as files in the data folder. It says in a word why
//! a letter was not taken, and never in the server's text: that often contains the recipient's address.

use std::path::Path;

use afpi_jobs::JobError;
use anyhow::Context;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use afpi_core::email;
use afpi_platform::config::Config;
use tracing::Instrument;

/// Sends letters.
pub enum Mailer {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Files(AsyncFileTransport<Tokio1Executor>),
}

impl Mailer {
    /// Uses `SMTP_URL`, or the folder `mail` in the data folder.
    pub fn new(config: &Config) -> anyhow::Result<Mailer> {
        Ok(match &config.smtp_url {
            // The URL may contain a password: the error must not repeat it.
            Some(url) => match AsyncSmtpTransport::<Tokio1Executor>::from_url(url) {
                Ok(builder) => Mailer::Smtp(Box::new(builder.build())),
                Err(_) => anyhow::bail!("SMTP_URL cannot be read; expected e.g. smtps://user:password@mail.example.fr"),
            },
            None => Mailer::files(&config.data_dir.join("mail"))?,
        })
    }

    fn files(folder: &Path) -> anyhow::Result<Mailer> {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        Ok(Mailer::Files(AsyncFileTransport::new(folder)))
    }

    /// Signs in to the mail server, and sends nothing.
    pub async fn inspect(&self) -> Result<(), Refusal> {
        let Mailer::Smtp(smtp) = self else { return Ok(()) };
        match smtp.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Cause::Unreachable.into()),
            Err(error) => Err(Refusal::of(&error)),
        }
    }

    /// Hands a letter over. The server takes it for all recipients or for none.
    pub async fn send(&self, letter: Message) -> Result<(), Refusal> {
        let span = afpi_trace::span!("mail", otel.kind = "client", otel.status_code = tracing::field::Empty);
        let sent = self.hand_over(letter).instrument(span.clone()).await;
        if sent.is_err() {
            span.record("otel.status_code", "ERROR");
        }
        sent
    }

    async fn hand_over(&self, letter: Message) -> Result<(), Refusal> {
        match self {
            Mailer::Smtp(smtp) => smtp.send(letter).await.map(drop).map_err(|error| Refusal::of(&error)),
            Mailer::Files(files) => files.send(letter).await.map(drop).map_err(|error| {
                tracing::warn!(error.cause = %error, "a letter is not written");
                Cause::Unreachable.into()
            }),
        }
    }
}

/// A mailbox of a person or a site. Names that are older than the rule for names may contain characters that a header
/// cannot hold.
pub fn mailbox(name: Option<&str>, address: &str) -> anyhow::Result<Mailbox> {
    let address = email::ascii(address).context("an address")?.parse().context("an address")?;
    Ok(Mailbox::new(name.map(afpi_text::salvage), address))
}

/// The mailbox that `AFPI_MAIL_FROM` names.
pub fn sender(config: &Config) -> anyhow::Result<Mailbox> {
    config.mail_from.parse().context("AFPI_MAIL_FROM is no mail address")
}

/// Why a letter was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub cause: Cause,
    /// The reply code of the server, e.g. 550.
    code: Option<String>,
}

/// Reasons for which people do different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// The server knows no such address.
    Address,
    TooLarge,
    /// The server does not let us send: policy, sign-in, reputation.
    Policy,
    /// Any other final refusal.
    Refused,
    /// The server asks to try later.
    Busy,
    /// There is no conversation with the server.
    Unreachable,
}

impl Cause {
    /// A refusal for good (5xx, RFC 5321 § 4.2.1) is not tried again.
    pub fn is_final(self) -> bool {
        !matches!(self, Cause::Busy | Cause::Unreachable)
    }

    /// By the reply code, and the enhanced code (RFC 3463) that a text may begin with: `550`, `5.1.1 unknown`.
    fn of_reply(code: &str, text: &str) -> Cause {
        let enhanced = |class: &str| text.split([' ', '-', '(', ')', ':']).any(|word| word.starts_with(class));
        match code {
            _ if enhanced("5.1.") || enhanced("5.2.1") => Cause::Address,
            _ if enhanced("5.2.3") || enhanced("5.3.4") => Cause::TooLarge,
            _ if enhanced("5.7.") => Cause::Policy,
            "550" | "551" | "553" => Cause::Address,
            "552" => Cause::TooLarge,
            "530" | "534" | "535" | "554" => Cause::Policy,
            _ => Cause::Refused,
        }
    }
}

impl Refusal {
    fn of(error: &smtp::Error) -> Refusal {
        let code = error.status().map(|code| code.to_string());
        let cause = if error.is_permanent() {
            Cause::of_reply(code.as_deref().unwrap_or_default(), &error.to_string())
        } else if error.is_transient() {
            Cause::Busy
        } else {
            Cause::Unreachable
        };
        Refusal { cause, code }
    }

    /// For logs and the page of jobs.
    pub fn message(&self) -> String {
        self.said("refuses this letter for good")
    }

    /// For somebody who checks the server.
    pub fn inspected(&self) -> String {
        self.said("refuses the account")
    }

    fn said(&self, refuses: &str) -> String {
        let code = self.code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
        let what = match self.cause {
            Cause::Busy => "asks to try later",
            Cause::Unreachable => "cannot be spoken to",
            _ => refuses,
        };
        format!("the mail server {what}{code}")
    }
}

impl From<Cause> for Refusal {
    /// For a letter that never reached the server.
    fn from(cause: Cause) -> Refusal {
        Refusal { cause, code: None }
    }
}

impl From<Refusal> for JobError {
    fn from(refusal: Refusal) -> JobError {
        let message = refusal.message();
        if refusal.cause.is_final() { JobError::fail(message) } else { JobError::retry(message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_sorted_by_what_people_can_do_about_it() {
        for (code, text, cause) in [
            ("550", "permanent error (550): 5.1.1 unknown user", Cause::Address),
            ("550", "permanent error (550): no such mailbox", Cause::Address),
            ("550", "permanent error (550): 5.7.1 relaying denied", Cause::Policy),
            ("552", "permanent error (552): too big", Cause::TooLarge),
            ("554", "permanent error (554): 5.3.4 message too big", Cause::TooLarge),
            ("535", "permanent error (535): 5.7.8 sign-in failed", Cause::Policy),
            ("554", "permanent error (554): no", Cause::Policy),
            ("500", "permanent error (500)", Cause::Refused),
        ] {
            assert_eq!(Cause::of_reply(code, text), cause, "{text}");
        }
    }
}
