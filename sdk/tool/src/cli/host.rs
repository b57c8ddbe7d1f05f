//! A client for a running host, signed in as an administrator.

use anyhow::{Context, Result, bail};
use clap::Args;
use reqwest::{Client, Method, RequestBuilder, Response, Url, header, redirect};
use serde_json::{Value, json};
use std::time::Duration;

use super::refused::Refused;

/// The host, and the account that signs in.
#[derive(Args, Clone)]
pub struct HostArgs {
    /// The address of the host.
    #[arg(long, env = "AFPI_URL", default_value = "http://127.0.0.1:3000")]
    pub url: String,
    /// The e-mail address of an administrator. The password comes from AFPI_PASSWORD. A demo host lends its own
    /// account.
    #[arg(long, env = "AFPI_EMAIL")]
    pub email: Option<String>,
    /// An access token instead of an e-mail address and a password.
    #[arg(long, env = "AFPI_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
}

/// A host with an open session.
pub struct Host {
    client: Client,
    url: Url,
    token: String,
    /// Whether this program opened the session and must end it.
    own: bool,
}

impl HostArgs {
    fn client() -> Result<Client> {
        // Reqwest uses the TLS provider of the process. Later calls do nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirected POST would arrive as a GET, so the command reports the new address instead.
        Ok(Client::builder().timeout(Duration::from_secs(120)).redirect(redirect::Policy::none()).build()?)
    }

    fn base(&self) -> Result<Url> {
        let url = Url::parse(&self.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.with_context(|| format!("--url wants an address like http://127.0.0.1:3000, not `{}`", self.url))
    }

    /// Checks that an AFPI host answers at the address.
    pub async fn reach(&self) -> Result<()> {
        let address = address(&self.base()?, &["healthz"]);
        let answer = HostArgs::client()?.get(address).timeout(Duration::from_secs(5)).send().await;
        let answer = answer.map_err(|error| self.away(error))?;
        if !answer.status().is_success() {
            bail!("{} answers {}", self.url, answer.status());
        }
        Ok(())
    }

    /// Signs in.
    pub async fn open(&self) -> Result<Host> {
        let (client, url) = (HostArgs::client()?, self.base()?);
        if let Some(token) = &self.token {
            return Ok(Host { client, url, token: token.clone(), own: false });
        }
        let (email, password) = self.credentials(&client, &url).await?;
        let login = client
            .post(address(&url, &["api", "auth", "login"]))
            .header(header::ACCEPT_LANGUAGE, "en")
            .json(&json!({ "email": email, "password": password }));
        let session =
            json_of(login.send().await.map_err(|error| self.away(error))?).await.context("signing in failed")?;
        let token = session["token"].as_str().context("the host gave no token")?.to_owned();
        Ok(Host { client, url, token, own: true })
    }

    /// Signs in, runs `work`, and signs out in any case.
    pub async fn signed_in<T>(&self, work: impl AsyncFnOnce(&Host) -> Result<T>) -> Result<T> {
        let host = self.open().await?;
        let done = work(&host).await;
        host.close().await;
        done
    }

    async fn credentials(&self, client: &Client, url: &Url) -> Result<(String, String)> {
        if let Some(email) = &self.email {
            let password = std::env::var("AFPI_PASSWORD").context("AFPI_PASSWORD must hold the password")?;
            return Ok((email.clone(), password));
        }
        let lent = client.get(address(url, &["api", "demo", "accounts"])).send().await;
        let lent = lent.map_err(|error| self.away(error))?;
        if !lent.status().is_success() {
            bail!("set AFPI_EMAIL and AFPI_PASSWORD, or AFPI_TOKEN, to sign in (only a demo host lends an account)");
        }
        let accounts: Value = lent.json().await.with_context(|| format!("{} is not an AFPI host", self.url))?;
        let admin = accounts["data"].as_array().into_iter().flatten().find(|account| account["role"] == "admin");
        let field = |name: &str| Some(admin?[name].as_str()?.to_owned());
        field("email").zip(field("password")).context("the demo host has no administrator's account")
    }

    fn away(&self, error: reqwest::Error) -> anyhow::Error {
        anyhow::anyhow!(
            "no host answers at {} ({}); `make run` starts a demo host, --url names another host",
            self.url,
            innermost(&error)
        )
    }
}

impl Host {
    /// The address of the host, without a slash at its end.
    pub fn url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.asked(method, address(&self.url, path))
    }

    fn asked(&self, method: Method, address: Url) -> RequestBuilder {
        self.client.request(method, address).bearer_auth(&self.token).header(header::ACCEPT_LANGUAGE, "en")
    }

    /// Sends a request. Returns the answer, or null for an empty answer. `path` is a list of segments, because people
    /// type some of them.
    pub async fn ask(&self, method: Method, path: &[&str], body: Option<&Value>) -> Result<Value> {
        let request = self.request(method, path);
        let request = if let Some(body) = body { request.json(body) } else { request };
        json_of(sent(request).await?).await
    }

    pub async fn get(&self, path: &[&str]) -> Result<Value> {
        self.ask(Method::GET, path, None).await
    }

    /// Replaces the version that was read before.
    pub async fn put_over(&self, path: &[&str], version: i64, body: &Value) -> Result<Value> {
        let request = self.request(Method::PUT, path).header(header::IF_MATCH, format!("\"{version}\"")).json(body);
        json_of(sent(request).await?).await
    }

    /// Downloads a file.
    pub async fn download(&self, path: &[&str]) -> Result<Vec<u8>> {
        let answer = sent(self.request(Method::GET, path)).await?;
        if answer.status().is_success() {
            return Ok(answer.bytes().await?.into());
        }
        json_of(answer).await?;
        bail!("the host gave no file")
    }

    /// Uploads a packed plugin. Returns the version that now waits for consent.
    pub async fn hand_in(&self, plugin: Vec<u8>) -> Result<Value> {
        self.upload(&[], plugin).await
    }

    /// Replaces the active version with a plugin under development, if an active version exists and the new one
    /// requests nothing more.
    pub async fn reload(&self, plugin: Vec<u8>) -> Result<Value> {
        self.upload(&[("reload", "true")], plugin).await
    }

    /// Removes a plugin. `purge` also deletes its data.
    pub async fn remove_plugin(&self, plugin: &str, purge: bool) -> Result<()> {
        let mut address = address(&self.url, &["api", "plugins", plugin]);
        address.query_pairs_mut().append_pair("purge", if purge { "true" } else { "false" });
        json_of(sent(self.asked(Method::DELETE, address)).await?).await.map(drop)
    }

    async fn upload(&self, query: &[(&str, &str)], plugin: Vec<u8>) -> Result<Value> {
        let mut address = address(&self.url, &["api", "plugins"]);
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        let request = self.asked(Method::POST, address).header(header::CONTENT_TYPE, "application/wasm").body(plugin);
        json_of(sent(request).await?).await
    }

    /// Consents to exactly what this uploaded version requests, and activates it.
    pub async fn consent(&self, version: &Value) -> Result<()> {
        let word = |name: &str| {
            version[name].as_str().with_context(|| format!("the host did not say `{name}` of the version"))
        };
        let path = ["api", "plugins", word("pluginId")?, "versions", word("version")?, "activate"];
        self.ask(Method::POST, &path, Some(&json!({ "consent": word("consent")? }))).await.map(drop)
    }

    /// Signs out. If that fails, the session expires by itself.
    pub async fn close(&self) {
        if self.own {
            let _ended = self.ask(Method::POST, &["api", "auth", "logout"], None).await;
        }
    }
}

/// An address on the host. Each item is one segment, whatever characters it contains.
fn address(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

async fn sent(request: RequestBuilder) -> Result<Response> {
    request.send().await.map_err(|error| anyhow::anyhow!("the host does not answer ({})", innermost(&error)))
}

/// The answer's JSON, or the host's error.
async fn json_of(answer: Response) -> Result<Value> {
    let status = answer.status();
    if status.is_redirection() {
        let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or_default();
        bail!("the host redirects to {place}: use that address with --url");
    }
    let body: Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
    if status.is_success() { Ok(body) } else { Err(Refused::new(status, &body).into()) }
}

fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}
