//! An index in memory: documents in, the best hits of a query out. It forgives accents, case, punctuation, the spelling
//! of telephone numbers, common misspellings of French, and typing errors. Knows no table, no HTTP and no right: whoever
//! asks says which documents count.

mod index;
mod marks;
mod normal;
mod words;

pub use index::{Document, Hit, Index, Listing};
pub use marks::marks;
pub use normal::{Query, index, normal, phone, terms};
