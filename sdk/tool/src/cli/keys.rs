//! `keygen`, `sign` and `verify`: keys in files, and signatures of packed plugins.

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
    /// The file for the private key. The public key gets the same name with `.pub` added.
    file: PathBuf,
    /// The owner of the key, as administrators will read it.
    #[arg(long)]
    name: String,
}

#[derive(Args)]
pub struct SignArgs {
    /// A packed plugin. An existing signature is replaced.
    plugin: PathBuf,
    #[arg(long, env = "AFPI_SIGNING_KEY", value_name = "FILE")]
    key: PathBuf,
    /// The path for the signed file. By default it replaces the plugin; a plugin in `dist/unsigned` is written to
    /// `dist`.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args)]
pub struct VerifyArgs {
    plugin: PathBuf,
    /// A trusted public key. Repeat the option for several keys.
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
                "{} is the private key: keep it secret.\n{} is the public key: an administrator adds it to the trusted keys.\nKey id {}",
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
                    format!("{id} {version} claims to be signed with the key {}; use --key to check it", signed.key),
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
            format!("{id} {version} is signed by {name} ({}) and unchanged since", signed.key),
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

/// The path for the signed file. It is never in the folder that the next build writes to.
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
