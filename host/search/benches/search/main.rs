//! `cargo bench -p afpi-search`: an index of 100 000 companies, beside a scan of their texts as SQL's `LIKE` does it.
//! Times are CPU of the thread.

mod companies;

use std::time::Duration;

use afpi_search::{Document, Index, Query, normal, terms};
use companies::{Company, companies, dice, mistype};
use uuid::Uuid;

const COMPANIES: usize = 100_000;
const ASKED: usize = 1_000;

fn cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

fn id(at: usize) -> Uuid {
    Uuid::from_u128(at as u128 + 1)
}

fn document(at: usize, company: &Company) -> Document {
    let texts = std::iter::once(&company.name).chain(&company.others).cloned().collect();
    Document { id: id(at), texts, ..Document::default() }
}

/// The id of the first hit, and how long it took.
fn ask(index: &Index, q: &str) -> (Option<Uuid>, Duration) {
    let started = cpu();
    let query = Query::new(q);
    let found = |mistyped| index.best(&query, mistyped, 5, |_| true, |_| false).remove(&0).unwrap_or_default();
    let mut hits = found(false);
    // As the application does: with errors only when there is little without.
    if hits.len() < 5 {
        hits = found(true);
    }
    (hits.first().map(|hit| hit.id), cpu() - started)
}

fn main() {
    let mut dice = dice();
    let all = companies(&mut dice, COMPANIES);
    let documents: Vec<Document> = all.iter().enumerate().map(|(at, company)| document(at, company)).collect();
    let before = resident();
    let started = cpu();
    let mut index = Index::default();
    for document in documents {
        index.replace(document.id, vec![document]);
    }
    println!("{COMPANIES} companies: built in {:?}, {} MB", (cpu() - started), (resident() - before) >> 20);

    let started = cpu();
    for (at, company) in all.iter().enumerate().take(ASKED) {
        // Another name, and the old one again.
        index.replace(id(at), vec![document(at, &all[at + ASKED])]);
        index.replace(id(at), vec![document(at, company)]);
    }
    println!("a changed name: {:?}", (cpu() - started) / (2 * ASKED as u32));

    let texts: Vec<String> = all.iter().map(|c| normal(&format!("{} {}", c.name, c.others.join(" ")))).collect();
    let chosen: Vec<&Company> = (0..ASKED).map(|at| &all[at * (COMPANIES / ASKED)]).collect();
    let half = |name: &str| name.chars().take(name.chars().count() / 2 + 1).collect::<String>();
    let mut twice = |name: &str| {
        let once = mistype(&mut dice, name);
        mistype(&mut dice, &once)
    };
    let kinds: Vec<(&str, Vec<String>)> = vec![
        ("whole name", chosen.iter().map(|c| c.name.clone()).collect()),
        ("half a name", chosen.iter().map(|c| half(&c.name)).collect()),
        ("a name with two typing errors", chosen.iter().map(|c| twice(&c.name)).collect()),
        ("SIRET", chosen.iter().map(|c| c.others[0].clone()).collect()),
        ("telephone", chosen.iter().map(|c| c.others[2].clone()).collect()),
        ("nothing", (0..ASKED).map(|at| format!("introuvable{at} xyzzyx")).collect()),
    ];
    for (kind, asked) in kinds {
        let (mut times, mut first) = (Vec::new(), 0);
        for (q, company) in asked.iter().zip(&chosen) {
            let (hit, time) = ask(&index, q);
            let named = hit.map(|hit| &all[hit.as_u128() as usize - 1].name);
            first += usize::from(named == Some(&company.name));
            times.push(time);
        }
        times.sort_unstable();
        let started = cpu();
        let few = &asked[..20];
        for q in few {
            let words: Vec<String> = terms(q).into_iter().filter_map(|mut readings| readings.pop()).flatten().collect();
            std::hint::black_box(texts.iter().filter(|text| words.iter().all(|word| text.contains(word))).count());
        }
        let scan = (cpu() - started) / few.len() as u32;
        let (p50, p95) = (times[ASKED / 2], times[ASKED * 95 / 100]);
        let times_faster = scan.as_secs_f64() / p50.as_secs_f64();
        println!("{kind}: p50 {p50:?}, p95 {p95:?}, first {}/{ASKED}; a scan {scan:?}, {times_faster:.1} times", first);
    }
}
