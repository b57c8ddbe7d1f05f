//! Compiled code on disk, so that a restart does not compile again. Everybody who can write here can run code in the
//! host. So the folder is private, a key authenticates names and contents, and only code with a valid seal is loaded.
//! The key never leaves this process: the compiling child gets unsealed input, and its output is sealed here.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use wasmtime::Engine;
use wasmtime::component::Component;

type Seal = Hmac<Sha256>;
const SEAL_BYTES: usize = 32;
const KEY_BYTES: usize = 32;
/// A file that is still unfinished after this time belongs to a dead process.
const ABANDONED: Duration = Duration::from_secs(3_600);
/// Code that is unused for this long belongs to a removed plugin, version or engine.
const UNUSED: Duration = Duration::from_secs(90 * 86_400);
/// The precision of the last-use time.
const NOTED: Duration = Duration::from_secs(86_400);

/// The kinds of cached data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// A compiled file, by its digest.
    Code,
    /// The functions of a plugin under development, by the digest of its id. Plugins with different ids never share
    /// functions.
    Functions,
}

impl Shelf {
    fn extension(self) -> &'static str {
        match self {
            Shelf::Code => "cwasm",
            Shelf::Functions => "functions",
        }
    }

    fn seal(self) -> &'static [u8] {
        match self {
            Shelf::Code => b"code",
            Shelf::Functions => b"functions",
        }
    }
}

pub(super) struct Cache {
    folder: PathBuf,
    /// A seal that already includes the key and the engine's compatibility hash. So another engine or another name
    /// gives another seal.
    primed: Seal,
}

impl Cache {
    pub fn open(folder: &Path, engine: &Engine) -> io::Result<Self> {
        make_private_folder(folder)?;
        sweep(folder);
        let key = key(&folder.join("key"))?;
        let mut primed = Seal::new_from_slice(&key).map_err(io::Error::other)?;
        primed.update(&engine_hash(engine));
        Ok(Cache { folder: folder.to_owned(), primed })
    }

    /// The compiled code that this host has stored for this engine. All other data counts as missing.
    pub fn component(&self, engine: &Engine, sha256: &[u8; 32]) -> Option<Component> {
        deserialize(engine, &self.get(Shelf::Code, sha256)?)
            .inspect_err(|error| tracing::warn!(%error, "a cached plugin does not load; it is compiled anew"))
            .ok()
    }

    /// The data that this host has stored under this name for this engine.
    pub fn get(&self, shelf: Shelf, name: &[u8; 32]) -> Option<Vec<u8>> {
        let path = self.path(shelf, name);
        let mut sealed = fs::read(&path).ok()?;
        let (seal, content) = sealed.split_at_checked(SEAL_BYTES)?;
        if self.seal(shelf, name, content).verify_slice(seal).is_err() {
            tracing::error!(path = %path.display(), "a compiled plugin was altered on disk; it is compiled anew");
            return None;
        }
        if age(&path).is_some_and(|age| age > NOTED) {
            // [`sweep`] needs this time. A process that may not write here loses nothing else.
            let _ = OpenOptions::new().write(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        }
        Some(sealed.split_off(SEAL_BYTES))
    }

    pub fn put(&self, shelf: Shelf, name: &[u8; 32], content: &[u8]) -> io::Result<()> {
        let path = self.path(shelf, name);
        let beside = part(&path);
        let mut file = private_file(&beside)?;
        file.write_all(&self.seal(shelf, name, content).finalize().into_bytes())?;
        file.write_all(content)?;
        fs::rename(&beside, &path)
    }

    fn path(&self, shelf: Shelf, name: &[u8; 32]) -> PathBuf {
        let name = self.primed.clone().chain_update(b"name").chain_update(name).finalize().into_bytes();
        self.folder.join(hex(&name[..16])).with_extension(shelf.extension())
    }

    fn seal(&self, shelf: Shelf, name: &[u8; 32], content: &[u8]) -> Seal {
        self.primed.clone().chain_update(shelf.seal()).chain_update(name).chain_update(content)
    }
}

/// Loads compiled code into this process.
#[allow(unsafe_code)]
pub(super) fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `code` must come unchanged from `Engine::precompile_component`. It comes either directly from the
    // compiler that this process called, or from the cache after its keyed seal was verified. It is copied, not mapped
    // from a file that could change.
    unsafe { Component::deserialize(engine, code) }
}

/// Everything that compiled code depends on: the version and settings of wasmtime, and the CPU.
fn engine_hash(engine: &Engine) -> [u8; 32] {
    struct Collect(Sha256);
    impl Hasher for Collect {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0 // not used: the whole digest is used instead
        }
    }
    let mut collect = Collect(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut collect);
    collect.0.finalize().into()
}

fn key(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Ok(key) if key.len() == KEY_BYTES => return Ok(key),
        Ok(_) => return Err(io::Error::other(format!("{} is damaged; remove it", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let key: [u8; KEY_BYTES] = rand::random();
    let beside = part(path);
    private_file(&beside)?.write_all(&key)?;
    // Two hosts may start at the same time. The first link wins, and both hosts use that key.
    let won = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match won {
        Ok(()) => Ok(key.to_vec()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::read(path),
        Err(error) => Err(error),
    }
}

/// Deletes unfinished files of dead processes, and unused code.
fn sweep(folder: &Path) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let longest = match path.extension().and_then(|extension| extension.to_str()) {
            Some("part") => ABANDONED,
            Some(kept) if [Shelf::Code, Shelf::Functions].iter().any(|shelf| shelf.extension() == kept) => UNUSED,
            _ => continue,
        };
        if age(&path).is_some_and(|age| age > longest) {
            // Another process may have deleted it.
            let _ = fs::remove_file(path);
        }
    }
}

/// The time since this file was written or marked as used.
fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).and_then(|file| file.modified()).ok()?.elapsed().ok()
}

/// A unique name for a file that is being written. It is random, because two containers that share a cache may have the
/// same process id.
fn part(path: &Path) -> PathBuf {
    path.with_extension(format!("{}.part", hex(&rand::random::<[u8; 8]>())))
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
