//! Runs the fake Ypareo on its own: `ypareo-simulator --port 9100 --companies 20000 --profile hypothetical,array`.

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use std::net::{Ipv4Addr, SocketAddr};
use ypareo_simulator::{Container, Empty, Options, Rule, Simulator, Unknown};

/// A fake Ypareo web service with invented data. It listens on loopback only.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// 0 takes any free port
    #[arg(long, default_value_t = 9100, env = "YPAREO_SIMULATOR_PORT")]
    port: u16,
    #[arg(long, default_value_t = 200)]
    companies: u32,
    #[arg(long, default_value_t = 120)]
    apprentices: u32,
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// What X-Auth-Token must carry [default: printed at start]
    #[arg(long)]
    token: Option<String>,
    #[arg(long, default_value = "/index.php/r/v1")]
    prefix: String,
    /// In what this instance differs from the default one
    #[arg(long, value_delimiter = ',')]
    profile: Vec<Trait>,
    /// An endpoint the token is not ticked for, e.g. entreprises/{code}/interlocuteurs
    #[arg(long)]
    denied: Vec<String>,
    /// As JSON, e.g. {"on":"entreprises","how":{"status":503},"times":2}
    #[arg(long)]
    misbehave: Vec<String>,
    /// Faults of the data, e.g. siret-spaced,duplicate-row
    #[arg(long, value_delimiter = ',')]
    faults: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Trait {
    KeyedByPosition,
    KeyedByCode,
    Array,
    EmptyAsList,
    EmptyAsObject,
    Refusal401,
    Refusal403,
    UnknownNotFound,
    UnknownEmpty,
    /// Also serves what no public source has seen
    Hypothetical,
    /// Other codes for everything
    OtherCodes,
}

fn options(cli: &Cli) -> Result<Options> {
    let mut options = Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, cli.port)),
        companies: cli.companies,
        apprentices: cli.apprentices,
        seed: cli.seed,
        prefix: format!("/{}", cli.prefix.trim_matches('/')),
        denied: cli.denied.iter().cloned().collect(),
        ..Options::default()
    };
    if let Some(token) = &cli.token {
        options.token.clone_from(token);
    }
    for word in &cli.profile {
        let profile = &mut options.profile;
        match word {
            Trait::KeyedByPosition => profile.container = Container::ByPosition,
            Trait::KeyedByCode => profile.container = Container::ByCode,
            Trait::Array => profile.container = Container::Array,
            Trait::EmptyAsList => profile.empty = Empty::List,
            Trait::EmptyAsObject => profile.empty = Empty::Object,
            Trait::Refusal401 => profile.refusal = 401,
            Trait::Refusal403 => profile.refusal = 403,
            Trait::UnknownNotFound => profile.unknown = Unknown::NotFound,
            Trait::UnknownEmpty => profile.unknown = Unknown::EmptyOk,
            Trait::Hypothetical => profile.hypothetical = true,
            Trait::OtherCodes => profile.code_offset = 40_000_000,
        }
    }
    for rule in &cli.misbehave {
        options.misbehave.push(serde_json::from_str::<Rule>(rule).with_context(|| format!("--misbehave {rule}"))?);
    }
    for fault in &cli.faults {
        let fault = serde_json::from_value(fault.as_str().into()).with_context(|| format!("--faults {fault}"))?;
        options.faults.insert(fault);
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let simulator = Simulator::start(options(&cli)?).await.with_context(|| format!("port {}", cli.port))?;
    println!("Ypareo simulator: {} ({} companies)", simulator.base_url(), cli.companies);
    println!("X-Auth-Token: {}", simulator.options().token);
    println!("Control:  http://{}/_control", simulator.address());
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended?,
        ended = simulator.serve() => ended?,
    }
    Ok(())
}
