//! `config` and `secret`: a plugin's settings and secrets at a site. The value of a secret comes from standard input
//! and is never shown, because everybody on the machine can see command lines.

use super::super::Report;
use super::super::host::Host;
use super::{Seat, SeatArgs, list, word};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Print the settings at a site, as JSON.
    Get(GetArgs),
    /// Change settings at a site. The plugin checks them before the host stores them.
    Set(SetArgs),
}

#[derive(Args)]
pub struct GetArgs {
    #[command(flatten)]
    seat: SeatArgs,
}

#[derive(Args)]
pub struct SetArgs {
    #[command(flatten)]
    seat: SeatArgs,
    /// Settings to change. The others stay. If the setting is not a text, its value is JSON.
    #[arg(value_name = "KEY=VALUE", value_parser = pair, required_unless_present_any = ["unset", "file"])]
    values: Vec<(String, String)>,
    /// A setting to remove, so that its default applies. Repeat the option for several settings.
    #[arg(long, value_name = "KEY")]
    unset: Vec<String>,
    /// A JSON file with all settings, which replaces the current ones. `-` reads standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["values", "unset"])]
    file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum SecretCommand {
    /// Set a secret at a site. A terminal asks for it; otherwise it is read from standard input.
    Set(SecretArgs),
    /// Remove a secret at a site.
    Unset(SecretArgs),
}

#[derive(Args)]
pub struct SecretArgs {
    #[command(flatten)]
    seat: SeatArgs,
    /// The secret's name, as in plugin.toml.
    #[arg(value_name = "NAME")]
    name: String,
}

fn pair(text: &str) -> Result<(String, String)> {
    let (key, value) = text.split_once('=').with_context(|| format!("`{text}` is not KEY=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
}

impl ConfigCommand {
    pub async fn run(self) -> Result<Report> {
        match self {
            ConfigCommand::Get(GetArgs { seat: args }) => {
                let now = args.at(async |host, seat| host.get(&args.path(seat, &["config"])).await).await?;
                Ok(Report::new(format!("{:#}", now["config"]), now))
            }
            ConfigCommand::Set(args) => args.run().await,
        }
    }
}

impl SetArgs {
    async fn run(self) -> Result<Report> {
        let whole = self.file.as_deref().map(read).transpose()?;
        self.seat
            .at(async |host, seat| {
                let config = match whole {
                    Some(config) => config,
                    None => self.changed(host, seat).await?,
                };
                let (answer, code) = (write(host, &self.seat, seat, Some(config), None).await?, &seat.code);
                Ok(Report::new(format!("{} has its new settings at {code}.", self.seat.plugin.id), answer))
            })
            .await
    }

    /// The current settings with the typed changes.
    async fn changed(&self, host: &Host, seat: &Seat) -> Result<Value> {
        let now = host.get(&self.seat.path(seat, &["config"])).await?;
        let mut config = now["config"].as_object().cloned().unwrap_or_default();
        let plugin = host.get(&["api", "plugins", &self.seat.plugin.id]).await?;
        for (key, typed) in &self.values {
            config.insert(key.clone(), value(&plugin["configSchema"], key, typed)?);
        }
        for key in &self.unset {
            if config.remove(key).is_none() {
                bail!("there is no setting `{key}` to remove");
            }
        }
        Ok(config.into())
    }
}

impl SecretCommand {
    pub async fn run(self) -> Result<Report> {
        let (SecretArgs { seat: args, name }, value) = match self {
            SecretCommand::Set(args) => {
                let value = typed_secret(&args.name)?;
                (args, Some(value))
            }
            SecretCommand::Unset(args) => (args, None),
        };
        let done = if value.is_some() { "is set" } else { "is removed" };
        args.at(async |host, seat| {
            let secrets = Map::from_iter([(name.clone(), json!(value.as_deref().map(String::as_str)))]);
            let answer = write(host, &args, seat, None, Some(secrets.into())).await?;
            let set = list(&answer["secrets"]).find(|slot| word(slot, "name") == name).map(|slot| slot["set"].clone());
            Ok(Report::new(
                format!("The secret {name} of {} {done} at {}.", args.plugin.id, seat.code),
                json!({ "id": args.plugin.id, "site": seat.code, "name": name, "set": set }),
            ))
        })
        .await
    }
}

/// Writes settings, secrets, or both, over the current version.
async fn write(
    host: &Host,
    args: &SeatArgs,
    seat: &Seat,
    config: Option<Value>,
    secrets: Option<Value>,
) -> Result<Value> {
    let path = args.path(seat, &["config"]);
    let now = host.get(&path).await?;
    let version = now["version"].as_i64().context("the host did not give the version of its settings")?;
    let mut body = json!({ "config": config.unwrap_or_else(|| now["config"].clone()) });
    if let Some(secrets) = secrets {
        body["secrets"] = secrets;
    }
    host.put_over(&path, version, &body).await
}

/// Reads a typed value in the type of the setting. A text stays unchanged, so that `02100` keeps its zero.
fn value(schema: &Value, key: &str, typed: &str) -> Result<Value> {
    let shape = schema["properties"].get(key);
    if shape.is_none() && schema["additionalProperties"] == false {
        let known: Vec<&str> =
            schema["properties"].as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        bail!("there is no setting `{key}`; the settings are {}", known.join(", "));
    }
    let parsed = serde_json::from_str(typed).ok();
    match shape.map(|shape| takes_text(schema, shape)) {
        Some(true) => Ok(typed.into()),
        Some(false) => parsed.with_context(|| format!("`{typed}` is not JSON, but the setting `{key}` needs JSON")),
        None => Ok(parsed.unwrap_or_else(|| typed.into())),
    }
}

/// Tells whether this setting is a text, by its type or its allowed values.
fn takes_text(schema: &Value, shape: &Value) -> bool {
    let meant = |shape: &'_ Value| {
        shape["$ref"].as_str().and_then(|at| schema.pointer(at.strip_prefix('#')?)).unwrap_or(shape).clone()
    };
    let is_text = |shape: &Value| {
        shape["type"] == "string"
            || shape["const"].is_string()
            || list(&shape["type"]).any(|one| one == "string")
            || list(&shape["enum"]).any(Value::is_string)
    };
    let shape = meant(shape);
    is_text(&shape) || ["oneOf", "anyOf"].iter().any(|some| list(&shape[*some]).any(|one| is_text(&meant(one))))
}

/// Reads a JSON object from a file or from standard input.
fn read(file: &Path) -> Result<Value> {
    let text = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin()).context("standard input")?
    } else {
        std::fs::read_to_string(file).with_context(|| file.display().to_string())?
    };
    let config: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    if config.is_object() { Ok(config) } else { bail!("settings must be a JSON object") }
}

fn typed_secret(name: &str) -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    if std::io::stdin().is_terminal() {
        *text = rpassword::prompt_password(format!("{name} (not shown while typed): ")).context("the terminal")?;
    } else {
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
    }
    let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() {
        bail!("nothing was typed; `afpi plugin secret unset` removes a secret");
    }
    Ok(Zeroizing::new(line.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_what_the_setting_wants() {
        let schema = json!({
            "properties": {
                "code": { "type": "string" }, "maybe": { "type": ["string", "null"] }, "many": { "type": "integer" },
                "mode": { "$ref": "#/$defs/Mode" }, "names": { "type": "array", "items": { "type": "string" } }
            },
            "$defs": { "Mode": { "oneOf": [{ "const": "strict" }, { "const": "loose" }] } },
            "additionalProperties": false
        });
        for (key, typed, wanted) in [
            ("code", "02100", json!("02100")),
            ("maybe", "null", json!("null")),
            ("mode", "strict", json!("strict")),
            ("many", "12", json!(12)),
            ("names", r#"["a"]"#, json!(["a"])),
        ] {
            assert_eq!(value(&schema, key, typed).unwrap(), wanted, "{key}");
        }
        assert!(value(&schema, "many", "twelve").unwrap_err().to_string().contains("`twelve` is not JSON"));
        assert!(value(&schema, "mani", "12").unwrap_err().to_string().contains("the settings are code, "));
        let open = json!({ "properties": {} });
        assert_eq!((value(&open, "a", "1").unwrap(), value(&open, "a", "x").unwrap()), (json!(1), json!("x")));
    }

    #[test]
    fn a_setting_is_a_key_and_a_value() {
        assert_eq!(pair("url=https://a.example.fr/?a=b").unwrap(), ("url".into(), "https://a.example.fr/?a=b".into()));
        assert!(pair("url").is_err());
    }
}
