//! `keygen`, `sign` and `verify`: keys as files, signatures on packed plugins.

use super::Report;
use super::project::{UNSIGNED, write};
use afpi_plugin_manifest::{PrivateKey, PublicKey, Signed, extract, sign, unsigned, verify};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Args)]
pub struct KeygenArgs {
    /// The private key's file; the public one gets `.pub` added.
    file: PathBuf,
    /// Whose key it is, as an administrator will read it.
    #[arg(long)]
    name: String,
}

#[derive(Args)]
pub struct SignArgs {
    /// A packed plugin. A signature it has already is replaced.
    plugin: PathBuf,
    #[arg(long, env = "AFPI_SIGNING_KEY", value_name = "FILE")]
    key: PathBuf,
    /// Where the signed file goes; by default it takes the place of the other, and out of `dist/unsigned` it goes into
    /// `dist`.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args)]
pub struct VerifyArgs {
    plugin: PathBuf,
    /// A public key that is trusted; several times for several.
    #[arg(long = "key", value_name = "FILE")]
    keys: Vec<PathBuf>,
}

impl KeygenArgs {
    pub fn run(self) -> Result<Report> {
        let key = PrivateKey::generate(&self.name)?;
        let public = key.public();
        let beside = public_path(&self.file);
        if beside.exists() {
            bail!("{} exists already", beside.display());
        }
        write_secret(&self.file, key.to_text().as_bytes())?;
        std::fs::write(&beside, format!("{public}\n")).with_context(|| beside.display().to_string())?;
        Ok(Report::new(
            format!(
                "{} is the private key: keep it to yourself.\n{} is the public key: an administrator adds it to the trusted keys.\nKey id {}",
                self.file.display(),
                beside.display(),
                public.id()
            ),
            json!({ "private": self.file, "public": beside, "keyId": public.id().to_string(), "key": public.to_string() }),
        ))
    }
}

impl SignArgs {
    pub fn run(self) -> Result<Report> {
        let key = read_private(&self.key)?;
        let mut file = unsigned(&read(&self.plugin)?).with_context(|| self.plugin.display().to_string())?;
        sign(&mut file, &key).with_context(|| self.plugin.display().to_string())?;
        let output = self.output.unwrap_or_else(|| signed_path(&self.plugin));
        write(&output, &file)?;
        let public = key.public();
        Ok(Report::new(
            format!("{} signed by {} ({})", output.display(), public.name(), public.id()),
            json!({ "file": output, "keyId": public.id().to_string() }),
        ))
    }
}

impl VerifyArgs {
    pub fn run(self) -> Result<Report> {
        let file = read(&self.plugin)?;
        let manifest = extract(&file).with_context(|| self.plugin.display().to_string())?;
        let (id, version) = (&manifest.id, &manifest.version);
        if self.keys.is_empty() {
            return Ok(match Signed::read(&file)? {
                Some(signed) => Report::new(
                    format!("{id} {version} says it is signed with the key {}; give --key to check that", signed.key),
                    json!({ "id": id, "version": version, "keyId": signed.key.to_string(), "verified": false }),
                ),
                None => Report::new(
                    format!("{id} {version} is not signed"),
                    json!({ "id": id, "version": version, "keyId": null, "verified": false }),
                ),
            });
        }
        let keys = self.keys.iter().map(|file| read_public(file)).collect::<Result<Vec<_>>>()?;
        let signed = verify(&file, &keys).with_context(|| self.plugin.display().to_string())?;
        let name = keys.iter().find(|key| key.id() == signed.key).map_or("", PublicKey::name);
        Ok(Report::new(
            format!("{id} {version} is signed by {name} ({}), and nothing was changed since", signed.key),
            json!({ "id": id, "version": version, "keyId": signed.key.to_string(), "verified": true }),
        ))
    }
}

pub(super) fn read_private(path: &Path) -> Result<PrivateKey> {
    let text = Zeroizing::new(std::fs::read_to_string(path).with_context(|| path.display().to_string())?);
    text.parse().with_context(|| path.display().to_string())
}

pub(super) fn read_public(path: &Path) -> Result<PublicKey> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.parse().with_context(|| path.display().to_string())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| path.display().to_string())
}

/// A signed file never stays in the folder that the next build writes into.
fn signed_path(packed: &Path) -> PathBuf {
    match (packed.parent(), packed.file_name()) {
        (Some(folder), Some(name)) if folder.file_name().is_some_and(|folder| folder == UNSIGNED) => {
            folder.with_file_name(name)
        }
        _ => packed.to_owned(),
    }
}

fn public_path(private: &Path) -> PathBuf {
    let mut name = private.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

/// Creates a new file that only this user can read.
pub(super) fn write_secret(path: &Path, text: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| path.display().to_string())?;
    file.write_all(text).with_context(|| path.display().to_string())
}
