//! An administrator's consent, and whether a new version asks for more than the last consent covers.

use afpi_plugins::manifest::Manifest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::hex;
use super::versions::Version;

/// Identifies a file, its signer and everything that it asks for. A consent contains this digest, so a consent to
/// another file or to other requests does not count.
pub fn digest(version: &Version, manifest: &Manifest) -> String {
    let mut wishes = wishes(manifest);
    wishes["id"] = json!(manifest.id);
    wishes["kind"] = json!(manifest.kind);
    let read = json!({"sha256": version.sha256, "level": version.level, "signer": version.signer(), "wishes": wishes});
    hex(&Sha256::digest(read.to_string()))
}

/// Everything that a plugin asks for, with schedules by name.
fn wishes(manifest: &Manifest) -> Value {
    let schedules: serde_json::Map<String, Value> =
        manifest.schedules.iter().map(|schedule| (schedule.name.clone(), json!(schedule))).collect();
    json!({"capabilities": manifest.capabilities, "limits": manifest.limits, "schedules": schedules})
}

/// What the new version asks for beyond the old one, as JSON Pointers into the manifest: an address, a secret, a quota,
/// a limit, work at another time. Empty when the consent to the old version covers it.
pub fn growth(old: &Manifest, new: &Manifest) -> Vec<String> {
    let mut found = Vec::new();
    let (old, new) = (wishes(old), wishes(new));
    compare("", &old, &new, &mut found);
    // A limit that is no longer given becomes the host's default, which may be higher.
    let given = |m: &Value| m["limits"].as_object().cloned().unwrap_or_default();
    let now = given(&new);
    found.extend(given(&old).keys().filter(|name| !now.contains_key(*name)).map(|name| format!("/limits/{name}")));
    found
}

/// Generic over the manifest's shape, so a capability that is added later needs no change here. More means: a greater
/// number, a switch turned on, a new list entry, a new key. In doubt it counts as more.
fn compare(at: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    let more = match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            // Labels are only displayed; they ask for nothing.
            for (name, value) in new.iter().filter(|(name, _)| *name != "label") {
                compare(&format!("{at}/{name}"), old.get(name).unwrap_or(&Value::Null), value, found);
            }
            false
        }
        (Value::Array(old), Value::Array(new)) => new.iter().any(|entry| !old.iter().any(|known| same(known, entry))),
        (Value::Number(old), Value::Number(new)) => new.as_f64() > old.as_f64(),
        (Value::Bool(old), Value::Bool(new)) => *new && !*old,
        (Value::Null, Value::Null | Value::Bool(false)) => false,
        (Value::Null, Value::Array(new)) => !new.is_empty(),
        (old, new) => old != new,
    };
    if more {
        found.push(at.to_owned());
    }
}

/// The same list entry, ignoring labels.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let bare = |m: &serde_json::Map<String, Value>| {
                m.iter().filter(|(k, _)| *k != "label").map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>()
            };
            bare(a) == bare(b)
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(capabilities: Value, limits: Value) -> Manifest {
        let json = json!({"id": "p", "kind": "notifier", "version": "1.0.0", "name": {"fr": "P", "en": "P"},
            "description": {"fr": "P.", "en": "P."}, "capabilities": capabilities, "limits": limits});
        Manifest::from_json(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn every_kind_of_more_is_found_and_less_is_not() {
        let old = manifest(
            json!({"http": {"hosts": ["https://a.fr"]}, "kv": {"quota-keys": 10}, "secrets": [{"name": "token", "label": {"fr": "J", "en": "T"}}]}),
            json!({"memory-mib": 32}),
        );
        let with = |capabilities: Value, limits: Value| growth(&old, &manifest(capabilities, limits));
        let base = json!({"http": {"hosts": ["https://a.fr"]}, "kv": {"quota-keys": 10}, "secrets": [{"name": "token", "label": {"fr": "Jeton", "en": "T"}}]});
        assert_eq!(with(base.clone(), json!({"memory-mib": 32})), [""; 0], "another label is nothing asked for");
        assert_eq!(with(json!({}), json!({"memory-mib": 8})), [""; 0], "less is not more");
        assert_eq!(with(json!({}), json!({})), ["/limits/memory-mib"]);
        let edited = |pointer: &str, value: Value| {
            let mut all = base.clone();
            *all.pointer_mut(pointer).unwrap() = value;
            with(all, json!({"memory-mib": 32}))
        };
        assert_eq!(edited("/http/hosts", json!(["https://a.fr", "https://b.fr"])), ["/capabilities/http/hosts"]);
        assert_eq!(
            edited("/http", json!({"hosts": ["https://a.fr"], "private-ranges": true})),
            ["/capabilities/http/private-ranges"]
        );
        assert_eq!(edited("/kv/quota-keys", json!(11)), ["/capabilities/kv/quota-keys"]);
        assert_eq!(edited("/secrets/0/name", json!("password")), ["/capabilities/secrets"]);
        assert_eq!(with(base.clone(), json!({"memory-mib": 64})), ["/limits/memory-mib"]);
        let mut clock = base.clone();
        clock["clock"] = json!(true);
        assert_eq!(with(clock, json!({"memory-mib": 32})), ["/capabilities/clock"]);
        let timed = |cron: &str| {
            let mut timed = manifest(json!({"jobs": {}}), json!({}));
            let schedule = json!({"name": "matin", "cron": cron, "sentence": {"fr": "Relance.", "en": "Reminds."}});
            timed.schedules = vec![serde_json::from_value(schedule).unwrap()];
            timed
        };
        let none = manifest(json!({"jobs": {}}), json!({}));
        assert_eq!(growth(&none, &timed("0 6 * * *")), ["/schedules/matin"]);
        assert_eq!(growth(&timed("0 6 * * *"), &timed("*/5 * * * *")), ["/schedules/matin/cron"]);
        assert_eq!(growth(&timed("0 6 * * *"), &none), [""; 0]);
    }

    #[test]
    fn the_digest_follows_file_signer_and_wishes() {
        let version = |sha256: &str, level: &str, key_id: &str| Version {
            plugin_id: "p".into(),
            version: "1.0.0".into(),
            level: level.into(),
            key_id: key_id.into(),
            sha256: sha256.into(),
            size: 1,
            manifest: String::new(),
            installed_at: 0,
            installed_by: None,
        };
        let (asks, modest) = (manifest(json!({"clock": true}), json!({})), manifest(json!({}), json!({})));
        let read = digest(&version("a", "partner", "k"), &asks);
        assert_eq!(read, digest(&version("a", "partner", "k"), &asks));
        let others = [
            digest(&version("b", "partner", "k"), &asks),
            digest(&version("a", "private", "k"), &asks),
            digest(&version("a", "partner", "l"), &asks),
            digest(&version("a", "partner", "k"), &modest),
        ];
        assert!(others.iter().all(|other| *other != read));
    }
}
