//! The administrators' page « Extensions » as commands: installed plugins, log lines, settings and secrets, sites,
//! versions, trusted keys and recorded calls. Each command signs in, calls the API and signs out.

mod list;
mod logs;
mod record;
mod settings;
mod sites;
mod table;
mod trust;
mod versions;

pub use list::ListArgs;
pub use logs::LogsArgs;
pub use record::RecordCommand;
pub use settings::{ConfigCommand, SecretCommand};
pub use sites::{DisableArgs, EnableArgs, enable};
pub use trust::TrustCommand;
pub use versions::{RollbackArgs, UninstallArgs};

use super::host::{Host, HostArgs};
use anyhow::{Result, bail};
use clap::Args;
use serde_json::Value;

/// A plugin on a host.
#[derive(Args)]
pub struct PluginArgs {
    /// The plugin's id.
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    host: HostArgs,
}

/// A plugin at one of its sites.
#[derive(Args)]
pub struct SeatArgs {
    #[command(flatten)]
    plugin: PluginArgs,
    /// The code of the site. It may be omitted if the plugin has only one seat, like a connector.
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
}

/// A site of a plugin: its code for people, and its id for addresses.
struct Seat {
    id: String,
    code: String,
}

impl SeatArgs {
    /// Signs in, finds the seat, runs `work` for it, and signs out.
    async fn at<T>(&self, work: impl AsyncFnOnce(&Host, &Seat) -> Result<T>) -> Result<T> {
        self.plugin
            .host
            .signed_in(async |host| {
                let seat = seats(host, &self.plugin.id, self.site.as_slice()).await?.remove(0);
                work(host, &seat).await
            })
            .await
    }

    /// The path of this seat's resources.
    fn path<'a>(&'a self, seat: &'a Seat, what: &[&'a str]) -> Vec<&'a str> {
        [&["api", "plugins", &self.plugin.id, "sites", &seat.id], what].concat()
    }
}

/// The sites of a plugin that are in the caller's scope.
async fn all_seats(host: &Host, plugin: &str) -> Result<Vec<Seat>> {
    let shown = host.get(&["api", "plugins", plugin]).await?;
    let seats: Vec<Seat> = list(&shown["sites"])
        .filter_map(|site| {
            let word = |name: &str| Some(site["localisation"][name].as_str()?.to_owned());
            Some(Seat { id: word("id")?, code: word("code")? })
        })
        .collect();
    if seats.is_empty() {
        match word(&shown, "state") {
            "staged" => bail!("{plugin} has no sites until an administrator has consented to it"),
            "removed" => bail!("{plugin} was removed"),
            _ => bail!("{plugin} has no site that this account may see"),
        }
    }
    Ok(seats)
}

/// The sites with these codes, in this order. Without codes, the only site. The list is never empty.
async fn seats(host: &Host, plugin: &str, codes: &[String]) -> Result<Vec<Seat>> {
    let mut seats = all_seats(host, plugin).await?;
    let known = || seats.iter().map(|seat| seat.code.as_str()).collect::<Vec<_>>().join(", ");
    if codes.is_empty() && seats.len() > 1 {
        bail!("which site? Use --site; {plugin} has {}", known());
    }
    for code in codes {
        if !seats.iter().any(|seat| seat.code.eq_ignore_ascii_case(code)) {
            bail!("{plugin} has no site {code}; it has {}", known());
        }
    }
    let place = |seat: &Seat| codes.iter().position(|code| seat.code.eq_ignore_ascii_case(code));
    seats.retain(|seat| codes.is_empty() || place(seat).is_some());
    seats.sort_by_key(place);
    Ok(seats)
}

/// The items of a list in an answer.
fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text in an answer. Empty if there is none.
fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
