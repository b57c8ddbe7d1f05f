//! Asks each part that the settings name. A wrong password, which only a person can correct, is an error; a server that
//! is silent is away.

use std::path::Path;
use std::time::Duration;

use afpi_crm::courriels;
use afpi_crm::mailer::Mailer;
use afpi_db::{Db, DbError, Server};
use afpi_jobs::JobsError;
use afpi_platform::config::Config;
use afpi_platform::ops::trace;
use afpi_platform::secrets::Secrets;

use super::{Finding, Level};

/// How long a part may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// The oldest MariaDB that has what the queries need.
const OLDEST: (u32, u32) = (10, 6);

/// All parts, at once. A part whose setting is wrong is not asked.
pub async fn ask(config: &Config, findings: &mut Vec<Finding>) {
    let wrong = |name: &str| findings.iter().any(|f| f.level == Level::Error && f.subject == name);
    let (db, redis, clamd) = (!wrong("DATABASE_URL"), !wrong("REDIS_URL"), !wrong("AFPI_CLAMD"));
    let (replica, secret) = (db && !wrong("DATABASE_REPLICA_URL"), !wrong("AFPI_SECRET"));
    let found = tokio::join!(
        within("database", database(config, db, replica, secret)),
        within("redis", queue(config, redis)),
        within("mail", mail(config)),
        within("mailbox", mailbox(config)),
        within("clamd", virus_scanner(config, clamd)),
        within("files", files(config)),
        within("traces", traces(config)),
        async { vec![folder("folder", &config.data_dir), typesetter(config)] },
    );
    let (a, b, c, d, e, f, g, h) = found;
    findings.extend([a, b, c, d, e, f, g, h].into_iter().flatten());
}

async fn within(part: &str, ask: impl Future<Output = Vec<Finding>>) -> Vec<Finding> {
    let silent = |_| vec![Finding::new(Level::Away, part, format!("no answer within {} s", PATIENCE.as_secs()))];
    tokio::time::timeout(PATIENCE, ask).await.unwrap_or_else(silent)
}

fn ok(part: &str, message: impl Into<String>) -> Finding {
    Finding::new(Level::Ok, part, message)
}

fn warning(part: &str, message: impl Into<String>) -> Finding {
    Finding::new(Level::Warning, part, message)
}

async fn database(config: &Config, asked: bool, replica: bool, secret: bool) -> Vec<Finding> {
    if !asked {
        return vec![];
    }
    if let Some(path) = config.database_url.strip_prefix("sqlite:") {
        let path = Path::new(path.strip_prefix("//").unwrap_or(path).split('?').next().unwrap_or_default());
        if !path.exists() {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            return vec![folder("database", parent)];
        }
    }
    let (db, server) = match open(&config.database_url).await {
        Ok(opened) => opened,
        Err(error) => return vec![failure("database", "DATABASE_URL", &error)],
    };
    let mut found = vec![match &server {
        Some(server) => ok("database", format!("MariaDB {}", server.version)),
        None => ok("database", "SQLite"),
    }];
    if let Some(server) = &server {
        found.extend(of_server(server, config.db_connections));
    }
    found.extend(
        tables(&db, config, secret).await.unwrap_or_else(|error| vec![failure("database", "DATABASE_URL", &error)]),
    );
    if let (Some(url), Some(primary), true) = (&config.replica_url, &server, replica) {
        found.push(match open(url).await {
            Ok((db, Some(server))) => {
                let finding = of_replica(primary, &server);
                db.close().await;
                finding
            }
            Ok(_) => Finding::new(Level::Error, "replica", "DATABASE_REPLICA_URL is no MariaDB"),
            Err(error) => failure("replica", "DATABASE_REPLICA_URL", &error),
        });
    }
    db.close().await;
    found
}

async fn open(url: &str) -> afpi_db::Result<(Db, Option<Server>)> {
    let db = Db::connect(url, 1).await?;
    db.ping().await?;
    let server = db.server().await?;
    Ok((db, server))
}

fn failure(part: &str, setting: &str, error: &DbError) -> Finding {
    match error {
        DbError::Unavailable(_) | DbError::TooLong(_) => Finding::new(Level::Away, part, error.to_string()),
        _ => Finding::new(Level::Error, part, format!("{setting}: {error}")),
    }
}

fn of_server(server: &Server, connections: u32) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut numbers = server.version.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    let number = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if number < OLDEST || !server.version.contains("MariaDB") {
        let message = format!("{} is no MariaDB {}.{} or newer", server.version, OLDEST.0, OLDEST.1);
        found.push(Finding::new(Level::Error, "database", message));
    }
    if server.read_only {
        found.push(Finding::new(Level::Error, "database", "the server is read-only: is DATABASE_URL a replica?"));
    }
    if !server.durable {
        found.push(warning(
            "database",
            "innodb_flush_log_at_trx_commit is not 1: a power failure loses acknowledged writes",
        ));
    }
    if connections > server.max_connections {
        let message = format!("AFPI_DB_CONNECTIONS is {connections}, the server takes {}", server.max_connections);
        found.push(warning("database", message));
    }
    found
}

fn of_replica(primary: &Server, replica: &Server) -> Finding {
    if replica.identity == primary.identity {
        return warning("replica", "DATABASE_REPLICA_URL is the server of DATABASE_URL: it takes no load off it");
    }
    if replica.replicated.is_empty() {
        return Finding::new(Level::Error, "replica", "the server replicates nothing: it has no gtid_slave_pos");
    }
    if !replica.read_only {
        return warning("replica", "the server is not read_only: somebody may write there by accident");
    }
    ok("replica", format!("MariaDB {}, has {}", replica.version, replica.replicated))
}

/// The tables, and what they say of earlier settings.
async fn tables(db: &Db, config: &Config, secret: bool) -> afpi_db::Result<Vec<Finding>> {
    let standing = db.standing().await?;
    if let Err(error) = standing.check() {
        return Ok(vec![Finding::new(Level::Error, "tables", error.to_string())]);
    }
    if !standing.missing.is_empty() {
        let message = match standing.applied {
            None => "there are none yet: `afpi migrate`, or the first start, makes them".to_owned(),
            Some(_) => {
                let missing = standing.missing.len();
                format!("{missing} migrations are missing: `afpi migrate`, or the next start, applies them")
            }
        };
        return Ok(vec![warning("tables", message)]);
    }
    let age = if standing.unknown.is_empty() { "up to date" } else { "newer than this program, which can use them" };
    let mut found = vec![ok("tables", format!("{age}, migration {}", standing.applied.unwrap_or_default()))];
    if let Err(error) = crate::demo::refuse_accounts(&mut db.read().await?).await {
        found.push(Finding::new(Level::Error, "tables", error.to_string()));
    }
    if secret {
        let (others, closed) = Secrets::new(db.clone(), &config.secret).behind().await?;
        if closed > 0 {
            let message =
                format!("{closed} secrets of plugins were encrypted with a secret that is not known: enter them anew");
            found.push(warning("AFPI_SECRET", message));
        }
        if others > 0 {
            let message =
                format!("{others} secrets of plugins need another secret: `afpi admin encrypt-secrets` changes that");
            found.push(warning("AFPI_SECRET", message));
        }
    }
    Ok(found)
}

async fn queue(config: &Config, asked: bool) -> Vec<Finding> {
    let Some(redis) = config.redis.as_ref().filter(|_| asked) else { return vec![] };
    match redis.inspect("{afpi}").await {
        Ok(forgetful) => {
            let lost =
                |(setting, value): (&str, String)| warning("redis", format!("{setting} is {value}: jobs may be lost"));
            let mut found: Vec<_> = forgetful.into_iter().map(lost).collect();
            found.push(ok("redis", "answers"));
            found
        }
        Err(JobsError::Unavailable(reason)) => vec![Finding::new(Level::Away, "redis", reason)],
        Err(error) => vec![Finding::new(Level::Error, "redis", error.to_string())],
    }
}

async fn mail(config: &Config) -> Vec<Finding> {
    if config.smtp_url.is_none() {
        return vec![warning("mail", "SMTP_URL is not set: mails become files in the data folder, and reach nobody")];
    }
    let mailer = match Mailer::new(config) {
        Ok(mailer) => mailer,
        Err(error) => return vec![Finding::new(Level::Error, "SMTP_URL", error.to_string())],
    };
    vec![match mailer.inspect().await {
        Ok(()) => ok("mail", "the server lets us in"),
        Err(refusal) if refusal.cause.is_final() => Finding::new(Level::Error, "mail", refusal.inspected()),
        Err(refusal) => Finding::new(Level::Away, "mail", refusal.inspected()),
    }]
}

async fn mailbox(config: &Config) -> Vec<Finding> {
    let Some(mailbox) = &config.mailbox else { return vec![] };
    vec![match courriels::inspect(mailbox).await {
        Ok(()) => ok("mailbox", format!("the drop box {} can be read", mailbox.address)),
        Err(trouble) if trouble.is_final() => Finding::new(Level::Error, "mailbox", trouble.to_string()),
        Err(trouble) => Finding::new(Level::Away, "mailbox", trouble.to_string()),
    }]
}

async fn virus_scanner(config: &Config, asked: bool) -> Vec<Finding> {
    match &config.clamd {
        _ if !asked => vec![],
        None => vec![ok("clamd", "AFPI_CLAMD is not set: uploaded files are not scanned")],
        Some(clamd) => vec![match clamd.ping().await {
            Ok(()) => ok("clamd", "answers"),
            Err(silent @ afpi_files::Silent::Away(_)) => Finding::new(Level::Away, "clamd", silent.to_string()),
            Err(other) => Finding::new(Level::Error, "clamd", other.to_string()),
        }],
    }
}

async fn files(config: &Config) -> Vec<Finding> {
    let place = match &config.files_url {
        None => Some(config.data_dir.join("files")),
        Some(url) => url.strip_prefix("file://").map(Into::into),
    };
    if let Some(place) = place {
        return vec![folder("files", &place)];
    }
    let files = match afpi_platform::state::files(config) {
        Ok(files) => files,
        Err(error) => return vec![Finding::new(Level::Error, "files", format!("{error:#}"))],
    };
    vec![match files.ping().await {
        Ok(()) => ok("files", "the bucket answers"),
        Err(lost) if lost.is_refusal() => Finding::new(Level::Error, "files", lost.to_string()),
        Err(lost) => Finding::new(Level::Away, "files", lost.to_string()),
    }]
}

async fn traces(config: &Config) -> Vec<Finding> {
    let Some(traces) = &config.traces else { return vec![] };
    vec![match trace::inspect(traces).await {
        Ok(Ok(())) => ok("traces", "the receiver takes them"),
        Ok(Err(refusal)) => Finding::new(Level::Error, "traces", refusal.to_string()),
        Err(silent) => Finding::new(Level::Away, "traces", format!("{silent:#}")),
    }]
}

/// Can files be written there, or can the folder be made?
fn folder(part: &str, path: &Path) -> Finding {
    let mut there = path;
    while !there.exists() {
        there = match there.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
    }
    if !there.is_dir() {
        return Finding::new(Level::Error, part, format!("{} is no folder", there.display()));
    }
    #[cfg(unix)]
    if let Err(error) = rustix::fs::access(there, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK) {
        return Finding::new(Level::Error, part, format!("{} cannot be written: {error}", there.display()));
    }
    let made = if there == path { "" } else { " is made at the first start" };
    ok(part, format!("{}{made}", path.display()))
}

fn typesetter(config: &Config) -> Finding {
    let beside = || afpi_documents::Config::beside_this_program().program;
    let program = config.typeset.clone().unwrap_or_else(beside);
    if program.is_file() {
        return ok("documents", program.display().to_string());
    }
    let message = format!("{} is no program: no documents can be made", program.display());
    let level = if config.typeset.is_some() { Level::Error } else { Level::Warning };
    Finding::new(level, "documents", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> Server {
        Server {
            version: "10.11.14-MariaDB-log".into(),
            identity: "db:3306 1".into(),
            read_only: false,
            replicated: String::new(),
            max_connections: 150,
            durable: true,
        }
    }

    fn levels(found: &[Finding]) -> Vec<Level> {
        found.iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn a_server_that_loses_writes_or_takes_none_is_named() {
        assert_eq!(levels(&of_server(&server(), 10)), []);
        for (wrong, level) in [
            (Server { version: "10.5.29-MariaDB".into(), ..server() }, Level::Error),
            (Server { version: "8.4.2".into(), ..server() }, Level::Error),
            (Server { read_only: true, ..server() }, Level::Error),
            (Server { durable: false, ..server() }, Level::Warning),
            (Server { max_connections: 5, ..server() }, Level::Warning),
        ] {
            assert_eq!(levels(&of_server(&wrong, 10)), [level], "{wrong:?}");
        }
    }

    #[test]
    fn a_replica_is_another_server_that_follows_and_only_reads() {
        let good = Server { identity: "db2:3306 2".into(), read_only: true, replicated: "0-1-42".into(), ..server() };
        assert_eq!(of_replica(&server(), &good).level, Level::Ok);
        for (wrong, level) in [
            (Server { identity: server().identity, ..good.clone() }, Level::Warning),
            (Server { replicated: String::new(), ..good.clone() }, Level::Error),
            (Server { read_only: false, ..good.clone() }, Level::Warning),
        ] {
            assert_eq!(of_replica(&server(), &wrong).level, level, "{wrong:?}");
        }
    }
}
