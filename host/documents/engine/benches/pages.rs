//! CPU time per page, of the program alone: `cargo bench --manifest-path host/documents/engine/Cargo.toml`. Each job has
//! other data, so that typst's caches help as little as in real life.

use afpi_documents::{Config, Engine, Job, Output, Package, Rendered};
use bytes::Bytes;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Jobs before the first that counts.
const WARM: usize = 20;
const JOBS: usize = 200;

fn package() -> Arc<Package> {
    let files: [(&str, &[u8]); 4] = [
        ("base.typ", include_bytes!("../tests/engine/package/base.typ")),
        ("devis.typ", include_bytes!("../tests/engine/package/devis.typ")),
        ("images/square.svg", include_bytes!("../tests/engine/package/images/square.svg")),
        ("fonts/Tuffy.ttf", include_bytes!("../tests/engine/package/fonts/Tuffy.ttf")),
    ];
    let files: BTreeMap<_, _> =
        files.into_iter().map(|(path, content)| (path.to_owned(), Bytes::from_static(content))).collect();
    Arc::new(Package::new(files).expect("the package is well-formed"))
}

fn job(package: &Arc<Package>, rows: usize, nth: usize, output: Output) -> Job {
    let row = |row| json!({"label": format!("Formation n° {nth}/{row}"), "quantity": "14", "amount": "1 200,00 €"});
    Job {
        package: package.clone(),
        entry: "devis.typ".into(),
        data: json!({"company": format!("Entreprise {nth}"), "subject": "L’accueil", "rows": (0..rows).map(row).collect::<Vec<_>>()}),
        files: BTreeMap::new(),
        date: chrono::DateTime::UNIX_EPOCH,
        title: format!("Devis {nth}"),
        identifier: format!("devis/{nth}"),
        lang: "fr-FR".into(),
        output,
    }
}

/// CPU of all processes that have ended, and pages and wall times of the jobs after the first ones.
async fn run(package: &Arc<Package>, rows: usize, jobs: usize, output: &Output) -> (Duration, usize, Vec<Duration>) {
    let before = cpu();
    let config = Config { children: 1, ..Config::new(PathBuf::from(env!("CARGO_BIN_EXE_afpi-typeset"))) };
    let engine = Engine::new(config);
    let (mut pages, mut times) = (0, Vec::new());
    for nth in 0..WARM + jobs {
        let started = Instant::now();
        let made = engine.render(job(package, rows, nth, output.clone())).await.expect("the template is right");
        if nth >= WARM {
            times.push(started.elapsed());
            pages += match made {
                Rendered::Pdf { pages, .. } => pages as usize,
                Rendered::Svg(pages) => pages.len(),
            };
        }
    }
    drop(engine);
    while cpu() == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times.sort();
    (cpu() - before, pages, times)
}

fn cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system counts the time of processes");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros.unsigned_abs())
}

#[tokio::main]
async fn main() {
    let package = package();
    let archival = Output::Pdf { archival: true, attachments: Vec::new() };
    println!("{:<34} {:>6} {:>14} {:>9} {:>9}", "document", "pages", "CPU ms a page", "p50 ms", "p99 ms");
    for (name, rows, output) in [
        ("PDF/A-3a and PDF/UA-1, 12 rows", 12, &archival),
        ("PDF/A-3a and PDF/UA-1, 100 rows", 100, &archival),
        ("preview, 12 rows", 12, &Output::Svg),
    ] {
        let (start, ..) = run(&package, rows, 0, output).await;
        let (all, pages, times) = run(&package, rows, JOBS, output).await;
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let a_page = ms(all.saturating_sub(start)) / pages as f64;
        let (half, most) = (ms(times[JOBS / 2]), ms(times[JOBS * 99 / 100]));
        println!("{name:<34} {:>6} {a_page:>14.1} {half:>9.1} {most:>9.1}", pages / JOBS);
    }
}
