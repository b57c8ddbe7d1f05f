//! What all stages of a pass share: the outside world, the settings, the base address, and the log of left-out values.

use crate::failure::{Failure, fetch};
use crate::list::List;
use crate::outside::Outside;
use crate::reading::Notes;
use crate::settings::{BadBase, Settings, base_address};
use afpi_sdk::connector::Batch;
use afpi_sdk::{Error, FieldProblem, Result, Text};

pub struct Ground<O> {
    pub outside: O,
    pub settings: Settings,
    pub notes: Notes,
    base: String,
}

impl<O: Outside> Ground<O> {
    /// Prepares a pass. This sends no request.
    pub fn new(outside: O, settings: Settings) -> Result<Self> {
        let base = base_address(&settings.base_url).map_err(|bad| Error::Invalid(vec![bad.problem()]))?;
        Ok(Ground { outside, settings, notes: Notes::default(), base })
    }

    /// Opens the list of all records (`/entreprises`), which may take long.
    pub fn whole_list(&mut self, path: &str) -> std::result::Result<List<O::Answer>, Failure> {
        self.list(path, self.settings.list_timeout_seconds)
    }

    /// Opens the list that belongs to one record.
    pub fn small_list(&mut self, path: &str) -> std::result::Result<List<O::Answer>, Failure> {
        self.list(path, self.settings.timeout_seconds)
    }

    fn list(&mut self, path: &str, seconds: u32) -> std::result::Result<List<O::Answer>, Failure> {
        let endpoint = endpoint(path);
        let url = format!("{}{path}", self.base);
        let answer = fetch(&mut self.outside, &endpoint, &url, seconds.saturating_mul(1000))?;
        Ok(List::new(&endpoint, answer))
    }
}

/// The displayed form of an address.
pub fn endpoint(path: &str) -> String {
    format!("GET {path}")
}

/// An empty batch for `entity`.
pub fn batch(entity: &str) -> Batch {
    Batch {
        items: Vec::new(),
        skipped: Vec::new(),
        entity: entity.into(),
        done: 0,
        total: 0,
        completed: Vec::new(),
        finished: false,
    }
}

impl BadBase {
    /// The problem for the form, beside the address.
    pub fn problem(self) -> FieldProblem {
        let (code, fr, en) = match self {
            BadBase::NotHttp => (
                "not-http",
                "L'adresse doit commencer par https:// (ou http://)",
                "The address must start with https:// (or http://)",
            ),
            BadBase::Extra => (
                "extra",
                "L'adresse ne doit contenir ni identifiant, ni « ? », ni « # », ni espace",
                "The address must not carry a user name, “?”, “#” or a space",
            ),
            BadBase::NoHost => ("no-host", "L'adresse ne nomme aucun serveur", "The address names no server"),
        };
        FieldProblem::new("/baseUrl", code, Text::new(fr, en))
    }
}
