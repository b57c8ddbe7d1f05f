//! The journal: every act is one line, written in its transaction and never changed. Each line carries a hash over the
//! record's line before it, so `afpi admin verify-journal` finds a line that was changed or removed in between.

mod chain;
mod differences;
mod line;
mod verify;

pub use chain::{End, fill, write, write_after};
pub use differences::{Author, Change, differences, field, secret};
pub use line::{Activity, Actor, ActorKind, Line, Subject, SubjectKind};
pub use verify::{Broken, verify};
