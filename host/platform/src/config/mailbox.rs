//! The mailbox whose address people put in copy of their mails.

use std::net::IpAddr;

use afpi_core::email;
use anyhow::{Context, Result, bail, ensure};
use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

/// The mailbox, read by IMAP over TLS.
#[derive(Clone)]
pub struct Mailbox {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Zeroizing<String>,
    /// The address that people write to.
    pub address: String,
    /// A private authority (PEM) that has signed the server's certificate. Without it the public ones count.
    pub authority: Option<Vec<u8>>,
    /// The name under which the mail server writes what it knows of a sender into `Authentication-Results` (RFC 8601).
    /// None: everybody is believed.
    pub authserv: Option<String>,
}

/// Reads
/// - `AFPI_MAILBOX_URL`: `imaps://user:password@host[:port]`, with `%40` for an `@` in the account's name;
/// - `AFPI_MAILBOX_ADDRESS`: the address that people write to;
/// - `AFPI_MAILBOX_AUTHSERV`: whose word counts on senders, or `none`;
/// - `AFPI_MAILBOX_CA_FILE`: a private authority.
///
/// Without the first there is no drop box.
pub fn read(var: impl Fn(&'static str) -> Option<String>) -> Result<Option<Mailbox>> {
    let others = ["AFPI_MAILBOX_ADDRESS", "AFPI_MAILBOX_AUTHSERV", "AFPI_MAILBOX_CA_FILE"];
    let Some(url) = var("AFPI_MAILBOX_URL") else {
        let alone = others.into_iter().find(|name| var(name).is_some());
        ensure!(alone.is_none(), "{} needs AFPI_MAILBOX_URL", alone.unwrap_or_default());
        return Ok(None);
    };
    // An error must not repeat the password.
    let expected = "AFPI_MAILBOX_URL cannot be read; expected e.g. imaps://crm:password@mail.example.fr";
    let Ok(url) = Url::parse(&url) else { bail!(expected) };
    ensure!(url.scheme() == "imaps", "AFPI_MAILBOX_URL must begin with imaps: the mailbox is read over TLS only");
    let decoded = |part: &str| {
        let text = percent_decode_str(part).decode_utf8().ok()?;
        (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.into_owned())
    };
    let (Some(host), Some(user), Some(password)) =
        (url.host_str(), decoded(url.username()), url.password().and_then(decoded))
    else {
        bail!(expected)
    };
    let address = var("AFPI_MAILBOX_ADDRESS")
        .context("AFPI_MAILBOX_ADDRESS is required with AFPI_MAILBOX_URL: the address that people put in copy")?;
    ensure!(email::is_address(&address), "AFPI_MAILBOX_ADDRESS is no mail address");
    let authserv = var("AFPI_MAILBOX_AUTHSERV").context(
        "AFPI_MAILBOX_AUTHSERV is required with AFPI_MAILBOX_URL: the name that your mail server writes first into \
         Authentication-Results, or none to believe every sender",
    )?;
    let authority = var("AFPI_MAILBOX_CA_FILE")
        .map(|path| std::fs::read(&path).with_context(|| format!("AFPI_MAILBOX_CA_FILE: {path} cannot be read")))
        .transpose()?;
    let bracketless = host.trim_start_matches('[').trim_end_matches(']');
    Ok(Some(Mailbox {
        host: if bracketless.parse::<IpAddr>().is_ok() { bracketless } else { host }.to_owned(),
        port: url.port().unwrap_or(993),
        user,
        password: password.into(),
        address,
        authority,
        authserv: Some(authserv).filter(|name| !name.eq_ignore_ascii_case("none")),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &str); 3] = [
        ("AFPI_MAILBOX_URL", "imaps://crm%40example.fr:s%3Acret@mail.example.fr"),
        ("AFPI_MAILBOX_ADDRESS", "crm@example.fr"),
        ("AFPI_MAILBOX_AUTHSERV", "mx.example.fr"),
    ];

    fn outcome(set: &[(&str, &str)]) -> Result<Option<Mailbox>> {
        read(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_mailbox_is_read_whole_or_there_is_none() {
        assert!(outcome(&[]).unwrap().is_none());
        let mailbox = outcome(&ALL).unwrap().unwrap();
        assert_eq!((mailbox.host.as_str(), mailbox.port), ("mail.example.fr", 993));
        assert_eq!((mailbox.user.as_str(), mailbox.password.as_str()), ("crm@example.fr", "s:cret"));
        assert_eq!(mailbox.authserv.as_deref(), Some("mx.example.fr"));
        let open = outcome(&[ALL[0], ALL[1], ("AFPI_MAILBOX_AUTHSERV", "none")]).unwrap().unwrap();
        assert_eq!(open.authserv, None);
        let there = outcome(&[("AFPI_MAILBOX_URL", "imaps://a:b@[::1]:4993"), ALL[1], ALL[2]]).unwrap().unwrap();
        assert_eq!((there.host.as_str(), there.port), ("::1", 4993));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_the_password() {
        for (set, said) in [
            (&[ALL[1]][..], "needs AFPI_MAILBOX_URL"),
            (&[ALL[0], ALL[1]], "AFPI_MAILBOX_AUTHSERV is required"),
            (&[ALL[0], ALL[2]], "AFPI_MAILBOX_ADDRESS is required"),
            (&[ALL[0], ("AFPI_MAILBOX_ADDRESS", "crm"), ALL[2]], "no mail address"),
            (&[("AFPI_MAILBOX_URL", "imap://a:hidden@b"), ALL[1], ALL[2]], "over TLS only"),
            (&[("AFPI_MAILBOX_URL", "imaps://a@b"), ALL[1], ALL[2]], "expected e.g."),
            (&[("AFPI_MAILBOX_URL", "imaps://a:hidden%0A@b"), ALL[1], ALL[2]], "expected e.g."),
            (&[ALL[0], ALL[1], ALL[2], ("AFPI_MAILBOX_CA_FILE", "/no/such.pem")], "cannot be read"),
        ] {
            let Err(error) = outcome(set) else { panic!("{set:?} was accepted") };
            let error = format!("{error:#}");
            assert!(error.contains(said) && !error.contains("hidden"), "{set:?}: {error}");
        }
    }
}
