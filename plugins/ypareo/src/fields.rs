//! A prepared field map: the paths to pick, and the field of each path. It knows no field names.

use crate::pick::{Paths, Picked};

/// One field: the slots of its paths, in the order in which they are tried.
#[derive(Debug, Clone, Default)]
pub struct Field(Vec<usize>);

impl Field {
    /// Splits `"adresse.tel1, adresse.tel2"` and requests both paths.
    pub fn new(paths: &mut Paths, list: &str) -> Self {
        let list = list.split(',').map(str::trim).filter(|path| !path.is_empty());
        Field(list.map(|path| paths.add(path)).collect())
    }

    /// The first path that has a value.
    pub fn first<'p>(&self, picked: &'p Picked) -> Option<&'p str> {
        self.all(picked).next()
    }

    /// The values of all paths that have one.
    pub fn all<'p>(&self, picked: &'p Picked) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter_map(|&slot| picked.get(slot))
    }
}
