//! Hooks and jobs: what they are asked, what they may answer, and what happens if one fails.

mod common;

use afpi_plugins::contract::Error;
use afpi_plugins::contract::hook::{Event, Phase, Subject};
use afpi_plugins::manifest::{Capability, OnFailure};
use afpi_plugins::{
    Binding, CallContext, Grants, HookPlugin, JobOutcome, LoadError, Locale, Outcome, PluginFailure, Policy,
    Quarantine, Verdict,
};
use common::{Bench, HOOK_WISHES, context, guest, opportunite, packed, site, toml};
use std::time::Duration;

fn event(name: &str) -> Event {
    let subject = Subject::Opportunite(opportunite());
    Event {
        name: format!("opportunite.moved {name}"),
        at: 0,
        site: "site-1".into(),
        actor: None,
        subject,
        data: "{}".into(),
    }
}

fn patient() -> Policy {
    let quarantine = Quarantine { faults: u32::MAX, ..Policy::default().quarantine };
    Policy { quarantine, ..Policy::default() }
}

fn seated(policy: Policy) -> (Bench, HookPlugin) {
    let bench = Bench::with(policy);
    bench.seat("hook", site(1), "{}");
    let hook = bench.runtime.registry().hooks("site-1").remove(0);
    (bench, hook)
}

#[tokio::test]
async fn a_hook_allows_vetoes_and_fails_in_its_own_ways() {
    let (bench, hook) = seated(patient());
    let allowed = Event { name: "opportunite.moved".into(), ..event("") };
    assert_eq!(hook.before(&context(), &allowed).await.unwrap(), Verdict::Allow);
    match hook.before(&context(), &event("deadline")).await.unwrap() {
        Verdict::Veto(reason) => assert_eq!(reason.fr, "50", "the guest knows its limits"),
        other => panic!("{other:?}"),
    }
    for (name, outcome) in [("odd", Outcome::Error), ("spin", Outcome::Timeout), ("trap", Outcome::Trap)] {
        assert_eq!(hook.before(&context(), &event(name)).await.unwrap_err().outcome(), outcome, "{name}");
    }
    assert_eq!(hook.on_failure(), OnFailure::Closed);
    let took = bench.runtime.registry().health("site-1", "hook").unwrap().health;
    assert!(took.last_error.unwrap().1.contains("unreachable"));
    let open = format!("on-failure = \"open\"\n{HOOK_WISHES}");
    let open = afpi_plugin_tool::pack(&guest("hook"), &toml("open", "hook", "1.0.0", &open)).unwrap();
    let plugin = bench.install(&open);
    bench.bind(&plugin, site(2), "{}", Grants::none());
    assert_eq!(bench.runtime.registry().hooks("site-2")[0].on_failure(), OnFailure::Open);
}

#[tokio::test]
async fn nothing_is_set_in_motion_before_a_change() {
    let (bench, hook) = seated(Policy::default());
    for what in ["enqueue one", "emit late", "call-out http://public.test:1/"] {
        match hook.before(&context(), &event(what)).await {
            // The capability is granted, but a hook cannot use it before a change.
            Err(PluginFailure::Guest(Error::Denied(why))) => {
                assert!(why.en.contains("cannot be used while a change is being decided"), "{what}: {}", why.en);
                assert!(why.fr.contains("pendant qu’un changement est décidé"), "{what}: {}", why.fr);
            }
            other => panic!("{what}: {other:?}"),
        }
    }
    bench.bind(hook.plugin(), site(2), "{}", Grants::none());
    let ungranted = bench.runtime.registry().hooks("site-2").remove(0);
    match ungranted.before(&context(), &event("enqueue one")).await {
        Err(PluginFailure::Guest(Error::Denied(why))) => assert!(why.en.contains("is not granted"), "{}", why.en),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        bench.recorder.seen().denied,
        [Capability::Jobs, Capability::Events, Capability::HttpClient, Capability::Jobs]
    );
    assert!(bench.ledger.waiting_jobs().is_empty() && bench.ledger.heard().is_empty());
    assert!(
        matches!(hook.before(&context(), &event("note seen")).await, Ok(Verdict::Veto(_))),
        "a hook may read and write its own notes before a change"
    );
    for what in ["enqueue one", "emit late"] {
        hook.after(&context(), &event(what)).await.unwrap();
    }
    assert_eq!((bench.ledger.waiting_jobs().len(), bench.ledger.heard().len()), (1, 1));
}

#[tokio::test]
async fn hooks_are_asked_by_their_bindings_order_then_by_id() {
    let bench = Bench::new();
    for (id, order) in [("zebra", -1), ("beta", 0), ("alpha", 0), ("gamma", 7)] {
        let plugin =
            bench.install(&afpi_plugin_tool::pack(&guest("hook"), &toml(id, "hook", "1.0.0", HOOK_WISHES)).unwrap());
        let binding = Binding { order, ..Binding::default() };
        bench.runtime.registry().bind(site(1), plugin.id(), binding).unwrap();
    }
    bench.runtime.registry().bind(site(1), "gamma", Binding { enabled: false, ..Binding::default() }).unwrap();
    let order: Vec<_> =
        bench.runtime.registry().hooks("site-1").iter().map(|hook| hook.plugin().id().to_owned()).collect();
    assert_eq!(order, ["zebra", "alpha", "beta"]);
    assert!(bench.runtime.registry().hooks("site-2").is_empty());
}

#[tokio::test]
async fn subscriptions_are_asked_once_per_setting_and_bounded() {
    let (bench, hook) = seated(patient());
    for _ in 0..3 {
        assert_eq!(hook.wants(&context(), "opportunite.moved", Phase::Before).await.unwrap(), Some(-5));
    }
    assert_eq!(hook.wants(&context(), "opportunite.moved", Phase::After).await.unwrap(), None);
    assert_eq!(hook.wants(&context(), "entreprise.created", Phase::Before).await.unwrap(), None);
    let asked = bench.recorder.seen().calls.iter().filter(|(function, ..)| *function == "subscriptions").count();
    assert_eq!(asked, 1);
    for (settings, outcome) in [(r#"{"mode":"many"}"#, Outcome::Error), (r#"{"mode":"trap"}"#, Outcome::Trap)] {
        bench.seat("hook", site(1), settings);
        let hook = bench.runtime.registry().hooks("site-1").remove(0);
        let failure = hook.wants(&context(), "opportunite.moved", Phase::Before).await.unwrap_err();
        assert_eq!(failure.outcome(), outcome, "{failure}");
    }
}

#[tokio::test]
async fn jobs_end_as_their_handler_says() {
    let (bench, _) =
        seated(Policy { job_call: Duration::from_millis(200), waiting_cpu: Duration::from_millis(60), ..patient() });
    let handler = bench.runtime.registry().job_handler("site-1", "hook").unwrap();
    assert_eq!(handler.plugin().id(), "hook");
    let run = async |kind: &str, payload: &str, attempt| handler.run(&context(), kind, payload, attempt).await;
    assert_eq!(run("work", "{}", 1).await.unwrap(), JobOutcome::Done);
    assert_eq!(run("retry", "{}", 3).await.unwrap(), JobOutcome::Retry(Duration::from_secs(3)));
    assert_eq!(run("fail", "\"why\"", 1).await.unwrap(), JobOutcome::Fail("\"why\"".into()));
    let long = format!("\"{}\"", "\n".repeat(5_000));
    assert!(
        matches!(run("fail", &long, 1).await.unwrap(), JobOutcome::Fail(why) if why.len() <= 400 && why.starts_with("\"\\n\\n"))
    );
    assert_eq!(run("odd", "{}", 1).await.unwrap_err().outcome(), Outcome::Error);
    assert_eq!(run("spin", "{}", 1).await.unwrap_err().outcome(), Outcome::Timeout);
    assert!(bench.runtime.registry().job_handler("site-2", "hook").is_none());
    bench.seat("notifier", site(1), "{}");
    assert!(bench.runtime.registry().job_handler("site-1", "notifier").is_none(), "the notifier requests no jobs");
}

#[tokio::test]
async fn a_chain_of_events_and_jobs_ends() {
    let (bench, hook) = seated(Policy::default());
    let handler = bench.runtime.registry().job_handler("site-1", "hook").unwrap();
    let deep = |depth| CallContext::new(Locale::Fr, "call-1").at_depth(depth);
    hook.after(&context(), &event("emit late")).await.unwrap();
    assert_eq!(bench.ledger.heard()[0].what.depth, 1);
    assert_eq!(handler.run(&deep(3), "again", "{}", 1).await.unwrap(), JobOutcome::Fail("true".into()));
    assert_eq!(bench.ledger.waiting_jobs()[0].what.depth, 4);
    match handler.run(&deep(4), "again", "{}", 1).await.unwrap() {
        JobOutcome::Fail(reason) => assert!(reason.contains("caused one another"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(hook.after(&deep(4), &event("emit late")).await, Err(PluginFailure::Guest(Error::Conflict(_)))));
    assert!(matches!(hook.after(&deep(5), &event("emit late")).await, Err(PluginFailure::TooDeep(5))));
    assert_eq!((bench.ledger.waiting_jobs().len(), bench.ledger.heard().len()), (1, 1));
    assert!(bench.recorder.seen().calls.iter().any(|(_, _, outcome)| *outcome == Outcome::Depth));
}

#[test]
fn a_plugin_that_wants_jobs_and_cannot_run_them_is_refused() {
    let bench = Bench::new();
    let mut file = afpi_plugin_tool::encode(&guest("notifier")).unwrap();
    let wishes = common::NOTIFIER_WISHES.replace("clock = true", "clock = true\njobs = {}");
    let manifest = afpi_plugin_tool::read_manifest(&toml("notifier", "notifier", "1.0.0", &wishes)).unwrap();
    afpi_plugins::manifest::embed(&mut file, &manifest).unwrap();
    match bench.runtime.load(&file) {
        Err(LoadError::Contract(why)) => assert!(why.contains("job-handler"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert!(bench.runtime.load(&packed("hook")).is_ok());
}
