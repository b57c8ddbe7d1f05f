//! The application in a test: a new database on each engine, the sites, the bundled plugins, one person per role at the
//! first site, and clients for them. Requests go through the whole router, within the process.
#![allow(dead_code)] // each test program uses only a part

pub mod clamd;
mod contract;
pub mod deaths;
pub mod document;
pub mod line;
pub mod smtp;

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use afpi_core::network;
use afpi_core::rights::{Reach, Role};
use afpi_core::text::Locale;
use afpi_crm::users;
use afpi_db::{Db, testing};
use afpi_platform::auth::{password, session};
use afpi_platform::config::{Config, Demo};
use afpi_platform::plugins::Compile;
use afpi_platform::state::App;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use uuid::Uuid;

/// The password of every person.
pub const PASSWORD: &str = "trois chats verts sur un toit";

/// A running application with its sites and people.
#[derive(Clone)]
pub struct World {
    pub app: App,
    /// Ids of the sites by code, e.g. `AFPI-02`.
    pub sites: Arc<HashMap<&'static str, Uuid>>,
    /// One person per role. Roles that are tied to sites work at [`HOME`].
    pub people: Arc<HashMap<Role, Uuid>>,
    /// Where its clients come from. The password queue of a process is bounded per address, and all tests share it.
    pub address: IpAddr,
    router: Router,
}

/// The site of all people who are tied to a site, and another site where none of them works.
pub const HOME: &str = "AFPI-02";
pub const AWAY: &str = "AFPI-35";

/// Runs the body on SQLite and, when `AFPI_TEST_MARIADB_URL` names a server, on MariaDB.
pub async fn on_both<F, Fut>(body: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = testing::sqlite(&dir).await;
    run(dir.path(), db.clone(), &body).await;
    db.close().await;
    if let Some(server) = testing::mariadb_url() {
        let database = testing::MariaDb::create(&server).await;
        run(dir.path(), database.db.clone(), &body).await;
        database.drop().await;
    }
}

/// Like [`on_both`], with other settings, and what they are for.
pub async fn on_both_with<T, Fut: Future<Output = ()>>(
    change: impl AsyncFn(&mut Config) -> T,
    body: impl Fn(World, T) -> Fut,
) {
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = testing::sqlite(&dir).await;
    let server = testing::mariadb_url();
    let mut databases = vec![db.clone()];
    let maria = match &server {
        Some(server) => Some(testing::MariaDb::create(server).await),
        None => None,
    };
    databases.extend(maria.iter().map(|maria| maria.db.clone()));
    for db in databases {
        let mut settings = config(dir.path());
        let beside = change(&mut settings).await;
        let world = World::with(dir.path(), db, |config| *config = settings).await;
        let stopping = world.app.stopping.clone();
        body(world, beside).await;
        stopping.cancel();
    }
    db.close().await;
    if let Some(maria) = maria {
        maria.drop().await;
    }
}

/// Like [`on_both`], but with one connection to the database. A request for a second connection waits and fails.
pub async fn on_one_connection<F, Fut>(body: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().expect("temporary directory");
    testing::sqlite(&dir).await.close().await;
    let file = format!("sqlite://{}", dir.path().join("test.db").display());
    let db = Db::connect(&file, 1).await.expect("open");
    run(dir.path(), db.clone(), &body).await;
    db.close().await;
    if let Some(server) = testing::mariadb_url() {
        let database = testing::MariaDb::create(&server).await;
        let db = Db::connect(&database.url, 1).await.expect("open");
        run(dir.path(), db.clone(), &body).await;
        db.close().await;
        database.drop().await;
    }
}

/// Like [`on_both`], with the demo's data and people: sixty opportunités in all statuses of the relay.
pub async fn on_both_filled<F, Fut>(body: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = testing::sqlite_copy(&dir, filled_sqlite().await).await;
    run_filled(dir.path(), db.clone(), &body).await;
    db.close().await;
    if let Some(server) = testing::mariadb_url() {
        let database = testing::MariaDb::copy(&server, filled_mariadb(&server).await).await;
        run_filled(dir.path(), database.db.clone(), &body).await;
        database.drop().await;
    }
}

/// The file of a filled database, which is filled once: that takes longer than most tests.
async fn filled_sqlite() -> &'static [u8] {
    static FILLED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let fill = || async {
        let dir = tempfile::tempdir().expect("temporary directory");
        let db = testing::sqlite(&dir).await;
        fill(dir.path(), db.clone()).await;
        db.close().await;
        std::fs::read(dir.path().join("test.db")).expect("the file of the database")
    };
    FILLED.get_or_init(fill).await
}

/// The same on MariaDB: the statements that copy it. It stays on the server.
async fn filled_mariadb(server: &str) -> &'static str {
    static FILLED: OnceCell<String> = OnceCell::const_new();
    let fill = || async {
        let dir = tempfile::tempdir().expect("temporary directory");
        let database = testing::MariaDb::create(server).await;
        fill(dir.path(), database.db.clone()).await;
        let statements = database.copying().await;
        database.db.close().await;
        statements
    };
    FILLED.get_or_init(fill).await
}

async fn fill(dir: &Path, db: Db) {
    let app = demo(dir, db).await;
    drop(afpi::demo::fill(&app).await.expect("demo data"));
    app.stopping.cancel();
}

async fn run_filled<F, Fut>(dir: &Path, db: Db, body: &F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let app = demo(dir, db).await;
    let _simulation = afpi::demo::fill(&app).await.expect("demo data");
    let mut conn = app.db.read().await.expect("connection");
    let rows =
        afpi_db::sql("SELECT code, id FROM localisations").all::<(String, Uuid)>(&mut conn).await.expect("sites");
    let sites = rows.into_iter().map(|(code, id)| (&*code.leak(), id)).collect();
    let mut people = HashMap::new();
    for role in Role::ALL {
        let word = if role == Role::ResponsableCommercial { "responsable" } else { role.id() };
        let id = afpi_db::sql("SELECT id FROM users WHERE email = ?")
            .bind(format!("{word}@demo.afpi"))
            .scalar::<Uuid>(&mut conn)
            .await;
        people.insert(role, id.expect("a demo account"));
    }
    drop(conn);
    let stopping = app.stopping.clone();
    body(World::of(app, sites, people)).await;
    stopping.cancel();
}

async fn run<F, Fut>(dir: &Path, db: Db, body: &F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let world = World::new(dir, db).await;
    let stopping = world.app.stopping.clone();
    body(world).await;
    stopping.cancel();
}

fn config(data_dir: &Path) -> Config {
    let minutes = |m: u64| Duration::from_secs(m * 60);
    Config {
        demo: None,
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        worker_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        data_dir: data_dir.to_owned(),
        files_url: None,
        bucket_account: vec![],
        clamd: None,
        database_url: String::new(),
        replica_url: None,
        db_connections: 8,
        redis: None,
        secret: "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu".into(),
        public_url: "https://crm.test".into(),
        smtp_url: None,
        mailbox: None,
        mail_from: "AFPI CRM <crm@afpi.test>".into(),
        trusted_proxies: vec![],
        plugin_dev: true,
        api_docs: true,
        webhook_private: true,
        plugin_memory: 1 << 30,
        traces: None,
        backup: Default::default(),
        bin_days: 30,
        // Tests lie one folder below the programs.
        typeset: std::env::current_exe()
            .ok()
            .and_then(|exe| Some(exe.parent()?.parent()?.join(afpi_documents::PROGRAM))),
        access_lifetime: minutes(10),
        refresh_lifetime: minutes(60),
        family_lifetime: minutes(120),
    }
}

/// All tests share the compiled plugins, so only one test at a time installs them.
async fn plugins(app: &App) {
    static ONE: Mutex<()> = Mutex::const_new(());
    let _one = ONE.lock().await;
    app.plugins.install_bundled().await.expect("bundled plugins");
    app.plugins.refresh().await.expect("plugins");
}

pub fn share_plugin_cache(data_dir: &Path) {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache");
    std::fs::create_dir_all(&shared).expect("plugin cache");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o700)).expect("closed to others");
        let _already = std::os::unix::fs::symlink(&shared, data_dir.join("plugin-cache"));
    }
}

/// Starts another application on the same database with developer mode off, as in production. Returns its
/// administrator.
pub async fn production(world: &World) -> Client {
    let app = process_with(
        Config { plugin_dev: false, api_docs: false, ..config(&world.app.config.data_dir) },
        world.app.db.clone(),
    )
    .await;
    Client { router: afpi::router::router(app), ..world.as_role(Role::Admin).await }
}

/// Starts another process on a database: its own application, without new data.
pub async fn process(dir: &Path, db: Db) -> App {
    process_with(config(dir), db).await
}

/// Starts a process in demo mode, with the sites and no other data.
pub async fn demo(dir: &Path, db: Db) -> App {
    demo_with(dir, db, PASSWORD).await
}

/// Like [`demo`], with this password for its accounts.
pub async fn demo_with(dir: &Path, db: Db, password: &str) -> App {
    share_plugin_cache(dir);
    let mut tx = db.begin().await.expect("transaction");
    network::fill(&mut tx).await.expect("sites");
    tx.commit().await.expect("commit");
    process_with(Config { demo: Some(Demo { password: password.into() }), ..config(dir) }, db).await
}

async fn process_with(config: Config, db: Db) -> App {
    let app = afpi_crm::assemble(config, db, Compile::Here).await.expect("application");
    plugins(&app).await;
    app
}

impl World {
    /// Creates the application on this database and fills it.
    pub async fn new(dir: &Path, db: Db) -> World {
        World::with(dir, db, |_| {}).await
    }

    /// Like [`World::new`], with other settings.
    pub async fn with(dir: &Path, db: Db, change: impl FnOnce(&mut Config)) -> World {
        share_plugin_cache(dir);
        let mut tx = db.begin().await.expect("transaction");
        let places = network::fill(&mut tx).await.expect("sites");
        let sites: HashMap<&'static str, Uuid> = places.into_iter().map(|p| (p.code, p.id.uuid())).collect();
        let mut people = HashMap::new();
        for role in Role::ALL {
            let home = if role.reach() == Reach::Network { vec![] } else { vec![sites[HOME]] };
            let id = users::insert(&mut tx, &someone(role, role.id(), home).await, afpi_core::clock::Instant(1))
                .await
                .expect("person");
            people.insert(role, id.uuid());
        }
        tx.commit().await.expect("commit");
        let mut config = config(dir);
        change(&mut config);
        let app = process_with(config, db).await;
        World::of(app, sites, people)
    }

    fn of(app: App, sites: HashMap<&'static str, Uuid>, people: HashMap<Role, Uuid>) -> World {
        let router = afpi::router::router(app.clone());
        World { app, sites: Arc::new(sites), people: Arc::new(people), address: another_address(), router }
    }

    /// The same data, as another process sees it.
    pub fn beside(&self, app: App) -> World {
        World { router: afpi::router::router(app.clone()), app, ..self.clone() }
    }

    /// The same data, as a process with this virus scanner sees it.
    pub async fn scanned_by(&self, scanner: &clamd::Scanner) -> World {
        let settings = Config { clamd: Some(scanner.address.clone()), ..config(&self.app.config.data_dir) };
        self.beside(process_with(settings, self.app.db.clone()).await)
    }

    /// The same data, as a process with these secrets sees it.
    pub async fn with_secrets(&self, secret: afpi_core::keys::Secrets) -> World {
        self.with_secrets_and_mail(secret, None).await
    }

    /// The same with this mail server.
    pub async fn with_secrets_and_mail(
        &self,
        secret: afpi_core::keys::Secrets,
        smtp_url: impl Into<Option<String>>,
    ) -> World {
        let settings = Config { secret, smtp_url: smtp_url.into(), ..config(&self.app.config.data_dir) };
        self.beside(process_with(settings, self.app.db.clone()).await)
    }

    /// The same data, as a process that keeps webhooks out of its network sees it.
    pub async fn without_private_webhooks(&self) -> World {
        let settings = Config { webhook_private: false, ..config(&self.app.config.data_dir) };
        self.beside(process_with(settings, self.app.db.clone()).await)
    }

    /// The id of a site.
    pub fn site(&self, code: &str) -> Uuid {
        self.sites[code]
    }

    /// The person of this role.
    pub fn person(&self, role: Role) -> Uuid {
        self.people[&role]
    }

    /// Creates another person with this role, the address `<name>@afpi.test` and these sites.
    pub async fn another(&self, role: Role, name: &str, codes: &[&str]) -> Uuid {
        let sites = codes.iter().map(|code| self.site(code)).collect();
        let mut tx = self.app.db.begin().await.expect("transaction");
        let id = users::insert(&mut tx, &someone(role, name, sites).await, afpi_core::clock::Instant(1))
            .await
            .expect("person");
        tx.commit().await.expect("commit");
        self.app.people.changed();
        id.uuid()
    }

    /// A client signed in as the person of this role.
    pub async fn as_role(&self, role: Role) -> Client {
        self.as_user(self.person(role)).await
    }

    /// A client signed in as this person.
    pub async fn as_user(&self, user: Uuid) -> Client {
        let mut tx = self.app.db.begin().await.expect("transaction");
        let (beginning, now) = (session::Beginning::default(), afpi_core::clock::Instant::now());
        let (_, family) =
            session::start(&mut tx, user.into(), &beginning, &self.app.config, now).await.expect("session");
        tx.commit().await.expect("commit");
        let (token, _) = self.app.tokens.issue(user.into(), family).expect("token");
        Client { router: self.router.clone(), token: Some(token), address: self.address }
    }

    /// A client that is not signed in.
    pub fn nobody(&self) -> Client {
        Client { router: self.router.clone(), token: None, address: self.address }
    }

    /// Runs all jobs, as the worker would.
    pub async fn work(&self) {
        let (tracker, stop) = (TaskTracker::new(), tokio_util::sync::CancellationToken::new());
        afpi::workers::start(&self.app, &tracker, stop.clone()).await.expect("worker");
        // The loop ends when there is no job twice in a row, with a pause between. A delayed job that is due counts
        // only after a worker has looked for it.
        let mut quiet = 0;
        while quiet < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let brought = self.app.jobs.drain().await.expect("relay");
            let busy: u64 = self.app.queue.counts().await.expect("counts").iter().map(|q| q.waiting + q.active).sum();
            quiet = if brought + busy == 0 { quiet + 1 } else { 0 };
        }
        stop.cancel();
        tracker.close();
        tracker.wait().await;
    }
}

/// Creates a company and an opportunité of the commercial at [`HOME`] through the API. Returns the opportunité.
pub async fn opportunite(world: &World, title: &str) -> Value {
    let commercial = world.as_role(Role::Commercial).await;
    let company =
        commercial.post("/api/entreprises", serde_json::json!({"name": format!("Société {title}")})).await.expect(201);
    let body = serde_json::json!({"entrepriseId": company["id"], "title": title, "budget": 1_250_000});
    commercial.post("/api/opportunites", body).await.expect(201)["opportunite"].clone()
}

async fn someone(role: Role, name: &str, sites: Vec<Uuid>) -> users::NewUser {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async { password::hash(PASSWORD.into()).await.expect("hash") }).await;
    users::NewUser {
        email: format!("{name}@afpi.test"),
        name: format!("Test {name}"),
        role: role.id().into(),
        sites: sites.into_iter().map(Into::into).collect(),
        locale: Locale::Fr,
        password_hash: hash.clone(),
    }
}

/// A client of this application that is not signed in.
pub fn stranger(app: &App) -> Client {
    Client { router: afpi::router::router(app.clone()), token: None, address: another_address() }
}

/// Sends HTTP requests, signed in as a person or not.
#[derive(Clone)]
pub struct Client {
    router: Router,
    token: Option<String>,
    address: IpAddr,
}

/// A loopback address that no other client of this process has.
fn another_address() -> IpAddr {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed) % 0x00ff_fffe;
    Ipv4Addr::from(u32::from(Ipv4Addr::LOCALHOST) + number).into()
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null for an empty or unreadable body.
    pub body: Value,
}

impl Reply {
    /// Returns the body. Fails if the status is another one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// Returns the body. Fails unless it is a problem with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{:#}", self.body);
        self.body
    }
}

impl Client {
    /// The same client with another address.
    pub fn at(&self, address: [u8; 4]) -> Client {
        Client { address: address.into(), ..self.clone() }
    }

    /// The same client with another access token.
    pub fn with_token(&self, token: &str) -> Client {
        Client { token: Some(token.to_owned()), ..self.clone() }
    }

    /// Sends a body that may be invalid JSON.
    pub async fn text(&self, method: &str, path: &str, body: impl Into<String>) -> Reply {
        self.text_as(method, path, "application/json", body).await
    }

    /// Sends a body of this media type, with the `If-Match` of a new record.
    pub async fn text_as(&self, method: &str, path: &str, media_type: &str, body: impl Into<String>) -> Reply {
        let headers = [("content-type", media_type.to_owned()), ("if-match", "\"1\"".to_owned())];
        read(self.ask(method, path, Body::from(body.into()), &headers).await).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(body), &[]).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send("PUT", path, Some(body), &[]).await
    }

    /// Sends the request with `If-Match` for this version.
    pub async fn put_at(&self, path: &str, version: &Value, body: Value) -> Reply {
        self.send("PUT", path, Some(body), &[("if-match", format!("\"{version}\""))]).await
    }

    /// Sends the request with `If-Match` for this version.
    pub async fn post_at(&self, path: &str, version: &Value, body: Value) -> Reply {
        self.send("POST", path, Some(body), &[("if-match", format!("\"{version}\""))]).await
    }

    /// Sends the request with `If-Match` for this version.
    pub async fn patch(&self, path: &str, version: &Value, body: Value) -> Reply {
        self.send("PATCH", path, Some(body), &[("if-match", format!("\"{version}\""))]).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, &[]).await
    }

    /// Uploads a plugin file.
    pub async fn upload(&self, path: &str, file: Vec<u8>) -> Reply {
        self.upload_with(path, file, &[]).await
    }

    /// Like [`Client::upload`], with further headers.
    pub async fn upload_with(&self, path: &str, file: Vec<u8>, headers: &[(&str, String)]) -> Reply {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/wasm".to_owned()));
        self.file(path, file, &headers).await
    }

    /// Uploads a file. The headers name its media type.
    pub async fn file(&self, path: &str, file: Vec<u8>, headers: &[(&str, String)]) -> Reply {
        read(self.ask("POST", path, Body::from(file), headers).await).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>, headers: &[(&str, String)]) -> Reply {
        read(self.raw(method, path, body, headers).await).await
    }

    /// Returns the answer with its body unread, for streams.
    pub async fn raw(&self, method: &str, path: &str, body: Option<Value>, headers: &[(&str, String)]) -> Response {
        let mut headers = headers.to_vec();
        let body = match body {
            Some(body) => {
                headers.push(("content-type", "application/json".to_owned()));
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.ask(method, path, body, &headers).await
    }

    async fn ask(&self, method: &str, path: &str, body: Body, headers: &[(&str, String)]) -> Response {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT_ENCODING, "identity");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(body).expect("request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.address, 4000))));
        let response = self.router.clone().oneshot(request).await.expect("the router is infallible");
        contract::check(method, path, &response);
        response
    }
}

async fn read(response: Response) -> Reply {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("body");
    Reply { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}
