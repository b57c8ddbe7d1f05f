//! A running host, spoken to as an administrator.

use anyhow::{Context, Result, bail};
use clap::Args;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// Which host, and who is asking.
#[derive(Args, Clone)]
pub struct HostArgs {
    /// Address of the host.
    #[arg(long, env = "AFPI_URL", default_value = "http://127.0.0.1:3000")]
    pub url: String,
    /// An administrator's e-mail address; the password is taken from AFPI_PASSWORD. A demo host lends its own account.
    #[arg(long, env = "AFPI_EMAIL")]
    pub email: Option<String>,
    /// An access token, instead of e-mail address and password.
    #[arg(long, env = "AFPI_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
}

/// A host one has signed in to.
pub struct Host {
    client: Client,
    url: String,
    token: String,
}

impl HostArgs {
    fn client() -> Result<Client> {
        Ok(Client::builder().timeout(Duration::from_secs(120)).build()?)
    }

    fn base(&self) -> &str {
        self.url.trim_end_matches('/')
    }

    /// Does anybody answer there, and is it an AFPI host?
    pub async fn reach(&self) -> Result<()> {
        let answer =
            HostArgs::client()?.get(format!("{}/healthz", self.base())).timeout(Duration::from_secs(5)).send().await;
        let answer = answer.map_err(|error| self.away(error))?;
        if !answer.status().is_success() {
            bail!("{} answers {}", self.url, answer.status());
        }
        Ok(())
    }

    /// Signs in.
    pub async fn open(&self) -> Result<Host> {
        let client = HostArgs::client()?;
        let token = match &self.token {
            Some(token) => token.clone(),
            None => {
                let (email, password) = self.credentials(&client).await?;
                let login = client
                    .post(format!("{}/api/auth/login", self.base()))
                    .json(&json!({ "email": email, "password": password }));
                let session =
                    read(login.send().await.map_err(|error| self.away(error))?).await.context("signing in")?;
                session["token"].as_str().context("the host gave no token")?.to_owned()
            }
        };
        Ok(Host { client, url: self.base().to_owned(), token })
    }

    async fn credentials(&self, client: &Client) -> Result<(String, String)> {
        if let Some(email) = &self.email {
            let password = std::env::var("AFPI_PASSWORD").context("AFPI_PASSWORD must hold the password")?;
            return Ok((email.clone(), password));
        }
        let lent =
            client.get(format!("{}/api/demo/accounts", self.base())).send().await.map_err(|error| self.away(error))?;
        if !lent.status().is_success() {
            bail!("who are you? Set AFPI_EMAIL and AFPI_PASSWORD, or AFPI_TOKEN (only a demo host lends an account)");
        }
        let accounts: Value = lent.json().await?;
        let admin = accounts["data"].as_array().into_iter().flatten().find(|account| account["role"] == "admin");
        let field = |name: &str| Some(admin?[name].as_str()?.to_owned());
        field("email").zip(field("password")).context("the demo host has no administrator's account")
    }

    fn away(&self, error: reqwest::Error) -> anyhow::Error {
        anyhow::anyhow!(
            "nobody answers at {} ({}); `make run` starts a demo host, --url names another",
            self.url,
            innermost(&error)
        )
    }
}

impl Host {
    pub fn url(&self) -> &str {
        &self.url
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .header("accept-language", "en")
    }

    /// Hands in a packed plugin; the answer is the version that now waits for consent.
    pub async fn hand_in(&self, plugin: Vec<u8>) -> Result<Value> {
        self.upload("/api/plugins", plugin).await
    }

    /// Puts a plugin that is being worked on in the place of the active version, if there is one and it asks for no more.
    pub async fn reload(&self, plugin: Vec<u8>) -> Result<Value> {
        self.upload("/api/plugins?reload=true", plugin).await
    }

    /// Consents to exactly what this version (as it was handed in) asks for, and makes it active.
    pub async fn consent(&self, version: &Value) -> Result<()> {
        let word = |name: &str| {
            version[name].as_str().with_context(|| format!("the host did not say `{name}` of the version"))
        };
        let path = format!("/api/plugins/{}/versions/{}/activate", word("pluginId")?, word("version")?);
        read(self.request(Method::POST, &path).json(&json!({ "consent": word("consent")? })).send().await?)
            .await
            .map(drop)
    }

    /// Switches a plugin on at a localisation, by its code.
    pub async fn enable(&self, plugin: &str, site: &str) -> Result<()> {
        let sites = read(self.request(Method::GET, "/api/localisations").send().await?).await?;
        let found = sites["data"].as_array().into_iter().flatten().find(|one| one["code"] == site);
        let id =
            found.and_then(|one| one["id"].as_str()).with_context(|| format!("there is no localisation {site}"))?;
        let path = format!("/api/plugins/{plugin}/sites/{id}");
        read(self.request(Method::PUT, &path).json(&json!({ "enabled": true })).send().await?).await.map(drop)
    }

    async fn upload(&self, path: &str, plugin: Vec<u8>) -> Result<Value> {
        read(self.request(Method::POST, path).header("content-type", "application/wasm").body(plugin).send().await?)
            .await
    }
}

/// The host's refusal, in its own words.
#[derive(Debug)]
pub struct Refused {
    pub status: u16,
    /// A stable word, e.g. `consent-required`.
    pub code: String,
    words: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the host refuses ({} {}): {}", self.status, self.code, self.words)
    }
}

impl std::error::Error for Refused {}

/// The answer's JSON, or what the host says is wrong.
async fn read(answer: Response) -> Result<Value> {
    let status = answer.status();
    let body: Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
    if status.is_success() {
        return Ok(body);
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut words = vec![text(&body["title"]), text(&body["detail"])];
    words.extend(
        body["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| format!("{} {}", text(&one["field"]), text(&one["message"]))),
    );
    words.retain(|word| !word.trim().is_empty());
    Err(Refused { status: status.as_u16(), code: text(&body["code"]), words: words.join("; ") }.into())
}

fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}
