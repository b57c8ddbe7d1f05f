//! What the commands about the database as a whole print: how its tables stand to the program, backups, copies.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{backups, run};
use afpi_platform::config::Config;

/// Says how the tables stand to this program, and changes nothing.
pub async fn check_schema() -> Result<ExitCode> {
    run::init_logs(false);
    let db = run::open_database(&Config::production()?).await?;
    let standing = db.standing().await.context("the tables cannot be read")?;
    db.close().await;
    let number = |version: Option<i64>| version.map_or("none".to_owned(), |version| version.to_string());
    println!("database: migration {}, needs a program that knows {}", number(standing.applied), standing.needs);
    println!("program:  migration {}", standing.newest);
    if let Err(error) = standing.check() {
        println!("{error}");
        return Ok(ExitCode::from(2));
    }
    if standing.missing.is_empty() {
        let newer =
            if standing.unknown.is_empty() { "" } else { "the database is newer, and this program can use it: " };
        println!("{newer}nothing is missing");
        return Ok(ExitCode::SUCCESS);
    }
    let missing: Vec<String> = standing.missing.iter().map(i64::to_string).collect();
    println!("missing: {} (`afpi migrate` applies them)", missing.join(", "));
    Ok(ExitCode::FAILURE)
}

pub async fn back_up(to: Option<String>) -> Result<()> {
    run::init_logs(false);
    let config = Config::production()?;
    let db = run::open_database(&config).await?;
    let backup = backups::backup(&config, &db, &afpi_platform::state::files(&config)?, to.as_deref()).await?;
    db.close().await;
    tell(&backup);
    Ok(())
}

pub async fn restore(from: Option<String>, id: Option<String>, replace: bool, check: bool) -> Result<()> {
    run::init_logs(false);
    let config = Config::production()?;
    let from = from.or(config.backup.dir.clone()).context("from where? Name a folder, a bucket or a .zip file")?;
    let found = backups::find(&config, &from, id.as_deref()).await?;
    if check {
        afpi_backup::verify(&found.0, &found.1).await?;
        tell(&found.1);
        return Ok(());
    }
    let db = run::open_database(&config).await?;
    backups::restore(&config, &db, &afpi_platform::state::files(&config)?, &found, replace).await?;
    db.close().await;
    tell(&found.1);
    println!("restored");
    Ok(())
}

fn tell(backup: &afpi_backup::Manifest) {
    let rows: u64 = backup.tables.iter().map(|table| table.rows).sum();
    println!(
        "{}: {} tables with {rows} rows, {} files with {} bytes, migration {}, from {}; whole",
        backup.id,
        backup.tables.len(),
        backup.files.count,
        backup.files.bytes,
        backup.schema,
        backup.engine
    );
    for lost in &backup.files.lost {
        println!("without the file {}: {}", lost.sha256, lost.why);
    }
}

pub async fn copy(from: &str, to: &str, replace: bool) -> Result<()> {
    const CONNECTIONS: u32 = 4;
    run::init_logs(false);
    anyhow::ensure!(from != to, "both addresses are the same");
    if let Some(path) = from.strip_prefix("sqlite://") {
        anyhow::ensure!(std::path::Path::new(path).is_file(), "{path} is no file");
    }
    let source = afpi_db::Db::connect(from, CONNECTIONS).await.context("--from cannot be opened")?;
    let target = afpi_db::Db::connect(to, CONNECTIONS).await.context("--to cannot be opened")?;
    let copied = match afpi_backup::copy(&source, &target, replace).await {
        Err(afpi_backup::BackupError::NotEmpty) => {
            anyhow::bail!(
                "the database is not empty: with --replace the copy takes the place of everything that is in it"
            )
        }
        copied => copied?,
    };
    for table in &copied {
        println!("{:<32} {:>10}  {}", table.name, table.rows, &table.content[..16]);
    }
    println!("{} tables, the same on both sides", copied.len());
    source.close().await;
    target.close().await;
    Ok(())
}
