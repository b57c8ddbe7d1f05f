//! The command line: one program with a subcommand for each role.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use crate::commands;
use crate::run::{self, Roles};
use afpi_platform::config::{Config, Vars};

#[derive(Parser)]
#[command(name = "afpi", version, about = "AFPI CRM: a small host with the business in sandboxed plugins")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything in one process with demo accounts and data, on this machine only.
    Demo,
    /// Run the HTTP service and, by default, a worker.
    Serve {
        /// Do not run a worker; `afpi worker` processes run the jobs.
        #[arg(long)]
        no_worker: bool,
    },
    /// Run a worker for the jobs. Over HTTP it serves only metrics and health checks (AFPI_WORKER_LISTEN).
    Worker,
    /// Update the database schema and stop.
    Migrate {
        /// Only say how database and program stand to each other. Ends with 0 when they fit, 1 when migrations are
        /// missing, 2 when the program cannot use the database.
        #[arg(long)]
        check: bool,
    },
    /// Back up everything: all tables, and the uploaded files. AFPI_BACKUP_PASSPHRASE encrypts it.
    Backup {
        /// A folder or s3://bucket/prefix, which hold many backups, or a file that ends with .zip (default:
        /// AFPI_BACKUP_DIR).
        to: Option<String>,
    },
    /// Verify a backup and bring it back, on either database. All other processes must be stopped.
    Restore {
        /// Where it is (default: AFPI_BACKUP_DIR).
        from: Option<String>,
        /// Its id (default: the newest one).
        #[arg(long)]
        backup: Option<String>,
        /// Drop what is in the database.
        #[arg(long)]
        replace: bool,
        /// Only read all of it and say whether it is whole.
        #[arg(long, conflicts_with = "replace")]
        check: bool,
    },
    /// Copy a database into an empty one, of the same sort or the other one. Files stay where they are.
    Copy {
        /// mysql://… or sqlite://…
        #[arg(long, env = "AFPI_COPY_FROM", hide_env_values = true)]
        from: String,
        #[arg(long, env = "AFPI_COPY_TO", hide_env_values = true)]
        to: String,
        /// Drop what is in the other database.
        #[arg(long)]
        replace: bool,
    },
    /// Say everything that is wrong with the settings, and ask every part that they name. Changes nothing. Exits with 1
    /// if a setting is wrong, and with 3 if only a part does not answer.
    Check {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask the service on this machine whether it is ready (for health checks). Exits with 1 if it is not.
    Health {
        /// Ask the worker (AFPI_WORKER_LISTEN) instead.
        #[arg(long)]
        worker: bool,
    },
    /// Manage accounts and secrets, and check the journal.
    #[command(subcommand)]
    Admin(Admin),
    /// Print the OpenAPI document.
    Openapi,
    /// Tools for authors of plugins: new, build, check, test, dev, pack, sign, install and more.
    Plugin(afpi_plugin_harness::cli::PluginArgs),
    /// Compile a plugin from standard input. The host starts this command itself, with limits.
    #[command(name = afpi_plugins::COMPILE_SUBCOMMAND, hide = true)]
    Compile,
}

#[derive(Subcommand)]
enum Admin {
    /// Create an account. The command reads the password from the terminal or from standard input.
    CreateUser {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// admin, responsable_commercial, manager, commercial, planificateur, assistante or facturation.
        #[arg(long)]
        role: String,
        /// The code of a localisation, e.g. AFPI-02. Repeat the option for several localisations.
        #[arg(long = "localisation")]
        localisations: Vec<String>,
    },
    /// Set a new password. All sessions of the account end.
    SetPassword {
        #[arg(long)]
        email: String,
    },
    /// Take the second factor of an account away, whose person has lost phone and recovery codes. All its sessions end.
    ResetSecondFactor {
        #[arg(long)]
        email: String,
    },
    /// List the accounts.
    ListUsers,
    /// Encrypt the secrets of plugins with AFPI_SECRET that were encrypted with another accepted one. Exits with 1 if some
    /// cannot be decrypted.
    EncryptSecrets,
    /// Check every line of the journal against its hash. The command exits with 1 if a line was changed or removed.
    VerifyJournal,
    /// Hold every uploaded file against its hash; ends with 1 where one is missing or was changed.
    VerifyFiles,
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Compile = cli.command {
        return afpi_plugins::compile_child_main();
    }
    afpi_platform::ops::memory::give_back_what_is_free();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("afpi: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Command::Plugin(plugin) = cli.command {
        return runtime.block_on(plugin.run());
    }
    // No other user of this machine may read databases, mails, keys and compiled plugins.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    if let Command::Check { json } = cli.command {
        let report = runtime.block_on(crate::check::check(Vars::here()));
        match json {
            true => println!("{}", serde_json::to_string_pretty(&report).expect("a report is plain text")),
            false => print!("{}", report.table()),
        }
        return report.exit_code();
    }
    match runtime.block_on(execute(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("afpi: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(command: Command) -> Result<ExitCode> {
    match command {
        Command::Demo => demo().await?,
        Command::Serve { no_worker } => serve(Roles { http: true, worker: !no_worker }).await?,
        Command::Worker => serve(Roles { http: false, worker: true }).await?,
        Command::Migrate { check: true } => return commands::check_schema().await,
        Command::Migrate { check: false } => {
            run::init_logs(false);
            run::current_database(&Config::production()?).await?.close().await;
        }
        Command::Backup { to } => commands::back_up(to).await?,
        Command::Restore { from, backup, replace, check } => commands::restore(from, backup, replace, check).await?,
        Command::Copy { from, to, replace } => commands::copy(&from, &to, replace).await?,
        Command::Health { worker } => {
            let (service, jobs) = afpi_platform::config::listening()?;
            crate::health::ask(if worker { jobs } else { service }).await?;
        }
        Command::Admin(admin) => administer(admin).await?,
        Command::Openapi => println!("{}", serde_json::to_string_pretty(&crate::router::openapi())?),
        Command::Compile | Command::Check { .. } | Command::Plugin(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(roles: Roles) -> Result<()> {
    let exporter = run::init_logs_and_traces()?;
    let config = Config::production()?;
    for doubt in config.doubts() {
        tracing::warn!("{doubt}");
    }
    let listener = if roles.http {
        bind(config.listen, "PORT").await?
    } else {
        bind(config.worker_listen, "AFPI_WORKER_LISTEN").await?
    };
    let app = run::prepare(config).await?;
    tracing::info!(listen = %listener.local_addr()?, ?roles, "ready");
    let ended = run::run(app, roles, Some(listener), run::signal()).await;
    if let Some(exporter) = exporter {
        exporter.flush().await;
    }
    ended
}

async fn demo() -> Result<()> {
    run::init_logs(false);
    let config = Config::demo()?;
    let listener = bind(config.listen, "PORT").await?;
    println!("AFPI CRM, demo mode: preparing {} …", config.data_dir.display());
    let app = run::prepare(config).await?;
    let _simulator = crate::demo::fill(&app).await?;
    crate::demo::greet(&app);
    run::run(app, Roles { http: true, worker: true }, Some(listener), run::signal()).await?;
    println!("Stopped. The demo's data is kept.");
    Ok(())
}

/// `setting` is the variable that sets another address.
async fn bind(address: SocketAddr, setting: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address} (does another program use it? {setting} sets another address)")
    })
}

async fn administer(admin: Admin) -> Result<()> {
    use afpi_crm::users::admin as users;
    run::init_logs(false);
    let config = Config::production()?;
    let db = run::current_database(&config).await?;
    match admin {
        Admin::CreateUser { email, name, role, localisations } => {
            let account = users::Account {
                email: &email,
                name: &name,
                role: &role,
                localisations: &localisations,
                password: read_password()?,
            };
            let id = users::create_user(&db, account).await?;
            println!("{id}");
        }
        Admin::SetPassword { email } => users::set_password(&db, &email, read_password()?).await?,
        Admin::ResetSecondFactor { email } => {
            let had = users::reset_second_factor(&db, &email).await?;
            println!("{}", if had { "the second factor is gone" } else { "there was none" });
        }
        Admin::ListUsers => {
            for user in users::list_users(&db).await? {
                let state = if user.active { "" } else { "  (inactive)" };
                println!("{:<40} {:<24} {}{state}", user.email, user.role_id, user.name);
            }
        }
        Admin::EncryptSecrets => {
            let anew = afpi_platform::secrets::Secrets::new(db.clone(), &config.secret).encrypt_anew().await?;
            for (plugin, name) in &anew.closed {
                println!("{plugin}: {name} was encrypted with a secret that is not known; enter it anew");
            }
            println!(
                "{} encrypted anew, {} were current, {} stay closed",
                anew.changed,
                anew.current,
                anew.closed.len()
            );
            anyhow::ensure!(anew.closed.is_empty(), "some secrets cannot be decrypted");
        }
        Admin::VerifyJournal => {
            let (lines, broken) = afpi_platform::journal::verify(&db).await?;
            for record in &broken {
                println!("{} {}: line {} was changed or removed", record.subject_kind, record.subject_id, record.seq);
            }
            println!("{lines} lines checked, {} records with errors", broken.len());
            anyhow::ensure!(broken.is_empty(), "the journal was changed");
        }
        Admin::VerifyFiles => {
            let (count, broken) = afpi_crm::attachments::verify(&db, &afpi_platform::state::files(&config)?).await?;
            for hash in &broken {
                println!("{hash} is missing or is not as it was uploaded");
            }
            println!("{count} files, {} at fault", broken.len());
            anyhow::ensure!(broken.is_empty(), "the store of files is not whole");
        }
    }
    db.close().await;
    Ok(())
}

/// Reads one line from standard input. A terminal gets a prompt.
fn read_password() -> Result<String> {
    use std::io::{IsTerminal, Write};
    if std::io::stdin().is_terminal() {
        print!("Password (shown while typed): ");
        std::io::stdout().flush()?;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
