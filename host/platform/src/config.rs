//! Settings, read once from the environment and from the files that it names. Every error names the variable. Secrets
//! are never printed.

mod backup;
mod mailbox;
mod names;
mod place;
mod redis;
mod secret;
#[cfg(test)]
mod tests;
mod traces;
mod vars;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use afpi_core::keys::Secrets;
use afpi_files::Clamd;
use afpi_jobs::Redis;
use anyhow::{Context, Result, bail, ensure};
use ipnet::IpNet;
use zeroize::Zeroizing;

pub use backup::Backup;
pub use mailbox::Mailbox;
pub use traces::Traces;
pub use vars::{Fault, Vars};

/// All settings of the host.
pub struct Config {
    /// Demo mode: demo accounts and data, loopback only.
    pub demo: Option<Demo>,
    /// `AFPI_LISTEN` (`host:port`), or 127.0.0.1 with `PORT` (default 3000).
    pub listen: SocketAddr,
    /// `AFPI_WORKER_LISTEN` (`host:port`, default 127.0.0.1:3001): where `afpi worker` answers `/metrics`, `/healthz`
    /// and `/readyz`.
    pub worker_listen: SocketAddr,
    /// `AFPI_DATA_DIR` (default `data`): SQLite file, plugin cache, mail files, generated keys.
    pub data_dir: PathBuf,
    /// `AFPI_FILES_URL`: where uploaded files are kept, `file:///folder` or `s3://bucket/prefix` (with `AWS_…`
    /// variables). Without it in the data folder. All processes need the same one.
    pub files_url: Option<String>,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`: the account of the bucket. The other `AWS_…`
    /// variables are read by its client.
    pub bucket_account: Vec<(&'static str, Zeroizing<String>)>,
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
    /// `AFPI_SECRET`: 32 characters or more. Signs tokens and encrypts plugin secrets. `AFPI_SECRET_NEXT` and
    /// `AFPI_SECRET_PREVIOUS` are accepted too, while one takes over from the other.
    pub secret: Secrets,
    /// `AFPI_PUBLIC_URL`: the product's public address. Decides on secure cookies, and is the base of links in mails.
    pub public_url: String,
    /// `SMTP_URL` (`smtps://user:password@host`). Without it mails become files in the data folder.
    pub smtp_url: Option<String>,
    /// `AFPI_MAIL_FROM`.
    pub mail_from: String,
    /// The mailbox of the drop box, see [`Mailbox`] for the names. All processes need the same one.
    pub mailbox: Option<Mailbox>,
    /// `AFPI_TRUSTED_PROXIES`: addresses and networks whose `X-Forwarded-For` is trusted, comma-separated.
    pub trusted_proxies: Vec<IpNet>,
    /// `AFPI_PLUGIN_DEV` (`1` or `0`; on in demo mode): allows unsigned plugins, and reloading them without consent.
    /// Not for installations with real data.
    pub plugin_dev: bool,
    /// `AFPI_API_DOCS` (`1` or `0`; on in demo mode): shows the page `/api/docs`.
    pub api_docs: bool,
    /// `AFPI_WEBHOOK_PRIVATE` (`1` or `0`): webhooks may lead into the network of the server, also without HTTPS.
    pub webhook_private: bool,
    /// `AFPI_PLUGIN_MEMORY_MIB`: memory limit of all plugins of the process together (default: a quarter of the
    /// machine's memory, or of its control group's), in bytes.
    pub plugin_memory: u64,
    /// Where traces go.
    pub traces: Option<Traces>,
    /// `AFPI_TYPESET`: the program that makes documents (default: `afpi-typeset` beside this program). Without it
    /// there are no documents, and everything else works.
    pub typeset: Option<PathBuf>,
    /// Backups, see [`Backup`] for the names.
    pub backup: Backup,
    /// `AFPI_BIN_DAYS` (default 30): how long a record stays in the bin before it goes for good.
    pub bin_days: u32,
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

/// At least what one plugin may request.
fn plugin_memory(vars: &Vars) -> Result<u64> {
    let Some(mib) = vars.parsed::<u64>("AFPI_PLUGIN_MEMORY_MIB")? else { return Ok(afpi_plugins::quarter_of_memory()) };
    let least = u64::from(afpi_plugins::manifest::MAX_MEMORY_MIB);
    ensure!((least..=1 << 20).contains(&mib), "AFPI_PLUGIN_MEMORY_MIB must be {least} or more, in MiB");
    Ok(mib << 20)
}

fn bin_days(vars: &Vars) -> Result<u32> {
    let days = vars.parsed("AFPI_BIN_DAYS")?.unwrap_or(30);
    ensure!((1..=3650).contains(&days), "AFPI_BIN_DAYS must be between 1 and 3650");
    Ok(days)
}

fn db_connections(vars: &Vars) -> Result<u32> {
    let connections = vars.parsed("AFPI_DB_CONNECTIONS")?.unwrap_or(10);
    ensure!((1..=1000).contains(&connections), "AFPI_DB_CONNECTIONS must be between 1 and 1000");
    Ok(connections)
}

fn mail_from(vars: &Vars) -> Result<String> {
    let from = vars.get("AFPI_MAIL_FROM").unwrap_or_else(|| "AFPI CRM <crm@localhost>".into());
    if let Err(error) = from.parse::<lettre::message::Mailbox>() {
        bail!("AFPI_MAIL_FROM is no mail address: {error}");
    }
    Ok(from)
}

fn listen(vars: &Vars) -> Result<SocketAddr> {
    let port = vars.parsed("PORT")?.unwrap_or(3000);
    Ok(vars.parsed("AFPI_LISTEN")?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], port))))
}

fn worker_listen(vars: &Vars) -> Result<SocketAddr> {
    Ok(vars.parsed("AFPI_WORKER_LISTEN")?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3001))))
}

/// What was read, with a stand-in for each setting that is wrong, and everything that is wrong.
pub struct Look {
    pub config: Config,
    pub faults: Vec<Fault>,
    /// Names that are ignored and may be misspelt.
    pub remarks: Vec<String>,
}

impl Look {
    fn done(config: Config, vars: Vars) -> Look {
        Look { config, faults: vars.faults, remarks: vars.remarks }
    }

    /// The settings, if all are right; otherwise all errors.
    fn settled(self) -> Result<Config> {
        for remark in self.remarks {
            tracing::warn!("{remark}");
        }
        let messages: Vec<_> = self.faults.into_iter().map(|fault| fault.message).collect();
        ensure!(messages.is_empty(), "{}", messages.join("\nafpi: "));
        Ok(self.config)
    }
}

/// Where traces go, without any other setting: the log, which they are part of, begins before the settings are read.
pub fn traces() -> Result<Option<Traces>> {
    traces::read(&Vars::here())
}

/// Where the two services listen, without any other setting: for the health check, which needs no secret.
pub fn listening() -> Result<(SocketAddr, SocketAddr)> {
    let vars = Vars::here();
    Ok((listen(&vars)?, worker_listen(&vars)?))
}

impl Config {
    /// Settings for `afpi serve`, `worker`, `migrate` and `admin`: secrets required, weak ones refused.
    pub fn production() -> Result<Config> {
        Self::look(Vars::here()).settled()
    }

    /// Reads the same settings, and says everything that is wrong with them.
    pub fn look(mut vars: Vars) -> Look {
        let secret = secret::read(&mut vars);
        let public_url = vars
            .get("AFPI_PUBLIC_URL")
            .context("AFPI_PUBLIC_URL is required, e.g. https://crm.example.fr")
            .and_then(|url| place::origin(&url));
        let public_url = vars.or("AFPI_PUBLIC_URL", public_url, String::new());
        if vars.get("DATABASE_URL").is_none() && !vars.faults.iter().any(|fault| fault.setting == "DATABASE_URL") {
            vars.fault("DATABASE_URL", &"DATABASE_URL is required, e.g. mysql://afpi:…@db/afpi");
        }
        let config = Self::read(&mut vars, None, secret, Some(public_url));
        Look::done(config, vars)
    }

    /// Settings for `afpi demo`: everything has a default. Refused where it could be mistaken for production.
    pub fn demo() -> Result<Config> {
        let mut vars = Vars::here();
        for name in ["AFPI_SECRET", "AFPI_PUBLIC_URL", "SMTP_URL"] {
            ensure!(
                vars.get(name).is_none(),
                "demo mode refuses to start with the production setting {name}; use `afpi serve`"
            );
        }
        for name in ["REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"] {
            ensure!(vars.get(name).is_none(), "demo mode refuses {name}: one server is enough for it");
        }
        for name in ["DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"] {
            if let Some(url) = vars.get(name) {
                ensure!(
                    url.starts_with("sqlite:") || place::is_loopback(&url),
                    "demo mode refuses {name}: it only talks to servers on this machine; use `afpi serve`"
                );
            }
        }
        let demo = Demo { password: vars.get("AFPI_DEMO_PASSWORD").unwrap_or_else(|| DEMO_PASSWORD.into()) };
        let config = Self::read(&mut vars, Some(demo), Secrets::from(""), None);
        let mut config = Look::done(config, vars).settled()?;
        ensure!(config.listen.ip().is_loopback(), "demo mode listens on loopback only, not on {}", config.listen);
        let secret = secret::of_demo(&config.data_dir)
            .with_context(|| format!("the demo's secret in {}", config.data_dir.display()))?;
        config.secret = Secrets::from(&**secret);
        Ok(config)
    }

    fn read(vars: &mut Vars, demo: Option<Demo>, secret: Secrets, public_url: Option<String>) -> Config {
        macro_rules! read {
            ($name:literal, $read:expr, $otherwise:expr) => {{
                let read = $read;
                vars.or($name, read, $otherwise)
            }};
        }
        let local = SocketAddr::from(([127, 0, 0, 1], 0));
        let listen = read!("AFPI_LISTEN", listen(vars), local);
        let data_dir = PathBuf::from(vars.get("AFPI_DATA_DIR").unwrap_or_else(|| "data".into()));
        let database_url =
            vars.get("DATABASE_URL").unwrap_or_else(|| format!("sqlite://{}", data_dir.join("afpi.db").display()));
        if !database_url.starts_with("mysql:") && !database_url.starts_with("sqlite:") {
            vars.fault("DATABASE_URL", &"DATABASE_URL must begin with mysql: or sqlite:");
        }
        let replica_url = vars.get("DATABASE_REPLICA_URL");
        if let Some(url) = &replica_url
            && !(url.starts_with("mysql:") && database_url.starts_with("mysql:"))
        {
            let message = "DATABASE_REPLICA_URL and DATABASE_URL must both begin with mysql:";
            vars.fault("DATABASE_REPLICA_URL", &message);
        }
        let networks = vars.get("AFPI_TRUSTED_PROXIES").map(|list| place::networks(&list)).transpose();
        let clamd = vars.get("AFPI_CLAMD").map(|text| Clamd::read(&text)).transpose().context("AFPI_CLAMD");
        let account = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
        let minutes = |m: u64| Duration::from_secs(m * 60);
        Config {
            public_url: public_url.unwrap_or_else(|| format!("http://{listen}")),
            listen,
            worker_listen: read!("AFPI_WORKER_LISTEN", worker_listen(vars), local),
            data_dir,
            files_url: vars.get("AFPI_FILES_URL"),
            bucket_account: account.into_iter().filter_map(|name| Some((name, vars.get(name)?.into()))).collect(),
            clamd: read!("AFPI_CLAMD", clamd, None),
            database_url,
            replica_url,
            db_connections: read!("AFPI_DB_CONNECTIONS", db_connections(vars), 1),
            redis: read!("REDIS_URL", redis::read(|name| vars.get(name)), None),
            secret,
            smtp_url: vars.get("SMTP_URL"),
            mail_from: read!("AFPI_MAIL_FROM", mail_from(vars), String::new()),
            mailbox: read!("AFPI_MAILBOX_URL", mailbox::read(|name| vars.get(name)), None),
            trusted_proxies: read!("AFPI_TRUSTED_PROXIES", networks.map(Option::unwrap_or_default), Vec::new()),
            plugin_dev: read!("AFPI_PLUGIN_DEV", vars.switch("AFPI_PLUGIN_DEV"), None).unwrap_or(demo.is_some()),
            api_docs: read!("AFPI_API_DOCS", vars.switch("AFPI_API_DOCS"), None).unwrap_or(demo.is_some()),
            webhook_private: read!("AFPI_WEBHOOK_PRIVATE", vars.switch("AFPI_WEBHOOK_PRIVATE"), None)
                .unwrap_or(demo.is_some()),
            plugin_memory: read!("AFPI_PLUGIN_MEMORY_MIB", plugin_memory(vars), 0),
            traces: read!("OTEL_EXPORTER_OTLP_ENDPOINT", traces::read(vars), None),
            typeset: vars.get("AFPI_TYPESET").map(PathBuf::from),
            bin_days: read!("AFPI_BIN_DAYS", bin_days(vars), 30),
            backup: Backup {
                dir: read!("AFPI_BACKUP_DIR", backup::dir(vars), None),
                at: read!("AFPI_BACKUP_AT", backup::at(vars), Backup::default().at),
                keep: read!("AFPI_BACKUP_KEEP", backup::keep(vars), Backup::default().keep),
                passphrase: read!("AFPI_BACKUP_PASSPHRASE", backup::passphrase(vars), None),
            },
            access_lifetime: minutes(10),
            refresh_lifetime: minutes(60 * 24 * 2),
            family_lifetime: minutes(60 * 24 * 14),
            demo,
        }
    }

    /// Warnings about settings that are allowed, but rarely intended with real data.
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if !self.public_url.is_empty() && !self.https() && !place::is_loopback(&self.public_url) {
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
        if self.webhook_private {
            doubts.push("AFPI_WEBHOOK_PRIVATE is on: webhooks reach the network of this server".into());
        }
        for (name, url) in
            [("DATABASE_URL", Some(&self.database_url)), ("DATABASE_REPLICA_URL", self.replica_url.as_ref())]
        {
            let account = url.and_then(|url| url::Url::parse(url).ok());
            if account.is_some_and(|url| url.scheme() == "mysql" && url.password().unwrap_or_default().is_empty()) {
                doubts
                    .push(format!("{name} has no password: whoever reaches the server can read and change everything"));
            }
        }
        if self.trusted_proxies.iter().any(|net| net.prefix_len() == 0) {
            doubts.push(
                "AFPI_TRUSTED_PROXIES trusts everybody: callers choose their own address, and sign-in limits are void"
                    .into(),
            );
        }
        if let Some(url) = &self.smtp_url
            && url.starts_with("smtp://")
            && !url.contains("tls=required")
            && !place::is_loopback(url)
        {
            doubts
                .push("SMTP_URL is smtp:// without tls=required: mails and the password can be read on the way".into());
        }
        if self.mailbox.as_ref().is_some_and(|mailbox| mailbox.authserv.is_none()) {
            doubts.push(
                "AFPI_MAILBOX_AUTHSERV is none: whoever can write to the drop box can file mails in a colleague's name"
                    .into(),
            );
        }
        if self.secret.repeats() {
            doubts.push("AFPI_SECRET_NEXT or AFPI_SECRET_PREVIOUS is AFPI_SECRET itself: nothing is rotated".into());
        }
        doubts
    }

    /// Is there a mail server? Files in the data folder reach nobody.
    pub fn sends_letters(&self) -> bool {
        self.smtp_url.is_some()
    }

    /// Is the public address HTTPS? Then cookies are `Secure` and HSTS is sent.
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
