//! Templates, fonts and pictures that belong together.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The most files of a package.
const FILES: usize = 1000;

/// The most bytes of a package. Each child keeps some packages in its memory.
const BYTES: usize = 32 << 20;

/// The longest path in bytes.
const PATH: usize = 200;

/// The folder of the host's own files in front of a template.
const RESERVED: &str = ".afpi";

/// Why a package is refused.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("the archive cannot be read: {0}")]
    Archive(#[from] zip::result::ZipError),
    #[error("the archive cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("{0:?} is no path of a template file")]
    Path(String),
    #[error("{0:?} is there twice")]
    Twice(String),
    #[error("more than {FILES} files")]
    Files,
    #[error("more than {} MiB", BYTES >> 20)]
    Bytes,
}

/// Files by path, e.g. `devis.typ` or `fonts/Serif.ttf`. Templates see them with a leading slash.
#[derive(Debug)]
pub struct Package {
    files: BTreeMap<String, Bytes>,
    sha256: [u8; 32],
}

impl Package {
    /// Errors: a path that leaves the package or is not portable, too many files, too many bytes.
    pub fn new(files: BTreeMap<String, Bytes>) -> Result<Package, PackageError> {
        if files.len() > FILES {
            return Err(PackageError::Files);
        }
        if files.values().map(Bytes::len).sum::<usize>() > BYTES {
            return Err(PackageError::Bytes);
        }
        if let Some(path) = files.keys().find(|path| !is_portable(path)) {
            return Err(PackageError::Path(path.clone()));
        }
        let mut hash = Sha256::new();
        for part in files.iter().flat_map(|(path, content)| [path.as_bytes(), content]) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Ok(Package { files, sha256: hash.finalize().into() })
    }

    /// Reads an archive that [`Package::to_zip`] or another program wrote without compression.
    /// Errors: those of [`Package::new`], a symbolic link, a compressed or encrypted file, two files with one path.
    pub fn from_zip(archive: &[u8]) -> Result<Package, PackageError> {
        let mut archive = ZipArchive::new(Cursor::new(archive))?;
        if archive.len() > FILES {
            return Err(PackageError::Files);
        }
        let (mut files, mut left) = (BTreeMap::new(), BYTES);
        for at in 0..archive.len() {
            let file = archive.by_index(at)?;
            if file.is_dir() {
                continue;
            }
            let path = file.name()?.into_owned();
            if file.is_symlink() || !is_portable(&path) {
                return Err(PackageError::Path(path));
            }
            // The sizes in the archive may lie, and two entries may share their bytes.
            let mut content = Vec::new();
            file.take(left as u64 + 1).read_to_end(&mut content)?;
            left = left.checked_sub(content.len()).ok_or(PackageError::Bytes)?;
            if files.insert(path.clone(), content.into()).is_some() {
                return Err(PackageError::Twice(path));
            }
        }
        Package::new(files)
    }

    /// The same files make the same bytes.
    pub fn to_zip(&self) -> Result<Vec<u8>, PackageError> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        // Stored, with the earliest time that a ZIP knows (1980): no compressor and no clock changes the bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        for (path, content) in &self.files {
            archive.start_file(path.as_str(), options)?;
            archive.write_all(content)?;
        }
        Ok(archive.finish()?.into_inner())
    }

    /// The files by path.
    pub fn files(&self) -> &BTreeMap<String, Bytes> {
        &self.files
    }

    /// SHA-256 of all paths and contents.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }
}

/// Segments with `/` between them that mean the same on every system.
fn is_portable(path: &str) -> bool {
    let is_name = |segment: &str| !segment.is_empty() && segment != "." && segment != "..";
    path.len() <= PATH
        && !path.contains(['\\', ':'])
        && !path.contains(char::is_control)
        && path.split('/').all(is_name)
        && path.split('/').next() != Some(RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> BTreeMap<String, Bytes> {
        files.iter().map(|(path, text)| ((*path).to_owned(), Bytes::from((*text).to_owned()))).collect()
    }

    /// An archive that no honest program writes.
    fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (path, text) in entries {
            archive.start_file(*path, options).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn the_same_files_make_the_same_archive() {
        let package = Package::new(files(&[("b.typ", "B"), ("a.typ", "A"), ("fonts/x.ttf", "")])).unwrap();
        let other = Package::new(files(&[("fonts/x.ttf", ""), ("a.typ", "A"), ("b.typ", "B")])).unwrap();
        assert_eq!(package.to_zip().unwrap(), other.to_zip().unwrap());
        let read = Package::from_zip(&package.to_zip().unwrap()).unwrap();
        assert_eq!((read.files(), read.sha256()), (package.files(), package.sha256()));
        let moved = Package::new(files(&[("b.typ", "A"), ("a.typ", "B"), ("fonts/x.ttf", "")])).unwrap();
        assert_ne!(moved.sha256(), package.sha256());
    }

    #[test]
    fn paths_stay_in_the_package() {
        for path in [
            "../a.typ",
            "/a.typ",
            "a/../../b.typ",
            "a//b.typ",
            "./a.typ",
            "a\\b.typ",
            "C:a.typ",
            "a\nb",
            ".afpi/job.typ",
        ] {
            assert!(
                matches!(Package::from_zip(&archive(&[(path, "")])), Err(PackageError::Path(refused)) if refused == path),
                "{path:?}"
            );
            assert!(matches!(Package::new(files(&[(path, "")])), Err(PackageError::Path(_))), "{path:?}");
        }
        let long = "a".repeat(PATH + 1);
        assert!(matches!(Package::new(files(&[(&long, "")])), Err(PackageError::Path(_))));
    }

    #[test]
    fn a_symbolic_link_is_refused() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.add_symlink("a.typ", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        let archive = archive.finish().unwrap().into_inner();
        assert!(matches!(Package::from_zip(&archive), Err(PackageError::Path(_))));
    }

    #[test]
    fn a_package_is_bounded() {
        let many = (0..=FILES).map(|n| (format!("{n}.typ"), Bytes::new())).collect();
        assert!(matches!(Package::new(many), Err(PackageError::Files)));
        let names: Vec<String> = (0..=FILES).map(|n| format!("{n}.typ")).collect();
        let entries: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        assert!(matches!(Package::from_zip(&archive(&entries)), Err(PackageError::Files)));
        let large = "x".repeat(BYTES / 2 + 1);
        assert!(matches!(Package::from_zip(&archive(&[("a", &large), ("b", &large)])), Err(PackageError::Bytes)));
        let halves = files(&[("a", &large), ("b", &large)]);
        assert!(matches!(Package::new(halves), Err(PackageError::Bytes)));
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        assert!(matches!(Package::from_zip(b"not a zip"), Err(PackageError::Archive(_))));
        let mut cut = archive(&[("a.typ", "text")]);
        cut.truncate(cut.len() - 30);
        assert!(Package::from_zip(&cut).is_err());
    }
}
