//! `dev`: compiles and packs the plugin after each save, and reloads it into a running demo host.

use super::Report;
use super::build::Types;
use super::host::{Host, HostArgs};
use super::install::introduction;
use super::project::ProjectArgs;
use super::refused::Refused;
use anyhow::{Context, Result};
use clap::Args;
use notify::{RecursiveMode, Watcher};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Editors save in several steps. After this time all steps are done.
const SETTLE: Duration = Duration::from_millis(60);

#[derive(Args)]
pub struct DevArgs {
    #[command(flatten)]
    project: ProjectArgs,
    #[command(flatten)]
    host: HostArgs,
    /// Build and reload once, then end.
    #[arg(long)]
    once: bool,
}

impl DevArgs {
    pub async fn run(self) -> Result<Report> {
        let dir = self.project.find()?;
        let mut host = self.host.open().await?;
        let (watcher, mut saved) = watch(&dir)?;
        loop {
            let reloaded = self.reload(&mut host).await;
            if self.once {
                drop(watcher);
                host.close().await;
                return reloaded.map(|()| Report::new("", json!({ "reloaded": true })));
            }
            if let Err(error) = reloaded {
                eprintln!("  {error:#}");
            }
            eprintln!("  watching {} (Ctrl-C ends)", dir.display());
            if saved.recv().await.is_none() {
                return Ok(Report::new("", json!(null)));
            }
            tokio::time::sleep(SETTLE).await;
            while saved.try_recv().is_ok() {}
        }
    }

    /// Builds and reloads once. It reads the manifest each time, because the author edits the manifest too.
    async fn reload(&self, host: &mut Host) -> Result<()> {
        let began = Instant::now();
        let project = self.project.open()?;
        let file = project.build(Types::Unchecked)?;
        let packed = std::fs::read(&file).with_context(|| file.display().to_string())?;
        let built = began.elapsed();
        let size = packed.len().div_ceil(1024);
        if let Err(error) = take_over(host, &packed).await {
            // An access token is valid for minutes, and an author works longer.
            if error.downcast_ref::<Refused>().is_none_or(|refused| refused.status != 401) {
                return Err(error);
            }
            *host = self.host.open().await?;
            take_over(host, &packed).await?;
        }
        eprintln!(
            "  {} {} reloaded: {size} KB, built in {:.1} s, live after {:.1} s",
            project.manifest.id,
            project.manifest.version,
            built.as_secs_f64(),
            began.elapsed().as_secs_f64()
        );
        Ok(())
    }
}

/// Makes this the active version. A demo host does not ask the author for consent, because the plugin is the author's
/// own. The output shows what the plugin may do.
async fn take_over(host: &Host, packed: &[u8]) -> Result<()> {
    let version = match host.reload(packed.to_vec()).await {
        Ok(version) => version,
        Err(error) if error.downcast_ref::<Refused>().is_some_and(|refused| refused.code == "consent-required") => {
            host.hand_in(packed.to_vec()).await?
        }
        Err(error) => return Err(error),
    };
    if version["state"] == "staged" {
        introduction(&version).iter().for_each(|line| eprintln!("  {line}"));
        host.consent(&version).await?;
        let id = version["pluginId"].as_str().unwrap_or_default();
        eprintln!("  switch it on at its sites: {}/plugins/{id}", host.url());
    }
    Ok(())
}

/// Watches the sources and the files beside them, but no file that a build writes.
fn watch(dir: &Path) -> Result<(notify::RecommendedWatcher, UnboundedReceiver<()>)> {
    let (tell, saved) = unbounded_channel();
    let outputs = ["dist", "target", "node_modules", ".git", "Cargo.lock"].map(|name| dir.join(name));
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let source = |path: &std::path::PathBuf| !outputs.iter().any(|output| path.starts_with(output));
        if !event.kind.is_access() && event.paths.iter().any(source) {
            // After the command has ended, there is no receiver.
            let _ended = tell.send(());
        }
    })
    .context("this machine cannot watch files")?;
    watcher.watch(dir, RecursiveMode::NonRecursive).with_context(|| dir.display().to_string())?;
    let src = dir.join("src");
    if src.exists() {
        watcher.watch(&src, RecursiveMode::Recursive).with_context(|| src.display().to_string())?;
    }
    Ok((watcher, saved))
}
