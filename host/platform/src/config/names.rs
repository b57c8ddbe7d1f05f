//! Names of settings. Without this check a misspelt one would be ignored silently, and the default would apply.

use anyhow::{Result, bail};

/// Settings of the host. `RUST_LOG` is none: it is read before them.
pub const KNOWN: [&str; 42] = [
    "AFPI_API_DOCS",
    "AFPI_BACKUP_AT",
    "AFPI_BACKUP_DIR",
    "AFPI_BACKUP_KEEP",
    "AFPI_BACKUP_PASSPHRASE",
    "AFPI_BIN_DAYS",
    "AFPI_CLAMD",
    "AFPI_DATA_DIR",
    "AFPI_DB_CONNECTIONS",
    "AFPI_DEMO_PASSWORD",
    "AFPI_FILES_URL",
    "AFPI_LISTEN",
    "AFPI_MAILBOX_ADDRESS",
    "AFPI_MAILBOX_AUTHSERV",
    "AFPI_MAILBOX_CA_FILE",
    "AFPI_MAILBOX_URL",
    "AFPI_MAIL_FROM",
    "AFPI_PLUGIN_DEV",
    "AFPI_PLUGIN_MEMORY_MIB",
    "AFPI_PUBLIC_URL",
    "AFPI_SECRET",
    "AFPI_SECRET_NEXT",
    "AFPI_SECRET_PREVIOUS",
    "AFPI_TRUSTED_PROXIES",
    "AFPI_TYPESET",
    "AFPI_WEBHOOK_PRIVATE",
    "AFPI_WORKER_LISTEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "DATABASE_REPLICA_URL",
    "DATABASE_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
    "PORT",
    "REDIS_CA_FILE",
    "REDIS_CLUSTER_NODES",
    "REDIS_SENTINEL_MASTER",
    "REDIS_SENTINEL_NODES",
    "REDIS_URL",
    "SMTP_URL",
];

/// Settings of the plugin author's commands, compose, tests and scripts.
const ELSEWHERE: [&str; 15] = [
    "AFPI_BENCH_",
    "AFPI_BIN",
    "AFPI_CI_",
    "AFPI_COMPILE_",
    "AFPI_COPY_",
    "AFPI_E2E_",
    "AFPI_EMAIL",
    "AFPI_PASSWORD",
    "AFPI_PLUGIN",
    "AFPI_SDK",
    "AFPI_SIGNING_KEY",
    "AFPI_TEST_",
    "AFPI_TOKEN",
    "AFPI_URL",
    "AFPI_VERSION",
];

/// Names that differ by at most this many letters count as misspelt.
const NEAR: usize = 3;

/// Fails for a name that is almost a setting. Otherwise returns a warning about one that is ignored. Each setting has a
/// second name with `_FILE`.
pub fn check(name: &str) -> Result<Option<String>> {
    if KNOWN.contains(&name) || name == "RUST_LOG" {
        return Ok(None);
    }
    let (stem, end) = name.strip_suffix("_FILE").map_or((name, ""), |stem| (stem, "_FILE"));
    if !end.is_empty() && KNOWN.contains(&stem) {
        return Ok(None);
    }
    let upper = stem.to_uppercase();
    let ours = upper.starts_with("AFPI_");
    let elsewhere = |&known: &&str| if known.ends_with('_') { name.starts_with(known) } else { name == known };
    if ours && ELSEWHERE.iter().any(elsewhere) {
        return Ok(None);
    }
    let nearest = KNOWN
        .iter()
        .filter(|known| known.starts_with("AFPI_") == ours && known.len() > 5)
        .map(|known| (strsim::damerau_levenshtein(&upper, known), *known))
        .min();
    Ok(match nearest {
        Some((distance, known)) if ours && distance <= NEAR => {
            bail!("{name} is no setting; did you mean {known}{end}?")
        }
        Some((distance, known)) if !ours && distance <= 1 => {
            Some(format!("{name} is no setting and is ignored; did you mean {known}{end}?"))
        }
        _ if ours => Some(format!("{name} is no setting and is ignored")),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_setting_is_refused_with_the_right_name() {
        for (wrong, right) in [
            ("AFPI_DB_CONECTIONS", "AFPI_DB_CONNECTIONS"),
            ("AFPI_TRUSTED_PROXY", "AFPI_TRUSTED_PROXIES"),
            ("AFPI_PLUGINS_DEV", "AFPI_PLUGIN_DEV"),
            ("AFPI_PUBLIC_URI", "AFPI_PUBLIC_URL"),
            ("afpi_secret", "AFPI_SECRET"),
        ] {
            let said = check(wrong).unwrap_err().to_string();
            assert!(said.starts_with(wrong) && said.contains(&format!("did you mean {right}?")), "{said}");
        }
        assert!(check("AFPI_COLOUR_OF_THE_DOOR").unwrap().unwrap().contains("is ignored"));
        assert!(check("DATABASE_URI").unwrap().unwrap().contains("did you mean DATABASE_URL?"));
        let fine =
            ["AFPI_SECRET", "AFPI_SECRET_FILE", "REDIS_CA_FILE", "AFPI_TEST_MARIADB_URL", "AFPI_URL", "RUST_LOG"];
        for fine in fine.into_iter().chain(["PATH", "HOME", "SORT", "LANG", "MARIADB_PASSWORD_FILE", "AWS_REGION"]) {
            assert_eq!(check(fine).unwrap(), None, "{fine}");
        }
    }

    #[test]
    fn every_setting_that_is_read_or_described_is_known() {
        let texts = [
            include_str!("../config.rs"),
            include_str!("backup.rs"),
            include_str!("mailbox.rs"),
            include_str!("secret.rs"),
            include_str!("../../../../README.md"),
        ];
        let mut found = 0;
        for name in texts.iter().flat_map(|text| text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'))) {
            if name.starts_with("AFPI_") && name.len() > 5 {
                found += 1;
                assert_eq!(check(name).unwrap(), None, "{name}");
            }
        }
        assert!(found > 20, "{found}");
    }
}
