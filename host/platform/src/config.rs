//! Settings, read once from the environment. Every error names the variable. Secrets are never printed.

mod names;
mod redis;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use afpi_files::Clamd;
use afpi_jobs::Redis;
use anyhow::{Context, Result, bail, ensure};
use zeroize::Zeroizing;

/// All settings of the host.
pub struct Config {
    /// Demo mode: demo accounts and data, loopback only.
    pub demo: Option<Demo>,
    /// `AFPI_LISTEN` (`host:port`), or 127.0.0.1 with `PORT` (default 3000).
    pub listen: SocketAddr,
    /// `AFPI_DATA_DIR` (default `data`): SQLite file, plugin cache, mail files, generated keys.
    pub data_dir: PathBuf,
    /// `AFPI_FILES_URL`: where uploaded files are kept, `file:///folder` or `s3://bucket/prefix` (with `AWS_…`
    /// variables). Without it in the data folder. All processes need the same one.
    pub files_url: Option<String>,
    /// `AFPI_CLAMD` (`host:port` or `unix:/path`): the virus scanner that looks at uploaded files. Without it none
    /// does. All processes need the same one.
    pub clamd: Option<Clamd>,
    /// `DATABASE_URL`: `mysql://…` or `sqlite://…` (default: a file in the data folder).
    pub database_url: String,
    /// `DATABASE_REPLICA_URL`: `mysql://…` of a read-only replica, for reads that may be a moment old. MariaDB only.
    pub replica_url: Option<String>,
    /// `AFPI_DB_CONNECTIONS` (default 10).
    pub db_connections: u32,
    /// The job queue, and the bus between processes. Without Redis both use the database. See [`redis::read`] for the
    /// names.
    pub redis: Option<Redis>,
    /// `AFPI_SECRET`: 32 characters or more. Signs tokens and encrypts plugin secrets.
    pub secret: Zeroizing<String>,
    /// `AFPI_PUBLIC_URL`: the product's public address. Decides on secure cookies, and is the base of links in mails.
    pub public_url: String,
    /// `SMTP_URL` (`smtps://user:password@host`). Without it mails become files in the data folder.
    pub smtp_url: Option<String>,
    /// `AFPI_MAIL_FROM`.
    pub mail_from: String,
    /// `AFPI_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is trusted, comma-separated.
    pub trusted_proxies: Vec<IpAddr>,
    /// `AFPI_PLUGIN_DEV` (`1` or `0`; on in demo mode): allows unsigned plugins, and reloading them without consent.
    /// Not for installations with real data.
    pub plugin_dev: bool,
    /// `AFPI_API_DOCS` (`1` or `0`; on in demo mode): shows the page `/api/docs`.
    pub api_docs: bool,
    /// `AFPI_PLUGIN_MEMORY_MIB`: memory limit of all plugins of the process together (default: a quarter of the
    /// machine's memory, or of its control group's), in bytes.
    pub plugin_memory: u64,
    /// `AFPI_TYPESET`: the program that makes documents (default: `afpi-typeset` beside this program). Without it
    /// there are no documents, and everything else works.
    pub typeset: Option<PathBuf>,
    /// Lifetime of an access token.
    pub access_lifetime: Duration,
    /// Lifetime of an unused refresh token, and of its family.
    pub refresh_lifetime: Duration,
    pub family_lifetime: Duration,
}

/// Settings of demo mode.
#[derive(Clone)]
pub struct Demo {
    /// `AFPI_DEMO_PASSWORD` (default `demo-afpi-2026`): the password of every demo account.
    pub password: String,
}

/// The default password of the demo accounts. It is public, so production refuses it.
pub const DEMO_PASSWORD: &str = "demo-afpi-2026";

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// At least what one plugin may request.
fn plugin_memory() -> Result<u64> {
    let Some(mib) = parsed::<u64>("AFPI_PLUGIN_MEMORY_MIB")? else { return Ok(afpi_plugins::quarter_of_memory()) };
    let least = u64::from(afpi_plugins::manifest::MAX_MEMORY_MIB);
    ensure!((least..=1 << 20).contains(&mib), "AFPI_PLUGIN_MEMORY_MIB must be {least} or more, in MiB");
    Ok(mib << 20)
}

fn parsed<T: std::str::FromStr>(name: &str) -> Result<Option<T>>
where
    T::Err: fmt::Display,
{
    var(name).map(|v| v.parse().map_err(|e| anyhow::anyhow!("{name} cannot be read: {e}"))).transpose()
}

/// On or off.
fn switch(name: &str) -> Result<Option<bool>> {
    Ok(match var(name).as_deref() {
        None => None,
        Some("1" | "true") => Some(true),
        Some("0" | "false") => Some(false),
        Some(other) => bail!("{name} must be 1 or 0, not {other}"),
    })
}

/// `https://host[:port]` of a public address. Links begin with it, and cookies are valid for all of it.
fn origin(text: &str) -> Result<String> {
    const EXAMPLE: &str = "e.g. https://crm.example.fr";
    let url = url::Url::parse(text).with_context(|| format!("AFPI_PUBLIC_URL is no address, {EXAMPLE}"))?;
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()),
        "AFPI_PUBLIC_URL must begin with https:// or http:// and name a host, {EXAMPLE}"
    );
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    ensure!(
        bare && url.username().is_empty() && url.password().is_none(),
        "AFPI_PUBLIC_URL must be a host alone, without account, path or parameters, {EXAMPLE}"
    );
    Ok(url.origin().ascii_serialization())
}

impl Config {
    /// Settings for `afpi serve`, `worker`, `migrate` and `admin`: secrets required, weak ones refused.
    pub fn production() -> Result<Config> {
        let secret = var("AFPI_SECRET")
            .context("AFPI_SECRET is required: 32 characters or more, e.g. from `openssl rand -base64 36`")?;
        check_secret(&secret)?;
        let public_url = var("AFPI_PUBLIC_URL").context("AFPI_PUBLIC_URL is required, e.g. https://crm.example.fr")?;
        ensure!(var("DATABASE_URL").is_some(), "DATABASE_URL is required, e.g. mysql://afpi:…@db/afpi");
        Self::read(None, secret, Some(origin(&public_url)?))
    }

    /// Settings for `afpi demo`: everything has a default. Refused where it could be mistaken for production.
    pub fn demo() -> Result<Config> {
        for name in ["AFPI_SECRET", "AFPI_PUBLIC_URL", "SMTP_URL"] {
            ensure!(
                var(name).is_none(),
                "demo mode refuses to start with the production setting {name}; use `afpi serve`"
            );
        }
        for name in ["REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"] {
            ensure!(var(name).is_none(), "demo mode refuses {name}: one server is enough for it");
        }
        for name in ["DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"] {
            if let Some(url) = var(name) {
                ensure!(
                    url.starts_with("sqlite:") || is_loopback_url(&url),
                    "demo mode refuses {name}: it only talks to servers on this machine; use `afpi serve`"
                );
            }
        }
        let demo = Demo { password: var("AFPI_DEMO_PASSWORD").unwrap_or_else(|| DEMO_PASSWORD.into()) };
        let mut config = Self::read(Some(demo), String::new(), None)?;
        ensure!(config.listen.ip().is_loopback(), "demo mode listens on loopback only, not on {}", config.listen);
        config.secret = demo_secret(&config.data_dir)
            .with_context(|| format!("the demo's secret in {}", config.data_dir.display()))?
            .into();
        Ok(config)
    }

    /// `AFPI_WORKER_LISTEN` (`host:port`, default 127.0.0.1:3001): where `afpi worker` answers `/metrics`, `/healthz`
    /// and `/readyz`.
    pub fn worker_listen() -> Result<SocketAddr> {
        Ok(parsed("AFPI_WORKER_LISTEN")?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3001))))
    }

    fn read(demo: Option<Demo>, secret: String, public_url: Option<String>) -> Result<Config> {
        for remark in names::check(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))? {
            tracing::warn!("{remark}");
        }
        let port = parsed("PORT")?.unwrap_or(3000);
        let listen = parsed("AFPI_LISTEN")?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], port)));
        let data_dir = PathBuf::from(var("AFPI_DATA_DIR").unwrap_or_else(|| "data".into()));
        let database_url =
            var("DATABASE_URL").unwrap_or_else(|| format!("sqlite://{}", data_dir.join("afpi.db").display()));
        if !database_url.starts_with("mysql:") && !database_url.starts_with("sqlite:") {
            bail!("DATABASE_URL must begin with mysql: or sqlite:");
        }
        let replica_url = var("DATABASE_REPLICA_URL");
        if let Some(url) = &replica_url {
            ensure!(
                url.starts_with("mysql:") && database_url.starts_with("mysql:"),
                "DATABASE_REPLICA_URL and DATABASE_URL must both begin with mysql:"
            );
        }
        let trusted_proxies = var("AFPI_TRUSTED_PROXIES")
            .map(|list| list.split(',').map(|ip| ip.trim().parse()).collect::<Result<Vec<IpAddr>, _>>())
            .transpose()
            .context("AFPI_TRUSTED_PROXIES must be addresses separated by commas")?
            .unwrap_or_default();
        let db_connections = parsed("AFPI_DB_CONNECTIONS")?.unwrap_or(10);
        ensure!((1..=1000).contains(&db_connections), "AFPI_DB_CONNECTIONS must be between 1 and 1000");
        let mail_from = var("AFPI_MAIL_FROM").unwrap_or_else(|| "AFPI CRM <crm@localhost>".into());
        if let Err(error) = mail_from.parse::<lettre::message::Mailbox>() {
            bail!("AFPI_MAIL_FROM is no mail address: {error}");
        }
        let plugin_dev = switch("AFPI_PLUGIN_DEV")?.unwrap_or(demo.is_some());
        let api_docs = switch("AFPI_API_DOCS")?.unwrap_or(demo.is_some());
        let minutes = |m: u64| Duration::from_secs(m * 60);
        Ok(Config {
            demo,
            public_url: public_url.unwrap_or_else(|| format!("http://{listen}")),
            listen,
            data_dir,
            files_url: var("AFPI_FILES_URL"),
            clamd: var("AFPI_CLAMD").map(|text| Clamd::read(&text)).transpose().context("AFPI_CLAMD")?,
            database_url,
            replica_url,
            db_connections,
            redis: redis::read(var)?,
            secret: Zeroizing::new(secret),
            smtp_url: var("SMTP_URL"),
            mail_from,
            trusted_proxies,
            plugin_dev,
            api_docs,
            plugin_memory: plugin_memory()?,
            typeset: var("AFPI_TYPESET").map(PathBuf::from),
            access_lifetime: minutes(10),
            refresh_lifetime: minutes(60 * 24 * 2),
            family_lifetime: minutes(60 * 24 * 14),
        })
    }

    /// Warnings about settings that are allowed, but rarely intended with real data.
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if !self.https() && !is_loopback_url(&self.public_url) {
            doubts.push(
                "AFPI_PUBLIC_URL is http://: passwords and sessions can be read on the way, and cookies are not Secure"
                    .into(),
            );
        }
        if self.listen.ip().is_unspecified() {
            doubts.push(format!(
                "AFPI_LISTEN is {}: every network of this machine reaches the service without TLS",
                self.listen
            ));
        }
        if self.plugin_dev {
            doubts.push("AFPI_PLUGIN_DEV is on: unsigned plugins run, and are reloaded without consent".into());
        }
        if self.api_docs {
            doubts.push("AFPI_API_DOCS is on: everybody can read /api/docs".into());
        }
        doubts
    }

    /// Is the public address HTTPS? Then cookies are `Secure` and HSTS is sent.
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// A demo's own secret, generated at its first start and stored in its folder, so that stored plugin secrets can still
/// be decrypted at the next start.
fn demo_secret(data_dir: &Path) -> std::io::Result<String> {
    let path = data_dir.join("demo-secret");
    match std::fs::read_to_string(&path) {
        Ok(secret) if secret.len() >= 32 => return Ok(secret),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(data_dir)?;
    let secret = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(&path)?, secret.as_bytes())?;
    Ok(secret)
}

/// Refuses secrets that are short, repetitive or published.
fn check_secret(secret: &str) -> Result<()> {
    ensure!(secret.len() >= 32, "AFPI_SECRET is too short: 32 characters or more are needed");
    let distinct = secret.bytes().collect::<std::collections::BTreeSet<_>>().len();
    ensure!(distinct >= 12, "AFPI_SECRET is too simple: it repeats few characters");
    ensure!(!secret.to_ascii_lowercase().contains("change"), "AFPI_SECRET is still the example value");
    Ok(())
}

fn is_loopback_url(url: &str) -> bool {
    url::Url::parse(url).ok().is_some_and(|url| match url.host() {
        // Only special schemes have their addresses parsed. In `mysql:` and `redis:` an address is a name.
        Some(url::Host::Domain(name)) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_keeps_its_secret_to_itself_and_over_restarts() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        let first = demo_secret(&folder).unwrap();
        assert!(first.len() >= 32);
        assert_eq!(demo_secret(&folder).unwrap(), first);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(folder.join("demo-secret")).unwrap()) & 0o777,
            0o600
        );
    }

    #[test]
    fn weak_secrets_are_refused() {
        for weak in ["short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "change-me-please-0123456789-abcdefghij"] {
            assert!(check_secret(weak).is_err(), "{weak}");
        }
        assert!(check_secret("q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu").is_ok());
    }

    #[test]
    fn a_public_address_is_a_host() {
        for (text, origin_of) in [
            ("https://crm.example.fr", "https://crm.example.fr"),
            ("https://crm.example.fr/", "https://crm.example.fr"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://crm.example.fr:443", "https://crm.example.fr"),
        ] {
            assert_eq!(origin(text).unwrap(), origin_of, "{text}");
        }
        for wrong in [
            "notaurl",
            "crm.example.fr",
            "ftp://crm.example.fr",
            "https://",
            "https://crm.example.fr/crm",
            "https://user:word@crm.example.fr",
            "https://crm.example.fr?x=1",
            "mailto:crm@example.fr",
        ] {
            let said = origin(wrong).unwrap_err().to_string();
            assert!(said.starts_with("AFPI_PUBLIC_URL"), "{wrong}: {said}");
        }
    }

    #[test]
    fn only_this_machine_counts_as_loopback() {
        for (url, loopback) in [
            ("mysql://root@127.0.0.1:3306/afpi", true),
            ("redis://localhost:6379", true),
            ("redis://[::1]:6379", true),
            ("mysql://db.example.fr/afpi", false),
            ("mysql://127.0.0.1.example.fr/afpi", false),
        ] {
            assert_eq!(is_loopback_url(url), loopback, "{url}");
        }
    }
}
