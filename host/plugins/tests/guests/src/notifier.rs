//! A notifier that uses the capability that the event names, and reports the result in the title of its message.

wit_bindgen::generate!({
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "afpi:plugin/notifier-plugin",
    generate_all,
});

use afpi::host::{clock, config, context, http_client, kv, metrics, random, secrets};
use afpi::types::types::{Error, Text};
use exports::afpi::plugin::notifier::*;

struct Plugin;
crate::lifecycle!();
export!(Plugin);

/// Uses a capability. Returns the result in one line.
fn act(what: &str, argument: &str) -> Result<String, Error> {
    Ok(match what {
        "clock" => clock::now().to_string(),
        "config" => config::get(),
        "context" => {
            let context = context::current();
            format!("{} {}", context.site, context.site_code)
        }
        "random" => random::bytes(argument.parse().unwrap_or(0)).len().to_string(),
        "secret" => secrets::has(argument).to_string(),
        "metric" => {
            metrics::add(argument, 3);
            metrics::set(argument, -7);
            "published".into()
        }
        "kv-set" => kv::set(argument, b"value").map(|()| "set".into())?,
        "kv-big" => kv::set("big", &vec![0; 65_537]).map(|()| "set".into())?,
        "kv-fill" => {
            for n in 0.. {
                kv::set(&format!("key-{n}"), &[0; 100])?;
            }
            unreachable!()
        }
        "kv-get" => format!("{:?}", kv::get(argument)?.map(|value| value.len())),
        "kv-keys" => kv::keys(argument, None)?.join(","),
        // `b`, `-a`: sets or deletes notes one after the other, then lists all keys in the same call.
        "kv-write" => {
            for word in argument.split(' ') {
                match word.strip_prefix('-') {
                    Some(key) => kv::delete(key)?,
                    None => kv::set(word, word.as_bytes())?,
                }
            }
            kv::keys("", None)?.join(",")
        }
        "spin" => loop {
            std::hint::black_box(());
        },
        "get" | "auth" | "post" => {
            // `post <bytes> <address>`
            let (bytes, argument) =
                if what == "post" { argument.split_once(' ').unwrap_or_default() } else { ("", argument) };
            let sent = bytes.parse().ok().map(|bytes| vec![b'x'; bytes]);
            let secret = http_client::SecretHeader {
                name: "x-auth-token".into(),
                prefix: "Bearer ".into(),
                secret: "token".into(),
            };
            let response = http_client::send(&http_client::Request {
                method: if what == "post" { http_client::Method::Post } else { http_client::Method::Get },
                url: argument.into(),
                headers: vec![http_client::Header { name: "accept".into(), value: "application/json".into() }],
                secret_headers: if what == "auth" { vec![secret] } else { Vec::new() },
                body: sent,
                timeout_ms: 2_000,
            })?;
            let mut body = Vec::new();
            while let Some(piece) = response.read(1 << 20)? {
                body.extend(piece);
            }
            format!(
                "{} {} {}",
                response.status(),
                response.headers().len(),
                String::from_utf8_lossy(&body[..body.len().min(200)])
            )
        }
        "hoard" | "leak" => {
            let send = || {
                http_client::send(&http_client::Request {
                    method: http_client::Method::Get,
                    url: argument.into(),
                    headers: Vec::new(),
                    secret_headers: Vec::new(),
                    body: None,
                    timeout_ms: 2_000,
                })
            };
            if what == "leak" {
                std::mem::forget(send()?);
                return Ok("leaked".into());
            }
            let mut open = Vec::new();
            loop {
                open.push(send()?);
            }
        }
        _ => "unknown".into(),
    })
}

impl Guest for Plugin {
    fn kinds() -> Vec<Kind> {
        vec![Kind {
            id: "essai".into(),
            label: Text { fr: "Essai".into(), en: "Trial".into() },
            channels: vec!["app".into()],
        }]
    }

    fn notify(event: Event) -> Result<Vec<Message>, Error> {
        let (what, argument) = event.name.split_once(' ').unwrap_or((&event.name, ""));
        let told = act(what, argument)?;
        Ok(vec![Message {
            kind: "essai".into(),
            to: vec![Audience::Owner],
            title: Text { fr: told.clone(), en: told },
            body: Text { fr: String::new(), en: String::new() },
            link: String::new(),
            dedupe_key: String::new(),
        }])
    }
}
