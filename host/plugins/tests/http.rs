//! The HTTP capability with a good server and several bad ones.

mod common;

use afpi_plugins::contract::Error;
use afpi_plugins::contract::notifier::Event;
use afpi_plugins::manifest::Capability;
use afpi_plugins::ports::NameResolver;
use afpi_plugins::{Grants, PluginFailure, Policy};
use common::{Bench, context, packed, site};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Starts a server that answers every request with these bytes. Returns its port and the requests.
async fn server(answer: Vec<u8>) -> (u16, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, asked) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (answer, tell) = (answer.clone(), tell.clone());
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => return,
                    }
                }
                tell.send(String::from_utf8(head).unwrap()).ok();
                stream.write_all(&answer).await.ok();
                stream.shutdown().await.ok();
            });
        }
    });
    (port, asked)
}

async fn told(bench: &Bench, what: &str) -> Result<String, Error> {
    let notifier = bench.runtime.registry().notifiers("site-1").remove(0);
    let event = Event { name: what.into(), at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() };
    match notifier.notify(&context(), &event).await {
        Ok(messages) => Ok(messages[0].title.fr.clone()),
        Err(PluginFailure::Guest(error)) => Err(error),
        Err(other) => Err(Error::Other(other.to_string())),
    }
}

fn seated(policy: Policy, port: u16) -> Bench {
    let bench = Bench::with(policy);
    bench.seat("notifier", site(1), &format!(r#"{{"url":"http://127.0.0.1:{port}"}}"#));
    bench
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat()
}

#[tokio::test]
async fn a_request_arrives_with_its_secret_and_the_answer_comes_back() {
    let (port, mut asked) =
        server(answer("201 Created\r\ncontent-length: 5\r\nset-cookie: a=b\r\nx-a: 1", b"hello")).await;
    let bench = seated(Policy::default(), port);
    assert!(
        matches!(told(&bench, &format!("auth http://127.0.0.1:{port}/")).await, Err(Error::NotFound(_))),
        "no secret yet"
    );
    bench.secrets.set("notifier", "site-1", "token", "s3cret");
    let said = told(&bench, &format!("auth http://127.0.0.1:{port}/a?b=c")).await.unwrap();
    assert_eq!(said, "201 2 hello", "two headers: the cookie is left out");
    let head = asked.recv().await.unwrap().to_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1"), "{head}");
    assert!(head.contains("x-auth-token: bearer s3cret") && head.contains(&format!("host: 127.0.0.1:{port}")));
    let outputs = format!("{:?}", bench.recorder.seen());
    assert!(!outputs.contains("s3cret"), "no output of the runtime contains a secret");
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_not_followed() {
    let (port, mut asked) = server(answer("302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0", b"")).await;
    let bench = seated(Policy::default(), port);
    assert!(told(&bench, &format!("get http://127.0.0.1:{port}/")).await.unwrap().starts_with("302 "));
    assert!(asked.recv().await.unwrap().starts_with("GET / "));
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn addresses_outside_the_declared_and_granted_are_never_dialled() {
    let (port, mut asked) = server(answer("200 OK\r\ncontent-length: 0", b"")).await;
    let bench = seated(Policy::default(), port);
    let plugin = bench.runtime.registry().plugin("notifier").unwrap();
    for url in [
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.2:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://a@127.0.0.1:{port}/"),
        "http://169.254.169.254/".into(),
    ] {
        assert!(matches!(told(&bench, &format!("get {url}")).await, Err(Error::Denied(_))), "{url}");
    }
    // Without the grant for private addresses even a declared private address is forbidden, as a number and as a name.
    let only_public: Grants = [Capability::HttpClient].into_iter().collect();
    bench.bind(&plugin, site(1), &format!(r#"{{"url":"http://127.0.0.1:{port}"}}"#), only_public);
    for url in [format!("http://127.0.0.1:{port}/"), "http://inside.test:1/".into()] {
        match told(&bench, &format!("get {url}")).await {
            Err(Error::Denied(reason)) => assert!(reason.en.contains("internal"), "{url}: {reason:?}"),
            other => panic!("{url}: {other:?}"),
        }
    }
    let nobody = told(&bench, "get http://nobody.test:1/").await;
    assert!(matches!(nobody, Err(Error::Denied(_))), "not declared: {nobody:?}");
    assert!(asked.try_recv().is_err(), "no connection was opened");
}

/// Resolves a name to a public address first and to an internal one later, as DNS rebinding does.
struct Rebinding(AtomicUsize);

#[async_trait::async_trait]
impl NameResolver for Rebinding {
    async fn resolve(&self, _host: &str) -> std::io::Result<Vec<IpAddr>> {
        let turn = self.0.fetch_add(1, Ordering::SeqCst);
        Ok(vec![if turn == 0 { "127.0.0.1" } else { "10.0.0.1" }.parse().unwrap()])
    }
}

#[tokio::test]
async fn a_name_is_resolved_once_and_its_checked_address_is_the_one_connected_to() {
    let (port, mut asked) = server(answer("200 OK\r\ncontent-length: 2", b"ok")).await;
    let resolver = Arc::new(Rebinding(AtomicUsize::new(0)));
    let bench = Bench::with_resolver(Policy::default(), resolver.clone());
    bench.seat("notifier", site(1), &format!(r#"{{"url":"http://rebind.test:{port}"}}"#));
    assert_eq!(told(&bench, &format!("get http://rebind.test:{port}/")).await.unwrap(), "200 1 ok");
    assert_eq!(resolver.0.load(Ordering::SeqCst), 1);
    assert!(asked.recv().await.unwrap().to_lowercase().contains("host: rebind.test"));
}

#[tokio::test]
async fn broken_and_endless_answers_are_unavailable_never_complete() {
    let gzip_bomb = {
        // 8 MiB of zeros. The gzip program of the system compresses them, so that the test does not depend on the
        // host's code.
        let zeros = tempfile::NamedTempFile::new().unwrap();
        zeros.as_file().set_len(8 << 20).unwrap();
        let packed = std::process::Command::new("gzip").arg("-c").arg(zeros.path()).output().unwrap();
        assert!(packed.status.success() && packed.stdout.len() < 64 << 10);
        packed.stdout
    };
    let mut policy = Policy::default();
    policy.http.response_bytes = 1 << 20;
    let many_headers: String = (0..300).map(|n| format!("x-{n}: 1\r\n")).collect();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("cut short", answer("200 OK\r\ncontent-length: 100", b"only this")),
        ("cut chunk", answer("200 OK\r\ntransfer-encoding: chunked", b"5\r\nhello\r\n5\r\nwo")),
        ("no last chunk", answer("200 OK\r\ntransfer-encoding: chunked", b"5\r\nhello\r\n")),
        ("too large", answer("200 OK", &vec![b'x'; 2 << 20])),
        (
            "gzip bomb",
            answer(&format!("200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}", gzip_bomb.len()), &gzip_bomb),
        ),
        ("cut gzip", answer("200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 40", &gzip_bomb[..40])),
        ("not HTTP", b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()),
        ("nothing", Vec::new()),
        ("too many headers", answer(&format!("200 OK\r\n{many_headers}content-length: 0"), b"")),
    ];
    for (name, bytes) in cases {
        let (port, _asked) = server(bytes).await;
        let bench = seated(policy.clone(), port);
        match told(&bench, &format!("get http://127.0.0.1:{port}/secret-path")).await {
            Err(Error::Unavailable(why)) => assert!(!why.contains("secret-path"), "{name}: {why}"),
            other => panic!("{name}: {other:?}"),
        }
        assert!(told(&bench, "clock").await.is_ok(), "{name}: the next call works");
    }
    let closed = { TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port() };
    let bench = seated(Policy::default(), closed);
    assert!(matches!(told(&bench, &format!("get http://127.0.0.1:{closed}/")).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn a_dripping_body_and_a_silent_server_meet_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await.ok();
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            });
        }
    });
    let mut policy = Policy::default();
    policy.http.total_most = std::time::Duration::from_millis(300);
    let bench = seated(policy.clone(), port);
    let dripping = told(&bench, &format!("get http://127.0.0.1:{port}/")).await;
    assert!(matches!(&dripping, Err(Error::Unavailable(why)) if why.contains("in time")), "{dripping:?}");

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let bench = seated(policy, port);
    let nothing = told(&bench, &format!("get http://127.0.0.1:{port}/")).await;
    assert!(matches!(&nothing, Err(Error::Unavailable(why)) if why.contains("in time")), "{nothing:?}");
}

#[tokio::test]
async fn handles_are_counted_and_freed_with_their_instance() {
    let (port, _asked) = server(answer("200 OK\r\ncontent-length: 0", b"")).await;
    let bench = seated(Policy::default(), port);
    let hoarding = told(&bench, &format!("hoard http://127.0.0.1:{port}/")).await;
    assert!(matches!(&hoarding, Err(Error::Other(why)) if why.contains("trapped")), "{hoarding:?}");
    assert!(told(&bench, &format!("get http://127.0.0.1:{port}/")).await.unwrap().starts_with("200"));
}

#[tokio::test]
async fn a_connection_the_guest_forgets_ends_with_the_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, mut closed) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                // The server announces more than it sends, so that only the client can end the connection.
                stream.write_all(&answer("200 OK\r\ncontent-length: 5", b"x")).await.unwrap();
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).await.ok();
                tell.send(()).ok();
            });
        }
    });
    let bench = seated(Policy::default(), port);
    for _ in 0..3 {
        assert_eq!(told(&bench, &format!("leak http://127.0.0.1:{port}/")).await.unwrap(), "leaked");
        let ended = tokio::time::timeout(std::time::Duration::from_secs(10), closed.recv()).await;
        assert_eq!(ended, Ok(Some(())), "the connection is still open");
    }
}

#[tokio::test]
async fn an_address_nobody_entered_is_denied() {
    let bench = Bench::new();
    let plugin = bench.install(&packed("notifier"));
    bench.bind(&plugin, site(1), r#"{"url":""}"#, Grants::all_of(&plugin.manifest().capabilities));
    assert!(matches!(told(&bench, "get http://127.0.0.1:1/").await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn a_secret_is_spent_only_with_its_own_grant() {
    let (port, mut asked) = server(answer("200 OK\r\ncontent-length: 0", b"")).await;
    let bench = seated(Policy::default(), port);
    bench.secrets.set("notifier", "site-1", "token", "s3cret");
    let plugin = bench.runtime.registry().plugin("notifier").unwrap();
    let no_secrets: Grants = [Capability::HttpClient, Capability::PrivateRanges].into_iter().collect();
    bench.bind(&plugin, site(1), &format!(r#"{{"url":"http://127.0.0.1:{port}"}}"#), no_secrets);
    assert!(matches!(told(&bench, &format!("auth http://127.0.0.1:{port}/")).await, Err(Error::Denied(_))));
    assert_eq!(bench.recorder.seen().denied, [Capability::Secrets]);
    assert!(asked.try_recv().is_err(), "nothing was sent");
    assert!(told(&bench, &format!("get http://127.0.0.1:{port}/")).await.unwrap().starts_with("200 "));
}

#[tokio::test]
async fn a_request_carries_one_mebibyte_at_most() {
    let (port, mut asked) = server(answer("200 OK\r\ncontent-length: 0", b"")).await;
    let bench = seated(Policy::default(), port);
    let over = told(&bench, &format!("post {} http://127.0.0.1:{port}/", (1 << 20) + 1)).await;
    assert!(matches!(&over, Err(Error::Invalid(problems)) if problems[0].field == "/body"), "{over:?}");
    assert!(asked.try_recv().is_err(), "nothing was sent");
    told(&bench, &format!("post {} http://127.0.0.1:{port}/", 1000)).await.unwrap();
    assert!(asked.recv().await.unwrap().to_lowercase().contains("content-length: 1000"));
}
