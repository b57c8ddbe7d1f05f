//! Reminders: the steps, what is due today, and what was sent. The letter itself is a document.

pub(super) mod claims;
pub(super) mod due;
pub(super) mod sent;
pub(super) mod steps;
