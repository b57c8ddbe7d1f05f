//! Attendance at a session: for each trainee and half-day present, absent, excused or late.

mod export;
mod grid;
mod mark;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use export::csv;
pub(super) use export::*;
pub(super) use grid::*;
pub(super) use mark::*;

/// What is noted of a trainee on a half-day.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = AttendanceState)]
pub enum State {
    Present,
    Absent,
    Excused,
    Late,
}

impl State {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl afpi_db::Newtype for State {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}
