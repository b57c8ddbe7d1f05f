//! The installation's secret: which ones are refused, and the one that a demo makes for itself.

use std::path::Path;

use afpi_core::keys::Secrets;
use anyhow::{Context, Result, ensure};
use zeroize::Zeroizing;

use super::vars::Vars;

/// Reads `AFPI_SECRET`, with which tokens are signed and plugin secrets are encrypted, and `AFPI_SECRET_NEXT` and
/// `AFPI_SECRET_PREVIOUS`, which are only accepted.
pub fn read(vars: &mut Vars) -> Secrets {
    let current = vars
        .get("AFPI_SECRET")
        .context("AFPI_SECRET is required: 32 characters or more, e.g. from `openssl rand -base64 36`")
        .and_then(|secret| checked("AFPI_SECRET", secret));
    let current = vars.or("AFPI_SECRET", current, String::new());
    let mut secrets = Secrets::from(current);
    for name in ["AFPI_SECRET_NEXT", "AFPI_SECRET_PREVIOUS"] {
        if let Some(secret) = vars.get(name) {
            match checked(name, secret) {
                Ok(secret) => secrets = secrets.accepting(secret),
                Err(error) => vars.fault(name, &error),
            }
        }
    }
    secrets
}

/// Refuses secrets that are short, repetitive or published.
fn checked(name: &str, secret: String) -> Result<String> {
    ensure!(secret.len() >= 32, "{name} is too short: 32 characters or more are needed");
    let distinct = secret.bytes().collect::<std::collections::BTreeSet<_>>().len();
    ensure!(distinct >= 12, "{name} is too simple: it repeats few characters");
    ensure!(!secret.to_ascii_lowercase().contains("change"), "{name} is still the example value");
    Ok(secret)
}

/// A demo's own secret, generated at its first start and stored in its folder, so that stored plugin secrets can still
/// be decrypted at the next start.
pub fn of_demo(data_dir: &Path) -> std::io::Result<Zeroizing<String>> {
    let path = data_dir.join("demo-secret");
    match std::fs::read_to_string(&path) {
        Ok(secret) if secret.len() >= 32 => return Ok(secret.into()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(data_dir)?;
    let secret = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(&path)?, secret.as_bytes())?;
    Ok(secret.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_keeps_its_secret_to_itself_and_over_restarts() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        let first = of_demo(&folder).unwrap();
        assert!(first.len() >= 32);
        assert_eq!(of_demo(&folder).unwrap(), first);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(folder.join("demo-secret")).unwrap()) & 0o777,
            0o600
        );
    }

    #[test]
    fn weak_secrets_are_refused() {
        for weak in ["short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "change-me-please-0123456789-abcdefghij"] {
            assert!(checked("AFPI_SECRET", weak.into()).is_err(), "{weak}");
        }
        assert!(checked("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu".into()).is_ok());
    }
}
