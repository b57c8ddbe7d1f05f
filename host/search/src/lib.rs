//! An index in memory: documents in, the best hits of a query out. It forgives accents, case, punctuation, the spelling
//! of telephone numbers, common misspellings of French, and typing errors. Knows no table, no HTTP and no right: whoever
//! asks says which documents count.

mod grams;
mod index;
mod likeness;
mod listing;
mod marks;
mod normal;
mod spelling;
mod twins;

pub use index::{Hit, Index};
pub use likeness::{Facts, Likeness, Reason, SUSPECT, TOLD, Traits};
pub use listing::{Document, Listing};
pub use marks::marks;
pub use normal::{Query, index, normal, phone, terms};
pub use twins::{Pair, Twins};
