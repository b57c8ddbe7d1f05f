//! Well-behaved plugins: they answer, instances stay warm only on their own site, and versions do not mix.

mod common;

use afpi_plugins::contract::objectives::{Fact, Figure, Grouping, Query, Target};
use afpi_plugins::contract::{Error, workflow};
use afpi_plugins::{Binding, CallContext, Locale, Outcome, PluginFailure, Policy, RegistryError, Site};
use common::{Bench, actor, context, moment, opportunite, packed, site, toml};

#[tokio::test]
async fn a_workflow_answers_every_function() {
    let bench = Bench::new();
    bench.seat("workflow", site(1), r#"{"x":1}"#);
    let workflow = bench.runtime.registry().workflow("site-1").unwrap();
    let (subject, actor, moment) = (opportunite(), actor(), moment());

    assert_eq!(workflow.definition(&context()).await.unwrap().label.fr, "Essai");
    let decided = workflow.decide(&context(), &subject, "go", r#"{"é":"ü"}"#, &actor, &moment).await.unwrap();
    assert_eq!((decided.state.as_str(), &decided.data), (r#"{"é":"ü"}"#, &subject.data));
    assert_eq!(decided.outcome, workflow::Outcome::Open);
    let refused = workflow.decide(&context(), &subject, "refuse", "{}", &actor, &moment).await;
    assert!(matches!(refused, Err(PluginFailure::Guest(Error::Conflict(reason))) if reason.fr == "non"));
    let offers = workflow.offers(&context(), &subject, &actor, &moment).await.unwrap();
    assert_eq!(offers[0].blockers[0].code, "commercial");
    assert_eq!(workflow.editable(&context(), &subject, &actor).await.unwrap(), ["collecte", "commercial"]);

    let english = CallContext::new(Locale::En, "call-9");
    let seen = workflow.edit(&english, &subject, "s", "{}", &actor, &moment).await.unwrap().state;
    assert_eq!(seen, r#"site-1 AFPI-01 en call-9 50 {"x":1}"#);

    let calls = bench.recorder.seen().calls;
    let outcomes: Vec<_> = calls.iter().map(|(function, _, outcome)| (*function, *outcome)).collect();
    assert_eq!(outcomes[1..3], [("decide", Outcome::Ok), ("decide", Outcome::Error)]);
    let health = bench.runtime.registry().health("site-1", "workflow").unwrap().health;
    assert_eq!((health.calls, health.refusals, health.errors), (6, 1, 0));
    assert!(health.durations.p50() <= health.durations.p99() && health.durations.p50().is_some());
}

async fn count(bench: &Bench, site: &str) -> String {
    let workflow = bench.runtime.registry().workflow(site).unwrap();
    workflow.start(&context(), &opportunite(), &actor(), &moment()).await.unwrap().state
}

#[tokio::test]
async fn an_instance_stays_warm_on_its_site_and_never_serves_another() {
    let bench = Bench::with(Policy { warm_calls: 4, ..Policy::default() });
    bench.seat("workflow", site(1), "{}");
    bench.seat("workflow", site(2), "{}");
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push((count(&bench, "site-1").await, count(&bench, "site-2").await));
    }
    let expected = ["1", "2", "3", "4", "1"].map(|n| (n.to_owned(), n.to_owned()));
    assert_eq!(seen, expected, "each site has its own instance, which answers four calls");
    // New settings need new instances.
    bench.seat("workflow", site(1), r#"{"new":true}"#);
    assert_eq!((count(&bench, "site-1").await, count(&bench, "site-2").await), ("1".into(), "2".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_all_get_their_own_answer() {
    let bench = Bench::with(Policy { pure_parallel: 3, ..Policy::default() });
    bench.seat("workflow", site(1), "{}");
    let workflow = bench.runtime.registry().workflow("site-1").unwrap();
    let calls = (0..200).map(|n| {
        let workflow = workflow.clone();
        tokio::spawn(async move {
            let input = format!("{{\"n\":{n}}}");
            let decided = workflow.decide(&context(), &opportunite(), "go", &input, &actor(), &moment()).await.unwrap();
            assert_eq!(decided.state, input);
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    let view = bench.runtime.registry().health("site-1", "workflow").unwrap();
    assert!(view.health.calls == 200 && view.idle_instances <= 2, "{view:?}");
}

#[tokio::test]
async fn versions_change_under_running_handles_without_mixing() {
    let bench = Bench::new();
    bench.seat("workflow", site(1), "{}");
    let old = bench.runtime.registry().workflow("site-1").unwrap();
    let newer = afpi_plugin_tool::pack(&common::guest("workflow"), &toml("workflow", "workflow", "2.0.0", "")).unwrap();
    bench.install(&newer);
    let new = bench.runtime.registry().workflow("site-1").unwrap();
    assert_eq!(old.plugin().manifest().version.to_string(), "1.0.0");
    assert_eq!(new.plugin().manifest().version.to_string(), "2.0.0");
    for handle in [old, new] {
        handle.definition(&context()).await.unwrap();
    }
    let other_kind = afpi_plugin_tool::pack(&common::guest("objectives"), &toml("workflow", "objectives", "3.0.0", ""));
    let plugin = bench.runtime.load(&other_kind.unwrap()).unwrap();
    assert_eq!(bench.runtime.registry().put(plugin), Err(RegistryError::KindChanged("workflow".into())));
}

#[tokio::test]
async fn switched_off_unseated_and_removed_plugins_are_not_found() {
    let bench = Bench::new();
    let registry = bench.runtime.registry();
    assert_eq!(
        registry.bind(site(1), "workflow", Binding::default()),
        Err(RegistryError::UnknownPlugin("workflow".into()))
    );
    bench.seat("workflow", site(1), "{}");
    assert!(registry.workflow("site-1").is_some() && registry.workflow("site-2").is_none());
    assert!(registry.objectives("site-1").is_empty() && registry.notifiers("site-1").is_empty());
    registry.bind(site(1), "workflow", Binding { enabled: false, ..Binding::default() }).unwrap();
    assert!(registry.workflow("site-1").is_none());
    assert_eq!(registry.seats().len(), 1, "the registry still lists a seat that is off");
    bench.seat("workflow", site(1), "{}");
    registry.unbind("site-1", "workflow");
    assert!(registry.workflow("site-1").is_none() && registry.seats().is_empty());
    bench.seat("workflow", site(1), "{}");
    registry.remove("workflow").unwrap();
    assert!(registry.plugins().is_empty() && registry.workflow("site-1").is_none());
}

#[tokio::test]
async fn a_version_and_its_seats_change_in_one_step() {
    let bench = Bench::new();
    let registry = bench.runtime.registry();
    let load = |version: &str| {
        let file =
            afpi_plugin_tool::pack(&common::guest("workflow"), &toml("workflow", "workflow", version, "")).unwrap();
        bench.runtime.load(&file).unwrap()
    };
    let (old, new) = (load("1.0.0"), load("2.0.0"));
    let with = |config: &str| Binding { config: config.into(), ..Binding::default() };
    let version = |site: &str| registry.workflow(site).unwrap().plugin().manifest().version.to_string();
    registry.install(old.clone(), vec![(site(1), with("{}")), (site(2), with("{}"))]).unwrap();
    let (kept, changed) = (registry.workflow("site-1").unwrap(), registry.workflow("site-2").unwrap());
    registry.install(old.clone(), vec![(site(1), with("{}")), (site(2), with(r#"{"a":1}"#))]).unwrap();
    assert!(kept.same(&registry.workflow("site-1").unwrap()), "the seat of site-1 is unchanged");
    assert!(!changed.same(&registry.workflow("site-2").unwrap()));
    registry.install(new, vec![(site(2), with("{}"))]).unwrap();
    assert_eq!((version("site-2").as_str(), registry.workflow("site-1").is_none()), ("2.0.0", true));
    assert_eq!(kept.plugin().manifest().version.to_string(), "1.0.0", "a handle keeps its version");
    let other = bench
        .runtime
        .load(
            &afpi_plugin_tool::pack(&common::guest("objectives"), &toml("workflow", "objectives", "3.0.0", ""))
                .unwrap(),
        )
        .unwrap();
    assert_eq!(registry.install(other, vec![]), Err(RegistryError::KindChanged("workflow".into())));
    assert_eq!(version("site-2"), "2.0.0", "a refused change changes nothing");
}

#[tokio::test]
async fn settings_are_judged_without_being_seated() {
    let bench = Bench::new();
    for kind in ["workflow", "objectives", "notifier", "connector"] {
        bench.install(&packed(kind));
        let lifecycle = bench.runtime.registry().lifecycle(kind).unwrap();
        assert_eq!(lifecycle.config_schema(&context()).await.unwrap(), r#"{"type":"object"}"#);
        assert_eq!(lifecycle.validate_config(&context(), "{}").await.unwrap(), []);
        let problems = lifecycle.validate_config(&context(), r#"{"mode":"bad"}"#).await.unwrap();
        assert_eq!(problems[0].field, "/mode");
        let migrated = lifecycle.migrate_config(&context(), "0.9.0", "{}").await.unwrap();
        assert_eq!(migrated, r#"{"from":"0.9.0","old":{}}"#);
    }
}

fn query(metric: &str) -> Query {
    Query {
        first: "2026-01-01".into(),
        last: "2026-12-31".into(),
        today: "2026-09-21".into(),
        metrics: vec![metric.into()],
        grouping: Grouping::Total,
        words: vec!["cree".into()],
    }
}

#[tokio::test]
async fn a_calculation_takes_facts_in_batches() {
    let bench = Bench::new();
    bench.seat("objectives", site(1), "{}");
    let objectives = bench.runtime.registry().objectives("site-1").remove(0);
    let fact = |n: i64| Fact { kind: 0, key: 0, user: 0, site: 0, subject: 0, start: n, end: n, amount: n, weight: 0 };
    let facts: Vec<Fact> = (1..=10_000).map(fact).collect();
    for _ in 0..3 {
        let scores = objectives.calculate(&context(), &query("nombre"), facts.chunks(1_000)).await.unwrap();
        assert_eq!(scores[0].figure, Figure::Count(10_000));
        assert_eq!(scores[1].figure, Figure::Money(50_005_000));
    }
    let refused = objectives.calculate(&context(), &query("unknown"), [&facts[..1]]).await;
    assert!(matches!(refused, Err(PluginFailure::Guest(Error::NotFound(_)))));
    let stuck = objectives.calculate(&context(), &query("loop"), [&facts[..1]]).await;
    assert!(matches!(stuck, Err(PluginFailure::Timeout(_))));
    assert_eq!(objectives.metrics(&context()).await.unwrap()[0].id, "nombre");
    let target = Target {
        metric: "nombre".into(),
        target: 5,
        actual: Figure::None,
        first: String::new(),
        last: String::new(),
        today: String::new(),
    };
    assert_eq!(objectives.attain(&context(), &[target]).await.unwrap()[0].percent, Some(10_000));
}

#[tokio::test]
async fn a_pass_counts_to_its_end() {
    let bench = Bench::new();
    bench.seat("connector", Site::network(), "{}");
    let connector = bench.runtime.registry().connector("connector").unwrap();
    assert_eq!(connector.check(&context()).await.unwrap()[0].name, "1024", "the runtime limits random bytes");
    let mut pass = connector.open(&context(), &[]).await.unwrap();
    let mut other = connector.open(&context(), &[]).await.unwrap();
    let mut ids = Vec::new();
    loop {
        let batch = pass.next(200).await.unwrap();
        ids.extend(batch.items.into_iter().map(|item| item.external_id));
        if batch.finished {
            break;
        }
    }
    assert_eq!(ids.len(), 10);
    assert!(matches!(pass.next(200).await, Err(PluginFailure::Ended)));
    assert_eq!(other.next(2).await.unwrap().done, 2, "two passes do not share an instance");
    let nowhere = connector.open(&context(), &["nowhere".into()]).await;
    assert!(matches!(nowhere, Err(PluginFailure::Guest(Error::Unavailable(_)))));
    let mut refused = connector.open(&context(), &["refuse".into()]).await.unwrap();
    refused.next(1).await.unwrap();
    assert!(matches!(refused.next(1).await, Err(PluginFailure::Guest(Error::RateLimited(500)))));
    assert!(
        !matches!(refused.next(1).await, Err(PluginFailure::Ended)),
        "a connector that asks for a later call keeps the pass"
    );
}
