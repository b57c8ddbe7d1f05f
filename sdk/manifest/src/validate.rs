//! The rules of a manifest that its types cannot express.

use crate::schedule::{LONGEST_CRON, LONGEST_NAME, LONGEST_PAYLOAD, MAX_SCHEDULES};
use crate::{
    Capability, Kind, MAX_CALL_MS, MAX_MEMORY_MIB, MAX_QUERY_FIELDS, Manifest, ManifestError, QueryKind, QueryRequest,
    Schedule, Text,
};
use strum::VariantArray as _;

pub(crate) fn manifest(m: &Manifest) -> Result<(), ManifestError> {
    name("id", &m.id, '-')?;
    text("name", &m.name, 80)?;
    prose("description", &m.description, 600)?;
    if let Some(license) = &m.license {
        said("license", license, afpi_text::check_line, 100)?;
    }
    for &capability in Capability::VARIANTS {
        if m.capabilities.wants(capability) && !m.kind.grantable().contains(&capability) {
            return refuse("capabilities", format!("a {} plugin cannot be granted `{capability}`", m.kind));
        }
    }
    if let Some(http) = &m.capabilities.http {
        if http.hosts.is_empty() || http.hosts.len() > 32 {
            return refuse("capabilities.http.hosts", "1 to 32 addresses");
        }
        for host in &http.hosts {
            origin(host)?;
        }
    }
    unique("capabilities.secrets", m.capabilities.secrets.iter().map(|secret| &secret.name), 16)?;
    for secret in &m.capabilities.secrets {
        name("capabilities.secrets.name", &secret.name, '-')?;
        text("capabilities.secrets.label", &secret.label, 80)?;
    }
    unique("capabilities.metrics", m.capabilities.metrics.iter(), 32)?;
    for metric in &m.capabilities.metrics {
        name("capabilities.metrics", metric, '_')?;
    }
    unique("capabilities.records", m.capabilities.records.iter().map(|kind| kind.as_str()), 2)?;
    let queried = &m.capabilities.records_query;
    unique("capabilities.records-query", queried.iter().map(|asked| asked.kind.as_str()), QueryKind::VARIANTS.len())?;
    queried.iter().try_for_each(query)?;
    unique("capabilities.events", m.capabilities.events.iter(), 32)?;
    for event in &m.capabilities.events {
        name("capabilities.events", event, '-')?;
    }
    if let Some(jobs) = m.capabilities.jobs {
        between("capabilities.jobs.quota-waiting", jobs.quota_waiting.into(), 1, 10_000)?;
    }
    if m.on_failure.is_some() && m.kind != Kind::Hook {
        return refuse("on-failure", format!("a {} plugin has none; it is for hooks", m.kind));
    }
    if let Some(facet) = m.facets().find(|facet| !facet.fits(m.kind)) {
        return refuse(facet.section(), format!("a {} plugin cannot have it", m.kind));
    }
    if m.kind == Kind::App && m.facets().next().is_none() {
        return refuse("kind", "an app plugin does nothing without a facet: ask for `jobs` under [capabilities]");
    }
    if let Some(kv) = m.capabilities.kv {
        between("capabilities.kv.quota-keys", kv.quota_keys.into(), 1, 10_000)?;
        between("capabilities.kv.quota-bytes", kv.quota_bytes, 1, 64 << 20)?;
    }
    if let Some(memory) = m.limits.memory_mib {
        between("limits.memory-mib", memory.into(), 1, MAX_MEMORY_MIB.into())?;
    }
    if let Some(ms) = m.limits.call_ms {
        between("limits.call-ms", ms.into(), 1, MAX_CALL_MS.into())?;
    }
    if !m.schedules.is_empty() && m.capabilities.jobs.is_none() {
        return refuse("schedules", "they call the job handler: ask for `jobs` under [capabilities] too");
    }
    unique("schedules", m.schedules.iter().map(|schedule| &schedule.name), MAX_SCHEDULES)?;
    m.schedules.iter().try_for_each(schedule)
}

fn query(asked: &QueryRequest) -> Result<(), ManifestError> {
    let field = format!("capabilities.records-query.{}.fields", asked.kind.as_str());
    if asked.fields.is_empty() {
        return refuse(&field, "at least one field");
    }
    unique(&field, asked.fields.iter(), MAX_QUERY_FIELDS)?;
    let is_name = |name: &&String| {
        (1..=80).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    match asked.fields.iter().find(|name| !is_name(name)) {
        Some(odd) => refuse(&field, format!("`{}` is not the name of a field", odd.escape_debug())),
        None => Ok(()),
    }
}

fn schedule(s: &Schedule) -> Result<(), ManifestError> {
    name("schedules.name", &s.name, '-')?;
    if s.name.len() > LONGEST_NAME {
        return refuse("schedules.name", format!("at most {LONGEST_NAME} characters"));
    }
    text("schedules.sentence", &s.sentence, 200)?;
    name("schedules.job", s.kind(), '-')?;
    // Whether it ever strikes is the host's to say, which has the calendar.
    if s.cron.len() > LONGEST_CRON || s.cron.split_whitespace().count() != 5 {
        return refuse(
            "schedules.cron",
            format!("`{}` is not minute hour day month weekday, e.g. `0 6 * * 1-5`", s.cron),
        );
    }
    if s.payload.to_string().len() > LONGEST_PAYLOAD {
        return refuse("schedules.payload", format!("at most {LONGEST_PAYLOAD} bytes as JSON"));
    }
    Ok(())
}

fn refuse<T>(field: &str, problem: impl Into<String>) -> Result<T, ManifestError> {
    Err(ManifestError::Field { field: field.into(), problem: problem.into() })
}

fn name(field: &str, value: &str, joint: char) -> Result<(), ManifestError> {
    let fits = value.len() <= 40
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint);
    if fits {
        return Ok(());
    }
    refuse(
        field,
        format!("`{value}` is not a name: a letter, then letters, digits and `{joint}`, at most 40, lower case"),
    )
}

/// One line in both languages: people read it before they trust the plugin.
fn text(field: &str, value: &Text, longest: usize) -> Result<(), ManifestError> {
    both(field, value, afpi_text::check_line, longest)
}

/// Several lines in both languages.
fn prose(field: &str, value: &Text, longest: usize) -> Result<(), ManifestError> {
    both(field, value, afpi_text::check_lines, longest)
}

type Check = fn(&str, usize) -> Result<(), afpi_text::Fault>;

fn both(field: &str, value: &Text, check: Check, longest: usize) -> Result<(), ManifestError> {
    for (language, words) in [("fr", &value.fr), ("en", &value.en)] {
        said(&format!("{field}.{language}"), words, check, longest)?;
    }
    Ok(())
}

fn said(field: &str, words: &str, check: Check, longest: usize) -> Result<(), ManifestError> {
    check(words, longest).or_else(|fault| match fault {
        afpi_text::Fault::Empty | afpi_text::Fault::Long(_) => refuse(field, format!("1 to {longest} characters")),
        other => refuse(field, other.en()),
    })
}

fn between(field: &str, value: u64, least: u64, most: u64) -> Result<(), ManifestError> {
    if (least..=most).contains(&value) { Ok(()) } else { refuse(field, format!("{least} to {most}")) }
}

fn unique<N: Ord + std::fmt::Display>(
    field: &str,
    names: impl Iterator<Item = N>,
    most: usize,
) -> Result<(), ManifestError> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if seen.contains(&name) {
            return refuse(field, format!("`{name}` stands there twice"));
        }
        seen.insert(name);
    }
    if seen.len() > most { refuse(field, format!("at most {most}")) } else { Ok(()) }
}

/// `https://host[:port]`, `http://host[:port]` or `config:<field>`. The host refines this when it parses the address.
fn origin(declared: &str) -> Result<(), ManifestError> {
    let field = "capabilities.http.hosts";
    if let Some(key) = declared.strip_prefix("config:") {
        let fits = !key.is_empty()
            && key.len() <= 64
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        return if fits {
            Ok(())
        } else {
            refuse(field, format!("`{declared}` does not name a field of the settings"))
        };
    }
    let Some(rest) = declared.strip_prefix("https://").or_else(|| declared.strip_prefix("http://")) else {
        return refuse(field, format!("`{declared}` must start with https://, http:// or config:"));
    };
    // A host of other letters is written as it is looked up (`xn--…`): what people consent to must read as what it is.
    if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_graphic()) || rest.contains(['/', '@', '?', '#', '*']) {
        return refuse(
            field,
            format!("`{declared}` must be scheme and host, with a port if need be, and nothing else"),
        );
    }
    Ok(())
}
