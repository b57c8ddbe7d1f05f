//! HTTP without resources: strict request reading, paging, spreadsheets, and errors as problem answers.

pub mod body;
pub mod bounds;
pub mod dates;
pub mod input;
pub mod language;
pub mod paging;
pub mod problem;
pub mod request_id;
pub mod sheet;
pub mod texts;
