//! What connections may do to the service: stay idle, send slowly, read nothing, and be too many.

mod support;

use std::future::Future;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use afpi::serve::{Limits, serve};
use afpi_core::rights::Role;
use afpi_db::testing;
use afpi_http::body::Pace;
use afpi_platform::auth::session;
use afpi_platform::state::STREAMS;
use support::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const MOMENT: Duration = Duration::from_millis(300);

fn limits() -> Limits {
    Limits {
        connections: 8,
        reserved: 3,
        first: MOMENT,
        idle: 2 * MOMENT,
        stall: MOMENT,
        pace: Pace { grace: MOMENT, bytes_per_second: 1000 },
        drain: MOMENT,
    }
}

/// Runs the service with these limits on a free port.
async fn served<F, Fut>(limits: Limits, body: F)
where
    F: FnOnce(World, SocketAddr, JoinHandle<()>) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let w = World::new(dir.path(), db.clone()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = serve(listener, afpi::router::router(w.app.clone()), limits, w.app.stopping.clone());
    let service = tokio::spawn(service);
    body(w.clone(), address, service).await;
    w.app.stopping.cancel();
    db.close().await;
}

async fn token(w: &World, role: Role) -> String {
    let (user, mut tx) = (w.person(role), w.app.db.begin().await.unwrap());
    let (_, family) = session::start(
        &mut tx,
        user.into(),
        &session::Beginning::default(),
        &w.app.config,
        afpi_core::clock::Instant::now(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    w.app.tokens.issue(user.into(), family).unwrap().0
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

async fn ask(stream: &mut TcpStream, path: &str, token: Option<&str>) {
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: crm.test\r\n{token}\r\n").as_bytes()).await.unwrap();
}

/// Reads the first part of an answer. Returns an empty text if the other side has closed the connection.
async fn heard(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 8192];
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer)).await.expect("an end in time");
    String::from_utf8_lossy(&buffer[..read.unwrap_or(0)]).into_owned()
}

async fn status(address: SocketAddr, path: &str) -> String {
    let mut stream = connect(address).await;
    ask(&mut stream, path, None).await;
    heard(&mut stream).await.lines().next().unwrap_or_default().to_owned()
}

/// Opens a live stream and waits for its answer.
async fn listening(address: SocketAddr, token: &str) -> TcpStream {
    let mut stream = connect(address).await;
    ask(&mut stream, "/api/notifications/stream", Some(token)).await;
    let answer = heard(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_brings_nothing_is_shown_the_door() {
    served(limits(), |_, address, _| async move {
        // Some connections send nothing, one sends its head slowly, and one stays idle after an answer.
        let mut silent = connect(address).await;
        let mut trickling = connect(address).await;
        trickling.write_all(b"GET / HTTP/1.1\r\nHost: crm").await.unwrap();
        let mut resting = connect(address).await;
        ask(&mut resting, "/healthz", None).await;
        assert!(heard(&mut resting).await.starts_with("HTTP/1.1 200"));
        let started = Instant::now();
        for stream in [&mut silent, &mut trickling, &mut resting] {
            assert!(!heard(stream).await.starts_with("HTTP/1.1 200"));
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_trickles_is_refused() {
    served(limits(), |_, address, _| async move {
        let mut stream = connect(address).await;
        let head = "POST /api/auth/login HTTP/1.1\r\nHost: crm.test\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let drops = tokio::spawn(async move {
            // Single bytes now and then do not keep the connection open.
            while writing.write_all(b" ").await.is_ok() {
                tokio::time::sleep(MOMENT / 6).await;
            }
        });
        let started = Instant::now();
        let mut answer = vec![0; 4096];
        let read = reading.read(&mut answer).await.unwrap_or(0);
        let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too-slow"), "{answer}");
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        drops.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_than_places_rest_and_everybody_is_served() {
    served(
        Limits { first: Duration::from_secs(600), idle: Duration::from_secs(600), ..limits() },
        |_, address, _| async move {
            let mut resting = Vec::new();
            for n in 0..200 {
                let mut stream = connect(address).await;
                if n % 2 == 0 {
                    ask(&mut stream, "/healthz", None).await;
                    assert!(heard(&mut stream).await.starts_with("HTTP/1.1 200"), "{n}");
                }
                resting.push(stream);
            }
            for path in ["/healthz", "/readyz", "/metrics", "/api/openapi.json"] {
                assert_eq!(status(address, path).await, "HTTP/1.1 200 OK", "{path}");
            }
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_all_places_work_health_answers_and_the_rest_is_turned_away() {
    served(limits(), |w, address, _| async move {
        let mut streams = Vec::new();
        for role in [Role::Commercial, Role::Manager, Role::Assistante, Role::Admin] {
            let token = token(&w, role).await;
            for _ in 0..2 {
                streams.push(listening(address, &token).await);
            }
        }
        // The streams last longer than a connection may stay idle.
        tokio::time::sleep(3 * MOMENT).await;
        let _silent: Vec<TcpStream> =
            vec![connect(address).await, connect(address).await, connect(address).await, connect(address).await];
        for path in ["/healthz", "/readyz", "/metrics"] {
            assert_eq!(status(address, path).await, "HTTP/1.1 200 OK", "{path}");
        }
        let mut stream = connect(address).await;
        ask(&mut stream, "/api/opportunites", None).await;
        let answer = heard(&mut stream).await.to_lowercase();
        assert!(
            answer.starts_with("http/1.1 503") && answer.contains("retry-after") && answer.contains("connections"),
            "{answer}"
        );
        // A stream ends, so there is a free place.
        drop(streams.pop());
        let started = Instant::now();
        while status(address, "/api/opportunites").await != "HTTP/1.1 401 Unauthorized" {
            assert!(started.elapsed() < Duration::from_secs(20));
            tokio::time::sleep(MOMENT / 3).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_has_so_many_streams_and_no_more() {
    served(Limits { connections: 50, ..limits() }, |w, address, _| async move {
        let (mine, other) = (token(&w, Role::Commercial).await, token(&w, Role::Manager).await);
        let mut streams = Vec::new();
        for _ in 0..STREAMS {
            streams.push(listening(address, &mine).await);
        }
        let mut stream = connect(address).await;
        ask(&mut stream, "/api/notifications/stream", Some(&mine)).await;
        let answer = heard(&mut stream).await.to_lowercase();
        assert!(answer.starts_with("http/1.1 429") && answer.contains("retry-after"), "{answer}");
        let _other = listening(address, &other).await;
        drop(streams);
        let started = Instant::now();
        loop {
            let mut stream = connect(address).await;
            ask(&mut stream, "/api/notifications/stream", Some(&mine)).await;
            if heard(&mut stream).await.starts_with("HTTP/1.1 200") {
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "the place of an ended stream stays taken");
            tokio::time::sleep(MOMENT / 3).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_nobody_who_rests() {
    served(
        Limits { first: Duration::from_secs(600), idle: Duration::from_secs(600), ..limits() },
        |w, address, service| async move {
            let _silent = connect(address).await;
            let mut resting = connect(address).await;
            ask(&mut resting, "/healthz", None).await;
            assert!(heard(&mut resting).await.starts_with("HTTP/1.1 200"));
            let _stream = listening(address, &token(&w, Role::Commercial).await).await;
            w.app.stopping.cancel();
            tokio::time::timeout(Duration::from_secs(5), service).await.expect("an end in time").unwrap();
            assert!(TcpStream::connect(address).await.is_err());
        },
    )
    .await;
}

/// A proxy that keeps connections may send a request just when the service stops. It is answered, and told that this
/// was the last one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_answers_who_asks_at_that_moment() {
    // Nobody is closed for being slow: the test runs beside others.
    let patient = Duration::from_secs(10);
    let limits = Limits { first: patient, idle: patient, stall: patient, drain: patient, ..limits() };
    served(limits, |w, address, service| async move {
        let mut kept = connect(address).await;
        ask(&mut kept, "/healthz", None).await;
        assert!(!heard(&mut kept).await.to_lowercase().contains("connection: close"));
        w.app.stopping.cancel();
        for mut stream in [kept, connect(address).await] {
            ask(&mut stream, "/healthz", None).await;
            let answer = heard(&mut stream).await.to_lowercase();
            assert!(answer.starts_with("http/1.1 200") && answer.contains("connection: close"), "{answer}");
            assert!(heard(&mut stream).await.is_empty());
        }
        tokio::time::timeout(2 * patient, service).await.expect("an end in time").unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    })
    .await;
}

/// A program that is stopped when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The real program with a low limit of open files, and more connections than that.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_256_files_it_still_says_that_it_lives() {
    let dir = tempfile::tempdir().unwrap();
    support::share_plugin_cache(dir.path());
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let child = Command::new("sh")
        .args(["-c", "ulimit -n 256 && exec \"$0\" serve", env!("CARGO_BIN_EXE_afpi")])
        .env("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu")
        .env("AFPI_PUBLIC_URL", "https://crm.test")
        .env("AFPI_LISTEN", address.to_string())
        .env("AFPI_DATA_DIR", dir.path())
        .env("DATABASE_URL", format!("sqlite://{}", dir.path().join("afpi.db").display()))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _running = Running(child);
    let started = Instant::now();
    while TcpStream::connect(address).await.is_err() || !status(address, "/healthz").await.contains("200") {
        assert!(started.elapsed() < Duration::from_secs(300), "the program does not start");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let mut held = Vec::new();
    for n in 0..400 {
        // The operating system accepts these connections, even if the program does not.
        match tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => held.push(stream),
            refused => panic!("{n}: {refused:?}"),
        }
    }
    for path in ["/healthz", "/readyz", "/metrics", "/api/openapi.json"] {
        assert_eq!(status(address, path).await, "HTTP/1.1 200 OK", "{path}");
    }
}
