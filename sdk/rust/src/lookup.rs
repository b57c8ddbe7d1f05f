//! Finding companies in a directory elsewhere, while somebody fills in the form of a new one. A facet of plugins that may
//! call elsewhere.
//!
//! The manifest declares it with a line `[lookup]`, and the directory's address under `[capabilities]`. A call ends after 4
//! seconds: give a request less. When the directory does not answer, say so, and the person goes on by hand.
//!
//! ```
//! use afpi_sdk::lookup::{Address, Company, Lookup, Query, Wanted};
//! use afpi_sdk::{NoSettings, Plugin, app::*, serde::Deserialize};
//!
//! struct Directory;
//!
//! impl Plugin for Directory {
//!     type Config = NoSettings;
//! }
//!
//! #[derive(Deserialize)]
//! #[serde(crate = "afpi_sdk::serde")]
//! struct Found {
//!     name: String,
//!     siret: String,
//!     city: String,
//! }
//!
//! impl Lookup for Directory {
//!     fn find(_: &NoSettings, query: &Query) -> Result<Vec<Company>> {
//!         // A SIRET and a SIREN are digits; what people type as a name would need its spaces written as %20.
//!         let (Wanted::Siret(number) | Wanted::Siren(number)) = &query.wanted else { return Ok(Vec::new()) };
//!         let answer = http::get(format!("https://directory.example.fr/companies/{number}")).timeout_ms(3_000).send()?;
//!         match answer.status() {
//!             200 => {}
//!             404 => return Ok(Vec::new()),
//!             429 => return Err(Error::RateLimited(1_000)),
//!             other => return Err(Error::Unavailable(format!("the directory answers {other}"))),
//!         }
//!         let found: Vec<Found> = answer.json(1 << 20)?;
//!         let company = |Found { name, siret, city }| Company { address: Address::french("", "", city), ..Company::new(name, siret) };
//!         Ok(found.into_iter().map(company).collect())
//!     }
//! }
//!
//! afpi_sdk::app::export!(Directory);
//! afpi_sdk::lookup::export!(Directory);
//! # fn main() {}
//! # afpi_sdk::testing::on_http(|_| Ok(afpi_sdk::testing::Answer::ok(r#"[{"name":"A","siret":"73282932000074","city":"Laon"}]"#)));
//! # let query = Query { wanted: Wanted::Siren("732829320".into()), postcode: String::new() };
//! # assert_eq!(Directory::find(&NoSettings {}, &query).unwrap()[0].address.city, "Laon");
//! ```

pub use crate::bindings::lookup::exports::afpi::plugin::lookup::{Address, Company, Headcount, Query, Wanted};
pub use crate::export_lookup as export;

use crate::bindings::lookup::exports::afpi::plugin::lookup::Guest;
use crate::types::Result;
use crate::{Plugin, config};

/// Finds companies. A whole one stands [above](self).
pub trait Lookup: Plugin {
    /// The companies that fit, at most 10, the best first.
    ///
    /// # Errors
    /// When the directory does not answer, or asks to wait. The person who types is told, and goes on by hand.
    fn find(config: &Self::Config, query: &Query) -> Result<Vec<Company>>;
}

impl Company {
    /// A company that is open, and of which nothing else is known.
    pub fn new(name: impl Into<String>, siret: impl Into<String>) -> Company {
        Company {
            name: name.into(),
            siret: siret.into(),
            vat_number: String::new(),
            naf_code: String::new(),
            naf_nomenclature: String::new(),
            address: Address::french("", "", ""),
            idcc: Vec::new(),
            headcount: None,
            closed: false,
        }
    }
}

impl Address {
    /// An address in France.
    pub fn french(line1: impl Into<String>, postcode: impl Into<String>, city: impl Into<String>) -> Address {
        Address {
            line1: line1.into(),
            line2: String::new(),
            postcode: postcode.into(),
            city: city.into(),
            country: "FR".into(),
        }
    }
}

impl<L: Lookup> Guest for L {
    fn find(query: Query) -> Result<Vec<Company>> {
        L::find(&config::load()?, &query)
    }
}

/// Makes a type that implements [`Lookup`](crate::lookup::Lookup) the component's directory. Goes beside the line of its
/// kind, as in the [example](crate::lookup).
#[macro_export]
macro_rules! export_lookup {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::lookup::export_directory!($plugin with_types_in $crate::bindings::lookup);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::lookup::Lookup>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
