//! The capabilities `records-read`, `jobs` and `events`: granted, denied, over the quota, and on another site.

mod common;

use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::contract::{Entreprise, Error, Opportunite};
use afpi_plugins::manifest::Capability;
use afpi_plugins::ports::{Ledger, Space};
use afpi_plugins::testing::MemoryRecords;
use afpi_plugins::{Grants, PluginFailure, Policy};
use common::{Bench, context, guest, opportunite, packed, site, told, toml};
use std::time::Duration;

fn id(number: u8) -> String {
    format!("00000000-0000-7000-8000-0000000000{number:02}")
}

fn fill(records: &MemoryRecords) {
    let opportunites = [(1, 1, "collecte"), (2, 1, "devis"), (3, 2, "collecte"), (4, 1, "collecte"), (5, 1, "devis")];
    records.set_opportunites(
        opportunites
            .map(|(number, site, section)| Opportunite {
                id: id(number),
                title: format!("O{number}"),
                localisation: format!("site-{site}"),
                section: section.into(),
                created_at: 1_000 * i64::from(number),
                state: "the workflow's own".into(),
                ..opportunite()
            })
            .into(),
    );
    let entreprises = [(1, 1, true), (2, 2, true), (3, 1, false)];
    records.set_entreprises(
        entreprises
            .map(|(number, site, active)| Entreprise {
                id: id(number),
                name: format!("E{number}"),
                siret: String::new(),
                postcode: "02100".into(),
                city: "Saint-Quentin".into(),
                localisation: format!("site-{site}"),
                active,
                created_at: i64::from(number),
                updated_at: 10 * i64::from(number),
                data: "{}".into(),
            })
            .into(),
    );
}

fn seated() -> Bench {
    let bench = Bench::new();
    fill(&bench.records);
    bench.seat("hook", site(1), "{}");
    bench.seat("hook", site(2), "{}");
    bench
}

#[tokio::test]
async fn without_grants_nothing_is_read_enqueued_or_announced() {
    let bench = Bench::new();
    fill(&bench.records);
    let plugin = bench.install(&packed("hook"));
    bench.bind(&plugin, site(1), "{}", Grants::none());
    for what in [&format!("read {}", id(1)), "list", "list-companies", "enqueue one", "emit late"] {
        assert!(matches!(told(&bench, "site-1", what).await, Err(Error::Denied(_))), "{what}");
    }
    use Capability::{Events, Jobs, RecordsRead};
    assert_eq!(bench.recorder.seen().denied, [RecordsRead, RecordsRead, RecordsRead, Jobs, Events]);
    assert!(bench.ledger.waiting_jobs().is_empty() && bench.ledger.heard().is_empty());
    assert_eq!(bench.runtime.registry().health("site-1", "hook").unwrap().health.denials, 5);
}

#[tokio::test]
async fn records_are_those_of_the_seats_site() {
    let bench = seated();
    assert_eq!(
        told(&bench, "site-1", &format!("read {}", id(1))).await.unwrap(),
        "O1 []",
        "hooks do not see the state"
    );
    for absent in [id(3), id(77), "no id".into(), String::new(), "x".repeat(5_000)] {
        match told(&bench, "site-1", &format!("read {absent}")).await {
            Err(Error::NotFound(named)) => assert!(named.len() <= 36),
            other => panic!("{absent}: {other:?}"),
        }
    }
    assert_eq!(told(&bench, "site-2", &format!("read {}", id(3))).await.unwrap(), "O3 []");
    assert_eq!(told(&bench, "site-1", "list-companies").await.unwrap(), "E1,E3");
    assert_eq!(told(&bench, "site-2", "list-companies").await.unwrap(), "E2");
    assert!(matches!(told(&bench, "site-2", &format!("read-company {}", id(1))).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_store_that_shows_too_much_is_not_believed() {
    let bench = Bench::over(MemoryRecords::leaky(), |_| {});
    fill(&bench.records);
    bench.seat("hook", site(2), "{}");
    assert!(matches!(told(&bench, "site-2", &format!("read {}", id(1))).await, Err(Error::NotFound(_))));
    assert_eq!(told(&bench, "site-2", "list-many 200").await.unwrap(), "1");
    assert_eq!(told(&bench, "site-2", "list-companies").await.unwrap(), "E2");
}

#[tokio::test]
async fn pages_follow_one_another_and_are_bounded() {
    let bench = seated();
    let first = told(&bench, "site-1", "list").await.unwrap();
    assert_eq!(first, format!("O1,O2 next Some(\"2000.{}\")", id(2)));
    let second = told(&bench, "site-1", &format!("list-after 2000.{}", id(2))).await.unwrap();
    assert_eq!(second, "O4,O5 next None");
    assert_eq!(told(&bench, "site-1", "list section=collecte").await.unwrap(), "O1,O4 next None");
    assert_eq!(told(&bench, "site-1", "list section=devis,created-since=3000").await.unwrap(), "O5 next None");
    assert_eq!(told(&bench, "site-1", "list-companies active=false").await.unwrap(), "E3");
    assert_eq!(told(&bench, "site-1", "list-companies updated-since=11").await.unwrap(), "E3");
    for (what, field) in [
        ("list-many 0", "/limit"),
        ("list-many 201", "/limit"),
        ("list secret=1", "/criteria/0/field"),
        ("list section=a,section=b", "/criteria/1/field"),
        ("list created-since=soon", "/criteria/0/value"),
        ("list-companies active=perhaps", "/criteria/0/value"),
        ("list a,b,c,d,e,f,g,h,i", "/criteria"),
        ("list-after nowhere", "/after"),
        ("list-after 1.", "/after"),
        ("list-after 1.'; DROP TABLE x", "/after"),
    ] {
        match told(&bench, "site-1", what).await {
            Err(Error::Invalid(problems)) => assert_eq!(problems[0].field, field, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn only_declared_kinds_of_records_are_read() {
    let bench = Bench::new();
    fill(&bench.records);
    let wishes = common::HOOK_WISHES.replace(r#""opportunites", "#, "");
    let plugin =
        bench.install(&afpi_plugin_tool::pack(&guest("hook"), &toml("hook", "hook", "1.0.0", &wishes)).unwrap());
    bench.bind(&plugin, site(1), "{}", Grants::all_of(&plugin.manifest().capabilities));
    assert_eq!(told(&bench, "site-1", "list-companies").await.unwrap(), "E1,E3");
    for what in ["list", &format!("read {}", id(1))] {
        assert!(matches!(told(&bench, "site-1", what).await, Err(Error::Denied(_))), "{what}");
    }
    assert_eq!(bench.recorder.seen().denied, [Capability::RecordsRead; 2]);
}

#[tokio::test]
async fn jobs_wait_in_their_own_space_within_their_quota() {
    let bench = seated();
    assert_eq!(told(&bench, "site-1", "enqueue-keyed k").await.unwrap(), "true");
    assert_eq!(told(&bench, "site-1", "enqueue-keyed k").await.unwrap(), "false");
    assert_eq!(told(&bench, "site-2", "enqueue-keyed k").await.unwrap(), "true", "each site has its own keys");
    assert!(matches!(told(&bench, "site-1", "enqueue-all").await, Err(Error::Conflict(_))), "the quota ends it");
    let waiting = bench.ledger.waiting_jobs();
    assert_eq!(
        waiting.iter().filter(|job| job.site == "site-1").count(),
        1,
        "a call that ends with an error has enqueued nothing"
    );
    let first = &waiting[0];
    assert_eq!(
        (first.plugin.as_str(), first.what.run_after, first.what.depth),
        ("hook", Duration::from_millis(1_500), 1)
    );
    assert_eq!((first.what.payload.as_str(), first.what.call_id.as_str()), ("{}", "call-1"));
    for (what, field) in [
        ("enqueue Loud", "/kind"),
        ("enqueue", "/kind"),
        ("enqueue 3d", "/kind"),
        ("enqueue-late", "/run-after-ms"),
        ("enqueue-payload x", "/payload"),
        ("enqueue-payload", "/payload"),
        ("enqueue-keyed", "/dedupe-key"),
    ] {
        match told(&bench, "site-2", what).await {
            Err(Error::Invalid(problems)) => assert_eq!(problems[0].field, field, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn events_carry_the_plugins_name_and_are_rate_limited() {
    let bench = Bench::with(Policy { event_burst: 5, ..Policy::default() });
    fill(&bench.records);
    bench.seat("hook", site(1), "{}");
    assert_eq!(told(&bench, "site-1", "emit late").await.unwrap(), "told");
    assert_eq!(told(&bench, "site-1", &format!("emit-about {}", id(1))).await.unwrap(), "told");
    assert!(matches!(told(&bench, "site-1", &format!("emit-about {}", id(3))).await, Err(Error::NotFound(_))));
    for undeclared in ["emit opportunite.moved", "emit later", "emit"] {
        assert!(matches!(told(&bench, "site-1", undeclared).await, Err(Error::Denied(_))), "{undeclared}");
    }
    assert_eq!(bench.recorder.seen().denied, [Capability::Events; 3]);
    match told(&bench, "site-1", "emit-all").await {
        Err(Error::RateLimited(wait)) => assert!((1..=1_000).contains(&wait), "{wait}"),
        other => panic!("{other:?}"),
    }
    let heard = bench.ledger.heard();
    assert_eq!(heard.len(), 2, "a call that ends with an error has announced nothing");
    assert_eq!((heard[0].what.name.as_str(), heard[0].site.as_str()), ("plugin.hook.late", "site-1"));
    assert_eq!(heard[1].what.opportunite, Some(id(1)));
}

/// The notes, jobs and events of a call belong together: the runtime applies all of them with the answer, and none
/// after an error or a trap.
#[tokio::test]
async fn what_a_call_sets_down_takes_effect_as_one() {
    let bench = seated();
    let state = async || {
        let space = Space { plugin: "hook", site: "site-1" };
        let (a, b) = (bench.ledger.note(space, "a").await.unwrap(), bench.ledger.note(space, "b").await.unwrap());
        (a, b, bench.ledger.waiting_jobs().len(), bench.ledger.heard().len())
    };
    assert!(matches!(told(&bench, "site-1", "several 7 enqueue").await, Err(Error::Invalid(_))));
    assert_eq!(state().await, (None, None, 0, 0));
    let hook = bench.runtime.registry().hooks("site-1").remove(0);
    let event = Event {
        name: "x several 8 trap".into(),
        at: 0,
        site: "site-1".into(),
        actor: None,
        subject: Subject::None,
        data: "{}".into(),
    };
    assert!(matches!(hook.after(&context(), &event).await, Err(PluginFailure::Trap(_))));
    assert_eq!(state().await, (None, None, 0, 0));
    told(&bench, "site-1", "several 9").await.unwrap();
    assert_eq!(state().await, (Some(b"9".into()), Some(b"9".into()), 1, 1));
}
