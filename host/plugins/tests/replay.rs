//! Pure calls are recorded on one runtime and replayed on another, byte for byte.

mod common;

use afpi_plugins::contract::objectives::{Fact, Figure, Grouping, Query, Target};
use afpi_plugins::ports::{Recorder, Who};
use afpi_plugins::{CallContext, Locale, Recording, ReplayError};
use common::{Bench, actor, context, guest, moment, opportunite, packed, site, toml};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// Records everything except the definition.
#[derive(Default)]
struct Keep(Mutex<Vec<Recording>>);

impl Recorder for Keep {
    fn wants(&self, who: Who<'_>, function: &'static str) -> bool {
        who.site == "site-1" && function != "definition"
    }

    fn keep(&self, recording: Recording) {
        self.0.lock().unwrap().push(recording);
    }
}

async fn recorded() -> (Bench, Vec<Recording>) {
    let kept = Arc::new(Keep::default());
    let bench = Bench::set(|options| options.recorder = Some(kept.clone()));
    bench.seat("workflow", site(1), r#"{"x":"é\"\u2028"}"#);
    bench.seat("objectives", site(1), "{}");
    bench.seat("workflow", site(2), "{}");
    let registry = bench.runtime.registry();
    let (subject, actor, moment) = (opportunite(), actor(), moment());
    registry.workflow("site-2").unwrap().editable(&context(), &subject, &actor).await.unwrap();
    let workflow = registry.workflow("site-1").unwrap();
    workflow.definition(&context()).await.unwrap();
    workflow.start(&context(), &subject, &actor, &moment).await.unwrap();
    workflow.decide(&context(), &subject, "go", r#"{"é":"ü"}"#, &actor, &moment).await.unwrap();
    workflow.decide(&context(), &subject, "refuse", "{}", &actor, &moment).await.unwrap_err();
    let english = CallContext::new(Locale::En, "call-9");
    workflow.edit(&english, &subject, "devis", "{}", &actor, &moment).await.unwrap();
    workflow.offers(&context(), &subject, &actor, &moment).await.unwrap();
    workflow.editable(&context(), &subject, &actor).await.unwrap();
    let objectives = registry.objectives("site-1").remove(0);
    objectives.metrics(&context()).await.unwrap();
    let fact = Fact {
        kind: 0,
        key: u32::MAX,
        user: 2,
        site: 3,
        subject: 4,
        start: i64::MIN,
        end: i64::MAX,
        amount: -7,
        weight: 8,
    };
    let query = Query {
        first: "2026-01-01".into(),
        last: "2026-12-31".into(),
        today: "2026-09-21".into(),
        metrics: Vec::new(),
        grouping: Grouping::User,
        words: vec!["cree".into()],
    };
    objectives.calculate(&context(), &query, [vec![fact; 3], vec![fact]]).await.unwrap();
    let target = Target {
        metric: "nombre".into(),
        target: 3,
        actual: Figure::Ratio((1, 2)),
        first: "2026-01-01".into(),
        last: "2026-12-31".into(),
        today: "2026-09-21".into(),
    };
    objectives.attain(&context(), &[target]).await.unwrap();
    let recordings = std::mem::take(&mut *kept.0.lock().unwrap());
    (bench, recordings)
}

#[tokio::test]
async fn what_was_recorded_is_replayed_byte_for_byte() {
    let (bench, recordings) = recorded().await;
    let functions: Vec<_> = recordings.iter().map(|recording| recording.function.as_str()).collect();
    assert_eq!(
        functions,
        ["start", "decide", "decide", "edit", "offers", "editable", "metrics", "calculate", "attain"]
    );
    assert!(recordings[2].result["Err"]["Conflict"]["fr"] == "non", "{}", recordings[2].result);
    // The recordings go through a file to a runtime that has never seen the plugin.
    let lines: Vec<String> = recordings.iter().map(|recording| serde_json::to_string(recording).unwrap()).collect();
    let desk = Bench::new();
    let plugins = [desk.runtime.load(&packed("workflow")).unwrap(), desk.runtime.load(&packed("objectives")).unwrap()];
    for line in &lines {
        let recording: Recording = serde_json::from_str(line).unwrap();
        let plugin = plugins.iter().find(|plugin| plugin.id() == recording.plugin).unwrap();
        for _ in 0..3 {
            let again = desk.runtime.replay(plugin, &recording).await.unwrap();
            assert_eq!(&serde_json::to_string(&again).unwrap(), line);
        }
    }
    assert!(desk.recorder.seen().calls.is_empty(), "a replay does not count as a call of production");
    drop(bench);
}

#[tokio::test]
async fn another_version_shows_what_it_would_have_decided() {
    let (bench, recordings) = recorded().await;
    let newer = afpi_plugin_tool::pack(&guest("workflow"), &toml("workflow", "workflow", "2.0.0", "")).unwrap();
    let newer = bench.runtime.load(&newer).unwrap();
    let again = bench.runtime.replay(&newer, &recordings[1]).await.unwrap();
    assert_eq!((again.version.as_str(), &again.result), ("2.0.0", &recordings[1].result));
    assert_ne!(again.sha256, recordings[1].sha256);
    let mut otherwise = recordings[1].clone();
    otherwise.args[1] = "refuse".into();
    assert_ne!(bench.runtime.replay(&newer, &otherwise).await.unwrap().result, otherwise.result);
}

#[tokio::test]
async fn what_cannot_be_replayed_says_why() {
    let (bench, recordings) = recorded().await;
    let workflow = bench.runtime.registry().plugin("workflow").unwrap();
    let unknown = Recording { function: "delete".into(), ..recordings[0].clone() };
    assert!(matches!(bench.runtime.replay(&workflow, &unknown).await, Err(ReplayError::UnknownFunction { .. })));
    let misfit = Recording { args: serde_json::json!([1, 2]), ..recordings[0].clone() };
    assert!(matches!(bench.runtime.replay(&workflow, &misfit).await, Err(ReplayError::Arguments(_))));
    let looping = Recording { config: r#"{"mode":"loop"}"#.into(), ..recordings[0].clone() };
    assert!(matches!(bench.runtime.replay(&workflow, &looping).await, Err(ReplayError::Failed(_))));
    let notifier = bench.runtime.load(&packed("notifier")).unwrap();
    assert!(matches!(bench.runtime.replay(&notifier, &recordings[0]).await, Err(ReplayError::UnknownFunction { .. })));
}

/// Records only this many calls, like a host's recorder. Each question uses up one.
struct Few(AtomicI64, Mutex<Vec<Recording>>);

impl Recorder for Few {
    fn wants(&self, _: Who<'_>, _: &'static str) -> bool {
        self.0.fetch_sub(1, Relaxed) > 0
    }

    fn keep(&self, recording: Recording) {
        self.1.lock().unwrap().push(recording);
    }
}

#[tokio::test]
async fn a_calculation_uses_up_one_of_the_wanted_calls() {
    let few = Arc::new(Few(AtomicI64::new(2), Mutex::default()));
    let bench = Bench::set(|options| options.recorder = Some(few.clone()));
    bench.seat("objectives", site(1), "{}");
    let objectives = bench.runtime.registry().objectives("site-1").remove(0);
    let fact = Fact { kind: 0, key: u32::MAX, user: 2, site: 3, subject: 4, start: 0, end: 1, amount: 7, weight: 8 };
    let query = Query {
        first: "2026-01-01".into(),
        last: "2026-12-31".into(),
        today: "2026-09-21".into(),
        metrics: Vec::new(),
        grouping: Grouping::User,
        words: vec!["cree".into()],
    };
    for _ in 0..3 {
        objectives.calculate(&context(), &query, [vec![fact; 3]]).await.unwrap();
    }
    let kept = few.1.lock().unwrap();
    assert_eq!(kept.len(), 2);
    let facts = |recording: &Recording| {
        recording.args[1].as_array().unwrap().iter().map(|batch| batch.as_array().unwrap().len()).sum::<usize>()
    };
    assert!(kept.iter().all(|recording| facts(recording) == 3), "each recording contains all facts");
}
