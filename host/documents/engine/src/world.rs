//! What a template sees: the files of its package, the files of its job, and the fonts of its package.

use std::collections::HashMap;
use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

/// A package, ready for use.
pub struct Package {
    files: HashMap<FileId, File>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

#[derive(Clone)]
struct File {
    bytes: Bytes,
    /// Of a template: its syntax.
    source: Option<Source>,
}

impl File {
    fn new(id: FileId, bytes: Vec<u8>) -> File {
        let is_source = id.vpath().extension() == Some("typ");
        let text = is_source.then(|| std::str::from_utf8(&bytes).ok().map(str::to_owned)).flatten();
        File { source: text.map(|text| Source::new(id, text)), bytes: Bytes::new(bytes) }
    }
}

impl Package {
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Package {
        let mut held = HashMap::new();
        let mut fonts = Vec::new();
        for (path, bytes) in files {
            let Some(id) = id(&path) else { continue };
            let file = File::new(id, bytes);
            if matches!(id.vpath().extension(), Some("ttf" | "otf" | "ttc" | "otc")) {
                fonts.extend(Font::iter(file.bytes.clone()));
            }
            held.insert(id, file);
        }
        Package { files: held, book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }

    /// The names of its fonts, in alphabetical order.
    pub fn families(&self) -> Vec<&str> {
        self.book.families().map(|(name, _)| name).collect()
    }
}

/// The file at a path of the job or the package. `None`: the path leaves the root.
pub fn id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One job's view.
pub struct JobWorld<'a> {
    library: &'a LazyHash<Library>,
    package: &'a Package,
    files: HashMap<FileId, File>,
    main: FileId,
    date: time::OffsetDateTime,
}

impl<'a> JobWorld<'a> {
    /// `files` come before those of the package.
    pub fn new(
        library: &'a LazyHash<Library>,
        package: &'a Package,
        main: FileId,
        files: impl IntoIterator<Item = (FileId, Vec<u8>)>,
        date: time::OffsetDateTime,
    ) -> Self {
        let files = files.into_iter().map(|(id, bytes)| (id, File::new(id, bytes))).collect();
        JobWorld { library, package, files, main, date }
    }

    fn find(&self, id: FileId) -> FileResult<&File> {
        if let VirtualRoot::Package(_) = id.root() {
            let reason = "a document uses only the files of its own package";
            return Err(FileError::Package(PackageError::Other(Some(reason.into()))));
        }
        let found = self.files.get(&id).or_else(|| self.package.files.get(&id));
        found.ok_or_else(|| FileError::NotFound(id.vpath().get_without_slash().into()))
    }
}

impl World for JobWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.package.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.find(id)?.source.clone().ok_or(FileError::NotSource)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        Ok(self.find(id)?.bytes.clone())
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.package.fonts.get(index).cloned()
    }

    /// The document's date: it never depends on the clock. Without an offset it is in UTC.
    fn today(&self, offset: Option<Duration>) -> Option<Datetime> {
        let offset = time::Duration::saturating_seconds_f64(offset.map_or(0.0, |offset| offset.seconds()));
        let date = self.date.checked_add(offset)?;
        Datetime::from_ymd(date.year(), date.month().into(), date.day())
    }
}
