//! Each capability granted, denied, over its quota, and on another site.

mod common;

use afpi_plugins::contract::Error;
use afpi_plugins::contract::notifier::Event;
use afpi_plugins::manifest::Capability;
use afpi_plugins::ports::Figure;
use afpi_plugins::{Grants, PluginFailure};
use common::{Bench, context, packed, site};
use strum::VariantArray as _;

/// The guest's report about its use of a capability.
async fn told(bench: &Bench, site: &str, what: &str) -> Result<String, Error> {
    let notifier = bench.runtime.registry().notifiers(site).remove(0);
    let event = Event { name: what.into(), at: 0, site: site.into(), actor: None, subject: None, data: "{}".into() };
    match notifier.notify(&context(), &event).await {
        Ok(messages) => Ok(messages[0].title.fr.clone()),
        Err(PluginFailure::Guest(error)) => Err(error),
        Err(other) => panic!("{what}: {other}"),
    }
}

#[tokio::test]
async fn without_grants_everything_is_denied_and_counted() {
    let bench = Bench::new();
    let plugin = bench.install(&packed("notifier"));
    bench.bind(&plugin, site(1), r#"{"url":"http://127.0.0.1:1"}"#, Grants::none());
    bench.secrets.set("notifier", "site-1", "token", "s3cret");
    for (what, harmless) in
        [("clock", "0"), ("secret token", "false"), ("metric pages", "published"), ("random 8", "0")]
    {
        assert_eq!(told(&bench, "site-1", what).await.unwrap(), harmless);
    }
    for what in ["kv-set a", "kv-get a", "kv-keys", "get http://127.0.0.1:1/"] {
        assert!(matches!(told(&bench, "site-1", what).await, Err(Error::Denied(_))), "{what}");
    }
    let seen = bench.recorder.seen();
    use Capability::{Clock, HttpClient, Kv, Metrics, Random, Secrets};
    assert_eq!(seen.denied, [Clock, Secrets, Metrics, Metrics, Random, Kv, Kv, Kv, HttpClient]);
    assert!(seen.figures.is_empty());
    assert_eq!(bench.runtime.registry().health("site-1", "notifier").unwrap().health.denials, 9);
}

/// A seat cannot reach the settings, site, figures, addresses and secrets of another seat of the same plugin.
#[tokio::test]
async fn what_one_site_has_another_does_not_see() {
    let bench = Bench::new();
    bench.seat("notifier", site(1), r#"{"url":"http://127.0.0.1:1"}"#);
    bench.seat("notifier", site(2), r#"{"url":"http://127.0.0.2:1"}"#);
    bench.secrets.set("notifier", "site-1", "token", "s3cret");
    assert_eq!(told(&bench, "site-1", "config").await.unwrap(), r#"{"url":"http://127.0.0.1:1"}"#);
    assert_eq!(told(&bench, "site-2", "config").await.unwrap(), r#"{"url":"http://127.0.0.2:1"}"#);
    assert_eq!(told(&bench, "site-1", "context").await.unwrap(), "site-1 AFPI-01");
    assert_eq!(told(&bench, "site-2", "context").await.unwrap(), "site-2 AFPI-02");
    told(&bench, "site-2", "metric pages").await.unwrap();
    assert!(bench.recorder.seen().figures.iter().all(|(site, ..)| site == "site-2"));
    // This site has not declared the other site's address, and has no secret.
    assert!(matches!(told(&bench, "site-2", "get http://127.0.0.1:1/").await, Err(Error::Denied(_))));
    assert!(
        matches!(told(&bench, "site-2", "get http://127.0.0.2:1/").await, Err(Error::Unavailable(_))),
        "the address is allowed, but no server answers"
    );
    assert!(matches!(told(&bench, "site-2", "auth http://127.0.0.2:1/").await, Err(Error::NotFound(_))));
    assert!(matches!(told(&bench, "site-1", "auth http://127.0.0.1:1/").await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn randomness_is_given_in_small_pieces() {
    let bench = Bench::new();
    bench.seat("notifier", site(1), "{}");
    assert_eq!(told(&bench, "site-1", "random 8").await.unwrap(), "8");
    assert_eq!(told(&bench, "site-1", "random 5000").await.unwrap(), "1024");
}

#[tokio::test]
async fn a_grant_the_manifest_does_not_ask_for_gives_nothing() {
    let bench = Bench::new();
    let shy = common::toml("notifier", "notifier", "1.0.0", "");
    let file = afpi_plugin_tool::encode(&common::guest("notifier")).unwrap();
    // The test packs the file itself, because the packing tool refuses imports that the manifest does not request.
    let mut file = file;
    afpi_plugins::manifest::embed(&mut file, &afpi_plugin_tool::read_manifest(&shy).unwrap()).unwrap();
    let plugin = bench.install(&file);
    bench.bind(&plugin, site(1), "{}", Capability::VARIANTS.iter().copied().collect());
    assert_eq!(told(&bench, "site-1", "clock").await.unwrap(), "0");
    assert!(matches!(told(&bench, "site-1", "kv-set a").await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn notes_have_limits_and_belong_to_one_site() {
    let bench = Bench::new();
    bench.seat("notifier", site(1), "{}");
    bench.seat("notifier", site(2), "{}");
    assert_eq!(told(&bench, "site-1", "kv-get a").await.unwrap(), "None");
    assert_eq!(told(&bench, "site-1", "kv-set a").await.unwrap(), "set");
    assert_eq!(told(&bench, "site-1", "kv-get a").await.unwrap(), "Some(5)");
    assert_eq!(told(&bench, "site-2", "kv-get a").await.unwrap(), "None", "each site has its own notes");
    assert!(
        matches!(told(&bench, "site-1", "kv-big").await, Err(Error::Invalid(problems)) if problems[0].field == "/value")
    );
    assert!(
        matches!(told(&bench, "site-1", "kv-get ").await, Err(Error::Invalid(problems)) if problems[0].field == "/key")
    );
    assert!(matches!(told(&bench, "site-1", "kv-fill").await, Err(Error::Conflict(_))), "the quota ends it");
    assert_eq!(
        told(&bench, "site-1", "kv-keys key-").await.unwrap(),
        "",
        "a call that ends with an error has written nothing"
    );
    assert_eq!(told(&bench, "site-2", "kv-keys").await.unwrap(), "");
}

/// A call sees its own writes at once, together with older notes. The quota counts both.
#[tokio::test]
async fn a_call_reads_its_own_notes() {
    let bench = Bench::new();
    bench.seat("notifier", site(1), "{}");
    assert_eq!(told(&bench, "site-1", "kv-write c a b").await.unwrap(), "a,b,c");
    assert_eq!(told(&bench, "site-1", "kv-write -b d a -a e").await.unwrap(), "c,d,e");
    assert_eq!(told(&bench, "site-1", "kv-keys").await.unwrap(), "c,d,e");
    assert_eq!(
        told(&bench, "site-1", "kv-write f g -f").await.unwrap(),
        "c,d,e,g",
        "five notes are allowed, and one was deleted"
    );
    assert!(matches!(told(&bench, "site-1", "kv-write h i").await, Err(Error::Conflict(_))));
    assert_eq!(told(&bench, "site-1", "kv-write -c -d -e -g").await.unwrap(), "");
    assert_eq!(told(&bench, "site-1", "kv-keys").await.unwrap(), "");
}

#[tokio::test]
async fn clock_secrets_and_metrics_answer_when_granted() {
    let bench = Bench::new();
    bench.seat("notifier", site(1), "{}");
    bench.seat("notifier", site(2), "{}");
    let now: u64 = told(&bench, "site-1", "clock").await.unwrap().parse().unwrap();
    assert!(now > 1_700_000_000_000);
    bench.secrets.set("notifier", "site-1", "token", "s3cret");
    bench.secrets.set("notifier", "site-1", "other", "undeclared");
    assert_eq!(told(&bench, "site-1", "secret token").await.unwrap(), "true");
    assert_eq!(told(&bench, "site-2", "secret token").await.unwrap(), "false");
    assert_eq!(told(&bench, "site-1", "secret other").await.unwrap(), "false", "not declared");
    told(&bench, "site-1", "metric pages").await.unwrap();
    told(&bench, "site-1", "metric invented_name").await.unwrap();
    let seen = bench.recorder.seen();
    assert_eq!(
        seen.figures,
        [("site-1".into(), "pages".into(), Figure::Add(3)), ("site-1".into(), "pages".into(), Figure::Set(-7))]
    );
    assert_eq!(seen.denied, [Capability::Metrics; 2], "an undeclared name is counted, not published");
}
