//! Runs `afpi plugin list`, `logs`, `config`, `secret`, `enable`, `disable`, `rollback`, `uninstall`, `trust` and
//! `record` against a listening host.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_plugins::manifest::{PrivateKey, SecretRequest, Text};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::files::{WORKFLOW, edited, hook, signed};
use crate::support::{AWAY, HOME, PASSWORD, World, on_both, opportunite};

/// An author's computer: a folder, and a host that the commands reach over the network.
struct Desk {
    folder: tempfile::TempDir,
    url: String,
    who: &'static str,
}

impl Desk {
    async fn before(world: &World) -> Desk {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = afpi::router::router(world.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Desk { folder: tempfile::tempdir().unwrap(), url, who: "admin@afpi.test" }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn run(&self, args: &[&str], typed: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_afpi"));
        command.arg("plugin").args(args).current_dir(self.folder.path());
        command.env_remove("AFPI_TOKEN").env("AFPI_URL", &self.url);
        command.env("AFPI_EMAIL", self.who).env("AFPI_PASSWORD", PASSWORD);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().unwrap();
        // A command that reads no input may have ended already.
        let _unread = stdin.write_all(typed.as_bytes()).await;
        drop(stdin);
        child.wait_with_output().await.unwrap()
    }

    /// Runs a command that must succeed. Returns its standard output.
    async fn done(&self, args: &[&str]) -> String {
        self.typing(args, "").await
    }

    async fn typing(&self, args: &[&str], typed: &str) -> String {
        let output = self.run(args, typed).await;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{args:?}\n{out}\n{err}");
        assert!(typed.is_empty() || !format!("{out}{err}").contains(typed.trim()), "{args:?} shows what was typed");
        out.into_owned()
    }

    async fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--json"]].concat()).await).unwrap()
    }

    /// Runs a command that the host or the program must refuse. Returns its message.
    async fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args, "").await;
        assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// The test hook with a secret, in this version.
fn guard(version: &str, key: &PrivateKey) -> Vec<u8> {
    let file = edited(hook("garde"), |manifest| {
        manifest.version = version.parse().unwrap();
        let label = Text { fr: "Jeton".into(), en: "Token".into() };
        manifest.capabilities.secrets = vec![SecretRequest { name: "token".into(), label }];
    });
    signed(file, key)
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

#[tokio::test]
async fn a_plugin_is_looked_after_from_the_command_line() {
    on_both(|world| async move {
        let desk = Desk::before(&world).await;
        let key = PrivateKey::generate("Ailleurs").unwrap();
        let public = desk.file("key.pub", key.public().to_string().as_bytes());
        let (first, second) = (desk.file("1.wasm", &guard("1.0.0", &key)), desk.file("2.wasm", &guard("1.1.0", &key)));

        // The host accepts only signatures of trusted keys.
        let said = desk.refused(&["install", path(&first)]).await;
        assert!(said.contains("unknown-key") && said.contains("afpi plugin trust add"), "{said}");
        desk.done(&["trust", "add", path(&public)]).await;
        assert!(desk.done(&["trust", "list"]).await.contains("Ailleurs"));
        desk.done(&["install", path(&first), "--consent", "--site", HOME]).await;

        // `list` shows the plugins and the sites where they are on.
        let listed = desk.done(&["list"]).await;
        let line = listed.lines().find(|line| line.starts_with("garde ")).unwrap_or_else(|| panic!("{listed}"));
        assert!(
            line.contains("1.0.0") && line.contains("private") && line.ends_with(&format!("on at {HOME}")),
            "{line}"
        );
        let listed = desk.json(&["list"]).await;
        assert!(listed["plugins"].as_array().unwrap().iter().any(|plugin| plugin["id"] == WORKFLOW), "{listed}");

        // `logs` shows the plugin's log lines.
        opportunite(&world, "Bande").await;
        let logs = desk.done(&["logs", "garde", "--site", HOME]).await;
        assert!(logs.contains("asked opportunite.created") && logs.contains(HOME), "{logs}");
        let logs = desk.json(&["logs", "garde"]).await;
        assert!(logs["lines"].as_array().unwrap().iter().any(|line| line["site"] == HOME), "{logs}");

        settings(&desk).await;
        secrets(&desk).await;

        // `enable` and `disable` switch the plugin on and off at sites.
        desk.done(&["disable", "garde", "--site", HOME]).await;
        let sites =
            desk.json(&["enable", "garde", "--site", AWAY, "--site", &HOME.to_lowercase()]).await["sites"].clone();
        let codes: Vec<&Value> = sites.as_array().unwrap().iter().map(|site| &site["localisation"]["code"]).collect();
        assert_eq!(codes, [AWAY, HOME]);
        assert!(sites.as_array().unwrap().iter().all(|site| site["state"] == "active"), "{sites}");
        assert_eq!(desk.json(&["disable", "garde", "--all-sites"]).await["sites"].as_array().unwrap().len(), 14);
        let said = desk.refused(&["enable", "garde"]).await;
        assert!(said.contains("which site?") && said.contains(AWAY), "{said}");
        assert!(desk.refused(&["enable", "garde", "--site", "AFPI-99"]).await.contains("garde has no site AFPI-99"));

        // `rollback` returns to the version before.
        desk.done(&["install", path(&second), "--consent"]).await;
        assert!(desk.done(&["rollback", "garde"]).await.contains("garde 1.0.0 is active instead of 1.1.0"));
        assert_eq!(desk.json(&["rollback", "garde"]).await["version"]["version"], "1.1.0");
        assert!(desk.refused(&["rollback", WORKFLOW]).await.contains("no-previous"));

        // `uninstall` removes the plugin. Only `--purge` deletes its data.
        desk.done(&["uninstall", "garde"]).await;
        assert!(desk.done(&["list"]).await.lines().any(|line| line.starts_with("garde ") && line.ends_with("removed")));
        assert!(desk.refused(&["enable", "garde", "--all-sites"]).await.contains("was removed"));
        desk.done(&["uninstall", "garde", "--purge"]).await;
        assert!(!desk.done(&["list"]).await.contains("garde"));

        desk.done(&["trust", "revoke", &key.public().id().to_string()]).await;
        assert!(desk.done(&["trust", "list"]).await.contains("revoked"));
        assert!(desk.refused(&["install", path(&first)]).await.contains("revoked-key"));

        // Every command ends its own session.
        let mut conn = world.app.db.read().await.unwrap();
        let open = sql("SELECT COUNT(*) FROM refresh_tokens WHERE user_id = ?").bind(world.person(Role::Admin));
        assert_eq!(open.scalar::<i64>(&mut conn).await.unwrap(), 0);
    })
    .await;
}

async fn settings(desk: &Desk) {
    let at = ["--site", HOME];
    let set = async |args: &[&str]| desk.done(&[&["config", "set", "garde"], args, &at].concat()).await;
    set(&["code=02100", "most=3"]).await;
    set(&["most=4", "word=a=b"]).await;
    let get = async || {
        serde_json::from_str::<Value>(&desk.done(&[&["config", "get", "garde"][..], &at].concat()).await).unwrap()
    };
    assert_eq!(get().await, json!({"code": "02100", "most": 4, "word": "a=b"}));
    set(&["--unset", "word"]).await;
    assert_eq!(get().await, json!({"code": "02100", "most": 4}));
    let whole = [&["config", "set", "garde", "--file", "-"][..], &at].concat();
    desk.typing(&whole, r#"{"veto": "gagner"}"#).await;
    assert_eq!(get().await, json!({"veto": "gagner"}));
    assert_eq!(desk.json(&[&["config", "get", "garde"][..], &at].concat()).await["secrets"][0]["name"], "token");
    assert!(desk.refused(&["config", "get", "garde"]).await.contains("which site?"));
    assert!(desk.refused(&["config", "get", "nothing"]).await.contains("404 not-found"));
    // A connector has a single seat, so the command needs no site. The command prints the host's own error.
    let said = desk.refused(&["config", "set", "ypareo", "baseUrl=nowhere"]).await;
    assert!(said.contains("422") && said.contains("/config/baseUrl"), "{said}");
}

async fn secrets(desk: &Desk) {
    let at = ["--site", HOME];
    let slot = async || desk.json(&[&["config", "get", "garde"][..], &at].concat()).await["secrets"][0]["set"].clone();
    desk.typing(&[&["secret", "set", "garde", "token"][..], &at].concat(), "sésame ouvre-toi\n").await;
    assert_eq!(slot().await, true);
    desk.done(&[&["secret", "unset", "garde", "token"][..], &at].concat()).await;
    assert_eq!(slot().await, false);
    let on_the_command_line = desk.run(&["secret", "set", "garde", "token", "sésame", "--site", HOME], "").await;
    assert_eq!(on_the_command_line.status.code(), Some(2), "the command line must not contain the value of a secret");
    assert!(desk.refused(&["secret", "set", "garde", "token", "--site", HOME]).await.contains("nothing was typed"));
    let unknown = desk.run(&["secret", "set", "garde", "nope", "--site", HOME], "x").await;
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("/secrets/nope"), "{unknown:?}");
}

#[tokio::test]
async fn calls_are_recorded_and_fetched_from_the_command_line() {
    on_both(|world| async move {
        let desk = Desk::before(&world).await;
        let at = |args: &[&'static str]| [&["record"], args, &["--site", HOME]].concat();
        desk.done(&at(&["start", WORKFLOW, "--calls", "2"])).await;
        opportunite(&world, "Magnétique").await;
        opportunite(&world, "Sonore").await;
        let seat = async || {
            let sites = desk.json(&["record", "status", WORKFLOW]).await["sites"].clone();
            sites.as_array().unwrap().iter().find(|site| site["localisation"]["code"] == HOME).unwrap().clone()
        };
        for _ in 0..100 {
            if seat().await["kept"] == 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let got = desk.json(&at(&["get", WORKFLOW, "-o", "calls.jsonl"])).await;
        assert_eq!(got["calls"], 2, "{got}");
        let file = desk.folder.path().join("calls.jsonl");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["plugin"] == WORKFLOW));
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap()) & 0o777, 0o600);
        assert!(
            desk.refused(&at(&["get", WORKFLOW, "-o", "calls.jsonl"])).await.contains("exists"),
            "nothing is overwritten"
        );
        desk.done(&at(&["stop", WORKFLOW])).await;
        desk.done(&at(&["delete", WORKFLOW])).await;
        assert_eq!((&seat().await["kept"], &seat().await["wanted"]), (&json!(0), &json!(0)));
        assert!(desk.refused(&at(&["start", "notifications-afpi"])).await.contains("not-pure"));
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_is_told_so() {
    on_both(|world| async move {
        let mut desk = Desk::before(&world).await;
        assert!(desk.refused(&["logs", "../users"]).await.contains("404"), "an id is one piece of an address");
        assert!(desk.refused(&["list", "--url", "nowhere"]).await.contains("--url wants an address"));
        assert!(desk.refused(&["list", "--url", "http://127.0.0.1:9"]).await.contains("no host answers"));
        assert!(desk.refused(&["list", "--token", "stale"]).await.contains("AFPI_TOKEN"));
        world.another(Role::Commercial, "vendeur", &[HOME]).await;
        desk.who = "vendeur@afpi.test";
        let output = desk.run(&["trust", "list", "--json"], "").await;
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (output.status.code(), &said["refused"]["status"], &said["refused"]["code"]),
            (Some(1), &json!(403), &json!("forbidden"))
        );
        desk.who = "personne@afpi.test";
        assert!(desk.refused(&["list"]).await.contains("signing in failed"));
    })
    .await;
}
