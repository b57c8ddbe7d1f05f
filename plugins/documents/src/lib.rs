//! The documents of AFPI: which there are, what each needs, and what stands in it. Pure: the same dossier gives the
//! same document. It knows no database and no clock; the templates know no arithmetic.
//!
//! `dossier` is what the host knows, `compose` has a file per document, `frame` and `blocks` are what they share,
//! `wording` is dated wording, `texts` the words in both languages, `missing` what must be filled in first, `invoice`
//! the electronic invoice, `mail` the accompanying message, and `plugin` the component.

pub mod blocks;
pub mod catalogue;
pub mod compose;
pub mod config;
pub mod dossier;
pub mod format;
pub mod frame;
pub mod invoice;
pub mod mail;
pub mod missing;
pub mod money;
pub mod plugin;
pub mod printable;
pub mod scene;
pub mod texts;
pub mod wording;

use serde::Serialize;

pub use compose::{Composition, compose};
pub use dossier::Dossier;
pub use scene::{Scene, read};

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Fr,
    En,
}

impl Lang {
    /// `en` for English, French for everything else.
    pub fn of(code: &str) -> Lang {
        if code == "en" { Lang::En } else { Lang::Fr }
    }
}
