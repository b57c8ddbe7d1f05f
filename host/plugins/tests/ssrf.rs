//! Requests to forbidden addresses: every spelling, every special range and every trick with names. An internal
//! listener checks that no connection reaches it.

mod common;

use afpi_plugins::contract::Error;
use afpi_plugins::contract::notifier::Event;
use afpi_plugins::manifest::Capability;
use afpi_plugins::testing::MemoryResolver;
use afpi_plugins::{Grants, PluginFailure, Policy};
use common::{Bench, context, packed, site};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

/// An internal service that counts connections, on both loopback addresses if the machine has both.
async fn inside() -> (u16, Arc<AtomicUsize>) {
    let came = Arc::new(AtomicUsize::new(0));
    let v4 = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = v4.local_addr().unwrap().port();
    let v6 = TcpListener::bind(("::1", port)).await.ok();
    for listener in [Some(v4), v6].into_iter().flatten() {
        let came = came.clone();
        tokio::spawn(async move {
            while let Ok((_stream, _)) = listener.accept().await {
                came.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    (port, came)
}

/// The answers of a hostile DNS server.
fn names() -> MemoryResolver {
    let name = |name: &str, addresses: &[&str]| {
        let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        (name.to_owned(), addresses)
    };
    MemoryResolver(HashMap::from([
        name("public.test", &["127.0.0.1"]),
        name("localhost", &["127.0.0.1", "::1"]),
        name("localhost.", &["127.0.0.1"]),
        name("v6.test", &["::1"]),
        name("mapped.test", &["::ffff:127.0.0.1"]),
        name("nat64.test", &["64:ff9b::7f00:1"]),
        name("sixtofour.test", &["2002:7f00:1::"]),
        name("compatible.test", &["::127.0.0.1"]),
        name("any.test", &["0.0.0.0"]),
        name("any6.test", &["::"]),
        name("metadata.google.internal", &["169.254.169.254"]),
        name("metadata6.test", &["fd00:ec2::254"]),
        name("linklocal.test", &["fe80::1"]),
        name("office.test", &["10.1.2.3", "192.168.1.1", "172.20.0.1"]),
        name("carrier.test", &["100.100.100.200"]),
        name("multicast.test", &["224.0.0.1", "ff02::1"]),
        name("broadcast.test", &["255.255.255.255"]),
        name("empty.test", &[]),
        name("xn--cole-9oa.test", &["127.0.0.1"]),
    ]))
}

async fn ask(bench: &Bench, url: &str) -> Result<(), Error> {
    let notifier = bench.runtime.registry().notifiers("site-1").remove(0);
    let name = format!("get {url}");
    let event = Event { name, at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() };
    match notifier.notify(&context(), &event).await {
        Ok(_) => Ok(()),
        Err(PluginFailure::Guest(error)) => Err(error),
        Err(other) => panic!("{url}: {other}"),
    }
}

fn bench() -> Bench {
    Bench::with_resolver(Policy::default(), Arc::new(names()))
}

fn bind(bench: &Bench, declared: &str, grants: &[Capability]) {
    let plugin = bench.runtime.registry().plugin("notifier").unwrap_or_else(|| bench.install(&packed("notifier")));
    let config = serde_json::json!({ "url": declared }).to_string();
    bench.bind(&plugin, site(1), &config, grants.iter().copied().collect::<Grants>());
}

/// An administrator has declared the internal address itself, so only the address filter can refuse it.
#[tokio::test]
async fn no_spelling_of_an_inside_address_is_dialled_without_the_second_grant() {
    let (port, came) = inside().await;
    let bench = bench();
    let hosts = [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "0177.1",
        "127.0.0.0x1",
        "%31%32%37.0.0.1",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "0",
        "0.0.0.0",
        "0x0",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[::127.0.0.1]",
        "[::]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[fc00::1]",
        "[ff02::1]",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "[::ffff:169.254.169.254]",
        "10.0.0.1",
        "192.168.0.1",
        "172.16.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "localhost",
        "LOCALHOST",
        "LocalHost",
        "localhost.",
        "v6.test",
        "mapped.test",
        "nat64.test",
        "sixtofour.test",
        "compatible.test",
        "any.test",
        "any6.test",
        "metadata.google.internal",
        "metadata6.test",
        "linklocal.test",
        "office.test",
        "carrier.test",
        "multicast.test",
        "broadcast.test",
        "école.test",
        "public.test",
        "PUBLIC。test",
    ];
    assert!(hosts.len() >= 40);
    for host in hosts {
        let url = format!("http://{host}:{port}/latest/meta-data/");
        bind(&bench, &url, &[Capability::HttpClient]);
        let answer = ask(&bench, &url).await;
        assert!(matches!(answer, Err(Error::Denied(_))), "{host}: {answer:?}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

/// The grant for private addresses allows internal addresses, but still no other special range.
#[tokio::test]
async fn what_is_never_reached_is_not_reached_with_both_grants() {
    let (port, came) = inside().await;
    let bench = bench();
    let grants = [Capability::HttpClient, Capability::PrivateRanges];
    for host in [
        "169.254.169.254",
        "2852039166",
        "[::ffff:169.254.169.254]",
        "[fe80::1]",
        "[::]",
        "0.0.0.0",
        "0",
        "224.0.0.1",
        "[ff02::1]",
        "255.255.255.255",
        "[2002:a9fe:a9fe::]",
        "[64:ff9b::a9fe:a9fe]",
        "[::127.0.0.1]",
        "metadata.google.internal",
        "linklocal.test",
        "any.test",
        "any6.test",
        "multicast.test",
        "broadcast.test",
        "sixtofour.test",
        "compatible.test",
    ] {
        let url = format!("http://{host}:{port}/");
        bind(&bench, &url, &grants);
        assert!(matches!(ask(&bench, &url).await, Err(Error::Denied(_))), "{host}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0);
    bind(&bench, &format!("http://127.0.0.1:{port}"), &grants);
    let reached = ask(&bench, &format!("http://127.0.0.1:{port}/")).await;
    assert!(matches!(reached, Err(Error::Unavailable(_))), "the listener hangs up: {reached:?}");
    assert_eq!(came.load(Ordering::SeqCst), 1, "the listener has counted the connection");
}

/// Only another address is declared, and no trick with the URL reaches this one.
#[tokio::test]
async fn no_trick_with_a_url_leaves_the_declared_address() {
    let (port, came) = inside().await;
    let bench = bench();
    let declared = format!("http://public.test:{port}");
    bind(&bench, &declared, &[Capability::HttpClient, Capability::PrivateRanges]);
    let here = format!("127.0.0.1:{port}");
    for url in [
        format!("http://{here}/"),
        format!("http://public.test:{port}@{here}/"),
        format!("http://public.test@{here}/"),
        format!("http://user:public.test@{here}/"),
        format!("http://{here}#@public.test:{port}/"),
        format!("http://{here}?@public.test:{port}/"),
        format!("http://{here}\\@public.test:{port}/"),
        format!("http://{here}/@public.test:{port}/"),
        format!("http://{here};@public.test:{port}/"),
        format!("http:\\\\{here}\\public.test"),
        format!("http:{here}/"),
        format!("http:/{here}/"),
        format!("http:///{here}/"),
        format!("//{here}/"),
        here.clone(),
        format!("\thttp://{here}/"),
        format!("http://\t{here}/"),
        format!("h\nttp://{here}/"),
        format!("http://127.0.0.\n1:{port}/"),
        format!("http://public.test:{port}.127.0.0.1/"),
        format!("http://public.test.:{port}/"),
        format!("http://рublic.test:{port}/"),
        format!("http://public.test%00.{here}/"),
        format!("http://public.test%2f@{here}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://v6.test:{port}/"),
        format!("https://{here}/"),
        format!("https://public.test:{port}/"),
        "http://public.test/".into(),
        "http://public.test:80/".into(),
        format!("http://public.test:{}/", port.wrapping_add(1).max(1)),
        format!("HTTP://{here}/"),
        format!("ws://{here}/"),
        format!("ftp://{here}/"),
        format!("gopher://{here}/_GET"),
        "file:///etc/passwd".into(),
        "data:text/plain,x".into(),
        format!("jar:http://{here}/!/"),
        format!("dict://{here}/d"),
        format!("blob:http://{here}/x"),
        String::new(),
        "x".repeat(20_000),
        format!("http://{}.test:{port}/", "a".repeat(300)),
    ] {
        match ask(&bench, &url).await {
            Err(Error::Denied(reason)) => assert!(reason.en.len() < 20_200, "{url}"),
            other => panic!("{url}: {other:?}"),
        }
    }
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

/// A name has an allowed and a forbidden address. The host connects only to the allowed one.
#[tokio::test]
async fn a_name_is_dialled_at_its_allowed_addresses_only() {
    let (port, came) = inside().await;
    let mixed = HashMap::from([(
        "mixed.test".to_owned(),
        vec!["169.254.169.254".parse().unwrap(), "127.0.0.1".parse().unwrap()],
    )]);
    let bench = Bench::with_resolver(Policy::default(), Arc::new(MemoryResolver(mixed)));
    let url = format!("http://mixed.test:{port}/");
    bind(&bench, &url, &[Capability::HttpClient, Capability::PrivateRanges]);
    assert!(matches!(ask(&bench, &url).await, Err(Error::Unavailable(_))));
    assert_eq!(came.load(Ordering::SeqCst), 1);
}
