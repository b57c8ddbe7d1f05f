//! Writing documents: quotes, agreements, invoices. A facet of workflows and apps.
//!
//! The manifest declares it with a line `[documents]`. Templates (typst), fonts and images stand in the folder
//! `templates/` beside `plugin.toml` and are packed with the plugin. The host asks which documents there are, hands over
//! what it knows about one (a *dossier*, JSON; its fields stand in `docs/documents.md`), and renders the answer. The
//! template reads it as `json("/data.json")`.
//!
//! ```
//! use afpi_sdk::documents::{About, Composition, Documents, Kind, Request};
//! use afpi_sdk::{FieldProblem, NoSettings, Plugin, Result, Text};
//! use afpi_sdk::serde_json::json;
//!
//! struct Letters;
//!
//! impl Plugin for Letters {
//!     type Config = NoSettings;
//! }
//!
//! impl Documents for Letters {
//!     fn catalogue(_: &NoSettings) -> Vec<Kind> {
//!         let label = Text::new("Lettre de bienvenue", "Welcome letter");
//!         vec![Kind::new("bienvenue", label, About::Opportunite).by(&["commercial", "assistante"])]
//!     }
//!
//!     fn missing(_: &NoSettings, request: &Request) -> Result<Vec<FieldProblem>> {
//!         let named = request.dossier()?.pointer("/entreprise/name").is_some();
//!         Ok(if named { vec![] } else { vec![FieldProblem::required("/entreprise/name")] })
//!     }
//!
//!     fn compose(_: &NoSettings, request: &Request) -> Result<Composition> {
//!         let dossier = request.dossier()?;
//!         let data = json!({"company": dossier["entreprise"]["name"], "day": request.today});
//!         Ok(Composition::new("bienvenue.typ", &data, "Bienvenue", "BIENVENUE"))
//!     }
//! }
//!
//! afpi_sdk::app::export!(Letters);
//! afpi_sdk::documents::export!(Letters);
//! # fn main() {}
//! ```

pub use crate::bindings::documents::exports::afpi::plugin::documents::{About, Composition, Kind, Mail, Request};
pub use crate::export_documents as export;

use crate::bindings::documents::exports::afpi::plugin::documents::Guest;
use crate::types::{FieldProblem, Result, Text};
use crate::{Plugin, config};
use serde_json::Value;

/// Writes documents. A whole one stands [above](self). Pure: the same request gives the same answer.
pub trait Documents: Plugin {
    /// All kinds of documents, in the order to show them.
    fn catalogue(config: &Self::Config) -> Vec<Kind>;

    /// What is missing before this document can be made, with pointers into the dossier. Not asked for drafts.
    ///
    /// # Errors
    /// When the dossier cannot be read.
    fn missing(config: &Self::Config, request: &Request) -> Result<Vec<FieldProblem>>;

    /// The content of a document. For a draft, leave blank or mark what is missing.
    ///
    /// # Errors
    /// When the dossier cannot be read, or what is missing.
    fn compose(config: &Self::Config, request: &Request) -> Result<Composition>;
}

impl Kind {
    /// A kind in French that any role may make, of no section, and not for the archive.
    pub fn new(id: impl Into<String>, label: Text, about: About) -> Kind {
        Kind {
            id: id.into(),
            label,
            section: String::new(),
            roles: Vec::new(),
            about,
            pieces: Vec::new(),
            archival: false,
            languages: vec!["fr".into()],
            signed: false,
            reminder: 0,
        }
    }

    /// The roles that may make it.
    pub fn by(mut self, roles: &[&str]) -> Kind {
        self.roles = roles.iter().map(|role| (*role).to_owned()).collect();
        self
    }

    /// Its section of the workflow.
    pub fn of(mut self, section: &str) -> Kind {
        self.section = section.into();
        self
    }

    /// The kinds of pieces that it shows. It is made when such a piece is issued.
    pub fn shows(mut self, pieces: &[&str]) -> Kind {
        self.pieces = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        self
    }

    /// Kept for years: PDF/A-3a and PDF/UA-1.
    pub fn archival(mut self) -> Kind {
        self.archival = true;
        self
    }

    /// Somebody signs it and sends it back.
    pub fn signed(mut self) -> Kind {
        self.signed = true;
        self
    }

    /// The reminder of this step, from 1. It is made when that step is due.
    pub fn reminds(mut self, step: u8) -> Kind {
        self.reminder = step;
        self
    }

    /// Can be had in English, too.
    pub fn also_in_english(mut self) -> Kind {
        self.languages.push("en".into());
        self
    }
}

impl Request {
    /// The dossier as JSON.
    ///
    /// # Errors
    /// [`Error::Other`](crate::Error::Other) when it is no JSON.
    pub fn dossier(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.dossier)?)
    }
}

impl Composition {
    /// A document without an electronic invoice and without a mail.
    pub fn new(
        template: impl Into<String>,
        data: &Value,
        title: impl Into<String>,
        file_name: impl Into<String>,
    ) -> Composition {
        Composition {
            template: template.into(),
            data: data.to_string(),
            title: title.into(),
            file_name: file_name.into(),
            invoice: None,
            mail: None,
        }
    }
}

impl<D: Documents> Guest for D {
    fn catalogue() -> Vec<Kind> {
        config::load().map(|config| D::catalogue(&config)).unwrap_or_default()
    }

    fn missing(request: Request) -> Result<Vec<FieldProblem>> {
        D::missing(&config::load()?, &request)
    }

    fn compose(request: Request) -> Result<Composition> {
        D::compose(&config::load()?, &request)
    }
}

/// Makes a type that implements [`Documents`](crate::documents::Documents) write the component's documents. Goes beside
/// the line of its kind, as in the [example](crate::documents).
#[macro_export]
macro_rules! export_documents {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::documents::export_composer!($plugin with_types_in $crate::bindings::documents);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::documents::Documents>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
