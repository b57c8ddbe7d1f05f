//! A template that is stuck, bursts or crashes hurts only its own job.

use super::*;
use std::time::{Duration, Instant};

const STUCK: &str = "#for a in range(10000) { for b in range(10000) { let c = a * b } }";
const BOMB: &str = "#{ let grown = (0,) * 1000000; for _ in range(40) { grown += grown } }";

/// An engine whose program has a name of its own, and a way to find its processes. Tests share one parent.
#[cfg(target_os = "linux")]
pub fn named(name: &str) -> (Engine, impl Fn() -> Vec<u32>) {
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&program);
    std::fs::hard_link(env!("CARGO_BIN_EXE_afpi-typeset"), &program).unwrap();
    let engine = Engine::new(Config { children: 1, ..Config::new(program.clone()) });
    let processes = move || {
        let all =
            std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
        all.filter(|process| std::fs::read_link(format!("/proc/{process}/exe")).is_ok_and(|exe| exe == program))
            .collect()
    };
    (engine, processes)
}

fn quick() -> Engine {
    Engine::new(Config { time: Duration::from_millis(1500), children: 1, ..config() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_template_is_ended() {
    let engine = quick();
    svg(engine.render(preview("= Bonjour")).await);
    let started = Instant::now();
    assert_eq!(engine.render(preview(STUCK)).await, Err(Error::TimedOut));
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(engine.figures().children, 0);
    svg(engine.render(preview("= Bonjour")).await);
}

/// typst itself notices a loop that runs long, or a layout without an end, or the time ends it.
#[tokio::test(flavor = "multi_thread")]
async fn recursion_and_endless_pages_are_ended() {
    let engine = quick();
    for template in [
        "#let f(n) = f(n + 1)\n#f(0)",
        "#let f(n) = [#n #f(n + 1)]\n#f(0)",
        "#for n in range(100000000) { pagebreak(); [#n] }",
        "#show \"a\": \"aa\"\na",
        "#eval(\"#eval(\" * 5000)",
        "#(((((((((((((((((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))))))))))))))))))",
    ] {
        let started = Instant::now();
        let made = engine.render(preview(template)).await;
        assert!(!matches!(made, Err(Error::Unavailable | Error::Busy)), "{template}: {made:?}");
        assert!(started.elapsed() < Duration::from_secs(4), "{template}: {:?}", started.elapsed());
        svg(engine.render(preview("= Bonjour")).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memory_bomb_is_ended() {
    let engine = Engine::new(Config { time: Duration::from_secs(60), children: 1, ..config() });
    svg(engine.render(preview("= Bonjour")).await);
    assert_eq!(engine.render(preview(BOMB)).await, Err(Error::OutOfMemory));
    svg(engine.render(preview("= Bonjour")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_document_is_refused() {
    let engine = Engine::new(Config { output: 20_000, ..config() });
    let mut long = job(package(""), "paysage.typ", Output::Svg);
    long.data = rows(200);
    assert_eq!(engine.render(long.clone()).await, Err(Error::TooLarge));
    long.output = Output::Pdf { archival: true, attachments: Vec::new() };
    assert_eq!(engine.render(long).await, Err(Error::TooLarge));
    svg(engine.render(preview("Bonjour")).await);
    assert_eq!(engine.figures().children, 1, "the process stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_brings_too_much_is_refused() {
    let mut large = preview("Bonjour");
    large.files.insert("/assets/large".into(), Bytes::from(vec![0; 65 << 20]));
    assert_eq!(engine().render(large).await, Err(Error::TooLarge));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_costs_one_job() {
    let (engine, processes) = named("killed");
    svg(engine.render(preview("= Bonjour")).await);
    // While it has nothing to do: nobody notices.
    kill(&processes());
    tokio::time::sleep(Duration::from_millis(500)).await;
    svg(engine.render(preview("= Bonjour")).await);
    // In the middle of a job.
    let stuck = tokio::spawn({
        let engine = engine.clone();
        async move { engine.render(preview(STUCK)).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    kill(&processes());
    assert_eq!(stuck.await.unwrap(), Err(Error::Crashed));
    svg(engine.render(preview("= Bonjour")).await);
}

#[cfg(target_os = "linux")]
fn kill(processes: &[u32]) {
    assert_eq!(processes.len(), 1);
    assert!(std::process::Command::new("kill").args(["-9", &processes[0].to_string()]).status().unwrap().success());
}

/// Without the host nobody would end a template that is stuck.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_engine_leaves_no_process() {
    let (engine, processes) = named("dropped");
    svg(engine.render(preview("= Bonjour")).await);
    assert_eq!(processes().len(), 1);
    drop(engine);
    for _ in 0..100 {
        if processes().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{:?} still run", processes());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_jobs_do_not_mix() {
    let engine = Engine::new(Config { children: 3, ..config() });
    let make = |n: usize| {
        let engine = engine.clone();
        tokio::spawn(async move {
            let mut job = preview("#json(\"/data.json\").n");
            job.data = json!({ "n": n });
            let batch = n.is_multiple_of(2);
            svg(if batch { engine.render_in_batch(job).await } else { engine.render(job).await })
        })
    };
    let running: Vec<_> = (100..140).map(make).collect();
    let alone = Engine::new(config());
    for (n, one) in (100..140).zip(running) {
        let mut job = preview("#json(\"/data.json\").n");
        job.data = json!({ "n": n });
        assert_eq!(one.await.unwrap(), svg(alone.render(job).await), "{n}");
    }
    assert_eq!(engine.figures(), afpi_documents::Figures { children: 3, interactive: 0, batch: 0 });
}

/// More packages than a process keeps, in turns: each job has the files of its own.
#[tokio::test(flavor = "multi_thread")]
async fn packages_are_told_apart() {
    let engine = Engine::new(Config { children: 1, ..config() });
    let packages: Vec<_> = (0..7).map(|n| package(&format!("#assert.eq(json(\"/data.json\"), {n})"))).collect();
    for n in (0..7).chain([0, 6, 5, 0, 1, 6, 2, 2, 3]) {
        let mut job = job(packages[n].clone(), "test.typ", Output::Svg);
        job.data = json!(n);
        svg(engine.render(job).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_does_not_wait_for_a_batch() {
    let engine = engine();
    svg(engine.render(preview("= Bonjour")).await);
    let batch: Vec<_> = (0..60)
        .map(|_| {
            let engine = engine.clone();
            let mut long = archival("devis.typ");
            long.data = rows(600);
            tokio::spawn(async move { pdf(engine.render_in_batch(long).await) })
        })
        .collect();
    while engine.figures().batch < 55 {
        assert!(batch.iter().filter(|one| one.is_finished()).count() < 6, "the batch is too fast to be overtaken");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    svg(engine.render(preview("= Bonjour")).await);
    assert!(engine.figures().batch > 30, "the preview waited for the batch: {:?}", engine.figures());
    for one in batch {
        one.abort();
    }
}

/// Whoever types fast gives up earlier previews.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_nobody_waits_for_any_more_costs_no_process() {
    let engine = Engine::new(Config { children: 1, ..config() });
    svg(engine.render(preview("= Bonjour")).await);
    for _ in 0..20 {
        let given_up = tokio::time::timeout(Duration::from_millis(1), engine.render(preview("= Bonjour"))).await;
        drop(given_up);
    }
    svg(engine.render(preview("= Bonjour")).await);
    assert_eq!(engine.figures().children, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_program_there_are_no_documents() {
    let engine = Engine::new(Config::new(PathBuf::from("/nonexistent/afpi-typeset")));
    assert_eq!(engine.render(preview("Bonjour")).await, Err(Error::Unavailable));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_is_no_engine() {
    let engine = Engine::new(Config::new(PathBuf::from("/bin/true")));
    assert_eq!(engine.render(preview("Bonjour")).await, Err(Error::Crashed));
    let engine = Engine::new(Config { time: Duration::from_millis(300), ..Config::new(PathBuf::from("/bin/cat")) });
    let made = engine.render(preview("Bonjour")).await;
    assert!(matches!(made, Err(Error::Crashed | Error::TimedOut)), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_observer_is_told_each_result() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = seen.clone();
    let observer: afpi_documents::Observer = Arc::new(move |result, _| told.lock().unwrap().push(result));
    let engine = Engine::new(Config { observer: Some(observer), ..config() });
    svg(engine.render(preview("Bonjour")).await);
    problem(engine.render(preview("#nothing")).await);
    assert_eq!(*seen.lock().unwrap(), ["made", "template"]);
}
