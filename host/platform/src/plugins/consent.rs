//! An administrator's consent, and whether a new version asks for more than the last consent covers.

use afpi_plugins::manifest::{Kind, Manifest};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::hex;
use super::versions::Version;

/// What a manifest says of the plugin's identity. Every other section, also one that is added later, asks for something.
const IDENTITY: [&str; 6] = ["id", "name", "description", "version", "license", "packed-by"];

/// Lists whose entries have a name: an entry is compared with the one of the same name.
const NAMED: [(&str, &str); 3] =
    [("/schedules", "name"), ("/capabilities/secrets", "name"), ("/capabilities/records-query", "kind")];

/// Identifies a file, its signer and everything that it asks for. A consent contains this digest, so a consent to
/// another file or to other requests does not count.
pub fn digest(version: &Version, manifest: &Manifest) -> String {
    let mut wishes = wishes(manifest);
    wishes["id"] = json!(manifest.id);
    let read = json!({"sha256": version.sha256, "level": version.level, "signer": version.signer(), "wishes": wishes});
    hex(&Sha256::digest(read.to_string()))
}

/// Everything that a plugin asks for: its whole manifest without its identity.
fn wishes(manifest: &Manifest) -> Value {
    let mut all = json!(manifest);
    if let Some(sections) = all.as_object_mut() {
        sections.retain(|section, _| !IDENTITY.contains(&section.as_str()));
    }
    if manifest.kind == Kind::Hook {
        all["on-failure"] = json!(manifest.on_failure.unwrap_or_default());
    }
    for (pointer, key) in NAMED {
        let (part, name) = pointer.rsplit_once('/').unwrap_or_default();
        // A list that is not there is one without entries.
        let Some(list) = all.pointer_mut(part).map(|part| &mut part[name]) else { continue };
        let entries = list.as_array().into_iter().flatten();
        *list = entries.map(|entry| (entry[key].as_str().unwrap_or_default().to_owned(), asked(entry))).collect();
    }
    all
}

/// An entry without its label, which is what a form shows and nothing asked for. Another payload is another wish, be it
/// smaller.
fn asked(entry: &Value) -> Value {
    let mut entry = entry.clone();
    if let Some(fields) = entry.as_object_mut() {
        fields.remove("label");
        if let Some(payload) = fields.get_mut("payload") {
            *payload = json!(payload.to_string());
        }
    }
    entry
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
            for (name, value) in new {
                compare(&format!("{at}/{name}"), old.get(name).unwrap_or(&Value::Null), value, found);
            }
            false
        }
        (Value::Array(old), Value::Array(new)) => new.iter().any(|entry| !old.contains(entry)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_core::clock::Instant;

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
        assert_eq!(edited("/secrets/0/name", json!("password")), ["/capabilities/secrets/password"]);
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

    /// The names of all sections that a manifest, or a part of one, can have: serde lists them.
    fn sections<T: serde::de::DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
        let unknown = serde_json::from_value::<T>(json!({"no-such-section": 1})).unwrap_err().to_string();
        let listed = unknown.split_once(", expected ").expect("serde lists what it knows").1;
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// A hook, or where only those have a section a workflow, with every section there is; with what each would say.
    fn full(workflow: bool) -> Value {
        let mut all = json!({"id": "p", "kind": "hook", "version": "1.0.0", "name": {"fr": "P", "en": "P"},
            "description": {"fr": "P.", "en": "P."}, "license": "EUPL-1.2", "packed-by": "1.0.0", "on-failure": "open",
            "limits": {"memory-mib": 8, "call-ms": 5},
            "lookup": {},
            "schedules": [{"name": "matin", "cron": "0 6 * * *", "sentence": {"fr": "Relance.", "en": "Reminds."}}],
            "capabilities": {"http": {"hosts": ["https://a.fr"]}, "kv": {}, "records": ["entreprises"], "jobs": {},
                "secrets": [{"name": "token", "label": {"fr": "J", "en": "T"}}], "events": ["late"], "metrics": ["rows"],
                "records-query": [{"kind": "contact", "fields": ["email"]}], "clock": true, "random": true}});
        if workflow {
            all["kind"] = json!("workflow");
            all["capabilities"] = json!({});
            all["data-migration"] = json!({});
            all["documents"] = json!({});
            all["auditor"] = json!({});
            for foreign in ["on-failure", "schedules", "lookup"] {
                all.as_object_mut().unwrap().remove(foreign);
            }
        }
        all
    }

    #[test]
    fn every_section_of_a_manifest_is_read_and_consented_to() {
        let read = |json: &Value| Manifest::from_json(json.to_string().as_bytes());
        let version = Version {
            plugin_id: "p".into(),
            version: "1.0.0".into(),
            level: "partner".into(),
            key_id: "k".into(),
            sha256: "a".into(),
            size: 1,
            manifest: String::new(),
            installed_at: Instant::from_millis(0),
            installed_by: None,
        };
        let differ = |with: &Value, part: &str, section: &str| {
            let mut without = with.clone();
            let place = without.pointer_mut(part).and_then(Value::as_object_mut).unwrap();
            place.remove(section).unwrap_or_else(|| panic!("{part}/{section} is new: what does it say here?"));
            // What leans on another section goes with it.
            if section == "jobs" {
                without.as_object_mut().unwrap().remove("schedules");
            }
            let (with, without) = (read(with).unwrap(), read(&without).unwrap());
            assert_ne!(digest(&version, &with), digest(&version, &without), "{part}/{section}");
            assert_ne!(with.demands(), without.demands(), "no sentence tells of {part}/{section}");
            assert!(!growth(&without, &with).is_empty(), "{part}/{section} is more");
        };
        for section in sections::<Manifest>().iter().filter(|section| !IDENTITY.contains(&section.as_str())) {
            if !["kind", "capabilities"].contains(&section.as_str()) {
                differ(&full(["data-migration", "documents", "auditor"].contains(&section.as_str())), "", section);
            }
        }
        for section in sections::<afpi_plugins::manifest::Capabilities>() {
            differ(&full(false), "/capabilities", &section);
        }
        for section in sections::<afpi_plugins::manifest::Limits>() {
            differ(&full(false), "/limits", &section);
        }
        let mut unknown = full(false);
        unknown["views"] = json!([]);
        assert!(read(&unknown).unwrap_err().to_string().contains("unknown field"));
    }

    #[test]
    fn a_field_more_of_a_queried_kind_is_more() {
        let with = |asked: Value| manifest(json!({"records-query": asked}), json!({}));
        let contact = with(json!([{"kind": "contact", "fields": ["email", "phone"]}]));
        let less = with(json!([{"kind": "contact", "fields": ["email"]}]));
        let other = with(json!([{"kind": "salle", "fields": ["name"]}]));
        assert_eq!(growth(&less, &contact), ["/capabilities/records-query/contact/fields"]);
        assert_eq!(growth(&contact, &less), [""; 0]);
        assert_eq!(growth(&contact, &other), ["/capabilities/records-query/salle"]);
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
            installed_at: Instant::from_millis(0),
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
